package dukpt_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"innopay/card/dukpt"
)

// The base keys of the standards' own examples.
const (
	shortBase = "0123456789ABCDEFFEDCBA9876543210" // ANSI X9.24-1
	wideBase  = "FEDCBA9876543210F1F1F1F1F1F1F1F1" // ANSI X9.24-3
)

func key(tb testing.TB, s string) dukpt.Key {
	tb.Helper()
	k, err := dukpt.ParseKey(s)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

func ksn(tb testing.TB, s string) dukpt.KSN {
	tb.Helper()
	k, err := dukpt.ParseKSN(s)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

func hexOf(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

// TestInitialKeys holds the derivation of initial keys against published ones.
func TestInitialKeys(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"FFFF9876543210E00001":     "6AC292FAA1315B4D858AB3A3D7D5933A", // ANSI X9.24-1 A.4
		"629949012C0000000003":     "D2943CCF80F42E88E23C12D1162FD547", // a reader maker's manual
		"123456789012345600000001": "1273671EA26AC29AFA4D1084127652A1", // ANSI X9.24-3 annex B
	} {
		base := shortBase
		if len(number) == 24 {
			base = wideBase
		}
		k, err := dukpt.InitialKey(key(t, base), ksn(t, number))
		if err != nil || hexOf(k.Reveal()) != want {
			t.Errorf("%s: %X, %v, want %s", number, k.Reveal(), err, want)
		}
	}
}

// TestSwipeKeys holds the keys of single swipes against published ones.
func TestSwipeKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number string
		use    dukpt.Use
		want   string
	}{
		// ANSI X9.24-1 A.4: PIN keys. Between the counters lie all kinds of carries.
		{"FFFF9876543210E00001", dukpt.PIN, "042666B49184CF5C68DE9628D0397B36"},
		{"FFFF9876543210E00002", dukpt.PIN, "C46551CEF9FD244FAA9AD834130D3B38"},
		{"FFFF9876543210E00003", dukpt.PIN, "0DF3D9422ACA561A47676D07AD6BAD05"},
		{"FFFF9876543210E00004", dukpt.PIN, "279C0F6AEED0BE9A2B2C733E1383AE6E"},
		{"FFFF9876543210E00005", dukpt.PIN, "5F8DC6D2C845C1DA508DDC048093B8C0"},
		{"FFFF9876543210E00008", dukpt.PIN, "27F66D5244FF621EAA6F6120EDEB427F"},
		{"FFFF9876543210E00010", dukpt.PIN, "59598DCBD9BD943F94165CE453585FA8"},
		{"FFFF9876543210E00013", dukpt.PIN, "C3DF489FDF11534BF03DE97C27DC4CD0"},
		{"FFFF9876543210EFF800", dukpt.PIN, "F9CDFEBF4F5B1D61B3EC12454527E189"},
		{"FFFF9876543210E00008", dukpt.Data, "C39B2778B058AC376FB18DC906F75CBA"},
		{"FFFF9876543210E00013", dukpt.Data, "44893E3434ABDD6A817CE2841825E1FD"},
		// ANSI X9.24-3 annex B.
		{"123456789012345600000001", dukpt.PIN, "AF8CB133A78F8DC2D1359F18527593FB"},
		{"123456789012345600000002", dukpt.PIN, "D30BDC73EC9714B000BEC66BDB7B6D09"},
		{"123456789012345600000001", dukpt.Data, "A35C412EFD41FDB98B69797C02DCD08F"},
	} {
		base, scheme := shortBase, dukpt.TDES
		if len(c.number) == 24 {
			base, scheme = wideBase, dukpt.AES
		}
		k, err := dukpt.SwipeKey(key(t, base), ksn(t, c.number), scheme, c.use)
		if err != nil || hexOf(k.Reveal()) != c.want {
			t.Errorf("%s %s: %X, %v, want %s", c.number, c.use, k.Reveal(), err, c.want)
		}
	}
}

// TestPublishedSwipe decrypts the swipe of a reader maker's manual under both variants.
func TestPublishedSwipe(t *testing.T) {
	t.Parallel()
	const plain = "%B5452300551227189^HOGAN/PAUL      ^08043210000000725000000?\x00\x00\x00\x00"
	for use, sealed := range map[dukpt.Use]string{
		dukpt.PIN:  "C25C1D1197D31CAA87285D59A892047426D9182EC11353C051ADD6D0F072A6CB3436560B3071FC1FD11D9F7E74886742D9BEE0CFD1EA1064C213BB55278B2F12",
		dukpt.Data: "411D405D7DEDB9D84797F045559721E8C06A5565FFB3B4050509277E5F80072E2410E0E6ADCBB614419700A9173807BA27C4E9D80BE67A2C32498032B200A7E3",
	} {
		k, err := dukpt.SwipeKey(key(t, shortBase), ksn(t, "FFFF9876543210E00008"), dukpt.TDES, use)
		if err != nil {
			t.Fatal(err)
		}
		data, err := hex.DecodeString(sealed)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Open(dukpt.TDES, data); err != nil || string(data) != plain {
			t.Errorf("%s: %q, %v", use, data, err)
		}
		if again := k.Seal(dukpt.TDES, []byte(strings.TrimRight(plain, "\x00"))); hexOf(again) != sealed {
			t.Errorf("%s sealed again: %X", use, again)
		}
	}
}

