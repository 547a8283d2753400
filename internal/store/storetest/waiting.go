package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"innopay/internal/payment"
	"innopay/money"
)

// waiting runs what payments that wait for their buyer must do.
func waiting(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"a waiting payment is read back whole", waitingWhole},
		{"a waiting payment holds its order", waitingHoldsOrder},
		{"a buyer is changed only while the payment waits", buyerOnlyWhileReady},
		{"of thirty claims in one batch one succeeds", claimedOnceInBatch},
		{"of thirty claims at once one succeeds", claimedOnceAtOnce},
		{"a claim and another change of the payment never both happen", claimAgainstChange},
		{"a decline gives the payment back to one claim", claimAfterDecline},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

// Asked is a payment that waits for its buyer, as a request makes it.
func (d *Desk) Asked() payment.Payment {
	p := d.Intent().Payment
	p.Channel, p.Status, p.AttemptID = payment.ChannelSMS, payment.Ready, ""
	p.Card, p.SignatureMissing, p.InterestFree = payment.Card{}, false, false
	return p
}

// Claim takes a waiting payment to the acquirer; every call is another buyer's.
func (d *Desk) Claim(p payment.Payment) payment.Intent {
	in := d.Intent()
	card, attempt := in.Payment.Card, in.Attempt.ID
	in.Claim, in.Payment = true, p
	in.Payment.Status, in.Payment.AttemptID, in.Payment.Card = payment.InProgress, attempt, card
	in.Payment.Version++
	in.Attempt.PaymentID, in.Unsettled.PaymentID, in.Key.PaymentID = p.ID, p.ID, p.ID
	in.Unsettled.Operation, in.Key.Operation = payment.OperationClaim, payment.OperationClaim
	return in
}

// Returned is a decline after which the payment waits for its buyer's next try.
func (d *Desk) Returned(in payment.Intent) payment.Outcome {
	out := d.Declined(in)
	out.Payment.Status, out.Payment.OrderLive = payment.Ready, true
	return out
}

func insert(t *testing.T, s payment.Store, ps ...payment.Payment) {
	t.Helper()
	must(t, s.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error {
		for _, p := range ps {
			if err := tx.InsertPayment(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}))
}

func waitingWhole(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(41)
	p := d.Asked()
	stop := errors.New("stop")
	if err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		if err := tx.InsertPayment(ctx, p); err != nil {
			return err
		}
		return stop
	}); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if _, err := s.Payment(ctx, d.Tenant(), p.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("after a rollback: %v", err)
	}
	insert(t, s, p)
	same(t, s, d, p)
	if got, err := s.PaymentByOrder(ctx, d.Tenant(), p.OrderID); err != nil || got.ID != p.ID {
		t.Errorf("by its order: %s %v", got.ID, err)
	}
	if us, err := s.Unsettled(ctx, d.Tenant(), 10); err != nil || len(us) != 0 {
		t.Errorf("a payment that waits has jobs: %v %v", us, err)
	}
	page, err := s.List(ctx, d.Tenant(), payment.Filter{Statuses: []payment.Status{payment.Ready}, Channels: []payment.Channel{payment.ChannelSMS}}, 10)
	if err != nil || len(page) != 1 || page[0].ID != p.ID {
		t.Errorf("in the history: %v %v", page, err)
	}
}

func waitingHoldsOrder(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(42)
	p, twin, sale := d.Asked(), d.Asked(), d.Intent()
	twin.OrderID, sale.Payment.OrderID = p.OrderID, p.OrderID
	insert(t, s, p)
	taken := func(want error) {
		t.Helper()
		err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.InsertPayment(ctx, twin) })
		if !errors.Is(err, want) {
			t.Errorf("another request of the order: %v, want %v", err, want)
		}
	}
	taken(payment.ErrOrderTaken)
	if err := s.CommitIntents(ctx, []payment.Intent{sale})[0]; !errors.Is(err, payment.ErrOrderTaken) {
		t.Errorf("a sale of the order: %v", err)
	}
	p.Status, p.OrderLive, p.Balance = payment.Expired, false, money.Split{}
	p.Failure = payment.Failure{Code: payment.CodeExpired, Message: "결제 기한이 지났어요."}
	p.Version++
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.UpdatePayment(ctx, p) }))
	same(t, s, d, p)
	taken(nil) // an expired request frees its order
}

func buyerOnlyWhileReady(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(43)
	p := d.Asked()
	insert(t, s, p)
	change := func(p payment.Payment, phone string) (payment.Payment, error) {
		p.Buyer.Phone = phone
		p.Version++
		return p, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.UpdateBuyer(ctx, p) })
	}
	lists := func(last4 string) int {
		page, err := s.List(ctx, d.Tenant(), payment.Filter{BuyerPhoneLast4: last4}, 10)
		must(t, err)
		return len(page)
	}
	q, err := change(p, "01000005678")
	must(t, err)
	same(t, s, d, q)
	if lists("1234") != 0 || lists("5678") != 1 {
		t.Errorf("found by the old number %d times, by the new one %d times", lists("1234"), lists("5678"))
	}
	if _, err := change(p, "01000009999"); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("at an old version: %v", err)
	}
	foreign := q
	foreign.MerchantID = "mer_other"
	if _, err := change(foreign, "01000009999"); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("another merchant's: %v", err)
	}
	in := d.Claim(q)
	commit(t, s, in)
	same(t, s, d, in.Payment)
	if _, err := change(in.Payment, "01000009999"); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("while it is being paid: %v", err)
	}
	back := d.Returned(in)
	settle(t, s, back)
	if _, err := change(back.Payment, "01000004321"); err != nil {
		t.Errorf("after a decline: %v", err)
	}
}

