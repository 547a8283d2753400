package risk

import (
	"context"
	"time"

	"innopay/internal/audit"
	"innopay/internal/payment"
	"innopay/money"
)

// Use is what a payment takes of a rule's limit.
type Use struct {
	Rule    Rule
	Subject string
	Slice   time.Time // part of the window in which it is counted
	Since   time.Time // parts from then on count
	Until   time.Time // from then on the part counts for nothing
	Count   int64     // 0: only looked at
	Amount  money.Won
}

// Card is the hash of the card of a payment; an empty hash is not kept.
type Card struct {
	MerchantID string
	PaymentID  string
	Hash       string
	At         time.Time
}

// Sale is a card payment of the past, as a trial sees it.
type Sale struct {
	MerchantID string
	PaymentID  string
	At         time.Time
	Amount     money.Won
	Declined   bool
	Card       string // keyed hash where it was kept, else what is shown of the number
	Exact      bool   // Card is the hash
}

// BlockFilter and ReviewFilter are the conditions of lists; newest first.
type BlockFilter struct {
	Before string
	Kind   BlockKind
	Value  string
	Text   string // part of what is shown of it, or of its reason
}

// ReviewFilter see BlockFilter.
type ReviewFilter struct {
	Before     string
	MerchantID string
	Action     Action
	RuleID     string
	Open       bool // nobody has looked
}

// Store is what this feature asks of the database. Writes carry the record of who did it.
type Store interface {
	// Book is every rule and the kinds of which blocks hold.
	Book(ctx context.Context, now time.Time) ([]Rule, []BlockKind, error)
	// Blocked is a block with one of the values that holds.
	Blocked(ctx context.Context, now time.Time, marks map[BlockKind][]string) (Block, bool, error)
	// Take adds the uses to what was used and gives the first rule that is over its limit
	// then, those that refuse before those that mark. When one refuses nothing was added. The
	// card of the payment is kept with it. Of several at once no more pass than a rule allows.
	Take(ctx context.Context, uses []Use, c Card) (*Rule, error)
	// Add corrects what was used.
	Add(ctx context.Context, uses []Use) error
	Note(ctx context.Context, r Review, a audit.Record) error

	Rule(ctx context.Context, id string) (Rule, error)
	// InsertRule reports false when there are MaxRules already.
	InsertRule(ctx context.Context, r Rule, a audit.Record) (bool, error)
	// UpdateRule and DeleteRule change it where the version is r.Version-1, else ErrChanged.
	UpdateRule(ctx context.Context, r Rule, a audit.Record) error
	DeleteRule(ctx context.Context, r Rule, a audit.Record) error

	Blocks(ctx context.Context, f BlockFilter, limit int) ([]Block, error)
	// InsertBlock returns ErrBlocked when the value is blocked. One that had ended by
	// b.CreatedAt makes way.
	InsertBlock(ctx context.Context, b Block, a audit.Record) error
	DeleteBlock(ctx context.Context, id string, a audit.Record) error
	// CardOf is the kept card of a payment, empty when none is.
	CardOf(ctx context.Context, p payment.Payment) (string, error)

	Reviews(ctx context.Context, f ReviewFilter, limit int) ([]Review, error)
	// Reviewed notes that somebody has looked; ErrNotFound when it is not there.
	Reviewed(ctx context.Context, r Review, a audit.Record) error

	// Sales hands over the card payments of a time, of one merchant or of all, oldest first.
	Sales(ctx context.Context, merchantID string, from, to time.Time, each func(Sale) error) error
	// Purge forgets counts that have ended, and cards kept before, at most limit of each; it
	// reports whether there may be more.
	Purge(ctx context.Context, now, before time.Time, limit int) (more bool, err error)
}
