package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

var (
	errUnbalanced = errors.New("store: postings do not sum to zero")
	errNoAudit    = errors.New("store: a change without an audit record")
)

// row is an intent or outcome as it goes into the tables.
type row struct {
	payment   sqlgen.Payment // intents
	change    sqlgen.UpdatePaymentParams
	attempt   sqlgen.Attempt
	unsettled sqlgen.Unsettled
	waiting   bool // unsettled is set
	key       sqlgen.Idempotency
	reader    sqlgen.ReaderCounter // device empty: no encrypting reader
	gate      gateRow              // version 0: no limit of days and months
	strokes   string
	audit     sqlgen.InsertAuditParams
	postings  []sqlgen.InsertPostingParams
	outbox    sqlgen.InsertEventParams
	event     bool // outbox is set
}

// gateRow has an intent count towards the limits of its day, and moves the gate.
type gateRow struct {
	MerchantID, Day string
	Version         int64
}

func (db *DB) encodeIntent(in *payment.Intent, r *row) (err error) {
	if in.Audit.ID == "" {
		return errNoAudit
	}
	if in.Claim {
		r.change = changeRow(&in.Payment)
	} else if r.payment, err = db.paymentRow(&in.Payment); err != nil {
		return err
	}
	r.attempt = db.attemptRow(in.Attempt)
	r.unsettled, r.waiting = db.unsettledRow(in.Unsettled), true
	if r.key, err = db.keyRow(in.Key); err != nil {
		return err
	}
	if u := in.Reader; u.Device != "" {
		r.reader = sqlgen.ReaderCounter{
			Device: u.Device, Counter: u.Counter, MerchantID: in.Payment.MerchantID, PaymentID: in.Payment.ID, UsedAt: clock.Micros(in.Audit.At),
		}
	}
	if l := in.Limit; l.Version > 0 {
		r.gate = gateRow{MerchantID: in.Payment.MerchantID, Day: string(l.Day), Version: l.Version}
	}
	r.strokes = string(in.Signature)
	r.audit = db.auditRow(in.Audit)
	return nil
}

func (db *DB) encodeOutcome(out *payment.Outcome, r *row) (err error) {
	r.change = changeRow(&out.Payment)
	r.attempt = db.attemptRow(out.Attempt)
	if out.Unsettled != nil && !out.Settled {
		r.unsettled, r.waiting = db.unsettledRow(*out.Unsettled), true
	}
	if r.key, err = db.keyRow(out.Key); err != nil {
		return err
	}
	r.audit = db.auditRow(out.Audit)
	r.postings = make([]sqlgen.InsertPostingParams, len(out.Postings))
	for i, p := range out.Postings {
		r.postings[i] = db.postingRow(p)
	}
	if out.Event.ID != "" {
		r.outbox, r.event = db.eventRow(out.Event), true
	}
	return nil
}

// sealed is what a buyer is bound to in its ciphertext, so that it cannot be moved
// to another payment.
func sealed(merchantID, paymentID string) string {
	return "payment.buyer/" + merchantID + "/" + paymentID
}

// Kinds of blind indexes of a payment.
const (
	indexName  = "buyer.name"
	indexPhone = "buyer.phone"
)

// NameIndex is the blind index under which a buyer's name is found (payment.Filter).
func (db *DB) NameIndex(name string) string { return db.index(indexName, name) }

func (db *DB) index(kind, value string) string {
	value = strings.ToLower(strings.Join(strings.Fields(value), " "))
	if value == "" {
		return ""
	}
	return db.sealer.BlindIndex(kind, value)
}

func (db *DB) paymentRow(p *payment.Payment) (sqlgen.Payment, error) {
	r := sqlgen.Payment{
		MerchantID: p.MerchantID, ID: p.ID, Method: string(p.Method), Channel: string(p.Channel),
		Status: string(p.Status), AcquireStatus: string(p.AcquireStatus),
		OrderID: p.OrderID, OrderLive: p.OrderLive, OrderName: p.OrderName,
		Amount: int64(p.Split.Amount), Supplied: int64(p.Split.Supplied), Vat: int64(p.Split.VAT),
		TaxFree: int64(p.Split.TaxFree), ServiceFee: int64(p.Split.ServiceFee),
		BalanceAmount: int64(p.Balance.Amount), BalanceSupplied: int64(p.Balance.Supplied),
		BalanceVat: int64(p.Balance.VAT), BalanceTaxFree: int64(p.Balance.TaxFree),
		BalanceServiceFee: int64(p.Balance.ServiceFee), Rounding: string(p.Rounding),
		InstallmentMonths: int64(p.InstallmentMonths), InterestFree: p.InterestFree,
		CardBin: p.Card.BIN, CardLast4: p.Card.Last4, CardType: p.Card.Type, CardEntry: p.Card.Entry,
		IssuerCode: p.Card.IssuerCode, IssuerName: p.Card.IssuerName,
		AcquirerCode: p.Card.AcquirerCode, AcquirerName: p.Card.AcquirerName,
		ApprovalNumber: p.Card.ApprovalNumber, FailureCode: p.Failure.Code, FailureMessage: p.Failure.Message,
		StaffID: p.StaffID, TerminalID: p.TerminalID, AttemptID: p.AttemptID,
		RequestedAt: clock.Micros(p.RequestedAt), ApprovedAt: clock.Micros(p.ApprovedAt),
		SignatureMissing: p.SignatureMissing, LinkGeneration: int64(p.LinkGeneration), Version: p.Version,
		CashReceived: int64(p.CashReceived),
	}
	if len(p.Items) > 0 {
		b, err := json.Marshal(p.Items)
		if err != nil {
			return r, fmt.Errorf("store: items: %w", err)
		}
		r.Items = string(b)
	}
	err := db.sealBuyer(p, &r)
	return r, err
}

