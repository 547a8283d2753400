package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"innopay/clock"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// contractReader implements contract.Reader, in and out of a transaction.
type contractReader struct{ q *sqlgen.Queries }

var _ contract.Reader = (*DB)(nil)

// ContractOn implements contract.Reader.
func (db *DB) ContractOn(ctx context.Context, t merchant.Tenant, day clock.Day) (contract.Row, error) {
	return contractReader{db.q}.ContractOn(ctx, t, day)
}

// Contracts implements contract.Reader.
func (db *DB) Contracts(ctx context.Context, t merchant.Tenant) ([]contract.Row, error) {
	return contractReader{db.q}.Contracts(ctx, t)
}

func (r contractReader) ContractOn(ctx context.Context, t merchant.Tenant, day clock.Day) (contract.Row, error) {
	row, err := r.q.ContractOn(ctx, sqlgen.ContractOnParams{MerchantID: t.ID(), EffectiveDay: string(day)})
	if errors.Is(err, sql.ErrNoRows) {
		return contract.Row{}, contract.ErrAbsent
	}
	if err != nil {
		return contract.Row{}, err
	}
	return contractOf(row)
}

func (r contractReader) Contracts(ctx context.Context, t merchant.Tenant) ([]contract.Row, error) {
	rows, err := r.q.Contracts(ctx, t.ID())
	if err != nil {
		return nil, err
	}
	out := make([]contract.Row, len(rows))
	for i, row := range rows {
		if out[i], err = contractOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LimitGate implements payment.Reader.
func (db *DB) LimitGate(ctx context.Context, t merchant.Tenant) (int64, error) {
	version, err := db.q.LimitGate(ctx, t.ID())
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

// LimitSum implements payment.Reader.
func (db *DB) LimitSum(ctx context.Context, t merchant.Tenant, from, until clock.Day) (money.Won, error) {
	sum, err := db.q.LimitSum(ctx, sqlgen.LimitSumParams{MerchantID: t.ID(), FromDay: string(from), UntilDay: string(until)})
	return money.Won(sum), err
}

func contractOf(r sqlgen.Contract) (contract.Row, error) {
	c := contract.Contract{
		MerchantID: r.MerchantID, Version: r.Version, Effective: clock.Day(r.EffectiveDay), From: clock.Day(r.FromDay), Until: clock.Day(r.UntilDay),
		FeeVAT: r.FeeVat, Cycle: int(r.Cycle), Actor: r.Actor, CreatedAt: clock.FromMicros(r.CreatedAt),
		Limits: contract.Limits{
			PerPayment: money.Won(r.LimitPayment), PerDay: money.Won(r.LimitDay), PerMonth: money.Won(r.LimitMonth), MaxMonths: int(r.MaxMonths),
		},
	}
	if err := json.Unmarshal([]byte(r.Fees), &c.Fees); err != nil {
		return contract.Row{}, fmt.Errorf("store: fees of %s: %w", r.MerchantID, err)
	}
	return contract.Row{Contract: c, Sealed: r.Account}, nil
}

func insertContract(ctx context.Context, q *sqlgen.Queries, r contract.Row) error {
	fees, err := json.Marshal(r.Fees)
	if err != nil {
		return fmt.Errorf("store: fees of %s: %w", r.MerchantID, err)
	}
	n, err := q.InsertContract(ctx, sqlgen.InsertContractParams{
		MerchantID: r.MerchantID, Version: r.Version, EffectiveDay: string(r.Effective), FromDay: string(r.From), UntilDay: string(r.Until),
		Fees: string(fees), FeeVat: r.FeeVAT, LimitPayment: int64(r.Limits.PerPayment), LimitDay: int64(r.Limits.PerDay),
		LimitMonth: int64(r.Limits.PerMonth), MaxMonths: int64(r.Limits.MaxMonths), Cycle: int64(r.Cycle), Account: r.Sealed,
		Actor: r.Actor, CreatedAt: clock.Micros(r.CreatedAt),
	})
	return orElse(n, err, contract.ErrStale)
}
