package simulator

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"innopay/acquirer/iso8583"
	"innopay/clock"
	"innopay/money"
)

// Limits of one client.
const (
	frameLimit = 10 * time.Second // for a frame that has begun, and for a write
	maxQueued  = 4 << 20          // bytes that may wait for a slow client
)

// wall tells the time for deadlines of sockets, which know no other clock.
var wall clock.System

// ending is how a client's connection is to end once what waits was written.
type ending uint8

const (
	stay ending = iota
	halfClose
	reset
)

// peer is one client of the wire. One goroutine reads, one writes what has gathered.
type peer struct {
	server *Server
	net    net.Conn
	wake   chan struct{}
	done   chan struct{}

	mu    sync.Mutex
	out   []byte
	owed  []int64 // entries whose right answer lies in out
	end   ending
	mute  bool // the sending side is closed
	ended bool
}

func newPeer(s *Server, nc net.Conn) *peer {
	return &peer{server: s, net: nc, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// close ends the connection.
func (p *peer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.ended = true
		close(p.done)
		_ = p.net.Close()
	}
}

// read takes messages until the connection ends or breaks the protocol.
func (p *peer) read() {
	defer p.server.left(p)
	in := bufio.NewReader(p.net)
	if speaksHTTP(in) {
		p.visit(in)
		return
	}
	defer p.close()
	frames := iso8583.NewFrameReader(peeked{p.net, in}, frameLimit, wall.Now)
	for {
		frame, err := frames.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				p.server.o.Log.Info("simulator: a client broke off", "error", err)
			}
			return
		}
		req, err := iso8583.UnpackRequest(frame)
		if err != nil {
			p.server.o.Log.Warn("simulator: a message cannot be read", "error", err)
			return
		}
		ok := p.take(&req)
		req.Card.Wipe()
		if !ok {
			return
		}
	}
}

// take handles one message. It reports whether the connection goes on.
func (p *peer) take(r *iso8583.Request) bool {
	switch r.Kind {
	case iso8583.SignOn, iso8583.Echo:
		reply := iso8583.ReplyTo(r, iso8583.CodeOK)
		p.send(&reply, 0, 1)
		if r.Kind == iso8583.SignOn {
			p.server.deliverHomeless(p)
		}
		return true
	case iso8583.SignOff:
		return false
	case iso8583.Authorize, iso8583.Void, iso8583.Refund, iso8583.Reverse, iso8583.Inquire:
	}
	_, err := p.server.book.Handle(r, func(d Decision, err error) {
		if err != nil {
			p.server.end(err)
			return
		}
		p.answer(d)
	})
	if err != nil {
		p.server.end(err)
	}
	return err == nil
}

// answer does what was decided, after the wait that was decided.
func (p *peer) answer(d Decision) {
	if d.Do == Late {
		s := p.server
		s.background(func() { s.sendLate(p, lateAnswer{d.Seq, s.o.Clock.Now().Add(d.After), d.Reply}) })
		return
	}
	if d.After <= 0 {
		p.act(d)
		return
	}
	p.server.background(func() {
		if p.server.o.Clock.Sleep(p.server.life, d.After) == nil {
			p.act(d)
		}
	})
}

// act sends the answer, or does what stands for it.
func (p *peer) act(d Decision) {
	switch d.Do {
	case "", Decline, SayNoOriginal:
		p.send(&d.Reply, d.Seq, 1)
	case Delay:
		p.server.book.Answered(d.Seq, true)
		p.send(&d.Reply, d.Seq, 1)
	case Duplicate:
		p.send(&d.Reply, d.Seq, 2)
	case Foreign:
		r := d.Reply
		r.STAN = r.STAN%999_999 + 1
		p.send(&r, 0, 1)
	case WrongAmount:
		r := d.Reply
		if r.Amount++; r.Amount > money.Max {
			r.Amount -= 2
		}
		p.send(&r, 0, 1)
	case Garbage:
		p.queue(p.server.nextGarbage(), 0)
	case HalfClose:
		p.finish(halfClose)
	case Reset:
		p.finish(reset)
	case Timeout, Drop, Late:
	}
}

// send queues the reply n times. seq, when not 0, is the entry it answers.
func (p *peer) send(r *iso8583.Reply, seq int64, n int) {
	frame, err := iso8583.AppendFrame(nil, r)
	if err != nil {
		p.server.o.Log.Error("simulator: an answer cannot be packed", "error", err)
		p.server.book.Answered(seq, false)
		return
	}
	one := frame
	for range n - 1 {
		frame = append(frame, one...)
	}
	p.queue(frame, seq)
}

// queue puts bytes behind what waits to be written.
func (p *peer) queue(frame []byte, seq int64) {
	p.mu.Lock()
	okay := !p.ended && !p.mute && p.end == stay && len(p.out) < maxQueued
	if okay {
		p.out = append(p.out, frame...)
		if seq != 0 {
			p.owed = append(p.owed, seq)
		}
	}
	p.mu.Unlock()
	if !okay {
		p.server.book.Answered(seq, false)
		return
	}
	p.nudge()
}

// finish ends the sending side or the connection, behind what waits.
func (p *peer) finish(how ending) {
	p.mu.Lock()
	p.end = max(p.end, how)
	p.mu.Unlock()
	p.nudge()
}

func (p *peer) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// write sends what was queued until the connection ends.
func (p *peer) write() {
	var batch []byte
	var owed []int64
	for {
		select {
		case <-p.done:
			p.unanswered(nil)
			return
		case <-p.wake:
		}
		p.mu.Lock()
		batch, p.out = p.out, batch[:0]
		owed, p.owed = p.owed, owed[:0]
		end := p.end
		p.mu.Unlock()
		if len(batch) > 0 {
			_ = p.net.SetWriteDeadline(wall.Now().Add(frameLimit))
			if _, err := p.net.Write(batch); err != nil {
				p.close()
				p.unanswered(owed)
				return
			}
		}
		switch end {
		case stay:
		case halfClose:
			p.shut()
		case reset:
			if tcp, ok := p.net.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			p.close()
		}
	}
}

// shut closes the sending side; messages are still taken.
func (p *peer) shut() {
	p.mu.Lock()
	p.mute, p.end = true, stay
	p.mu.Unlock()
	if tcp, ok := p.net.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}

// unanswered corrects the entries whose answers did not leave: those of seqs and
// those still queued.
func (p *peer) unanswered(seqs []int64) {
	p.mu.Lock()
	seqs = append(seqs, p.owed...)
	p.owed = nil
	p.mu.Unlock()
	for _, seq := range seqs {
		p.server.book.Answered(seq, false)
	}
}
