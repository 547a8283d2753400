package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
)

func TestLinkButtonPaysAndSendsOn(t *testing.T) {
	t.Parallel()
	for status, below := range map[payment.Status]string{
		payment.Done: "/done", payment.Unknown: "/done", payment.InProgress: "/done", payment.Ready: "", payment.Aborted: "", payment.Expired: "",
	} {
		r, d := newLink(t)
		d.pay = func(p payrequest.Pay) (payment.Result, error) {
			if p.Card.Entry != acquirer.KeyIn || p.Card.Expiry.YYMM() != "3107" || string(p.Card.BirthOrBusinessNumber.Reveal()) != canaryBirth ||
				string(p.Card.PasswordTwoDigits.Reveal()) != canaryPassword || p.CardFault != nil {
				t.Error("the card came in otherwise than it was typed")
			}
			return payment.Result{Payment: payment.Payment{Status: status}}, nil
		}
		key := keyOf(t, r.link("").do())
		a := r.press(filled(key))
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/p/"+linkToken+below {
			t.Errorf("%s: %d %v", status, a.StatusCode, a.Header)
		}
		p := d.pays[0]
		if d.pans[0] != canaryNumber || p.Key != key || p.Token != linkToken || p.TraceID != a.Header.Get("Trace-Id") || p.InstallmentMonths != 3 {
			t.Errorf("%s: %+v", status, p)
		}
		if strings.Trim(string(p.Card.PAN.Reveal()), "\x00") != "" || strings.Trim(string(p.Card.PasswordTwoDigits.Reveal()), "\x00") != "" {
			t.Errorf("%s: the card outlives its payment", status)
		}
		checkNoCard(t, r, a)
	}
}

func TestLinkButtonKeepsTheLanguage(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	d.pay = func(payrequest.Pay) (payment.Result, error) {
		return payment.Result{Payment: payment.Payment{Status: payment.Done}}, nil
	}
	for query, want := range map[string]string{"?lang=en": "/done?lang=en", "?lang=ko": "/done?lang=ko", "?lang=//evil.example": "/done", "?x=1": "/done"} {
		a := r.to(http.MethodPost, "/p/"+linkToken+query, filled(strings.Repeat("k", 32)).Encode()).header("Content-Type", "application/x-www-form-urlencoded").do()
		if a.Header.Get("Location") != "/p/"+linkToken+want {
			t.Errorf("%s leads to %q", query, a.Header.Get("Location"))
		}
	}
}

