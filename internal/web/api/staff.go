package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/money"
)

// StaffPermissions are what somebody may do beyond what the role allows everybody.
type StaffPermissions struct {
	_            struct{}  `additionalProperties:"true"`
	Discount     bool      `json:"discount" doc:"Sell items at a discount, or below the price of their product; else DISCOUNT_NOT_ALLOWED, PRICE_BELOW_PRODUCT"`
	Cancel       bool      `json:"cancel" doc:"Cancel payments; else CANCEL_NOT_ALLOWED"`
	CancelLimit  money.Won `json:"cancelLimit" doc:"Most that the person's cancels of one payment come to, in won; 0: no limit. Beyond it CANCEL_LIMIT"`
	EditProducts bool      `json:"editProducts" doc:"Change products, pictures and categories"`
}

// StaffMember is somebody of the merchant's who takes payments, or did.
type StaffMember struct {
	_           struct{}          `additionalProperties:"true"`
	ID          string            `json:"id" example:"usr_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Name        string            `json:"name"`
	Role        string            `json:"role" enum:"OWNER,STAFF"`
	Active      bool              `json:"active" doc:"false: disabled; listed because older payments name the person"`
	Permissions *StaffPermissions `json:"permissions,omitempty" doc:"Shown to owners"`
	Version     int64             `json:"version,omitempty" doc:"Of the permissions, of role STAFF: name it when changing them"`
}

// StaffList are all people of the merchant.
type StaffList struct {
	_     struct{}      `additionalProperties:"true"`
	Staff []StaffMember `json:"staff" nullable:"false" doc:"In the order in which they joined"`
}

// PermissionsChange replaces what somebody may do.
type PermissionsChange struct {
	Discount     bool  `json:"discount"`
	Cancel       bool  `json:"cancel"`
	CancelLimit  int64 `json:"cancelLimit" minimum:"0" maximum:"9999999999" doc:"Won; 0: no limit"`
	EditProducts bool  `json:"editProducts"`
	Version      int64 `json:"version" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

type staffOutput struct{ Body StaffList }

type permissionsInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body PermissionsChange
}

type staffMemberOutput struct{ Body StaffMember }

func (a *API) registerStaff() {
	// Whoever reads the history may know whom it names.
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "listStaff", Method: http.MethodGet, Path: "/v1/staff", Tags: []string{"Merchant"},
		Summary: "The people of the shop, whom payments name by staffId",
	}, a.listStaff)
	add(a, access{permission: merchant.UserManage, exists: a.hasStaff}, huma.Operation{
		OperationID: "setStaffPermissions", Method: http.MethodPut, Path: "/v1/staff/{id}/permissions", Tags: []string{"Merchant"},
		Summary: "Say what one of the staff may do", Description: "It holds from the person's next request on. Of an owner: 409 NOT_STAFF.",
	}, a.setPermissions)
}

func (a *API) listStaff(ctx context.Context, _ *struct{}) (*staffOutput, error) {
	p := principal(ctx)
	users, err := reached(a.Directory.Users(ctx, p.Tenant))
	if err != nil {
		return nil, err
	}
	out := StaffList{Staff: make([]StaffMember, 0, len(users))}
	for _, u := range users {
		out.Staff = append(out.Staff, staffView(u, p.Allowed(merchant.UserManage)))
	}
	return &staffOutput{out}, nil
}

// hasStaff reports whether somebody is one of the tenant's.
func (a *API) hasStaff(ctx context.Context, t merchant.Tenant, id string) error {
	users, err := reached(a.Directory.Users(ctx, t))
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.ID == id {
			return nil
		}
	}
	return merchant.ErrNotFound
}

func (a *API) setPermissions(ctx context.Context, in *permissionsInput) (*staffMemberOutput, error) {
	p, b := principal(ctx), in.Body
	u, err := reached(a.Staff.SetRights(ctx, p.UserID, p.Tenant, in.ID, merchant.Rights{
		Discount: b.Discount, Cancel: b.Cancel, CancelLimit: money.Won(b.CancelLimit), EditProducts: b.EditProducts, Version: b.Version,
	}))
	if err != nil {
		return nil, err
	}
	return &staffMemberOutput{staffView(u, true)}, nil
}

// staffView is somebody of the shop; what they may do is for who manages them.
func staffView(u merchant.User, manages bool) StaffMember {
	m := StaffMember{ID: u.ID, Name: u.Name, Role: string(u.Role), Active: u.Status != merchant.UserDisabled}
	if manages {
		m.Permissions = permissionsView(u.Has())
		if u.Role == merchant.Staff {
			m.Version = u.Rights.Version
		}
	}
	return m
}

func permissionsView(r merchant.Rights) *StaffPermissions {
	return &StaffPermissions{Discount: r.Discount, Cancel: r.Cancel, CancelLimit: r.CancelLimit, EditProducts: r.EditProducts}
}
