package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/printer"
	"innopay/internal/receipt"
	"innopay/internal/receipt/pdf"
	"innopay/internal/sales"
	"innopay/internal/web/problem"
	"innopay/money"
)

// Pieces is how many notes or coins of one value there are.
type Pieces struct {
	Value  money.Won `json:"value" enum:"50000,10000,5000,1000,500,100,50,10"`
	Pieces int64     `json:"pieces" minimum:"0" maximum:"100000"`
}

// Closing is a day as it was when it was closed.
type Closing struct {
	_              struct{}    `additionalProperties:"true"`
	Day            string      `json:"day" format:"date"`
	Version        int64       `json:"version" doc:"From 1; a day that was opened again is closed under the next"`
	Status         string      `json:"status" enum:"CLOSED,REOPENED"`
	Total          SalesSum    `json:"total" doc:"Of the moment of closing"`
	Methods        []SalesLine `json:"methods" nullable:"false"`
	Counted        []Pieces    `json:"counted" nullable:"false" doc:"Largest first"`
	CountedCash    money.Won   `json:"countedCash"`
	Float          money.Won   `json:"float" doc:"Change that lay in the drawer in the morning"`
	ExpectedCash   money.Won   `json:"expectedCash" doc:"Cash sales less cash refunds of the day, from the ledger; may be negative"`
	Difference     money.Won   `json:"difference" doc:"countedCash less float less expectedCash"`
	Note           string      `json:"note,omitempty"`
	ClosedBy       string      `json:"closedBy" doc:"User or key"`
	ClosedByName   string      `json:"closedByName,omitempty"`
	ClosedAt       string      `json:"closedAt" format:"date-time"`
	ReopenedBy     string      `json:"reopenedBy,omitempty"`
	ReopenedByName string      `json:"reopenedByName,omitempty"`
	ReopenedAt     string      `json:"reopenedAt,omitempty" format:"date-time"`
	ReopenReason   string      `json:"reopenReason,omitempty"`
}

// DayState is a business day as it stands, with its closings.
type DayState struct {
	_            struct{}    `additionalProperties:"true"`
	Day          string      `json:"day" format:"date"`
	Status       string      `json:"status" enum:"OPEN,CLOSED"`
	Total        SalesSum    `json:"total" doc:"As it stands now"`
	Methods      []SalesLine `json:"methods" nullable:"false"`
	ExpectedCash money.Won   `json:"expectedCash" doc:"Cash sales less cash refunds, without the float"`
	Supplement   *SalesSum   `json:"supplement,omitempty" doc:"마감 후 거래: what was booked on the day after it was closed; absent when nothing was"`
	Closings     []Closing   `json:"closings" nullable:"false" doc:"Newest first; of a CLOSED day the first one stands"`
}

// ClosingList are the closings of a range of days.
type ClosingList struct {
	_        struct{}  `additionalProperties:"true"`
	Closings []Closing `json:"closings" nullable:"false" doc:"Newest first"`
}

// ClosingRequest closes a day.
type ClosingRequest struct {
	Day     string    `json:"day" format:"date" doc:"Today, or one of the 31 days before"`
	Counted []Pieces  `json:"counted,omitempty" maxItems:"8" doc:"What lies in the drawer; absent: nothing"`
	Float   money.Won `json:"float,omitempty" minimum:"0" maximum:"999999999"`
	Note    string    `json:"note,omitempty" maxLength:"500"`
}

// ReopenRequest takes a closing back.
type ReopenRequest struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500"`
}

type closingsInput struct {
	From string `query:"from" required:"true" format:"date"`
	To   string `query:"to" required:"true" format:"date" doc:"Included; at most 366 days"`
}

// DayPath names a business day.
type DayPath struct {
	Day string `path:"day" format:"date"`
}

type closeInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body ClosingRequest
}

type reopenInput struct {
	DayPath
	Body ReopenRequest
}

type closingPrintInput struct {
	DayPath
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body PrintRequest
}

type closingFileInput struct {
	DayPath
	Locale string `query:"locale" enum:"ko,en" default:"ko"`
	Paper  string `query:"paper" enum:"A4,ROLL" default:"ROLL"`
}

