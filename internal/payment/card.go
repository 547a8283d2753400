package payment

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/money"
)

// answerMargin is how long after an adapter's time-outs a process may still commit
// what it heard; then a worker takes the attempt for unknown.
const answerMargin = 5 * time.Second

// PayByCard takes a card payment: W1, the call, W2 or W3 (reliability 3). The
// result is final (201, approved or declined) or unknown (202). A fault means that
// nothing was sent, except ErrInProgress for a replay. The call to the acquirer
// outlives the caller's ctx, because a message that left must be answered for.
func (s *Service) PayByCard(ctx context.Context, c Create) (Result, error) {
	defer c.Card.Wipe()
	release, err := s.admit()
	if err != nil {
		return Result{}, err
	}
	defer release()

	return s.pay(ctx, &c)
}

// pay takes an admitted payment from its validation to its answer.
func (s *Service) pay(ctx context.Context, c *Create) (Result, error) {
	in, gw, terms, err := s.prepare(ctx, c)
	if err != nil {
		return s.refuse(ctx, c, err)
	}
	// From here on the client may hang up; the payment goes on.
	ctx = context.WithoutCancel(ctx)
	if err := s.judge(ctx, c, in); err != nil {
		return s.refuse(ctx, c, err)
	}
	if err := s.commitIntent(ctx, in, terms.Limits); err != nil {
		if !is(err, ErrOpen) {
			// Where that is open the payment may stand in the books, and goes on to count: nobody
			// gets tries back by having commits fail (docs/adr/0031).
			s.ended(ctx, c, in, NotBegun)
		}
		return s.intentFailed(ctx, c, err)
	}
	return s.carryOut(ctx, c, in, gw, terms)
}

// carryOut sends what is durable and commits what came of it.
func (s *Service) carryOut(ctx context.Context, c *Create, in Intent, gw acquirer.Acquirer, terms Terms) (Result, error) {
	answer := acquirer.Answer{NotSent: true, Message: durableTooLate}
	if s.inTime(in.Unsettled, gw.Describe().Timeouts) {
		answer = s.authorize(ctx, gw, c, in, terms)
	}
	switch {
	case answer.Outcome == acquirer.Declined:
		s.ended(ctx, c, in, Refused)
	case answer.Outcome == acquirer.Unknown && answer.NotSent:
		s.ended(ctx, c, in, NotBegun)
	}
	c.Card.Wipe()
	return s.conclude(ctx, c, in, answer)
}

// durableTooLate tells the operator why an attempt was not sent.
const durableTooLate = "intent was durable too late"

// inTime reports whether a first message may still leave. A worker takes its attempt
// for dead at DueAt. When the intent took so long that the call would not be over by
// then, nothing may leave: what undoes or repeats it could come first.
func (s *Service) inTime(u Unsettled, to acquirer.Timeouts) bool {
	return !s.Clock.Now().After(u.DueAt.Add(-to.Connect - to.Read))
}

// cardTerms are the terms of a merchant who takes cards, else ErrNoTerminal.
func (s *Service) cardTerms(ctx context.Context, t merchant.Tenant) (Terms, error) {
	terms, err := s.Merchants.Terms(ctx, t)
	if err == nil && terms.TerminalID == "" {
		err = ErrNoTerminal
	}
	if err != nil {
		return Terms{}, storeFault(err)
	}
	return terms, nil
}

// prepare validates against the merchant and builds W1. Nothing is written.
func (s *Service) prepare(ctx context.Context, c *Create) (Intent, acquirer.Acquirer, Terms, error) {
	if fault.KindOf(c.CardFault) == fault.Unavailable {
		return Intent{}, nil, Terms{}, c.CardFault // the card may be good: nobody could read it
	}
	var f fields
	c.checkSale(&f)
	c.checkCard(&f)
	if err := f.result(); err != nil {
		return Intent{}, nil, Terms{}, s.withChipPolicy(ctx, c, err)
	}
	if c.Barred != nil {
		return Intent{}, nil, Terms{}, c.Barred
	}
	terms, err := s.cardTerms(ctx, c.Tenant)
	if err != nil {
		return Intent{}, nil, Terms{}, err
	}
	gw, err := s.gateway(terms.Adapter)
	if err != nil {
		return Intent{}, nil, Terms{}, err
	}
	now := s.Clock.Now()
	free, err := s.checkTerms(ctx, c, terms, now)
	if err != nil {
		return Intent{}, nil, Terms{}, err
	}
	if err := s.breakers[terms.Adapter].enter(now); err != nil {
		return Intent{}, nil, Terms{}, err
	}
	stan, err := s.stans.take(ctx, c.Tenant, terms.TerminalID)
	if err != nil {
		return Intent{}, nil, Terms{}, storeFault(err)
	}
	in, err := s.intent(c, terms, gw.Describe().Timeouts, stan, free, now)
	if err != nil {
		return Intent{}, nil, Terms{}, err
	}
	return in, gw, terms, nil
}

