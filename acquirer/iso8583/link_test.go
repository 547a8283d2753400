package iso8583_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/clock"
	"innopay/money"
)

// read is the read time-out of these tests.
const read = 250 * time.Millisecond

// host is the other end of the wire, with an answer made by the test.
type host struct {
	net.Listener
	dials atomic.Int32
	// answer gets every message but sign-ons. Errors end the connection.
	answer func(nc net.Conn, r *iso8583.Request) error
	greet  func(nc net.Conn) error // instead of an ordinary sign-on, when set
	conns  sync.WaitGroup
}

var errEnd = errors.New("the test ends the connection")

func newHost(t *testing.T, answer func(nc net.Conn, r *iso8583.Request) error) *host {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &host{Listener: l, answer: answer}
	h.conns.Go(h.accept)
	t.Cleanup(func() {
		_ = l.Close()
		h.conns.Wait()
	})
	return h
}

func (h *host) accept() {
	for {
		nc, err := h.Accept()
		if err != nil {
			return
		}
		h.dials.Add(1)
		h.conns.Go(func() {
			defer func() { _ = nc.Close() }()
			h.serve(nc)
		})
	}
}

func (h *host) serve(nc net.Conn) {
	frames := iso8583.NewFrameReader(nc, 0, clock.System{}.Now)
	for {
		frame, err := frames.Next()
		if err != nil {
			return
		}
		r, err := iso8583.UnpackRequest(frame)
		if err != nil || r.Kind == iso8583.SignOff {
			return
		}
		switch {
		case r.Kind == iso8583.SignOn && h.greet != nil:
			err = h.greet(nc)
		case r.Kind == iso8583.SignOn:
			err = send(nc, iso8583.ReplyTo(&r, "00"))
		default:
			err = h.answer(nc, &r)
		}
		if err != nil {
			return
		}
	}
}

func send(nc net.Conn, r iso8583.Reply) error {
	frame, err := iso8583.AppendFrame(nil, &r)
	if err != nil {
		return err
	}
	_, err = nc.Write(frame)
	return err
}

// approve is the right answer.
func approve(r *iso8583.Request) iso8583.Reply {
	out := iso8583.ReplyTo(r, "00")
	out.ApprovalNumber, out.RRN = "12345678", "606115000001"
	return out
}

func open(t *testing.T, o iso8583.Options) *iso8583.Acquirer {
	t.Helper()
	if o.Timeouts.Read == 0 {
		o.Timeouts = acquirer.DemoTimeouts()
		o.Timeouts.Connect, o.Timeouts.Read = time.Second, read
	}
	o.Log = slog.New(slog.DiscardHandler)
	a, err := iso8583.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func authorize(t *testing.T, a *iso8583.Acquirer) acquirer.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return a.Authorize(ctx, authorization(t))
}

