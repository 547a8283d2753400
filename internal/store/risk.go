package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/payment"
	"innopay/internal/risk"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// Risk keeps rules against risk and what they found.
type Risk struct{ db *DB }

// NewRisk returns the store of the risk feature.
func NewRisk(db *DB) *Risk { return &Risk{db} }

var _ risk.Store = (*Risk)(nil)

// Rows of lists, as columnList names them.
type (
	riskBlock struct {
		ID, Kind, Value, Label, Reason string
		CreatedAt                      int64
		CreatedBy                      string
		UntilAt                        int64
	}
	riskReview struct {
		MerchantID, ID, Action, RuleID, BlockID, Name, PaymentID, AttemptID string
		Amount                                                              int64
		Channel, CardBin, CardLast4                                         string
		At, ReviewedAt                                                      int64
		ReviewedBy, Note                                                    string
	}
)

// act runs fn in one transaction with the record of who does it.
func (db *DB) act(ctx context.Context, a audit.Record, fn func(q *sqlgen.Queries) error) error {
	return db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		if err := fn(q); err != nil {
			return err
		}
		r := recorder{db: db, into: q}
		return r.Record(ctx, a)
	}, func() audit.Record { return a })
}

// Book implements risk.Store.
func (s *Risk) Book(ctx context.Context, now time.Time) ([]risk.Rule, []risk.BlockKind, error) {
	rows, err := s.db.q.RiskRules(ctx)
	if err != nil {
		return nil, nil, err
	}
	rules := make([]risk.Rule, len(rows))
	for i, r := range rows {
		rules[i] = ruleOf(r)
	}
	names, err := s.db.q.RiskBlockKinds(ctx, clock.Micros(now))
	kinds := make([]risk.BlockKind, len(names))
	for i, n := range names {
		kinds[i] = risk.BlockKind(n)
	}
	return rules, kinds, err
}

func ruleOf(r sqlgen.RiskRule) risk.Rule {
	return risk.Rule{
		ID: r.ID, MerchantID: r.MerchantID, Name: r.Name, Kind: risk.Kind(r.Kind), Action: risk.Action(r.Action), Enabled: r.Enabled,
		MostAmount: money.Won(r.MostAmount), MostCount: r.MostCount, Window: time.Duration(r.WindowSeconds) * time.Second,
		From: int(r.FromMinute), Until: int(r.UntilMinute), CreatedAt: clock.FromMicros(r.CreatedAt), CreatedBy: r.CreatedBy,
		UpdatedAt: clock.FromMicros(r.UpdatedAt), Version: r.Version,
	}
}

// Blocked implements risk.Store.
func (s *Risk) Blocked(ctx context.Context, now time.Time, marks map[risk.BlockKind][]string) (risk.Block, bool, error) {
	w := blocking(now, marks)
	if w == nil {
		return risk.Block{}, false, nil
	}
	found, err := s.blocks(ctx, w, 1)
	if err != nil || len(found) == 0 {
		return risk.Block{}, false, err
	}
	return found[0], true, nil
}

// blocking is the condition of blocks of one of the values that hold, nil without any
// value. Each value stands for itself, with nothing beside it that no index answers.
func blocking(now time.Time, marks map[risk.BlockKind][]string) *where {
	w := &where{}
	var each []string
	for _, k := range []risk.BlockKind{risk.BlockCard, risk.BlockBIN, risk.BlockPhone} {
		for _, v := range marks[k] {
			each = append(each, "b.kind = "+w.arg(string(k))+" and b.value = "+w.arg(v))
		}
	}
	if len(each) == 0 {
		return nil
	}
	w.text.WriteString("(" + strings.Join(each, " or ") + ")")
	w.and("(b.until_at = 0 or b.until_at > ", w.arg(clock.Micros(now)), ")")
	return w
}

func (s *Risk) blocks(ctx context.Context, w *where, limit int) ([]risk.Block, error) {
	text := "select " + columnList[riskBlock]("b.") + " from risk_block b where " + w.text.String() + "\norder by b.id desc limit " + w.arg(int64(limit))
	return scanAll(ctx, s.db.engine.reader(), text, w.args, func(scan func(...any) error) (risk.Block, error) {
		var r riskBlock
		err := scan(fields(&r)...)
		return risk.Block{
			ID: r.ID, Kind: risk.BlockKind(r.Kind), Value: r.Value, Label: r.Label, Reason: r.Reason, CreatedAt: clock.FromMicros(r.CreatedAt), CreatedBy: r.CreatedBy,
			Until: clock.FromMicros(r.UntilAt),
		}, err
	})
}

