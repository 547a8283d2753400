package web_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestPaymentHasTheContractsShape(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 55_000)
	body["buyer"] = map[string]any{"name": "구매자 1", "phone": "010-0000-0001", "email": "buyer1@example.com"}
	body["items"] = []map[string]any{{"name": "다과", "unitPrice": 5500, "quantity": 10}}
	body["installmentMonths"] = 3
	body["signature"] = map[string]any{"strokes": [][][]float64{{{10.4, 20, 0}, {90, 44.6, 120}}}}
	p := r.pay(t, r.one, body)
	for name, want := range map[string]any{
		"merchantId": r.one.ID, "method": "CARD", "channel": "CARD", "status": "DONE", "acquireStatus": "READY",
		"orderId": body["orderId"], "orderName": body["orderName"], "amount": 55000.0, "balanceAmount": 55000.0,
		"suppliedAmount": 50000.0, "vat": 5000.0, "taxFreeAmount": 0.0, "serviceFee": 0.0, "signatureMissing": false,
	} {
		if p[name] != want {
			t.Errorf("%s: %v, want %v", name, p[name], want)
		}
	}
	card, _ := p["card"].(map[string]any)
	if n, _ := card["maskedNumber"].(string); len(n) != 16 || n[6:12] != "******" {
		t.Errorf("maskedNumber %v", card["maskedNumber"])
	}
	if card["installmentMonths"] != 3.0 || card["entry"] != "KEY_IN" || card["approvalNumber"] == nil || card["issuerName"] == nil {
		t.Errorf("card %v", card)
	}
	if b, _ := p["buyer"].(map[string]any); b["phone"] != "01000000001" {
		t.Errorf("buyer %v", p["buyer"])
	}
	at, err := time.Parse(time.RFC3339, p["approvedAt"].(string))
	if err != nil || !strings.HasSuffix(p["approvedAt"].(string), "+09:00") || at.Before(noon) {
		t.Errorf("approvedAt %v: %v", p["approvedAt"], err)
	}
	if u, _ := p["receiptUrl"].(string); !strings.HasPrefix(u, base+"/r/") {
		t.Errorf("receiptUrl %v", p["receiptUrl"])
	}
	for _, absent := range []string{"failure", "cash", "cashReceipt"} {
		if _, ok := p[absent]; ok {
			t.Errorf("%s is present", absent)
		}
	}
}

func TestDeclineIsAResult(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 10_000)
	body["card"] = cardOf(t, "DECLINE_LIMIT")
	p := r.pay(t, r.one, body)
	failure, _ := p["failure"].(map[string]any)
	if p["status"] != "ABORTED" || failure["code"] != "CARD_DECLINED_LIMIT" || p["receiptUrl"] != nil || p["acquireStatus"] != nil {
		t.Errorf("%v", p)
	}
}

func TestReplayIsTheSameBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 20_000)
	send := func() reply {
		return r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("one press").do()
	}
	first, again := send(), send()
	if first.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || !bytes.Equal(first.body, again.body) {
		t.Fatalf("%d %s\n%d %s", first.StatusCode, first.body, again.StatusCode, again.body)
	}
	if first.Header.Get("Idempotent-Replayed") != "" || again.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("replayed: %q then %q", first.Header.Get("Idempotent-Replayed"), again.Header.Get("Idempotent-Replayed"))
	}
	if a, b := first.Header.Get("Trace-Id"), again.Header.Get("Trace-Id"); a == "" || a != b {
		t.Errorf("trace ids %q and %q", a, b)
	}
	body["amount"] = 20_001
	if a := send(); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("changed body: %d %s", a.StatusCode, a.body)
	}
	body["amount"] = 20_000
	dup := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("another press").do()
	if got := dup.json(t); dup.StatusCode != http.StatusConflict || got["code"] != "DUPLICATE_ORDER" || got["paymentId"] != first.json(t)["id"] {
		t.Errorf("duplicate order: %d %s", dup.StatusCode, dup.body)
	}
}

func TestUnknownIsAccepted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 20_000)
	body["card"] = cardOf(t, "TIMEOUT")
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("unknown").do()
	if a.StatusCode != http.StatusAccepted || a.json(t)["status"] != "UNKNOWN" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	cookie := r.login(t, "operator")
	desk := r.to(http.MethodGet, "/v1/operator/unsettled", nil).cookie(cookie).do()
	list, _ := desk.json(t)["unsettled"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["paymentId"] != a.json(t)["id"] {
		t.Errorf("desk: %d %s", desk.StatusCode, desk.body)
	}
	if a := r.to(http.MethodGet, "/v1/operator/unsettled", nil).as(r.one).do(); a.StatusCode != http.StatusForbidden {
		t.Errorf("desk for a merchant: %d", a.StatusCode)
	}
	resolve := "/v1/operator/unsettled/" + r.one.ID + "/" + a.json(t)["id"].(string) + "/resolve"
	if a := r.to(http.MethodPost, resolve, map[string]string{"outcome": "ABORTED", "reason": "시험"}).cookie(cookie).do(); a.StatusCode != http.StatusConflict {
		t.Errorf("resolved against the acquirer's word: %d %s", a.StatusCode, a.body)
	}
}

func TestCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.pay(t, r.one, r.order(t, 55_000))
	path := "/v1/payments/" + p["id"].(string) + "/cancel"
	send := func(key string, body map[string]any) reply {
		return r.to(http.MethodPost, path, body).as(r.one).idempotent(key).do()
	}
	wrong := send("c1", map[string]any{"reason": "변심", "cancelPassword": "not it at all"})
	if got := wrong.json(t); wrong.StatusCode != http.StatusForbidden || got["code"] != "CANCEL_PASSWORD_WRONG" || got["triesLeft"] != 4.0 {
		t.Errorf("wrong password: %d %s", wrong.StatusCode, wrong.body)
	}
	part := send("c1", map[string]any{"reason": "변심", "amount": 11000, "cancelPassword": cancelPassword})
	got := part.json(t)
	if part.StatusCode != http.StatusOK || got["status"] != "PARTIAL_CANCELED" || got["balanceAmount"] != 44000.0 {
		t.Fatalf("part: %d %s", part.StatusCode, part.body)
	}
	c := got["cancels"].([]any)[0].(map[string]any)
	if c["amount"] != 11000.0 || c["vat"] != 1000.0 || c["kind"] != "REFUND" || c["status"] != "DONE" || c["canceledAt"] == nil {
		t.Errorf("cancel %v", c)
	}
	if again := send("c1", map[string]any{"reason": "변심", "amount": 11000, "cancelPassword": cancelPassword}); !bytes.Equal(again.body, part.body) ||
		again.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("replay: %d %s", again.StatusCode, again.body)
	}
	over := send("c2", map[string]any{"reason": "변심", "amount": 44001, "cancelPassword": cancelPassword})
	if got := over.json(t); over.StatusCode != http.StatusConflict || got["code"] != "EXCEEDS_BALANCE" || got["balanceAmount"] != 44000.0 {
		t.Errorf("over: %d %s", over.StatusCode, over.body)
	}
	if rest := send("c3", map[string]any{"reason": "변심", "cancelPassword": cancelPassword}); rest.json(t)["status"] != "CANCELED" {
		t.Errorf("rest: %d %s", rest.StatusCode, rest.body)
	}
	if more := send("c4", map[string]any{"reason": "변심", "cancelPassword": cancelPassword}); more.StatusCode != http.StatusConflict ||
		more.json(t)["code"] != "NOT_CANCELABLE" {
		t.Errorf("more: %d %s", more.StatusCode, more.body)
	}
}

