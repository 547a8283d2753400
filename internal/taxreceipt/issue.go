package taxreceipt

import (
	"context"
	"errors"
	"sync"
	"time"

	"innopay/cashreceipt"
	"innopay/internal/merchant"
	"innopay/money"
)

// Figures of the worker.
const (
	leaseMost = 16
	atOnce    = 4
	// answerMargin is how long after the office's time-outs an answer may still be written.
	answerMargin = 5 * time.Second
	// IssuedWithin: a receipt that is unknown for so long needs somebody.
	IssuedWithin = 24 * time.Hour
	// JudgedWithin: the tax service judges on the second day; after a weekend and a holiday
	// an Issued receipt needs somebody.
	JudgedWithin = 7 * 24 * time.Hour
)

// Round issues, cancels and asks about what is due. It reports whether more may be due
// at once. It is called by one goroutine of each instance.
func (s *Service) Round(ctx context.Context) (bool, error) {
	if s.Office == nil {
		return false, nil
	}
	now := s.now()
	to := s.Office.Describe().Timeouts
	rs, err := s.Store.LeaseReceipts(ctx, s.Owner, now, now.Add(to.Connect+to.Read+2*answerMargin), leaseMost)
	if err != nil || len(rs) == 0 {
		return false, err
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, r := range rs {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			defer r.Identifier.Wipe()
			if err := s.step(ctx, r); err != nil && !errors.Is(err, ErrChanged) && ctx.Err() == nil {
				s.Log.Error("cash receipt step failed", "receipt", r.ID, "err", err)
			}
		})
	}
	wg.Wait()
	return true, ctx.Err()
}

// step does one thing about one receipt.
func (s *Service) step(ctx context.Context, r Receipt) error {
	// What has left must be answered for: a stopping server ends steps properly.
	ctx = context.WithoutCancel(ctx)
	m, err := s.Directory.Merchant(ctx, merchant.TenantOf(r.MerchantID))
	if err != nil {
		return err
	}
	shop := cashreceipt.Merchant{BusinessNumber: m.BusinessNumber, Name: m.Name, OwnerName: m.OwnerName, Address: m.Address, Phone: m.Phone}
	switch {
	case !r.sent() && r.Balance.Amount == 0, r.Status == Rejected:
		return s.drop(ctx, r)
	case r.Status == Requested:
		return s.issue(ctx, shop, r)
	case r.Status == Unknown:
		return s.askIssued(ctx, shop, r)
	}
	for i := range r.Cancels {
		if r.Cancels[i].Open() {
			return s.cancelStep(ctx, shop, r, i)
		}
	}
	if r.Status == Issued {
		return s.askVerdict(ctx, shop, r)
	}
	r.DueAt = time.Time{}
	return s.write(ctx, r, nil)
}

// drop ends a receipt that the office never had, with its cancels: neither is sent.
func (s *Service) drop(ctx context.Context, r Receipt) error {
	if r.Balance.Amount == 0 {
		r.Status = Canceled
	}
	r.DueAt = time.Time{}
	return s.write(ctx, r, r.dropped())
}

// issue sends a receipt. That it may be under way is durable before a byte leaves; until
// the time-outs have passed nobody else takes it.
func (s *Service) issue(ctx context.Context, shop cashreceipt.Merchant, r Receipt) error {
	to := s.Office.Describe().Timeouts
	now := s.now()
	before := r.Sends
	r.Sends++
	r.SentAt, r.Status, r.Office = now, Unknown, s.Office.Describe().Name
	r.DueAt = now.Add(to.Connect + to.Read + answerMargin)
	if err := s.write(ctx, r, nil); err != nil {
		return err
	}
	r.Version++
	an := s.Office.Issue(ctx, cashreceipt.Issue{
		ID: r.officeID(), Merchant: shop, Kind: r.Kind, Identifier: r.Identifier, DealAt: r.dealAt(now), Split: r.Split,
		OrderID: r.OrderID, ItemName: r.OrderName, Repeat: r.Sends > 1,
	})
	r.Code, r.Message = an.Code, an.Message
	switch an.Outcome {
	case cashreceipt.Issued:
		s.issued(&r, an.Reference)
	case cashreceipt.Refused:
		s.rejected(&r, an.Code, an.Message)
	case cashreceipt.NotSent:
		r.DueAt = s.now().Add(wait(to.Backoff, r.Sends))
		if before == 0 {
			r.Status, r.Sends = Requested, 0 // proven: the office has never heard of it
		}
	case cashreceipt.Unknown:
		r.DueAt = s.now().Add(wait(to.Backoff, r.Sends))
	}
	return s.write(ctx, r, nil)
}

