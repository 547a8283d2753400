package payment

import (
	"context"
	"sync"

	"innopay/internal/merchant"
)

// stanBlock is how many trace numbers an instance takes at once: large enough that
// the hot path seldom touches the terminal's row, small enough that restarts
// waste few of the 999,999.
const stanBlock = 200

// stans hands out systems trace audit numbers from durable blocks, so that no two
// instances ever use the same number of a terminal until it wraps. A wrap is
// harmless: answers are matched by time, amount and attempt id too.
type stans struct {
	store Store
	mu    sync.Mutex
	next  map[string]*stanRange
}

type stanRange struct {
	mu        sync.Mutex
	at, until int64
}

func newSTANs(store Store) *stans { return &stans{store: store, next: map[string]*stanRange{}} }

// take returns the next number of the terminal, 1..999999.
func (s *stans) take(ctx context.Context, t merchant.Tenant, terminalID string) (int, error) {
	key := t.ID() + "/" + terminalID
	s.mu.Lock()
	r := s.next[key]
	if r == nil {
		r = &stanRange{}
		s.next[key] = r
	}
	s.mu.Unlock()

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == r.until {
		first, err := s.store.STANs(ctx, t, terminalID, stanBlock)
		if err != nil {
			return 0, err
		}
		r.at, r.until = first, first+stanBlock
	}
	n := r.at
	r.at++
	return int(n%999_999) + 1, nil
}
