package buyer

import (
	"context"
	"errors"
	"net/http"

	"innopay/internal/payment"
	"innopay/internal/receipt"
)

// receipt shows the slip of an approved payment to whoever has its link.
func (s *Pages) receipt(w http.ResponseWriter, r *http.Request) {
	slip, err := s.find(r.Context(), r.PathValue("token"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	b := book(r)
	title := map[receipt.Kind]string{receipt.Sale: "slip", receipt.PartCancel: "slipPart", receipt.FullCancel: "slipFull"}[slip.Kind]
	s.show(w, r, http.StatusOK, "receipt.html", page{phrasebook: b, Title: b.say(title), Data: slip})
}

// find returns payment.ErrNotFound for every link that opens nothing.
func (s *Pages) find(ctx context.Context, token string) (receipt.Receipt, error) {
	t, paymentID, ok := receipt.Find(token)
	if !ok {
		return receipt.Receipt{}, payment.ErrNotFound
	}
	p, err := s.Payments.Get(ctx, t, paymentID)
	if err != nil {
		return receipt.Receipt{}, err
	}
	if !s.Links.Opens(token, p) || !p.Status.Approved() {
		return receipt.Receipt{}, payment.ErrNotFound
	}
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil {
		return receipt.Receipt{}, err
	}
	strokes, err := s.Payments.Signature(ctx, t, paymentID)
	if err != nil && !errors.Is(err, payment.ErrNotFound) {
		return receipt.Receipt{}, err
	}
	return receipt.Of(p, m, strokes, s.Simulated), nil
}
