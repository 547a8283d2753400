package risk

import (
	"context"
	"time"

	"innopay/id"
	"innopay/money"
)

// Figures of a trial.
const (
	MaxTrialDays   = 7
	trialPatience  = 20 * time.Second
	maxTrialHits   = 200     // that are named
	maxTrialParts  = 200_000 // counted at once, about 100 bytes each
	partsPerTriage = 4       // windows' worth of parts are looked through when there are too many
)

// Hit is a payment that the rule would have found.
type Hit struct {
	MerchantID string
	PaymentID  string
	At         time.Time
	Amount     money.Won
}

// Trial is what a rule would have done.
type Trial struct {
	From, To time.Time
	Examined int64
	Found    int64
	Amount   money.Won // of those found
	Hits     []Hit     // the first of them
	// Exact: cards were told apart by their hash. Otherwise by the first six and last four
	// digits, which few cards share; the count may be too high then.
	Exact bool
	// Whole: everything was looked at; otherwise time or memory ran out, and To says how far.
	Whole bool
}

// Try runs a rule over the payments of the last days, as if it had stood. Memory is
// bounded whatever their number.
func (s *Service) Try(ctx context.Context, r Rule, days int) (Trial, error) {
	if err := r.Check(); err != nil {
		return Trial{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, trialPatience)
	defer cancel()
	now := s.now()
	t := &trial{rule: r, parts: map[part]count{}, out: Trial{From: now.AddDate(0, 0, -days), To: now, Exact: true, Whole: true, Hits: []Hit{}}}
	t.rule.ID = string(id.Rule)
	err := s.Store.Sales(ctx, r.MerchantID, t.out.From, now, t.see)
	if err != nil && ctx.Err() != nil || t.full {
		t.out.Whole, t.out.To = false, t.last
		return t.out, nil
	}
	return t.out, told(err)
}

// part is one part of the window of a subject.
type part struct {
	subject string
	slice   int64
}

type count struct {
	used   int64
	amount money.Won
}

type trial struct {
	rule  Rule
	parts map[part]count
	out   Trial
	last  time.Time
	full  bool
}

// errFull ends a trial that would take too much memory.
type errFull struct{}

func (errFull) Error() string { return "risk: too many cards at once for a trial" }

// see looks at one payment of the past.
func (t *trial) see(s Sale) error {
	t.last = s.At
	t.out.Examined++
	if t.rule.byCard() && !s.Exact {
		t.out.Exact = false
	}
	if !t.rule.velocity() {
		if t.rule.plainlyOver(s.Amount, s.At) {
			t.hit(s)
		}
		return nil
	}
	subject := s.MerchantID
	if t.rule.byCard() {
		subject = s.Card
	}
	slice := s.At.Truncate(t.rule.slice())
	used, amount := t.sum(subject, slice)
	at := part{subject, slice.UnixNano()}
	if t.rule.Kind == CardDeclines {
		if t.rule.Over(used, 0) {
			t.hit(s)
			return nil // it would not have been sent, and not declined
		}
		if !s.Declined {
			return nil
		}
		return t.add(at, count{used: 1}, slice)
	}
	if t.rule.Over(used+1, amount+s.Amount) {
		t.hit(s)
		if t.rule.Action == Refuse {
			return nil
		}
	}
	return t.add(at, count{1, s.Amount}, slice)
}

// sum is what the subject used in the window that ends with the part.
func (t *trial) sum(subject string, slice time.Time) (used int64, amount money.Won) {
	step := t.rule.slice()
	for at := slice.Add(-t.rule.Window); !at.After(slice); at = at.Add(step) {
		c := t.parts[part{subject, at.Truncate(step).UnixNano()}]
		used, amount = used+c.used, amount+c.amount
	}
	return used, amount
}

func (t *trial) add(at part, c count, slice time.Time) error {
	if len(t.parts) >= maxTrialParts {
		oldest := slice.Add(-t.rule.Window - t.rule.slice()).UnixNano()
		for p := range t.parts {
			if p.slice < oldest {
				delete(t.parts, p)
			}
		}
		if len(t.parts) >= maxTrialParts*(partsPerTriage-1)/partsPerTriage {
			t.full = true
			return errFull{}
		}
	}
	had := t.parts[at]
	t.parts[at] = count{had.used + c.used, had.amount + c.amount}
	return nil
}

func (t *trial) hit(s Sale) {
	t.out.Found++
	t.out.Amount += s.Amount
	if len(t.out.Hits) < maxTrialHits {
		t.out.Hits = append(t.out.Hits, Hit{s.MerchantID, s.PaymentID, s.At, s.Amount})
	}
}
