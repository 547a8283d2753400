package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
)

// StaffMember is somebody of the merchant's who takes payments, or did.
type StaffMember struct {
	_      struct{} `additionalProperties:"true"`
	ID     string   `json:"id" example:"usr_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Name   string   `json:"name"`
	Role   string   `json:"role" enum:"OWNER,STAFF"`
	Active bool     `json:"active" doc:"false: disabled; listed because older payments name the person"`
}

// StaffList are all people of the merchant.
type StaffList struct {
	_     struct{}      `additionalProperties:"true"`
	Staff []StaffMember `json:"staff" nullable:"false" doc:"In the order in which they joined"`
}

type staffOutput struct{ Body StaffList }

func (a *API) registerStaff() {
	// Whoever reads the history may know whom it names.
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "listStaff", Method: http.MethodGet, Path: "/v1/staff", Tags: []string{"Merchant"},
		Summary: "The people of the shop, whom payments name by staffId",
	}, a.listStaff)
}

func (a *API) listStaff(ctx context.Context, _ *struct{}) (*staffOutput, error) {
	users, err := reached(a.Directory.Users(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	out := StaffList{Staff: make([]StaffMember, 0, len(users))}
	for _, u := range users {
		out.Staff = append(out.Staff, StaffMember{ID: u.ID, Name: u.Name, Role: string(u.Role), Active: u.Status != merchant.UserDisabled})
	}
	return &staffOutput{out}, nil
}
