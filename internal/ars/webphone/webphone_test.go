package webphone_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/ars/call"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
	"innopay/internal/ars/webphone"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/money"
)

const (
	buyer  = "01000001234"
	number = "4111111111111111"
)

// till is a payment side with one request, which is paid by any card.
type till struct {
	mu   sync.Mutex
	paid string
}

func (*till) view() payrequest.View {
	return payrequest.View{
		Request: payrequest.Request{MerchantID: "mer_1", ID: "req_1"}, Status: payrequest.Sent,
		Payment: payment.Payment{Split: money.Split{Amount: 12_300}},
	}
}

func (t *till) ByCaller(_ context.Context, number string) (payrequest.View, bool, error) {
	if number != buyer {
		return payrequest.View{}, false, payrequest.ErrNotFound
	}
	return t.view(), false, nil
}

func (t *till) ByCode(_ context.Context, _, code string) (payrequest.View, error) {
	if code != "123456" {
		return payrequest.View{}, payrequest.ErrNotFound
	}
	return t.view(), nil
}

func (t *till) Get(context.Context, merchant.Tenant, string) (payrequest.View, error) {
	return t.view(), nil
}

func (*till) Terms(context.Context, payrequest.View) (payrequest.Terms, error) {
	return payrequest.Terms{}, nil
}

func (t *till) PayByPhone(_ context.Context, _ payrequest.View, _, _ string, c acquirer.Card, _ int) (payment.Result, error) {
	defer c.Wipe()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paid = string(c.PAN.Reveal())
	return payment.Result{Payment: payment.Payment{Status: payment.Done, Card: payment.Card{ApprovalNumber: "30012345"}}}, nil
}

func (*till) Called(context.Context, payrequest.View, time.Time, payrequest.CallStep) {}
func (*till) TellByText(context.Context, payrequest.View) error                       { return nil }

// rig is a line with virtual telephones before it.
type rig struct {
	t       *testing.T
	till    *till
	log     bytes.Buffer
	logging sync.Mutex
	phones  *webphone.Phones
	handler http.Handler
	close   func()
}

// Write takes the log.
func (r *rig) Write(p []byte) (int, error) {
	r.logging.Lock()
	defer r.logging.Unlock()
	return r.log.Write(p)
}

// logged is the log so far.
func (r *rig) logged() string {
	r.logging.Lock()
	defer r.logging.Unlock()
	return r.log.String()
}

// card is what was paid with.
func (t *till) card() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.paid
}

func newRig(t *testing.T, token string) *rig {
	t.Helper()
	r := &rig{t: t, till: &till{}}
	log := slog.New(slog.NewJSONHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
	library, err := speech.Load(nil, log)
	must(t, err)
	var c clock.System
	line := call.New(call.Options{Payments: r.till, Library: library, Clock: c, IDs: id.NewSource(nil), Log: log})
	pacer := media.NewPacer(c, 1)
	r.phones = webphone.New(webphone.Options{
		Number: "0200000099", Take: line.Take, Library: library, Pacer: pacer, Token: token, Clock: c, IDs: id.NewSource(nil), Random: rand.Reader, Log: log,
	})
	r.handler = r.phones.Handler(http.NotFoundHandler())
	ctx, stop := context.WithCancel(t.Context())
	var paced sync.WaitGroup
	paced.Go(func() { pacer.Run(ctx) })
	r.close = func() {
		r.phones.Close()
		must(t, line.Close(t.Context()))
		stop()
		paced.Wait()
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do sends a request and returns status and body.
func (r *rig) do(method, path, body string, header ...string) (int, []byte) {
	r.t.Helper()
	req := httptest.NewRequestWithContext(r.t.Context(), method, "/simulator/phone/"+path, strings.NewReader(body))
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	got, err := io.ReadAll(w.Result().Body)
	must(r.t, err)
	return w.Code, got
}

// page is a telephone's page during a call.
type page struct {
	*rig
	path string // of the call
	seq  int
	all  []webphone.Event
	raw  strings.Builder
}

func (r *rig) dial(from, body string) *page {
	r.t.Helper()
	status, got := r.do(http.MethodPost, from+"/call", body)
	var d webphone.Dialed
	if status != http.StatusCreated || json.Unmarshal(got, &d) != nil {
		r.t.Fatalf("%d %s", status, got)
	}
	return &page{rig: r, path: from + "/call/" + d.ID}
}

// until reads events until one says the text, or has that kind.
func (p *page) until(what string) webphone.Event {
	p.t.Helper()
	for range 100 {
		status, got := p.do(http.MethodGet, p.path+"/events?wait=20s&after="+itoa(p.seq), "")
		var e webphone.Events
		if status != http.StatusOK || json.Unmarshal(got, &e) != nil {
			p.t.Fatalf("%d %s", status, got)
		}
		p.raw.Write(got)
		for _, one := range e.Events {
			p.seq = one.Seq
			p.all = append(p.all, one)
			if string(one.Kind) == what || one.Step == what || one.Text != "" && strings.Contains(one.Text, what) {
				return one
			}
		}
		if e.Ended {
			break
		}
	}
	p.t.Fatalf("%q was not told in %+v", what, p.all)
	return webphone.Event{}
}

func itoa(n int) string {
	b, _ := json.Marshal(n) //nolint:errchkjson // a number
	return string(b)
}

func (p *page) press(keys string) {
	p.t.Helper()
	for _, k := range keys {
		if status, got := p.do(http.MethodPost, p.path+"/keys", `{"key":"`+string(k)+`"}`); status != http.StatusNoContent || len(got) != 0 {
			p.t.Fatalf("%d %s", status, got)
		}
		synctest.Wait()
	}
}

// virtual runs a test in a time of its own.
func virtual(t *testing.T, token string, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, token)
		defer r.close()
		test(t, r)
	})
}

