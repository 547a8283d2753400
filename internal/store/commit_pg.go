package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

// One batch is one statement per phase, sent natively, so that it costs one round
// trip and one commit however many payments are in it. The statement unnests one
// array per column. It checks at its end that it wrote what it meant to; when not,
// because another transaction was faster between its look and its writes, it fails
// by a division by zero, which undoes all of it, and the caller looks again.
//
// It looks with scalar subqueries: the planner may turn an EXISTS into a hash of
// the whole table, a subquery with a limit it can only look up, row by row. And
// conditions on what is not the key stand in a CASE that names the batch too: alone
// they would let the planner think that one scan of the table finds the few rows.
// An attempt is named by its payment too, so that either index finds it at once.

// arrays is one group of columns of a batch: their names with a prefix, their
// types, and the values of all items as arrays.
type arrays struct {
	names, types []string
}

// arraysOf describes the columns of a row type of sqlgen.
func arraysOf[T any](prefix string) arrays {
	var a arrays
	t := reflect.TypeFor[T]()
	for f := range t.Fields() {
		a.names = append(a.names, prefix+snake(f.Name))
		switch f.Type.Kind() {
		case reflect.String:
			a.types = append(a.types, "text[]")
		case reflect.Int64:
			a.types = append(a.types, "bigint[]")
		case reflect.Bool:
			a.types = append(a.types, "boolean[]")
		default:
			panic("store: column type " + f.Type.String()) // found by every test that opens PostgreSQL
		}
	}
	return a
}

