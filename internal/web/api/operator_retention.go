package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/retention"
)

// RetentionClass is one kind of record, and how long it is kept.
type RetentionClass struct {
	_       struct{} `additionalProperties:"true"`
	Name    string   `json:"name" example:"BUYERS"`
	Title   string   `json:"title" doc:"Korean"`
	What    string   `json:"what" doc:"Korean: what is deleted or blanked, and from when time counts"`
	Why     string   `json:"why" doc:"Korean: law or purpose"`
	Act     string   `json:"act" enum:"DELETE,BLANK,KEEP"`
	Days    int      `json:"days,omitempty" doc:"Absent: for good"`
	Least   int      `json:"leastDays,omitempty" doc:"What the law asks; nothing shorter can be configured"`
	SweptAt string   `json:"sweptAt,omitempty" format:"date-time" doc:"End of the last whole sweep"`
	Last    int64    `json:"last" doc:"Rows in it"`
	Total   int64    `json:"total" doc:"Rows ever"`
	Due     *int     `json:"due,omitempty" doc:"Of a dry run: rows whose time has come, at most 10,000 of each merchant"`
}

// RetentionTable is all of them.
type RetentionTable struct {
	_       struct{}         `additionalProperties:"true"`
	Classes []RetentionClass `json:"classes" nullable:"false"`
}

// BuyerSearch names a buyer; one of the two is needed.
type BuyerSearch struct {
	Phone  string `json:"phone,omitempty" maxLength:"30" doc:"Telephone number, any spelling"`
	Mail   string `json:"mail,omitempty" maxLength:"100" doc:"Address of mail"`
	Reason string `json:"reason" maxLength:"200" doc:"1 to 200 characters, kept in the audit"`
}

// ErasureKept is what an erasure leaves because the law obliges to keep it.
type ErasureKept struct {
	_     struct{} `additionalProperties:"true"`
	Class string   `json:"class" example:"LEDGER"`
	Title string   `json:"title" doc:"Korean"`
	Why   string   `json:"why" doc:"Korean"`
	Rows  int64    `json:"rows"`
	Until string   `json:"until,omitempty" format:"date-time" doc:"The last of them; absent: without anything personal in it, for good"`
}

