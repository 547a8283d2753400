package terms_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/terms"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// shelf is a store in memory.
type shelf struct {
	mu       sync.Mutex
	docs     []terms.Document
	consents []terms.Consent
}

func (s *shelf) TermsTx(ctx context.Context, fn func(ctx context.Context, tx terms.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	docs, consents := slices.Clone(s.docs), slices.Clone(s.consents)
	err := fn(ctx, &writer{s})
	if err != nil {
		s.docs, s.consents = docs, consents
	}
	return err
}

func (s *shelf) Documents(context.Context) ([]terms.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.docs), nil
}

func (s *shelf) Consents(_ context.Context, t merchant.Tenant, userID string) ([]terms.Consent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := map[terms.Kind]terms.Consent{}
	for _, c := range s.consents {
		if c.MerchantID == t.ID() && c.UserID == userID {
			newest[c.Kind] = c
		}
	}
	var out []terms.Consent
	for _, c := range newest {
		out = append(out, c)
	}
	return out, nil
}

func (s *shelf) Reach(ctx context.Context, k terms.Kind, version int) (terms.Reach, error) {
	said, agreed := map[string]bool{}, 0
	for _, c := range s.consents {
		if !said[c.UserID] {
			said[c.UserID] = true
			all, _ := s.Consents(ctx, merchant.TenantOf(c.MerchantID), c.UserID)
			if slices.ContainsFunc(all, func(o terms.Consent) bool { return o.Kind == k && o.Version >= version && o.Agreed }) {
				agreed++
			}
		}
	}
	return terms.Reach{People: len(said), Agreed: agreed}, nil
}

type writer struct{ *shelf }

func (*writer) Record(context.Context, audit.Record) error { return nil }

func (w *writer) InsertConsent(_ context.Context, c terms.Consent) error {
	w.consents = append(w.consents, c)
	return nil
}

func (w *writer) InsertDocument(_ context.Context, d terms.Document) error {
	for _, o := range w.docs {
		if o.Kind == d.Kind && o.Version == d.Version {
			return terms.ErrTaken
		}
	}
	w.docs = append(w.docs, d)
	return nil
}

func newBook(t *testing.T) (*terms.Book, *shelf, *clock.Fake) {
	t.Helper()
	s, c := &shelf{}, clock.NewFake(start)
	b := &terms.Book{Store: s, Clock: c, IDs: id.NewSource(nil)}
	if err := b.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b, s, c
}

func yes(docs []terms.Document) []terms.Answer {
	var out []terms.Answer
	for _, d := range docs {
		out = append(out, terms.Answer{Kind: d.Kind, Version: d.Version, Agreed: true})
	}
	return out
}

func pending(t *testing.T, b *terms.Book, userID string) []terms.Document {
	t.Helper()
	asked, err := b.Ask(t.Context(), merchant.TenantOf("mer_1"), userID)
	if err != nil {
		t.Fatal(err)
	}
	return asked.Pending
}

func TestAnInstallationBeginsWithSamples(t *testing.T) {
	t.Parallel()
	b, s, _ := newBook(t)
	if err := b.Prepare(t.Context()); err != nil || len(s.docs) != len(terms.Kinds()) {
		t.Fatalf("%d documents, %v", len(s.docs), err)
	}
	for _, d := range s.docs {
		if !d.Sample || !strings.Contains(d.Body, "견본") || d.Required == (d.Kind == terms.Marketing) {
			t.Errorf("%s: sample %v, required %v", d.Kind, d.Sample, d.Required)
		}
		d.EffectiveFrom = clock.DayOf(start)
		if err := d.Validate(clock.DayOf(start)); err != nil {
			t.Errorf("%s: %v", d.Kind, err)
		}
	}
}

