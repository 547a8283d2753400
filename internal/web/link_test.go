package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/brand"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/web"
	"innopay/internal/web/limit"
	"innopay/money"
)

func TestLinkSaysWhoAsksForWhatAndHowMuch(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	d.view.Payment.Split = money.Split{Amount: 60_500, Supplied: 50_000, VAT: 5_000, TaxFree: 5_000, ServiceFee: 500}
	d.view.Payment.Items = []payment.Item{
		{Name: "작약", UnitPrice: 27_500, Quantity: 2}, {Name: "책", UnitPrice: 6_000, Quantity: 1, Discount: 500, TaxFree: true},
	}
	page := r.link("").do()
	text := string(page.body)
	for _, want := range []string{
		`<html lang="ko">`, "시험 가게 one", "꽃다발", "60,500<small>원</small>", "50,000원", "5,000원", "500원", "작약", "27,500 × 2", "55,000", "할인 -500", "(면세)",
		"내일 12:00까지", "60,500원 결제하기", "101-81-99993", "시험 대표", "서울특별시 시험구 시험로 1", `href="tel:0200000001"`, "02-0000-0001",
		`name="cardNumber" inputmode="numeric" autocomplete="cc-number"`, `autocomplete="cc-exp"`, `name="birthOrBusinessNumber"`, `name="passwordTwoDigits"`,
		`<option value="0">일시불</option>`, `<option value="3">3개월</option>`, `name="agreePayment"`, `name="agreePersonal"`, "생년월일 또는 사업자등록번호", "테스트 결제",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, bad := range []string{"style=", "<script>", "구매자일", "01000000001", `value="12"`, "http-equiv", `name="referrer"`, " onclick"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	english := string(r.link("?lang=en").do().body)
	for _, want := range []string{`<html lang="en">`, "Pay KRW 60,500", "until 12:00 tomorrow", "Card number", "3 months", "Test payment"} {
		if !strings.Contains(english, want) {
			t.Errorf("%q is not on the English page", want)
		}
	}
	if page.StatusCode != http.StatusOK || len(page.body) >= maxPage || len(english) >= maxPage {
		t.Errorf("%d, %d and %d bytes", page.StatusCode, len(page.body), len(english))
	}
	checkPolicy(t, page)
	h := page.Header
	if h.Get("Referrer-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("headers %v", h)
	}
	if strings.Contains(r.log.String(), linkToken) {
		t.Error("the token is in the log")
	}
}

func TestLinkAsksOnlyForWhatTheContractNeeds(t *testing.T) {
	t.Parallel()
	r, d := newLink(t, func(o *web.Options) { o.SimulatedAcquirer = false })
	d.terms = payrequest.Terms{}
	text := string(r.link("").do().body)
	for _, bad := range []string{"birthOrBusinessNumber", "passwordTwoDigits", "installmentMonths", "생년월일", "비밀번호", "테스트 결제"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on the page", bad)
		}
	}
	form := filled(keyOf(t, r.link("").do()))
	form.Del("birthOrBusinessNumber")
	form.Del("passwordTwoDigits")
	form.Del("installmentMonths")
	if a := r.press(form); a.StatusCode != http.StatusSeeOther || len(d.pays) != 1 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestLinkSaysUntilWhenAsPeopleDo(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	for at, want := range map[time.Time][2]string{
		time.Date(2026, 3, 2, 14, 5, 0, 0, clock.Seoul):   {"오늘 14:05까지", "until 14:05 today"},
		time.Date(2026, 3, 3, 0, 0, 0, 0, clock.Seoul):    {"내일 00:00까지", "until 00:00 tomorrow"},
		time.Date(2026, 3, 4, 9, 30, 0, 0, clock.Seoul):   {"3월 4일 09:30까지", "until 09:30 on 4 March 2026"},
		time.Date(2027, 1, 1, 23, 59, 0, 0, clock.Seoul):  {"2027년 1월 1일 23:59까지", "until 23:59 on 1 January 2027"},
		time.Date(2026, 3, 2, 20, 0, 0, 0, time.UTC):      {"내일 05:00까지", "until 05:00 tomorrow"},
		time.Date(2026, 3, 2, 12, 0, 45, 0, clock.Seoul):  {`data-left="15"`, "until 12:00 today"},
		time.Date(2026, 3, 2, 11, 59, 59, 0, clock.Seoul): {`data-left="1"`, "until 11:59 today"},
	} {
		d.view.ExpiresAt = at
		for i, lang := range []string{"ko", "en"} {
			if page := r.link("?lang=" + lang).do(); !strings.Contains(string(page.body), want[i]) {
				t.Errorf("%v: %q is not on the page", at, want[i])
			}
		}
	}
}

// linkStates are the states in which a link takes no card, with what it says then.
var linkStates = map[string]struct {
	status  payrequest.Status
	payment payment.Status
	failure string
	ko, en  string
	waits   bool
}{
	"paying":      {status: payrequest.Paying, payment: payment.InProgress, ko: "결제하고 있어요", en: "A payment is under way", waits: true},
	"unknown":     {status: payrequest.Paying, payment: payment.Unknown, ko: "결제 결과를 확인하고 있어요", en: "The result is being confirmed", waits: true},
	"reversed":    {status: payrequest.Failed, payment: payment.Aborted, failure: "REVERSED", ko: "승인이 취소됐어요", en: "The approval was undone"},
	"out of luck": {status: payrequest.Failed, payment: payment.Aborted, failure: "CARD_DECLINED", ko: "더 이상 결제할 수 없는 링크예요", en: "This link takes no more tries"},
	"expired":     {status: payrequest.Expired, payment: payment.Expired, ko: "결제할 수 있는 시간이 지났어요", en: "This request has expired"},
	"withdrawn":   {status: payrequest.Withdrawn, payment: payment.Aborted, failure: payment.CodeWithdrawn, ko: "가맹점이 요청을 거둬들였어요", en: "The merchant took the request back"},
}

func TestLinkThatTakesNoCardSaysWhy(t *testing.T) {
	t.Parallel()
	for name, tt := range linkStates {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, d := newLink(t)
			d.view.Status, d.view.Payment.Status, d.view.Payment.Failure.Code = tt.status, tt.payment, tt.failure
			for _, below := range []string{"", "/done"} {
				page := r.link(below).do()
				text := string(page.body)
				if page.StatusCode != http.StatusOK || !strings.Contains(text, "<h1>"+tt.ko+"</h1>") || len(text) >= maxPage {
					t.Errorf("%s: %d %s", below, page.StatusCode, text)
				}
				if !strings.Contains(text, "시험 가게 one") || !strings.Contains(text, "55,000원") || !strings.Contains(text, "02-0000-0001") {
					t.Errorf("%s: the shop cannot be asked", below)
				}
				for _, bad := range []string{"<form", "구매자일", "01000000001", "<script", "/r/"} {
					if strings.Contains(text, bad) {
						t.Errorf("%s: %q is on the page", below, bad)
					}
				}
				if waits := page.Header.Get("Refresh") == "3"; waits != tt.waits {
					t.Errorf("%s: Refresh %q", below, page.Header.Get("Refresh"))
				}
				if tt.waits && (strings.Contains(text, "실패") || strings.Contains(text, "거절")) {
					t.Errorf("%s: an open outcome is called failed", below)
				}
				checkPolicy(t, page)
				if en := string(r.link(below + "?lang=en").do().body); !strings.Contains(en, "<h1>"+tt.en+"</h1>") {
					t.Errorf("%s in English: %s", below, en)
				}
			}
			if a := r.press(filled(strings.Repeat("k", 32))); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/p/"+linkToken {
				t.Errorf("pressed: %d %v", a.StatusCode, a.Header)
			}
			if len(d.pays) != 0 || d.opened != 0 {
				t.Errorf("%d pays, opened %d times", len(d.pays), d.opened)
			}
		})
	}
}

