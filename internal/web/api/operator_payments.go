package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/money"
)

// OperatorPayment is one line of the payments over all merchants.
type OperatorPayment struct {
	_              struct{}  `additionalProperties:"true"`
	MerchantID     string    `json:"merchantId"`
	MerchantName   string    `json:"merchantName"`
	ID             string    `json:"id"`
	OrderID        string    `json:"orderId"`
	OrderName      string    `json:"orderName"`
	Method         string    `json:"method" enum:"CARD,CASH"`
	Channel        string    `json:"channel" enum:"CARD,SMS,ARS,CASH"`
	Status         string    `json:"status" enum:"READY,IN_PROGRESS,UNKNOWN,DONE,PARTIAL_CANCELED,CANCELED,ABORTED,EXPIRED"`
	Amount         money.Won `json:"amount"`
	BalanceAmount  money.Won `json:"balanceAmount"`
	MaskedCard     string    `json:"maskedCard,omitempty"`
	IssuerName     string    `json:"issuerName,omitempty"`
	ApprovalNumber string    `json:"approvalNumber,omitempty"`
	FailureCode    string    `json:"failureCode,omitempty"`
	TerminalID     string    `json:"terminalId,omitempty"`
	RequestedAt    string    `json:"requestedAt" format:"date-time"`
	ApprovedAt     string    `json:"approvedAt,omitempty" format:"date-time"`
}

