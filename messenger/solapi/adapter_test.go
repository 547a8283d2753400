package solapi_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/fault"
	"innopay/messenger"
	"innopay/messenger/solapi"
)

const (
	apiKey    = "NCSTESTKEY"
	apiSecret = "test secret & sign"
	to        = "01012345678"
	from      = "0212345678"
)

var now = time.Date(2026, 11, 28, 9, 30, 0, 0, clock.Seoul)

// seen is a request that came to the other end.
type seen struct {
	*http.Request
	body []byte
}

// serve is another end that answers every request alike.
func serve(t *testing.T, status int, body string, header ...string) (address string, requests chan seen) {
	t.Helper()
	requests = make(chan seen, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		requests <- seen{r, b}
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func open(t *testing.T, address string) *solapi.Solapi {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s := solapi.New(solapi.Options{
		APIKey: apiKey, APISecret: apiSecret, BaseURL: u, Profile: "KA01PF", Timeout: 2 * time.Second, Clock: clock.NewFake(now),
	})
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func message(kind messenger.Kind) messenger.Message {
	m := messenger.Message{ID: "msg_1", Kind: kind, From: from, To: to, Text: "한가람 상점 1,000원 <결제> & \"확인\""}
	switch kind {
	case messenger.LMS:
		m.Subject = "결제 요청"
	case messenger.AlimTalk:
		m.Template = messenger.Template{ID: "KA01TP", Variables: map[string]string{"상점": "한가람"}}
	case messenger.SMS, messenger.Email:
	}
	return m
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

const taken = `{"failedMessageList":[],"messageList":[{"messageId":"M4V1","statusCode":"2000"}],"groupInfo":{"groupId":"G4V1"}}`

// TestWhatIsSent: the body of each kind, and the signature.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	for kind, more := range map[messenger.Kind]map[string]any{
		messenger.SMS: {"type": "SMS"},
		messenger.LMS: {"type": "LMS", "subject": "결제 요청"},
		messenger.AlimTalk: {"type": "ATA", "kakaoOptions": map[string]any{
			"pfId": "KA01PF", "templateId": "KA01TP", "variables": map[string]any{"#{상점}": "한가람"}, "disableSms": true,
		}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			address, requests := serve(t, 200, taken)
			if got := send(t, open(t, address), message(kind), messenger.Accepted); got.Reference != "M4V1" || got.Code != "2000" {
				t.Errorf("%+v", got)
			}
			r := <-requests
			if r.Method != http.MethodPost || r.URL.String() != "/messages/v4/send-many/detail" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s %s", r.Method, r.URL, r.Header)
			}
			want := map[string]any{
				"to": to, "from": from, "text": message(kind).Text, "autoTypeDetect": false, "customFields": map[string]any{"messageId": "msg_1"},
			}
			maps.Copy(want, more)
			var got map[string]any
			if err := json.NewDecoder(bytes.NewReader(r.body)).Decode(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]any{"messages": []any{want}, "allowDuplicates": false, "showMessageList": true}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var authorization = regexp.MustCompile(`^HMAC-SHA256 apiKey=NCSTESTKEY, date=2026-11-28T00:30:00Z, salt=([A-Za-z0-9]{12,64}), signature=([0-9a-f]{64})$`)

// TestSignature: the secret's HMAC of date and salt; no salt comes twice.
func TestSignature(t *testing.T) {
	t.Parallel()
	address, requests := serve(t, 200, taken)
	s := open(t, address)
	salts := map[string]bool{}
	for range 3 {
		send(t, s, message(messenger.SMS), messenger.Accepted)
		r := <-requests
		got := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
		if got == nil {
			t.Fatalf("%q", r.Header.Get("Authorization"))
		}
		mac := hmac.New(sha256.New, []byte(apiSecret))
		mac.Write([]byte("2026-11-28T00:30:00Z" + got[1]))
		if got[2] != hex.EncodeToString(mac.Sum(nil)) || salts[got[1]] {
			t.Errorf("%q", got)
		}
		salts[got[1]] = true
	}
}

// TestAnswers: what each answer decides, and that its words go no further.
func TestAnswers(t *testing.T) {
	t.Parallel()
	failure := func(code string) string {
		return `{"errorCode":"` + code + `","errorMessage":"` + to + ` 한가람 상점"}`
	}
	failed := func(code string) string {
		return `{"failedMessageList":[{"to":"` + to + `","statusCode":"` + code + `","statusMessage":"` + to + `"}],"messageList":[],"groupInfo":{}}`
	}
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   messenger.Outcome
		code   string
	}{
		{"taken", 200, taken, messenger.Accepted, "2000"},
		{"not registered: sender", 200, failed("1062"), messenger.Rejected, "1062"},
		{"not registered: blocked", 200, failed("1060"), messenger.Rejected, "1060"},
		{"not registered: template", 200, failed("1042"), messenger.Rejected, "1042"},
		{"not registered: whatever else", 200, failed("1011"), messenger.Rejected, "1011"},
		{"not registered, with a text for a code", 200, failed("보낼 수 없는 번호"), messenger.Unknown, "200"},
		{"neither taken nor failed", 200, `{"failedMessageList":[],"messageList":[]}`, messenger.Unknown, "200"},
		{"two of one", 200, strings.Replace(taken, `[{`, `[{"messageId":"M0"},{`, 1), messenger.Unknown, "200"},
		{"both taken and failed", 200, strings.Replace(taken, `"failedMessageList":[]`, `"failedMessageList":[{"statusCode":"1062"},{}]`, 1), messenger.Unknown, "200"},
		{"no id", 200, strings.Replace(taken, "M4V1", "", 1), messenger.Unknown, "200"},
		{"a text for an id", 200, strings.Replace(taken, "M4V1", "한가람 상점", 1), messenger.Unknown, "200"},
		{"no JSON", 200, "<html>", messenger.Unknown, "200"},
		{"half of it", 200, taken[:50], messenger.Unknown, "200"},
		{"empty", 200, "", messenger.Unknown, "200"},
		{"too long", 200, `{"a":"` + strings.Repeat("a", 300<<10) + `"}`, messenger.Unknown, "NO_ANSWER"},
		{"elsewhere", 302, "", messenger.Unknown, "302"},
		{"wrong", 400, failure("ValidationError"), messenger.Rejected, "ValidationError"},
		{"wrong in a new way", 400, failure("SomethingNew"), messenger.Rejected, "SomethingNew"},
		{"sender", 400, failure("UnregisteredSenderId"), messenger.Rejected, "UnregisteredSenderId"},
		{"no money", 402, failure("NotEnoughBalance"), messenger.Later, "NotEnoughBalance"},
		{"no money, with 400", 400, failure("NotEnoughBalance"), messenger.Later, "NotEnoughBalance"},
		{"key", 401, failure("InvalidAPIKey"), messenger.Later, "InvalidAPIKey"},
		{"signature", 403, failure("SignatureDoesNotMatch"), messenger.Later, "SignatureDoesNotMatch"},
		{"clock", 400, failure("RequestTimeTooSkewed"), messenger.Later, "RequestTimeTooSkewed"},
		{"not allowed in a new way", 403, failure("IPAddressNotAllowed"), messenger.Later, "IPAddressNotAllowed"},
		{"a proxy's 403", 403, "<html>", messenger.Unknown, "403"},
		{"a text for a code", 400, failure("보낼 수 없는 번호"), messenger.Unknown, "400"},
		{"slow", 408, failure("Timeout"), messenger.Unknown, "408"},
		{"too many", 429, failure("TooManyRequests"), messenger.Later, "429"},
		{"broken", 500, failure("InternalError"), messenger.Unknown, "500"},
		{"gateway", 502, "", messenger.Unknown, "502"},
		{"down", 503, "", messenger.Later, "503"},
		{"gateway was slow", 504, "", messenger.Unknown, "504"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			address, _ := serve(t, test.status, test.body, "Retry-After", "30", "Location", "/messages/v4/send-many/detail")
			got := send(t, open(t, address), message(messenger.SMS), test.want)
			if got.Code != test.code {
				t.Errorf("code %q, want %q", got.Code, test.code)
			}
			if text := fmt.Sprintf("%+v", got); strings.Contains(text, to) || strings.Contains(text, "한가람") {
				t.Errorf("tells too much: %s", text)
			}
			if test.status == 503 || test.status == 429 {
				if got.RetryAfter != 30*time.Second {
					t.Errorf("again after %v", got.RetryAfter)
				}
			}
		})
	}
}

// TestRetryAfter: seconds, or a date that counts from the answer's own; bounded.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Sat, 28 Nov 2026 00:30:00 GMT"
	for header, want := range map[string]time.Duration{
		"0": 0, "5": 5 * time.Second, "-1": 0, "soon": 0, "86400": time.Hour,
		"Sat, 28 Nov 2026 00:30:20 GMT": 20 * time.Second, "Sat, 28 Nov 2026 00:29:00 GMT": 0, "Mon, 30 Nov 2026 00:30:00 GMT": time.Hour,
	} {
		address, _ := serve(t, 503, "", "Retry-After", header, "Date", date)
		if got := send(t, open(t, address), message(messenger.SMS), messenger.Later); got.RetryAfter != want {
			t.Errorf("%q: %v, want %v", header, got.RetryAfter, want)
		}
	}
}

// TestStates: what each status code says of a message.
func TestStates(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]messenger.State{
		"2000": messenger.Waiting, "3000": messenger.Waiting, "4000": messenger.Delivered, "3032": messenger.Failed, "3104": messenger.Failed,
		"1062": messenger.Failed, "2230": messenger.Failed, "4001": messenger.Failed, "": messenger.Waiting, "9999": messenger.Waiting,
		"40000": messenger.Waiting, "보낼 수 없는 번호": messenger.Waiting,
	} {
		address, requests := serve(t, 200, `{"messageList":{"M4V1":{"messageId":"M4V1","statusCode":"`+status+`","text":"한가람","to":"`+to+`"}}}`)
		got, err := open(t, address).Ask(t.Context(), "M4V1")
		if err != nil || got.State != want || got.Reference != "M4V1" || got.Reason == "" || strings.Contains(got.Code, "번호") {
			t.Errorf("%s: %+v %v", status, got, err)
		}
		r := <-requests
		if r.Method != http.MethodGet || r.URL.String() != "/messages/v4/list?limit=1&messageId=M4V1" || !authorization.MatchString(r.Header.Get("Authorization")) {
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}
}

// TestNothingLearnt: an answer that does not tell the state, and a message of another.
func TestNothingLearnt(t *testing.T) {
	t.Parallel()
	for _, answer := range []struct {
		status int
		body   string
	}{{200, `{}`}, {200, `[]`}, {200, `{"messageList":[]}`}, {200, "{"}, {403, `{"errorCode":"Forbidden","errorMessage":"` + to + `"}`}, {503, ""}} {
		address, _ := serve(t, answer.status, answer.body)
		got, err := open(t, address).Ask(t.Context(), "M4V1")
		if err == nil || strings.Contains(err.Error(), to) {
			t.Errorf("%d %s: %+v %v", answer.status, answer.body, got, err)
		}
	}
	address, _ := serve(t, 200, `{"messageList":{"M4V2":{"messageId":"M4V2","statusCode":"4000"}}}`)
	if got, err := open(t, address).Ask(t.Context(), "M4V1"); err != nil || got.State != messenger.Waiting {
		t.Errorf("another's state: %+v %v", got, err)
	}
	address, _ = serve(t, 200, `{"messageList":{"1":{"messageId":"M4V1","statusCode":"4000"}}}`)
	if got, err := open(t, address).Ask(t.Context(), "M4V1"); err != nil || got.State != messenger.Delivered {
		t.Errorf("under another key: %+v %v", got, err)
	}
}

// TestTLSIsVerified: a certificate that nobody vouches for gets nothing.
func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	calls := make(chan struct{}, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls <- struct{}{}
		_, _ = io.WriteString(w, taken)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it tells of the handshake that fails on purpose
	server.StartTLS()
	t.Cleanup(server.Close)
	send(t, open(t, server.URL), message(messenger.SMS), messenger.Later)
	if len(calls) != 0 {
		t.Error("it was called")
	}
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	send(t, solapi.New(solapi.Options{APIKey: apiKey, APISecret: apiSecret, BaseURL: u, Roots: roots}), message(messenger.SMS), messenger.Accepted)
}

// TestLineBreaks: after the request has left, an answer that breaks off proves nothing.
func TestLineBreaks(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"no answer":       "",
		"half a header":   "HTTP/1.1 200 OK\r\nConte",
		"half a body":     "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + taken,
		"no HTTP":         "220 relay\r\n",
		"endless headers": "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 100<<10) + "\r\n\r\n" + taken,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		}))
		t.Cleanup(server.Close)
		if got := open(t, server.URL).Send(t.Context(), message(messenger.SMS)); got.Outcome != messenger.Unknown || got.Code != "NO_ANSWER" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestOpenChecksTheConfiguration(t *testing.T) {
	t.Parallel()
	good := func() messenger.Config { return messenger.Config{"apiKey": apiKey, "apiSecret": apiSecret} }
	for _, test := range []struct{ key, value, field string }{
		{"apiKey", "", "REQUIRED"},
		{"apiKey", "a, b", "CHARACTERS"},
		{"apiSecret", "", "REQUIRED"},
		{"baseUrl", "http://api.solapi.com", "URL"},
		{"baseUrl", "api.solapi.com", "URL"},
		{"simulated", "perhaps", "BOOLEAN"},
		{"secret", "x", "UNKNOWN"},
	} {
		c := good()
		c[test.key] = test.value
		_, err := solapi.Adapter.Open(c)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || !errors.Is(err, messenger.ErrConfig) || len(f.Fields) != 1 || f.Fields[0].Path != "/"+test.key || f.Fields[0].Code != test.field {
			t.Errorf("%s=%q: %v", test.key, test.value, err)
		}
		if err != nil && strings.Contains(err.Error(), apiSecret) {
			t.Errorf("%v tells the secret", err)
		}
	}
	for simulated, c := range map[bool]messenger.Config{
		false: good(),
		true:  {"apiKey": apiKey, "apiSecret": apiSecret, "baseUrl": "http://127.0.0.1:9/", "simulated": "true", "profile": "KA01PF"},
	} {
		s, err := solapi.Adapter.Open(c)
		if err != nil || s.Describe().Simulated != simulated {
			t.Errorf("%v: %v", c, err)
		}
	}
}