func TestLinkOfAPaidRequestLeadsToItsResult(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	d.paid(r)
	d.view.Payment.InstallmentMonths = 3
	if a := r.link("?lang=en").do(); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/p/"+linkToken+"/done?lang=en" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	page := r.link("/done").do()
	text := string(page.body)
	for _, want := range []string{"결제를 마쳤어요", "결제 완료", "30012345", "433012******1234", "55,000<small>원</small>", "3개월", "꽃다발", "영수증 보기"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	link := regexp.MustCompile(`href="(/r/[^"?]+)"`).FindStringSubmatch(text)
	if len(link) != 2 || base+link[1] != r.options.Presenter.Links.URL(d.view.Payment) {
		t.Errorf("receipt %v", link)
	}
	if strings.Contains(text, "구매자일") || strings.Contains(text, "01000000001") || page.Header.Get("Refresh") != "" || len(text) >= maxPage {
		t.Errorf("%d bytes, headers %v", len(text), page.Header)
	}
	if english := string(r.link("/done?lang=en").do().body); !strings.Contains(english, "<h1>Paid</h1>") || !regexp.MustCompile(`href="/r/[^"?]+\?lang=en"`).MatchString(english) {
		t.Errorf("English: %s", english)
	}
	p := &d.view.Payment
	p.Status, p.Cancels = payment.PartialCanceled, []payment.Cancel{{Status: payment.CancelDone, Split: money.Split{Amount: 11_000, Supplied: 10_000, VAT: 1_000}}}
	if part := string(r.link("/done").do().body); !strings.Contains(part, "부분취소") || !strings.Contains(part, "44,000원") {
		t.Errorf("in part: %s", part)
	}
	p.Status, p.Cancels[0].Split = payment.Canceled, p.Split
	if whole := string(r.link("/done").do().body); !strings.Contains(whole, "취소된 결제예요") || strings.Contains(whole, "결제를 마쳤어요") {
		t.Errorf("whole: %s", whole)
	}
	if a := r.press(filled(strings.Repeat("k", 32))); a.StatusCode != http.StatusSeeOther || len(d.pays) != 0 {
		t.Errorf("pressed again: %d, %d pays", a.StatusCode, len(d.pays))
	}
}

func TestLinkOfAShopThatTakesNoMoney(t *testing.T) {
	t.Parallel()
	for _, status := range []merchant.Status{merchant.Suspended, merchant.Closed} {
		r, d := newLink(t)
		must(t, r.registry.SetMerchantStatus(t.Context(), "test", r.one.Tenant(), status))
		r.clock.Advance(time.Minute)
		page := string(r.link("").do().body)
		if !strings.Contains(page, "지금은 결제할 수 없어요") || strings.Contains(page, "<form") {
			t.Errorf("%s: %s", status, page)
		}
		if r.press(filled(strings.Repeat("k", 32))); len(d.pays) != 0 || d.opened != 0 {
			t.Errorf("%s: %d pays, opened %d times", status, len(d.pays), d.opened)
		}
	}
}

func TestLinksThatLeadNowhereLookAlike(t *testing.T) {
	t.Parallel()
	r, _ := newLink(t)
	nothing := r.to(http.MethodGet, "/r/nothing", nil).do()
	for _, path := range []string{"/p/x", "/p/" + linkToken + "x", "/p/x/done", "/p/" + linkToken[1:], "/p/%3Cb%3E"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if method == http.MethodPost && strings.HasSuffix(path, "/done") {
				continue
			}
			a := r.to(method, path, nil).do()
			if a.StatusCode != http.StatusNotFound || !bytes.Equal(a.body, nothing.body) {
				t.Errorf("%s %s: %d %s", method, path, a.StatusCode, a.body)
			}
		}
	}
}