// OperatorPaymentList is one page.
type OperatorPaymentList struct {
	_          struct{}          `additionalProperties:"true"`
	Payments   []OperatorPayment `json:"payments" nullable:"false" doc:"Newest first"`
	NextCursor string            `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// AttemptView is one message (전문) to an acquirer, with what is kept of it. No part of a
// card is in it.
type AttemptView struct {
	_              struct{}  `additionalProperties:"true"`
	ID             string    `json:"id"`
	CancelID       string    `json:"cancelId,omitempty"`
	OriginalID     string    `json:"originalId,omitempty" doc:"Attempt that a reversal, cancel or inquiry speaks of"`
	Kind           string    `json:"kind" enum:"AUTHORIZE,REVERSE,VOID,REFUND,INQUIRE"`
	Status         string    `json:"status" enum:"SENDING,APPROVED,DECLINED,UNKNOWN,NOT_SENT,REVERSED,ABSENT"`
	Terminal       string    `json:"terminalId"`
	STAN           int       `json:"stan" doc:"ISO 8583 DE11"`
	TransmittedAt  string    `json:"transmittedAt" format:"date-time" doc:"ISO 8583 DE7; a repeat keeps it"`
	Amount         money.Won `json:"amount"`
	ResponseCode   string    `json:"responseCode,omitempty" doc:"ISO 8583 DE39"`
	Message        string    `json:"message,omitempty" doc:"The acquirer's words; of an inquiry what it found"`
	ApprovalNumber string    `json:"approvalNumber,omitempty" doc:"ISO 8583 DE38"`
	RRN            string    `json:"rrn,omitempty" doc:"ISO 8583 DE37"`
	Sends          int       `json:"sends" doc:"How often it left"`
	LateAnswer     string    `json:"lateAnswer,omitempty" doc:"Evidence that changed nothing"`
	SettledAt      string    `json:"settledAt,omitempty" format:"date-time"`
}

// LedgerEntry is one line of the books.
type LedgerEntry struct {
	_       struct{}  `additionalProperties:"true"`
	EntryID string    `json:"entryId"`
	Account string    `json:"account"`
	Event   string    `json:"event"`
	Day     string    `json:"day" format:"date"`
	Amount  money.Won `json:"amount" doc:"Signed; the lines of an entry sum to 0"`
	At      string    `json:"at" format:"date-time"`
}

// OperatorPaymentDetail is everything that is known of a payment.
type OperatorPaymentDetail struct {
	_            struct{}         `additionalProperties:"true"`
	MerchantName string           `json:"merchantName"`
	Payment      Payment          `json:"payment" doc:"The buyer is masked"`
	TerminalID   string           `json:"terminalId,omitempty"`
	Attempts     []AttemptView    `json:"attempts" nullable:"false" doc:"Messages to the acquirer, oldest first, reversals and inquiries among them"`
	Unsettled    []OpenOutcome    `json:"unsettled" nullable:"false" doc:"Empty when nothing is open"`
	Ledger       []LedgerEntry    `json:"ledger" nullable:"false"`
	Messages     []DeliveryView   `json:"messages" nullable:"false" doc:"Oldest first"`
	CashReceipt  *OperatorReceipt `json:"cashReceipt,omitempty"`
	Timeline     Timeline         `json:"timeline"`
	Audit        []AuditRecord    `json:"audit" nullable:"false" doc:"Oldest first, at most 200"`
}

// InquiryView is what the acquirer said now.
type InquiryView struct {
	_              struct{} `additionalProperties:"true"`
	SubjectID      string   `json:"subjectId" doc:"Attempt that was asked about"`
	At             string   `json:"at" format:"date-time"`
	Result         string   `json:"result" enum:"UNKNOWN,ABSENT,APPROVED,DECLINED,REVERSED" doc:"ABSENT proves nothing unless it is said again, long enough after"`
	ResponseCode   string   `json:"responseCode,omitempty"`
	ApprovalNumber string   `json:"approvalNumber,omitempty"`
	RRN            string   `json:"rrn,omitempty"`
	Captured       bool     `json:"captured"`
	Settled        bool     `json:"settled" doc:"The answer ended an unknown payment"`
	Status         string   `json:"status" doc:"Of the payment, now"`
}

type operatorPaymentsInput struct {
	Days
	MerchantID string   `query:"merchantId" maxLength:"64"`
	Channel    []string `query:"channel,explode" enum:"CARD,SMS,ARS,CASH"`
	Status     []string `query:"status,explode" enum:"READY,IN_PROGRESS,UNKNOWN,DONE,PARTIAL_CANCELED,CANCELED,ABORTED,EXPIRED"`
	MinAmount  int64    `query:"minAmount" minimum:"1" maximum:"9999999999"`
	MaxAmount  int64    `query:"maxAmount" minimum:"1" maximum:"9999999999"`
	Q          string   `query:"q" maxLength:"100" doc:"Any reference, whole: id of a payment, attempt, cancel, request, cash receipt or message, order id, approval number, RRN, terminal/STAN, trace id, or the last four digits of the card. RRN and STAN are looked for in the days from..to, 31 days when none is named"`
	Cursor     string   `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit      int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type operatorPaymentsOutput struct{ Body OperatorPaymentList }

type operatorPaymentOutput struct{ Body OperatorPaymentDetail }

type inquiryOutput struct{ Body InquiryView }

func (a *API) registerOperatorPayments() {
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "listOperatorPayments", Method: http.MethodGet, Path: "/v1/operator/payments", Tags: operatorTag,
		Summary: "Payments of all merchants, newest first", Description: "409 NARROW_SEARCH where a search would read too long.",
	}, a.listOperatorPayments)
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "operatorPayment", Method: http.MethodGet, Path: "/v1/operator/payments/{merchantId}/{id}", Tags: operatorTag,
		Summary: "One payment with everything that is known of it",
	}, func(ctx context.Context, in *operatorPath) (*operatorPaymentOutput, error) {
		d, err := a.Oversight.Payment(ctx, merchant.TenantOf(in.MerchantID), in.ID)
		if err != nil {
			return nil, err
		}
		return &operatorPaymentOutput{a.dossierView(d)}, nil
	})
	add(a, access{permission: merchant.OversightAct}, huma.Operation{
		OperationID: "inquirePayment", Method: http.MethodPost, Path: "/v1/operator/payments/{merchantId}/{id}/inquire", Tags: operatorTag,
		Summary: "Ask the acquirer about a payment now", Description: "Nothing is changed but an unknown payment that the answer proves to have moved no money.",
	}, func(ctx context.Context, in *reasonInput) (*inquiryOutput, error) {
		return a.inquire(ctx, in)
	})
}

func (a *API) inquire(ctx context.Context, in *reasonInput) (*inquiryOutput, error) {
	t := merchant.TenantOf(in.MerchantID)
	q, err := a.Oversight.Inquire(ctx, t, in.ID, act(ctx, in.Body.Reason))
	if err != nil {
		return nil, err
	}
	p, err := a.Payments.Get(ctx, t, in.ID)
	if err != nil {
		return nil, err
	}
	return &inquiryOutput{InquiryView{
		SubjectID: q.SubjectID, At: instant(q.At), Result: q.Result, ResponseCode: q.Code, ApprovalNumber: q.ApprovalNumber, RRN: q.RRN,
		Captured: q.Captured, Settled: q.Settled, Status: string(p.Status),
	}}, nil
}

