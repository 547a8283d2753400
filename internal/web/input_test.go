package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// wrongFields are the pointers an answer names.
func wrongFields(t *testing.T, a reply) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, _ := a.json(t)["errors"].([]any)
	for _, e := range list {
		f := e.(map[string]any)
		out[f["field"].(string)] = f["code"].(string)
		if f["message"] == "" {
			t.Errorf("%s has no sentence", f["field"])
		}
	}
	return out
}

func TestWrongValuesAreNamed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const number = "4111111111111112" // wrong check digit
	tests := []struct {
		name   string
		change func(body, card map[string]any)
		field  string
		code   string
	}{
		{"method", func(b, _ map[string]any) { b["method"] = "COUPON" }, "/method", "NOT_ALLOWED"},
		{"no method", func(b, _ map[string]any) { delete(b, "method") }, "/method", "REQUIRED"},
		{"unknown", func(b, _ map[string]any) { b["coupon"] = 1 }, "/coupon", "UNKNOWN_FIELD"},
		{"other case", func(b, _ map[string]any) { b["Amount"] = 1 }, "/Amount", "UNKNOWN_FIELD"},
		{"unknown inside", func(_, c map[string]any) { c["cvc"] = "123" }, "/card/cvc", "UNKNOWN_FIELD"},
		{"number as a name", func(_, c map[string]any) { c[number] = "x" }, "/card", "UNKNOWN_FIELD"},
		{"amount as text", func(b, _ map[string]any) { b["amount"] = number }, "/amount", "WRONG_TYPE"},
		{"amount with a fraction", func(b, _ map[string]any) { b["amount"] = 1000.5 }, "/amount", "WRONG_TYPE"},
		{"amount beyond everything", func(b, _ map[string]any) { b["amount"] = json.Number("1e300") }, "/amount", "WRONG_TYPE"},
		{"amount too large", func(b, _ map[string]any) { b["amount"] = 10_000_000_000 }, "/amount", "OUT_OF_RANGE"},
		{"amount negative", func(b, _ map[string]any) { b["amount"] = -1 }, "/amount", "OUT_OF_RANGE"},
		{"amount too small", func(b, _ map[string]any) { b["amount"] = 99 }, "/amount", "BELOW_MINIMUM_AMOUNT"},
		{"order id", func(b, _ map[string]any) { b["orderId"] = "a b" }, "/orderId", "INVALID_ORDER_ID"},
		{"control character", func(b, _ map[string]any) { b["orderName"] = "a\u0007b" }, "/orderName", "INVALID_ORDER_NAME"},
		{"items", func(b, _ map[string]any) {
			b["items"] = []map[string]any{{"name": "a", "unitPrice": 1, "quantity": 1}}
		}, "/items", "SUM_MISMATCH"},
		{"item's type", func(b, _ map[string]any) {
			b["items"] = []map[string]any{{"name": "a", "unitPrice": 1, "quantity": 1}, {"name": 7, "unitPrice": 1, "quantity": 1}}
		}, "/items/1/name", "WRONG_TYPE"},
		{"tax free at a taxable shop", func(b, _ map[string]any) { b["taxFreeAmount"] = 100 }, "/taxFreeAmount", "TAX_TYPE"},
		{"installments", func(b, _ map[string]any) { b["installmentMonths"] = 13 }, "/installmentMonths", "INVALID_INSTALLMENT"},
		{"no card", func(b, _ map[string]any) { delete(b, "card") }, "/card", "REQUIRED"},
		{"entry", func(_, c map[string]any) { c["entry"] = "CHIP" }, "/card/entry", "NOT_ALLOWED"},
		{"no number", func(_, c map[string]any) { delete(c, "number") }, "/card/number", "REQUIRED"},
		{"number with letters", func(_, c map[string]any) { c["number"] = number + "x" }, "/card/number", "INVALID_CARD_NUMBER"},
		{"check digit", func(_, c map[string]any) { c["number"] = number }, "/card/number", "INVALID_CARD_NUMBER"},
		{"number as a number", func(_, c map[string]any) { c["number"] = 4111111111111112 }, "/card/number", "WRONG_TYPE"},
		{"full-width digits", func(_, c map[string]any) { c["number"] = "４１１１１１１１１１１１１１１１" }, "/card/number", "INVALID_CARD_NUMBER"},
		{"month", func(_, c map[string]any) { c["expiryMonth"] = "13" }, "/card/expiryMonth", "INVALID_EXPIRY"},
		{"birth", func(_, c map[string]any) { c["birthOrBusinessNumber"] = "9001" }, "/card/birthOrBusinessNumber", "INVALID_BIRTH_OR_BUSINESS_NUMBER"},
		{"no birth", func(_, c map[string]any) { delete(c, "birthOrBusinessNumber") }, "/card/birthOrBusinessNumber", "REQUIRED"},
		{"password", func(_, c map[string]any) { c["passwordTwoDigits"] = "1" }, "/card/passwordTwoDigits", "INVALID_PASSWORD_DIGITS"},
		{"track with keys", func(_, c map[string]any) { c["track2"] = "x" }, "/card/track2", "UNEXPECTED"},
		{"phone", func(b, _ map[string]any) { b["buyer"] = map[string]any{"phone": "전화"} }, "/buyer/phone", "INVALID_PHONE"},
	}
	for _, tt := range tests {
		body := r.order(t, 55_000)
		tt.change(body, body["card"].(map[string]any))
		a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("input " + tt.name).do()
		got := wrongFields(t, a)
		if a.StatusCode != http.StatusUnprocessableEntity || len(got) != 1 || got[tt.field] != tt.code {
			t.Errorf("%s: %d %v, want %s at %s", tt.name, a.StatusCode, got, tt.code, tt.field)
		}
		if bytes.Contains(a.body, []byte(number)) {
			t.Errorf("%s: the answer repeats the number: %s", tt.name, a.body)
		}
	}
	if strings.Contains(r.log.String(), number) {
		t.Error("the number is in the log")
	}
}

