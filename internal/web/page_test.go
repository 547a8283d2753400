package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/web"
)

// maxPage is what arrives in the first round trip (14 KB).
const maxPage = 14_336

// receiptOf is the path of a payment's receipt.
func receiptOf(t *testing.T, p map[string]any) string {
	t.Helper()
	path, ok := strings.CutPrefix(fmt.Sprint(p["receiptUrl"]), base)
	if !ok {
		t.Fatalf("receiptUrl %v", p["receiptUrl"])
	}
	return path
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 60_500)
	body["taxFreeAmount"], body["serviceFee"], body["installmentMonths"] = 5000, 500, 3
	body["items"] = []map[string]any{
		{"name": "<b>빵</b>", "unitPrice": 5500, "quantity": 10}, {"name": "우유", "unitPrice": 5500, "quantity": 1, "discount": 500, "taxFree": true},
	}
	body["signature"] = map[string]any{"strokes": [][][]float64{{{10, 20, 0}, {60, 80, 50}, {110, 20, 120}}}}
	body["buyer"] = map[string]any{"name": "구매자 1", "phone": "01000000001"}
	p := r.pay(t, r.two, body)
	path := receiptOf(t, p)
	page := r.to(http.MethodGet, path, nil).do()
	text := string(page.body)
	if page.StatusCode != http.StatusOK || page.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s", page.StatusCode, text)
	}
	card := p["card"].(map[string]any)
	for _, want := range []string{
		"신용카드 매출전표", "시험 가게 two", "101-81-99988", "시험 대표", "서울특별시 시험구 시험로 1", "02-0000-0001", "Ttwo",
		card["maskedNumber"].(string), card["approvalNumber"].(string), card["issuerName"].(string), card["acquirerName"].(string), "3개월",
		p["orderId"].(string), "&lt;b&gt;빵&lt;/b&gt;", "5,500 × 10", "55,000", "(면세)", "할인 -500", "50,000원", "5,000원", "500원", "60,500원",
		r.clock.Now().Format(time.DateTime), "모의 결제", "<svg", `d="M`, `name="robots" content="noindex`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the receipt", want)
		}
	}
	for _, bad := range []string{"<script", "style=", "구매자 1", "01000000001", "12/35", "<b>빵", "http://", "https://"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the receipt", bad)
		}
	}
	if len(page.body) >= maxPage {
		t.Errorf("%d bytes", len(page.body))
	}
	checkPolicy(t, page)
	if page.Header.Get("X-Robots-Tag") == "" || page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", page.Header)
	}
	english := string(r.to(http.MethodGet, path+"?lang=en", nil).do().body)
	for _, want := range []string{`<html lang="en">`, "Card sales slip", "Approval no.", "3 months", "KRW 50,000"} {
		if !strings.Contains(english, want) {
			t.Errorf("%q is not on the English receipt", want)
		}
	}
	if asked := r.to(http.MethodGet, path, nil).header("Accept-Language", "en").do(); !strings.Contains(string(asked.body), "Card sales slip") {
		t.Error("the browser's language does not count")
	}
	if strings.Contains(r.log.String(), strings.TrimPrefix(path, "/r/")) {
		t.Error("the token is in the log")
	}
}

// checkPolicy compares the policy's hash with the style that was sent.
func checkPolicy(t *testing.T, page reply) {
	t.Helper()
	m := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(page.body)
	if m == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256(m[1])
	policy := page.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", "form-action 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in the policy %q", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

func TestReceiptOfACancel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.pay(t, r.one, r.order(t, 55_000))
	path := receiptOf(t, p)
	show := func() string { return string(r.to(http.MethodGet, path, nil).do().body) }
	cancel := func(key string, amount int) {
		t.Helper()
		body := map[string]any{"reason": "단순 변심", "amount": amount, "cancelPassword": cancelPassword}
		if a := r.to(http.MethodPost, "/v1/payments/"+p["id"].(string)+"/cancel", body).as(r.one).idempotent(key).do(); a.StatusCode != http.StatusOK {
			t.Fatalf("cancel: %d %s", a.StatusCode, a.body)
		}
	}
	if text := show(); strings.Contains(text, `class="stamp"`) || !strings.Contains(text, "서명 없이 승인된 거래예요.") {
		t.Error("a sale without cancels and signature shows something else")
	}
	cancel("a", 11_000)
	part := show()
	for _, want := range []string{`<p class="stamp">부분취소</p>`, "-11,000원", "-10,000 / -1,000", "단순 변심", "44,000원", "취소번호", "취소일시"} {
		if !strings.Contains(part, want) {
			t.Errorf("%q is not on the part's receipt", want)
		}
	}
	cancel("b", 44_000)
	if text := show(); !strings.Contains(text, `<p class="stamp">취소</p>`) || !strings.Contains(text, "신용카드 취소전표") || len(text) >= maxPage {
		t.Errorf("whole cancel, %d bytes", len(text))
	}
}

