// Package card holds what a payment card carries, in types that print masked,
// refuse to be encoded as JSON and can be wiped. A card number lives only in
// memory, from the edge that reads it to the adapter that sends it.
package card

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
)

// ErrSecret is returned by every attempt to encode a secret.
var ErrSecret = errors.New("card: a secret is never encoded")

// Errors of the parsers. They never repeat the value.
var (
	ErrNumber = errors.New("card: not a card number")
	ErrExpiry = errors.New("card: not an expiry")
	ErrTrack  = errors.New("card: not a track")
	ErrDigits = errors.New("card: not digits")
)

// Secret is sensitive text that lives in memory for one approval: birth date or
// business number, the first two digits of the password, a track. The zero value
// is empty. A Secret shares its bytes when copied, so one Wipe clears all copies.
type Secret struct{ hidden hidden }

// hidden keeps bytes inside a function, because fmt prints the unexported fields of
// others' structs without asking the types in them how, and follows pointers: of a
// function it knows only the address.
type hidden func() []byte

func hide(b []byte) hidden { return func() []byte { return b } }

func (h hidden) bytes() []byte {
	if h == nil {
		return nil
	}
	return h()
}

// text is what the parsers read. Whoever can wipe gives bytes, for a string stays in
// memory for as long as it likes.
type text interface{ ~string | ~[]byte }

// NewSecret copies s into a Secret.
func NewSecret[T text](s T) Secret {
	if len(s) == 0 {
		return Secret{}
	}
	return Secret{hide(append(make([]byte, 0, len(s)), s...))}
}

// Reveal gives the bytes. The caller must not keep or print them.
func (s Secret) Reveal() []byte { return s.hidden.bytes() }

// Empty reports whether there is nothing, or nothing any more.
func (s Secret) Empty() bool { return s.Len() == 0 }

// Len is the number of bytes.
func (s Secret) Len() int { return len(s.hidden.bytes()) }

// Wipe overwrites the bytes in every copy of this Secret.
func (s Secret) Wipe() { clear(s.hidden.bytes()) }

// String hides the value.
func (s Secret) String() string { return "***" }

// Format hides the value under every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "***") }

// LogValue hides the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalJSON refuses.
func (s Secret) MarshalJSON() ([]byte, error) { return nil, ErrSecret }

// MarshalText refuses.
func (s Secret) MarshalText() ([]byte, error) { return nil, ErrSecret }

// PAN is a card number (ISO 8583 DE2), 13 to 19 digits. It prints as first six,
// six stars, last four (domain facts 0.4), whatever its length.
type PAN struct{ hidden hidden }

// ParsePAN reads a card number; spaces and hyphens between digits are dropped.
func ParsePAN[T text](s T) (PAN, error) {
	if len(s) > 40 {
		return PAN{}, ErrNumber
	}
	b := make([]byte, 0, 19)
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			b = append(b, c)
		case c == ' ' || c == '-':
		default:
			clear(b)
			return PAN{}, ErrNumber
		}
	}
	if len(b) < 13 || len(b) > 19 {
		clear(b)
		return PAN{}, ErrNumber
	}
	return PAN{hide(b)}, nil
}

// Reveal gives the digits. The caller must not keep or print them.
func (p PAN) Reveal() []byte { return p.hidden.bytes() }

// Empty reports whether there is no number.
func (p PAN) Empty() bool { return len(p.hidden.bytes()) == 0 }

// Wipe overwrites the digits in every copy of this PAN.
func (p PAN) Wipe() { clear(p.hidden.bytes()) }

// BIN is the first six digits.
func (p PAN) BIN() string { return p.head(6) }

// BIN8 is the first eight digits.
func (p PAN) BIN8() string { return p.head(8) }

// Last4 is the last four digits.
func (p PAN) Last4() string {
	if p.Empty() {
		return ""
	}
	b := p.hidden.bytes()
	return string(b[len(b)-4:])
}

// Masked is the one form in which a card number is shown and stored.
func (p PAN) Masked() string {
	if p.Empty() {
		return ""
	}
	return p.BIN() + "******" + p.Last4()
}

// Luhn reports whether the check digit is right (ISO/IEC 7812-1 annex B).
func (p PAN) Luhn() bool {
	sum, double := 0, false
	for _, b := range slices.Backward(p.hidden.bytes()) {
		d := int(b - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return !p.Empty() && sum%10 == 0
}

func (p PAN) head(n int) string {
	b := p.hidden.bytes()
	if len(b) < n {
		return ""
	}
	return string(b[:n])
}

// String is the masked form.
func (p PAN) String() string { return p.Masked() }

// Format is the masked form under every verb.
func (p PAN) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.Masked()) }

// LogValue is the masked form.
func (p PAN) LogValue() slog.Value { return slog.StringValue(p.Masked()) }

// MarshalJSON refuses.
func (p PAN) MarshalJSON() ([]byte, error) { return nil, ErrSecret }

// MarshalText refuses.
func (p PAN) MarshalText() ([]byte, error) { return nil, ErrSecret }

// Expiry is the month a card runs out. It is sent once and never stored or shown.
type Expiry struct{ hidden hidden } // YYMM

// ParseExpiry reads MM and YY. A past month is a valid expiry (the issuer
// decides); an impossible one is ErrExpiry.
func ParseExpiry[T text](mm, yy T) (Expiry, error) {
	m, ok1 := twoDigits(mm)
	_, ok2 := twoDigits(yy)
	if !ok1 || !ok2 || m < 1 || m > 12 {
		return Expiry{}, ErrExpiry
	}
	return Expiry{hide(append(append(make([]byte, 0, 4), yy...), mm...))}, nil
}

// AppendYYMM appends the form of ISO 8583 DE14 to dst, so that the caller can wipe
// it. An empty expiry appends nothing.
func (e Expiry) AppendYYMM(dst []byte) []byte {
	return append(dst, e.hidden.bytes()...)
}

// YYMM is the form of ISO 8583 DE14. Where the copy must not outlive the call use
// AppendYYMM: a string cannot be wiped.
func (e Expiry) YYMM() string { return string(e.AppendYYMM(nil)) }

// Empty reports whether there is none.
func (e Expiry) Empty() bool { return e.hidden == nil }

// Wipe overwrites the digits in every copy of this Expiry.
func (e Expiry) Wipe() { clear(e.hidden.bytes()) }

// String hides the value.
func (e Expiry) String() string { return "**/**" }

// Format hides the value under every verb.
func (e Expiry) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "**/**") }

// LogValue hides the value.
func (e Expiry) LogValue() slog.Value { return slog.StringValue("**/**") }

// MarshalJSON refuses.
func (e Expiry) MarshalJSON() ([]byte, error) { return nil, ErrSecret }

// MarshalText refuses.
func (e Expiry) MarshalText() ([]byte, error) { return nil, ErrSecret }

func twoDigits[T text](s T) (int, bool) {
	if len(s) != 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// Digits returns s as a Secret when it is min to max ASCII digits.
func Digits[T text](s T, minLen, maxLen int) (Secret, error) {
	if len(s) < minLen || len(s) > maxLen {
		return Secret{}, ErrDigits
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return Secret{}, ErrDigits
		}
	}
	return NewSecret(s), nil
}
