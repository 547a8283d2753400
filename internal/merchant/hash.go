package merchant

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
)

// Hasher hashes passwords one way. Argon2 implements it; tests wrap it to count.
type Hasher interface {
	// Hash returns the PHC form of a new hash, or ErrBusy.
	Hash(ctx context.Context, p Password) (string, error)
	// Verify compares, or returns ErrBusy. An empty hash is compared with a hash of
	// nothing at the same cost and never matches, so that unknown ids take as long.
	Verify(ctx context.Context, hash string, p Password) (bool, error)
}

// Argon2Params are the cost of one hash (RFC 9106).
type Argon2Params struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultArgon2 is OWASP's first choice for argon2id: 19 MiB, two passes.
var DefaultArgon2 = Argon2Params{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1}

const (
	saltBytes = 16
	hashBytes = 32
	hashWait  = 10 * time.Second // longest wait for a turn
	// maxMemoryKiB bounds what a stored hash may ask for, should the row be damaged.
	maxMemoryKiB = 1 << 20
	maxPasses    = 64
)

var errHashForm = errors.New("merchant: not an argon2id hash")

// Argon2 hashes with argon2id, a bounded number at once: each takes memory and a
// core, and a storm of logins must not starve payments. Safe for concurrent use.
type Argon2 struct {
	params  Argon2Params
	rand    io.Reader
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
	nothing string // hash that no password matches, of the same cost
}

// NewArgon2 returns a hasher that works on atOnce passwords at a time while at most
// queue wait. r gives the salts; nil means the system's cryptographic source.
func NewArgon2(p Argon2Params, atOnce, queue int, r io.Reader) *Argon2 {
	if r == nil {
		r = rand.Reader
	}
	a := &Argon2{params: p, rand: r, slots: make(chan struct{}, max(1, atOnce)), queue: int64(queue)}
	a.nothing = a.encode(make([]byte, saltBytes), make([]byte, hashBytes))
	return a
}

// Hash implements Hasher.
func (a *Argon2) Hash(ctx context.Context, p Password) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(a.rand, salt); err != nil {
		return "", fmt.Errorf("merchant: salt: %w", err)
	}
	if err := a.enter(ctx); err != nil {
		return "", err
	}
	defer a.leave()
	sum := argon2.IDKey([]byte(p), salt, a.params.Passes, a.params.MemoryKiB, a.params.Threads, hashBytes)
	return a.encode(salt, sum), nil
}

// Verify implements Hasher.
func (a *Argon2) Verify(ctx context.Context, hash string, p Password) (bool, error) {
	known := hash != ""
	if !known {
		hash = a.nothing
	}
	params, salt, want, err := decode(hash)
	if err != nil {
		return false, err
	}
	if err := a.enter(ctx); err != nil {
		return false, err
	}
	defer a.leave()
	got := argon2.IDKey([]byte(p), salt, params.Passes, params.MemoryKiB, params.Threads, hashBytes)
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (a *Argon2) enter(ctx context.Context) error {
	select {
	case a.slots <- struct{}{}:
		return nil
	default:
	}
	if a.waiting.Add(1) > a.queue {
		a.waiting.Add(-1)
		return ErrBusy.WithRetryAfter(time.Second)
	}
	defer a.waiting.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ErrBusy.WithRetryAfter(time.Second).Because(ctx.Err())
	}
}

func (a *Argon2) leave() { <-a.slots }

func (a *Argon2) encode(salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		a.params.MemoryKiB, a.params.Passes, a.params.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

func decode(hash string) (p Argon2Params, salt, sum []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, nil, nil, errHashForm
	}
	var version int
	if n, err := fmt.Sscanf(parts[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return p, nil, nil, errHashForm
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.MemoryKiB, &p.Passes, &p.Threads); n != 3 || err != nil {
		return p, nil, nil, errHashForm
	}
	if p.MemoryKiB == 0 || p.MemoryKiB > maxMemoryKiB || p.Passes == 0 || p.Passes > maxPasses || p.Threads == 0 {
		return p, nil, nil, errHashForm
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return p, nil, nil, errHashForm
	}
	if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(sum) != hashBytes {
		return p, nil, nil, errHashForm
	}
	return p, salt, sum, nil
}