type (
	closingsOutput struct{ Body ClosingList }
	closingOutput  struct{ Body Closing }
	dayOutput      struct{ Body DayState }
)

func (a *API) registerClosings() {
	tag, may := []string{"Sales"}, access{permission: merchant.SalesAll}
	once := access{permission: merchant.SalesAll, money: true}
	add(a, may, huma.Operation{
		OperationID: "listClosings", Method: http.MethodGet, Path: "/v1/closings", Tags: tag, Summary: "Days that were closed",
	}, a.listClosings)
	add(a, once, huma.Operation{
		OperationID: "closeDay", Method: http.MethodPost, Path: "/v1/closings", DefaultStatus: http.StatusCreated, Tags: tag, Summary: "Close a day (일마감)",
		Description: "Keeps the day as the ledger has it, with the cash that was counted. What is booked on the day later changes nothing of it and is its supplement. " +
			"A day that is closed: 409 ALREADY_CLOSED.",
	}, a.closeDay)
	add(a, may, huma.Operation{
		OperationID: "closing", Method: http.MethodGet, Path: "/v1/closings/{day}", Tags: tag, Summary: "A day as it stands, and how it was closed",
	}, a.closingState)
	add(a, may, huma.Operation{
		OperationID: "reopenDay", Method: http.MethodPost, Path: "/v1/closings/{day}/reopen", DefaultStatus: http.StatusOK, Tags: tag, Summary: "Open a closed day again",
		Description: "The closing stays, marked; the next one is its next version. Audited.",
	}, a.reopenDay)
	add(a, once, huma.Operation{
		OperationID: "printClosing", Method: http.MethodPost, Path: "/v1/closings/{day}/prints", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Print the newest closing of a day", Description: howPrinted,
	}, a.printClosing)
	add(a, may, huma.Operation{
		OperationID: "closingDocument", Method: http.MethodGet, Path: "/v1/closings/{day}/document", Tags: tag, Summary: "The newest closing of a day as a PDF",
		Responses: map[string]*huma.Response{"200": {Description: "A file", Content: map[string]*huma.MediaType{"application/pdf": {Schema: binary()}}}},
	}, a.closingDocument)
}

func (a *API) listClosings(ctx context.Context, in *closingsInput) (*closingsOutput, error) {
	days, err := daysOf(in.From, in.To)
	if err != nil {
		return nil, err
	}
	t := principal(ctx).Tenant
	cs, err := a.Sales.Closings(ctx, t, days)
	if err != nil {
		return nil, err
	}
	names, err := a.staffNames(ctx, t)
	return &closingsOutput{ClosingList{Closings: closingViews(cs, names)}}, err
}

func (a *API) closeDay(ctx context.Context, in *closeInput) (*closingOutput, error) {
	on, err := someDay("/day", in.Body.Day)
	if err != nil {
		return nil, err
	}
	count := sales.Count{Counted: map[money.Won]int64{}, Float: in.Body.Float, Note: in.Body.Note}
	for _, p := range in.Body.Counted {
		if _, twice := count.Counted[p.Value]; twice {
			return nil, problem.InvalidField("/counted", problem.Repeated)
		}
		count.Counted[p.Value] = p.Pieces
	}
	p := principal(ctx)
	return a.closed(ctx)(a.Sales.CloseDay(ctx, p.Tenant, p.UserID, in.Key, on, count))
}

func (a *API) closed(ctx context.Context) func(sales.Closing, error) (*closingOutput, error) {
	return func(c sales.Closing, err error) (*closingOutput, error) {
		if err != nil {
			return nil, err
		}
		names, err := a.staffNames(ctx, principal(ctx).Tenant)
		return &closingOutput{closingView(c, names)}, err
	}
}

// state is the day of a path.
func (a *API) state(ctx context.Context, in DayPath) (sales.DayState, error) {
	on, err := someDay("/day", in.Day)
	if err != nil {
		return sales.DayState{}, err
	}
	return a.Sales.Day(ctx, principal(ctx).Tenant, on)
}

