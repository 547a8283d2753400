package truth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/load"
)

// again is the pause between two looks at what is still under way.
const again = 200 * time.Millisecond

// Request reads a request when its payment has settled.
func Request(ctx context.Context, a *load.Asked) (load.Request, error) {
	for {
		var r load.Request
		got, err := a.Client.Do(ctx, http.MethodGet, "/v1/payment-requests/"+url.PathEscape(a.ID), "", nil)
		if err != nil {
			return r, err
		}
		if got.Status != http.StatusOK {
			return r, fmt.Errorf("it was acknowledged and answers %d %s", got.Status, got.Code())
		}
		if err := json.Unmarshal(got.Body, &r); err != nil {
			return r, err
		}
		if r.Status != "PAYING" {
			return r, nil
		}
		if err := pause(ctx); err != nil {
			return r, err
		}
	}
}

// Texts waits until the buyer of a request has been told everything, and returns what
// is wrong with that. repeats counts texts that came more than once under one id.
func Texts(ctx context.Context, s load.Simulator, a *load.Asked, now load.Request) (wrong []string, n, repeats int, err error) {
	for {
		texts, err := s.Texts(ctx, a.Phone)
		if err != nil {
			return nil, 0, 0, err
		}
		ids, asked, paid := map[string]string{}, false, false
		repeats = 0
		for _, t := range texts {
			if said, ok := ids[t.MessageID]; ok {
				repeats++
				if said != t.Text {
					wrong = append(wrong, fmt.Sprintf("message %s says two things", t.MessageID))
				}
			}
			ids[t.MessageID] = t.Text
			asked = asked || strings.Contains(t.Text, a.Path)
			paid = paid || strings.Contains(t.Text, "/r/")
		}
		// A request that was paid or ended before its text left is not asked any more.
		if (asked || now.Status != "SENT" && now.Status != "SENDING" && now.Status != "UNDELIVERED") && (paid || now.Status != "PAID") {
			if len(ids) > 2 {
				wrong = append(wrong, fmt.Sprintf("request %s: its buyer has %d different texts", a.ID, len(ids)))
			}
			return wrong, len(texts), repeats, nil
		}
		if err := pause(ctx); err != nil {
			return nil, 0, 0, fmt.Errorf("%s, asked %t, told of the payment %t: %w", now.Status, asked, paid, err)
		}
	}
}

func pause(ctx context.Context) error { return clock.System{}.Sleep(ctx, again) }
