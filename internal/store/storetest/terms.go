package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/terms"
)

// Terms runs the suite of terms.Store, on a store without documents.
func Terms(t *testing.T, fresh func(t *testing.T) terms.Store) {
	t.Helper()
	s := fresh(t)
	d := NewDesk(321)
	doc := func(k terms.Kind, version int) terms.Document {
		return terms.Document{
			Kind: k, Version: version, Title: "이용약관", Required: k != terms.Marketing, Body: "# 제1조\n본문 ' \" \\", Changes: "제1조를 고쳤어요.",
			EffectiveFrom: "2028-03-01", Sample: version == 1, PublishedAt: d.Now, PublishedBy: "usr_1",
		}
	}
	put := func(in ...terms.Document) error {
		return s.TermsTx(t.Context(), func(ctx context.Context, tx terms.Tx) error {
			var err error
			for _, one := range in {
				err = errors.Join(err, tx.InsertDocument(ctx, one))
			}
			return err
		})
	}
	if err := put(doc(terms.Service, 2), doc(terms.Marketing, 1), doc(terms.Service, 1)); err != nil {
		t.Fatal(err)
	}
	wantErr(t, put(doc(terms.Service, 2)), terms.ErrTaken)
	if won, _ := atOnce(4, func() error { return put(doc(terms.Privacy, 1)) }); won != 1 {
		t.Errorf("a version was published %d times", won)
	}
	all, err := s.Documents(t.Context())
	want := []terms.Document{doc(terms.Marketing, 1), doc(terms.Privacy, 1), doc(terms.Service, 1), doc(terms.Service, 2)}
	if diff := cmp.Diff(want, all, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
	consents(t, s, d)
}

// consents sees that the newest answer of each kind is given back, to its user alone.
func consents(t *testing.T, s terms.Store, d *Desk) {
	t.Helper()
	say := func(userID string, k terms.Kind, version int, agreed bool) terms.Consent {
		d.Now = d.Now.Add(time.Second)
		c := terms.Consent{
			MerchantID: d.Merchant, ID: d.ID(id.Consent), UserID: userID, Kind: k, Version: version, Agreed: agreed, At: d.Now, Address: "192.0.2.7",
		}
		if err := s.TermsTx(t.Context(), func(ctx context.Context, tx terms.Tx) error { return tx.InsertConsent(ctx, c) }); err != nil {
			t.Fatal(err)
		}
		return c
	}
	say("usr_1", terms.Service, 1, true)
	say("usr_1", terms.Marketing, 1, true)
	second := say("usr_1", terms.Service, 2, true)
	back := say("usr_1", terms.Marketing, 1, false)
	say("usr_2", terms.Privacy, 1, true)
	// Nobody of these is a user of the store who may log in.
	if r, err := s.Reach(t.Context(), terms.Service, 1); err != nil || r != (terms.Reach{}) {
		t.Errorf("%+v, %v", r, err)
	}
	got, err := s.Consents(t.Context(), d.Tenant(), "usr_1")
	if diff := cmp.Diff([]terms.Consent{back, second}, got, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err := s.Consents(t.Context(), NewDesk(322).Tenant(), "usr_1"); err != nil || len(got) != 0 {
		t.Errorf("another merchant's: %v, %v", got, err)
	}
}
