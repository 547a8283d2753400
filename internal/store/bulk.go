package store

import (
	"context"

	"innopay/internal/store/sqlgen"
)

// bulkMost is the most rows in one statement.
const bulkMost = 128

// inBulk hands over items in runs whose lengths are powers of two, so that the texts
// made for them are few and stay prepared.
func inBulk[T any](items []T, do func([]T) error) error {
	for size := bulkMost; size > 0; size /= 2 {
		for len(items) >= size {
			if err := do(items[:size]); err != nil {
				return err
			}
			items = items[size:]
		}
	}
	return nil
}

// values is "($1, $2), ($3, $4)" for rows that add their arguments one by one.
func (w *where) values(rows int, row func(i int, add func(any))) {
	for i := range rows {
		open := "("
		if i > 0 {
			open = ", ("
		}
		row(i, func(v any) {
			w.text.WriteString(open + w.arg(v))
			open = ", "
		})
		w.text.WriteByte(')')
	}
}

// changeRows runs "head where bucket = .. and condition and id in (..)" for the ids of
// each bucket and reports how many rows changed. args are those of head.
func changeRows(ctx context.Context, d sqlgen.DBTX, head, condition string, args []any, ids map[int64][]string) (int64, error) {
	var changed int64
	for bucket, all := range ids {
		err := inBulk(all, func(some []string) error {
			w := &where{args: append([]any{}, args...)}
			w.text.WriteString(head + " where bucket = " + w.arg(bucket) + " and " + condition)
			isOneOf(w, "id", some)
			r, err := d.ExecContext(ctx, w.text.String(), w.args...)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			changed += n
			return err
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}
