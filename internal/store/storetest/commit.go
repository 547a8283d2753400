package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"innopay/internal/payment"
)

// Fresh gives an empty store that lives as long as the test.
type Fresh func(t *testing.T) payment.Store

// Payments runs the part of the suite that holds for every payment.Store.
func Payments(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"intent and outcome are read back whole", roundTrip},
		{"a decline frees the order", declineFreesOrder},
		{"an unknown outcome keeps its job", unknownKeepsJob},
		{"twins within one batch", twinsInBatch},
		{"twins over concurrent batches", twinsConcurrent},
		{"a loser of an order leaves no key", loserLeavesNoKey},
		{"an outcome meets another version", outcomeVersion},
		{"an outcome meets a settled attempt", outcomeAttempt},
		{"a poisoned row fails alone", poisonedRow},
		{"an ended context writes nothing", endedContext},
		{"what was frozen stays", frozenStays},
		{"reads are the tenant's", tenantOnly},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
	transactions(t, fresh)
	waiting(t, fresh)
	readers(t, fresh)
	limits(t, fresh)
	jobs(t, fresh)
	history(t, fresh)
}

// sameMoment compares times as the moments they are.
var sameMoment = cmpopts.EquateApproxTime(0)

func roundTrip(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(1)
	in := d.Intent()
	in.Signature = []byte(`[[[1,2,3]]]`)
	commit(t, s, in)
	same(t, s, d, in.Payment)
	as, err := s.Attempts(ctx, d.Tenant(), in.Payment.ID)
	if diff := cmp.Diff([]payment.Attempt{in.Attempt}, as, sameMoment); err != nil || diff != "" {
		t.Errorf("attempts: %v %s", err, diff)
	}
	us, err := s.Unsettled(ctx, d.Tenant(), 10)
	if diff := cmp.Diff([]payment.Unsettled{in.Unsettled}, us, sameMoment); err != nil || diff != "" {
		t.Errorf("unsettled: %v %s", err, diff)
	}
	k, err := s.Idempotency(ctx, d.Tenant(), in.Key.Operation, in.Key.Key)
	if diff := cmp.Diff(in.Key, k, sameMoment); err != nil || diff != "" {
		t.Errorf("key: %v %s", err, diff)
	}
	strokes, err := s.Signature(ctx, d.Tenant(), in.Payment.ID)
	if err != nil || !bytes.Equal(strokes, in.Signature) {
		t.Errorf("signature %q, %v", strokes, err)
	}

	out := d.Approved(in)
	settle(t, s, out)
	same(t, s, d, out.Payment)
	as, err = s.Attempts(ctx, d.Tenant(), in.Payment.ID)
	if diff := cmp.Diff([]payment.Attempt{out.Attempt}, as, sameMoment); err != nil || diff != "" {
		t.Errorf("attempts: %v %s", err, diff)
	}
	if us, err = s.Unsettled(ctx, d.Tenant(), 10); err != nil || len(us) != 0 {
		t.Errorf("unsettled after the outcome: %v %v", us, err)
	}
	k, err = s.Idempotency(ctx, d.Tenant(), in.Key.Operation, in.Key.Key)
	if diff := cmp.Diff(out.Key, k, sameMoment); err != nil || diff != "" {
		t.Errorf("frozen key: %v %s", err, diff)
	}
}

// same compares the stored payment with what it must be.
func same(t *testing.T, s payment.Reader, d *Desk, want payment.Payment) {
	t.Helper()
	got, err := s.Payment(context.Background(), d.Tenant(), want.ID)
	if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
		t.Errorf("payment: %v %s", err, diff)
	}
}

func declineFreesOrder(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(2)
	first, second := d.Intent(), d.Intent()
	second.Payment.OrderID = first.Payment.OrderID
	commit(t, s, first)
	if err := s.CommitIntents(ctx, []payment.Intent{second})[0]; !errors.Is(err, payment.ErrOrderTaken) {
		t.Fatalf("a live order again: %v", err)
	}
	settle(t, s, d.Declined(first))
	if p, err := s.PaymentByOrder(ctx, d.Tenant(), first.Payment.OrderID); err != nil || p.ID != first.Payment.ID {
		t.Errorf("order without a live payment: %s %v", p.ID, err)
	}
	commit(t, s, second)
	if p, err := s.PaymentByOrder(ctx, d.Tenant(), first.Payment.OrderID); err != nil || p.ID != second.Payment.ID {
		t.Errorf("the order's live payment: %s %v", p.ID, err)
	}
	settle(t, s, d.Declined(second))
	if p, err := s.PaymentByOrder(ctx, d.Tenant(), first.Payment.OrderID); err != nil || p.ID != second.Payment.ID {
		t.Errorf("the order's newest payment: %s %v", p.ID, err)
	}
	if _, err := s.PaymentByOrder(ctx, d.Tenant(), "no-such-order"); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("no order: %v", err)
	}
}

