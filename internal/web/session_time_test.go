//go:build !race

package web_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"innopay/internal/merchant"
)

// TestALoginTakesAsLongForNobody compares the quickest of logins that fail for a known
// id and for one that nobody has, taken in turns: what a busy machine adds is in neither
// (reliability 4.2, 29). Not under the race detector, which takes its own time for each.
func TestALoginTakesAsLongForNobody(t *testing.T) {
	t.Parallel()
	const rounds = 60
	r := newRigHashing(t, merchant.Argon2Params{MemoryKiB: 8 << 10, Passes: 2, Threads: 1}, unlimited)
	took := map[string][]time.Duration{}
	ids := []string{"one-owner", "nobody-at"}
	for range rounds {
		r.clock.Advance(time.Hour) // past every delay and lock
		slices.Reverse(ids)
		for _, id := range ids {
			c := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": id, "password": "wrong"})
			start := time.Now()
			a := c.do()
			took[id] = append(took[id], time.Since(start))
			if a.StatusCode != http.StatusUnauthorized {
				t.Fatalf("%s: %d %s", id, a.StatusCode, a.body)
			}
		}
	}
	for _, all := range took {
		slices.Sort(all)
	}
	// The quickest of each is what the work itself takes: everything else a busy machine adds.
	known, unknown := took["one-owner"][0], took["nobody-at"][0]
	ratio := float64(known) / float64(unknown)
	t.Logf("%v for a known id, %v for an unknown one: %.2f", known, unknown, ratio)
	if ratio < 0.8 || ratio > 1.25 {
		t.Errorf("%v for a known id, %v for an unknown one", known, unknown)
	}
}