func TestLongReceiptStaysSmall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 55_000)
	var items []map[string]any
	for i := range 20 {
		items = append(items, map[string]any{"name": fmt.Sprintf("상품 이름이 조금 긴 물건 %d번", i), "unitPrice": 2750, "quantity": 1})
	}
	stroke := make([][]float64, 0, 4000)
	for i := range 4000 {
		stroke = append(stroke, []float64{float64(i * 2), float64((i * 37) % 900), float64(i)})
	}
	body["items"], body["signature"] = items, map[string]any{"strokes": [][][]float64{stroke}}
	page := r.to(http.MethodGet, receiptOf(t, r.pay(t, r.one, body)), nil).do()
	if page.StatusCode != http.StatusOK || len(page.body) >= maxPage {
		t.Errorf("%d, %d bytes", page.StatusCode, len(page.body))
	}
}

func TestLinksThatOpenNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good := receiptOf(t, r.pay(t, r.one, r.order(t, 1000)))
	other := receiptOf(t, r.pay(t, r.two, r.order(t, 1000)))
	swapped := good[:len("/r/")+52] + other[len("/r/")+52:]
	var page string
	for name, path := range map[string]string{
		"short": "/r/x", "cut": good[:len(good)-1], "changed": good[:len(good)-1] + "_", "another's token": swapped, "longer": good + "A",
		"activation": "/activate/x",
	} {
		a := r.to(http.MethodGet, path, nil).do()
		if a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		if page == "" {
			page = string(a.body)
		}
		if string(a.body) != page || len(page) == 0 {
			t.Errorf("%s: the page differs", name)
		}
		checkPolicy(t, a)
	}
}

func TestActivation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued, err := r.registry.IssueCancelPasswordLink(t.Context(), "test", r.one.Tenant())
	must(t, err)
	path := "/activate/" + issued.Token
	send := func(password, again string) reply {
		form := url.Values{"password": {password}, "again": {again}}
		return r.to(http.MethodPost, path, form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").header("Sec-Fetch-Site", "same-origin").do()
	}
	page := r.to(http.MethodGet, path, nil).do()
	if page.StatusCode != http.StatusOK || !strings.Contains(string(page.body), "취소 비밀번호 설정") || strings.Contains(string(page.body), "<script") {
		t.Fatalf("%d %s", page.StatusCode, page.body)
	}
	checkPolicy(t, page)
	// An element of the page would overrule the header.
	if page.Header.Get("Referrer-Policy") != "same-origin" || strings.Contains(string(page.body), `name="referrer"`) {
		t.Errorf("Referrer-Policy %q", page.Header.Get("Referrer-Policy"))
	}
	const next = "calm-otter-7731"
	if a := send(next, "another"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "서로 달라요") {
		t.Errorf("different: %d", a.StatusCode)
	}
	if a := send("1", "1"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `class="wrong"`) {
		t.Errorf("weak: %d %s", a.StatusCode, a.body)
	}
	foreign := r.to(http.MethodPost, path, "password=x").header("Content-Type", "application/x-www-form-urlencoded").header("Sec-Fetch-Site", "cross-site").do()
	if foreign.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", foreign.StatusCode)
	}
	done := send(next, next)
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/activate/done?lang=ko" {
		t.Fatalf("%d %v", done.StatusCode, done.Header)
	}
	if a := r.to(http.MethodGet, "/activate/done", nil).do(); a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), "저장했어요") {
		t.Errorf("done: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, path, nil).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("used: %d", a.StatusCode)
	}
	p := r.pay(t, r.one, r.order(t, 1000))
	cancel := map[string]any{"reason": "변심", "cancelPassword": next}
	if a := r.to(http.MethodPost, "/v1/payments/"+p["id"].(string)+"/cancel", cancel).as(r.one).idempotent("new").do(); a.StatusCode != http.StatusOK {
		t.Errorf("the new password does not cancel: %d %s", a.StatusCode, a.body)
	}
	if strings.Contains(r.log.String(), next) || strings.Contains(r.log.String(), issued.Token) {
		t.Error("a secret is in the log")
	}
}

