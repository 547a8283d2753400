package sales

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// Denominations are the notes and coins that circulate, largest first.
var Denominations = []money.Won{50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10}

// Bounds of a closing.
const (
	maxPieces = 100_000
	maxFloat  = money.Won(999_999_999)
	maxNote   = 500
	// closeBack is how many days back a day may still be closed.
	closeBack = 31
)

// Faults of closings.
var (
	ErrNotClosed  = fault.New(fault.NotFound, "NOT_CLOSED", "이날은 아직 마감하지 않았어요. 마감한 뒤 다시 시도해 주세요.")
	ErrClosed     = fault.New(fault.Conflict, "ALREADY_CLOSED", "이미 마감한 날이에요. 고치려면 마감을 다시 열어 주세요.")
	ErrKeyReused  = fault.New(fault.Conflict, "IDEMPOTENCY_KEY_REUSED", "같은 요청 번호로 다른 내용을 보냈어요. 화면을 새로 고친 뒤 다시 시도해 주세요.")
	ErrNoReopen   = fault.New(fault.Conflict, "REOPENED_MEANWHILE", "그 사이 다른 사람이 마감을 다시 열었어요. 새로 고쳐 주세요.")
	errTooManyPcs = "지폐와 동전 수는 0~100,000개로 입력해 주세요."
)

// Figures are what a day comes to.
type Figures struct {
	Total    Sum
	Channels []Line // METHOD
}

// Cash is what the drawer should hold of the day: cash sales less cash refunds.
func (f Figures) Cash() money.Won {
	for _, l := range f.Channels {
		if l.Value == string(payment.ChannelCash) {
			return l.Net().Amount
		}
	}
	return 0
}

// Closing is a day as it was when it was closed. Only the reopening is ever added.
type Closing struct {
	MerchantID string
	Day        clock.Day
	Version    int64 // from 1
	Figures    Figures
	Counted    map[money.Won]int64 // pieces by denomination
	Float      money.Won           // change that lay in the drawer in the morning
	Expected   money.Won           // of cash, from the ledger; without the float
	Cash       money.Won           // counted
	Difference money.Won           // Cash less Float less Expected
	Note       string
	Key        string // idempotency key
	Actor      string
	At         time.Time
	ReopenedBy string
	ReopenedAt time.Time
	Reason     string // of the reopening
}

// Stands reports whether it was not reopened.
func (c Closing) Stands() bool { return c.ReopenedAt.IsZero() }

// DayState is a day with its closings.
type DayState struct {
	Day        clock.Day
	Now        Figures   // of the ledger as it stands
	Closings   []Closing // newest first
	Supplement Sum       // what came after the standing closing (마감 후 거래)
}

// Closed is the closing that stands.
func (d DayState) Closed() (Closing, bool) {
	if len(d.Closings) > 0 && d.Closings[0].Stands() {
		return d.Closings[0], true
	}
	return Closing{}, false
}

// Count is what somebody found in the drawer.
type Count struct {
	Counted map[money.Won]int64
	Float   money.Won
	Note    string
}

func (c *Count) check() (money.Won, error) {
	var checks fault.Checks
	var sum money.Won
	known := 0
	for _, d := range Denominations {
		n, ok := c.Counted[d]
		if ok {
			known++
		}
		checks.That(n >= 0 && n <= maxPieces, "/counted/"+strconv.FormatInt(int64(d), 10), "OUT_OF_RANGE", errTooManyPcs)
		sum += d * money.Won(max(0, min(n, maxPieces)))
	}
	checks.That(known == len(c.Counted), "/counted", "UNKNOWN_VALUE", "지폐와 동전은 50,000원부터 10원까지예요.")
	checks.That(c.Float >= 0 && c.Float <= maxFloat, "/float", "OUT_OF_RANGE", "준비금을 0원부터 999,999,999원까지 입력해 주세요.")
	c.Note = strings.TrimSpace(c.Note)
	checks.That(plain(c.Note, maxNote), "/note", "INVALID_TEXT", "메모를 500자 안에서 한 줄로 입력해 주세요.")
	return sum, checks.Err()
}

// plain reports whether a text is short and has no control characters.
func plain(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, unicode.IsControl)
}

// figures are those of a day as the ledger stands.
func (s *Service) figures(ctx context.Context, t merchant.Tenant, day clock.Day) (Figures, error) {
	through, err := s.Store.Rolled(ctx, t)
	if err != nil {
		return Figures{}, err
	}
	book, err := s.book(ctx, t, Query{Days: Days{day, day}, By: Grouping(ByMethod)}, through)
	if err != nil {
		return Figures{}, err
	}
	lines := book.Lines(ByMethod)
	return Figures{Total: sumOf(lines), Channels: lines}, nil
}

