package dukpt

import (
	"crypto/cipher"
	"encoding/binary"
)

// Scheme is how keys are derived and data are encrypted.
type Scheme string

// The schemes of readers.
const (
	TDES    Scheme = "TDES"     // ANSI X9.24-1:2009, data under two-key TDES
	TDESAES Scheme = "TDES_AES" // keys by ANSI X9.24-1:2009, data under AES-128 with that key (ID TECH's "AES")
	AES     Scheme = "AES"      // ANSI X9.24-3:2017 with AES-128
)

// Known reports whether s is one of the schemes.
func (s Scheme) Known() bool { return s == TDES || s == TDESAES || s == AES }

// Use is what a swipe's key is for.
type Use string

// The uses. Readers encrypt tracks under either, as their maker decided.
const (
	// Data is the key for data from the reader to the host: by TDES the request variant,
	// run once through the cipher (ANSI X9.24-1:2009 A.4.1); by AES usage 3000.
	Data Use = "DATA"
	// PIN is the variant of PIN encryption, under which many readers encrypt tracks too.
	PIN Use = "PIN"
)

// mask tells the two halves of a derivation apart (ANSI X9.24-1:2009 A.2).
var mask = []byte{0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0, 0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0}

// variants of ANSI X9.24-1:2009 table A-1.
var (
	pinVariant  = []byte{0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff}
	dataVariant = []byte{0, 0, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0}
)

// Usages of ANSI X9.24-3:2017 table 2, and AES-128 in its derivation data.
const (
	usageInitial    = 0x8001
	usageDerivation = 0x8000
	usagePIN        = 0x1000
	usageData       = 0x3000

	algorithmAES128 = 2
	bitsAES128      = 128
)

// InitialKey is what the reader of the number was injected with. The caller wipes it.
func InitialKey(base Key, ksn KSN) (Key, error) {
	if base.Len() != Size {
		return Key{}, ErrKey
	}
	if ksn.wide {
		var data [Size]byte
		derivation(data[:8], usageInitial)
		copy(data[8:], ksn.initial[:])
		aes128(base.Reveal()).Encrypt(data[:], data[:])
		return wrap(data[:])
	}
	out := make([]byte, Size)
	other := append([]byte(nil), base.Reveal()...)
	defer clear(other)
	xor(other, mask)
	tdes(base.Reveal()).Encrypt(out[:8], ksn.initial[:])
	tdes(other).Encrypt(out[8:], ksn.initial[:])
	return wrap(out)
}

// SwipeKey is the key of one swipe: that of the number, for the use. The caller wipes
// it. It returns ErrScheme where the number is not of the scheme.
func SwipeKey(base Key, ksn KSN, s Scheme, use Use) (Key, error) {
	if ksn.wide != (s == AES) || !s.Known() {
		return Key{}, ErrScheme
	}
	initial, err := InitialKey(base, ksn)
	if err != nil {
		return Key{}, err
	}
	defer initial.Wipe()
	if s == AES {
		return wrap(wideKey(initial.Reveal(), ksn, use))
	}
	key := shortKey(initial.Reveal(), ksn)
	if use == PIN {
		xor(key, pinVariant)
		return wrap(key)
	}
	xor(key, dataVariant)
	c := tdes(key)
	c.Encrypt(key[:8], key[:8])
	c.Encrypt(key[8:], key[8:])
	return wrap(key)
}

// wrap takes over b and clears it.
func wrap(b []byte) (Key, error) {
	defer clear(b)
	return NewKey(b)
}

// shortKey walks over the ones of the counter, from the highest down; each one makes a
// key that does not tell the one before it (ANSI X9.24-1:2009 A.2).
func shortKey(initial []byte, ksn KSN) []byte {
	key := append(make([]byte, 0, Size), initial...)
	number := KSN{initial: ksn.initial, tail: ksn.tail}
	for bit := uint32(1) << (counterBits - 1); bit > 0; bit >>= 1 {
		if ksn.counter&bit == 0 {
			continue
		}
		number.counter |= bit
		right := number.bytes()[2:]
		left := append([]byte(nil), right...)
		half(key, right)
		xor(key, mask)
		half(key, left)
		copy(key[:8], left)
		copy(key[8:], right)
		clear(left)
		clear(right)
	}
	return key
}

// half turns the number into one half of the next key.
func half(key, number []byte) {
	xor(number, key[8:])
	singleDES(key[:8]).Encrypt(number, number)
	xor(number, key[8:])
}

// wideKey walks over the ones of the counter likewise (ANSI X9.24-3:2017 6.3.3).
func wideKey(initial []byte, ksn KSN, use Use) []byte {
	key := append(make([]byte, 0, Size), initial...)
	step := func(usage uint16, counter uint32) {
		var data [Size]byte
		derivation(data[:8], usage)
		copy(data[8:], ksn.initial[4:])
		binary.BigEndian.PutUint32(data[12:], counter)
		aes128(key).Encrypt(key, data[:])
	}
	var counter uint32
	for bit := uint32(1) << 31; bit > 0; bit >>= 1 {
		if ksn.counter&bit != 0 {
			counter |= bit
			step(usageDerivation, counter)
		}
	}
	usage := uint16(usageData)
	if use == PIN {
		usage = usagePIN
	}
	step(usage, ksn.counter)
	return key
}

// derivation fills the first half of derivation data (ANSI X9.24-3:2017 table 1).
func derivation(b []byte, usage uint16) {
	b[0], b[1] = 1, 1 // version, block of the key
	binary.BigEndian.PutUint16(b[2:], usage)
	binary.BigEndian.PutUint16(b[4:], algorithmAES128)
	binary.BigEndian.PutUint16(b[6:], bitsAES128)
}

// block is the cipher of the scheme's data.
func (k Key) block(s Scheme) cipher.Block {
	if s == TDES {
		return tdes(k.Reveal())
	}
	return aes128(k.Reveal())
}

// BlockSize is that of the scheme's data, in bytes.
func (s Scheme) BlockSize() int {
	if s == TDES {
		return 8
	}
	return Size
}

// Open decrypts data in place: CBC from a block of zeros, as readers do. It returns
// ErrBlocks when data are none, or no whole blocks.
func (k Key) Open(s Scheme, data []byte) error {
	if len(data) == 0 || len(data)%s.BlockSize() != 0 {
		return ErrBlocks
	}
	cipher.NewCBCDecrypter(k.block(s), make([]byte, s.BlockSize())).CryptBlocks(data, data)
	return nil
}

// Seal encrypts data as a reader does: filled up with zeros, CBC from a block of zeros.
func (k Key) Seal(s Scheme, data []byte) []byte {
	size := s.BlockSize()
	out := make([]byte, (len(data)+size-1)/size*size)
	copy(out, data)
	cipher.NewCBCEncrypter(k.block(s), make([]byte, size)).CryptBlocks(out, out) //nolint:gosec // the readers' mode: each key is used for one swipe
	return out
}
