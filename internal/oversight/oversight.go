// Package oversight is what the installation's operators see and do over all merchants:
// payments and their messages, open outcomes, cash receipts, requests and deliveries, and
// the audit. It reads beside the features and acts through them; every act is recorded
// with its reason before it is done. People's data comes out of it masked.
package oversight

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/taxreceipt"
)

// Options wire a Service.
type Options struct {
	Store    Store
	Payments *payment.Service
	Receipts *taxreceipt.Service
	Messages *message.Service
	// Heads are the heads of the audit chain as they were exported outside the database;
	// nil: none are at hand.
	Heads func() ([]audit.Seal, error)
	Clock clock.Clock
	IDs   *id.Source
}

// Service is the operators' desk. Safe for concurrent use; it starts no goroutine.
type Service struct{ Options }

// New wires a Service.
func New(o Options) *Service { return &Service{o} }

// Faults that operators meet by code.
var (
	// ErrNarrow: what was asked for reads more than may be read at once.
	ErrNarrow = fault.New(fault.Conflict, "NARROW_SEARCH", "찾는 데 시간이 너무 오래 걸려요. 기간이나 가맹점을 좁혀 다시 찾아 주세요.")
)

// Patience is how long one search may read.
const Patience = 10 * time.Second

// told turns a result of the store into what the caller is told.
func told(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrNarrow.Because(err)
	}
	return payment.ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}

// page reads one page, bounded in time, and tells whether more follow.
func page[T any](ctx context.Context, limit int, read func(ctx context.Context, limit int) ([]T, error)) (rows []T, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	if rows, err = read(ctx, limit+1); err != nil {
		return nil, false, told(ctx, err)
	}
	if len(rows) > limit {
		return rows[:limit], true, nil
	}
	return rows, false, nil
}

// Limits of a reason.
const (
	maxReason       = 200
	maxReasonDigits = 8 // in a row: more could be a card, telephone or resident number, and reasons are kept
)

// Act is an operator's act: who, why, and the trace id of the request.
type Act struct {
	Actor   string
	Reason  string
	TraceID string
}

// Check sees that a reason is given, and that it is no number of a person.
func (a Act) Check() error {
	switch r := strings.TrimSpace(a.Reason); {
	case r == "" || !utf8.ValidString(r) || utf8.RuneCountInString(r) > maxReason || strings.ContainsFunc(r, unicode.IsControl):
		return fault.InvalidField("/reason", "REQUIRED", "사유를 1~200자로 적어 주세요.")
	case merchant.LongestDigits(r) > maxReasonDigits:
		return fault.InvalidField("/reason", "TOO_MANY_DIGITS", "사유에는 카드번호나 전화번호를 적지 마세요.")
	}
	return nil
}

// Record writes an act down, before it is done.
func (s *Service) Record(ctx context.Context, a Act, t merchant.Tenant, action, subject string, more map[string]any) error {
	if err := a.Check(); err != nil {
		return err
	}
	err := s.Store.Record(ctx, a.record(s.IDs, s.Clock.Now(), t, action, subject, more))
	return told(ctx, err)
}

func (a Act) record(ids *id.Source, now time.Time, t merchant.Tenant, action, subject string, more map[string]any) audit.Record {
	detail := map[string]any{"reason": strings.TrimSpace(a.Reason)}
	if a.TraceID != "" {
		detail["traceId"] = a.TraceID
	}
	maps.Copy(detail, more)
	return audit.Record{
		MerchantID: t.ID(), ID: ids.At(id.Audit, now), At: now.Truncate(time.Microsecond), Actor: a.Actor, Action: action, Subject: subject,
		Detail: audit.Detail(detail),
	}
}

// Written is what is written down of an act, for features that do it in the transaction
// of the act; a was checked.
func (s *Service) Written(a Act, t merchant.Tenant, action, subject string, more map[string]any) audit.Record {
	return a.record(s.IDs, s.Clock.Now(), t, action, subject, more)
}
