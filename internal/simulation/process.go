package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
)

// background has no deadline: deadlines of contexts run on the machine's time.
var background = context.Background()

// process is one instance of the server. Its memory is the Service; the store is
// shared with the others and outlives it.
type process struct {
	w       *world
	index   int
	boots   int
	up      bool
	polling bool
	service *payment.Service
	wire    *wire
	calls   []*call
}

// call is a call of the core under way.
type call struct {
	task *task
	done func(answered bool)
}

// boot starts the process with an empty memory.
func (p *process) boot() {
	p.boots++
	p.up, p.polling = true, false
	owner := "instance-" + strconv.Itoa(p.index)
	if !p.w.wave.sameOwner {
		owner += "-" + strconv.Itoa(p.boots)
	}
	p.wire = &wire{w: p.w, p: p}
	p.service = payment.New(payment.Options{
		Store: &stepping{Store: p.w.store, w: p.w, p: p}, Merchants: p.w.merchants,
		Acquirers: map[string]acquirer.Acquirer{"simulator": p.wire}, Hasher: p.w.hasher,
		Issuers: issuer, Render: render, Clock: &p.w.loop, IDs: p.w.ids, Log: slog.New(slog.DiscardHandler), Owner: owner,
	})
	p.w.trace.line(p.w.now, "boot", owner)
	p.poll(p.boots)
}

func issuer(n card.PAN) (string, bool) {
	r, ok := card.Lookup(n)
	return r.Issuer, ok && r.CheckDigit
}

func render(p payment.Payment) ([]byte, error) {
	return json.Marshal([]any{p.ID, p.Status, p.Version, p.Split.Amount, p.Balance.Amount, p.Card.ApprovalNumber, p.Failure.Code, len(p.Cancels)})
}

func codeOf(err error) string {
	if err == nil {
		return "ok"
	}
	return fault.CodeOf(err)
}

// call runs f in the process. done is told whether f came to its end; it did not when
// the process is down or died meanwhile.
func (p *process) call(f func(*payment.Service), done func(answered bool)) {
	if !p.up {
		p.w.after(time.Millisecond, func() { done(false) })
		return
	}
	c := &call{done: done}
	service := p.service
	p.w.calls++
	c.task = p.w.spawn(func() { f(service) }, func(t *task) {
		p.calls = slices.DeleteFunc(p.calls, func(o *call) bool { return o == c })
		p.w.calls--
		switch {
		case t.failure != nil:
			p.w.violate("panic: %v", t.failure)
		case t.crashed:
			p.die()
			done(false)
		default:
			done(true)
		}
	})
	p.calls = append(p.calls, c)
}

// die drops the process's memory with everything under way in it, and starts it again later.
func (p *process) die() {
	p.w.report.Crashes++
	p.w.trace.line(p.w.now, "die", strconv.Itoa(p.index))
	p.up = false
	lost := p.calls
	p.calls = nil
	for _, c := range lost {
		c.task.end()
		p.w.calls--
		c.done(false)
	}
	p.w.after(p.w.between(10*time.Millisecond, 20*time.Second), p.boot)
}

// arm sees that somebody looks for due jobs.
func (w *world) arm() {
	for _, p := range w.processes {
		if p.up && !p.polling {
			p.polling = true
			boots := p.boots
			w.after(w.between(0, time.Second), func() { p.poll(boots) })
		}
	}
}

// poll leases due jobs and settles each in a call of its own.
func (p *process) poll(boots int) {
	if !p.up || p.boots != boots {
		return
	}
	p.polling = p.w.store.UnsettledCount() > 0
	if !p.polling {
		return
	}
	var jobs []payment.Unsettled
	p.call(func(s *payment.Service) {
		now := p.w.now
		var err error
		if jobs, err = s.Store.Lease(background, s.Owner, now, now.Add(p.w.wave.lease), 16); err != nil {
			jobs = nil
		}
	}, func(answered bool) {
		if !answered {
			return
		}
		for _, job := range jobs {
			p.call(func(s *payment.Service) {
				err := s.Settle(background, job)
				p.w.trace.line(p.w.now, "settle", job.AttemptID, string(job.Phase), codeOf(err))
			}, func(bool) {})
		}
	})
	p.w.after(p.w.between(500*time.Millisecond, 1500*time.Millisecond), func() { p.poll(boots) })
}

