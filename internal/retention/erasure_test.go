package retention_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/retention"
)

// broken is a store of two erasures, of which the first cannot be carried out.
type broken struct {
	retention.Store
	due   []string
	until time.Time
}

var errSealed = errors.New("a row does not open")

func (b *broken) ErasureDue(_ context.Context, now time.Time) (retention.Erasure, error) {
	for _, one := range b.due {
		if one != "broken" || !now.Before(b.until) {
			return retention.Erasure{ID: one}, nil
		}
	}
	return retention.Erasure{}, retention.ErrNone
}

func (b *broken) EraseBatch(ctx context.Context, e retention.Erasure, _ retention.Batch) (retention.Erasure, error) {
	if err := ctx.Err(); err != nil {
		return e, err
	}
	if e.ID == "broken" {
		return e, errSealed
	}
	b.due = slices.DeleteFunc(b.due, func(one string) bool { return one == e.ID })
	return e, nil
}

func (b *broken) PutOff(_ context.Context, _ retention.Erasure, due time.Time) error {
	b.until = due
	return nil
}

// TestAnErasureThatCannotBeCarriedOutKeepsNoOtherWaiting: it is told of, the others are
// done, and it is tried again an hour later.
func TestAnErasureThatCannotBeCarriedOutKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	b, at := &broken{due: []string{"broken", "sound"}}, clock.NewFake(time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC))
	e := &retention.Eraser{Store: b, Clock: at, IDs: id.NewSource(nil)}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := e.Round(ended); !errors.Is(err, context.Canceled) || !b.until.IsZero() {
		t.Errorf("at the end of the server: %v, put off until %v", err, b.until)
	}
	if _, err := e.Round(t.Context()); !errors.Is(err, errSealed) {
		t.Errorf("nobody is told: %v", err)
	}
	if more, err := e.Round(t.Context()); err != nil || !more || !slices.Equal(b.due, []string{"broken"}) {
		t.Errorf("the other one: %t %v, left %v", more, err, b.due)
	}
	if more, err := e.Round(t.Context()); err != nil || more {
		t.Errorf("before its time: %t %v", more, err)
	}
	at.Advance(time.Hour)
	if _, err := e.Round(t.Context()); !errors.Is(err, errSealed) {
		t.Errorf("never again: %v", err)
	}
}
