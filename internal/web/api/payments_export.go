package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/sales/sheet"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
	"innopay/money"
)

// Figures of an export.
const (
	exportPage  = 500              // rows read and written at once: all that is ever in memory
	exportMost  = 1_000_000        // rows of one file, somewhat less than a sheet of Excel takes
	exportWrite = 30 * time.Second // one page must leave within
	exportPack  = 5 * time.Minute  // a workbook must
	maxExports  = 16               // at once in one process
	exportWait  = 30 * time.Second // what one who comes when all are taken is told to wait
)

// exportHead are the columns, in the words of the screens.
var exportHead = []string{
	"거래번호", "주문번호", "상품명", "거래종류", "상태", "금액", "공급가액", "부가세", "면세", "봉사료", "취소금액", "잔액",
	"카드사", "카드번호", "할부", "승인번호", "요청일시", "승인일시", "구매자", "담당자",
}

var channelWords = map[payment.Channel]string{
	payment.ChannelCard: "카드", payment.ChannelSMS: "SMS", payment.ChannelARS: "ARS", payment.ChannelCash: "현금",
}

// statusWords never call a payment failed whose outcome is not known.
var statusWords = map[payment.Status]string{
	payment.Ready: "요청 중", payment.InProgress: "승인 중", payment.Unknown: "확인 중", payment.Done: "승인",
	payment.PartialCanceled: "부분취소", payment.Canceled: "취소", payment.Aborted: "승인 안 됨", payment.Expired: "만료",
}

