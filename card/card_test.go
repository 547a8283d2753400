package card_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"innopay/card"
)

const number = "4111111111111111"

func mustPAN(t *testing.T, s string) card.PAN {
	t.Helper()
	p, err := card.ParsePAN(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePAN(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		number: number, "4111 1111 1111 1111": number, "4111-1111-1111-1111": number,
		"4222222222222": "4222222222222", "6200000000000000003": "6200000000000000003",
	}
	for in, want := range good {
		if got := string(mustPAN(t, in).Reveal()); got != want {
			t.Errorf("%q is read as %q", in, got)
		}
	}
	bad := []string{
		"", "411111111111", "41111111111111111111", "4111111111111a11", "４１１１１１１１１１１１１１１１", "4111\t111111111111",
		"4111111111111111\x00", "-4111111111111111+", strings.Repeat(" ", 41), strings.Repeat("4", 1000),
	}
	for _, in := range bad {
		p, err := card.ParsePAN(in)
		if !errors.Is(err, card.ErrNumber) || !p.Empty() {
			t.Errorf("%q was read: %v", in, err)
		}
	}
}

func TestPANParts(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, bin, bin8, last4, masked string }{
		{number, "411111", "41111111", "1111", "411111******1111"},
		{"4222222222222", "422222", "42222222", "2222", "422222******2222"},
		{"6200000000000000003", "620000", "62000000", "0003", "620000******0003"},
	}
	for _, test := range tests {
		p := mustPAN(t, test.in)
		if p.BIN() != test.bin || p.BIN8() != test.bin8 || p.Last4() != test.last4 || p.Masked() != test.masked {
			t.Errorf("%s: %s %s %s", p.Masked(), p.BIN(), p.BIN8(), p.Last4())
		}
	}
	var none card.PAN
	if none.BIN() != "" || none.BIN8() != "" || none.Last4() != "" || none.Masked() != "" || none.Luhn() || !none.Empty() || none.Reveal() != nil {
		t.Error("the zero PAN is not empty")
	}
	none.Wipe()
}

// TestLuhn: public test numbers are right, any one digit changed is wrong.
func TestLuhn(t *testing.T) {
	t.Parallel()
	for _, in := range []string{number, "378282246310005", "30569309025904", "5555555555554444", "3530111333300000", "4222222222222"} {
		if !mustPAN(t, in).Luhn() {
			t.Errorf("%s******%s is said to be wrong", in[:6], in[len(in)-4:])
		}
		for at := range in {
			other := []byte(in)
			other[at] = '0' + (other[at]-'0'+1)%10
			if mustPAN(t, string(other)).Luhn() {
				t.Errorf("digit %d changed and still right", at)
			}
		}
	}
}

// holder keeps secrets in fields fmt may not call methods on.
type holder struct {
	pan    card.PAN
	secret card.Secret
	expiry card.Expiry
	Pub    card.PAN
	list   []card.Secret
}

