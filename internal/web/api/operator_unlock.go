package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/approval"
	"innopay/internal/merchant"
)

// Unlocker lets people in again who cannot get in by themselves.
type Unlocker interface {
	Unlock(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) error
}

func (a *API) registerUnlock() {
	tags := []string{"Operator"}
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "unlockUser", Method: http.MethodPost, Path: "/v1/operator/merchants/{merchantId}/users/{id}/unlock", DefaultStatus: http.StatusNoContent,
		Tags: tags, Summary: "Let a locked user log in again",
	}, func(ctx context.Context, in *userActInput) (*struct{}, error) {
		if err := approval.CheckReason(in.Body.Reason); err != nil {
			return nil, err
		}
		if in.MerchantID == "" {
			return nil, merchant.ErrNotFound
		}
		_, err := reached(struct{}{}, a.Unlocker.Unlock(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.Reason))
		return nil, err
	})
	add(a, access{permission: merchant.MerchantManage}, huma.Operation{
		OperationID: "resetSecondFactor", Method: http.MethodPost, Path: "/v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor", Tags: tags,
		Summary:     "Ask for a lost second factor to be taken away",
		Description: "202 with the approval that waits for another operator. When it is applied all sessions of the user end, and the user is told.",
	}, func(ctx context.Context, in *userActInput) (*approvalOutput, error) {
		asked, err := a.Desk.ResetSecondFactor(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.Reason)
		return a.approvalOf(ctx)(reached(asked, err))
	})
}
