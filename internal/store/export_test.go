package store

import (
	"context"
	"strings"

	"innopay/internal/payment"
)

// Explain gives the plans of the batched statements of PostgreSQL for the items,
// as the pool's connections make them. The statements are run and rolled back.
func (db *DB) Explain(ctx context.Context, ins []payment.Intent, outs []payment.Outcome) (intents, outcomes string, err error) {
	p, ok := db.engine.(*postgres)
	if !ok {
		panic("not PostgreSQL")
	}
	var in, out []*item
	for i := range ins {
		in = append(in, &item{intent: &ins[i]})
	}
	for i := range outs {
		out = append(out, &item{outcome: &outs[i]})
	}
	for _, it := range append(append([]*item(nil), in...), out...) {
		if err := db.encode(it); err != nil {
			return "", "", err
		}
	}
	explain := func(text string, args []any) (string, error) {
		tx, err := p.pool.Begin(ctx)
		if err != nil {
			return "", err
		}
		defer func() { _ = tx.Rollback(ctx) }()
		rows, err := tx.Query(ctx, "explain (analyze, buffers, settings) "+text, args...)
		if err != nil {
			return "", err
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return "", err
			}
			plan.WriteString(line + "\n")
		}
		return plan.String(), rows.Err()
	}
	if intents, err = explain(intentText, intentArgs(in)); err != nil {
		return "", "", err
	}
	outcomes, err = explain(outcomeText, outcomeArgs(out))
	return intents, outcomes, err
}
