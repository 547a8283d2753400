package crashpoint_test

import (
	"context"
	"errors"
	"testing"

	"innopay/acquirer"
	"innopay/internal/crashpoint"
	"innopay/internal/payment"
)

// dead is thrown where the process would have ended.
var errDead = errors.New("dead")

func trap(t *testing.T, s string) *crashpoint.Trap {
	t.Helper()
	tr, err := crashpoint.Parse(s, func() { panic(errDead) })
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// dies reports whether f ended at the trap.
func dies(f func()) (dead bool) {
	defer func() {
		if r := recover(); r != nil {
			dead = r == any(errDead)
		}
	}()
	f()
	return false
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, p := range crashpoint.Points() {
		trap(t, string(p)+":3")
	}
	for _, s := range []string{"", "after-w1", "after-w1:0", "after-w1:x", "after-w9:1", ":1"} {
		if _, err := crashpoint.Parse(s, nil); !errors.Is(err, crashpoint.ErrName) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// gateway is an acquirer with every ability.
type gateway struct {
	acquirer.Acquirer
	acquirer.Canceler
	acquirer.Inquirer
	acquirer.LateObserver
	acquirer.Closer
	calls int
}

func (g *gateway) Authorize(context.Context, acquirer.Authorization) acquirer.Answer {
	g.calls++
	return acquirer.Answer{Outcome: acquirer.Approved}
}

func (g *gateway) Reverse(context.Context, acquirer.Reversal) acquirer.ReversalAnswer {
	g.calls++
	return acquirer.ReversalAnswer{Result: acquirer.Reversed}
}

func (g *gateway) Cancel(context.Context, acquirer.Cancellation) acquirer.CancelAnswer {
	g.calls++
	return acquirer.CancelAnswer{Result: acquirer.CancelDone}
}

func (g *gateway) Inquire(context.Context, acquirer.Inquiry) acquirer.InquiryAnswer {
	g.calls++
	return acquirer.InquiryAnswer{Result: acquirer.InquiryApproved}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	tests := map[crashpoint.Point]struct {
		send  func(acquirer.Acquirer)
		calls int // messages that left before the end
	}{
		crashpoint.AfterN2:       {authorize, 2},
		crashpoint.BeforeN3:      {reverse, 1},
		crashpoint.AfterN4:       {reverse, 2},
		crashpoint.AfterInquiry:  {inquire, 2},
		crashpoint.CancelAfterN2: {cancel, 2},
	}
	for point, test := range tests {
		t.Run(string(point), func(t *testing.T) {
			t.Parallel()
			g := &gateway{}
			a := trap(t, string(point)+":2").Acquirer(g)
			if dies(func() { test.send(a) }) {
				t.Error("ended at the first passing")
			}
			if !dies(func() { test.send(a) }) || g.calls != test.calls {
				t.Errorf("second passing did not end it after %d messages, but %d", test.calls, g.calls)
			}
			if dies(func() { test.send(a) }) {
				t.Error("ended at the third passing")
			}
		})
	}
}

func authorize(a acquirer.Acquirer) { a.Authorize(context.Background(), acquirer.Authorization{}) }
func reverse(a acquirer.Acquirer)   { a.Reverse(context.Background(), acquirer.Reversal{}) }

func cancel(a acquirer.Acquirer) {
	if c, ok := a.(acquirer.Canceler); ok {
		c.Cancel(context.Background(), acquirer.Cancellation{})
	}
}

func inquire(a acquirer.Acquirer) {
	if i, ok := a.(acquirer.Inquirer); ok {
		i.Inquire(context.Background(), acquirer.Inquiry{})
	}
}

// TestUnderWay kills while the call runs: the call is what is ended, not the return.
func TestUnderWay(t *testing.T) {
	t.Parallel()
	for point, send := range map[crashpoint.Point]func(acquirer.Acquirer){
		crashpoint.MidN1: authorize, crashpoint.MidN3: reverse, crashpoint.MidInquiry: inquire, crashpoint.CancelMidN1: cancel,
	} {
		t.Run(string(point), func(t *testing.T) {
			t.Parallel()
			ended := make(chan struct{}, 2)
			tr, err := crashpoint.Parse(string(point)+":1", func() { ended <- struct{}{} })
			if err != nil {
				t.Fatal(err)
			}
			hold := &slow{until: ended}
			send(tr.Acquirer(hold))
			if !hold.ended {
				t.Error("not ended while the call was under way")
			}
		})
	}
}

// slow is an acquirer whose calls last until the process is ended.
type slow struct {
	gateway
	until chan struct{}
	ended bool
}

func (s *slow) wait() { <-s.until; s.ended = true }

func (s *slow) Authorize(context.Context, acquirer.Authorization) (a acquirer.Answer) {
	s.wait()
	return a
}

func (s *slow) Reverse(context.Context, acquirer.Reversal) (a acquirer.ReversalAnswer) {
	s.wait()
	return a
}

func (s *slow) Cancel(context.Context, acquirer.Cancellation) (a acquirer.CancelAnswer) {
	s.wait()
	return a
}

func (s *slow) Inquire(context.Context, acquirer.Inquiry) (a acquirer.InquiryAnswer) {
	s.wait()
	return a
}

func TestAbilitiesStay(t *testing.T) {
	t.Parallel()
	type plain struct{ acquirer.Acquirer }
	a := trap(t, "after-n2:1").Acquirer(plain{&gateway{}})
	if _, ok := a.(acquirer.Canceler); ok {
		t.Error("an acquirer that cannot cancel can, once decorated")
	}
	a = trap(t, "after-n2:1").Acquirer(&gateway{})
	_, cancels := a.(acquirer.Canceler)
	_, inquires := a.(acquirer.Inquirer)
	_, late := a.(acquirer.LateObserver)
	_, closes := a.(acquirer.Closer)
	if !cancels || !inquires || !late || !closes {
		t.Errorf("lost an ability: cancel %v, inquire %v, late %v, close %v", cancels, inquires, late, closes)
	}
}

// memory is a store that takes everything.
type memory struct {
	payment.Store
	commits int
}

func (m *memory) CommitIntents(_ context.Context, is []payment.Intent) []error {
	m.commits += len(is)
	return make([]error, len(is))
}

func (m *memory) CommitOutcomes(_ context.Context, os []payment.Outcome) []error {
	m.commits += len(os)
	return make([]error, len(os))
}

func (m *memory) Tx(ctx context.Context, fn func(ctx context.Context, tx payment.Tx) error) error {
	err := fn(ctx, nothing{})
	if err == nil {
		m.commits++
	}
	return err
}

// nothing is a transaction that takes what the tests write.
type nothing struct{ payment.Tx }

func (nothing) InsertCancel(context.Context, payment.Cancel) error                       { return nil }
func (nothing) UpdateCancel(context.Context, payment.Cancel, payment.CancelStatus) error { return nil }
func (nothing) UpdatePayment(context.Context, payment.Payment) error                     { return nil }

func TestCommits(t *testing.T) {
	t.Parallel()
	tx := func(write func(payment.Tx) error) func(payment.Store) {
		return func(s payment.Store) {
			_ = s.Tx(context.Background(), func(_ context.Context, tx payment.Tx) error { return write(tx) })
		}
	}
	outcome := func(st payment.Status) func(payment.Store) {
		return func(s payment.Store) {
			s.CommitOutcomes(context.Background(), []payment.Outcome{{Payment: payment.Payment{Status: st}}})
		}
	}
	intent := func(s payment.Store) { s.CommitIntents(context.Background(), []payment.Intent{{}}) }
	reserve := tx(func(tx payment.Tx) error { return tx.InsertCancel(context.Background(), payment.Cancel{}) })
	finish := tx(func(tx payment.Tx) error {
		return tx.UpdateCancel(context.Background(), payment.Cancel{Status: payment.CancelDone}, payment.CancelInProgress)
	})
	become := func(st payment.Status) func(payment.Store) {
		return tx(func(tx payment.Tx) error { return tx.UpdatePayment(context.Background(), payment.Payment{Status: st}) })
	}
	tests := []struct {
		point   crashpoint.Point
		write   func(payment.Store)
		commits int // durable when the process ends
	}{
		{crashpoint.BeforeW1, intent, 0},
		{crashpoint.AfterW1, intent, 1},
		{crashpoint.AfterW2, outcome(payment.Done), 1},
		{crashpoint.AfterW3, outcome(payment.Unknown), 1},
		{crashpoint.AfterW3, become(payment.Unknown), 1},
		{crashpoint.AfterW4, become(payment.Aborted), 1},
		{crashpoint.CancelBeforeW1, reserve, 0},
		{crashpoint.CancelAfterW1, reserve, 1},
		{crashpoint.CancelBeforeW2, finish, 0},
		{crashpoint.CancelAfterW2, finish, 1},
	}
	for _, test := range tests {
		t.Run(string(test.point), func(t *testing.T) {
			t.Parallel()
			m := &memory{}
			s := trap(t, string(test.point)+":1").Store(m)
			if !dies(func() { test.write(s) }) || m.commits != test.commits {
				t.Errorf("did not end with %d commits, but %d", test.commits, m.commits)
			}
			for _, other := range tests {
				if other.point != test.point && dies(func() { other.write(s) }) {
					t.Errorf("ended again at %s", other.point)
				}
			}
		})
	}
}