func (db *DB) sealBuyer(p *payment.Payment, r *sqlgen.Payment) error {
	if p.Buyer == (payment.Buyer{}) {
		return nil
	}
	plain, err := json.Marshal(p.Buyer) //nolint:musttag // sealed and opened here only
	if err != nil {
		return fmt.Errorf("store: buyer: %w", err)
	}
	if r.Buyer, err = db.sealer.Seal(plain, sealed(p.MerchantID, p.ID)); err != nil {
		return fmt.Errorf("store: sealing the buyer: %w", err)
	}
	r.BuyerNameIndex = db.index(indexName, p.Buyer.Name)
	r.BuyerPhoneIndex = db.index(indexPhone, p.Buyer.Phone)
	r.BuyerPhoneLast4 = p.Buyer.Phone[max(0, len(p.Buyer.Phone)-4):]
	return nil
}

func (db *DB) paymentOf(r *sqlgen.Payment) (payment.Payment, error) {
	p := payment.Payment{
		MerchantID: r.MerchantID, ID: r.ID, Method: payment.Method(r.Method), Channel: payment.Channel(r.Channel),
		Status: payment.Status(r.Status), AcquireStatus: payment.AcquireStatus(r.AcquireStatus),
		OrderID: r.OrderID, OrderLive: r.OrderLive, OrderName: r.OrderName,
		Split:    splitOf(r.Amount, r.Supplied, r.Vat, r.TaxFree, r.ServiceFee),
		Balance:  splitOf(r.BalanceAmount, r.BalanceSupplied, r.BalanceVat, r.BalanceTaxFree, r.BalanceServiceFee),
		Rounding: money.Rounding(r.Rounding), InstallmentMonths: int(r.InstallmentMonths), InterestFree: r.InterestFree,
		Card: payment.Card{
			BIN: r.CardBin, Last4: r.CardLast4, IssuerCode: r.IssuerCode, IssuerName: r.IssuerName,
			AcquirerCode: r.AcquirerCode, AcquirerName: r.AcquirerName, Type: r.CardType,
			ApprovalNumber: r.ApprovalNumber, Entry: r.CardEntry,
		},
		Failure: payment.Failure{Code: r.FailureCode, Message: r.FailureMessage},
		StaffID: r.StaffID, TerminalID: r.TerminalID, AttemptID: r.AttemptID,
		RequestedAt: clock.FromMicros(r.RequestedAt), ApprovedAt: clock.FromMicros(r.ApprovedAt),
		SignatureMissing: r.SignatureMissing, LinkGeneration: int(r.LinkGeneration), Version: r.Version,
		CashReceived: money.Won(r.CashReceived),
	}
	if r.Items != "" {
		if err := json.Unmarshal([]byte(r.Items), &p.Items); err != nil {
			return p, fmt.Errorf("store: items of %s: %w", r.ID, err)
		}
	}
	if r.Buyer != "" {
		plain, err := db.sealer.Unseal(r.Buyer, sealed(r.MerchantID, r.ID))
		if err != nil {
			return p, fmt.Errorf("store: buyer of %s: %w", r.ID, err)
		}
		if err := json.Unmarshal(plain, &p.Buyer); err != nil { //nolint:musttag // sealed and opened here only
			return p, fmt.Errorf("store: buyer of %s: %w", r.ID, err)
		}
	}
	return p, nil
}

func splitOf(amount, supplied, vat, taxFree, fee int64) money.Split {
	return money.Split{
		Amount: money.Won(amount), Supplied: money.Won(supplied), VAT: money.Won(vat),
		TaxFree: money.Won(taxFree), ServiceFee: money.Won(fee),
	}
}

