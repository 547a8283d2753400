package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/merchant"
)

// Person is somebody an operator may know the name of.
type Person struct {
	_    struct{} `additionalProperties:"true"`
	ID   string   `json:"id"`
	Name string   `json:"name,omitempty" doc:"Absent for programs, and for people who are gone"`
}

// ApprovalDifference is one value before and after.
type ApprovalDifference struct {
	_      struct{} `additionalProperties:"true"`
	Field  string   `json:"field" example:"limits.perDay"`
	Before string   `json:"before,omitempty" doc:"As people read it; secrets masked. Absent: nothing"`
	After  string   `json:"after,omitempty" doc:"Likewise"`
}

// Approval is what one operator asks for and another decides.
type Approval struct {
	_             struct{}             `additionalProperties:"true"`
	ID            string               `json:"id" example:"apr_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Kind          string               `json:"kind" example:"CONTRACT_CHANGE" doc:"CONTRACT_CHANGE, MERCHANT_ACTIVATION, OPERATOR_INVITE, OPERATOR_ENABLE, SECOND_FACTOR_RESET, and what other parts decide by two"`
	MerchantID    string               `json:"merchantId,omitempty" doc:"Whom it is about; absent: the installation"`
	MerchantName  string               `json:"merchantName,omitempty"`
	Changes       []ApprovalDifference `json:"changes" nullable:"false"`
	Reason        string               `json:"reason"`
	Status        string               `json:"status" enum:"PENDING,APPLIED,REFUSED,WITHDRAWN,EXPIRED,STALE" doc:"STALE: approved too late, things had changed"`
	RequestedBy   Person               `json:"requestedBy"`
	RequestedAt   string               `json:"requestedAt" format:"date-time"`
	ExpiresAt     string               `json:"expiresAt" format:"date-time"`
	DecidedBy     *Person              `json:"decidedBy,omitempty"`
	DecidedAt     string               `json:"decidedAt,omitempty" format:"date-time"`
	Decision      string               `json:"decision,omitempty" doc:"Why it was refused"`
	Mine          bool                 `json:"mine" doc:"The caller asked for it: may withdraw it, not decide it"`
	ActivationURL string               `json:"activationUrl,omitempty" doc:"Of a new operator, shown once to who lets it in: opens password and second factor"`
}

// ApprovalList is one page, newest first.
type ApprovalList struct {
	_          struct{}   `additionalProperties:"true"`
	Approvals  []Approval `json:"approvals" nullable:"false"`
	NextCursor string     `json:"nextCursor,omitempty" doc:"Absent on the last page"`
	Mode       string     `json:"mode" enum:"TWO,SINGLE" doc:"SINGLE: the installation has one operator, and what is asked for is applied at once"`
}

// RefusalReason says why.
type RefusalReason struct {
	Reason string `json:"reason" maxLength:"200"`
}

type approvalsInput struct {
	Status     string `query:"status" enum:"PENDING,APPLIED,REFUSED,WITHDRAWN,EXPIRED,STALE"`
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Of one merchant only"`
	Cursor     string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type approvalsOutput struct{ Body ApprovalList }

// ApprovalPath names an approval; exported as MerchantPath is.
type ApprovalPath struct {
	ID string `path:"id" maxLength:"64"`
}

type refuseInput struct {
	ApprovalPath
	Body RefusalReason
}

type approvalOutput struct {
	Status int
	Body   Approval
}

func (a *API) registerApprovals() {
	decide, tags := access{permission: merchant.ApprovalDecide}, []string{"Operator"}
	add(a, decide, huma.Operation{
		OperationID: "listApprovals", Method: http.MethodGet, Path: "/v1/operator/approvals", Tags: tags,
		Summary: "What waits for a second operator, and what was decided",
	}, a.listApprovals)
	add(a, decide, huma.Operation{
		OperationID: "approval", Method: http.MethodGet, Path: "/v1/operator/approvals/{id}", Tags: tags, Summary: "One of them",
	}, func(ctx context.Context, in *ApprovalPath) (*approvalOutput, error) {
		return a.approvalOf(ctx)(reached(a.Desk.Service.Get(ctx, in.ID)))
	})
	add(a, decide, huma.Operation{
		OperationID: "approve", Method: http.MethodPost, Path: "/v1/operator/approvals/{id}/approve", Tags: tags, Summary: "Say yes",
		Description: "Applies what was asked for in the same transaction. APPROVAL_SELF to who asked; APPROVAL_STALE when things have changed since, which ends the request.",
	}, func(ctx context.Context, in *ApprovalPath) (*approvalOutput, error) {
		done, result, err := a.Desk.Service.Approve(ctx, principal(ctx).UserID, in.ID)
		if err != nil {
			return nil, err
		}
		return a.applied(ctx, done, result)
	})
	add(a, decide, huma.Operation{
		OperationID: "refuseApproval", Method: http.MethodPost, Path: "/v1/operator/approvals/{id}/refuse", Tags: tags, Summary: "Say no",
	}, func(ctx context.Context, in *refuseInput) (*approvalOutput, error) {
		return a.approvalOf(ctx)(a.Desk.Service.Refuse(ctx, principal(ctx).UserID, in.ID, in.Body.Reason))
	})
	add(a, decide, huma.Operation{
		OperationID: "withdrawApproval", Method: http.MethodPost, Path: "/v1/operator/approvals/{id}/withdraw", Tags: tags, Summary: "Take one's own request back",
	}, func(ctx context.Context, in *ApprovalPath) (*approvalOutput, error) {
		return a.approvalOf(ctx)(a.Desk.Service.Withdraw(ctx, principal(ctx).UserID, in.ID))
	})
}

func (a *API) listApprovals(ctx context.Context, in *approvalsInput) (*approvalsOutput, error) {
	before, err := decodeCursor(id.Approval, in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := reached(a.Desk.Service.List(ctx, approval.Filter{Before: before, Status: approval.Status(in.Status), MerchantID: in.MerchantID}, in.Limit+1))
	if err != nil {
		return nil, err
	}
	out := ApprovalList{Mode: "TWO"}
	if a.Desk.Service.Single {
		out.Mode = "SINGLE"
	}
	all, out.NextCursor = page(all, in.Limit, func(x approval.Approval) string { return x.ID })
	names, err := a.operatorNames(ctx)
	if err != nil {
		return nil, err
	}
	out.Approvals = make([]Approval, 0, len(all))
	for _, one := range all {
		view, err := a.approvalView(ctx, one, names)
		if err != nil {
			return nil, err
		}
		out.Approvals = append(out.Approvals, view)
	}
	return &approvalsOutput{out}, nil
}

// approvalOf shows what an act came to.
func (a *API) approvalOf(ctx context.Context) func(approval.Approval, error) (*approvalOutput, error) {
	return func(x approval.Approval, err error) (*approvalOutput, error) {
		if err != nil {
			return nil, err
		}
		return a.applied(ctx, x, approval.Result{})
	}
}

// applied shows an approval with what is shown once.
func (a *API) applied(ctx context.Context, x approval.Approval, result approval.Result) (*approvalOutput, error) {
	view, status, err := a.askedFor(ctx, &x)
	if err != nil {
		return nil, err
	}
	if result.Link != "" {
		view.ActivationURL = a.Presenter.Links.Base + "/activate/" + result.Link
	}
	return &approvalOutput{status, *view}, nil
}

// askedFor shows an approval, if there is one, and the status of the answer that tells of
// it: 202 while another operator must decide.
func (a *API) askedFor(ctx context.Context, x *approval.Approval) (*Approval, int, error) {
	if x == nil {
		return nil, http.StatusOK, nil
	}
	names, err := a.operatorNames(ctx)
	if err != nil {
		return nil, 0, err
	}
	view, err := a.approvalView(ctx, *x, names)
	if x.Status == approval.Pending {
		return &view, http.StatusAccepted, err
	}
	return &view, http.StatusOK, err
}

// operatorNames are the names of the installation's operators by id.
func (a *API) operatorNames(ctx context.Context) (map[string]string, error) {
	users, err := reached(a.Directory.Users(ctx, merchant.TenantOf("")))
	names := map[string]string{}
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

func (a *API) approvalView(ctx context.Context, x approval.Approval, names map[string]string) (Approval, error) {
	out := Approval{
		ID: x.ID, Kind: x.Kind, MerchantID: x.MerchantID, Reason: x.Reason, Status: string(x.Status),
		RequestedBy: Person{ID: x.RequestedBy, Name: names[x.RequestedBy]}, RequestedAt: instant(x.RequestedAt), ExpiresAt: instant(x.ExpiresAt),
		DecidedAt: instant(x.DecidedAt), Decision: x.Decision, Mine: x.RequestedBy == principal(ctx).UserID,
		Changes: make([]ApprovalDifference, 0, len(x.Changes)),
	}
	for _, c := range x.Changes {
		out.Changes = append(out.Changes, ApprovalDifference{Field: c.Field, Before: c.Before, After: c.After})
	}
	if x.DecidedBy != "" {
		out.DecidedBy = &Person{ID: x.DecidedBy, Name: names[x.DecidedBy]}
	}
	if x.MerchantID == "" {
		return out, nil
	}
	m, err := reached(a.Directory.Merchant(ctx, x.Tenant()))
	out.MerchantName = m.Name
	return out, err
}
