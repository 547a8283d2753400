package iso8583

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"
)

// Data elements of ISO 8583:1987 that the profile uses, by their numbers.
const (
	dePAN          = 2
	deProcessing   = 3
	deAmount       = 4
	deTransmission = 7
	deSTAN         = 11
	deExpiry       = 14
	deMCC          = 18
	deEntryMode    = 22
	deCondition    = 25
	deTrack2       = 35
	deRRN          = 37
	deApproval     = 38
	deResponse     = 39
	deTerminal     = 41
	deMerchant     = 42
	deShop         = 48
	deCurrency     = 49
	deReference    = 60
	deParts        = 61
	deHolder       = 62
	deResult       = 63
	deMAC          = 64
	deNetwork      = 70
	deOriginal     = 90
	deMAC2         = 128
)

// form is how the length of a field is told.
type form uint8

const (
	fixed  form = iota
	llvar       // two digits of length
	lllvar      // three digits of length
)

// class is which characters a field may hold (ISO 8583:1987 4.3).
type class uint8

const (
	classN   class = iota // digits
	classAN               // letters and digits, padded with spaces
	classANS              // printable text, UTF-8 in private fields
	classZ                // track data: digits and the separators = and D
	classB                // any byte
)

// spec is one row of the field table. A zero spec is a field outside the profile.
type spec struct {
	name  string
	form  form
	class class
	size  int // bytes: exact when fixed, the most otherwise
}

// known reports whether the profile has the field.
func (s *spec) known() bool { return s.size > 0 }

// specs is the field table of the profile, by data element number.
var specs = [129]spec{
	dePAN:          {"primary account number", llvar, classN, 19},
	deProcessing:   {"processing code", fixed, classN, 6},
	deAmount:       {"amount", fixed, classN, 12},
	deTransmission: {"transmission date and time", fixed, classN, 10},
	deSTAN:         {"systems trace audit number", fixed, classN, 6},
	12:             {"local time", fixed, classN, 6},
	13:             {"local date", fixed, classN, 4},
	deExpiry:       {"expiry", fixed, classN, 4},
	15:             {"settlement date", fixed, classN, 4},
	deMCC:          {"merchant category code", fixed, classN, 4},
	deEntryMode:    {"point of service entry mode", fixed, classN, 3},
	deCondition:    {"point of service condition code", fixed, classN, 2},
	32:             {"acquiring institution", llvar, classN, 11},
	deTrack2:       {"track 2", llvar, classZ, 37},
	deRRN:          {"retrieval reference number", fixed, classAN, 12},
	// Korean acquirers give eight digits, so the profile widens DE38 from six.
	deApproval:  {"approval number", fixed, classAN, 8},
	deResponse:  {"response code", fixed, classAN, 2},
	deTerminal:  {"terminal", fixed, classANS, 8},
	deMerchant:  {"merchant number", fixed, classANS, 15},
	43:          {"merchant name and place", fixed, classANS, 40},
	deShop:      {"private: merchant", lllvar, classANS, 400},
	deCurrency:  {"currency", fixed, classN, 3},
	deReference: {"private: references", lllvar, classANS, 200},
	deParts:     {"private: amounts and installments", lllvar, classANS, 200},
	deHolder:    {"private: holder and entry", lllvar, classANS, 200},
	deResult:    {"private: result", lllvar, classANS, 800},
	deMAC:       {"message authentication code", fixed, classB, 8},
	deNetwork:   {"network management code", fixed, classN, 3},
	deOriginal:  {"original data elements", fixed, classN, 42},
	deMAC2:      {"message authentication code", fixed, classB, 8},
}

// Field describes one data element of the profile, for documents and tools.
type Field struct {
	Number int
	Name   string
	Format string // ISO notation, e.g. "n6" or "ans..800"
}

// Fields lists the field table in order of number.
func Fields() []Field {
	var out []Field
	for n := range specs {
		if specs[n].known() {
			out = append(out, Field{n, specs[n].name, specs[n].notation()})
		}
	}
	return out
}

// okay reports whether every byte of v belongs to the class.
func (c class) okay(v []byte) bool {
	switch c {
	case classN:
		return numeric(v)
	case classAN:
		for _, b := range v {
			if b-'0' > 9 && b-'A' > 25 && b-'a' > 25 && b != ' ' {
				return false
			}
		}
	case classANS:
		return printable(v)
	case classZ:
		for _, b := range v {
			if b-'0' > 9 && b != '=' && b != 'D' {
				return false
			}
		}
	case classB:
	}
	return true
}

// Eight bytes are looked at together: ones has the same byte eight times when
// multiplied, and tops are their highest bits.
const (
	ones uint64 = 0x0101010101010101
	tops        = ones * 0x80
)

// numeric reports whether v is digits alone: high half 3, and the low half stays in
// its half when six is added.
func numeric(v []byte) bool {
	for len(v) >= 8 {
		x := binary.LittleEndian.Uint64(v)
		if x&(ones*0xf0) != ones*0x30 || (x+ones*6)&(ones*0xf0) != ones*0x30 {
			return false
		}
		v = v[8:]
	}
	for _, b := range v {
		if b-'0' > 9 {
			return false
		}
	}
	return true
}

// printable reports whether v is UTF-8 without control characters.
func printable(v []byte) bool {
	rest, high := v, uint64(0)
	for len(rest) >= 8 {
		x := binary.LittleEndian.Uint64(rest)
		low := x &^ tops
		// Below a space borrows from the top bit; DEL overflows into it.
		control := ^((low | tops) - ones*' ') | (low + ones)
		if control&^x&tops != 0 {
			return false
		}
		high |= x & tops
		rest = rest[8:]
	}
	for _, b := range rest {
		if b < ' ' || b == 0x7f {
			return false
		}
		high |= uint64(b) & 0x80
	}
	return high == 0 || utf8.Valid(v)
}

// notation is the field's format as ISO 8583 writes it.
func (s *spec) notation() string {
	out := [...]string{classN: "n", classAN: "an", classANS: "ans", classZ: "z", classB: "b"}[s.class]
	out += [...]string{fixed: "", llvar: "..", lllvar: "..."}[s.form]
	size := s.size
	if s.class == classB {
		size *= 8 // ISO counts bits there
	}
	return out + strconv.Itoa(size)
}
