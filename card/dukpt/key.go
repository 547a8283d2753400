package dukpt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:depguard,gosec // ANSI X9.24-1 is defined on TDES
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"innopay/card"
)

// Errors of this package. They hold no key and no data.
var (
	// ErrKey: not 16 bytes, or a key that is none (its halves are equal, so that TDES
	// would be single DES).
	ErrKey = errors.New("dukpt: not a key")
	// ErrKSN: not the hex digits of a key serial number, or a counter that no reader uses.
	ErrKSN = errors.New("dukpt: not a key serial number")
	// ErrScheme: the key serial number is not of the scheme.
	ErrScheme = errors.New("dukpt: the key serial number belongs to another scheme")
	// ErrBlocks: not a whole number of blocks.
	ErrBlocks = errors.New("dukpt: not a whole number of blocks")
	// ErrExhausted: the reader has used its last key.
	ErrExhausted = errors.New("dukpt: the reader's keys are used up")
)

// Size of every key here, in bytes: double-length TDES, or AES-128.
const Size = 16

// Key is a key of 16 bytes: a base key, a reader's initial key, or that of one swipe.
// It prints masked, refuses to be encoded and can be wiped, as card.Secret does.
type Key struct{ card.Secret }

// NewKey copies 16 bytes into a Key. It returns ErrKey for another length, and where
// both halves are equal.
func NewKey(b []byte) (Key, error) {
	if len(b) != Size || slices.Equal(b[:8], b[8:]) {
		return Key{}, ErrKey
	}
	return Key{card.NewSecret(b)}, nil
}

// ParseKey reads 32 hex digits.
func ParseKey[T ~string | ~[]byte](s T) (Key, error) {
	b := make([]byte, Size)
	defer clear(b)
	if len(s) != 2*Size {
		return Key{}, ErrKey
	}
	if _, err := hex.Decode(b, []byte(s)); err != nil {
		return Key{}, ErrKey // the cause quotes a digit
	}
	return NewKey(b)
}

// Combine is the base key whose components several people hold: their exclusive or.
func Combine(components ...Key) (Key, error) {
	sum := make([]byte, Size)
	defer clear(sum)
	for _, c := range components {
		if c.Len() != Size {
			return Key{}, ErrKey
		}
		xor(sum, c.Reveal())
	}
	return NewKey(sum)
}

// Equal compares two keys. It is for telling published keys from others, not for
// checking what somebody claims to know.
func (k Key) Equal(other Key) bool { return slices.Equal(k.Reveal(), other.Reveal()) }

// CheckValue is the key check value (KCV) by which people see that a key was typed right:
// of TDES the first three bytes of eight zeros encrypted (ANSI X9.24-1), of AES the first
// three bytes of the CMAC of sixteen zeros (ANSI X9.24-3), as six hex digits.
func (k Key) CheckValue(s Scheme) string {
	if s == AES {
		return fmt.Sprintf("%X", cmacOfZeros(k.Reveal())[:3])
	}
	zeros := make([]byte, des.BlockSize)
	tdes(k.Reveal()).Encrypt(zeros, zeros)
	return fmt.Sprintf("%X", zeros[:3])
}

// cmacOfZeros is AES-CMAC (NIST SP 800-38B) of one block of zeros: a whole block, so only
// its first subkey is needed.
func cmacOfZeros(key []byte) []byte {
	sub := make([]byte, aes.BlockSize)
	c := aes128(key)
	c.Encrypt(sub, sub)
	carry := sub[0] >> 7
	for i := range sub {
		sub[i] <<= 1
		if i+1 < len(sub) {
			sub[i] |= sub[i+1] >> 7
		}
	}
	sub[len(sub)-1] ^= 0x87 * carry
	c.Encrypt(sub, sub)
	return sub
}

// published are base keys that stand in standards and manuals, so that everybody has them.
var published = []string{
	"0123456789ABCDEFFEDCBA9876543210", // ANSI X9.24-1, annex A; manuals of reader makers
	"FEDCBA9876543210F1F1F1F1F1F1F1F1", // ANSI X9.24-3, annex B
	"000102030405060708090A0B0C0D0E0F",
	"0123456789ABCDEF0011223344556677",
}

// Published reports whether everybody knows the key, because it stands in a standard, a
// manual or every tutorial. Such a key protects nothing.
func Published(k Key) bool {
	return slices.ContainsFunc(published, func(s string) bool {
		p, err := ParseKey(s)
		return err == nil && p.Equal(k)
	})
}

// tdes is two-key TDES. A key is always of the right length here.
func tdes(key []byte) cipher.Block {
	whole := slices.Concat(key, key[:8])
	defer clear(whole)
	c, err := des.NewTripleDESCipher(whole) //nolint:gosec // the reader's cipher
	if err != nil {
		panic("dukpt: a key of 24 bytes: " + err.Error())
	}
	return c
}

func singleDES(key []byte) cipher.Block {
	c, err := des.NewCipher(key) //nolint:gosec // the inner step of ANSI X9.24-1
	if err != nil {
		panic("dukpt: a key of 8 bytes: " + err.Error())
	}
	return c
}

func aes128(key []byte) cipher.Block {
	c, err := aes.NewCipher(key)
	if err != nil {
		panic("dukpt: a key of 16 bytes: " + err.Error())
	}
	return c
}

// xor adds b to a.
func xor(a, b []byte) {
	for i := range a {
		a[i] ^= b[i]
	}
}
