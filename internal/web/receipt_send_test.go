package web_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"innopay/internal/message"
	"innopay/messenger"
	"innopay/messenger/mail"
	"innopay/messenger/simulator"
)

// sold is a payment of a buyer with number and address at the first shop.
func (r *rig) sold(t *testing.T, amount int) map[string]any {
	t.Helper()
	body := r.order(t, amount)
	body["buyer"] = map[string]any{"name": "구매자 1", "phone": buyerPhone, "email": "buyer1@example.com"}
	return r.pay(t, r.one, body)
}

// sendReceipt asks for a receipt and returns the status and the answer.
func (r *rig) sendReceipt(t *testing.T, p map[string]any, body map[string]any) (int, map[string]any) {
	t.Helper()
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/receipts", p["id"]), body).as(r.one).do()
	return a.StatusCode, a.json(t)
}

// sendings are the log of a payment's receipt.
func (r *rig) sendings(t *testing.T, p map[string]any) []any {
	t.Helper()
	all, _ := r.to(http.MethodGet, fmt.Sprintf("/v1/payments/%v/receipts", p["id"]), nil).as(r.one).do().json(t)["receipts"].([]any)
	return all
}

func TestReceiptIsSentByTextAndTheLinkOpensIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	status, sent := r.sendReceipt(t, p, map[string]any{"channel": "SMS"})
	if status != http.StatusCreated || sent["to"] != "010****1234" || sent["channel"] != "SMS" || sent["status"] != "QUEUED" || sent["language"] != "ko" {
		t.Fatalf("%d %v", status, sent)
	}
	r.clock.Advance(time.Millisecond)
	if status, sent = r.sendReceipt(t, p, map[string]any{"channel": "SMS", "to": "010-0000-7777", "language": "en"}); status != http.StatusCreated || sent["to"] != "010****7777" {
		t.Fatalf("%d %v", status, sent)
	}
	r.settle(t)
	korean, english := r.post.to(buyerPhone), r.post.to("01000007777")
	if len(korean) != 1 || len(english) != 1 {
		t.Fatalf("%d and %d texts", len(korean), len(english))
	}
	for _, want := range []string{"[시험 가게 one] 영수증", "아메리카노 외 1건", "55,000원", "승인번호", fmt.Sprint(p["receiptUrl"])} {
		if !strings.Contains(korean[0].Text, want) {
			t.Errorf("%q is not in %q", want, korean[0].Text)
		}
	}
	_, path, ok := strings.Cut(english[0].Text, base)
	if page := r.to(http.MethodGet, path, nil).do(); !ok || page.StatusCode != http.StatusOK || !strings.Contains(string(page.body), "Card sales slip") {
		t.Errorf("%q: %d", english[0].Text, page.StatusCode)
	}
	all := r.sendings(t, p)
	if len(all) != 2 || all[0].(map[string]any)["to"] != "010****7777" || all[0].(map[string]any)["status"] != "ACCEPTED" {
		t.Errorf("%v", all)
	}
}

// inbox starts a mail server and a relay to it.
func inbox(t *testing.T) (*simulator.Server, messenger.Sender) {
	t.Helper()
	s, err := simulator.Start(simulator.Options{Data: t.TempDir(), SMTP: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	host, port, err := net.SplitHostPort(s.SMTPAddr())
	must(t, err)
	relay, err := mail.Adapter.Open(messenger.Config{"host": host, "port": port, "security": "none", "from": "receipts@example.com"})
	must(t, err)
	t.Cleanup(func() { must(t, relay.Close()) })
	return s, relay
}

func TestReceiptIsMailedAsTextAndHTML(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	if status, sent := r.sendReceipt(t, p, map[string]any{"channel": "EMAIL"}); status != http.StatusConflict || sent["code"] != "NOT_OFFERED" {
		t.Errorf("without a mail server: %d %v", status, sent)
	}
	server, relay := inbox(t)
	r.options.Messages.Gateways = append(r.options.Messages.Gateways, relay)
	if m := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t); m["email"] != true || m["kakao"] != false {
		t.Errorf("offers %v %v", m["email"], m["kakao"])
	}
	status, sent := r.sendReceipt(t, p, map[string]any{"channel": "EMAIL"})
	if status != http.StatusCreated || sent["to"] != "b***@example.com" {
		t.Fatalf("%d %v", status, sent)
	}
	r.settle(t)
	got := server.Post().Mails("buyer1@example.com", "")
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	if got[0].Subject != "[시험 가게 one] 신용카드 매출전표" {
		t.Errorf("subject %q", got[0].Subject)
	}
	for _, want := range []string{"55,000원", "101-81-99993", "50,000원", fmt.Sprint(p["receiptUrl"]), "모의 결제"} {
		if !strings.Contains(got[0].Text, want) || !strings.Contains(got[0].HTML, want) {
			t.Errorf("%q is not in both parts", want)
		}
	}
}

func TestWrongAddressIsCorrectedBySendingAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	r.post.answer = func(m messenger.Message) messenger.Answer {
		if m.To == "01000000404" {
			return messenger.Answer{Outcome: messenger.Later}
		}
		if m.To == "01000000405" {
			return messenger.Answer{Outcome: messenger.Rejected, Reason: "없는 번호"}
		}
		return messenger.Answer{Outcome: messenger.Accepted, Reference: m.ID}
	}
	for _, to := range []string{"01000000404", "01000000405", "01000000406"} {
		r.sendReceipt(t, p, map[string]any{"channel": "SMS", "to": to})
		r.clock.Advance(time.Millisecond)
	}
	r.settle(t)
	var states []string
	for _, one := range r.sendings(t, p) {
		states = append(states, fmt.Sprint(one.(map[string]any)["status"], one.(map[string]any)["reason"]))
	}
	// The one that is tried again holds up neither the next nor the one after it.
	if got := strings.Join(states, " "); got != "ACCEPTED<nil> REJECTED없는 번호 QUEUED<nil>" {
		t.Error(got)
	}
	for name, tt := range map[string]struct{ body, code string }{
		"number": {"010", "INVALID_MOBILE"}, "words": {"buyer", "INVALID_MOBILE"}, "sender": {"0200000001", "INVALID_MOBILE"},
	} {
		status, a := r.sendReceipt(t, p, map[string]any{"channel": "SMS", "to": tt.body})
		if status != http.StatusUnprocessableEntity || !strings.Contains(fmt.Sprint(a["errors"]), tt.code) {
			t.Errorf("%s: %d %v", name, status, a)
		}
	}
}

