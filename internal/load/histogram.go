package load

import (
	"math/bits"
	"sync"
	"time"
)

// steps is how many buckets a doubling has: a quantile is at most 1/steps too high.
const (
	stepBits = 5
	steps    = 1 << stepBits
)

// Histogram counts durations in buckets of equal relative width. The zero value is
// empty and ready. It is safe for concurrent use.
type Histogram struct {
	mu      sync.Mutex
	buckets [64 * steps]int64
	count   int64
	longest time.Duration
}

// bucketOf is the index of a number of microseconds.
func bucketOf(us uint64) int {
	if us < steps {
		return int(us)
	}
	shift := bits.Len64(us) - stepBits - 1
	return shift*steps + int(us>>shift) //nolint:gosec // small
}

// upper is the largest number of microseconds in a bucket.
func upper(i int) uint64 {
	if i < steps {
		return uint64(i) //nolint:gosec // not negative
	}
	shift := i/steps - 1
	return uint64(i%steps+steps+1)<<shift - 1
}

// Add counts one duration.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buckets[bucketOf(uint64(d.Microseconds()))]++ //nolint:gosec // not negative
	h.count++
	h.longest = max(h.longest, d)
}

// Count is how many durations were added.
func (h *Histogram) Count() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// Max is the longest duration added.
func (h *Histogram) Max() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.longest
}

// Quantile is the duration that a share q of those added, 0..1, did not exceed, to
// the width of a bucket; 0 when none was added.
func (h *Histogram) Quantile(q float64) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	want := int64(q * float64(h.count))
	var seen int64
	for i, n := range &h.buckets {
		if seen += n; n > 0 && seen >= want {
			return min(time.Duration(upper(i))*time.Microsecond, h.longest) //nolint:gosec // far from the limit
		}
	}
	return h.longest
}
