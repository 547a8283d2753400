package trunk_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

// count reads answers until none comes for a while.
func (p *phone) count() map[string]int {
	p.t.Helper()
	out := map[string]int{}
	for range 20000 {
		s := p.hears(300 * time.Millisecond)
		if s == "" {
			return out
		}
		status, _, _ := strings.Cut(strings.TrimPrefix(s, "SIP/2.0 "), " ")
		out[status]++
	}
	return out
}

// TestFloods: OPTIONS, INVITE, answers nobody asked for, and garbage. The line answers a
// few, writes next to nothing, and goes on.
func TestFloods(t *testing.T) {
	t.Parallel()
	const packets = 5000
	r := start(t, func(o *trunk.Options) { o.Limits.Acknowledge = 700 * time.Millisecond })
	garbage := make([]byte, 900)
	if _, err := rand.Read(garbage); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		text func(*phone, int) string
		most int // answers
	}{
		{"OPTIONS", func(p *phone, _ int) string { return p.text(message{method: "OPTIONS"}) }, 120},
		// Refusals are repeated until they are acknowledged; 200 too.
		{"INVITE", func(p *phone, i int) string {
			return p.text(message{method: "INVITE", caller: fmt.Sprintf("010%08d", i), body: p.offer()})
		}, 200},
		{"garbage", func(*phone, int) string { return string(garbage) }, 0},
		{"garbage of a call", func(p *phone, i int) string {
			return fmt.Sprintf("INFO sip:ars@x SIP/2.0\r\nTo: <sip:x>;tag=%d\r\nSignal=4111\r\nContent-Length: zero\r\n\r\nSignal=4111", i)
		}, packets},
		{"answers", func(p *phone, i int) string {
			return fmt.Sprintf("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n", p.conn.LocalAddr(), i)
		}, 0},
	} {
		p := newPhone(t, r.Addr())
		for i := range packets {
			p.write(test.text(p, i))
		}
		got := p.count()
		sum := 0
		for _, n := range got {
			sum += n
		}
		if sum > test.most {
			t.Errorf("%s: answered %v", test.name, got)
		}
	}
	// The line lives.
	r.quiet(t)
	p := newPhone(t, r.Addr())
	tag := p.calls(message{caller: "01088887777"})
	eventually(t, "the call is taken", func() bool { return r.Figures().Taken == 1 })
	p.asks(message{method: "BYE", tag: tag}, "200")
	if got := r.call(t); got.caller != "01088887777" {
		t.Errorf("%+v", got)
	}
	r.quiet(t)
	if n := len(r.log.String()); n > 20_000 {
		t.Errorf("the log has %d bytes:\n%s", n, telephone.Tail(r.log.String()))
	}
	r.silent(t, "4111", "Signal")
	// The kernel drops the most of a flood before we see it.
	f := r.Figures()
	if f.Dropped["garbage"] < 100 || f.Dropped["rate"] < 100 || f.Taken != 1 {
		t.Errorf("%+v", f)
	}
}

// TestStrangersHearNothing: who is in no network of a carrier, and programs that scan.
func TestStrangersHearNothing(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) {
		o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.1.0.0/16"}}}
	})
	stranger := phoneAt(t, r.Addr(), "127.9.9.9")
	scanner := newPhone(t, r.Addr())
	for _, method := range []string{"OPTIONS", "INVITE", "REGISTER", "BYE"} {
		stranger.send(message{method: method, body: stranger.offer()})
		for _, agent := range []string{"friendly-scanner", "SIPVicious 0.3", "sipcli/v1.8", "pplsip"} {
			scanner.send(message{method: method, body: scanner.offer(), headers: []string{"User-Agent: " + agent}})
		}
	}
	if a, b := stranger.count(), scanner.count(); len(a) > 0 || len(b) > 0 {
		t.Errorf("the stranger heard %v, the scanner %v", a, b)
	}
	if f := r.Figures(); f.Dropped["network"] != 4 || f.Dropped["agent"] != 16 || f.Calls != 0 {
		t.Errorf("%+v", f)
	}
	newPhone(t, r.Addr()).asks(message{method: "OPTIONS"}, "200")
}

// dial connects over TCP from an address of loopback.
func dial(t *testing.T, r *rig, from string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: callWait}
	c, err := d.DialContext(t.Context(), "tcp", r.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(callWait)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestStreamsOfStrangersAreClosed: the same over TCP, and so many connections at once.
func TestStreamsOfStrangersAreClosed(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) {
		o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.1.0.0/16"}}}
	})
	closed := func(c net.Conn) bool {
		_, err := c.Read(make([]byte, 1))
		return err != nil
	}
	if !closed(dial(t, r, "127.9.9.8")) {
		t.Error("a stranger is connected")
	}
	good := dial(t, r, host())
	p := newPhone(t, r.Addr())
	ask := func(c net.Conn, headers ...string) string {
		text := strings.Replace(p.text(message{method: "OPTIONS", headers: headers}), "SIP/2.0/UDP", "SIP/2.0/TCP", 1)
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 2000)
		n, _ := c.Read(b)
		return string(b[:n])
	}
	if got := ask(good); !strings.HasPrefix(got, "SIP/2.0 200") {
		t.Errorf("answered %q", got)
	}
	scanner := dial(t, r, host())
	if err := scanner.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got := ask(scanner, "User-Agent: friendly-scanner"); got != "" {
		t.Errorf("answered %q", got)
	}
	noise := dial(t, r, host())
	if _, err := noise.Write(bytes.Repeat([]byte("Signal=4111 \r\n"), 5000)); err == nil && !closed(noise) {
		t.Error("noise is listened to")
	}
	from := host()
	for range 99 {
		dial(t, r, from)
	}
	if !closed(dial(t, r, from)) {
		t.Error("there is no end of connections")
	}
	r.silent(t, "4111")
}