func unknownKeepsJob(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(3)
	in := d.Intent()
	commit(t, s, in)
	out := d.Unknown(in)
	settle(t, s, out)
	us, err := s.Unsettled(ctx, d.Tenant(), 10)
	if diff := cmp.Diff([]payment.Unsettled{*out.Unsettled}, us, sameMoment); err != nil || diff != "" {
		t.Errorf("unsettled: %v %s", err, diff)
	}
	k, err := s.Idempotency(ctx, d.Tenant(), in.Key.Operation, in.Key.Key)
	if err != nil || k.Status != 0 || k.Body != nil {
		t.Errorf("an unknown outcome froze the key: %d %s %v", k.Status, k.Body, err)
	}
}

func twinsInBatch(t *testing.T, s payment.Store) {
	d := NewDesk(4)
	first := d.Intent()
	sameKey, sameOrder, other := d.Intent(), d.Intent(), d.Intent()
	sameKey.Key.Key = first.Key.Key
	sameOrder.Payment.OrderID = first.Payment.OrderID
	errs := s.CommitIntents(context.Background(), []payment.Intent{first, sameKey, sameOrder, other})
	want := []error{nil, payment.ErrKeyTaken, payment.ErrOrderTaken, nil}
	for i, w := range want {
		if !errors.Is(errs[i], w) {
			t.Errorf("intent %d: %v, want %v", i, errs[i], w)
		}
	}
	noTrace(t, s, d, sameKey)
	noTrace(t, s, d, sameOrder)
}

// noTrace checks that a refused intent left nothing.
func noTrace(t *testing.T, s payment.Store, d *Desk, in payment.Intent) {
	t.Helper()
	ctx := context.Background()
	if p, err := s.Payment(ctx, d.Tenant(), in.Payment.ID); !errors.Is(err, payment.ErrAbsent) && !in.Claim {
		t.Errorf("a refused payment is there: %s %v", p.ID, err)
	}
	as, err := s.Attempts(ctx, d.Tenant(), in.Payment.ID)
	if err != nil || slices.ContainsFunc(as, func(a payment.Attempt) bool { return a.ID == in.Attempt.ID }) {
		t.Errorf("a refused attempt is there: %v %v", as, err)
	}
	k, err := s.Idempotency(ctx, d.Tenant(), in.Key.Operation, in.Key.Key)
	if err == nil && k.Hash == in.Key.Hash {
		t.Errorf("a refused intent left its key")
	}
	us, err := s.Unsettled(ctx, d.Tenant(), 1000)
	if err != nil || slices.ContainsFunc(us, func(u payment.Unsettled) bool { return u.AttemptID == in.Attempt.ID }) {
		t.Errorf("a refused intent left its job: %v", err)
	}
}

func twinsConcurrent(t *testing.T, s payment.Store) {
	const keys, each = 8, 12
	d := NewDesk(5)
	var mu sync.Mutex
	won := map[string]int{}
	var posts sync.WaitGroup
	for k := range keys {
		first := d.Intent()
		for i := range each {
			in := d.Intent()
			if i%2 == 0 {
				in.Key.Key = first.Key.Key
			}
			in.Payment.OrderID = first.Payment.OrderID
			posts.Go(func() {
				err := s.CommitIntents(context.Background(), []payment.Intent{in})[0]
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won[first.Payment.OrderID]++
				case errors.Is(err, payment.ErrKeyTaken), errors.Is(err, payment.ErrOrderTaken):
				default:
					t.Errorf("key %d: %v", k, err)
				}
			})
		}
	}
	posts.Wait()
	for order, n := range won {
		if n != 1 {
			t.Errorf("%s was taken %d times", order, n)
		}
	}
	if len(won) != keys {
		t.Errorf("%d of %d orders were taken", len(won), keys)
	}
	us, err := s.Unsettled(context.Background(), d.Tenant(), 1000)
	if err != nil || len(us) != keys {
		t.Errorf("%d jobs for %d payments, %v", len(us), keys, err)
	}
}

func loserLeavesNoKey(t *testing.T, s payment.Store) {
	d := NewDesk(6)
	first, loser := d.Intent(), d.Intent()
	loser.Payment.OrderID = first.Payment.OrderID
	commit(t, s, first)
	if err := s.CommitIntents(context.Background(), []payment.Intent{loser})[0]; !errors.Is(err, payment.ErrOrderTaken) {
		t.Fatalf("a live order again: %v", err)
	}
	noTrace(t, s, d, loser)
	settle(t, s, d.Declined(first))
	commit(t, s, loser)
}

