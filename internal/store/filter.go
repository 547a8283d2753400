package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// where builds SQL text of varying length. Values go only into args; the text depends
// on nothing but which conditions there are and how long their lists.
type where struct {
	text strings.Builder
	args []any
}

// arg adds a value and gives its parameter.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) and(parts ...string) {
	w.text.WriteString("\n  and ")
	for _, p := range parts {
		w.text.WriteString(p)
	}
}

// equal adds a condition unless the value is empty.
func (w *where) equal(column, value string) {
	if value != "" {
		w.and(column, " = ", w.arg(value))
	}
}

func isOneOf[T ~string](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	params := make([]string, len(values))
	for i, v := range values {
		params[i] = w.arg(string(v))
	}
	w.and(column, " in (", strings.Join(params, ", "), ")")
}

// conditions are those of a filter but its page and its days.
func (db *DB) conditions(t merchant.Tenant, f *payment.Filter) *where {
	w := &where{}
	w.text.WriteString("p.merchant_id = " + w.arg(t.ID()))
	isOneOf(w, "p.channel", f.Channels)
	isOneOf(w, "p.status", f.Statuses)
	if f.MinAmount > 0 {
		w.and("p.amount >= ", w.arg(int64(f.MinAmount)))
	}
	if f.MaxAmount > 0 {
		w.and("p.amount <= ", w.arg(int64(f.MaxAmount)))
	}
	if f.Text != "" {
		db.search(w, f.Text)
	}
	w.equal("p.approval_number", f.ApprovalNumber)
	if f.ApprovalNumber != "" {
		w.and("p.approval_number <> ''") // lets both engines use the partial index
	}
	w.equal("p.card_last4", f.CardLast4)
	w.equal("p.issuer_code", f.IssuerCode)
	w.equal("p.staff_id", f.StaffID)
	w.equal("p.buyer_phone_last4", f.BuyerPhoneLast4)
	if f.InstallmentMonths != nil {
		w.and("p.installment_months = ", w.arg(int64(*f.InstallmentMonths)))
	}
	switch {
	case f.BuyerNameIndex != "":
		w.equal("p.buyer_name_index", f.BuyerNameIndex)
	case f.BuyerName != "":
		w.equal("p.buyer_name_index", db.NameIndex(f.BuyerName))
	}
	return w
}

// likeEscaper makes wildcards of a search ordinary characters.
var likeEscaper = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func (db *DB) search(w *where, text string) {
	like := w.arg("%" + likeEscaper.Replace(text) + "%")
	exact := w.arg(text)
	w.and("(lower(p.order_name) like lower(", like, `) escape '\' or lower(p.order_id) like lower(`, like,
		`) escape '\' or lower(p.approval_number) like lower(`, like,
		`) escape '\' or p.card_last4 = `, exact, " or p.buyer_phone_last4 = ", exact, ")")
}

// days limits to the days asked for, as a range of ids: they begin with the time.
func (w *where) days(f *payment.Filter) {
	if f.From != "" {
		w.and("p.id >= ", w.arg(id.Floor(id.Payment, f.From.Start())))
	}
	if f.To != "" {
		w.and("p.id < ", w.arg(id.Floor(id.Payment, f.To.End())))
	}
}

// List implements payment.Reader.
func (db *DB) List(ctx context.Context, t merchant.Tenant, f payment.Filter, limit int) ([]payment.Payment, error) {
	w := db.conditions(t, &f)
	w.days(&f)
	if f.Before != "" {
		w.and("p.id < ", w.arg(f.Before))
	}
	text := "select " + paymentList + " from payment p where " + w.text.String() +
		"\norder by p.id desc limit " + w.arg(int64(limit))
	rows, err := db.engine.reader().QueryContext(ctx, text, w.args...)
	if err != nil {
		return nil, err
	}
	ps, err := db.payments(rows)
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	return ps, db.addCancels(ctx, t, ps)
}

// payments reads and closes rows of paymentList.
func (db *DB) payments(rows *sql.Rows) (ps []payment.Payment, err error) {
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		var r sqlgen.Payment
		if err := rows.Scan(fields(&r)...); err != nil {
			return nil, err
		}
		p, err := db.paymentOf(&r)
		if err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	return ps, rows.Err()
}

// addCancels reads the cancels of one page at once.
func (db *DB) addCancels(ctx context.Context, t merchant.Tenant, ps []payment.Payment) error {
	w := &where{}
	w.text.WriteString("c.merchant_id = " + w.arg(t.ID()))
	ids := make([]string, len(ps))
	at := make(map[string]*payment.Payment, len(ps))
	for i := range ps {
		ids[i] = ps[i].ID
		at[ps[i].ID] = &ps[i]
	}
	isOneOf(w, "c.payment_id", ids)
	rows, err := db.engine.reader().QueryContext(ctx,
		"select "+cancelList+" from cancel c where "+w.text.String()+" order by c.payment_id, c.id", w.args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var r sqlgen.Cancel
		if err := rows.Scan(fields(&r)...); err != nil {
			return err
		}
		p := at[r.PaymentID]
		p.Cancels = append(p.Cancels, cancelOf(r))
	}
	return rows.Err()
}

// Summary implements payment.Reader.
func (db *DB) Summary(ctx context.Context, t merchant.Tenant, f payment.Filter) (payment.Summary, error) {
	var count, amount, canceled, canceledAmount int64
	sales := db.conditions(t, &f)
	sales.days(&f)
	err := db.engine.reader().QueryRowContext(ctx,
		"select count(*), cast(coalesce(sum(p.amount), 0) as bigint) from payment p where "+sales.text.String()+
			"\n  and p.status in ('DONE', 'PARTIAL_CANCELED', 'CANCELED')", sales.args...).Scan(&count, &amount)
	if err != nil {
		return payment.Summary{}, err
	}
	cancels := db.conditions(t, &f)
	cancels.and("c.status = 'DONE'")
	if f.From != "" {
		cancels.and("c.canceled_at >= ", cancels.arg(clock.Micros(f.From.Start())))
	}
	if f.To != "" {
		cancels.and("c.canceled_at < ", cancels.arg(clock.Micros(f.To.End())))
	}
	err = db.engine.reader().QueryRowContext(ctx,
		"select count(*), cast(coalesce(sum(c.amount), 0) as bigint) from cancel c"+
			" join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id where c.merchant_id = $1 and "+
			cancels.text.String(), cancels.args...).Scan(&canceled, &canceledAmount)
	return payment.Summary{
		Count: count, Amount: money.Won(amount), CanceledCount: canceled, CanceledAmount: money.Won(canceledAmount),
	}, err
}