// checkTerms validates what depends on the merchant and the card's issuer.
func (s *Service) checkTerms(ctx context.Context, c *Create, terms Terms, now time.Time) (interestFree bool, err error) {
	if terms.Suspended {
		return false, ErrSuspended
	}
	if terms.ForbidPlainTrack && c.Card.Entry == acquirer.Swipe && c.Reader.Device == "" {
		return false, ErrPlainTrack
	}
	var f fields
	c.checkChip(&f, terms)
	c.checkTax(&f, terms)
	c.checkLimits(&f, terms.Limits)
	issuer := s.checkIssuer(&f, c)
	c.checkSecrets(&f, terms)
	if interestFree, err = s.checkPlan(ctx, &f, c, terms, issuer, now); err != nil {
		return false, err
	}
	return interestFree, c.tellChipPolicy(f.result(), terms)
}

// checkTax validates the amounts against the merchant's.
func (c *Create) checkTax(f *fields, terms Terms) {
	if c.Amount < terms.MinimumCard {
		f.add("/amount", "BELOW_MINIMUM_AMOUNT", "카드 결제는 "+terms.MinimumCard.String()+"부터 할 수 있어요.")
	}
	switch {
	case terms.TaxType == money.Taxable && c.TaxFree > 0:
		f.add("/taxFreeAmount", "TAX_TYPE", "과세 가맹점은 면세 금액을 받을 수 없어요.")
	case terms.TaxType == money.TaxFree && c.TaxFree+c.ServiceFee != c.Amount:
		f.add("/taxFreeAmount", "TAX_TYPE", "면세 가맹점은 모든 금액이 면세여야 해요.")
	}
}

// checkIssuer finds the card's issuer, empty when it is not known.
func (s *Service) checkIssuer(f *fields, c *Create) string {
	issuer, luhn := s.Issuers(c.Card.PAN)
	if luhn && !c.Card.PAN.Luhn() {
		path := "/card/number"
		if c.Card.Entry == acquirer.Swipe {
			path = "/card/track2"
		}
		f.add(path, "INVALID_CARD_NUMBER", "카드번호가 올바르지 않아요. 다시 확인해 주세요.")
	}
	return issuer
}

// checkSecrets sees that everything is there that the merchant's level asks for.
func (c *Create) checkSecrets(f *fields, terms Terms) {
	if c.Card.Entry == acquirer.Swipe {
		return
	}
	if terms.NeedsBirth && c.Card.BirthOrBusinessNumber.Len() == 0 {
		f.add("/card/birthOrBusinessNumber", "REQUIRED", "생년월일 6자리 또는 사업자등록번호 10자리를 입력해 주세요.")
	}
	if terms.NeedsPassword && c.Card.PasswordTwoDigits.Empty() {
		f.add("/card/passwordTwoDigits", "REQUIRED", "카드 비밀번호 앞 두 자리를 입력해 주세요.")
	}
}

// checkPlan sees that the installment plan is offered, and whether without interest.
func (s *Service) checkPlan(ctx context.Context, f *fields, c *Create, terms Terms, issuer string, now time.Time) (interestFree bool, err error) {
	if c.InstallmentMonths == 0 {
		return false, nil
	}
	plan, err := s.Merchants.Installment(ctx, c.Tenant, terms.Adapter, issuer, c.Amount, c.InstallmentMonths, clock.DayOf(now))
	if err != nil {
		return false, storeFault(err)
	}
	if !plan.Offered {
		f.add("/installmentMonths", "INSTALLMENT_NOT_OFFERED", "할부는 "+plan.Minimum.String()+"부터 할 수 있어요.")
	}
	return plan.InterestFree, nil
}

