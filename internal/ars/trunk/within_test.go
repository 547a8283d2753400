package trunk_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
)

// TestRefusals: what is no call, and why.
func TestRefusals(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	sdp := func(media string) string {
		return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" + media
	}
	const crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
	for _, test := range []struct {
		name   string
		m      message
		status string
		with   string
	}{
		{"no offer", message{method: "INVITE"}, "488", ""},
		{"another codec", message{method: "INVITE", body: sdp("m=audio 4000 RTP/AVP 18\r\n")}, "488", ""},
		{"video", message{method: "INVITE", body: sdp("m=video 4000 RTP/AVP 0\r\n")}, "488", ""},
		{"a port of none", message{method: "INVITE", body: sdp("m=audio 0 RTP/AVP 0\r\n")}, "488", ""},
		{"encrypted without a key", message{method: "INVITE", body: sdp("m=audio 4000 RTP/SAVP 0\r\n")}, "488", ""},
		{"encrypted by DTLS", message{method: "INVITE", body: sdp("m=audio 4000 UDP/TLS/RTP/SAVP 0\r\n" + crypto)}, "488", ""},
		{"no SDP at all", message{method: "INVITE", body: "hello"}, "488", ""},
		{"another body", message{method: "INVITE", body: "hello", kind: "text/plain"}, "415", "Accept: application/sdp"},
		{"an extension", message{method: "INVITE", body: sdp("m=audio 4000 RTP/AVP 0\r\n"), headers: []string{"Require: 100rel, timer"}}, "420", "Unsupported: 100rel\r\n"},
		{"a short session", message{method: "INVITE", body: sdp("m=audio 4000 RTP/AVP 0\r\n"), headers: []string{"Session-Expires: 30"}}, "422", "Min-SE: 90"},
		{"a call that is not", message{method: "BYE", tag: "call-1"}, "481", ""},
		{"a change of none", message{method: "INVITE", tag: "call-1", body: sdp("m=audio 4000 RTP/AVP 0\r\n")}, "481", ""},
		{"an update of none", message{method: "UPDATE", tag: "call-1"}, "481", ""},
		{"a key of none", message{method: "INFO", tag: "call-1", body: "Signal=5", kind: "application/dtmf-relay"}, "481", ""},
		{"a cancel of none", message{method: "CANCEL"}, "481", ""},
		{"a question of none", message{method: "OPTIONS", tag: "call-1"}, "481", ""},
		{"a question", message{method: "OPTIONS"}, "200", "Allow: INVITE, ACK"},
		{"a registration", message{method: "REGISTER"}, "405", "Allow: "},
		{"a message", message{method: "MESSAGE", body: "hello", kind: "text/plain"}, "405", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := newPhone(t, r.Addr()).asks(test.m, test.status); !strings.Contains(got, test.with) || strings.Contains(got, "Server:") {
				t.Errorf("answered\n%s", got)
			}
		})
	}
	t.Cleanup(func() {
		if f := r.Figures(); f.Calls != 0 || f.Taken != 0 || f.Refused["488"] != 7 {
			t.Errorf("%+v", f)
		}
	})
}

// TestMalformedRequestsGet400 and take no place.
func TestMalformedRequestsGet400(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, name := range []string{"Contact", "From", "Call-ID"} {
		p := newPhone(t, r.Addr())
		var kept []string
		for line := range strings.SplitSeq(p.text(message{method: "INVITE", body: p.offer()}), "\r\n") {
			if !strings.HasPrefix(line, name+":") {
				kept = append(kept, line)
			}
		}
		p.write(strings.Join(kept, "\r\n"))
		if got := p.answer(); !strings.HasPrefix(got, "SIP/2.0 400") {
			t.Errorf("without %s: %s", name, got)
		}
	}
	r.quiet(t)
}

