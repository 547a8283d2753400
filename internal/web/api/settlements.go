package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/sales"
	"innopay/money"
)

// SettlementSum is how a payout is made up.
type SettlementSum struct {
	GrossAmount    money.Won `json:"grossAmount" doc:"Sold by card"`
	CanceledAmount money.Won `json:"canceledAmount"`
	Fee            money.Won `json:"fee" doc:"Of sales less that of cancels"`
	FeeVAT         money.Won `json:"feeVat"`
	NetAmount      money.Won `json:"netAmount" doc:"grossAmount less canceledAmount, fee and feeVat; negative where more was taken back than sold"`
}

// SettlementDay is what the sales of one day bring.
type SettlementDay struct {
	SettlementSum
	_   struct{} `additionalProperties:"true"`
	Day string   `json:"day" format:"date"`
}

// SettlementMethod is what one way of paying brings.
type SettlementMethod struct {
	SettlementSum
	_       struct{} `additionalProperties:"true"`
	Channel string   `json:"channel" enum:"CARD,SMS,ARS"`
}

// Settlement is what is expected to be paid out on one day.
type Settlement struct {
	SettlementSum
	_       struct{}           `additionalProperties:"true"`
	Day     string             `json:"day" format:"date" doc:"On which it is paid"`
	Sales   []SettlementDay    `json:"sales" nullable:"false" doc:"The sales days it covers, oldest first"`
	Methods []SettlementMethod `json:"methods" nullable:"false"`
}

// Holiday is a day on which banks are closed.
type Holiday struct {
	Day  string `json:"day" format:"date"`
	Name string `json:"name"`
}

// SettlementList are the payouts that are expected.
type SettlementList struct {
	_           struct{}      `additionalProperties:"true"`
	Settlements []Settlement  `json:"settlements" nullable:"false" doc:"By day of payout, oldest first; days without one are left out"`
	Total       SettlementSum `json:"total"`
	Uncovered   money.Won     `json:"uncoveredAmount,omitempty" doc:"Card sales less cancels of days without a contract: nobody knows when they are paid"`
	Holidays    []Holiday     `json:"holidays" nullable:"false" doc:"Of the range, but weekends"`
	Unsure      bool          `json:"unsure,omitempty" doc:"A payout lies in a year whose lunar holidays are not known yet"`
}

type settlementsInput struct {
	From string `query:"from" required:"true" format:"date" doc:"First day of payout"`
	To   string `query:"to" required:"true" format:"date" doc:"Last day of payout, included; at most 92 days"`
}

type settlementsOutput struct{ Body SettlementList }

func (a *API) registerSettlements() {
	add(a, access{permission: merchant.SalesAll}, huma.Operation{
		OperationID: "settlements", Method: http.MethodGet, Path: "/v1/settlements", Tags: []string{"Sales"}, Summary: "What is expected to be paid out",
		Description: "An expectation from the ledger and the contract, and no statement: card sales of a day less its cancels, less fees and their VAT, on the contract's n-th bank " +
			"day after it. Cash is in the drawer and left out. Fees are of a day's sums by card company and type of card, sales and cancels each by itself, " +
			"without the parts of a won; the acquirer rounds payment by payment and may differ by some won.",
	}, func(ctx context.Context, in *settlementsInput) (*settlementsOutput, error) {
		s, err := a.settlements(ctx, in)
		if err != nil {
			return nil, err
		}
		return &settlementsOutput{settlementsView(s, a.Sales.Calendar)}, nil
	})
}

func (a *API) settlements(ctx context.Context, in *settlementsInput) (sales.Settlements, error) {
	days, err := daysOf(in.From, in.To)
	if err != nil {
		return sales.Settlements{}, err
	}
	return a.Sales.Settlements(ctx, principal(ctx).Tenant, days)
}

func settlementsView(s sales.Settlements, c *sales.Calendar) SettlementList {
	v := SettlementList{Settlements: make([]Settlement, len(s.Payouts)), Total: shareView(s.Total), Uncovered: s.Uncovered, Holidays: []Holiday{}, Unsure: s.Unsure}
	for i, p := range s.Payouts {
		one := Settlement{SettlementSum: shareView(p.Share), Day: string(p.Day), Sales: make([]SettlementDay, len(p.Days)), Methods: make([]SettlementMethod, len(p.Channels))}
		for j, d := range p.Days {
			one.Sales[j] = SettlementDay{SettlementSum: shareView(d), Day: string(d.Day)}
		}
		for j, m := range p.Channels {
			one.Methods[j] = SettlementMethod{SettlementSum: shareView(m), Channel: string(m.Channel)}
		}
		v.Settlements[i] = one
	}
	for _, d := range s.Days.All() {
		if name := c.Holiday(d); name != "" {
			v.Holidays = append(v.Holidays, Holiday{string(d), name})
		}
	}
	return v
}

func shareView(s sales.Share) SettlementSum {
	return SettlementSum{GrossAmount: s.Gross, CanceledAmount: s.Cancels, Fee: s.Fee, FeeVAT: s.FeeVAT, NetAmount: s.Net()}
}
