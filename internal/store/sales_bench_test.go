package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/sales"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

// What the merchant of the benchmark sells in 366 days.
const (
	yearOfSales = 1_000_000
	yearDays    = 366
)

// sale is a number, its day and its moment, on both engines: from $2 up to $3; $1 is the
// first moment.
const sale = `with recursive n(i) as (select cast($2 as bigint) union all select i + 1 from n where i + 1 < cast($3 as bigint)),
b as (select n.i, n.i * 366 / 1000000 as d, $1 + (n.i * 366 / 1000000) * 86400000000 + (n.i % 2700) * 30000000 as at from n)
`

// fillYear writes a year of a busy merchant past the payment core: every sale as its own
// row, with items and entries, and a cancel of every twentieth.
func fillYear(b *testing.B, db *store.DB, d *storetest.Desk, first clock.Day) {
	b.Helper()
	ctx := context.Background()
	in := d.Intent()
	try(b, db.CommitIntents(ctx, []payment.Intent{in})[0])
	try(b, db.CommitOutcomes(ctx, []payment.Outcome{d.Approved(in)})[0])
	try(b, db.Exec(ctx, "create table bench_day (d bigint primary key, day text not null)"))
	for i := range yearDays {
		try(b, db.Exec(ctx, "insert into bench_day values ($1, $2)", i, string(clock.DayOf(first.Start().AddDate(0, 0, i)))))
	}
	start := clock.Micros(first.Start())
	for _, text := range []string{
		"insert into payment (merchant_id, id, method, channel, status, acquire_status, order_id, order_live, order_name, amount, supplied, vat, tax_free, service_fee, balance_amount, balance_supplied, balance_vat, balance_tax_free, balance_service_fee, rounding, items, installment_months, interest_free, buyer, buyer_name_index, buyer_phone_index, buyer_phone_last4, card_bin, card_last4, card_type, card_entry, issuer_code, issuer_name, acquirer_code, acquirer_name, approval_number, failure_code, failure_message, staff_id, terminal_id, attempt_id, requested_at, approved_at, signature_missing, link_generation, version, cash_received) " + sale + `select p.merchant_id, 'pay_' || b.i, p.method, case b.i % 4 when 0 then 'SMS' else 'CARD' end, 'DONE', p.acquire_status, 'order-' || b.i, p.order_live, p.order_name, p.amount, p.supplied, p.vat, p.tax_free, p.service_fee, p.balance_amount, p.balance_supplied, p.balance_vat, p.balance_tax_free, p.balance_service_fee, p.rounding, case b.i % 10 when 0 then '' else p.items end, p.installment_months, p.interest_free, p.buyer, p.buyer_name_index, p.buyer_phone_index, p.buyer_phone_last4, p.card_bin, p.card_last4, p.card_type, p.card_entry, '1' || (b.i % 9), p.issuer_name, p.acquirer_code, p.acquirer_name, '', p.failure_code, p.failure_message, 'usr_' || (b.i % 5), p.terminal_id, 'att_' || b.i, b.at, 0 + b.at, p.signature_missing, p.link_generation, p.version, p.cash_received from b cross join payment p where p.order_id = 'order-000001'`,
		"insert into cancel " + sale + `select p.merchant_id, 'cnl_' || b.i, 'pay_' || b.i, 'REFUND', 'DONE', p.amount, p.supplied, p.vat, p.tax_free, p.service_fee, '-', b.at, 0 + b.at, '9', '', 'usr_1', '', ''
from b cross join payment p where p.order_id = 'order-000001' and b.i % 20 = 0`,
		"insert into posting " + sale + `select p.merchant_id, 0, 'att_' || b.i, 'SALES', 'pay_' || b.i, 'APPROVAL', bench_day.day, -p.amount, b.at
from b cross join payment p join bench_day on bench_day.d = b.d where p.order_id = 'order-000001'`,
		"insert into posting " + sale + `select p.merchant_id, 0, 'cnl_' || b.i, 'SALES', 'pay_' || b.i, 'CANCEL', bench_day.day, p.amount, b.at
from b cross join payment p join bench_day on bench_day.d = b.d where p.order_id = 'order-000001' and b.i % 20 = 0`,
	} {
		for from := 0; from < yearOfSales; from += yearOfSales / 50 { // a statement has its time
			try(b, db.Exec(ctx, text, start, from, from+yearOfSales/50))
		}
	}
	if err := db.Exec(ctx, "analyze"); err != nil {
		b.Fatal(err)
	}
}

func try(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSales asks for a year of a merchant with a million payments, from kept totals
// and, of the last day, from the ledger. It also tells how long keeping the whole year
// took, once, and what a report would take without totals, as a multiple.
func BenchmarkSales(b *testing.B) {
	for _, e := range engines[:2] {
		b.Run(e.name, func(b *testing.B) {
			ctx := context.Background()
			first := clock.Day("2027-02-28")
			now := clock.NewFake(first.Start().AddDate(0, 0, yearDays-1).Add(23 * time.Hour))
			o := e.options(b)
			o.Clock = now
			db, d := open(b, o), storetest.NewDesk(77)
			d.Now = first.Start().AddDate(-1, 0, 0)
			fillYear(b, db, d, first)
			s := sales.New(sales.Options{Store: db, Clock: now})
			days := sales.Days{From: first, To: clock.DayOf(now.Now())}
			began := time.Now()
			bare, err := s.Report(ctx, d.Tenant(), sales.Query{Days: days, By: "METHOD"})
			try(b, err)
			without := time.Since(began)
			began = time.Now()
			try(b, (&sales.Roller{Store: db, Clock: now}).Merchant(ctx, d.Tenant(), clock.DayOf(now.Now().AddDate(0, 0, -1))))
			rolling := time.Since(began)
			if bare.Total.Count != yearOfSales {
				b.Fatalf("%d sales", bare.Total.Count)
			}
			for _, by := range []sales.Grouping{"DAY", sales.ByMonth, "METHOD", "HOUR", "PRODUCT", "STAFF", "ISSUER"} {
				b.Run(string(by), func(b *testing.B) {
					for b.Loop() {
						r, err := s.Report(ctx, d.Tenant(), sales.Query{Days: days, By: by})
						if err != nil || r.Total != bare.Total {
							b.Fatalf("%+v %v", r.Total, err)
						}
					}
					each := b.Elapsed() / time.Duration(b.N)
					b.ReportMetric(float64(each.Microseconds())/1000, "ms/report")
					b.ReportMetric(float64(without)/float64(each), "times-faster-than-the-ledger")
				})
			}
			fmt.Printf("%s: the year from the ledger alone %v, keeping its totals %v\n", e.name, without.Round(time.Millisecond), rolling.Round(time.Millisecond))
		})
	}
}
