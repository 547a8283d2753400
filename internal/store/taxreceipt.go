package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// taxReceipts implements what taxreceipt.Tx adds to a payment's transaction, and the
// reading of taxreceipt.Store.
type taxReceipts struct {
	db *DB
	q  *sqlgen.Queries
}

// receiptTx implements taxreceipt.Tx.
type receiptTx struct {
	*tx
	taxReceipts
}

var _ taxreceipt.Store = (*DB)(nil)

// ReceiptTx implements taxreceipt.Store.
func (db *DB) ReceiptTx(ctx context.Context, fn func(ctx context.Context, tx taxreceipt.Tx) error) error {
	var t *receiptTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &receiptTx{&tx{recorder: recorder{db: db, into: q}, q: q}, taxReceipts{db, q}}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return err
}

// identifierOf is what an identifier is bound to in its ciphertext.
func identifierOf(merchantID, receiptID string) string {
	return "cash_receipt.identifier/" + merchantID + "/" + receiptID
}

func (x taxReceipts) seal(r taxreceipt.Receipt) (string, error) {
	s, err := x.db.sealer.Seal(r.Identifier.Reveal(), identifierOf(r.MerchantID, r.ID))
	if err != nil {
		return "", fmt.Errorf("store: sealing an identifier: %w", err)
	}
	return s, nil
}

// InsertReceipt implements taxreceipt.Tx.
func (x taxReceipts) InsertReceipt(ctx context.Context, r taxreceipt.Receipt) error {
	sealed, err := x.seal(r)
	if err != nil {
		return err
	}
	return x.q.InsertCashReceipt(ctx, sqlgen.InsertCashReceiptParams{
		MerchantID: r.MerchantID, ID: r.ID, Bucket: x.db.bucket(r.MerchantID), PaymentID: r.PaymentID, OrderID: r.OrderID, OrderName: r.OrderName,
		Kind: string(r.Kind), Identifier: sealed, Masked: r.Masked,
		Amount: int64(r.Split.Amount), Supplied: int64(r.Split.Supplied), Vat: int64(r.Split.VAT), TaxFree: int64(r.Split.TaxFree), ServiceFee: int64(r.Split.ServiceFee),
		BalanceAmount: int64(r.Balance.Amount), BalanceSupplied: int64(r.Balance.Supplied), BalanceVat: int64(r.Balance.VAT),
		BalanceTaxFree: int64(r.Balance.TaxFree), BalanceServiceFee: int64(r.Balance.ServiceFee), Rounding: string(r.Rounding),
		Status: string(r.Status), Number: r.Reference.Number, Day: string(r.Reference.Day), DealAt: clock.Micros(r.DealAt),
		Attempt: int64(r.Attempt), Sends: int64(r.Sends), SentAt: clock.Micros(r.SentAt), Office: r.Office, Code: r.Code, Message: r.Message,
		StaffID: r.StaffID, CreatedAt: clock.Micros(r.CreatedAt), IssuedAt: clock.Micros(r.IssuedAt), JudgedAt: clock.Micros(r.JudgedAt),
		DueAt: clock.Micros(r.DueAt), LeaseOwner: "", LeaseUntil: 0, Version: r.Version,
	})
}

// UpdateReceipt implements taxreceipt.Tx.
func (x taxReceipts) UpdateReceipt(ctx context.Context, r taxreceipt.Receipt) error {
	sealed, err := x.seal(r)
	if err != nil {
		return err
	}
	return renewed(x.q.UpdateCashReceipt(ctx, sqlgen.UpdateCashReceiptParams{
		MerchantID: r.MerchantID, ID: r.ID, Kind: string(r.Kind), Identifier: sealed, Masked: r.Masked,
		BalanceAmount: int64(r.Balance.Amount), BalanceSupplied: int64(r.Balance.Supplied), BalanceVat: int64(r.Balance.VAT),
		BalanceTaxFree: int64(r.Balance.TaxFree), BalanceServiceFee: int64(r.Balance.ServiceFee),
		Status: string(r.Status), Number: r.Reference.Number, Day: string(r.Reference.Day), Attempt: int64(r.Attempt),
		Sends: int64(r.Sends), SentAt: clock.Micros(r.SentAt), Office: r.Office, Code: r.Code, Message: r.Message,
		IssuedAt: clock.Micros(r.IssuedAt), JudgedAt: clock.Micros(r.JudgedAt), DueAt: clock.Micros(r.DueAt), Version: r.Version,
	}))
}