func TestLinkButtonPressedTwiceSendsOneKey(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	form := filled(keyOf(t, r.link("").do()))
	for range 2 {
		if a := r.press(form); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if len(d.pays) != 2 || d.pays[0].Key != d.pays[1].Key {
		t.Errorf("%d pays", len(d.pays))
	}
}

func TestLinkFormNamesEveryMistakeAndShowsNoCard(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	for name, tt := range map[string]struct {
		change func(url.Values)
		wrong  []string // ids of the fields, in order
	}{
		"number of letters":  {func(f url.Values) { f.Set("cardNumber", canaryNumber+"x") }, []string{"number"}},
		"number too short":   {func(f url.Values) { f.Set("cardNumber", "433012345678") }, []string{"number"}},
		"no number":          {func(f url.Values) { f.Del("cardNumber") }, []string{"number"}},
		"month 13":           {func(f url.Values) { f.Set("expiry", "13/31") }, []string{"expiry"}},
		"expiry of letters":  {func(f url.Values) { f.Set("expiry", "ab/cd") }, []string{"expiry"}},
		"no expiry":          {func(f url.Values) { f.Set("expiry", " ") }, []string{"expiry"}},
		"birth of 7 digits":  {func(f url.Values) { f.Set("birthOrBusinessNumber", canaryBirth+"1") }, []string{"birth"}},
		"no birth":           {func(f url.Values) { f.Del("birthOrBusinessNumber") }, []string{"birth"}},
		"password of one":    {func(f url.Values) { f.Set("passwordTwoDigits", "4") }, []string{"password"}},
		"no password":        {func(f url.Values) { f.Set("passwordTwoDigits", "") }, []string{"password"}},
		"plan not offered":   {func(f url.Values) { f.Set("installmentMonths", "12") }, []string{"months"}},
		"plan of no number":  {func(f url.Values) { f.Set("installmentMonths", "03") }, []string{"months"}},
		"terms not accepted": {func(f url.Values) { f.Del("agreePayment") }, []string{"agreePayment"}},
		"nothing passed on":  {func(f url.Values) { f.Del("agreePersonal") }, []string{"agreePersonal"}},
		"all of it": {func(f url.Values) { clear(f); f.Set("key", strings.Repeat("k", 32)) },
			[]string{"number", "expiry", "birth", "password", "agreePayment", "agreePersonal"}},
	} {
		form := filled(strings.Repeat("k", 32))
		tt.change(form)
		a := r.press(form)
		text := string(a.body)
		if a.StatusCode != http.StatusUnprocessableEntity || strings.Count(text, `role="alert"`) != 1 || len(text) >= maxPage {
			t.Errorf("%s: %d, %d bytes", name, a.StatusCode, len(text))
		}
		var got []string
		for _, id := range []string{"number", "expiry", "birth", "password", "months", "agreePayment", "agreePersonal"} {
			if strings.Contains(text, `<p class="wrong" id="`+id+`-wrong">`) {
				got = append(got, id)
			}
			if slices.Contains(tt.wrong, id) && (!strings.Contains(text, `aria-describedby="`+id+`-wrong"`) || !strings.Contains(text, `<a href="#`+id+`">`)) {
				t.Errorf("%s: %s is not tied to its mistake", name, id)
			}
		}
		if !slices.Equal(got, tt.wrong) || strings.Count(text, " autofocus") != 1 {
			t.Errorf("%s: wrong are %v, want %v", name, got, tt.wrong)
		}
		checkNoCard(t, r, a)
	}
	if len(d.pays) != 0 || d.opened != 0 {
		t.Errorf("%d pays, opened %d times", len(d.pays), d.opened)
	}
}

func TestLinkFormKeepsWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	r, _ := newLink(t)
	form := filled(strings.Repeat("k", 32))
	form.Set("cardNumber", "4330")
	form.Del("agreePersonal")
	a := r.press(form)
	text := string(a.body)
	if !strings.Contains(text, `<option value="3" selected>`) || strings.Count(text, " checked") != 1 {
		t.Errorf("%s", text)
	}
	if key := keyOf(t, a); key == form.Get("key") {
		t.Error("the form has an old key")
	}
	english := string(r.to(http.MethodPost, "/p/"+linkToken+"?lang=en", form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").do().body)
	if !strings.Contains(english, "Check the card number.") || !strings.Contains(english, "<title>Please check</title>") {
		t.Errorf("%s", english)
	}
}

func TestLinkFormReadsAnExpiryAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	var got string
	d.pay = func(p payrequest.Pay) (payment.Result, error) {
		got = p.Card.Expiry.YYMM()
		return payment.Result{}, nil
	}
	for _, typed := range []string{"0731", "07/31", "07 / 31", "7/31", "07/2031", "072031", " 07/31 "} {
		form := filled(strings.Repeat("k", 32))
		form.Set("expiry", typed)
		form.Set("cardNumber", " 4330 1234-5678 1234 ")
		form.Set("birthOrBusinessNumber", "101-81-99993")
		got = ""
		if a := r.press(form); a.StatusCode != http.StatusSeeOther || got != "3107" {
			t.Errorf("%q: %d, read %q", typed, a.StatusCode, got)
		}
	}
	for _, typed := range []string{"731", "07", "07/3", "07/1931", "073", "2031/07", "0/31", "07-31", "00/31", "07/31/01"} {
		form := filled(strings.Repeat("k", 32))
		form.Set("expiry", typed)
		if a := r.press(form); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", typed, a.StatusCode)
		}
	}
}

func TestLinkFormThatIsNoneOfOurs(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	for name, change := range map[string]func(url.Values){
		"no key": func(f url.Values) { f.Del("key") }, "short key": func(f url.Values) { f.Set("key", "k") },
		"long key": func(f url.Values) { f.Set("key", strings.Repeat("k", 65)) }, "strange key": func(f url.Values) { f.Set("key", strings.Repeat("k", 31)+"<") },
		"two numbers": func(f url.Values) { f.Add("cardNumber", "4111111111111111") }, "too large": func(f url.Values) { f.Set("x", strings.Repeat("x", 17<<10)) },
	} {
		form := filled(strings.Repeat("k", 32))
		change(form)
		a := r.press(form)
		if a.StatusCode != http.StatusBadRequest || !strings.Contains(string(a.body), "다시 입력해 주세요") {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		checkNoCard(t, r, a)
	}
	for name, body := range map[string][2]string{
		"json": {`{"cardNumber":"` + canaryNumber + `"}`, "application/json"}, "broken": {"cardNumber=%zz", "application/x-www-form-urlencoded"},
		"none": {"", ""},
	} {
		if a := r.to(http.MethodPost, "/p/"+linkToken, body[0]).header("Content-Type", body[1]).do(); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	foreign := r.to(http.MethodPost, "/p/"+linkToken, filled(strings.Repeat("k", 32)).Encode()).header("Content-Type", "application/x-www-form-urlencoded")
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		foreign.req.Header.Del("Sec-Fetch-Site")
		if a := foreign.header(header, value).do(); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s: %d", header, value, a.StatusCode)
		}
	}
	// A query is in logs of proxies: nothing in it counts.
	query := filled(strings.Repeat("k", 32)).Encode()
	if a := r.to(http.MethodPost, "/p/"+linkToken+"?"+query, "").header("Content-Type", "application/x-www-form-urlencoded").do(); a.StatusCode != http.StatusBadRequest {
		t.Errorf("by the query: %d", a.StatusCode)
	}
	if len(d.pays) != 0 {
		t.Errorf("%d pays", len(d.pays))
	}
}

