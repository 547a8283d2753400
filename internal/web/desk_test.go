package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/acquirer/simulator"
	"innopay/internal/payment"
)

// list is one page of an operator's list.
func (r *rig) list(t *testing.T, operator *http.Cookie, path string) (rows []map[string]any, next string) {
	t.Helper()
	a := r.to(http.MethodGet, "/v1/operator/"+path, nil).cookie(operator).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
	}
	for name, v := range a.json(t) {
		if name == "nextCursor" {
			next, _ = v.(string)
			continue
		}
		all, _ := v.([]any)
		for _, one := range all {
			row, _ := one.(map[string]any)
			rows = append(rows, row)
		}
	}
	return rows, next
}

// TestAPaymentIsFoundByAnyReference over both merchants.
func TestAPaymentIsFoundByAnyReference(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	body := r.order(t, 50_000)
	paid := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("found").do()
	p := paid.json(t)
	canceled := r.to(http.MethodPost, "/v1/payments/"+p["id"].(string)+"/cancel", map[string]any{"reason": "변심", "amount": 1000, "cancelPassword": cancelPassword}).
		as(r.one).idempotent("found").do()
	r.clock.Advance(time.Second)
	r.pay(t, r.two, r.order(t, 60_000))
	r.clock.Advance(time.Second)
	asked := r.askAt(t, r.two, r.requestBody(10_000))
	attempts, err := r.options.Payments.Store.Attempts(t.Context(), r.one.Tenant(), p["id"].(string))
	must(t, err)
	sent := attempts[slices.IndexFunc(attempts, func(a payment.Attempt) bool { return a.Kind == payment.Authorize })]
	card, _ := p["card"].(map[string]any)
	for name, q := range map[string]string{
		"id": p["id"].(string), "order": p["orderId"].(string), "attempt": sent.ID, "cancel": canceled.json(t)["cancels"].([]any)[0].(map[string]any)["id"].(string),
		"approval number": card["approvalNumber"].(string), "RRN": sent.RRN, "STAN": fmt.Sprintf("%s/%06d", sent.TerminalID, sent.STAN),
		"trace": paid.Header.Get("Trace-Id"), "trace of the cancel": canceled.Header.Get("Trace-Id"),
	} {
		rows, _ := r.list(t, operator, "payments?q="+url.QueryEscape(q))
		if q == "" || len(rows) != 1 || rows[0]["id"] != p["id"] || rows[0]["merchantName"] != "시험 가게 one" {
			t.Errorf("%s %q: %v", name, q, rows)
		}
	}
	if rows, _ := r.list(t, operator, "payments?q="+asked["id"].(string)); len(rows) != 1 || rows[0]["id"] != asked["paymentId"] {
		t.Errorf("request: %v", rows)
	}
	last4 := fmt.Sprint(card["maskedNumber"])[12:]
	if rows, _ := r.list(t, operator, "payments?q="+last4); len(rows) != 2 {
		t.Errorf("last four: %v", rows)
	}
	for _, none := range []string{"pay_" + missing, "trc_" + missing, "nothing", "Tone/999999", "9999", "%", "_"} {
		if rows, _ := r.list(t, operator, "payments?q="+url.QueryEscape(none)); len(rows) != 0 {
			t.Errorf("%s: %v", none, rows)
		}
	}
	for filter, want := range map[string]int{
		"merchantId=" + r.two.ID: 2, "status=READY": 1, "channel=SMS": 1, "minAmount=55000": 1, "maxAmount=20000": 1, "from=2026-03-03": 0,
		"from=2026-03-02&to=2026-03-02": 3, "q=" + p["id"].(string) + "&merchantId=" + r.two.ID: 0, "status=DONE&status=PARTIAL_CANCELED": 2,
	} {
		if rows, _ := r.list(t, operator, "payments?"+filter); len(rows) != want {
			t.Errorf("%s: %d rows, want %d", filter, len(rows), want)
		}
	}
	one, next := r.list(t, operator, "payments?limit=2")
	two, end := r.list(t, operator, "payments?limit=2&cursor="+next)
	if len(one) != 2 || len(two) != 1 || end != "" || one[0]["id"] != asked["paymentId"] || two[0]["id"] != p["id"] {
		t.Errorf("pages %v %v %q", one, two, end)
	}
}