func TestUnreadableBodies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good, err := json.Marshal(r.order(t, 55_000))
	must(t, err)
	text := string(good)
	tests := []struct {
		name, contentType, body string
		status                  int
		code                    string
	}{
		{"empty", "application/json", "", 400, "UNREADABLE_BODY"},
		{"no JSON", "application/json", "amount=1", 400, "UNREADABLE_BODY"},
		{"cut off", "application/json", text[:len(text)-1], 400, "UNREADABLE_BODY"},
		{"two documents", "application/json", text + text, 400, "UNREADABLE_BODY"},
		{"something after it", "application/json", text + " x", 400, "UNREADABLE_BODY"},
		{"a name twice", "application/json", `{"amount":1,` + text[1:], 400, "UNREADABLE_BODY"},
		{"a name twice inside", "application/json", strings.Replace(text, `"entry":`, `"entry":"SWIPE","entry":`, 1), 400, "UNREADABLE_BODY"},
		{"a name twice by escapes", "application/json", `{"\u0061mount":1,` + text[1:], 400, "UNREADABLE_BODY"},
		{"broken UTF-8", "application/json", strings.Replace(text, "아", "\xff", 1), 400, "UNREADABLE_BODY"},
		{"half a pair", "application/json", strings.Replace(text, "아", `\ud800`, 1), 400, "UNREADABLE_BODY"},
		{"NUL", "application/json", strings.Replace(text, "아", `\u0000`, 1), 400, "UNREADABLE_BODY"},
		{"deep", "application/json", strings.Repeat("[", 100) + strings.Repeat("]", 100), 400, "UNREADABLE_BODY"},
		{"too many values", "application/json", "[" + strings.Repeat("0,", 50_000) + "0]", 400, "UNREADABLE_BODY"},
		{"a number beyond every range", "application/json", strings.Replace(text, "55000", "1e400", 1), 400, "UNREADABLE_BODY"},
		{"a list", "application/json", "[]", 422, "INVALID_REQUEST"},
		{"null", "application/json", "null", 422, "INVALID_REQUEST"},
		{"huge", "application/json", `{"orderName":"` + strings.Repeat("x", 300<<10) + `"}`, 413, "BODY_TOO_LARGE"},
		{"a form", "application/x-www-form-urlencoded", text, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"no type", "", text, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"another charset", "application/json; charset=euc-kr", text, 415, "UNSUPPORTED_MEDIA_TYPE"},
	}
	for _, tt := range tests {
		a := r.to(http.MethodPost, "/v1/payments", tt.body).header("Content-Type", tt.contentType).as(r.one).idempotent("body " + tt.name).do()
		if a.StatusCode != tt.status || a.json(t)["code"] != tt.code {
			t.Errorf("%s: %d %s", tt.name, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodPost, "/v1/payments", text).header("Content-Type", "application/json; charset=UTF-8").as(r.one).idempotent("k").do(); a.StatusCode != http.StatusCreated {
		t.Errorf("charset=UTF-8: %d %s", a.StatusCode, a.body)
	}
	paired := strings.Replace(strings.Replace(text, "아", `\ud83d\ude00`, 1), "order-", "other-", 1)
	if a := r.to(http.MethodPost, "/v1/payments", paired).as(r.one).idempotent("emoji").do(); a.StatusCode != http.StatusCreated || !bytes.Contains(a.body, []byte("😀")) {
		t.Errorf("an emoji by escapes: %d %s", a.StatusCode, a.body)
	}
}

// TestManyWrongValuesAreRefusedAtOnce: naming each of thousands once took half a
// minute of a processor.
func TestManyWrongValuesAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 55_000)
	body["items"] = make([]int, 30_000)
	start := time.Now()
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("many").do()
	if n := len(wrongFields(t, a)); a.StatusCode != http.StatusUnprocessableEntity || n == 0 || n > 20 {
		t.Errorf("%d names %d fields", a.StatusCode, n)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, key := range map[string]string{"empty": "", "blank": " ", "too long": strings.Repeat("k", 301), "control": "a\x01b", "not UTF-8": "\xff"} {
		c := r.to(http.MethodPost, "/v1/payments", r.order(t, 1000)).as(r.one)
		c.req.Header["Idempotency-Key"] = []string{key}
		if a := c.do(); a.StatusCode != http.StatusBadRequest || a.json(t)["code"] != "INVALID_IDEMPOTENCY_KEY" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodPost, "/v1/payments", "not even JSON").as(r.one).do(); a.StatusCode != http.StatusBadRequest ||
		a.json(t)["code"] != "INVALID_IDEMPOTENCY_KEY" {
		t.Errorf("missing: %d %s", a.StatusCode, a.body)
	}
	c := r.to(http.MethodPost, "/v1/payments", r.order(t, 1000)).as(r.one)
	c.req.Header["Idempotency-Key"] = []string{"a", "b"}
	if a := c.do(); a.StatusCode != http.StatusBadRequest {
		t.Errorf("two keys: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/payments", r.order(t, 1000)).as(r.one).idempotent(strings.Repeat("가", 300)).do(); a.StatusCode != http.StatusCreated {
		t.Errorf("300 characters: %d %s", a.StatusCode, a.body)
	}
}

func TestProblemsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := "/v1/payments/pay_unknown"
	korean := r.to(http.MethodGet, path, nil).as(r.one).do()
	english := r.to(http.MethodGet, path, nil).as(r.one).header("Accept-Language", "en-US,en;q=0.9,ko;q=0.8").do()
	a, b := korean.json(t), english.json(t)
	if a["message"] != "거래를 찾을 수 없어요. 거래번호를 확인해 주세요." || b["message"] != "The payment was not found. Check its id." {
		t.Errorf("%v / %v", a["message"], b["message"])
	}
	for _, p := range []map[string]any{a, b} {
		if p["code"] != "PAYMENT_NOT_FOUND" || p["status"] != 404.0 || p["type"] != "/docs/errors#PAYMENT_NOT_FOUND" || p["title"] != "Not Found" ||
			p["detail"] != p["message"] || p["retryable"] != false {
			t.Errorf("%v", p)
		}
	}
	if korean.Header.Get("Content-Type") != "application/problem+json" || a["traceId"] != korean.Header.Get("Trace-Id") {
		t.Errorf("headers %v", korean.Header)
	}
	if other := r.to(http.MethodGet, path, nil).as(r.one).header("Accept-Language", "ja").do(); other.json(t)["message"] != a["message"] {
		t.Errorf("a language we do not speak: %s", other.body)
	}
	bad := r.to(http.MethodPost, "/v1/payments", r.order(t, -5)).as(r.one).idempotent("en").header("Accept-Language", "en").do()
	if m := bad.json(t)["errors"].([]any)[0].(map[string]any)["message"]; m != "The value is out of range." {
		t.Errorf("field in English: %v", m)
	}
}