// issued writes down that the office has the receipt.
func (s *Service) issued(r *Receipt, ref cashreceipt.Reference) {
	now := s.now()
	r.Status, r.Reference, r.IssuedAt = Issued, ref, now
	r.DueAt = now.Add(s.Office.Describe().Timeouts.AskFrom)
	for _, c := range r.Cancels {
		if c.Open() {
			r.DueAt = now
		}
	}
}

// rejected writes down that nothing of the receipt stands. What was to be cancelled of it
// is dropped in the next step.
func (s *Service) rejected(r *Receipt, code, message string) {
	r.Status, r.Code, r.Message, r.JudgedAt, r.DueAt = Rejected, code, message, s.now(), time.Time{}
	if r.openBut("") {
		r.DueAt = r.JudgedAt
	}
}

// askIssued learns what became of a receipt whose answer was lost. Only "never heard of
// it", said long enough after the message, has it sent again, under the same id.
func (s *Service) askIssued(ctx context.Context, shop cashreceipt.Merchant, r Receipt) error {
	to := s.Office.Describe().Timeouts
	v := s.ask(ctx, shop, r, r.officeID(), r.Split.Amount)
	now := s.now()
	switch v.State {
	case cashreceipt.Waiting, cashreceipt.Confirmed:
		s.issued(&r, v.Reference)
	case cashreceipt.Rejected:
		s.rejected(&r, v.Code, v.Message)
	case cashreceipt.Absent:
		if now.After(r.SentAt.Add(to.AbsentAfter)) {
			return s.issue(ctx, shop, r)
		}
		r.DueAt = r.SentAt.Add(to.AbsentAfter)
	case cashreceipt.Unheard:
		r.DueAt = now.Add(wait(to.Backoff, r.Sends+1))
		if now.Sub(r.SentAt) > IssuedWithin {
			s.Log.Error("ALARM: cash receipt is unknown", "receipt", r.ID, "since", r.SentAt)
		}
	}
	return s.write(ctx, r, nil)
}

// askVerdict asks for the tax service's word.
func (s *Service) askVerdict(ctx context.Context, shop cashreceipt.Merchant, r Receipt) error {
	v := s.ask(ctx, shop, r, r.officeID(), r.Split.Amount)
	now := s.now()
	r.DueAt = now.Add(s.Office.Describe().Timeouts.AskEvery)
	switch v.State {
	case cashreceipt.Confirmed:
		r.Status, r.JudgedAt, r.DueAt = Confirmed, now, time.Time{}
	case cashreceipt.Rejected:
		s.rejected(&r, v.Code, v.Message)
	case cashreceipt.Unheard, cashreceipt.Absent, cashreceipt.Waiting:
		if now.Sub(r.IssuedAt) > JudgedWithin {
			s.Log.Error("ALARM: cash receipt was never judged", "receipt", r.ID, "issued", r.IssuedAt, "told", v.State)
		}
	}
	return s.write(ctx, r, nil)
}

// ask asks the office about an id. An answer of another amount than ours is not believed
// (reliability 3.5): nothing was learnt, and somebody must look.
func (s *Service) ask(ctx context.Context, shop cashreceipt.Merchant, r Receipt, officeID string, amount money.Won) cashreceipt.Verdict {
	v := s.Office.Ask(ctx, shop, officeID)
	if told := v.Split.Amount; told != 0 && told != amount {
		s.Log.Error("ALARM: the office has another amount", "receipt", r.ID, "officeId", officeID, "ours", amount, "theirs", told)
		return cashreceipt.Verdict{}
	}
	return v
}

func wait(ws []time.Duration, n int) time.Duration {
	if len(ws) == 0 {
		return time.Second
	}
	return ws[min(max(n-1, 0), len(ws)-1)]
}

// write makes the new state of a receipt, and of cancels of it, durable.
func (s *Service) write(ctx context.Context, r Receipt, cs []Cancel) error {
	r.Version++
	return s.Store.ReceiptTx(ctx, func(ctx context.Context, tx Tx) error {
		for _, c := range cs {
			c.Version++
			if err := tx.UpdateReceiptCancel(ctx, c); err != nil {
				return err
			}
		}
		if err := tx.UpdateReceipt(ctx, r); err != nil {
			return err
		}
		return tx.Emit(ctx, s.changed(r))
	})
}
