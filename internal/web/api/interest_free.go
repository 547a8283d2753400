package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/approval"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
	"innopay/money"
)

// InterestFreeKeeper changes interest-free events.
type InterestFreeKeeper interface {
	// InterestFreeOf are the tenant's own; the zero tenant's are everybody's.
	InterestFreeOf(ctx context.Context, t merchant.Tenant) ([]merchant.InterestFree, error)
	// AddInterestFree returns the event with its id, Invalid or merchant.ErrTooManyEvents.
	AddInterestFree(ctx context.Context, actor string, t merchant.Tenant, e merchant.InterestFree) (merchant.InterestFree, error)
	// RemoveInterestFree returns merchant.ErrNotFound when there is none.
	RemoveInterestFree(ctx context.Context, actor string, t merchant.Tenant, eventID, reason string) error
	// ImportInterestFree adds what a table names.
	ImportInterestFree(ctx context.Context, actor string, t merchant.Tenant, in merchant.InterestFreeImport) (merchant.InterestFreeReport, error)
}

// InterestFreeRequest is a new event.
type InterestFreeRequest struct {
	MerchantID string    `json:"merchantId,omitempty" maxLength:"64" doc:"Of one merchant; absent: of all"`
	IssuerCode string    `json:"issuerCode" minLength:"2" maxLength:"8"`
	Months     []int     `json:"months" minItems:"1" maxItems:"11" nullable:"false" doc:"2 to 12, rising"`
	MinAmount  money.Won `json:"minAmount" minimum:"1" maximum:"9999999999"`
	From       string    `json:"from" format:"date" doc:"First day"`
	Until      string    `json:"until" format:"date" doc:"Last day"`
}

// InterestFreeEvent is one event.
type InterestFreeEvent struct {
	_          struct{}  `additionalProperties:"true"`
	ID         string    `json:"id,omitempty" doc:"For operators"`
	IssuerCode string    `json:"issuerCode"`
	IssuerName string    `json:"issuerName" doc:"Korean"`
	Months     []int     `json:"months" nullable:"false" doc:"Rising"`
	MinAmount  money.Won `json:"minAmount" doc:"From this amount on"`
	From       string    `json:"from" format:"date"`
	Until      string    `json:"until" format:"date"`
}

// InterestFreeList are events.
type InterestFreeList struct {
	_      struct{}            `additionalProperties:"true"`
	Events []InterestFreeEvent `json:"events" nullable:"false" doc:"By issuer, then by day"`
}

// InterestFreeError is one wrong value of a row.
type InterestFreeError struct {
	_       struct{} `additionalProperties:"true"`
	Row     int      `json:"row" doc:"In the file, from 1"`
	Column  string   `json:"column,omitempty" enum:"issuer,months,minAmount,from,until" doc:"Absent: the row as a whole"`
	Heading string   `json:"heading,omitempty" doc:"The column as the template names it"`
	Code    string   `json:"code" doc:"Stable, UPPER_SNAKE"`
	Message string   `json:"message" doc:"For people"`
	Value   string   `json:"value,omitempty" doc:"The beginning of what stands there"`
}

// InterestFreeReport says what an import did, or would do.
type InterestFreeReport struct {
	_          struct{}            `additionalProperties:"true"`
	Imported   bool                `json:"imported" doc:"It was written; false in a dry run, and when rows were bad without partial"`
	Rows       int                 `json:"rows"`
	Added      int                 `json:"added"`
	Unchanged  int                 `json:"unchanged" doc:"There already"`
	Errors     []InterestFreeError `json:"errors" nullable:"false" doc:"In order of the rows; the first 200"`
	ErrorCount int                 `json:"errorCount" doc:"Of all"`
	Ignored    []string            `json:"ignored,omitempty" doc:"Headings of columns that mean nothing here"`
}

type monthInput struct {
	Month string `query:"month" pattern:"^20[0-9]{2}-(0[1-9]|1[0-2])$" doc:"YYYY-MM; absent: the present one"`
}

type scopeInput struct {
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Of one merchant; absent: those of all"`
}

type interestFreeInput struct{ Body InterestFreeRequest }

type interestFreePath struct {
	ID         string `path:"id" maxLength:"64"`
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Whose it is; absent: everybody's"`
	Reason     string `query:"reason" required:"true" minLength:"1" maxLength:"200" doc:"Why; stands in the audit log"`
}

type interestFreeExport struct {
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Of one merchant; absent: those of all"`
	Format     string `query:"format" enum:"xlsx,csv" default:"xlsx"`
	Template   bool   `query:"template" doc:"true: the headings alone"`
}

