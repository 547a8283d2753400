package memory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// Touched names a payment that changed.
type Touched struct{ MerchantID, PaymentID string }

// Dossier is everything about one payment, for checks of invariants.
type Dossier struct {
	Payment   payment.Payment
	Attempts  []payment.Attempt
	Unsettled []payment.Unsettled // by attempt id
	Postings  []ledger.Posting
}

// Snapshot is a copy of every row, each list in an order that does not depend on chance.
type Snapshot struct {
	Dossiers []Dossier // by merchant and payment id
	Keys     []payment.Idempotency
	Events   []outbox.Event // in the order of commit
	Audits   []audit.Record // likewise
}

// touch remembers that the payment changed.
func (s *Store) touch(l *log, merchantID, paymentID string) {
	r := ref{merchantID, paymentID}
	if s.isTouched[r] {
		return
	}
	put(l, s.isTouched, r, true)
	add(l, &s.touched, Touched{merchantID, paymentID})
}

// TakeTouched returns the payments that changed since the last call, in the order of
// their first change.
func (s *Store) TakeTouched() []Touched {
	s.mu.Lock()
	defer s.mu.Unlock()
	ts := s.touched
	s.touched = nil
	clear(s.isTouched)
	return ts
}

// Dossier is everything about one payment; payment.ErrAbsent when there is none.
func (s *Store) Dossier(merchantID, paymentID string) (Dossier, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dossier(ref{merchantID, paymentID})
}

func (s *Store) dossier(r ref) (Dossier, error) {
	p, err := s.payment(r)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{Payment: p, Postings: slices.Clone(s.postingsOf[r])}
	for _, id := range s.attemptsOf[r] {
		d.Attempts = append(d.Attempts, s.attempts[ref{r.merchant, id}])
		if u, ok := s.unsettled[ref{r.merchant, id}]; ok {
			d.Unsettled = append(d.Unsettled, u)
		}
	}
	return d, nil
}

// AttemptRow is one attempt, false when there is none.
func (s *Store) AttemptRow(merchantID, attemptID string) (payment.Attempt, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.attempts[ref{merchantID, attemptID}]
	return a, ok
}

// UnsettledCount is how many jobs are not settled.
func (s *Store) UnsettledCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unsettled)
}

// Snapshot copies every row.
func (s *Store) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap := Snapshot{Events: slices.Clone(s.events), Audits: slices.Clone(s.audits)}
	for _, r := range slices.SortedFunc(maps.Keys(s.payments), compareRefs) {
		if d, err := s.dossier(r); err == nil {
			snap.Dossiers = append(snap.Dossiers, d)
		}
	}
	for _, k := range s.keys {
		k.Body = slices.Clone(k.Body)
		snap.Keys = append(snap.Keys, k)
	}
	slices.SortFunc(snap.Keys, func(a, b payment.Idempotency) int {
		return cmp.Or(strings.Compare(a.MerchantID, b.MerchantID), strings.Compare(a.Operation, b.Operation), strings.Compare(a.Key, b.Key))
	})
	return snap
}

func compareRefs(a, b ref) int {
	return cmp.Or(strings.Compare(a.merchant, b.merchant), strings.Compare(a.id, b.id))
}
