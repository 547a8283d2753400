package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/retention"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

// recorder is a subscriber that remembers versions by subject.
type recorder struct {
	mu   sync.Mutex
	told map[string][]int64
}

func (*recorder) Name() string { return "recorder" }

func (r *recorder) Deliver(_ context.Context, e outbox.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told[e.Subject] = append(r.told[e.Subject], e.Version)
	return nil
}

// TestDispatch has two instances share events of many merchants.
func TestDispatch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		const payments = 120
		ctx := context.Background()
		c := clock.NewFake(storetest.Start.Add(time.Minute))
		o.Clock = restless{c}
		db, d := open(t, o), storetest.NewDesk(81)
		first, second := db.Wake(), db.Wake()
		var ins []payment.Intent
		var outs []payment.Outcome
		for i := range payments {
			d.Merchant = fmt.Sprintf("mer_%d", i%20)
			in := d.Intent()
			ins, outs = append(ins, in), append(outs, d.Unknown(in))
		}
		for _, err := range append(db.CommitIntents(ctx, ins), db.CommitOutcomes(ctx, outs)...) {
			ok(t, err)
		}
		for i, woken := range []<-chan struct{}{first, second} {
			select {
			case <-woken:
			default:
				t.Errorf("events were committed and listener %d was not woken", i)
			}
		}
		// Versions 3 and 4 of some, written in the wrong order of their ids.
		ok(t, db.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			for i, v := range []int64{4, 3} {
				e := outs[7].Event
				e.ID, e.Version = fmt.Sprintf("evt_%d", i), v
				if err := tx.Emit(ctx, e); err != nil {
					return err
				}
			}
			return nil
		}))
		r := &recorder{told: map[string][]int64{}}
		var work sync.WaitGroup
		for i := range 2 {
			ds := &outbox.Dispatcher{
				Store: db, Subscribers: []outbox.Subscriber{r}, Clock: c, Log: slog.New(slog.DiscardHandler), Owner: fmt.Sprint("instance ", i),
			}
			work.Go(func() {
				for range 5 {
					if _, err := ds.Round(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		if len(r.told) != payments {
			t.Errorf("%d of %d subjects were told", len(r.told), payments)
		}
		if got := r.told[outs[7].Event.Subject]; !slices.Equal(got, []int64{2, 3, 4}) {
			t.Errorf("versions were told as %v", got)
		}
		if n, err := db.PurgeEvents(ctx, c.Now().Add(time.Second), 1000); err != nil || n != payments+2 {
			t.Errorf("purged %d, %v", n, err)
		}
	})
}

// TestSeal has two sealers of one database while payments go on.
func TestSeal(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		c := clock.NewFake(storetest.Start.Add(time.Minute))
		o.Clock = restless{c}
		db := open(t, o)
		var work sync.WaitGroup
		for i := range 4 {
			work.Go(func() {
				d := storetest.NewDesk(uint64(90 + i)) //nolint:gosec // small
				for range 40 {
					in := d.Intent()
					for _, err := range append(db.CommitIntents(ctx, []payment.Intent{in}), db.CommitOutcomes(ctx, []payment.Outcome{d.Approved(in)})...) {
						if err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		sealers := make([]*audit.Sealer, 2)
		for i := range sealers {
			sealers[i] = &audit.Sealer{Store: db, Clock: c, Owner: fmt.Sprint("sealer ", i)}
			work.Go(func() {
				for range 20 {
					if _, err := sealers[i].Round(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		c.Advance(2 * audit.LeaseFor) // whoever died, the other goes on
		for more := true; more; {
			var err error
			more, err = sealers[1].Round(ctx)
			ok(t, err)
		}
		head, err := db.Head(ctx)
		if err != nil || head.Seq != 320 {
			t.Errorf("head %+v %v, want 320 seals", head, err)
		}
		ok(t, db.Verify(ctx, store.VerifyOptions{Heads: []audit.Seal{head}}, func(f store.Fault) { t.Errorf("%+v", f) }))
		if err := db.AppendSeals(ctx, 7, []audit.Seal{{Seq: 8, RecordID: "aud_x", Hash: "x"}}); err == nil {
			t.Error("a seal was put beside the head")
		}
	})
}

// TestSweepingKeys removes old answers that are final, of one merchant, a few at a time.
func TestSweepingKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		db, d, other := open(t, o), storetest.NewDesk(95), storetest.NewDesk(96)
		press := func(d *storetest.Desk, final bool) payment.Intent {
			in := d.Intent()
			ok(t, db.CommitIntents(ctx, []payment.Intent{in})[0])
			if final {
				ok(t, db.CommitOutcomes(ctx, []payment.Outcome{d.Approved(in)})[0])
			}
			return in
		}
		stands := func(in payment.Intent) bool {
			_, err := db.Idempotency(ctx, merchant.TenantOf(in.Key.MerchantID), payment.OperationCreate, in.Key.Key)
			return err == nil
		}
		old, open, foreign := []payment.Intent{press(d, true), press(d, true), press(d, true)}, press(d, false), press(other, true)
		before := d.Now.Add(time.Second)
		d.Now = d.Now.Add(time.Minute)
		young := press(d, true)
		for _, want := range []int{2, 1, 0} {
			if n, more, err := store.NewRetention(db).Sweep(ctx, d.Tenant(), retention.Keys, before, 2); err != nil || n != want || more != (n == 2) {
				t.Errorf("purged %d, %v, want %d", n, err, want)
			}
		}
		for _, in := range old {
			if stands(in) {
				t.Error("an old key stands")
			}
		}
		for name, in := range map[string]payment.Intent{"one not final": open, "another merchant's": foreign, "a young one": young} {
			if !stands(in) {
				t.Errorf("%s is gone", name)
			}
		}
	})
}
