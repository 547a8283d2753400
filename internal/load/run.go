package load

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
)

// Mix is how often each action is chosen, by weight.
type Mix struct {
	Pay         int // a new payment
	Get         int // an acknowledged payment is read
	Order       int // it is looked up by its order
	CancelWhole int
	CancelPart  int
	Replay      int // an earlier press once more, final or not
}

// actions in the order of Mix.
const (
	pay = iota
	get
	order
	cancelWhole
	cancelPart
	replay
)

func (m Mix) weights() [6]int {
	return [6]int{m.Pay, m.Get, m.Order, m.CancelWhole, m.CancelPart, m.Replay}
}

// pick chooses an action.
func (m Mix) pick(d *Dice) int {
	sum := 0
	for _, w := range m.weights() {
		sum += w
	}
	n := d.Roll(max(sum, 1))
	for action, w := range m.weights() {
		if n -= w; n < 0 {
			return action
		}
	}
	return pay
}

// Plan is a load.
type Plan struct {
	Clients []*Client // merchants, in turn
	Cards   []demo.Card
	Mix     Mix
	Seed    uint64
	Prefix  string // of keys and order ids; differs between runs on one server
	Width   int    // closed loop: clients at work; fixed rate: the most in flight
	// Rate is actions per second for a fixed rate, with delays counted from when an
	// action was due; 0 means a closed loop.
	Rate float64
	Most int // actions; 0 means until the context ends
	// Swipes has every so-manieth payment swiped, each on an encrypting reader of its own
	// (Order.Reader); 0: none. Of the plans for one server one may have it.
	Swipes int64
	// Patience is how long a press is sent again while no answer comes; then it stays
	// open. 0 means until the context ends.
	Patience time.Duration
}

// Report is what a run did.
type Report struct {
	Actions int64
	Paid    *Histogram // payments the server took, from the first send to the first answer
	Others  *Histogram
	Elapsed time.Duration
}

// PerSecond is the payments per second of the run.
func (r Report) PerSecond() float64 {
	return float64(r.Paid.Count()) / max(r.Elapsed.Seconds(), 1e-9)
}

// runner is one run under way.
type runner struct {
	plan   Plan
	book   *Book
	clock  clock.Clock
	number atomic.Int64
	report Report
}

// Run makes the load until the plan is done or ctx ends, and waits for what is under
// way. What the server refuses for good reasons (a balance that is used up, a
// payment that was cancelled) is counted in the book, not complained about.
func (b *Book) Run(ctx context.Context, p Plan) Report {
	r := &runner{plan: p, book: b, clock: b.clock, report: Report{Paid: &Histogram{}, Others: &Histogram{}}}
	start := r.clock.Now()
	if p.Rate > 0 {
		r.atRate(ctx)
	} else {
		r.closed(ctx)
	}
	r.report.Elapsed = r.clock.Now().Sub(start)
	r.report.Actions = r.number.Load()
	return r.report
}

// next takes a number, false when the plan is done.
func (r *runner) next() (int64, bool) {
	n := r.number.Add(1)
	if r.plan.Most > 0 && n > int64(r.plan.Most) {
		r.number.Add(-1)
		return 0, false
	}
	return n, true
}

func (r *runner) closed(ctx context.Context) {
	var all sync.WaitGroup
	for i := range r.plan.Width {
		dice := NewDice(r.plan.Seed + uint64(i))
		all.Go(func() {
			for ctx.Err() == nil {
				n, ok := r.next()
				if !ok {
					return
				}
				r.act(ctx, dice, n, r.clock.Now())
			}
		})
	}
	all.Wait()
}

func (r *runner) atRate(ctx context.Context) {
	slots := make(chan struct{}, r.plan.Width)
	var all sync.WaitGroup
	defer all.Wait()
	seeds := NewDice(r.plan.Seed)
	start := r.clock.Now()
	for ctx.Err() == nil {
		n, ok := r.next()
		if !ok {
			return
		}
		due := start.Add(time.Duration(float64(n-1) / r.plan.Rate * float64(time.Second)))
		if wait := due.Sub(r.clock.Now()); wait > 0 && r.clock.Sleep(ctx, wait) != nil {
			return
		}
		dice := NewDice(uint64(seeds.Roll(1 << 30))) //nolint:gosec // not negative
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		all.Go(func() {
			defer func() { <-slots }()
			r.act(ctx, dice, n, due)
		})
	}
}

// act does one action; its delay counts from the time it was due.
func (r *runner) act(ctx context.Context, d *Dice, n int64, due time.Time) {
	action := r.plan.Mix.pick(d)
	sale := r.book.sale(d)
	if action != pay && sale == nil {
		action = pay
	}
	name := fmt.Sprintf("%s-%d", r.plan.Prefix, n)
	var err error
	switch action {
	case pay:
		c := r.plan.Clients[n%int64(len(r.plan.Clients))]
		o := Order{ID: name, Amount: int64(1000 + 10*d.Roll(4900))}
		if r.plan.Swipes > 0 && n%r.plan.Swipes == 0 {
			o.Reader = uint32(n % (1 << 19)) //nolint:gosec // 19 bits
		}
		_, err = r.book.NewPayment(c, "pay-"+name, o, r.plan.Cards[d.Roll(len(r.plan.Cards))]).Push(ctx, r.plan.Patience)
	case get:
		err = r.see(ctx, sale, func() (Answer, error) { return sale.client.Get(ctx, sale.Payment.ID) })
	case order:
		err = r.see(ctx, sale, func() (Answer, error) { return sale.client.ByOrder(ctx, sale.Payment.OrderID) })
	case cancelWhole:
		_, err = r.book.NewCancel(sale.client, "cancel-"+name, sale.Payment.ID, 0).Push(ctx, r.plan.Patience)
	case cancelPart:
		_, err = r.book.NewCancel(sale.client, "cancel-"+name, sale.Payment.ID, 1+sale.Payment.Amount/3).Push(ctx, r.plan.Patience)
	case replay:
		_, _, err = r.book.press(d).Send(ctx)
	}
	h := r.report.Others
	if action == pay {
		h = r.report.Paid
	}
	if err == nil {
		h.Add(r.clock.Now().Sub(due))
	}
}

// see reads an acknowledged sale: whatever happened since, it must be there and be a
// sale. A server that is away is no complaint; the caller goes on.
func (r *runner) see(ctx context.Context, s *Sale, read func() (Answer, error)) error {
	a, err := read()
	if err != nil {
		if ctx.Err() == nil {
			_ = r.clock.Sleep(ctx, lastWait/4) // the server may be starting
		}
		return err
	}
	if a.Status != http.StatusOK {
		if a.Status != http.StatusServiceUnavailable && a.Status != http.StatusTooManyRequests {
			r.book.complain("payment %s was acknowledged and is answered with %d %s", s.Payment.ID, a.Status, a.Code())
		}
		return nil
	}
	p, err := a.Payment()
	if err != nil || p.ID != s.Payment.ID || p.Amount != s.Payment.Amount || !p.Live() {
		r.book.complain("payment %s was acknowledged as DONE and is now %s (%v)", s.Payment.ID, a.Body, err)
	}
	return nil
}