// errOver ends the transaction of a payment that a rule refuses.
var errOver = errors.New("store: over a limit")

// Take implements risk.Store. Subjects are taken in one order, so that payments at once
// wait for each other and never for themselves.
func (s *Risk) Take(ctx context.Context, uses []risk.Use, c risk.Card) (*risk.Rule, error) {
	uses = inOrderOfSubject(uses)
	var broken *risk.Rule
	err := s.db.write(ctx, func(q *sqlgen.Queries) error {
		broken = nil
		for _, u := range uses {
			over, err := takeOne(ctx, q, u)
			if err != nil {
				return err
			}
			if over && (broken == nil || broken.Action != risk.Refuse) {
				rule := u.Rule
				broken = &rule
			}
			if over && u.Rule.Action == risk.Refuse {
				return errOver
			}
		}
		if c.Hash == "" {
			return nil
		}
		return q.KeepRiskCard(ctx, sqlgen.KeepRiskCardParams{MerchantID: c.MerchantID, PaymentID: c.PaymentID, Card: c.Hash, At: clock.Micros(c.At)})
	})
	if errors.Is(err, errOver) {
		err = nil
	}
	return broken, err
}

func inOrderOfSubject(uses []risk.Use) []risk.Use {
	return slices.SortedFunc(slices.Values(uses), func(a, b risk.Use) int { return strings.Compare(a.Subject, b.Subject) })
}

// takeOne adds one use and reports whether its limit is passed. The row that is written
// first is locked, so that what is summed then is whole.
func takeOne(ctx context.Context, q *sqlgen.Queries, u risk.Use) (bool, error) {
	if u.Count != 0 {
		if err := q.UseRisk(ctx, useRow(u)); err != nil {
			return false, err
		}
	}
	sum, err := q.RiskUsed(ctx, sqlgen.RiskUsedParams{Subject: u.Subject, Slice: clock.Micros(u.Since)})
	return u.Rule.Over(sum.Used, money.Won(sum.Amount)), err
}

func useRow(u risk.Use) sqlgen.UseRiskParams {
	return sqlgen.UseRiskParams{Subject: u.Subject, Slice: clock.Micros(u.Slice), Used: u.Count, Amount: int64(u.Amount), Until: clock.Micros(u.Until)}
}

// Add implements risk.Store.
func (s *Risk) Add(ctx context.Context, uses []risk.Use) error {
	return s.db.write(ctx, func(q *sqlgen.Queries) error {
		for _, u := range inOrderOfSubject(uses) {
			if err := q.UseRisk(ctx, useRow(u)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Note implements risk.Store.
func (s *Risk) Note(ctx context.Context, r risk.Review, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		return q.InsertRiskReview(ctx, sqlgen.InsertRiskReviewParams{
			MerchantID: r.MerchantID, ID: r.ID, Bucket: s.db.bucket(r.MerchantID), Action: string(r.Action), RuleID: r.RuleID, BlockID: r.BlockID,
			Name: r.Name, PaymentID: r.PaymentID, AttemptID: r.AttemptID, Amount: int64(r.Amount), Channel: string(r.Channel), CardBin: r.BIN,
			CardLast4: r.Last4, At: clock.Micros(r.At), ReviewedAt: 0, ReviewedBy: "", Note: "",
		})
	})
}

// Rule implements risk.Store.
func (s *Risk) Rule(ctx context.Context, ruleID string) (risk.Rule, error) {
	r, err := s.db.q.RiskRule(ctx, ruleID)
	if errors.Is(err, sql.ErrNoRows) {
		return risk.Rule{}, risk.ErrNotFound
	}
	return ruleOf(r), err
}

// errMany ends the transaction that would make one rule too many.
var errMany = errors.New("store: too many rules")

// InsertRule implements risk.Store.
func (s *Risk) InsertRule(ctx context.Context, r risk.Rule, a audit.Record) (bool, error) {
	err := s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		n, err := q.InsertRiskRule(ctx, sqlgen.InsertRiskRuleParams{
			ID: r.ID, MerchantID: r.MerchantID, Name: r.Name, Kind: string(r.Kind), Action: string(r.Action), Enabled: r.Enabled,
			MostAmount: int64(r.MostAmount), MostCount: r.MostCount, WindowSeconds: int64(r.Window / time.Second), FromMinute: int64(r.From),
			UntilMinute: int64(r.Until), CreatedAt: clock.Micros(r.CreatedAt), CreatedBy: r.CreatedBy, UpdatedAt: clock.Micros(r.UpdatedAt),
			Version: r.Version, Most: risk.MaxRules,
		})
		if err == nil && n == 0 {
			return errMany
		}
		return err
	})
	if errors.Is(err, errMany) {
		return false, nil
	}
	return err == nil, err
}

// UpdateRule implements risk.Store.
func (s *Risk) UpdateRule(ctx context.Context, r risk.Rule, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		return one(risk.ErrChanged)(q.UpdateRiskRule(ctx, sqlgen.UpdateRiskRuleParams{
			ID: r.ID, MerchantID: r.MerchantID, Name: r.Name, Kind: string(r.Kind), Action: string(r.Action), Enabled: r.Enabled,
			MostAmount: int64(r.MostAmount), MostCount: r.MostCount, WindowSeconds: int64(r.Window / time.Second), FromMinute: int64(r.From),
			UntilMinute: int64(r.Until), UpdatedAt: clock.Micros(r.UpdatedAt), Version: r.Version,
		}))
	})
}