func TestActivationOfAnOperator(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued, err := r.registry.CreateOperatorCode(t.Context(), "test", "operator-three", "시험 운영자")
	must(t, err)
	page := string(r.to(http.MethodGet, "/activate/"+issued.Token, nil).do().body)
	if !strings.Contains(page, "operator-three") || !regexp.MustCompile(`class="key">[A-Z2-7]{32}<`).MatchString(page) {
		t.Errorf("%s", page)
	}
	form := url.Values{"password": {loginPassword}, "again": {loginPassword}, "totpCode": {"000000"}}
	a := r.to(http.MethodPost, "/activate/"+issued.Token, form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").do()
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("wrong code: %d", a.StatusCode)
	}
}

func TestApp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		path, contains, contentType, cache string
		status                             int
	}{
		{"/", "", "", "", 302},
		{"/app", "", "", "", 301},
		{"/app/", "<title>app", "text/html; charset=utf-8", "no-cache", 200},
		{"/app/payments/pay_1", "<title>app", "text/html; charset=utf-8", "no-cache", 200},
		{"/app/index.html", "<title>app", "text/html; charset=utf-8", "no-cache", 200},
		{"/app/assets/app-1a2b.js", "export", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"/app/assets/gone.js", "NOT_FOUND", "application/problem+json", "no-store", 404},
		{"/app/assets", "<title>app", "text/html; charset=utf-8", "no-cache", 200},
		{"/app/manifest.webmanifest", "{}", "application/manifest+json", "no-cache", 200},
		{"/app/icon-192.png", "PNG", "image/png", "no-cache", 200},
		{"/app/..%2fsecret", "<title>app", "text/html; charset=utf-8", "no-cache", 200},
	} {
		a := r.to(http.MethodGet, tt.path, nil).do()
		if a.StatusCode != tt.status || !strings.Contains(string(a.body), tt.contains) {
			t.Errorf("%s: %d %s", tt.path, a.StatusCode, a.body)
		}
		if tt.contentType != "" && (a.Header.Get("Content-Type") != tt.contentType || a.Header.Get("Cache-Control") != tt.cache) {
			t.Errorf("%s: %q %q", tt.path, a.Header.Get("Content-Type"), a.Header.Get("Cache-Control"))
		}
		if strings.HasPrefix(tt.path, "/app/") && !strings.Contains(a.Header.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s: policy %q", tt.path, a.Header.Get("Content-Security-Policy"))
		}
	}
	stub := newRig(t, func(o *web.Options) { o.App = nil })
	if a := stub.to(http.MethodGet, "/app/", nil).do(); a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), "make build") {
		t.Errorf("stub: %d %s", a.StatusCode, a.body)
	}
}

// TestAppTravelsSmall sends what browsers can take compressed, and nothing to those
// who have it.
func TestAppTravelsSmall(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("export const a = 1;\n", 500)
	r := newRig(t, func(o *web.Options) {
		o.App = fstest.MapFS{
			"index.html": {Data: []byte("<!doctype html><title>app</title>")}, "assets/large.js": {Data: []byte(script)},
		}
	})
	get := func(path, accept, etag string) reply {
		return r.to(http.MethodGet, path, nil).header("Accept-Encoding", accept).header("If-None-Match", etag).do()
	}
	for accept, zipped := range map[string]bool{
		"gzip, deflate, br": true, "br;q=1.0, GZIP;q=0.5": true, "gzip;q=0": false, "gzip; q=0.0": false, "br": false, "": false, "xgzip": false,
	} {
		a := get("/app/assets/large.js", accept, "")
		if got := a.Header.Get("Content-Encoding") == "gzip"; got != zipped || a.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: encoding %q, Vary %q", accept, a.Header.Get("Content-Encoding"), a.Header.Get("Vary"))
		}
		body := a.body
		if zipped {
			z, err := gzip.NewReader(bytes.NewReader(body))
			must(t, err)
			body, err = io.ReadAll(z)
			must(t, err)
		}
		if string(body) != script || zipped && len(a.body) > len(script)/10 {
			t.Errorf("%q: %d bytes, %d unpacked", accept, len(a.body), len(body))
		}
		again := get("/app/assets/large.js", accept, a.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%q again: %d", accept, again.StatusCode)
		}
	}
	first := get("/app/", "gzip", "")
	if again := get("/app/payments", "gzip", first.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the first page again: %d", again.StatusCode)
	}
}

func TestReceiptOutlivesItsShop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := receiptOf(t, r.pay(t, r.one, r.order(t, 1000)))
	must(t, r.registry.SetMerchantStatus(t.Context(), "test", r.one.Tenant(), merchant.Closed))
	r.clock.Advance(time.Hour)
	if a := r.to(http.MethodGet, path, nil).do(); a.StatusCode != http.StatusOK {
		t.Errorf("the buyer's receipt of a closed shop: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a closed shop's key: %d", a.StatusCode)
	}
}