func TestAcquireStatusFollowsTheCapture(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.pay(t, r.one, r.order(t, 10_000))
	status := func() any {
		return r.to(http.MethodGet, "/v1/payments/"+p["id"].(string), nil).as(r.one).do().json(t)["acquireStatus"]
	}
	if got := status(); got != "READY" {
		t.Errorf("before the capture: %v", got)
	}
	r.clock.Set(time.Date(2026, 3, 2, 23, 0, 1, 0, noon.Location()))
	if got := status(); got != "COMPLETED" {
		t.Errorf("after the capture: %v", got)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var ids []string
	for i := range 5 {
		r.clock.Advance(time.Minute)
		ids = append(ids, r.pay(t, r.one, r.order(t, 10_000+i))["id"].(string))
	}
	r.pay(t, r.two, r.order(t, 99_999))
	var seen []string
	path := "/v1/payments?limit=2"
	for range 5 {
		page := r.to(http.MethodGet, path, nil).as(r.one).do().json(t)
		for _, p := range page["payments"].([]any) {
			seen = append(seen, p.(map[string]any)["id"].(string))
		}
		next, ok := page["nextCursor"].(string)
		if !ok {
			break
		}
		path = "/v1/payments?limit=2&cursor=" + next
	}
	for i, id := range seen {
		if id != ids[len(ids)-1-i] {
			t.Errorf("row %d is %s", i, id)
		}
	}
	if len(seen) != len(ids) {
		t.Errorf("%d rows", len(seen))
	}
	sum := r.to(http.MethodGet, "/v1/payments/summary?from=2026-03-02&to=2026-03-02&minAmount=10003", nil).as(r.one).do().json(t)
	if sum["count"] != 2.0 || sum["amount"] != 20007.0 || sum["netAmount"] != 20007.0 {
		t.Errorf("summary %v", sum)
	}
	none := r.to(http.MethodGet, "/v1/payments?status=ABORTED&status=UNKNOWN&channel=CARD", nil).as(r.one).do()
	if string(bytes.TrimSpace(none.body)) != `{"payments":[]}` {
		t.Errorf("none: %s", none.body)
	}
	for query, field := range map[string]string{
		"cursor=!!": "/cursor", "cursor=MXBheV8": "/cursor", "from=2026-02-30": "/from", "from=2026-03-03&to=2026-03-01": "/from",
		"minAmount=x": "/minAmount", "status=LOST": "/status/0", "limit=0": "/limit", "limit=1&limit=2": "/limit", "nonsense=1": "/nonsense",
		"q=%00": "/q", "q=%ff": "/q", "cardLast4=12": "/cardLast4", "installmentMonths=1": "/installmentMonths",
	} {
		a := r.to(http.MethodGet, "/v1/payments?"+query, nil).as(r.one).do()
		fields, _ := a.json(t)["errors"].([]any)
		if a.StatusCode != http.StatusUnprocessableEntity || len(fields) != 1 || fields[0].(map[string]any)["field"] != field {
			t.Errorf("%s: %d %s", query, a.StatusCode, a.body)
		}
	}
}

func TestOrderAndSignature(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.pay(t, r.one, r.order(t, 60_000))
	if p["signatureMissing"] != true {
		t.Errorf("signatureMissing %v", p["signatureMissing"])
	}
	byOrder := r.to(http.MethodGet, fmt.Sprint("/v1/payments/orders/", p["orderId"]), nil).as(r.one).do()
	if byOrder.json(t)["id"] != p["id"] {
		t.Errorf("by order: %d %s", byOrder.StatusCode, byOrder.body)
	}
	path := "/v1/payments/" + p["id"].(string) + "/signature"
	for _, bad := range []string{`{"strokes":[]}`, `{"strokes":[[[1]]]}`, `{"strokes":[[[-1,2,3]]]}`, `{"strokes":[[[1,2,3,4]]]}`, `{"strokes":[[]]}`} {
		if a := r.to(http.MethodPut, path, bad).as(r.one).do(); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", bad, a.StatusCode, a.body)
		}
	}
	signed := r.to(http.MethodPut, path, `{"strokes":[[[1,2,3],[40.5,50.25,60]]]}`).as(r.one).do()
	if signed.StatusCode != http.StatusOK || signed.json(t)["signatureMissing"] != false {
		t.Errorf("signed: %d %s", signed.StatusCode, signed.body)
	}
	if a := r.to(http.MethodPut, path, `{"strokes":[[[1,2,3]]]}`).as(r.one).do(); a.StatusCode != http.StatusConflict {
		t.Errorf("signed twice: %d %s", a.StatusCode, a.body)
	}
}

func TestSwipe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	number := cardOf(t, "APPROVE")["number"].(string)
	body := r.order(t, 10_000)
	body["card"] = map[string]any{"entry": "SWIPE", "track2": ";" + number + "=35121010000000000?", "fallbackReason": "IC 인식 불가"}
	p := r.pay(t, r.one, body)
	if card := p["card"].(map[string]any); p["status"] != "DONE" || card["entry"] != "SWIPE" {
		t.Errorf("%v", p)
	}
	body = r.order(t, 10_000)
	body["card"] = map[string]any{
		"entry": "SWIPE", "track2": ";" + number + "=35121010000000000?", "fallbackReason": "IC 인식 불가",
		"device": map[string]any{"model": "a\nb", "serial": number},
	}
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("bad device").do()
	if a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte("/card/device/model")) || !bytes.Contains(a.body, []byte("/card/device/serial")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	body = r.order(t, 10_000)
	body["card"] = map[string]any{"entry": "SWIPE", "track2": "no track"}
	checkUnkept(t, r, number, "=3512101")
	a = r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("bad track").do()
	if a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte("/card/track2")) || bytes.Contains(a.body, []byte("no track")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// checkUnkept looks for what must not be kept in the log and in every file of the
// server, and for the last four digits, which must, so that a search in the wrong
// place would be noticed.
func checkUnkept(t *testing.T, r *rig, number string, track ...string) {
	t.Helper()
	kept := []byte(r.log.String())
	files := os.DirFS(r.dir)
	must(t, fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		kept = append(kept, content...)
		return err
	}))
	for _, secret := range append(track, number) {
		if bytes.Contains(kept, []byte(secret)) {
			t.Errorf("a part of the card is kept: %s", secret)
		}
	}
	if !bytes.Contains(kept, []byte(number[len(number)-4:])) || !bytes.Contains(kept, []byte("IC 인식 불가")) {
		t.Error("neither the last four digits nor the reason is kept: the search looks in the wrong place")
	}
}
