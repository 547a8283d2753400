package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/oversight"
	"innopay/internal/payrequest"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// OperatorReceipt is one cash receipt over all merchants.
type OperatorReceipt struct {
	_                struct{}  `additionalProperties:"true"`
	MerchantID       string    `json:"merchantId"`
	MerchantName     string    `json:"merchantName"`
	ID               string    `json:"id"`
	PaymentID        string    `json:"paymentId,omitempty"`
	OrderID          string    `json:"orderId"`
	OrderName        string    `json:"orderName"`
	Type             string    `json:"type" enum:"INCOME_DEDUCTION,EXPENSE_PROOF,SELF_ISSUED"`
	MaskedIdentifier string    `json:"maskedIdentifier"`
	Status           string    `json:"status" enum:"REQUESTED,ISSUED,CONFIRMED,REJECTED,CANCELED,UNKNOWN"`
	Amount           money.Won `json:"amount"`
	BalanceAmount    money.Won `json:"balanceAmount"`
	IssueNumber      string    `json:"issueNumber,omitempty"`
	Office           string    `json:"office,omitempty"`
	Code             string    `json:"code,omitempty" doc:"The office's"`
	Message          string    `json:"message,omitempty"`
	Sends            int       `json:"sends"`
	NeedsSomebody    bool      `json:"needsSomebody" doc:"Refused, or should long have been issued (a day) or judged (a week)"`
	MayRetry         bool      `json:"mayRetry"`
	RequestedAt      string    `json:"requestedAt" format:"date-time"`
	IssuedAt         string    `json:"issuedAt,omitempty" format:"date-time"`
	JudgedAt         string    `json:"judgedAt,omitempty" format:"date-time"`
	NextAt           string    `json:"nextAt,omitempty" format:"date-time" doc:"When the office is spoken to next"`
}

// OperatorReceiptList is one page.
type OperatorReceiptList struct {
	_            struct{}          `additionalProperties:"true"`
	CashReceipts []OperatorReceipt `json:"cashReceipts" nullable:"false" doc:"Those that need somebody first, then the others, each newest first"`
	NextCursor   string            `json:"nextCursor,omitempty"`
}

// OperatorRequest is one payment request over all merchants.
type OperatorRequest struct {
	_             struct{}  `additionalProperties:"true"`
	MerchantID    string    `json:"merchantId"`
	MerchantName  string    `json:"merchantName"`
	ID            string    `json:"id"`
	Kind          string    `json:"kind" enum:"SMS,ARS"`
	Status        string    `json:"status" enum:"SENDING,SENT,UNDELIVERED,IN_CALL,PAYING,PAID,FAILED,EXPIRED,WITHDRAWN"`
	PaymentID     string    `json:"paymentId"`
	OrderID       string    `json:"orderId"`
	OrderName     string    `json:"orderName"`
	Amount        money.Won `json:"amount"`
	MaskedPhone   string    `json:"maskedPhone"`
	Tries         int       `json:"tries"`
	MessageID     string    `json:"messageId,omitempty"`
	MessageStatus string    `json:"messageStatus,omitempty" enum:"QUEUED,ACCEPTED,DELIVERED,UNDELIVERED,REJECTED,DROPPED"`
	FailureCode   string    `json:"failureCode,omitempty"`
	CreatedAt     string    `json:"createdAt" format:"date-time"`
	OpenedAt      string    `json:"openedAt,omitempty" format:"date-time"`
	ExpiresAt     string    `json:"expiresAt" format:"date-time"`
}

// OperatorRequestList is one page.
type OperatorRequestList struct {
	_               struct{}          `additionalProperties:"true"`
	PaymentRequests []OperatorRequest `json:"paymentRequests" nullable:"false" doc:"Newest first"`
	NextCursor      string            `json:"nextCursor,omitempty"`
}

