package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"innopay/internal/payment"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

// BenchmarkPayment measures whole payments: one durable intent, one durable
// outcome, nothing between. One iteration is one payment.
func BenchmarkPayment(b *testing.B) {
	for _, e := range engines[:2] {
		for _, flight := range []int{1, 16, 64} {
			for _, grouped := range []bool{true, false} {
				name := map[bool]string{true: "grouped", false: "single"}[grouped]
				b.Run(fmt.Sprintf("%s/%d/%s", e.name, flight, name), func(b *testing.B) {
					o := e.options(b)
					o.Ungrouped = !grouped
					o.MaxConns = 2 * flight
					pay(b, open(b, o), flight)
				})
			}
		}
	}
}

// merchants share the payments of a benchmark.
const merchants = 1000

func pay(b *testing.B, db *store.DB, flight int) {
	b.Helper()
	ctx := context.Background()
	var left atomic.Int64
	left.Store(int64(b.N))
	var clients sync.WaitGroup
	b.ResetTimer()
	for c := range flight {
		clients.Go(func() {
			d := storetest.NewDesk(uint64(c)) //nolint:gosec // small
			for left.Add(-1) >= 0 {
				d.Merchant = fmt.Sprintf("mer_%04d%04d", c, left.Load()%(merchants/int64(flight)+1))
				in := d.Intent()
				if err := db.CommitIntents(ctx, []payment.Intent{in})[0]; err != nil {
					b.Error(err)
					return
				}
				if err := db.CommitOutcomes(ctx, []payment.Outcome{d.Approved(in)})[0]; err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payments/s")
}
