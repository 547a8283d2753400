package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/money"
)

// TestLostReceiptIsFoundByAllThree: number, phone and amount together, over all
// merchants, and the newest where two fit.
func TestLostReceiptIsFoundByAllThree(t *testing.T) {
	t.Parallel()
	for engine, o := range map[string]store.Options{"SQLite": onSQLite(t), "PostgreSQL": onPostgres(t, nil)} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			lostReceipt(t, open(t, o))
		})
	}
}

func lostReceipt(t *testing.T, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	sell := func(seed uint64, later time.Duration) payment.Payment {
		d := storetest.NewDesk(seed)
		err := store.NewMerchants(db).Tx(ctx, func(ctx context.Context, tx merchant.Tx) error {
			return tx.InsertMerchant(ctx, merchant.Merchant{ID: d.Merchant, Name: "shop", ChipFirst: merchant.ChipAsk, Status: merchant.Active, CreatedAt: d.Now, Version: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Now = d.Now.Add(later)
		in := d.Intent()
		if err := db.CommitIntents(ctx, []payment.Intent{in})[0]; err != nil {
			t.Fatal(err)
		}
		out := d.Approved(in)
		if err := db.CommitOutcomes(ctx, []payment.Outcome{out})[0]; err != nil {
			t.Fatal(err)
		}
		return out.Payment
	}
	sell(201, 0)
	newest := sell(202, time.Hour)
	number, phone, amount := newest.Card.ApprovalNumber, newest.Buyer.Phone, newest.Split.Amount
	got, err := db.PaymentByApproval(ctx, number, phone, amount)
	if err != nil || got.ID != newest.ID || got.MerchantID != newest.MerchantID {
		t.Errorf("%s of %s, %v", got.ID, got.MerchantID, err)
	}
	for name, ask := range map[string]struct {
		number, phone string
		amount        money.Won
	}{
		"another number": {"99999999", phone, amount}, "another phone": {number, "01000009999", amount}, "another amount": {number, phone, amount + 1},
		"no number": {"", phone, amount}, "no phone": {number, "", amount},
	} {
		if _, err := db.PaymentByApproval(ctx, ask.number, ask.phone, ask.amount); !errors.Is(err, payment.ErrAbsent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
