// Package truth holds a server against the acquirer's own journal: whatever was
// killed, lost or told twice, every won the acquirer took is a sale of ours or was
// given back, once.
package truth

import (
	"context"
	"fmt"
	"slices"

	"innopay/internal/load"
)

// authorization is what the journal says of one approved authorization.
type authorization struct {
	load.Entry
	reversals int   // that changed the books
	canceled  int64 // sum of voids and refunds
	owner     string
}

// undone reports whether the acquirer holds nothing of it any more.
func (a *authorization) undone() bool { return a.reversals > 0 || a.canceled == a.Amount }

// book is the journal, by attempt.
type book struct {
	auths    map[string]*authorization
	byNumber map[string]*authorization
	reversed map[string]bool // authorizations that a reversal, or what stands for one, took back
}

// faults collects what is broken.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// read brings the journal into a book; what contradicts itself is broken.
func read(journal []load.Entry, f *faults) book {
	b := book{map[string]*authorization{}, map[string]*authorization{}, map[string]bool{}}
	for _, e := range journal {
		if !e.Did() {
			continue
		}
		switch e.Type {
		case "AUTHORIZE":
			if b.auths[e.AttemptID] != nil || b.byNumber[e.ApprovalNumber] != nil {
				f.add("journal %d: attempt %s was approved twice", e.Seq, e.AttemptID)
			}
			a := &authorization{Entry: e}
			b.auths[e.AttemptID], b.byNumber[e.ApprovalNumber] = a, a
		case "REVERSE", "VOID", "REFUND":
			a := b.auths[e.OriginalAttemptID]
			if a == nil {
				f.add("journal %d: %s of an authorization that is not there", e.Seq, e.Type)
				continue
			}
			if e.Type == "REVERSE" {
				a.reversals++
			} else {
				a.canceled += e.Amount
			}
			if a.reversals > 1 || a.canceled > a.Amount || a.reversals > 0 && a.canceled > 0 {
				f.add("journal %d: %s of %s moves its money twice", e.Seq, e.Type, a.AttemptID)
			}
			if e.Type == "REVERSE" || derived(e.AttemptID) {
				b.reversed[a.AttemptID] = true
			}
		}
	}
	return b
}

// derived tells the attempts that stand for a reversal that came too late: their id
// follows from the authorization's (rulings 10a).
func derived(attemptID string) bool {
	return len(attemptID) > 4 && (attemptID[:4] == "avd_" || attemptID[:4] == "arf_")
}

// Books compares the payments of all merchants, when all has settled, with the
// journal, and returns every difference. None means: every sale has one live
// authorization of its amount, what was cancelled is equal, and the acquirer holds
// nothing else.
func Books(journal []load.Entry, payments []load.Payment) []string {
	var f faults
	b := read(journal, &f)
	for _, p := range payments {
		if !p.Settled() {
			f.add("payment %s is not settled: %s %+v", p.ID, p.Status, p.Cancels)
		}
		if p.Method == "CASH" {
			continue // no acquirer knows of it
		}
		if p.Live() {
			sale(&f, b, p)
		}
		if !p.Live() && p.Card.ApprovalNumber != "" {
			f.add("payment %s is %s and shows approval %s", p.ID, p.Status, p.Card.ApprovalNumber)
		}
	}
	for _, a := range b.auths {
		if a.owner == "" && !a.undone() {
			f.add("authorization %s of %d won, seq %d, is approved and belongs to no sale", a.AttemptID, a.Amount, a.Seq)
		}
	}
	return f
}

func sale(f *faults, b book, p load.Payment) {
	a := b.byNumber[p.Card.ApprovalNumber]
	switch {
	case a == nil:
		f.add("sale %s has no authorization %q at the acquirer", p.ID, p.Card.ApprovalNumber)
		return
	case a.owner != "":
		f.add("sales %s and %s share authorization %s", p.ID, a.owner, a.AttemptID)
	case a.MerchantID != p.MerchantID || a.Amount != p.Amount:
		f.add("sale %s of %d won has an authorization of %d won of %s", p.ID, p.Amount, a.Amount, a.MerchantID)
	case a.reversals > 0:
		f.add("sale %s is %s and its authorization was reversed", p.ID, p.Status)
	case a.canceled != p.Canceled():
		f.add("sale %s: %d won cancelled here, %d won at the acquirer", p.ID, p.Canceled(), a.canceled)
	case p.BalanceAmount != p.Amount-p.Canceled():
		f.add("sale %s: balance %d after cancels of %d of %d won", p.ID, p.BalanceAmount, p.Canceled(), p.Amount)
	}
	a.owner = p.ID
}

// Promises compares what was acknowledged with the payments as they are in the end.
func Promises(b *load.Book, payments []load.Payment) []string {
	var f faults
	byID, byOrder := map[string]load.Payment{}, map[string][]load.Payment{}
	for _, p := range payments {
		byID[p.ID] = p
		byOrder[p.OrderID] = append(byOrder[p.OrderID], p)
	}
	for _, press := range b.Presses(load.Final) {
		_, answer, _ := press.Verdict()
		then, err := answer.Payment()
		now, there := byID[then.ID]
		switch {
		case err != nil || !there:
			f.add("press %s: payment %q was acknowledged and is gone", press.Key, then.ID)
		case then.Live() != now.Live():
			f.add("press %s: payment %s was acknowledged as %s and is %s", press.Key, then.ID, then.Status, now.Status)
		}
		for _, c := range then.Cancels {
			if c.Status == "DONE" && !holds(now, c) {
				f.add("press %s: cancel %s was acknowledged and is gone", press.Key, c.ID)
			}
		}
		if !press.IsCancel() && len(byOrder[press.OrderID]) != 1 {
			f.add("press %s: order %s has %d payments", press.Key, press.OrderID, len(byOrder[press.OrderID]))
		}
	}
	for _, v := range []load.Verdict{load.Again, load.Open} {
		for _, press := range b.Presses(v) {
			f.add("press %s never had a final answer", press.Key)
		}
	}
	return f
}

func holds(p load.Payment, c load.Refund) bool {
	return slices.Contains(p.Cancels, c)
}

// Everything compares what a book remembers and what the merchants' histories say
// with the acquirer's journal, when all has settled. One client of each merchant of
// the installation is needed. The error is that of reading.
func Everything(ctx context.Context, b *load.Book, s load.Simulator, merchants []*load.Client) ([]string, error) {
	var payments []load.Payment
	for _, c := range merchants {
		ps, err := c.List(ctx, nil)
		if err != nil {
			return nil, err
		}
		payments = append(payments, ps...)
	}
	journal, err := s.Journal(ctx, 0)
	if err != nil {
		return nil, err
	}
	return slices.Concat(b.Complaints(), Promises(b, payments), Books(journal, payments)), nil
}