// TestNothingPrints: no verb, no log and no encoder gives a secret away, also inside
// other types.
func TestNothingPrints(t *testing.T) {
	t.Parallel()
	expiry, err := card.ParseExpiry("11", "37")
	if err != nil {
		t.Fatal(err)
	}
	pan, secret := mustPAN(t, number), card.NewSecret("917263")
	track, err := card.ParseTrack2(";" + number + "=37112010000?")
	if err != nil {
		t.Fatal(err)
	}
	values := []any{
		pan, secret, expiry, track, &pan, &secret, &expiry, &track, []card.PAN{pan}, map[string]card.Secret{"a": secret},
		holder{pan, secret, expiry, pan, []card.Secret{secret}}, &holder{pan, secret, expiry, pan, []card.Secret{secret}},
		struct{ any }{pan}, fmt.Errorf("wrapped: %v", holder{pan, secret, expiry, pan, nil}),
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%U", "%o", "%b", "%T"} {
		for _, v := range values {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	text := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	logged := slog.New(slog.NewJSONHandler(&out, nil))
	for _, v := range values {
		text.Debug("value", "v", v)
		logged.Info("value", "v", v)
	}
	for _, v := range []any{pan, secret, expiry, []card.PAN{pan}, struct{ P card.PAN }{pan}, map[string]any{"s": secret}, struct{ E card.Expiry }{expiry}} {
		b, err := json.Marshal(v)
		if !errors.Is(err, card.ErrSecret) {
			t.Errorf("%T was encoded: %s, %v", v, b, err)
		}
	}
	printed := out.String()
	for _, leak := range []string{
		number, "917263", "3431313131313131", "52 49 49 49 49 49 49 49", "34 31 31 31 31 31 31 31", "0x34, 0x31", "57 49 55 50", "39313732", "51 55 49 49", "371120", "33373131",
		"111111111", fmt.Sprintf("%x", "917263"), fmt.Sprintf("%X", number),
	} {
		if strings.Contains(printed, leak) {
			t.Errorf("%q was printed", leak)
		}
	}
}

// TestWipe: one Wipe clears every copy.
func TestWipe(t *testing.T) {
	t.Parallel()
	pan, secret := mustPAN(t, number), card.NewSecret("900101")
	expiry, err := card.ParseExpiry("11", "37")
	if err != nil {
		t.Fatal(err)
	}
	pan2, secret2, expiry2 := pan, secret, expiry
	pan.Wipe()
	secret.Wipe()
	expiry.Wipe()
	if strings.Trim(string(pan2.Reveal())+string(secret2.Reveal())+expiry2.YYMM(), "\x00") != "" {
		t.Error("a copy still holds the value")
	}
}

// TestBytesAreCopied: whoever reads from bytes can wipe them and keeps what was read.
func TestBytesAreCopied(t *testing.T) {
	t.Parallel()
	buffer := []byte(number + "113790")
	pan, err1 := card.ParsePAN(buffer[:16])
	expiry, err2 := card.ParseExpiry(buffer[16:18], buffer[18:20])
	secret, err3 := card.Digits(buffer[20:], 2, 2)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	clear(buffer)
	if string(pan.Reveal()) != number || expiry.YYMM() != "3711" || string(secret.Reveal()) != "90" {
		t.Error("what was read went with the bytes it was read from")
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	for _, in := range [][3]string{{"01", "00", "0001"}, {"12", "99", "9912"}, {"07", "35", "3507"}} {
		e, err := card.ParseExpiry(in[0], in[1])
		if err != nil || e.YYMM() != in[2] || e.Empty() || string(e.AppendYYMM([]byte("x"))) != "x"+in[2] {
			t.Errorf("%v: %v", in, err)
		}
	}
	for _, in := range [][2]string{{"00", "30"}, {"13", "30"}, {"1", "30"}, {"01", "3"}, {"", ""}, {"0a", "30"}, {"01", "-1"}, {"１２", "30"}, {"01", "2030"}} {
		if e, err := card.ParseExpiry(in[0], in[1]); !errors.Is(err, card.ErrExpiry) || !e.Empty() {
			t.Errorf("%v was read: %v", in, err)
		}
	}
	var none card.Expiry
	if none.YYMM() != "" || len(none.AppendYYMM(nil)) != 0 {
		t.Error("the zero expiry has a text")
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"900101", "1234567891"} {
		if s, err := card.Digits(in, 6, 10); err != nil || string(s.Reveal()) != in || s.Len() != len(in) {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, in := range []string{"", "90010", "12345678910", "90010a", "９００１０１", "900 01"} {
		if s, err := card.Digits(in, 6, 10); !errors.Is(err, card.ErrDigits) || !s.Empty() {
			t.Errorf("%q was read: %v", in, err)
		}
	}
}

func TestParseTrack2(t *testing.T) {
	t.Parallel()
	good := []struct {
		in      string
		chip    bool
		service string
	}{
		{";4111111111111111=35122010000000000?", true, "201"},
		{"4111111111111111=35121010000000000", false, "101"},
		{";4111111111111111=3512601?", true, "601"},
		{";4111111111111111=3512=0000?", false, ""},
	}
	for _, test := range good {
		track, err := card.ParseTrack2(test.in)
		if err != nil {
			t.Fatalf("%.8s: %v", test.in, err)
		}
		if string(track.PAN.Reveal()) != number || track.Expiry.YYMM() != "3512" || track.ServiceCode != test.service || track.Chip() != test.chip {
			t.Errorf("read as %v, service %s, chip %v", track.PAN, track.ServiceCode, track.Chip())
		}
		if string(track.Raw.Reveal()) != strings.Trim(test.in, ";?") {
			t.Error("the raw track is not what lies between the sentinels")
		}
		track.Wipe()
		if strings.Trim(string(track.Raw.Reveal())+string(track.PAN.Reveal()), "\x00") != "" {
			t.Error("not wiped")
		}
	}
	bad := []string{
		"", ";?", "4111111111111111", "4111111111111111=", "4111111111111111=351220", "4111111111111111=35132010", "411111111111=3512201",
		"4111 1111 1111 1111=3512201", "4111111111111111=3512x01", "4111111111111111=35122010000000000000000", "%B4111111111111111^A^3512?",
		"4111111111111111=3512201;", "4111111111111111=35122", "4111111111111111=351220=", "4111111111111111D3512201",
	}
	for _, in := range bad {
		if _, err := card.ParseTrack2(in); !errors.Is(err, card.ErrTrack) {
			t.Errorf("%q was read: %v", in, err)
		}
	}
	if (card.Track2{}).Chip() {
		t.Error("no track, yet a chip")
	}
}

func FuzzPAN(f *testing.F) {
	for _, seed := range []string{number, "4111 1111-1111 1111", "", "4a", "６２"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		p, err := card.ParsePAN(in)
		if err != nil {
			if strings.Contains(err.Error(), in) && len(in) > 12 {
				t.Fatal("the error repeats the input")
			}
			return
		}
		b := string(p.Reveal())
		if len(b) < 13 || len(b) > 19 || strings.Trim(b, "0123456789") != "" {
			t.Fatalf("read %q", b)
		}
		if strings.NewReplacer(" ", "", "-", "").Replace(in) != b {
			t.Fatalf("%q became %q", in, b)
		}
		if shown := fmt.Sprintf("%v %+v %#v %s %x", p, p, p, p, p); strings.Contains(shown, b) {
			t.Fatal("printed")
		}
		row, known := card.Lookup(p)
		if err := card.CheckNumber(p); err != nil && !known {
			t.Fatal("refused without a row in the table")
		}
		if known && (row.From > p.BIN8() || row.To < p.BIN8()) {
			t.Fatal("a row that does not hold the number")
		}
	})
}

func FuzzTrack2(f *testing.F) {
	for _, seed := range []string{";4111111111111111=35122010000000000?", "=", "4111111111111111=3512201", ";?", "4222222222222=0001000=="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		track, err := card.ParseTrack2(in)
		if err != nil {
			return
		}
		raw := string(track.Raw.Reveal())
		if len(raw) > 37 || strings.Trim(raw, "0123456789=") != "" || len(track.ServiceCode) != 3 && track.ServiceCode != "" || strings.ContainsAny(track.ServiceCode, "=") {
			t.Fatalf("read %q with service code %q", raw, track.ServiceCode)
		}
		again, err := card.ParseTrack2(";" + raw + "?")
		if err != nil || again.PAN.Masked() != track.PAN.Masked() || again.Expiry.YYMM() != track.Expiry.YYMM() {
			t.Fatalf("%q is read otherwise the second time: %v", raw, err)
		}
		if shown := fmt.Sprintf("%v %+v %#v", track, track, track); strings.Contains(shown, string(track.PAN.Reveal())) {
			t.Fatal("printed")
		}
	})
}
