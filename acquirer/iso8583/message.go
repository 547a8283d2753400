package iso8583

import (
	"fmt"
	"math/bits"
	"sync"
)

// MTI is a message type indicator, as the number its four digits write.
type MTI uint16

// The message types the codec knows. The repeat of a request has an odd last digit.
const (
	MTIRequest       MTI = 200 // authorization, void or refund
	MTIRequestRepeat MTI = 201
	MTIAnswer        MTI = 210
	MTIReversal      MTI = 400
	MTIReversalAgain MTI = 401
	MTIReversed      MTI = 410
	MTIAdvice        MTI = 420 // reversal advice
	MTIAdviceAgain   MTI = 421
	MTIAdvised       MTI = 430
	MTIInquiry       MTI = 600
	MTIInquiryAgain  MTI = 601
	MTIInquired      MTI = 610
	MTINetwork       MTI = 800 // sign-on, echo, sign-off
	MTINetworkAnswer MTI = 810
)

// known reports whether the profile has the message type.
func (t MTI) known() bool {
	switch t {
	case MTIRequest, MTIRequestRepeat, MTIAnswer, MTIReversal, MTIReversalAgain, MTIReversed,
		MTIAdvice, MTIAdviceAgain, MTIAdvised, MTIInquiry, MTIInquiryAgain, MTIInquired, MTINetwork, MTINetworkAnswer:
		return true
	}
	return false
}

// MaxMessage is the largest message in bytes, without its length.
const MaxMessage = 4096

// HeaderSize is the length in front of every message: two bytes, big endian,
// counting what follows.
const HeaderSize = 2

// FormatError says what is wrong with a message and where; it never repeats a value.
type FormatError struct {
	Field int // data element, 0 for the message itself
	What  string
}

// Error is for logs.
func (e *FormatError) Error() string { return fmt.Sprintf("iso8583: DE%d: %s", e.Field, e.What) }

// Message is a message as its fields. Values set alias the caller's bytes, values
// unpacked alias the frame. It is meant to be reused: Reset wipes it. The zero
// value is ready. Not safe for concurrent use.
type Message struct {
	MTI   MTI
	bits  [2]uint64 // bit 63 of [0] is DE1
	value [129][]byte
	// arena holds values made here. It never grows, so that no copy of a secret
	// is left behind by a larger one.
	arena [MaxMessage]byte
	used  int
	err   *FormatError
}

// Reset empties the message and wipes what it held itself.
func (m *Message) Reset() {
	for half, set := range m.bits {
		for set != 0 {
			n := bits.LeadingZeros64(set)
			set &^= 1 << (63 - n)
			m.value[half*64+n+1] = nil
		}
		m.bits[half] = 0
	}
	clear(m.arena[:m.used])
	m.MTI, m.used, m.err = 0, 0, nil
}

// Has reports whether field n is there.
func (m *Message) Has(n int) bool { return m.value[n] != nil }

// Get is the value of field n, nil when absent. It must not be changed.
func (m *Message) Get(n int) []byte { return m.value[n] }

// Set puts v, not copied, into field n. An empty v leaves the field out.
func (m *Message) Set(n int, v []byte) {
	if len(v) == 0 {
		return
	}
	m.value[n] = v
	m.mark(n)
}

// SetText copies s into field n, padding a fixed field with spaces. An empty s
// leaves the field out.
func (m *Message) SetText(n int, s string) {
	if s == "" {
		return
	}
	start := m.used
	m.putString(s)
	if specs[n].form == fixed {
		for m.used-start < specs[n].size && m.err == nil {
			m.putByte(' ')
		}
	}
	m.close(n, start)
}

// SetNumber writes v into the fixed numeric field n with leading zeros.
func (m *Message) SetNumber(n int, v int64) {
	start := m.used
	m.putNumber(n, v, specs[n].size)
	m.close(n, start)
}

// mark notes that field n is present. DE1 is the secondary bitmap itself.
func (m *Message) mark(n int) {
	m.bits[(n-1)>>6] |= 1 << (63 - (n-1)&63)
	if n > 64 {
		m.bits[0] |= 1 << 63
	}
}

// close makes what was put since start the value of field n.
func (m *Message) close(n, start int) {
	if m.err == nil {
		m.Set(n, m.arena[start:m.used:m.used])
	}
}

func (m *Message) putByte(b byte) {
	if m.used == len(m.arena) {
		m.fail(0, "too long")
		return
	}
	m.arena[m.used] = b
	m.used++
}

func (m *Message) putString(s string) {
	if len(s) > len(m.arena)-m.used {
		m.fail(0, "too long")
		return
	}
	m.used += copy(m.arena[m.used:], s)
}

// putNumber writes v in exactly width digits.
func (m *Message) putNumber(n int, v int64, width int) {
	if v < 0 || width > len(m.arena)-m.used {
		m.fail(n, "number out of range")
		return
	}
	out := m.arena[m.used : m.used+width]
	i := width
	for ; i >= 2; i -= 2 {
		pair := pairs[v%100*2:]
		out[i-2], out[i-1] = pair[0], pair[1]
		v /= 100
	}
	if i == 1 {
		out[0] = digits[v%10]
		v /= 10
	}
	if v != 0 {
		m.fail(n, "number too large")
		return
	}
	m.used += width
}

func (m *Message) fail(n int, what string) {
	if m.err == nil {
		m.err = &FormatError{n, what}
	}
}

