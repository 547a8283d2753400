package payment

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
)

// Faults of an operator's questions.
var (
	ErrNothingToAsk = fault.New(fault.Conflict, "NOTHING_TO_INQUIRE", "카드사에 보낸 전문이 없는 거래예요.")
	ErrNoInquiry    = fault.New(fault.Conflict, "INQUIRY_NOT_OFFERED", "거래조회를 받지 않는 카드사 연결이에요. 카드사에 전화로 확인해 주세요.")
)

// Inquiry is what the acquirer said of a payment when an operator asked.
type Inquiry struct {
	AttemptID      string // of the inquiry, which is on record
	SubjectID      string // attempt that was asked about
	At             time.Time
	Result         string // UNKNOWN, ABSENT, APPROVED, DECLINED, REVERSED
	Code           string
	ApprovalNumber string
	RRN            string
	Captured       bool
	// Settled: the answer proved that no money moved, and ended the payment.
	Settled bool
}

// InquireNow asks the acquirer what it knows of the payment's authorization. Of a payment
// whose outcome is open the answer counts as the worker's own inquiries do: what proves
// that no money moved ends it. Nothing else is changed by an answer.
func (s *Service) InquireNow(ctx context.Context, t merchant.Tenant, paymentID, actor string) (Inquiry, error) {
	p, err := s.Get(ctx, t, paymentID)
	switch {
	case err != nil:
		return Inquiry{}, err
	case p.AttemptID == "":
		return Inquiry{}, ErrNothingToAsk
	case p.Status == InProgress:
		return Inquiry{}, ErrBeingSettled.WithRetryAfter(10 * time.Second)
	}
	ctx = context.WithoutCancel(ctx)
	if p.Status != Unknown {
		return s.askAgain(ctx, t, p)
	}
	w, err := s.take(ctx, t, p.AttemptID, actor)
	if err != nil {
		return Inquiry{}, err
	}
	if _, ok := w.gw.(acquirer.Inquirer); !ok {
		s.giveBack(ctx, w)
		return Inquiry{}, ErrNoInquiry
	}
	again := w.saidAbsent()
	an, err := s.inquire(ctx, w)
	if err != nil {
		return Inquiry{}, storeFault(err)
	}
	out := s.told(w.attempt.ID, an)
	switch {
	case an.Result == acquirer.InquiryReversed:
		err = s.finish(ctx, w, nil, AttemptReversed, reversed())
	case an.Result == acquirer.InquiryDeclined:
		err = s.finish(ctx, w, nil, AttemptDeclined, declined(an.Answer))
	case an.Result == acquirer.InquiryAbsent && again && s.hasArrived(w):
		err = s.finish(ctx, w, nil, AttemptAbsent, reversed())
	default:
		s.giveBack(ctx, w)
		return out, nil
	}
	out.Settled = err == nil
	if err != nil {
		return out, storeFault(err)
	}
	return out, nil
}

// take claims a job for an operator and loads it.
func (s *Service) take(ctx context.Context, t merchant.Tenant, attemptID, actor string) (*settling, error) {
	job, err := s.claim(ctx, t, attemptID, actor)
	if err != nil {
		return nil, err
	}
	w, err := s.load(ctx, job)
	if err != nil {
		return nil, storeFault(err)
	}
	w.actor = actor
	return w, nil
}

func (s *Service) told(subject string, an acquirer.InquiryAnswer) Inquiry {
	return Inquiry{
		SubjectID: subject, At: s.Clock.Now().Truncate(time.Microsecond), Result: an.Result.String(), Code: an.Answer.Code,
		ApprovalNumber: an.Answer.ApprovalNumber, RRN: an.Answer.RRN, Captured: an.Captured,
	}
}

// askAgain asks about a payment whose outcome is final. The question is an attempt of
// its own, durable before it leaves, and changes nothing.
func (s *Service) askAgain(ctx context.Context, t merchant.Tenant, p Payment) (Inquiry, error) {
	attempts, err := s.Store.Attempts(ctx, t, p.ID)
	if err != nil {
		return Inquiry{}, storeFault(err)
	}
	w := &settling{t: t, payment: p, attempts: attempts}
	subject, ok := w.find(func(a Attempt) bool { return a.ID == p.AttemptID })
	if !ok || subject.Status == AttemptNotSent {
		return Inquiry{}, ErrNothingToAsk
	}
	terms, err := s.Merchants.Terms(ctx, t)
	if err == nil {
		terms, err = terms.at(subject.TerminalID)
	}
	if err != nil {
		return Inquiry{}, storeFault(err)
	}
	gw, err := s.gateway(terms.Adapter)
	if err != nil {
		return Inquiry{}, err
	}
	asker, ok := gw.(acquirer.Inquirer)
	if !ok {
		return Inquiry{}, ErrNoInquiry
	}
	stan, err := s.stans.take(ctx, t, subject.TerminalID)
	if err != nil {
		return Inquiry{}, storeFault(err)
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	a := Attempt{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Attempt, now), PaymentID: p.ID, Kind: Inquire, Status: AttemptSending, OriginalID: subject.ID,
		TerminalID: subject.TerminalID, STAN: stan, TransmittedAt: now.Truncate(time.Second), Amount: subject.Amount, Sends: 1,
	}
	if err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error { return tx.InsertAttempt(ctx, a) }); err != nil {
		return Inquiry{}, storeFault(err)
	}
	to := gw.Describe().Timeouts
	call, cancel := context.WithTimeout(ctx, to.Connect+to.Read)
	an := asker.Inquire(call, acquirer.Inquiry{Reference: a.reference(), Subject: subject.reference(), Merchant: terms.Merchant, Amount: subject.Amount})
	cancel()
	a.answeredInquiry(an, s.Clock.Now())
	if an.Result != acquirer.InquiryUnknown {
		s.sent(terms.Adapter, false)
	}
	out := s.told(subject.ID, an)
	out.AttemptID = a.ID
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error { return tx.UpdateAttempt(ctx, a, AttemptSending) })
	if err != nil {
		return out, storeFault(err)
	}
	return out, nil
}

// answeredInquiry writes the answer of an inquiry into its attempt.
func (a *Attempt) answeredInquiry(an acquirer.InquiryAnswer, now time.Time) {
	a.Code, a.Message, a.Status, a.SettledAt = an.Answer.Code, an.Result.String(), AttemptApproved, now.Truncate(time.Microsecond)
	if an.Result == acquirer.InquiryUnknown {
		a.Status = AttemptUnknown
	}
}
