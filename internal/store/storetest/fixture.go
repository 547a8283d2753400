// Package storetest is what every store of a feature must do, as tests: run on SQLite,
// on PostgreSQL at two isolation levels, and on the store in memory of the
// simulation. It imports no store.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/money"
)

// Start is when every test begins: 29 February 2028, ten in the morning in Seoul.
var Start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// Desk makes intents and outcomes as the payment service would. It is used by one
// goroutine at a time; Merchant may be changed between calls.
type Desk struct {
	Merchant string
	Now      time.Time
	ids      *id.Source
	orders   int
}

// NewDesk returns a desk whose ids follow from the seed.
func NewDesk(seed uint64) *Desk {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i)) //nolint:gosec // within range by what is drawn
	}
	d := &Desk{Now: Start, ids: id.NewSource(rand.NewChaCha8(key))}
	d.Merchant = d.ids.At(id.Merchant, d.Now)
	return d
}

// ID makes an id of the present.
func (d *Desk) ID(p id.Prefix) string { return d.ids.At(p, d.Now) }

// Tenant is the desk's merchant.
func (d *Desk) Tenant() merchant.Tenant { return merchant.TenantOf(d.Merchant) }

// Intent is a card payment of 55,000 won that is about to be sent.
func (d *Desk) Intent() payment.Intent {
	d.Now = d.Now.Add(time.Millisecond)
	d.orders++
	split, err := money.SplitOf(55_000, 11_000, 0, money.Nearest)
	if err != nil {
		panic(err) // constants of this function
	}
	pay, att := d.ID(id.Payment), d.ID(id.Attempt)
	return payment.Intent{
		Payment: payment.Payment{
			MerchantID: d.Merchant, ID: pay, Method: payment.ByCard, Channel: payment.ChannelCard,
			Status: payment.InProgress, AcquireStatus: payment.AcquireReady,
			OrderID: fmt.Sprintf("order-%06d", d.orders), OrderLive: true, OrderName: "아메리카노 외 2건",
			Split: split, Balance: split, Rounding: money.Nearest,
			Items:             []payment.Item{{ProductID: "prd_1", Name: "아메리카노", UnitPrice: 55_000, Quantity: 1}},
			InstallmentMonths: 3, InterestFree: true,
			Buyer:   payment.Buyer{Name: "buyer 1", Phone: "01000001234", Email: "buyer1@example.com"},
			Card:    payment.Card{BIN: "411111", Last4: "1111", IssuerCode: "11", IssuerName: "테스트카드", Entry: "KEY_IN"},
			StaffID: "usr_1", TerminalID: "T0000001", AttemptID: att, RequestedAt: d.Now,
			SignatureMissing: true, LinkGeneration: 1, Version: 1,
		},
		Attempt: payment.Attempt{
			MerchantID: d.Merchant, ID: att, PaymentID: pay, Kind: payment.Authorize, Status: payment.AttemptSending,
			TerminalID: "T0000001", STAN: d.orders%999_999 + 1, TransmittedAt: d.Now.Truncate(time.Second),
			Amount: split.Amount, Sends: 1,
		},
		Unsettled: payment.Unsettled{
			MerchantID: d.Merchant, AttemptID: att, PaymentID: pay, Phase: payment.PhaseSending,
			DueAt: d.Now.Add(10 * time.Second), Since: d.Now, Operation: payment.OperationCreate, Key: "key-" + pay,
		},
		Key: payment.Idempotency{
			MerchantID: d.Merchant, Operation: payment.OperationCreate, Key: "key-" + pay, Hash: "hash-of-" + pay,
			HashKey: "hk1", PaymentID: pay, TraceID: "trc_1", CreatedAt: d.Now,
		},
		Audit: d.record("payment.create", pay),
	}
}

func (d *Desk) record(action, subject string) audit.Record {
	return audit.Record{
		MerchantID: d.Merchant, ID: d.ID(id.Audit), At: d.Now, Actor: "usr_1", Action: action, Subject: subject,
	}
}

// recordAt is a record with an id made beforehand: ids are made by one goroutine.
func (d *Desk) recordAt(auditID, action string) audit.Record {
	return audit.Record{ID: auditID, At: d.Now, Actor: "usr_1", Action: action}
}

