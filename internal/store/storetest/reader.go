package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"innopay/internal/payment"
)

// readers is the part of the suite about swipes of encrypting readers: each is taken once.
func readers(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"a reader only counts up", readerCountsUp},
		{"one swipe twice within one batch", swipesInBatch},
		{"one swipe over concurrent batches", swipesConcurrent},
		{"a swipe that paid nothing is not used up", swipeNotSpent},
		{"a reader is one over all merchants", readerOfTwoShops},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

// swiped is an intent whose card an encrypting reader read.
func (d *Desk) swiped(device string, counter int64) payment.Intent {
	in := d.Intent()
	in.Payment.Card.Entry = "SWIPE"
	in.Reader = payment.ReaderUse{Format: "MAGTEK", Device: device, Counter: counter}
	return in
}

const oneReader = "FFFF9876543210E00000"

// press commits one intent.
func press(s payment.Store, in payment.Intent) error {
	return s.CommitIntents(context.Background(), []payment.Intent{in})[0]
}

func readerCountsUp(t *testing.T, s payment.Store) {
	d := NewDesk(70)
	for _, c := range []struct {
		counter int64
		want    error
	}{{5, nil}, {5, payment.ErrSwipeSeen}, {4, payment.ErrSwipeSeen}, {1, payment.ErrSwipeSeen}, {9, nil}, {6, payment.ErrSwipeSeen}, {1<<32 - 1, nil}} {
		in := d.swiped(oneReader, c.counter)
		if err := press(s, in); !errors.Is(err, c.want) {
			t.Errorf("counter %d: %v, want %v", c.counter, err, c.want)
		}
		if c.want != nil {
			noTrace(t, s, d, in)
			continue
		}
		// The same press again is told so, and not that its swipe was used.
		if err := press(s, in); !errors.Is(err, payment.ErrKeyTaken) {
			t.Errorf("counter %d, the same press again: %v", c.counter, err)
		}
	}
	if err := press(s, d.swiped("FFFF9876543210E20000", 1)); err != nil {
		t.Errorf("another reader: %v", err)
	}
}

func swipesInBatch(t *testing.T, s payment.Store) {
	d := NewDesk(71)
	ins := []payment.Intent{d.swiped(oneReader, 3), d.swiped(oneReader, 3), d.Intent(), d.swiped(oneReader, 2), d.swiped(oneReader, 4), d.swiped("AB"+oneReader[2:], 3)}
	want := []error{nil, payment.ErrSwipeSeen, nil, payment.ErrSwipeSeen, nil, nil}
	errs := s.CommitIntents(context.Background(), ins)
	for i, w := range want {
		if !errors.Is(errs[i], w) {
			t.Errorf("intent %d: %v, want %v", i, errs[i], w)
		}
		if w != nil {
			noTrace(t, s, d, ins[i])
		}
	}
}

// swipesConcurrent presses every swipe of some readers several times at once. Of each
// swipe at most one payment is made, of the last one exactly one, and none is made with
// an earlier swipe than one that was made before it was pressed.
func swipesConcurrent(t *testing.T, s payment.Store) {
	const devices, swipes, each = 3, 6, 4
	d := NewDesk(72)
	var mu sync.Mutex
	won := map[payment.ReaderUse]int{}
	var posts sync.WaitGroup
	for i := range devices {
		for counter := range swipes {
			for range each {
				in := d.swiped(fmt.Sprintf("%020X", i+1), int64(counter+1))
				posts.Go(func() {
					err := press(s, in)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won[in.Reader]++
					} else if !errors.Is(err, payment.ErrSwipeSeen) {
						t.Errorf("counter %d: %v", in.Reader.Counter, err)
					}
				})
			}
		}
	}
	posts.Wait()
	for use, n := range won {
		if n != 1 {
			t.Errorf("swipe %d of %s paid %d times", use.Counter, use.Device, n)
		}
	}
	for i := range devices {
		name := fmt.Sprintf("%020X", i+1)
		if won[payment.ReaderUse{Format: "MAGTEK", Device: name, Counter: swipes}] != 1 {
			t.Errorf("the last swipe of %s did not pay", name)
		}
		for counter := range swipes {
			if err := press(s, d.swiped(name, int64(counter+1))); !errors.Is(err, payment.ErrSwipeSeen) {
				t.Errorf("swipe %d of %s afterwards: %v", counter+1, name, err)
			}
		}
	}
	us, err := s.Unsettled(context.Background(), d.Tenant(), 1000)
	if err != nil || len(us) != len(won) {
		t.Errorf("%d jobs for %d payments, %v", len(us), len(won), err)
	}
}

func swipeNotSpent(t *testing.T, s payment.Store) {
	d := NewDesk(73)
	first := d.Intent()
	commit(t, s, first)
	taken := d.swiped(oneReader, 7)
	taken.Payment.OrderID = first.Payment.OrderID
	if err := press(s, taken); !errors.Is(err, payment.ErrOrderTaken) {
		t.Fatalf("an order that is taken: %v", err)
	}
	noTrace(t, s, d, taken)
	bad := d.swiped(oneReader, 7)
	bad.Payment.Balance.Amount = -1
	if err := press(s, bad); err == nil {
		t.Fatal("a broken payment was taken")
	}
	if err := press(s, d.swiped(oneReader, 7)); err != nil {
		t.Errorf("the same swipe for another order: %v", err)
	}
}

func readerOfTwoShops(t *testing.T, s payment.Store) {
	one, two := NewDesk(74), NewDesk(75)
	commit(t, s, one.swiped(oneReader, 2))
	stolen := two.swiped(oneReader, 2)
	if err := press(s, stolen); !errors.Is(err, payment.ErrSwipeSeen) {
		t.Errorf("a swipe of one shop at another: %v", err)
	}
	noTrace(t, s, two, stolen)
	batch := []payment.Intent{one.swiped(oneReader, 3), two.swiped(oneReader, 3)}
	errs := s.CommitIntents(context.Background(), batch)
	if errs[0] != nil || !slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, payment.ErrSwipeSeen) }) {
		t.Errorf("one swipe at both shops in one batch: %v", errs)
	}
	if err := press(s, two.swiped(oneReader, 4)); err != nil {
		t.Errorf("a reader that was moved: %v", err)
	}
}
