package storetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/money"
)

// Merchants runs the part of the suite that holds for every merchant.Store. Its
// tests share one store and keep apart by their desks, as merchants do; only what
// looks at everybody's rows has a store of its own.
func Merchants(t *testing.T, fresh func(t *testing.T) merchant.Store) {
	t.Helper()
	shared := fresh(t)
	t.Run("stale counts are swept", func(t *testing.T) {
		t.Parallel()
		guardSweep(t, fresh(t))
	})
	for _, c := range []struct {
		name string
		run  func(*testing.T, merchant.Store)
	}{
		{"a merchant is read back whole", merchantRoundTrip},
		{"a terminal is one merchant's", terminalTaken},
		{"changes meet the version they read", merchantVersions},
		{"what fails leaves nothing", merchantRollback},
		{"rules for all and for one", installmentRules},
		{"users and their passwords", userPasswords},
		{"what staff may do", userRights},
		{"a login is confirmed on what was read", confirmLogin},
		{"sessions", sessions},
		{"keys", secretKeys},
		{"a link is used once", links},
		{"a passkey's count moves once", passkeys},
		{"a challenge is answered once", challenges},
		{"a code and a recovery code are taken once", secondFactors},
		{"known devices", knownDevices},
		{"mails of users", userMails},
		{"counts of tries lose none", guardCounts},
		{"a hundred wrong cancel passwords", wrongCancelPasswords},
		{"people are the tenant's", peopleOfTenant},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, shared)
		})
	}
}

// tidOf is the desk's terminal, loginOf a login id of its own.
func tidOf(d *Desk) string { return strings.ToUpper(d.Merchant[len(d.Merchant)-8:]) }

func loginOf(d *Desk) string { return "owner." + tidOf(d) }

// shop is a merchant of the desk, as the registry would make it.
func shop(d *Desk) merchant.Merchant {
	return merchant.Merchant{
		ID: d.Merchant, Name: "테스트 상점", BusinessNumber: "1234567891", OwnerName: "대표자", Address: "서울시 시험구 1",
		Phone: "020000000", TaxType: money.Mixed, Rounding: money.Floor, AuthLevel: merchant.AuthFull, MinCardAmount: 100, ChipFirst: merchant.ChipAsk,
		MCC: "5812", Status: merchant.Active, CreatedAt: d.Now, Version: 1,
		Terminals: []merchant.Terminal{{TID: tidOf(d), MID: "M1", Acquirer: "iso8583"}},
	}
}

func person(d *Desk, role merchant.Role) merchant.User {
	u := merchant.User{
		MerchantID: d.Merchant, ID: d.ID(id.User), LoginID: loginOf(d), Name: "사용자", Role: role,
		Status: merchant.UserInvited, CreatedAt: d.Now, Version: 1,
	}
	if role == merchant.Operator {
		u.MerchantID = ""
	}
	return u
}

// within runs fn in a transaction that has to succeed.
func within(t *testing.T, s merchant.Store, fn func(ctx context.Context, tx merchant.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// refused runs fn in a transaction that has to fail as want says.
func refused(t *testing.T, s merchant.Store, want error, fn func(ctx context.Context, tx merchant.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), fn); !errors.Is(err, want) {
		t.Errorf("want %v, got %v", want, err)
	}
}

// opened inserts the desk's merchant.
func opened(t *testing.T, s merchant.Store, d *Desk) merchant.Merchant {
	t.Helper()
	m := shop(d)
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertMerchant(ctx, m) })
	return m
}

// hired inserts a user with a password.
func hired(t *testing.T, s merchant.Store, d *Desk) merchant.User {
	t.Helper()
	u := person(d, merchant.Owner)
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		return tx.SetPassword(ctx, merchant.TenantOf(u.MerchantID), u.ID, 1, "hash", "")
	})
	u.Status, u.Version = merchant.UserActive, 2
	return u
}