func TestANewVersionIsAskedForOnceItHolds(t *testing.T) {
	t.Parallel()
	b, _, c := newBook(t)
	who := terms.From{Tenant: merchant.TenantOf("mer_1"), UserID: "usr_1", Address: "192.0.2.1"}
	if err := b.Answer(t.Context(), who, yes(pending(t, b, "usr_1"))); err != nil {
		t.Fatal(err)
	}
	if left := pending(t, b, "usr_1"); len(left) != 0 {
		t.Fatalf("%d are asked for again", len(left))
	}
	next, err := b.Publish(t.Context(), "usr_op", terms.Document{
		Kind: terms.Service, Title: "이용약관", Required: true, Body: "# 제1조\r\n새 글  \n", Changes: "제1조", EffectiveFrom: "2028-03-07",
	})
	if err != nil || next.Version != 2 || next.Body != "# 제1조\n새 글" {
		t.Fatalf("%+v, %v", next, err)
	}
	if left := pending(t, b, "usr_1"); len(left) != 0 {
		t.Error("asked for before it holds")
	}
	shown, err := b.Show(t.Context(), terms.Service)
	if err != nil || shown.Version != 1 || len(shown.Coming) != 1 || shown.Coming[0].Version != 2 {
		t.Errorf("shows %d with %d announced, %v", shown.Version, len(shown.Coming), err)
	}
	c.Advance(7 * 24 * time.Hour)
	left := pending(t, b, "usr_1")
	if len(left) != 1 || left[0].Version != 2 || left[0].Changes != "제1조" {
		t.Fatalf("asks for %+v", left)
	}
	old := []terms.Answer{{Kind: terms.Service, Version: 1, Agreed: true}}
	if err := b.Answer(t.Context(), who, old); !errors.Is(err, terms.ErrVersion) {
		t.Errorf("agreed to what no longer holds: %v", err)
	}
	if err := b.Answer(t.Context(), who, yes(left)); err != nil || len(pending(t, b, "usr_1")) != 0 {
		t.Errorf("still asked for: %v", err)
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	t.Parallel()
	b, s, _ := newBook(t)
	docs, err := b.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := yes(docs)
	no := slices.Clone(all)
	no[0].Agreed = false
	for name, answers := range map[string][]terms.Answer{
		"none": nil, "a required one refused": no, "one twice": {all[0], all[0]}, "unknown": {{Kind: "OTHER", Version: 1, Agreed: true}},
	} {
		if err := b.Answer(t.Context(), terms.From{Tenant: merchant.TenantOf("mer_1"), UserID: "usr_1"}, answers); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.consents) != 0 {
		t.Errorf("%d consents were kept", len(s.consents))
	}
	if err := b.Whole(t.Context(), all[1:]); !errors.Is(err, terms.ErrRequired) {
		t.Errorf("a required one left out: %v", err)
	}
	optional := slices.DeleteFunc(slices.Clone(all), func(a terms.Answer) bool { return a.Kind == terms.Marketing })
	if err := b.Whole(t.Context(), optional); err != nil {
		t.Errorf("an optional one left out: %v", err)
	}
}

func TestOfTwoWhoPublishAtOnceOneIsToldSo(t *testing.T) {
	t.Parallel()
	b, s, _ := newBook(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := b.Publish(t.Context(), "usr_op", terms.Document{Kind: terms.Privacy, Title: "방침", Body: "글", EffectiveFrom: "2028-03-01"})
			if err != nil && !errors.Is(err, terms.ErrPublished) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := map[int]int{}
	for _, d := range s.docs {
		if d.Kind == terms.Privacy {
			seen[d.Version]++
		}
	}
	for v, n := range seen {
		if n != 1 {
			t.Errorf("version %d stands %d times", v, n)
		}
	}
}

func TestDocumentsThatCannotBe(t *testing.T) {
	t.Parallel()
	today := clock.Day("2028-02-29")
	good := terms.Document{Kind: terms.Service, Title: "약관", Body: "글", EffectiveFrom: today}
	if err := good.Validate(today); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*terms.Document){
		"kind": func(d *terms.Document) { d.Kind = "OTHER" }, "no title": func(d *terms.Document) { d.Title = "" }, "no body": func(d *terms.Document) { d.Body = " \n " },
		"control": func(d *terms.Document) { d.Body = "a\x00b" }, "direction": func(d *terms.Document) { d.Body = "a\u202eb" }, "yesterday": func(d *terms.Document) { d.EffectiveFrom = "2028-02-28" },
		"in two years": func(d *terms.Document) { d.EffectiveFrom = "2030-02-28" }, "no day": func(d *terms.Document) { d.EffectiveFrom = "soon" },
		"lines": func(d *terms.Document) { d.Body = strings.Repeat("a\n", terms.MaxLines+1) }, "long": func(d *terms.Document) { d.Body = strings.Repeat("가", terms.MaxBody+1) },
	} {
		d := good
		change(&d)
		if err := d.Validate(today); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sides are both texts that a comparison tells of.
func sides(lines []terms.Line) (old, next []string) {
	for _, l := range lines {
		switch l.Op {
		case terms.Same:
			old, next = append(old, l.Text), append(next, l.Text)
		case terms.Removed:
			old = append(old, l.Text)
		case terms.Added:
			next = append(next, l.Text)
		case terms.Changed:
			var a, b string
			for _, w := range l.Words {
				if w.Op != terms.Added {
					a += w.Text
				}
				if w.Op != terms.Removed {
					b += w.Text
				}
			}
			old, next = append(old, a), append(next, b)
		}
	}
	return old, next
}

func TestADifferenceHoldsBothTexts(t *testing.T) {
	t.Parallel()
	line := rapid.SampledFrom([]string{"", "# 제1조", "- 하나", "회사는 정한다", "회사는 다시 정한다", "a b c", "a c"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "a"), "\n"), strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "b"), "\n")
		lines := terms.Diff(a, b)
		old, next := sides(lines)
		if strings.Join(old, "\n") != a || strings.Join(next, "\n") != b {
			t.Fatalf("%q and %q came back as %q and %q", a, b, old, next)
		}
		if a == b && slices.ContainsFunc(lines, func(l terms.Line) bool { return l.Op != terms.Same }) {
			t.Fatalf("one text differs from itself: %+v", lines)
		}
	})
}

