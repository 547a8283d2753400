package simulation

import (
	"encoding/binary"
	"math/bits"
	"time"

	"innopay/money"
)

// random is a small generator (PCG XSH RR 64/32 by M. E. O'Neill), kept here so that
// a seed gives the same run whatever Go's own generators become. It also feeds the
// source of ids. It is not for secrets.
type random struct{ state, inc uint64 }

func newRandom(seed, stream uint64) *random {
	r := &random{inc: stream<<1 | 1}
	r.next()
	r.state += seed
	r.next()
	return r
}

func (r *random) next() uint32 {
	old := r.state
	r.state = old*6364136223846793005 + r.inc
	return bits.RotateLeft32(uint32((old>>18^old)>>27), -int(old>>59)) //nolint:gosec // the generator keeps the low 32 bits
}

// Read fills p; it never fails.
func (r *random) Read(p []byte) (int, error) {
	var b [4]byte
	for i := 0; i < len(p); i += 4 {
		binary.LittleEndian.PutUint32(b[:], r.next())
		copy(p[i:], b[:])
	}
	return len(p), nil
}

// below is 0..n-1; n is 1..2^31.
func (r *random) below(n int) int { return int(uint64(r.next()) * uint64(n) >> 32) } //nolint:gosec // n is positive

// chance is true in perMille of 1000 cases.
func (r *random) chance(perMille int) bool { return r.below(1000) < perMille }

// between is a duration from lo up to hi, in microseconds.
func (r *random) between(lo, hi time.Duration) time.Duration {
	return lo + time.Duration(r.below(int((hi-lo)/time.Microsecond)+1))*time.Microsecond
}

// won is an amount from lo up to hi.
func (r *random) won(lo, hi money.Won) money.Won {
	span := uint64(hi-lo) + 1                                           //nolint:gosec // hi is at least lo
	return lo + money.Won((uint64(r.next())<<32|uint64(r.next()))%span) //nolint:gosec // at most hi-lo
}

func pick[T any](r *random, of ...T) T { return of[r.below(len(of))] }