// brokenAnswers are what a host may send instead of the one right answer.
func brokenAnswers() map[string]func(net.Conn, *iso8583.Request) error {
	bytewise := func(nc net.Conn, b []byte) error {
		for i := range b {
			if _, err := nc.Write(b[i : i+1]); err != nil {
				return err
			}
			time.Sleep(read / 20)
		}
		return nil
	}
	spoiled := func(spoil func(*iso8583.Reply)) func(net.Conn, *iso8583.Request) error {
		return func(nc net.Conn, r *iso8583.Request) error {
			out := approve(r)
			spoil(&out)
			return send(nc, out)
		}
	}
	raw := func(b string) func(net.Conn, *iso8583.Request) error {
		return func(nc net.Conn, _ *iso8583.Request) error {
			_, err := io.WriteString(nc, b)
			return err
		}
	}
	return map[string]func(net.Conn, *iso8583.Request) error{
		"nothing":           func(net.Conn, *iso8583.Request) error { return nil },
		"closed":            func(net.Conn, *iso8583.Request) error { return errEnd },
		"frame of zero":     raw("\x00\x00"),
		"frame too large":   raw("\xff\xffHTTP"),
		"HTML":              raw("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
		"framed nonsense":   raw("\x00\x05hello"),
		"half a length":     raw("\x00"),
		"half a frame":      raw("\x00\x400210"),
		"other STAN":        spoiled(func(r *iso8583.Reply) { r.STAN-- }),
		"other terminal":    spoiled(func(r *iso8583.Reply) { r.TerminalID = "T0000002" }),
		"other time":        spoiled(func(r *iso8583.Reply) { r.TransmittedAt = r.TransmittedAt.Add(-time.Second) }),
		"other attempt":     spoiled(func(r *iso8583.Reply) { r.AttemptID = "att_2" }),
		"other amount":      spoiled(func(r *iso8583.Reply) { r.Amount-- }),
		"other kind":        spoiled(func(r *iso8583.Reply) { r.Kind = iso8583.Void }),
		"no number":         spoiled(func(r *iso8583.Reply) { r.ApprovalNumber = "" }),
		"unknown code":      spoiled(func(r *iso8583.Reply) { r.Code = "ZZ" }),
		"system error":      spoiled(func(r *iso8583.Reply) { r.Code = "96" }),
		"a request instead": echoBack,
		"byte by byte, too slow": func(nc net.Conn, r *iso8583.Request) error {
			out := approve(r)
			frame, err := iso8583.AppendFrame(nil, &out)
			if err != nil {
				return err
			}
			return bytewise(nc, frame)
		},
		"reset in the frame": func(nc net.Conn, _ *iso8583.Request) error {
			_, _ = io.WriteString(nc, "\x01\x000210")
			if tcp, ok := nc.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			return errEnd
		},
		"half closed": func(nc net.Conn, _ *iso8583.Request) error {
			if tcp, ok := nc.(*net.TCPConn); ok {
				return tcp.CloseWrite()
			}
			return errEnd
		},
	}
}

// TestBrokenAnswersAreUnknown: nothing but the one right answer is believed, and the
// link is usable at once afterwards.
func TestBrokenAnswersAreUnknown(t *testing.T) {
	t.Parallel()
	for name, broken := range brokenAnswers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var first atomic.Bool
			first.Store(true)
			h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
				if first.CompareAndSwap(true, false) {
					return broken(nc, r)
				}
				return send(nc, approve(r))
			})
			a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 1})
			if got := authorize(t, a); got.Outcome != acquirer.Unknown || got.NotSent {
				t.Fatalf("%v, not sent %v", got.Outcome, got.NotSent)
			}
			// The connection may be on its way out: a second try finds a new one.
			for try := 0; ; try++ {
				if got := authorize(t, a); got.Outcome == acquirer.Approved {
					break
				} else if try == 2 {
					t.Fatalf("the link did not recover: %v %s", got.Outcome, got.Message)
				}
			}
		})
	}
}

func echoBack(nc net.Conn, r *iso8583.Request) error {
	frame, err := iso8583.AppendFrame(nil, r)
	if err != nil {
		return err
	}
	_, err = nc.Write(frame)
	return err
}

// TestSlowButInTime: an answer in many small pieces is an answer.
func TestSlowButInTime(t *testing.T) {
	t.Parallel()
	h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
		out := approve(r)
		frame, err := iso8583.AppendFrame(nil, &out)
		if err != nil {
			return err
		}
		for len(frame) > 0 {
			n := min(3, len(frame))
			if _, err := nc.Write(frame[:n]); err != nil {
				return err
			}
			frame = frame[n:]
			time.Sleep(100 * time.Microsecond)
		}
		return nil
	})
	a := open(t, iso8583.Options{Address: h.Addr().String()})
	if got := authorize(t, a); got.Outcome != acquirer.Approved {
		t.Errorf("%v: %s", got.Outcome, got.Message)
	}
}