// Append packs the message behind dst and allocates nothing while dst has room.
// It checks every value against the field table.
func (m *Message) Append(dst []byte) ([]byte, error) {
	if m.err != nil {
		return dst, m.err
	}
	if !m.MTI.known() {
		return dst, &FormatError{0, "unknown message type"}
	}
	start := len(dst)
	t := m.MTI
	dst = append(dst, '0', digits[t/100], digits[t/10%10], digits[t%10])
	dst = appendBitmap(dst, m.bits[0])
	if m.bits[1] != 0 {
		dst = appendBitmap(dst, m.bits[1])
	}
	for half, set := range m.bits {
		if half == 0 {
			set &^= 1 << 63
		}
		for set != 0 {
			n := bits.LeadingZeros64(set)
			set &^= 1 << (63 - n)
			n += half*64 + 1
			v, s := m.value[n], &specs[n]
			if err := s.check(n, v); err != nil {
				clear(dst[start:]) // it may hold a card number
				return dst[:start], err
			}
			switch s.form {
			case fixed:
			case llvar:
				dst = append(dst, digits[len(v)/10], digits[len(v)%10])
			case lllvar:
				dst = append(dst, digits[len(v)/100], digits[len(v)/10%10], digits[len(v)%10])
			}
			dst = append(dst, v...)
		}
	}
	if len(dst)-start > MaxMessage {
		clear(dst[start:])
		return dst[:start], &FormatError{0, "too long"}
	}
	return dst, nil
}

// check reports whether v may be the value of field n.
func (s *spec) check(n int, v []byte) error {
	switch {
	case !s.known():
		return &FormatError{n, "not in the profile"}
	case len(v) == 0 || len(v) > s.size || s.form == fixed && len(v) != s.size:
		return &FormatError{n, "wrong length"}
	case !s.class.okay(v):
		return &FormatError{n, "wrong characters"}
	}
	return nil
}

// pairs are the numbers 00 to 99.
var pairs = func() (p [200]byte) {
	for i := range 100 {
		p[2*i], p[2*i+1] = digits[i/10], digits[i%10]
	}
	return p
}()

// digits are those of numbers and bitmaps.
const digits = "0123456789ABCDEF"

func appendBitmap(dst []byte, b uint64) []byte {
	var out [16]byte
	for i := range out {
		out[i] = digits[b>>(60-4*i)&15]
	}
	return append(dst, out[:]...)
}

// Unpack reads frame strictly: unknown types and fields, wrong characters, short
// frames and trailing bytes are errors. Values alias frame. The message must be
// empty; after an error it must be Reset.
func (m *Message) Unpack(frame []byte) error {
	if len(frame) > MaxMessage {
		return &FormatError{0, "too long"}
	}
	if len(frame) < 20 || !classN.okay(frame[:4]) || frame[0] != '0' {
		return &FormatError{0, "no message type and bitmap"}
	}
	m.MTI = MTI(frame[1]-'0')*100 + MTI(frame[2]-'0')*10 + MTI(frame[3]-'0')
	if !m.MTI.known() {
		return &FormatError{0, "unknown message type"}
	}
	var set [2]uint64
	var ok bool
	if set[0], ok = bitmap(frame[4:20]); !ok {
		return &FormatError{0, "primary bitmap is not hexadecimal"}
	}
	rest := frame[20:]
	if set[0]>>63 == 1 {
		if len(rest) < 16 {
			return &FormatError{1, "short"}
		}
		if set[1], ok = bitmap(rest[:16]); !ok || set[1] == 0 {
			return &FormatError{1, "secondary bitmap is empty or not hexadecimal"}
		}
		rest = rest[16:]
		set[0] &^= 1 << 63
	}
	for half, left := range set {
		for left != 0 {
			n := bits.LeadingZeros64(left)
			left &^= 1 << (63 - n)
			n += half*64 + 1
			v, after, err := specs[n].take(n, rest)
			if err != nil {
				return err
			}
			m.value[n], rest = v, after
			m.mark(n)
		}
	}
	if len(rest) != 0 {
		return &FormatError{0, "trailing bytes"}
	}
	return nil
}

// take cuts field n off in front of b.
func (s *spec) take(n int, b []byte) (v, rest []byte, err error) {
	size, head := s.size, 0
	switch s.form {
	case fixed:
	case llvar:
		head = 2
	case lllvar:
		head = 3
	}
	if len(b) < head || !classN.okay(b[:head]) {
		return nil, nil, &FormatError{n, "no length"}
	}
	if head > 0 {
		size = 0
		for _, d := range b[:head] {
			size = size*10 + int(d-'0')
		}
	}
	if size > len(b)-head {
		return nil, nil, &FormatError{n, "short"}
	}
	v = b[head : head+size : head+size]
	return v, b[head+size:], s.check(n, v)
}

// bitmap reads 16 upper-case hexadecimal digits.
func bitmap(b []byte) (v uint64, ok bool) {
	for _, c := range b {
		switch {
		case c-'0' <= 9:
			v = v<<4 | uint64(c-'0')
		case c-'A' <= 5:
			v = v<<4 | uint64(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// messages are kept for reuse: one is five kilobytes.
var messages = sync.Pool{New: func() any { return new(Message) }}

// blank is an empty message; release it after use.
func blank() *Message {
	m, ok := messages.Get().(*Message)
	if !ok {
		return new(Message)
	}
	return m
}

// release wipes m and hands it back.
func release(m *Message) {
	m.Reset()
	messages.Put(m)
}
