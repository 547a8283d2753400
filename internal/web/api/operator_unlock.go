package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/fault"
	"innopay/internal/merchant"
)

// Unlocker lets people in again who cannot get in by themselves.
type Unlocker interface {
	Unlock(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) error
	ResetSecondFactor(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) error
}

type unlocking func(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) error

// maxReason is the length of a reason, in characters.
const maxReason = 200

func (a *API) registerUnlock() {
	act := func(do func(Unlocker) unlocking) func(context.Context, *userActInput) (*struct{}, error) {
		return func(ctx context.Context, in *userActInput) (*struct{}, error) {
			if !merchant.Printable(in.Body.Reason, 1, maxReason) {
				return nil, fault.InvalidField("/reason", "INVALID_TEXT", "사유를 1~200자로 입력해 주세요.")
			}
			if in.MerchantID == "" {
				return nil, merchant.ErrNotFound
			}
			_, err := reached(struct{}{}, do(a.Unlocker)(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.Reason))
			return nil, err
		}
	}
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "unlockUser", Method: http.MethodPost, Path: "/v1/operator/merchants/{merchantId}/users/{id}/unlock", DefaultStatus: http.StatusNoContent,
		Tags: []string{"Operator"}, Summary: "Let a locked user log in again",
	}, act(func(u Unlocker) unlocking { return u.Unlock }))
	// It opens access: where two persons are asked for, the approval stands before this act.
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "resetSecondFactor", Method: http.MethodPost, Path: "/v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor", DefaultStatus: http.StatusNoContent,
		Tags: []string{"Operator"}, Summary: "Take a lost second factor away", Description: "All sessions of the user end, and the user is told.",
	}, act(func(u Unlocker) unlocking { return u.ResetSecondFactor }))
}