// TestNotSent: only what never left is not sent.
func TestNotSent(t *testing.T) {
	t.Parallel()
	tests := map[string]func(net.Conn) error{
		"closes before the sign-on's answer": func(net.Conn) error { return errEnd },
		"silent at sign-on":                  func(net.Conn) error { return nil },
		"refuses the sign-on": func(nc net.Conn) error {
			return send(nc, iso8583.Reply{Kind: iso8583.SignOn, Reference: acquirer.Reference{TerminalID: "NETWORK", TransmittedAt: at}, Code: "05"})
		},
		"nonsense at sign-on": func(nc net.Conn) error {
			_, err := io.WriteString(nc, "\x00\x03abc")
			return err
		},
	}
	for name, greet := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, func(net.Conn, *iso8583.Request) error {
				t.Error("a message came over a connection that was not signed on")
				return nil
			})
			h.greet = greet
			times := acquirer.DemoTimeouts()
			times.Connect, times.Read = read, read
			a := open(t, iso8583.Options{Address: h.Addr().String(), Timeouts: times})
			if got := authorize(t, a); got.Outcome != acquirer.Unknown || !got.NotSent {
				t.Errorf("%v, not sent %v", got.Outcome, got.NotSent)
			}
		})
	}
	t.Run("cannot be packed", func(t *testing.T) {
		t.Parallel()
		h := newHost(t, func(net.Conn, *iso8583.Request) error { return nil })
		a := open(t, iso8583.Options{Address: h.Addr().String()})
		auth := authorization(t)
		auth.AttemptID = ""
		if got := a.Authorize(t.Context(), auth); got.Outcome != acquirer.Unknown || !got.NotSent {
			t.Errorf("%v, not sent %v", got.Outcome, got.NotSent)
		}
	})
}

// TestAnswersOwedComeBehindTheSignOn: what the other end owes from a connection before
// may stand behind the sign-on's answer in the same segment, whole or in part.
func TestAnswersOwedComeBehindTheSignOn(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string]bool{"whole": true, "in two pieces": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, func(nc net.Conn, r *iso8583.Request) error { return send(nc, approve(r)) })
			h.greet = func(nc net.Conn) error {
				on := iso8583.Reply{Kind: iso8583.SignOn, Reference: acquirer.Reference{TerminalID: "NETWORK", TransmittedAt: at}, Code: "00"}
				owed := approve(&iso8583.Request{Kind: iso8583.Authorize, Reference: acquirer.Reference{
					AttemptID: "att_owed", TerminalID: "T0000001", STAN: 7, TransmittedAt: at,
				}, Split: money.Split{Amount: 1000}})
				frames, err := iso8583.AppendFrame(nil, &on)
				if err == nil {
					frames, err = iso8583.AppendFrame(frames, &owed)
				}
				if err != nil {
					return err
				}
				cut := len(frames)
				if !whole {
					cut -= 9
				}
				if _, err := nc.Write(frames[:cut]); err != nil || whole {
					return err
				}
				time.Sleep(read / 5)
				_, err = nc.Write(frames[cut:])
				return err
			}
			a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 1})
			if got := authorize(t, a); got.Outcome != acquirer.Approved {
				t.Errorf("%v, not sent %v: %s", got.Outcome, got.NotSent, got.Message)
			}
			if n := h.dials.Load(); n != 1 {
				t.Errorf("dialled %d times", n)
			}
		})
	}
}

// TestReconnects: the link comes back by itself when the other end does.
func TestReconnects(t *testing.T) {
	t.Parallel()
	h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
		_ = send(nc, approve(r))
		return errEnd
	})
	a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 1})
	for range 5 {
		got := authorize(t, a)
		if got.Outcome != acquirer.Approved && !got.NotSent && got.Message != "the connection ended" {
			t.Fatalf("%v: %s", got.Outcome, got.Message)
		}
	}
	if h.dials.Load() < 2 {
		t.Error("the link never came back")
	}
}