// Erasure is data of a person that is, or was, erased.
type Erasure struct {
	_           struct{}      `additionalProperties:"true"`
	ID          string        `json:"id" example:"era_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Kind        string        `json:"kind" enum:"BUYER,USER"`
	MerchantID  string        `json:"merchantId,omitempty" doc:"Of a user"`
	Label       string        `json:"label" doc:"Masked"`
	Reason      string        `json:"reason"`
	Status      string        `json:"status" enum:"RUNNING,DONE"`
	Blanked     int64         `json:"blanked" doc:"Rows"`
	Waiting     int64         `json:"waiting" doc:"Rows that something under way still needs; looked at again every hour"`
	Kept        []ErasureKept `json:"kept" nullable:"false"`
	RequestedBy Person        `json:"requestedBy"`
	ApprovedBy  Person        `json:"approvedBy"`
	CreatedAt   string        `json:"createdAt" format:"date-time"`
	DoneAt      string        `json:"doneAt,omitempty" format:"date-time"`
}

// ErasureList is one page, newest first.
type ErasureList struct {
	_          struct{}  `additionalProperties:"true"`
	Erasures   []Erasure `json:"erasures" nullable:"false"`
	NextCursor string    `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

type retentionInput struct {
	DryRun bool `query:"dryRun" doc:"Count what the next sweep would do"`
}

type buyerSearchInput struct{ Body BuyerSearch }

type erasuresInput struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type (
	retentionOutput struct{ Body RetentionTable }
	erasuresOutput  struct{ Body ErasureList }
)

func (a *API) registerRetention() {
	manage, tags := access{permission: merchant.DataManage}, []string{"Operator"}
	const user = "/v1/operator/merchants/{merchantId}/users/{id}/personal-data"
	add(a, manage, huma.Operation{
		OperationID: "retention", Method: http.MethodGet, Path: "/v1/operator/retention", Tags: tags, Summary: "How long every record is kept, and what sweeping came to",
	}, a.retention)
	add(a, manage, huma.Operation{
		OperationID: "exportBuyer", Method: http.MethodPost, Path: "/v1/operator/buyers/export", Tags: tags, Responses: zipped(),
		Summary: "What is known of a buyer at all merchants", Description: "By telephone number or mail, as a ZIP of CSV files. Who took it and why is kept in the audit.",
	}, func(ctx context.Context, in *buyerSearchInput) (*huma.StreamResponse, error) {
		p, err := retention.Read(in.Body.Phone, in.Body.Mail)
		if err != nil {
			return nil, err
		}
		return a.zip(ctx, "buyer", func() (retention.Export, error) {
			return a.Eraser.ExportBuyer(principal(ctx).UserID, p, in.Body.Reason)
		})
	})
	add(a, manage, huma.Operation{
		OperationID: "eraseBuyer", Method: http.MethodPost, Path: "/v1/operator/buyers/erase", Tags: tags,
		Summary: "Ask for a buyer's data to be erased at all merchants", Description: "202 with the approval that waits for another operator. It cannot be taken back once it is applied.",
	}, func(ctx context.Context, in *buyerSearchInput) (*approvalOutput, error) {
		p, err := retention.Read(in.Body.Phone, in.Body.Mail)
		if err != nil {
			return nil, err
		}
		return a.approvalOf(ctx)(reached(a.Eraser.EraseBuyer(ctx, principal(ctx).UserID, p, in.Body.Reason)))
	})
	add(a, manage, huma.Operation{
		OperationID: "exportUser", Method: http.MethodPost, Path: user + "/export", Tags: tags, Responses: zipped(), Summary: "What is known of somebody of a merchant",
	}, func(ctx context.Context, in *userActInput) (*huma.StreamResponse, error) {
		return a.zip(ctx, "user", func() (retention.Export, error) {
			return a.Eraser.ExportUser(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.Reason)
		})
	})
	add(a, manage, huma.Operation{
		OperationID: "eraseUser", Method: http.MethodPost, Path: user + "/erase", Tags: tags, Summary: "Ask for the data of somebody of a merchant to be erased",
		Description: "202 with the approval that waits for another operator. LAST_OWNER where a merchant would be left without an owner.",
	}, func(ctx context.Context, in *userActInput) (*approvalOutput, error) {
		return a.approvalOf(ctx)(reached(a.Eraser.EraseUser(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.Reason)))
	})
	add(a, manage, huma.Operation{
		OperationID: "listErasures", Method: http.MethodGet, Path: "/v1/operator/erasures", Tags: tags, Summary: "What is and was erased, and what stays until when",
	}, a.listErasures)
}

func (a *API) retention(ctx context.Context, in *retentionInput) (*retentionOutput, error) {
	states, err := reached(a.Keeping.States(ctx, in.DryRun))
	if err != nil {
		return nil, err
	}
	out := RetentionTable{Classes: make([]RetentionClass, 0, len(states))}
	for _, s := range states {
		v := RetentionClass{
			Name: s.Name, Title: s.Title, What: s.What, Why: s.Why, Act: string(s.Act), Days: s.Days(), Least: int(s.Least / retention.Day),
			SweptAt: instant(s.Figure.SweptAt), Last: s.Figure.Gone, Total: s.Figure.Total,
		}
		if s.Due >= 0 {
			v.Due = &s.Due
		}
		out.Classes = append(out.Classes, v)
	}
	return &retentionOutput{out}, nil
}

func (a *API) listErasures(ctx context.Context, in *erasuresInput) (*erasuresOutput, error) {
	before, err := decodeCursor(id.Erasure, in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := reached(a.Eraser.Erasures(ctx, before, in.Limit+1))
	if err != nil {
		return nil, err
	}
	names, err := a.operatorNames(ctx)
	if err != nil {
		return nil, err
	}
	var out ErasureList
	all, out.NextCursor = page(all, in.Limit, func(e retention.Erasure) string { return e.ID })
	out.Erasures = make([]Erasure, 0, len(all))
	for _, e := range all {
		out.Erasures = append(out.Erasures, a.erasureView(e, names))
	}
	return &erasuresOutput{out}, nil
}

func (a *API) erasureView(e retention.Erasure, names map[string]string) Erasure {
	v := Erasure{
		ID: e.ID, Kind: string(e.Kind), MerchantID: e.MerchantID, Label: e.Label, Reason: e.Reason, Status: "RUNNING", Blanked: e.Blanked, Waiting: e.Waiting,
		RequestedBy: Person{ID: e.RequestedBy, Name: names[e.RequestedBy]}, ApprovedBy: Person{ID: e.ApprovedBy, Name: names[e.ApprovedBy]},
		CreatedAt: instant(e.CreatedAt), DoneAt: instant(e.DoneAt), Kept: make([]ErasureKept, 0, len(e.Kept)),
	}
	if e.Done {
		v.Status = "DONE"
	}
	for _, name := range slices.Sorted(maps.Keys(e.Kept)) {
		c, r := a.Eraser.Policy.Of(name), e.Kept[name]
		v.Kept = append(v.Kept, ErasureKept{Class: name, Title: c.Title, Why: c.Why, Rows: r.Rows, Until: instant(r.Until)})
	}
	return v
}