func TestLinkSaysWhyTheButtonWasNotTaken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err      error
		status   int
		contains string
		retry    string
		location string
	}{
		"wrong check digit": {
			err: fault.InvalidField("/card/number", "INVALID_CARD_NUMBER", "카드번호가 올바르지 않아요."), status: http.StatusUnprocessableEntity, contains: `id="number-wrong"`,
		},
		"missing birth": {
			err: fault.InvalidField("/card/birthOrBusinessNumber", "REQUIRED", ""), status: http.StatusUnprocessableEntity, contains: `id="birth-wrong"`,
		},
		"plan not offered": {
			err: fault.InvalidField("/installmentMonths", "INSTALLMENT_NOT_OFFERED", ""), status: http.StatusUnprocessableEntity, contains: `id="months-wrong"`,
		},
		"something else": {
			err: fault.InvalidField("/amount", "BELOW_MINIMUM_AMOUNT", "카드 결제는 1,000원부터 할 수 있어요."), status: http.StatusUnprocessableEntity, contains: "1,000원부터",
		},
		"the shop's day is full":   {err: payment.ErrDayLimit.WithDetail("limit", "1"), status: http.StatusConflict, contains: "가게에 문의해 주세요"},
		"the shop's month is full": {err: payment.ErrMonthLimit, status: http.StatusConflict, contains: "가게에 문의해 주세요"},
		"somebody else pays":       {err: payrequest.ErrNotPayable, status: http.StatusSeeOther, location: "/p/" + linkToken},
		"key under way":            {err: payment.ErrInProgress, status: http.StatusSeeOther, location: "/p/" + linkToken},
		"busy":                     {err: payment.ErrBusy.WithRetryAfter(2 * time.Second), status: http.StatusTooManyRequests, contains: "돈은 나가지 않았으니", retry: "2"},
		"unavailable":              {err: payment.ErrUnavailable, status: http.StatusServiceUnavailable, contains: "돈은 나가지 않았으니", retry: "1"},
		"acquirer down":            {err: payment.ErrAcquirerDown, status: http.StatusServiceUnavailable, contains: "role=\"alert\"", retry: "1"},
		"gone":                     {err: payrequest.ErrNotFound, status: http.StatusNotFound, contains: "열 수 없는 주소예요"},
		"our mistake":              {err: errors.New("of the tests"), status: http.StatusServiceUnavailable, contains: "잠시 뒤에", retry: "5"},
	} {
		r, d := newLink(t)
		d.pay = func(payrequest.Pay) (payment.Result, error) { return payment.Result{}, tt.err }
		a := r.press(filled(strings.Repeat("k", 32)))
		if a.StatusCode != tt.status || !strings.Contains(string(a.body), tt.contains) || a.Header.Get("Retry-After") != tt.retry || a.Header.Get("Location") != tt.location {
			t.Errorf("%s: %d %v %s", name, a.StatusCode, a.Header, a.body)
		}
		if strings.Contains(string(a.body), "of the tests") || len(d.pays) != 1 {
			t.Errorf("%s: %d pays", name, len(d.pays))
		}
		checkNoCard(t, r, a)
	}
}

func TestLinkAsksAgainAfterADecline(t *testing.T) {
	t.Parallel()
	r, d := newLink(t)
	d.view.Tries, d.view.Payment.Failure = 2, payment.Failure{Code: "CARD_DECLINED_LIMIT", Message: "이용 한도를 넘었어요."}
	page := r.link("").do()
	for _, want := range []string{`role="alert"`, "아직 결제되지 않았어요", "이용 한도를 넘었어요.", "돈은 나가지 않았으니", "3번 더 시도할 수 있어요", "55,000원 결제하기"} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	english := string(r.link("?lang=en").do().body)
	if !strings.Contains(english, "limit or balance is not enough") || strings.Contains(english, "한도") {
		t.Errorf("%s", english)
	}
	d.view.Payment.Failure.Code = "SOMETHING_NEW"
	if english := string(r.link("?lang=en").do().body); !strings.Contains(english, "did not approve") {
		t.Errorf("%s", english)
	}
	if d.opened != 3 {
		t.Errorf("opened %d times", d.opened)
	}
}