// TestEcho: a silent connection is tested, and a dead one is replaced.
func TestEcho(t *testing.T) {
	t.Parallel()
	echoes := make(chan struct{}, 100)
	var mute atomic.Bool
	h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
		if r.Kind != iso8583.Echo {
			return send(nc, approve(r))
		}
		echoes <- struct{}{}
		if mute.Load() {
			return nil
		}
		return send(nc, iso8583.ReplyTo(r, "00"))
	})
	a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 1, Echo: 30 * time.Millisecond})
	if err := a.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		receive(t, echoes)
	}
	if n := h.dials.Load(); n != 1 {
		t.Fatalf("%d connections although every echo was answered", n)
	}
	mute.Store(true)
	for h.dials.Load() == 1 {
		receive(t, echoes)
	}
}

func receive(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("waited too long")
	}
}

// TestCloseEndsWaiting: messages in flight become unknown, later ones are not sent.
func TestCloseEndsWaiting(t *testing.T) {
	t.Parallel()
	came := make(chan struct{}, 10)
	h := newHost(t, func(net.Conn, *iso8583.Request) error {
		came <- struct{}{}
		return nil
	})
	times := acquirer.DemoTimeouts()
	times.Read = time.Minute
	a := open(t, iso8583.Options{Address: h.Addr().String(), Timeouts: times})
	out := make(chan acquirer.Answer, 1)
	auth := authorization(t)
	go func() { out <- a.Authorize(context.Background(), auth) }()
	receive(t, came)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-out; got.Outcome != acquirer.Unknown || got.NotSent {
		t.Errorf("in flight: %v, not sent %v", got.Outcome, got.NotSent)
	}
	if got := authorize(t, a); got.Outcome != acquirer.Unknown || !got.NotSent {
		t.Errorf("after Close: %v, not sent %v", got.Outcome, got.NotSent)
	}
}

// TestSameMessageTwiceAtOnce: a repeat that overtakes its first is answered alike.
func TestSameMessageTwiceAtOnce(t *testing.T) {
	t.Parallel()
	var both sync.WaitGroup
	both.Add(2)
	h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
		both.Done()
		both.Wait()
		return send(nc, approve(r))
	})
	a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 2})
	out := make(chan acquirer.Answer, 2)
	for range 2 {
		auth := authorization(t)
		go func() { out <- a.Authorize(t.Context(), auth) }()
	}
	for range 2 {
		if got := <-out; got.Outcome != acquirer.Approved {
			t.Errorf("%v: %s", got.Outcome, got.Message)
		}
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := []acquirer.Config{
		{"address": "127.0.0.1:1"},
		{"address": "acquirer.example:1", "profile": "production", "simulated": "false", "connections": "64", "echo": "1m"},
		{"address": "[::1]:1", "profile": "demo", "simulated": "true", "connect": "100ms", "read": "1s"},
	}
	for _, c := range good {
		a, err := iso8583.Adapter.Open(c)
		if err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		d := a.Describe()
		if d.Name != iso8583.Adapter.Descriptor.Name || d.Simulated != (c["simulated"] == "true") {
			t.Errorf("%v: %+v", c, d)
		}
		if c["read"] == "1s" && (d.Timeouts.Read != time.Second || d.Timeouts.NoOriginalAfter != acquirer.DemoTimeouts().NoOriginalAfter) {
			t.Errorf("%v: %+v", c, d.Timeouts)
		}
	}
	bad := []acquirer.Config{
		{}, {"address": "nowhere"}, {"address": "a:1", "profile": "fast"}, {"address": "a:1", "simulated": "perhaps"},
		{"address": "a:1", "connections": "0"}, {"address": "a:1", "connections": "65"}, {"address": "a:1", "connections": "x"},
		{"address": "a:1", "read": "0s"}, {"address": "a:1", "read": "3"}, {"address": "a:1", "echo": "-1s"}, {"address": "a:1", "colour": "red"},
	}
	for _, c := range bad {
		if _, err := iso8583.Adapter.Open(c); !errors.Is(err, acquirer.ErrConfig) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
