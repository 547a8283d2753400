// Package memory is a payment.Store that lives in memory, with the same
// transaction port as the databases: conditional updates, unique rows, leases and
// rollback. It forgets everything when the process ends, so it is for tests and for
// the simulation, which also use its faults (Hook) and its Snapshot.
//
// Nothing observable depends on the order of a map: the same calls give the same
// results in the same order.
package memory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/money"
)

// ErrConstraint: a row broke a rule that the schema of the databases checks too. It
// is always a bug of the caller.
var ErrConstraint = errors.New("memory: a row breaks a constraint")

// ref names a row of a merchant.
type ref struct{ merchant, id string }

type keyRef struct{ merchant, operation, key string }

type postingRef struct{ merchant, entry, account string }

// Store holds the rows. It is safe for concurrent use; transactions run one after
// the other, so a function given to Tx must not call the Store itself.
type Store struct {
	hook Hook

	mu         sync.Mutex
	payments   map[ref]payment.Payment // without their cancels
	byMerchant map[string][]string     // payment ids, sorted
	liveOrder  map[ref]string          // order id -> the payment that holds it
	pastOrders map[ref][]string        // order id -> payments that do not
	attempts   map[ref]payment.Attempt
	attemptsOf map[ref][]string // payment -> attempt ids, sorted
	cancels    map[ref]payment.Cancel
	cancelsOf  map[ref][]string // payment -> cancel ids, sorted
	unsettled  map[ref]payment.Unsettled
	keys       map[keyRef]payment.Idempotency
	signatures map[ref][]byte
	posted     map[postingRef]bool
	postingsOf map[ref][]ledger.Posting // payment -> in the order of posting
	events     []outbox.Event           // in the order of commit
	audits     []audit.Record           // likewise
	recorded   map[ref]bool
	stans      map[ref]int64            // terminal -> numbers given out
	readers    map[string]int64         // encrypting reader -> last counter taken
	gates      map[string]int64         // merchant -> version of its gate
	uses       map[ref]payment.LimitUse // attempt -> its day
	touched    []Touched
	isTouched  map[ref]bool
}

var _ payment.Store = (*Store)(nil)

// New returns an empty store. hook decides the fate of every commit; nil lets all
// of them through.
func New(hook Hook) *Store {
	if hook == nil {
		hook = func(Commit) Fate { return Proceed }
	}
	return &Store{
		hook: hook, payments: map[ref]payment.Payment{}, byMerchant: map[string][]string{},
		liveOrder: map[ref]string{}, pastOrders: map[ref][]string{},
		attempts: map[ref]payment.Attempt{}, attemptsOf: map[ref][]string{},
		cancels: map[ref]payment.Cancel{}, cancelsOf: map[ref][]string{},
		unsettled: map[ref]payment.Unsettled{}, keys: map[keyRef]payment.Idempotency{}, signatures: map[ref][]byte{},
		posted: map[postingRef]bool{}, postingsOf: map[ref][]ledger.Posting{}, recorded: map[ref]bool{},
		stans: map[ref]int64{}, readers: map[string]int64{}, gates: map[string]int64{}, uses: map[ref]payment.LimitUse{}, isTouched: map[ref]bool{},
	}
}

// Payment implements payment.Reader.
func (s *Store) Payment(_ context.Context, t merchant.Tenant, id string) (payment.Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.payment(ref{t.ID(), id})
}

// payment is the row with its cancels. s.mu is held.
func (s *Store) payment(r ref) (payment.Payment, error) {
	p, ok := s.payments[r]
	if !ok {
		return payment.Payment{}, payment.ErrAbsent
	}
	for _, id := range s.cancelsOf[r] {
		p.Cancels = append(p.Cancels, s.cancels[ref{r.merchant, id}])
	}
	return p, nil
}

// LimitGate implements payment.Reader.
func (s *Store) LimitGate(_ context.Context, t merchant.Tenant) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gates[t.ID()], nil
}

// LimitSum implements payment.Reader.
func (s *Store) LimitSum(_ context.Context, t merchant.Tenant, from, until clock.Day) (money.Won, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sum money.Won
	for r, use := range s.uses {
		if r.merchant != t.ID() || use.Day < from || use.Day > until {
			continue
		}
		p := s.payments[ref{r.merchant, s.attempts[r].PaymentID}]
		switch p.Status {
		case payment.InProgress, payment.Unknown, payment.Done, payment.PartialCanceled:
			if p.AttemptID == r.id {
				sum += p.Balance.Amount
			}
		case payment.Ready, payment.Canceled, payment.Aborted, payment.Expired:
		}
	}
	return sum, nil
}

