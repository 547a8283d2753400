package iso8583

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"innopay/acquirer"
	"innopay/clock"
)

// networkTerminal is DE41 of network messages, which belong to no terminal.
const networkTerminal = "NETWORK"

// Dial opens a connection; net.Dialer's DialContext is one.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// link carries messages to one address over a few connections. Connections are made
// at the first message, and made again with back-off when they end.
type link struct {
	address string
	times   acquirer.Timeouts
	echo    time.Duration
	clock   clock.System // sockets know no other
	dial    Dial
	log     *slog.Logger
	onLate  func(attemptID string, a acquirer.Answer)
	late    chan lateAnswer
	telling sync.Once
	past    past

	life  context.Context //nolint:containedctx // the life of the link's goroutines, ended by close
	end   context.CancelFunc
	work  sync.WaitGroup
	slots []*slot
	turn  atomic.Uint32
}

// slot holds one connection of a link, or the attempt to make it.
type slot struct {
	link *link
	mu   sync.Mutex
	live *conn
	try  *attempt
	fail int // attempts failed in a row
}

// attempt is one try to connect, that any number of callers wait for.
type attempt struct {
	done chan struct{}
	conn *conn
	err  error
}

// backoffs before the first, second .. try to connect. The last stays below the
// connect time-out of any profile, so that a caller can wait for the next try.
var backoffs = []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond}

func (l *link) open(connections int) {
	l.life, l.end = context.WithCancel(context.Background())
	l.past.fates = map[key]ending{}
	l.late = make(chan lateAnswer, maxLate)
	for range connections {
		l.slots = append(l.slots, &slot{link: l})
	}
}

// exchange sends the request and waits for its answer, at most until ctx ends.
func (l *link) exchange(ctx context.Context, r *Request) result {
	w := newWaiter(r)
	var why string
	// A connection may end between choosing and using it; nothing was sent then.
	for range 2 {
		c, err := l.connection(ctx)
		if err != nil {
			return result{notSent: true, why: err.Error()}
		}
		if err = c.submit(r, w); err != nil {
			why = err.Error()
			continue
		}
		res := l.wait(ctx, c, w)
		if !res.notSent {
			return res
		}
		w, why = newWaiter(r), res.why
	}
	return result{notSent: true, why: why}
}

// wait is for the answer, the read time-out or the end of ctx.
func (l *link) wait(ctx context.Context, c *conn, w *waiter) result {
	timer := time.NewTimer(l.times.Read)
	defer timer.Stop()
	for {
		select {
		case res := <-w.answer:
			return res
		case <-ctx.Done():
			return c.leave(w, "the caller stopped waiting")
		case <-timer.C:
			if left := c.deadline(w).Sub(l.clock.Now()); left > 0 {
				timer.Reset(left)
				continue
			}
			return c.leave(w, "no answer in time")
		}
	}
}

// leave ends the wait for w, unless its answer came just now.
func (c *conn) leave(w *waiter, why string) result {
	c.abandon(w)
	select {
	case res := <-w.answer:
		return res
	default:
		return result{why: why}
	}
}

// connection is a live one, the next in turn.
func (l *link) connection(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := l.slots[int(l.turn.Add(1))%len(l.slots)]
	return s.connection(ctx)
}

