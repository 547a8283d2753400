package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// AuditList is one page.
type AuditList struct {
	_          struct{}      `additionalProperties:"true"`
	Audit      []AuditRecord `json:"audit" nullable:"false" doc:"Newest first"`
	NextCursor string        `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// AuditFilter are the conditions of the audit. It is exported because parameters are
// found in exported parts only.
type AuditFilter struct {
	Days
	MerchantID string `query:"merchantId" maxLength:"64"`
	Actor      string `query:"actor" maxLength:"100" doc:"Whole"`
	Action     string `query:"action" maxLength:"100" doc:"Whole, or its beginning up to a dot: payment finds payment.cancel"`
	Subject    string `query:"subject" maxLength:"100" doc:"Whole"`
}

func (in AuditFilter) filter() (f oversight.AuditFilter, err error) {
	f = oversight.AuditFilter{MerchantID: in.MerchantID, Actor: in.Actor, Action: strings.TrimSuffix(in.Action, "."), Subject: in.Subject}
	f.From, f.To, err = in.read()
	return f, err
}

// ChainRequest says what part of the chain is followed.
type ChainRequest struct {
	From   int64  `json:"from,omitempty" minimum:"1" doc:"Sequence number of the first seal; 1 when absent. The one before it is taken as it is"`
	Limit  int64  `json:"limit,omitempty" minimum:"1" maximum:"100000" doc:"Seals; 100,000 when absent"`
	Reason string `json:"reason" doc:"1 to 200 characters, kept in the audit"`
}

// ChainFault is one broken link.
type ChainFault struct {
	_       struct{} `additionalProperties:"true"`
	Code    string   `json:"code" enum:"AUDIT_CHAIN,AUDIT_ROW_MISSING,AUDIT_SEAL_MARK,AUDIT_HEAD"`
	Subject string   `json:"subject" doc:"Record, or sequence number"`
	Message string   `json:"message" doc:"Korean"`
}

// ChainResult is what was found.
type ChainResult struct {
	_        struct{}     `additionalProperties:"true"`
	OK       bool         `json:"ok" doc:"Nothing is broken in what was checked"`
	From     int64        `json:"from"`
	To       int64        `json:"to" doc:"Last seal that was checked; from - 1 when there was none"`
	Head     int64        `json:"head" doc:"Last seal of the chain"`
	Checked  int64        `json:"checked"`
	NextFrom int64        `json:"nextFrom,omitempty" doc:"Where to go on; absent at the end"`
	Faults   []ChainFault `json:"faults" nullable:"false" doc:"At most 100"`
}

type auditInput struct {
	AuditFilter
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type auditExportInput struct {
	AuditFilter
	Reason string `query:"reason" required:"true" maxLength:"200" doc:"1 to 200 characters, kept in the audit"`
}

type auditOutput struct{ Body AuditList }

type chainInput struct{ Body ChainRequest }

type chainOutput struct{ Body ChainResult }

// mostSeals bounds one check of the chain.
const mostSeals = 100_000

func (a *API) registerAudit() {
	add(a, access{permission: merchant.AuditRead}, huma.Operation{
		OperationID: "listAudit", Method: http.MethodGet, Path: "/v1/operator/audit", Tags: operatorTag, Summary: "Who did what, newest first",
	}, a.listAudit)
	add(a, access{permission: merchant.AuditRead}, huma.Operation{
		OperationID: "checkAudit", Method: http.MethodPost, Path: "/v1/operator/audit/check", Tags: operatorTag,
		Summary: "Follow the audit chain", Description: "Every record is held against its seal, and the chain against the heads that were exported.",
	}, a.checkAudit)
	add(a, access{permission: merchant.AuditRead}, huma.Operation{
		OperationID: "exportAudit", Method: http.MethodGet, Path: "/v1/operator/audit/export", Tags: operatorTag, Summary: "The audit as a CSV file",
		Description: "Newest first, UTF-8 with a byte order mark, at most 1,000,000 rows. Cells never begin like a formula. That it was taken is written down.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A file", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, a.exportAudit)
}

func (a *API) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	if f.Before, err = decodeCursor(id.Audit, in.Cursor); err != nil {
		return nil, err
	}
	rows, more, err := a.Oversight.Audit(ctx, f, in.Limit)
	if err != nil {
		return nil, err
	}
	return &auditOutput{AuditList{Audit: views(rows, auditView), NextCursor: following(rows, more, func(r audit.Record) string { return r.ID })}}, nil
}

func (a *API) checkAudit(ctx context.Context, in *chainInput) (*chainOutput, error) {
	limit := in.Body.Limit
	if limit == 0 {
		limit = mostSeals
	}
	c, err := a.Oversight.CheckChain(ctx, max(in.Body.From, 1), limit, act(ctx, in.Body.Reason))
	if err != nil {
		return nil, err
	}
	out := ChainResult{OK: len(c.Faults) == 0, From: c.From, To: c.To, Head: c.Head, Checked: c.Checked, Faults: []ChainFault{}}
	if c.More {
		out.NextFrom = c.To + 1
	}
	for _, f := range c.Faults {
		out.Faults = append(out.Faults, ChainFault{Code: f.Code, Subject: f.Subject, Message: f.Message})
	}
	return &chainOutput{out}, nil
}

// auditHead are the columns of the file.
var auditHead = []string{"일시", "가맹점", "행위자", "행위", "대상", "내용", "기록번호"}

func (a *API) exportAudit(ctx context.Context, in *auditExportInput) (*huma.StreamResponse, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	// Who may not have one now has taken none.
	if wait := a.exports.Wait(principal(ctx).UserID); wait > 0 {
		return nil, problem.ErrRate.WithRetryAfter(wait)
	}
	select {
	case a.exporting <- struct{}{}:
	default:
		return nil, problem.ErrRate.WithRetryAfter(exportWait)
	}
	if err := a.Oversight.ExportBegun(ctx, f, act(ctx, in.Reason)); err != nil {
		<-a.exporting
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { <-a.exporting }()
		r, w := humago.Unwrap(h)
		x := &export[audit.Record]{
			head: auditHead, cells: auditCells, key: func(r audit.Record) string { return r.ID },
			page: func(before string) ([]audit.Record, bool, error) {
				f.Before = before
				return a.Oversight.Audit(r.Context(), f, exportPage)
			},
			writer: w, control: http.NewResponseController(w), most: exportMost, title: "감사 기록", format: grid.CSV,
		}
		date := strings.ReplaceAll(string(clock.DayOf(a.now())), "-", "")
		if err := x.run(fmt.Sprintf("attachment; filename=\"innopay-audit-%s.csv\"", date)); err != nil {
			a.Log.Warn("export ended early", "trace", visit.From(ctx).TraceID, "rows", x.rows, "err", err)
			panic(http.ErrAbortHandler) // the head is out: only a broken connection tells that rows are missing
		}
	}}, nil
}

func auditCells(r audit.Record) []any {
	return []any{
		r.At.In(clock.Seoul).Format("2006-01-02 15:04:05.000000"), r.MerchantID, r.Actor, r.Action,
		r.Subject, r.Detail, r.ID,
	}
}
