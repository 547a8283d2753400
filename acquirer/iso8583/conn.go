package iso8583

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// maxQueued bounds what may wait for a slow peer, in bytes.
const maxQueued = 1 << 20

// Reasons a connection ended or a message did not go out.
var (
	errClosed   = errors.New("iso8583: closed")
	errFrame    = errors.New("iso8583: frame of impossible length")
	errSilent   = errors.New("iso8583: no echo")
	errBusy     = errors.New("iso8583: too much waits to be written")
	errPeerGone = errors.New("iso8583: the other side closed")
)

// conn is one signed-on connection. Many callers submit, one goroutine writes what
// has gathered in one call, one reads.
type conn struct {
	link   *link
	net    net.Conn
	reader *FrameReader // of read
	wake   chan struct{}
	done   chan struct{} // closed when dead

	mu      sync.Mutex
	out     []byte    // framed messages nobody wrote yet; wiped after writing
	queued  []*waiter // whose messages lie in out
	waiting map[key]*waiter
	dead    bool
	heard   time.Time // last whole frame
	echoed  bool      // an echo was sent since
	stan    int       // of echoes
}

func newConn(l *link, nc net.Conn, reader *FrameReader) *conn {
	return &conn{
		link: l, net: nc, reader: reader, wake: make(chan struct{}, 1), done: make(chan struct{}),
		waiting: map[key]*waiter{}, heard: l.clock.Now(),
	}
}

// alive reports whether messages can still be submitted.
func (c *conn) alive() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.dead
}

// submit queues the request for writing and registers its waiter. An error means
// that not a byte of it will leave.
func (c *conn) submit(r *Request, w *waiter) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return errClosed
	}
	if len(c.out) > maxQueued {
		return errBusy
	}
	c.out = roomy(c.out)
	out, err := AppendFrame(c.out, r)
	if err != nil {
		return err
	}
	c.out = out
	if w != nil {
		w.next = c.waiting[w.key]
		c.waiting[w.key] = w
		c.queued = append(c.queued, w)
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return nil
}

// roomy returns b with room for one more frame. A buffer that is left behind is
// wiped, for it may hold card data.
func roomy(b []byte) []byte {
	const need = HeaderSize + MaxMessage
	if cap(b)-len(b) >= need {
		return b
	}
	larger := append(make([]byte, 0, 2*cap(b)+need), b...)
	clear(b)
	return larger
}

// write sends what was queued until the connection ends, and an echo when nothing
// was heard for long.
func (c *conn) write() {
	var batch []byte
	var told []*waiter
	beat := time.NewTicker(c.link.echo)
	defer beat.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-beat.C:
			c.beat()
			continue
		case <-c.wake:
		}
		c.mu.Lock()
		batch, c.out = c.out, batch[:0]
		told, c.queued = c.queued, told[:0]
		for _, w := range told {
			w.written = true
		}
		c.mu.Unlock()
		if len(batch) == 0 {
			continue
		}
		_ = c.net.SetWriteDeadline(c.link.clock.Now().Add(c.link.times.Read))
		_, err := c.net.Write(batch)
		clear(batch) // it held card data
		if err != nil {
			c.fail(err)
			return
		}
		c.mu.Lock()
		now := c.link.clock.Now()
		for _, w := range told {
			w.sent = now
		}
		c.mu.Unlock()
		clear(told)
	}
}

// beat sends an echo when the connection has been silent, and gives it up when the
// echo before was not answered.
func (c *conn) beat() {
	c.mu.Lock()
	silent := c.link.clock.Now().Sub(c.heard) >= c.link.echo
	unanswered := silent && c.echoed
	c.echoed = silent
	c.stan = c.stan%999_999 + 1
	stan := c.stan
	c.mu.Unlock()
	switch {
	case unanswered:
		c.fail(errSilent)
	case silent:
		if err := c.submit(c.link.networkRequest(Echo, stan), nil); err != nil {
			c.fail(err)
		}
	}
}

// read takes answers until the connection ends. A frame that has begun must be
// whole within the read time-out.
func (c *conn) read() {
	for {
		frame, err := c.reader.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errPeerGone
			}
			c.fail(err)
			return
		}
		c.mu.Lock()
		c.heard, c.echoed = c.link.clock.Now(), false
		c.mu.Unlock()
		reply, err := UnpackReply(frame)
		if err != nil {
			// Its caller, whoever it is, runs into the time-out: unknown.
			c.link.log.Warn("acquirer answer cannot be read", "error", err, "bytes", len(frame))
			continue
		}
		c.take(&reply)
	}
}

// take gives the reply to whoever waits for it.
func (c *conn) take(reply *Reply) {
	if reply.Kind.network() != 0 {
		return // an echo's answer: hearing it was all
	}
	k := keyOfReply(reply)
	c.mu.Lock()
	w := c.waiting[k]
	delete(c.waiting, k)
	c.mu.Unlock()
	if w == nil {
		c.link.unasked(k, reply)
		return
	}
	c.link.past.put(k, w.amount, answered)
	if reply.Amount != w.amount {
		c.link.log.Warn("acquirer answer has another amount", "attempt", k.attempt)
		w.give(result{why: "the answer has another amount"})
		return
	}
	w.give(result{reply: *reply, okay: true})
}

// abandon ends the wait for w, unless its answer came just now.
func (c *conn) abandon(w *waiter) {
	c.mu.Lock()
	for at, prev := c.waiting[w.key], (*waiter)(nil); at != nil; prev, at = at, at.next {
		if at != w {
			continue
		}
		switch {
		case prev != nil:
			prev.next = at.next
		case at.next != nil:
			c.waiting[w.key] = at.next
		default:
			delete(c.waiting, w.key)
		}
	}
	c.mu.Unlock()
	c.link.past.put(w.key, w.amount, abandoned)
}

// deadline is until when w may wait; before its message is written that moves on.
func (c *conn) deadline(w *waiter) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := w.sent
	if from.IsZero() {
		from = c.link.clock.Now()
	}
	return from.Add(c.link.times.Read)
}

// fail ends the connection. Messages that were never handed to the socket are not
// sent, all others unknown.
func (c *conn) fail(err error) {
	c.mu.Lock()
	if c.dead {
		c.mu.Unlock()
		return
	}
	c.dead = true
	type loss struct {
		w   *waiter
		res result
	}
	var losses []loss
	for _, w := range c.waiting {
		for ; w != nil; w = w.next {
			losses = append(losses, loss{w, result{notSent: !w.written, why: "the connection ended"}})
		}
	}
	c.waiting, c.queued = nil, nil
	clear(c.out)
	c.out = nil
	c.mu.Unlock()
	close(c.done)
	_ = c.net.Close()
	for _, l := range losses {
		if !l.res.notSent {
			c.link.past.put(l.w.key, l.w.amount, abandoned)
		}
		l.w.answer <- l.res
	}
	c.link.lost(c, err)
}
