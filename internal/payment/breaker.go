package payment

import (
	"log/slog"
	"sync"
	"time"

	"innopay/acquirer"
	"innopay/fault"
)

// ErrAcquirerDown: the acquirer cannot be reached, so the payment was not begun.
var ErrAcquirerDown = fault.New(fault.Unavailable, "ACQUIRER_DOWN", "지금은 카드사에 연결할 수 없어요. 결제되지 않았으니 잠시 뒤에 다시 시도해 주세요.")

// breaker refuses new payments while an acquirer cannot be reached (reliability 5.10,
// docs/adr/0009). It counts proven failures to connect and nothing else: an answer is
// an answer whatever it says, and silence comes from one issuer behind the acquirer as
// often as from the acquirer. What settles payments that exist never asks it.
type breaker struct {
	adapter string
	figures acquirer.Breaker
	log     *slog.Logger

	mu     sync.Mutex
	failed int       // failures to connect in a row
	since  time.Time // of the first of them
	open   bool
	next   time.Time // open: when one payment may try
}

// enter lets a payment begin, or returns ErrAcquirerDown. While open it lets one pass
// every Probe; whether that one comes back does not matter, the next one will try.
func (b *breaker) enter(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return nil
	}
	// A clock that was set back must not keep the shop closed.
	if wait := b.next.Sub(now); wait > 0 && wait <= b.figures.Probe {
		return ErrAcquirerDown.WithRetryAfter(max(wait, time.Second))
	}
	b.next = now.Add(b.figures.Probe)
	return nil
}

// reached is told that a message left, or was answered.
func (b *breaker) reached() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open {
		b.log.Warn("acquirer is reached again; payments are taken", "adapter", b.adapter)
	}
	b.failed, b.open = 0, false
}

// unreached is told that no byte could leave.
func (b *breaker) unreached(now time.Time) {
	if b.figures.Failures == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed++; b.failed == 1 {
		b.since = now
	}
	if b.open || b.failed < b.figures.Failures || now.Sub(b.since) < b.figures.After {
		return
	}
	b.open, b.next = true, now.Add(b.figures.Probe)
	b.log.Error("ALARM: acquirer cannot be reached; payments are refused", "adapter", b.adapter, "failures", b.failed, "since", b.since)
}

// BreakerState is how an acquirer was reached last, as this process knows it.
type BreakerState struct {
	Open     bool
	Failures int       // to connect, in a row
	Since    time.Time // of the first of them; zero when there is none
}

// BreakerOf is the state of an adapter's breaker; false when there is no such adapter.
func (s *Service) BreakerOf(adapter string) (BreakerState, bool) {
	b, ok := s.breakers[adapter]
	if !ok {
		return BreakerState{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	st := BreakerState{Open: b.open, Failures: b.failed}
	if b.failed > 0 {
		st.Since = b.since
	}
	return st, true
}

// sent tells the breaker of an adapter what became of a message: whether it is proven
// that no byte of it left.
func (s *Service) sent(adapter string, notSent bool) {
	b := s.breakers[adapter]
	if notSent {
		b.unreached(s.Clock.Now())
		return
	}
	b.reached()
}
