package kannel_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/fault"
	"innopay/messenger"
	"innopay/messenger/kannel"
)

const from = "0212345678"

var numbers atomic.Int64

// number is a mobile number that no other test uses.
func number() string { return fmt.Sprintf("010%08d", numbers.Add(1)) }

func config(address string) messenger.Config {
	return messenger.Config{"url": address, "username": username, "password": password}
}

func open(t *testing.T, c messenger.Config) messenger.Sender {
	t.Helper()
	s, err := kannel.Adapter.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func sms(to, body string) messenger.Message {
	return messenger.Message{ID: "msg_1", Kind: messenger.KindFor(body), From: from, To: to, Text: body}
}

func send(t *testing.T, s messenger.Sender, m messenger.Message, want messenger.Outcome) messenger.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got := s.Send(ctx, m)
	if got.Outcome != want {
		t.Fatalf("%v (%s %s), want %v", got.Outcome, got.Code, got.Reason, want)
	}
	return got
}

// TestKoreanArrivesWhole: a long Korean text comes to the phone in one piece through a
// real Kannel, and its delivery report comes back and is read.
func TestKoreanArrivesWhole(t *testing.T) {
	t.Parallel()
	g := theGateway(t)
	reports := make(chan messenger.Report, 10)
	s := open(t, config(g.sendsms))
	caller := s.(messenger.Caller)
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		report, err := caller.ReadReport(r)
		if err != nil || r.URL.EscapedPath() != "/v1/messages/msg_1/reports/a%2Fb%25d%EA%B0%80%d0%90" || r.URL.Query().Get("x") != "%d" {
			t.Errorf("%s: %+v %v", r.URL, report, err)
			return
		}
		reports <- report
	}))
	t.Cleanup(listener.Close)

	m := sms(number(), strings.Repeat("안녕하세요, 한가람 상점이에요. 1,000원을 결제해 주세요.\n뷁 100% & + ", 5)+"끝")
	m.ReportURL = listener.URL + "/v1/messages/msg_1/reports/a%2Fb%25d%EA%B0%80%d0%90?x=%25d"
	send(t, s, m, messenger.Accepted)
	got := g.await(t, m.To, 1)
	if want := (text{from, m.To, m.Text}); len(got) != 1 || got[0] != want {
		t.Errorf("came as\n%+v, want\n%+v", got, want)
	}
	seen := map[string]messenger.State{}
	late := time.After(startWait)
	for len(seen) < 2 {
		select {
		case r := <-reports:
			seen[r.Code] = r.State
		case <-late:
			t.Fatalf("reports so far: %v", seen)
		}
	}
	if seen["8"] != messenger.Waiting || seen["1"] != messenger.Delivered {
		t.Errorf("reports %v", seen)
	}
}

// TestEUCKR: a centre that wants the bytes of the Korean carriers gets them, also when
// a character lies on the border of two parts.
func TestEUCKR(t *testing.T) {
	t.Parallel()
	g := theGateway(t)
	c := config(g.sendsms)
	c["encoding"], c["smsc"], c["reports"] = kannel.EUCKR, "FAKE", "false"
	s := open(t, c)
	if _, calls := s.(messenger.Caller); calls || s.Describe().Reports {
		t.Error("reads reports that nobody asked for")
	}
	for _, body := range []string{"뷁 똠방각하", eucMarker + "A" + strings.Repeat("뷁한", 60)} {
		m := sms(number(), body)
		m.ReportURL = "http://127.0.0.1:9/"
		send(t, s, m, messenger.Accepted)
		if got := g.await(t, m.To, 1); got[0].body != body {
			t.Errorf("came as %q", got[0].body)
		}
	}
	m := sms(number(), "이모지 😀")
	send(t, s, m, messenger.Rejected)
}

// TestWrongPassword: what is wrong with our own login is corrected; the message waits.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	c := config(theGateway(t).sendsms)
	c["password"] = "wrong"
	if got := send(t, open(t, c), sms(number(), "가"), messenger.Later); got.Code != "403" || strings.Contains(got.Reason, "wrong") {
		t.Errorf("%+v", got)
	}
}

// TestReplies: each answer of sendsms, and those that no sendsms gives.
func TestReplies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		body   string
		want   messenger.Outcome
		code   string
	}{
		{202, "0: Accepted for delivery", messenger.Accepted, "0"},
		{202, "\r\n0: Accepted for delivery\n", messenger.Accepted, "0"},
		{202, "3: Queued for later delivery", messenger.Accepted, "3"},
		{202, "", messenger.Unknown, "202"},
		{202, "<html>0: hello", messenger.Unknown, "202"},
		{202, "0: " + strings.Repeat("long ", 4000), messenger.Unknown, "NO_ANSWER"},
		{200, "0: Accepted for delivery", messenger.Unknown, "200"},
		{302, "", messenger.Unknown, "302"},
		{400, "Empty receiver number not allowed, rejected", messenger.Rejected, "400"},
		{401, "", messenger.Later, "401"},
		{403, "Authorization failed for sendsms", messenger.Later, "403"},
		{404, "Number has been denied by white- and/or black-lists.", messenger.Rejected, "404"},
		{408, "", messenger.Unknown, "408"},
		{429, "", messenger.Later, "429"},
		{500, "", messenger.Unknown, "500"},
		{503, "Temporal failure, try again later.", messenger.Later, "503"},
	} {
		t.Run(fmt.Sprintf("%d %.10s", test.status, test.body), func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			t.Cleanup(server.Close)
			got := send(t, open(t, config(server.URL)), sms(number(), "가"), test.want)
			if got.Code != test.code {
				t.Errorf("code %q, want %q", got.Code, test.code)
			}
			if asked := test.status == 503 || test.status == 429; asked != (got.RetryAfter == 7*time.Second) {
				t.Errorf("again after %v", got.RetryAfter)
			}
		})
	}
}

