package store

import (
	"context"

	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/receipt/desk"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

var _ desk.Store = (*DB)(nil)

// DeskTx implements desk.Store.
func (db *DB) DeskTx(ctx context.Context, fn func(ctx context.Context, tx desk.Tx) error) error {
	return db.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return fn(ctx, tx) })
}

// PaymentByApproval implements desk.Store.
func (db *DB) PaymentByApproval(ctx context.Context, number, phone string, amount money.Won) (payment.Payment, error) {
	r, err := db.q.PaymentByApproval(ctx, sqlgen.PaymentByApprovalParams{
		ApprovalNumber: number, BuyerPhoneIndex: db.index(indexPhone, phone), Amount: int64(amount),
	})
	if err != nil {
		return payment.Payment{}, absent(err)
	}
	return db.whole(ctx, db.q, &r)
}
