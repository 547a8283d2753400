package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/outbox"
)

// series is a table of all merchants' rows whose ids begin with the time. No index puts
// them in one order over all merchants, because each would cost a payment another page;
// so lists over all walk back in time, and read each part by its key.
type series struct {
	table    string // its rows are called t
	prefix   id.Prefix
	byBucket bool // keyed by bucket and id, else by merchant and id
}

// span is which part of a series a list is of.
type span struct {
	merchantID string // empty: all
	before     string // id of the last row of the page before; empty: from the newest
	from, to   clock.Day
}

// Figures of the walk.
const (
	firstStep = 10 * time.Minute
	stepGrows = 4 // times, when a step gave too little
)

// newest is one page of a series, newest first. page reads rows with lo <= id < hi in
// that order, at most limit.
func newest[T any](
	ctx context.Context, db *DB, src series, at span, limit int, page func(w *where, limit int) ([]T, error),
) ([]T, error) {
	hi, floor := string(src.prefix)+"~", string(src.prefix)
	if at.to != "" {
		hi = id.Floor(src.prefix, at.to.End())
	}
	if at.before != "" && at.before < hi {
		hi = at.before
	}
	if at.from != "" {
		floor = id.Floor(src.prefix, at.from.Start())
	}
	var out []T
	for step := firstStep; len(out) < limit; step *= stepGrows {
		top, err := db.latest(ctx, src, at.merchantID, floor, hi)
		if err != nil || top == "" {
			return out, err
		}
		lo := max(floor, id.Floor(src.prefix, id.Time(top).Add(-step)))
		w := db.between(src, at.merchantID, lo, hi)
		rows, err := page(w, limit-len(out))
		if err != nil {
			return nil, err
		}
		out, hi = append(out, rows...), lo
		if step > maxStep {
			step = maxStep
		}
	}
	return out, nil
}

// maxStep keeps the sum of steps from running over.
const maxStep = 10 * 365 * 24 * time.Hour

// between begins a query: from, join and where of the rows lo <= id < hi. SQLite keeps the
// order of a cross join, so that each merchant's rows are found by its key.
func (db *DB) between(s series, merchantID, lo, hi string) *where {
	w := &where{}
	switch {
	case s.byBucket && merchantID != "":
		w.text.WriteString(" from " + s.table + " t left join merchant n on n.id = t.merchant_id where t.merchant_id = " + w.arg(merchantID) +
			" and t.bucket = " + w.arg(db.bucket(merchantID)))
	case s.byBucket:
		w.text.WriteString(" from " + s.table + " t left join merchant n on n.id = t.merchant_id where t.bucket in (" + allBuckets + ")")
	case merchantID != "":
		w.text.WriteString(" from merchant n cross join " + s.table + " t where t.merchant_id = n.id and n.id = " + w.arg(merchantID) +
			" and t.merchant_id = $1")
	default:
		w.text.WriteString(" from merchant n cross join " + s.table + " t where t.merchant_id = n.id")
	}
	w.and("t.id >= ", w.arg(lo))
	w.and("t.id < ", w.arg(hi))
	return w
}

// latest is the newest id of a series with floor <= id < hi, empty when there is none.
func (db *DB) latest(ctx context.Context, s series, merchantID, floor, hi string) (string, error) {
	w := &where{}
	bounds := "t.id >= " + w.arg(floor) + " and t.id < " + w.arg(hi)
	one := func(key string) string {
		return "(select t.id from " + s.table + " t where " + key + " and " + bounds + " order by t.id desc limit 1)"
	}
	switch {
	case s.byBucket && merchantID != "":
		w.text.WriteString("select coalesce(" + one("t.bucket = "+w.arg(db.bucket(merchantID))) + ", '')")
	case s.byBucket:
		parts := make([]string, outbox.Buckets)
		for b := range parts {
			parts[b] = "select " + one("t.bucket = "+strconv.Itoa(b)) + " as top"
		}
		w.text.WriteString("select coalesce(max(x.top), '') from (" + strings.Join(parts, " union all ") + ") x")
	case merchantID != "":
		w.text.WriteString("select coalesce(" + one("t.merchant_id = "+w.arg(merchantID)) + ", '')")
	default:
		w.text.WriteString("select coalesce(max(x.top), '') from (select " + one("t.merchant_id = n.id") + " as top from merchant n) x")
	}
	found, err := db.column(ctx, w)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
