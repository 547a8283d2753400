package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/money"
)

// Invite lets people register at the shop.
type Invite struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id"`
	Code      string   `json:"code" doc:"Eight characters"`
	URL       string   `json:"url" doc:"Where somebody begins with it; the codes stand behind the #"`
	Uses      int      `json:"uses" doc:"How many people it is for"`
	Used      int      `json:"used"`
	CreatedAt string   `json:"createdAt" format:"date-time"`
	ExpiresAt string   `json:"expiresAt" format:"date-time"`
}

// InviteList are those that work.
type InviteList struct {
	_            struct{} `additionalProperties:"true"`
	MerchantCode string   `json:"merchantCode" doc:"Public code of the shop, six characters"`
	Invites      []Invite `json:"invites" nullable:"false" doc:"Newest first"`
}

// InviteRequest makes one.
type InviteRequest struct {
	Uses int `json:"uses" minimum:"1" maximum:"20" doc:"How many people may hand in a registration with it"`
}

// StaffApproval lets somebody in.
type StaffApproval struct {
	Discount     bool  `json:"discount"`
	Cancel       bool  `json:"cancel"`
	CancelLimit  int64 `json:"cancelLimit" minimum:"0" maximum:"9999999999" doc:"Won; 0: no limit"`
	EditProducts bool  `json:"editProducts"`
}

type inviteListOutput struct{ Body InviteList }

type inviteOutput struct{ Body Invite }

type inviteInput struct{ Body InviteRequest }

type idPath struct {
	ID string `path:"id" maxLength:"64"`
}

type approvalInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body StaffApproval
}

// registerInvites registers how owners let people in, and keep them out.
func (a *API) registerInvites() {
	manage := access{permission: merchant.UserManage}
	add(a, manage, huma.Operation{
		OperationID: "listInvites", Method: http.MethodGet, Path: "/v1/invites", Tags: []string{"Registration"}, Summary: "The shop's code, and invites that work",
	}, func(ctx context.Context, _ *struct{}) (*inviteListOutput, error) {
		all, err := a.Registrations.Invitations(ctx, principal(ctx).Tenant)
		if err != nil {
			return nil, err
		}
		out := InviteList{MerchantCode: all.ShopCode, Invites: make([]Invite, 0, len(all.Invites))}
		for _, i := range all.Invites {
			out.Invites = append(out.Invites, a.inviteView(all.ShopCode, i))
		}
		return &inviteListOutput{out}, nil
	})
	add(a, manage, huma.Operation{
		OperationID: "createInvite", Method: http.MethodPost, Path: "/v1/invites", DefaultStatus: http.StatusCreated, Tags: []string{"Registration"},
		Summary: "Invite people to register", Description: "It works for 24 hours.",
	}, func(ctx context.Context, in *inviteInput) (*inviteOutput, error) {
		p := principal(ctx)
		i, err := a.Registrations.Invite(ctx, p.Tenant, p.UserID, in.Body.Uses)
		if err != nil {
			return nil, err
		}
		code, err := a.Registrations.ShopCode(ctx, p.Tenant)
		return &inviteOutput{a.inviteView(code, i)}, err
	})
	add(a, manage, huma.Operation{
		OperationID: "revokeInvite", Method: http.MethodDelete, Path: "/v1/invites/{id}", DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
		Summary: "Take an invite back", Description: "At once: who has begun with it cannot hand in any more.",
	}, func(ctx context.Context, in *idPath) (*struct{}, error) {
		p := principal(ctx)
		return nil, a.Registrations.Revoke(ctx, p.Tenant, p.UserID, in.ID)
	})
	a.registerDecisions()
}

func (a *API) registerDecisions() {
	of := access{permission: merchant.UserManage, exists: a.hasStaff}
	add(a, of, huma.Operation{
		OperationID: "approveStaff", Method: http.MethodPost, Path: "/v1/staff/{id}/approve", DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
		Summary: "Let somebody in who registered", Description: "With what the person may do; told by text. 409 ALREADY_DECIDED.",
	}, func(ctx context.Context, in *approvalInput) (*struct{}, error) {
		p, b := principal(ctx), in.Body
		return nil, a.Registrations.Approve(ctx, p.Tenant, p.UserID, in.ID, merchant.Rights{
			Discount: b.Discount, Cancel: b.Cancel, CancelLimit: money.Won(b.CancelLimit), EditProducts: b.EditProducts,
		})
	})
	add(a, of, huma.Operation{
		OperationID: "refuseStaff", Method: http.MethodPost, Path: "/v1/staff/{id}/refuse", DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
		Summary: "Do not let somebody in who registered", Description: "The login id is free again; the person is told by text. 409 ALREADY_DECIDED.",
	}, func(ctx context.Context, in *idPath) (*struct{}, error) {
		p := principal(ctx)
		return nil, a.Registrations.Refuse(ctx, p.Tenant, p.UserID, in.ID)
	})
	for _, s := range []struct {
		id, path, summary string
		status            merchant.UserStatus
	}{
		{"disableStaff", "disable", "Keep one of the staff out: all sessions end at once", merchant.UserDisabled},
		{"enableStaff", "enable", "Let one of the staff in again", merchant.UserActive},
	} {
		add(a, of, huma.Operation{
			OperationID: s.id, Method: http.MethodPost, Path: "/v1/staff/{id}/" + s.path, DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
			Summary: s.summary, Description: "Of an owner: 409 NOT_STAFF.",
		}, func(ctx context.Context, in *idPath) (*struct{}, error) {
			return nil, a.onStaff(ctx, in.ID, func(p merchant.Principal) error {
				return a.Staff.SetUserStatus(ctx, p.UserID, p.Tenant, in.ID, s.status)
			})
		})
	}
	add(a, of, huma.Operation{
		OperationID: "endStaffSessions", Method: http.MethodDelete, Path: "/v1/staff/{id}/sessions", DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
		Summary: "Log one of the staff out everywhere", Description: "Of an owner: 409 NOT_STAFF.",
	}, func(ctx context.Context, in *idPath) (*struct{}, error) {
		return nil, a.onStaff(ctx, in.ID, func(p merchant.Principal) error {
			return a.Staff.RevokeSessions(ctx, p.UserID, p.Tenant, in.ID)
		})
	})
}

// onStaff does fn to somebody who is no owner.
func (a *API) onStaff(ctx context.Context, id string, fn func(merchant.Principal) error) error {
	p := principal(ctx)
	users, err := reached(a.Directory.Users(ctx, p.Tenant))
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.ID == id && u.Role != merchant.Staff {
			return merchant.ErrNotStaff
		}
	}
	_, err = reached(struct{}{}, fn(p))
	return err
}

func (a *API) inviteView(shopCode string, i registration.Invite) Invite {
	return Invite{
		ID: i.ID, Code: i.Code, URL: a.Registrations.Link(shopCode, i), Uses: i.Uses, Used: i.Used,
		CreatedAt: instant(i.CreatedAt), ExpiresAt: instant(i.ExpiresAt),
	}
}
