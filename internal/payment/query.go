package payment

import (
	"context"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/money"
)

// Filter are the conditions of the history (contract; manual chapter 7, A8). Zero
// values do not filter. Days are by requestedAt, both included.
type Filter struct {
	Before            string // id of the last row of the page before; rows older than it
	From, To          clock.Day
	Channels          []Channel
	Statuses          []Status
	MinAmount         money.Won
	MaxAmount         money.Won
	Text              string // order name, order id or approval number contains it, or the last four digits of card or phone are it
	ApprovalNumber    string
	CardLast4         string
	IssuerCode        string
	InstallmentMonths *int
	BuyerNameIndex    string // blind index of the name, made by the caller of the store
	BuyerName         string
	BuyerPhoneLast4   string
	StaffID           string
	OrderID           string // the order id contains it
	OrderName         string // the order name contains it
	// Unsettled keeps what is being settled: the payment itself or one of its cancels
	// has an outcome that is not known. One whose answer is still awaited is not.
	Unsettled bool
}

// Summary are the totals of a filter over payments that were ever approved;
// cancels count by their own day (contract).
type Summary struct {
	Count          int64
	Amount         money.Won
	CanceledCount  int64
	CanceledAmount money.Won
}

// Net is what remains of the sales.
func (s Summary) Net() money.Won { return s.Amount - s.CanceledAmount }

// List is one page of the history and whether more follow.
func (s *Service) List(ctx context.Context, t merchant.Tenant, f Filter, limit int) (page []Payment, more bool, err error) {
	page, err = s.Store.List(ctx, t, f, limit+1)
	if err != nil {
		return nil, false, storeFault(err)
	}
	if len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

// Summarize sums what List gives over all pages.
func (s *Service) Summarize(ctx context.Context, t merchant.Tenant, f Filter) (Summary, error) {
	sum, err := s.Store.Summary(ctx, t, f)
	if err != nil {
		return Summary{}, storeFault(err)
	}
	return sum, nil
}