func TestLinkCountsPeopleAndNoMachines(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	for _, agent := range []string{
		"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984", "facebookexternalhit/1.1", "Slackbot-LinkExpanding 1.0",
		"Twitterbot/1.0", "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Mozilla/5.0 (compatible; Yeti/1.1)",
		"Mozilla/5.0 BingPreview/1.0b", "some-crawler", "Baiduspider", "MailScanner/5", "curl/8.5.0", "Go-http-client/2.0", "",
	} {
		if a := r.link("").header("User-Agent", agent).do(); a.StatusCode != http.StatusOK || !bytes.Contains(a.body, []byte("<form")) {
			t.Errorf("%q: %d", agent, a.StatusCode)
		}
	}
	for name, value := range map[string]string{"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Purpose": "preview", "Sec-Fetch-Dest": "image"} {
		r.link("").header(name, value).do()
	}
	head := r.to(http.MethodHead, "/p/"+linkToken, nil).header("User-Agent", phone).do()
	if head.StatusCode != http.StatusOK || len(head.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, len(head.body))
	}
	if d.opened != 0 {
		t.Fatalf("machines opened it %d times", d.opened)
	}
	for i, agent := range []string{phone, phone + " KAKAOTALK 10.4.5", "Mozilla/5.0 (Linux; Android 11; CUBOT X30) Chrome/126.0 Mobile Safari/537.36"} {
		if r.link("").header("User-Agent", agent).header("Sec-Fetch-Dest", "document").do(); d.opened != i+1 {
			t.Errorf("%q does not count", agent)
		}
	}
	if len(d.pays) != 0 {
		t.Error("looking at it paid")
	}
}