func (d *Desk) outcome(in payment.Intent) payment.Outcome {
	d.Now = d.Now.Add(time.Millisecond)
	out := payment.Outcome{Payment: in.Payment, Attempt: in.Attempt, Settled: true, Key: in.Key}
	out.Payment.Version++
	out.Attempt.SettledAt = d.Now
	out.Key.Status, out.Key.Body = 201, []byte(`{"id":"`+in.Payment.ID+`"}`)
	out.Event = outbox.Event{
		MerchantID: d.Merchant, ID: d.ID(id.Event), Subject: in.Payment.ID, Version: out.Payment.Version,
		Payload: "{}", CreatedAt: d.Now,
	}
	return out
}

// Approved is the issuer's yes to the intent.
func (d *Desk) Approved(in payment.Intent) payment.Outcome {
	out := d.outcome(in)
	out.Payment.Status, out.Payment.ApprovedAt = payment.Done, d.Now
	out.Payment.Card.ApprovalNumber, out.Payment.Card.Type = "30012345", "CREDIT"
	out.Attempt.Status, out.Attempt.Code = payment.AttemptApproved, "00"
	out.Attempt.ApprovalNumber, out.Attempt.RRN = "30012345", "000000000001"
	out.Postings = ledger.Entry(d.Merchant, in.Attempt.ID, in.Payment.ID, ledger.Approval, ledger.AcquirerReceivable,
		in.Payment.Split.Amount, d.Now)
	out.Event.Type = outbox.PaymentApproved
	out.Audit = d.record("payment.approved", in.Payment.ID)
	return out
}

// Declined is a definite no.
func (d *Desk) Declined(in payment.Intent) payment.Outcome {
	out := d.outcome(in)
	out.Payment.Status, out.Payment.OrderLive = payment.Aborted, false
	out.Payment.Failure = payment.Failure{Code: "CARD_DECLINED_LIMIT", Message: "한도를 넘었어요."}
	out.Attempt.Status, out.Attempt.Code, out.Attempt.Message = payment.AttemptDeclined, "61", "한도초과"
	out.Event.Type = outbox.PaymentDeclined
	out.Audit = d.record("payment.declined", in.Payment.ID)
	return out
}

// Unknown is no right answer; the job stays, in its next phase.
func (d *Desk) Unknown(in payment.Intent) payment.Outcome {
	out := d.outcome(in)
	out.Payment.Status = payment.Unknown
	out.Attempt.Status, out.Attempt.SettledAt = payment.AttemptUnknown, time.Time{}
	out.Settled = false
	u := in.Unsettled
	u.Phase, u.DueAt = payment.PhaseReverse, d.Now
	out.Unsettled = &u
	out.Key.Status, out.Key.Body = 0, nil
	out.Event.Type = outbox.PaymentUnknown
	out.Audit = d.record("payment.unknown", in.Payment.ID)
	return out
}

// Cancel is a cancel of an approved payment, and the payment with its amount reserved.
func (d *Desk) Cancel(p payment.Payment, part money.Split) (payment.Payment, payment.Cancel) {
	d.Now = d.Now.Add(time.Millisecond)
	p.Balance = p.Balance.Minus(part)
	p.Version++
	return p, payment.Cancel{
		MerchantID: p.MerchantID, ID: d.ID(id.Cancel), PaymentID: p.ID, Kind: "REFUND", Status: payment.CancelInProgress,
		Split: part, Reason: "고객 요청", RequestedAt: d.Now, StaffID: "usr_1",
	}
}

// Commit writes intents that must all succeed.
func commit(t *testing.T, s payment.Committer, ins ...payment.Intent) {
	t.Helper()
	for i, err := range s.CommitIntents(context.Background(), ins) {
		if err != nil {
			t.Fatalf("intent %d: %v", i, err)
		}
	}
}

// settle writes outcomes that must all succeed.
func settle(t *testing.T, s payment.Committer, outs ...payment.Outcome) {
	t.Helper()
	for i, err := range s.CommitOutcomes(context.Background(), outs) {
		if err != nil {
			t.Fatalf("outcome %d: %v", i, err)
		}
	}
}
