package reader

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"

	"innopay/card"
	"innopay/card/dukpt"
)

// maxTrack2 bounds an encrypted track 2, in bytes: 40 characters (ISO/IEC 7813) and a
// check character in whole blocks of 16.
const maxTrack2 = 48

// Keys holds base keys. Implementations are safe for concurrent use.
type Keys interface {
	// ReaderKey is the set of the id, ErrKeySet where there is none. The caller wipes the key.
	ReaderKey(id string) (KeySet, error)
	// ReaderKeys lists the ids of all sets.
	ReaderKeys() ([]string, error)
}

// Software decrypts in this process, with base keys from Keys. It is for
// demonstrations, tests and small installations: who reads the process's memory at the
// wrong moment has the key of every reader of a set. Safe for concurrent use.
type Software struct {
	Keys Keys
	// RefusePublished leaves key sets unknown whose key stands in a standard or manual;
	// production sets it.
	RefusePublished bool
}

var _ Decrypter = Software{}

// Formats implements Decrypter: all of them, once there is a key.
func (s Software) Formats(context.Context) ([]Format, error) {
	ids, err := s.Keys.ReaderKeys()
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return Formats(), nil
}

// Open implements Decrypter.
func (s Software) Open(_ context.Context, w Swipe) (Opened, error) {
	if !w.Format.Known() {
		return Opened{}, ErrFormat
	}
	ksn, err := dukpt.ParseKSN(w.KSN)
	if err != nil {
		return Opened{}, ErrKSN
	}
	data, ok := decode(w.Track2)
	if !ok {
		return Opened{}, ErrTrack
	}
	defer clear(data)
	set, err := s.Keys.ReaderKey(ksn.Set())
	if err != nil {
		return Opened{}, err
	}
	defer set.Key.Wipe()
	if s.RefusePublished && dukpt.Published(set.Key) {
		return Opened{}, ErrKeySet
	}
	key, err := dukpt.SwipeKey(set.Key, ksn, set.Scheme, set.use(w.Format))
	if errors.Is(err, dukpt.ErrScheme) {
		return Opened{}, ErrKeySet
	}
	if err != nil {
		return Opened{}, err
	}
	defer key.Wipe()
	if key.Open(set.Scheme, data) != nil {
		return Opened{}, ErrTrack
	}
	track, err := parse(w.Format, data)
	if err != nil {
		return Opened{}, ErrTrack
	}
	return Opened{Track: track, Device: ksn.Device(), Counter: int64(ksn.Counter())}, nil
}

// decode reads hex digits of at most maxTrack2 bytes.
func decode(s string) ([]byte, bool) {
	if s == "" || len(s) > 2*maxTrack2 {
		return nil, false
	}
	b, err := hex.DecodeString(s)
	return b, err == nil
}

// parse reads a decrypted track 2: from its start sentinel to its end sentinel, of ID
// TECH the check character of the stripe behind it where the reader sends it, and zeros up
// to the end of the block. Anything else was not decrypted rightly.
func parse(f Format, plain []byte) (card.Track2, error) {
	end := bytes.IndexByte(plain, '?')
	if end < 0 || plain[0] != ';' {
		return card.Track2{}, ErrTrack
	}
	rest := plain[end+1:]
	if f == IDTech && len(rest) > 0 && rest[0] == Check2(plain[:end+1]) {
		rest = rest[1:]
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return card.Track2{}, ErrTrack
	}
	return card.ParseTrack2(plain[:end+1])
}

// Check2 is the check character (LRC) behind a track 2 with its sentinels: even parity
// over each of the four bits of its characters (ISO/IEC 7811-2).
func Check2(track []byte) byte { return check(track, '0') }

// Check1 is that of a track 1, whose characters have six bits.
func Check1(track []byte) byte { return check(track, ' ') }

func check(track []byte, zero byte) byte {
	var sum byte
	for _, c := range track {
		sum ^= c - zero
	}
	return zero + sum
}