// claims makes as many claims of one payment as buyers have its page open.
func claims(d *Desk, p payment.Payment, n int) []payment.Intent {
	ins := make([]payment.Intent, n)
	for i := range ins {
		ins[i] = d.Claim(p)
	}
	return ins
}

// oneTaken sees that one claim stands whole and the others left nothing.
func oneTaken(t *testing.T, s payment.Store, d *Desk, ins []payment.Intent, errs []error) {
	t.Helper()
	taken := 0
	for i, err := range errs {
		switch {
		case err == nil:
			taken++
			same(t, s, d, ins[i].Payment)
		case errors.Is(err, payment.ErrChanged):
			noTrace(t, s, d, ins[i])
		default:
			t.Error(err)
		}
	}
	as, err := s.Attempts(context.Background(), d.Tenant(), ins[0].Payment.ID)
	if err != nil || taken != 1 || len(as) != 1 {
		t.Errorf("claimed %d times, %d attempts, %v", taken, len(as), err)
	}
}

func claimedOnceInBatch(t *testing.T, s payment.Store) {
	d := NewDesk(44)
	p := d.Asked()
	insert(t, s, p)
	ins := claims(d, p, 30)
	oneTaken(t, s, d, ins, s.CommitIntents(context.Background(), ins))
}

func claimedOnceAtOnce(t *testing.T, s payment.Store) {
	d := NewDesk(45)
	for range 5 {
		p := d.Asked()
		insert(t, s, p)
		ins := claims(d, p, 30)
		errs := make([]error, len(ins))
		var posts sync.WaitGroup
		for i := range ins {
			posts.Go(func() { errs[i] = s.CommitIntents(context.Background(), ins[i:i+1])[0] })
		}
		posts.Wait()
		oneTaken(t, s, d, ins, errs)
	}
}

// claimAgainstChange has a buyer press while the merchant withdraws or corrects the
// number: the number of changes is one, and the loser is told.
func claimAgainstChange(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(46)
	for name, change := range map[string]func(context.Context, payment.Tx, payment.Payment) error{
		"withdrawal": func(ctx context.Context, tx payment.Tx, p payment.Payment) error {
			p.Status, p.OrderLive, p.Balance = payment.Aborted, false, money.Split{}
			p.Failure.Code = payment.CodeWithdrawn
			return tx.UpdatePayment(ctx, p)
		},
		"correction": func(ctx context.Context, tx payment.Tx, p payment.Payment) error {
			p.Buyer.Phone = "01000005678"
			return tx.UpdateBuyer(ctx, p)
		},
	} {
		for round := range 25 {
			p := d.Asked()
			insert(t, s, p)
			in := d.Claim(p)
			next := p
			next.Version++
			var claimed, changed error
			var both sync.WaitGroup
			both.Go(func() { claimed = s.CommitIntents(ctx, []payment.Intent{in})[0] })
			both.Go(func() {
				changed = s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return change(ctx, tx, next) })
			})
			both.Wait()
			now, err := s.Payment(ctx, d.Tenant(), p.ID)
			must(t, err)
			if (claimed == nil) == (changed == nil) || now.Version != 2 || (now.Status == payment.InProgress) != (claimed == nil) {
				t.Fatalf("%s, round %d: claim %v, change %v, now %s version %d", name, round, claimed, changed, now.Status, now.Version)
			}
			if lost := errors.Join(claimed, changed); !errors.Is(lost, payment.ErrChanged) {
				t.Errorf("%s: the loser is told %v", name, lost)
			}
		}
	}
}

func claimAfterDecline(t *testing.T, s payment.Store) {
	d := NewDesk(47)
	p := d.Asked()
	insert(t, s, p)
	first := d.Claim(p)
	commit(t, s, first)
	stale := d.Claim(p)
	if err := s.CommitIntents(context.Background(), []payment.Intent{stale})[0]; !errors.Is(err, payment.ErrChanged) {
		t.Errorf("claimed while it is being paid: %v", err)
	}
	back := d.Returned(first)
	settle(t, s, back)
	same(t, s, d, back.Payment)
	if err := s.CommitIntents(context.Background(), []payment.Intent{stale})[0]; !errors.Is(err, payment.ErrChanged) {
		t.Errorf("claimed as it was before the decline: %v", err)
	}
	second := d.Claim(back.Payment)
	commit(t, s, second)
	settle(t, s, d.Approved(second))
	as, err := s.Attempts(context.Background(), d.Tenant(), p.ID)
	if err != nil || len(as) != 2 || as[0].Status != payment.AttemptDeclined || as[1].Status != payment.AttemptApproved {
		t.Errorf("attempts: %+v %v", as, err)
	}
}