type interestFreeImport struct {
	MerchantID string `query:"merchantId" maxLength:"64" doc:"For one merchant; absent: for all"`
	Format     string `query:"format" required:"true" enum:"xlsx,csv"`
	DryRun     bool   `query:"dryRun" doc:"true: say what would happen, and change nothing"`
	Partial    bool   `query:"partial" doc:"true: take the good rows although others are bad"`
	RawBody    []byte `contentType:"text/csv"`
}

type interestFreeOutput struct{ Body InterestFreeList }

type interestFreeEventOutput struct{ Body InterestFreeEvent }

type interestFreeReportOutput struct{ Body InterestFreeReport }

func (a *API) registerInterestFree() {
	desk := []string{"Operator"}
	add(a, access{permission: merchant.MerchantRead}, huma.Operation{
		OperationID: "listInterestFree", Method: http.MethodGet, Path: "/v1/interest-free", Tags: []string{"Merchant"},
		Summary: "Interest-free events of a month", Description: "Those that hold for the caller's merchant.",
	}, a.listInterestFree)
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "listInterestFreeEvents", Method: http.MethodGet, Path: "/v1/operator/interest-free", Tags: desk, Summary: "Interest-free events, past ones too",
	}, func(ctx context.Context, in *scopeInput) (*interestFreeOutput, error) {
		es, err := a.eventsOf(ctx, in.MerchantID)
		return &interestFreeOutput{interestFreeList(es, true)}, err
	})
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "addInterestFree", Method: http.MethodPost, Path: "/v1/operator/interest-free", DefaultStatus: http.StatusCreated, Tags: desk,
		Summary: "Add an interest-free event",
	}, a.addInterestFree)
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "removeInterestFree", Method: http.MethodDelete, Path: "/v1/operator/interest-free/{id}", DefaultStatus: http.StatusNoContent, Tags: desk,
		Summary: "Remove an interest-free event",
	}, func(ctx context.Context, in *interestFreePath) (*struct{}, error) {
		if err := approval.CheckReason(in.Reason); err != nil {
			return nil, err
		}
		_, err := reached(struct{}{}, a.Interest.RemoveInterestFree(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Reason))
		return nil, err
	})
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "exportInterestFree", Method: http.MethodGet, Path: "/v1/operator/interest-free/export", Tags: desk, Summary: "Interest-free events as a file",
		Responses: map[string]*huma.Response{"200": {
			Description: "A file",
			Content:     map[string]*huma.MediaType{grid.XLSX.ContentType(): {Schema: binary()}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers:     map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, a.exportInterestFree)
	add(a, access{permission: merchant.NoticeManage, file: &rawBody{tableTypes, grid.MaxFile}}, huma.Operation{
		OperationID: "importInterestFree", Method: http.MethodPost, Path: "/v1/operator/interest-free/import", DefaultStatus: http.StatusOK, Tags: desk,
		Summary: "Add interest-free events from a file",
		Description: "XLSX, or CSV in UTF-8 or CP949: 카드사 (name or code), 개월 (2,3,6 or 2~6), 최소금액, 시작일, 종료일. Rows that stand already are left; " +
			"nothing is removed. When a row is bad nothing is written, unless partial=true.",
		RequestBody: files(tableTypes),
	}, a.importInterestFree)
}

func (a *API) listInterestFree(ctx context.Context, in *monthInput) (*interestFreeOutput, error) {
	rules, err := reached(a.Directory.Installments(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	month := in.Month
	if month == "" {
		month = string(clock.DayOf(a.now()))[:len("2006-01")]
	}
	es := slices.DeleteFunc(rules.Events, func(e merchant.InterestFree) bool { return !e.During(month) })
	return &interestFreeOutput{interestFreeList(es, false)}, nil
}

// eventsOf are the own events of a merchant that is there, or everybody's.
func (a *API) eventsOf(ctx context.Context, merchantID string) ([]merchant.InterestFree, error) {
	t, err := a.scope(ctx, merchantID)
	if err != nil {
		return nil, err
	}
	return reached(a.Interest.InterestFreeOf(ctx, t))
}

// scope is a merchant that is there, or everybody.
func (a *API) scope(ctx context.Context, merchantID string) (merchant.Tenant, error) {
	t := merchant.TenantOf(merchantID)
	if merchantID == "" {
		return t, nil
	}
	_, err := reached(a.Directory.Merchant(ctx, t))
	return t, err
}

func (a *API) addInterestFree(ctx context.Context, in *interestFreeInput) (*interestFreeEventOutput, error) {
	t, err := a.scope(ctx, in.Body.MerchantID)
	if err != nil {
		return nil, err
	}
	e := merchant.InterestFree{Issuer: in.Body.IssuerCode, Months: in.Body.Months, MinAmount: in.Body.MinAmount}
	if e.From, err = day("/from", in.Body.From); err != nil {
		return nil, err
	}
	if e.Until, err = day("/until", in.Body.Until); err != nil {
		return nil, err
	}
	if e, err = reached(a.Interest.AddInterestFree(ctx, principal(ctx).UserID, t, e)); err != nil {
		return nil, asIssuerCode(err)
	}
	return &interestFreeEventOutput{interestFreeEvent(e, true)}, nil
}

// asIssuerCode names the issuer as the request does; a table has a column of its own name.
func asIssuerCode(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		if c.Fields[i].Path == "/issuer" {
			c.Fields[i].Path = "/issuerCode"
		}
	}
	return &c
}

func (a *API) exportInterestFree(ctx context.Context, in *interestFreeExport) (*huma.StreamResponse, error) {
	var es []merchant.InterestFree
	if !in.Template {
		var err error
		if es, err = a.eventsOf(ctx, in.MerchantID); err != nil {
			return nil, err
		}
	}
	f := grid.Format(in.Format)
	date := strings.ReplaceAll(string(clock.DayOf(a.now())), "-", "")
	return &huma.StreamResponse{Body: func(h huma.Context) {
		_, w := humago.Unwrap(h)
		w.Header().Set("Content-Type", f.ContentType())
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"interest-free-%s.%s\"; filename*=UTF-8''%s", date, f, url.PathEscape("무이자_"+date+"."+string(f))))
		err := merchant.InterestFreeTable.Write(w, f, func(yield func([]string) bool) {
			for _, e := range es {
				if !yield(e.Cells()) {
					return
				}
			}
		})
		if err != nil {
			a.Log.Warn("export of interest-free events ended early", "trace", visit.From(ctx).TraceID, "err", err)
			panic(http.ErrAbortHandler) // the head is out: only a broken connection tells that rows are missing
		}
	}}, nil
}

