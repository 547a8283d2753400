package fault_test

import (
	"fmt"
	"sync"
	"testing"

	"innopay/internal/load"
)

// half is how many voids, and how many refunds, meet each fault. Every cancel costs
// the hash of a password, so these are fewer than the payments of TestAuthorize.
const half = each / 4

// TestCancel has every fault of a void and of a refund. A cancel ends as done or as
// refused, and the acquirer's books agree.
func TestCancel(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	whole := w.sales("void", half*len(load.Dos))
	part := w.sales("refund", half*len(load.Dos))
	w.script("VOID", half)
	w.script("REFUND", half)
	var all []*load.Press
	for i, s := range whole {
		all = append(all, w.book.NewCancel(s.Client(), fmt.Sprintf("void-%d", i), s.Payment.ID, 0))
	}
	for i, s := range part {
		all = append(all, w.book.NewCancel(s.Client(), fmt.Sprintf("refund-%d", i), s.Payment.ID, s.Payment.Amount/3))
	}
	w.finish(all, width)
	got := map[string]int{}
	for _, p := range all {
		got[cancelOutcome(p)]++
	}
	if got["DONE"] < half*len(load.Dos) || got["DONE"]+got["FAILED"] != len(all) {
		t.Errorf("cancels ended as %v", got)
	}
	w.judge()
}

// cancelOutcome is the status of the cancel that the press made.
func cancelOutcome(p *load.Press) string {
	v, a, code := p.Verdict()
	if v != load.Final {
		return v.String() + code
	}
	pay, err := a.Payment()
	if err != nil || len(pay.Cancels) == 0 {
		return fmt.Sprint("no cancel ", err)
	}
	return pay.Cancels[len(pay.Cancels)-1].Status
}

// TestCancelAfterCapture has whole cancels come after the day was captured: the void
// is too late and becomes a refund under the same cancel.
func TestCancelAfterCapture(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	sales := w.sales("captured", 20)
	if err := w.sim.Capture(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []*load.Press
	for i, s := range sales {
		all = append(all, w.book.NewCancel(s.Client(), fmt.Sprintf("captured-%d", i), s.Payment.ID, 0))
	}
	w.finish(all, width)
	for _, p := range all {
		_, a, _ := p.Verdict()
		pay, err := a.Payment()
		if err != nil || pay.Status != "CANCELED" || len(pay.Cancels) != 1 || pay.Cancels[0].Kind != "REFUND" {
			t.Errorf("cancel after capture: %v %s", err, a.Body)
		}
	}
	w.judge()
}

// rounds of a race.
const rounds = 50

// race presses all at once and waits until each has ended.
func (w *world) race(ps []*load.Press) {
	w.t.Helper()
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, p := range ps {
		all.Go(func() {
			<-start
			if _, err := p.Finish(w.t.Context()); err != nil {
				w.t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	w.took("raced", len(ps))
}

// twoCancels cancels each of n sales twice at once: one cancel each.
func (w *world) twoCancels(name string, n int) {
	w.t.Helper()
	sales := w.sales(name, n)
	var all []*load.Press
	for i, s := range sales {
		for j := range 2 {
			all = append(all, w.book.NewCancel(s.Client(), fmt.Sprintf("%s-%d-%d", name, i, j), s.Payment.ID, 0))
		}
	}
	w.race(all)
	for i := range sales {
		first, second := cancelOutcome(all[2*i]), cancelOutcome(all[2*i+1])
		if (first == "DONE") == (second == "DONE") {
			w.t.Errorf("two cancels at once ended as %s and %s", first, second)
		}
	}
}

// tooMuch cancels 40 % of each of n sales three times at once: two cancels each.
func (w *world) tooMuch(name string, n int) {
	w.t.Helper()
	sales := w.sales(name, n)
	var all []*load.Press
	for i, s := range sales {
		for j := range 3 {
			all = append(all, w.book.NewCancel(s.Client(), fmt.Sprintf("%s-%d-%d", name, i, j), s.Payment.ID, s.Payment.Amount*2/5))
		}
	}
	w.race(all)
	for _, s := range sales {
		a, err := s.Client().Get(w.t.Context(), s.Payment.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		pay, err := a.Payment()
		if err != nil || len(pay.Cancels) != 2 || pay.Canceled() != 2*(s.Payment.Amount*2/5) {
			w.t.Errorf("after three cancels of 40 %%, %v: %s", err, a.Body)
		}
	}
}

// cancelAgainstReversal keeps cancelling n payments whose outcome is unknown while
// they are reversed: the reversal is the one movement.
func (w *world) cancelAgainstReversal(name string, n int) {
	w.t.Helper()
	ps := w.payments(name, n, w.card("TIMEOUT"))
	var all sync.WaitGroup
	for i, p := range ps {
		all.Go(func() {
			if _, err := p.Push(w.t.Context(), 0); err != nil {
				w.t.Error(err)
				return
			}
			a, err := w.client(i).ByOrder(w.t.Context(), p.OrderID)
			if err != nil {
				w.t.Error(err)
				return
			}
			pay, err := a.Payment()
			if err != nil {
				w.t.Error(err)
				return
			}
			for j := range 2 {
				c := w.book.NewCancel(w.client(i), fmt.Sprintf("%s-%d-%d", name, i, j), pay.ID, 0)
				if v, err := c.Finish(w.t.Context()); err != nil || v != load.Refused {
					w.t.Errorf("a cancel of a payment that is being reversed ended as %v %s, %v", v, cancelOutcome(c), err)
				}
			}
			if _, err := p.Finish(w.t.Context()); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
	w.took("reversed against cancels", n)
	for _, p := range ps {
		if o := outcome(p); o != reversed[0] {
			w.t.Errorf("%s ended as %s", p.Key, o)
		}
	}
}

// TestRaces has clients press at once what only one may get.
func TestRaces(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	w.twoCancels("twice", rounds)
	w.tooMuch("parts", rounds/2)
	w.cancelAgainstReversal("against", rounds)
	w.oneKey("key", 20)
	w.judge()
}
