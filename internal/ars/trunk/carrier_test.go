package trunk_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

// carrierAt is a trunk whose registrar is a hand-made phone.
func carrierAt(t *testing.T, user string, keepAlive, answer time.Duration) (*rig, *phone) {
	t.Helper()
	p := phoneAt(t, loopbackPort, host())
	r := start(t, func(o *trunk.Options) {
		o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{p.host()}, Registrar: p.conn.LocalAddr().String(), User: user, Password: "s3cret"}}
		o.Limits.KeepAlive, o.Limits.Answer = keepAlive, answer
	})
	p.line = r.Addr()
	return r, p
}

// asked is the next request of a method, repeats left out.
func (p *phone) asked(method string) string {
	p.t.Helper()
	for range 100 {
		switch s := p.hears(callWait); {
		case s == "":
			p.t.Fatalf("no %s came", method)
		case strings.HasPrefix(s, method+" "):
			return s
		}
	}
	p.t.Fatalf("no %s came", method)
	return ""
}

// TestACarrierIsDownAfterThreeLosses, and up with the first answer.
func TestACarrierIsDownAfterThreeLosses(t *testing.T) {
	t.Parallel()
	r, p := carrierAt(t, "", 30*time.Millisecond, 100*time.Millisecond)
	state := func() trunk.CarrierState { return r.Figures().Carriers[0] }
	eventually(t, "the carrier is down", func() bool { return !state().Up })
	if s := state(); s.Losses < 3 || !s.Answered.IsZero() || s.Registered {
		t.Errorf("%+v", s)
	}
	for !state().Up {
		p.replies(p.asked("OPTIONS"))
	}
	if s := state(); s.Losses != 0 || s.RoundTrip <= 0 || s.Answered.IsZero() || s.Status != 0 {
		t.Errorf("%+v", s)
	}
	if log := r.log.String(); strings.Count(log, "does not answer") != 1 || !strings.Contains(log, "answers again") {
		t.Error(log)
	}
}

// TestRegistrationEndsWithTheLine: the carrier is told that we are gone, and it is asked
// from the port we listen on.
func TestRegistrationEndsWithTheLine(t *testing.T) {
	t.Parallel()
	r, p := carrierAt(t, "shop", time.Hour, 3*time.Second)
	first := p.asked("REGISTER")
	if field(first, "Expires") != "600" || !strings.Contains(field(first, "Contact"), r.Addr().String()) || !strings.Contains(field(first, "Via"), r.Addr().String()) {
		t.Errorf("asked\n%s", first)
	}
	if !strings.Contains(field(first, "To"), "<sip:shop@"+p.host()+">") || strings.Contains(first, "s3cret") {
		t.Errorf("asked\n%s", first)
	}
	p.replies(first)
	eventually(t, "the line is registered", func() bool { return r.Figures().Carriers[0].Registered })
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		r.stop()
	}()
	last := p.asked("REGISTER")
	if field(last, "Expires") != "0" {
		t.Errorf("asked\n%s", last)
	}
	p.replies(last)
	<-stopped
}

// TestARefusedPasswordIsNotTriedAgainSoon: carriers lock out who does.
func TestARefusedPasswordIsNotTriedAgainSoon(t *testing.T) {
	t.Parallel()
	r, p := carrierAt(t, "shop", time.Hour, 3*time.Second)
	p.write(strings.Replace(p.reply(p.asked("REGISTER")), "200 OK", "403 Forbidden", 1))
	eventually(t, "the line knows it is refused", func() bool { return r.Figures().Carriers[0].Status == 403 })
	for until := time.Now().Add(700 * time.Millisecond); time.Now().Before(until); {
		if s := p.hears(100 * time.Millisecond); strings.HasPrefix(s, "REGISTER") {
			t.Fatalf("asked again\n%s", s)
		}
	}
	r.silent(t, "s3cret")
}

// TestACarrierIsAskedOverTLS: its certificate is checked.
func TestACarrierIsAskedOverTLS(t *testing.T) {
	t.Parallel()
	cert, key := telephone.Authority(t, "127.0.0.1")
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				lines := bufio.NewScanner(c)
				answer := "SIP/2.0 200 OK\r\n"
				for lines.Scan() {
					switch name, _, _ := strings.Cut(lines.Text(), ":"); name {
					case "Via", "From", "To", "Call-ID", "CSeq":
						answer += lines.Text() + "\r\n"
					case "":
						_, _ = fmt.Fprint(c, answer+"Content-Length: 0\r\n\r\n") // the line may have gone
						answer = "SIP/2.0 200 OK\r\n"
					}
				}
			}()
		}
	}()
	trusted := x509.NewCertPool()
	b, err := os.ReadFile(cert)
	if err != nil || !trusted.AppendCertsFromPEM(b) {
		t.Fatal(err)
	}
	asks := func(roots *x509.CertPool) *rig {
		return start(t, func(o *trunk.Options) {
			o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.0.0.1"}, Registrar: l.Addr().String(), Transport: "tls"}}
			o.Limits.KeepAlive, o.Carriers = 50*time.Millisecond, roots
		})
	}
	good, bad := asks(trusted), asks(x509.NewCertPool())
	eventually(t, "the carrier answers", func() bool { return !good.Figures().Carriers[0].Answered.IsZero() })
	eventually(t, "the other is down", func() bool { return !bad.Figures().Carriers[0].Up })
}
