package arch

// House returns the rules of this project. The order of units is the order in which
// features may see each other.
func House() Rules {
	return Rules{Units: units, Exceptions: exceptions}
}

var units = []Unit{
	{Kernel, "money"},
	{Kernel, "card"},
	{Kernel, "fault"},
	{Kernel, "id"},
	{Kernel, "clock"},
	{Kernel, "call"},
	{Kernel, "setting"},
	{Kernel, "simulated"},

	{Port, "acquirer"},
	{Adapter, "acquirer/iso8583"},
	{Simulator, "acquirer/simulator"},
	{Port, "cashreceipt"},
	{Adapter, "cashreceipt/popbill"},
	{Simulator, "cashreceipt/simulator"},
	{Port, "messenger"},
	{Adapter, "messenger/kannel"},
	{Adapter, "messenger/mail"},
	{Adapter, "messenger/solapi"},
	{Simulator, "messenger/simulator"},

	{Feature, "internal/keyring"},
	{Feature, "internal/ledger"},
	{Feature, "internal/outbox"},
	{Feature, "internal/audit"},
	{Feature, "internal/grid"},
	{Feature, "internal/merchant"},
	{Feature, "internal/contract"},
	{Feature, "internal/approval"},
	{Feature, "internal/catalog"},
	{Feature, "internal/message"},
	{Feature, "internal/terms"},
	{Feature, "internal/registration"},
	{Feature, "internal/signin"},
	{Feature, "internal/payment"},
	{Feature, "internal/risk"},
	{Feature, "internal/stock"},
	{Feature, "internal/payrequest"},
	{Feature, "internal/push"},
	{Feature, "internal/brand"},
	{Feature, "internal/notice"},
	{Feature, "internal/ticket"},
	{Feature, "internal/taxreceipt"},
	{Feature, "internal/receipt"},
	{Feature, "internal/sales"},
	{Feature, "internal/printer"},
	{Feature, "internal/oversight"},
	{Feature, "internal/health"},
	{Feature, "internal/webhook"},
	{Feature, "internal/retention"},

	{Asset, "ui"},
	{Asset, "docs/examples"},

	{Edge, "internal/store"},
	{Edge, "internal/web"},
	{Edge, "internal/ars"},
	{Edge, "internal/jobs"},
	{Edge, "internal/metric"},
	{Edge, "internal/demo"},
	{Edge, "internal/crashpoint"},

	{Daemon, "daemon"},
	{Daemon, "internal/simulation"},
	{Command, "cmd/innopay"},

	{Testkit, "acquirer/acquirertest"},
	{Testkit, "messenger/messengertest"},
	{Testkit, "cashreceipt/cashreceipttest"},
	{Testkit, "internal/receipt/receipttest"},
	{Testkit, "internal/dbtest"},
	{Testkit, "internal/pgtest"},
	{Testkit, "internal/passkeytest"},
	{Testkit, "internal/load"},
	{Testkit, "test"},
	{Testkit, "bench"},
	{Testkit, "internal/arch"},
}

var exceptions = []Exception{
	{From: "setting", To: "fault", Why: "a value that cannot work is refused like anywhere else, with its field named"},
	{From: "setting", To: "call", Why: "addresses of services are judged in one place"},
	{From: "simulated", To: "fault", Why: "what people type into a simulator is refused like anywhere else"},
	{From: "simulated", To: "clock", Why: "faults last for a time"},
	{
		From: "internal/simulation", To: "acquirer/simulator",
		Why: "runs the core against the acquirer's books in one thread; no server is in it",
	},
}
