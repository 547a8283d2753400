package payrequest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/messenger"
)

// Keys makes the tokens of links (innopay/internal/keyring).
type Keys interface {
	Token(kind, id string, generation int) string
	TokenAgain(hash, kind, id string, generation int) (string, error)
	TokenHash(token string) string
	BlindIndex(kind, normalised string) string
}

// Options wire a Service.
type Options struct {
	Store     Store
	Payments  *payment.Service
	Messages  *message.Service
	Directory merchant.Directory
	Keys      Keys
	// Receipt is the address of a payment's receipt.
	Receipt func(payment.Payment) string
	// ARSNumber is what buyers call; empty: no such requests are taken.
	ARSNumber string
	Base      string // the installation's address without a slash at its end
	Clock     clock.Clock
	IDs       *id.Source
	Log       *slog.Logger
	Owner     string // this instance, in the audit
}

// Service makes requests and has them paid. Safe for concurrent use.
type Service struct{ Options }

// New wires a Service and tells Messages what its messages say.
func New(o Options) *Service {
	s := &Service{o}
	for _, p := range []message.Purpose{message.Request, message.Paid, message.Canceled, message.Reversed, message.Declined, message.SellerPaid} {
		o.Messages.Compose(p, s.compose)
	}
	return s
}

// tokenKind separates these tokens from those of other links.
const tokenKind = "payment-request"

func subject(r Request) string { return r.MerchantID + "/" + r.ID }

// url is the buyer's page: to pay on, or how to call. It is built where it is needed
// and stored nowhere.
func (s *Service) url(r Request) string {
	if r.TokenHash == "" {
		return ""
	}
	token, err := s.Keys.TokenAgain(r.TokenHash, tokenKind, subject(r), r.Generation)
	if err != nil {
		s.Log.Error("link of a request cannot be made again", "request", r.ID, "err", err)
		return ""
	}
	return s.Base + pathOf(r.Kind) + token
}

func pathOf(k Kind) string {
	if k == ByARS {
		return "/a/"
	}
	return "/p/"
}

// Create makes a request: payment, request, text and key in one transaction. The same
// key gives the request it made before, as it is now.
func (s *Service) Create(ctx context.Context, c Create) (View, bool, error) {
	return s.create(ctx, c, 0)
}

// codeTries bounds how often another code is drawn because one is in use.
const codeTries = 20

func (s *Service) create(ctx context.Context, c Create, tries int) (View, bool, error) {
	t := c.Tenant
	p, r, err := s.draft(ctx, &c)
	if err != nil {
		// The same press may have succeeded before time passed or terms changed.
		if v, done, aerr := s.again(ctx, &c); done && aerr == nil {
			return v, true, nil
		}
		return View{}, false, err
	}
	key, err := s.Payments.AskKey(&c.Create, p)
	if err != nil {
		return View{}, false, err
	}
	err = s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertIdempotency(ctx, key); err != nil {
			return err
		}
		if err := tx.InsertPayment(ctx, p); err != nil {
			return err
		}
		if err := s.Messages.Allow(ctx, tx, t, p.Buyer.Phone); err != nil {
			return err
		}
		j, err := s.Messages.Enqueue(ctx, tx, askJob(r, p))
		if err != nil {
			return err
		}
		r.MessageID = j.ID
		if err := tx.InsertRequest(ctx, r); err != nil {
			return err
		}
		made := s.record(r, c.Actor, "request.created")
		made.Detail = audit.TraceDetail(c.TraceID)
		return tx.Record(ctx, made)
	})
	switch {
	case errors.Is(err, ErrCodeTaken) && tries < codeTries:
		return s.create(ctx, c, tries+1)
	case errors.Is(err, payment.ErrKeyTaken), errors.Is(err, payment.ErrOrderTaken):
		if v, done, aerr := s.again(ctx, &c); done || aerr != nil {
			return v, done, aerr
		}
		return View{}, false, s.orderTaken(ctx, &c, err)
	case err != nil:
		return View{}, false, told(err)
	}
	s.Messages.Woken()
	v, err := s.view(ctx, r)
	return v, false, err
}

// again is the request that the key made before.
func (s *Service) again(ctx context.Context, c *Create) (View, bool, error) {
	paymentID, err := s.Payments.SameAsk(ctx, &c.Create)
	if errors.Is(err, payment.ErrAbsent) {
		return View{}, false, nil
	}
	if err != nil {
		return View{}, false, told(err)
	}
	r, err := s.Store.RequestByPayment(ctx, c.Tenant, paymentID)
	if err != nil {
		return View{}, false, told(err)
	}
	v, err := s.view(ctx, r)
	return v, err == nil, err
}

func (s *Service) orderTaken(ctx context.Context, c *Create, cause error) error {
	p, err := s.Payments.ByOrder(ctx, c.Tenant, c.OrderID)
	if err != nil {
		return told(cause)
	}
	return payment.ErrDuplicateOrder.WithDetail("paymentId", p.ID)
}

