package swiper_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/internal/demo/swiper"
)

var update = flag.Bool("update", false, "write testdata/frames.json again")

// fixture is a frame as a device sends it, and what is to be read from it. The tests of
// the app's drivers read the same file.
type fixture struct {
	Name      string           `json:"name"`
	Format    reader.Format    `json:"format"`
	Transport swiper.Transport `json:"transport"`
	Event     swiper.Event     `json:"event"`
	Frame     string           `json:"frame"`
	fields
	Number string `json:"number,omitempty"` // the test card within; absent: a maker's published frame under a key nobody has
	Chip   bool   `json:"chip,omitempty"`
}

// fields are what a driver takes from a frame.
type fields struct {
	KSN    string `json:"ksn,omitempty"`
	Track1 string `json:"track1,omitempty"` // encrypted, hex digits
	Track2 string `json:"track2,omitempty"`
	First4 string `json:"first4,omitempty"` // of the masked number
	Last4  string `json:"last4,omitempty"`
	Serial string `json:"serial,omitempty"`
}

const fixtures = "testdata/frames.json"

// published is a frame from the documentation of a payment service for ID TECH's SecuRED
// (developers.bluefin.com, "IDTech SecuRed"), typed.
const published = "029C01801F322400839B%*4124********9990^TEST/BLUEFIN^****************?*;4124********9990=****************?*" +
	"C0A0ECE0C2E62E4542D3B823D9C2CDFBB3073350C5BF3D7471A40FF723EF092DD98C8E2E8D4D7C3FC369D5B64E99B1E92CD09168EC61FF08" +
	"1F3806B393B01CC4F440AB941B79AE28152B301FFC24B1CE560EE3F24E80FAF8515CFE9C7CC66DE9" +
	"00000000000000000000000000000000000000000000000000000000000000000000000000000000" +
	"54313334303030303634629949960E0000A000726E0A03"

