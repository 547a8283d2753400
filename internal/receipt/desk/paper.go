package desk

import (
	"context"
	"errors"
	"strings"

	"innopay/cashreceipt"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/taxreceipt"
	"innopay/messenger"
)

// Paper is what the desk gives out: the receipt of a payment, or a cash receipt by
// itself. It holds no identifier in clear but a telephone number.
type Paper struct {
	receipt.Document
	Buyer    payment.Buyer // whose it is, as far as that is known
	payment  payment.Payment
	official taxreceipt.Receipt
}

// Paper finds what an id of a payment or of a cash receipt names. It returns
// payment.ErrNotFound or taxreceipt.ErrNotFound.
func (d *Desk) Paper(ctx context.Context, t merchant.Tenant, document string) (Paper, error) {
	if !strings.HasPrefix(document, string(id.Receipt)) {
		p, err := d.Payments.Get(ctx, t, document)
		return Paper{Document: receipt.OfPayment(p), Buyer: p.Buyer, payment: p}, err
	}
	r, err := d.Store.Receipt(ctx, t, document)
	if errors.Is(err, taxreceipt.ErrAbsent) {
		return Paper{}, taxreceipt.ErrNotFound
	}
	if err != nil {
		return Paper{}, unavailable(err)
	}
	defer r.Identifier.Wipe()
	p := Paper{Document: receipt.OfCashReceipt(r), official: r}
	if number := string(r.Identifier.Reveal()); r.Kind == cashreceipt.IncomeDeduction && messenger.ValidMobile(number) {
		p.Buyer.Phone = number
	}
	return p, nil
}

// Given says why there is nothing to give out yet (ErrNoReceipt, ErrNotIssued), nil when
// there is.
func (p Paper) Given() error {
	switch {
	case p.payment.ID != "" && !p.payment.Status.Approved():
		return ErrNoReceipt
	case p.official.ID != "" && !p.official.Given():
		return ErrNotIssued
	}
	return nil
}

// Open is what a link leads to, with its merchant; payment.ErrNotFound for every token
// that opens nothing.
func (d *Desk) Open(ctx context.Context, token string) (Paper, merchant.Merchant, error) {
	t, document, ok := receipt.Find(token)
	if !ok {
		return Paper{}, merchant.Merchant{}, payment.ErrNotFound
	}
	p, err := d.Paper(ctx, t, document)
	if errors.Is(err, taxreceipt.ErrNotFound) {
		err = payment.ErrNotFound
	}
	if err != nil {
		return Paper{}, merchant.Merchant{}, err
	}
	if !d.Links.Opens(token, p.Document) || p.payment.ID != "" && !p.payment.Status.Approved() {
		return Paper{}, merchant.Merchant{}, payment.ErrNotFound
	}
	m, err := d.Directory.Merchant(ctx, t)
	return p, m, err
}

// Read is the receipt as it stands now.
func (d *Desk) Read(ctx context.Context, p Paper, m merchant.Merchant) (receipt.Receipt, error) {
	if p.official.ID != "" {
		return receipt.Alone(p.official, m, d.Simulated), nil
	}
	strokes, err := d.Payments.Signature(ctx, m.Tenant(), p.ID)
	if err != nil && !errors.Is(err, payment.ErrNotFound) {
		return receipt.Receipt{}, err
	}
	out := receipt.Of(p.payment, m, strokes, d.Simulated)
	if p.payment.Method == payment.ByCash {
		out.Official, err = d.officialOf(ctx, m.Tenant(), p.ID)
		return out, err
	}
	return out, nil
}

// officialOf is the cash receipt of a payment, nil when there is none a buyer can use: one
// that was refused is the shop's to correct.
func (d *Desk) officialOf(ctx context.Context, t merchant.Tenant, paymentID string) (*receipt.Official, error) {
	r, err := d.Store.ReceiptOfPayment(ctx, t, paymentID)
	if errors.Is(err, taxreceipt.ErrAbsent) || err == nil && r.Status == taxreceipt.Rejected {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Identifier.Wipe()
	return receipt.OfficialOf(r), nil
}