// DeliveryView is one message to a person.
type DeliveryView struct {
	_            struct{} `additionalProperties:"true"`
	MerchantID   string   `json:"merchantId"`
	MerchantName string   `json:"merchantName"`
	ID           string   `json:"id"`
	Purpose      string   `json:"purpose"`
	Kind         string   `json:"kind,omitempty" enum:"SMS,LMS,ALIMTALK,EMAIL" doc:"Once it was tried"`
	Mail         bool     `json:"mail"`
	MaskedTo     string   `json:"maskedTo"`
	Sender       string   `json:"sender,omitempty"`
	Gateway      string   `json:"gateway,omitempty"`
	Status       string   `json:"status" enum:"QUEUED,ACCEPTED,DELIVERED,UNDELIVERED,REJECTED,DROPPED"`
	Code         string   `json:"code,omitempty" doc:"The gateway's"`
	Reason       string   `json:"reason,omitempty"`
	Tries        int      `json:"tries"`
	Reference    string   `json:"reference,omitempty" doc:"The gateway's"`
	PaymentID    string   `json:"paymentId,omitempty"`
	RequestID    string   `json:"requestId,omitempty"`
	MayRetry     bool     `json:"mayRetry"`
	MayCancel    bool     `json:"mayCancel"`
	CreatedAt    string   `json:"createdAt" format:"date-time"`
	AcceptedAt   string   `json:"acceptedAt,omitempty" format:"date-time"`
	SettledAt    string   `json:"settledAt,omitempty" format:"date-time"`
	NextAt       string   `json:"nextAt,omitempty" format:"date-time"`
}

// DeliveryList is one page.
type DeliveryList struct {
	_          struct{}       `additionalProperties:"true"`
	Messages   []DeliveryView `json:"messages" nullable:"false" doc:"Newest first"`
	NextCursor string         `json:"nextCursor,omitempty"`
}

