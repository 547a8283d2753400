package api

import (
	"context"

	"innopay/internal/receipt"
	"innopay/internal/web/problem"
)

// Signature is what the buyer drew.
type Signature struct {
	Strokes [][][]float64 `json:"strokes" nullable:"false" doc:"Strokes of points [x, y, t]: x and y in units of the pad from its top left, 0 to 10,000; t in ms"`
}

type signInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body Signature
}

func (a *API) signPayment(ctx context.Context, in *signInput) (*viewOutput, error) {
	strokes, err := in.Body.encode("/strokes")
	if err != nil {
		return nil, err
	}
	return a.view(a.Payments.PutSignature(ctx, principal(ctx).Tenant, in.ID, strokes))
}

// encode is the signature as it is stored, nil when there is none.
func (s *Signature) encode(path string) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	drawn, err := receipt.ReadSignature(s.Strokes)
	if err != nil {
		return nil, problem.InvalidField(path, "INVALID_SIGNATURE")
	}
	return drawn.Encode(), nil
}
