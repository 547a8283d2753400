package terms

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Book publishes documents and keeps who agreed to them. Safe for concurrent use.
type Book struct {
	Store Store
	Clock clock.Clock
	IDs   *id.Source
}

func (b *Book) today() clock.Day { return clock.DayOf(b.Clock.Now()) }

func (b *Book) now() time.Time { return b.Clock.Now().Truncate(time.Microsecond) }

// Current are the documents that hold today, in the order of kinds.
func (b *Book) Current(ctx context.Context) ([]Document, error) {
	docs, err := b.Store.Documents(ctx)
	return Holding(docs, b.today()), unavailable(err)
}

// Shown is a kind as people read it: what holds, and what is announced.
type Shown struct {
	Document
	Coming []Document
}

// Show is what holds of a kind, or ErrNotFound.
func (b *Book) Show(ctx context.Context, k Kind) (Shown, error) {
	docs, err := b.Store.Documents(ctx)
	if err != nil {
		return Shown{}, unavailable(err)
	}
	docs = slices.DeleteFunc(docs, func(d Document) bool { return d.Kind != k })
	held := Holding(docs, b.today())
	if len(held) == 0 {
		return Shown{}, ErrNotFound
	}
	return Shown{held[0], Coming(docs, b.today())}, nil
}

// All are all versions, newest first within their kinds. Operators only.
func (b *Book) All(ctx context.Context) ([]Document, error) {
	docs, err := b.Store.Documents(ctx)
	slices.SortStableFunc(docs, func(x, y Document) int {
		if x.Kind != y.Kind {
			return slices.Index(Kinds(), x.Kind) - slices.Index(Kinds(), y.Kind)
		}
		return y.Version - x.Version
	})
	return docs, unavailable(err)
}

// Version is one version, or ErrNotFound. Operators only.
func (b *Book) Version(ctx context.Context, k Kind, version int) (Document, error) {
	docs, err := b.Store.Documents(ctx)
	if err != nil {
		return Document{}, unavailable(err)
	}
	for _, d := range docs {
		if d.Kind == k && d.Version == version {
			return d, nil
		}
	}
	return Document{}, ErrNotFound
}

// Compare is what changed from one version of a kind to another, or ErrNotFound.
func (b *Book) Compare(ctx context.Context, k Kind, from, to int) ([]Line, error) {
	old, err := b.Version(ctx, k, from)
	if err != nil {
		return nil, err
	}
	next, err := b.Version(ctx, k, to)
	if err != nil {
		return nil, err
	}
	return Diff(old.Body, next.Body), nil
}

// CompareDraft is what a text that is not published changes in a version, or ErrNotFound
// or Invalid.
func (b *Book) CompareDraft(ctx context.Context, k Kind, from int, body string) ([]Line, error) {
	old, err := b.Version(ctx, k, from)
	if err != nil {
		return nil, err
	}
	body = Tidy(body)
	var c fault.Checks
	c.That(text(body, 1, MaxBody), "/body", "INVALID_TEXT", bodyWords)
	if err := c.Err(); err != nil {
		return nil, err
	}
	return Diff(old.Body, body), nil
}

// Reach is how far a version came. Operators only.
func (b *Book) Reach(ctx context.Context, k Kind, version int) (Reach, error) {
	r, err := b.Store.Reach(ctx, k, version)
	return r, unavailable(err)
}

// Publish adds the next version of a kind. It returns Invalid, or ErrPublished when
// somebody was faster. Operators only.
func (b *Book) Publish(ctx context.Context, actor string, d Document) (Document, error) {
	d.Body, d.Changes = Tidy(d.Body), Tidy(d.Changes)
	if err := d.Validate(b.today()); err != nil {
		return Document{}, err
	}
	docs, err := b.Store.Documents(ctx)
	if err != nil {
		return Document{}, unavailable(err)
	}
	d.Version = 1
	for _, o := range docs {
		if o.Kind == d.Kind {
			d.Version = max(d.Version, o.Version+1)
		}
	}
	if d.Version > mostVersion {
		return Document{}, fault.InvalidField("/kind", "TOO_MANY", "이 약관은 더 이상 새로 게시할 수 없어요.")
	}
	d.PublishedAt, d.PublishedBy = b.now(), actor
	return d, b.insert(ctx, d)
}

func (b *Book) insert(ctx context.Context, d Document) error {
	err := b.Store.TermsTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertDocument(ctx, d); err != nil {
			return err
		}
		return tx.Record(ctx, b.record(merchant.TenantOf(""), d.PublishedBy, "terms.published", string(d.Kind)+"/"+strconv.Itoa(d.Version)))
	})
	if errors.Is(err, ErrTaken) {
		return ErrPublished
	}
	return unavailable(err)
}

