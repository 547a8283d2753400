package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"innopay/internal/payment"
	"innopay/internal/payrequest"
)

// askByPhone makes a request that is paid by phone, and returns it with the token of its
// help page, which is in the text alone.
func (r *rig) askByPhone(t *testing.T, amount int) (asked map[string]any, token string) {
	t.Helper()
	n := r.orders.Add(1)
	a := r.to(http.MethodPost, "/v1/payment-requests", map[string]any{
		"kind": "ARS", "orderId": fmt.Sprintf("request-%06d", n), "orderName": "꽃다발", "amount": amount, "buyer": map[string]any{"phone": buyerPhone},
	}).as(r.one).idempotent(fmt.Sprint("key-", n)).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	texts := r.post.to(buyerPhone)
	_, rest, ok := strings.Cut(texts[len(texts)-1].Text, base+"/a/")
	if !ok {
		t.Fatalf("no help page in %q", texts[len(texts)-1].Text)
	}
	return a.json(t), strings.TrimSpace(rest)
}

func TestRequestByPhoneHasACodeAndAPageThatTellsHow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked, token := r.askByPhone(t, 32_000)
	code := fmt.Sprint(asked["code"])
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" || asked["arsNumber"] != lineNumber || asked["url"] != nil {
		t.Errorf("%v", asked)
	}
	texts := r.post.to(buyerPhone)
	for _, want := range []string{"전화 결제", "꽃다발", "32,000원", lineNumber, "결제번호 " + code} {
		if !strings.Contains(texts[0].Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, texts[0].Text)
		}
	}
	page := r.to(http.MethodGet, "/a/"+token, nil).header("User-Agent", "Mozilla/5.0 (Linux; Android 9)").do()
	if page.StatusCode != http.StatusOK || len(page.body) > 14_336 {
		t.Fatalf("%d, %d bytes", page.StatusCode, len(page.body))
	}
	for _, want := range []string{`href="tel:` + lineNumber + `"`, "1600-0000", code, "32,000", "시험 가게 one"} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	english := r.to(http.MethodGet, "/a/"+token+"?lang=en", nil).do()
	if !strings.Contains(string(english.body), "Payment code") || strings.Contains(string(english.body), "결제번호") {
		t.Errorf("English: %s", english.body)
	}
	for _, path := range []string{"/p/" + token, "/p/" + token + "/done", "/a/" + strings.Repeat("0", 28)} {
		if a := r.to(http.MethodGet, path, nil).do(); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d: a request is paid in one way", path, a.StatusCode)
		}
	}
	if status, a := r.act(t, asked["id"], "withdraw", map[string]any{}); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	if page := r.to(http.MethodGet, "/a/"+token, nil).do(); page.StatusCode != http.StatusOK || strings.Contains(string(page.body), "tel:"+lineNumber) {
		t.Errorf("withdrawn: %d", page.StatusCode)
	}
}

func TestLineFindsRequestsByCallerAndByCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked, _ := r.askByPhone(t, 20_000)
	line := r.options.Requests
	v, more, err := line.ByCaller(t.Context(), buyerPhone)
	if err != nil || more || v.ID != asked["id"] {
		t.Fatalf("%s %t %v", v.ID, more, err)
	}
	if _, _, err := line.ByCaller(t.Context(), "01099998888"); !errors.Is(err, payrequest.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if v, err := line.ByCode(t.Context(), "", fmt.Sprint(asked["code"])); err != nil || v.ID != asked["id"] {
		t.Errorf("by code: %s %v", v.ID, err)
	}
	r.clock.Advance(time.Second)
	second, _ := r.askByPhone(t, 30_000)
	if v, more, err := line.ByCaller(t.Context(), buyerPhone); err != nil || !more || v.ID != second["id"] {
		t.Errorf("two requests: %s %t %v", v.ID, more, err)
	}
	for n := range 10 {
		if _, err := line.ByCode(t.Context(), "01012345678", "000000"); !errors.Is(err, payrequest.ErrNotFound) {
			t.Fatalf("try %d: %v", n+1, err)
		}
	}
	if _, err := line.ByCode(t.Context(), "01012345678", fmt.Sprint(asked["code"])); !errors.Is(err, payrequest.ErrCodeTries) {
		t.Errorf("the eleventh try of a day: %v", err)
	}
	res, err := line.PayByPhone(t.Context(), v, "call-1234567890-1", "trc", typed(t, "APPROVE"), 0)
	if err != nil || res.Payment.Status != payment.Done || res.Payment.Channel != payment.ChannelARS {
		t.Fatalf("%v %v", res.Payment.Status, err)
	}
	if again, err := line.PayByPhone(t.Context(), v, "call-1234567890-1", "trc", typed(t, "APPROVE"), 0); err != nil || !again.Replayed {
		t.Errorf("the same press again: %v", err)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); !strings.Contains(texts[len(texts)-1].Text, "결제 완료") {
		t.Errorf("the buyer has %v", texts)
	}
	if _, err := line.ByCode(t.Context(), "", fmt.Sprint(asked["code"])); !errors.Is(err, payrequest.ErrNotFound) {
		t.Errorf("the code of a request that has ended: %v", err)
	}
}

func TestSellerSeesHowFarTheCallerHasCome(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked, _ := r.askByPhone(t, 20_000)
	line := r.options.Requests
	v, _, err := line.ByCaller(t.Context(), buyerPhone)
	must(t, err)
	now := r.clock.Now()
	for _, c := range []struct {
		name   string
		until  time.Time
		step   payrequest.CallStep
		status string
		shown  any
	}{
		{"found", now.Add(time.Minute), payrequest.CallGreeted, "IN_CALL", "CONNECTED"},
		{"keys in the card", now.Add(time.Minute), payrequest.CallCard, "IN_CALL", "CARD"},
		{"hung up", time.Time{}, payrequest.CallCard, "SENT", nil},
		{"lost sight of", now, payrequest.CallCard, "SENT", nil},
	} {
		line.Called(t.Context(), v, c.until, c.step)
		got := r.to(http.MethodGet, fmt.Sprint("/v1/payment-requests/", asked["id"]), nil).as(r.one).do().json(t)
		if got["status"] != c.status || got["callStep"] != c.shown {
			t.Errorf("%s: %v %v", c.name, got["status"], got["callStep"])
		}
	}
}

func TestMerchantKnowsWhetherThereIsALine(t *testing.T) {
	t.Parallel()
	for _, number := range []string{lineNumber, ""} {
		r := newRig(t)
		r.options.Requests.ARSNumber = number
		got, has := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t)["arsNumber"]
		if has != (number != "") || has && got != number {
			t.Errorf("line %q: %v", number, got)
		}
	}
}