// one is the error where no row was changed.
func one(none error) func(int64, error) error {
	return func(n int64, err error) error {
		if err == nil && n == 0 {
			return none
		}
		return err
	}
}

// DeleteRule implements risk.Store.
func (s *Risk) DeleteRule(ctx context.Context, r risk.Rule, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		return one(risk.ErrChanged)(q.DeleteRiskRule(ctx, sqlgen.DeleteRiskRuleParams{ID: r.ID, Version: r.Version}))
	})
}

// Blocks implements risk.Store.
func (s *Risk) Blocks(ctx context.Context, f risk.BlockFilter, limit int) ([]risk.Block, error) {
	w := &where{}
	w.text.WriteString("1 = 1")
	w.equal("b.kind", string(f.Kind))
	w.equal("b.value", f.Value)
	if f.Text != "" {
		part := w.arg(like(f.Text))
		w.and("(lower(b.label) like lower(", part, `) escape '\' or lower(b.reason) like lower(`, part, `) escape '\')`)
	}
	if f.Before != "" {
		w.and("b.id < ", w.arg(f.Before))
	}
	return s.blocks(ctx, w, limit)
}

// InsertBlock implements risk.Store.
func (s *Risk) InsertBlock(ctx context.Context, b risk.Block, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		if err := q.ForgetRiskBlock(ctx, sqlgen.ForgetRiskBlockParams{Kind: string(b.Kind), Value: b.Value, NowAt: clock.Micros(b.CreatedAt)}); err != nil {
			return err
		}
		return one(risk.ErrBlocked)(q.InsertRiskBlock(ctx, sqlgen.InsertRiskBlockParams{
			ID: b.ID, Kind: string(b.Kind), Value: b.Value, Label: b.Label, Reason: b.Reason, CreatedAt: clock.Micros(b.CreatedAt), CreatedBy: b.CreatedBy,
			UntilAt: clock.Micros(b.Until),
		}))
	})
}

// DeleteBlock implements risk.Store.
func (s *Risk) DeleteBlock(ctx context.Context, blockID string, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		return one(risk.ErrNotFound)(q.DeleteRiskBlock(ctx, blockID))
	})
}

// CardOf implements risk.Store.
func (s *Risk) CardOf(ctx context.Context, p payment.Payment) (string, error) {
	cards, err := s.db.q.RiskCard(ctx, sqlgen.RiskCardParams{MerchantID: p.MerchantID, PaymentID: p.ID})
	return strings.Join(cards, ""), err
}

var reviewSource = series{table: "risk_review", prefix: id.Review, byBucket: true}

