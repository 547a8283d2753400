package mail_test

import (
	"context"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/messenger"
	gate "innopay/messenger/mail"
	"innopay/messenger/messengertest"
)

var now = time.Date(2026, 11, 28, 9, 30, 0, 0, clock.Seoul)

func options(r *relay, security gate.Security) gate.Options {
	return gate.Options{
		Host: "127.0.0.1", Port: r.port, Security: security, Roots: r.roots, Timeout: 4 * time.Second, Clock: clock.NewFake(now),
		From: mail.Address{Name: "한가람 상점, \"본점\"", Address: "pay@" + domain},
	}
}

func letterTo(to string) messenger.Message {
	return messenger.Message{
		ID: "msg_1", Kind: messenger.Email, To: to, Subject: "결제 요청 안내: 뷁 & <1,000원> " + strings.Repeat("긴 제목 ", 12) + "끝",
		Text: "첫 줄\n.\n..\n" + strings.Repeat("가나다 ", 300) + "😀", HTML: "<p>가나다</p>\n<p>&amp;</p>",
	}
}

func send(t *testing.T, s messenger.Sender, m messenger.Message, want messenger.Outcome) messenger.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got := s.Send(ctx, m)
	if got.Outcome != want {
		t.Fatalf("%v (%s %s), want %v", got.Outcome, got.Code, got.Reason, want)
	}
	if strings.Contains(got.Code+got.Reason, "mail.example") {
		t.Errorf("%+v names the recipient", got)
	}
	return got
}

// TestWhatArrives: every kind of security with a login; headers and both bodies decoded.
func TestWhatArrives(t *testing.T) {
	t.Parallel()
	for _, security := range []gate.Security{gate.StartTLS, gate.TLS, gate.None} {
		t.Run(string(security), func(t *testing.T) {
			t.Parallel()
			r := start(t, security)
			r.login = true
			o := options(r, security)
			o.Username, o.Password = username, password
			m := letterTo(address())
			send(t, gate.New(o), m, messenger.Accepted)
			got := r.arrived(m.To)
			if len(got) != 1 {
				t.Fatalf("%d came", len(got))
			}
			l := got[0]
			if l.envelopeFrom != "pay@"+domain || *l.from != o.From || l.to.Address != m.To {
				t.Errorf("from %s, %s to %s", l.envelopeFrom, l.from, l.to)
			}
			lines := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
			if l.subject != m.Subject || lines(l.text) != m.Text || lines(l.html) != m.HTML {
				t.Errorf("%q\n%q\n%q", l.subject, l.text, l.html)
			}
			for name, want := range map[string]string{
				"Message-Id": "<msg_1@" + domain + ">", "Date": now.Format(time.RFC1123Z), "Auto-Submitted": "auto-generated",
				"User-Agent": "", "X-Mailer": "", "Bcc": "", "Mime-Version": "1.0",
			} {
				if l.header.Get(name) != want {
					t.Errorf("%s: %q, want %q", name, l.header.Get(name), want)
				}
			}
			for line := range strings.SplitSeq(l.raw, "\r\n") {
				if len(line) > 998 || strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
					t.Errorf("a line that not every relay takes: %q", line)
				}
			}
		})
	}
}

// TestRepeatsShareTheirID: a mailbox shows one of them.
func TestRepeatsShareTheirID(t *testing.T) {
	t.Parallel()
	r := start(t, gate.StartTLS)
	s := gate.New(options(r, gate.StartTLS))
	m := letterTo(address())
	m.HTML, m.From = "", "상점 둘 <two@two.example>"
	r.script(t, "DROP", 1)
	send(t, s, m, messenger.Unknown)
	send(t, s, m, messenger.Accepted)
	got := r.arrived(m.To)
	if len(got) != 2 || got[0].header.Get("Message-Id") != "<msg_1@two.example>" || got[0].header.Get("Message-Id") != got[1].header.Get("Message-Id") {
		t.Errorf("%+v", got)
	}
	if got[1].html != "" || got[1].from.Name != "상점 둘" || got[1].envelopeFrom != "two@two.example" {
		t.Errorf("%+v", got[1])
	}
}

