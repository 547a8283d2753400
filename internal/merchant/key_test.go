package merchant_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
)

func TestAKeyMayWhatItsScopesName(t *testing.T) {
	t.Parallel()
	all := []merchant.Permission{}
	for _, p := range merchant.Permissions {
		if merchant.Allowed(merchant.Machine, p) {
			all = append(all, p)
		}
	}
	for scopes, want := range map[merchant.Scopes][]merchant.Permission{
		"":                             {},
		"nonsense":                     {merchant.MerchantRead},
		"all":                          all,
		"payments.read":                {merchant.MerchantRead, merchant.PaymentRead},
		"payments.write":               {merchant.MerchantRead, merchant.PaymentCreate},
		"payments.cancel":              {merchant.MerchantRead, merchant.PaymentCancel},
		"requests":                     {merchant.MerchantRead, merchant.RequestManage},
		"receipts":                     {merchant.MerchantRead, merchant.ReceiptManage},
		"catalog.read":                 {merchant.MerchantRead, merchant.CatalogRead},
		"catalog.write":                {merchant.MerchantRead, merchant.CatalogRead, merchant.CatalogWrite},
		"payments.read payments.write": {merchant.MerchantRead, merchant.PaymentCreate, merchant.PaymentRead},
	} {
		p := merchant.Principal{Role: merchant.Machine, Scopes: scopes}
		for _, perm := range merchant.Permissions {
			if got := p.Allowed(perm); got != slices.Contains(want, perm) {
				t.Errorf("%q: %s is %v", scopes, perm, got)
			}
		}
	}
	if !(merchant.Principal{Role: merchant.Owner}).Allowed(merchant.KeyManage) || (merchant.Principal{Role: merchant.Machine, Scopes: "all"}).Allowed(merchant.KeyManage) {
		t.Error("keys are made by owners, and by no key")
	}
}

func TestScopesAreStoredInOneForm(t *testing.T) {
	t.Parallel()
	for want, names := range map[merchant.Scopes][]merchant.Scope{
		"payments.read requests": {"requests", "payments.read", "requests"}, "all": {"receipts", "all"},
	} {
		if got, err := merchant.NewScopes(names...); got != want || err != nil {
			t.Errorf("%v: %q, %v", names, got, err)
		}
	}
	for _, names := range [][]merchant.Scope{nil, {""}, {"settings"}, {"all", "All"}, {"payments.read requests"}} {
		if _, err := merchant.NewScopes(names...); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", names, err)
		}
	}
}

func TestARotatedKeyWorksWithBothSecretsForAWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shop := r.shop.Tenant()
	works := func(key string) bool {
		t.Helper()
		_, err := r.accounts.KeyPrincipal(r.ctx, key)
		if err != nil && !errors.Is(err, merchant.ErrNotLoggedIn) {
			t.Fatal(err)
		}
		return err == nil
	}
	rotate := func(id string, until time.Time) string {
		t.Helper()
		key, _, err := r.registry.RotateKey(r.ctx, "test", shop, id, until)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	first, row, err := r.registry.CreateKey(r.ctx, "test", shop, merchant.NewKey{Name: "POS", Scopes: "payments.read"})
	if err != nil {
		t.Fatal(err)
	}
	for _, until := range []time.Duration{-time.Hour, merchant.LongestOverlap + time.Second} {
		if _, _, err := r.registry.RotateKey(r.ctx, "test", shop, row.ID, r.clock.Now().Add(until)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an overlap of %v: %v", until, err)
		}
	}
	second := rotate(row.ID, r.clock.Now().Add(merchant.LongestOverlap))
	if !works(first) || !works(second) || first == second {
		t.Error("one of the secrets does not work")
	}
	p, err := r.accounts.KeyPrincipal(r.ctx, second)
	if err != nil || p.Scopes != "payments.read" || p.UserID != row.ID {
		t.Errorf("%+v, %v", p, err)
	}
	third := rotate(row.ID, r.clock.Now().Add(time.Hour))
	if works(first) || !works(second) || !works(third) {
		t.Error("the secret before the last works on")
	}
	r.clock.Advance(time.Hour)
	if works(second) || !works(third) {
		t.Error("the time of the old secret is not kept")
	}
	fourth := rotate(row.ID, time.Time{})
	if works(third) || !works(fourth) {
		t.Error("a rotation without overlap leaves the old secret")
	}
	if _, _, err := r.registry.RotateKey(r.ctx, "test", merchant.TenantOf("mer_other"), row.ID, time.Time{}); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("another merchant's: %v", err)
	}
}

func TestTheUseOfAKeyIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	key, row, err := r.registry.CreateKey(r.ctx, "test", r.shop.Tenant(), merchant.NewKey{Name: "POS"})
	if err != nil {
		t.Fatal(err)
	}
	start := r.clock.Now()
	for _, step := range []struct{ pass, used time.Duration }{{0, 0}, {59 * time.Second, 0}, {time.Second, time.Minute}} {
		r.clock.Advance(step.pass)
		if _, err := r.accounts.KeyPrincipal(r.ctx, key); err != nil {
			t.Fatal(err)
		}
		got, err := r.registry.APIKey(r.ctx, r.shop.Tenant(), row.ID)
		if err != nil || !got.UsedAt.Equal(start.Add(step.used).Truncate(time.Microsecond)) {
			t.Errorf("after %v: used %v, %v", step.pass, got.UsedAt.Sub(start), err)
		}
	}
}
