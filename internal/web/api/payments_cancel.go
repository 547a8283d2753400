package api

import (
	"context"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/visit"
	"innopay/money"
)

// CancelRequest asks to take back a payment, or a part of it.
type CancelRequest struct {
	Reason         string            `json:"reason"`
	Amount         *int64            `json:"amount,omitempty" doc:"Won; all that is left when absent"`
	TaxFreeAmount  *int64            `json:"taxFreeAmount,omitempty" doc:"Tax-free part of amount; pro rata when absent"`
	CancelPassword merchant.Password `json:"cancelPassword"`
}

type cancelInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body CancelRequest
}

func (a *API) cancelPayment(ctx context.Context, in *cancelInput) (*paymentOutput, error) {
	p := principal(ctx)
	most, barred := p.MayCancel()
	return result(a.Payments.Cancel(ctx, payment.CancelCommand{
		Tenant: p.Tenant, Actor: p.UserID, PaymentID: in.ID, Key: in.Key, TraceID: visit.From(ctx).TraceID,
		Reason: in.Body.Reason, Amount: (*money.Won)(in.Body.Amount), TaxFree: (*money.Won)(in.Body.TaxFreeAmount),
		CancelPassword: string(in.Body.CancelPassword), Most: most, Barred: barred,
	}))
}