// draft validates a request and builds its rows.
func (s *Service) draft(ctx context.Context, c *Create) (payment.Payment, Request, error) {
	c.Channel = payment.ChannelSMS
	if c.Kind == ByARS {
		c.Channel = payment.ChannelARS
	}
	p, err := s.Payments.Draft(ctx, &c.Create)
	if err != nil {
		return p, Request{}, err
	}
	if !messenger.ValidMobile(p.Buyer.Phone) {
		return p, Request{}, fault.InvalidField("/buyer/phone", "INVALID_MOBILE", "문자를 받을 휴대폰 번호를 입력해 주세요.")
	}
	now := p.RequestedAt
	until := c.Until
	if until.IsZero() {
		until = now.Add(DefaultExpiry)
	}
	if left := until.Sub(now); left < LeastExpiry || left > MostExpiry {
		return p, Request{}, fault.InvalidField("/expiresAt", "OUT_OF_RANGE", "결제 기한은 1분 뒤부터 30일 뒤까지 정할 수 있어요.")
	}
	r := Request{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Request, now), Kind: c.Kind, PaymentID: p.ID, Open: true,
		ExpiresAt: until.Truncate(time.Microsecond), CreatedAt: now, StaffID: c.Actor, Version: 1,
	}
	r.DueAt = r.ExpiresAt
	if c.Kind == ByARS {
		if s.ARSNumber == "" {
			return p, Request{}, fault.InvalidField("/kind", "NOT_OFFERED", "전화 결제를 받을 수 없는 설치예요.")
		}
		if r.Code, err = code(); err != nil {
			return p, Request{}, payment.ErrUnavailable.Because(err)
		}
	}
	s.address(&r, p.Buyer.Phone)
	return p, r, nil
}

// address gives the request the link of its generation and the number it is for.
func (s *Service) address(r *Request, phone string) {
	r.TokenHash = s.Keys.TokenHash(s.Keys.Token(tokenKind, subject(*r), r.Generation))
	r.PhoneIndex = s.Keys.BlindIndex(phoneKind, phone)
}

func askJob(r Request, p payment.Payment) message.Job {
	return message.Job{
		MerchantID: r.MerchantID, Purpose: message.Request, RequestID: r.ID, PaymentID: p.ID, Generation: r.Generation, To: p.Buyer.Phone,
	}
}

// Get is one request; ErrNotFound also when it is another's.
func (s *Service) Get(ctx context.Context, t merchant.Tenant, requestID string) (View, error) {
	r, err := s.Store.Request(ctx, t, requestID)
	if err != nil {
		return View{}, told(err)
	}
	return s.view(ctx, r)
}

// List is one page, newest first, and whether more follow.
func (s *Service) List(ctx context.Context, t merchant.Tenant, f Filter, limit int) (page []View, more bool, err error) {
	rows, err := s.Store.Requests(ctx, t, f, s.Clock.Now(), limit+1)
	if err != nil {
		return nil, false, told(err)
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	for _, r := range rows {
		v, err := s.view(ctx, r)
		if err != nil {
			return nil, false, err
		}
		page = append(page, v)
	}
	return page, more, nil
}

// view reads what a request stands on.
func (s *Service) view(ctx context.Context, r Request) (View, error) {
	t := merchant.TenantOf(r.MerchantID)
	p, err := s.Store.Payment(ctx, t, r.PaymentID)
	if err != nil {
		return View{}, told(err)
	}
	m, err := s.Store.Message(ctx, t, r.MessageID)
	if err != nil && !errors.Is(err, message.ErrAbsent) {
		return View{}, told(err)
	}
	attempts, err := s.Store.Attempts(ctx, t, r.PaymentID)
	if err != nil {
		return View{}, told(err)
	}
	v := View{Request: r, Payment: p, Message: m, Tries: tries(attempts), Status: statusOf(r, p, m, s.Clock.Now())}
	if r.Kind == BySMS {
		v.URL = s.url(r)
	}
	return v, nil
}

// tries counts the authorizations that reached the acquirer.
func tries(as []payment.Attempt) int {
	n := 0
	for _, a := range as {
		if a.Kind == payment.Authorize && a.Status != payment.AttemptNotSent {
			n++
		}
	}
	return n
}

// told turns a result of the store into what the caller is told. Nothing was written
// when it is used.
func told(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil {
		return err
	}
	if errors.Is(err, payment.ErrAbsent) {
		return ErrNotFound
	}
	return payment.ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}

// changed tells devices that a request is not as they know it.
func (s *Service) changed(r Request) outbox.Event {
	now := s.Clock.Now().Truncate(time.Microsecond)
	e := s.IDs.At(id.Event, now)
	return outbox.Event{
		MerchantID: r.MerchantID, ID: e, Type: outbox.RequestChanged, Subject: e, Version: 1,
		Payload: fmt.Sprintf(`{"requestId":%q,"paymentId":%q}`, r.ID, r.PaymentID), CreatedAt: now,
	}
}