// Reviews implements risk.Store.
func (s *Risk) Reviews(ctx context.Context, f risk.ReviewFilter, limit int) ([]risk.Review, error) {
	at := span{merchantID: f.MerchantID, before: f.Before}
	return newest(ctx, s.db, reviewSource, at, limit, func(w *where, limit int) ([]risk.Review, error) {
		w.equal("t.action", string(f.Action))
		w.equal("t.rule_id", f.RuleID)
		if f.Open {
			w.and("t.reviewed_at = 0")
		}
		text := "select " + columnList[riskReview]("t.") + ", coalesce(n.name, '')" + w.tail(limit)
		return scanAll(ctx, s.db.engine.reader(), text, w.args, func(scan func(...any) error) (risk.Review, error) {
			var r riskReview
			var name string
			err := scan(append(fields(&r), &name)...)
			return risk.Review{
				MerchantID: r.MerchantID, MerchantName: name, ID: r.ID, Action: risk.Action(r.Action), RuleID: r.RuleID, BlockID: r.BlockID, Name: r.Name,
				PaymentID: r.PaymentID, AttemptID: r.AttemptID, Amount: money.Won(r.Amount), Channel: payment.Channel(r.Channel), BIN: r.CardBin,
				Last4: r.CardLast4, At: clock.FromMicros(r.At), ReviewedAt: clock.FromMicros(r.ReviewedAt), ReviewedBy: r.ReviewedBy, Note: r.Note,
			}, err
		})
	})
}

// Reviewed implements risk.Store.
func (s *Risk) Reviewed(ctx context.Context, r risk.Review, a audit.Record) error {
	return s.db.act(ctx, a, func(q *sqlgen.Queries) error {
		return one(risk.ErrNotFound)(q.ReviewRisk(ctx, sqlgen.ReviewRiskParams{
			Bucket: s.db.bucket(r.MerchantID), ID: r.ID, MerchantID: r.MerchantID, ReviewedAt: clock.Micros(r.ReviewedAt), ReviewedBy: r.ReviewedBy, Note: r.Note,
		}))
	})
}

// Figures of reading the sales of a trial.
const (
	salesStep = time.Hour
	salesPage = 2000
)

// Sales implements risk.Store. It reads hour by hour, page by page.
func (s *Risk) Sales(ctx context.Context, merchantID string, from, to time.Time, each func(risk.Sale) error) error {
	for lo := from; lo.Before(to); lo = lo.Add(salesStep) {
		hi := id.Floor(id.Payment, lo.Add(salesStep))
		if lo.Add(salesStep).After(to) {
			hi = id.Floor(id.Payment, to.Add(time.Millisecond))
		}
		for after := id.Floor(id.Payment, lo); ; {
			n, last, err := s.sales(ctx, merchantID, after, hi, each)
			if err != nil {
				return err
			}
			if n < salesPage {
				break
			}
			after = last + "0" // the next id there can be
		}
	}
	return nil
}

func (s *Risk) sales(ctx context.Context, merchantID, lo, hi string, each func(risk.Sale) error) (n int, last string, err error) {
	w := s.db.between(paymentSource, merchantID, lo, hi)
	w.and("t.method = 'CARD' and t.attempt_id <> ''")
	text := "select t.merchant_id, t.id, t.requested_at, t.amount, t.status = 'ABORTED' and t.failure_code not in ('NOT_SENT', 'REVERSED', 'WITHDRAWN')," +
		" t.card_bin || '*' || t.card_last4, coalesce((select c.card from risk_card c where c.merchant_id = t.merchant_id and c.payment_id = t.id), '')" +
		w.text.String() + "\norder by t.id limit " + w.arg(int64(salesPage))
	rows, err := scanAll(ctx, s.db.engine.reader(), text, w.args, func(scan func(...any) error) (risk.Sale, error) {
		var at, amount int64
		var hash string
		var r risk.Sale
		err := scan(&r.MerchantID, &r.PaymentID, &at, &amount, &r.Declined, &r.Card, &hash)
		r.At, r.Amount = clock.FromMicros(at), money.Won(amount)
		if hash != "" {
			r.Card, r.Exact = hash, true
		}
		return r, err
	})
	if err != nil {
		return 0, "", err
	}
	for _, r := range rows {
		if err := each(r); err != nil {
			return 0, "", err
		}
		last = r.PaymentID
	}
	return len(rows), last, nil
}

// Purge implements risk.Store.
func (s *Risk) Purge(ctx context.Context, now, before time.Time, limit int) (more bool, err error) {
	err = s.db.write(ctx, func(q *sqlgen.Queries) error {
		counts, err := q.PurgeRiskCounts(ctx, sqlgen.PurgeRiskCountsParams{Before: clock.Micros(now), Most: most(limit)})
		if err != nil {
			return err
		}
		cards, err := q.PurgeRiskCards(ctx, sqlgen.PurgeRiskCardsParams{Before: clock.Micros(before), Most: most(limit)})
		more = max(counts, cards) >= int64(limit)
		return err
	})
	return more && err == nil, err
}