// TestCheckValues holds check values against published ones.
func TestCheckValues(t *testing.T) {
	t.Parallel()
	if got := key(t, shortBase).CheckValue(dukpt.TDES); got != "08D7B4" {
		t.Errorf("TDES: %s", got)
	}
	if got := key(t, "6AC292FAA1315B4D858AB3A3D7D5933A").CheckValue(dukpt.TDES); got != "AF8C07" {
		t.Errorf("TDES, initial key: %s", got)
	}
	// NIST SP 800-38B D.1 gives the subkey K1 = FBEED618357133667C85E08F7236A8DE of this key;
	// the CMAC of a block of zeros is K1 through the cipher.
	subkey, err := hex.DecodeString("FBEED618357133667C85E08F7236A8DE")
	if err != nil {
		t.Fatal(err)
	}
	k := key(t, "2B7E151628AED2A6ABF7158809CF4F3C")
	if got, want := k.CheckValue(dukpt.AES), hexOf(k.Seal(dukpt.AES, subkey))[:6]; got != want {
		t.Errorf("AES: %s, want %s", got, want)
	}
}

func TestKSN(t *testing.T) {
	t.Parallel()
	k := ksn(t, "ffff9876543210e00008")
	if k.String() != "FFFF9876543210E00008" || k.Set() != "FFFF987654" || k.Device() != "FFFF9876543210E00000" || k.Counter() != 8 || k.Wide() {
		t.Errorf("TDES: %s %s %s %d", k, k.Set(), k.Device(), k.Counter())
	}
	w := ksn(t, "123456789012345600000001")
	if w.String() != "123456789012345600000001" || w.Set() != "12345678" || w.Device() != "1234567890123456" || w.Counter() != 1 || !w.Wide() {
		t.Errorf("AES: %s %s %s %d", w, w.Set(), w.Device(), w.Counter())
	}
	for name, bad := range map[string]string{
		"nothing": "", "short": "FFFF9876543210E000", "odd": "FFFF9876543210E0000", "between": "FFFF9876543210E0000801",
		"no hex": "FFFF9876543210E0000G", "no swipe yet": "FFFF9876543210E00000", "eleven ones": "FFFF9876543210E007FF",
		"no AES swipe yet": "123456789012345600000000", "seventeen ones": "12345678901234560001FFFF",
	} {
		if k, err := dukpt.ParseKSN(bad); !errors.Is(err, dukpt.ErrKSN) {
			t.Errorf("%s: %v %v", name, k, err)
		}
	}
}

// TestCounting sees that a reader skips the counters of no key, and ends.
func TestCounting(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		"FFFF9876543210E00001":     "FFFF9876543210E00002",
		"FFFF9876543210E003FF":     "FFFF9876543210E00400",
		"FFFF9876543210E007FE":     "FFFF9876543210E00800", // 7FF has eleven ones
		"FFFF9876543210FFE000":     "FFFF9876543210FFE001",
		"12345678901234560000FFFF": "123456789012345600010000",
	} {
		if next, err := ksn(t, before).Next(); err != nil || next.String() != after {
			t.Errorf("after %s: %s, %v, want %s", before, next, err, after)
		}
	}
	// The ten highest bits: every counter beyond has more ones.
	if next, err := ksn(t, "FFFF9876543210FFF800").Next(); !errors.Is(err, dukpt.ErrExhausted) {
		t.Errorf("after the last: %s, %v", next, err)
	}
	first, err := dukpt.Initial("FFFF987654", 0x190<<3|7)
	if err == nil {
		first, err = first.Next()
	}
	if err != nil || first.Counter() != 1 || first.Set() != "FFFF987654" {
		t.Errorf("the first: %s, %v", first, err)
	}
	for _, bad := range []string{"", "FFFF98765", "FFFF98765G", "FFFF98765432"} {
		if k, err := dukpt.Initial(bad, 1); !errors.Is(err, dukpt.ErrKSN) {
			t.Errorf("set %q: %v %v", bad, k, err)
		}
	}
	if k, err := dukpt.Initial("FFFF987654", 1<<19); !errors.Is(err, dukpt.ErrKSN) {
		t.Errorf("device of 20 bits: %v %v", k, err)
	}
}