func TestProductsOfAnOwner(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner := r.login(t, "two-owner")
	cat := r.to(http.MethodPost, "/v1/categories", map[string]any{"name": "음료"}).cookie(owner).do()
	if cat.StatusCode != http.StatusCreated {
		t.Fatalf("category: %d %s", cat.StatusCode, cat.body)
	}
	body := map[string]any{"name": "우유", "price": 2900, "taxFree": true, "categoryId": cat.json(t)["id"]}
	added := r.to(http.MethodPost, "/v1/products", body).cookie(owner).do()
	p := added.json(t)
	if added.StatusCode != http.StatusCreated || p["taxFree"] != true || p["version"] != 1.0 {
		t.Fatalf("added: %d %s", added.StatusCode, added.body)
	}
	path := "/v1/products/" + p["id"].(string)
	body["price"], body["version"] = 3100, 1
	if saved := r.to(http.MethodPut, path, body).cookie(owner).do(); saved.StatusCode != http.StatusOK || saved.json(t)["price"] != 3100.0 {
		t.Errorf("saved: %d %s", saved.StatusCode, saved.body)
	}
	if stale := r.to(http.MethodPut, path, body).cookie(owner).do(); stale.StatusCode != http.StatusConflict || stale.json(t)["code"] != "CHANGED_MEANWHILE" {
		t.Errorf("stale: %d %s", stale.StatusCode, stale.body)
	}
	list := r.to(http.MethodGet, "/v1/products?limit=1", nil).as(r.two).do().json(t)
	if len(list["products"].([]any)) != 1 || list["nextCursor"] != nil {
		t.Errorf("list %v", list)
	}
	first := r.login(t, "one-owner")
	wrong := r.to(http.MethodPost, "/v1/products", map[string]any{"name": "우유", "price": 2900, "taxFree": true}).cookie(first).do()
	if got := wrongFields(t, wrong); got["/taxFree"] != "NOT_SOLD" {
		t.Errorf("tax free at a taxable shop: %v", got)
	}
	if gone := r.to(http.MethodDelete, path+"?version=2", nil).cookie(owner).do(); gone.StatusCode != http.StatusNoContent || len(gone.body) != 0 {
		t.Errorf("removed: %d %s", gone.StatusCode, gone.body)
	}
	if again := r.to(http.MethodGet, path, nil).cookie(owner).do(); again.StatusCode != http.StatusNotFound {
		t.Errorf("read after removal: %d", again.StatusCode)
	}
	if gone := r.to(http.MethodDelete, fmt.Sprintf("/v1/categories/%v?version=1", cat.json(t)["id"]), nil).cookie(owner).do(); gone.StatusCode != http.StatusNoContent {
		t.Errorf("category removed: %d %s", gone.StatusCode, gone.body)
	}
}