func (a *API) closingState(ctx context.Context, in *DayPath) (*dayOutput, error) {
	d, err := a.state(ctx, *in)
	if err != nil {
		return nil, err
	}
	names, err := a.staffNames(ctx, principal(ctx).Tenant)
	v := DayState{
		Day: string(d.Day), Status: "OPEN", Total: sumView(d.Now.Total), Methods: methodViews(d.Now.Channels), ExpectedCash: d.Now.Cash(),
		Closings: closingViews(d.Closings, names),
	}
	if _, ok := d.Closed(); ok {
		v.Status = "CLOSED"
		if s := sumView(d.Supplement); s != (SalesSum{}) {
			v.Supplement = &s
		}
	}
	return &dayOutput{v}, err
}

func (a *API) reopenDay(ctx context.Context, in *reopenInput) (*closingOutput, error) {
	on, err := someDay("/day", in.Day)
	if err != nil {
		return nil, err
	}
	p := principal(ctx)
	return a.closed(ctx)(a.Sales.Reopen(ctx, p.Tenant, p.UserID, on, in.Body.Reason))
}

// newest is the name of the newest closing of a day, or ErrNotClosed.
func (a *API) newest(ctx context.Context, in DayPath) (string, error) {
	d, err := a.state(ctx, in)
	if err == nil && len(d.Closings) == 0 {
		err = sales.ErrNotClosed
	}
	if err != nil {
		return "", err
	}
	return d.Closings[0].Name(), nil
}

func (a *API) printClosing(ctx context.Context, in *closingPrintInput) (*printOutput, error) {
	name, err := a.newest(ctx, in.DayPath)
	if err != nil {
		return nil, err
	}
	return a.print(ctx, in.Key, in.Body, printer.Subject{Kind: printer.OfClosing, ID: name})
}

func (a *API) closingDocument(ctx context.Context, in *closingFileInput) (*huma.StreamResponse, error) {
	name, err := a.newest(ctx, in.DayPath)
	if err != nil {
		return nil, err
	}
	m, err := reached(a.Directory.Merchant(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	slip, err := a.Sales.Slip(ctx, m, name, receipt.Language{English: in.Locale == "en"})
	if err != nil {
		return nil, err
	}
	paper := pdf.Roll
	if in.Paper == "A4" {
		paper = pdf.A4
	}
	file, err := pdf.Render(slip, paper)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		_, w := humago.Unwrap(h)
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", attachment("일마감", "closing", clock.Day(in.Day), "pdf"))
		if _, err := w.Write(file); err != nil {
			a.Log.Warn("the document of a closing was not taken", "err", err)
		}
	}}, nil
}

func closingViews(cs []sales.Closing, names map[string]string) []Closing {
	out := make([]Closing, len(cs))
	for i, c := range cs {
		out[i] = closingView(c, names)
	}
	return out
}

func closingView(c sales.Closing, names map[string]string) Closing {
	v := Closing{
		Day: string(c.Day), Version: c.Version, Status: "CLOSED", Total: sumView(c.Figures.Total), Methods: methodViews(c.Figures.Channels),
		Counted: []Pieces{}, CountedCash: c.Cash, Float: c.Float, ExpectedCash: c.Expected, Difference: c.Difference, Note: c.Note,
		ClosedBy: c.Actor, ClosedByName: names[c.Actor], ClosedAt: instant(c.At),
	}
	for _, d := range sales.Denominations {
		if n := c.Counted[d]; n > 0 {
			v.Counted = append(v.Counted, Pieces{d, n})
		}
	}
	if !c.Stands() {
		v.Status, v.ReopenedBy, v.ReopenedByName = "REOPENED", c.ReopenedBy, names[c.ReopenedBy]
		v.ReopenedAt, v.ReopenReason = instant(c.ReopenedAt), c.Reason
	}
	return v
}

func methodViews(ls []sales.Line) []SalesLine {
	out := make([]SalesLine, len(ls))
	for i, l := range ls {
		out[i] = SalesLine{SalesSum: sumView(l.Sum), Value: l.Value}
	}
	return out
}
