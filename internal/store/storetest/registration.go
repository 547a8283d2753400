package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/registration"
	"innopay/internal/terms"
)

// Joining is a store of people on the way in, with the people who are in.
type Joining struct {
	registration.Store
	People merchant.Store
	Terms  terms.Store
}

// Registrations runs the suite of registration.Store. Its tests share one store and keep
// apart by their desks.
func Registrations(t *testing.T, fresh func(t *testing.T) Joining) {
	t.Helper()
	s := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, Joining)
	}{
		{"a shop's code is one shop's", joinShopCode},
		{"an invite is found by its code, in its shop alone", joinInvite},
		{"an invite's last use is one person's", joinLastUse},
		{"a registration is read back whole, and changes once a version", joinRegistration},
		{"somebody who waits is let in once, or goes and frees the id", joinPending},
		{"what is overdue is listed, what is old is purged", joinOverdue},
		{"an id that was given out is read back whole, and changes once a version", joinOnboarding},
		{"what fails leaves nothing", joinRollback},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, s)
		})
	}
}

func joinTx(t *testing.T, s Joining, fn func(ctx context.Context, tx registration.Tx) error) {
	t.Helper()
	if err := s.RegistrationTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%v, not %v", err, want)
	}
}

// Invite is one of the desk's.
func (d *Desk) Invite(code string, uses int) registration.Invite {
	d.Now = d.Now.Add(time.Second)
	return registration.Invite{
		MerchantID: d.Merchant, ID: d.ID(id.Invite), Code: code, Uses: uses, CreatedBy: "usr_1", CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Hour),
	}
}

// Registration is one of the desk's, begun with an invite.
func (d *Desk) Registration(i registration.Invite) registration.Registration {
	d.Now = d.Now.Add(time.Second)
	r := registration.Registration{
		MerchantID: d.Merchant, ID: d.ID(id.Registration), InviteID: i.ID, Status: registration.Open, Name: "시험 직원", Phone: "01000001234",
		Generation: 2, CodeHash: "hash", CodeUntil: d.Now.Add(time.Minute), CodeTries: 1, SentAt: d.Now, CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Hour), Version: 1,
	}
	r.TokenHash = "token of " + r.ID
	return r
}

func joinShopCode(t *testing.T, s Joining) {
	one, two := NewDesk(301), NewDesk(302)
	_, err := s.ShopCode(t.Context(), one.Tenant())
	wantErr(t, err, registration.ErrAbsent)
	put := func(d *Desk, code string) error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.PutShopCode(ctx, d.Tenant(), code) })
	}
	if err := put(one, "SHOP22"); err != nil {
		t.Fatal(err)
	}
	wantErr(t, put(one, "SHOP33"), registration.ErrTaken)
	wantErr(t, put(two, "SHOP22"), registration.ErrTaken)
	if code, err := s.ShopCode(t.Context(), one.Tenant()); err != nil || code != "SHOP22" {
		t.Errorf("code %q, %v", code, err)
	}
	if whose, err := s.ShopByCode(t.Context(), "SHOP22"); err != nil || whose != one.Tenant() {
		t.Errorf("shop %v, %v", whose, err)
	}
	_, err = s.ShopByCode(t.Context(), "SHOP44")
	wantErr(t, err, registration.ErrAbsent)
}

func joinInvite(t *testing.T, s Joining) {
	d, other := NewDesk(303), NewDesk(304)
	first, second := d.Invite("ABCDEFGH", 1), d.Invite("ABCDEFGJ", 2)
	joinTx(t, s, func(ctx context.Context, tx registration.Tx) error {
		return errors.Join(tx.InsertInvite(ctx, first), tx.InsertInvite(ctx, second))
	})
	got, err := s.InviteByCode(t.Context(), d.Tenant(), "ABCDEFGH")
	if diff := cmp.Diff(first, got, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
	_, err = s.InviteByCode(t.Context(), other.Tenant(), "ABCDEFGH")
	wantErr(t, err, registration.ErrAbsent)
	joinTx(t, s, func(ctx context.Context, tx registration.Tx) error {
		return tx.RevokeInvite(ctx, d.Tenant(), second.ID, d.Now)
	})
	wantErr(t, s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error {
		return tx.RevokeInvite(ctx, d.Tenant(), second.ID, d.Now)
	}), registration.ErrStale)
	wantErr(t, s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.UseInvite(ctx, d.Tenant(), second.ID) }), registration.ErrStale)
	wantErr(t, s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error {
		return tx.UseInvite(ctx, other.Tenant(), first.ID)
	}), registration.ErrStale)
	second.RevokedAt = d.Now
	all, err := s.Invites(t.Context(), d.Tenant(), 10)
	if diff := cmp.Diff([]registration.Invite{second, first}, all, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// atOnce runs fn so many times together and counts those that succeed.
func atOnce(n int, fn func() error) (succeeded int, others []error) {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn() })
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil {
			succeeded++
		} else {
			others = append(others, err)
		}
	}
	return succeeded, others
}