// renewed is taxreceipt.ErrChanged when no row was changed.
func renewed(n int64, err error) error {
	if err == nil && n == 0 {
		return taxreceipt.ErrChanged
	}
	return err
}

// InsertReceiptCancel implements taxreceipt.Tx.
func (x taxReceipts) InsertReceiptCancel(ctx context.Context, c taxreceipt.Cancel) (bool, error) {
	n, err := x.q.InsertReceiptCancel(ctx, sqlgen.InsertReceiptCancelParams{
		MerchantID: c.MerchantID, ID: c.ID, ReceiptID: c.ReceiptID, ReasonCode: int64(c.Reason),
		Amount: int64(c.Split.Amount), Supplied: int64(c.Split.Supplied), Vat: int64(c.Split.VAT), TaxFree: int64(c.Split.TaxFree),
		ServiceFee: int64(c.Split.ServiceFee), Status: string(c.Status), Number: c.Reference.Number, Day: string(c.Reference.Day),
		Sends: int64(c.Sends), SentAt: clock.Micros(c.SentAt), Code: c.Code, Message: c.Message, CreatedAt: clock.Micros(c.CreatedAt),
		IssuedAt: clock.Micros(c.IssuedAt), Version: c.Version, StaffID: c.StaffID,
	})
	return n == 1, err
}

// UpdateReceiptCancel implements taxreceipt.Tx.
func (x taxReceipts) UpdateReceiptCancel(ctx context.Context, c taxreceipt.Cancel) error {
	return renewed(x.q.UpdateReceiptCancel(ctx, sqlgen.UpdateReceiptCancelParams{
		MerchantID: c.MerchantID, ID: c.ID, Status: string(c.Status), Number: c.Reference.Number, Day: string(c.Reference.Day),
		Sends: int64(c.Sends), SentAt: clock.Micros(c.SentAt), Code: c.Code, Message: c.Message, IssuedAt: clock.Micros(c.IssuedAt), Version: c.Version,
	}))
}

// Receipt implements taxreceipt.Tx and taxreceipt.Store.
func (x taxReceipts) Receipt(ctx context.Context, t merchant.Tenant, id string) (taxreceipt.Receipt, error) {
	r, err := x.q.CashReceipt(ctx, sqlgen.CashReceiptParams{MerchantID: t.ID(), ID: id})
	if errors.Is(err, sql.ErrNoRows) {
		return taxreceipt.Receipt{}, taxreceipt.ErrAbsent
	}
	if err != nil {
		return taxreceipt.Receipt{}, err
	}
	return x.whole(ctx, r)
}

// ReceiptOfPayment implements taxreceipt.Tx and taxreceipt.Store.
func (x taxReceipts) ReceiptOfPayment(ctx context.Context, t merchant.Tenant, paymentID string) (taxreceipt.Receipt, error) {
	rows, err := x.q.CashReceiptOfPayment(ctx, sqlgen.CashReceiptOfPaymentParams{MerchantID: t.ID(), PaymentID: paymentID})
	if err != nil {
		return taxreceipt.Receipt{}, err
	}
	if len(rows) == 0 {
		return taxreceipt.Receipt{}, taxreceipt.ErrAbsent
	}
	return x.whole(ctx, rows[0])
}

// Receipt implements taxreceipt.Store.
func (db *DB) Receipt(ctx context.Context, t merchant.Tenant, id string) (taxreceipt.Receipt, error) {
	return taxReceipts{db, db.q}.Receipt(ctx, t, id)
}

// ReceiptOfPayment implements taxreceipt.Store.
func (db *DB) ReceiptOfPayment(ctx context.Context, t merchant.Tenant, paymentID string) (taxreceipt.Receipt, error) {
	return taxReceipts{db, db.q}.ReceiptOfPayment(ctx, t, paymentID)
}

// ReceiptRef implements taxreceipt.Store.
func (db *DB) ReceiptRef(ctx context.Context, t merchant.Tenant, paymentID string) (payment.CashReceiptRef, error) {
	rows, err := db.q.CashReceiptRef(ctx, sqlgen.CashReceiptRefParams{MerchantID: t.ID(), PaymentID: paymentID})
	if err != nil || len(rows) == 0 {
		return payment.CashReceiptRef{}, err
	}
	return payment.CashReceiptRef{ID: rows[0].ID, Status: rows[0].Status}, nil
}