func (a *API) importInterestFree(ctx context.Context, in *interestFreeImport) (*interestFreeReportOutput, error) {
	v := visit.From(ctx)
	t, err := a.scope(ctx, in.MerchantID)
	if err != nil {
		return nil, err
	}
	r, err := reached(a.Interest.ImportInterestFree(ctx, v.Principal.UserID, t, merchant.InterestFreeImport{
		Format: grid.Format(in.Format), File: in.RawBody, DryRun: in.DryRun, Partial: in.Partial,
	}))
	if err != nil {
		return nil, err
	}
	out := InterestFreeReport{
		Imported: r.Done, Rows: r.Rows, Added: r.Added, Unchanged: r.Unchanged, Errors: make([]InterestFreeError, 0, len(r.Errors)),
		ErrorCount: r.ErrorCount, Ignored: r.Ignored,
	}
	for _, e := range r.Errors {
		told := InterestFreeError{Row: e.Row, Column: string(e.Column), Code: e.Code, Message: problem.Sentence(v, fault.Field{Code: e.Code, Message: e.Message}), Value: e.Value}
		if e.Column != "" {
			told.Heading = merchant.InterestFreeTable.Heading(e.Column)
		}
		out.Errors = append(out.Errors, told)
	}
	return &interestFreeReportOutput{out}, nil
}

func interestFreeList(es []merchant.InterestFree, ids bool) InterestFreeList {
	slices.SortStableFunc(es, func(a, b merchant.InterestFree) int {
		return cmp.Or(cmp.Compare(a.IssuerName(), b.IssuerName()), cmp.Compare(a.From, b.From), cmp.Compare(a.MinAmount, b.MinAmount))
	})
	out := InterestFreeList{Events: make([]InterestFreeEvent, 0, len(es))}
	for _, e := range es {
		out.Events = append(out.Events, interestFreeEvent(e, ids))
	}
	return out
}

func interestFreeEvent(e merchant.InterestFree, ids bool) InterestFreeEvent {
	out := InterestFreeEvent{
		IssuerCode: e.Issuer, IssuerName: e.IssuerName(), Months: e.Months, MinAmount: e.MinAmount, From: string(e.From), Until: string(e.Until),
	}
	if ids {
		out.ID = e.ID
	}
	return out
}