func merchantRoundTrip(t *testing.T, s merchant.Store) {
	d := NewDesk(101)
	m := shop(d)
	m.Terminals = append(m.Terminals, merchant.Terminal{TID: "ZZZZZZZZ", MID: "M2", Acquirer: "other"})
	row := merchant.SettingsRow{Body: `{"cart":true}`, Buyer: "sealed", Version: 1}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.InsertMerchant(ctx, m); err != nil {
			return err
		}
		if err := tx.PutSettings(ctx, d.Tenant(), row); err != nil {
			return err
		}
		return tx.Record(ctx, d.record("merchant.created", m.ID))
	})
	got, err := s.MerchantRow(t.Context(), d.Tenant())
	if diff := cmp.Diff(m, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if r, err := s.Settings(t.Context(), d.Tenant()); err != nil || r != row {
		t.Errorf("settings %+v, %v", r, err)
	}
	list, err := s.MerchantRows(t.Context(), m.ID[:len(m.ID)-1], 1) // the first id from there on
	if diff := cmp.Diff([]merchant.Merchant{m}, list, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	nobody := merchant.TenantOf("mer_nobody")
	for name, err := range map[string]error{
		"row": second(s.MerchantRow(t.Context(), nobody)), "version": second(s.MerchantVersion(t.Context(), nobody)),
		"settings": second(s.Settings(t.Context(), nobody)), "cancel password": second(s.CancelPassword(t.Context(), nobody)),
	} {
		if !errors.Is(err, merchant.ErrAbsent) {
			t.Errorf("%s of nobody: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func terminalTaken(t *testing.T, s merchant.Store) {
	one, two := NewDesk(102), NewDesk(103)
	opened(t, s, one)
	refused(t, s, merchant.ErrTaken, func(ctx context.Context, tx merchant.Tx) error {
		m := shop(two)
		m.Terminals = shop(one).Terminals
		return tx.InsertMerchant(ctx, m)
	})
	if _, err := s.MerchantVersion(t.Context(), two.Tenant()); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("a merchant without its terminal: %v", err)
	}
	other := shop(two)
	other.Terminals = shop(one).Terminals
	other.Terminals[0].Acquirer = "other"
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertMerchant(ctx, other) })
}

func merchantVersions(t *testing.T, s merchant.Store) {
	d := NewDesk(104)
	m := opened(t, s, d)
	m.Name, m.Status, m.Version, m.ForbidPlainTrack, m.ChipFirst = "새 이름", merchant.Suspended, 2, true, merchant.ChipRefuse
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateMerchant(ctx, m) })
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateMerchant(ctx, m) })
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.BumpMerchant(ctx, d.Tenant()) })
	if v, err := s.MerchantVersion(t.Context(), d.Tenant()); err != nil || v != 3 {
		t.Errorf("version %d, %v", v, err)
	}
	refused(t, s, merchant.ErrAbsent, func(ctx context.Context, tx merchant.Tx) error {
		return tx.BumpMerchant(ctx, merchant.TenantOf("mer_nobody"))
	})
	put := func(v int64) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.PutSettings(ctx, d.Tenant(), merchant.SettingsRow{Body: "{}", Version: v})
		}
	}
	refused(t, s, merchant.ErrStale, put(2))
	within(t, s, put(1))
	refused(t, s, merchant.ErrStale, put(1))
	within(t, s, put(2))
	refused(t, s, merchant.ErrStale, put(2))
}

func merchantRollback(t *testing.T, s merchant.Store) {
	d := NewDesk(105)
	stop := errors.New("stop")
	refused(t, s, stop, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.InsertMerchant(ctx, shop(d)); err != nil {
			return err
		}
		if v, err := tx.MerchantVersion(ctx, d.Tenant()); err != nil || v != 1 {
			t.Errorf("a transaction does not see its own merchant: %v", err)
		}
		if err := tx.Record(ctx, d.record("merchant.created", d.Merchant)); err != nil {
			return err
		}
		return stop
	})
	if _, err := s.MerchantRow(t.Context(), d.Tenant()); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("after the failure: %v", err)
	}
}

