package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Unsettled is one message whose outcome is not final.
type Unsettled struct {
	_          struct{} `additionalProperties:"true"`
	MerchantID string   `json:"merchantId"`
	PaymentID  string   `json:"paymentId"`
	CancelID   string   `json:"cancelId,omitempty" doc:"Present when the message is a cancel's"`
	AttemptID  string   `json:"attemptId"`
	Phase      string   `json:"phase" enum:"SENDING,REVERSE,UNDO,REPEAT,OPERATOR" doc:"OPERATOR: past every deadline, somebody must look"`
	Tries      int      `json:"tries"`
	Since      string   `json:"since" format:"date-time"`
	DueAt      string   `json:"dueAt" format:"date-time"`
}

// UnsettledList is the operator's desk.
type UnsettledList struct {
	_         struct{}    `additionalProperties:"true"`
	Unsettled []Unsettled `json:"unsettled" nullable:"false" doc:"Oldest first, at most 500"`
}

// ResolveRequest says what the operator found.
type ResolveRequest struct {
	Outcome string `json:"outcome" enum:"DONE,ABORTED" doc:"Taken only when an inquiry made now proves it"`
}

type unsettledInput struct {
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Of one merchant only"`
}

type unsettledOutput struct{ Body UnsettledList }

type resolveInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	PaymentID  string `path:"id" maxLength:"64"`
	Body       ResolveRequest
}

// maxDesk bounds the operator's list.
const maxDesk = 500

func (a *API) registerOperator() {
	add(a, access{permission: merchant.UnsettledRead}, huma.Operation{
		OperationID: "listUnsettled", Method: http.MethodGet, Path: "/v1/operator/unsettled", Tags: []string{"Operator"},
		Summary: "Payments and cancels whose outcome is open",
	}, a.listUnsettled)
	add(a, access{permission: merchant.UnsettledSettle}, huma.Operation{
		OperationID: "resolveUnsettled", Method: http.MethodPost, Path: "/v1/operator/unsettled/{merchantId}/{id}/resolve", Tags: []string{"Operator"},
		Summary: "Settle an unknown payment", Description: "Asks the acquirer now and follows only what its answer proves.",
	}, func(ctx context.Context, in *resolveInput) (*viewOutput, error) {
		return a.view(a.Payments.Resolve(ctx, merchant.TenantOf(in.MerchantID), in.PaymentID, payment.Status(in.Body.Outcome), principal(ctx).UserID))
	})
}

func (a *API) listUnsettled(ctx context.Context, in *unsettledInput) (*unsettledOutput, error) {
	jobs, err := a.Payments.ListUnsettled(ctx, merchant.TenantOf(in.MerchantID), maxDesk)
	if err != nil {
		return nil, err
	}
	out := UnsettledList{Unsettled: make([]Unsettled, 0, len(jobs))}
	for _, j := range jobs {
		out.Unsettled = append(out.Unsettled, Unsettled{
			MerchantID: j.MerchantID, PaymentID: j.PaymentID, CancelID: j.CancelID, AttemptID: j.AttemptID, Phase: string(j.Phase),
			Tries: j.Tries, Since: instant(j.Since), DueAt: instant(j.DueAt),
		})
	}
	return &unsettledOutput{out}, nil
}