// TestOneCallForEachCaller: the second gets busy, and those who withhold their number are
// not one caller.
func TestOneCallForEachCaller(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Config.MaxCalls = 3 })
	a, b, c, d, e := newPhone(t, r.Addr()), newPhone(t, r.Addr()), newPhone(t, r.Addr()), newPhone(t, r.Addr()), newPhone(t, r.Addr())
	tag := a.calls(message{caller: "01011112222"})
	eventually(t, "the call is taken", func() bool { return r.Figures().Taken == 1 })
	b.asks(message{method: "INVITE", caller: "+821011112222", body: b.offer()}, "486")
	c.calls(message{caller: "anonymous"})
	d.calls(message{caller: "anonymous"})
	e.asks(message{method: "INVITE", caller: "01055556666", body: e.offer()}, "486")
	if f := r.Figures(); f.Calls != 3 || f.Refused["caller"] != 1 || f.Refused["full"] != 1 {
		t.Errorf("%+v", f)
	}
	a.asks(message{method: "BYE", tag: tag}, "200")
	if got := r.call(t); got.caller != "01011112222" {
		t.Errorf("%+v", got)
	}
	eventually(t, "a place is free", func() bool { return r.Figures().Calls == 2 })
	e.calls(message{caller: "01055556666"})
}

// TestPlacesAreReservedBeforeTheAnswer: many at once never get one place too many.
func TestPlacesAreReservedBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	const places, callers = 4, 40
	r := start(t, func(o *trunk.Options) { o.Config.MaxCalls = places })
	phones := make([]*phone, callers)
	for i := range phones {
		phones[i] = newPhone(t, r.Addr())
	}
	for i, p := range phones {
		p.send(message{method: "INVITE", caller: fmt.Sprintf("010%08d", i), body: p.offer()})
	}
	taken := 0
	for _, p := range phones {
		switch got := p.answer(); {
		case strings.HasPrefix(got, "SIP/2.0 200"):
			taken++
			p.send(message{method: "ACK", tag: tagIn(got), number: "1"})
		case !strings.HasPrefix(got, "SIP/2.0 486"):
			t.Error(got)
		}
	}
	if taken != places {
		t.Errorf("%d calls of %d", taken, places)
	}
}

// TestAnswersAreRepeatedUntilTheyAreAcknowledged, and only so many wait for that.
func TestAnswersAreRepeatedUntilTheyAreAcknowledged(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.Unacknowledged = 1 })
	p, q := newPhone(t, r.Addr()), newPhone(t, r.Addr())
	first := p.asks(message{method: "INVITE", body: p.offer()}, "200")
	q.asks(message{method: "INVITE", caller: "01012345678", body: q.offer()}, "486")
	if again := p.hears(2 * time.Second); again != first {
		t.Errorf("repeated as\n%s", again)
	}
	p.asks(message{method: "INVITE", tag: tagIn(first), body: p.offer()}, "491")
	p.send(message{method: "ACK", tag: tagIn(first), number: "1"})
	eventually(t, "the call is taken", func() bool { return r.Figures().Taken == 1 })
	if s := p.hears(1200 * time.Millisecond); strings.HasPrefix(s, "SIP/2.0 200") {
		t.Error("the answer is repeated after its ACK")
	}
	q = newPhone(t, r.Addr())
	q.calls(message{caller: "01012345678"})
}

// TestAnAnswerSaysWhatIsNeeded: addresses, codecs, and the medias that are not taken.
func TestAnAnswerSaysWhatIsNeeded(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Config.ExternalIP = "203.0.113.7" })
	p := newPhone(t, r.Addr())
	body := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
		"m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 18 8 0 97\r\na=rtpmap:97 telephone-event/8000\r\na=recvonly\r\n"
	got := p.asks(message{method: "INVITE", body: body, headers: []string{"Record-Route: <sip:127.1.2.3;lr>", "Supported: 100rel"}}, "200")
	for _, want := range []string{
		"m=video 0 RTP/AVP 31\r\nm=audio 2", " RTP/AVP 8 97\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\n", "a=ptime:20\r\na=sendonly\r\n",
		"Record-Route: <sip:127.1.2.3;lr>", "Contact: <sip:0212345678@127.0.0.1:", "c=IN IP4 127.0.0.1\r\n", // loopback is never outside
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	p.send(message{method: "ACK", tag: tagIn(got), number: "1"})
	eventually(t, "the call is taken", func() bool { return r.Figures().Taken == 1 })
	p.asks(message{method: "BYE", tag: tagIn(got)}, "200")
	r.call(t)
}

