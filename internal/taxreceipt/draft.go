package taxreceipt

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"innopay/card"
	"innopay/fault"
	"innopay/internal/payment"
	"innopay/money"
)

// secretOf copies digits into a type that prints masked.
func secretOf(b []byte) card.Secret { return card.NewSecret(string(b)) }

// draft validates a request and builds its receipt.
func (s *Service) draft(ctx context.Context, q Request, identifier []byte) (Receipt, error) {
	if q.PaymentID != "" {
		return s.draftOf(ctx, q, identifier)
	}
	var c fault.Checks
	c.That(validName(q.OrderName), "/orderName", "INVALID_ORDER_NAME", "상품명은 1~100자로 입력해 주세요.")
	c.That(payment.ValidOrderID(q.OrderID), "/orderId", "INVALID_ORDER_ID", "주문번호는 영문, 숫자, -, _, . 로 6~64자예요.")
	c.That(q.Amount >= 1 && q.Amount <= money.Max, "/amount", "OUT_OF_RANGE", "금액은 1원부터 9,999,999,999원까지예요.")
	c.That(q.TaxFree >= 0 && q.TaxFree <= q.Amount, "/taxFreeAmount", "OUT_OF_RANGE", "면세 금액은 0원부터 금액까지예요.")
	if err := c.Err(); err != nil {
		return Receipt{}, err
	}
	m, err := s.Directory.Merchant(ctx, q.Tenant)
	if err != nil {
		return Receipt{}, err
	}
	c.That(m.TaxType != money.Taxable || q.TaxFree == 0, "/taxFreeAmount", "TAX_TYPE", "과세 가맹점은 면세 금액을 받을 수 없어요.")
	c.That(m.TaxType != money.TaxFree || q.TaxFree == q.Amount, "/taxFreeAmount", "TAX_TYPE", "면세 가맹점은 모든 금액이 면세여야 해요.")
	if err := c.Err(); err != nil {
		return Receipt{}, err
	}
	split, err := money.SplitOf(q.Amount, q.TaxFree, 0, m.Rounding)
	if err != nil {
		return Receipt{}, fault.InvalidField("/amount", "OUT_OF_RANGE", "금액을 다시 확인해 주세요.")
	}
	r := s.fresh(q.Tenant.ID(), q.Kind, identifier, split, m.Rounding, s.now())
	r.OrderID, r.OrderName, r.StaffID = q.OrderID, q.OrderName, q.Actor
	return r, nil
}

// draftOf is the receipt of a cash payment, over what is left of it.
func (s *Service) draftOf(ctx context.Context, q Request, identifier []byte) (Receipt, error) {
	p, err := s.Payments.Get(ctx, q.Tenant, q.PaymentID)
	if err != nil {
		return Receipt{}, err
	}
	if p.Method != payment.ByCash || p.Balance.Amount == 0 {
		return Receipt{}, ErrState
	}
	if q.Amount != 0 && q.Amount != p.Balance.Amount {
		return Receipt{}, fault.InvalidField("/amount", "SUM_MISMATCH", "금액이 거래에서 남은 금액과 달라요.")
	}
	r := s.fresh(p.MerchantID, q.Kind, identifier, p.Balance, p.Rounding, p.ApprovedAt)
	r.PaymentID, r.OrderID, r.OrderName, r.StaffID = p.ID, p.OrderID, p.OrderName, q.Actor
	return r, nil
}

func validName(s string) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= 1 && n <= 100
}

// canonical is what the idempotency hash covers beside the identifier.
func (q Request) canonical() []byte {
	return canonical(q.Kind, q.OrderID, q.OrderName, q.Amount, q.TaxFree, q.PaymentID)
}

func canonical(values ...any) []byte {
	b, err := json.Marshal(values)
	if err != nil {
		panic("taxreceipt: canonical form of plain data cannot fail: " + err.Error())
	}
	return b
}
