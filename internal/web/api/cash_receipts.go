package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"innopay/cashreceipt"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/taxreceipt"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
	"innopay/money"
)

// CashRequest is a payment in cash. The receipt is issued from then on.
type CashRequest struct {
	Received int64               `json:"received" doc:"What the buyer handed over, in won; the change is the rest"`
	TakenAt  string              `json:"takenAt,omitempty" format:"date-time" doc:"When the money was taken, for a sale that waited on a device without a network: its approvedAt. Up to seven days ago; any other time is that of arrival"`
	Receipt  *CashReceiptRequest `json:"receipt,omitempty"`
}

// CashReceiptRequest is the receipt that a buyer asks for.
type CashReceiptRequest struct {
	Type       string `json:"type" enum:"INCOME_DEDUCTION,EXPENSE_PROOF,SELF_ISSUED,NONE"`
	Identifier string `json:"identifier,omitempty" maxLength:"30" doc:"INCOME_DEDUCTION: mobile number or cash receipt card; EXPENSE_PROOF: business number. Never a resident registration number"`
}

// wanted is the receipt as its feature takes it.
func (r *CashReceiptRequest) wanted() taxreceipt.Wanted {
	if r == nil || r.Type == "NONE" {
		return taxreceipt.Wanted{}
	}
	return taxreceipt.Wanted{Kind: cashreceipt.Kind(r.Type), Identifier: r.Identifier}
}

// IssueRequest asks for a cash receipt of a sale made elsewhere, or of a cash payment
// that has none.
type IssueRequest struct {
	Type          string `json:"type" enum:"INCOME_DEDUCTION,EXPENSE_PROOF,SELF_ISSUED"`
	Identifier    string `json:"identifier,omitempty" maxLength:"30"`
	OrderID       string `json:"orderId,omitempty"`
	OrderName     string `json:"orderName,omitempty"`
	Amount        int64  `json:"amount,omitempty" doc:"The whole sum in won"`
	TaxFreeAmount int64  `json:"taxFreeAmount,omitempty"`
	PaymentID     string `json:"paymentId,omitempty" maxLength:"64" doc:"A cash payment; its own order and amounts count"`
}

// CashReceiptCancel takes a cash receipt back, whole or in part.
type CashReceiptCancel struct {
	_           struct{}  `additionalProperties:"true"`
	ID          string    `json:"id"`
	Amount      money.Won `json:"amount"`
	ReasonCode  int       `json:"reasonCode" enum:"1,2,3" doc:"1 deal cancelled, 2 issued in error, 3 other"`
	Status      string    `json:"status" enum:"REQUESTED,UNKNOWN,ISSUED,REFUSED,DROPPED"`
	IssueNumber string    `json:"issueNumber,omitempty"`
	Failure     *Failure  `json:"failure,omitempty"`
	RequestedAt string    `json:"requestedAt" format:"date-time"`
	IssuedAt    string    `json:"issuedAt,omitempty" format:"date-time"`
}

// CashReceipt is one receipt (contract).
type CashReceipt struct {
	_                struct{}            `additionalProperties:"true"`
	ID               string              `json:"id" example:"rcp_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Status           string              `json:"status" enum:"REQUESTED,ISSUED,CONFIRMED,REJECTED,CANCELED,UNKNOWN" doc:"ISSUED: the office has it, the tax service has not judged; CONFIRMED: it has"`
	IssueNumber      string              `json:"issueNumber,omitempty" doc:"Nine characters, once issued"`
	MaskedIdentifier string              `json:"maskedIdentifier"`
	Type             string              `json:"type" enum:"INCOME_DEDUCTION,EXPENSE_PROOF,SELF_ISSUED"`
	OrderID          string              `json:"orderId"`
	OrderName        string              `json:"orderName"`
	Amount           money.Won           `json:"amount"`
	BalanceAmount    money.Won           `json:"balanceAmount"`
	SuppliedAmount   money.Won           `json:"suppliedAmount"`
	VAT              money.Won           `json:"vat"`
	TaxFreeAmount    money.Won           `json:"taxFreeAmount"`
	PaymentID        string              `json:"paymentId,omitempty"`
	Failure          *Failure            `json:"failure,omitempty" doc:"Why it was refused"`
	RequestedAt      string              `json:"requestedAt" format:"date-time"`
	IssuedAt         string              `json:"issuedAt,omitempty" format:"date-time"`
	JudgedAt         string              `json:"judgedAt,omitempty" format:"date-time" doc:"When the tax service confirmed or refused it"`
	Cancels          []CashReceiptCancel `json:"cancels" nullable:"false" doc:"Oldest first"`
	ReceiptURL       string              `json:"receiptUrl,omitempty" format:"uri" doc:"Its page for the buyer, once issued"`
}

// CashReceiptList is one page.
type CashReceiptList struct {
	_            struct{}      `additionalProperties:"true"`
	CashReceipts []CashReceipt `json:"cashReceipts" nullable:"false" doc:"Newest first"`
	NextCursor   string        `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// CancelReceiptRequest says why, and how much.
type CancelReceiptRequest struct {
	ReasonCode int    `json:"reasonCode" enum:"1,2,3"`
	Amount     *int64 `json:"amount,omitempty" doc:"All that is left when absent"`
}

type issueInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body IssueRequest
}