// snake is a column's name from its field's: MerchantID, merchant_id.
func snake(name string) string {
	var b strings.Builder
	low := false
	for _, c := range name {
		if unicode.IsUpper(c) && low {
			b.WriteByte('_')
		}
		low = !unicode.IsUpper(c)
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// columns turns n rows into one array per field, in the order of arraysOf.
func columns[T any](args []any, n int, at func(int) *T) []any {
	t := reflect.TypeFor[T]()
	from := len(args)
	for field := range t.Fields() {
		switch field.Type.Kind() {
		case reflect.String:
			args = append(args, make([]string, n))
		case reflect.Int64:
			args = append(args, make([]int64, n))
		default:
			args = append(args, make([]bool, n))
		}
	}
	for r := range n {
		v := reflect.ValueOf(at(r)).Elem()
		for i := range t.NumField() {
			switch a := args[from+i].(type) {
			case []string:
				a[r] = v.Field(i).String()
			case []int64:
				a[r] = v.Field(i).Int()
			case []bool:
				a[r] = v.Field(i).Bool()
			}
		}
	}
	return args
}

// unnest is the table expression of the groups, from parameter first on; one more
// parameter after them is the number of rows. That number, not known to the plan,
// counts as a thousand there, so that the planner looks rows up by their key and
// does not walk over the table once for every row, which is cheaper for ten.
func unnest(first int, groups ...arrays) string {
	var calls, names []string
	for _, g := range groups {
		for i, n := range g.names {
			calls = append(calls, fmt.Sprintf("unnest($%d::%s)", first+len(calls), g.types[i]))
			names = append(names, n)
		}
	}
	calls = append(calls, fmt.Sprintf("generate_series(1, $%d::bigint)", first+len(calls)))
	return "rows from (" + strings.Join(calls, ", ") + ") as u(" + strings.Join(names, ",") + ",ord)"
}

// into is an insert of the group's columns from what follows.
func (a arrays) into(table, prefix string) string {
	return "insert into " + table + " (" + strings.ReplaceAll(strings.Join(a.names, ","), prefix, "") + ") select " +
		strings.Join(a.names, ",")
}

// set is the assignment list of the group's columns but the first ones, its key.
func (a arrays) set(prefix string, key int) string {
	parts := make([]string, 0, len(a.names))
	for _, n := range a.names[key:] {
		parts = append(parts, strings.TrimPrefix(n, prefix)+" = i."+n)
	}
	return strings.Join(parts, ", ")
}

// Verdicts of an intent.
const (
	verdictGood = iota
	verdictKey
	verdictOrder
	verdictChanged
	verdictSeen
	verdictMoved
)

// intentFlags are the columns of an intent that are no table's.
type intentFlags struct {
	Claim   bool
	Strokes string
}

// decision is what an outcome changes of its attempt.
type decision struct {
	MerchantID, ID, PaymentID                  string
	Bucket                                     int64
	Status, Code, Message, ApprovalNumber, Rrn string
	Sends, SettledAt                           int64
}

// outcomeFlags are the columns of an outcome that are no table's.
type outcomeFlags struct {
	Settled, Waiting, Event bool
}

var (
	paymentColumns   = arraysOf[sqlgen.Payment]("p__")
	changeColumns    = arraysOf[sqlgen.UpdatePaymentParams]("c__")
	attemptColumns   = arraysOf[sqlgen.Attempt]("a__")
	decisionColumns  = arraysOf[decision]("a__")
	unsettledColumns = arraysOf[sqlgen.Unsettled]("u__")
	keyColumns       = arraysOf[sqlgen.Idempotency]("k__")
	auditColumns     = arraysOf[sqlgen.InsertAuditParams]("r__")
	eventColumns     = arraysOf[sqlgen.InsertEventParams]("e__")
	postingColumns   = arraysOf[sqlgen.InsertPostingParams]("b__")
	intentColumns    = arraysOf[intentFlags]("f__")
	readerColumns    = arraysOf[sqlgen.ReaderCounter]("d__")
	gateColumns      = arraysOf[gateRow]("g__")
	outcomeColumns   = arraysOf[outcomeFlags]("f__")
)

var intentText = fmt.Sprintf(`with i as materialized (
  select u.*, case
    when k__key <> '' and (select 1 from idempotency k
      where k.merchant_id = k__merchant_id and k.operation = k__operation and k.key = k__key limit 1) is not null then %d
    when d__device <> '' and (select 1 from reader_counter d
      where d.device = d__device and d.counter >= d__counter limit 1) is not null then %d
    when g__version > 0 and coalesce((select g.version from limit_gate g where g.merchant_id = g__merchant_id limit 1), 0) <> g__version - 1 then %d
    when f__claim and (select 1 from payment p where p.merchant_id = c__merchant_id and p.id = c__id
      and p.status = 'READY' and p.version = c__version - 1 limit 1) is null then %d
    when not f__claim and p__order_live and (select 1 from payment p
      where p.merchant_id = p__merchant_id and p.order_id = p__order_id and p.order_live limit 1) is not null then %d
    else 0 end as verdict
  from %s
), d as (%s from i where verdict = 0 and d__device <> '' on conflict (device) do update set
  counter = excluded.counter, merchant_id = excluded.merchant_id, payment_id = excluded.payment_id, used_at = excluded.used_at
  where reader_counter.counter < excluded.counter returning 1
), g as (insert into limit_gate (merchant_id, version) select g__merchant_id, g__version from i where verdict = 0 and g__version > 0
  on conflict (merchant_id) do update set version = excluded.version where limit_gate.version = excluded.version - 1 returning 1
), l as (insert into limit_use (merchant_id, day, attempt_id, payment_id)
  select g__merchant_id, g__day, a__id, a__payment_id from i where verdict = 0 and g__version > 0
), k as (%s from i where verdict = 0 and k__key <> '' on conflict do nothing returning 1
), p as (%s from i where verdict = 0 and not f__claim on conflict do nothing returning 1
), c as (update payment set %s from i where i.verdict = 0 and i.f__claim and payment.merchant_id = i.c__merchant_id
  and payment.id = i.c__id and payment.version = i.c__version - 1 and case when i.f__claim then payment.status = 'READY' end returning 1
), s as (insert into signature (merchant_id, payment_id, strokes)
  select a__merchant_id, a__payment_id, f__strokes from i where verdict = 0 and f__strokes <> '' on conflict do nothing
), a as (%s from i where verdict = 0
), u as (%s from i where verdict = 0
), r as (%s from i where verdict = 0
)
select verdict, 1 / (case when (select count(*) from k) = (select count(*) from i where verdict = 0 and k__key <> '')
  and (select count(*) from d) = (select count(*) from i where verdict = 0 and d__device <> '')
  and (select count(*) from g) = (select count(*) from i where verdict = 0 and g__version > 0)
  and (select count(*) from p) + (select count(*) from c) = (select count(*) from i where verdict = 0) then 1 else 0 end)
from i order by ord`,
	verdictKey, verdictSeen, verdictMoved, verdictChanged, verdictOrder,
	unnest(1, paymentColumns, changeColumns, attemptColumns, unsettledColumns, keyColumns, auditColumns, readerColumns, gateColumns, intentColumns),
	readerColumns.into("reader_counter", "d__"), keyColumns.into("idempotency", "k__"), paymentColumns.into("payment", "p__"), changeColumns.set("c__", 2),
	attemptColumns.into("attempt", "a__"), unsettledColumns.into("unsettled", "u__"), auditColumns.into("audit", "r__"))

var outcomeText = fmt.Sprintf(`with i as materialized (select u.* from %s
), p as (update payment set %s from i
  where payment.merchant_id = i.c__merchant_id and payment.id = i.c__id and payment.version = i.c__version - 1 returning 1
), a as (update attempt set %s from i
  where attempt.bucket = i.a__bucket and attempt.id = i.a__id and attempt.payment_id = i.a__payment_id
  and attempt.merchant_id = i.a__merchant_id
  and case when i.ord > 0 then attempt.status in ('SENDING', 'UNKNOWN') end returning 1
), d as (delete from unsettled using i
  where i.f__settled and unsettled.merchant_id = i.a__merchant_id and unsettled.attempt_id = i.a__id
), u as (%s from i where f__waiting on conflict (merchant_id, attempt_id) do update set
  payment_id = excluded.payment_id, cancel_id = excluded.cancel_id, phase = excluded.phase, due_at = excluded.due_at,
  tries = excluded.tries, operation = excluded.operation, key = excluded.key,
  lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
), k as (update idempotency set status = i.k__status, body = i.k__body from i
  where i.k__key <> '' and i.k__status <> 0 and idempotency.merchant_id = i.k__merchant_id
  and idempotency.operation = i.k__operation and idempotency.key = i.k__key
  and case when i.k__status <> 0 then idempotency.status = 0 end
), e as (%s from i where f__event
), r as (%s from i
), b as (%s from %s
)
select 1 / (case when (select count(*) from p) = (select count(*) from i)
  and (select count(*) from a) = (select count(*) from i) then 1 else 0 end)`,
	unnest(1, changeColumns, decisionColumns, unsettledColumns, keyColumns, eventColumns, auditColumns, outcomeColumns),
	changeColumns.set("c__", 2), decisionColumns.set("a__", 4), unsettledColumns.into("unsettled", "u__"),
	eventColumns.into("outbox", "e__"), auditColumns.into("audit", "r__"), postingColumns.into("posting", "b__"),
	unnest(2+width(changeColumns, decisionColumns, unsettledColumns, keyColumns, eventColumns, auditColumns, outcomeColumns),
		postingColumns))

// matchText tells which outcomes still meet their conditions.
const matchText = `select exists (select 1 from payment p where p.merchant_id = m and p.id = pid and p.version = v - 1)
  and exists (select 1 from attempt a where a.bucket = b and a.id = aid and a.merchant_id = m and a.status in ('SENDING', 'UNKNOWN'))
from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
  with ordinality as u(m, pid, v, aid, b, ord) order by ord`

func width(groups ...arrays) int {
	n := 0
	for _, g := range groups {
		n += len(g.names)
	}
	return n
}

func (p *postgres) commit(b []*item) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementWait)
	defer cancel()
	var in, out []*item
	for _, it := range b {
		it.err = nil
		if it.intent != nil {
			in = append(in, it)
		} else {
			out = append(out, it)
		}
	}
	err := p.send(ctx, in, out)
	if len(out) == 0 || p.class(err) != classTwin {
		return err
	}
	// Some outcome met another version or state. Those are refused; the rest is
	// tried again.
	if out, err = p.matching(ctx, out); err != nil {
		return err
	}
	if len(in)+len(out) == 0 {
		return nil
	}
	return p.send(ctx, in, out)
}