// TestTheDossierOfAPayment holds every part of it, and nothing of the card or buyer.
func TestTheDossierOfAPayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	body := r.order(t, 50_000)
	body["buyer"] = map[string]any{"name": "구매자일", "phone": "01000001234", "email": "buyer1@example.com"}
	p := r.pay(t, r.one, body)
	id := p["id"].(string)
	r.clock.Advance(time.Second)
	if a := r.atDesk(t, operator, "payments/"+r.one.ID+"/"+id+"/inquire", "가맹점 문의"); a.json(t)["result"] != "APPROVED" || a.json(t)["settled"] != false || a.json(t)["status"] != "DONE" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := r.to(http.MethodGet, "/v1/operator/payments/"+r.one.ID+"/"+id, nil).cookie(operator).do()
	var d struct {
		Payment struct {
			Buyer      map[string]string
			ReceiptURL string
		}
		Attempts []struct {
			Kind, Status, RRN, ResponseCode, Message string
			STAN, Sends                              int
		}
		Ledger    []struct{ Amount int }
		Audit     []struct{ Action, Detail string }
		Unsettled []any
	}
	must(t, json.Unmarshal(a.body, &d))
	if len(d.Attempts) != 2 || d.Attempts[0].RRN == "" || d.Attempts[0].ResponseCode != "00" || d.Attempts[1].Kind != "INQUIRE" || d.Attempts[1].Message != "APPROVED" {
		t.Errorf("%+v", d.Attempts)
	}
	if len(d.Ledger) != 2 || d.Ledger[0].Amount+d.Ledger[1].Amount != 0 || len(d.Unsettled) != 0 || d.Payment.ReceiptURL != "" {
		t.Errorf("%s", a.body)
	}
	actions := map[string]string{}
	for _, one := range d.Audit {
		actions[one.Action] = one.Detail
	}
	if !strings.Contains(actions["operator.payment_inquired"], "가맹점 문의") || !strings.Contains(actions["payment.request"], "trc_") {
		t.Errorf("%v", actions)
	}
	number, _ := body["card"].(map[string]any)["number"].(string)
	for _, secret := range []string{number, "01000001234", "구매자일", "buyer1@example.com"} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("%s is told", secret)
		}
	}
	if d.Payment.Buyer["phone"] != "010****1234" || d.Payment.Buyer["name"] != "구**일" {
		t.Errorf("%v", d.Payment.Buyer)
	}
	for reason, want := range map[string]int{"": 422, "   ": 422, "카드 4111 1111 1111 1111": 422, strings.Repeat("가", 201): 422, "2026-03-02 문의": 200} {
		if a := r.atDesk(t, operator, "payments/"+r.one.ID+"/"+id+"/inquire", reason); a.StatusCode != want || want == 422 && !strings.Contains(string(a.body), `"/reason"`) {
			t.Errorf("%q: %d %s", reason, a.StatusCode, a.body)
		}
	}
}

