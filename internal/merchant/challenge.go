package merchant

import (
	"context"
	"errors"
	"time"
)

// ChallengeLife is how long a challenge may be answered (ASVS 6.6: at most ten minutes).
const ChallengeLife = 5 * time.Minute

// challengesSwept bounds the expired rows that a new one takes away.
const challengesSwept = 16

// ask writes a challenge down, and takes a few expired ones away.
func (d Deps) ask(ctx context.Context, tx Tx, c ChallengeRow) error {
	now := d.Clock.Now()
	if err := tx.SweepChallenges(ctx, now, challengesSwept); err != nil {
		return err
	}
	c.CreatedAt, c.ExpiresAt = now, now.Add(ChallengeLife)
	return tx.InsertChallenge(ctx, c)
}

// asked is a challenge that may be answered, or ErrChallengeInvalid. It is not taken yet.
func (d Deps) asked(ctx context.Context, token string, k ChallengeKind) (ChallengeRow, error) {
	if token == "" || len(token) > maxSecret {
		return ChallengeRow{}, ErrChallengeInvalid
	}
	row, err := d.Store.Challenge(ctx, hashSecret(token))
	if errors.Is(err, ErrAbsent) {
		return ChallengeRow{}, ErrChallengeInvalid
	}
	if err != nil {
		return ChallengeRow{}, err
	}
	if row.Kind != k || !row.ExpiresAt.After(d.Clock.Now()) {
		return ChallengeRow{}, ErrChallengeInvalid
	}
	return row, nil
}

// take is asked, and has it answered by nobody else.
func (d Deps) take(ctx context.Context, token string, k ChallengeKind) (ChallengeRow, error) {
	row, err := d.asked(ctx, token, k)
	if err != nil {
		return row, err
	}
	err = d.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		return tx.TakeChallenge(ctx, row.TokenHash, k, d.Clock.Now())
	})
	if errors.Is(err, ErrStale) {
		return row, ErrChallengeInvalid
	}
	return row, err
}