// stepping is the store as a process reaches it: every call takes time, in which
// others come first, and the process may die.
type stepping struct {
	*memory.Store
	w       *world
	p       *process
	pending []payment.Intent // of SendFirst
}

func (s *stepping) wait() {
	d := s.w.between(50*time.Microsecond, 2*time.Millisecond)
	if s.w.faults && s.w.chance(s.w.wave.stall) {
		d = s.w.between(0, 12*time.Second)
	}
	s.w.pause(d)
}

// Payment implements payment.Reader.
func (s *stepping) Payment(_ context.Context, t merchant.Tenant, id string) (payment.Payment, error) {
	s.wait()
	return s.Store.Payment(background, t, id)
}

// PaymentByOrder implements payment.Reader.
func (s *stepping) PaymentByOrder(_ context.Context, t merchant.Tenant, orderID string) (payment.Payment, error) {
	s.wait()
	return s.Store.PaymentByOrder(background, t, orderID)
}

// Attempts implements payment.Reader.
func (s *stepping) Attempts(_ context.Context, t merchant.Tenant, paymentID string) ([]payment.Attempt, error) {
	s.wait()
	return s.Store.Attempts(background, t, paymentID)
}

// Idempotency implements payment.Reader.
func (s *stepping) Idempotency(_ context.Context, t merchant.Tenant, operation, key string) (payment.Idempotency, error) {
	s.wait()
	return s.Store.Idempotency(background, t, operation, key)
}

// CommitIntents implements payment.Committer.
func (s *stepping) CommitIntents(_ context.Context, is []payment.Intent) []error {
	s.wait()
	defer s.w.arm()
	if s.w.opts.Plant == SendFirst {
		s.pending = append(s.pending, is...)
		return make([]error, len(is))
	}
	errs := s.Store.CommitIntents(background, is)
	if s.w.opts.Plant == SendTwice && errors.Is(errs[0], payment.ErrKeyTaken) {
		again := is[0]
		again.Key.Key += "'"
		again.Unsettled.Key = again.Key.Key
		again.Payment.OrderID += "-2"
		errs = s.Store.CommitIntents(background, []payment.Intent{again})
	}
	if s.w.faults && s.w.chance(s.w.wave.stall) {
		s.wait() // the process stands still between W1 and N1
	}
	return errs
}

// CommitOutcomes implements payment.Committer.
func (s *stepping) CommitOutcomes(_ context.Context, os []payment.Outcome) []error {
	s.wait()
	if s.w.opts.Plant == SendFirst {
		held := s.pending
		s.pending = nil
		s.Store.CommitIntents(background, held)
	}
	if s.w.opts.Plant == DropJob {
		os[0].Settled, os[0].Unsettled = true, nil
	}
	return s.Store.CommitOutcomes(background, os)
}

// Tx implements payment.Store.
func (s *stepping) Tx(_ context.Context, fn func(ctx context.Context, tx payment.Tx) error) error {
	s.wait()
	defer s.w.arm()
	if s.w.opts.Plant != NoCancelGuard {
		return s.Store.Tx(background, fn)
	}
	return s.Store.Tx(background, func(ctx context.Context, tx payment.Tx) error { return fn(ctx, unguarded{tx}) })
}

// Lease implements payment.Store.
func (s *stepping) Lease(_ context.Context, owner string, now, until time.Time, limit int) ([]payment.Unsettled, error) {
	s.wait()
	return s.Store.Lease(background, owner, now, until, limit)
}

// LateAnswer implements payment.Store.
func (s *stepping) LateAnswer(_ context.Context, t merchant.Tenant, attemptID, evidence string) error {
	s.wait()
	return s.Store.LateAnswer(background, t, attemptID, evidence)
}

// STANs implements payment.Store. It takes no time: the core holds a lock meanwhile,
// and in one thread whoever waits for a lock waits for ever.
func (s *stepping) STANs(_ context.Context, t merchant.Tenant, terminalID string, n int) (int64, error) {
	return s.Store.STANs(background, t, terminalID, n)
}

// unguarded is the planted bug NoCancelGuard: every cancel sees the whole balance.
type unguarded struct{ payment.Tx }

// Payment shows a balance from which nothing was taken.
func (u unguarded) Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error) {
	p, err := u.Tx.Payment(ctx, t, id)
	if p.Status.Approved() {
		p.Balance = p.Split
	}
	return p, err
}