func TestAPaymentFromThePage(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(t *testing.T, r *rig) {
		p := r.dial(buyer, "")
		said := p.until("만이천삼백원")
		status, sound := r.do(http.MethodGet, strings.TrimPrefix(said.Audio, "/simulator/phone/"), "")
		if status != http.StatusOK || string(sound[:4]) != "RIFF" || len(sound) < 5*16_000 {
			t.Errorf("%d, %d bytes of sound", status, len(sound))
		}
		p.press("11")
		if step := p.until("card"); !step.Secret {
			t.Error("the page shows what is keyed")
		}
		p.press(number + "#1237")
		p.until("confirm")
		p.press("1")
		p.until("삼공공일이삼사오")
		p.until("ENDED")
		if got := r.till.card(); got != number {
			t.Errorf("%q was handed over", got)
		}
		for where, text := range map[string]string{"page": p.raw.String(), "log": r.logged()} {
			if strings.Contains(text, number) || strings.Contains(text, number[:8]) {
				t.Errorf("the card is in the %s", where)
			}
		}
		if status, _ := r.do(http.MethodPost, p.path+"/keys", `{"key":"1"}`); status != http.StatusNoContent {
			t.Errorf("a key after the end: %d", status)
		}
	})
}

func TestAWithheldNumberIsAskedForTheCode(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(_ *testing.T, r *rig) {
		p := r.dial(buyer, `{"withheld":true}`)
		p.until("code")
		p.press("123456")
		p.until("order")
		_, _ = r.do(http.MethodPost, p.path+"/hangup", "")
		p.until("ENDED")
	})
}

func TestAPageThatIsGoneHangsUp(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(t *testing.T, r *rig) {
		p := r.dial(buyer, "")
		must(t, clock.System{}.Sleep(t.Context(), time.Minute))
		p.until("ENDED")
		must(t, clock.System{}.Sleep(t.Context(), 2*time.Minute))
		if status, _ := r.do(http.MethodGet, p.path+"/events", ""); status != http.StatusNotFound {
			t.Errorf("the call is kept: %d", status)
		}
	})
}

func TestCallsAreLimited(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(t *testing.T, r *rig) {
		first := r.dial(buyer, "")
		if status, _ := r.do(http.MethodPost, buyer+"/call", ""); status != http.StatusTooManyRequests {
			t.Errorf("a second call of one telephone: %d", status)
		}
		accepted := 1
		for i := range 40 {
			if status, _ := r.do(http.MethodPost, "010000"+itoa(50_000+i)+"/call", ""); status == http.StatusCreated {
				accepted++
			}
		}
		if accepted != 20 {
			t.Errorf("%d calls at once", accepted)
		}
		first.press("1")
	})
}

func TestWhatIsNoRequest(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(t *testing.T, r *rig) {
		p := r.dial(buyer, "")
		for _, test := range []struct {
			method, path, body string
			want               int
		}{
			{"POST", "021112222/call", "", 422},
			{"POST", "01000009999/call", `{"sdp":`, 400},
			{"POST", "01000009999/call", `{"caller":"01000001234"}`, 400},
			{"POST", p.path + "/keys", `{"key":"12"}`, 422},
			{"POST", p.path + "/keys", `{"key":"A"}`, 422},
			{"POST", p.path + "/keys", `{}`, 422},
			{"POST", "01000009999" + strings.TrimPrefix(p.path, buyer) + "/keys", `{"key":"1"}`, 404},
			{"GET", p.path + "/events?wait=1h", "", 422},
			{"GET", p.path + "/events?after=x", "", 422},
			{"GET", p.path + "/events?after=-5", "", 200},
			{"GET", p.path + "/events?after=9999", "", 200},
			{"GET", p.path + "/said/0.wav", "", 404},
			{"GET", p.path + "/said/1.wav", "", 404}, // a step has no sound
			{"GET", p.path + "/said/x", "", 404},
			{"GET", buyer + "/call/cal_x/events", "", 404},
			{"GET", "elsewhere", "", 404},
			{"GET", "line", "", 200},
		} {
			if status, got := r.do(test.method, test.path, test.body); status != test.want {
				t.Errorf("%s %s: %d, want %d: %s", test.method, test.path, status, test.want, got)
			}
		}
	})
}

func TestTheTokenIsAskedFor(t *testing.T) {
	t.Parallel()
	virtual(t, "secret", func(t *testing.T, r *rig) {
		for token, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer secret": 200} {
			if status, _ := r.do(http.MethodGet, "line", "", "Authorization: "+token); status != want {
				t.Errorf("%q: %d", token, status)
			}
		}
	})
}

func TestAnEndingServerEndsItsCalls(t *testing.T) {
	t.Parallel()
	virtual(t, "", func(t *testing.T, r *rig) {
		p := r.dial(buyer, "")
		p.until("order")
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			r.phones.Close()
		}()
		p.until("지금은 결제할 수 없습니다")
		<-ended
		if status, _ := r.do(http.MethodPost, buyer+"/call", ""); status != http.StatusServiceUnavailable {
			t.Errorf("a call to a closed line: %d", status)
		}
	})
}
