package web_test

import (
	"bytes"
	"fmt"
	"image/png"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	slips "innopay/internal/receipt/desk"
)

func TestReceiptFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := receiptOf(t, r.sold(t, 55_000))
	for file, want := range map[string]struct{ kind, begin string }{
		"/receipt.pdf": {"application/pdf", "%PDF-"}, "/receipt.pdf?size=80": {"application/pdf", "%PDF-"},
		"/receipt.pdf?lang=en": {"application/pdf", "%PDF-"}, "/receipt.png": {"image/png", "\x89PNG"},
	} {
		a := r.to(http.MethodGet, path+file, nil).do()
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != want.kind || !bytes.HasPrefix(a.body, []byte(want.begin)) {
			t.Errorf("%s: %d %s", file, a.StatusCode, a.Header.Get("Content-Type"))
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") == "" || a.Header.Get("Content-Length") != fmt.Sprint(len(a.body)) {
			t.Errorf("%s: %v", file, a.Header)
		}
		how, names, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
		if err != nil || how != "inline" || !strings.HasSuffix(names["filename"], "-시험 가게 one-20260302"+file[8:12]) && !strings.Contains(file, "en") {
			t.Errorf("%s: %q %v %v", file, a.Header.Get("Content-Disposition"), names, err)
		}
		if again := r.to(http.MethodGet, path+file, nil).do(); !bytes.Equal(again.body, a.body) {
			t.Errorf("%s: the same slip gives other bytes", file)
		}
		if gone := r.to(http.MethodGet, path+"x"+file, nil).do(); gone.StatusCode != http.StatusNotFound {
			t.Errorf("%s by another token: %d", file, gone.StatusCode)
		}
	}
	picture, err := png.Decode(bytes.NewReader(r.to(http.MethodGet, path+"/receipt.png", nil).do().body))
	if err != nil || picture.Bounds().Dx() != 576 {
		t.Errorf("%v", err)
	}
	page := string(r.to(http.MethodGet, path+"?lang=en", nil).do().body)
	for _, file := range []string{"/receipt.pdf?lang=en&amp;size=a4", "/receipt.pdf?lang=en&amp;size=80", "/receipt.png?lang=en"} {
		if !strings.Contains(page, path+file) {
			t.Errorf("%s is not on the page", file)
		}
	}
}

// gated makes the first shop ask for the buyer's number at its receipts.
func (r *rig) gated(t *testing.T) {
	t.Helper()
	s := r.to(http.MethodGet, "/v1/settings", nil).as(r.one).do().json(t)
	s["receiptGate"] = true
	if a := r.to(http.MethodPut, "/v1/settings", s).as(r.one).do(); a.StatusCode != http.StatusOK || a.json(t)["receiptGate"] != true {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

// form posts a form as a browser does.
func (r *rig) form(path string, form url.Values) *call {
	return r.to(http.MethodPost, path, form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").header("Sec-Fetch-Site", "same-origin")
}

func TestGatedReceiptAsksForTheBuyersNumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	path := receiptOf(t, p)
	r.gated(t)
	page := r.to(http.MethodGet, path, nil).do()
	if text := string(page.body); page.StatusCode != http.StatusOK || !strings.Contains(text, "뒤 4자리") || strings.Contains(text, "55,000") || strings.Contains(text, "시험 가게") {
		t.Fatalf("%d %s", page.StatusCode, text)
	}
	checkPolicy(t, page)
	for _, file := range []string{"/receipt.pdf", "/receipt.png"} {
		if a := r.to(http.MethodGet, path+file, nil).do(); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != path {
			t.Errorf("%s: %d", file, a.StatusCode)
		}
	}
	if a := r.form(path, url.Values{"digits": {"0000"}}).do(); a.StatusCode != http.StatusUnprocessableEntity || len(a.Cookies()) != 0 {
		t.Errorf("wrong digits: %d", a.StatusCode)
	}
	open := r.form(path+"?lang=en", url.Values{"digits": {"1234"}}).do()
	if open.StatusCode != http.StatusSeeOther || open.Header.Get("Location") != path+"?lang=en" || len(open.Cookies()) != 1 {
		t.Fatalf("%d %v", open.StatusCode, open.Header)
	}
	pass := open.Cookies()[0]
	if !pass.HttpOnly || pass.Path != path || pass.SameSite != http.SameSiteLaxMode {
		t.Errorf("%v", pass)
	}
	for _, below := range []string{"", "/receipt.pdf", "/receipt.png"} {
		if a := r.to(http.MethodGet, path+below, nil).cookie(pass).do(); a.StatusCode != http.StatusOK || below == "" && !strings.Contains(string(a.body), "55,000") {
			t.Errorf("%s with the pass: %d", below, a.StatusCode)
		}
	}
	other := r.sold(t, 66_000)
	if a := r.to(http.MethodGet, receiptOf(t, other), nil).cookie(pass).do(); strings.Contains(string(a.body), "66,000") {
		t.Error("the pass of one receipt opens another")
	}
	r.clock.Advance(slips.PassFor)
	if a := r.to(http.MethodGet, path, nil).cookie(pass).do(); strings.Contains(string(a.body), "55,000") {
		t.Error("the pass has no end")
	}
	nobody := r.pay(t, r.one, r.order(t, 77_000))
	if a := r.to(http.MethodGet, receiptOf(t, nobody), nil).do(); !strings.Contains(string(a.body), "77,000") {
		t.Error("a receipt without a buyer's number is gated")
	}
}

func TestGateTakesFiveTries(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := receiptOf(t, r.sold(t, 55_000))
	r.gated(t)
	for i := range 5 {
		if a := r.form(path, url.Values{"digits": {fmt.Sprintf("000%d", i)}}).do(); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("try %d: %d", i, a.StatusCode)
		}
	}
	if a := r.form(path, url.Values{"digits": {"1234"}}).do(); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("the right digits after five wrong ones: %d", a.StatusCode)
	}
	r.clock.Advance(10 * time.Minute)
	if a := r.form(path, url.Values{"digits": {"1234"}}).do(); a.StatusCode != http.StatusSeeOther {
		t.Errorf("ten minutes later: %d", a.StatusCode)
	}
}