// Day is a day as it stands and was closed. It returns Invalid for days to come.
func (s *Service) Day(ctx context.Context, t merchant.Tenant, day clock.Day) (DayState, error) {
	d := DayState{Day: day}
	if day > clock.DayOf(s.now()) {
		return d, fault.InvalidField("/day", "INVALID_DAY", "오늘이나 지난 날을 골라 주세요.")
	}
	var err error
	// The closings first: what is booked in between is then a supplement, never missing.
	if d.Closings, err = s.Store.ClosingsOf(ctx, t, day); err != nil {
		return d, told(err)
	}
	if d.Now, err = s.figures(ctx, t, day); err != nil {
		return d, told(err)
	}
	if c, ok := d.Closed(); ok {
		d.Supplement = d.Now.Total.Minus(c.Figures.Total)
	}
	return d, nil
}

// Closings lists closings of a range of days, newest first.
func (s *Service) Closings(ctx context.Context, t merchant.Tenant, days Days) ([]Closing, error) {
	if err := days.check(); err != nil {
		return nil, err
	}
	cs, err := s.Store.Closings(ctx, t, days, MaxDays)
	return cs, told(err)
}

// CloseDay keeps a day as it stands, with the cash that was counted. The same key gives
// the same closing. It returns Invalid, ErrClosed or ErrKeyReused.
func (s *Service) CloseDay(ctx context.Context, t merchant.Tenant, actor, key string, day clock.Day, count Count) (Closing, error) {
	cash, err := count.check()
	if err != nil {
		return Closing{}, err
	}
	today := clock.DayOf(s.now())
	if day > today || day < add(today, -closeBack) {
		return Closing{}, fault.InvalidField("/day", "INVALID_DAY", "오늘이나 지난 31일 안의 날을 마감할 수 있어요.")
	}
	c := Closing{
		MerchantID: t.ID(), Day: day, Counted: count.Counted, Float: count.Float, Cash: cash, Note: count.Note, Key: key, Actor: actor,
	}
	if before, ok, err := s.before(ctx, t, c); ok || err != nil {
		return before, told(err)
	}
	state, err := s.Day(ctx, t, day)
	if err != nil {
		return c, err
	}
	if _, ok := state.Closed(); ok {
		return c, ErrClosed
	}
	c.Figures, c.Expected, c.At = state.Now, state.Now.Cash(), s.now()
	c.Difference = c.Cash - c.Float - c.Expected
	if c.Version = 1; len(state.Closings) > 0 { // there may be more than are shown
		c.Version = state.Closings[0].Version + 1
	}
	err = s.Store.SalesTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertClosing(ctx, c); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "closing.closed", string(day), map[string]any{"version": c.Version, "difference": c.Difference}))
	})
	if errors.Is(err, ErrTaken) {
		before, ok, err := s.before(ctx, t, c)
		if !ok && err == nil {
			err = ErrClosed
		}
		return before, told(err)
	}
	return c, told(err)
}

// before is the closing of the same key, if there was one.
func (s *Service) before(ctx context.Context, t merchant.Tenant, c Closing) (Closing, bool, error) {
	was, err := s.Store.ClosingByKey(ctx, t, c.Key)
	switch {
	case errors.Is(err, ErrAbsent):
		return c, false, nil
	case err != nil:
		return c, false, err
	case was.Day != c.Day || was.Float != c.Float || was.Note != c.Note || !same(was.Counted, c.Counted):
		return c, false, ErrKeyReused
	}
	return was, true, nil
}

func same(a, b map[money.Won]int64) bool {
	for _, d := range Denominations {
		if a[d] != b[d] {
			return false
		}
	}
	return true
}

// Reopen takes the closing of a day back: its figures stay as they were, marked. It
// returns ErrNotClosed, ErrNoReopen or Invalid.
func (s *Service) Reopen(ctx context.Context, t merchant.Tenant, actor string, day clock.Day, reason string) (Closing, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || !plain(reason, maxNote) {
		return Closing{}, fault.InvalidField("/reason", "INVALID_TEXT", "다시 여는 이유를 500자 안에서 한 줄로 입력해 주세요.")
	}
	cs, err := s.Store.ClosingsOf(ctx, t, day)
	if err != nil {
		return Closing{}, told(err)
	}
	if len(cs) == 0 || !cs[0].Stands() {
		return Closing{}, ErrNotClosed
	}
	c := cs[0]
	c.ReopenedBy, c.ReopenedAt, c.Reason = actor, s.now(), reason
	err = s.Store.SalesTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.ReopenClosing(ctx, c); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "closing.reopened", string(day), map[string]any{"version": c.Version}))
	})
	if errors.Is(err, ErrTaken) {
		return c, ErrNoReopen
	}
	return c, told(err)
}

// record tells of numbers alone: what people write may name somebody.
func (s *Service) record(t merchant.Tenant, actor, action, subject string, detail map[string]any) audit.Record {
	now := s.now()
	text, err := json.Marshal(detail)
	if err != nil {
		text = nil // numbers can always be written
	}
	return audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject, Detail: string(text)}
}
