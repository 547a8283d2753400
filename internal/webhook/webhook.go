// Package webhook tells a shop's own systems what happens to its payments, requests and
// cash receipts, by the rules of Standard Webhooks. Deliveries are rows written from the
// outbox, so each event is told at least once; receivers tell repeats by the webhook-id
// and order what they are told by the version in the data.
package webhook

import (
	"time"

	"innopay/fault"
	"innopay/internal/outbox"
)

// Disabled is why the server turned a webhook off.
type Disabled string

// The reasons.
const (
	NotDisabled Disabled = ""
	Gone        Disabled = "GONE"    // it answered 410
	Failing     Disabled = "FAILING" // nothing arrived for FailingFor
)

// Webhook is an address of a shop's that wants to be told.
type Webhook struct {
	MerchantID   string
	ID           string // id.Webhook
	URL          string
	Events       []string // types, in the order of Events
	Description  string
	Active       bool
	Disabled     Disabled
	Secret       string    // whsec_ and 32 bytes in base64
	OldSecret    string    // signs besides until OldUntil; empty: there is none
	OldUntil     time.Time //
	FailingSince time.Time // first failure since the last success; zero: none
	CreatedAt    time.Time
	Version      int64
}

// Status is how far a delivery has come.
type Status string

// The states of a delivery.
const (
	Pending   Status = "PENDING"
	Delivered Status = "DELIVERED" // answered with 2xx
	Failed    Status = "FAILED"    // given up
)

// Delivery is one event on its way to one webhook.
type Delivery struct {
	MerchantID string
	ID         string // id.Delivery
	WebhookID  string
	EventID    string // webhook-id: the same however often it is sent
	Type       string
	Subject    string // what it is about: its deliveries go one after another
	Position   int64  // among those of its subject, rising
	Payload    []byte // JSON
	Status     Status
	Tries      int // of this round; a resend begins a new one
	Attempts   int // all
	DueAt      time.Time
	CreatedAt  time.Time
	SettledAt  time.Time
	RowVersion int64
}

// Attempt is one try of a delivery.
type Attempt struct {
	MerchantID string
	DeliveryID string
	Number     int
	At         time.Time
	Took       time.Duration
	Status     int    // of HTTP; 0: no answer
	Failure    string // why there is no answer: TIMEOUT, NOT_PUBLIC, UNREACHABLE; OFF: the webhook was off
	Answer     string // its beginning, MostAnswer bytes
}

// Limits.
const (
	MostWebhooks = 20 // of a merchant
	MostAnswer   = 1024
	// LongestOverlap is how long at most two secrets sign.
	LongestOverlap = 7 * 24 * time.Hour
	// FailingFor turns a webhook off at which nothing arrived for so long.
	FailingFor = 5 * 24 * time.Hour
	// Kept is how long deliveries are kept.
	Kept          = 30 * 24 * time.Hour
	maxURL        = 1000
	maxDesc       = 200
	mostListed    = 100
	answerWait    = 10 * time.Second
	leaseFor      = time.Minute // more than a call and its writing take
	mostLeased    = 8
	mostMarks     = 20 // tries to write an answer down while others mark the same webhook
	callsPerShop  = 2
	secretBytes   = 32
	secretPrefix  = "whsec_"
	testEventType = "webhook.test"
)

// pauses are those between tries: 11 tries in 71.6 hours, the first at once.
var pauses = []time.Duration{
	5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 18 * time.Hour, 22 * time.Hour,
}

// EventTypes are the types that a webhook may ask for.
var EventTypes = []string{
	string(outbox.PaymentApproved), string(outbox.PaymentDeclined), string(outbox.PaymentUnknown), string(outbox.PaymentCanceled),
	string(outbox.PaymentReversed), string(outbox.PaymentExpired), string(outbox.PaymentWithdrawn), string(outbox.RequestChanged), string(outbox.CashReceiptChanged),
}

// Faults.
var (
	ErrNotFound    = fault.New(fault.NotFound, "WEBHOOK_NOT_FOUND", "웹훅을 찾을 수 없어요. 목록을 새로 고쳐 주세요.")
	ErrChanged     = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "다른 곳에서 먼저 바꿨어요. 새로 고친 뒤 다시 시도해 주세요.")
	ErrTooMany     = fault.New(fault.Conflict, "TOO_MANY_WEBHOOKS", "웹훅을 더 만들 수 없어요. 쓰지 않는 웹훅을 없애고 다시 만들어 주세요.")
	ErrUnderWay    = fault.New(fault.Conflict, "DELIVERY_UNDER_WAY", "이미 보내는 중이에요. 잠시 뒤 전송 기록을 확인해 주세요.")
	ErrOff         = fault.New(fault.Conflict, "WEBHOOK_OFF", "웹훅이 꺼져 있어요. 켠 뒤 다시 보내 주세요.")
	ErrUnavailable = fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.")
)
