package arch

// House returns the rules of this project. The order of units is the order in which
// features may see each other.
func House() Rules {
	return Rules{
		Units: []Unit{
			{Kernel, "money"},
			{Kernel, "card"},
			{Kernel, "fault"},
			{Kernel, "id"},
			{Kernel, "clock"},

			{Port, "acquirer"},
			{Adapter, "acquirer/iso8583"},

			{Feature, "internal/ledger"},
			{Feature, "internal/outbox"},
			{Feature, "internal/audit"},
			{Feature, "internal/merchant"},
			{Feature, "internal/payment"},

			{Asset, "ui"},

			{Testkit, "internal/arch"},
		},
	}
}