// Prepare publishes the sample of every kind of which there is no version yet, so that
// nobody registers without terms. Several instances may do it at once.
func (b *Book) Prepare(ctx context.Context) error {
	docs, err := b.Store.Documents(ctx)
	if err != nil {
		return err
	}
	for _, s := range samples() {
		if slices.ContainsFunc(docs, func(d Document) bool { return d.Kind == s.Kind }) {
			continue
		}
		s.Version, s.EffectiveFrom, s.PublishedAt, s.PublishedBy = 1, b.today(), b.now(), "innopay"
		if err := b.insert(ctx, s); err != nil && !errors.Is(err, ErrPublished) {
			return err
		}
	}
	return nil
}

// Asked is what somebody still has to be asked, or may change.
type Asked struct {
	// Pending hold, and were not answered: required ones must be agreed to, of the others
	// those that were never answered in any version.
	Pending []Document
	// Given are the newest answers, one for each kind that was answered.
	Given []Consent
}

// Ask is what the user is to be asked at login.
func (b *Book) Ask(ctx context.Context, t merchant.Tenant, userID string) (Asked, error) {
	docs, err := b.Current(ctx)
	if err != nil {
		return Asked{}, err
	}
	given, err := b.Store.Consents(ctx, t, userID)
	if err != nil {
		return Asked{}, unavailable(err)
	}
	out := Asked{Given: given}
	for _, d := range docs {
		i := slices.IndexFunc(given, func(c Consent) bool { return c.Kind == d.Kind })
		if i < 0 || d.Required && (given[i].Version < d.Version || !given[i].Agreed) {
			out.Pending = append(out.Pending, d)
		}
	}
	return out, nil
}

// From says who answers, and from where.
type From struct {
	Tenant  merchant.Tenant
	UserID  string
	Address string // of the client
}

// Answer writes down what a user says to documents that hold: to one or several of them.
// It returns ErrVersion when another version holds, ErrRequired when a required one is
// refused, or Invalid.
func (b *Book) Answer(ctx context.Context, who From, answers []Answer) error {
	docs, err := b.Current(ctx)
	if err != nil {
		return err
	}
	if err := check(docs, answers); err != nil {
		return err
	}
	return unavailable(b.Store.TermsTx(ctx, func(ctx context.Context, tx Tx) error { return b.Write(ctx, tx, who, answers) }))
}

// Whole checks the answers of somebody who registers: all that hold are answered, and
// the required ones agreed to. It returns what Answer does.
func (b *Book) Whole(ctx context.Context, answers []Answer) error {
	docs, err := b.Current(ctx)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Required && !slices.ContainsFunc(answers, func(a Answer) bool { return a.Kind == d.Kind }) {
			return ErrRequired.WithField("/consents", "REQUIRED", "필수 약관에 모두 동의해 주세요.")
		}
	}
	return check(docs, answers)
}

// check answers against the documents that hold.
func check(docs []Document, answers []Answer) error {
	if len(answers) == 0 || len(answers) > len(Kinds()) {
		return fault.InvalidField("/consents", "OUT_OF_RANGE", "동의할 약관을 골라 주세요.")
	}
	for i, a := range answers {
		at := "/consents/" + strconv.Itoa(i)
		n := slices.IndexFunc(docs, func(d Document) bool { return d.Kind == a.Kind })
		switch {
		case n < 0 || slices.ContainsFunc(answers[:i], func(o Answer) bool { return o.Kind == a.Kind }):
			return fault.InvalidField(at+"/kind", "UNKNOWN_VALUE", "약관 종류를 다시 골라 주세요.")
		case docs[n].Version != a.Version:
			return ErrVersion
		case docs[n].Required && !a.Agreed:
			return ErrRequired.WithField(at+"/agreed", "REQUIRED", "필수 약관에 모두 동의해 주세요.")
		}
	}
	return nil
}

// Write adds answers that were checked, in the caller's transaction.
func (b *Book) Write(ctx context.Context, tx Writer, who From, answers []Answer) error {
	now := b.now()
	for _, a := range answers {
		c := Consent{
			MerchantID: who.Tenant.ID(), ID: b.IDs.At(id.Consent, now), UserID: who.UserID, Kind: a.Kind, Version: a.Version,
			Agreed: a.Agreed, At: now, Address: who.Address,
		}
		if err := tx.InsertConsent(ctx, c); err != nil {
			return err
		}
		action := "terms.refused"
		if a.Agreed {
			action = "terms.agreed"
		}
		if err := tx.Record(ctx, b.record(who.Tenant, who.UserID, action, string(a.Kind)+"/"+strconv.Itoa(a.Version))); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) record(t merchant.Tenant, actor, action, subject string) audit.Record {
	now := b.now()
	return audit.Record{MerchantID: t.ID(), ID: b.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
}

// unavailable turns what is no fault into "not now".
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	return fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.").WithRetryAfter(2 * time.Second).Because(err)
}