type receiptInput struct {
	ID string `path:"id" maxLength:"64"`
}

type receiptListInput struct {
	Text   string `query:"q" maxLength:"100" doc:"Part of the order name, or the whole issue number, order number or last four digits of the identifier"`
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type cancelReceiptInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" doc:"1 to 300 characters, one for each press of the button; without it a repeat is another cancel"`
	Body CancelReceiptRequest
}

type reissueInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body CashReceiptCorrection
}

// CashReceiptCorrection is who a refused receipt is really for.
type CashReceiptCorrection struct {
	Type       string `json:"type" enum:"INCOME_DEDUCTION,EXPENSE_PROOF,SELF_ISSUED"`
	Identifier string `json:"identifier,omitempty" maxLength:"30"`
}

type cashReceiptOutput struct{ Body CashReceipt }

type cashReceiptCreated struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true when this request was answered before"`
	Body     CashReceipt
}

type cashReceiptListOutput struct{ Body CashReceiptList }

func (a *API) registerCashReceipts() {
	tag := []string{"Cash receipts"}
	add(a, access{permission: merchant.ReceiptManage, money: true}, huma.Operation{
		OperationID: "issueCashReceipt", Method: http.MethodPost, Path: "/v1/cash-receipts", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Issue a cash receipt", Description: "Of a sale made elsewhere, or of a cash payment that has none. It is issued from now on; ask for it again.",
	}, a.issueCashReceipt)
	add(a, access{permission: merchant.ReceiptManage}, huma.Operation{
		OperationID: "listCashReceipts", Method: http.MethodGet, Path: "/v1/cash-receipts", Tags: tag, Summary: "Cash receipts, newest first",
	}, a.listCashReceipts)
	add(a, access{permission: merchant.ReceiptManage}, huma.Operation{
		OperationID: "cashReceipt", Method: http.MethodGet, Path: "/v1/cash-receipts/{id}", Tags: tag, Summary: "One cash receipt",
	}, func(ctx context.Context, in *receiptInput) (*cashReceiptOutput, error) {
		return a.shown(a.CashReceipts.Get(ctx, principal(ctx).Tenant, in.ID))
	})
	add(a, access{permission: merchant.ReceiptManage, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "cancelCashReceipt", Method: http.MethodPost, Path: "/v1/cash-receipts/{id}/cancel", Tags: tag,
		Summary: "Take a cash receipt back, whole or in part", Description: "A person's cancels of one receipt come to no more than their cancelLimit, else 403 CANCEL_LIMIT.",
	}, func(ctx context.Context, in *cancelReceiptInput) (*cashReceiptOutput, error) {
		most, err := principal(ctx).MayCancel()
		if err != nil {
			return nil, err
		}
		if in.Key != "" && !payment.ValidKey(in.Key) {
			return nil, problem.ErrKey
		}
		v := visit.From(ctx)
		q := taxreceipt.Taking{
			Tenant: v.Principal.Tenant, Actor: v.Principal.UserID, ReceiptID: in.ID, Reason: cashreceipt.Reason(in.Body.ReasonCode), Key: in.Key, TraceID: v.TraceID,
			Most: most,
		}
		if in.Body.Amount != nil {
			w := money.Won(*in.Body.Amount)
			q.Amount = &w
		}
		return a.shown(a.CashReceipts.Cancel(ctx, q))
	})
	add(a, access{permission: merchant.ReceiptManage, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "reissueCashReceipt", Method: http.MethodPost, Path: "/v1/cash-receipts/{id}/reissue", Tags: tag,
		Summary: "Correct a cash receipt that was refused, and issue it again",
	}, func(ctx context.Context, in *reissueInput) (*cashReceiptOutput, error) {
		p := principal(ctx)
		return a.shown(a.CashReceipts.Reissue(ctx, p.Tenant, in.ID, taxreceipt.Wanted{Kind: cashreceipt.Kind(in.Body.Type), Identifier: in.Body.Identifier}, p.UserID))
	})
}

func (a *API) hasCashReceipt(ctx context.Context, t merchant.Tenant, id string) error {
	r, err := a.CashReceipts.Get(ctx, t, id)
	r.Identifier.Wipe()
	return err
}

