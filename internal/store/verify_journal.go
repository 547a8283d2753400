package store

import (
	"context"
	"database/sql"
	"errors"

	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// JournalEntry is one line of an acquirer's own account of what it did to its books
// (contract: GET /simulator/acquirer/journal), in the order of Seq.
type JournalEntry struct {
	Seq               int64
	Type              string // AUTHORIZE, CAPTURE, VOID, REFUND, REVERSE, INQUIRE
	AttemptID         string
	OriginalAttemptID string
	MerchantID        string
	Amount            money.Won
	Last4             string
	ApprovalNumber    string
	Result            string // APPROVED, DECLINED, NO_ORIGINAL, ALREADY, REFUSED
	Answered          bool
	Repeat            bool // the same message came before; the books did not change again
}

// moved reports whether the entry changed the books.
func (e *JournalEntry) moved() bool { return e.Result == "APPROVED" && !e.Repeat }

// held is an authorization in the acquirer's books.
type held struct {
	merchant string
	last4    string
	number   string
	amount   money.Won
	taken    money.Won // by voids and refunds
	reversed bool
	backs    []back
	touched  bool // by a message that is younger than our moment
}

// back is a void or refund in the acquirer's books.
type back struct {
	attempt string
	amount  money.Won
}

// journal holds the acquirer's books against ours, both ways: what it holds is a
// sale of ours with the same amount, what it took back is a cancel of ours or the
// undoing of an unknown outcome, and nothing of ours is missing there. It keeps about
// 300 bytes for each authorization.
func (v *verifier) journal(ctx context.Context) error {
	books, order, err := v.books()
	if err != nil {
		return err
	}
	for _, id := range order {
		if err := v.compare(ctx, id, books[id]); err != nil {
			return err
		}
	}
	return v.missing(ctx, books)
}

// books reads the journal into one record for each authorization.
func (v *verifier) books() (map[string]*held, []string, error) {
	books := map[string]*held{}
	var order []string
	for e, err := range v.o.Journal {
		if err != nil {
			return nil, nil, err
		}
		if !e.moved() {
			continue
		}
		switch e.Type {
		case "AUTHORIZE":
			if books[e.AttemptID] != nil {
				v.report(Fault{"JOURNAL_DOUBLE", e.AttemptID, "매입사가 같은 전문을 두 번 승인했어요."})
				continue
			}
			books[e.AttemptID] = &held{merchant: e.MerchantID, last4: e.Last4, number: e.ApprovalNumber, amount: e.Amount}
			order = append(order, e.AttemptID)
		case "VOID", "REFUND", "REVERSE":
			h := books[e.OriginalAttemptID]
			if h == nil {
				v.report(Fault{"JOURNAL_ORIGINAL", e.AttemptID, "매입사 기록의 취소에 원거래가 없어요."})
				continue
			}
			if e.Type == "REVERSE" {
				h.reversed = true
			} else {
				h.taken += e.Amount
				h.backs = append(h.backs, back{e.AttemptID, e.Amount})
			}
			if h.taken > h.amount || h.reversed && h.taken > 0 {
				v.report(Fault{"JOURNAL_OVERTAKEN", e.AttemptID, "매입사가 승인한 금액보다 많이 되돌렸어요."})
			}
		}
	}
	return books, order, nil
}

// compare holds one authorization of the acquirer against ours.
func (v *verifier) compare(ctx context.Context, id string, h *held) error {
	ours, err := v.q.VerifyAttempt(ctx, sqlgen.VerifyAttemptParams{ID: id, MerchantID: h.merchant})
	if errors.Is(err, sql.ErrNoRows) {
		return v.younger(ctx, id, h, "JOURNAL_UNKNOWN_ATTEMPT", "매입사가 승인한 전문이 우리 쪽에 없어요.")
	}
	if err != nil {
		return err
	}
	open, err := v.q.VerifyOpen(ctx, sqlgen.VerifyOpenParams{MerchantID: h.merchant, PaymentID: ours.PaymentID})
	if err != nil || open > 0 {
		h.touched = open > 0
		return err
	}
	undone := h.reversed
	for _, b := range h.backs {
		as, err := v.back(ctx, h, ours.PaymentID, b)
		if err != nil || h.touched {
			return err
		}
		undone = undone || as == undoing
	}
	p, err := v.q.Payment(ctx, sqlgen.PaymentParams{MerchantID: h.merchant, ID: ours.PaymentID})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	sold := p.AttemptID == id && (p.Status == "DONE" || p.Status == "PARTIAL_CANCELED" || p.Status == "CANCELED")
	switch {
	case !undone && !sold:
		v.report(Fault{"JOURNAL_NOT_OURS", id, "매입사에는 승인이 남아 있는데 우리 쪽 거래는 승인이 아니에요."})
	case undone && sold:
		v.report(Fault{"JOURNAL_UNDONE", id, "매입사는 승인을 되돌렸는데 우리 쪽 거래는 승인이에요."})
	case !undone && (money.Won(p.Amount) != h.amount || p.ApprovalNumber != h.number || p.CardLast4 != h.last4):
		v.report(Fault{"JOURNAL_AMOUNT", id, "매입사와 우리 쪽의 금액, 승인번호 또는 카드가 달라요."})
	}
	return nil
}

// What a void or refund at the acquirer is to us.
const (
	canceling = iota // a merchant's cancel
	undoing          // the undoing of an unknown outcome
)

// back holds one void or refund of the acquirer against ours.
func (v *verifier) back(ctx context.Context, h *held, paymentID string, b back) (int, error) {
	a, err := v.q.VerifyAttempt(ctx, sqlgen.VerifyAttemptParams{ID: b.attempt, MerchantID: h.merchant})
	if errors.Is(err, sql.ErrNoRows) {
		return canceling, v.younger(ctx, b.attempt, h, "JOURNAL_UNKNOWN_CANCEL", "매입사가 처리한 취소가 우리 쪽에 없어요.")
	}
	if err != nil {
		return canceling, err
	}
	if a.CancelID == "" {
		return undoing, nil
	}
	c, err := v.q.VerifyCancel(ctx, sqlgen.VerifyCancelParams{MerchantID: h.merchant, ID: a.CancelID})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return canceling, err
	}
	if c.Status != "DONE" || money.Won(c.Amount) != b.amount || a.PaymentID != paymentID || c.AttemptID != b.attempt {
		v.report(Fault{"JOURNAL_CANCEL", b.attempt, "매입사가 처리한 취소와 우리 쪽 취소가 달라요."})
	}
	return canceling, nil
}