func TestSettingsAndMerchant(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t)
	if m["id"] != r.one.ID || m["authenticationLevel"] != "FULL" || m["vatRounding"] != "NEAREST" || m["signatureLimit"] != 50000.0 || m["simulated"] != true {
		t.Errorf("merchant %v", m)
	}
	owner := r.login(t, "one-owner")
	s := r.to(http.MethodGet, "/v1/settings", nil).cookie(owner).do().json(t)
	s["signatureLimit"] = 30000
	s["fixedBuyer"] = map[string]any{"name": "구매자 1"}
	saved := r.to(http.MethodPut, "/v1/settings", s).cookie(owner).do()
	if got := saved.json(t); saved.StatusCode != http.StatusOK || got["signatureLimit"] != 30000.0 || got["version"] != s["version"].(float64)+1 {
		t.Fatalf("saved: %d %s", saved.StatusCode, saved.body)
	}
	if stale := r.to(http.MethodPut, "/v1/settings", s).cookie(owner).do(); stale.StatusCode != http.StatusConflict {
		t.Errorf("stale: %d %s", stale.StatusCode, stale.body)
	}
	s["theme"] = "PINK"
	if wrong := wrongFields(t, r.to(http.MethodPut, "/v1/settings", s).cookie(owner).do()); wrong["/theme"] != "NOT_ALLOWED" {
		t.Errorf("theme: %v", wrong)
	}
	plans := r.to(http.MethodGet, "/v1/installments?amount=50000", nil).as(r.one).do().json(t)
	if months := plans["months"].([]any); len(months) != 11 || months[0].(map[string]any)["months"] != 2.0 {
		t.Errorf("plans %v", plans)
	}
	if known := r.to(http.MethodGet, "/v1/installments?amount=50000&bin=999001", nil).as(r.one).do().json(t); known["issuerName"] != "KB국민카드" {
		t.Errorf("issuer %v", known)
	}
	if a := r.to(http.MethodGet, "/v1/installments?amount=50000&bin=9990011000000018", nil).as(r.one).do(); a.StatusCode != http.StatusUnprocessableEntity || bytes.Contains(a.body, []byte("9990011000000018")) {
		t.Errorf("a whole number as bin: %d %s", a.StatusCode, a.body)
	}
	none := r.to(http.MethodGet, "/v1/installments?amount=49999", nil).as(r.one).do().json(t)
	if len(none["months"].([]any)) != 0 || none["reason"] != "BELOW_MINIMUM_AMOUNT" || none["minimumAmount"] != 50000.0 {
		t.Errorf("no plans %v", none)
	}
}