func TestLinkPreviewTellsNobodyAnything(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	property := regexp.MustCompile(`<meta property="(og:[a-z:_]+)" content="([^"]*)">`)
	preview := func(below string) string { return fmt.Sprint(property.FindAllSubmatch(r.link(below).do().body, -1)) }
	before := preview("")
	got := map[string]string{}
	for _, m := range property.FindAllStringSubmatch(string(r.link("").do().body), -1) {
		got[m[1]] = m[2]
	}
	if got["og:title"] != "시험 가게 one 결제 요청" || got["og:image"] != base+"/brand/preview.png" || got["og:description"] == "" {
		t.Errorf("%v", got)
	}
	for _, bad := range []string{"55,000", "55000", "꽃다발", "구매자일", "0001", linkToken} {
		if strings.Contains(fmt.Sprint(got), bad) {
			t.Errorf("%q is in the preview", bad)
		}
	}
	d.view.Status = payrequest.Expired
	if after := preview(""); after != before {
		t.Errorf("the preview tells of an expiry: %s", after)
	}
	d.paid(r)
	if after := preview("/done"); after != before {
		t.Errorf("the preview tells of a payment: %s", after)
	}
	picture := r.to(http.MethodGet, "/brand/preview.png", nil).do()
	if picture.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(picture.Header.Get("Cache-Control"), "public") || len(picture.body) == 0 || len(picture.body) > 60<<10 {
		t.Errorf("%d bytes, %v", len(picture.body), picture.Header)
	}
}

func TestLinkScriptIsTheOnePolicyNames(t *testing.T) {
	t.Parallel()
	r, _ := newLink(t)
	page := r.link("").do()
	m := regexp.MustCompile(`<script src="(/brand/[^"]+)" integrity="([^"]+)" defer></script>`).FindSubmatch(page.body)
	if m == nil || bytes.Count(page.body, []byte("<script")) != 1 {
		t.Fatalf("%s", page.body)
	}
	script := r.to(http.MethodGet, string(m[1]), nil).do()
	sum := sha256.Sum256(script.body)
	want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	if string(m[2]) != want || !strings.Contains(page.Header.Get("Content-Security-Policy"), "; script-src '"+want+"';") {
		t.Errorf("integrity %s, policy %s", m[2], page.Header.Get("Content-Security-Policy"))
	}
	if len(script.body) > 2<<10 || script.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d bytes, %v", len(script.body), script.Header)
	}
	if receipt := r.to(http.MethodGet, "/r/nothing", nil).do(); strings.Contains(receipt.Header.Get("Content-Security-Policy"), "script-src") {
		t.Error("a page without a script allows one")
	}
}

func TestLinkIsFramedInTheDemoOnly(t *testing.T) {
	t.Parallel()
	for _, framed := range []bool{false, true} {
		r, _ := newLink(t, func(o *web.Options) { o.AllowFraming = framed })
		want := map[bool]string{false: "frame-ancestors 'none'", true: "frame-ancestors 'self'"}[framed]
		if p := r.link("").do().Header.Get("Content-Security-Policy"); !strings.Contains(p, want) {
			t.Errorf("%v: %q", framed, p)
		}
	}
}

func TestLinksAreLimitedPerClient(t *testing.T) {
	t.Parallel()
	r, d := newLink(t, func(o *web.Options) { o.Pages = limit.Rate{PerSecond: 1, Burst: 2} })
	form := filled(keyOf(t, r.link("").do()))
	r.press(form)
	if a := r.press(form); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" || len(d.pays) != 1 {
		t.Errorf("%d, %d pays", a.StatusCode, len(d.pays))
	}
}