// TestNothingInTheAddress: neither number, text nor password are in the address, which
// is written into logs on the way.
func TestNothingInTheAddress(t *testing.T) {
	t.Parallel()
	m := sms(number(), "가나다")
	m.ReportURL = "http://127.0.0.1:9/report"
	var seen *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { seen = r; w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(server.Close)
	send(t, open(t, config(server.URL+"/cgi-bin/sendsms")), m, messenger.Later)
	if seen.URL.String() != "/cgi-bin/sendsms" || seen.Method != http.MethodPost {
		t.Errorf("%s %s", seen.Method, seen.URL)
	}
	for name, want := range map[string]string{
		"To": m.To, "From": from, "Username": username, "Password": password, "Coding": "2",
		"Dlr-Mask": "31", "Dlr-Url": "http://127.0.0.1:9/report?s=%d", "Smsc": "",
	} {
		if got := seen.Header.Get("X-Kannel-" + name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestRefusedBeforeItLeaves: what Kannel would read as something else never leaves.
func TestRefusedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	s := open(t, config("http://127.0.0.1:9/"))
	for what, spoil := range map[string]func(*messenger.Message){
		"two recipients":     func(m *messenger.Message) { m.To += " 01000000000" },
		"header in a number": func(m *messenger.Message) { m.To += "\r\nX-Kannel-From: 1" },
		"landline":           func(m *messenger.Message) { m.To = "0212345678" },
		"no sender":          func(m *messenger.Message) { m.From = "" },
		"letters":            func(m *messenger.Message) { m.From = "SHOP" },
		"no text":            func(m *messenger.Message) { m.Text = "" },
		"too long":           func(m *messenger.Message) { m.Text = strings.Repeat("가", messenger.MaxSMS/2+1) },
		"mail":               func(m *messenger.Message) { m.Kind = messenger.Email },
		"id":                 func(m *messenger.Message) { m.ID = "a b" },
	} {
		m := sms(number(), "가")
		spoil(&m)
		if got := s.Send(t.Context(), m); got.Outcome != messenger.Rejected || got.Reason == "" {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// TestTLSIsVerified: a certificate that nobody vouches for gets no password.
func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	calls := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		calls++
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "0: Accepted for delivery")
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it tells of the handshake that fails on purpose
	server.StartTLS()
	t.Cleanup(server.Close)
	send(t, open(t, config(server.URL)), sms(number(), "가"), messenger.Later)
	if calls != 0 {
		t.Error("it was called")
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	trusting := kannel.NewReporting(kannel.Options{URL: parse(t, server.URL), Username: username, Password: password, Roots: roots})
	t.Cleanup(func() { _ = trusting.Close() })
	send(t, trusting, sms(number(), "가"), messenger.Accepted)
}

func TestReportBits(t *testing.T) {
	t.Parallel()
	caller := open(t, config("http://127.0.0.1:9/")).(messenger.Caller)
	for query, want := range map[string]messenger.State{
		"s=1": messenger.Delivered, "s=2": messenger.Failed, "s=4": messenger.Waiting, "s=8": messenger.Waiting, "x=1&s=16": messenger.Failed,
	} {
		got, err := caller.ReadReport(httptest.NewRequest(http.MethodGet, "/r/token?"+query, http.NoBody))
		if err != nil || got.State != want || got.Code == "" || got.Reason == "" {
			t.Errorf("%s: %+v %v", query, got, err)
		}
	}
	for _, query := range []string{"", "s=", "s=%d", "s=0", "s=3", "s=1&s=2", "s=-1", "s=32", "S=1", "s=1%zz"} {
		if got, err := caller.ReadReport(httptest.NewRequest(http.MethodGet, "/r/token?"+query, http.NoBody)); err == nil {
			t.Errorf("%s is %+v", query, got)
		}
	}
	if _, err := caller.ReadReport(httptest.NewRequest(http.MethodPost, "/r/token?s=1", http.NoBody)); err == nil {
		t.Error("a POST is a report")
	}
}

func TestOpenChecksTheConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, value, field string }{
		{"url", "", "REQUIRED"},
		{"url", "http://sms.example.com/cgi-bin/sendsms", "URL"},
		{"url", "https://user:pass@sms.example.com/", "URL"},
		{"url", "https://sms.example.com/?password=x", "URL"},
		{"url", "ftp://127.0.0.1/", "URL"},
		{"url", ":", "URL"},
		{"username", "", "REQUIRED"},
		{"password", "", "REQUIRED"},
		{"password", "a\nb", "CHARACTERS"},
		{"password", " ab", "CHARACTERS"},
		{"encoding", "utf-8", "CHOICE"},
		{"reports", "maybe", "BOOLEAN"},
		{"pasword", "x", "UNKNOWN"},
	} {
		c := config("https://sms.example.com/cgi-bin/sendsms")
		c[test.key] = test.value
		_, err := kannel.Adapter.Open(c)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, messenger.ErrConfig) || len(f.Fields) != 1 || f.Fields[0].Path != "/"+test.key || f.Fields[0].Code != test.field {
			t.Errorf("%s=%q: %v", test.key, test.value, err)
		}
		if err != nil && strings.Contains(err.Error(), "pass@") {
			t.Errorf("%v tells the password", err)
		}
	}
	for _, address := range []string{"http://127.0.0.1:13013/cgi-bin/sendsms", "http://10.1.2.3/x", "http://[::1]/", "http://kannel:13013/", "https://sms.example.com/"} {
		open(t, config(address))
	}
}