func (a *API) registerExport() {
	op := huma.Operation{
		OperationID: "exportPayments", Method: http.MethodGet, Path: "/v1/payments/export", Tags: []string{"Payments"},
		Summary: "History as a CSV or XLSX file",
		Description: "The rows of the history with the same conditions, newest first. CSV is UTF-8 with a byte order mark. Cells never begin like a formula. " +
			"At most 1,000,000 rows; a longer history ends with a line that says so. A file that was cut off ends the connection without its last chunk.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A file", Content: map[string]*huma.MediaType{grid.XLSX.ContentType(): {Schema: binary()}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}
	add(a, access{permission: merchant.PaymentRead}, op, a.exportPayments)
}

type exportPaymentsInput struct {
	HistoryFilter
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}

func (a *API) exportPayments(ctx context.Context, in *exportPaymentsInput) (*huma.StreamResponse, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	t := principal(ctx).Tenant
	if wait := a.exports.Wait(t.ID()); wait > 0 {
		return nil, problem.ErrRate.WithRetryAfter(wait)
	}
	select {
	case a.exporting <- struct{}{}:
	default:
		return nil, problem.ErrRate.WithRetryAfter(exportWait)
	}
	people, err := a.staffNames(ctx, t)
	if err != nil {
		<-a.exporting
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { <-a.exporting }()
		r, w := humago.Unwrap(h)
		x := &export[payment.Payment]{
			head: exportHead, cells: func(p payment.Payment) []any { return paymentCells(p, people) }, key: func(p payment.Payment) string { return p.ID },
			page: func(before string) ([]payment.Payment, bool, error) {
				f.Before = before
				return a.Payments.List(r.Context(), t, f, exportPage)
			},
			writer: w, control: http.NewResponseController(w), most: exportMost, title: "거래내역", format: grid.Format(in.Format),
		}
		if err := x.run(attachment("거래내역", "payments", clock.DayOf(a.now()), in.Format)); err != nil {
			a.Log.Warn("export ended early", "trace", visit.From(ctx).TraceID, "rows", x.rows, "err", err)
			// The head is out: only a broken connection tells that rows are missing.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// staffNames are the names of the merchant's users by id.
func (a *API) staffNames(ctx context.Context, t merchant.Tenant) (map[string]string, error) {
	users, err := reached(a.Directory.Users(ctx, t))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, nil
}

// attachment is the Content-Disposition of RFC 6266: a plain name for old programs
// beside the Korean one.
func attachment(korean, plain string, day clock.Day, ending string) string {
	date := strings.ReplaceAll(string(day), "-", "")
	return fmt.Sprintf("attachment; filename=\"innopay-%s-%s.%s\"; filename*=UTF-8''%s", plain, date, ending, url.PathEscape(korean+"_"+date+"."+ending))
}

// export is one file under way.
type export[T any] struct {
	title   string // of a workbook's sheet
	head    []string
	page    func(before string) (rows []T, more bool, err error)
	cells   func(T) []any
	key     func(T) string // id of a row
	writer  http.ResponseWriter
	control *http.ResponseController
	most    int
	rows    int
	format  grid.Format // empty is CSV
}

// begin sends the head of a file.
func begin(w http.ResponseWriter, control *http.ResponseController, f grid.Format, disposition string) error {
	h := w.Header()
	h.Set("Content-Type", f.ContentType())
	h.Set("Content-Disposition", disposition)
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not collect
	if err := control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// run writes the file page by page; nothing of it is kept but a workbook's temporary
// file.
func (x *export[T]) run(disposition string) error {
	if err := begin(x.writer, x.control, x.format, disposition); err != nil {
		return err
	}
	if err := x.allow(); err != nil {
		return err
	}
	out, err := sheet.New(x.writer, x.format, x.title, x.head)
	if err != nil {
		return err
	}
	defer out.Drop()
	last := ""
	for {
		if err := x.send(out); err != nil {
			return err
		}
		rows, more, err := x.page(last)
		if err != nil {
			return err
		}
		if err := x.allow(); err != nil {
			return err
		}
		for _, p := range rows {
			if x.rows == x.most {
				return x.cut(out)
			}
			if err := out.Row(x.cells(p)...); err != nil {
				return err
			}
			x.rows++
			last = x.key(p)
		}
		if !more || len(rows) == 0 {
			return x.end(out)
		}
	}
}

// allow gives the next page its time to leave.
func (x *export[T]) allow() error {
	// Not every writer has deadlines (a test's recorder has none).
	if err := x.control.SetWriteDeadline(clock.System{}.Now().Add(exportWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

func (x *export[T]) send(out sheet.Out) error {
	if err := out.Flush(); err != nil {
		return err
	}
	return x.control.Flush()
}

// cut ends a file that has all the rows it may have, and says so.
func (x *export[T]) cut(out sheet.Out) error {
	note := make([]any, len(x.head))
	for i := range note {
		note[i] = ""
	}
	note[0] = money.Won(x.most).Grouped() + "건까지만 담았어요. 기간을 나누어 다시 받아 주세요."
	if err := out.Row(note...); err != nil {
		return err
	}
	return x.end(out)
}

// end packs what is packed as a whole; that takes its time.
func (x *export[T]) end(out sheet.Out) error {
	if err := x.control.SetWriteDeadline(clock.System{}.Now().Add(exportPack)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return x.control.Flush()
}

// paymentCells are a payment as a row.
func paymentCells(p payment.Payment, people map[string]string) []any {
	months := ""
	if p.Card.Last4 != "" {
		months = "일시불"
		if p.InstallmentMonths > 0 {
			months = strconv.Itoa(p.InstallmentMonths) + "개월"
		}
	}
	var canceled, left money.Won
	for _, c := range p.Cancels {
		if c.Status == payment.CancelDone {
			canceled += c.Split.Amount
		}
	}
	if p.Status.Approved() {
		left = p.Balance.Amount
	}
	return []any{
		p.ID, p.OrderID, p.OrderName, channelWords[p.Channel], statusWords[p.Status],
		p.Split.Amount, p.Split.Supplied, p.Split.VAT, p.Split.TaxFree, p.Split.ServiceFee, canceled, left,
		p.Card.IssuerName, p.Card.Masked(), months, p.Card.ApprovalNumber,
		sheetTime(p.RequestedAt), sheetTime(p.ApprovedAt), maskedName(p.Buyer.Name), takenBy(people, p.StaffID),
	}
}

// takenBy is who took a payment: a person's name, or that it was a system.
func takenBy(people map[string]string, userID string) string {
	switch {
	case people[userID] != "":
		return people[userID]
	case strings.HasPrefix(userID, string(id.Key)):
		return "API"
	}
	return userID
}

// sheetTime is a time of Seoul as a sheet reads it, empty for none.
func sheetTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Seoul).Format(time.DateTime)
}

// maskedName is a name as others may see it: the first and, of a longer one, the last
// letter.
func maskedName(name string) string {
	letters := []rune(strings.TrimSpace(name))
	switch n := len(letters); {
	case n < 2:
		return string(letters)
	case n == 2:
		return string(letters[0]) + "*"
	default:
		return string(letters[0]) + strings.Repeat("*", n-2) + string(letters[n-1])
	}
}