func TestReceiptGoesAsAlimTalkWhereOneIsApproved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	if status, a := r.sendReceipt(t, p, map[string]any{"channel": "KAKAO"}); status != http.StatusConflict || a["code"] != "NOT_OFFERED" {
		t.Errorf("%d %v", status, a)
	}
	r.post.kakao, r.options.Messages.Profile = true, "KA01"
	r.options.Messages.Templates = map[message.Purpose]message.Template{message.Receipt: {ID: "receipt", Text: "#{shop} #{product} #{amount} #{approval} #{link}"}}
	if status, a := r.sendReceipt(t, p, map[string]any{"channel": "KAKAO"}); status != http.StatusCreated || a["channel"] != "KAKAO" {
		t.Fatalf("%d %v", status, a)
	}
	// An English one was not approved.
	if status, _ := r.sendReceipt(t, p, map[string]any{"channel": "KAKAO", "language": "en"}); status != http.StatusConflict {
		t.Errorf("%d", status)
	}
	r.settle(t)
	got := r.post.to(buyerPhone)
	if len(got) != 1 || got[0].Kind != messenger.AlimTalk || !strings.Contains(got[0].Text, "55,000원") {
		t.Errorf("%v", got)
	}
}

func TestReceiptsAreLimited(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.options.Messages.Limits = message.Limits{PerNumber: []message.Window{{Most: 2, Per: 10 * time.Minute}}}
	p := r.sold(t, 55_000)
	for i, want := range []int{201, 201, 429} {
		if status, a := r.sendReceipt(t, p, map[string]any{"channel": "SMS"}); status != want {
			t.Errorf("%d: %d %v", i, status, a)
		}
	}
	declined := r.order(t, 10_000)
	declined["card"] = cardOf(t, "DECLINE")
	if status, a := r.sendReceipt(t, r.pay(t, r.one, declined), map[string]any{"channel": "SMS", "to": "01000000001"}); status != http.StatusConflict || a["code"] != "NO_RECEIPT" {
		t.Errorf("%d %v", status, a)
	}
}

func TestRevokedLinkOpensNothingAndWhatWaitsIsNotSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sold(t, 55_000)
	r.sendReceipt(t, p, map[string]any{"channel": "SMS"})
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/receipts/revoke", p["id"]), nil).as(r.one).do()
	if a.StatusCode != http.StatusOK || a.json(t)["receiptUrl"] == p["receiptUrl"] {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, below := range []string{"", "/receipt.pdf", "/receipt.png"} {
		if old := r.to(http.MethodGet, receiptOf(t, p)+below, nil).do(); old.StatusCode != http.StatusNotFound {
			t.Errorf("the old link%s: %d", below, old.StatusCode)
		}
		if renewed := r.to(http.MethodGet, receiptOf(t, a.json(t))+below, nil).do(); renewed.StatusCode != http.StatusOK {
			t.Errorf("the new link%s: %d", below, renewed.StatusCode)
		}
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 0 {
		t.Errorf("%v", texts)
	}
	if got := r.sendings(t, p)[0].(map[string]any)["status"]; got != "DROPPED" {
		t.Errorf("%v", got)
	}
	// A cancel after it goes on from the new version.
	c := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", p["id"]), map[string]any{"reason": "변심", "cancelPassword": cancelPassword}).as(r.one).idempotent("revoked").do()
	if c.StatusCode != http.StatusOK || c.json(t)["status"] != "CANCELED" {
		t.Errorf("%d %s", c.StatusCode, c.body)
	}
	r.booksAreRight(t)
}
