package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/cashreceipt"
	"innopay/internal/pgtest"
	"innopay/internal/store"
	"innopay/internal/taxreceipt"
)

var (
	postgres        = sync.OnceValues(pgtest.Start)
	postgresStarted atomic.Bool
)

func TestMain(m *testing.M) {
	code := m.Run()
	if postgresStarted.Load() {
		if s, err := postgres(); err == nil {
			if err := s.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				code = 1
			}
		}
	}
	os.Exit(code)
}

// onBoth runs a test on rigs of both engines.
func onBoth(t *testing.T, run func(t *testing.T, r *rig)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		run(t, newRig(t, unlimited))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		postgresStarted.Store(true)
		s, err := postgres()
		must(t, err)
		url, err := s.Database(t.Context(), nil)
		must(t, err)
		run(t, newRigOn(t, store.Options{PostgresURL: url}, cheap, unlimited))
	})
}

// instance is the receipts of one more server on the same database.
func (r *rig) instance(t *testing.T, owner string, change func(*taxreceipt.Options)) *taxreceipt.Service {
	t.Helper()
	o := r.options.CashReceipts.Options
	o.Owner = owner
	if r.engine.PostgresURL != "" {
		db, err := store.Open(t.Context(), r.engine)
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		o.Store = db
	}
	if change != nil {
		change(&o)
	}
	return taxreceipt.New(o)
}

// once fails where the office issued something twice, or was sent it twice in vain.
func (o *office) once(t *testing.T) {
	t.Helper()
	for _, b := range o.all() {
		if b.times != 1 {
			t.Errorf("%s of %v was issued %d times", b.ref.Number, b.split.Amount, b.times)
		}
	}
}

// TestManyWorkersIssueOnce has the workers of four servers at the same receipts.
func TestManyWorkersIssueOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		const sales = 24
		var sold []map[string]any
		for range sales {
			sold = append(sold, r.sell(t, 11_000, aPerson))
		}
		work := func() {
			var all sync.WaitGroup
			for w := range 4 {
				s := r.instance(t, fmt.Sprint("worker-", w), nil)
				all.Go(func() {
					for range sales {
						if _, err := s.Round(t.Context()); err != nil {
							t.Errorf("worker %d: %v", w, err)
						}
					}
				})
			}
			all.Wait()
		}
		work()
		for i, p := range sold {
			if i%2 == 0 {
				r.cancelReceipt(r.one, r.receiptOf(t, p)["id"], 1_100).want(t, http.StatusOK)
			}
		}
		work()
		for i, p := range sold {
			got := r.receiptOf(t, p)
			states, sum := cancelsOf(got)
			if got["status"] != "ISSUED" || got["balanceAmount"] != 11_000.0-sum || len(states) != 1-i%2 || len(states) == 1 && states[0] != "ISSUED" {
				t.Errorf("%v", got)
			}
		}
		r.office.once(t)
		if n := len(r.office.all()); n != sales+sales/2 {
			t.Errorf("%d in the books", n)
		}
		r.booksAreRight(t)
	})
}

// TestOneReceiptOfOneSaleWhateverRaces lets receipts be asked for by hand, parts of the
// sale cancelled and parts of the receipt taken back, all at once.
func TestOneReceiptOfOneSaleWhateverRaces(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		for round := range 12 {
			p := r.sell(t, 20_000, nil)
			var issued, returned atomic.Int64
			var all sync.WaitGroup
			for n := range 4 {
				all.Go(func() {
					switch a := r.issueOf(p, aPerson); a.StatusCode {
					case http.StatusCreated:
						issued.Add(1)
					case http.StatusConflict, http.StatusTooManyRequests:
					default:
						t.Errorf("issue: %d %s", a.StatusCode, a.body)
					}
				})
				all.Go(func() {
					switch a := r.cancelCash(t, r.one, p, 3_000+n); a.StatusCode {
					case http.StatusOK:
						returned.Add(int64(3_000 + n))
					case http.StatusConflict, http.StatusTooManyRequests:
					default:
						t.Errorf("cancel: %d %s", a.StatusCode, a.body)
					}
				})
			}
			all.Go(func() {
				for range 4 {
					if _, err := r.dispatcher.Round(t.Context()); err != nil {
						t.Errorf("told: %v", err)
					}
				}
			})
			all.Wait()
			if issued.Load() == 0 { // every one met a cancel: now there is none
				r.issueOf(p, aPerson).want(t, http.StatusCreated)
			}
			if issued.Load() > 1 {
				t.Errorf("round %d: %d receipts", round, issued.Load())
			}
			r.passTime(t, 3*time.Second, time.Second)
			if got := r.receiptOf(t, p); got["balanceAmount"] != 20_000.0-float64(returned.Load()) || got["status"] != "ISSUED" {
				t.Errorf("round %d: %d returned, %v", round, returned.Load(), got)
			}
		}
		r.office.once(t)
		r.booksAreRight(t)
	})
}

