// Package limit slows single clients down. It counts in this process only: the
// counts that security rests on (logins per id, cancel passwords) are kept in the
// database by the merchant feature.
package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"innopay/clock"
)

// most is how many clients are remembered per half: two halves take turns, so that
// memory stays bounded and a client in use is not forgotten.
const most = 20_000

// Rate is how often something may happen: PerSecond in the long run, Burst at once.
// A Burst of 0 means no limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limiter counts by client. It is safe for concurrent use.
type Limiter struct {
	rate  Rate
	clock clock.Clock

	mu          sync.Mutex
	young, aged map[string]*rate.Limiter
}

// New returns a limiter for the rate.
func New(r Rate, c clock.Clock) *Limiter {
	return &Limiter{rate: r, clock: c, young: map[string]*rate.Limiter{}, aged: map[string]*rate.Limiter{}}
}

// Wait is 0 when the client may go on now, which counts, else how long it has to wait.
func (l *Limiter) Wait(client string) time.Duration {
	if l.rate.Burst == 0 {
		return 0
	}
	now := l.clock.Now()
	r := l.of(client).ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now)
	}
	return d
}

func (l *Limiter) of(client string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.young[client]; ok {
		return b
	}
	b, ok := l.aged[client]
	if !ok {
		b = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
	}
	if len(l.young) >= most {
		l.young, l.aged = map[string]*rate.Limiter{}, l.young
	}
	l.young[client] = b
	return b
}