func (a *API) issueCashReceipt(ctx context.Context, in *issueInput) (*cashReceiptCreated, error) {
	b, v := in.Body, visit.From(ctx)
	r, replayed, err := a.CashReceipts.Issue(ctx, taxreceipt.Request{
		Tenant: v.Principal.Tenant, Actor: v.Principal.UserID, Key: in.Key, TraceID: v.TraceID, Kind: cashreceipt.Kind(b.Type),
		Identifier: b.Identifier, OrderID: b.OrderID, OrderName: b.OrderName, Amount: money.Won(b.Amount), TaxFree: money.Won(b.TaxFreeAmount), PaymentID: b.PaymentID,
	})
	if err != nil {
		return nil, err
	}
	out := &cashReceiptCreated{Body: a.cashReceiptView(r)}
	if replayed {
		out.Replayed = "true"
	}
	return out, nil
}

func (a *API) listCashReceipts(ctx context.Context, in *receiptListInput) (*cashReceiptListOutput, error) {
	before, err := decodeCursor(id.Receipt, in.Cursor)
	if err != nil {
		return nil, err
	}
	page, more, err := a.CashReceipts.List(ctx, principal(ctx).Tenant, taxreceipt.Query{Text: strings.TrimSpace(in.Text), Before: before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := CashReceiptList{CashReceipts: make([]CashReceipt, 0, len(page))}
	for _, r := range page {
		out.CashReceipts = append(out.CashReceipts, a.cashReceiptView(r))
	}
	if more && len(page) > 0 {
		out.NextCursor = encodeCursor(page[len(page)-1].ID)
	}
	return &cashReceiptListOutput{out}, nil
}

func (a *API) shown(r taxreceipt.Receipt, err error) (*cashReceiptOutput, error) {
	if err != nil {
		return nil, err
	}
	return &cashReceiptOutput{a.cashReceiptView(r)}, nil
}

func (a *API) cashReceiptView(r taxreceipt.Receipt) CashReceipt {
	r.Identifier.Wipe()
	v := CashReceipt{
		ID: r.ID, Status: string(r.Status), IssueNumber: r.Reference.Number, MaskedIdentifier: r.Masked, Type: string(r.Kind),
		OrderID: r.OrderID, OrderName: r.OrderName, Amount: r.Split.Amount, BalanceAmount: r.Balance.Amount, SuppliedAmount: r.Split.Supplied,
		VAT: r.Split.VAT, TaxFreeAmount: r.Split.TaxFree, PaymentID: r.PaymentID, RequestedAt: instant(r.CreatedAt), IssuedAt: instant(r.IssuedAt),
		JudgedAt: instant(r.JudgedAt), Cancels: make([]CashReceiptCancel, 0, len(r.Cancels)),
	}
	if r.Status == taxreceipt.Rejected {
		v.Failure = failure(payment.Failure{Code: r.Code, Message: r.Message})
	}
	if r.Given() {
		v.ReceiptURL = a.Presenter.Links.Address(receipt.OfCashReceipt(r))
	}
	for _, c := range r.Cancels {
		one := CashReceiptCancel{
			ID: c.ID, Amount: c.Split.Amount, ReasonCode: int(c.Reason), Status: string(c.Status), IssueNumber: c.Reference.Number,
			RequestedAt: instant(c.CreatedAt), IssuedAt: instant(c.IssuedAt),
		}
		if c.Status == taxreceipt.CancelRefused {
			one.Failure = failure(payment.Failure{Code: c.Code, Message: c.Message})
		}
		v.Cancels = append(v.Cancels, one)
	}
	return v
}

// payInCash records a cash sale.
func (a *API) payInCash(ctx context.Context, in *createInput) (*paymentOutput, error) {
	b := in.Body
	switch {
	case b.Card != nil:
		return nil, problem.InvalidField("/card", problem.Unexpected)
	case b.Cash == nil:
		return nil, problem.InvalidField("/cash", problem.Required)
	case b.Signature != nil:
		return nil, problem.InvalidField("/signature", problem.Unexpected)
	}
	c, err := a.create(ctx, b.Sale, in.Key)
	if err != nil {
		return nil, err
	}
	c.Cash = &payment.CashSale{Received: money.Won(b.Cash.Received)}
	if c.Cash.TakenAt, err = moment("/cash/takenAt", b.Cash.TakenAt); err != nil {
		return nil, err
	}
	return result(a.CashReceipts.Sell(ctx, c, b.Cash.Receipt.wanted()))
}

// withReceipts adds the cash receipts of cash payments to what is shown of them.
func (a *API) withReceipts(ctx context.Context, t merchant.Tenant, ps []payment.Payment) error {
	for i, p := range ps {
		if p.Method != payment.ByCash {
			continue
		}
		ref, err := a.CashReceipts.RefOf(ctx, t, p.ID)
		if err != nil {
			return err
		}
		ps[i].CashReceipt = ref
	}
	return nil
}
