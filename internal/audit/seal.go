package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"innopay/clock"
)

// Genesis is the hash before the first seal.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// Seal is one link of the chain.
type Seal struct {
	Seq        int64 // 1, 2, 3 .. without gaps
	MerchantID string
	RecordID   string
	Hash       string // hex of SHA-256 over the hash before and the record's canonical bytes
	At         time.Time
}

// Canonical is the one sequence of bytes that stands for a record: a version, then
// every field in order, each preceded by its length in eight bytes, so that no two
// records have the same bytes.
func Canonical(r Record) []byte {
	b := []byte("innopay-audit-1")
	for _, f := range []string{r.MerchantID, r.ID, r.Actor, r.Action, r.Subject, r.Detail} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(f)))
		b = append(b, f...)
	}
	return binary.BigEndian.AppendUint64(b, uint64(clock.Micros(r.At))) //nolint:gosec // the bits count, not the sign
}

// Link is the hash of a record that follows the hash before.
func Link(before string, r Record) string {
	h := sha256.New()
	_, _ = io.WriteString(h, before) // a hash never fails
	_, _ = h.Write(Canonical(r))
	return hex.EncodeToString(h.Sum(nil))
}

// Store is what the sealer asks of the database.
type Store interface {
	// TakeLease makes owner the only one who does the named work until the given
	// time, and reports false while another holds it; the holder prolongs its own.
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// Unsealed lists up to limit records that no seal speaks of, oldest first as far
	// as their ids tell.
	Unsealed(ctx context.Context, limit int) ([]Record, error)
	// Head is the last seal; Seq 0 and Genesis when there is none.
	Head(ctx context.Context) (Seal, error)
	// AppendSeals adds seals after the head of the given sequence and marks their
	// records, in one transaction; it fails when the head is another by now.
	AppendSeals(ctx context.Context, after int64, seals []Seal) error
}

// LeaseName is the lease of the sealer.
const LeaseName = "audit/seal"

// LeaseFor is how long a sealer that died keeps others waiting. A record that is
// unsealed for longer than this and two seconds, while an instance is alive, is a
// fault (rulings 9).
const LeaseFor = 10 * time.Second

// batch bounds one transaction of the sealer, so that payments never wait long.
const batch = 200

// Sealer chains records in the order in which it meets them, which is the order of
// their commits to within one round. Any number of instances may run one.
type Sealer struct {
	Store Store
	Clock clock.Clock
	Owner string
	// Export tells the outside of a new head, at most every ten seconds, so that a
	// chain cut short is noticed even by someone who trusts the database with
	// nothing. It is called after the seals are durable. Nil: nobody is told.
	Export func(head Seal) error

	leased   time.Time
	mine     bool
	pending  *Seal // head not told yet
	exported time.Time
}

const exportEvery = 10 * time.Second

// Round seals one batch. It reports whether there may be more. It is called by one
// goroutine.
func (s *Sealer) Round(ctx context.Context) (bool, error) {
	more, err := s.seal(ctx)
	if err != nil {
		return false, fmt.Errorf("audit: %w", err)
	}
	now := s.Clock.Now()
	if s.pending == nil || s.Export == nil || now.Sub(s.exported) < exportEvery {
		return more, nil
	}
	if err := s.Export(*s.pending); err != nil {
		return false, fmt.Errorf("audit: export of the head: %w", err)
	}
	s.pending, s.exported = nil, now
	return more, nil
}

// lease holds the sealer's lease, also while there is nothing to seal: it shows that
// an instance is alive.
func (s *Sealer) lease(ctx context.Context) (bool, error) {
	now := s.Clock.Now()
	if age := now.Sub(s.leased); s.mine && age >= 0 && age < LeaseFor/3 {
		return true, nil
	}
	mine, err := s.Store.TakeLease(ctx, LeaseName, s.Owner, now, now.Add(LeaseFor))
	s.mine = mine && err == nil
	if s.mine {
		s.leased = now
	}
	return s.mine, err
}

func (s *Sealer) seal(ctx context.Context) (bool, error) {
	mine, err := s.lease(ctx)
	if err != nil || !mine {
		return false, err
	}
	records, err := s.Store.Unsealed(ctx, batch)
	if err != nil || len(records) == 0 {
		return false, err
	}
	head, err := s.Store.Head(ctx)
	if err != nil {
		return false, err
	}
	now := s.Clock.Now()
	seals := make([]Seal, len(records))
	last := head
	for i, r := range records {
		last = Seal{Seq: last.Seq + 1, MerchantID: r.MerchantID, RecordID: r.ID, Hash: Link(last.Hash, r), At: now}
		seals[i] = last
	}
	if err := s.Store.AppendSeals(ctx, head.Seq, seals); err != nil {
		return false, err
	}
	s.pending = &last
	return len(records) == batch, nil
}