// TestNoHeaderIsWritten: what comes from people stays in its header.
func TestNoHeaderIsWritten(t *testing.T) {
	t.Parallel()
	r := start(t, gate.None)
	o := options(r, gate.None)
	o.From.Name = "상점\r\nBcc: <x@mail.example>"
	s := gate.New(o)
	m := letterTo(address())
	m.Subject = "Hello\r\nBcc: x@mail.example\r\n\r\nbody\x00\x7f"
	send(t, s, m, messenger.Accepted)
	l := r.arrived(m.To)[0]
	if l.header.Get("Bcc") != "" || l.subject != "Hello  Bcc: x@mail.example    body" || len(r.arrived("x@mail.example")) != 0 {
		t.Errorf("%q", l.raw)
	}
	for what, spoil := range map[string]func(*messenger.Message){
		"two lines":      func(m *messenger.Message) { m.To += "\r\nRCPT TO:<x@mail.example>" },
		"two recipients": func(m *messenger.Message) { m.To += ", x@mail.example" },
		"in a name":      func(m *messenger.Message) { m.From = "=?utf-8?q?a=0D=0ABcc:_x@mail.example?= <a@mail.example\r\n>" },
		"not ASCII":      func(m *messenger.Message) { m.To = "구매자@mail.example" },
		"no domain":      func(m *messenger.Message) { m.To = "buyer" },
		"none":           func(m *messenger.Message) { m.To = "" },
		"id":             func(m *messenger.Message) { m.ID = "a>\r\nBcc: x" },
		"no text":        func(m *messenger.Message) { m.Text = "" },
		"too long":       func(m *messenger.Message) { m.HTML = strings.Repeat("a", 1<<20) },
		"an SMS":         func(m *messenger.Message) { m.Kind = messenger.SMS },
	} {
		m := letterTo(address())
		spoil(&m)
		if got := s.Send(t.Context(), m); got.Outcome != messenger.Rejected || got.Reason == "" {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// TestTheRelayDecides: its codes, at each step.
func TestTheRelayDecides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		do   string
		want messenger.Outcome
		code string
	}{
		{"REJECT", messenger.Rejected, "550 5.1.1"},
		{"GREYLIST", messenger.Later, "450 4.7.1"},
		{"DOWN", messenger.Later, "451 4.3.0"},
		{"SPAM", messenger.Rejected, "554 5.7.1"},
		{"TIMEOUT", messenger.Unknown, "NO_ANSWER"},
		{"DROP", messenger.Unknown, "NO_ANSWER"},
		{"NO FAREWELL", messenger.Accepted, "250"},
	} {
		t.Run(test.do, func(t *testing.T) {
			t.Parallel()
			r := start(t, gate.StartTLS)
			r.script(t, test.do, 1)
			o := options(r, gate.StartTLS)
			o.Timeout = time.Second
			if got := send(t, gate.New(o), letterTo(address()), test.want); got.Code != test.code {
				t.Errorf("code %q, want %q", got.Code, test.code)
			}
		})
	}
}

// TestTheLineBreaks: before the end of DATA nothing was taken; after it nobody knows.
func TestTheLineBreaks(t *testing.T) {
	t.Parallel()
	ready := []string{"220 relay", "250 relay", "250 sender", "250 recipient", "354 go"}
	for _, test := range []struct {
		name   string
		hangUp bool
		lines  []string
		want   messenger.Outcome
		code   string
	}{
		{"says nothing", false, nil, messenger.Later, "NOT_SENT"},
		{"hangs up", true, nil, messenger.Later, "NOT_SENT"},
		{"is no relay", true, []string{"HTTP/1.1 400 Bad Request"}, messenger.Later, "NOT_SENT"},
		{"never ends its greeting", true, []string{"220-" + strings.Repeat("x", 300<<10)}, messenger.Later, "NOT_SENT"},
		{"is closed", true, []string{"554 no service"}, messenger.Later, "554"},
		{"is full", true, []string{"421 busy"}, messenger.Later, "421"},
		{"hangs up after HELO", true, ready[:2], messenger.Later, "NOT_SENT"},
		{"hangs up after MAIL", true, ready[:3], messenger.Later, "NOT_SENT"},
		{"silent after RCPT", false, ready[:4], messenger.Later, "NOT_SENT"},
		{"silent after the mail", false, ready, messenger.Unknown, "NO_ANSWER"},
		{"hangs up after the mail", true, ready, messenger.Unknown, "NO_ANSWER"},
		{"garbles after the mail", true, append(ready[:5:5], "what?"), messenger.Unknown, "NO_ANSWER"},
		{"takes it", true, append(ready[:5:5], "250 taken"), messenger.Accepted, "250"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := gate.New(gate.Options{
				Host: "127.0.0.1", Port: saying(t, test.hangUp, test.lines...), Security: gate.None, Timeout: time.Second,
				From: mail.Address{Address: "pay@" + domain},
			})
			if got := send(t, s, letterTo(address()), test.want); got.Code != test.code {
				t.Errorf("code %q, want %q", got.Code, test.code)
			}
		})
	}
}

