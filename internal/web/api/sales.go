package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/sales"
	"innopay/internal/web/problem"
	"innopay/money"
)

// SalesSum is what was sold and taken back. The parts are of the net amount, which is
// negative where more was taken back than sold.
type SalesSum struct {
	Count          int64     `json:"count" doc:"Sales"`
	Amount         money.Won `json:"amount" doc:"Sold"`
	CanceledCount  int64     `json:"canceledCount" doc:"Cancels, each by its own day"`
	CanceledAmount money.Won `json:"canceledAmount"`
	NetAmount      money.Won `json:"netAmount" doc:"amount less canceledAmount; equals the ledger to the won"`
	SuppliedAmount money.Won `json:"suppliedAmount"`
	VAT            money.Won `json:"vat"`
	TaxFreeAmount  money.Won `json:"taxFreeAmount"`
	ServiceFee     money.Won `json:"serviceFee"`
}

// SalesLine is one value of what a report groups by.
type SalesLine struct {
	SalesSum
	_        struct{} `additionalProperties:"true"`
	Value    string   `json:"value" doc:"A day (of a week its Monday, of a month its first), CARD, SMS, ARS or CASH, an hour 00..23, a product's id or name, a user's id, or an issuer's code. #AMOUNT: sold without items, #SERVICE_FEE, #PART_CANCEL: cancels of a part, which name no items, #REST: what more than 200 lines come to"`
	Label    string   `json:"label,omitempty" doc:"What the value is called: of products, staff and issuers"`
	Quantity int64    `json:"quantity,omitempty" doc:"Of products: pieces sold less those taken back"`
}

// SalesPeriod is the range before and what it came to.
type SalesPeriod struct {
	From  string   `json:"from" format:"date"`
	To    string   `json:"to" format:"date"`
	Total SalesSum `json:"total"`
}

// SalesReport is what was sold in a range of days.
type SalesReport struct {
	_        struct{}     `additionalProperties:"true"`
	From     string       `json:"from" format:"date"`
	To       string       `json:"to" format:"date"`
	By       string       `json:"by" enum:"DAY,WEEK,MONTH,METHOD,HOUR,PRODUCT,STAFF,ISSUER"`
	Scope    string       `json:"scope" enum:"ALL,OWN" doc:"OWN: of the caller alone, who may see no more"`
	Total    SalesSum     `json:"total"`
	Previous *SalesPeriod `json:"previous,omitempty" doc:"Of one day the day before; of a week from its Monday the same days a week earlier; of a month from its first the same days of the month before; else as many days right before. Absent with OWN"`
	Lines    []SalesLine  `json:"lines" nullable:"false" doc:"DAY, WEEK and MONTH: each of the range, oldest first. HOUR: those with sales. Others: what brought most first. ISSUER leaves cash out; PRODUCT knows no parts of the amount"`
	AsOf     string       `json:"asOf" format:"date-time"`
}

type salesInput struct {
	From string `query:"from" required:"true" format:"date" doc:"First business day"`
	To   string `query:"to" required:"true" format:"date" doc:"Last business day, included; at most 366 days"`
	By   string `query:"by" enum:"DAY,WEEK,MONTH,METHOD,HOUR,PRODUCT,STAFF,ISSUER" default:"DAY"`
}

type salesOutput struct{ Body SalesReport }

func (a *API) registerSales() {
	add(a, access{permission: merchant.SalesRead}, huma.Operation{
		OperationID: "sales", Method: http.MethodGet, Path: "/v1/sales", Tags: []string{"Sales"}, Summary: "What was sold",
		Description: "By the business day on which the money was booked: a link that was sent yesterday and paid today is a sale of today. Cancels count by their own day. " +
			"Staff without the right viewSales see what they sold today; anything else is 403 SALES_TODAY_ONLY.",
	}, func(ctx context.Context, in *salesInput) (*salesOutput, error) {
		r, scope, err := a.report(ctx, in.From, in.To, in.By)
		if err != nil {
			return nil, err
		}
		names, err := a.staffNames(ctx, principal(ctx).Tenant)
		if err != nil {
			return nil, err
		}
		return &salesOutput{salesView(r, scope, names)}, nil
	})
}

// report is what the caller may see of a range.
func (a *API) report(ctx context.Context, from, to, by string) (sales.Report, string, error) {
	days, err := daysOf(from, to)
	if err != nil {
		return sales.Report{}, "", err
	}
	p := principal(ctx)
	q, scope := sales.Query{Days: days, By: sales.Grouping(by)}, "ALL"
	if !p.Allowed(merchant.SalesAll) {
		q.StaffID, scope = p.UserID, "OWN"
	}
	r, err := a.Sales.Report(ctx, p.Tenant, q)
	return r, scope, err
}

// daysOf reads a range of days.
func daysOf(from, to string) (d sales.Days, err error) {
	if d.From, err = someDay("/from", from); err != nil {
		return d, err
	}
	d.To, err = someDay("/to", to)
	return d, err
}

// someDay reads a day that must be named.
func someDay(path, s string) (clock.Day, error) {
	if s == "" {
		return "", problem.InvalidField(path, problem.Required)
	}
	return day(path, s)
}

func salesView(r sales.Report, scope string, names map[string]string) SalesReport {
	v := SalesReport{
		From: string(r.Days.From), To: string(r.Days.To), By: string(r.By), Scope: scope, Total: sumView(r.Total),
		Lines: make([]SalesLine, 0, len(r.Lines)), AsOf: instant(r.AsOf),
	}
	if scope == "ALL" {
		v.Previous = &SalesPeriod{From: string(r.Previous.From), To: string(r.Previous.To), Total: sumView(r.Before)}
	}
	for _, l := range r.Lines {
		one := SalesLine{SalesSum: sumView(l.Sum), Value: l.Value, Label: l.Label, Quantity: l.Quantity}
		if l.Dimension == sales.ByStaff {
			one.Label = names[l.Value]
		}
		v.Lines = append(v.Lines, one)
	}
	return v
}

func sumView(s sales.Sum) SalesSum {
	net := s.Net()
	return SalesSum{
		Count: s.Count, Amount: s.Sold.Amount, CanceledCount: s.CanceledCount, CanceledAmount: s.Canceled.Amount, NetAmount: net.Amount,
		SuppliedAmount: net.Supplied, VAT: net.VAT, TaxFreeAmount: net.TaxFree, ServiceFee: net.ServiceFee,
	}
}