// younger tells a message that was sent after our moment from one that we never
// had: the first is in the database by now, because it is durable before it is sent.
func (v *verifier) younger(ctx context.Context, id string, h *held, code, message string) error {
	_, err := v.db.q.VerifyAttempt(ctx, sqlgen.VerifyAttemptParams{ID: id, MerchantID: h.merchant})
	if errors.Is(err, sql.ErrNoRows) {
		v.report(Fault{code, id, message})
		return nil
	}
	h.touched = true
	return err
}

// missing finds sales and cancels of ours that the acquirer does not have.
func (v *verifier) missing(ctx context.Context, books map[string]*held) error {
	backs := map[string]bool{}
	for _, h := range books {
		for _, b := range h.backs {
			backs[b.attempt] = true
		}
	}
	for _, c := range []struct {
		code, message, text string
		has                 func(attempt string) bool
	}{
		{"JOURNAL_MISSING", "우리 쪽의 승인이 매입사 기록에 없어요.",
			"select p.attempt_id from payment p where p.method = 'CARD' and p.status in " + everApproved,
			func(id string) bool { return books[id] != nil }},
		{"JOURNAL_CANCEL_MISSING", "우리 쪽의 취소가 매입사 기록에 없어요.",
			"select c.attempt_id from cancel c join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id" +
				" where p.method = 'CARD' and c.status = 'DONE'",
			func(id string) bool { return backs[id] }},
	} {
		if err := v.absentees(ctx, c.text, c.has, func(id string) { v.report(Fault{c.code, id, c.message}) }); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) absentees(ctx context.Context, text string, has func(string) bool, found func(string)) error {
	rows, err := v.at.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if !has(id) {
			found(id)
		}
	}
	return rows.Err()
}
