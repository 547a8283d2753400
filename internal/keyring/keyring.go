// Package keyring keeps the installation's secret keys in a directory outside the
// database (rulings 11, 12, 15a): one AEAD keyset for people's data, MAC keys for
// stored hashes and link tokens, one key for blind indexes and one root that demo
// logins are derived from. The key pair by which push services know the installation
// has a file of its own beside the ring, because it does not rotate with it.
//
// All instances of an installation share the directory. It holds one file per
// generation of the ring; the highest generation is the ring, and a generation is
// added by linking a finished file to its name, so that of several processes
// exactly one makes it and the others read it. Rotation adds new keys for writing
// and keeps the old ones for reading. An instance that meets a key id it does not
// know looks for a newer generation first.
package keyring

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"innopay/clock"
)

// Errors of this package. They hold no key and no plaintext.
var (
	// ErrUnknownKey: the id names no key of the ring; the value is foreign or the
	// ring is the wrong one.
	ErrUnknownKey = errors.New("keyring: unknown key")
	// ErrTampered: the ciphertext was changed, cut, moved to another place or sealed
	// by another ring.
	ErrTampered = errors.New("keyring: ciphertext does not open")
	// ErrPermissions: others than the owner may read the keys.
	ErrPermissions = errors.New("keyring: others may read the key directory; set it to mode 0700 and its files to 0600")
)

const (
	keyBytes    = 32
	keyIDLength = 4  // base 32 characters in front of tokens, hashes and indexes
	tokenBytes  = 18 // 144 bits; rulings 11 asks for 128 at least
	indexBytes  = 16 // of a blind index
	alphabet    = "0123456789abcdefghjkmnpqrstvwxyz"
)

var encoding = base64.RawURLEncoding

// Ring is an installation's keys. It is safe for concurrent use.
type Ring struct {
	dir   string
	clock clock.Clock
	mu    sync.RWMutex
	cur   *generation
}

// generation is one state of the ring, never changed after it was loaded.
type generation struct {
	number int
	file   ringFile
	aead   tink.AEAD
}

// ringFile is the JSON of one generation. The last MAC key is the one for writing.
type ringFile struct {
	AEAD  json.RawMessage `json:"aead"` // Tink keyset, cleartext: the file's mode protects it
	MACs  []macKey        `json:"macs"`
	Index macKey          `json:"index"`
	Root  []byte          `json:"root"`
	// MadeAt is when the newest keys were made. It stands in the file because a copy or a
	// restore gives the file another time. Zero in rings that were made before it was kept.
	MadeAt time.Time `json:"madeAt,omitzero"`
}

type macKey struct {
	ID  string `json:"id"`
	Key []byte `json:"key"`
}

// Open reads the ring in dir, and makes dir (0700) and a first ring when there is
// none. Several processes may open an empty directory at once: they agree.
func Open(dir string) (*Ring, error) { return OpenAt(dir, clock.System{}) }

// OpenAt is Open with a clock, which says when keys are made.
func OpenAt(dir string, c clock.Clock) (*Ring, error) {
	if err := prepare(dir); err != nil {
		return nil, err
	}
	r := &Ring{dir: dir, clock: c}
	g, err := newest(dir)
	if err != nil {
		return nil, err
	}
	if g == nil {
		if g, err = create(dir, c.Now()); err != nil {
			return nil, err
		}
	}
	r.cur = g
	return r, nil
}

// Rotate adds a new AEAD key and a new MAC key for writing. Blind indexes and
// derived logins stay as they are: the one would need every row indexed again, the
// other must not change. Other instances follow by themselves.
func (r *Ring) Rotate() error {
	for {
		g, err := newest(r.dir)
		if err != nil {
			return err
		}
		if g == nil {
			return fmt.Errorf("keyring: rotate: %w", ErrUnknownKey)
		}
		f, err := g.file.rotated(r.clock.Now())
		if err != nil {
			return err
		}
		ok, err := install(r.dir, g.number+1, f)
		if err != nil {
			return err
		}
		if ok {
			return r.reload()
		}
		// Another process rotated first; do it again on top of its ring.
	}
}

