package trunk_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// phone speaks SIP by hand over UDP, to say what no telephone says.
type phone struct {
	t    *testing.T
	conn *net.UDPConn
	line netip.AddrPort
	id   string
	n    int // CSeq and branch
}

// loopbackPort is nobody.
var loopbackPort = netip.MustParseAddrPort("127.0.0.1:9")

func newPhone(t *testing.T, line netip.AddrPort) *phone { return phoneAt(t, line, host()) }

func phoneAt(t *testing.T, line netip.AddrPort, host string) *phone {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &phone{t: t, conn: conn, line: line, id: strings.ReplaceAll(conn.LocalAddr().String(), ":", "-")}
}

// message is one request.
type message struct {
	method  string
	tag     string // of To
	number  string // CSeq and branch; empty: the next
	caller  string
	headers []string
	kind    string
	body    string
}

const law0 = "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"

func (p *phone) offer() string { return fmt.Sprintf(law0, p.host(), p.host()) }

func (p *phone) host() string { return p.conn.LocalAddr().(*net.UDPAddr).IP.String() }

// text writes a request.
func (p *phone) text(m message) string {
	if m.number == "" {
		p.n++
		m.number = fmt.Sprint(p.n)
	}
	if m.caller == "" {
		m.caller = "01033334444"
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("%s sip:ars@%s SIP/2.0", m.method, p.line)
	line("Via: SIP/2.0/UDP %s;branch=z9hG4bK%s-%s%s;rport", p.conn.LocalAddr(), p.id, m.method[:1], m.number)
	line("From: <sip:%s@x>;tag=t%s", m.caller, p.id)
	to := "To: <sip:ars@x>"
	if m.tag != "" {
		to += ";tag=" + m.tag
	}
	line("%s", to)
	line("Call-ID: %s", p.id)
	line("CSeq: %s %s", m.number, m.method)
	line("Contact: <sip:%s>", p.conn.LocalAddr())
	for _, h := range m.headers {
		line("%s", h)
	}
	if m.body != "" {
		if m.kind == "" {
			m.kind = "application/sdp"
		}
		line("Content-Type: %s", m.kind)
	}
	line("Content-Length: %d\r\n", len(m.body))
	return b.String() + m.body
}

func (p *phone) send(m message) { p.write(p.text(m)) }

func (p *phone) write(s string) {
	p.t.Helper()
	if _, err := p.conn.WriteToUDPAddrPort([]byte(s), p.line); err != nil {
		p.t.Error(err)
	}
}

// hears is the next message within the time, or "".
func (p *phone) hears(within time.Duration) string {
	p.t.Helper()
	b := make([]byte, 9000)
	if err := p.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		p.t.Fatal(err)
	}
	n, err := p.conn.Read(b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}

// answer is the next final answer, or request of the line.
func (p *phone) answer() string {
	p.t.Helper()
	for range 20 {
		switch s := p.hears(callWait); {
		case s == "":
			p.t.Fatal("no answer came")
		case !strings.HasPrefix(s, "SIP/2.0 1"):
			return s
		}
	}
	p.t.Fatal("no final answer came")
	return ""
}

// asks sends a request and wants the status.
func (p *phone) asks(m message, status string) string {
	p.t.Helper()
	p.send(m)
	got := p.answer()
	if !strings.HasPrefix(got, "SIP/2.0 "+status) {
		p.t.Fatalf("%s: want %s, got\n%s", m.method, status, got)
	}
	return got
}

// calls begins a call, acknowledges it and returns the tag of the line's side.
func (p *phone) calls(m message) string {
	p.t.Helper()
	if m.method == "" {
		m.method = "INVITE"
	}
	if m.body == "" {
		m.body = p.offer()
	}
	tag := tagIn(p.asks(m, "200"))
	p.send(message{method: "ACK", tag: tag, number: fmt.Sprint(p.n)})
	return tag
}

func field(message, name string) string {
	for line := range strings.SplitSeq(message, "\r\n") {
		if n, v, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func tagIn(message string) string {
	_, tag, _ := strings.Cut(field(message, "To"), ";tag=")
	return tag
}