// changeRow is everything that may change after the first moment.
func changeRow(p *payment.Payment) sqlgen.UpdatePaymentParams {
	return sqlgen.UpdatePaymentParams{
		MerchantID: p.MerchantID, ID: p.ID,
		Status: string(p.Status), AcquireStatus: string(p.AcquireStatus), OrderLive: p.OrderLive,
		BalanceAmount: int64(p.Balance.Amount), BalanceSupplied: int64(p.Balance.Supplied),
		BalanceVat: int64(p.Balance.VAT), BalanceTaxFree: int64(p.Balance.TaxFree),
		BalanceServiceFee: int64(p.Balance.ServiceFee),
		InstallmentMonths: int64(p.InstallmentMonths), InterestFree: p.InterestFree,
		CardBin: p.Card.BIN, CardLast4: p.Card.Last4, CardType: p.Card.Type, CardEntry: p.Card.Entry,
		IssuerCode: p.Card.IssuerCode, IssuerName: p.Card.IssuerName,
		AcquirerCode: p.Card.AcquirerCode, AcquirerName: p.Card.AcquirerName,
		ApprovalNumber: p.Card.ApprovalNumber, FailureCode: p.Failure.Code, FailureMessage: p.Failure.Message,
		StaffID: p.StaffID, TerminalID: p.TerminalID, AttemptID: p.AttemptID,
		ApprovedAt: clock.Micros(p.ApprovedAt), SignatureMissing: p.SignatureMissing,
		LinkGeneration: int64(p.LinkGeneration), Version: p.Version,
	}
}

func (db *DB) attemptRow(a payment.Attempt) sqlgen.Attempt {
	return sqlgen.Attempt{
		MerchantID: a.MerchantID, Bucket: db.bucket(a.MerchantID), ID: a.ID, PaymentID: a.PaymentID, CancelID: a.CancelID,
		Kind: string(a.Kind), Status: string(a.Status), OriginalID: a.OriginalID, TerminalID: a.TerminalID,
		Stan: int64(a.STAN), TransmittedAt: clock.Micros(a.TransmittedAt), Amount: int64(a.Amount),
		Code: a.Code, Message: a.Message, ApprovalNumber: a.ApprovalNumber, Rrn: a.RRN,
		Sends: int64(a.Sends), Late: a.Late, SettledAt: clock.Micros(a.SettledAt),
	}
}

func attemptOf(r sqlgen.Attempt) payment.Attempt {
	return payment.Attempt{
		MerchantID: r.MerchantID, ID: r.ID, PaymentID: r.PaymentID, CancelID: r.CancelID,
		Kind: payment.AttemptKind(r.Kind), Status: payment.AttemptStatus(r.Status), OriginalID: r.OriginalID,
		TerminalID: r.TerminalID, STAN: int(r.Stan), TransmittedAt: clock.FromMicros(r.TransmittedAt),
		Amount: money.Won(r.Amount), Code: r.Code, Message: r.Message, ApprovalNumber: r.ApprovalNumber,
		RRN: r.Rrn, Sends: int(r.Sends), Late: r.Late, SettledAt: clock.FromMicros(r.SettledAt),
	}
}

func (db *DB) unsettledRow(u payment.Unsettled) sqlgen.Unsettled {
	return sqlgen.Unsettled{
		MerchantID: u.MerchantID, AttemptID: u.AttemptID, PaymentID: u.PaymentID, CancelID: u.CancelID,
		Bucket: db.bucket(u.MerchantID), Phase: string(u.Phase), DueAt: clock.Micros(u.DueAt),
		Tries: int64(u.Tries), Since: clock.Micros(u.Since), Operation: u.Operation, Key: u.Key,
		LeaseOwner: u.LeaseOwner, LeaseUntil: clock.Micros(u.LeaseUntil),
	}
}

func unsettledOf(r sqlgen.Unsettled) payment.Unsettled {
	return payment.Unsettled{
		MerchantID: r.MerchantID, AttemptID: r.AttemptID, PaymentID: r.PaymentID, CancelID: r.CancelID,
		Phase: payment.Phase(r.Phase), DueAt: clock.FromMicros(r.DueAt), Tries: int(r.Tries),
		Since: clock.FromMicros(r.Since), Operation: r.Operation, Key: r.Key,
		LeaseOwner: r.LeaseOwner, LeaseUntil: clock.FromMicros(r.LeaseUntil),
	}
}

// frozen is what a frozen answer is bound to in its ciphertext.
func frozen(merchantID, operation, key string) string {
	return "idempotency.body/" + merchantID + "/" + operation + "/" + key
}

// namesBuyer is in every answer that tells of a buyer, and never inside of a text: there
// its quotes are escaped. Such an answer is written as ciphertext (rulings 12).
const namesBuyer = `"buyer":`

