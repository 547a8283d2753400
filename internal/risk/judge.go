package risk

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/payment"
)

// Figures of judging.
const (
	Refresh  = 5 * time.Second // how old the rules in memory may be
	Patience = time.Second     // what judging one payment may take
	// Kept is how long hashes of cards of payments stay, and what rules found.
	Kept = 365 * 24 * time.Hour
)

// Keys make keyed hashes that stay the same for ever (innopay/internal/keyring).
type Keys interface {
	BlindIndex(kind, normalised string) string
}

// Options wire a Service.
type Options struct {
	Store Store
	Keys  Keys
	Clock clock.Clock
	IDs   *id.Source
	Log   *slog.Logger
}

// Service judges payments and keeps the rules. Safe for concurrent use.
type Service struct {
	Options

	mu     sync.Mutex
	book   *book
	loaded time.Time
}

var _ payment.Guard = (*Service)(nil)

// New wires a Service.
func New(o Options) *Service { return &Service{Options: o} }

// book are rules and kinds of blocks as they were read.
type book struct {
	rules  []Rule // enabled ones, by id
	blocks map[BlockKind]bool
	byCard bool // something knows cards apart
}

func (b *book) empty() bool { return b == nil || len(b.rules) == 0 && len(b.blocks) == 0 }

// current is the book, read again when it is old. When it cannot be read the last one
// holds.
func (s *Service) current(ctx context.Context) (*book, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	if age := now.Sub(s.loaded); s.book != nil && age >= 0 && age < Refresh {
		return s.book, nil
	}
	rules, kinds, err := s.Store.Book(ctx, now)
	if err != nil {
		if s.book == nil {
			return nil, err
		}
		s.Log.Error("risk rules not read again; the last ones hold", "err", err)
		s.loaded = now
		return s.book, nil
	}
	b := &book{blocks: map[BlockKind]bool{}}
	for _, k := range kinds {
		b.blocks[k] = true
	}
	b.byCard = b.blocks[BlockCard]
	for _, r := range rules {
		if r.Enabled {
			b.rules = append(b.rules, r)
			b.byCard = b.byCard || r.byCard()
		}
	}
	s.book, s.loaded = b, now
	return b, nil
}

// forget has the book read again: a change of this instance holds at once.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded = time.Time{}
}

// Judge implements payment.Guard.
func (s *Service) Judge(ctx context.Context, c payment.Case) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	b, err := s.current(ctx)
	if err == nil && b.empty() {
		return nil
	}
	var found *Review
	if err == nil {
		found, err = s.find(ctx, b, c)
	}
	if err != nil {
		s.Log.Error("ALARM: payment was not judged by the risk rules and went on", "payment", c.PaymentID, "err", err)
		return nil
	}
	if found == nil {
		return nil
	}
	if err := s.Store.Note(ctx, *found, s.record(*found)); err != nil {
		s.Log.Error("what a risk rule found is not on record", "payment", c.PaymentID, "rule", found.RuleID, "block", found.BlockID, "err", err)
	}
	if found.Action == Refuse {
		return payment.ErrRiskRefused
	}
	return nil
}

// find is what the first block or rule says that is broken; one that refuses goes before
// one that marks.
func (s *Service) find(ctx context.Context, b *book, c payment.Case) (*Review, error) {
	card := ""
	if b.byCard {
		card = s.hash(c)
	}
	if len(b.blocks) > 0 {
		block, ok, err := s.Store.Blocked(ctx, s.now(), s.marks(b, c, card))
		if err != nil {
			return nil, err
		}
		if ok {
			return s.review(c, Review{Action: Refuse, BlockID: block.ID, Name: block.Label}), nil
		}
	}
	var mark *Review
	var uses []Use
	for _, r := range b.rules {
		switch {
		case !r.applies(c.MerchantID):
		case r.velocity():
			uses = append(uses, r.use(c, card))
		case r.plainlyOver(c.Amount, c.At):
			found := s.review(c, Review{Action: r.Action, RuleID: r.ID, Name: r.Name})
			if r.Action == Refuse {
				return found, nil
			}
			mark = found
		}
	}
	if len(uses) == 0 && !b.byCard {
		return mark, nil
	}
	kept := Card{MerchantID: c.MerchantID, PaymentID: c.PaymentID, Hash: card, At: c.At}
	broken, err := s.Store.Take(ctx, uses, kept)
	if err != nil {
		return nil, err
	}
	if broken != nil && (mark == nil || broken.Action == Refuse) {
		mark = s.review(c, Review{Action: broken.Action, RuleID: broken.ID, Name: broken.Name})
	}
	return mark, nil
}