func TestADifferenceNamesTheWord(t *testing.T) {
	t.Parallel()
	got := terms.Diff("제1조\n7일 전부터 알립니다\n끝", "제1조\n30일 전부터 알립니다\n끝")
	want := []terms.Word{{Op: terms.Removed, Text: "7일"}, {Op: terms.Added, Text: "30일"}, {Op: terms.Same, Text: " 전부터 알립니다"}}
	if len(got) != 3 || got[1].Op != terms.Changed || !slices.Equal(got[1].Words, want) {
		t.Errorf("%+v", got)
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("a\nb", "a\nc")
	f.Add("", "\n\n")
	f.Add("가나 다", "가나다")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 2000 || len(b) > 2000 || !utf8.ValidString(a) || !utf8.ValidString(b) {
			return // a document that is no text is not published
		}
		old, next := sides(terms.Diff(a, b))
		if strings.Join(old, "\n") != a || strings.Join(next, "\n") != b {
			t.Errorf("%q and %q came back as %q and %q", a, b, old, next)
		}
	})
}

func TestADraftIsComparedAndNotStored(t *testing.T) {
	t.Parallel()
	b, s, _ := newBook(t)
	published, err := b.Version(t.Context(), terms.Service, 1)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := b.CompareDraft(t.Context(), terms.Service, 1, published.Body+"  \r\n새 조항\r\n")
	last := lines[len(lines)-1]
	if err != nil || last.Op != terms.Added || last.Text != "새 조항" || len(lines) != strings.Count(published.Body, "\n")+2 {
		t.Errorf("%v %v", last, err)
	}
	for _, body := range []string{"", "  ", "\x00", strings.Repeat("가", terms.MaxBody+1)} {
		if _, err := b.CompareDraft(t.Context(), terms.Service, 1, body); !on(err, "/body") {
			t.Errorf("%.5q: %v", body, err)
		}
	}
	if _, err := b.CompareDraft(t.Context(), terms.Service, 2, "글"); !errors.Is(err, terms.ErrNotFound) {
		t.Errorf("no such version: %v", err)
	}
	if len(s.docs) != len(terms.Kinds()) {
		t.Errorf("%d documents", len(s.docs))
	}
}

// on reports whether err names the field.
func on(err error, path string) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && slices.ContainsFunc(f.Fields, func(f fault.Field) bool { return f.Path == path })
}
