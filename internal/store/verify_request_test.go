package store_test

import (
	"context"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/store/storetest"
	"innopay/money"
)

// request is what the shop asked a buyer for.
type request struct {
	payrequest.Request
	payment payment.Payment
	text    message.Job
}

// ask writes a request as its feature does.
func (s *shop) ask(t *testing.T) request {
	t.Helper()
	p, r, j := s.Ask(t, s.db)
	ok(t, s.db.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error {
		err := tx.InsertIdempotency(ctx, payment.Idempotency{
			MerchantID: p.MerchantID, Operation: payment.OperationAsk, Key: "key-" + p.ID, PaymentID: p.ID, Status: 201, CreatedAt: s.Now,
		})
		if err != nil {
			return err
		}
		return tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: s.ID(id.Audit), At: s.Now, Action: "request.created", Subject: r.ID})
	}))
	return request{r, p, j}
}

// sent has the text taken by a gateway.
func (s *shop) sent(t *testing.T, j message.Job) {
	t.Helper()
	j.Status, j.AcceptedAt, j.DueAt, j.Version = message.Accepted, s.Now, time.Time{}, j.Version+1
	ok(t, s.db.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) error { return tx.UpdateMessage(ctx, j) }))
}

// decline has a buyer's card refused; the request waits again.
func (s *shop) decline(t *testing.T, q *request) payment.Intent {
	t.Helper()
	in := s.Claim(q.payment)
	out := s.Returned(in)
	s.commit(t, in, out)
	q.payment = out.Payment
	return in
}

// paid has a buyer pay, and everything that follows done.
func (s *shop) paid(t *testing.T, q *request) {
	t.Helper()
	in := s.Claim(q.payment)
	out := s.Approved(in)
	s.commit(t, in, out)
	q.payment = out.Payment
	s.entry("AUTHORIZE", in.Attempt.ID, "", in.Attempt.Amount)
	s.Now = s.Now.Add(time.Millisecond)
	thanks := s.Text(q.payment)
	thanks.Purpose = message.Paid
	s.close(t, q, thanks)
}

func (s *shop) close(t *testing.T, q *request, js ...message.Job) {
	t.Helper()
	q.Open, q.Version = false, q.Version+1
	ok(t, s.db.RequestTx(context.Background(), func(ctx context.Context, tx payrequest.Tx) error {
		for _, j := range js {
			if _, err := tx.InsertMessage(ctx, j); err != nil {
				return err
			}
		}
		return tx.UpdateRequest(ctx, q.Request)
	}))
}

// end has a request expire or withdrawn.
func (s *shop) end(t *testing.T, q *request, to payment.Status, code string) {
	t.Helper()
	p := q.payment
	p.Status, p.OrderLive, p.Balance, p.Failure.Code, p.Version = to, false, money.Split{}, code, p.Version+1
	ok(t, s.db.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error { return tx.UpdatePayment(ctx, p) }))
	q.payment = p
	s.close(t, q)
}

// requests are one of every state that is right.
func (s *shop) requests(t *testing.T) {
	t.Helper()
	s.ask(t)
	q := s.ask(t)
	s.sent(t, q.text)
	s.decline(t, &q)
	s.decline(t, &q)
	q = s.ask(t)
	s.decline(t, &q)
	s.paid(t, &q)
	q = s.ask(t)
	s.end(t, &q, payment.Expired, payment.CodeExpired)
	q = s.ask(t)
	s.end(t, &q, payment.Aborted, payment.CodeWithdrawn)
	q = s.ask(t)
	s.commitOnly(t, s.Claim(q.payment))
	q = s.ask(t)
	in := s.Claim(q.payment)
	s.commit(t, in, s.Unknown(in))
	s.entry("AUTHORIZE", in.Attempt.ID, "", in.Attempt.Amount)
}

func (s *shop) commitOnly(t *testing.T, in payment.Intent) {
	t.Helper()
	ok(t, s.db.CommitIntents(context.Background(), []payment.Intent{in})[0])
}

