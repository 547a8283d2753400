package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/message"
)

// Sender is a number from which the merchant's texts go out.
type Sender struct {
	_          struct{} `additionalProperties:"true"`
	Number     string   `json:"number" doc:"Digits only"`
	Status     string   `json:"status" enum:"UNVERIFIED,VERIFIED" doc:"Only verified numbers are sent from"`
	CreatedAt  string   `json:"createdAt" format:"date-time"`
	VerifiedAt string   `json:"verifiedAt,omitempty" format:"date-time"`
}

// SenderList are all of them.
type SenderList struct {
	_       struct{} `additionalProperties:"true"`
	Senders []Sender `json:"senders" nullable:"false" doc:"Oldest first; the first verified one is used"`
}

// SenderRequest registers a number.
type SenderRequest struct {
	Number string `json:"number" maxLength:"20" doc:"With its area code; hyphens and blanks are dropped"`
}

type senderInput struct{ Body SenderRequest }

type senderPath struct {
	Number string `path:"number" maxLength:"20"`
}

type senderOfMerchant struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	Number     string `path:"number" maxLength:"20"`
}

type sendersOfMerchant struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
}

type senderOutput struct{ Body Sender }

type sendersOutput struct{ Body SenderList }

func (a *API) registerSenders() {
	add(a, access{permission: merchant.SettingsRead}, huma.Operation{
		OperationID: "listSenders", Method: http.MethodGet, Path: "/v1/senders", Tags: []string{"Merchant"}, Summary: "Numbers that texts go out from",
	}, func(ctx context.Context, _ *struct{}) (*sendersOutput, error) {
		return senders(a.Messages.Senders(ctx, principal(ctx).Tenant))
	})
	add(a, access{permission: merchant.SettingsWrite}, huma.Operation{
		OperationID: "addSender", Method: http.MethodPost, Path: "/v1/senders", DefaultStatus: http.StatusCreated, Tags: []string{"Merchant"},
		Summary: "Register a number", Description: "It is used once the operator has seen the proof of ownership.",
	}, func(ctx context.Context, in *senderInput) (*senderOutput, error) {
		p := principal(ctx)
		return sender(a.Messages.AddSender(ctx, p.Tenant, digitsOnly(in.Body.Number), p.UserID))
	})
	add(a, access{permission: merchant.SettingsWrite}, huma.Operation{
		OperationID: "removeSender", Method: http.MethodDelete, Path: "/v1/senders/{number}", DefaultStatus: http.StatusNoContent, Tags: []string{"Merchant"},
		Summary: "Take a number out of use",
	}, func(ctx context.Context, in *senderPath) (*struct{}, error) {
		p := principal(ctx)
		return nil, a.Messages.RemoveSender(ctx, p.Tenant, in.Number, p.UserID)
	})
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "listSendersOfMerchant", Method: http.MethodGet, Path: "/v1/operator/senders/{merchantId}", Tags: []string{"Operator"},
		Summary: "Numbers of a merchant",
	}, func(ctx context.Context, in *sendersOfMerchant) (*sendersOutput, error) {
		t := merchant.TenantOf(in.MerchantID)
		if _, err := a.Directory.Merchant(ctx, t); err != nil {
			return nil, err // who is not there has no numbers, which is not none
		}
		return senders(a.Messages.Senders(ctx, t))
	})
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "verifySender", Method: http.MethodPost, Path: "/v1/operator/senders/{merchantId}/{number}/verify", Tags: []string{"Operator"},
		Summary: "Note that a number's ownership is proven",
	}, func(ctx context.Context, in *senderOfMerchant) (*senderOutput, error) {
		return sender(a.Messages.VerifySender(ctx, merchant.TenantOf(in.MerchantID), in.Number, principal(ctx).UserID))
	})
}

func senderView(s message.Sender) Sender {
	return Sender{Number: s.Number, Status: string(s.Status), CreatedAt: instant(s.CreatedAt), VerifiedAt: instant(s.VerifiedAt)}
}

func sender(s message.Sender, err error) (*senderOutput, error) {
	if err != nil {
		return nil, err
	}
	return &senderOutput{senderView(s)}, nil
}

func senders(all []message.Sender, err error) (*sendersOutput, error) {
	if err != nil {
		return nil, err
	}
	out := SenderList{Senders: make([]Sender, 0, len(all))}
	for _, s := range all {
		out.Senders = append(out.Senders, senderView(s))
	}
	return &sendersOutput{out}, nil
}
