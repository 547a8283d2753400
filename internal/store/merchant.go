package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"
	"strings"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// Merchants implements merchant.Store on a DB. Safe for concurrent use.
type Merchants struct {
	merchantReader
	db *DB
}

var _ merchant.Store = (*Merchants)(nil)

// NewMerchants returns the repository of merchants and people.
func NewMerchants(db *DB) *Merchants {
	return &Merchants{merchantReader: merchantReader{db.q}, db: db}
}

// Tx implements merchant.Store.
func (m *Merchants) Tx(ctx context.Context, fn func(ctx context.Context, tx merchant.Tx) error) error {
	var t *merchantTx
	err := m.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &merchantTx{merchantReader: merchantReader{q}, recorder: recorder{db: m.db, into: q}}
		if err := m.db.engine.room(); err != nil {
			return err
		}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		m.db.hint()
	}
	return unavailable(err)
}

// unavailable turns what the engine cannot do now into the fault that says so.
func unavailable(err error) error {
	if errors.Is(err, payment.ErrNoSpace) || errors.Is(err, ErrBroken) {
		return fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 저장할 수 없어요. 잠시 뒤에 다시 시도해 주세요.").Because(err)
	}
	return err
}

// recorder writes audit records and keeps the first as the reference of its
// transaction.
type recorder struct {
	db    *DB
	into  *sqlgen.Queries
	first audit.Record
}

// Record implements audit.Writer.
func (r *recorder) Record(ctx context.Context, a audit.Record) error {
	if a.ID == "" {
		return errNoAudit
	}
	if r.first.ID == "" {
		r.first = a
	}
	return r.into.InsertAudit(ctx, r.db.auditRow(a))
}

// merchantReader implements merchant.Reader, in and out of a transaction.
type merchantReader struct{ q *sqlgen.Queries }

// merchantTx implements merchant.Tx.
type merchantTx struct {
	merchantReader
	recorder
	event bool
}

// Emit implements outbox.Writer.
func (t *merchantTx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.into.InsertEvent(ctx, t.db.eventRow(e))
}

// none is merchant.ErrAbsent when there is no row.
func none(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return merchant.ErrAbsent
	}
	return err
}

// orElse is instead when no row was written.
func orElse(n int64, err, instead error) error {
	if err == nil && n == 0 {
		return instead
	}
	return err
}

// orStale is merchant.ErrStale when no row was.
func orStale(n int64, err error) error { return orElse(n, err, merchant.ErrStale) }

// orTaken is merchant.ErrTaken when no row was.
func orTaken(n int64, err error) error { return orElse(n, err, merchant.ErrTaken) }

func (r merchantReader) MerchantVersion(ctx context.Context, t merchant.Tenant) (int64, error) {
	v, err := r.q.MerchantVersion(ctx, t.ID())
	return v, none(err)
}

func (r merchantReader) MerchantRow(ctx context.Context, t merchant.Tenant) (merchant.Merchant, error) {
	row, err := r.q.Merchant(ctx, t.ID())
	if err != nil {
		return merchant.Merchant{}, none(err)
	}
	return r.withTerminals(ctx, row)
}

