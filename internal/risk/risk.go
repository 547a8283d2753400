// Package risk judges card payments by the operators' rules before anything is written
// or sent: limits of one payment, how much one card or one merchant may take in a time,
// declines of one card, hours of the night; and what is blocked: cards, ranges, telephone
// numbers. A card is known by a keyed hash alone. A rule refuses, or marks the payment to
// be looked at.
//
// Without rules and blocks no payment costs a query. Rules are read again every few
// seconds, so that a change holds on every instance within Refresh. What cannot be judged,
// because the database does not answer in time, passes (docs/adr/0022).
package risk

import (
	"time"

	"innopay/fault"
	"innopay/internal/payment"
	"innopay/money"
)

// Kind is what a rule looks at.
type Kind string

// The kinds.
const (
	PaymentAmount    Kind = "PAYMENT_AMOUNT"    // more than MostAmount in one payment
	CardVelocity     Kind = "CARD_VELOCITY"     // more than MostCount payments, or MostAmount, of one card in Window
	MerchantVelocity Kind = "MERCHANT_VELOCITY" // likewise of one merchant
	CardDeclines     Kind = "CARD_DECLINES"     // MostCount declines of one card in Window, or more
	Night            Kind = "NIGHT"             // between From and Until, of more than MostAmount
)

// Action is what a rule does.
type Action string

// The actions.
const (
	Refuse  Action = "REFUSE"
	ToCheck Action = "REVIEW" // the payment passes and is marked
)

// Limits of rules.
const (
	MaxRules    = 100
	LeastWindow = time.Minute
	MostWindow  = 7 * 24 * time.Hour
	maxName     = 100
	dayMinutes  = 24 * 60
)

// Rule is one rule.
type Rule struct {
	ID         string
	MerchantID string // empty: of every merchant
	Name       string
	Kind       Kind
	Action     Action
	Enabled    bool
	MostAmount money.Won // 0: no such limit
	MostCount  int64     // 0: no such limit
	Window     time.Duration
	From       int // minute of the day in Seoul, included
	Until      int // .. not included; before From: over midnight
	CreatedAt  time.Time
	CreatedBy  string
	UpdatedAt  time.Time
	Version    int64
}

// Faults that operators meet by code.
var (
	ErrNotFound = fault.New(fault.NotFound, "RISK_NOT_FOUND", "규칙이나 차단을 찾을 수 없어요.")
	ErrChanged  = fault.New(fault.Conflict, "RISK_CHANGED", "다른 곳에서 먼저 바꿨어요. 다시 불러와 확인해 주세요.")
	ErrMany     = fault.New(fault.Conflict, "RISK_TOO_MANY", "규칙은 100개까지 만들 수 있어요. 쓰지 않는 규칙을 지워 주세요.")
	ErrBlocked  = fault.New(fault.Conflict, "ALREADY_BLOCKED", "이미 차단되어 있어요.")
	// ErrCardNotKept: the card of the payment is not on record, not even as a hash.
	ErrCardNotKept = fault.New(fault.Conflict, "CARD_NOT_KEPT", "이 거래의 카드는 남아 있지 않아요. 카드번호로 차단해 주세요.")
)

// velocity reports whether the rule counts.
func (r Rule) velocity() bool {
	return r.Kind == CardVelocity || r.Kind == MerchantVelocity || r.Kind == CardDeclines
}

// byCard reports whether the rule knows cards apart.
func (r Rule) byCard() bool { return r.Kind == CardVelocity || r.Kind == CardDeclines }

// applies reports whether the rule looks at a merchant's payments.
func (r Rule) applies(merchantID string) bool {
	return r.Enabled && (r.MerchantID == "" || r.MerchantID == merchantID)
}

