package merchant_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"innopay/fault"
	"innopay/internal/merchant"
)

func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	ends := []string{"1234", "12345678", "2024", "2025!", "!@#", "0000", "1004", "7777", "123!@#", "_admin", "0101", "99", "!!"}
	seen := map[string]bool{}
	for w := range merchant.CommonWords() {
		title := strings.ToUpper(w[:1]) + w[1:]
		for _, e := range ends {
			for _, p := range []string{w + e, e + w, title + e, strings.ToUpper(w) + e, w + w + e} {
				if len([]rune(p)) >= 10 {
					seen[p] = true
				}
			}
		}
	}
	for _, p := range []string{
		"1234567890", "0987654321", "12345678901234567890", "aaaaaaaaaaaa", "abababababab", "abcdefghijkl", "qwertyuiop", "1q2w3e4r5t6y",
		"q1w2e3r4t5y6", "1qaz2wsx3edc4rfv", "qwer1234!@#$", "asdfasdfasdf", "zxcvbnm123", "p@ssw0rd1234", "P@$$w0rd2024!", "L3tM31n1234",
		"passwordpassword", "iloveyou1234567", "qlalfqjsgh12", "dkssudgktpdy1!", "gamaengjeom2024", "innopay2024!!", "01012345678", "19991231000",
		"가나다라마바사아자차", "비밀번호1234567", "!@#$%^&*()", "correct1correct1"[:8] + "password12",
	} {
		seen[p] = true
	}
	if len(seen) < 3000 {
		t.Fatalf("only %d passwords to try", len(seen))
	}
	refused := 0
	for p := range seen {
		_, err := merchant.CheckPassword(merchant.Password(p), 10)
		if fault.KindOf(err) == fault.Invalid {
			refused++
		} else if len(seen)-refused < 50 || testing.Verbose() {
			t.Logf("%q is let through", p)
		}
	}
	// Two of the built forms glue a word to another one that is in no list ("_admin" is).
	if refused != len(seen) {
		t.Errorf("%d of %d common passwords are let through", len(seen)-refused, len(seen))
	}
}

func TestGoodPasswordsPassAndAreNormalised(t *testing.T) {
	t.Parallel()
	for _, p := range []string{
		ownerPassword, staffPassword, "nyx plover ember tock", "비 오는 골목 끝 붉은 우체통", "4f7Qm2Zx8Lw1", "T7-quokka-umber", "\u1100\u1161나다-우물쭈물-17 obol",
		strings.Repeat("kz7-Qw2_mB9xRt4p", 8),
	} {
		n, err := merchant.CheckPassword(merchant.Password(p), 10, "owner.one", "테스트 상점")
		if err != nil {
			t.Errorf("refused: %v (%d bytes)", err, len(p))
		}
		if p[0] == 0xe1 && !strings.HasPrefix(string(n), "가") {
			t.Error("not composed")
		}
	}
}

func TestPasswordsNeverShow(t *testing.T) {
	t.Parallel()
	r := merchant.LoginRequest{LoginID: "owner.one", Password: ownerPassword}
	for _, s := range []string{fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %q %s %x", r, r, r, r, r, r.Password), r.Password.LogValue().String()} {
		if strings.Contains(s, ownerPassword) || strings.Contains(s, fmt.Sprintf("%x", ownerPassword)) {
			t.Errorf("%q shows it", s)
		}
	}
	if _, err := json.Marshal(r); err == nil {
		t.Error("a password is encoded")
	}
	var p struct{ Password merchant.Password }
	if err := json.Unmarshal([]byte(`{"password":"abc"}`), &p); err != nil || p.Password != "abc" {
		t.Errorf("a password does not decode: %v", err)
	}
}

func TestNormalLoginIDIsStableAndFoldsSpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "id")
		n := merchant.NormalLoginID(s)
		if again := merchant.NormalLoginID(n); again != n {
			t.Fatalf("%q -> %q -> %q", s, n, again)
		}
		for _, other := range []string{" " + s + "\t", strings.ToUpper(n), "\u200b" + n} {
			// Upper case of a few letters is another word (ß); folding must still meet.
			if o := merchant.NormalLoginID(other); strings.HasPrefix(other, " ") && o != n {
				t.Fatalf("%q and %q differ: %q, %q", s, other, n, o)
			}
		}
	})
	for a, b := range map[string]string{"Owner": "owner", "ＯＷＮＥＲ": "owner", "straße": "STRASSE", "ﬁnch": "finch", "\u1112\u1161\u11ab글": "한글"} {
		if merchant.NormalLoginID(a) != merchant.NormalLoginID(b) {
			t.Errorf("%q and %q are two ids", a, b)
		}
	}
}