// TestTheUnknownDeskSettlesByProof: the acquirer took the payment and fell silent, to
// the reversal, too. The desk shows it, what may be done, and what the inquiries said;
// running the next step settles it.
func TestTheUnknownDeskSettlesByProof(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	body := r.order(t, 50_000)
	body["card"] = cardOf(t, "TIMEOUT")
	p := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("silent").do().json(t)
	id := p["id"].(string)
	rows, _ := r.list(t, operator, "unsettled")
	if len(rows) != 1 || rows[0]["paymentId"] != id || rows[0]["amount"] != 50_000.0 || rows[0]["adapter"] != "simulator" || rows[0]["deadline"] == nil {
		t.Fatalf("%v", rows)
	}
	for filter, want := range map[string]int{"phase=REVERSE": 1, "phase=OPERATOR": 0, "adapter=other": 0, "olderThanSeconds=3600": 0, "merchantId=" + r.two.ID: 0} {
		if rows, _ := r.list(t, operator, "unsettled?"+filter); len(rows) != want {
			t.Errorf("%s: %v", filter, rows)
		}
	}
	at := "unsettled/" + r.one.ID + "/" + id
	acts := func() map[string]any {
		out := map[string]any{}
		a := r.to(http.MethodGet, "/v1/operator/"+at, nil).cookie(operator).do()
		open, _ := a.json(t)["unsettled"].([]any)
		for _, o := range open {
			all, _ := o.(map[string]any)["acts"].([]any)
			for _, one := range all {
				act, _ := one.(map[string]any)
				out[act["act"].(string)] = act["allowed"]
				if act["allowed"] == false {
					out[act["act"].(string)] = act["reason"]
				}
			}
		}
		return out
	}
	if got := fmt.Sprint(acts()); got != "map[INQUIRE:true RESOLVE_ABORTED:true RESOLVE_DONE:true RUN:true]" {
		t.Error(got)
	}
	// An approval proves nothing that ends it: the payment stays open, the answer on record.
	if a := r.atDesk(t, operator, at+"/inquire", "점검"); a.json(t)["result"] != "APPROVED" || a.json(t)["status"] != "UNKNOWN" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	must(t, r.book.Script().Add([]simulator.Fault{{On: "REVERSE", Do: simulator.Timeout, Times: 1}}))
	r.clock.Advance(time.Second)
	if a := r.atDesk(t, operator, at+"/run", "점검"); a.StatusCode != http.StatusOK {
		t.Errorf("run: %d %s", a.StatusCode, a.body)
	}
	if got := acts()["RESOLVE_DONE"]; got != "REVERSAL_UNDERWAY" {
		t.Errorf("while a reversal may be under way a sale may be resolved: %v", got)
	}
	if a := r.atDesk(t, operator, at+"/run", "점검"); a.StatusCode != http.StatusOK || len(a.json(t)["unsettled"].([]any)) != 0 {
		t.Errorf("run again: %d %s", a.StatusCode, a.body)
	}
	got, err := r.options.Payments.Get(t.Context(), r.one.Tenant(), id)
	must(t, err)
	if got.Status != "ABORTED" || got.Failure.Code != "REVERSED" {
		t.Errorf("%s %v", got.Status, got.Failure)
	}
	if rows, _ := r.list(t, operator, "unsettled"); len(rows) != 0 {
		t.Errorf("%v", rows)
	}
	if a := r.atDesk(t, operator, at+"/run", "점검"); code(t, a) != "NOT_UNSETTLED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestDeliveriesAreTriedAgainAndGivenUp by an operator, and no later than they may be.
func TestDeliveriesAreTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	asked := r.askAt(t, r.one, r.requestBody(10_000))
	rows, _ := r.list(t, operator, "messages?status=QUEUED")
	if len(rows) != 1 || rows[0]["paymentId"] != asked["paymentId"] || rows[0]["mayCancel"] != true || strings.Contains(fmt.Sprint(rows[0]["maskedTo"]), "0000") {
		t.Fatalf("%v", rows)
	}
	requests, _ := r.list(t, operator, "payment-requests?status=SENDING")
	if len(requests) != 1 || requests[0]["id"] != asked["id"] || requests[0]["url"] != nil {
		t.Errorf("%v", requests)
	}
	at := "messages/" + r.one.ID + "/" + rows[0]["id"].(string)
	if a := r.atDesk(t, operator, at+"/cancel", "고객 요청"); a.json(t)["status"] != "DROPPED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, act := range []string{"/cancel", "/retry"} {
		if a := r.atDesk(t, operator, at+act, "고객 요청"); code(t, a) != "MESSAGE_STATE" {
			t.Errorf("%s: %d %s", act, a.StatusCode, a.body)
		}
	}
	r.askAt(t, r.one, r.requestBody(10_000))
	for _, j := range r.lost(t) {
		at := "messages/" + r.one.ID + "/" + j
		if a := r.atDesk(t, operator, at+"/retry", "재발송"); a.json(t)["status"] != "QUEUED" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
		r.clock.Advance(25 * time.Hour)
		operator := r.login(t, "operator")
		if a := r.atDesk(t, operator, at+"/retry", "재발송"); code(t, a) != "MESSAGE_STATE" {
			t.Errorf("a message that would be given up at once: %d %s", a.StatusCode, a.body)
		}
	}
}