func joinLastUse(t *testing.T, s Joining) {
	d := NewDesk(305)
	i := d.Invite("QQQQQQQQ", 2)
	joinTx(t, s, func(ctx context.Context, tx registration.Tx) error { return tx.InsertInvite(ctx, i) })
	won, others := atOnce(8, func() error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.UseInvite(ctx, d.Tenant(), i.ID) })
	})
	if won != 2 {
		t.Errorf("%d uses of 2", won)
	}
	for _, err := range others {
		wantErr(t, err, registration.ErrStale)
	}
}

func joinRegistration(t *testing.T, s Joining) {
	d := NewDesk(306)
	r := d.Registration(d.Invite("RRRRRRRR", 1))
	joinTx(t, s, func(ctx context.Context, tx registration.Tx) error { return tx.InsertRegistration(ctx, r) })
	got, err := s.RegistrationByToken(t.Context(), r.TokenHash)
	if diff := cmp.Diff(r, got, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
	r.Status, r.Name, r.Phone, r.CodeTries, r.VerifiedAt, r.UserID = registration.Refused, "", "", 4, d.Now, "usr_9"
	r.Version = 2
	change := func() error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.UpdateRegistration(ctx, r) })
	}
	won, others := atOnce(4, change)
	if won != 1 || len(others) != 3 {
		t.Errorf("%d changes to one version", won)
	}
	got, err = s.Registration(t.Context(), d.Tenant(), r.ID)
	if diff := cmp.Diff(r, got, sameMoment); err != nil || diff != "" {
		t.Error(err, diff)
	}
	_, err = s.Registration(t.Context(), NewDesk(307).Tenant(), r.ID)
	wantErr(t, err, registration.ErrAbsent)
	_, err = s.RegistrationByToken(t.Context(), "no such token")
	wantErr(t, err, registration.ErrAbsent)
}

// applicant is somebody who has registered at the desk.
func applicant(d *Desk, loginID string) merchant.User {
	d.Now = d.Now.Add(time.Second)
	return merchant.User{MerchantID: d.Merchant, ID: d.ID(id.User), LoginID: loginID, Name: "시험 직원", Role: merchant.Staff, CreatedAt: d.Now}
}

func joinPending(t *testing.T, s Joining) {
	d := NewDesk(308)
	opened(t, s.People, d)
	u := applicant(d, "waiting-308")
	insert := func(u merchant.User) error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.InsertPending(ctx, u, "hash") })
	}
	if err := insert(u); err != nil {
		t.Fatal(err)
	}
	wantErr(t, insert(applicant(d, "waiting-308")), registration.ErrTaken)
	c, err := s.People.CredentialsByLogin(t.Context(), "waiting-308")
	if err != nil || c.User.Status != merchant.UserPending || c.PasswordHash != "hash" || c.User.Rights.Cancel || c.User.Rights.Discount {
		t.Errorf("%+v, %v", c, err)
	}
	// A link to a new password does not let anybody in.
	err = s.People.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
		return tx.SetPassword(ctx, d.Tenant(), u.ID, c.User.Version, "other", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.People.Credentials(t.Context(), d.Tenant(), u.ID); err != nil || c.User.Status != merchant.UserPending {
		t.Errorf("a password made somebody active: %v, %v", c.User.Status, err)
	}
	rights := merchant.Rights{Cancel: true, CancelLimit: 5_000, EditProducts: true}
	approve := func() error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error {
			return tx.ApprovePending(ctx, d.Tenant(), u.ID, rights)
		})
	}
	if won, _ := atOnce(4, approve); won != 1 {
		t.Errorf("approved %d times", won)
	}
	c, err = s.People.Credentials(t.Context(), d.Tenant(), u.ID)
	rights.Version = 2
	if diff := cmp.Diff(rights, c.User.Rights); err != nil || diff != "" || c.User.Status != merchant.UserActive {
		t.Error(err, c.User.Status, diff)
	}
	drop := func(userID string) error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.DeletePending(ctx, d.Tenant(), userID) })
	}
	wantErr(t, drop(u.ID), registration.ErrStale)
	other := applicant(d, "other-308")
	if err := errors.Join(insert(other), drop(other.ID), insert(applicant(d, "other-308"))); err != nil {
		t.Errorf("a refused id is not free: %v", err)
	}
}

