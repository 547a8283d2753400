package merchant

import "slices"

// Permission names an act on the API. Every route asks for exactly one.
type Permission string

// The permissions.
const (
	SessionSelf     Permission = "session.self"     // own sessions, own password, own second factor
	DeviceSelf      Permission = "device.self"      // own devices, and what they are told
	MerchantRead    Permission = "merchant.read"    // own merchant's data
	SettingsRead    Permission = "settings.read"    //
	SettingsWrite   Permission = "settings.write"   //
	CatalogRead     Permission = "catalog.read"     //
	CatalogWrite    Permission = "catalog.write"    //
	PaymentCreate   Permission = "payment.create"   // and its signature
	PaymentRead     Permission = "payment.read"     // history, detail, summary, receipt
	PaymentCancel   Permission = "payment.cancel"   // the cancel password is asked for besides
	SalesRead       Permission = "sales.read"       // own sales of today
	SalesAll        Permission = "sales.all"        // everybody's sales of every day, settlements, close of day
	RequestManage   Permission = "request.manage"   // payment requests: ask, list, tell again, withdraw
	ReceiptManage   Permission = "receipt.manage"   // cash receipts: issue, list, correct, cancel
	UserManage      Permission = "user.manage"      // own merchant's staff
	KeyManage       Permission = "key.manage"       // own merchant's API keys
	WebhookManage   Permission = "webhook.manage"   // own merchant's webhooks and what they were told
	UnsettledRead   Permission = "unsettled.read"   // operator: payments whose outcome is unknown
	UnsettledSettle Permission = "unsettled.settle" // operator
	MerchantManage  Permission = "merchant.manage"  // operator: merchants, users, links
	OversightRead   Permission = "oversight.read"   // operator: payments, receipts, requests and deliveries of all merchants
	OversightAct    Permission = "oversight.act"    // operator: inquire, send again, give up; acknowledge alarms
	AuditRead       Permission = "audit.read"       // operator: search, check and export the audit
	RiskManage      Permission = "risk.manage"      // operator: rules, blocks and what they found
	HealthRead      Permission = "health.read"      // operator: health and alarms of the installation
	NoticeRead      Permission = "notice.read"      // and mark as read
	TicketWrite     Permission = "ticket.write"     // ask the customer centre, and read what it answers
	NoticeManage    Permission = "notice.manage"    // operator: notices, interest-free events
	TicketManage    Permission = "ticket.manage"    // operator: answer
	ApprovalDecide  Permission = "approval.decide"  // operator: what two decide together
	OperatorManage  Permission = "operator.manage"  // operator: the operators
	AdapterTest     Permission = "adapter.test"     // operator: how acquirers, offices and gateways are reached
	TermsManage     Permission = "terms.manage"     // operator: what people agree to
	DataSelf        Permission = "data.self"        // what is known of oneself
	DataManage      Permission = "data.manage"      // operator: what is known of people, handed out and erased; how long it is kept
)

// Permissions lists every permission.
var Permissions = []Permission{
	SessionSelf, DeviceSelf, MerchantRead, SettingsRead, SettingsWrite, CatalogRead, CatalogWrite, PaymentCreate, PaymentRead,
	PaymentCancel, SalesRead, SalesAll, RequestManage, ReceiptManage, UserManage, KeyManage, WebhookManage, UnsettledRead, UnsettledSettle, MerchantManage,
	OversightRead, OversightAct, AuditRead, RiskManage, HealthRead,
	ApprovalDecide, OperatorManage, AdapterTest, TermsManage, NoticeRead, TicketWrite, NoticeManage, TicketManage, DataSelf, DataManage,
}

// Roles lists every role.
var Roles = []Role{Owner, Staff, Operator, Machine}

// grants is the whole table of roles and permissions (reliability 4.2, row 39).
// What is not in it is refused.
var grants = map[Permission][]Role{
	SessionSelf:     {Owner, Staff, Operator},
	DeviceSelf:      {Owner, Staff},
	MerchantRead:    {Owner, Staff, Machine},
	SettingsRead:    {Owner, Staff, Machine},
	SettingsWrite:   {Owner, Machine},
	CatalogRead:     {Owner, Staff, Machine},
	CatalogWrite:    {Owner, Machine},
	PaymentCreate:   {Owner, Staff, Machine},
	PaymentRead:     {Owner, Staff, Machine},
	PaymentCancel:   {Owner, Staff, Machine},
	SalesRead:       {Owner, Staff, Machine},
	SalesAll:        {Owner, Machine},
	RequestManage:   {Owner, Staff, Machine},
	ReceiptManage:   {Owner, Staff, Machine},
	UserManage:      {Owner},
	KeyManage:       {Owner},
	WebhookManage:   {Owner},
	UnsettledRead:   {Operator},
	UnsettledSettle: {Operator},
	MerchantManage:  {Operator},
	OversightRead:   {Operator},
	OversightAct:    {Operator},
	AuditRead:       {Operator},
	RiskManage:      {Operator},
	HealthRead:      {Operator},
	NoticeRead:      {Owner, Staff},
	TicketWrite:     {Owner, Staff},
	NoticeManage:    {Operator},
	TicketManage:    {Operator},
	ApprovalDecide:  {Operator},
	OperatorManage:  {Operator},
	AdapterTest:     {Operator},
	TermsManage:     {Operator},
	DataSelf:        {Owner, Staff},
	DataManage:      {Operator},
}

// Allowed reports whether the role has the permission. Unknown roles and
// permissions have none.
func Allowed(r Role, p Permission) bool { return slices.Contains(grants[p], r) }
