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
	RequestManage   Permission = "request.manage"   // payment requests: ask, list, tell again, withdraw
	ReceiptManage   Permission = "receipt.manage"   // cash receipts: issue, list, correct, cancel
	UserManage      Permission = "user.manage"      // own merchant's staff
	KeyManage       Permission = "key.manage"       // own merchant's API keys
	WebhookManage   Permission = "webhook.manage"   // own merchant's webhooks and what they were told
	UnsettledRead   Permission = "unsettled.read"   // operator: payments whose outcome is unknown
	UnsettledSettle Permission = "unsettled.settle" // operator
	MerchantManage  Permission = "merchant.manage"  // operator: merchants, users, links
)

// Permissions lists every permission.
var Permissions = []Permission{
	SessionSelf, DeviceSelf, MerchantRead, SettingsRead, SettingsWrite, CatalogRead, CatalogWrite, PaymentCreate, PaymentRead,
	PaymentCancel, RequestManage, ReceiptManage, UserManage, KeyManage, WebhookManage, UnsettledRead, UnsettledSettle, MerchantManage,
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
	RequestManage:   {Owner, Staff, Machine},
	ReceiptManage:   {Owner, Staff, Machine},
	UserManage:      {Owner},
	KeyManage:       {Owner},
	WebhookManage:   {Owner},
	UnsettledRead:   {Operator},
	UnsettledSettle: {Operator},
	MerchantManage:  {Operator},
}

// Allowed reports whether the role has the permission. Unknown roles and
// permissions have none.
func Allowed(r Role, p Permission) bool { return slices.Contains(grants[p], r) }
