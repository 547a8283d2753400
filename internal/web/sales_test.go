package web_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/sales"
	"innopay/money"
)

// sales asks for a report of the first shop.
func (r *rig) sales(t *testing.T, query string) map[string]any {
	t.Helper()
	a := r.to(http.MethodGet, "/v1/sales?"+query, nil).as(r.one).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.StatusCode, a.body)
	}
	return a.json(t)
}

// onePercent are the terms of the shops here: two bank days, one percent and its VAT.
type onePercent struct{}

func (onePercent) Terms(_ context.Context, _ merchant.Tenant, day clock.Day) (sales.Terms, bool, error) {
	return sales.Terms{Cycle: 2, Fee: func(_, _ string, amount money.Won) (fee, vat money.Won) {
		return amount / 100, amount / 1000
	}}, day >= "2026-03-01", nil
}

func TestPayoutsAreExpected(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	r.pay(t, r.one, r.order(t, 30_050))
	r.sell(t, 11_000, nil)
	got := r.to(http.MethodGet, "/v1/settlements?from=2026-03-01&to=2026-03-31", nil).as(r.one).do().json(t)
	all, _ := got["settlements"].([]any)
	if len(all) != 1 {
		t.Fatalf("%v", got)
	}
	// 2 March 2026 is a holiday in the place of the first: two bank days later is the fourth.
	one, _ := all[0].(map[string]any)
	if one["day"] != "2026-03-04" || one["grossAmount"] != 30_050.0 || one["fee"] != 300.0 || one["feeVat"] != 30.0 || one["netAmount"] != 29_720.0 {
		t.Errorf("%v", one)
	}
	if holidays := fmt.Sprint(got["holidays"]); !strings.Contains(holidays, "삼일절 대체공휴일") {
		t.Errorf("%s", holidays)
	}
	if a := r.to(http.MethodGet, "/v1/settlements?from=2026-03-01&to=2026-06-30", nil).as(r.one).do(); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func sumsOf(t *testing.T, v any) string {
	t.Helper()
	m, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("no sum: %v", v)
	}
	return fmt.Sprintf("%v %v -%v %v =%v", m["count"], m["amount"], m["canceledCount"], m["canceledAmount"], m["netAmount"])
}

func TestSalesAreTheSummary(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	r.pay(t, r.one, r.order(t, 30_000))
	sold := r.sell(t, 11_000, nil)
	r.cancelCash(t, r.one, sold, 1_000)
	day := "from=2026-03-02&to=2026-03-02"
	summary := r.to(http.MethodGet, "/v1/payments/summary?"+day, nil).as(r.one).do().json(t)
	for _, by := range []string{"DAY", "WEEK", "MONTH", "METHOD", "HOUR", "PRODUCT", "STAFF", "ISSUER"} {
		got := r.sales(t, day+"&by="+by)
		if sumsOf(t, got["total"]) != sumsOf(t, summary) || sumsOf(t, got["total"]) != "2 41000 -1 1000 =40000" {
			t.Errorf("by %s: %v, the summary says %v", by, got["total"], summary)
		}
		if got["scope"] != "ALL" {
			t.Errorf("by %s: %v", by, got["scope"])
		}
	}
	r.clock.Advance(24 * time.Hour)
	r.cancelCash(t, r.one, sold, 2_000)
	next := r.sales(t, "from=2026-03-03&to=2026-03-03")
	previous, _ := next["previous"].(map[string]any)
	if sumsOf(t, next["total"]) != "0 0 -1 2000 =-2000" || sumsOf(t, previous["total"]) != "2 41000 -1 1000 =40000" {
		t.Errorf("the day after: %v, before it %v", next["total"], previous)
	}
	// Links are sold on the day on which they are paid.
	asked := r.to(http.MethodGet, "/v1/sales?from=2026-03-03&to=2026-03-03", nil).as(r.two).do().json(t)
	if sumsOf(t, asked["total"]) != "0 0 -0 0 =0" {
		t.Errorf("another merchant sees %v", asked["total"])
	}
}

