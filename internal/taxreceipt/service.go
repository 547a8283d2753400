package taxreceipt

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// Hasher makes keyed hashes that name their key (innopay/internal/keyring).
type Hasher interface {
	MAC(purpose string, data ...[]byte) (keyID, sum string)
	MACWith(keyID, purpose string, data ...[]byte) (sum string, err error)
}

// Options wire a Service.
type Options struct {
	Store     Store
	Payments  *payment.Service
	Directory merchant.Directory
	Office    cashreceipt.Issuer // nil: receipts are not offered
	Hasher    Hasher
	Duty      Duty // trades that must issue
	Clock     clock.Clock
	IDs       *id.Source
	Log       *slog.Logger
	Owner     string // this instance, in leases
	// Wake is told that a receipt is due; it may be nil and must not block.
	Wake func()
}

// Service sells for cash and issues receipts. Safe for concurrent use; it starts no
// goroutine that outlives a call.
type Service struct{ Options }

// New wires a Service.
func New(o Options) *Service { return &Service{o} }

// Faults that callers meet by code.
var (
	ErrNotFound   = fault.New(fault.NotFound, "CASH_RECEIPT_NOT_FOUND", "현금영수증을 찾을 수 없어요.")
	ErrNotOffered = fault.New(fault.Conflict, "CASH_RECEIPT_NOT_OFFERED", "현금영수증을 발급할 수 없는 설치예요.")
	ErrHasReceipt = fault.New(fault.Conflict, "CASH_RECEIPT_EXISTS", "이 거래의 현금영수증이 이미 있어요.")
	// ErrWholeOnly: the office takes receipts back as a whole alone.
	ErrWholeOnly = fault.New(fault.Conflict, "CASH_RECEIPT_WHOLE_ONLY", "이 설치에서는 현금영수증을 전액으로만 취소할 수 있어요. 전액 취소한 뒤 남은 금액으로 다시 발급해 주세요.")
	ErrState     = fault.New(fault.Conflict, "CASH_RECEIPT_STATE", "지금 상태에서는 할 수 없어요. 잠시 뒤에 다시 확인해 주세요.")
)

// Wanted is the receipt that a buyer asks for.
type Wanted struct {
	Kind       cashreceipt.Kind // empty: none (미발급)
	Identifier string           // as typed
}

// Sell records a cash sale with its receipt, in one transaction (reliability 3.4).
func (s *Service) Sell(ctx context.Context, c payment.Create, w Wanted) (payment.Result, error) {
	defer c.Cash.Identifier.Wipe()
	c.Channel = payment.ChannelCash
	c.Cash.ReceiptType = string(w.Kind)
	if w.Kind != "" {
		if s.Office == nil {
			return payment.Result{}, ErrNotOffered
		}
		var err error
		if c.Cash.Identifier, err = readIdentifier(w.Kind, w.Identifier, "/cash/receipt/identifier"); err != nil {
			return payment.Result{}, err
		}
	}
	p, k, err := s.Payments.DraftCash(ctx, &c)
	if err != nil {
		return s.Payments.ReplayCash(ctx, &c, err)
	}
	var r Receipt
	if w.Kind != "" {
		r = s.fresh(p.MerchantID, w.Kind, c.Cash.Identifier.Reveal(), p.Split, p.Rounding, p.ApprovedAt)
		r.PaymentID, r.OrderID, r.OrderName, r.StaffID = p.ID, p.OrderID, p.OrderName, p.StaffID
		p.CashReceipt = payment.CashReceiptRef{ID: r.ID, Status: string(r.Status)}
	}
	var result payment.Result
	err = s.Store.ReceiptTx(context.WithoutCancel(ctx), func(ctx context.Context, tx Tx) (err error) {
		if result, err = s.Payments.RecordCash(ctx, tx, p, k); err != nil || w.Kind == "" {
			return err
		}
		return tx.InsertReceipt(ctx, r)
	})
	if err != nil {
		return s.Payments.ReplayCash(ctx, &c, err)
	}
	s.wake()
	return result, nil
}

// fresh is a receipt that waits to be issued.
func (s *Service) fresh(merchantID string, k cashreceipt.Kind, identifier []byte, split money.Split, rounding money.Rounding, dealAt time.Time) Receipt {
	now := s.now()
	return Receipt{
		MerchantID: merchantID, ID: s.IDs.At(id.Receipt, now), Kind: k, Identifier: secretOf(identifier), Masked: mask(k, string(identifier)),
		Split: split, Balance: split, Rounding: rounding, Status: Requested, DealAt: dealAt, CreatedAt: now, DueAt: now, Version: 1,
	}
}

// Request asks for a receipt of a sale made elsewhere, or of a cash payment without one.
type Request struct {
	Tenant     merchant.Tenant
	Actor      string
	Key        string
	TraceID    string
	Kind       cashreceipt.Kind
	Identifier string
	OrderID    string
	OrderName  string
	Amount     money.Won
	TaxFree    money.Won
	PaymentID  string // of a cash payment; then its own amounts count
}

// OperationIssue takes an idempotency key.
const OperationIssue = "cashreceipt.issue"