// intent builds W1.
func (s *Service) intent(c *Create, terms Terms, to acquirer.Timeouts, stan int, interestFree bool, now time.Time) (Intent, error) {
	keyID, sum, err := s.hashCreate(c, "")
	if err != nil {
		return Intent{}, ErrUnavailable.Because(err)
	}
	now = now.Truncate(time.Microsecond)
	p := c.waiting
	if c.retry == nil {
		if p, err = s.draft(c, terms, now); err != nil {
			return Intent{}, err
		}
		p.SignatureMissing = c.Amount > terms.SignatureLimit && len(c.Signature) == 0
	} else if err = p.become(InProgress); err != nil {
		return Intent{}, err
	}
	p.Version++
	p.InstallmentMonths, p.InterestFree, p.TerminalID, p.Failure = c.InstallmentMonths, interestFree, terms.TerminalID, Failure{}
	p.Card = Card{BIN: c.Card.PAN.BIN(), Last4: c.Card.PAN.Last4(), Entry: string(c.Card.Entry)}
	a := Attempt{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Attempt, now), PaymentID: p.ID, Kind: Authorize, Status: AttemptSending,
		TerminalID: terms.TerminalID, STAN: stan, TransmittedAt: now.Truncate(time.Second), Amount: c.Amount, Sends: 1,
	}
	p.AttemptID = a.ID
	asked := s.record(p.MerchantID, c.Actor, "payment.request", p.ID, now)
	asked.Detail = c.detail()
	return Intent{
		Payment: p, Claim: c.retry != nil, Attempt: a, Signature: c.Signature, Reader: c.Reader,
		Unsettled: Unsettled{
			MerchantID: p.MerchantID, AttemptID: a.ID, PaymentID: p.ID, Phase: PhaseSending,
			DueAt: now.Add(to.Connect + to.Read + answerMargin), Since: now, Operation: c.operation(), Key: c.Key,
		},
		Key: Idempotency{
			MerchantID: p.MerchantID, Operation: c.operation(), Key: c.Key, Hash: sum, HashKey: keyID,
			PaymentID: p.ID, TraceID: c.TraceID, CreatedAt: now,
		},
		Audit: asked,
	}, nil
}

// draft is a new payment before its first version.
func (s *Service) draft(c *Create, terms Terms, now time.Time) (Payment, error) {
	split, err := money.SplitOf(c.Amount, c.TaxFree, c.ServiceFee, terms.Rounding)
	if err != nil {
		return Payment{}, ErrUnavailable.Because(err) // checked before: cannot happen
	}
	return Payment{
		MerchantID: c.Tenant.ID(), ID: s.IDs.At(id.Payment, now), Method: ByCard, Channel: c.Channel,
		Status: InProgress, AcquireStatus: AcquireReady, OrderID: c.OrderID, OrderLive: true, OrderName: c.OrderName,
		Split: split, Balance: split, Rounding: terms.Rounding, Items: c.Items, Buyer: c.Buyer,
		StaffID: c.Actor, RequestedAt: now,
	}, nil
}

func (s *Service) record(merchantID, actor, action, subject string, now time.Time) audit.Record {
	return audit.Record{MerchantID: merchantID, ID: s.IDs.At(id.Audit, now), At: now.Truncate(time.Microsecond), Actor: actor, Action: action, Subject: subject}
}

func (s *Service) event(p Payment, t outbox.Type, now time.Time) outbox.Event {
	return outbox.Event{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Event, now), Type: t, Subject: p.ID, Version: p.Version,
		Payload: `{"paymentId":"` + p.ID + `","status":"` + string(p.Status) + `","channel":"` + string(p.Channel) + `"}`, CreatedAt: now.Truncate(time.Microsecond),
	}
}

// authorize sends N1 and waits for N2, no longer than the adapter's time-outs.
func (s *Service) authorize(ctx context.Context, gw acquirer.Acquirer, c *Create, in Intent, terms Terms) acquirer.Answer {
	to := gw.Describe().Timeouts
	ctx, cancel := context.WithTimeout(ctx, to.Connect+to.Read)
	defer cancel()
	an := gw.Authorize(ctx, acquirer.Authorization{
		Reference: in.Attempt.reference(), Merchant: terms.Merchant, Split: in.Payment.Split,
		InstallmentMonths: in.Payment.InstallmentMonths, InterestFree: in.Payment.InterestFree, Card: c.Card,
	})
	s.sent(terms.Adapter, an.Outcome == acquirer.Unknown && an.NotSent)
	return an
}

func (a Attempt) reference() acquirer.Reference {
	return acquirer.Reference{AttemptID: a.ID, TerminalID: a.TerminalID, STAN: a.STAN, TransmittedAt: a.TransmittedAt}
}

// conclude commits W2 or W3 and answers.
func (s *Service) conclude(ctx context.Context, c *Create, in Intent, answer acquirer.Answer) (Result, error) {
	t := c.Tenant
	o, err := s.outcome(c, in, answer)
	if err != nil {
		return Result{}, err
	}
	if o.Payment.Status == Unknown {
		s.expectLate(t, in.Attempt.ID)
	}
	switch err := s.commitOutcome(ctx, o); {
	case err == nil:
		if o.Payment.Status == Unknown {
			s.wake()
		}
		return s.answer(o.Payment, o.Key)
	case is(err, ErrChanged):
		// A worker took the attempt for dead; what it made of it holds.
		return s.current(ctx, t, in.Payment.ID, in.Key)
	default:
		// The outcome could not be written. The unsettled row is durable: when the
		// database is back a worker reverses. The caller is told "unknown".
		s.Log.Error("outcome not written", "payment", in.Payment.ID, "attempt", in.Attempt.ID, "err", err)
		p := in.Payment
		p.Status = Unknown
		return s.answer(p, in.Key)
	}
}

