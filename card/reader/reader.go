// Package reader is what the project knows of card readers that encrypt: the formats in
// which they send a swipe, the port through which a swipe is decrypted, and a decrypter
// in software. In production the decryption belongs into an HSM: whoever has one writes a
// Decrypter around it and hands it to the daemon.
package reader

import (
	"context"
	"errors"

	"innopay/card"
	"innopay/card/dukpt"
)

// Format is how a reader writes a swipe.
type Format string

// The formats.
const (
	MagTek Format = "MAGTEK" // MagTek MagneSafe V5
	IDTech Format = "IDTECH" // ID TECH, enhanced encryption format
)

// Formats are all of them.
func Formats() []Format { return []Format{MagTek, IDTech} }

// Known reports whether f is one of the formats.
func (f Format) Known() bool { return f == MagTek || f == IDTech }

// Errors of a Decrypter. They name what is wrong, and hold nothing of the swipe.
var (
	// ErrFormat: there is no such format here.
	ErrFormat = errors.New("reader: unknown format")
	// ErrKSN: the key serial number cannot be read.
	ErrKSN = errors.New("reader: not a key serial number")
	// ErrKeySet: no base key is known for the number.
	ErrKeySet = errors.New("reader: unknown key set")
	// ErrTrack: what was decrypted is no track, so it was damaged, or encrypted otherwise.
	ErrTrack = errors.New("reader: not a track")
)

// Swipe is what a reader sent, as hex digits. It is ciphertext; who holds the base key
// reads a card from it, so it is neither logged nor stored.
type Swipe struct {
	Format Format
	KSN    string // key serial number, 20 digits (TDES) or 24 (AES)
	Track2 string // track 2 with its sentinels, encrypted in whole blocks
}

// Opened is a swipe after decryption. The caller wipes the track.
type Opened struct {
	Track   card.Track2
	Device  string // the reader, by its key serial number without the counter
	Counter int64  // rises with every swipe of the device; from 1
}

// Decrypter opens swipes. Implementations are safe for concurrent use, keep nothing of
// what they open, and return one of the errors above, or another one where they cannot
// work now, which the caller takes for "try again later".
type Decrypter interface {
	Open(ctx context.Context, s Swipe) (Opened, error)
	// Formats are those that can be opened now; empty while no base key is known.
	Formats(ctx context.Context) ([]Format, error)
}

// KeySet is a base key, and what its readers do with it.
type KeySet struct {
	ID     string       // ten hex digits by TDES, eight by AES; upper case (dukpt.KSN.Set)
	Scheme dukpt.Scheme //
	Use    dukpt.Use    // key variant of the tracks; empty: as the format's makers ship
	Key    dukpt.Key
}

// use is the variant under which the format's tracks are encrypted.
func (k KeySet) use(f Format) dukpt.Use {
	switch {
	case k.Use != "":
		return k.Use
	case f == MagTek:
		return dukpt.PIN // MagTek 99875475: "the PIN Encryption Key associated with the current DUKPT KSN"
	default:
		return dukpt.Data // ID TECH 80096504: the Data Key
	}
}

// Valid reports whether the set can be one: scheme, use and the length of its id.
func (k KeySet) Valid() bool {
	digits := 10
	if k.Scheme == dukpt.AES {
		digits = 8
	}
	if !k.Scheme.Known() || k.Use != "" && k.Use != dukpt.Data && k.Use != dukpt.PIN || len(k.ID) != digits || k.Key.Len() != dukpt.Size {
		return false
	}
	for i := range len(k.ID) {
		if c := k.ID[i]; (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