// Check validates a rule.
func (r Rule) Check() error {
	var f *fault.Error
	add := func(path, message string) {
		if f == nil {
			f = fault.InvalidField(path, "OUT_OF_RANGE", message)
			return
		}
		f = f.WithField(path, "OUT_OF_RANGE", message)
	}
	if !plainText(r.Name, maxName) {
		add("/name", "규칙 이름을 1~100자로 적어 주세요.")
	}
	if r.MostAmount < 0 || r.MostAmount > limitAmount || (r.Kind == PaymentAmount && r.MostAmount == 0) {
		add("/mostAmount", "한도 금액을 확인해 주세요.")
	}
	if r.MostCount < 0 || r.MostCount > limitCount || r.Kind == CardDeclines && r.MostCount == 0 {
		add("/mostCount", "한도 횟수를 확인해 주세요.")
	}
	if (r.Kind == CardVelocity || r.Kind == MerchantVelocity) && r.MostAmount == 0 && r.MostCount == 0 {
		add("/mostCount", "횟수나 금액 가운데 하나는 정해 주세요.")
	}
	if r.velocity() && (r.Window < LeastWindow || r.Window > MostWindow) {
		add("/windowSeconds", "기간은 1분부터 7일까지 정할 수 있어요.")
	}
	if r.From < 0 || r.From >= dayMinutes || r.Until < 0 || r.Until >= dayMinutes || r.Kind == Night && r.From == r.Until {
		add("/from", "시작과 끝 시각을 확인해 주세요.")
	}
	if f == nil {
		return nil
	}
	return f
}

const (
	limitAmount money.Won = 1_000_000_000_000
	limitCount  int64     = 1_000_000
)

// inNight reports whether a time lies between From and Until.
func (r Rule) inNight(at time.Time) bool {
	now := seoulMinute(at)
	if r.From < r.Until {
		return now >= r.From && now < r.Until
	}
	return now >= r.From || now < r.Until
}

// plainlyOver reports whether a rule that does not count is broken.
func (r Rule) plainlyOver(amount money.Won, at time.Time) bool {
	switch r.Kind {
	case PaymentAmount:
		return amount > r.MostAmount
	case Night:
		return r.inNight(at) && amount > r.MostAmount
	case CardVelocity, MerchantVelocity, CardDeclines:
	}
	return false
}

// Over reports whether what was used, this payment included, is more than allowed.
func (r Rule) Over(used int64, amount money.Won) bool {
	if r.Kind == CardDeclines {
		return used >= r.MostCount
	}
	return r.MostCount > 0 && used > r.MostCount || r.MostAmount > 0 && amount > r.MostAmount
}

// slices is into how many parts a window is cut: it moves on by one of them, so that a
// limit holds over the window and up to one part more.
const slices = 12

func (r Rule) slice() time.Duration { return max(r.Window/slices, time.Second) }

// BlockKind is what is blocked.
type BlockKind string

// The kinds of blocks.
const (
	BlockCard  BlockKind = "CARD"
	BlockBIN   BlockKind = "BIN" // first six or eight digits
	BlockPhone BlockKind = "PHONE"
)

// Block is something that is never taken.
type Block struct {
	ID        string
	Kind      BlockKind
	Value     string // keyed hash of a card, digits of a range, blind index of a phone
	Label     string // masked, for people
	Reason    string
	CreatedAt time.Time
	CreatedBy string
	Until     time.Time // from then on it stops nothing; zero: it stays until it is lifted
}

// Ended reports whether the block stops nothing any more.
func (b Block) Ended(now time.Time) bool { return !b.Until.IsZero() && !b.Until.After(now) }

// Review is a payment that a rule or block refused or marked.
type Review struct {
	MerchantID   string
	MerchantName string // of lists
	ID           string
	Action       Action
	RuleID       string
	BlockID      string
	Name         string // of the rule as it was, or the block's label
	PaymentID    string // of a refused one: the id it would have had
	AttemptID    string
	Amount       money.Won
	Channel      payment.Channel
	BIN, Last4   string
	At           time.Time
	ReviewedAt   time.Time // zero: nobody has looked
	ReviewedBy   string
	Note         string
}