// generated are the fixtures as the devices make them today.
func generated(t *testing.T) []fixture {
	t.Helper()
	sets, err := swiper.PublishedSets()
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	type card struct {
		number string
		chip   bool
	}
	add := func(f fixture, set reader.KeySet, c card, number string) {
		ksn, err := dukpt.ParseKSN(number)
		if err != nil {
			t.Fatal(err)
		}
		f.Event, f.Number, f.Chip = swiper.Read, c.number, c.chip
		if f.Frame, err = swiper.FrameOf(set, c.number, "3512", c.chip, ksn, f.Format, f.Transport, "SIM0000042"); err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	for i, c := range []card{
		{"9990011000000016", false}, {"9990051000000020", true}, {"378282246310005", false}, {"6200000000000000003", true},
	} {
		for _, f := range reader.Formats() {
			for _, tr := range []swiper.Transport{swiper.Keyboard, swiper.HID} {
				name := fmt.Sprintf("%s, %s, %d digits", f, tr, len(c.number))
				add(fixture{Name: name, Format: f, Transport: tr}, sets[0], c, fmt.Sprintf("FFFF9876543210E0%04X", i+1))
			}
		}
	}
	aes := card{"9990011000000016", false}
	for _, tr := range []swiper.Transport{swiper.Keyboard, swiper.HID} {
		add(fixture{Name: "IDTECH by AES, " + string(tr), Format: reader.IDTech, Transport: tr}, sets[1], aes, "123456789012345600000001")
	}
	for _, f := range reader.Formats() {
		for _, tr := range []swiper.Transport{swiper.Keyboard, swiper.HID} {
			all = append(all, fixture{
				Name: fmt.Sprintf("%s, %s, not read", f, tr), Format: f, Transport: tr, Event: swiper.Missed, Frame: swiper.BadFrame(f, tr, "SIM0000042"),
			})
			if spent := swiper.SpentFrame(f, tr, "SIM0000042"); spent != "" {
				all = append(all, fixture{Name: fmt.Sprintf("%s, %s, keys used up", f, tr), Format: f, Transport: tr, Event: swiper.Spent, Frame: spent})
			}
		}
	}
	all = append(all, fixture{Name: "IDTECH, published", Format: reader.IDTech, Transport: swiper.Keyboard, Event: swiper.Read, Frame: published + "\r"})
	for i := range all {
		if all[i].Event == swiper.Read {
			all[i].fields = taken(t, all[i])
		}
	}
	return all
}

// TestFixtures holds the file against the devices, and every frame against the server's
// decrypter: what a driver takes from it is the card that was swiped.
func TestFixtures(t *testing.T) {
	t.Parallel()
	now := generated(t)
	text, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile(fixtures, text, 0o644); err != nil { //nolint:gosec // a file of the tree
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(fixtures)
	if err != nil || !bytes.Equal(kept, text) {
		t.Errorf("%s is not what the devices send (%v): go test ./internal/demo/swiper -update", fixtures, err)
	}
	open := reader.Software{Keys: keysOf(t)}
	for _, f := range now {
		if f.Number == "" {
			continue
		}
		o, err := open.Open(t.Context(), reader.Swipe{Format: f.Format, KSN: f.KSN, Track2: f.Track2})
		if err != nil || string(o.Track.PAN.Reveal()) != f.Number || o.Track.Chip() != f.Chip {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.First4 != f.Number[:4] || f.Last4 != f.Number[len(f.Number)-4:] || f.Serial != "SIM0000042" {
			t.Errorf("%s: shown %s %s of %s", f.Name, f.First4, f.Last4, f.Serial)
		}
		if strings.Trim(f.Number[4:len(f.Number)-4], "0") == "" {
			continue // the number looks as if it were masked
		}
		plain := f.Frame
		if f.Transport == swiper.HID {
			b, err := hex.DecodeString(f.Frame)
			if err != nil {
				t.Fatal(err)
			}
			plain = string(b)
		}
		if strings.Contains(plain, f.Number) || strings.Contains(plain, f.Number[4:len(f.Number)-4]) || strings.Contains(plain, "=3512101") {
			t.Errorf("%s shows the card", f.Name)
		}
	}
}

// keysOf is a key folder with the published sets.
func keysOf(t *testing.T) heldKeys {
	t.Helper()
	sets, err := swiper.PublishedSets()
	if err != nil {
		t.Fatal(err)
	}
	h := heldKeys{}
	for _, s := range sets {
		h[s.ID] = s
	}
	return h
}

type heldKeys map[string]reader.KeySet

func (h heldKeys) ReaderKey(id string) (reader.KeySet, error) {
	set, ok := h[id]
	if !ok {
		return set, reader.ErrKeySet
	}
	k, err := dukpt.NewKey(set.Key.Reveal())
	set.Key = k
	return set, err
}

func (h heldKeys) ReaderKeys() ([]string, error) { return slices.Collect(maps.Keys(h)), nil }

// taken reads a frame as its maker's manual says, by other code than that which wrote it.
func taken(t *testing.T, f fixture) fields {
	t.Helper()
	switch {
	case f.Format == reader.MagTek && f.Transport == swiper.Keyboard:
		parts := strings.Split(strings.TrimSuffix(f.Frame, "\r"), "|")
		if len(parts) != 13 || parts[1] != "0600" {
			t.Fatalf("%s: %d fields", f.Name, len(parts))
		}
		shown := parts[0][strings.Index(parts[0], ";")+1:]
		return fields{parts[9], parts[2], parts[3], shown[:4], shown[strings.Index(shown, "=")-4 : strings.Index(shown, "=")], parts[7]}
	case f.Format == reader.MagTek:
		b := bytesOf(t, f.Frame)
		if len(b) != 856 || b[0] != 0 || b[1] != 0 {
			t.Fatalf("%s: %d bytes", f.Name, len(b))
		}
		shown := string(b[620 : 620+int(b[506])])
		at := strings.Index(shown, "=")
		return fields{
			fmt.Sprintf("%X", b[495:505]), fmt.Sprintf("%X", b[7:7+int(b[3])]), fmt.Sprintf("%X", b[119:119+int(b[4])]),
			shown[1:5], shown[at-4 : at], strings.TrimRight(string(b[477:493]), "\x00"),
		}
	case f.Transport == swiper.Keyboard:
		return takenTyped(t, f)
	}
	b := bytesOf(t, f.Frame)
	checkSums(t, f.Name, string(b[3:len(b)-3]), b[:3], b[len(b)-3:])
	return takenBytes(t, f.Name, b[3:len(b)-3])
}

// takenTyped turns what was typed into the bytes of the card data.
func takenTyped(t *testing.T, f fixture) fields {
	t.Helper()
	typed := strings.TrimSuffix(f.Frame, "\r")
	data := typed[6 : len(typed)-6]
	checkSums(t, f.Name, data, bytesOf(t, typed[:6]), bytesOf(t, typed[len(typed)-6:]))
	head := bytesOf(t, data[:14])
	masks := int(head[2]) + int(head[3])
	return takenBytes(t, f.Name, slices.Concat(head, []byte(data[14:14+masks]), bytesOf(t, data[14+masks:])))
}

func takenBytes(t *testing.T, name string, data []byte) fields {
	t.Helper()
	one, two := int(data[2]), int(data[3])
	block := 8
	if data[5]&0x10 != 0 {
		block = 16
	}
	size := func(n int) int { return (n + block - 1) / block * block }
	shown := string(data[7+one : 7+one+two])
	rest := data[7+one+two:]
	first, second, rest := rest[:size(one)], rest[size(one):size(one)+size(two)], rest[size(one)+size(two):]
	ksn := len(rest) - 50
	if data[0] != 0x80 || data[6] != 0x9b || ksn != 10 && ksn != 12 {
		t.Fatalf("%s: type %X, status %X, %d bytes at the end", name, data[0], data[6], len(rest))
	}
	at := strings.Index(shown, "=")
	return fields{fmt.Sprintf("%X", rest[50:]), fmt.Sprintf("%X", first), fmt.Sprintf("%X", second), shown[1:5], shown[at-4 : at], string(rest[40:50])}
}

// checkSums sees that start, length, exclusive or, sum and end are right.
func checkSums(t *testing.T, name, data string, head, tail []byte) {
	t.Helper()
	var or, sum byte
	for _, c := range []byte(data) {
		or ^= c
		sum += c
	}
	if head[0] != 2 || int(head[1])|int(head[2])<<8 != len(data) || tail[0] != or || tail[1] != sum || tail[2] != 3 {
		t.Errorf("%s: frame % X .. % X around %d bytes, %X %X", name, head, tail, len(data), or, sum)
	}
}

func bytesOf(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