// Receipts implements taxreceipt.Store.
func (db *DB) Receipts(ctx context.Context, t merchant.Tenant, q taxreceipt.Query) ([]taxreceipt.Receipt, error) {
	rows, err := db.q.CashReceipts(ctx, sqlgen.CashReceiptsParams{
		MerchantID: t.ID(), Before: q.Before, Whole: q.Text, Pattern: like(q.Text), Ending: "%" + likeEscaper.Replace(q.Text), Most: most(q.Limit),
	})
	if err != nil {
		return nil, err
	}
	return taxReceipts{db, db.q}.all(ctx, rows)
}

// LeaseReceipts implements taxreceipt.Store.
func (db *DB) LeaseReceipts(ctx context.Context, owner string, now, until time.Time, limit int) ([]taxreceipt.Receipt, error) {
	var rows []sqlgen.CashReceipt
	err := db.look(ctx, func() error {
		due, err := db.q.CashReceiptsDue(ctx, clock.Micros(now))
		if err != nil || len(due) == 0 {
			return err // most rounds find nothing, and need not write to see it
		}
		return db.write(ctx, func(q *sqlgen.Queries) (err error) {
			rows, err = q.LeaseCashReceipts(ctx, sqlgen.LeaseCashReceiptsParams{
				Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now), Most: most(limit),
			})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return taxReceipts{db, db.q}.all(ctx, rows)
}

func (x taxReceipts) all(ctx context.Context, rows []sqlgen.CashReceipt) ([]taxreceipt.Receipt, error) {
	out := make([]taxreceipt.Receipt, 0, len(rows))
	for _, row := range rows {
		r, err := x.whole(ctx, row)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// whole opens the identifier and adds the cancels.
func (x taxReceipts) whole(ctx context.Context, r sqlgen.CashReceipt) (taxreceipt.Receipt, error) {
	digits, err := x.db.sealer.Unseal(r.Identifier, identifierOf(r.MerchantID, r.ID))
	if err != nil {
		return taxreceipt.Receipt{}, fmt.Errorf("store: identifier of %s: %w", r.ID, err)
	}
	defer clear(digits)
	out := taxreceipt.Receipt{
		MerchantID: r.MerchantID, ID: r.ID, PaymentID: r.PaymentID, OrderID: r.OrderID, OrderName: r.OrderName,
		Kind: cashreceipt.Kind(r.Kind), Identifier: card.NewSecret(string(digits)), Masked: r.Masked,
		Split:    splitOf(r.Amount, r.Supplied, r.Vat, r.TaxFree, r.ServiceFee),
		Balance:  splitOf(r.BalanceAmount, r.BalanceSupplied, r.BalanceVat, r.BalanceTaxFree, r.BalanceServiceFee),
		Rounding: money.Rounding(r.Rounding), Status: taxreceipt.Status(r.Status),
		Reference: cashreceipt.Reference{Number: r.Number, Day: clock.Day(r.Day)}, DealAt: clock.FromMicros(r.DealAt),
		Attempt: int(r.Attempt), Sends: int(r.Sends), SentAt: clock.FromMicros(r.SentAt), Office: r.Office, Code: r.Code, Message: r.Message,
		StaffID: r.StaffID, CreatedAt: clock.FromMicros(r.CreatedAt), IssuedAt: clock.FromMicros(r.IssuedAt), JudgedAt: clock.FromMicros(r.JudgedAt),
		DueAt: clock.FromMicros(r.DueAt), LeaseOwner: r.LeaseOwner, LeaseUntil: clock.FromMicros(r.LeaseUntil), Version: r.Version,
		LinkGeneration: int(r.LinkGeneration),
	}
	rows, err := x.q.ReceiptCancels(ctx, sqlgen.ReceiptCancelsParams{MerchantID: r.MerchantID, ReceiptID: r.ID})
	for _, c := range rows {
		out.Cancels = append(out.Cancels, taxreceipt.Cancel{
			MerchantID: c.MerchantID, ID: c.ID, ReceiptID: c.ReceiptID, Reason: cashreceipt.Reason(c.ReasonCode),
			Split: splitOf(c.Amount, c.Supplied, c.Vat, c.TaxFree, c.ServiceFee), Status: taxreceipt.CancelStatus(c.Status),
			Reference: cashreceipt.Reference{Number: c.Number, Day: clock.Day(c.Day)}, Sends: int(c.Sends), SentAt: clock.FromMicros(c.SentAt),
			Code: c.Code, Message: c.Message, CreatedAt: clock.FromMicros(c.CreatedAt), IssuedAt: clock.FromMicros(c.IssuedAt), Version: c.Version,
			StaffID: c.StaffID,
		})
	}
	return out, err
}