// Since is when the newest keys on disk were made, by whichever process: as the ring itself
// says, or, of a ring from before it did, when its file was written. It reads them, and so
// also tells whether they can be read.
func (r *Ring) Since() (time.Time, error) {
	g, err := newest(r.dir)
	if err != nil {
		return time.Time{}, err
	}
	if g == nil {
		return time.Time{}, fmt.Errorf("keyring: there are no keys: %w", ErrUnknownKey)
	}
	if !g.file.MadeAt.IsZero() {
		return g.file.MadeAt, nil
	}
	st, err := os.Stat(fileName(r.dir, g.number))
	if err != nil {
		return time.Time{}, fmt.Errorf("keyring: look at file: %w", err)
	}
	return st.ModTime(), nil
}

// Seal encrypts plain so that it opens only with the same associated data, which
// names the row and column it belongs to. The result is URL-safe text.
func (r *Ring) Seal(plain []byte, associatedData string) (string, error) {
	c, err := r.current().aead.Encrypt(plain, []byte(associatedData))
	if err != nil {
		return "", fmt.Errorf("keyring: seal: %w", err)
	}
	return encoding.EncodeToString(c), nil
}

// Unseal is the inverse of Seal. It returns ErrTampered when it cannot.
func (r *Ring) Unseal(sealed, associatedData string) ([]byte, error) {
	c, err := encoding.DecodeString(sealed)
	if err != nil {
		return nil, ErrTampered
	}
	p, err := r.current().aead.Decrypt(c, []byte(associatedData))
	if err == nil {
		return p, nil
	}
	if newer, lerr := r.follow(); lerr != nil {
		return nil, lerr
	} else if !newer {
		return nil, ErrTampered
	}
	if p, err = r.current().aead.Decrypt(c, []byte(associatedData)); err != nil {
		return nil, ErrTampered
	}
	return p, nil
}

// MAC is the keyed hash of data under the key for writing, and that key's id. Data
// are hashed with their lengths, so that neighbours cannot trade bytes; equal data
// under another purpose have another hash.
func (r *Ring) MAC(purpose string, data ...[]byte) (keyID, sum string) {
	k := r.current().primary()
	return k.ID, encoding.EncodeToString(k.sum(purpose, data))
}

// MACWith is the keyed hash under the key named, for comparison with a stored one.
// It returns ErrUnknownKey when there is no such key.
func (r *Ring) MACWith(keyID, purpose string, data ...[]byte) (string, error) {
	k, err := r.find(keyID)
	if err != nil {
		return "", err
	}
	return encoding.EncodeToString(k.sum(purpose, data)), nil
}

// BlindIndex is the value under which an encrypted value can be found again. The
// caller normalises it first. It does not change with rotation.
func (r *Ring) BlindIndex(kind, normalised string) string {
	k := r.current().file.Index
	return k.ID + encoding.EncodeToString(k.sum("index/"+kind, [][]byte{[]byte(normalised)})[:indexBytes])
}

// Token is the secret part of a link: 144 bits that follow from the key for
// writing, kind, id and generation, after that key's id. URL-safe, 28 characters.
func (r *Ring) Token(kind, id string, generation int) string {
	return token(r.current().primary(), kind, id, generation)
}

// TokenAgain is the token whose TokenHash is stored, also after a rotation.
func (r *Ring) TokenAgain(hash, kind, id string, generation int) (string, error) {
	k, err := r.find(keyIDOf(hash))
	if err != nil {
		return "", err
	}
	return token(k, kind, id, generation), nil
}

// TokenValid reports whether the token was made for kind, id and generation, by
// whichever key of the ring, in constant time.
func (r *Ring) TokenValid(tok, kind, id string, generation int) bool {
	k, err := r.find(keyIDOf(tok))
	if err != nil {
		return false
	}
	return hmac.Equal([]byte(tok), []byte(token(k, kind, id, generation)))
}

