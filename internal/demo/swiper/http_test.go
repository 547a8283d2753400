package swiper_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/demo/swiper"
	"innopay/simulated"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

func devices(t *testing.T, dir string) *swiper.Devices {
	t.Helper()
	d, err := swiper.Open(dir, clock.NewFake(noon))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func server(d *swiper.Devices, token string) http.Handler {
	return swiper.New(swiper.Options{
		Devices: d, Token: token, Answers: simulated.Web{Log: slog.New(slog.DiscardHandler)},
		Cards: []demo.Card{{Number: "9990011000000016", ExpiryMonth: "12", ExpiryYear: "35"}, {Number: "9990051000000020", ExpiryMonth: "11", ExpiryYear: "34"}},
		Next:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
	})
}

func post(t *testing.T, h http.Handler, path, body string) (int, swiper.Swiped, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
	var s swiper.Swiped
	_ = json.Unmarshal(w.Body.Bytes(), &s)
	return w.Code, s, w.Body.String()
}

// opened is the card within a swipe, and the counter of its key.
func opened(t *testing.T, s swiper.Swiped) (number string, chip bool, counter int64) {
	t.Helper()
	f := taken(t, fixture{Name: "swipe", Format: s.Format, Transport: s.Transport, Frame: s.Frame})
	o, err := (reader.Software{Keys: keysOf(t)}).Open(t.Context(), reader.Swipe{Format: s.Format, KSN: f.KSN, Track2: f.Track2})
	if err != nil {
		t.Fatalf("%s: %v", s.Frame, err)
	}
	if f.Serial != s.Device.Serial {
		t.Errorf("device %s in the frame, %s beside it", f.Serial, s.Device.Serial)
	}
	return string(o.Track.PAN.Reveal()), o.Track.Chip(), o.Counter
}

// TestSwipes draws cards through every device, which counts on after a restart.
func TestSwipes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	counts := map[reader.Format]int64{}
	for range 2 {
		d := devices(t, dir)
		h := server(d, "")
		for _, c := range []struct {
			body, number string
			chip         bool
		}{
			{`{"card":0}`, "9990011000000016", false},
			{`{"card":1,"format":"IDTECH"}`, "9990051000000020", false},
			{`{"card":"9990051000000020","format":"MAGTEK","transport":"HID","chip":true}`, "9990051000000020", true},
			{`{"card":"9990011000000016","format":"IDTECH","transport":"HID","chip":true}`, "9990011000000016", true},
			{`{"card":"4111111111111111","format":"IDTECH","transport":"KEYBOARD"}`, "4111111111111111", false},
		} {
			code, s, text := post(t, h, swiper.Path+"/swipe", c.body)
			if code != http.StatusOK || s.Event != swiper.Read {
				t.Fatalf("%s: %d %s", c.body, code, text)
			}
			number, chip, counter := opened(t, s)
			if number != c.number || chip != c.chip || counter != counts[s.Format]+1 {
				t.Errorf("%s: %s %t, counter %d after %d", c.body, number, chip, counter, counts[s.Format])
			}
			counts[s.Format] = counter
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(filepath.Join(dir, swiper.JournalFile))
	if err != nil || strings.Contains(string(kept), "99900") || strings.Count(string(kept), "\n") != 11 {
		t.Errorf("the journal: %s %v", kept, err)
	}
}

// TestFaults plays a script.
func TestFaults(t *testing.T) {
	t.Parallel()
	h := server(devices(t, t.TempDir()), "")
	_, first, _ := post(t, h, swiper.Path+"/swipe", `{"card":0}`)
	if code, _, text := post(t, h, swiper.Path+"/faults", `{"script":[{"do":"BAD_SWIPE"},{"do":"EXHAUSTED"},{"do":"REPLAY"},{"do":"REPLAY"}]}`); code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	for i, c := range []struct {
		body  string
		event swiper.Event
		frame func(swiper.Swiped) bool
	}{
		{`{"card":0}`, swiper.Missed, func(s swiper.Swiped) bool { return strings.HasPrefix(s.Frame, "%E?;E?|0600|") }},
		{`{"card":0,"format":"IDTECH"}`, swiper.Spent, func(s swiper.Swiped) bool { return s.Frame == "" }},
		{`{"card":0}`, swiper.Read, func(s swiper.Swiped) bool { return s == first }},
		{`{"card":0,"format":"IDTECH"}`, swiper.Read, func(s swiper.Swiped) bool { _, _, n := opened(t, s); return n == 1 }}, // nothing to play again
		{`{"card":0}`, swiper.Read, func(s swiper.Swiped) bool { _, _, n := opened(t, s); return n == 2 }},
	} {
		code, s, text := post(t, h, swiper.Path+"/swipe", c.body)
		if code != http.StatusOK || s.Event != c.event || !c.frame(s) {
			t.Errorf("swipe %d: %d %s", i, code, text)
		}
	}
	if code, _, text := post(t, h, swiper.Path+"/faults", `{"script":[{"do":"TIMEOUT"}]}`); code != http.StatusUnprocessableEntity || !strings.Contains(text, "BAD_SWIPE, EXHAUSTED, REPLAY") {
		t.Errorf("a fault of others: %d %s", code, text)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := devices(t, dir)
	h := server(d, "")
	for body, say := range map[string]string{
		`{`: "MALFORMED", `{"card":0}{}`: "MALFORMED", `{"card":0,"pan":1}`: "MALFORMED", `{"card":2}`: `"/card"`, `{"card":-1}`: `"/card"`, `{}`: `"/card"`,
		`{"card":null}`: `"/card"`, `{"card":1.5}`: `"/card"`, `{"card":"12"}`: `"/card"`, `{"card":"411111111111111x"}`: `"/card"`,
		`{"card":0,"format":"OTHER"}`: `"/format"`, `{"card":0,"transport":"BLE"}`: `"/transport"`,
	} {
		if code, _, text := post(t, h, swiper.Path+"/swipe", body); code < 400 || code >= 500 || !strings.Contains(text, say) {
			t.Errorf("%s: %d %s", body, code, text)
		}
	}
	if d.Counted() != 0 {
		t.Error("a refused swipe used up a key")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, swiper.Path+"/swipe", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
	if code, _, _ := post(t, h, "/simulator/other", ""); code != http.StatusTeapot {
		t.Errorf("another simulator: %d", code)
	}
	if code, _, _ := post(t, server(d, "token"), swiper.Path+"/swipe", `{"card":0}`); code != http.StatusUnauthorized {
		t.Errorf("without the token: %d", code)
	}
	if _, err := swiper.Open(dir, clock.NewFake(noon)); err == nil {
		t.Error("two processes count on one device")
	}
}

// TestLastKey: a device whose keys are used up says so, and goes on saying so.
func TestLastKey(t *testing.T) {
	t.Parallel()
	d := devices(t, t.TempDir())
	last, err := dukpt.ParseKSN("FFFF9876543210FFF400")
	if err != nil {
		t.Fatal(err)
	}
	d.Count(reader.MagTek, last) // one key is left: that of the ten highest bits
	h := server(d, "")
	for i := range 3 {
		_, s, text := post(t, h, swiper.Path+"/swipe", `{"card":0}`)
		if s.Event == swiper.Spent {
			if s.Frame != "0700\r" {
				t.Errorf("says %q", s.Frame)
			}
			return
		}
		if s.Event != swiper.Read {
			t.Fatalf("swipe %d: %s", i, text)
		}
	}
	t.Error("the keys never end")
}

// TestDevicesDiffer: two demos do not count under one number, nor do two formats.
func TestDevicesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[uint32]bool{}
	for range 4 {
		d := devices(t, t.TempDir())
		for _, f := range reader.Formats() {
			if n := d.Number(f); n == 0 || n >= 1<<swiper.DeviceBits || seen[n] {
				t.Errorf("device %d", n)
			} else {
				seen[n] = true
			}
		}
	}
}
