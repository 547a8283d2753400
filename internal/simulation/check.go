package simulation

import (
	"innopay/internal/ledger"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/money"
)

// checkSending sees that a message is durable before it leaves, and that an
// authorization leaves only once.
func (w *world) checkSending(m message) {
	a, ok := w.store.AttemptRow(m.merchant, m.ref.AttemptID)
	switch {
	case !ok:
		w.violate("%s %s leaves before its intent is durable", m.kind, m.ref.AttemptID)
	case a.Kind != m.kind || a.Status != payment.AttemptSending && m.kind != payment.Authorize || a.STAN != m.ref.STAN || !a.TransmittedAt.Equal(m.ref.TransmittedAt):
		w.violate("%s %s leaves as %+v, durable is %+v", m.kind, m.ref.AttemptID, m.ref, a)
	}
	if m.kind != payment.Authorize {
		return
	}
	if w.sent[m.ref.AttemptID] {
		w.violate("authorization %s leaves twice", m.ref.AttemptID)
	}
	w.sent[m.ref.AttemptID] = true
}

// checkTouched checks every payment that the last step changed.
func (w *world) checkTouched() {
	for _, t := range w.store.TakeTouched() {
		d, err := w.store.Dossier(t.MerchantID, t.PaymentID)
		if err != nil {
			w.violate("payment %s: %v", t.PaymentID, err)
			return
		}
		before, known := w.seen[t.PaymentID]
		p := d.Payment
		if known && p.Status != before.Status && !before.Status.CanBecome(p.Status) {
			w.violate("payment %s went from %s to %s", p.ID, before.Status, p.Status)
		}
		if known && p.Version < before.Version {
			w.violate("payment %s went back to version %d", p.ID, p.Version)
		}
		if p.Status == payment.Unknown {
			w.unknowns[p.ID] = true
		}
		w.seen[p.ID] = payment.Payment{MerchantID: p.MerchantID, ID: p.ID, Status: p.Status, Version: p.Version}
		w.checkDossier(d)
	}
}

// checkDossier checks what must hold of one payment at every moment.
func (w *world) checkDossier(d memory.Dossier) {
	w.checkMoney(d)
	w.checkJobs(d)
	p := d.Payment
	approvals := 0
	for _, a := range d.Attempts {
		if a.Kind != payment.Authorize {
			continue
		}
		if a.Status == payment.AttemptApproved {
			approvals++
		}
		if a.Status == payment.AttemptApproved && a.ID != p.AttemptID {
			w.violate("payment %s: attempt %s is approved, but %s decides", p.ID, a.ID, p.AttemptID)
		}
	}
	want := 0
	if p.Status.Approved() {
		want = 1
	}
	if approvals != want {
		w.violate("payment %s is %s with %d approved attempts", p.ID, p.Status, approvals)
	}
	if p.Status.Approved() && p.Card.ApprovalNumber == "" {
		w.violate("payment %s is %s without an approval number", p.ID, p.Status)
	}
	if p.OrderLive != p.Status.HoldsOrder() {
		w.violate("payment %s is %s and holds its order: %t", p.ID, p.Status, p.OrderLive)
	}
}

// checkMoney checks balance, cancels and ledger of one payment.
func (w *world) checkMoney(d memory.Dossier) {
	p := d.Payment
	var done, receivable, all money.Won
	parts := p.Balance
	for _, c := range p.Cancels {
		if !c.Split.Holds() || c.Split.Amount < 1 {
			w.violate("cancel %s has parts %+v", c.ID, c.Split)
		}
		switch c.Status {
		case payment.CancelDone:
			done += c.Split.Amount
			parts = parts.Plus(c.Split)
		case payment.CancelInProgress, payment.CancelUnknown:
			parts = parts.Plus(c.Split)
		case payment.CancelFailed:
		}
	}
	for _, l := range d.Postings {
		all += l.Amount
		if l.Account == ledger.AcquirerReceivable {
			receivable += l.Amount
		}
	}
	var want money.Won
	if p.Status.Approved() {
		want = p.Split.Amount - done
	}
	switch {
	case all != 0 || !ledger.Balanced(d.Postings):
		w.violate("payment %s: postings sum to %d", p.ID, all)
	case receivable != want:
		w.violate("payment %s is %s: the acquirer owes %d, want %d", p.ID, p.Status, receivable, want)
	case p.Status != payment.Aborted && (parts != p.Split || !p.Balance.Holds()):
		w.violate("payment %s: balance and cancels are %+v, paid %+v", p.ID, parts, p.Split)
	case p.Status == payment.Canceled && done != p.Split.Amount, p.Status == payment.PartialCanceled && (done == 0 || done >= p.Split.Amount), p.Status == payment.Done && done != 0:
		w.violate("payment %s is %s with %d of %d taken back", p.ID, p.Status, done, p.Split.Amount)
	}
}

// checkJobs checks that what has no final outcome has its job, and nothing else has.
func (w *world) checkJobs(d memory.Dossier) {
	jobs := map[string]payment.Unsettled{}
	for _, u := range d.Unsettled {
		jobs[u.AttemptID] = u
	}
	expect := func(attemptID string, open bool) {
		if _, ok := jobs[attemptID]; ok != open {
			w.violate("payment %s: attempt %s open %t, job %t", d.Payment.ID, attemptID, open, ok)
		}
		delete(jobs, attemptID)
	}
	expect(d.Payment.AttemptID, d.Payment.Status == payment.InProgress || d.Payment.Status == payment.Unknown)
	for _, c := range d.Payment.Cancels {
		expect(c.AttemptID, c.Status == payment.CancelInProgress || c.Status == payment.CancelUnknown)
	}
	for _, u := range d.Unsettled {
		if _, left := jobs[u.AttemptID]; left {
			w.violate("payment %s: a job for %s, which is settled", d.Payment.ID, u.AttemptID)
		}
	}
}