// Issue makes a receipt that stands alone, or that a cash payment lacks. The same key
// gives the receipt it made before, as it is now.
func (s *Service) Issue(ctx context.Context, q Request) (Receipt, bool, error) {
	if s.Office == nil {
		return Receipt{}, false, ErrNotOffered
	}
	identifier, err := readIdentifier(q.Kind, q.Identifier, identifierField)
	if err != nil {
		return Receipt{}, false, err
	}
	defer identifier.Wipe()
	if r, done, err := s.again(ctx, q, identifier.Reveal()); done || err != nil {
		return r, done, err
	}
	r, err := s.draft(ctx, q, identifier.Reveal())
	if err != nil {
		return Receipt{}, false, err
	}
	keyID, sum := s.Hasher.MAC("idempotency", q.canonical(), identifier.Reveal())
	err = s.change(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertIdempotency(ctx, payment.Idempotency{
			MerchantID: r.MerchantID, Operation: OperationIssue, Key: q.Key, Hash: sum, HashKey: keyID, PaymentID: r.ID, TraceID: q.TraceID,
			Status: 201, CreatedAt: r.CreatedAt,
		}); err != nil {
			return err
		}
		if r.PaymentID != "" {
			if err := s.makeRoom(ctx, tx, q.Tenant, r); err != nil {
				return err
			}
		}
		if err := tx.InsertReceipt(ctx, r); err != nil {
			return err
		}
		asked := s.record(r, q.Actor, "cashreceipt.requested")
		asked.Detail = audit.TraceDetail(q.TraceID)
		return tx.Record(ctx, asked)
	})
	if errors.Is(err, payment.ErrKeyTaken) {
		r, _, err := s.again(ctx, q, identifier.Reveal())
		return r, err == nil, err
	}
	if err != nil {
		return Receipt{}, false, told(err)
	}
	s.wake()
	return r, false, nil
}

// makeRoom holds the payment, whose rest the receipt is of, and sees that it has no other.
// One that was refused gives way, and one that was to be self-issued and has not been
// sent does to a buyer who names themselves after all.
func (s *Service) makeRoom(ctx context.Context, tx Tx, t merchant.Tenant, r Receipt) error {
	p, err := hold(ctx, tx, t, r.PaymentID)
	if err != nil {
		return err
	}
	if p.Balance != r.Split {
		return ErrState // a part of it was cancelled meanwhile
	}
	had, err := tx.ReceiptOfPayment(ctx, t, r.PaymentID)
	switch {
	case errors.Is(err, ErrAbsent):
		return nil
	case err != nil:
		return err
	}
	defer had.Identifier.Wipe()
	switch {
	case had.Status == Canceled:
		return nil
	case had.Status == Rejected, had.Status == Requested && !had.sent() && had.Kind == cashreceipt.SelfIssued:
	default:
		return ErrHasReceipt.WithDetail("cashReceiptId", had.ID)
	}
	for _, c := range had.dropped() {
		c.Version++
		if err := tx.UpdateReceiptCancel(ctx, c); err != nil {
			return err
		}
	}
	had.Status, had.Balance, had.DueAt = Canceled, money.Split{}, time.Time{}
	had.Version++
	return tx.UpdateReceipt(ctx, had)
}

// again is the receipt that the key made before.
func (s *Service) again(ctx context.Context, q Request, identifier []byte) (Receipt, bool, error) {
	k, err := s.Store.Idempotency(ctx, q.Tenant, OperationIssue, q.Key)
	if errors.Is(err, payment.ErrAbsent) {
		return Receipt{}, false, nil
	}
	if err != nil {
		return Receipt{}, false, told(err)
	}
	if sum, err := s.Hasher.MACWith(k.HashKey, "idempotency", q.canonical(), identifier); err != nil || sum != k.Hash {
		return Receipt{}, false, payment.ErrKeyReused
	}
	r, err := s.Store.Receipt(ctx, q.Tenant, k.PaymentID)
	return r, err == nil, told(err)
}

// Get is one receipt with its cancels; ErrNotFound also when it is another's.
func (s *Service) Get(ctx context.Context, t merchant.Tenant, receiptID string) (Receipt, error) {
	r, err := s.Store.Receipt(ctx, t, receiptID)
	return r, told(err)
}

// RefOf is what is shown of the newest receipt of a payment; empty when it has none.
func (s *Service) RefOf(ctx context.Context, t merchant.Tenant, paymentID string) (payment.CashReceiptRef, error) {
	r, err := s.Store.ReceiptRef(ctx, t, paymentID)
	return r, told(err)
}

// List is one page, newest first, and whether more follow.
func (s *Service) List(ctx context.Context, t merchant.Tenant, q Query) (page []Receipt, more bool, err error) {
	limit := q.Limit
	q.Limit++
	page, err = s.Store.Receipts(ctx, t, q)
	if err != nil {
		return nil, false, told(err)
	}
	if len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

func (s *Service) wake() {
	if s.Wake != nil {
		s.Wake()
	}
}

func (s *Service) record(r Receipt, actor, action string) audit.Record {
	now := s.now()
	return audit.Record{MerchantID: r.MerchantID, ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: r.ID}
}

// told turns a result of the store into what the caller is told. Nothing was written
// when it is used.
func told(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil {
		return err
	}
	if errors.Is(err, ErrAbsent) {
		return ErrNotFound
	}
	return payment.ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}