// requestPlants breaks what must hold of requests and messages, each on a request of
// its own.
func (s *shop) requestPlants(t *testing.T) []plant {
	t.Helper()
	var ps []plant
	add := func(name, code, subject, text string, args ...any) {
		ps = append(ps, plant{name: name, text: text, args: args, code: code, subject: subject})
	}
	q := s.ask(t)
	add("payment without request", "REQUEST_MISSING", q.payment.ID, "delete from payment_request where id = $1", q.ID)
	q = s.ask(t)
	add("request of another kind", "REQUEST_MISSING", q.payment.ID, "update payment_request set kind = 'ARS' where id = $1", q.ID)
	q = s.ask(t)
	add("request without payment", "REQUEST_STRAY", q.ID, "delete from payment where id = $1", q.payment.ID)
	q = s.ask(t)
	add("a job of what waits", "READY_BUSY", q.payment.ID, "insert into unsettled values ($1, 'att_none', $2, '', 0, 'REVERSE', 9000000000000000, 0, 0, '', '', '', 0)",
		q.MerchantID, q.payment.ID)
	q = s.ask(t)
	add("a sale at the counter that waits", "READY_BUSY", q.payment.ID, "update payment set channel = 'CARD' where id = $1", q.payment.ID)
	q = s.ask(t)
	add("past its time", "READY_OVERDUE", q.ID, "update payment_request set expires_at = 1 where id = $1", q.ID)
	q = s.ask(t)
	s.end(t, &q, payment.Aborted, payment.CodeWithdrawn)
	add("open after its end", "REQUEST_OPEN", q.ID, "update payment_request set open = true where id = $1", q.ID)
	q = s.ask(t)
	add("closed while it waits", "REQUEST_CLOSED", q.ID, "update payment_request set open = false where id = $1", q.ID)
	q = s.ask(t)
	for range payrequest.MaxTries - 1 {
		s.decline(t, &q)
	}
	last := s.decline(t, &q)
	add("waits after the last try", "REQUEST_TRIES", q.payment.ID, "update attempt set code = '61' where id = $1", last.Attempt.ID)
	q = s.ask(t)
	for range payrequest.MaxTries + 1 {
		s.decline(t, &q)
	}
	add("tried too often", "REQUEST_TRIES", q.payment.ID, "update payment set status = 'UNKNOWN' where id = $1", q.payment.ID)
	q = s.ask(t)
	add("request without text", "REQUEST_MESSAGE", q.ID, "delete from message where id = $1", q.text.ID)
	q = s.ask(t)
	add("text of the link before", "REQUEST_MESSAGE", q.ID, "update payment_request set generation = 1 where id = $1", q.ID)
	now := s.Now
	s.Now = storetest.Start.Add(-time.Minute) // longer ago than any grace
	q = s.ask(t)
	s.paid(t, &q)
	s.Now = now
	add("paid and not told", "MESSAGE_PAID", q.payment.ID, "delete from message where thread = $1 and purpose = 'PAID'", q.payment.ID)
	q = s.ask(t)
	add("text overdue", "MESSAGE_OVERDUE", q.text.ID, "update message set due_at = 1 where id = $1", q.text.ID)
	for name, set := range map[string]string{
		"held by nobody":         "lease_until = 5",
		"held without end":       "lease_owner = 'a', lease_until = 9000000000000000000",
		"queued with no time":    "due_at = 0",
		"settled and due":        "status = 'DELIVERED', settled_at = 5",
		"settled at no time":     "status = 'DROPPED', due_at = 0",
		"taken at no time":       "status = 'ACCEPTED'",
		"queued and yet settled": "settled_at = 5",
	} {
		q = s.ask(t)
		add(name, "MESSAGE_STATE", q.text.ID, "update message set "+set+" where id = $1", q.text.ID)
	}
	return ps
}