// PaymentByOrder implements payment.Reader.
func (s *Store) PaymentByOrder(_ context.Context, t merchant.Tenant, orderID string) (payment.Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order := ref{t.ID(), orderID}
	if id, ok := s.liveOrder[order]; ok {
		return s.payment(ref{t.ID(), id})
	}
	past := s.pastOrders[order]
	if len(past) == 0 {
		return payment.Payment{}, payment.ErrAbsent
	}
	return s.payment(ref{t.ID(), slices.Max(past)})
}

// Attempts implements payment.Reader.
func (s *Store) Attempts(_ context.Context, t merchant.Tenant, paymentID string) ([]payment.Attempt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attemptsBy(t, paymentID), nil
}

func (s *Store) attemptsBy(t merchant.Tenant, paymentID string) []payment.Attempt {
	ids := s.attemptsOf[ref{t.ID(), paymentID}]
	as := make([]payment.Attempt, len(ids))
	for i, id := range ids {
		as[i] = s.attempts[ref{t.ID(), id}]
	}
	return as
}

// Idempotency implements payment.Reader.
func (s *Store) Idempotency(_ context.Context, t merchant.Tenant, operation, key string) (payment.Idempotency, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.keys[keyRef{t.ID(), operation, key}]
	if !ok {
		return payment.Idempotency{}, payment.ErrAbsent
	}
	k.Body = slices.Clone(k.Body)
	return k, nil
}

// Signature implements payment.Reader.
func (s *Store) Signature(_ context.Context, t merchant.Tenant, paymentID string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.signatures[ref{t.ID(), paymentID}]
	if !ok {
		return nil, payment.ErrAbsent
	}
	return slices.Clone(b), nil
}

// Unsettled implements payment.Reader.
func (s *Store) Unsettled(_ context.Context, t merchant.Tenant, limit int) ([]payment.Unsettled, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	us := s.jobs(func(u payment.Unsettled) bool { return t == merchant.Tenant{} || u.MerchantID == t.ID() },
		func(u payment.Unsettled) time.Time { return u.Since })
	return us[:min(len(us), max(limit, 0))], nil
}

// jobs are the unsettled rows that match, by the time given, then by name.
func (s *Store) jobs(match func(payment.Unsettled) bool, by func(payment.Unsettled) time.Time) []payment.Unsettled {
	us := []payment.Unsettled{}
	for _, u := range s.unsettled {
		if match(u) {
			us = append(us, u)
		}
	}
	slices.SortFunc(us, func(a, b payment.Unsettled) int {
		if c := by(a).Compare(by(b)); c != 0 {
			return c
		}
		if c := strings.Compare(a.AttemptID, b.AttemptID); c != 0 {
			return c
		}
		return strings.Compare(a.MerchantID, b.MerchantID)
	})
	return us
}

// Lease implements payment.Store.
func (s *Store) Lease(ctx context.Context, owner string, now, until time.Time, limit int) ([]payment.Unsettled, error) {
	var us []payment.Unsettled
	err := s.write(ctx, Commit{Point: Leasing, Owner: owner}, func(l *log) error {
		us = s.jobs(func(u payment.Unsettled) bool { return !u.DueAt.After(now) && !u.LeaseUntil.After(now) },
			func(u payment.Unsettled) time.Time { return u.DueAt })
		us = us[:min(len(us), max(limit, 0))]
		for i := range us {
			us[i].LeaseOwner, us[i].LeaseUntil = owner, until
			put(l, s.unsettled, ref{us[i].MerchantID, us[i].AttemptID}, us[i])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return us, nil
}

// LateAnswer implements payment.Store.
func (s *Store) LateAnswer(ctx context.Context, t merchant.Tenant, attemptID, evidence string) error {
	return s.write(ctx, Commit{Point: Evidence}, func(l *log) error {
		r := ref{t.ID(), attemptID}
		a, ok := s.attempts[r]
		if !ok {
			return payment.ErrAbsent
		}
		a.Late = evidence
		put(l, s.attempts, r, a)
		s.touch(l, t.ID(), a.PaymentID)
		return nil
	})
}

// STANs implements payment.Store.
func (s *Store) STANs(ctx context.Context, t merchant.Tenant, terminalID string, n int) (int64, error) {
	var first int64
	err := s.write(ctx, Commit{Point: Numbers}, func(l *log) error {
		r := ref{t.ID(), terminalID}
		first = s.stans[r]
		put(l, s.stans, r, first+int64(n))
		return nil
	})
	return first, err
}