func joinOverdue(t *testing.T, s Joining) {
	d := NewDesk(309)
	open, pending, done := d.Registration(d.Invite("SSSSSSSS", 1)), d.Registration(d.Invite("TTTTTTTT", 1)), d.Registration(d.Invite("VVVVVVVV", 1))
	pending.Status, pending.UserID = registration.Pending, "usr_309"
	done.Status = registration.Approved
	// Long before what the other tests have.
	for _, r := range []*registration.Registration{&open, &pending, &done} {
		r.CreatedAt, r.ExpiresAt = r.CreatedAt.AddDate(-1, 0, 0), r.ExpiresAt.AddDate(-1, 0, 0)
	}
	joinTx(t, s, func(ctx context.Context, tx registration.Tx) error {
		return errors.Join(tx.InsertRegistration(ctx, open), tx.InsertRegistration(ctx, pending), tx.InsertRegistration(ctx, done))
	})
	mine, err := s.Waiting(t.Context(), d.Tenant())
	if err != nil || len(mine) != 1 || mine[0].ID != pending.ID {
		t.Errorf("%d wait, %v", len(mine), err)
	}
	due, err := s.OverdueRegistrations(t.Context(), pending.ExpiresAt, 10)
	if err != nil || len(due) != 2 || due[0].ID != open.ID || due[1].ID != pending.ID {
		t.Errorf("%d are overdue, %v", len(due), err)
	}
	for _, want := range []bool{true, false} { // the second round finds nothing
		more, err := s.PurgeRegistrations(t.Context(), done.CreatedAt.Add(time.Second), 1)
		if err != nil || more != want {
			t.Fatalf("more: %t, %v", more, err)
		}
	}
	_, err = s.Registration(t.Context(), d.Tenant(), done.ID)
	wantErr(t, err, registration.ErrAbsent)
	if _, err = s.Registration(t.Context(), d.Tenant(), open.ID); err != nil {
		t.Error("one that goes on was purged", err)
	}
}

func joinOnboarding(t *testing.T, s Joining) {
	d := NewDesk(310)
	o := registration.Onboarding{
		MerchantID: d.Merchant, UserID: d.ID(id.User), ID: d.ID(id.Onboarding), Email: "owner@example.com", Phone: "01000009999", Generation: 1,
		TokenHash: "onboarding 310", MailedAt: d.Now, CreatedBy: "usr_op", CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Hour), Version: 1,
	}
	put := func(o registration.Onboarding) error {
		return s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error { return tx.PutOnboarding(ctx, o) })
	}
	if err := put(o); err != nil {
		t.Fatal(err)
	}
	wantErr(t, put(o), registration.ErrStale)
	o.CodeCount, o.CodeHash, o.CodeUntil, o.CodeTries, o.SentAt, o.OpenedAt, o.UsedAt = 2, "h", d.Now.Add(time.Minute), 3, d.Now, d.Now, d.Now
	o.Version = 2
	if won, _ := atOnce(4, func() error { return put(o) }); won != 1 {
		t.Errorf("%d changes to one version", won)
	}
	for _, find := range []func() (registration.Onboarding, error){
		func() (registration.Onboarding, error) { return s.Onboarding(t.Context(), d.Tenant(), o.UserID) },
		func() (registration.Onboarding, error) { return s.OnboardingByToken(t.Context(), "onboarding 310") },
		func() (registration.Onboarding, error) { return s.OnboardingByID(t.Context(), d.Tenant(), o.ID) },
	} {
		got, err := find()
		if diff := cmp.Diff(o, got, sameMoment); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
	all, err := s.Onboardings(t.Context(), d.Tenant())
	if err != nil || len(all) != 1 {
		t.Errorf("%d, %v", len(all), err)
	}
	_, err = s.OnboardingByID(t.Context(), NewDesk(311).Tenant(), o.ID)
	wantErr(t, err, registration.ErrAbsent)
}

func joinRollback(t *testing.T, s Joining) {
	d := NewDesk(312)
	failed := errors.New("on purpose")
	i := d.Invite("WWWWWWWW", 1)
	r := d.Registration(i)
	u := applicant(d, "rollback-312")
	err := s.RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error {
		_, err := tx.InsertMessage(ctx, message.Job{MerchantID: d.Merchant, ID: d.ID(id.Message), Purpose: message.PhoneCode, RequestID: r.ID, Status: message.Queued, Version: 1})
		return errors.Join(tx.InsertInvite(ctx, i), tx.InsertRegistration(ctx, r), tx.InsertPending(ctx, u, "hash"), err,
			tx.InsertConsent(ctx, terms.Consent{MerchantID: d.Merchant, ID: d.ID(id.Consent), UserID: u.ID, Kind: terms.Service, Version: 1, Agreed: true, At: d.Now}),
			failed)
	})
	wantErr(t, err, failed)
	_, err = s.InviteByCode(t.Context(), d.Tenant(), i.Code)
	wantErr(t, err, registration.ErrAbsent)
	_, err = s.RegistrationByToken(t.Context(), r.TokenHash)
	wantErr(t, err, registration.ErrAbsent)
	_, err = s.People.CredentialsByLogin(t.Context(), "rollback-312")
	wantErr(t, err, merchant.ErrAbsent)
	if given, err := s.Terms.Consents(t.Context(), d.Tenant(), u.ID); err != nil || len(given) != 0 {
		t.Errorf("%d consents, %v", len(given), err)
	}
}