// TestLinkStaysSmallAndPlain writes as much as the merchant can, of the worst
// characters, into every text of the page.
func TestLinkStaysSmallAndPlain(t *testing.T) {
	t.Parallel()
	hostile := strings.Repeat(`"><script>alert(1)</script><img src=x onerror=alert(1)>'&`+"`{{.}}", 3)[:100]
	long := strings.Repeat("가나다라마바사아자차", 10)
	for name, texts := range map[string]struct{ shop, text string }{
		"long": {long, long}, "hostile": {hostile, hostile}, "escaped": {long, strings.Repeat(`"`, 100)},
	} {
		text := texts.text
		r, d := newLink(t)
		m := r.one.Merchant
		m.Name, m.OwnerName, m.Address = texts.shop, texts.shop, texts.shop+texts.shop
		r.options.Directory = oneShop{r.options.Directory, m}
		var err error
		r.handler, err = web.New(r.options)
		must(t, err)
		p := &d.view.Payment
		p.OrderName, p.Failure, d.view.Tries = text, payment.Failure{Code: "CARD_DECLINED", Message: text}, 1
		for range 100 {
			p.Items = append(p.Items, payment.Item{Name: text, UnitPrice: 1_000_000, Quantity: 1000, Discount: 1_000_000, TaxFree: true})
		}
		p.Split = money.Split{Amount: 999_999_999, Supplied: 900_000_000, VAT: 90_000_000, TaxFree: 9_000_000, ServiceFee: 999_999}
		pages := map[string]reply{"form": r.link("").do(), "English form": r.link("?lang=en").do(), "mistakes": r.press(url.Values{"key": {strings.Repeat("k", 32)}})}
		d.paid(r)
		p.Card.IssuerName, p.Card.ApprovalNumber = text, text
		pages["paid"] = r.link("/done").do()
		d.view.Status = payrequest.Expired
		pages["expired"] = r.link("").do()
		for state, page := range pages {
			if len(page.body) >= maxPage || len(page.body) < 2_000 {
				t.Errorf("%s %s: %d bytes", name, state, len(page.body))
			}
			if bytes.Contains(page.body, []byte("<img")) || bytes.Contains(page.body, []byte("alert(1)</script>")) || bytes.Contains(page.body, []byte("ZgotmplZ")) {
				t.Errorf("%s %s: not plain: %s", name, state, page.body)
			}
		}
		list := string(pages["form"].body)
		shown := strings.Count(list, "<b>999,000,000</b>")
		if shown > 20 || !strings.Contains(list, fmt.Sprintf("외 %d개", 100-shown)) || !strings.Contains(list, "구매 내역 100개") {
			t.Errorf("%s: %d lines", name, shown)
		}
	}
}

func TestLinkShowsTwentyLinesOfMany(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	for i := range 23 {
		d.view.Payment.Items = append(d.view.Payment.Items, payment.Item{Name: fmt.Sprintf("물건 %d번", i+1), UnitPrice: 1000, Quantity: 1})
	}
	text := string(r.link("").do().body)
	if !strings.Contains(text, "물건 20번") || strings.Contains(text, "물건 21번") || !strings.Contains(text, "외 3개") || strings.Contains(text, "<details open") {
		t.Errorf("%s", text)
	}
	d.view.Payment.Items = d.view.Payment.Items[:3]
	if text := string(r.link("").do().body); !strings.Contains(text, "<details open") || strings.Contains(text, "외 ") {
		t.Errorf("three lines: %s", text)
	}
}

func TestLinkKeysAreNew(t *testing.T) {
	t.Parallel()
	r, _ := newLink(t)
	var seen []string
	for range 50 {
		key := keyOf(t, r.link("").do())
		if raw, err := base64.RawURLEncoding.DecodeString(key); err != nil || len(raw) != 24 || slices.Contains(seen, key) {
			t.Fatalf("key %q", key)
		}
		seen = append(seen, key)
	}
}

// TestTheFormOfAPaymentSaysWhoRunsIt in one line, which gives way where the page would
// not arrive in one round trip with it.
func TestTheFormOfAPaymentSaysWhoRunsIt(t *testing.T) {
	t.Parallel()
	r, d := newLink(t, func(o *web.Options) {
		o.Brand = brand.Brand{Phone: "1600-0000", Company: brand.Company{Name: "시험 <회사>"}}
	})
	const line = `<p><b>INNOPAY</b> · 시험 &lt;회사&gt; · 고객센터 <a href="tel:1600-0000">1600-0000</a></p>`
	if page := r.link("").do(); !strings.Contains(string(page.body), line) || len(page.body) >= maxPage {
		t.Errorf("%d bytes: %s", len(page.body), page.body)
	}
	gaveWay := false
	for n := 1; n <= 40; n++ {
		d.view.Payment.Items = slices.Repeat([]payment.Item{{Name: strings.Repeat("뷁", n), UnitPrice: 1000, Quantity: 2}}, 20)
		page := r.link("").do()
		text := string(page.body)
		if page.StatusCode != http.StatusOK || len(text) >= maxPage {
			t.Fatalf("names of %d: %d, %d bytes", n, page.StatusCode, len(text))
		}
		gaveWay = gaveWay || !strings.Contains(text, line)
	}
	if !gaveWay {
		t.Error("no page was long enough to tell")
	}
}