// TestCancelsOfOneReceiptNeverExceedIt: of whole and partial cancels by hand, and a
// cancel of the sale, all at once, exactly the amount is taken back.
func TestCancelsOfOneReceiptNeverExceedIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		for round := range 8 {
			p := r.sell(t, 20_000, aPerson)
			if round%2 == 0 {
				r.settle(t) // else it is not issued yet
			}
			id := r.receiptOf(t, p)["id"]
			var all sync.WaitGroup
			for _, amount := range []int{0, 0, 15_000, 15_000} {
				all.Go(func() {
					if a := r.cancelReceipt(r.one, id, amount); a.StatusCode != http.StatusOK && a.StatusCode != http.StatusConflict {
						t.Errorf("by hand: %d %s", a.StatusCode, a.body)
					}
				})
			}
			all.Go(func() { r.cancelCash(t, r.one, p, 0).want(t, http.StatusOK) })
			all.Wait()
			r.passTime(t, 3*time.Second, time.Second)
			got := r.receiptOf(t, p)
			if _, sum := cancelsOf(got); got["status"] != "CANCELED" || sum != 20_000 {
				t.Errorf("round %d: %v", round, got)
			}
		}
		r.office.once(t)
		r.booksAreRight(t)
	})
}

func TestFiftyPressesOfOneSaleHaveOneReceipt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		body := map[string]any{
			"method": "CASH", "orderId": "cash-fifty", "orderName": "아메리카노", "amount": 11_000, "cash": map[string]any{"received": 20_000, "receipt": aPerson},
		}
		answers := make([]reply, 50)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("fifty").do()
			})
		}
		all.Wait()
		first := ""
		for _, a := range answers {
			if a.StatusCode != http.StatusCreated {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			if first == "" {
				first = string(a.body)
			}
			if string(a.body) != first {
				t.Errorf("answers differ: %s / %s", a.body, first)
			}
		}
		r.settle(t)
		list, _ := r.to(http.MethodGet, "/v1/cash-receipts", nil).as(r.one).do().json(t)["cashReceipts"].([]any)
		if len(list) != 1 || len(r.office.all()) != 1 {
			t.Errorf("%d receipts, %d in the books", len(list), len(r.office.all()))
		}
		body["cash"] = map[string]any{"received": 20_000, "receipt": map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000005678"}}
		if a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("fifty").do(); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
			t.Errorf("for another person: %d %s", a.StatusCode, a.body)
		}
		r.office.once(t)
		r.booksAreRight(t)
	})
}

// errKilled is what a dead process writes.
var errKilled = errors.New("killed")

// dying is an office, and the store beside it, of a server that is killed when a message
// is with the office: nothing is written any more.
type dying struct {
	cashreceipt.Issuer
	taxreceipt.Store
	acts bool // the office had it, else it was lost on its way
	dead atomic.Bool
}

func (d *dying) Issue(ctx context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	if d.dead.Store(true); !d.acts {
		return cashreceipt.Answer{}
	}
	return d.Issuer.Issue(ctx, in)
}

