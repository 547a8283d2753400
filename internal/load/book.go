package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"innopay/clock"
)

// Book remembers what was pressed, what was answered, and everything that must not
// happen. It is safe for concurrent use.
type Book struct {
	clock clock.Clock

	mu         sync.Mutex
	presses    []*Press
	sales      []*Sale
	refused    map[string]int
	complaints []string
	missed     int // complaints beyond the bound
}

// Sale is an acknowledged approval.
type Sale struct {
	Payment Payment
	client  *Client
}

// Client is the client that made the sale.
func (s *Sale) Client() *Client { return s.client }

// NewBook returns an empty book.
func NewBook(c clock.Clock) *Book { return &Book{clock: c, refused: map[string]int{}} }

func (b *Book) add(p *Press) *Press {
	p.book, p.clock = b, b.clock
	b.mu.Lock()
	defer b.mu.Unlock()
	b.presses = append(b.presses, p)
	return p
}

func (b *Book) sell(s *Sale) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sales = append(b.sales, s)
}

func (b *Book) refuse(code string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused[code]++
}

// maxComplaints bounds what is kept; more are only counted.
const maxComplaints = 50

func (b *Book) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) >= maxComplaints {
		b.missed++
		return
	}
	b.complaints = append(b.complaints, fmt.Sprintf(format, args...))
}

// Complaints are the things that must not happen and did.
func (b *Book) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := append([]string(nil), b.complaints...)
	if b.missed > 0 {
		out = append(out, fmt.Sprintf("and %d more", b.missed))
	}
	return out
}

// Refused is how often presses were refused, by code.
func (b *Book) Refused() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]int, len(b.refused))
	maps.Copy(out, b.refused)
	return out
}

// Presses are all presses with the verdict, oldest first.
func (b *Book) Presses(v Verdict) []*Press {
	b.mu.Lock()
	all := append([]*Press(nil), b.presses...)
	b.mu.Unlock()
	var out []*Press
	for _, p := range all {
		if have, _, _ := p.Verdict(); have == v {
			out = append(out, p)
		}
	}
	return out
}

// Sales are the acknowledged approvals, oldest first.
func (b *Book) Sales() []*Sale {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]*Sale(nil), b.sales...)
}

// sale picks one by the dice, nil when there is none.
func (b *Book) sale(d *Dice) *Sale {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sales) == 0 {
		return nil
	}
	return b.sales[d.Roll(len(b.sales))]
}

func (b *Book) press(d *Dice) *Press {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.presses) == 0 {
		return nil
	}
	return b.presses[d.Roll(len(b.presses))]
}

// Settle presses again whatever is not final, width at a time, until all is or ctx
// ends. It returns the presses that are not.
func (b *Book) Settle(ctx context.Context, width int) error {
	return b.each(append(b.Presses(Again), b.Presses(Open)...), width, func(p *Press) error {
		_, err := p.Finish(ctx)
		return err
	})
}

// Replay presses the given ones once more; what differs from the frozen answer is a
// complaint.
func (b *Book) Replay(ctx context.Context, ps []*Press, width int) error {
	return b.each(ps, width, func(p *Press) error {
		_, err := p.Finish(ctx)
		return err
	})
}

func (b *Book) each(ps []*Press, width int, do func(*Press) error) error {
	slots := make(chan struct{}, width)
	errs := make([]error, len(ps))
	var all sync.WaitGroup
	for i, p := range ps {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(p)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
