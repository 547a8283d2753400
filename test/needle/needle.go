// Package needle looks for secrets in files, in every form in which a program could
// have written them.
package needle

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Needle is one form of one secret.
type Needle struct {
	name   string // what it is, without telling it
	bytes  string
	digits bool // short: counts only where no further digit stands beside it
}

// Text is what is looked for.
func (n Needle) Text() string { return n.bytes }

// Name is what it is, without telling it.
func (n Needle) Name() string { return n.name }

// shortDigits is up to which length digits are found by chance inside of longer ones.
const shortDigits = 8

// Of are all forms in which the secret could have been written.
func Of(name, secret string) []Needle {
	add := func(out []Needle, form, s string) []Needle {
		return append(out, Needle{name: name + " in " + form, bytes: s, digits: len(s) <= shortDigits && onlyDigits(s)})
	}
	out := add(nil, "plain", secret)
	if len(secret) <= shortDigits && onlyDigits(secret) {
		return add(add(out, "hex", hex.EncodeToString([]byte(secret))), "UTF-16", wide(secret, false))
	}
	out = add(out, "hex", hex.EncodeToString([]byte(secret)))
	out = add(out, "HEX", strings.ToUpper(hex.EncodeToString([]byte(secret))))
	out = add(out, "UTF-16LE", wide(secret, false))
	out = add(out, "UTF-16BE", wide(secret, true))
	for shift := range 3 {
		out = add(out, fmt.Sprint("base64 shifted by ", shift), inside(base64.StdEncoding, secret, shift))
		if url := inside(base64.URLEncoding, secret, shift); url != out[len(out)-1].bytes {
			out = add(out, fmt.Sprint("base64url shifted by ", shift), url)
		}
	}
	if onlyDigits(secret) {
		out = add(out, "spaced form", groups(secret, 4, " "))
		out = add(out, "dashed form", groups(secret, 4, "-"))
		out = add(out, "single digits", groups(secret, 1, " "))
		out = add(out, "byte list", byteList(secret))
		if packed := packedDecimals(secret); packed != "" {
			out = add(out, "packed decimals", packed)
		}
	}
	return out
}

// packedDecimals is two digits a byte, and "" where that could be found by chance: a short
// one, and one that ends in zeros, which is how a small amount lies in a page of the database.
func packedDecimals(digits string) string {
	packed, err := hex.DecodeString(digits + strings.Repeat("f", len(digits)%2))
	if err != nil || len(strings.TrimRight(string(packed), "\x00")) < 6 {
		return ""
	}
	return string(packed)
}

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func wide(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = binary.BigEndian.AppendUint16(b, u)
			continue
		}
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// inside are the characters of base64 that depend on the secret alone when shift
// bytes stand before it.
func inside(e *base64.Encoding, secret string, shift int) string {
	all := e.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
	return all[(shift*8+5)/6 : (shift+len(secret))*8/6]
}

func groups(s string, n int, between string) string {
	var parts []string
	for ; len(s) > n; s = s[n:] {
		parts = append(parts, s[:n])
	}
	return strings.Join(append(parts, s), between)
}

// byteList is how %v prints bytes.
func byteList(s string) string {
	var parts []string
	for i := range len(s) {
		parts = append(parts, strconv.Itoa(int(s[i])))
	}
	return strings.Join(parts, " ")
}
