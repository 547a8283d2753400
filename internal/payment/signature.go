package payment

import (
	"context"

	"innopay/fault"
	"innopay/internal/merchant"
)

// ErrSignatureStands: a signature is never replaced.
var ErrSignatureStands = fault.New(fault.Conflict, "SIGNATURE_EXISTS", "서명이 이미 있어요.")

// PutSignature fills the signature of a payment that has none. strokes is JSON of at
// most 100 KB (rulings 3).
func (s *Service) PutSignature(ctx context.Context, t merchant.Tenant, paymentID string, strokes []byte) (Payment, error) {
	if len(strokes) > maxSignature {
		return Payment{}, fault.InvalidField("/strokes", "TOO_LARGE", "서명이 너무 커요. 다시 서명해 주세요.")
	}
	var out Payment
	err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, t, paymentID)
		if err != nil {
			return err
		}
		if !p.Status.Approved() {
			return ErrNotApproved
		}
		if err := tx.PutSignature(ctx, t, paymentID, strokes); err != nil {
			if is(err, ErrChanged) {
				return ErrSignatureStands
			}
			return err
		}
		p.SignatureMissing = false
		p.Version++
		out = p
		return tx.UpdatePayment(ctx, p)
	})
	if err != nil {
		return Payment{}, storeFault(err)
	}
	return out, nil
}

// ErrNotApproved: only a sale can be signed.
var ErrNotApproved = fault.New(fault.Conflict, "NOT_APPROVED", "승인된 거래에만 서명할 수 있어요.")

// Signature is the stored strokes as JSON; ErrNotFound when there are none.
func (s *Service) Signature(ctx context.Context, t merchant.Tenant, paymentID string) ([]byte, error) {
	b, err := s.Store.Signature(ctx, t, paymentID)
	if err != nil {
		return nil, storeFault(err)
	}
	return b, nil
}
