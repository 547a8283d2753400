package merchant

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"innopay/card"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/grid"
	"innopay/money"
)

// MostInterestFree is how many interest-free events one merchant, or all of them
// together, may have.
const MostInterestFree = 1_000

// ErrTooManyEvents: there are as many as there may be.
var ErrTooManyEvents = fault.New(fault.Conflict, "TOO_MANY_EVENTS", "무이자 행사는 1,000건까지 둘 수 있어요. 지난 행사를 먼저 지워 주세요.")

// AddInterestFree adds an interest-free event and returns it with its id; the zero
// tenant's holds for all merchants. It returns Invalid or ErrTooManyEvents.
func (r *Registry) AddInterestFree(ctx context.Context, actor string, t Tenant, e InterestFree) (InterestFree, error) {
	if err := e.validate(); err != nil {
		return InterestFree{}, err
	}
	e.MerchantID, e.ID = t.ID(), r.IDs.At(id.Event, r.Clock.Now())
	return e, read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if own, err := ownEvents(ctx, tx, t); err != nil || len(own) >= MostInterestFree {
			return orMany(err)
		}
		if err := tx.InsertInterestFree(ctx, t, e); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "interest_free.added", e.ID, nil))
	}))
}

// RemoveInterestFree takes an event away, or returns ErrNotFound.
func (r *Registry) RemoveInterestFree(ctx context.Context, actor string, t Tenant, eventID, reason string) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteInterestFree(ctx, t, eventID); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "interest_free.removed", eventID, map[string]string{"reason": reason}))
	}))
}

// InterestFreeOf are the events of the tenant's own, the zero tenant's those of every
// merchant, the one that began last first.
func (r *Registry) InterestFreeOf(ctx context.Context, t Tenant) ([]InterestFree, error) {
	own, err := ownEvents(ctx, r.Store, t)
	slices.SortStableFunc(own, func(a, b InterestFree) int { return strings.Compare(string(b.From), string(a.From)) })
	return own, err
}

func ownEvents(ctx context.Context, from Reader, t Tenant) ([]InterestFree, error) {
	rules, err := from.Installments(ctx, t)
	return slices.DeleteFunc(rules.Events, func(e InterestFree) bool { return e.MerchantID != t.ID() }), err
}

func orMany(err error) error {
	if err != nil {
		return err
	}
	return ErrTooManyEvents
}

// InterestFreeImport is a table of events to be taken over.
type InterestFreeImport struct {
	Format  grid.Format
	File    []byte
	DryRun  bool // say what would happen, and change nothing
	Partial bool // take the good rows although others are bad
}

// InterestFreeReport says what an import did, or in a dry run would do.
type InterestFreeReport struct {
	Rows       int // with something in them
	Added      int
	Unchanged  int  // there already
	Done       bool // it was written
	Errors     []grid.Wrong
	ErrorCount int      // of all, where Errors is cut
	Ignored    []string // headings of columns that mean nothing here
}

// maxRowErrors are told one by one.
const maxRowErrors = 200

// The columns of a table of events.
const (
	columnIssuer grid.Column = "issuer"
	columnMonths grid.Column = "months"
	columnAmount grid.Column = "minAmount"
	columnFrom   grid.Column = "from"
	columnUntil  grid.Column = "until"
)

// InterestFreeTable is how events stand in a file.
var InterestFreeTable = grid.Layout{
	Columns: []grid.Column{columnIssuer, columnMonths, columnAmount, columnFrom, columnUntil},
	Words: map[grid.Column][]string{
		columnIssuer: {"카드사", "카드", "발급사", "issuer", "issuercode", "card"},
		columnMonths: {"개월", "할부개월", "무이자개월", "months"},
		columnAmount: {"최소금액", "최소결제금액", "금액", "minamount", "minimumamount"},
		columnFrom:   {"시작일", "시작", "from", "fromdate"},
		columnUntil:  {"종료일", "종료", "마감일", "until", "untildate"},
	},
	Keys:    []grid.Column{columnIssuer},
	Numbers: []grid.Column{columnAmount},
	Sheet:   "무이자",
	Help: [][]string{
		{"열", "설명"},
		{"카드사", "이름(신한) 또는 두 자리 코드(41)."},
		{"개월", "2~12개월. 2,3,6 또는 2~6처럼 써요."},
		{"최소금액", "이 금액부터 무이자예요. 비워 두면 50,000원."},
		{"시작일", "2026-11-01. 이 날부터."},
		{"종료일", "2026-11-30. 이 날까지."},
		{"", ""},
		{"규칙", "이미 있는 행사와 똑같은 줄은 건너뛰고, 지우는 일은 없어요."},
	},
	Widths: []float64{14, 16, 12, 14, 14},
}