// anyKSN draws a number that a reader would send.
func anyKSN(t *rapid.T) dukpt.KSN {
	size := rapid.SampledFrom([]int{10, 12}).Draw(t, "size")
	counts := func(b []byte) bool { _, err := dukpt.ParseKSN(hex.EncodeToString(b)); return err == nil }
	b := rapid.SliceOfN(rapid.Byte(), size, size).Filter(counts).Draw(t, "number")
	k, err := dukpt.ParseKSN(hex.EncodeToString(b))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSealedOpens: what a reader seals opens again, under every scheme and use, and not
// under the key of the next swipe.
func TestSealedOpens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := anyKSN(t)
		if again, err := dukpt.ParseKSN(number.String()); err != nil || again != number {
			t.Fatalf("%s is read as %s, %v", number, again, err)
		}
		scheme := rapid.SampledFrom([]dukpt.Scheme{dukpt.TDES, dukpt.TDESAES}).Draw(t, "scheme")
		if number.Wide() {
			scheme = dukpt.AES
		}
		base, err := dukpt.NewKey(rapid.SliceOfNDistinct(rapid.Byte(), 16, 16, rapid.ID[byte]).Draw(t, "base"))
		if err != nil {
			t.Fatal(err)
		}
		use := rapid.SampledFrom([]dukpt.Use{dukpt.Data, dukpt.PIN}).Draw(t, "use")
		k, err := dukpt.SwipeKey(base, number, scheme, use)
		if err != nil {
			t.Fatal(err)
		}
		plain := rapid.SliceOfN(rapid.ByteRange(1, 255), 1, 80).Draw(t, "plain")
		sealed := k.Seal(scheme, plain)
		opened := append([]byte(nil), sealed...)
		if err := k.Open(scheme, opened); err != nil || !bytes.Equal(bytes.TrimRight(opened, "\x00"), plain) {
			t.Fatalf("opened %X, %v, want %X", opened, err, plain)
		}
		next, err := number.Next()
		if err != nil {
			return
		}
		other, err := dukpt.SwipeKey(base, next, scheme, use)
		if err != nil || other.Equal(k) {
			t.Fatalf("the next swipe has the same key, %v", err)
		}
	})
}

// TestSchemes sees that a number is not taken for one of another scheme.
func TestSchemes(t *testing.T) {
	t.Parallel()
	base := key(t, shortBase)
	for _, c := range []struct {
		number string
		scheme dukpt.Scheme
	}{
		{"FFFF9876543210E00001", dukpt.AES}, {"123456789012345600000001", dukpt.TDES}, {"123456789012345600000001", dukpt.TDESAES},
		{"FFFF9876543210E00001", ""}, {"FFFF9876543210E00001", "RSA"},
	} {
		if _, err := dukpt.SwipeKey(base, ksn(t, c.number), c.scheme, dukpt.Data); !errors.Is(err, dukpt.ErrScheme) {
			t.Errorf("%s by %q: %v", c.number, c.scheme, err)
		}
	}
	if _, err := dukpt.SwipeKey(dukpt.Key{}, ksn(t, "FFFF9876543210E00001"), dukpt.TDES, dukpt.Data); !errors.Is(err, dukpt.ErrKey) {
		t.Errorf("no key: %v", err)
	}
	for _, n := range []int{0, 7, 9} {
		if err := base.Open(dukpt.TDES, make([]byte, n)); !errors.Is(err, dukpt.ErrBlocks) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// TestKeysAreMasked sees that no verb, log or encoder shows a key, and that it is wiped.
func TestKeysAreMasked(t *testing.T) {
	t.Parallel()
	k := key(t, shortBase)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q"} {
		if s := fmt.Sprintf(verb, k); s != "***" {
			t.Errorf("%s prints %s", verb, s)
		}
	}
	if b, err := json.Marshal(k); err == nil {
		t.Errorf("encodes as %s", b)
	}
	shared := k
	k.Wipe()
	if hexOf(shared.Reveal()) != strings.Repeat("00", 16) {
		t.Error("not wiped")
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"short": shortBase[2:], "long": shortBase + "00", "no hex": "G" + shortBase[1:], "single DES": "0123456789ABCDEF0123456789ABCDEF", "zeros": strings.Repeat("0", 32),
	} {
		if _, err := dukpt.ParseKey(bad); !errors.Is(err, dukpt.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	one, two := key(t, "00112233445566778899AABBCCDDEEFF"), key(t, "01326754CDFEAB9876451023BA89DCEF")
	sum, err := dukpt.Combine(one, two)
	if err != nil || !sum.Equal(key(t, shortBase)) {
		t.Errorf("combined: %X, %v", sum.Reveal(), err)
	}
	if _, err := dukpt.Combine(one, one); !errors.Is(err, dukpt.ErrKey) {
		t.Errorf("components that cancel out: %v", err)
	}
	if !dukpt.Published(key(t, shortBase)) || !dukpt.Published(key(t, wideBase)) || dukpt.Published(one) {
		t.Error("published keys are not told from others")
	}
}

// FuzzKSN: whatever is taken for a number comes back as it was written.
func FuzzKSN(f *testing.F) {
	for _, s := range []string{"FFFF9876543210E00001", "123456789012345600000001", "ffff9876543210efF800", "", "00", "FFFF9876543210E00000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := dukpt.ParseKSN(s)
		if err != nil {
			return
		}
		if k.String() != strings.ToUpper(s) || !strings.HasPrefix(k.Device(), k.Set()) || k.Counter() == 0 {
			t.Errorf("%q is read as %s of %s", s, k, k.Device())
		}
		if next, err := k.Next(); err == nil && (next.Counter() <= k.Counter() || next.Device() != k.Device()) {
			t.Errorf("after %s comes %s", k, next)
		}
	})
}