func installmentRules(t *testing.T, s merchant.Store) {
	one, two, all := NewDesk(106), NewDesk(107), merchant.TenantOf("")
	event := merchant.InterestFree{
		MerchantID: one.Merchant, ID: one.ID(id.Event), Issuer: "61", Months: []int{2, 3, 12}, MinAmount: 50_000, From: "2028-02-01", Until: "2028-02-29",
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		for _, m := range []money.Won{10_000, 20_000} { // the second replaces
			if err := tx.PutInstallmentMinimum(ctx, all, merchant.InstallmentMinimum{Issuer: "61", Minimum: m}); err != nil {
				return err
			}
		}
		return tx.InsertInterestFree(ctx, one.Tenant(), event)
	})
	rules, err := s.Installments(t.Context(), one.Tenant())
	want := merchant.InstallmentRules{
		Minimums: []merchant.InstallmentMinimum{{Issuer: "61", Minimum: 20_000}}, Events: []merchant.InterestFree{event},
	}
	if diff := cmp.Diff(want, rules); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if rules, err = s.Installments(t.Context(), two.Tenant()); err != nil || len(rules.Minimums) != 1 || len(rules.Events) != 0 {
		t.Errorf("another merchant: %+v, %v", rules, err)
	}
	remove := func(tenant merchant.Tenant) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error { return tx.DeleteInterestFree(ctx, tenant, event.ID) }
	}
	refused(t, s, merchant.ErrAbsent, remove(two.Tenant()))
	within(t, s, remove(one.Tenant()))
}

func guardCounts(t *testing.T, s merchant.Store) {
	const workers, each = 8, 5
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for done := 0; done < each; {
				err := s.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
					row, err := tx.Guard(ctx, "login/x")
					if err != nil {
						return err
					}
					row.Subject = "login/x"
					row.TouchedAt = clock.System{}.Now() // others' guards sweep what is stale
					row.Fails++
					row.Version++
					return tx.PutGuard(ctx, row)
				})
				switch {
				case err == nil:
					done++
				case !errors.Is(err, merchant.ErrStale):
					t.Errorf("%v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	row, err := s.Guard(t.Context(), "login/x")
	if err != nil || row.Fails != workers*each || row.Version != workers*each {
		t.Errorf("%d of %d counted, %v", row.Fails, workers*each, err)
	}
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteGuard(ctx, "login/x", row.Version-1)
	})
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.DeleteGuard(ctx, "login/x", row.Version) })
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.DropGuard(ctx, "login/x") })
}

func guardSweep(t *testing.T, s merchant.Store) {
	now := Start
	rows := []merchant.GuardRow{
		{Subject: "login/old-1", TouchedAt: now.Add(-time.Hour)},
		{Subject: "login/old-2", TouchedAt: now.Add(-2 * time.Hour)},
		{Subject: "login/old-3", TouchedAt: now.Add(-3 * time.Hour)},
		{Subject: "login/old-locked", TouchedAt: now.Add(-time.Hour), LockedUntil: now.Add(time.Second)},
		{Subject: "login/new", TouchedAt: now.Add(-time.Minute), FailedAt: now.Add(-time.Minute), Fails: 3, Pending: 1},
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		for i := range rows {
			rows[i].Version = 1
			if err := tx.PutGuard(ctx, rows[i]); err != nil {
				return err
			}
		}
		return tx.SweepGuards(ctx, now.Add(-30*time.Minute), now, 2)
	})
	var left []merchant.GuardRow
	for _, r := range rows {
		got, err := s.Guard(t.Context(), r.Subject)
		if err != nil {
			t.Fatal(err)
		}
		if got.Version != 0 {
			left = append(left, got)
		}
	}
	want := []merchant.GuardRow{rows[0], rows[3], rows[4]} // the two oldest are gone
	if diff := cmp.Diff(want, left, sameMoment); diff != "" {
		t.Error(diff)
	}
}
