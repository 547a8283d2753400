package api

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
	"innopay/money"
)

// HistoryFilter are the conditions of the history. Values that are not sent do not
// filter. It is exported because parameters are found in exported parts only.
type HistoryFilter struct {
	From              string   `query:"from" format:"date" doc:"First business day, by requestedAt"`
	To                string   `query:"to" format:"date" doc:"Last business day, included"`
	Channel           []string `query:"channel,explode" enum:"CARD,SMS,ARS,CASH"`
	Status            []string `query:"status,explode" enum:"READY,IN_PROGRESS,UNKNOWN,DONE,PARTIAL_CANCELED,CANCELED,ABORTED,EXPIRED"`
	MinAmount         int64    `query:"minAmount" minimum:"1" maximum:"9999999999"`
	MaxAmount         int64    `query:"maxAmount" minimum:"1" maximum:"9999999999"`
	Q                 string   `query:"q" maxLength:"100" doc:"Part of order name, order id or approval number, or the last four digits of card or phone"`
	ApprovalNumber    string   `query:"approvalNumber" maxLength:"20"`
	CardLast4         string   `query:"cardLast4" pattern:"^[0-9]{4}$"`
	IssuerCode        string   `query:"issuerCode" maxLength:"2"`
	InstallmentMonths string   `query:"installmentMonths" pattern:"^(0|[2-9]|1[0-2])$"`
	BuyerName         string   `query:"buyerName" maxLength:"100"`
	BuyerPhoneLast4   string   `query:"buyerPhoneLast4" pattern:"^[0-9]{4}$"`
	StaffID           string   `query:"staffId" maxLength:"64" doc:"User or key that took the payment"`
	OrderID           string   `query:"orderId" maxLength:"64" doc:"Part of the order id"`
	OrderName         string   `query:"orderName" maxLength:"100" doc:"Part of the order name"`
	Unsettled         bool     `query:"unsettled" doc:"Only what is being settled: the outcome of the payment or of one of its cancels is not known"`
}

type listInput struct {
	HistoryFilter
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// PaymentList is one page of the history.
type PaymentList struct {
	_          struct{}  `additionalProperties:"true"`
	Payments   []Payment `json:"payments" nullable:"false" doc:"Newest first"`
	NextCursor string    `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

type listOutput struct{ Body PaymentList }

// Summary are totals over payments that were ever approved.
type Summary struct {
	_              struct{}  `additionalProperties:"true"`
	Count          int64     `json:"count"`
	Amount         money.Won `json:"amount"`
	CanceledCount  int64     `json:"canceledCount"`
	CanceledAmount money.Won `json:"canceledAmount"`
	NetAmount      money.Won `json:"netAmount"`
}

type summaryOutput struct{ Body Summary }

func (a *API) listPayments(ctx context.Context, in *listInput) (*listOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	if f.Before, err = decodeCursor(id.Payment, in.Cursor); err != nil {
		return nil, err
	}
	page, more, err := a.Payments.List(ctx, principal(ctx).Tenant, f, in.Limit)
	if err != nil {
		return nil, err
	}
	if err := a.withReceipts(ctx, principal(ctx).Tenant, page); err != nil {
		return nil, err
	}
	out := PaymentList{Payments: make([]Payment, 0, len(page))}
	for _, p := range page {
		out.Payments = append(out.Payments, a.Presenter.View(p))
	}
	if more && len(page) > 0 {
		out.NextCursor = encodeCursor(page[len(page)-1].ID)
	}
	return &listOutput{out}, nil
}

func (a *API) summarizePayments(ctx context.Context, in *HistoryFilter) (*summaryOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	s, err := a.Payments.Summarize(ctx, principal(ctx).Tenant, f)
	if err != nil {
		return nil, err
	}
	return &summaryOutput{Summary{
		Count: s.Count, Amount: s.Amount, CanceledCount: s.CanceledCount, CanceledAmount: s.CanceledAmount, NetAmount: s.Net(),
	}}, nil
}

func (in HistoryFilter) filter() (payment.Filter, error) {
	f := payment.Filter{
		MinAmount: money.Won(in.MinAmount), MaxAmount: money.Won(in.MaxAmount), Text: strings.TrimSpace(in.Q),
		ApprovalNumber: in.ApprovalNumber, CardLast4: in.CardLast4, IssuerCode: in.IssuerCode,
		BuyerName: strings.TrimSpace(in.BuyerName), BuyerPhoneLast4: in.BuyerPhoneLast4, StaffID: in.StaffID,
		OrderID: strings.TrimSpace(in.OrderID), OrderName: strings.TrimSpace(in.OrderName), Unsettled: in.Unsettled,
	}
	var err1, err2 error
	f.From, err1 = day("/from", in.From)
	f.To, err2 = day("/to", in.To)
	if err := errors.Join(err1, err2); err != nil {
		return f, err
	}
	if f.From != "" && f.To != "" && f.From > f.To {
		return f, problem.InvalidField("/from", "DATES_REVERSED")
	}
	if in.InstallmentMonths != "" {
		months, err := strconv.Atoi(in.InstallmentMonths)
		if err != nil {
			return f, problem.InvalidField("/installmentMonths", problem.WrongFormat)
		}
		f.InstallmentMonths = &months
	}
	for _, c := range in.Channel {
		f.Channels = append(f.Channels, payment.Channel(c))
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, payment.Status(s))
	}
	return f, nil
}

// firstYear and lastYear bound days, so that their instants fit what is stored.
const firstYear, lastYear = "2000", "2100"

func day(path, s string) (clock.Day, error) {
	if s == "" {
		return "", nil
	}
	d, err := clock.ParseDay(s)
	if err != nil || string(d) < firstYear || string(d) >= lastYear {
		return "", problem.InvalidField(path, "INVALID_DATE")
	}
	return d, nil
}

// A cursor names the last row of the page before. It is opaque to callers, so that
// what it holds may change; the number in front says which form it has.
const cursorForm = "1"

func encodeCursor(lastID string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorForm + lastID))
}

// decodeCursor is the id in a cursor, empty for an empty one.
func decodeCursor(p id.Prefix, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	invalid := problem.InvalidField("/cursor", "INVALID_CURSOR")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", invalid
	}
	lastID, ok := strings.CutPrefix(string(b), cursorForm)
	if !ok || !id.Valid(p, lastID) {
		return "", invalid
	}
	return lastID, nil
}
