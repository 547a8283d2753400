package sales

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/receipt"
	"innopay/money"
)

// Name is what a closing goes by where one name is needed: its day and version.
func (c Closing) Name() string { return string(c.Day) + "/" + strconv.FormatInt(c.Version, 10) }

// named finds a closing by its name.
func (s *Service) named(ctx context.Context, t merchant.Tenant, name string) (Closing, error) {
	day, version, _ := strings.Cut(name, "/")
	cs, err := s.Store.ClosingsOf(ctx, t, clock.Day(day))
	if err != nil {
		return Closing{}, told(err)
	}
	for _, c := range cs {
		if strconv.FormatInt(c.Version, 10) == version {
			return c, nil
		}
	}
	return Closing{}, ErrNotClosed
}

// Slip is a closing in words, as it is printed and shared. It returns ErrNotClosed.
func (s *Service) Slip(ctx context.Context, m merchant.Merchant, name string, l receipt.Language) (receipt.Slip, error) {
	t := merchant.TenantOf(m.ID)
	c, err := s.named(ctx, t, name)
	if err != nil {
		return receipt.Slip{}, err
	}
	users, err := s.Directory.Users(ctx, t)
	if err != nil {
		return receipt.Slip{}, told(err)
	}
	by := "API"
	for _, u := range users {
		if u.ID == c.Actor {
			by = u.Name
		}
	}
	return c.slip(l, m.Name, by), nil
}

func (c Closing) slip(l receipt.Language, shop, by string) receipt.Slip {
	total := c.Figures.Total
	net := total.Net()
	out := receipt.Slip{
		Language: l, At: c.At, Shop: shop, Title: l.Say("closing"), Copy: fmt.Sprintf(l.Say("closingVersion"), c.Version),
		Figure: net.Amount.Grouped(), Amount: l.Won(net.Amount), Note: l.Say("closingNote"),
	}
	if !c.Stands() {
		out.Stamp = l.Say("closingReopened")
	}
	methods := make([]receipt.Row, 0, len(c.Figures.Channels))
	for _, line := range c.Figures.Channels {
		row := receipt.Row{Label: l.Say("channel" + line.Value), Value: l.Won(line.Net().Amount), Note: fmt.Sprintf(l.Say("soldSum"), line.Count)}
		if line.CanceledCount > 0 {
			row.Note += " · " + fmt.Sprintf(l.Say("canceledCount"), line.CanceledCount) + " -" + line.Canceled.Amount.Grouped()
		}
		methods = append(methods, row)
	}
	for _, one := range []receipt.Section{
		{Rows: []receipt.Row{
			{Label: l.Say("closedDay"), Value: string(c.Day)}, {Label: l.Say("closedAt"), Value: c.At.In(clock.Seoul).Format(time.DateTime)},
			{Label: l.Say("closedBy"), Value: by}, {Label: l.Say("memo"), Value: c.Note},
		}},
		{Group: receipt.Sums, Rows: []receipt.Row{
			{Label: fmt.Sprintf(l.Say("soldSum"), total.Count), Value: l.Won(total.Sold.Amount)},
			{Label: fmt.Sprintf(l.Say("canceledCount"), total.CanceledCount), Value: l.Won(-total.Canceled.Amount), Back: total.CanceledCount > 0},
			{Label: l.Say("netSum"), Value: l.Won(net.Amount), Total: true},
		}},
		{Title: l.Say("byMethod"), Group: receipt.Sums, Rows: methods},
		{Title: l.Say("ofParts"), Group: receipt.Sums, Rows: []receipt.Row{
			{Label: l.Say("supplied"), Value: l.Won(net.Supplied)}, {Label: l.Say("vat"), Value: l.Won(net.VAT)},
			{Label: l.Say("taxFree"), Value: l.Won(net.TaxFree)}, {Label: l.Say("serviceFee"), Value: l.Won(net.ServiceFee)},
		}},
		{Title: l.Say("drawer"), Group: receipt.Sums, Rows: c.drawer(l)},
	} {
		if one.Rows = filled(one.Rows); len(one.Rows) > 0 {
			out.Sections = append(out.Sections, one)
		}
	}
	return out
}

// drawer is the count of the cash.
func (c Closing) drawer(l receipt.Language) []receipt.Row {
	var rows []receipt.Row
	for _, d := range Denominations {
		if n := c.Counted[d]; n > 0 {
			rows = append(rows, receipt.Row{Label: l.Won(d), Note: "× " + strconv.FormatInt(n, 10), Value: l.Won(d * money.Won(n))})
		}
	}
	return append(rows,
		receipt.Row{Label: l.Say("cashCounted"), Value: l.Won(c.Cash)}, receipt.Row{Label: l.Say("float"), Value: l.Won(c.Float)},
		receipt.Row{Label: l.Say("cashExpected"), Value: l.Won(c.Expected)},
		receipt.Row{Label: l.Say("cashDifference"), Value: l.Won(c.Difference), Total: true, Back: c.Difference < 0},
	)
}

// filled leaves out what has nothing to say.
func filled(rows []receipt.Row) []receipt.Row {
	out := rows[:0]
	for _, r := range rows {
		if r.Value != "" {
			out = append(out, r)
		}
	}
	return out
}
