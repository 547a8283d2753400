// Package id makes the project's identifiers: a typed prefix and a UUIDv7 in
// lower-case Crockford base 32, so that ids sort by time and a period is a range
// of ids. Uniqueness rests on the random part, never on the clock.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"time"
)

// Prefix says what an id names.
type Prefix string

// The prefixes in use.
const (
	Payment  Prefix = "pay_"
	Attempt  Prefix = "att_"
	Cancel   Prefix = "cnl_"
	Request  Prefix = "req_"
	Message  Prefix = "msg_"
	Receipt  Prefix = "rcp_"
	Merchant Prefix = "mer_"
	User     Prefix = "usr_"
	Session  Prefix = "ses_"
	Product  Prefix = "prd_"
	Category Prefix = "cat_"
	Key      Prefix = "key_"
	Event    Prefix = "evt_"
	Audit    Prefix = "aud_"
	Link     Prefix = "lnk_"
	Trace    Prefix = "trc_"
	Call     Prefix = "cal_"
	Push     Prefix = "psh_" // a device's subscription
	Printer  Prefix = "prn_"
	Print    Prefix = "prt_" // one printing of a slip
	Webhook  Prefix = "whk_"
	Delivery Prefix = "whd_" // of an event to a webhook
	Passkey  Prefix = "pky_"
	Device   Prefix = "dev_" // a browser in which somebody logged in
	Mail     Prefix = "mal_" // a user's address
	Rule     Prefix = "rul_" // against risk
	Block    Prefix = "blk_" // of a card, range or number
	Review   Prefix = "rvw_" // a payment that a rule refused or marked
	Alarm    Prefix = "alm_"
	Notice   Prefix = "ntc_"
	Ticket   Prefix = "tkt_"
	Approval Prefix = "apr_" // what two operators decide

	Consent      Prefix = "cns_" // what somebody said to a version of the terms
	Invite       Prefix = "inv_"
	Registration Prefix = "reg_"
	Onboarding   Prefix = "onb_"
	Erasure      Prefix = "era_" // of what is known of a person
)

const (
	alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	length   = 26 // characters of 128 bits in base 32
)

// Source makes ids. Those of one source sort as they were made within a millisecond too,
// so that what one process did in a row is read in that order; between processes a
// millisecond has no order. It is safe for concurrent use.
type Source struct {
	mu   sync.Mutex
	rand io.Reader
	last [16]byte // the last one made
}

// NewSource returns a source that draws its random part from r; nil means the
// system's cryptographic source.
func NewSource(r io.Reader) *Source {
	if r == nil {
		r = rand.Reader
	}
	return &Source{rand: r}
}

// At returns a new id whose time part is t, to the millisecond.
func (s *Source) At(p Prefix, t time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b [16]byte
	if _, err := io.ReadFull(s.rand, b[6:]); err != nil {
		// Without randomness nothing of ours is safe; crypto/rand itself never
		// returns an error, so this is a broken test source.
		panic("id: random source failed")
	}
	stamp(&b, t)
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x1f | 0x80 // the first bit of the 62 is room for follow
	if b[5] == s.last[5] && [5]byte(b[:5]) == [5]byte(s.last[:5]) {
		follow(&b, s.last)
	}
	s.last = b
	return string(p) + encode(b)
}

// follow makes b, of the same millisecond as last, the greater one: by the monotonic
// random of RFC 9562 6.2, a step of up to 2^32 above last. There is room for 2^29 steps.
func follow(b *[16]byte, last [16]byte) {
	step := uint64(binary.BigEndian.Uint32(b[12:])) + 1
	copy(b[6:8], last[6:8])
	binary.BigEndian.PutUint64(b[8:], binary.BigEndian.Uint64(last[8:])+step)
}

// Derived is an id that follows from t and the parts: who makes it again, after a crash or
// on another instance, makes the same.
func Derived(p Prefix, t time.Time, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	b := [16]byte(sum[:16])
	stamp(&b, t)
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return string(p) + encode(b)
}

// Floor is the smallest id of the prefix with time part t: ids made at or after t
// sort at or above it, ids made before t below it.
func Floor(p Prefix, t time.Time) string {
	var b [16]byte
	stamp(&b, t)
	return string(p) + encode(b)
}

// Time is the time part of an id, the zero time when it is none of ours.
func Time(s string) time.Time {
	i := strings.IndexByte(s, '_')
	if i < 0 || len(s)-i-1 != length {
		return time.Time{}
	}
	var ms uint64
	// The first 48 of 130 bits: two spare bits, then ten characters less two bits.
	for j, c := range []byte(s[i+1 : i+11]) {
		v := strings.IndexByte(alphabet, c)
		if v < 0 || j == 0 && v > 7 {
			return time.Time{}
		}
		ms = ms<<5 | uint64(v)
	}
	return time.UnixMilli(int64(ms))
}

// Valid reports whether s is an id with the prefix.
func Valid(p Prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, string(p))
	if !ok || len(rest) != length || rest[0] > '7' {
		return false
	}
	for i := range len(rest) {
		if strings.IndexByte(alphabet, rest[i]) < 0 {
			return false
		}
	}
	return true
}

func stamp(b *[16]byte, t time.Time) {
	ms := uint64(max(0, t.UnixMilli()))
	var v [8]byte
	binary.BigEndian.PutUint64(v[:], ms<<16)
	copy(b[:6], v[:6])
}

// encode writes 128 bits as 26 characters, most significant first, so that the
// order of texts is the order of the numbers.
func encode(b [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [length]byte
	for i := length - 1; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}