// send runs the phases in one implicit transaction.
func (p *postgres) send(ctx context.Context, in, out []*item) error {
	var batch pgx.Batch
	if len(in) > 0 {
		batch.Queue(intentText, intentArgs(in)...).Query(func(rows pgx.Rows) error { return verdicts(rows, in) })
	}
	if len(out) > 0 {
		batch.Queue(outcomeText, outcomeArgs(out)...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
			}
			return rows.Err()
		})
	}
	return p.pool.SendBatch(ctx, &batch).Close()
}

func verdicts(rows pgx.Rows, in []*item) error {
	for i := 0; rows.Next(); i++ {
		var verdict, proof int32
		if err := rows.Scan(&verdict, &proof); err != nil {
			return err
		}
		switch verdict {
		case verdictKey:
			in[i].err = payment.ErrKeyTaken
		case verdictOrder:
			in[i].err = payment.ErrOrderTaken
		case verdictChanged:
			in[i].err = payment.ErrChanged
		case verdictSeen:
			in[i].err = payment.ErrSwipeSeen
		case verdictMoved:
			in[i].err = payment.ErrLimitMoved
		default:
			in[i].err = nil
		}
	}
	return rows.Err()
}

func intentArgs(b []*item) []any {
	n := len(b)
	args := make([]any, 0, 128)
	args = columns(args, n, func(i int) *sqlgen.Payment { return &b[i].row.payment })
	args = columns(args, n, func(i int) *sqlgen.UpdatePaymentParams { return &b[i].row.change })
	args = columns(args, n, func(i int) *sqlgen.Attempt { return &b[i].row.attempt })
	args = columns(args, n, func(i int) *sqlgen.Unsettled { return &b[i].row.unsettled })
	args = columns(args, n, func(i int) *sqlgen.Idempotency { return &b[i].row.key })
	args = columns(args, n, func(i int) *sqlgen.InsertAuditParams { return &b[i].row.audit })
	args = columns(args, n, func(i int) *sqlgen.ReaderCounter { return &b[i].row.reader })
	args = columns(args, n, func(i int) *gateRow { return &b[i].row.gate })
	args = columns(args, n, func(i int) *intentFlags {
		return &intentFlags{Claim: b[i].intent.Claim, Strokes: b[i].row.strokes}
	})
	return append(args, int64(n))
}

