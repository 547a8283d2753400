package load_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/load"
)

func TestHistogramQuantiles(t *testing.T) {
	t.Parallel()
	var h load.Histogram
	for i := 1; i <= 1000; i++ {
		h.Add(time.Duration(i) * time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.99: 990 * time.Millisecond, 1: time.Second} {
		if got := h.Quantile(q); got < want || got > want+want/16 {
			t.Errorf("quantile %v is %v, want about %v", q, got, want)
		}
	}
	if h.Count() != 1000 || h.Max() != time.Second {
		t.Errorf("count %d, longest %v", h.Count(), h.Max())
	}
}

func TestDiceRepeat(t *testing.T) {
	t.Parallel()
	a, b := load.NewDice(7), load.NewDice(7)
	seen := map[int]bool{}
	for range 1000 {
		x, y := a.Roll(10), b.Roll(10)
		if x != y || x < 0 || x > 9 {
			t.Fatalf("dice of one seed threw %d and %d", x, y)
		}
		seen[x] = true
	}
	if len(seen) != 10 {
		t.Errorf("only %d of 10 sides were thrown", len(seen))
	}
}

// server answers every POST with what say makes of the number of the request.
func server(t *testing.T, say func(n int64, w http.ResponseWriter, r *http.Request)) (*load.Book, *load.Client) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { say(n.Add(1), w, r) }))
	t.Cleanup(s.Close)
	return load.NewBook(clock.System{}), load.NewClient(demo.Merchant{SecretKey: "key"}, s.Client().Transport, s.URL)
}

func payment(w http.ResponseWriter, status int, state, more string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"id":"pay_1","orderId":"order-1","amount":1000,"balanceAmount":1000,"status":%q%s}`, state, more)
}

func TestPressRepeatsUntilItIsFinal(t *testing.T) {
	t.Parallel()
	keys := make(chan string, 10)
	book, c := server(t, func(n int64, w http.ResponseWriter, r *http.Request) {
		keys <- r.Header.Get("Idempotency-Key")
		switch n {
		case 1:
			panic(http.ErrAbortHandler) // the connection breaks without an answer
		case 2:
			w.WriteHeader(http.StatusConflict)
			_, _ = fmt.Fprint(w, `{"code":"IN_PROGRESS"}`)
		case 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 4:
			payment(w, http.StatusAccepted, "UNKNOWN", "")
		default:
			payment(w, http.StatusCreated, "DONE", "")
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	p := book.NewPayment(c, "key-1", load.Order{ID: "order-1", Amount: 1000}, demo.Card{Number: "4"})
	if v, err := p.Push(ctx, 0); v != load.Open || err != nil {
		t.Fatalf("pushed to %v, %v", v, err)
	}
	if v, err := p.Finish(ctx); v != load.Final || err != nil {
		t.Fatalf("finished at %v, %v", v, err)
	}
	close(keys)
	for k := range keys {
		if k != "key-1" {
			t.Errorf("sent under key %q", k)
		}
	}
	if c := book.Complaints(); len(c) != 0 || len(book.Sales()) != 1 {
		t.Errorf("complaints %q, %d sales", c, len(book.Sales()))
	}
}

func TestBookComplains(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		second func(w http.ResponseWriter)
		want   string
	}{
		"other bytes":   {func(w http.ResponseWriter) { payment(w, http.StatusCreated, "DONE", " ") }, "replay differs"},
		"other status":  {func(w http.ResponseWriter) { payment(w, http.StatusAccepted, "UNKNOWN", "") }, "was followed by 202"},
		"forgotten":     {func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }, "was followed by 404"},
		"broken server": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, "status 500"},
		"its own swipe": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusConflict)
			_, _ = fmt.Fprint(w, `{"code":"SWIPE_USED"}`)
		}, "was followed by 409"},
		"not even a payment": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusCreated) }, "replay differs"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book, c := server(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
				if n == 1 {
					payment(w, http.StatusCreated, "DONE", "")
					return
				}
				test.second(w)
			})
			p := book.NewPayment(c, "key-1", load.Order{ID: "order-1", Amount: 1000}, demo.Card{Number: "4"})
			for range 2 {
				if _, _, err := p.Send(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.Join(book.Complaints(), "\n"); !strings.Contains(got, test.want) {
				t.Errorf("complaints are %q, want %q", got, test.want)
			}
		})
	}
}

func TestRunIsBounded(t *testing.T) {
	t.Parallel()
	for name, rate := range map[string]float64{"closed loop": 0, "fixed rate": 2000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var flight, most atomic.Int64
			book, c := server(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
				most.Store(max(most.Load(), flight.Add(1)))
				defer flight.Add(-1)
				w.WriteHeader(http.StatusUnprocessableEntity)
				_, _ = fmt.Fprint(w, `{"code":"INVALID_REQUEST"}`)
			})
			r := book.Run(t.Context(), load.Plan{
				Clients: []*load.Client{c}, Cards: []demo.Card{{Number: "4"}}, Mix: load.Mix{Pay: 3, Get: 1, Replay: 1},
				Seed: 1, Prefix: "order", Width: 4, Rate: rate, Most: 100,
			})
			if r.Actions != 100 || most.Load() > 4 || book.Refused()["INVALID_REQUEST"] == 0 {
				t.Errorf("%d actions, %d at once, refused %v", r.Actions, most.Load(), book.Refused())
			}
		})
	}
}