func (a *API) listOperatorPayments(ctx context.Context, in *operatorPaymentsInput) (*operatorPaymentsOutput, error) {
	f := oversight.Filter{MerchantID: in.MerchantID, MinAmount: money.Won(in.MinAmount), MaxAmount: money.Won(in.MaxAmount)}
	var err error
	if f.From, f.To, err = in.read(); err != nil {
		return nil, err
	}
	if f.Before, err = decodeCursor(id.Payment, in.Cursor); err != nil {
		return nil, err
	}
	for _, c := range in.Channel {
		f.Channels = append(f.Channels, payment.Channel(c))
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, payment.Status(s))
	}
	rows, more, err := a.Oversight.ListPayments(ctx, f, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	return &operatorPaymentsOutput{OperatorPaymentList{
		Payments: views(rows, operatorPaymentView), NextCursor: following(rows, more, func(r oversight.PaymentRow) string { return r.ID }),
	}}, nil
}

func operatorPaymentView(r oversight.PaymentRow) OperatorPayment {
	return OperatorPayment{
		MerchantID: r.MerchantID, MerchantName: r.MerchantName, ID: r.ID, OrderID: r.OrderID, OrderName: r.OrderName, Method: string(r.Method),
		Channel: string(r.Channel), Status: string(r.Status), Amount: r.Split.Amount, BalanceAmount: r.Balance.Amount, MaskedCard: r.Card.Masked(),
		IssuerName: r.Card.IssuerName, ApprovalNumber: r.Card.ApprovalNumber, FailureCode: r.Failure.Code, TerminalID: r.TerminalID,
		RequestedAt: instant(r.RequestedAt), ApprovedAt: instant(r.ApprovedAt),
	}
}

func (a *API) dossierView(d oversight.Dossier) OperatorPaymentDetail {
	v := OperatorPaymentDetail{
		MerchantName: d.MerchantName, Payment: a.Presenter.View(d.Payment), TerminalID: d.Payment.TerminalID,
		Attempts: views(d.Attempts, attemptView), Ledger: views(d.Postings, ledgerView), Timeline: timelineView(d.Timeline), Audit: views(d.Audit, auditView),
		Messages: views(d.Messages, func(j message.Job) DeliveryView {
			return a.deliveryView(oversight.MessageRow{Job: j, MerchantName: d.MerchantName})
		}),
		Unsettled: views(d.Open, func(o payment.Open) OpenOutcome { return a.openView(o, d.Attempts) }),
	}
	v.Payment.Buyer = maskedBuyer(d.Payment.Buyer)
	v.Payment.ReceiptURL = "" // who has the link has the receipt
	if d.Receipt != nil {
		r := operatorReceiptView(oversight.ReceiptRow{Receipt: *d.Receipt, MerchantName: d.MerchantName, NeedsSomebody: d.Receipt.NeedsSomebody(a.now())})
		v.CashReceipt = &r
	}
	return v
}

func attemptView(t payment.Attempt) AttemptView {
	return AttemptView{
		ID: t.ID, CancelID: t.CancelID, OriginalID: t.OriginalID, Kind: string(t.Kind), Status: string(t.Status), Terminal: t.TerminalID, STAN: t.STAN,
		TransmittedAt: instant(t.TransmittedAt), Amount: t.Amount, ResponseCode: t.Code, Message: t.Message, ApprovalNumber: t.ApprovalNumber,
		RRN: t.RRN, Sends: t.Sends, LateAnswer: t.Late, SettledAt: instant(t.SettledAt),
	}
}

func ledgerView(p ledger.Posting) LedgerEntry {
	return LedgerEntry{EntryID: p.EntryID, Account: string(p.Account), Event: string(p.Event), Day: string(p.Day), Amount: p.Amount, At: instant(p.At)}
}

// maskedRecipient shows the ends of a number, or the host of an address.
func maskedRecipient(j message.Job) string {
	if j.Mail {
		return message.MaskedEmail(j.To)
	}
	return message.MaskedPhone(j.To)
}
