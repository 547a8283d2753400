package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/money"
)

// history runs what lists and totals must do.
func history(t *testing.T, fresh Fresh) {
	t.Helper()
	t.Run("every condition of the history", func(t *testing.T) {
		t.Parallel()
		everyCondition(t, fresh(t))
	})
	t.Run("pages are whole and do not overlap", func(t *testing.T) {
		t.Parallel()
		pages(t, fresh(t))
	})
	t.Run("totals of days, cancels by their own", func(t *testing.T) {
		t.Parallel()
		totals(t, fresh(t))
	})
}

// shelf is four payments that differ in everything that can be asked for.
func shelf(t *testing.T, s payment.Store, d *Desk) []payment.Intent {
	t.Helper()
	ins := make([]payment.Intent, 4)
	for i := range ins {
		ins[i] = d.Intent()
		p := &ins[i].Payment
		split, err := money.SplitOf(money.Won(10_000*(i+1)), 0, 0, money.Nearest)
		must(t, err)
		p.Split, p.Balance = split, split
		p.Channel = []payment.Channel{payment.ChannelCard, payment.ChannelSMS, payment.ChannelARS, payment.ChannelCard}[i]
		p.OrderName = []string{"Iced 100% Juice", "iced_tea", "icedXtea", "케이크"}[i]
		p.OrderID = []string{"shop-0001", "shop-0002", "Web-0003", "web-0004"}[i]
		p.Card.Last4 = fmt.Sprintf("%04d", 1000+i)
		p.Card.IssuerCode = []string{"11", "31", "31", "51"}[i]
		p.Buyer = payment.Buyer{Name: "Buyer " + []string{"one", "two", "three", "four"}[i], Phone: fmt.Sprintf("0100000%04d", 5000+i)}
		p.InstallmentMonths = []int{0, 3, 6, 12}[i]
		p.StaffID = []string{"usr_a", "usr_a", "usr_b", ""}[i]
	}
	commit(t, s, ins...)
	settle(t, s, d.Approved(ins[0]), d.Declined(ins[1]), d.Unknown(ins[2]))
	return ins
}