func TestStaffSeeWhatTheySoldToday(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	r.pay(t, r.one, r.order(t, 30_000))
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	body := r.order(t, 5_000)
	if a := r.to(http.MethodPost, "/v1/payments", body).cookie(staff).idempotent("by-staff").do(); a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	today := "/v1/sales?from=2026-03-02&to=2026-03-02"
	own := r.to(http.MethodGet, today, nil).cookie(staff).do().json(t)
	if own["scope"] != "OWN" || sumsOf(t, own["total"]) != "1 5000 -0 0 =5000" || own["previous"] != nil {
		t.Errorf("own sales: %v", own)
	}
	for path, want := range map[string]string{
		"/v1/sales?from=2026-03-01&to=2026-03-02": "SALES_TODAY_ONLY", "/v1/closings?from=2026-03-01&to=2026-03-02": "FORBIDDEN", "/v1/closings/2026-03-02": "FORBIDDEN",
	} {
		if a := r.to(http.MethodGet, path, nil).cookie(staff).do(); a.StatusCode != http.StatusForbidden || code(t, a) != want {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	if a := r.allow(t, owner, map[string]any{"viewSales": true}); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	all := r.to(http.MethodGet, today, nil).cookie(staff).do().json(t)
	if all["scope"] != "ALL" || sumsOf(t, all["total"]) != "2 35000 -0 0 =35000" {
		t.Errorf("with the right: %v", all)
	}
}

func TestSalesRefuseWhatIsNoRange(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	for query, field := range map[string]string{
		"from=2026-03-02&to=2026-03-01": "/to", "from=2025-03-01&to=2026-03-02": "/to", "to=2026-03-02": "/from", "from=&to=2026-03-02": "/from",
		"from=2026-02-30&to=2026-03-02": "/from", "from=2026-03-01&to=2026-03-02&by=COLOUR": "/by", "from=2026-03-01&to=": "/to", "from=&to=": "/from",
	} {
		a := r.to(http.MethodGet, "/v1/sales?"+query, nil).as(r.one).do()
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"`+field+`"`) {
			t.Errorf("%s: %d %s", query, a.StatusCode, a.body)
		}
	}
}

// closing is the body that closes the second of March.
func closing(more map[string]any) map[string]any {
	body := map[string]any{
		"day": "2026-03-02", "float": 50_000, "note": "동전이 모자라요",
		"counted": []any{map[string]any{"value": 50_000, "pieces": 1}, map[string]any{"value": 1_000, "pieces": 9}, map[string]any{"value": 100, "pieces": 5}},
	}
	maps.Copy(body, more)
	return body
}

func TestADayIsClosedAndStays(t *testing.T) {
	t.Parallel()
	p := newPress(t, unlimited)
	o := escpos.Options{Columns: 42, Mode: escpos.CP949, Hangul: escpos.Full}
	printer := p.attached(t, o)
	p.pay(t, p.one, p.order(t, 30_000))
	p.cancelCash(t, p.one, p.sell(t, 11_000, nil), 1_000)
	shut := func(key string, more map[string]any) reply {
		return p.to(http.MethodPost, "/v1/closings", closing(more)).as(p.one).idempotent(key).do()
	}
	first := shut("close-1", nil)
	c := first.json(t)
	if first.StatusCode != http.StatusCreated || c["expectedCash"] != 10_000.0 || c["countedCash"] != 59_500.0 || c["difference"] != -500.0 || c["version"] != 1.0 {
		t.Fatalf("%d %s", first.StatusCode, first.body)
	}
	if again := shut("close-1", nil); again.StatusCode != http.StatusCreated || !bytes.Equal(again.body, first.body) {
		t.Errorf("the same press: %d %s", again.StatusCode, again.body)
	}
	for key, want := range map[string]string{"close-1": "IDEMPOTENCY_KEY_REUSED", "close-2": "ALREADY_CLOSED"} {
		if a := shut(key, map[string]any{"float": 0}); a.StatusCode != http.StatusConflict || code(t, a) != want {
			t.Errorf("%s: %d %s", key, a.StatusCode, a.body)
		}
	}
	p.pay(t, p.one, p.order(t, 7_000))
	state := p.to(http.MethodGet, "/v1/closings/2026-03-02", nil).as(p.one).do().json(t)
	kept, _ := state["closings"].([]any)[0].(map[string]any)
	if state["status"] != "CLOSED" || sumsOf(t, state["supplement"]) != "1 7000 -0 0 =7000" || sumsOf(t, kept["total"]) != "2 41000 -1 1000 =40000" ||
		sumsOf(t, state["total"]) != "3 48000 -1 1000 =47000" {
		t.Errorf("after a late payment: %v", state)
	}
	p.closingIsPrinted(t, o, printer)
	p.closingIsReopened(t, shut)
}

func (p *press) closingIsPrinted(t *testing.T, o escpos.Options, printer string) {
	t.Helper()
	slip, err := p.options.Sales.Slip(t.Context(), p.one.Merchant, "2026-03-02/1", receipt.Language{})
	must(t, err)
	doc, err := escpos.Encode(slip, "", o)
	must(t, err)
	first := p.print(t, "/v1/closings/2026-03-02/prints", map[string]any{"printerId": printer})
	if done := p.settled(t, first["id"]); done["status"] != "PRINTED" || done["copy"] != false {
		t.Fatalf("%v", done)
	}
	text := p.fresh(t).Text
	if text != read(o, doc) || !strings.Contains(text, "-500") || !strings.Contains(text, "일마감") || !strings.Contains(text, "동전이 모자라요") {
		t.Errorf("on paper:\n%s", text)
	}
	if again := p.print(t, "/v1/closings/2026-03-02/prints", map[string]any{"printerId": printer}); again["copy"] != true {
		t.Errorf("%v", again)
	}
	file := p.to(http.MethodGet, "/v1/closings/2026-03-02/document", nil).as(p.one).do()
	if file.StatusCode != http.StatusOK || !bytes.HasPrefix(file.body, []byte("%PDF-")) || file.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %s", file.StatusCode, file.Header)
	}
}

func (p *press) closingIsReopened(t *testing.T, shut func(string, map[string]any) reply) {
	t.Helper()
	reopen := func(body map[string]any) reply {
		return p.to(http.MethodPost, "/v1/closings/2026-03-02/reopen", body).as(p.one).do()
	}
	if a := reopen(map[string]any{"reason": "다시 셌어요"}); a.StatusCode != http.StatusOK || a.json(t)["status"] != "REOPENED" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := reopen(map[string]any{"reason": "또"}); a.StatusCode != http.StatusNotFound || code(t, a) != "NOT_CLOSED" {
		t.Errorf("twice: %d %s", a.StatusCode, a.body)
	}
	second := shut("close-3", map[string]any{"float": 49_500, "note": ""}).json(t)
	if second["version"] != 2.0 || second["difference"] != 0.0 || sumsOf(t, second["total"]) != "3 48000 -1 1000 =47000" {
		t.Errorf("closed again: %v", second)
	}
	list := p.to(http.MethodGet, "/v1/closings?from=2026-03-01&to=2026-03-02", nil).as(p.one).do().json(t)
	if all, _ := list["closings"].([]any); len(all) != 2 || all[1].(map[string]any)["reopenReason"] != "다시 셌어요" {
		t.Errorf("%v", list)
	}
	if a := p.to(http.MethodGet, "/v1/closings/2026-03-02", nil).as(p.two).do().json(t); a["status"] != "OPEN" {
		t.Errorf("another merchant: %v", a)
	}
}

func TestAClosingThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	one := func(value, pieces int) any { return map[string]any{"value": value, "pieces": pieces} }
	for name, c := range map[string]struct {
		more  map[string]any
		field string
	}{
		"a day to come":      {map[string]any{"day": "2026-03-03"}, "/day"},
		"long ago":           {map[string]any{"day": "2026-01-01"}, "/day"},
		"no day":             {map[string]any{"day": ""}, "/day"},
		"no note of ours":    {map[string]any{"counted": []any{one(20_000, 1)}}, "/counted/0/value"},
		"less than nothing":  {map[string]any{"counted": []any{one(10, -1)}}, "/counted/0/pieces"},
		"a note twice":       {map[string]any{"counted": []any{one(10, 1), one(10, 1)}}, "/counted"},
		"a float below zero": {map[string]any{"float": -1}, "/float"},
		"a line too many":    {map[string]any{"note": "두\n줄"}, "/note"},
	} {
		a := r.to(http.MethodPost, "/v1/closings", closing(c.more)).as(r.one).idempotent("bad-" + name).do()
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"`+c.field+`"`) {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodPost, "/v1/closings/2026-03-02/prints", map[string]any{"columns": 42, "mode": "CP949", "hangul": "FULL"}).as(r.one).idempotent("p").do(); code(t, a) != "NOT_CLOSED" {
		t.Errorf("printing what is not closed: %d %s", a.StatusCode, a.body)
	}
}

// TestSalesAreTakenAlong opens the files and adds their lines up.
func TestSalesAreTakenAlong(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	r.pay(t, r.one, r.order(t, 30_050))
	r.cancelCash(t, r.one, r.sell(t, 11_000, nil), 1_000)
	for _, c := range []struct {
		path, column, sum string
	}{
		{"/v1/sales/export?from=2026-03-02&to=2026-03-02&by=METHOD", "순매출", "40050"},
		{"/v1/sales/export?from=2026-03-01&to=2026-03-02&by=DAY", "순매출", "40050"},
		{"/v1/settlements/export?from=2026-03-01&to=2026-03-31", "받을 금액", "29720"},
	} {
		for _, format := range []string{"csv", "xlsx"} {
			a := r.to(http.MethodGet, c.path+"&format="+format, nil).as(r.one).do()
			rows := sheetRows(t, a, format)
			at := slices.Index(rows[0], c.column)
			var sum int64
			for _, row := range rows[1 : len(rows)-1] {
				n, err := strconv.ParseInt(row[at], 10, 64)
				must(t, err)
				sum += n
			}
			if last := rows[len(rows)-1]; strconv.FormatInt(sum, 10) != c.sum || last[at] != c.sum || last[0] != "합계" {
				t.Errorf("%s as %s: %d, last line %v", c.path, format, sum, last)
			}
		}
	}
	rows := sheetRows(t, r.to(http.MethodGet, "/v1/payments/export?format=xlsx", nil).as(r.one).do(), "xlsx")
	if len(rows) != 3 || rows[0][0] != "거래번호" || rows[1][5] != "30050" && rows[2][5] != "30050" { // of the same moment
		t.Errorf("the history as XLSX: %v", rows)
	}
}

// sheetRows reads a file in full.
func sheetRows(t *testing.T, a reply, format string) [][]string {
	t.Helper()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if format == "csv" {
		head, rows := sheet(t, a.body)
		return append([][]string{head}, rows...)
	}
	book, err := excelize.OpenReader(bytes.NewReader(a.body))
	must(t, err)
	rows, err := book.GetRows(book.GetSheetList()[0])
	must(t, err)
	must(t, book.Close())
	return rows
}

// TestADayIsClosedAsOftenAsItIsReopened also when that is more often than a page shows.
func TestADayIsClosedAsOftenAsItIsReopened(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	db := r.sql(t)
	for v := range 103 {
		_, err := db.ExecContext(t.Context(), `insert into closing (merchant_id, day, version, figures, counted, float_cash, expected_cash, counted_cash, difference,
			note, request_key, closed_by, closed_at, reopened_by, reopened_at, reason) values ($1, '2026-03-02', $2, '{}', '{}', 0, 0, 0, 0, '', $3, 'usr_1', 1, 'usr_1', 2, '다시')`,
			r.one.ID, v+1, fmt.Sprint("earlier-", v))
		must(t, err)
	}
	a := r.to(http.MethodPost, "/v1/closings", closing(nil)).as(r.one).idempotent("once-more").do()
	if a.StatusCode != http.StatusCreated || a.json(t)["version"] != 104.0 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
