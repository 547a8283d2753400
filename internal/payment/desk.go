package payment

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/internal/merchant"
)

// ActName is something that an operator may do about an open outcome.
type ActName string

// The acts. A settling without proof is none of them: what nobody can prove stays open.
const (
	ActInquire        ActName = "INQUIRE"         // ask the acquirer now
	ActRun            ActName = "RUN"             // do the worker's next step now: reverse, void, refund, or repeat a cancel
	ActResolveDone    ActName = "RESOLVE_DONE"    // a sale, if an inquiry made now proves it
	ActResolveAborted ActName = "RESOLVE_ABORTED" // no sale, likewise
)

// Why an act is not to be had now.
const (
	WhySettled   = "NOT_UNSETTLED"     // nothing is open
	WhyAwaited   = "ANSWER_AWAITED"    // a process waits for the answer
	WhyWorked    = "BEING_SETTLED"     // a worker or another operator is at it
	WhyNoInquiry = "NO_INQUIRY"        // the acquirer cannot be asked
	WhyUnderWay  = "REVERSAL_UNDERWAY" // a reversal may still reach the acquirer
	WhyCancel    = "CANCEL"            // a cancel is repeated until it is done, never decided by hand
)

// Act is an act with whether it is open now.
type Act struct {
	Name    ActName
	Allowed bool
	Reason  string    // why not
	After   time.Time // when it may be, as far as that is known
}

// Open is one open outcome of a payment with what is known of it.
type Open struct {
	Unsettled
	Adapter       string
	ReversalUntil time.Time // until then the acquirer takes a reversal
	Deadline      time.Time // from then on it is the operator's
	Acts          []Act
}

// OpenOutcomes are the jobs of a payment with what an operator may do about each;
// ErrNotFound also when the payment is another's.
func (s *Service) OpenOutcomes(ctx context.Context, t merchant.Tenant, paymentID string) ([]Open, error) {
	if _, err := s.Get(ctx, t, paymentID); err != nil {
		return nil, err
	}
	jobs, err := s.jobsOf(ctx, t, paymentID)
	if err != nil {
		return nil, err
	}
	var out []Open
	for _, j := range jobs {
		w, err := s.load(ctx, j)
		if err != nil {
			return nil, storeFault(err)
		}
		to := w.d.Timeouts
		out = append(out, Open{
			Unsettled: j, Adapter: w.terms.Adapter, ReversalUntil: j.Since.Add(to.ReversalWindow), Deadline: j.Since.Add(to.InquiryUntil), Acts: s.acts(w),
		})
	}
	return out, nil
}

func (s *Service) jobsOf(ctx context.Context, t merchant.Tenant, paymentID string) ([]Unsettled, error) {
	jobs, err := s.Store.Unsettled(ctx, t, maxJobsSeen)
	if err != nil {
		return nil, storeFault(err)
	}
	var out []Unsettled
	for _, j := range jobs {
		if j.PaymentID == paymentID {
			out = append(out, j)
		}
	}
	return out, nil
}

// acts are what may be done about a job now.
func (s *Service) acts(w *settling) []Act {
	now := s.Clock.Now()
	_, asks := w.gw.(acquirer.Inquirer)
	busy, after := "", time.Time{}
	switch {
	case w.job.Phase == PhaseSending && now.Before(w.job.DueAt):
		busy, after = WhyAwaited, w.job.DueAt
	case w.job.LeaseUntil.After(now):
		busy, after = WhyWorked, w.job.LeaseUntil
	}
	of := func(name ActName, reasons ...string) Act {
		for _, why := range reasons {
			if why != "" {
				a := Act{Name: name, Reason: why}
				if why == busy {
					a.After = after
				}
				return a
			}
		}
		return Act{Name: name, Allowed: true}
	}
	noInquiry, cancel, underWay := "", "", ""
	if !asks {
		noInquiry = WhyNoInquiry
	}
	if w.job.CancelID != "" {
		cancel = WhyCancel
	}
	if cancel == "" && s.underWay(w) {
		underWay = WhyUnderWay
	}
	return []Act{
		of(ActInquire, cancel, noInquiry, busy), of(ActRun, busy),
		of(ActResolveDone, cancel, noInquiry, busy, underWay), of(ActResolveAborted, cancel, noInquiry, busy),
	}
}

// RunNow does the next step of every open outcome of a payment at once, as the worker
// would: it reverses, inquires, voids or refunds, or repeats a cancel, and follows what
// is proven. It returns ErrNotUnsettled where nothing is open, and ErrBeingSettled while
// somebody is at it or the first answer is still awaited.
func (s *Service) RunNow(ctx context.Context, t merchant.Tenant, paymentID, actor string) error {
	if _, err := s.Get(ctx, t, paymentID); err != nil {
		return err
	}
	jobs, err := s.jobsOf(ctx, t, paymentID)
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return ErrNotUnsettled
	}
	ctx = context.WithoutCancel(ctx)
	for _, j := range jobs {
		if wait := j.DueAt.Sub(s.Clock.Now()); j.Phase == PhaseSending && wait > 0 {
			return ErrBeingSettled.WithRetryAfter(wait)
		}
		job, err := s.claim(ctx, t, j.AttemptID, actor)
		if err != nil {
			return err
		}
		if err := s.settle(ctx, job, actor); is(err, ErrChanged) {
			return ErrBeingSettled.WithRetryAfter(10 * time.Second)
		} else if err != nil {
			return storeFault(err)
		}
	}
	return nil
}
