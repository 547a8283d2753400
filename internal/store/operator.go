package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
)

// standingOf is a merchant's status: one that nobody has approved yet is stored as
// suspended, so that a reader of the status alone takes it for no more.
func standingOf(row sqlgen.Merchant) merchant.Status {
	if !row.Reviewed {
		return merchant.Review
	}
	return merchant.Status(row.Status)
}

func storedStatus(m merchant.Merchant) string {
	if m.Status == merchant.Review {
		return string(merchant.Suspended)
	}
	return string(m.Status)
}

func (r merchantReader) FindMerchants(ctx context.Context, f merchant.MerchantFilter, limit int) ([]merchant.Merchant, error) {
	p := sqlgen.FindMerchantsParams{Before: f.Before, Standing: string(f.Status), Most: most(limit)}
	if f.Text != "" {
		p.Exact = f.Text
		p.Words = "%" + escaped(strings.ToLower(f.Text)) + "%"
		p.Numbers = "-" // what no number holds
		if digits := strings.NewReplacer("-", "", " ", "").Replace(f.Text); digits != "" && strings.Trim(digits, "0123456789") == "" {
			p.Numbers = "%" + digits + "%"
		}
	}
	rows, err := r.q.FindMerchants(ctx, p)
	if err != nil {
		return nil, err
	}
	ms := make([]merchant.Merchant, len(rows))
	for i, row := range rows {
		if ms[i], err = r.withTerminals(ctx, row); err != nil {
			return nil, err
		}
	}
	return ms, nil
}

// escaped is text in which LIKE finds only itself, with '!' before what it would read.
func escaped(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

func (r merchantReader) Paid(ctx context.Context, t merchant.Tenant) (bool, error) {
	ids, err := r.q.AnyPayment(ctx, t.ID())
	return len(ids) > 0, err
}

func (r merchantReader) TerminalUse(ctx context.Context, t merchant.Tenant, tid string) (merchant.TerminalUse, error) {
	var use merchant.TerminalUse
	open, err := r.q.UnsettledTerminals(ctx, t.ID())
	if err != nil {
		return use, err
	}
	use.Unsettled = slices.Contains(open, tid)
	sold, err := r.q.TakenWithTerminal(ctx, sqlgen.TakenWithTerminalParams{MerchantID: t.ID(), TerminalID: tid})
	use.Sold = len(sold) > 0
	return use, err
}

func (t *merchantTx) insertTerminal(ctx context.Context, merchantID string, at merchant.Terminal) error {
	return orTaken(t.q.InsertTerminal(ctx, sqlgen.InsertTerminalParams{MerchantID: merchantID, ID: at.TID, Mid: at.MID, Acquirer: at.Acquirer}))
}

// ReplaceTerminals implements merchant.Tx. Rows that stay are left alone, for the number
// of a terminal is unique over all merchants.
func (t *merchantTx) ReplaceTerminals(ctx context.Context, m merchant.Tenant, ts []merchant.Terminal) error {
	old, err := t.q.Terminals(ctx, m.ID())
	if err != nil {
		return err
	}
	stays := map[merchant.Terminal]bool{}
	for _, o := range old {
		at := merchant.Terminal{TID: o.ID, MID: o.Mid, Acquirer: o.Acquirer}
		if stays[at] = slices.Contains(ts, at); stays[at] {
			continue
		}
		if err := t.q.DeleteTerminal(ctx, sqlgen.DeleteTerminalParams{MerchantID: m.ID(), ID: o.ID}); err != nil {
			return err
		}
	}
	for _, at := range ts {
		if stays[at] {
			continue
		}
		if err := t.insertTerminal(ctx, m.ID(), at); err != nil {
			return err
		}
	}
	return nil
}

// EndAccess implements merchant.Tx.
func (t *merchantTx) EndAccess(ctx context.Context, m merchant.Tenant, at time.Time) error {
	if err := t.q.EndSessionsOfMerchant(ctx, m.ID()); err != nil {
		return err
	}
	if err := t.q.RevokeAllKeys(ctx, sqlgen.RevokeAllKeysParams{At: clock.Micros(at), MerchantID: m.ID()}); err != nil {
		return err
	}
	return t.q.RevokeAllLinks(ctx, sqlgen.RevokeAllLinksParams{At: clock.Micros(at), MerchantID: m.ID()})
}

// HoldOperators implements merchant.Tx: their rows stay with this transaction.
func (t *merchantTx) HoldOperators(ctx context.Context) error { return t.q.HoldOperators(ctx) }
