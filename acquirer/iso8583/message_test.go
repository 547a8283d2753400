package iso8583_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"innopay/acquirer/iso8583"
)

func unpack(t *testing.T, frame string) *iso8583.Message {
	t.Helper()
	m := new(iso8583.Message)
	if err := m.Unpack([]byte(frame)); err != nil {
		t.Fatal(err)
	}
	return m
}

// echo is a network message written by hand: DE7, DE11, DE41 and, in the secondary
// bitmap, DE70.
const echo = "0800" + "8220000000800000" + "0400000000000000" + "0302150405" + "000123" + "NETWORK " + "301"

func TestUnpackByHand(t *testing.T) {
	t.Parallel()
	m := unpack(t, echo)
	for n, want := range map[int]string{7: "0302150405", 11: "000123", 41: "NETWORK ", 70: "301"} {
		if got := string(m.Get(n)); got != want || !m.Has(n) {
			t.Errorf("DE%d is %q, want %q", n, got, want)
		}
	}
	if m.MTI != iso8583.MTINetwork || m.Has(2) || m.Get(39) != nil {
		t.Errorf("type %d, or a field that is not there", m.MTI)
	}
	packed, err := m.Append(nil)
	if err != nil || string(packed) != echo {
		t.Errorf("packed again: %q, %v", packed, err)
	}
}

func TestPackByHand(t *testing.T) {
	t.Parallel()
	var m iso8583.Message
	m.MTI = iso8583.MTIAnswer
	m.SetNumber(4, 55_000)
	m.SetText(41, "T1")
	m.SetText(48, "가게")
	m.Set(2, []byte("9990011000000016"))
	m.Set(64, []byte{0, 1, 2, 3, 4, 5, 6, 255})
	m.SetText(38, "")
	got, err := m.Append([]byte("before"))
	want := "before0210" + "5000000000810001" + "16" + "9990011000000016" + "000000055000" + "T1      " + "006가게" + "\x00\x01\x02\x03\x04\x05\x06\xff"
	if err != nil || string(got) != want {
		t.Errorf("packed %q, want %q, %v", got, want, err)
	}
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 100)
	tests := map[string]string{
		"empty":                    "",
		"only a type":              "0800",
		"letters in the type":      "08O0" + echo[4:],
		"version 1993":             "1800" + echo[4:],
		"unknown type":             "0100" + echo[4:],
		"lower-case bitmap":        "0800" + "822000000080000a" + echo[20:],
		"bitmap not hexadecimal":   "0800" + "82200000008000G0" + echo[20:],
		"short secondary bitmap":   "0800" + "8220000000800000" + "0400",
		"empty secondary bitmap":   "0800" + "8220000000800000" + "0000000000000000" + "0302150405" + "000123" + "NETWORK ",
		"field outside profile":    "0800" + "4000000000000001" + "16" + long,
		"field 3 where 5 is":       "0200" + "0800000000000000" + "000000",
		"short fixed field":        echo[:len(echo)-1],
		"trailing byte":            echo + "0",
		"letters in a number":      strings.Replace(echo, "000123", "00O123", 1),
		"control character":        strings.Replace(echo, "NETWORK ", "NETWORK\n", 1),
		"length not a number":      "0200" + "4000000000000000" + "1x" + long,
		"length beyond the field":  "0200" + "4000000000000000" + "20" + long[:20],
		"length beyond the frame":  "0200" + "4000000000000000" + "19" + long[:18],
		"length of zero":           "0200" + "4000000000000000" + "00",
		"no room for the length":   "0200" + "4000000000000000" + "1",
		"broken UTF-8":             "0200" + "0000000000010000" + "002\xea\xb0",
		"separator in the number":  "0200" + "4000000000000000" + "16" + "99900110000000=6",
		"letter in the track":      "0200" + "0000000020000000" + "04" + "12A=",
		"larger than a frame":      echo + strings.Repeat("0", iso8583.MaxMessage),
		"full-width digits amount": "0200" + "1000000000000000" + "１２３４",
	}
	for name, frame := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m iso8583.Message
			err := m.Unpack([]byte(frame))
			if _, ok := errors.AsType[*iso8583.FormatError](err); !ok {
				t.Fatalf("%q was read: %v", frame, err)
			}
			if strings.Contains(err.Error(), "9999") {
				t.Errorf("the error repeats what it read: %v", err)
			}
			m.Reset()
			if err := m.Unpack([]byte(echo)); err != nil {
				t.Errorf("after Reset: %v", err)
			}
		})
	}
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*iso8583.Message){
		"no type":            func(m *iso8583.Message) { m.MTI = 0 },
		"unknown type":       func(m *iso8583.Message) { m.MTI = 100 },
		"unknown field":      func(m *iso8583.Message) { m.Set(5, []byte("1")) },
		"too long":           func(m *iso8583.Message) { m.Set(2, bytes.Repeat([]byte("1"), 20)) },
		"fixed too short":    func(m *iso8583.Message) { m.Set(3, []byte("00")) },
		"number too large":   func(m *iso8583.Message) { m.SetNumber(3, 1_000_000) },
		"number negative":    func(m *iso8583.Message) { m.SetNumber(3, -1) },
		"text too long":      func(m *iso8583.Message) { m.SetText(41, "123456789") },
		"wrong characters":   func(m *iso8583.Message) { m.SetText(38, "1234567-") },
		"text beyond a page": func(m *iso8583.Message) { m.SetText(48, strings.Repeat("x", iso8583.MaxMessage+1)) },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m iso8583.Message
			m.MTI = iso8583.MTIRequest
			m.Set(2, []byte("9990011000000018"))
			spoil(&m)
			dst := append(make([]byte, 0, 2*iso8583.MaxMessage), "before"...)
			got, err := m.Append(dst)
			if err == nil {
				t.Fatalf("packed %q", got)
			}
			if string(got) != "before" {
				t.Errorf("left %q behind", got)
			}
			if beyond := got[len(got):cap(got)]; strings.Trim(string(beyond), "\x00") != "" {
				t.Errorf("left %q in the buffer", beyond)
			}
		})
	}
}

// TestResetWipes: what a message made itself is gone after Reset.
func TestResetWipes(t *testing.T) {
	t.Parallel()
	var m iso8583.Message
	m.MTI = iso8583.MTIRequest
	m.SetText(62, "0010061234560020021 2")
	held := m.Get(62)
	m.Reset()
	if strings.Trim(string(held), "\x00") != "" {
		t.Errorf("still there: %q", held)
	}
	if m.Has(62) || m.MTI != 0 {
		t.Error("the message is not empty")
	}
}

func TestFieldsAreSound(t *testing.T) {
	t.Parallel()
	last := 1
	for _, f := range iso8583.Fields() {
		if f.Number <= last || f.Number > 128 || f.Name == "" || f.Format == "" {
			t.Errorf("%+v behind DE%d", f, last)
		}
		last = f.Number
	}
	if last != 128 {
		t.Errorf("the last field is DE%d", last)
	}
}

// FuzzUnpack: nothing panics, and what is read is written again byte for byte.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte(echo))
	for _, r := range requests(f) {
		frame, err := r.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	for _, r := range replies() {
		frame, err := r.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m iso8583.Message
		if m.Unpack(frame) != nil {
			return
		}
		packed, err := m.Append(nil)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		if !bytes.Equal(packed, frame) {
			t.Fatalf("read %q, wrote %q", frame, packed)
		}
		roundTrip(t, frame)
	})
}
