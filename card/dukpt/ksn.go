package dukpt

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
)

// KSN is a key serial number: who encrypted, and which of its keys. By TDES it has ten
// bytes, of which the last 21 bits count (ANSI X9.24-1:2009 A.1); by AES twelve, of which
// the last four bytes do (ANSI X9.24-3:2017 6.1). The zero value is none.
type KSN struct {
	initial [8]byte // TDES: the first eight bytes without counter bits; AES: base key and derivation id
	tail    [2]byte // TDES: the last two bytes without counter bits, always zero
	counter uint32
	wide    bool // AES
}

// Figures of the standards.
const (
	shortKSN = 10 // bytes, TDES
	wideKSN  = 12 // bytes, AES

	counterBits  = 21 // TDES; the lowest 5 of the eighth byte, and two more bytes
	lastCounter  = 1<<counterBits - 1
	mostOnes     = 10 // TDES: a reader skips counters with more ones
	mostWideOnes = 16 // AES: likewise

	setDigits     = 10 // TDES: the key set is the first five bytes
	wideSetDigits = 8  // AES: the base key id, four bytes
)

// ParseKSN reads 20 or 24 hex digits. A counter of 0, or with more ones than a reader
// uses, is ErrKSN: no swipe was ever encrypted under it.
func ParseKSN(s string) (KSN, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != shortKSN && len(b) != wideKSN {
		return KSN{}, ErrKSN // the cause quotes a digit
	}
	k := KSN{wide: len(b) == wideKSN}
	copy(k.initial[:], b)
	if k.wide {
		k.counter = binary.BigEndian.Uint32(b[8:])
	} else {
		k.counter = binary.BigEndian.Uint32(b[6:]) & lastCounter
		k.initial[7] &^= 0x1f
	}
	if !k.used() {
		return KSN{}, ErrKSN
	}
	return k, nil
}

// used reports whether a reader encrypts under the counter.
func (k KSN) used() bool {
	ones := bits.OnesCount32(k.counter)
	if k.wide {
		return ones > 0 && ones <= mostWideOnes
	}
	return ones > 0 && ones <= mostOnes
}

// Initial is the number of a TDES reader before its first swipe: the key set of ten hex
// digits, and the device of 19 bits. Next gives its first KSN.
func Initial(set string, device uint32) (KSN, error) {
	b, err := hex.DecodeString(set)
	if err != nil || len(set) != setDigits || device >= 1<<19 {
		return KSN{}, ErrKSN
	}
	k := KSN{}
	copy(k.initial[:], b)
	copy(k.initial[5:], binary.BigEndian.AppendUint32(nil, device<<(5+8))[:3])
	return k, nil
}

// Next is the number of the next swipe, past the counters that no reader uses. It
// returns ErrExhausted after the last one.
func (k KSN) Next() (KSN, error) {
	last := uint32(lastCounter)
	if k.wide {
		last = 1<<32 - 1
	}
	for k.counter < last {
		if k.counter++; k.used() {
			return k, nil
		}
	}
	return KSN{}, ErrExhausted
}

// Set names the base key: ten hex digits by TDES (key set id, ANSI X9.24-1 A.1), eight by
// AES (base derivation key id). Upper case.
func (k KSN) Set() string {
	if k.wide {
		return fmt.Sprintf("%X", k.initial[:wideSetDigits/2])
	}
	return fmt.Sprintf("%X", k.initial[:setDigits/2])
}

// Device names the reader over all key sets: the number without its counter, upper case.
func (k KSN) Device() string {
	if k.wide {
		return fmt.Sprintf("%X", k.initial[:])
	}
	return fmt.Sprintf("%X%X", k.initial[:], k.tail[:])
}

// Counter counts the reader's keys; each swipe has a greater one.
func (k KSN) Counter() uint32 { return k.counter }

// Wide reports whether the number is of AES DUKPT.
func (k KSN) Wide() bool { return k.wide }

// String is the number as it travels, upper case. It is no secret.
func (k KSN) String() string { return fmt.Sprintf("%X", k.bytes()) }

func (k KSN) bytes() []byte {
	if k.wide {
		return binary.BigEndian.AppendUint32(append(make([]byte, 0, wideKSN), k.initial[:]...), k.counter)
	}
	b := append(append(make([]byte, 0, shortKSN), k.initial[:]...), k.tail[:]...)
	low := binary.BigEndian.Uint32(b[6:]) | k.counter
	binary.BigEndian.PutUint32(b[6:], low)
	return b
}
