package store

import (
	"context"
	"encoding/json"
	"fmt"

	"innopay/clock"
	"innopay/internal/catalog"
	"innopay/internal/catalog/picture"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
)

func (r catalogReader) CountProducts(ctx context.Context, t merchant.Tenant) (count int, lastSort int64, err error) {
	n, err := r.q.CountProducts(ctx, t.ID())
	if err != nil {
		return 0, 0, err
	}
	lastSort, err = r.q.LastProductSort(ctx, t.ID())
	return int(n), lastSort, err
}

func (r catalogReader) Picture(ctx context.Context, t merchant.Tenant, productID string, size catalog.Size) ([]byte, error) {
	if size == catalog.Small {
		b, err := r.q.SmallProductPicture(ctx, sqlgen.SmallProductPictureParams{MerchantID: t.ID(), ProductID: productID})
		return b, gone(err)
	}
	b, err := r.q.LargeProductPicture(ctx, sqlgen.LargeProductPictureParams{MerchantID: t.ID(), ProductID: productID})
	return b, gone(err)
}

func (r catalogReader) Move(ctx context.Context, t merchant.Tenant, paymentID string) (catalog.Move, error) {
	row, err := r.q.StockMove(ctx, sqlgen.StockMoveParams{MerchantID: t.ID(), PaymentID: paymentID})
	if err != nil {
		return catalog.Move{}, gone(err)
	}
	m := catalog.Move{MerchantID: row.MerchantID, PaymentID: row.PaymentID, Returned: row.Returned, CreatedAt: clock.FromMicros(row.CreatedAt)}
	if err := json.Unmarshal([]byte(row.Lines), &m.Lines); err != nil {
		return catalog.Move{}, fmt.Errorf("store: lines of the stock move of %s: %w", paymentID, err)
	}
	return m, nil
}

func (t *catalogTx) PutPicture(ctx context.Context, m merchant.Tenant, productID string, p picture.Pair) error {
	return t.q.PutProductPicture(ctx, sqlgen.PutProductPictureParams{MerchantID: m.ID(), ProductID: productID, Large: p.Large, Small: p.Small})
}

func (t *catalogTx) DropPicture(ctx context.Context, m merchant.Tenant, productID string) error {
	return t.q.DeleteProductPicture(ctx, sqlgen.DeleteProductPictureParams{MerchantID: m.ID(), ProductID: productID})
}

func (t *catalogTx) InsertMove(ctx context.Context, m catalog.Move) error {
	lines, err := json.Marshal(m.Lines)
	if err != nil {
		return fmt.Errorf("store: lines of the stock move of %s: %w", m.PaymentID, err)
	}
	n, err := t.q.InsertStockMove(ctx, sqlgen.InsertStockMoveParams{
		MerchantID: m.MerchantID, PaymentID: m.PaymentID, Lines: string(lines), Returned: m.Returned, CreatedAt: clock.Micros(m.CreatedAt),
	})
	return orElse(n, err, catalog.ErrTaken)
}

func (t *catalogTx) ReturnMove(ctx context.Context, m merchant.Tenant, paymentID string) error {
	n, err := t.q.ReturnStockMove(ctx, sqlgen.ReturnStockMoveParams{MerchantID: m.ID(), PaymentID: paymentID})
	return orElse(n, err, catalog.ErrStale)
}