func outcomeVersion(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(8)
	a, b := d.Intent(), d.Intent()
	commit(t, s, a, b)
	unknown := d.Unknown(a)
	settle(t, s, unknown)
	late, good := d.Approved(a), d.Approved(b)
	errs := s.CommitOutcomes(ctx, []payment.Outcome{late, good})
	if !errors.Is(errs[0], payment.ErrChanged) || errs[1] != nil {
		t.Fatalf("outcomes: %v", errs)
	}
	same(t, s, d, unknown.Payment)
	same(t, s, d, good.Payment)
}

func outcomeAttempt(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(9)
	a, b := d.Intent(), d.Intent()
	commit(t, s, a, b)
	declined := d.Declined(a)
	settle(t, s, declined)
	// The version fits, the attempt is decided.
	again := d.Approved(a)
	again.Payment.Version = declined.Payment.Version + 1
	good := d.Approved(b)
	errs := s.CommitOutcomes(ctx, []payment.Outcome{again, good})
	if !errors.Is(errs[0], payment.ErrChanged) || errs[1] != nil {
		t.Fatalf("outcomes: %v", errs)
	}
	same(t, s, d, declined.Payment)
	same(t, s, d, good.Payment)
}

// poisonedRow sends a row that the schema refuses amid good ones.
func poisonedRow(t *testing.T, s payment.Store) {
	d := NewDesk(10)
	ins := make([]payment.Intent, 9)
	for i := range ins {
		ins[i] = d.Intent()
	}
	bad := &ins[4]
	bad.Payment.Balance.Amount = -1
	errs := s.CommitIntents(context.Background(), ins)
	for i, err := range errs {
		if (err != nil) != (i == 4) {
			t.Errorf("intent %d: %v", i, err)
		}
	}
	noTrace(t, s, d, *bad)
	outs := make([]payment.Outcome, 0, len(ins))
	for i, in := range ins {
		if i != 4 {
			outs = append(outs, d.Approved(in))
		}
	}
	outs[3].Postings[0].Amount++
	for i, err := range s.CommitOutcomes(context.Background(), outs) {
		if (err != nil) != (i == 3) {
			t.Errorf("outcome %d: %v", i, err)
		}
	}
	p, err := s.Payment(context.Background(), d.Tenant(), outs[3].Payment.ID)
	if err != nil || p.Status != payment.InProgress {
		t.Errorf("after an unbalanced outcome: %s %v", p.Status, err)
	}
}

func endedContext(t *testing.T, s payment.Store) {
	d := NewDesk(11)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := d.Intent()
	if err := s.CommitIntents(ctx, []payment.Intent{in})[0]; !errors.Is(err, context.Canceled) {
		t.Errorf("commit under an ended context: %v", err)
	}
	noTrace(t, s, d, in)
}

func frozenStays(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(12)
	in := d.Intent()
	commit(t, s, in)
	out := d.Approved(in)
	settle(t, s, out)
	other := out.Key
	other.Status, other.Body = 202, []byte("other")
	if err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.FreezeIdempotency(ctx, other) }); err != nil {
		t.Fatal(err)
	}
	k, err := s.Idempotency(ctx, d.Tenant(), in.Key.Operation, in.Key.Key)
	if err != nil || k.Status != out.Key.Status || !bytes.Equal(k.Body, out.Key.Body) {
		t.Errorf("frozen answer became %d %s, %v", k.Status, k.Body, err)
	}
}

func tenantOnly(t *testing.T, s payment.Store) {
	ctx, mine, other := context.Background(), NewDesk(13), NewDesk(14)
	in := mine.Intent()
	in.Signature = []byte("[]")
	commit(t, s, in)
	if _, err := s.Payment(ctx, other.Tenant(), in.Payment.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("payment of another: %v", err)
	}
	if _, err := s.PaymentByOrder(ctx, other.Tenant(), in.Payment.OrderID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("order of another: %v", err)
	}
	if _, err := s.Idempotency(ctx, other.Tenant(), in.Key.Operation, in.Key.Key); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("key of another: %v", err)
	}
	if _, err := s.Signature(ctx, other.Tenant(), in.Payment.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("signature of another: %v", err)
	}
	if as, err := s.Attempts(ctx, other.Tenant(), in.Payment.ID); err != nil || len(as) != 0 {
		t.Errorf("attempts of another: %v %v", as, err)
	}
	if ps, err := s.List(ctx, other.Tenant(), payment.Filter{}, 10); err != nil || len(ps) != 0 {
		t.Errorf("list of another: %v %v", ps, err)
	}
	if us, err := s.Unsettled(ctx, other.Tenant(), 10); err != nil || len(us) != 0 {
		t.Errorf("jobs of another: %v %v", us, err)
	}
	if err := s.LateAnswer(ctx, other.Tenant(), in.Attempt.ID, "late"); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("late answer for another: %v", err)
	}
}
