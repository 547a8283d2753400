package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/cashreceipt"
)

// standing is a cash receipt of a sale made elsewhere, issued.
func (r *rig) standing(t *testing.T, wanted map[string]any) map[string]any {
	t.Helper()
	n := r.orders.Add(1)
	body := map[string]any{"orderId": fmt.Sprintf("alone-%06d", n), "orderName": "출장 수리", "amount": 66_000, "type": wanted["type"], "identifier": wanted["identifier"]}
	made := r.to(http.MethodPost, "/v1/cash-receipts", body).as(r.one).idempotent(fmt.Sprint("alone-", n)).do().want(t, http.StatusCreated).json(t)
	if made["receiptUrl"] != nil {
		t.Errorf("a page before it is issued: %v", made)
	}
	r.settle(t)
	return r.again(t, made)
}

// again reads a cash receipt as it is now.
func (r *rig) again(t *testing.T, receipt map[string]any) map[string]any {
	t.Helper()
	return r.to(http.MethodGet, fmt.Sprint("/v1/cash-receipts/", receipt["id"]), nil).as(r.one).do().want(t, http.StatusOK).json(t)
}

// giveAlone sends a cash receipt by itself.
func (r *rig) giveAlone(receipt map[string]any, body map[string]any) reply {
	return r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/receipts", receipt["id"]), body).as(r.one).do()
}

func TestACashReceiptByItselfIsSentAndItsLinkOpensIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	server, relay := inbox(t)
	r.options.Messages.Gateways = append(r.options.Messages.Gateways, relay)
	got := r.standing(t, map[string]any{"type": "INCOME_DEDUCTION", "identifier": buyerPhone})
	sent := r.giveAlone(got, map[string]any{"channel": "SMS"}).want(t, http.StatusCreated).json(t)
	if sent["to"] != "010****1234" { // the identifier is the buyer's number
		t.Errorf("%v", sent)
	}
	r.giveAlone(got, map[string]any{"channel": "EMAIL", "to": "buyer1@example.com", "language": "en"}).want(t, http.StatusCreated)
	r.settle(t)
	texts, mails := r.post.to(buyerPhone), server.Post().Mails("buyer1@example.com", "")
	if len(texts) != 1 || len(mails) != 1 {
		t.Fatalf("%d texts, %d mails", len(texts), len(mails))
	}
	for _, want := range []string{"[시험 가게 one] 영수증", "출장 수리", "66,000원", "현금영수증 " + fmt.Sprint(got["issueNumber"]), fmt.Sprint(got["receiptUrl"])} {
		if !strings.Contains(texts[0].Text, want) {
			t.Errorf("%q is not in %q", want, texts[0].Text)
		}
	}
	if mails[0].Subject != "[시험 가게 one] Cash receipt (NTS)" || !strings.Contains(mails[0].HTML, "Income deduction") {
		t.Errorf("%q %s", mails[0].Subject, mails[0].HTML)
	}
	path := receiptOf(t, got)
	page := r.to(http.MethodGet, path, nil).do().want(t, http.StatusOK)
	checkPolicy(t, page)
	for _, want := range []string{"현금영수증", "소득공제", "*******1234", fmt.Sprint(got["issueNumber"]), "60,000원", "6,000원", "101-81-99993"} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, never := range []string{buyerPhone, "서명", "승인번호</dt><dd></dd>", "카드번호"} {
		if strings.Contains(string(page.body), never) {
			t.Errorf("%q is on the page", never)
		}
	}
	for file, magic := range map[string]string{"/receipt.pdf": "%PDF-", "/receipt.pdf?size=80": "%PDF-", "/receipt.png": "\x89PNG"} {
		if a := r.to(http.MethodGet, path+file, nil).do(); a.StatusCode != http.StatusOK || !bytes.HasPrefix(a.body, []byte(magic)) {
			t.Errorf("%s: %d", file, a.StatusCode)
		}
	}
	all := r.to(http.MethodGet, fmt.Sprintf("/v1/cash-receipts/%v/receipts", got["id"]), nil).as(r.one).do().want(t, http.StatusOK).json(t)["receipts"].([]any)
	if len(all) != 2 {
		t.Errorf("the log holds %v", all)
	}
	r.to(http.MethodGet, fmt.Sprintf("/v1/cash-receipts/%v/receipts", got["id"]), nil).as(r.two).do().want(t, http.StatusNotFound)
	r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/receipts", got["id"]), map[string]any{"channel": "SMS"}).as(r.two).do().want(t, http.StatusNotFound)
}

func TestACashReceiptByItselfShowsWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.standing(t, map[string]any{"type": "EXPENSE_PROOF", "identifier": "1018199993"})
	path := receiptOf(t, got)
	r.cancelReceipt(r.one, got["id"], 11_000).want(t, http.StatusOK)
	r.settle(t)
	for _, want := range []string{"현금영수증 (부분취소)", "오류 발급", "-11,000원", "55,000원", "지출증빙"} {
		if page := r.to(http.MethodGet, path, nil).do(); !strings.Contains(string(page.body), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	r.cancelReceipt(r.one, got["id"], 0).want(t, http.StatusOK)
	r.settle(t)
	if page := r.to(http.MethodGet, path+"?lang=en", nil).do(); !strings.Contains(string(page.body), "Cash receipt (cancelled)") || !strings.Contains(string(page.body), "This cash receipt was cancelled.") {
		t.Errorf("%s", page.body)
	}
}

func TestACashReceiptIsGivenOutOnceItStands(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.office.drop = 1
	body := map[string]any{"type": "INCOME_DEDUCTION", "identifier": buyerPhone, "orderId": "waiting-1", "orderName": "출장 수리", "amount": 66_000}
	made := r.to(http.MethodPost, "/v1/cash-receipts", body).as(r.one).idempotent("waiting").do().want(t, http.StatusCreated).json(t)
	if a := r.giveAlone(made, map[string]any{"channel": "SMS"}); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "NOT_ISSUED" {
		t.Errorf("before it is issued: %d %s", a.StatusCode, a.body)
	}
	r.office.refuse = 1
	r.passTime(t, 20*time.Second, time.Second)
	if got := r.again(t, made); got["status"] != "REJECTED" || got["receiptUrl"] != nil {
		t.Errorf("refused: %v", got)
	}
	if a := r.giveAlone(made, map[string]any{"channel": "SMS"}); a.StatusCode != http.StatusConflict {
		t.Errorf("a refused one was sent: %d", a.StatusCode)
	}
}

func TestTheLinkOfACashReceiptIsRevokedAndGuarded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.standing(t, map[string]any{"type": "INCOME_DEDUCTION", "identifier": buyerPhone})
	r.giveAlone(got, map[string]any{"channel": "SMS"}).want(t, http.StatusCreated)
	next := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/receipts/revoke", got["id"]), nil).as(r.one).do().want(t, http.StatusOK).json(t)
	if next["receiptUrl"] == got["receiptUrl"] {
		t.Error("the link is the same")
	}
	r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/receipts/revoke", got["id"]), nil).as(r.two).do().want(t, http.StatusNotFound)
	for _, below := range []string{"", "/receipt.pdf", "/receipt.png"} {
		r.to(http.MethodGet, receiptOf(t, got)+below, nil).do().want(t, http.StatusNotFound)
		r.to(http.MethodGet, receiptOf(t, next)+below, nil).do().want(t, http.StatusOK)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 0 {
		t.Errorf("what waited went out with the old link: %v", texts)
	}
	// The worker goes on: a revoked link is nothing of the office's.
	r.cancelReceipt(r.one, got["id"], 0).want(t, http.StatusOK)
	r.settle(t)
	if now := r.again(t, got); now["status"] != "CANCELED" {
		t.Errorf("%v", now)
	}
	r.gated(t)
	path := receiptOf(t, next)
	if a := r.to(http.MethodGet, path, nil).do().want(t, http.StatusOK); strings.Contains(string(a.body), "66,000") {
		t.Error("a guarded link shows the receipt")
	}
	open := r.form(path, url.Values{"digits": {"1234"}}).do().want(t, http.StatusSeeOther)
	if a := r.to(http.MethodGet, path, nil).cookie(open.Cookies()[0]).do(); !strings.Contains(string(a.body), "66,000") {
		t.Errorf("%s", a.body)
	}
}

func TestOnePressOfCancelTakesBackOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		got := r.standing(t, map[string]any{"type": "EXPENSE_PROOF", "identifier": "1018199993"})
		take := func(key string, amount int) reply {
			return r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/cancel", got["id"]), map[string]any{"reasonCode": 1, "amount": amount}).as(r.one).idempotent(key).do()
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if a := take("press", 11_000); a.StatusCode != http.StatusOK {
					t.Errorf("%d %s", a.StatusCode, a.body)
				}
			})
		}
		wg.Wait()
		if a := take("press", 12_000); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
		take("another", 11_000).want(t, http.StatusOK)
		if a := take(strings.Repeat("k", 301), 11_000); a.StatusCode != http.StatusBadRequest {
			t.Errorf("a key that is none: %d", a.StatusCode)
		}
		r.settle(t)
		if states, sum := cancelsOf(r.again(t, got)); sum != 22_000 || len(states) != 2 {
			t.Errorf("%v add up to %v", states, sum)
		}
	})
}

// wholeOnly is an office that takes no parts back.
type wholeOnly struct{ cashreceipt.Issuer }

func (o wholeOnly) Describe() cashreceipt.Descriptor {
	d := o.Issuer.Describe()
	d.PartialCancel = false
	return d
}

func TestAnOfficeThatTakesNoPartsIsAskedForNone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.options.CashReceipts.Office = wholeOnly{r.office}
	got := r.standing(t, map[string]any{"type": "EXPENSE_PROOF", "identifier": "1018199993"})
	if a := r.cancelReceipt(r.one, got["id"], 11_000); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "CASH_RECEIPT_WHOLE_ONLY" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.cancelReceipt(r.one, got["id"], 66_000).want(t, http.StatusOK)
	r.settle(t)
	if now := r.again(t, got); now["status"] != "CANCELED" {
		t.Errorf("%v", now)
	}
}

func TestSomebodyIsCalledWhenAReceiptIsNeverJudged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.standing(t, map[string]any{"type": "EXPENSE_PROOF", "identifier": "1018199993"})
	r.passTime(t, 7*24*time.Hour, time.Hour)
	if strings.Contains(r.log.String(), "never judged") {
		t.Error("an alarm within the week")
	}
	r.passTime(t, 2*time.Hour, time.Hour)
	if !strings.Contains(r.log.String(), "never judged") || !strings.Contains(r.log.String(), fmt.Sprint(got["id"])) {
		t.Errorf("no alarm: %s", r.log.String())
	}
	if now := r.again(t, got); now["status"] != "ISSUED" {
		t.Errorf("%v", now)
	}
}
