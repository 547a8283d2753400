package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
)

// Request is a payment request as the contract says it, as far as checks need it.
type Request struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	URL       string `json:"url"`
	PaymentID string `json:"paymentId"`
	Tries     int    `json:"tries"`
	OpenedAt  string `json:"openedAt"`
}

// Asked is a request that was made, and what its buyer did. It is used by one
// goroutine at a time.
type Asked struct {
	Request
	Client *Client
	Phone  string // the buyer's; of this request alone
	Acked  bool   // the merchant was told that it stands
	Told   string // what the buyer's page said last: "", "approved", "declined", "unknown"
	Path   string // of the page
}

// Asker makes requests and has them paid on their pages, as merchants and buyers do:
// again and again until an answer comes.
type Asker struct {
	Clients []*Client
	Cards   []demo.Card
	Prefix  string // of keys and orders
	Seed    uint64
	Pause   time.Duration // between two tries without an answer

	mu    sync.Mutex
	asked []*Asked
	errs  []string
}

// Asked lists every request that the asker knows of.
func (a *Asker) Asked() []*Asked {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]*Asked(nil), a.asked...)
}

// Complaints are answers that must not be.
func (a *Asker) Complaints() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.errs...)
}

func (a *Asker) complain(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.errs) < maxComplaints {
		a.errs = append(a.errs, fmt.Sprintf(format, args...))
	}
}

// Run makes requests, width at a time, until ctx ends; buyers then finish what they
// have begun within patience.
func (a *Asker) Run(ctx context.Context, width int, patience time.Duration) {
	var all sync.WaitGroup
	for w := range width {
		dice := NewDice(a.Seed + uint64(w))
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
				stop := context.AfterFunc(ctx, func() { time.AfterFunc(patience, cancel) })
				a.one(last, dice, w, n)
				stop()
				cancel()
			}
		})
	}
	all.Wait()
}

// one makes one request and has it paid, or not.
func (a *Asker) one(ctx context.Context, dice *Dice, w, n int) {
	r := &Asked{
		Client: a.Clients[dice.Roll(len(a.Clients))],
		Phone:  fmt.Sprintf("0100%03d%04d", w, n%10_000),
	}
	if strings.HasSuffix(r.Phone, "9999") || strings.HasSuffix(r.Phone, "8888") {
		return // numbers that the simulator never delivers to
	}
	if err := a.Ask(ctx, r, fmt.Sprintf("%s-%d-%d", a.Prefix, w, n), 1_000+int64(dice.Roll(50))*100); err != nil {
		return
	}
	if dice.Roll(8) == 0 {
		return // a buyer who never comes
	}
	card := a.Cards[dice.Roll(len(a.Cards))]
	r.Told = a.Pay(ctx, r, card)
}

// Ask presses the merchant's button until an answer comes. Client and Phone of r say who
// asks whom.
func (a *Asker) Ask(ctx context.Context, r *Asked, key string, amount int64) error {
	body, err := json.Marshal(map[string]any{
		"kind": "SMS", "orderId": key, "orderName": "부하 시험", "amount": amount, "buyer": map[string]string{"phone": r.Phone},
	})
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.asked = append(a.asked, r)
	a.mu.Unlock()
	for {
		got, err := r.Client.Do(ctx, http.MethodPost, "/v1/payment-requests", key, body)
		switch {
		case err == nil && got.Status == http.StatusCreated:
			r.Acked = true
			if err := json.Unmarshal(got.Body, &r.Request); err != nil {
				return err
			}
			u, err := url.Parse(r.URL)
			if err == nil {
				r.Path = u.Path
			}
			return err
		case err == nil && got.Status < 500 && got.Status != http.StatusTooManyRequests:
			a.complain("request %s was answered %d %s", key, got.Status, got.Code())
			return errors.New("refused")
		}
		if err := a.wait(ctx); err != nil {
			return err
		}
	}
}

func (a *Asker) wait(ctx context.Context) error { return clock.System{}.Sleep(ctx, a.Pause) }

// formKey finds the hidden key of the page's form.
var formKey = regexp.MustCompile(`name="key" value="([A-Za-z0-9_-]+)"`)

// Pay opens the page and presses its button until it is told something: "approved",
// "declined" (or somebody else was faster), "unknown", "" when there is nothing to pay.
func (a *Asker) Pay(ctx context.Context, r *Asked, card demo.Card) string {
	var form url.Values
	for {
		page, err := r.Client.Page(ctx, http.MethodGet, r.Path, nil)
		if err == nil && page.Status == http.StatusOK {
			m := formKey.FindSubmatch(page.Body)
			if m == nil {
				return "" // no longer to be paid
			}
			form = url.Values{
				"key": {string(m[1])}, "cardNumber": {card.Number}, "expiry": {card.ExpiryMonth + card.ExpiryYear},
				"birthOrBusinessNumber": {card.BirthOrBusinessNumber}, "passwordTwoDigits": {card.PasswordTwoDigits},
				"installmentMonths": {"0"}, "agreePayment": {"1"}, "agreePersonal": {"1"},
			}
			break
		}
		if err == nil && page.Status == http.StatusSeeOther {
			return "" // paid by somebody else
		}
		if a.wait(ctx) != nil {
			return ""
		}
	}
	for {
		got, err := r.Client.Page(ctx, http.MethodPost, r.Path, form)
		switch {
		case err == nil && got.Status == http.StatusSeeOther && strings.Contains(got.Location, "/done"):
			return a.result(ctx, r)
		case err == nil && got.Status == http.StatusSeeOther:
			return "declined"
		case err == nil && got.Status < 500 && got.Status != http.StatusTooManyRequests:
			a.complain("page of %s answered %d", r.ID, got.Status)
			return ""
		}
		if a.wait(ctx) != nil {
			return ""
		}
	}
}

// result reads the page that tells what became of the payment.
func (a *Asker) result(ctx context.Context, r *Asked) string {
	for {
		page, err := r.Client.Page(ctx, http.MethodGet, r.Path+"/done", nil)
		if err == nil && page.Status == http.StatusOK {
			if strings.Contains(string(page.Body), "/r/") {
				return "approved"
			}
			return "unknown"
		}
		if a.wait(ctx) != nil {
			return ""
		}
	}
}

// PageAnswer is what a page said.
type PageAnswer struct {
	Answer
	Location string
}

// Page asks for a page as a browser without a session does: it follows no redirect.
func (c *Client) Page(ctx context.Context, method, path string, form url.Values) (PageAnswer, error) {
	base := c.bases[c.turn.Add(1)%uint64(len(c.bases))]
	req, err := http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return PageAnswer{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", base)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	plain := *c.http
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := plain.Do(req)
	if err != nil {
		return PageAnswer{}, err
	}
	b, err := readAll(resp)
	return PageAnswer{Answer{resp.StatusCode, b}, resp.Header.Get("Location")}, err
}

// Text is one text on a phone, as the contract says it.
type Text struct {
	ID        string `json:"id"`
	MessageID string `json:"messageId"`
	To        string `json:"to"`
	Text      string `json:"text"`
}

// Texts are what a number was sent.
func (s Simulator) Texts(ctx context.Context, number string) ([]Text, error) {
	b, err := s.call(ctx, http.MethodGet, "/simulator/phone/"+number+"/messages", nil)
	if err != nil {
		return nil, err
	}
	var page struct {
		Messages []Text `json:"messages"`
	}
	return page.Messages, json.Unmarshal(b, &page)
}