// Cells are an event as a row of InterestFreeTable.
func (e InterestFree) Cells() []string {
	return []string{issuerName(e.Issuer), monthsList(e.Months), strconv.FormatInt(int64(e.MinAmount), 10), string(e.From), string(e.Until)}
}

func monthsList(months []int) string {
	words := make([]string, len(months))
	for i, m := range months {
		words[i] = strconv.Itoa(m)
	}
	return strings.Join(words, ", ")
}

// ImportInterestFree adds the events of a table to the tenant's own. Rows that stand
// there already are left; nothing is removed, and nothing written when a row is bad,
// unless Partial is set. It returns Invalid when the file is no table, grid.ErrBusy or
// ErrTooManyEvents.
func (r *Registry) ImportInterestFree(ctx context.Context, actor string, t Tenant, in InterestFreeImport) (InterestFreeReport, error) {
	sheet, err := InterestFreeTable.Open(ctx, in.Format, in.File)
	if err != nil {
		return InterestFreeReport{}, err
	}
	var report InterestFreeReport
	plan := func(there []InterestFree) []InterestFree {
		p := newEventPlan(there, sheet)
		for _, row := range sheet.Rows {
			p.row(row)
		}
		report = p.report
		return p.added
	}
	there, err := ownEvents(ctx, r.Store, t)
	if err != nil {
		return report, err
	}
	plan(there)
	if in.DryRun || report.ErrorCount > 0 && !in.Partial {
		return report, nil
	}
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		there, err := ownEvents(ctx, tx, t)
		if err != nil {
			return err
		}
		added := plan(there)
		if len(there)+len(added) > MostInterestFree {
			return ErrTooManyEvents
		}
		for _, e := range added {
			e.ID = r.IDs.At(id.Event, r.Clock.Now())
			if err := tx.InsertInterestFree(ctx, t, e); err != nil {
				return err
			}
		}
		return tx.Record(ctx, r.record(t, actor, "interest_free.imported", t.ID(), map[string]string{"added": strconv.Itoa(len(added))}))
	})
	report.Done = err == nil
	return report, read(err)
}

// eventPlan is what a table makes of the events that are there.
type eventPlan struct {
	known  map[string]int // row by what it says; 0: there already
	added  []InterestFree
	report InterestFreeReport
}

func newEventPlan(there []InterestFree, sheet grid.Sheet) *eventPlan {
	p := &eventPlan{known: map[string]int{}, report: InterestFreeReport{Rows: len(sheet.Rows), Ignored: sheet.Ignored}}
	for _, e := range there {
		p.known[e.same()] = 0
	}
	return p
}

// same tells events that say the same.
func (e InterestFree) same() string {
	return fmt.Sprint(e.Issuer, "/", e.Months, "/", int64(e.MinAmount), "/", e.From, "/", e.Until)
}

func (p *eventPlan) row(row grid.Row) {
	e, wrong := eventOf(row)
	if len(wrong) == 0 {
		if at, twice := p.known[e.same()]; twice && at > 0 {
			wrong = []grid.Wrong{{Row: row.Number, Code: "DUPLICATE", Message: fmt.Sprintf("%d번째 줄과 같아요.", at)}}
		} else if twice {
			p.report.Unchanged++
			return
		}
	}
	if len(wrong) > 0 {
		p.report.ErrorCount += len(wrong)
		room := max(0, maxRowErrors-len(p.report.Errors))
		p.report.Errors = append(p.report.Errors, wrong[:min(room, len(wrong))]...)
		return
	}
	p.known[e.same()] = row.Number
	p.added = append(p.added, e)
	p.report.Added++
}