func TestBusinessNumber(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"1234567891": true, "1234567800": true, "1234567890": false, "123456789": false, "12345678911": false,
		"123456789a": false, "0000000000": false, "": false, "１234567891": false,
	} {
		if merchant.ValidBusinessNumber(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	// Every single wrong digit is found, but for the pairs the weight of five hides.
	good := "1234567891"
	for i := range 8 {
		for d := byte('0'); d <= '9'; d++ {
			b := []byte(good)
			if b[i] != d {
				b[i] = d
				if merchant.ValidBusinessNumber(string(b)) {
					t.Errorf("%s passes", b)
				}
			}
		}
	}
}

func TestPermissionsAreTheTableAndNothingElse(t *testing.T) {
	t.Parallel()
	// The document of who may do what: O owner, S staff, P operator, K secret key.
	want := map[merchant.Permission]string{
		merchant.SessionSelf: "OSP", merchant.MerchantRead: "OSK", merchant.SettingsRead: "OSK", merchant.SettingsWrite: "OK",
		merchant.CatalogRead: "OSK", merchant.CatalogWrite: "OK", merchant.PaymentCreate: "OSK", merchant.PaymentRead: "OSK",
		merchant.PaymentCancel: "OSK", merchant.UserManage: "O", merchant.KeyManage: "O", merchant.UnsettledRead: "P",
		merchant.UnsettledSettle: "P", merchant.MerchantManage: "P", merchant.DeviceSelf: "OS", merchant.SalesRead: "OSK", merchant.SalesAll: "OK",
		merchant.NoticeRead: "OS", merchant.TicketWrite: "OS", merchant.NoticeManage: "P", merchant.TicketManage: "P",
		merchant.ApprovalDecide: "P", merchant.OperatorManage: "P", merchant.AdapterTest: "P",
		merchant.TermsManage: "P", merchant.DataSelf: "OS", merchant.DataManage: "P",
		merchant.WebhookManage: "O", merchant.RequestManage: "OSK", merchant.ReceiptManage: "OSK",
		merchant.OversightRead: "P", merchant.OversightAct: "P", merchant.AuditRead: "P", merchant.RiskManage: "P", merchant.HealthRead: "P",
	}
	letters := map[merchant.Role]string{merchant.Owner: "O", merchant.Staff: "S", merchant.Operator: "P", merchant.Machine: "K"}
	if len(merchant.Permissions) != len(want) || len(merchant.Roles) != len(letters) {
		t.Fatal("a permission or role is not in this table")
	}
	for _, p := range merchant.Permissions {
		for _, role := range merchant.Roles {
			if got := (merchant.Principal{Role: role, Scopes: "all"}).Allowed(p); got != strings.Contains(want[p], letters[role]) {
				t.Errorf("%s may %s: %v", role, p, got)
			}
		}
		for _, role := range []merchant.Role{"", "ROOT", "owner"} {
			if merchant.Allowed(role, p) {
				t.Errorf("role %q may %s", role, p)
			}
		}
	}
	for _, role := range merchant.Roles {
		if merchant.Allowed(role, "") || merchant.Allowed(role, "payment.delete") {
			t.Errorf("%s may do what nobody named", role)
		}
	}
}

func TestInstallmentOffers(t *testing.T) {
	t.Parallel()
	rules := merchant.InstallmentRules{
		Minimums: []merchant.InstallmentMinimum{
			{Issuer: "61", Minimum: 10_000}, {Acquirer: "other", Minimum: 70_000}, {Acquirer: "other", Issuer: "61", Minimum: 30_000},
		},
		Events: []merchant.InterestFree{
			{Issuer: "61", Months: []int{2, 3}, MinAmount: 50_000, From: "2028-02-01", Until: "2028-02-29"},
			{Issuer: "11", Months: []int{6}, MinAmount: 50_000, From: "2028-03-01", Until: "2028-03-31"},
		},
	}
	for name, c := range map[string]struct {
		amount           int64
		acquirer, issuer string
		day              string
		minimum          int64
		offered          bool
		free             []int
	}{
		"default, at the minimum":     {50_000, "iso8583", "41", "2028-02-29", 50_000, true, nil},
		"default, a won below":        {49_999, "iso8583", "41", "2028-02-29", 50_000, false, nil},
		"issuer's own minimum":        {10_000, "iso8583", "61", "2028-02-29", 10_000, true, nil},
		"acquirer's own minimum":      {69_999, "other", "41", "2028-02-29", 70_000, false, nil},
		"the exact pair wins":         {30_000, "other", "61", "2028-02-29", 30_000, true, nil},
		"free on the last day":        {50_000, "iso8583", "61", "2028-02-29", 10_000, true, []int{2, 3}},
		"free below its least amount": {49_999, "iso8583", "61", "2028-02-29", 10_000, true, nil},
		"the day after":               {50_000, "iso8583", "61", "2028-03-01", 10_000, true, nil},
		"another issuer's event":      {50_000, "iso8583", "11", "2028-03-31", 50_000, true, []int{6}},
		"issuer not known":            {50_000, "iso8583", "", "2028-02-29", 50_000, true, nil},
	} {
		o := rules.Offer(won(c.amount), c.acquirer, c.issuer, day(c.day))
		if o.Minimum != won(c.minimum) || o.Offers(2) != c.offered || o.Offers(12) != c.offered || !slices.Equal(o.InterestFree, c.free) {
			t.Errorf("%s: %+v", name, o)
		}
		if !o.Offers(0) || o.Offers(1) || o.Offers(13) || o.Offers(-1) || o.FreeOfInterest(12) {
			t.Errorf("%s: a plan that does not exist is offered, or no lump sum", name)
		}
	}
}

func TestInstallmentRulesAreKeptForAllAndForOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	all, shop, other := merchant.TenantOf(""), r.shop.Tenant(), r.merchant("다른 상점", "T0000002").Tenant()
	for tenant, m := range map[merchant.Tenant]merchant.InstallmentMinimum{all: {Issuer: "61", Minimum: 10_000}, shop: {Issuer: "41", Minimum: 20_000}} {
		for range 2 { // the second replaces
			if err := r.registry.SetInstallmentMinimum(r.ctx, "test", tenant, m); err != nil {
				t.Fatal(err)
			}
		}
	}
	e, err := r.registry.AddInterestFree(r.ctx, "test", all, merchant.InterestFree{
		Issuer: "61", Months: []int{2, 3, 12}, MinAmount: 50_000, From: "2028-02-01", Until: "2028-02-29",
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.registry.Installments(r.ctx, shop)
	want := merchant.InstallmentRules{
		Minimums: []merchant.InstallmentMinimum{{Issuer: "61", Minimum: 10_000}, {Issuer: "41", Minimum: 20_000}},
		Events:   []merchant.InterestFree{e},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got, err = r.registry.Installments(r.ctx, other); err != nil || len(got.Minimums) != 1 {
		t.Errorf("another merchant sees %+v, %v", got, err)
	}
	if err := r.registry.RemoveInterestFree(r.ctx, "test", shop, e.ID, "시험"); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("a merchant removes everybody's event: %v", err)
	}
	if err := r.registry.RemoveInterestFree(r.ctx, "test", all, e.ID, "시험"); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]merchant.InterestFree{
		"no month": {Issuer: "61", MinAmount: 1, From: "2028-02-01", Until: "2028-02-29"}, "13 months": {Issuer: "61", Months: []int{13}, MinAmount: 1, From: "2028-02-01", Until: "2028-02-29"},
		"backwards": {Issuer: "61", Months: []int{2}, MinAmount: 1, From: "2028-02-29", Until: "2028-02-01"}, "falling": {Issuer: "61", Months: []int{3, 2}, MinAmount: 1, From: "2028-02-01", Until: "2028-02-29"},
		"no day": {Issuer: "61", Months: []int{2}, MinAmount: 1, From: "soon", Until: "2028-02-29"},
	} {
		if _, err := r.registry.AddInterestFree(r.ctx, "test", all, bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsAreReadStrictly(t *testing.T) {
	t.Parallel()
	good, err := json.Marshal(merchant.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	if s, err := merchant.ParseSettings(good); err != nil || s != merchant.DefaultSettings() {
		t.Fatalf("defaults: %v", err)
	}
	text := string(good)
	for name, c := range map[string]struct {
		raw  string
		kind fault.Kind
	}{
		"empty":           {"", fault.Malformed},
		"no object":       {"[]", fault.Malformed},
		"followed":        {text + "{}", fault.Malformed},
		"unknown":         {strings.Replace(text, "{", `{"colour":1,`, 1), fault.Malformed},
		"twice":           {strings.Replace(text, "{", `{"cart":true,`, 1), fault.Malformed},
		"another case":    {strings.Replace(text, `"cart"`, `"Cart"`, 1), fault.Malformed},
		"wrong type":      {strings.Replace(text, `"cart":true`, `"cart":"yes"`, 1), fault.Malformed},
		"a fraction":      {strings.Replace(text, `50000`, `50000.5`, 1), fault.Malformed},
		"huge":            {text + strings.Repeat(" ", 1<<15), fault.Malformed},
		"missing":         {strings.Replace(text, `"cart":true,`, ``, 1), fault.Invalid},
		"negative":        {strings.Replace(text, `50000`, `-1`, 1), fault.Invalid},
		"unknown theme":   {strings.Replace(text, `SYSTEM`, `PINK`, 1), fault.Invalid},
		"no fixed buyer":  {strings.Replace(text, `"buyerInfo":true`, `"buyerInfo":false`, 1), fault.Invalid},
		"fixed buyer":     {strings.Replace(text, `"buyerInfo":true`, `"fixedBuyer":{"name":"a\u0000","phone":"x","email":"@"},"buyerInfo":true`, 1), fault.Invalid},
		"unknown in part": {strings.Replace(text, `"buyerInfo":true`, `"fixedBuyer":{"nick":"a"},"buyerInfo":true`, 1), fault.Malformed},
	} {
		if _, err := merchant.ParseSettings([]byte(c.raw)); err == nil || fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseSettings(f *testing.F) {
	good, err := json.Marshal(merchant.DefaultSettings())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"":0,"a":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := merchant.ParseSettings(raw)
		if err != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if s2, err := merchant.ParseSettings(again); err != nil || s2 != s {
			t.Fatalf("%s is read and not written: %v", again, err)
		}
	})
}

func TestArgon2RefusesDamagedHashesAndStorms(t *testing.T) {
	t.Parallel()
	a := merchant.NewArgon2(merchant.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}, 1, 0, nil)
	hash, err := a.Hash(t.Context(), ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := a.Verify(t.Context(), hash, ownerPassword); err != nil || !ok {
		t.Errorf("right: %v %v", ok, err)
	}
	for _, h := range []string{
		"plain", hash[:len(hash)-3], strings.Replace(hash, "argon2id", "argon2i", 1), strings.Replace(hash, "m=8", "m=99999999", 1),
		strings.Replace(hash, "t=1", "t=0", 1), strings.Replace(hash, "v=19", "v=18", 1),
	} {
		if ok, err := a.Verify(t.Context(), h, ownerPassword); ok || err == nil {
			t.Errorf("a damaged hash is compared: %v", ok)
		}
	}
	// One slot and no queue: of many at once some are turned away, and none waits.
	slow := merchant.NewArgon2(merchant.Argon2Params{MemoryKiB: 32 << 10, Passes: 2, Threads: 1}, 1, 0, nil)
	results := make(chan error, 8)
	begin := time.Now()
	for range cap(results) {
		go func() { results <- second(slow.Hash(t.Context(), ownerPassword)) }()
	}
	done := 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			done++
		case !errors.Is(err, merchant.ErrBusy):
			t.Errorf("%v", err)
		}
	}
	if done == 0 || done == cap(results) && time.Since(begin) > time.Minute {
		t.Errorf("%d of %d hashed", done, cap(results))
	}
}