type operatorReceiptsInput struct {
	Days
	MerchantID string   `query:"merchantId" maxLength:"64"`
	Status     []string `query:"status,explode" enum:"REQUESTED,ISSUED,CONFIRMED,REJECTED,CANCELED,UNKNOWN"`
	Overdue    bool     `query:"needsSomebody" doc:"Only those that need somebody"`
	Q          string   `query:"q" maxLength:"100" doc:"Id of the receipt or of its payment, order id or issue number, whole"`
	Cursor     string   `query:"cursor" maxLength:"100"`
	Limit      int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type operatorRequestsInput struct {
	Days
	MerchantID string   `query:"merchantId" maxLength:"64"`
	Kind       string   `query:"kind" enum:"SMS,ARS"`
	Status     []string `query:"status,explode" enum:"SENDING,SENT,UNDELIVERED,IN_CALL,PAYING,PAID,FAILED,EXPIRED,WITHDRAWN"`
	PhoneLast4 string   `query:"phoneLast4" pattern:"^[0-9]{4}$"`
	Cursor     string   `query:"cursor" maxLength:"100"`
	Limit      int      `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type deliveriesInput struct {
	Days
	MerchantID string   `query:"merchantId" maxLength:"64"`
	Status     []string `query:"status,explode" enum:"QUEUED,ACCEPTED,DELIVERED,UNDELIVERED,REJECTED,DROPPED"`
	Gateway    string   `query:"gateway" maxLength:"64"`
	Purpose    string   `query:"purpose" maxLength:"64"`
	PaymentID  string   `query:"paymentId" maxLength:"64"`
	Medium     string   `query:"medium" enum:"TEXT,MAIL"`
	Cursor     string   `query:"cursor" maxLength:"100"`
	Limit      int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type operatorReceiptsOutput struct{ Body OperatorReceiptList }

type operatorReceiptOutput struct{ Body OperatorReceipt }

type operatorRequestsOutput struct{ Body OperatorRequestList }

type deliveriesOutput struct{ Body DeliveryList }

type deliveryOutput struct{ Body DeliveryView }

func (a *API) registerDeliveries() {
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "listOperatorCashReceipts", Method: http.MethodGet, Path: "/v1/operator/cash-receipts", Tags: operatorTag, Summary: "Cash receipts of all merchants",
	}, a.listOperatorReceipts)
	add(a, access{permission: merchant.OversightAct}, huma.Operation{
		OperationID: "retryCashReceipt", Method: http.MethodPost, Path: "/v1/operator/cash-receipts/{merchantId}/{id}/retry", Tags: operatorTag,
		Summary: "Send a cash receipt, or ask its office, now", Description: "409 NOTHING_DUE when nothing is to be done about it: a refused one is corrected by its merchant.",
	}, func(ctx context.Context, in *reasonInput) (*operatorReceiptOutput, error) {
		t := merchant.TenantOf(in.MerchantID)
		r, err := a.Oversight.RetryReceipt(ctx, t, in.ID, act(ctx, in.Body.Reason))
		if err != nil {
			return nil, err
		}
		name, err := a.Oversight.MerchantName(ctx, t)
		return &operatorReceiptOutput{operatorReceiptView(oversight.ReceiptRow{Receipt: r, MerchantName: name, NeedsSomebody: r.NeedsSomebody(a.now())})}, err
	})
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "listOperatorPaymentRequests", Method: http.MethodGet, Path: "/v1/operator/payment-requests", Tags: operatorTag, Summary: "Payment requests of all merchants",
	}, a.listOperatorRequests)
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "listMessages", Method: http.MethodGet, Path: "/v1/operator/messages", Tags: operatorTag, Summary: "Texts and mails of all merchants",
	}, a.listDeliveries)
	for _, o := range []struct {
		id, path, summary string
		do                func(context.Context, merchant.Tenant, string, oversight.Act) (message.Job, error)
	}{
		{"retryMessage", "retry", "Send a message again, or sooner", a.Oversight.RetryMessage},
		{"cancelMessage", "cancel", "Give up a message that has not left", a.Oversight.DropMessage},
	} {
		add(a, access{permission: merchant.OversightAct}, huma.Operation{
			OperationID: o.id, Method: http.MethodPost, Path: "/v1/operator/messages/{merchantId}/{id}/" + o.path, Tags: operatorTag,
			Summary: o.summary, Description: "409 MESSAGE_STATE where mayRetry or mayCancel is false.",
		}, func(ctx context.Context, in *reasonInput) (*deliveryOutput, error) {
			t := merchant.TenantOf(in.MerchantID)
			j, err := o.do(ctx, t, in.ID, act(ctx, in.Body.Reason))
			if err != nil {
				return nil, err
			}
			name, err := a.Oversight.MerchantName(ctx, t)
			return &deliveryOutput{a.deliveryView(oversight.MessageRow{Job: j, MerchantName: name})}, err
		})
	}
}

// calm marks the cursor of a page that had passed the receipts that need somebody.
const calm = "."

func (a *API) listOperatorReceipts(ctx context.Context, in *operatorReceiptsInput) (*operatorReceiptsOutput, error) {
	f := oversight.ReceiptFilter{MerchantID: in.MerchantID, Overdue: in.Overdue, Text: strings.TrimSpace(in.Q)}
	var err error
	if f.From, f.To, err = in.read(); err != nil {
		return nil, err
	}
	if f.Before, f.Calm, err = decodeCalm(in.Cursor); err != nil {
		return nil, err
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, taxreceipt.Status(s))
	}
	rows, more, err := a.Oversight.CashReceipts(ctx, f, in.Limit)
	if err != nil {
		return nil, err
	}
	return &operatorReceiptsOutput{OperatorReceiptList{
		CashReceipts: views(rows, operatorReceiptView),
		NextCursor: following(rows, more, func(r oversight.ReceiptRow) string {
			if r.NeedsSomebody {
				return r.ID
			}
			return r.ID + calm
		}),
	}}, nil
}

// decodeCalm reads a cursor of the cash receipts.
func decodeCalm(cursor string) (before string, isCalm bool, err error) {
	if b, err := base64.RawURLEncoding.DecodeString(cursor); err == nil {
		if plain, marked := strings.CutSuffix(string(b), calm); marked {
			cursor, isCalm = base64.RawURLEncoding.EncodeToString([]byte(plain)), true
		}
	}
	before, err = decodeCursor(id.Receipt, cursor)
	return before, isCalm, err
}

func operatorReceiptView(r oversight.ReceiptRow) OperatorReceipt {
	return OperatorReceipt{
		MerchantID: r.MerchantID, MerchantName: r.MerchantName, ID: r.ID, PaymentID: r.PaymentID, OrderID: r.OrderID, OrderName: r.OrderName,
		Type: string(r.Kind), MaskedIdentifier: r.Masked, Status: string(r.Status), Amount: r.Split.Amount, BalanceAmount: r.Balance.Amount,
		IssueNumber: r.Reference.Number, Office: r.Office, Code: r.Code, Message: r.Message, Sends: r.Sends, NeedsSomebody: r.NeedsSomebody,
		MayRetry: !r.DueAt.IsZero(), RequestedAt: instant(r.CreatedAt), IssuedAt: instant(r.IssuedAt), JudgedAt: instant(r.JudgedAt), NextAt: instant(r.DueAt),
	}
}

func (a *API) listOperatorRequests(ctx context.Context, in *operatorRequestsInput) (*operatorRequestsOutput, error) {
	f := oversight.RequestFilter{MerchantID: in.MerchantID, Kind: payrequest.Kind(in.Kind), PhoneLast4: in.PhoneLast4}
	var err error
	if f.From, f.To, err = in.read(); err != nil {
		return nil, err
	}
	if f.Before, err = decodeCursor(id.Request, in.Cursor); err != nil {
		return nil, err
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, payrequest.Status(s))
	}
	rows, more, err := a.Oversight.PaymentRequests(ctx, f, in.Limit)
	if err != nil {
		return nil, err
	}
	out := OperatorRequestList{PaymentRequests: make([]OperatorRequest, 0, len(rows)), NextCursor: following(rows, more, func(r oversight.RequestRow) string { return r.ID })}
	for _, r := range rows {
		v, err := a.Requests.Get(ctx, merchant.TenantOf(r.MerchantID), r.ID)
		if err != nil {
			return nil, err
		}
		out.PaymentRequests = append(out.PaymentRequests, operatorRequestView(r, v))
	}
	return &operatorRequestsOutput{out}, nil
}

// operatorRequestView leaves out link and code: they are the buyer's.
func operatorRequestView(r oversight.RequestRow, v payrequest.View) OperatorRequest {
	return OperatorRequest{
		MerchantID: r.MerchantID, MerchantName: r.MerchantName, ID: v.ID, Kind: string(v.Kind), Status: string(v.Status), PaymentID: v.PaymentID,
		OrderID: v.Payment.OrderID, OrderName: v.Payment.OrderName, Amount: v.Payment.Split.Amount, MaskedPhone: message.MaskedPhone(v.Payment.Buyer.Phone),
		Tries: v.Tries, MessageID: v.Message.ID, MessageStatus: string(v.Message.Status), FailureCode: v.Payment.Failure.Code,
		CreatedAt: instant(v.CreatedAt), OpenedAt: instant(v.OpenedAt), ExpiresAt: instant(v.ExpiresAt),
	}
}

func (a *API) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	f := oversight.MessageFilter{MerchantID: in.MerchantID, Gateway: in.Gateway, Purpose: message.Purpose(in.Purpose), PaymentID: in.PaymentID}
	if in.Medium != "" {
		mail := in.Medium == "MAIL"
		f.Mail = &mail
	}
	var err error
	if f.From, f.To, err = in.read(); err != nil {
		return nil, err
	}
	if f.Before, err = decodeCursor(id.Message, in.Cursor); err != nil {
		return nil, err
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, message.Status(s))
	}
	rows, more, err := a.Oversight.Deliveries(ctx, f, in.Limit)
	if err != nil {
		return nil, err
	}
	return &deliveriesOutput{DeliveryList{
		Messages: views(rows, a.deliveryView), NextCursor: following(rows, more, func(r oversight.MessageRow) string { return r.ID }),
	}}, nil
}

func (a *API) deliveryView(r oversight.MessageRow) DeliveryView {
	now := a.now()
	return DeliveryView{
		MerchantID: r.MerchantID, MerchantName: r.MerchantName, ID: r.ID, Purpose: string(r.Purpose), Kind: string(r.Kind), Mail: r.Mail,
		MaskedTo: maskedRecipient(r.Job), Sender: r.Sender, Gateway: r.Gateway, Status: string(r.Status), Code: r.Code, Reason: r.Reason, Tries: r.Tries,
		Reference: r.Reference, PaymentID: r.PaymentID, RequestID: r.RequestID, MayRetry: r.MayRetry(now), MayCancel: r.MayDrop(now),
		CreatedAt: instant(r.CreatedAt), AcceptedAt: instant(r.AcceptedAt), SettledAt: instant(r.SettledAt), NextAt: instant(r.DueAt),
	}
}