// eventOf reads a row, with what is wrong in it.
func eventOf(row grid.Row) (e InterestFree, wrong []grid.Wrong) {
	fail := func(c grid.Column, code, message string) {
		wrong = append(wrong, grid.Wrong{Row: row.Number, Column: c, Code: code, Message: message, Value: grid.Shown(row.Cells[c])})
	}
	var ok bool
	if e.Issuer, ok = issuerCode(row.Cells[columnIssuer]); !ok {
		fail(columnIssuer, "UNKNOWN_ISSUER", "카드사를 찾지 못했어요. 이름이나 두 자리 코드로 적어 주세요.")
	}
	if e.Months, ok = monthsRead(row.Cells[columnMonths]); !ok {
		fail(columnMonths, "INVALID_MONTHS", "개월은 2~12 사이로 2,3,6 또는 2~6처럼 적어 주세요.")
	}
	e.MinAmount = DefaultInstallmentMinimum
	if text := row.Cells[columnAmount]; text != "" {
		n, ok := grid.Number(text)
		if !ok || n < 1 || money.Won(n) > money.Max {
			fail(columnAmount, "INVALID_NUMBER", "최소 금액을 1원 이상의 숫자로 적어 주세요.")
		}
		e.MinAmount = money.Won(n)
	}
	var fromOK, untilOK bool
	if e.From, fromOK = grid.Day(row.Cells[columnFrom]); !fromOK {
		fail(columnFrom, "INVALID_DATE", "날짜는 2026-11-01처럼 적어 주세요.")
	}
	if e.Until, untilOK = grid.Day(row.Cells[columnUntil]); !untilOK {
		fail(columnUntil, "INVALID_DATE", "날짜는 2026-11-30처럼 적어 주세요.")
	}
	if fromOK && untilOK && e.From > e.Until {
		fail(columnUntil, "DATES_REVERSED", "종료일이 시작일보다 빨라요.")
	}
	return e, wrong
}

// issuers are the names of the table of number ranges by code.
var issuers = func() map[string]string {
	out := map[string]string{}
	for _, r := range card.Ranges() {
		if r.Issuer != "" {
			out[r.Issuer] = r.IssuerName
		}
	}
	return out
}()

// issuerName is an issuer's Korean name, or its code where the table has none.
func issuerName(code string) string {
	if name := issuers[code]; name != "" {
		return name
	}
	return code
}

// IssuerName is an issuer's Korean name, or its code where the table has none.
func (e InterestFree) IssuerName() string { return issuerName(e.Issuer) }

// issuerCode reads a code, or a name as people write it.
func issuerCode(s string) (string, bool) {
	plain := func(s string) string {
		s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
		return strings.TrimSuffix(s, "카드")
	}
	if _, ok := issuers[s]; ok {
		return s, true
	}
	for code, name := range issuers {
		if s != "" && plain(name) == plain(s) {
			return code, true
		}
	}
	return "", false
}

// monthsRead reads "2,3,6", "2~6", "2-6개월" or "3".
func monthsRead(s string) ([]int, bool) {
	s = strings.NewReplacer("개월", "", " ", "", "·", ",", "/", ",", "、", ",", ":", ",", "∼", "~", "-", "~", "–", "~").Replace(s)
	set := map[int]bool{}
	for part := range strings.SplitSeq(s, ",") {
		first, last, ranged := strings.Cut(part, "~")
		from, err := strconv.Atoi(first)
		until := from
		if err == nil && ranged {
			until, err = strconv.Atoi(last)
		}
		if err != nil || from < MinMonths || until > MaxMonths || from > until {
			return nil, false
		}
		for m := from; m <= until; m++ {
			set[m] = true
		}
	}
	months := make([]int, 0, len(set))
	for m := range set {
		months = append(months, m)
	}
	slices.Sort(months)
	return months, true
}

// During reports whether the event runs on any day of a month, YYYY-MM.
func (e InterestFree) During(month string) bool {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return false
	}
	last := first.AddDate(0, 1, -1)
	return e.From <= clock.Day(last.Format(time.DateOnly)) && e.Until >= clock.Day(first.Format(time.DateOnly))
}