// connection is the slot's connection; it waits for one attempt to make it.
func (s *slot) connection(ctx context.Context) (*conn, error) {
	s.mu.Lock()
	if s.live != nil && s.live.alive() {
		c := s.live
		s.mu.Unlock()
		return c, nil
	}
	s.live = nil // it ended just now
	if s.link.life.Err() != nil {
		s.mu.Unlock()
		return nil, errClosed
	}
	try := s.start()
	s.mu.Unlock()
	select {
	case <-try.done:
		return try.conn, try.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// start returns the attempt under way, or begins one. s.mu is held.
func (s *slot) start() *attempt {
	if s.try == nil {
		s.try = &attempt{done: make(chan struct{})}
		s.link.work.Add(1)
		go s.connect(s.try, backoffs[min(s.fail, len(backoffs)-1)])
	}
	return s.try
}

// connect makes one attempt after a wait, and begins the next one when it failed.
func (s *slot) connect(try *attempt, wait time.Duration) {
	l := s.link
	defer l.work.Done()
	_ = l.clock.Sleep(l.life, wait)
	try.conn, try.err = l.signOn(l.life)
	s.mu.Lock()
	s.try = nil
	if try.err == nil && l.life.Err() != nil {
		_ = try.conn.net.Close()
		try.conn, try.err = nil, errClosed
	}
	if try.err == nil {
		s.live, s.fail = try.conn, 0
		l.work.Add(2)
		go func() { defer l.work.Done(); try.conn.write() }()
		go func() { defer l.work.Done(); try.conn.read() }()
	} else if l.life.Err() == nil {
		if s.fail == 0 {
			l.log.Warn("acquirer cannot be reached", "address", l.address, "error", try.err)
		}
		s.fail++
		s.start()
	}
	s.mu.Unlock()
	close(try.done)
}

// lost takes a connection that ended out of its slot and begins to make it again.
func (l *link) lost(c *conn, err error) {
	if l.life.Err() == nil {
		l.log.Warn("acquirer connection ended", "address", l.address, "error", err)
	}
	for _, s := range l.slots {
		s.mu.Lock()
		if s.live == c {
			s.live = nil
			if l.life.Err() == nil {
				s.start()
			}
		}
		s.mu.Unlock()
	}
}

// signOn dials and exchanges the sign-on, all within the connect time-out.
func (l *link) signOn(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, l.times.Connect)
	defer cancel()
	nc, err := l.dial(ctx, "tcp", l.address)
	if err != nil {
		return nil, err
	}
	reader := NewFrameReader(nc, 0, l.clock.Now) // the deadline of the whole sign-on stands
	if err = l.greet(nc, reader); err != nil {
		_ = nc.Close()
		return nil, err
	}
	reader.limit = l.times.Read
	return newConn(l, nc, reader), nil
}

// greet exchanges the sign-on over a fresh connection. What comes behind its answer at
// once (answers owed since the last connection) stays in the reader.
func (l *link) greet(nc net.Conn, reader *FrameReader) error {
	if err := nc.SetDeadline(l.clock.Now().Add(l.times.Connect)); err != nil {
		return err
	}
	r := l.networkRequest(SignOn, 0)
	frame, err := AppendFrame(nil, r)
	if err != nil {
		return err
	}
	if _, err = nc.Write(frame); err != nil {
		return err
	}
	answer, err := reader.Next()
	if err != nil {
		return err
	}
	reply, err := UnpackReply(answer)
	if err != nil {
		return err
	}
	if reply.Kind != SignOn || reply.Code != CodeOK {
		return &FormatError{deNetwork, "sign-on refused"}
	}
	return nc.SetDeadline(time.Time{})
}

// networkRequest is a sign-on, sign-off or echo.
func (l *link) networkRequest(k Kind, stan int) *Request {
	return &Request{Kind: k, Reference: acquirer.Reference{
		TerminalID: networkTerminal, STAN: stan, TransmittedAt: l.clock.Now(),
	}}
}

// unasked handles an answer nobody waits for: late, duplicate or foreign.
func (l *link) unasked(k key, reply *Reply) {
	end, known := l.past.get(k)
	switch {
	case !known:
		l.log.Warn("acquirer answer belongs to no message", "kind", k.kind)
	case end.fate == answered:
		l.log.Info("acquirer answered twice", "attempt", k.attempt, "kind", k.kind)
	case end.amount != reply.Amount:
		l.log.Warn("late acquirer answer has another amount", "attempt", k.attempt)
	default:
		l.log.Info("acquirer answered late", "attempt", k.attempt, "kind", k.kind)
		l.past.put(k, end.amount, answered)
		if k.kind == Authorize && l.onLate != nil {
			l.report(lateAnswer{k.attempt, reply.Answer()})
		}
	}
}

// lateAnswer waits to be told to the observer.
type lateAnswer struct {
	attempt string
	answer  acquirer.Answer
}

// maxLate bounds the late answers that wait for a slow observer.
const maxLate = 256

// report hands a late answer over to the observer's own goroutine: the observer writes
// to a database, and the reader of the connection has other answers to deliver. It is
// called by that reader only, which close waits for.
func (l *link) report(a lateAnswer) {
	l.telling.Do(func() { l.work.Go(l.tell) })
	select {
	case l.late <- a:
	default:
		l.log.Warn("late acquirer answer is not kept: too many wait", "attempt", a.attempt)
	}
}

// tell tells the observer until the link is closed.
func (l *link) tell() {
	for {
		select {
		case <-l.life.Done():
			return
		case a := <-l.late:
			l.onLate(a.attempt, a.answer)
		}
	}
}

// close ends every connection and waits for the goroutines.
func (l *link) close() {
	l.end()
	for _, s := range l.slots {
		s.mu.Lock()
		c := s.live
		s.mu.Unlock()
		if c != nil {
			if frame, err := AppendFrame(nil, l.networkRequest(SignOff, 0)); err == nil {
				_ = c.net.SetWriteDeadline(l.clock.Now().Add(l.times.Connect))
				_, _ = c.net.Write(frame) // a courtesy
			}
			c.fail(errClosed)
		}
	}
	l.work.Wait()
}
