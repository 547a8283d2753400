package approval

import (
	"context"
	"encoding/json"
	"fmt"

	"innopay/internal/merchant"
)

// SecondFactorReset is the kind by which a user loses a second factor that it cannot use
// any more: whoever talks one operator into it still has another before them.
const SecondFactorReset = "SECOND_FACTOR_RESET"

// factorReset is the payload of SecondFactorReset.
type factorReset struct {
	Factor string `json:"factor"` // digest of the one that is to go; a newer one stays
}

// ResetSecondFactor asks for a user of a merchant to lose its second factor. It returns
// Invalid, ErrPending, merchant.ErrNotFound or merchant.ErrSecondFactorOff.
func (d *Desk) ResetSecondFactor(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) (Approval, error) {
	if err := CheckReason(reason); err != nil {
		return Approval{}, err
	}
	if t.ID() == "" {
		return Approval{}, merchant.ErrNotFound // operators let each other in anew
	}
	u, factor, err := d.Registry.SecondFactor(ctx, t, userID)
	if err != nil {
		return Approval{}, err
	}
	a, _, err := d.Service.Request(ctx, Ask{
		Actor: actor, Tenant: t, Kind: SecondFactorReset, Subject: userID, Reason: reason, Payload: factorReset{factor},
		Changes: []Change{{Field: "loginId", After: u.LoginID}, {Field: "secondFactor", Before: "TOTP"}},
	})
	return a, err
}

func (d *Desk) applyFactorReset(ctx context.Context, tx Tx, a Approval, payload []byte) (Result, error) {
	var p factorReset
	if err := json.Unmarshal(payload, &p); err != nil {
		return Result{}, fmt.Errorf("approval: payload of %s: %w", a.ID, err)
	}
	return Result{}, stale(d.Registry.ResetSecondFactorTx(ctx, tx, a.DecidedBy, a.Tenant(), a.Subject, p.Factor, a.Reason))
}
