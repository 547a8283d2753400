package popbill_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/cashreceipt"
	"innopay/cashreceipt/cashreceipttest"
	"innopay/cashreceipt/popbill"
	"innopay/cashreceipt/simulator"
	"innopay/clock"
)

var (
	now      = time.Date(2026, 11, 28, 12, 0, 0, 0, clock.Seoul)
	merchant = cashreceipt.Merchant{BusinessNumber: "1208147521", Name: "한가람 상점", OwnerName: "시험", Address: "서울", Phone: "0212345678"}
)

// spoiler stands before the simulator and spoils answers to what it has done.
type spoiler struct {
	http.Handler

	mu sync.Mutex
	do []string
}

func (s *spoiler) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.do) == 0 {
		return ""
	}
	do := s.do[0]
	s.do = s.do[1:]
	return do
}

func (s *spoiler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/Cashbill" {
		s.Handler.ServeHTTP(w, r)
		return
	}
	switch s.next() {
	case "":
		s.Handler.ServeHTTP(w, r)
	case "GARBAGE":
		s.Handler.ServeHTTP(httptest.NewRecorder(), r)
		_, _ = w.Write([]byte("<html>\x00 502"))
	case "HALF_CLOSE":
		answer := httptest.NewRecorder()
		s.Handler.ServeHTTP(answer, r)
		w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()))
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
		panic(http.ErrAbortHandler)
	}
}

// end is a simulator with its clock, behind a spoiler.
type end struct {
	*simulator.Server
	spoil *spoiler
	url   string
	time  *clock.Fake
}

func start(t *testing.T) *end {
	t.Helper()
	fake := clock.NewFake(now)
	office, err := simulator.Start(simulator.Options{Data: t.TempDir(), Clock: fake})
	if err != nil {
		t.Fatal(err)
	}
	e := &end{Server: office, spoil: &spoiler{Handler: office}, time: fake}
	web := httptest.NewServer(e.spoil)
	e.url = web.URL
	t.Cleanup(func() {
		web.CloseClientConnections()
		if err := office.Close(); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	return e
}

func (e *end) adapter(t *testing.T, address string) *popbill.Popbill {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := popbill.New(popbill.Options{
		LinkID: simulator.LinkID, SecretKey: simulator.SecretKey, BaseURL: u, AuthURL: u, Simulated: true, Timeout: 3 * time.Second, Clock: e.time,
	})
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func (e *end) script(t *testing.T, do string, times int) {
	t.Helper()
	if do == "GARBAGE" || do == "HALF_CLOSE" {
		e.spoil.mu.Lock()
		defer e.spoil.mu.Unlock()
		for range times {
			e.spoil.do = append(e.spoil.do, do)
		}
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), cashreceipttest.Patience)
	defer cancel()
	body := strings.NewReader(fmt.Sprintf(`{"script":[{"do":%q,"times":%d}]}`, do, times))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/simulator/cash-receipts/faults", body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("script: %d", answer.StatusCode)
	}
}

func identifier(kind cashreceipt.Kind, fate cashreceipt.State) string {
	switch {
	case fate == cashreceipt.Rejected:
		return "01023459999"
	case kind == cashreceipt.ExpenseProof:
		return "2208162517"
	case kind == cashreceipt.SelfIssued:
		return cashreceipt.SelfIssuedIdentifier
	}
	return "01023456789"
}

// arrived is what the office issued under an id: the key is its last 24 characters.
func (e *end) arrived(t *testing.T, id string) (all []cashreceipttest.Arrival) {
	t.Helper()
	entries, err := e.Office().Entries(0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.ID == id[len(id)-24:] && entry.Result == simulator.ResultIssued {
			all = append(all, cashreceipttest.Arrival{
				Number: entry.Number, Day: entry.Day, Amount: entry.Amount, Cancel: entry.Type == simulator.TypeCancel, Original: entry.OriginalNumber,
			})
		}
	}
	return all
}

// TestConformance against the simulator, whose shapes Popbill's own SDK checks.
func TestConformance(t *testing.T) {
	t.Parallel()
	cashreceipttest.Run(t, func(t *testing.T) cashreceipttest.Setup {
		e := start(t)
		return cashreceipttest.Setup{
			Issuer: e.adapter(t, e.url), Merchant: merchant, Now: now, Identifier: identifier, Blocked: "01023458888",
			Judge:       func(*testing.T) { e.time.Advance(simulator.Verdict) },
			Arrived:     e.arrived,
			Script:      e.script,
			Faults:      []string{"DOWN", "TIMEOUT", "REJECT", "DUPLICATE", "GARBAGE", "HALF_CLOSE"},
			Unreachable: func(t *testing.T) cashreceipt.Issuer { return e.adapter(t, "http://127.0.0.1:9/") },
			Secrets:     []string{simulator.SecretKey},
		}
	})
}
