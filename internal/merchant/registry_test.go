package merchant_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/money"
)

func fieldsOf(err error) []string {
	var out []string
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for _, x := range f.Fields {
			out = append(out, x.Path)
		}
	}
	slices.Sort(out)
	return out
}

func TestMerchantIsReadAsItIsOnEveryInstance(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	second := &rig{t: t, ctx: r.ctx, dir: r.dir}
	second.open(r.clock)
	for range 2 { // the second time from memory
		m, err := second.registry.Merchant(r.ctx, r.shop.Tenant())
		if diff := cmp.Diff(r.shop, m); err != nil || diff != "" {
			t.Fatalf("%v %s", err, diff)
		}
	}
	s := r.shop.Settings
	s.SignatureLimit, s.Theme = 30_000, merchant.ThemeDark
	if _, err := r.registry.SaveSettings(r.ctx, "test", r.shop.Tenant(), s); err != nil {
		t.Fatal(err)
	}
	m, err := second.registry.Merchant(r.ctx, r.shop.Tenant())
	if err != nil || m.Settings.SignatureLimit != 30_000 || m.Settings.Theme != merchant.ThemeDark {
		t.Errorf("the other instance still reads %+v, %v", m.Settings, err)
	}
	if !m.SignatureNeeded(30_001) || m.SignatureNeeded(30_000) {
		t.Error("signature limit")
	}
	if err := r.registry.SetMerchantStatus(r.ctx, "test", r.shop.Tenant(), merchant.Suspended); err != nil {
		t.Fatal(err)
	}
	if m, err = second.registry.Merchant(r.ctx, r.shop.Tenant()); err != nil || m.TakesMoney() {
		t.Errorf("the other instance takes money for a suspended merchant: %v", err)
	}
	m.Terminals[0].TID = "changed"
	if again, err := second.registry.Merchant(r.ctx, r.shop.Tenant()); err != nil || again.Terminals[0].TID != "T0000001" {
		t.Errorf("a caller changed the cache: %v", err)
	}
	if _, err := r.registry.Merchant(r.ctx, merchant.TenantOf("mer_nobody")); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("no merchant: %v", err)
	}
	list, err := r.registry.Merchants(r.ctx, "", 10)
	if err != nil || len(list) != 1 || list[0].Terminals[0].TID != "T0000001" {
		t.Errorf("list %+v, %v", list, err)
	}
	if list, err = r.registry.Merchants(r.ctx, r.shop.ID, 10); err != nil || len(list) != 0 {
		t.Errorf("list after the last: %+v, %v", list, err)
	}
}

func TestCreateMerchantNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.registry.CreateMerchant(r.ctx, "test", merchant.NewMerchant{
		Name: " ", BusinessNumber: "1234567890", OwnerName: "a\u202eb", Phone: "call me", TaxType: "SOME", Rounding: "UP",
		AuthLevel: "LOTS", MinCardAmount: -1, MCC: "12",
		Terminals: []merchant.Terminal{{TID: "123456789", MID: "-", Acquirer: ""}},
	})
	want := []string{
		"/address", "/authLevel", "/businessNumber", "/mcc", "/minCardAmount", "/name", "/ownerName", "/phone", "/rounding",
		"/taxType", "/terminals/0/acquirer", "/terminals/0/mid", "/terminals/0/tid",
	}
	if diff := cmp.Diff(want, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}
	_, err = r.registry.CreateMerchant(r.ctx, "test", merchant.NewMerchant{
		Name: "둘째", BusinessNumber: "1234567891", OwnerName: "대표자", Address: "서울", Phone: "02-000-0000", TaxType: money.Mixed,
		MCC: "5812", Terminals: []merchant.Terminal{{TID: "T0000001", MID: "M2", Acquirer: "iso8583"}},
	})
	if fault.CodeOf(err) != "TERMINAL_TAKEN" {
		t.Errorf("another merchant's terminal: %v", err)
	}
	if list, err := r.registry.Merchants(r.ctx, "", 10); err != nil || len(list) != 1 {
		t.Errorf("a refused merchant stands: %d, %v", len(list), err)
	}
}

func TestSettingsAreSavedOnTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.shop.Settings
	s.BuyerInfo, s.FixedBuyer = false, merchant.FixedBuyer{Name: "고정 구매자", Phone: "01000009876", Email: "fixed@example.com"}
	saved, err := r.registry.SaveSettings(r.ctx, "test", r.shop.Tenant(), s)
	if err != nil || saved.Version != s.Version+1 {
		t.Fatalf("version %d, %v", saved.Version, err)
	}
	m, err := r.registry.Merchant(r.ctx, r.shop.Tenant())
	if diff := cmp.Diff(saved, m.Settings); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := r.registry.SaveSettings(r.ctx, "test", r.shop.Tenant(), s); !errors.Is(err, merchant.ErrChanged) {
		t.Errorf("on an old version: %v", err)
	}
	if _, err := r.registry.SaveSettings(r.ctx, "test", merchant.TenantOf("mer_nobody"), s); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
	r.close()
	for _, name := range []string{"innopay.db", "innopay.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, secret := range []string{"01000009876", "fixed@example.com", "고정 구매자", ownerPassword} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s holds %q in clear", name, secret)
			}
		}
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shop, other := r.shop.Tenant(), r.merchant("다른 상점", "T0000002").Tenant()
	for name, u := range map[string]merchant.NewUser{
		"short id": {LoginID: "abc", Name: "a", Role: merchant.Staff}, "id with blank": {LoginID: "ab cd ef", Name: "a", Role: merchant.Staff},
		"no name": {LoginID: "abcdef", Role: merchant.Staff}, "operator": {LoginID: "abcdef", Name: "a", Role: merchant.Operator},
		"no role": {LoginID: "abcdef", Name: "a"},
	} {
		if _, err := r.registry.CreateUser(r.ctx, "test", shop, u); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range []string{"owner.one", "OWNER.ONE", "ｏｗｎｅｒ.one "} {
		if _, err := r.registry.CreateUser(r.ctx, "test", other, merchant.NewUser{LoginID: id, Name: "a", Role: merchant.Staff}); !errors.Is(err, merchant.ErrLoginIDTaken) {
			t.Errorf("%q is taken at another merchant: %v", id, err)
		}
		if _, err := r.registry.CreateOperatorCode(r.ctx, "test", id, "a"); !errors.Is(err, merchant.ErrLoginIDTaken) {
			t.Errorf("%q is taken for an operator: %v", id, err)
		}
	}
	// An invitation may be repeated as long as nobody has come.
	first, err := r.registry.CreateUser(r.ctx, "test", shop, merchant.NewUser{LoginID: "staff.new", Name: "a", Role: merchant.Staff})
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.registry.CreateUser(r.ctx, "test", shop, merchant.NewUser{LoginID: "staff.new", Name: "a", Role: merchant.Staff})
	if err != nil || again.UserID != first.UserID || again.Token == first.Token {
		t.Errorf("invited again: %+v, %v", again.UserID, err)
	}
	if _, err := r.registry.CreateUser(r.ctx, "test", other, merchant.NewUser{LoginID: "staff.new", Name: "a", Role: merchant.Staff}); !errors.Is(err, merchant.ErrLoginIDTaken) {
		t.Errorf("another merchant takes an invited user: %v", err)
	}
	users, err := r.registry.Users(r.ctx, shop)
	if err != nil || len(users) != 2 {
		t.Fatalf("%d users, %v", len(users), err)
	}
	if users, err = r.registry.Users(r.ctx, other); err != nil || len(users) != 0 {
		t.Errorf("the other merchant's users: %d, %v", len(users), err)
	}
	for name, err := range map[string]error{
		"disable":  r.registry.SetUserStatus(r.ctx, "test", other, r.owner, merchant.UserDisabled),
		"link":     second(r.registry.IssuePasswordLink(r.ctx, "test", other, r.owner)),
		"sessions": r.registry.RevokeSessions(r.ctx, "test", other, r.owner),
	} {
		if !errors.Is(err, merchant.ErrNotFound) {
			t.Errorf("another merchant's user, %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAUserThatWasDisabledComesBackAsItWas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	set := func(s merchant.UserStatus) {
		t.Helper()
		if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), r.owner, s); err != nil {
			t.Fatal(err)
		}
	}
	set(merchant.UserDisabled)
	set(merchant.UserActive)
	r.mustLogin("owner.one", ownerPassword)
	link, err := r.registry.CreateUser(r.ctx, "test", r.shop.Tenant(), merchant.NewUser{LoginID: "staff.new", Name: "a", Role: merchant.Staff})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), link.UserID, merchant.UserActive); err != nil {
		t.Fatal(err)
	}
	users, err := r.registry.Users(r.ctx, r.shop.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.ID == link.UserID && u.Status != merchant.UserInvited {
			t.Errorf("a user without password is %v", u.Status)
		}
	}
}
