package iso8583

import (
	"sync"
	"time"

	"innopay/money"
)

// key is what an answer must repeat of its request to be its answer, besides the
// amount, which is compared afterwards.
type key struct {
	kind     Kind
	stan     int
	stamp    int64 // DE7
	terminal string
	attempt  string
}

func keyOf(r *Request) key {
	return key{r.Kind, r.STAN, Stamp(r.TransmittedAt), r.TerminalID, r.AttemptID}
}

func keyOfReply(r *Reply) key {
	return key{r.Kind, r.STAN, Stamp(r.TransmittedAt), r.TerminalID, r.AttemptID}
}

// result is what became of one message.
type result struct {
	reply   Reply
	okay    bool // reply is the right answer
	notSent bool // no byte of the message left
	why     string
}

// waiter is a caller waiting for its answer.
type waiter struct {
	key     key
	amount  money.Won
	answer  chan result // holds one
	next    *waiter     // same message, sent again while the first still waits
	sent    time.Time   // when its last byte was written; guarded by conn.mu
	written bool        // handed to the socket, wholly or in part; guarded by conn.mu
}

func newWaiter(r *Request) *waiter {
	return &waiter{key: keyOf(r), amount: r.Split.Amount, answer: make(chan result, 1)}
}

// give hands res to the waiter and everyone chained to it.
func (w *waiter) give(res result) {
	for ; w != nil; w = w.next {
		w.answer <- res
	}
}

// fate is what is remembered of a message nobody waits for any more.
type fate uint8

const (
	answered fate = iota + 1
	abandoned
)

// memory is how many past messages a link remembers, to tell late and duplicate
// answers from foreign ones.
const memory = 1 << 14

// past remembers the last messages of a link.
type past struct {
	mu    sync.Mutex
	fates map[key]ending
	ring  []key
	at    int
}

// ending is how the wait for a message ended.
type ending struct {
	fate   fate
	amount money.Won
}

func (p *past) put(k key, amount money.Won, f fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, there := p.fates[k]; !there {
		if len(p.ring) < memory {
			p.ring = append(p.ring, k)
		} else {
			delete(p.fates, p.ring[p.at])
			p.ring[p.at] = k
			p.at = (p.at + 1) % memory
		}
	}
	p.fates[k] = ending{f, amount}
}

func (p *past) get(k key) (ending, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.fates[k]
	return f, ok
}
