package simulation

import (
	"math"
	"strings"

	"innopay/acquirer/simulator"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/money"
)

// truth is what the acquirer's journal says became of one authorization.
type truth struct {
	merchant string
	amount   money.Won
	approved bool
	reversed bool
	taken    money.Won
	cancels  map[string]money.Won // done, by their attempt
}

// readJournal sums the acquirer's journal up, by authorization.
func (w *world) readJournal() map[string]*truth {
	auths := map[string]*truth{}
	for _, e := range w.book.Entries(0, math.MaxInt) {
		if e.Repeat || e.Result != simulator.Approved && e.Type != string(payment.Authorize) {
			continue
		}
		original := auths[e.OriginalAttemptID]
		switch e.Type {
		case string(payment.Authorize):
			auths[e.AttemptID] = &truth{merchant: e.MerchantID, amount: e.Amount, approved: e.Result == simulator.Approved, cancels: map[string]money.Won{}}
		case string(payment.Reverse):
			original.reversed = true
		case string(payment.Void), string(payment.Refund):
			original.taken += e.Amount
			original.cancels[e.AttemptID] = e.Amount
		}
	}
	return auths
}

// checkAll compares every row with the acquirer's journal, when all is settled.
func (w *world) checkAll() {
	w.checkTouched()
	snap := w.store.Snapshot()
	auths := w.readJournal()
	matched := 0
	var owed, sold money.Won
	undone := 0
	for _, d := range snap.Dossiers {
		w.checkDossier(d)
		for _, l := range d.Postings {
			sold += l.Amount
		}
		p := d.Payment
		if !p.Status.Final() {
			w.violate("payment %s is still %s", p.ID, p.Status)
		}
		if p.Status.Approved() {
			w.report.Approved++
			owed += p.Balance.Amount
		}
		t := auths[p.AttemptID]
		if t != nil {
			matched++
		}
		w.matchPayment(d, t)
		undone += w.tally(d, t)
	}
	if sold != 0 {
		w.violate("the ledger sums to %d", sold)
	}
	if matched != len(auths) {
		w.violate("the acquirer has %d authorizations, %d of them are ours", len(auths), matched)
	}
	var standing money.Won
	for _, t := range auths {
		if t.approved && !t.reversed {
			standing += t.amount - t.taken
		}
	}
	if standing != owed {
		w.violate("buyers have paid %d, our balances are %d", standing, owed)
	}
	w.checkReversals(auths, undone)
	w.checkKeys(snap)
	w.checkEvents(snap)
}

// matchPayment compares one payment with the acquirer's truth, both ways.
func (w *world) matchPayment(d memory.Dossier, t *truth) {
	p := d.Payment
	if !p.Status.Approved() {
		if t != nil && t.approved && !t.reversed && t.taken != t.amount {
			w.violate("payment %s is %s %s, but the buyer has paid %d", p.ID, p.Status, p.Failure.Code, t.amount-t.taken)
		}
		return
	}
	if t == nil || !t.approved || t.reversed || t.amount != p.Split.Amount || t.merchant != p.MerchantID {
		w.violate("payment %s is %s, the acquirer has %+v", p.ID, p.Status, t)
		return
	}
	left := len(t.cancels)
	for _, c := range p.Cancels {
		amount, done := t.cancels[c.AttemptID]
		if done {
			left--
		}
		if done != (c.Status == payment.CancelDone) || done && amount != c.Split.Amount {
			w.violate("cancel %s is %s over %d, at the acquirer done %t over %d", c.ID, c.Status, c.Split.Amount, done, amount)
		}
		if c.Status == payment.CancelDone {
			w.report.Cancels++
		}
	}
	if left != 0 {
		w.violate("payment %s: %d cancels at the acquirer that are not ours", p.ID, left)
	}
}

// tally counts how an unknown outcome ended, and returns 1 when it had to be undone:
// it was acted on and no operator found it good.
func (w *world) tally(d memory.Dossier, t *truth) int {
	p := d.Payment
	if !w.unknowns[p.ID] {
		if p.Status == payment.Aborted && p.Failure.Code == "REVERSED" {
			w.violate("payment %s was reversed and never unknown", p.ID)
		}
		return 0
	}
	for _, a := range d.Attempts {
		if a.ID != p.AttemptID {
			continue
		}
		switch a.Status {
		case payment.AttemptReversed:
			w.report.Reversed++
		case payment.AttemptAbsent:
			w.report.Absent++
		case payment.AttemptApproved:
			w.report.Confirmed++
			return 0
		case payment.AttemptDeclined:
		case payment.AttemptSending, payment.AttemptUnknown, payment.AttemptNotSent:
			w.violate("payment %s was unknown and its attempt is %s", p.ID, a.Status)
		}
		if t == nil || !t.approved {
			return 0
		}
		if a.Status != payment.AttemptReversed {
			w.violate("payment %s was acted on and is %s", p.ID, a.Status)
		}
		return 1
	}
	return 0
}

// checkReversals checks the equation of rulings 10c: distinct authorizations undone =
// those ever unknown less those absent, never acted on, or found good.
func (w *world) checkReversals(auths map[string]*truth, undone int) {
	reversed := 0
	for _, t := range auths {
		byUs := false
		for attempt := range t.cancels {
			byUs = byUs || strings.HasPrefix(attempt, "avd_") || strings.HasPrefix(attempt, "arf_")
		}
		if t.reversed && byUs {
			w.violate("an authorization was reversed and cancelled")
		}
		if t.reversed || byUs {
			reversed++
		}
	}
	if reversed != undone {
		w.violate("%d authorizations were undone, %d had to be", reversed, undone)
	}
}

// checkKeys checks that every key leads to its payment and has its frozen answer.
func (w *world) checkKeys(snap memory.Snapshot) {
	known := map[string]bool{}
	for _, d := range snap.Dossiers {
		known[d.Payment.ID] = true
	}
	presses := map[string]int{}
	for _, k := range snap.Keys {
		if !known[k.PaymentID] || k.Status == 0 || len(k.Body) == 0 {
			w.violate("key %s of %s has HTTP %d, payment known %t", k.Key, k.Operation, k.Status, known[k.PaymentID])
		}
		if k.Operation == payment.OperationCreate {
			presses[k.PaymentID]++
		}
	}
	if len(presses) != len(known) {
		w.violate("%d payments have %d keys", len(known), len(presses))
	}
}

// checkEvents checks that the events of a payment rise in version and end with its state.
func (w *world) checkEvents(snap memory.Snapshot) {
	last := map[string]outbox.Event{}
	for _, e := range snap.Events {
		if before, ok := last[e.Subject]; ok && e.Version <= before.Version {
			w.violate("events of %s: version %d after %d", e.Subject, e.Version, before.Version)
		}
		last[e.Subject] = e
	}
	for _, d := range snap.Dossiers {
		e, ok := last[d.Payment.ID]
		if !ok || e.Version > d.Payment.Version || !strings.Contains(e.Payload, string(d.Payment.Status)) {
			w.violate("payment %s is %s in version %d, its last event says %+v", d.Payment.ID, d.Payment.Status, d.Payment.Version, e)
		}
	}
}
