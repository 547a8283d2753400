package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/clock"
	"innopay/money"
)

// run starts a simulator that ends with the test.
func run(tb testing.TB, o simulator.Options) *simulator.Server {
	tb.Helper()
	if o.Data == "" {
		o.Data = tb.TempDir()
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	o.HTTP, o.Log = "127.0.0.1:0", slog.New(slog.DiscardHandler)
	s, err := simulator.Start(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// start runs a simulator and an adapter that speaks to it.
func start(t *testing.T, o simulator.Options) (*simulator.Server, *iso8583.Acquirer) {
	t.Helper()
	s := run(t, o)
	return s, dial(t, s.WireAddr())
}

// authorization is one of 55,000 won with the card.
func authorization(tb testing.TB, id string, c simulator.Card) acquirer.Authorization {
	tb.Helper()
	pan, err := card.ParsePAN(c.Number)
	if err != nil {
		tb.Fatal(err)
	}
	expiry, err := card.ParseExpiry(c.ExpiryMonth, c.ExpiryYear)
	if err != nil {
		tb.Fatal(err)
	}
	split, err := money.SplitOf(55_000, 0, 0, money.Nearest)
	if err != nil {
		tb.Fatal(err)
	}
	return acquirer.Authorization{
		Reference: acquirer.Reference{AttemptID: id, TerminalID: "T0000001", STAN: 1, TransmittedAt: time.Unix(1_790_000_000, 0)},
		Merchant:  acquirer.Merchant{ID: "mer_1", MID: "M00000000000001", BusinessNumber: "1234567891", Name: "데모 가맹점", MCC: "5812"},
		Split:     split,
		Card: acquirer.Card{
			Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry,
			BirthOrBusinessNumber: card.NewSecret(c.BirthOrBusinessNumber), PasswordTwoDigits: card.NewSecret(c.PasswordTwoDigits),
		},
	}
}

// request asks the simulator's HTTP side and decodes the answer into out.
func request(t *testing.T, method, url, body string, want int, out any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != want {
		t.Fatalf("%s %s: %d %s, want %d", method, url, resp.StatusCode, b, want)
	}
	kind := "application/json"
	if want >= 400 {
		kind = "application/problem+json"
	}
	if got := resp.Header.Get("Content-Type"); got != kind {
		t.Errorf("%s %s: content type %s", method, url, got)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
	}
}

type page struct {
	Entries []simulator.Entry `json:"entries"`
}

type script struct {
	Script []simulator.Fault `json:"script"`
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	s, a := start(t, simulator.Options{})
	base := "http://" + s.HTTPAddr() + "/simulator/acquirer"
	var got script
	request(t, "POST", base+"/faults", `{"script":[{"on":"AUTHORIZE","do":"TIMEOUT","times":2},{"on":"ANY","do":"DECLINE","afterMs":1}]}`, 200, &got)
	if len(got.Script) != 2 || got.Script[0].Times != 2 || got.Script[1].Times != 1 {
		t.Fatalf("%+v", got)
	}
	a.Authorize(t.Context(), numbered(t, 1, "APPROVE"))
	got = script{}
	request(t, "GET", base+"/faults", "", 200, &got)
	if len(got.Script) != 2 || got.Script[0].Times != 1 {
		t.Errorf("after one message: %+v", got)
	}
	request(t, "DELETE", base+"/faults", "", 200, &got)
	if len(got.Script) != 0 {
		t.Errorf("cleared: %+v", got)
	}
	for n := range 3 {
		a.Authorize(t.Context(), numbered(t, n+2, "APPROVE"))
	}
	var all, some, none page
	request(t, "GET", base+"/journal", "", 200, &all)
	request(t, "GET", base+"/journal?after=1&limit=2", "", 200, &some)
	request(t, "GET", base+"/journal?after=99", "", 200, &none)
	if len(all.Entries) != 4 || all.Entries[0].Answered || !all.Entries[1].Answered {
		t.Errorf("all: %+v", all)
	}
	if len(some.Entries) != 2 || some.Entries[0].Seq != 2 || none.Entries == nil || len(none.Entries) != 0 {
		t.Errorf("some: %+v, none: %+v", some, none)
	}
	var captured struct{ Captured int }
	request(t, "POST", base+"/capture", "", 200, &captured)
	if captured.Captured != 4 {
		t.Errorf("captured %d, want 4", captured.Captured)
	}
	var cards struct{ Cards []simulator.Card }
	request(t, "GET", base+"/cards", "", 200, &cards)
	if len(cards.Cards) != len(simulator.Cards()) {
		t.Errorf("%d cards", len(cards.Cards))
	}
	request(t, "GET", base+"/faults/none", "", 404, nil)
	request(t, "PUT", base+"/faults", "{}", 405, nil)
	for _, bad := range []string{"after=-1", "after=x", "limit=-5", "limit=10001", "after=99999999999999999999"} {
		request(t, "GET", base+"/journal?"+bad, "", 422, nil)
	}
}

func TestBadScriptsAreRefused(t *testing.T) {
	t.Parallel()
	s := run(t, simulator.Options{})
	url := "http://" + s.HTTPAddr() + "/simulator/acquirer/faults"
	for body, want := range map[string]int{
		``: 400, `x`: 400, `[]`: 400, `{}`: 400, `{"script":null}`: 400, `{"script":[]}{}`: 400, `{"script":[],"more":1}`: 400,
		`{"script":[{"on":"AUTHORIZE","do":"TIMEOUT","times":1.5}]}`:                                                   400,
		`{"script":[{"on":"AUTHORIZE","do":"EXPLODE"}]}`:                                                               422,
		`{"script":[{"on":"CAPTURE","do":"TIMEOUT"}]}`:                                                                 422,
		`{"script":[{"do":"TIMEOUT"}]}`:                                                                                422,
		`{"script":[{"on":"ANY","do":"LATE","afterMs":-1}]}`:                                                           422,
		`{"script":[{"on":"ANY","do":"LATE","afterMs":600001}]}`:                                                       422,
		`{"script":[{"on":"ANY","do":"LATE","times":-1}]}`:                                                             422,
		`{"script":[{"on":"ANY","do":"LATE","times":1000001}]}`:                                                        422,
		`{"script":[{"on":"AUTHORIZE","do":"DROP"},{"on":"AUTHORIZE","do":"drop"}]}`:                                   422,
		`{"script":[` + string(bytes.Repeat([]byte(`{"on":"ANY","do":"DROP"},`), 1000)) + `{"on":"ANY","do":"DROP"}]}`: 422,
	} {
		var problem struct {
			Code, Message string
			Errors        []struct{ Field string }
		}
		request(t, "POST", url, body, want, &problem)
		if problem.Code == "" || problem.Message == "" || want == 422 && len(problem.Errors) == 0 {
			t.Errorf("%.60s: %+v", body, problem)
		}
	}
	var left script
	request(t, "GET", url, "", 200, &left)
	if len(left.Script) != 0 {
		t.Errorf("a refused script left %+v", left)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	s := run(t, simulator.Options{Token: "let-me-in"})
	base := "http://" + s.HTTPAddr() + "/simulator/acquirer"
	request(t, "GET", base+"/journal", "", 401, nil)
	request(t, "GET", base+"/health", "", 200, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/journal", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer let-me-in")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("with the token: %d", resp.StatusCode)
	}
}

// TestOthers: what is not the acquirer's goes to the simulators beside it, behind the
// same token only where people look.
func TestOthers(t *testing.T) {
	t.Parallel()
	others := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(r.URL.Path); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	s := run(t, simulator.Options{Data: dir, Token: "let-me-in", Others: others, SMTP: "127.0.0.1:25"})
	base := "http://" + s.HTTPAddr()
	for path, want := range map[string]int{
		"/messages/v4/list": 200, "/": 200, "/simulator/mail": 401, "/simulator/acquirer/journal": 401, "/simulator/acquirer/other": 401,
	} {
		var got any
		request(t, "GET", base+path, "", want, &got)
		if want == http.StatusOK && got != path {
			t.Errorf("%s was served as %q", path, got)
		}
	}
	for name, find := range map[string]func() (simulator.Info, error){
		"the folder": func() (simulator.Info, error) { return simulator.Find(t.Context(), dir) },
		"the wire":   func() (simulator.Info, error) { return simulator.Ask(t.Context(), s.WireAddr()) },
	} {
		if info, err := find(); err != nil || info.SMTP != "127.0.0.1:25" {
			t.Errorf("%s tells %+v %v", name, info, err)
		}
	}
}

// TestRestart: books, script and nonce go on, the lock is free, and the adapter finds
// the way back by itself.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, a := start(t, simulator.Options{Data: dir})
	auth := numbered(t, 1, "APPROVE")
	if got := a.Authorize(t.Context(), auth); got.Outcome != acquirer.Approved {
		t.Fatal(got.Message)
	}
	if err := s.Book().Script().Add([]simulator.Fault{{On: "REVERSE", Do: simulator.SayNoOriginal, Times: 1}}); err != nil {
		t.Fatal(err)
	}
	info, err := simulator.Find(t.Context(), dir)
	if err != nil || info.Wire != s.WireAddr() || info.HTTP != s.HTTPAddr() {
		t.Fatalf("%+v, %v", info, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := simulator.Find(t.Context(), dir); err == nil {
		t.Error("found although it ended")
	}
	again := run(t, simulator.Options{Data: dir, Listen: info.Wire})
	found, err := simulator.Find(t.Context(), dir)
	if err != nil || found.Nonce != info.Nonce || found.HTTP != again.HTTPAddr() {
		t.Errorf("%+v, %v", found, err)
	}
	got := a.Reverse(t.Context(), reversalOf(auth))
	for i := 0; got.Result == acquirer.ReversalUnknown && i < 5; i++ {
		got = a.Reverse(t.Context(), reversalOf(auth))
	}
	if got.Result != acquirer.NoOriginal {
		t.Fatalf("the script was lost: %v %s", got.Result, got.Message)
	}
	if got = a.Reverse(t.Context(), reversalOf(auth)); got.Result != acquirer.Reversed {
		t.Errorf("the books were lost: %v", got.Result)
	}
}

// TestLateSurvivesRestart: a late answer still owed comes after the restart, when it
// is due and its client is back.
func TestLateSurvivesRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := run(t, simulator.Options{Data: dir})
	a := dial(t, s.WireAddr())
	late := make(chan string, 1)
	a.OnLate(func(attempt string, got acquirer.Answer) {
		if got.Outcome == acquirer.Approved {
			late <- attempt
		}
	})
	if err := s.Book().Script().Add([]simulator.Fault{{On: "AUTHORIZE", Do: simulator.Late, AfterMs: 2500}}); err != nil {
		t.Fatal(err)
	}
	if got := a.Authorize(t.Context(), numbered(t, 1, "APPROVE")); got.Outcome != acquirer.Unknown {
		t.Fatal(got.Outcome)
	}
	wire := s.WireAddr()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := run(t, simulator.Options{Data: dir, Listen: wire})
	if again.Book().Entries(0, 1)[0].Answered {
		t.Error("answered before it was")
	}
	select {
	case attempt := <-late:
		if attempt != "att_1" {
			t.Errorf("late answer of %s", attempt)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the late answer was lost")
	}
	if !again.Book().Entries(0, 1)[0].Answered {
		t.Error("the journal does not say that it was answered")
	}
}

// TestWrittenBeforeAnswered: whoever holds an answer finds its entry in the file.
func TestWrittenBeforeAnswered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, a := start(t, simulator.Options{Data: dir})
	var all sync.WaitGroup
	for n := range 40 {
		auth := numbered(t, n+1, "APPROVE")
		all.Go(func() {
			if got := a.Authorize(t.Context(), auth); got.Outcome != acquirer.Approved {
				t.Errorf("%v: %s", got.Outcome, got.Message)
				return
			}
			entries, err := simulator.ReadJournal(dir)
			if err != nil || !slices.ContainsFunc(entries, func(e simulator.Entry) bool { return e.AttemptID == auth.AttemptID }) {
				t.Errorf("%s was answered and is not in the file: %v", auth.AttemptID, err)
			}
		})
	}
	all.Wait()
}

// TestEndsWhenIdle: only after its last client left, and an ended one says so.
func TestEndsWhenIdle(t *testing.T) {
	t.Parallel()
	s := run(t, simulator.Options{ExitWhenIdle: 300 * time.Millisecond})
	a := dial(t, s.WireAddr())
	if err := a.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
		t.Fatal("ended although a client was there")
	case <-time.After(700 * time.Millisecond):
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("goes on although nobody is there")
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- simulator.Run(ctx, simulator.Options{Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Data: dir})
	}()
	patient, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	for {
		if _, err := simulator.Find(patient, dir); err == nil {
			break
		}
		if patient.Err() != nil {
			t.Fatal("it never came up")
		}
		_ = clock.System{}.Sleep(patient, 5*time.Millisecond)
	}
	if err := simulator.Run(ctx, simulator.Options{Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Data: dir}); err == nil {
		t.Error("a second one ran on the same folder")
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
}

// TestFaultsInTheCrowd: faults among many messages touch only their own. RESET and
// HALF_CLOSE end a connection with everything in flight on it: those stay out.
func TestFaultsInTheCrowd(t *testing.T) {
	t.Parallel()
	s, a := start(t, simulator.Options{})
	var faults []simulator.Fault
	for _, do := range []simulator.Do{simulator.Timeout, simulator.Garbage, simulator.Foreign, simulator.WrongAmount, simulator.Duplicate, simulator.Drop, simulator.Decline} {
		faults = append(faults, simulator.Fault{On: "AUTHORIZE", Do: do, Times: 10})
	}
	if err := s.Book().Script().Add(faults); err != nil {
		t.Fatal(err)
	}
	var approved, declined, unknown atomic.Int32
	var all sync.WaitGroup
	for n := range 200 {
		auth := numbered(t, n+1, "APPROVE")
		all.Go(func() {
			switch got := a.Authorize(t.Context(), auth); got.Outcome {
			case acquirer.Approved:
				approved.Add(1)
			case acquirer.Declined:
				declined.Add(1)
			case acquirer.Unknown:
				unknown.Add(1)
			}
		})
	}
	all.Wait()
	if approved.Load() != 140 || declined.Load() != 10 || unknown.Load() != 50 {
		t.Errorf("approved %d, declined %d, unknown %d; want 140, 10, 50", approved.Load(), declined.Load(), unknown.Load())
	}
	wrong := 0
	for _, e := range s.Book().Entries(0, 1000) {
		if e.Result == simulator.Approved && !e.Answered {
			wrong++
		}
	}
	if n := len(s.Book().Entries(0, 1000)); n != 190 || wrong != 40 {
		t.Errorf("%d entries, want 190; %d approved and unanswered, want 40", n, wrong)
	}
}

// BenchmarkRoundTrip is authorizations a second over the wire, journal on disk.
func BenchmarkRoundTrip(b *testing.B) {
	for _, flight := range []int{1, 16, 256, 1024} {
		b.Run(fmt.Sprintf("%d in flight", flight), func(b *testing.B) {
			s := run(b, simulator.Options{})
			a, err := iso8583.New(iso8583.Options{Address: s.WireAddr(), Timeouts: acquirer.ProductionTimeouts(), Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = a.Close() })
			if err := a.Connect(b.Context()); err != nil {
				b.Fatal(err)
			}
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range flight {
				all.Go(func() {
					auth := authorization(b, "", simulator.Cards()[0])
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						auth.AttemptID, auth.STAN = fmt.Sprintf("att_%d", n), int(n%999_999)+1
						if got := a.Authorize(b.Context(), auth); got.Outcome != acquirer.Approved {
							b.Errorf("%v: %s", got.Outcome, got.Message)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "auth/s")
		})
	}
}