func TestLostReceiptIsFoundByAllThree(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	number := fmt.Sprint(p["card"].(map[string]any)["approvalNumber"])
	good := url.Values{"phone": {"010-0000-1234"}, "approval": {number}, "amount": {"55,000원"}}
	if page := r.to(http.MethodGet, "/r", nil).do(); page.StatusCode != http.StatusOK || !strings.Contains(string(page.body), "승인번호") {
		t.Fatalf("%d", page.StatusCode)
	} else {
		checkPolicy(t, page)
	}
	if a := r.form("/r", good).do(); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != receiptOf(t, p) {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	said := ""
	for name, change := range map[string][2]string{
		"phone": {"phone", "01000001235"}, "approval": {"approval", "99999999"}, "amount": {"amount", "55001"}, "no amount": {"amount", "x"}, "nothing": {"approval", ""},
	} {
		form := maps.Clone(good)
		form.Set(change[0], change[1])
		a := r.form("/r", form).do()
		_, text, _ := strings.Cut(string(a.body), "role=\"alert\"")
		text, _, _ = strings.Cut(text, "</p>")
		if said == "" {
			said = text
		}
		if a.StatusCode != http.StatusNotFound || text != said {
			t.Errorf("%s: %d %q", name, a.StatusCode, text)
		}
	}
}

func TestLookupTakesFiveTriesOfANumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	number := fmt.Sprint(p["card"].(map[string]any)["approvalNumber"])
	ask := func(phone, approval string) int {
		return r.form("/r", url.Values{"phone": {phone}, "approval": {approval}, "amount": {"55000"}}).do().StatusCode
	}
	for i := range 5 {
		if got := ask(buyerPhone, fmt.Sprint(i)); got != http.StatusNotFound {
			t.Errorf("try %d: %d", i, got)
		}
	}
	if known, unknown := ask(buyerPhone, number), ask("01000009999", "1"); known != http.StatusTooManyRequests || unknown != http.StatusNotFound {
		t.Errorf("%d %d", known, unknown)
	}
	// Another number each time: the client is stopped.
	last := 0
	for i := range 20 {
		last = ask(fmt.Sprintf("0100001%04d", i), "1")
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("%d", last)
	}
	r.clock.Advance(10 * time.Minute)
	if got := ask(buyerPhone, number); got != http.StatusSeeOther {
		t.Errorf("ten minutes later: %d", got)
	}
}
