package trunk

import "sync"

// refusal is why a call is not taken, by the name it is counted under.
type refusal string

const (
	refusedFull    refusal = "full"           // every line is taken
	refusedCaller  refusal = "caller"         // the caller has a call
	refusedWaiting refusal = "unacknowledged" // too many answers nobody has acknowledged
)

// admission gives places to calls before they are answered, so that no two calls take the
// last one.
type admission struct {
	total, perCaller, waiting int // the most of each

	mu      sync.Mutex
	calls   int
	unacked int
	callers map[string]int
}

func newAdmission(total, perCaller, waiting int) *admission {
	return &admission{total: total, perCaller: perCaller, waiting: waiting, callers: map[string]int{}}
}

// place is that of one call.
type place struct {
	of           *admission
	caller       string
	acknowledged bool
	released     bool
}

// reserve takes a place. Callers who withhold their number cannot be told apart, and are
// not counted singly.
func (a *admission) reserve(caller string) (*place, refusal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.calls >= a.total:
		return nil, refusedFull
	case caller != "" && a.callers[caller] >= a.perCaller:
		return nil, refusedCaller
	case a.unacked >= a.waiting:
		return nil, refusedWaiting
	}
	a.calls++
	a.unacked++
	if caller != "" {
		a.callers[caller]++
	}
	return &place{of: a, caller: caller}, ""
}

// acknowledge says that the other side has our answer. It may be called more than once.
func (p *place) acknowledge() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if !p.acknowledged {
		p.acknowledged = true
		p.of.unacked--
	}
}

// release gives the place back. It may be called more than once.
func (p *place) release() {
	p.acknowledge()
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.released {
		return
	}
	p.released = true
	p.of.calls--
	if p.caller == "" {
		return
	}
	if p.of.callers[p.caller]--; p.of.callers[p.caller] == 0 {
		delete(p.of.callers, p.caller)
	}
}

// running is how many places are taken.
func (a *admission) running() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}
