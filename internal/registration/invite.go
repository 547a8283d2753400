package registration

import (
	"context"
	"errors"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
)

// Invitations are a shop's code and its invites.
type Invitations struct {
	ShopCode string
	Invites  []Invite // that work, newest first
}

// codeTries is how often a shop's code is drawn again when it was another's.
const codeTries = 8

// ShopCode is the merchant's public code; it is drawn when it is first asked for.
func (s *Service) ShopCode(ctx context.Context, t merchant.Tenant) (string, error) {
	for range codeTries {
		code, err := s.Store.ShopCode(ctx, t)
		if !errors.Is(err, ErrAbsent) {
			return code, unavailable(err)
		}
		if code, err = s.draw(shopLength); err != nil {
			return "", err
		}
		err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error { return tx.PutShopCode(ctx, t, code) })
		if err != nil && !errors.Is(err, ErrTaken) {
			return "", unavailable(err)
		}
	}
	return "", unavailable(errors.New("registration: no code of a shop is free"))
}

// Invitations lists what works.
func (s *Service) Invitations(ctx context.Context, t merchant.Tenant) (Invitations, error) {
	code, err := s.ShopCode(ctx, t)
	if err != nil {
		return Invitations{}, err
	}
	all, err := s.Store.Invites(ctx, t, 4*MaxInvites)
	if err != nil {
		return Invitations{}, unavailable(err)
	}
	out, now := Invitations{ShopCode: code}, s.now()
	for _, i := range all {
		if i.Works(now) {
			out.Invites = append(out.Invites, i)
		}
	}
	return out, nil
}

// Invite makes an invite for so many people. It returns Invalid.
func (s *Service) Invite(ctx context.Context, t merchant.Tenant, actor string, uses int) (Invite, error) {
	if uses < 1 || uses > MaxUses {
		return Invite{}, fault.InvalidField("/uses", "OUT_OF_RANGE", "초대할 사람 수는 1~20명으로 정해 주세요.")
	}
	present, err := s.Invitations(ctx, t)
	if err != nil {
		return Invite{}, err
	}
	if len(present.Invites) >= MaxInvites {
		return Invite{}, fault.InvalidField("/uses", "TOO_MANY", "쓰지 않은 초대가 너무 많아요. 먼저 거둬 주세요.")
	}
	code, err := s.draw(inviteLength)
	if err != nil {
		return Invite{}, err
	}
	now := s.now()
	i := Invite{
		MerchantID: t.ID(), ID: s.IDs.At(id.Invite, now), Code: code, Uses: uses, CreatedBy: actor, CreatedAt: now, ExpiresAt: now.Add(InviteLife),
	}
	err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertInvite(ctx, i); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "invite.created", i.ID, nil))
	})
	return i, unavailable(err)
}

// Revoke stops an invite at once; who has begun with it cannot hand in any more. It
// returns ErrNotFound.
func (s *Service) Revoke(ctx context.Context, t merchant.Tenant, actor, inviteID string) error {
	err := s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.RevokeInvite(ctx, t, inviteID, s.now()); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "invite.revoked", inviteID, nil))
	})
	if errors.Is(err, ErrStale) {
		return ErrNotFound
	}
	return unavailable(err)
}

// Link is the address under which somebody begins with an invite. The codes stand behind
// the #, which browsers keep to themselves.
func (s *Service) Link(shopCode string, i Invite) string {
	return s.Base + "/app/register#" + shopCode + "-" + i.Code
}
