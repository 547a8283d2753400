package fault_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"innopay/internal/load"
	"innopay/test/truth"
)

// defaultRaces is the share of continuous integration, of each kind; INNOPAY_RACES
// takes more (make race N=500).
const defaultRaces = 60

func races(t *testing.T) int {
	t.Helper()
	text := os.Getenv("INNOPAY_RACES")
	if text == "" {
		return defaultRaces
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("INNOPAY_RACES is %q, want a number from 1 on", text)
	}
	return n
}

// racesAtOnce bounds the requests that are raced for side by side.
const racesAtOnce = 8

// contest lets a buyer pay each of n requests while other does something else about it.
// other reports whether it won.
func (w *world) contest(name string, n int, other func(ctx context.Context, a *load.Asker, r *load.Asked) bool) {
	w.t.Helper()
	asker := &load.Asker{Clients: w.clients, Cards: w.file.Cards, Prefix: name, Pause: 20 * time.Millisecond}
	card := w.card("APPROVE")
	ctx, cancel := context.WithTimeout(w.t.Context(), settleWithin)
	defer cancel()
	var mu sync.Mutex
	count := map[string]int{}
	slots := make(chan struct{}, racesAtOnce)
	var all sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			r := &load.Asked{Client: w.client(i), Phone: fmt.Sprintf("0100001%04d", i%8000)}
			if err := asker.Ask(ctx, r, fmt.Sprintf("%s-%d", name, i), int64(30_000+i)); err != nil {
				w.t.Errorf("%s %d: not asked: %v", name, i, err)
				return
			}
			var mine string
			var theirs bool
			var both sync.WaitGroup
			both.Go(func() { mine = asker.Pay(ctx, r, card) })
			both.Go(func() { theirs = other(ctx, asker, r) })
			both.Wait()
			now, err := truth.Request(ctx, r)
			if err != nil {
				w.t.Errorf("%s %d: %v", name, i, err)
				return
			}
			if won := mine == "approved"; won == theirs && name != "buyers" || name == "buyers" && !won && !theirs {
				w.t.Errorf("%s %d: the buyer was told %q, the other won: %t, and it is %s", name, i, mine, theirs, now.Status)
			}
			mu.Lock()
			count[now.Status]++
			mu.Unlock()
		})
	}
	all.Wait()
	for _, s := range asker.Complaints() {
		w.t.Error(s)
	}
	w.t.Logf("%s: %v", name, count)
	if count["PAID"] == 0 || len(count) > 2 {
		w.t.Errorf("%s shows nothing: %v", name, count)
	}
}

// TestRequestRaces has two phones open one link, and merchants withdraw while their
// buyers pay, over two servers of one database. One of each wins, and the acquirer's
// journal agrees.
func TestRequestRaces(t *testing.T) {
	t.Parallel()
	n := races(t)
	w := begin(t, 2)
	card := w.card("APPROVE")
	w.contest("buyers", n, func(ctx context.Context, a *load.Asker, r *load.Asked) bool {
		return a.Pay(ctx, r, card) == "approved"
	})
	w.contest("withdrawal", n, func(ctx context.Context, _ *load.Asker, r *load.Asked) bool {
		n, _ := strconv.Atoi(r.Phone[len(r.Phone)-2:])      // digits of ours
		time.Sleep(time.Duration(n) * 2 * time.Millisecond) // at one time or another after the buyer has begun
		a, err := r.Client.Do(ctx, http.MethodPost, "/v1/payment-requests/"+url.PathEscape(r.ID)+"/withdraw", "", []byte("{}"))
		if err != nil {
			t.Error(err)
		}
		return a.Status == http.StatusOK
	})
	w.judge()
}

// TestPreviewOfALink fetches links as messengers and scanners do: nothing of a request
// changes by it.
func TestPreviewOfALink(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	asker := &load.Asker{Clients: w.clients, Cards: w.file.Cards, Prefix: "preview", Pause: 20 * time.Millisecond}
	r := &load.Asked{Client: w.client(0), Phone: "01000000001"}
	if err := asker.Ask(t.Context(), r, "preview-1", 15_000); err != nil {
		t.Fatal(err)
	}
	before, err := truth.Request(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, agent := range []string{
		"facebookexternalhit/1.1; kakaotalk-scrap/1.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Slackbot-LinkExpanding 1.0", "WhatsApp/2.0", "safe-browsing-scanner",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			req, err := http.NewRequestWithContext(t.Context(), method, w.servers[0].Base+r.Path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("User-Agent", agent)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %d %v", method, agent, resp.StatusCode, err)
			}
		}
	}
	after, err := truth.Request(t.Context(), r)
	if err != nil || after.OpenedAt != "" || after.PaymentID != before.PaymentID || after.Tries != 0 {
		t.Errorf("a preview changed the request: %+v, %v", after, err)
	}
	if told := asker.Pay(t.Context(), r, w.card("APPROVE")); told != "approved" {
		t.Errorf("afterwards the buyer was told %q", told)
	}
	w.judge()
}
