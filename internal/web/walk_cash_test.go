package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"innopay/internal/taxreceipt"
)

// goodReceipt is good for what is asked of cash receipts, nil for everything else.
func (s *stage) goodReceipt(t *testing.T, f field) *scene {
	t.Helper()
	switch f.operation {
	case "POST /v1/cash-receipts":
		return &scene{body: fullReceipt()}
	case "GET /v1/cash-receipts/{id}", "POST /v1/cash-receipts/{id}/cancel":
		return &scene{path: s.receipt(t), body: bodyFor(f, map[string]any{"reasonCode": 2, "amount": 1000})}
	case "POST /v1/cash-receipts/{id}/receipts":
		return &scene{path: s.issued(t), body: map[string]any{"channel": "SMS", "to": "01000005678", "language": "ko"}}
	case "GET /v1/cash-receipts/{id}/receipts", "POST /v1/cash-receipts/{id}/receipts/revoke":
		return &scene{path: s.issued(t), body: bodyFor(f, map[string]any{})}
	case "POST /v1/cash-receipts/{id}/reissue":
		return s.again(s.refused(t), func() map[string]string { return s.refused(t) }, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000005678"})
	}
	return nil
}

// receipt is one of a sale made elsewhere, of a sum that can be taken back often.
func (s *stage) receipt(t *testing.T) map[string]string {
	t.Helper()
	body := fullReceipt()
	body["orderId"], body["amount"] = fmt.Sprintf("elsewhere-%06d", s.orders.Add(1)), 9_000_000_000
	a := s.to(http.MethodPost, "/v1/cash-receipts", body).as(s.two).idempotent(fmt.Sprint(body["orderId"])).do()
	if a.StatusCode != http.StatusCreated {
		t.Errorf("receipt: %d %s", a.StatusCode, a.body)
		return map[string]string{}
	}
	id, _ := a.json(t)["id"].(string)
	return map[string]string{"id": id}
}

// refused is one that the office refused.
func (s *stage) refused(t *testing.T) map[string]string {
	t.Helper()
	return s.judged(t, func(r *taxreceipt.Receipt) { r.Status, r.Code, r.Message = taxreceipt.Rejected, "R01", "거절" })
}

// issued is one that the office issued.
func (s *stage) issued(t *testing.T) map[string]string {
	t.Helper()
	return s.judged(t, func(r *taxreceipt.Receipt) { r.Status, r.Reference.Number = taxreceipt.Issued, "TB0000001" })
}

// judged is a receipt after the office's word.
func (s *stage) judged(t *testing.T, word func(*taxreceipt.Receipt)) map[string]string {
	t.Helper()
	path := s.receipt(t)
	err := s.db.ReceiptTx(t.Context(), func(ctx context.Context, tx taxreceipt.Tx) error {
		r, err := tx.Receipt(ctx, s.two.Tenant(), path["id"])
		if err != nil {
			return err
		}
		word(&r)
		r.DueAt, r.Version = time.Time{}, r.Version+1
		return tx.UpdateReceipt(ctx, r)
	})
	if err != nil {
		t.Errorf("%v: %v", path, err)
	}
	return path
}

// fullReceipt asks for a cash receipt with everything that may be said.
func fullReceipt() map[string]any {
	return map[string]any{
		"type": "INCOME_DEDUCTION", "identifier": "01000001234", "orderId": order, "orderName": "출장 수리", "amount": 55_000, "taxFreeAmount": 0, "paymentId": "",
	}
}