func outcomeArgs(b []*item) []any {
	n := len(b)
	args := make([]any, 0, 128)
	args = columns(args, n, func(i int) *sqlgen.UpdatePaymentParams { return &b[i].row.change })
	args = columns(args, n, func(i int) *decision {
		a := &b[i].row.attempt
		return &decision{
			MerchantID: a.MerchantID, ID: a.ID, Bucket: a.Bucket, Status: a.Status, Code: a.Code, Message: a.Message,
			ApprovalNumber: a.ApprovalNumber, Rrn: a.Rrn, Sends: a.Sends, SettledAt: a.SettledAt, PaymentID: a.PaymentID,
		}
	})
	args = columns(args, n, func(i int) *sqlgen.Unsettled { return &b[i].row.unsettled })
	args = columns(args, n, func(i int) *sqlgen.Idempotency { return &b[i].row.key })
	args = columns(args, n, func(i int) *sqlgen.InsertEventParams { return &b[i].row.outbox })
	args = columns(args, n, func(i int) *sqlgen.InsertAuditParams { return &b[i].row.audit })
	args = columns(args, n, func(i int) *outcomeFlags {
		return &outcomeFlags{Settled: b[i].outcome.Settled, Waiting: b[i].row.waiting, Event: b[i].row.event}
	})
	args = append(args, int64(n))
	var postings []*sqlgen.InsertPostingParams
	for _, it := range b {
		for i := range it.row.postings {
			postings = append(postings, &it.row.postings[i])
		}
	}
	args = columns(args, len(postings), func(i int) *sqlgen.InsertPostingParams { return postings[i] })
	return append(args, int64(len(postings)))
}

// matching refuses the outcomes whose conditions do not hold and returns the rest.
func (p *postgres) matching(ctx context.Context, out []*item) ([]*item, error) {
	n := len(out)
	m, pid, v, aid, bu := make([]string, n), make([]string, n), make([]int64, n), make([]string, n), make([]int64, n)
	for i, it := range out {
		m[i], pid[i], v[i] = it.row.change.MerchantID, it.row.change.ID, it.row.change.Version
		aid[i], bu[i] = it.row.attempt.ID, it.row.attempt.Bucket
	}
	rows, err := p.pool.Query(ctx, matchText, m, pid, v, aid, bu)
	if err != nil {
		return nil, err
	}
	holds, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	if err != nil {
		return nil, err
	}
	var left []*item
	for i, it := range out {
		if holds[i] {
			left = append(left, it)
		} else {
			it.err = payment.ErrChanged
		}
	}
	return left, nil
}