func (d *dying) Cancel(ctx context.Context, in cashreceipt.Cancel) cashreceipt.Answer {
	if d.dead.Store(true); !d.acts {
		return cashreceipt.Answer{}
	}
	return d.Issuer.Cancel(ctx, in)
}

func (d *dying) ReceiptTx(ctx context.Context, fn func(ctx context.Context, tx taxreceipt.Tx) error) error {
	if d.dead.Load() {
		return errKilled
	}
	return d.Store.ReceiptTx(ctx, fn)
}

// kill has a worker begin what is due and die with the message on its way.
func (r *rig) kill(t *testing.T, owner string, acts bool) {
	t.Helper()
	var d *dying
	s := r.instance(t, owner, func(o *taxreceipt.Options) {
		d = &dying{Issuer: o.Office, Store: o.Store, acts: acts}
		o.Office, o.Store = d, d
	})
	if _, err := s.Round(t.Context()); err != nil || !d.dead.Load() {
		t.Fatalf("killed: %v, %v", d.dead.Load(), err)
	}
}

// TestKilledBetweenTheMessageAndItsAnswer: whoever comes after asks before it sends, for
// receipts and for their cancels.
func TestKilledBetweenTheMessageAndItsAnswer(t *testing.T) {
	t.Parallel()
	for name, acts := range map[string]bool{"the office has it": true, "it was lost": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, r *rig) {
				p := r.sell(t, 11_000, aPerson)
				r.kill(t, "first", acts)
				if got := r.receiptOf(t, p); got["status"] != "UNKNOWN" {
					t.Fatalf("not durable before it left: %v", got)
				}
				r.passTime(t, 2*time.Second, time.Second)
				if n := len(r.office.all()); acts != (n == 1) {
					t.Errorf("taken over before its time: %d in the books", n)
				}
				r.passTime(t, 30*time.Second, time.Second)
				got := r.receiptOf(t, p)
				if got["status"] != "ISSUED" || len(r.office.all()) != 1 {
					t.Errorf("%v, %d in the books", got, len(r.office.all()))
				}
				r.cancelReceipt(r.one, got["id"], 1_100).want(t, http.StatusOK)
				r.kill(t, "second", acts)
				r.passTime(t, 30*time.Second, time.Second)
				got = r.receiptOf(t, p)
				if states, _ := cancelsOf(got); fmt.Sprint(states) != "[ISSUED]" || got["balanceAmount"] != 9_900.0 || len(r.office.all()) != 2 {
					t.Errorf("%v, %d in the books", got, len(r.office.all()))
				}
				r.office.once(t)
				r.booksAreRight(t)
			})
		})
	}
}

// TestLateAnswerMeetsACancel: a cancel that comes while the receipt is under way changes
// the row under the worker, whose answer is then asked for, not written over it.
func TestLateAnswerMeetsACancel(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		p := r.sell(t, 11_000, aPerson)
		id := fmt.Sprint(r.receiptOf(t, p)["id"])
		s := r.instance(t, "slow", func(o *taxreceipt.Options) {
			o.Office = &slow{Issuer: o.Office, meanwhile: func() {
				if _, err := r.options.CashReceipts.Cancel(t.Context(), taxreceipt.Taking{Tenant: r.one.Tenant(), ReceiptID: id, Reason: cashreceipt.IssuedInError, Actor: "test"}); err != nil {
					t.Error(err)
				}
			}}
		})
		_, err := s.Round(t.Context())
		must(t, err)
		r.passTime(t, 30*time.Second, time.Second)
		got := r.receiptOf(t, p)
		if states, _ := cancelsOf(got); got["status"] != "CANCELED" || fmt.Sprint(states) != "[ISSUED]" || len(r.office.all()) != 2 {
			t.Errorf("%v, %d in the books", got, len(r.office.all()))
		}
		r.office.once(t)
		r.booksAreRight(t)
	})
}

// slow is an office in whose answer's time something else happens.
type slow struct {
	cashreceipt.Issuer
	meanwhile func()
}

func (s *slow) Issue(ctx context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	an := s.Issuer.Issue(ctx, in)
	s.meanwhile()
	return an
}
