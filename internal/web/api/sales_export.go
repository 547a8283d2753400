package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/sales"
	"innopay/internal/sales/sheet"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// salesHead are the columns after the first, in the words of the screens.
var salesHead = []string{"판매건수", "판매금액", "취소건수", "취소금액", "순매출", "공급가액", "부가세", "면세", "봉사료", "수량"}

// groupingWords head the first column.
var groupingWords = map[sales.Grouping]string{
	"DAY": "날짜", sales.ByWeek: "주 (월요일)", sales.ByMonth: "월 (1일)", "METHOD": "결제수단", "HOUR": "시간", "PRODUCT": "상품", "STAFF": "직원", "ISSUER": "카드사",
}

// valueWords are values that are no names by themselves.
var valueWords = map[string]string{
	"CARD": "카드", "SMS": "SMS", "ARS": "ARS", "CASH": "현금",
	sales.NoProduct: "상품 없이 금액만", sales.ServiceFee: "봉사료", sales.PartCancel: "부분취소", sales.Rest: "나머지",
}

var settlementHead = []string{"입금예정일", "매출일", "카드매출", "취소", "수수료", "수수료 부가세", "받을 금액"}

type salesExportInput struct {
	From   string `query:"from" required:"true" format:"date"`
	To     string `query:"to" required:"true" format:"date" doc:"Included; at most 366 days"`
	By     string `query:"by" enum:"DAY,WEEK,MONTH,METHOD,HOUR,PRODUCT,STAFF,ISSUER" default:"DAY"`
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

type settlementsExportInput struct {
	From   string `query:"from" required:"true" format:"date"`
	To     string `query:"to" required:"true" format:"date" doc:"Included; at most 92 days"`
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

func (a *API) registerSalesExports() {
	answer := func() map[string]*huma.Response {
		return map[string]*huma.Response{"200": {
			Description: "A file",
			Content:     map[string]*huma.MediaType{grid.XLSX.ContentType(): {Schema: binary()}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers:     map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}}
	}
	may := access{permission: merchant.SalesAll}
	add(a, may, huma.Operation{
		OperationID: "exportSales", Method: http.MethodGet, Path: "/v1/sales/export", Tags: []string{"Sales"}, Summary: "A report of sales as a file",
		Description: "The lines of GET /v1/sales and their sum. CSV is UTF-8 with a byte order mark; cells never begin like a formula.", Responses: answer(),
	}, a.exportSales)
	add(a, may, huma.Operation{
		OperationID: "exportSettlements", Method: http.MethodGet, Path: "/v1/settlements/export", Tags: []string{"Sales"}, Summary: "Expected payouts as a file",
		Description: "A line for each sales day of each payout of GET /v1/settlements, and their sum.", Responses: answer(),
	}, a.exportSettlements)
}

func (a *API) exportSales(ctx context.Context, in *salesExportInput) (*huma.StreamResponse, error) {
	r, _, err := a.report(ctx, in.From, in.To, in.By)
	if err != nil {
		return nil, err
	}
	names, err := a.staffNames(ctx, principal(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, 0, len(r.Lines)+1)
	for _, l := range r.Lines {
		rows = append(rows, append([]any{lineName(l, names)}, sumCells(l.Sum)...))
	}
	rows = append(rows, append([]any{"합계"}, sumCells(r.Total)...))
	f := file{grid.Format(in.Format), "매출", "sales", append([]string{groupingWords[r.By]}, salesHead...), rows}
	return a.sendFile(ctx, f)
}

// lineName is what a line is called in a file.
func lineName(l sales.Line, names map[string]string) string {
	switch {
	case valueWords[l.Value] != "":
		return valueWords[l.Value]
	case l.Dimension == sales.ByStaff && names[l.Value] != "":
		return names[l.Value]
	case l.Label != "":
		return l.Label
	}
	return l.Value
}

func sumCells(s sales.Sum) []any {
	net := s.Net()
	return []any{s.Count, s.Sold.Amount, s.CanceledCount, s.Canceled.Amount, net.Amount, net.Supplied, net.VAT, net.TaxFree, net.ServiceFee, s.Quantity}
}

func (a *API) exportSettlements(ctx context.Context, in *settlementsExportInput) (*huma.StreamResponse, error) {
	s, err := a.settlements(ctx, &settlementsInput{in.From, in.To})
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, p := range s.Payouts {
		for _, d := range p.Days {
			rows = append(rows, append([]any{string(p.Day), string(d.Day)}, shareCells(d)...))
		}
	}
	rows = append(rows, append([]any{"합계", ""}, shareCells(s.Total)...))
	return a.sendFile(ctx, file{grid.Format(in.Format), "정산예정", "settlements", settlementHead, rows})
}

func shareCells(s sales.Share) []any { return []any{s.Gross, s.Cancels, s.Fee, s.FeeVAT, s.Net()} }

// file is a short table: at most a line for each of 366 days, or of what a report names.
type file struct {
	format        grid.Format
	korean, plain string
	head          []string
	rows          [][]any
}

// sendFile gives a table, as often as exports may be asked for.
func (a *API) sendFile(ctx context.Context, f file) (*huma.StreamResponse, error) {
	if wait := a.exports.Wait(f.plain + "/" + principal(ctx).Tenant.ID()); wait > 0 {
		return nil, problem.ErrRate.WithRetryAfter(wait)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		_, w := humago.Unwrap(h)
		if err := f.write(w, attachment(f.korean, f.plain, clock.DayOf(a.now()), string(f.format))); err != nil {
			a.Log.Warn("export ended early", "trace", visit.From(ctx).TraceID, "err", err)
			// The head is out: only a broken connection tells that rows are missing.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (f file) write(w http.ResponseWriter, disposition string) error {
	if err := begin(w, http.NewResponseController(w), f.format, disposition); err != nil {
		return err
	}
	out, err := sheet.New(w, f.format, f.korean, f.head)
	if err != nil {
		return err
	}
	defer out.Drop()
	for _, r := range f.rows {
		if err := out.Row(r...); err != nil {
			return err
		}
	}
	return out.Close()
}