// hash is what a card is known by.
func (s *Service) hash(c payment.Case) string { return s.cardHash(string(c.Card.Reveal())) }

func (s *Service) cardHash(digits string) string { return s.Keys.BlindIndex("risk.card", digits) }

func (s *Service) phoneHash(digits string) string { return s.Keys.BlindIndex("risk.phone", digits) }

// marks are the values under which the payment may be blocked.
func (s *Service) marks(b *book, c payment.Case, card string) map[BlockKind][]string {
	out := map[BlockKind][]string{}
	if b.blocks[BlockCard] {
		out[BlockCard] = []string{card}
	}
	if b.blocks[BlockBIN] {
		digits := string(c.Card.Reveal())
		for _, n := range []int{6, 8} {
			if len(digits) >= n {
				out[BlockBIN] = append(out[BlockBIN], digits[:n])
			}
		}
	}
	if b.blocks[BlockPhone] && c.Phone != "" {
		out[BlockPhone] = []string{s.phoneHash(c.Phone)}
	}
	return out
}

// use is what the payment takes of the rule's limit.
func (r Rule) use(c payment.Case, card string) Use {
	subject := c.MerchantID
	if r.byCard() {
		subject = card
	}
	slice := c.At.Truncate(r.slice())
	u := Use{Rule: r, Subject: r.ID + "/" + subject, Slice: slice, Since: slice.Add(-r.Window), Until: slice.Add(r.Window + r.slice()), Count: 1, Amount: c.Amount}
	if r.Kind == CardDeclines {
		u.Count, u.Amount = 0, 0 // declines are counted when they come
	}
	return u
}

// Ended implements payment.Guard: what was not begun gives back what it took, and a
// decline counts.
func (s *Service) Ended(ctx context.Context, c payment.Case, e payment.Ending) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	b, err := s.current(ctx)
	if err != nil || b.empty() {
		return
	}
	var uses []Use
	for _, r := range b.rules {
		if !r.applies(c.MerchantID) || !r.velocity() {
			continue
		}
		u := r.use(c, "")
		if r.byCard() {
			u = r.use(c, s.hash(c))
		}
		switch {
		case e == payment.Refused && r.Kind == CardDeclines:
			u.Count = 1
		case e == payment.NotBegun && r.Kind != CardDeclines:
			u.Count, u.Amount = -u.Count, -u.Amount
		default:
			continue
		}
		uses = append(uses, u)
	}
	if len(uses) == 0 {
		return
	}
	if err := s.Store.Add(ctx, uses); err != nil {
		s.Log.Warn("risk counts not corrected", "payment", c.PaymentID, "err", err)
	}
}

func (s *Service) review(c payment.Case, r Review) *Review {
	r.MerchantID, r.ID, r.PaymentID, r.AttemptID, r.Amount = c.MerchantID, s.IDs.At(id.Review, c.At), c.PaymentID, c.AttemptID, c.Amount
	r.Channel, r.BIN, r.Last4, r.At = c.Channel, c.Card.BIN(), c.Card.Last4(), c.At
	return &r
}

func seoulMinute(at time.Time) int {
	t := at.In(clock.Seoul)
	return t.Hour()*60 + t.Minute()
}

// plainText reports whether s has 1..most characters and no control characters.
func plainText(s string, most int) bool {
	return utf8.ValidString(s) && strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, unicode.IsControl)
}