// TokenHash is what the database keeps of a token: its key's id and a SHA-256.
// A token has 144 random bits, so the hash needs no key.
func (r *Ring) TokenHash(tok string) string {
	sum := sha256.Sum256([]byte(tok))
	return keyIDOf(tok) + encoding.EncodeToString(sum[:])
}

// Derive is 32 bytes that follow from the ring's root and a label. Every instance
// derives the same, and rotation does not change them: demo logins come from here.
func (r *Ring) Derive(label string) []byte {
	return macKey{Key: r.current().file.Root}.sum("derive", [][]byte{[]byte(label)})
}

func (r *Ring) current() *generation {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.cur
}

// find looks the key up, in a newer generation too when it is not in this one.
func (r *Ring) find(keyID string) (macKey, error) {
	for {
		for _, k := range r.current().file.MACs {
			if k.ID == keyID {
				return k, nil
			}
		}
		newer, err := r.follow()
		if err != nil {
			return macKey{}, err
		}
		if !newer {
			return macKey{}, ErrUnknownKey
		}
	}
}

func (g *generation) primary() macKey { return g.file.MACs[len(g.file.MACs)-1] }

func (k macKey) sum(purpose string, data [][]byte) []byte {
	h := hmac.New(sha256.New, k.Key)
	var n [8]byte
	for _, d := range append([][]byte{[]byte(purpose)}, data...) {
		binary.BigEndian.PutUint64(n[:], uint64(len(d)))
		h.Write(n[:])
		h.Write(d)
	}
	return h.Sum(nil)
}

func token(k macKey, kind, id string, generation int) string {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(generation)) //nolint:gosec // only its bits matter
	sum := k.sum("token/"+kind, [][]byte{[]byte(id), n[:]})
	return k.ID + encoding.EncodeToString(sum[:tokenBytes])
}

func keyIDOf(s string) string {
	if len(s) < keyIDLength {
		return ""
	}
	return s[:keyIDLength]
}

func newRing(at time.Time) (ringFile, error) {
	h, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return ringFile{}, fmt.Errorf("keyring: new keyset: %w", err)
	}
	var f ringFile
	if f.AEAD, err = writeKeyset(h); err != nil {
		return ringFile{}, err
	}
	f.MACs = []macKey{newMAC(nil)}
	f.Index = newMAC(f.MACs)
	f.Root = newKey()
	f.MadeAt = at.UTC().Truncate(time.Second)
	return f, nil
}

func (f ringFile) rotated(at time.Time) (ringFile, error) {
	h, err := readKeyset(f.AEAD)
	if err != nil {
		return ringFile{}, err
	}
	m := keyset.NewManagerFromHandle(h)
	keyID, err := m.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return ringFile{}, fmt.Errorf("keyring: add key: %w", err)
	}
	if err := m.SetPrimary(keyID); err != nil {
		return ringFile{}, fmt.Errorf("keyring: set primary: %w", err)
	}
	if h, err = m.Handle(); err != nil {
		return ringFile{}, fmt.Errorf("keyring: keyset: %w", err)
	}
	out := f
	if out.AEAD, err = writeKeyset(h); err != nil {
		return ringFile{}, err
	}
	out.MACs = append(append([]macKey(nil), f.MACs...), newMAC(append([]macKey{f.Index}, f.MACs...)))
	out.MadeAt = at.UTC().Truncate(time.Second)
	return out, nil
}

func newKey() []byte {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

// newMAC makes a key whose id none of the others has.
func newMAC(others []macKey) macKey {
	for {
		b := newKey()[:keyIDLength]
		for i := range b {
			b[i] = alphabet[b[i]%byte(len(alphabet))]
		}
		k := macKey{ID: string(b), Key: newKey()}
		taken := false
		for _, o := range others {
			taken = taken || o.ID == k.ID
		}
		if !taken {
			return k
		}
	}
}

func writeKeyset(h *keyset.Handle) (json.RawMessage, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
		return nil, fmt.Errorf("keyring: write keyset: %w", err)
	}
	return b.Bytes(), nil
}

func readKeyset(raw json.RawMessage) (*keyset.Handle, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("keyring: read keyset: %w", err)
	}
	return h, nil
}
