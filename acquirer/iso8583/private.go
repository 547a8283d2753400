package iso8583

import "unicode/utf8"

// Subfields of the private fields. A private field is a row of subfields in
// ascending order of tag: two digits of tag, three digits of length, the value.
const (
	// DE48, the merchant.
	tagMerchantID     = 1
	tagBusinessNumber = 2
	tagMerchantName   = 3
	// DE60, references.
	tagAttempt          = 1
	tagOriginalAttempt  = 2
	tagOriginalAmount   = 3
	tagOriginalTerminal = 4
	// DE61, the parts of the amount and the installments.
	tagSupplied     = 1
	tagVAT          = 2
	tagTaxFree      = 3
	tagServiceFee   = 4
	tagMonths       = 5
	tagInterestFree = 6
	// DE62, the holder and how the card came in. Secret.
	tagBirth    = 1
	tagPassword = 2
	tagFallback = 3
	// DE63, the result.
	tagText         = 1
	tagIssuerCode   = 2
	tagIssuerName   = 3
	tagAcquirerCode = 4
	tagAcquirerName = 5
	tagCardType     = 6
	tagCancelNumber = 7
	tagState        = 8
	tagCaptured     = 9
	tagSubjectCode  = 10
)

// Longest texts in bytes; longer ones are cut at a character's border.
const (
	maxName   = 120
	maxReason = 60
	maxText   = 200
	// MaxAttemptID is the longest attempt id the profile carries, in bytes.
	MaxAttemptID = 64
)

// subfields builds one private field of m.
type subfields struct {
	m            *Message
	field, start int
}

func (m *Message) private(field int) subfields { return subfields{m, field, m.used} }

func (s subfields) head(tag, size int) {
	if size > 999 || len(s.m.arena)-s.m.used < 5 {
		s.m.fail(s.field, "too long")
		return
	}
	copy(s.m.arena[s.m.used:], []byte{digits[tag/10], digits[tag%10], digits[size/100], digits[size/10%10], digits[size%10]})
	s.m.used += 5
}

// text adds v unless it is empty.
func (s subfields) text(tag int, v string) {
	if v != "" {
		s.head(tag, len(v))
		s.m.putString(v)
	}
}

// secret adds v unless it is empty.
func (s subfields) secret(tag int, v []byte) {
	if len(v) > 0 {
		s.head(tag, len(v))
		for _, b := range v {
			s.m.putByte(b)
		}
	}
}

// amount adds v in twelve digits unless it is zero.
func (s subfields) amount(tag int, v int64) {
	if v != 0 {
		s.head(tag, 12)
		s.m.putNumber(s.field, v, 12)
	}
}

// two adds v in two digits unless it is zero.
func (s subfields) two(tag, v int) {
	if v != 0 {
		s.head(tag, 2)
		s.m.putNumber(s.field, int64(v), 2)
	}
}

// flag adds "1" when v.
func (s subfields) flag(tag int, v bool) {
	if v {
		s.text(tag, "1")
	}
}

// done sets the field, when anything was added.
func (s subfields) done() { s.m.close(s.field, s.start) }

// subfield cuts the first subfield off v. last is the tag before it.
func subfield(field, last int, v []byte) (tag int, value, rest []byte, err error) {
	if len(v) < 5 || !classN.okay(v[:5]) {
		return 0, nil, nil, &FormatError{field, "no subfield"}
	}
	tag = int(v[0]-'0')*10 + int(v[1]-'0')
	size := int(v[2]-'0')*100 + int(v[3]-'0')*10 + int(v[4]-'0')
	if tag <= last || size == 0 || size > len(v)-5 {
		return 0, nil, nil, &FormatError{field, "subfield out of order or short"}
	}
	return tag, v[5 : 5+size], v[5+size:], nil
}

// number reads digits.
func number(field int, v []byte) (int64, error) {
	if len(v) == 0 || len(v) > 18 || !classN.okay(v) {
		return 0, &FormatError{field, "not a number"}
	}
	var n int64
	for _, d := range v {
		n = n*10 + int64(d-'0')
	}
	return n, nil
}

// cut shortens s to at most n bytes without breaking a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
