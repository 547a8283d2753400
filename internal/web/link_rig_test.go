package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/web"
	"innopay/money"
)

// linkToken opens the one request of a desk.
const linkToken = "0123456789abcdefghijABCDEFGHIJ-_"

// desk is the payment requests behind the buyer's page: one of them, in whatever state
// a test needs.
type desk struct {
	mu     sync.Mutex
	view   payrequest.View
	terms  payrequest.Terms
	pay    func(payrequest.Pay) (payment.Result, error)
	pays   []payrequest.Pay
	pans   []string // of the pays, as they came in
	opened int
}

func (d *desk) Open(_ context.Context, token string) (payrequest.View, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if token != linkToken {
		return payrequest.View{}, payrequest.ErrNotFound
	}
	return d.view, nil
}

func (d *desk) Terms(context.Context, payrequest.View) (payrequest.Terms, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.terms, nil
}

func (d *desk) Pay(_ context.Context, p payrequest.Pay) (payment.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pays = append(d.pays, p)
	d.pans = append(d.pans, string(p.Card.PAN.Reveal()))
	if d.pay == nil {
		return payment.Result{Payment: d.view.Payment}, nil
	}
	return d.pay(p)
}

func (d *desk) Opened(context.Context, payrequest.View) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened++
}

// newLink is a server with a payable link of the merchant one over 55,000 won.
func newLink(t *testing.T, change ...func(*web.Options)) (*rig, *desk) {
	t.Helper()
	d := &desk{}
	r := newRig(t, append([]func(*web.Options){func(o *web.Options) { o.BuyerRequests = d }}, change...)...)
	d.view = payrequest.View{
		Request: payrequest.Request{MerchantID: r.one.ID, Kind: payrequest.BySMS, ExpiresAt: r.clock.Now().Add(24 * time.Hour)},
		Payment: payment.Payment{
			MerchantID: r.one.ID, ID: "pay_" + strings.Repeat("0", 26), Status: payment.Ready, Channel: payment.ChannelSMS, OrderID: "order-000001",
			OrderName: "꽃다발", Split: money.Split{Amount: 55_000, Supplied: 50_000, VAT: 5_000}, Buyer: payment.Buyer{Name: "구매자일", Phone: "01000000001"},
		},
		Status: payrequest.Sent,
	}
	d.terms = payrequest.Terms{
		NeedsBirth: true, NeedsPassword: true, Shop: r.one.Merchant,
		Installments: []int{2, 3},
	}
	return r, d
}

// paid makes the link's payment an approved one.
func (d *desk) paid(r *rig) {
	p := &d.view.Payment
	p.Status, p.ApprovedAt, p.Balance = payment.Done, r.clock.Now(), p.Split
	p.Card = payment.Card{BIN: "433012", Last4: "1234", IssuerName: "시험카드", AcquirerName: "시험매입", Type: "CREDIT", ApprovalNumber: "30012345", Entry: "KEY_IN"}
	d.view.Status = payrequest.Paid
}

// link is the page of the link, or what stands below it.
func (r *rig) link(below string) *call {
	return r.to(http.MethodGet, "/p/"+linkToken+below, nil).header("User-Agent", phone)
}

// phone is how a telephone's browser calls itself.
const phone = "Mozilla/5.0 (Linux; Android 10; SM-A205N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"

// Values of a card that no page may show again.
const (
	canaryNumber   = "4330123456781234"
	canaryExpiry   = "0731"
	canaryBirth    = "910203"
	canaryPassword = "47"
)

// filled is a form as a buyer sends it.
func filled(key string) url.Values {
	return url.Values{
		"key": {key}, "cardNumber": {canaryNumber}, "expiry": {canaryExpiry}, "birthOrBusinessNumber": {canaryBirth},
		"passwordTwoDigits": {canaryPassword}, "installmentMonths": {"3"}, "agreePayment": {"1"}, "agreePersonal": {"1"},
	}
}

// press sends a form as a browser does.
func (r *rig) press(form url.Values) reply {
	return r.to(http.MethodPost, "/p/"+linkToken, form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").
		header("Sec-Fetch-Site", "same-origin").header("User-Agent", phone).do()
}

var hiddenKey = regexp.MustCompile(`name="key" value="([A-Za-z0-9_-]+)"`)

// keyOf is the key of the form on a page.
func keyOf(t *testing.T, page reply) string {
	t.Helper()
	m := hiddenKey.FindSubmatch(page.body)
	if m == nil {
		t.Fatalf("no form: %d %s", page.StatusCode, page.body)
	}
	return string(m[1])
}

// checkNoCard fails when something typed of the card is in what was sent or logged.
func checkNoCard(t *testing.T, r *rig, a reply) {
	t.Helper()
	head := fmt.Sprint(a.Header)
	for _, secret := range []string{canaryNumber, "4330 1234", "56781234", canaryExpiry, "07/31", canaryBirth, `"` + canaryPassword + `"`} {
		if bytes.Contains(a.body, []byte(secret)) || strings.Contains(head, secret) || strings.Contains(r.log.String(), `"`+secret) {
			t.Errorf("%q came back", secret)
		}
	}
}

// oneShop is a directory in which every merchant is m.
type oneShop struct {
	merchant.Directory
	m merchant.Merchant
}

func (s oneShop) Merchant(context.Context, merchant.Tenant) (merchant.Merchant, error) {
	return s.m, nil
}
