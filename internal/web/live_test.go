package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"innopay/internal/web"
	"innopay/internal/web/live"
)

// listen opens a live stream over a real connection; its messages arrive on the
// channel, which is closed when the stream ends.
func listen(t *testing.T, url string, change func(*http.Request)) (<-chan string, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/events", nil)
	must(t, err)
	change(req)
	resp, err := http.DefaultClient.Do(req) //nolint:bodyclose // closed by whoever reads it to its end, below
	must(t, err)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("stream: %d %v", resp.StatusCode, resp.Header)
	}
	out := make(chan string, 100)
	go func() {
		defer close(out)
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewScanner(resp.Body)
		message := ""
		for lines.Scan() {
			if lines.Text() != "" {
				message += lines.Text() + "\n"
				continue
			}
			out <- message
			message = ""
		}
	}()
	return out, cancel
}

// heard waits for a message that says all of it.
func heard(t *testing.T, from <-chan string, words ...string) string {
	t.Helper()
	late := time.After(5 * time.Second)
	for {
		select {
		case m, ok := <-from:
			if !ok {
				t.Fatalf("the stream ended before %v", words)
			}
			whole := true
			for _, w := range words {
				whole = whole && strings.Contains(m, w)
			}
			if whole {
				return m
			}
		case <-late:
			t.Fatalf("nothing heard of %v", words)
		}
	}
}

// TestLive pays while devices of two merchants listen: each hears of its own alone,
// and one that comes back hears what it missed.
func TestLive(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.StreamLife = time.Minute })
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); r.options.Live.Run(ctx) }()

	owner := r.login(t, "one-owner")
	mine, hangUp := listen(t, server.URL, func(req *http.Request) { req.AddCookie(owner) })
	theirs, _ := listen(t, server.URL, func(req *http.Request) { req.SetBasicAuth(r.two.key, "") })
	heard(t, mine, "retry: ")
	p := r.pay(t, r.one, r.order(t, 60_000))
	first := heard(t, mine, "event: payment\n", `"type":"payment.approved"`, `"paymentId":"`+p["id"].(string)+`"`, "id: evt_")
	hangUp()

	missed := r.pay(t, r.one, r.order(t, 61_000))
	last := first[strings.Index(first, "evt_"):strings.Index(first, "\n")]
	again, _ := listen(t, server.URL, func(req *http.Request) {
		req.AddCookie(owner)
		req.Header.Set("Last-Event-ID", last)
	})
	heard(t, again, missed["id"].(string))
	long, _ := listen(t, server.URL, func(req *http.Request) {
		req.AddCookie(owner)
		req.Header.Set("Last-Event-ID", "evt_00000000000000000000000000")
	})
	heard(t, long, "event: reset")

	other := r.pay(t, r.two, r.order(t, 62_000))
	if m := heard(t, theirs, "event: payment"); !strings.Contains(m, other["id"].(string)) {
		t.Errorf("heard of another merchant: %s", m)
	}
	stop()
	<-ended
	for range again { // ends with the hub, so that a server can stop
	}
	if a := r.to(http.MethodGet, "/v1/events", nil).cookie(owner).do(); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("after the end: %d %s", a.StatusCode, a.body)
	}
}

// TestLiveLimit refuses devices beyond the limit of a merchant, and counts down when
// they leave.
func TestLiveLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var all []*live.Listener
	for range live.MostPerMerchant {
		l, ok := r.options.Live.Listen(r.one.Tenant())
		if !ok {
			t.Fatal("refused too early")
		}
		all = append(all, l)
	}
	if a := r.to(http.MethodGet, "/v1/events", nil).as(r.one).do(); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one too many: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, "/v1/events", nil).as(r.two).do(); a.StatusCode != http.StatusOK {
		t.Errorf("another merchant: %d", a.StatusCode)
	}
	all[0].Close()
	all[0].Close()
	if a := r.to(http.MethodGet, "/v1/events", nil).as(r.one).do(); a.StatusCode != http.StatusOK || !strings.HasPrefix(string(a.body), "retry: ") {
		t.Errorf("after one left: %d %s", a.StatusCode, a.body)
	}
}

// TestDevicesHearOfStock: what one device marks, and what a sale takes, the others of the
// shop hear, and no other shop.
func TestDevicesHearOfStock(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.StreamLife = time.Minute })
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); r.options.Live.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	staff := r.login(t, "one-staff")
	mine, _ := listen(t, server.URL, func(req *http.Request) { req.AddCookie(staff) })
	theirs, _ := listen(t, server.URL, func(req *http.Request) { req.SetBasicAuth(r.two.key, "") })
	heard(t, mine, "retry: ")
	product := r.goods(t, "물", 2)
	heard(t, mine, "event: catalog\n", `"type":"catalog.changed"`, `"productIds":["`+product+`"]`, "id: evt_")
	r.to(http.MethodPost, "/v1/products/"+product+"/marks", map[string]any{"soldOut": true}).as(r.one).do().want(t, http.StatusOK)
	heard(t, mine, "event: catalog\n", product)
	r.pay(t, r.two, r.order(t, 1_000))
	for m := range theirs {
		if strings.Contains(m, product) {
			t.Errorf("another shop hears %q", m)
		}
		if strings.Contains(m, "event: payment") {
			break
		}
	}
}