func everyCondition(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(41)
	ins := shelf(t, s, d)
	zero := 0
	for _, c := range []struct {
		name string
		f    payment.Filter
		want []int
	}{
		{"nothing asked", payment.Filter{}, []int{3, 2, 1, 0}},
		{"channel", payment.Filter{Channels: []payment.Channel{payment.ChannelSMS, payment.ChannelARS}}, []int{2, 1}},
		{"status", payment.Filter{Statuses: []payment.Status{payment.Done, payment.Unknown}}, []int{2, 0}},
		{"least", payment.Filter{MinAmount: 20_000}, []int{3, 2, 1}},
		{"most", payment.Filter{MaxAmount: 20_000}, []int{1, 0}},
		{"text in the order name, case ignored", payment.Filter{Text: "ICED"}, []int{2, 1, 0}},
		{"text with a percent sign", payment.Filter{Text: "0%"}, []int{0}},
		{"text with an underscore", payment.Filter{Text: "d_t"}, []int{1}},
		{"text with a backslash", payment.Filter{Text: `\`}, nil},
		{"text in Korean", payment.Filter{Text: "케이"}, []int{3}},
		{"text in the order id", payment.Filter{Text: "WEB-"}, []int{3, 2}},
		{"text in the approval number", payment.Filter{Text: "3001"}, []int{0}},
		{"text is the card's end", payment.Filter{Text: "1002"}, []int{2}},
		{"text is the phone's end", payment.Filter{Text: "5003"}, []int{3}},
		{"text is part of the phone's end only", payment.Filter{Text: "500"}, nil},
		{"quotes in the text", payment.Filter{Text: `' or 1=1 --`}, nil},
		{"approval number", payment.Filter{ApprovalNumber: "30012345"}, []int{0}},
		{"card's end", payment.Filter{CardLast4: "1001"}, []int{1}},
		{"issuer", payment.Filter{IssuerCode: "31"}, []int{2, 1}},
		{"months", payment.Filter{InstallmentMonths: &zero}, []int{0}},
		{"buyer's name, whole, case and spaces ignored", payment.Filter{BuyerName: " buyer  TWO"}, []int{1}},
		{"part of a buyer's name", payment.Filter{BuyerName: "buyer"}, nil},
		{"phone's end", payment.Filter{BuyerPhoneLast4: "5000"}, []int{0}},
		{"staff", payment.Filter{StaffID: "usr_a"}, []int{1, 0}},
		{"part of the order id, case ignored", payment.Filter{OrderID: "WEB-000"}, []int{3, 2}},
		{"order id with a wildcard", payment.Filter{OrderID: "shop_"}, nil},
		{"part of the order name", payment.Filter{OrderName: "100%"}, []int{0}},
		{"being settled, not what is still awaited", payment.Filter{Unsettled: true}, []int{2}},
		{"being settled, of a day", payment.Filter{Unsettled: true, From: "2028-03-01"}, nil},
		{"before", payment.Filter{Before: ins[2].Payment.ID}, []int{1, 0}},
		{"another day", payment.Filter{From: "2028-03-01"}, nil},
		{"this day", payment.Filter{From: "2028-02-29", To: "2028-02-29"}, []int{3, 2, 1, 0}},
		{"all at once", payment.Filter{
			Channels: []payment.Channel{payment.ChannelCard}, Statuses: []payment.Status{payment.Done}, MinAmount: 1, MaxAmount: 10_000,
			Text: "juice", CardLast4: "1000", IssuerCode: "11", StaffID: "usr_a", From: "2028-02-01", To: "2028-02-29",
		}, []int{0}},
	} {
		ps, err := s.List(ctx, d.Tenant(), c.f, 50)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []int
		for _, p := range ps {
			got = append(got, slices.IndexFunc(ins, func(in payment.Intent) bool { return in.Payment.ID == p.ID }))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func pages(t *testing.T, s payment.Store) {
	const payments, page = 57, 10
	ctx, d := context.Background(), NewDesk(42)
	var want []string
	for range payments {
		in := d.Intent()
		commit(t, s, in)
		want = append(want, in.Payment.ID)
	}
	slices.Reverse(want)
	var got []string
	f := payment.Filter{}
	for {
		ps, err := s.List(ctx, d.Tenant(), f, page)
		must(t, err)
		for _, p := range ps {
			got = append(got, p.ID)
		}
		if len(ps) < page {
			break
		}
		f.Before = ps[page-1].ID
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d rows over all pages, want %d in order", len(got), len(want))
	}
}

func totals(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(43)
	d.Now = time.Date(2028, 2, 29, 14, 59, 59, 0, time.UTC) // one second before midnight in Seoul
	first := approved(t, s, d)
	d.Now = d.Now.Add(2 * time.Second)
	second := approved(t, s, d)
	part, err := first.Balance.Part(5_500, 0, first.Rounding)
	must(t, err)
	q, c := d.Cancel(first, part)
	q.Status, c.Status, c.CanceledAt = payment.PartialCanceled, payment.CancelDone, d.Now
	open, running := d.Cancel(second, part) // counts for nothing until it is done
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		for _, step := range []error{
			tx.UpdatePayment(ctx, q), tx.InsertCancel(ctx, c), tx.UpdatePayment(ctx, open), tx.InsertCancel(ctx, running),
		} {
			if step != nil {
				return step
			}
		}
		return nil
	}))
	last, next := clock.Day("2028-02-29"), clock.Day("2028-03-01")
	for _, c := range []struct {
		name string
		f    payment.Filter
		want payment.Summary
	}{
		{"all", payment.Filter{}, payment.Summary{Count: 2, Amount: 110_000, CanceledCount: 1, CanceledAmount: 5_500}},
		{"the day of the sale", payment.Filter{From: last, To: last}, payment.Summary{Count: 1, Amount: 55_000}},
		{"the day of the cancel", payment.Filter{From: next, To: next},
			payment.Summary{Count: 1, Amount: 55_000, CanceledCount: 1, CanceledAmount: 5_500}},
		{"another staff", payment.Filter{StaffID: "usr_x"}, payment.Summary{}},
	} {
		got, err := s.Summary(ctx, d.Tenant(), c.f)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v %v, want %+v", c.name, got, err, c.want)
		}
	}
}
