// Package outbox holds events that were written in the transaction of the change
// they tell of. Whoever must act on a change (live updates, messages, webhooks)
// reads them afterwards under a lease, so nothing is told that did not happen and
// nothing that happened stays untold. Delivery is at least once, in version order
// per subject.
package outbox

import (
	"context"
	"hash/fnv"
	"time"
)

// Buckets is how many ways the backlog is split, so that no index starts with time.
const Buckets = 16

// Type names what happened.
type Type string

// The types of events.
const (
	PaymentApproved Type = "payment.approved"
	PaymentDeclined Type = "payment.declined"
	PaymentUnknown  Type = "payment.unknown"
	PaymentReversed Type = "payment.reversed"
	PaymentCanceled Type = "payment.canceled"
	CancelUnknown   Type = "payment.cancel_unknown"
	CancelFailed    Type = "payment.cancel_failed"

	PaymentExpired   Type = "payment.expired"   // a request nobody paid in time
	PaymentWithdrawn Type = "payment.withdrawn" // a request the merchant took back
	RequestChanged   Type = "request.changed"   // its text was sent, arrived, did not; it was opened

	CashReceiptChanged Type = "cash_receipt.changed" // issued, judged, cancelled

	WebhookDisabled Type = "webhook.disabled" // the server turned it off; the payload says why

	SettingsChanged Type = "settings.changed"     // of the shop, by one of its devices
	SecurityNotice  Type = "security.notice"      // of a user's login: a new device, a changed credential
	MailAsked       Type = "mail.asked"           // by a user: a code that proves the address
	ResetAsked      Type = "password.reset_asked" // by somebody who may be a user
	StaffRegistered Type = "staff.registered"     // somebody waits to be let in
	SessionsEnded   Type = "sessions.ended"       // of a user, from elsewhere: each device asks whether it was its own

	NoticesChanged Type = "notices.changed" // a notice began or was withdrawn; without a merchant: every merchant's devices are told
	CatalogChanged Type = "catalog.changed" // products or categories: stock, sold out, price, name
	TicketChanged  Type = "ticket.changed"  // answered, closed, or written to by another device
)

// Event is one row. Its payload holds ids and states, never personal data.
type Event struct {
	MerchantID string
	ID         string // id.Event; sorts by time
	Type       Type
	Subject    string // payment id; of RequestChanged what the payload names; merchant id of SettingsChanged, user id of SessionsEnded, StaffRegistered, SecurityNotice, MailAsked and ResetAsked, notice, ticket and webhook of theirs, the event itself of CatalogChanged
	Version    int64  // of the subject after the change; rises
	Payload    string // JSON
	CreatedAt  time.Time
}

// Writer adds an event in the caller's transaction.
type Writer interface {
	Emit(ctx context.Context, e Event) error
}

// Bucket is where a merchant's rows wait.
func Bucket(merchantID string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(merchantID)) // a hash never fails
	return int(h.Sum32() % Buckets)
}
