package printer_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"innopay/clock"
	"innopay/internal/demo/printer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newPrinter(t *testing.T, token string) (*printer.Printer, string, http.Handler) {
	t.Helper()
	p := printer.New(printer.Options{Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Token: token})
	at, err := p.Listen(t.Context(), "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	h := p.Handler(http.NotFoundHandler())
	return p, at.String(), h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
	return w
}

// send writes to the printer, hears up to so many bytes, and hangs up.
func send(t *testing.T, at, doc string, answers int) string {
	t.Helper()
	c, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(t.Context(), "tcp", at)
	must(t, err)
	defer c.Close()
	must(t, c.SetDeadline(time.Now().Add(5*time.Second)))
	if _, err := io.WriteString(c, doc); err != nil {
		return ""
	}
	got := make([]byte, answers)
	n, _ := io.ReadFull(c, got) // what came is looked at
	return string(got[:n])
}

// came waits for the papers that came out.
func came(t *testing.T, p *printer.Printer, n int) []printer.Paper {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if all := p.Papers(""); len(all) >= n || time.Now().After(deadline) {
			if len(all) != n {
				t.Fatalf("%d papers, not %d", len(all), n)
			}
			return all
		}
	}
}

const small = "\x1b@\x1c&\xc7\xd1\xb1\xdb 1\n\x1dV\x00"

func TestWhatIsSentComesOutAsAPicture(t *testing.T) {
	t.Parallel()
	p, at, h := newPrinter(t, "")
	if got := send(t, at, small+"\x10\x04\x01", 1); got != "\x12" {
		t.Errorf("it answers %q", got)
	}
	send(t, at, small+small, 0)
	all := came(t, p, 3)
	var listed struct{ Papers []printer.Paper }
	must(t, json.Unmarshal(ask(t, h, http.MethodGet, "/simulator/printer/papers?after="+all[0].ID, "").Body.Bytes(), &listed))
	if len(listed.Papers) != 2 || listed.Papers[0].ID != all[1].ID || listed.Papers[0].Text != "한글 1\n" || !listed.Papers[0].Cut {
		t.Errorf("%+v", listed)
	}
	w := ask(t, h, http.MethodGet, listed.Papers[0].URL, "")
	img, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
	if err != nil || img.Bounds().Dx() != 576 || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%v, %v", err, w.Header())
	}
	if w := ask(t, h, http.MethodGet, "/simulator/printer/papers/nothing", ""); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestADocumentOfTheAppIsPutOnPaper(t *testing.T) {
	t.Parallel()
	_, _, h := newPrinter(t, "")
	w := ask(t, h, http.MethodPost, "/simulator/printer/papers?columns=32&language=STAR", "\x1b@\xc7\xd1\n\x1bd\x03")
	var out struct{ Papers []printer.Paper }
	must(t, json.Unmarshal(w.Body.Bytes(), &out))
	if w.Code != http.StatusCreated || len(out.Papers) != 1 || out.Papers[0].Text != "한\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, query := range []string{"", "?columns=x", "?columns=1", "?columns=1000", "?columns=32&language=ZPL"} {
		if w := ask(t, h, http.MethodPost, "/simulator/printer/papers"+query, small); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
	if w := ask(t, h, http.MethodPost, "/simulator/printer/papers?columns=32", strings.Repeat("x", 2<<20)); w.Code != http.StatusBadRequest {
		t.Errorf("too much: %d", w.Code)
	}
}

func TestFaultsAreScripted(t *testing.T) {
	t.Parallel()
	p, at, h := newPrinter(t, "")
	script := func(s string) int { return ask(t, h, http.MethodPost, "/simulator/printer/faults", s).Code }
	for _, bad := range []string{"", "{", `{"script":[{"do":"BURN"}]}`, `{"script":[{"do":"SLOW","times":-1}]}`, `{"script":[{"do":"SLOW","forMs":-1}]}`, `{"other":1}`} {
		if code := script(bad); code != http.StatusBadRequest && code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, code)
		}
	}
	if code := script(`{"script":[{"do":"PAPER_OUT"},{"do":"COVER_OPEN"},{"do":"OFFLINE"},{"do":"MUTE"},{"do":"DOWN"},{"do":"CUT"},{"do":"SLOW"}]}`); code != http.StatusOK {
		t.Fatalf("%d", code)
	}
	const how = "\x10\x04\x01\x10\x04\x02\x10\x04\x04"
	for _, want := range []string{"\x1a\x32\x72", "\x1a\x16\x12", "\x1a\x12\x12"} {
		if got := send(t, at, how, 3); got != want {
			t.Errorf("% x, not % x", got, want)
		}
	}
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at)
	must(t, err)
	_, err = io.WriteString(c, how+small)
	must(t, err)
	must(t, c.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("a mute printer speaks")
	}
	must(t, c.Close())
	came(t, p, 1)
	if got := send(t, at, how, 1); got != "" {
		t.Errorf("one that is down says %q", got)
	}
	if got := send(t, at, strings.Repeat("a line\n", 100)+how, 1); got != "" {
		t.Errorf("one that was cut says %q", got)
	}
	if torn := came(t, p, 2)[1]; torn.Cut || !strings.HasPrefix(torn.Text, "a line\n") {
		t.Errorf("%+v", torn)
	}
	if got := send(t, at, how, 3); got != "\x12\x12\x12" {
		t.Errorf("a slow one says % x", got)
	}
	if w := ask(t, h, http.MethodGet, "/simulator/printer/faults", ""); strings.TrimSpace(w.Body.String()) != `{"script":[]}` {
		t.Errorf("left: %s", w.Body)
	}
	script(`{"script":[{"do":"OFFLINE","forMs":60000}]}`)
	for range 2 {
		if got := send(t, at, how, 3); got != "\x1a\x12\x12" {
			t.Errorf("% x", got)
		}
	}
	if w := ask(t, h, http.MethodDelete, "/simulator/printer/faults", ""); w.Code != http.StatusNoContent {
		t.Errorf("%d", w.Code)
	}
	if got := send(t, at, how, 3); got != "\x12\x12\x12" {
		t.Errorf("% x", got)
	}
}

func TestATokenIsAskedForWhereThereIsOne(t *testing.T) {
	t.Parallel()
	_, _, h := newPrinter(t, "secret")
	for _, path := range []string{"/simulator/printer/papers", "/simulator/printer/papers/paper-000001", "/simulator/printer/faults"} {
		if w := ask(t, h, http.MethodGet, path, ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/simulator/printer/papers", http.NoBody)
	r.Header.Set("Authorization", "Bearer secret")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
}

func TestItListensOnLoopbackAlone(t *testing.T) {
	t.Parallel()
	p := printer.New(printer.Options{Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if at, err := p.Listen(t.Context(), "0.0.0.0:0"); err == nil {
		t.Errorf("it listens on %s", at)
	}
}
