package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/receipt/desk"
)

// ReceiptRequest has a receipt sent.
type ReceiptRequest struct {
	Channel  string `json:"channel" enum:"SMS,EMAIL,KAKAO" doc:"KAKAO is an AlimTalk, which falls back to a text"`
	To       string `json:"to,omitempty" maxLength:"100" doc:"Mobile number or mail address; the buyer's when absent"`
	Language string `json:"language,omitempty" enum:"ko,en" doc:"Korean when absent"`
}

// SentReceipt is one sending of a receipt.
type SentReceipt struct {
	_        struct{} `additionalProperties:"true"`
	ID       string   `json:"id" example:"msg_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Channel  string   `json:"channel" enum:"SMS,EMAIL,KAKAO" doc:"An AlimTalk that fell back is SMS"`
	To       string   `json:"to" doc:"Masked"`
	Status   string   `json:"status" enum:"QUEUED,ACCEPTED,DELIVERED,UNDELIVERED,REJECTED,DROPPED" doc:"DROPPED: the link was revoked before it was sent"`
	Reason   string   `json:"reason,omitempty" doc:"Why it did not arrive, in the gateway's words"`
	Language string   `json:"language" enum:"ko,en"`
	At       string   `json:"at" format:"date-time" doc:"When it was asked for"`
}

// SentReceiptList is the log of one receipt.
type SentReceiptList struct {
	_        struct{}      `additionalProperties:"true"`
	Receipts []SentReceipt `json:"receipts" nullable:"false" doc:"Newest first"`
}

type receiptSendInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ReceiptRequest
}

type receiptLogInput struct {
	ID string `path:"id" maxLength:"64"`
}

type receiptRevokeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *struct{}
}

type sentReceiptOutput struct{ Body SentReceipt }

type sentReceiptsOutput struct{ Body SentReceiptList }

func (a *API) registerReceipts() {
	tag := []string{"Payments"}
	add(a, access{permission: merchant.PaymentCreate, exists: a.hasPayment}, huma.Operation{
		OperationID: "sendReceipt", Method: http.MethodPost, Path: "/v1/payments/{id}/receipts", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Send the receipt to the buyer", Description: "Each call is one message. A wrong address is corrected by sending again.",
	}, a.sendReceipt)
	add(a, access{permission: merchant.PaymentRead, exists: a.hasPayment}, huma.Operation{
		OperationID: "sentReceipts", Method: http.MethodGet, Path: "/v1/payments/{id}/receipts", Tags: tag, Summary: "To whom the receipt was sent",
	}, a.sentReceipts)
	add(a, access{permission: merchant.SettingsWrite, exists: a.hasPayment}, huma.Operation{
		OperationID: "revokeReceipts", Method: http.MethodPost, Path: "/v1/payments/{id}/receipts/revoke", Tags: tag,
		Summary: "End every link to the receipt", Description: "The payment's receiptUrl is a new one from then on.",
	}, func(ctx context.Context, in *receiptRevokeInput) (*viewOutput, error) {
		p := principal(ctx)
		out, err := a.Receipts.Revoke(ctx, p.Tenant, in.ID, p.UserID)
		if err != nil {
			return nil, err
		}
		return &viewOutput{a.Presenter.View(out)}, nil
	})
}

// registerSentCashReceipts is the same for cash receipts by themselves.
func (a *API) registerSentCashReceipts() {
	tag := []string{"Cash receipts"}
	add(a, access{permission: merchant.PaymentCreate, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "sendCashReceipt", Method: http.MethodPost, Path: "/v1/cash-receipts/{id}/receipts", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Send an issued cash receipt to the buyer", Description: "Each call is one message. A wrong address is corrected by sending again.",
	}, a.sendReceipt)
	add(a, access{permission: merchant.PaymentRead, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "sentCashReceipts", Method: http.MethodGet, Path: "/v1/cash-receipts/{id}/receipts", Tags: tag, Summary: "To whom the cash receipt was sent",
	}, a.sentReceipts)
	add(a, access{permission: merchant.SettingsWrite, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "revokeCashReceiptLinks", Method: http.MethodPost, Path: "/v1/cash-receipts/{id}/receipts/revoke", Tags: tag,
		Summary: "End every link to the cash receipt", Description: "Its receiptUrl is a new one from then on.",
	}, func(ctx context.Context, in *receiptRevokeInput) (*cashReceiptOutput, error) {
		p := principal(ctx)
		return a.shown(a.Receipts.RevokeCashReceipt(ctx, p.Tenant, in.ID, p.UserID))
	})
}

func (a *API) sentReceipts(ctx context.Context, in *receiptLogInput) (*sentReceiptsOutput, error) {
	all, err := a.Receipts.Sendings(ctx, principal(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := SentReceiptList{Receipts: make([]SentReceipt, 0, len(all))}
	for _, one := range all {
		out.Receipts = append(out.Receipts, sentReceipt(one))
	}
	return &sentReceiptsOutput{out}, nil
}

func (a *API) sendReceipt(ctx context.Context, in *receiptSendInput) (*sentReceiptOutput, error) {
	p := principal(ctx)
	o := desk.Order{
		Tenant: p.Tenant, Actor: p.UserID, Document: in.ID, Channel: desk.Channel(in.Body.Channel), To: in.Body.To, English: in.Body.Language == "en",
	}
	if o.Channel != desk.ByEmail {
		if digits := digitsOnly(o.To); digits != "" {
			o.To = digits
		}
	}
	sent, err := a.Receipts.Send(ctx, o)
	if err != nil {
		return nil, err
	}
	return &sentReceiptOutput{sentReceipt(sent)}, nil
}

func sentReceipt(s desk.Sent) SentReceipt {
	out := SentReceipt{ID: s.ID, Channel: string(s.Channel), To: s.Masked, Status: string(s.Status), Language: "ko", At: instant(s.CreatedAt)}
	if s.Purpose == message.ReceiptEnglish {
		out.Language = "en"
	}
	if s.Status == message.Undelivered || s.Status == message.Rejected {
		out.Reason = s.Reason
	}
	return out
}