// TestNothingWithoutEncryption: a relay without STARTTLS, or with a certificate that
// nobody vouches for, gets neither password nor mail.
func TestNothingWithoutEncryption(t *testing.T) {
	t.Parallel()
	plain := start(t, gate.None)
	secure := start(t, gate.StartTLS)
	implicit := start(t, gate.TLS)
	for name, o := range map[string]gate.Options{
		"no STARTTLS":          options(plain, gate.StartTLS),
		"no TLS":               options(plain, gate.TLS),
		"unknown certificate":  options(secure, gate.StartTLS),
		"unknown, from byte 0": options(implicit, gate.TLS),
	} {
		o.Username, o.Password = username, password
		if strings.HasPrefix(name, "unknown") {
			o.Roots = nil
		}
		send(t, gate.New(o), letterTo(address()), messenger.Later)
	}
	for _, r := range []*relay{plain, secure, implicit} {
		r.mu.Lock()
		if len(r.mails) != 0 {
			t.Error("a mail came")
		}
		r.mu.Unlock()
	}
}

// TestWrongLogin: what is wrong with our own login is corrected; the mail waits.
func TestWrongLogin(t *testing.T) {
	t.Parallel()
	r := start(t, gate.StartTLS)
	r.login = true
	o := options(r, gate.StartTLS)
	if got := send(t, gate.New(o), letterTo(address()), messenger.Later); got.Code != "530 5.7.0" {
		t.Errorf("%+v", got)
	}
	o.Username, o.Password = username, "wrong"
	if got := send(t, gate.New(o), letterTo(address()), messenger.Later); got.Code != "535" {
		t.Errorf("%+v", got)
	}
}

func TestOpenChecksTheConfiguration(t *testing.T) {
	t.Parallel()
	good := func() messenger.Config {
		return messenger.Config{"host": "smtp.example.com", "username": "u", "password": "p", "from": "pay@shop.example", "fromName": "상점"}
	}
	for _, test := range []struct{ key, value, field string }{
		{"host", "", "REQUIRED"},
		{"host", "smtp.example.com:25", "HOST"},
		{"host", "a b", "HOST"},
		{"port", "0", "PORT"},
		{"port", "smtp", "PORT"},
		{"security", "ssl", "CHOICE"},
		{"security", "none", "NONE"},
		{"password", "", "LOGIN"},
		{"from", "", "REQUIRED"},
		{"from", "shop", "ADDRESS"},
		{"from", "상점 <pay@shop.example>", "ADDRESS"},
		{"tls", "true", "UNKNOWN"},
	} {
		c := good()
		c[test.key] = test.value
		_, err := gate.Adapter.Open(c)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, messenger.ErrConfig) || len(f.Fields) != 1 || f.Fields[0].Path != "/"+test.key || f.Fields[0].Code != test.field {
			t.Errorf("%s=%q: %v", test.key, test.value, err)
		}
	}
	r := start(t, gate.None)
	c := messenger.Config{"host": "127.0.0.1", "port": strconv.Itoa(r.port), "security": "none", "from": "pay@shop.example"}
	s, err := gate.Adapter.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	m := letterTo(address())
	send(t, s, m, messenger.Accepted)
	if got := r.arrived(m.To)[0].from; got.Address != "pay@shop.example" || got.Name != "" {
		t.Errorf("from %v", got)
	}
	if _, err := gate.Adapter.Open(good()); err != nil {
		t.Error(err)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	messengertest.Run(t, func(t *testing.T) messengertest.Setup {
		r := start(t, gate.StartTLS)
		o := options(r, gate.StartTLS)
		o.Username, o.Password = username, password
		return messengertest.Setup{
			Sender:    gate.New(o),
			From:      func(messenger.Kind) string { return "pay@" + domain },
			Recipient: func(*testing.T, messenger.Kind, messenger.State) string { return address() },
			Arrived: func(_ *testing.T, to string) []messengertest.Arrival {
				var all []messengertest.Arrival
				for _, l := range r.arrived(to) {
					id, _, _ := strings.Cut(strings.TrimPrefix(l.header.Get("Message-Id"), "<"), "@")
					all = append(all, messengertest.Arrival{
						ID: id, Kind: messenger.Email, From: l.from.Address, To: l.to.Address, Subject: l.subject, Text: l.text, HTML: l.html,
					})
				}
				return all
			},
			Script: r.script,
			Faults: []string{"DOWN", "TIMEOUT", "REJECT"},
			Spoil: map[string]func(*messenger.Message){
				"no address": func(m *messenger.Message) { m.To = "buyer" },
			},
			Unreachable: func(*testing.T) messenger.Sender {
				away := o
				away.Port = 9
				return gate.New(away)
			},
			Secrets: []string{password, username},
		}
	})
}
