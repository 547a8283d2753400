package store

import (
	"context"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt/desk"
	"innopay/internal/store/sqlgen"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

var _ desk.Store = (*DB)(nil)

// DeskTx implements desk.Store.
func (db *DB) DeskTx(ctx context.Context, fn func(ctx context.Context, tx desk.Tx) error) error {
	return db.requestTx(ctx, func(ctx context.Context, t *requestTx) error { return fn(ctx, t) })
}

// RevokeReceipt implements desk.Tx.
func (t *requestTx) RevokeReceipt(ctx context.Context, tenant merchant.Tenant, id string) error {
	n, err := t.tx.q.RevokeCashReceipt(ctx, sqlgen.RevokeCashReceiptParams{MerchantID: tenant.ID(), ID: id})
	if err == nil && n == 0 {
		return taxreceipt.ErrAbsent
	}
	return err
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