func (db *DB) keyRow(k payment.Idempotency) (sqlgen.Idempotency, error) {
	body, err := db.freeze(k)
	return sqlgen.Idempotency{
		MerchantID: k.MerchantID, Operation: k.Operation, Key: k.Key, Hash: k.Hash, HashKey: k.HashKey,
		PaymentID: k.PaymentID, CancelID: k.CancelID, TraceID: k.TraceID,
		Status: int64(k.Status), Body: body, CreatedAt: clock.Micros(k.CreatedAt),
	}, err
}

func (db *DB) freeze(k payment.Idempotency) (string, error) {
	if !bytes.Contains(k.Body, []byte(namesBuyer)) {
		return string(k.Body), nil
	}
	s, err := db.sealer.Seal(k.Body, frozen(k.MerchantID, k.Operation, k.Key))
	if err != nil {
		return "", fmt.Errorf("store: sealing an answer: %w", err)
	}
	return s, nil
}

// thawed is a frozen answer as it was given; answers are JSON objects, ciphertext is none.
func (db *DB) thawed(merchantID, operation, key, body string) ([]byte, error) {
	if body == "" || body[0] == '{' {
		return []byte(body), nil
	}
	plain, err := db.sealer.Unseal(body, frozen(merchantID, operation, key))
	if err != nil {
		return nil, fmt.Errorf("store: answer of a key: %w", err)
	}
	return plain, nil
}

func (db *DB) keyOf(r sqlgen.Idempotency) (payment.Idempotency, error) {
	k := payment.Idempotency{
		MerchantID: r.MerchantID, Operation: r.Operation, Key: r.Key, Hash: r.Hash, HashKey: r.HashKey,
		PaymentID: r.PaymentID, CancelID: r.CancelID, TraceID: r.TraceID,
		Status: int(r.Status), CreatedAt: clock.FromMicros(r.CreatedAt),
	}
	if r.Body == "" {
		return k, nil
	}
	body, err := db.thawed(r.MerchantID, r.Operation, r.Key, r.Body)
	k.Body = body
	return k, err
}

func cancelRow(c payment.Cancel) sqlgen.Cancel {
	return sqlgen.Cancel{
		MerchantID: c.MerchantID, ID: c.ID, PaymentID: c.PaymentID, Kind: c.Kind, Status: string(c.Status),
		Amount: int64(c.Split.Amount), Supplied: int64(c.Split.Supplied), Vat: int64(c.Split.VAT),
		TaxFree: int64(c.Split.TaxFree), ServiceFee: int64(c.Split.ServiceFee), Reason: c.Reason,
		RequestedAt: clock.Micros(c.RequestedAt), CanceledAt: clock.Micros(c.CanceledAt),
		CancelNumber: c.CancelNumber, AttemptID: c.AttemptID, StaffID: c.StaffID,
		FailureCode: c.Failure.Code, FailureMessage: c.Failure.Message,
	}
}

func cancelOf(r sqlgen.Cancel) payment.Cancel {
	return payment.Cancel{
		MerchantID: r.MerchantID, ID: r.ID, PaymentID: r.PaymentID, Kind: r.Kind,
		Status: payment.CancelStatus(r.Status), Split: splitOf(r.Amount, r.Supplied, r.Vat, r.TaxFree, r.ServiceFee),
		Reason: r.Reason, RequestedAt: clock.FromMicros(r.RequestedAt), CanceledAt: clock.FromMicros(r.CanceledAt),
		CancelNumber: r.CancelNumber, AttemptID: r.AttemptID, StaffID: r.StaffID,
		Failure: payment.Failure{Code: r.FailureCode, Message: r.FailureMessage},
	}
}

func (db *DB) auditRow(a audit.Record) sqlgen.InsertAuditParams {
	return sqlgen.InsertAuditParams{
		MerchantID: a.MerchantID, ID: a.ID, Bucket: db.bucket(a.MerchantID), At: clock.Micros(a.At),
		Actor: a.Actor, Action: a.Action, Subject: a.Subject, Detail: a.Detail,
	}
}

func (db *DB) postingRow(p ledger.Posting) sqlgen.InsertPostingParams {
	return sqlgen.InsertPostingParams{
		MerchantID: p.MerchantID, Bucket: db.bucket(p.MerchantID), EntryID: p.EntryID, Account: string(p.Account), PaymentID: p.PaymentID,
		Event: string(p.Event), Day: string(p.Day), Amount: int64(p.Amount), At: clock.Micros(p.At),
	}
}

func (db *DB) eventRow(e outbox.Event) sqlgen.InsertEventParams {
	return sqlgen.InsertEventParams{
		MerchantID: e.MerchantID, ID: e.ID, Bucket: db.bucket(e.MerchantID), Type: string(e.Type),
		Subject: e.Subject, Version: e.Version, Payload: e.Payload, CreatedAt: clock.Micros(e.CreatedAt),
	}
}