// commitTries bounds how often an outcome that cannot be written is tried again
// while the payer waits.
const commitTries = 4

func (s *Service) commitOutcome(ctx context.Context, o Outcome) error {
	var err error
	for i := range commitTries {
		if err = s.Store.CommitOutcomes(ctx, []Outcome{o})[0]; err == nil || is(err, ErrChanged) {
			return err
		}
		if s.Clock.Sleep(ctx, 100*time.Millisecond<<i) != nil {
			return err
		}
	}
	return err
}

// outcome turns an answer into W2 or W3.
func (s *Service) outcome(c *Create, in Intent, an acquirer.Answer) (Outcome, error) {
	now := s.Clock.Now().Truncate(time.Microsecond)
	p, a := in.Payment, in.Attempt
	p.Version++
	a.Code, a.Message, a.RRN, a.SettledAt = an.Code, an.Message, an.RRN, now
	o := Outcome{Settled: true, Key: in.Key}
	event := outbox.PaymentDeclined
	if an.Outcome == acquirer.Approved && an.ApprovalNumber == "" {
		an = acquirer.Answer{Code: an.Code, Message: an.Message} // an approval without its number is no answer
	}
	var err error
	switch an.Outcome {
	case acquirer.Approved:
		event = outbox.PaymentApproved
		a.Status, a.ApprovalNumber = AttemptApproved, an.ApprovalNumber
		err = p.approve(an, now)
		o.Postings = ledger.Entry(p.MerchantID, a.ID, p.ID, ledger.Approval, ledger.AcquirerReceivable, p.Split.Amount, now)
	case acquirer.Declined:
		a.Status = AttemptDeclined
		p.showParties(an)
		err = c.fail(&p, declined(an), now)
	case acquirer.Unknown:
		if an.NotSent {
			a.Status = AttemptNotSent
			err = c.fail(&p, Failure{CodeNotSent, "카드사에 연결하지 못했어요. 결제되지 않았으니 다시 시도해 주세요."}, now)
			break
		}
		event = outbox.PaymentUnknown
		a.Status, a.SettledAt = AttemptUnknown, time.Time{}
		err = p.become(Unknown)
		u := in.Unsettled
		u.Phase, u.DueAt = PhaseReverse, now
		o.Settled, o.Unsettled = false, &u
	}
	if err != nil {
		return Outcome{}, err
	}
	o.Payment, o.Attempt = p, a
	o.Event = s.event(p, event, now)
	o.Audit = s.record(p.MerchantID, c.Actor, string(event), p.ID, now) // of a request its buyer, not who asked
	return o, s.freeze(&o.Key, p, 201)
}

// freeze fills the answer into k when this press is decided: p is final, or waits for
// the next try of its buyer.
func (s *Service) freeze(k *Idempotency, p Payment, status int) error {
	if !p.Status.Final() && p.Status != Ready {
		return nil
	}
	body, err := s.Render(p)
	if err != nil {
		return fault.New(fault.Internal, "RENDER", "결과를 만들지 못했어요.").Because(err)
	}
	k.Status, k.Body = status, body
	return nil
}

// approve makes p a sale.
func (p *Payment) approve(an acquirer.Answer, now time.Time) error {
	if err := p.become(Done); err != nil {
		return err
	}
	p.ApprovedAt = now
	p.showParties(an)
	p.Card.ApprovalNumber = an.ApprovalNumber
	return nil
}

func (p *Payment) showParties(an acquirer.Answer) {
	p.Card.IssuerCode, p.Card.IssuerName = an.Issuer.Code, an.Issuer.Name
	p.Card.AcquirerCode, p.Card.AcquirerName = an.Acquirer.Code, an.Acquirer.Name
	p.Card.Type = an.CardType
}

// abort ends p without a sale; its order may be paid again.
func (p *Payment) abort(f Failure) error {
	if err := p.become(Aborted); err != nil {
		return err
	}
	p.Failure, p.OrderLive, p.Balance = f, false, money.Split{}
	return nil
}

func declined(an acquirer.Answer) Failure {
	code := an.FailureCode
	if code == "" {
		code = "CARD_DECLINED"
	}
	message := an.Message
	if message == "" {
		message = "카드사에서 거절했어요. 다른 카드로 결제해 주세요."
	}
	return Failure{code, message}
}
