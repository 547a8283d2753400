package web_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// oddity is one value that is put where another is meant.
type oddity struct {
	name string
	json string // as it stands in a body; need not be JSON
	text string // as it stands in an address or a header
	bare bool   // text says the same as json, so it is tried outside of bodies too
}

// number is a JSON number, or what looks like one.
func number(s string) oddity { return oddity{"number " + s, s, s, true} }

// said is a string.
func said(name, s string) oddity {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return oddity{name, string(b), s, true}
}

// raw is a piece of a body that only a body can hold.
func raw(name, s string) oddity { return oddity{name: name, json: s} }

// oddities is the corpus every field gets.
func oddities() []oddity {
	var out []oddity
	for _, s := range []string{
		"null", "true", "false", "[]", "{}", "[null]", "[[]]", `{"a":1}`, `[[[1,2,3]]]`, // other types
		"NaN", "01", "1.", "+1", "0x1F", "'a'", `"open`, `"\x41"`, "\"\n\"", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", // no JSON
		`"\u0000"`, `"\ud800"`, `"\udc00"`, `"\ud83dx"`, `"\ude00\ud83d"`, `"\ud83d\u0041"`, `"\ufffe"`, // escapes for no character
		`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, "[1,]", "1 /* a */", "1}{",
		strings.Repeat("[", 40) + strings.Repeat("]", 40), strings.Repeat("{\"a\":", 40) + "1" + strings.Repeat("}", 40),
		"[" + strings.Repeat("0,", 30_000) + "0]",
	} {
		out = append(out, raw("raw "+s[:min(len(s), 20)], s))
	}
	for _, s := range []string{
		"0", "1", "-1", "-0", "0.1", "1.0", "100", "1e2", "1e-7", "1e308", "1e400", "-1e400", "9999999999", "10000000000",
		"9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
		"18446744073709551616", strings.Repeat("9", 400),
	} {
		out = append(out, number(s))
	}
	for _, s := range attacks {
		out = append(out, said("attack "+s, s))
	}
	for name, s := range texts {
		out = append(out, said(name, s))
	}
	return out
}

// attacks are sentences of other languages: none may be understood, none may come
// back as a piece of a page.
var attacks = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `javascript:alert(1)`, `</style><script>alert(1)</script>`,
	`<!--#exec cmd="ls"-->`, `{{7*7}}`, `${7*7}`, `${jndi:ldap://127.0.0.1/a}`, `%s%n%d%!`, `../../../../etc/passwd`, `/etc/passwd`,
	`' OR '1'='1`, `'; DROP TABLE payments; --`, `') UNION SELECT password_hash FROM users --`, `\'; --`, `%`, `_`, `\`,
	"a\r\nX-Injected: yes", "a%0d%0aX-Injected:%20yes", `*)(uid=*`, `=cmd|' /C calc'!A1`, `<?xml version="1.0"?><!DOCTYPE a>`,
	"`id`",
}

// texts are strings by name.
var texts = map[string]string{
	"empty": "", "blank": " ", "padded": " a ", "letter": "a", "digits": "1234", "six digits": "900101", "card number": "4111 1111 1111 1111",
	"amount with comma": "1,000", "word null": "null", "word undefined": "undefined",
	"NUL": "a\x00b", "tab": "a\tb", "line": "a\nb", "return": "a\rb", "escape": "\x1b[31m", "delete": "\x7f",
	"next line": "a\u0085b", "line separator": "a\u2028b", "byte order mark": "\ufeffa", "zero width": "a\u200bb", "right to left": "\u202eabc\u202c", "isolate": "\u2066abc",
	"Hangul composed": "\ud55c\uae00", "Hangul decomposed": "\u1112\u1161\u11ab\u1100\u1173\u11af", "Hangul compatibility": "\u314e\u314f\u3134", "Hangul old": "\u1112\u119e",
	"full-width digits": "\uff14\uff11\uff11\uff11", "Arabic digits": "\u0661\u0662\u0663\u0664", "Roman numeral": "\u2167", "superscript": "\u00b2",
	"emoji": "\U0001f600", "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467", "combining": "a" + strings.Repeat("\u0301", 60),
	"last character": "\U0010ffff", "replacement": "\ufffd", "private use": "\ue000",
	"hundred and one": strings.Repeat("a", 101), "hundred and one Hangul": strings.Repeat("\uac00", 101),
	"hundred KB": strings.Repeat("x", 100<<10), "hundred KB of Hangul": strings.Repeat("\uac00", 100<<10/3), "three hundred KB": strings.Repeat("x", 300<<10),
	"representative number": "1588-0000",
	"payment id":            "pay_00000000000000000000000000", "id of another kind": "mer_00000000000000000000000000", "id in capitals": "PAY_00000000000000000000000000", "id too large": "pay_zzzzzzzzzzzzzzzzzzzzzzzzzz",
	"leap day": "2024-02-29", "no leap day": "2026-02-29", "month 13": "2026-13-01", "year 0": "0000-00-00", "instant": "2026-03-01T00:00:00Z",
	"cursor": "MQ", "no base64": "!!!!", "padded base64": "MXBheV8=", "cursor of numbers": "LTE",
}

// borders are the values around what a schema allows.
func borders(s map[string]any) []oddity {
	var out []oddity
	if lo, ok := s["minimum"].(float64); ok {
		out = append(out, number(whole(lo-1)), number(whole(lo)))
	}
	if hi, ok := s["maximum"].(float64); ok {
		out = append(out, number(whole(hi)), number(whole(hi+1)))
	}
	for _, name := range []string{"minLength", "maxLength"} {
		if n, ok := s[name].(float64); ok {
			for _, by := range []int{-1, 0, 1} {
				length := max(0, int(n)+by)
				out = append(out, said(fmt.Sprint(length, " letters"), strings.Repeat("b", length)), said(fmt.Sprint(length, " Hangul"), strings.Repeat("\ub098", length)))
			}
		}
	}
	if values, ok := s["enum"].([]any); ok {
		for _, v := range values {
			word := fmt.Sprint(v)
			out = append(out, said("allowed", word), said("in small letters", strings.ToLower(word)), said("padded", word+" "), raw("in a list", `["`+word+`"]`))
		}
	}
	return out
}

func whole(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
