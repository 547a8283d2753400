package fault_test

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/load"
)

// hands press each key at once.
const hands = 50

// oneKey has many hands press each of n keys at once: one payment each, the same
// bytes for everyone, and another body under the key is refused.
func (w *world) oneKey(name string, n int) {
	w.t.Helper()
	before, err := w.sim.Last(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	card := w.card("APPROVE")
	start := make(chan struct{})
	var all sync.WaitGroup
	for k := range n {
		// Every hand has a book of its own: they know nothing of each other.
		answers := make([]load.Answer, hands)
		o := load.Order{ID: fmt.Sprintf("order-%s-%d", name, k), Amount: int64(20_000 + k)}
		key := fmt.Sprintf("%s-%d", name, k)
		var mine sync.WaitGroup
		for h := range hands {
			mine.Go(func() {
				<-start
				p := load.NewBook(clock.System{}).NewPayment(w.client(k), key, o, card)
				if _, err := p.Finish(w.t.Context()); err != nil {
					w.t.Error(err)
				}
				_, answers[h], _ = p.Verdict()
			})
		}
		all.Go(func() {
			mine.Wait()
			for _, a := range answers {
				if a.Status != http.StatusCreated || !bytes.Equal(a.Body, answers[0].Body) {
					w.t.Errorf("hands on key %s got %d %s and %s", key, a.Status, a.Body, answers[0].Body)
					return
				}
			}
			o.Amount++
			other := load.NewBook(clock.System{}).NewPayment(w.client(k), key, o, card)
			if a, _, err := other.Send(w.t.Context()); err != nil || a.Status != http.StatusUnprocessableEntity {
				w.t.Errorf("another body under key %s: %d %s, %v", key, a.Status, a.Code(), err)
			}
		})
	}
	close(start)
	all.Wait()
	w.took("keys pressed by many", n)
	w.authorizedOnce(before, n)
}

// authorizedOnce sees that the acquirer was asked exactly n times since.
func (w *world) authorizedOnce(after int64, n int) {
	w.t.Helper()
	journal, err := w.sim.Journal(w.t.Context(), after)
	if err != nil {
		w.t.Fatal(err)
	}
	seen := map[int64]int{}
	for _, e := range journal {
		if e.Type == "AUTHORIZE" {
			seen[e.Amount]++
		}
	}
	for amount, times := range seen {
		if times != 1 {
			w.t.Errorf("the acquirer saw %d authorizations of %d won", times, amount)
		}
	}
	if len(seen) != n {
		w.t.Errorf("the acquirer saw %d payments, want %d", len(seen), n)
	}
}

// TestTwoInstances does on two servers of one PostgreSQL what one must hold, and
// kills one of them under load: the other settles what it left.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	w := begin(t, 2)
	w.hears("live")
	w.oneKey("key", 20)
	w.twoCancels("twice", rounds)
	w.cancelAgainstReversal("against", rounds)

	var all []*load.Press
	for _, do := range []string{"APPROVE", "TIMEOUT", "LATE", "DROP", "GARBAGE", "WRONG_AMOUNT", "DUPLICATE", "NO_ORIGINAL"} {
		all = append(all, w.payments("mixed-"+do, 25, w.card(do))...)
	}
	kill := time.AfterFunc(500*time.Millisecond, w.servers[1].Kill)
	defer kill.Stop()
	w.finish(all, len(all))
	<-w.servers[1].Exited()
	w.talkTo(w.servers[0].Base)
	w.judge()
}