func (r merchantReader) MerchantRows(ctx context.Context, after string, limit int) ([]merchant.Merchant, error) {
	rows, err := r.q.MerchantsAfter(ctx, sqlgen.MerchantsAfterParams{ID: after, Limit: most(limit)})
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

func most(limit int) int32 { return int32(min(max(limit, 0), math.MaxInt32)) }

func (r merchantReader) withTerminals(ctx context.Context, row sqlgen.Merchant) (merchant.Merchant, error) {
	m := merchant.Merchant{
		ID: row.ID, Name: row.Name, BusinessNumber: row.BusinessNumber, OwnerName: row.OwnerName, Address: row.Address,
		Phone: row.Phone, TaxType: money.TaxType(row.TaxType), Rounding: money.Rounding(row.Rounding),
		AuthLevel: merchant.AuthLevel(row.AuthLevel), MinCardAmount: money.Won(row.MinCardAmount), MCC: row.Mcc,
		ForbidPlainTrack: row.ForbidPlainReader, ChipFirst: merchant.ChipFirst(row.ChipFirst),
		Status: standingOf(row), CreatedAt: clock.FromMicros(row.CreatedAt), Version: row.Version,
	}
	ts, err := r.q.Terminals(ctx, row.ID)
	for _, t := range ts {
		m.Terminals = append(m.Terminals, merchant.Terminal{TID: t.ID, MID: t.Mid, Acquirer: t.Acquirer})
	}
	return m, err
}

func (r merchantReader) Settings(ctx context.Context, t merchant.Tenant) (merchant.SettingsRow, error) {
	s, err := r.q.MerchantSettings(ctx, t.ID())
	return merchant.SettingsRow{Body: s.Body, Buyer: s.Buyer, Version: s.Version}, none(err)
}

func (r merchantReader) Installments(ctx context.Context, t merchant.Tenant) (merchant.InstallmentRules, error) {
	var rules merchant.InstallmentRules
	ms, err := r.q.InstallmentMinimums(ctx, t.ID())
	if err != nil {
		return rules, err
	}
	for _, m := range ms {
		rules.Minimums = append(rules.Minimums, merchant.InstallmentMinimum{
			Acquirer: m.Acquirer, Issuer: m.IssuerCode, Minimum: money.Won(m.Minimum),
		})
	}
	es, err := r.q.InterestFreeEvents(ctx, t.ID())
	if err != nil {
		return rules, err
	}
	for _, e := range es {
		rules.Events = append(rules.Events, merchant.InterestFree{
			MerchantID: e.MerchantID, ID: e.ID, Issuer: e.IssuerCode, Months: monthsOf(e.Months), MinAmount: money.Won(e.MinAmount),
			From: clock.Day(e.FromDay), Until: clock.Day(e.UntilDay),
		})
	}
	return rules, nil
}

func monthsOf(s string) []int {
	var months []int
	for part := range strings.SplitSeq(s, ",") {
		if n, err := strconv.Atoi(part); err == nil {
			months = append(months, n)
		}
	}
	return months
}

func monthsText(months []int) string {
	parts := make([]string, len(months))
	for i, m := range months {
		parts[i] = strconv.Itoa(m)
	}
	return strings.Join(parts, ",")
}

func (t *merchantTx) InsertMerchant(ctx context.Context, m merchant.Merchant) error {
	err := orTaken(t.q.InsertMerchant(ctx, sqlgen.InsertMerchantParams{
		ID: m.ID, Name: m.Name, BusinessNumber: m.BusinessNumber, OwnerName: m.OwnerName, Address: m.Address,
		Phone: m.Phone, TaxType: string(m.TaxType), Rounding: string(m.Rounding), AuthLevel: string(m.AuthLevel),
		MinCardAmount: int64(m.MinCardAmount), Mcc: m.MCC, Status: storedStatus(m), Reviewed: m.Status != merchant.Review,
		CreatedAt: clock.Micros(m.CreatedAt), Version: m.Version, ForbidPlainReader: m.ForbidPlainTrack, ChipFirst: string(m.ChipFirst),
	}))
	for _, at := range m.Terminals {
		if err == nil {
			err = t.insertTerminal(ctx, m.ID, at)
		}
	}
	return err
}

func (t *merchantTx) UpdateMerchant(ctx context.Context, m merchant.Merchant) error {
	return orStale(t.q.UpdateMerchant(ctx, sqlgen.UpdateMerchantParams{
		ID: m.ID, Name: m.Name, BusinessNumber: m.BusinessNumber, OwnerName: m.OwnerName, Address: m.Address,
		Phone: m.Phone, TaxType: string(m.TaxType), Rounding: string(m.Rounding), AuthLevel: string(m.AuthLevel),
		MinCardAmount: int64(m.MinCardAmount), Mcc: m.MCC, Status: storedStatus(m), Reviewed: m.Status != merchant.Review, Version: m.Version,
		ForbidPlainReader: m.ForbidPlainTrack, ChipFirst: string(m.ChipFirst),
	}))
}

func (t *merchantTx) BumpMerchant(ctx context.Context, m merchant.Tenant) error {
	n, err := t.q.BumpMerchant(ctx, m.ID())
	return orElse(n, err, merchant.ErrAbsent)
}

func (t *merchantTx) PutSettings(ctx context.Context, m merchant.Tenant, s merchant.SettingsRow) error {
	if s.Version == 1 {
		return orStale(t.q.InsertMerchantSettings(ctx, sqlgen.InsertMerchantSettingsParams{
			MerchantID: m.ID(), Body: s.Body, Buyer: s.Buyer, Version: s.Version,
		}))
	}
	return orStale(t.q.UpdateMerchantSettings(ctx, sqlgen.UpdateMerchantSettingsParams{
		MerchantID: m.ID(), Body: s.Body, Buyer: s.Buyer, Version: s.Version,
	}))
}

func (t *merchantTx) PutInstallmentMinimum(ctx context.Context, m merchant.Tenant, r merchant.InstallmentMinimum) error {
	return t.q.PutInstallmentMinimum(ctx, sqlgen.PutInstallmentMinimumParams{
		MerchantID: m.ID(), Acquirer: r.Acquirer, IssuerCode: r.Issuer, Minimum: int64(r.Minimum),
	})
}

func (t *merchantTx) InsertInterestFree(ctx context.Context, m merchant.Tenant, e merchant.InterestFree) error {
	return orTaken(t.q.InsertInterestFree(ctx, sqlgen.InsertInterestFreeParams{
		MerchantID: m.ID(), ID: e.ID, IssuerCode: e.Issuer, Months: monthsText(e.Months),
		MinAmount: int64(e.MinAmount), FromDay: string(e.From), UntilDay: string(e.Until),
	}))
}

func (t *merchantTx) DeleteInterestFree(ctx context.Context, m merchant.Tenant, id string) error {
	n, err := t.q.DeleteInterestFree(ctx, sqlgen.DeleteInterestFreeParams{MerchantID: m.ID(), ID: id})
	return orElse(n, err, merchant.ErrAbsent)
}