// TestAPanicEndsOneCall: the caller hears the end, the others go on.
func TestAPanicEndsOneCall(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) {
		o.Take = func(context.Context, *trunk.Leg) { panic("4111111111111111") }
	})
	p := newPhone(t, r.Addr())
	p.calls(message{})
	bye := p.answer()
	if !strings.HasPrefix(bye, "BYE ") {
		t.Errorf("heard\n%s", bye)
	}
	p.replies(bye)
	r.quiet(t)
	r.silent(t, "4111")
	if !strings.Contains(r.log.String(), "in panic") {
		t.Error("nobody is told")
	}
}

// replies answers a request of the line with 200.
func (p *phone) replies(request string) { p.t.Helper(); p.write(p.reply(request)) }

func (p *phone) reply(request string) string {
	p.t.Helper()
	var b strings.Builder
	b.WriteString("SIP/2.0 200 OK\r\n")
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		fmt.Fprintf(&b, "%s: %s\r\n", name, field(request, name))
	}
	return b.String() + "Content-Length: 0\r\n\r\n"
}

// TestStoppingLetsCallsEnd: no new calls, then BYE to those that run on; ports are free
// afterwards.
func TestStoppingLetsCallsEnd(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Config.RTPPorts = "19000-19007" })
	p, q := newPhone(t, r.Addr()), newPhone(t, r.Addr())
	p.calls(message{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		r.stop()
	}()
	eventually(t, "no calls are taken", func() bool {
		q.send(message{method: "OPTIONS"})
		return strings.HasPrefix(q.answer(), "SIP/2.0 503")
	})
	q.asks(message{method: "INVITE", caller: "01011112222", body: q.offer()}, "503")
	bye := p.answer()
	if !strings.HasPrefix(bye, "BYE ") {
		t.Errorf("heard\n%s", bye)
	}
	p.replies(bye)
	<-stopped
	r.call(t)
	for port := 19000; port < 19008; port++ {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP("127.0.0.1"), Port: port})
		if err != nil {
			t.Errorf("port %d: %v", port, err)
			continue
		}
		_ = c.Close()
	}
}

// TestAHeldCallIsNotSilent, and not at once after it: the caller has to begin to speak.
func TestAHeldCallIsNotSilent(t *testing.T) {
	t.Parallel()
	const silence = 400 * time.Millisecond
	r := start(t, func(o *trunk.Options) { o.Limits.Silence = silence })
	p := newPhone(t, r.Addr())
	tag := p.calls(message{})
	for _, way := range []string{"sendonly", "sendrecv"} {
		p.asks(message{method: "INVITE", tag: tag, body: p.offer() + "a=" + way + "\r\n"}, "200")
		p.send(message{method: "ACK", tag: tag, number: fmt.Sprint(p.n)})
		if way == "sendonly" {
			time.Sleep(2 * silence)
		}
	}
	if s := p.hears(silence / 2); s != "" {
		t.Errorf("heard\n%s", s)
	}
	if bye := p.answer(); !strings.HasPrefix(bye, "BYE ") {
		t.Errorf("heard\n%s", bye)
	} else {
		p.replies(bye)
	}
	r.call(t)
	r.quiet(t)
}

// TestCallersGetReports: every five seconds, on the port above that of the sound.
func TestCallersGetReports(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	p := newPhone(t, r.Addr())
	reports, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(p.host()), Port: 4001})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reports.Close() })
	p.calls(message{})
	if err := reports.SetReadDeadline(time.Now().Add(callWait)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := reports.Read(b); err != nil || n != 28 || b[1] != 200 {
		t.Errorf("%d bytes, %v: % x", n, err, b)
	}
}