// lost are messages that a gateway says never arrived.
func (r *rig) lost(t *testing.T) []string {
	t.Helper()
	_, err := r.sql(t).ExecContext(t.Context(), "update message set status = 'UNDELIVERED', due_at = 0 where status = 'QUEUED'")
	must(t, err)
	return column(t, r.sql(t), "select id from message where status = 'UNDELIVERED'")
}

// TestCashReceiptsThatNeedSomebodyComeFirst over all merchants and pages.
func TestCashReceiptsThatNeedSomebodyComeFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	var ids []string
	for range 5 {
		r.clock.Advance(time.Second)
		sold := r.sell(t, 20_000, map[string]any{"type": "SELF_ISSUED"})
		ids = append(ids, fmt.Sprint(r.receiptOf(t, sold)["id"]))
	}
	for i, status := range []string{"REJECTED", "CONFIRMED", "REJECTED"} {
		_, err := r.sql(t).ExecContext(t.Context(), "update cash_receipt set status = $1, due_at = 0 where id = $2", status, ids[i])
		must(t, err)
	}
	want := []string{ids[2], ids[0], ids[4], ids[3], ids[1]}
	var got []string
	for next := ""; ; {
		var rows []map[string]any
		rows, next = r.list(t, operator, "cash-receipts?limit=1&cursor="+next)
		for _, row := range rows {
			got = append(got, row["id"].(string))
		}
		if next == "" {
			break
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for filter, n := range map[string]int{"needsSomebody=true": 2, "status=CONFIRMED": 1, "q=" + ids[3]: 1, "merchantId=" + r.two.ID: 0} {
		if rows, _ := r.list(t, operator, "cash-receipts?"+filter); len(rows) != n {
			t.Errorf("%s: %v", filter, rows)
		}
	}
	if a := r.atDesk(t, operator, "cash-receipts/"+r.one.ID+"/"+ids[3]+"/retry", "재시도"); a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.atDesk(t, operator, "cash-receipts/"+r.one.ID+"/"+ids[0]+"/retry", "재시도"); code(t, a) != "NOTHING_DUE" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestTheAuditIsSearchedCheckedAndTakenOut with what was done written down.
func TestTheAuditIsSearchedCheckedAndTakenOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	p := r.pay(t, r.one, r.order(t, 10_000))
	for filter, want := range map[string]int{
		"subject=" + p["id"].(string): 2, "subject=" + p["id"].(string) + "&action=payment.request": 1, "action=payment&merchantId=" + r.one.ID: 2,
		"action=pay": 0, "actor=nobody": 0, "from=2026-03-03": 0,
	} {
		if rows, _ := r.list(t, operator, "audit?"+filter); len(rows) != want {
			t.Errorf("%s: %d rows %v", filter, len(rows), rows)
		}
	}
	r.seal(t)
	check := func(body map[string]any) map[string]any {
		body["reason"] = "월간 점검"
		return r.to(http.MethodPost, "/v1/operator/audit/check", body).cookie(operator).do().json(t)
	}
	if got := check(map[string]any{"limit": 2}); got["ok"] != true || got["checked"] != 2.0 || got["nextFrom"] != 3.0 {
		t.Errorf("%v", got)
	}
	if got := check(map[string]any{"from": 3}); got["ok"] != true || got["to"] != got["head"] || got["nextFrom"] != nil {
		t.Errorf("%v", got)
	}
	_, err := r.sql(t).ExecContext(t.Context(), "update audit set actor = 'usr_other' where subject = $1 and action = 'payment.request'", p["id"])
	must(t, err)
	if got := check(map[string]any{}); got["ok"] != false || !strings.Contains(fmt.Sprint(got["faults"]), "AUDIT_CHAIN") {
		t.Errorf("an edit is not seen: %v", got)
	}
	a := r.to(http.MethodGet, "/v1/operator/audit/export?action=payment&reason="+url.QueryEscape("감사 제출"), nil).cookie(operator).do()
	_, rows := sheet(t, a.body)
	if a.StatusCode != http.StatusOK || len(rows) != 2 {
		t.Errorf("%d %d rows", a.StatusCode, len(rows))
	}
	if rows, _ := r.list(t, operator, "audit?action=operator.audit_exported"); len(rows) != 1 || !strings.Contains(rows[0]["detail"].(string), "감사 제출") {
		t.Errorf("%v", rows)
	}
}
