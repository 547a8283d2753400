package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
)

// PaymentRequest asks for a payment taken by the seller. amount is the whole sum;
// items, when sent, add up to it with the service fee.
type PaymentRequest struct {
	Method string `json:"method" enum:"CARD,CASH"`
	Sale
	Signature *Signature   `json:"signature,omitempty"`
	Card      *CardRequest `json:"card,omitempty" doc:"CARD: required"`
	Cash      *CashRequest `json:"cash,omitempty" doc:"CASH: required"`
}

// money answers of the core are written as they are.
type paymentOutput struct {
	Status      int
	ContentType string `header:"Content-Type"`
	TraceID     string `header:"Trace-Id" doc:"Of the request that was answered first"`
	Replayed    string `header:"Idempotent-Replayed" doc:"true when this request was answered before"`
	Body        []byte
}

type createInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body PaymentRequest
}

type paymentInput struct {
	ID string `path:"id" maxLength:"64"`
}

type orderInput struct {
	OrderID string `path:"orderId" maxLength:"64"`
}

type viewOutput struct{ Body Payment }

func (a *API) registerPayments() {
	payments := []string{"Payments"}
	add(a, access{permission: merchant.PaymentCreate, money: true}, huma.Operation{
		OperationID: "createPayment", Method: http.MethodPost, Path: "/v1/payments", DefaultStatus: http.StatusCreated, Tags: payments,
		Summary: "Take a card payment",
		Description: "201 is final: approved, or declined (status ABORTED with failure). 202 means that the outcome is not known yet; " +
			"it is settled in the background, ask for the payment again. 503 means that nothing was sent.",
		Responses: a.paymentResponses("201", "202"),
	}, a.createPayment)
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "listPayments", Method: http.MethodGet, Path: "/v1/payments", Tags: payments, Summary: "History, newest first",
	}, a.listPayments)
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "summarizePayments", Method: http.MethodGet, Path: "/v1/payments/summary", Tags: payments,
		Summary: "Totals of the history", Description: "Over payments that were ever approved; cancels count by their own day.",
	}, a.summarizePayments)
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "payment", Method: http.MethodGet, Path: "/v1/payments/{id}", Tags: payments, Summary: "One payment",
	}, func(ctx context.Context, in *paymentInput) (*viewOutput, error) {
		return a.viewWhole(ctx)(a.Payments.Get(ctx, principal(ctx).Tenant, in.ID))
	})
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "paymentOfOrder", Method: http.MethodGet, Path: "/v1/payments/orders/{orderId}", Tags: payments,
		Summary: "The live payment of an order, else its newest",
	}, func(ctx context.Context, in *orderInput) (*viewOutput, error) {
		return a.viewWhole(ctx)(a.Payments.ByOrder(ctx, principal(ctx).Tenant, in.OrderID))
	})
	a.registerExport()
	a.registerTimeline()
	add(a, access{permission: merchant.PaymentCreate, exists: a.hasPayment}, huma.Operation{
		OperationID: "signPayment", Method: http.MethodPut, Path: "/v1/payments/{id}/signature", Tags: payments, Summary: "Fill a missing signature",
	}, a.signPayment)
	add(a, access{permission: merchant.PaymentCancel, money: true, exists: a.hasPayment}, huma.Operation{
		OperationID: "cancelPayment", Method: http.MethodPost, Path: "/v1/payments/{id}/cancel", Tags: payments,
		Summary:     "Cancel a payment, whole or in part",
		Description: "202 while the outcome of this cancel is not known; its amount stays reserved.",
		Responses:   a.paymentResponses("200", "202"),
	}, a.cancelPayment)
}

// paymentResponses document the answers whose bodies the core has rendered.
func (a *API) paymentResponses(statuses ...string) map[string]*huma.Response {
	out := map[string]*huma.Response{}
	for _, status := range statuses {
		code, err := strconv.Atoi(status)
		if err != nil {
			continue
		}
		out[status] = &huma.Response{
			Description: http.StatusText(code),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schema[Payment](a)}},
		}
	}
	return out
}

// schema is the reference to a type's schema.
func schema[T any](a *API) *huma.Schema {
	return a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

func (a *API) view(p payment.Payment, err error) (*viewOutput, error) {
	if err != nil {
		return nil, err
	}
	return &viewOutput{a.Presenter.View(p)}, nil
}

// viewWhole is view with the payment's cash receipt.
func (a *API) viewWhole(ctx context.Context) func(payment.Payment, error) (*viewOutput, error) {
	return func(p payment.Payment, err error) (*viewOutput, error) {
		if err != nil {
			return nil, err
		}
		ps := []payment.Payment{p}
		err = a.withReceipts(ctx, principal(ctx).Tenant, ps)
		return a.view(ps[0], err)
	}
}

func (a *API) createPayment(ctx context.Context, in *createInput) (*paymentOutput, error) {
	b := in.Body
	switch {
	case b.Method == string(payment.ByCash):
		return a.payInCash(ctx, in)
	case b.Cash != nil:
		return nil, problem.InvalidField("/cash", problem.Unexpected)
	case b.Card == nil:
		return nil, problem.InvalidField("/card", problem.Required)
	}
	strokes, err := b.Signature.encode("/signature/strokes")
	if err != nil {
		return nil, err
	}
	c, err := a.create(ctx, b.Sale, in.Key)
	if err != nil {
		return nil, err
	}
	c.Channel, c.Signature = payment.ChannelCard, strokes
	a.readCard(ctx, *b.Card, &c)
	return result(a.Payments.PayByCard(ctx, c))
}

// result is the answer to a money request: the bytes of the core as they are.
func result(r payment.Result, err error) (*paymentOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &paymentOutput{Status: r.Status, ContentType: "application/json", TraceID: r.TraceID, Body: r.Body}
	if r.Replayed {
		out.Replayed = "true"
	}
	return out, nil
}

// clean is the buyer with a phone of digits only.
func (b *Buyer) clean() payment.Buyer {
	if b == nil {
		return payment.Buyer{}
	}
	out := payment.Buyer(*b)
	out.Phone = digitsOnly(out.Phone)
	return out
}

// digitsOnly drops what people put between the digits of a number.
func digitsOnly(s string) string { return strings.NewReplacer("-", "", " ", "").Replace(s) }
