package payment

import (
	"context"
	"slices"
	"strings"
	"time"

	"innopay/internal/merchant"
	"innopay/money"
)

// StepKind names what happened to a payment, for people's eyes.
type StepKind string

// The kinds of steps. Screens say them in words.
const (
	StepRequested       StepKind = "REQUESTED"        // the payment began
	StepSigned          StepKind = "SIGNED"           // a signature is on record; it has no time of its own
	StepSent            StepKind = "SENT"             // the authorization left for the acquirer
	StepApproved        StepKind = "APPROVED"         //
	StepDeclined        StepKind = "DECLINED"         // a definite no
	StepNotSent         StepKind = "NOT_SENT"         // proven: nothing left
	StepUnknown         StepKind = "UNKNOWN"          // no right answer came in time; it has no time of its own
	StepReversal        StepKind = "REVERSAL"         // 망취소; Result says how it stands
	StepInquiry         StepKind = "INQUIRY"          // 거래조회; Result says what was found
	StepUndo            StepKind = "UNDO"             // void or refund by the settling, where a reversal came too late
	StepReversed        StepKind = "REVERSED"         // undone: no money moves
	StepAbsent          StepKind = "ABSENT"           // proven: the acquirer never had it
	StepLateAnswer      StepKind = "LATE_ANSWER"      // evidence only
	StepCancelRequested StepKind = "CANCEL_REQUESTED" // by the merchant
	StepCancelSent      StepKind = "CANCEL_SENT"      // void or refund to the acquirer
	StepCancelUnknown   StepKind = "CANCEL_UNKNOWN"   //
	StepCancelDone      StepKind = "CANCEL_DONE"      //
	StepCancelFailed    StepKind = "CANCEL_FAILED"    //
)

// StepKinds lists every kind, in the order people meet them.
var StepKinds = []StepKind{
	StepRequested, StepSigned, StepSent, StepApproved, StepDeclined, StepNotSent, StepUnknown, StepReversal, StepInquiry, StepUndo,
	StepReversed, StepAbsent, StepLateAnswer, StepCancelRequested, StepCancelSent, StepCancelUnknown, StepCancelDone, StepCancelFailed,
}

// Step is one event in the life of a payment. It holds no data of a card.
type Step struct {
	Kind      StepKind
	At        time.Time // zero where no time was written down
	AttemptID string
	CancelID  string
	Amount    money.Won
	Code      string // the other side's code and text, or our failure's
	Message   string
	Number    string // approval or cancel number
	Result    string // of REVERSAL, UNDO and CANCEL_SENT an AttemptStatus; of INQUIRY what was found; of LATE_ANSWER the outcome
	Sends     int    // how often the message left
}

// Settling is how an open outcome is being brought to its end.
type Settling struct {
	Phase    Phase
	CancelID string // set when a cancel is what is open
	Since    time.Time
	NextAt   time.Time // of the next try
	Tries    int
}

// Timeline is the life of a payment, in order.
type Timeline struct {
	Steps    []Step
	Settling []Settling // empty when nothing is open
}

// maxJobsSeen bounds how many open jobs of the merchant are looked through.
const maxJobsSeen = 1000

// Timeline is the life of a payment from its request to its last cancel;
// ErrNotFound also when it is another's.
func (s *Service) Timeline(ctx context.Context, t merchant.Tenant, paymentID string) (Timeline, error) {
	p, err := s.Get(ctx, t, paymentID)
	if err != nil {
		return Timeline{}, err
	}
	attempts, err := s.Store.Attempts(ctx, t, paymentID)
	if err != nil {
		return Timeline{}, storeFault(err)
	}
	life := []Step{{Kind: StepRequested, At: p.RequestedAt, Amount: p.Split.Amount}}
	_, err = s.Store.Signature(ctx, t, paymentID)
	if err != nil && !is(err, ErrAbsent) {
		return Timeline{}, storeFault(err)
	}
	if err == nil {
		life = append(life, Step{Kind: StepSigned})
	}
	chains := [][]Step{append(life, courseOf(p, attempts)...)}
	for _, c := range p.Cancels {
		chains = append(chains, c.steps(attempts))
	}
	open, err := s.settlingOf(ctx, t, paymentID)
	return Timeline{Steps: inOrder(chains), Settling: open}, err
}

// settlingOf are the open jobs of a payment.
func (s *Service) settlingOf(ctx context.Context, t merchant.Tenant, paymentID string) ([]Settling, error) {
	jobs, err := s.jobsOf(ctx, t, paymentID)
	var out []Settling
	for _, j := range jobs {
		out = append(out, Settling{Phase: j.Phase, CancelID: j.CancelID, Since: j.Since, NextAt: j.DueAt, Tries: j.Tries})
	}
	return out, err
}

// courseOf is everything between the request and the payment's outcome. Where times
// are the same the authorization comes first and its outcome last.
func courseOf(p Payment, attempts []Attempt) []Step {
	var begun, between, ended []Step
	for _, a := range attempts {
		switch {
		case a.CancelID != "":
		case a.Kind == Authorize:
			start, end := a.authorization(p)
			begun, ended = append(begun, start...), append(ended, end...)
			between = append(between, a.late()...)
		default:
			between = append(between, a.steps()...)
		}
	}
	return append(append(begun, between...), ended...)
}

// steps of an attempt that is no authorization.
func (a Attempt) steps() []Step {
	one := Step{AttemptID: a.ID, At: a.TransmittedAt, Code: a.Code, Message: a.Message, Sends: a.Sends, Result: string(a.Status), Amount: a.Amount}
	switch a.Kind {
	case Reverse:
		one.Kind = StepReversal
	case Inquire:
		// What an inquiry found is written down as its message.
		one.Kind, one.Message = StepInquiry, ""
		if a.Status != AttemptSending {
			one.Result = a.Message
		}
	case Void, Refund:
		one.Kind = StepUndo
	case Authorize:
		return nil
	}
	return append([]Step{one}, a.late()...)
}

// authorization is the payment's own message, and its outcome apart.
func (a Attempt) authorization(p Payment) (start, end []Step) {
	sent := Step{Kind: StepSent, AttemptID: a.ID, At: a.TransmittedAt, Amount: a.Amount, Sends: a.Sends}
	unknown := Step{Kind: StepUnknown, AttemptID: a.ID}
	last := Step{AttemptID: a.ID, At: a.SettledAt, Code: a.Code, Message: a.Message}
	switch a.Status {
	case AttemptSending:
		return []Step{sent}, nil
	case AttemptUnknown:
		return []Step{sent, unknown}, nil
	case AttemptApproved:
		last.Kind, last.Number, last.Amount = StepApproved, a.ApprovalNumber, a.Amount
	case AttemptDeclined:
		last.Kind, last.Message = StepDeclined, orText(p.Failure.Message, a.Message)
	case AttemptNotSent:
		last.Kind = StepNotSent
		return nil, []Step{last}
	case AttemptReversed:
		last.Kind = StepReversed
		return []Step{sent, unknown}, []Step{last}
	case AttemptAbsent:
		last.Kind = StepAbsent
		return []Step{sent, unknown}, []Step{last}
	}
	return []Step{sent}, []Step{last}
}

// late is the evidence of an answer that came too late: its time, outcome and code.
func (a Attempt) late() []Step {
	if a.Late == "" {
		return nil
	}
	words := strings.SplitN(a.Late, " ", 3)
	s := Step{Kind: StepLateAnswer, AttemptID: a.ID}
	if at, err := time.Parse(time.RFC3339, words[0]); err == nil {
		s.At = at
	}
	if len(words) > 1 {
		s.Result = words[1]
	}
	if len(words) > 2 {
		s.Code = words[2]
	}
	return []Step{s}
}

// steps of a merchant's cancel with its messages.
func (c Cancel) steps(attempts []Attempt) []Step {
	out := []Step{{Kind: StepCancelRequested, At: c.RequestedAt, CancelID: c.ID, Amount: c.Split.Amount, Message: c.Reason}}
	for _, a := range attempts {
		if a.CancelID != c.ID {
			continue
		}
		for _, s := range a.steps() {
			s.CancelID = c.ID
			if s.Kind == StepUndo {
				s.Kind = StepCancelSent
			}
			out = append(out, s)
		}
	}
	end := Step{CancelID: c.ID, Amount: c.Split.Amount}
	switch c.Status {
	case CancelDone:
		end.Kind, end.At, end.Number = StepCancelDone, c.CanceledAt, c.CancelNumber
	case CancelFailed:
		end.Kind, end.At, end.Code, end.Message = StepCancelFailed, settledAt(attempts, c.AttemptID), c.Failure.Code, c.Failure.Message
	case CancelUnknown:
		end.Kind = StepCancelUnknown
	case CancelInProgress:
		return out
	}
	return append(out, end)
}

func settledAt(attempts []Attempt, attemptID string) time.Time {
	for _, a := range attempts {
		if a.ID == attemptID {
			return a.SettledAt
		}
	}
	return time.Time{}
}

// inOrder makes one list of several, by time. Each is a chain that begins with what
// caused the rest: the times of messages are whole seconds, so one may seem to have
// left before its cause, and stands at its cause's time then. A step without a time
// stays behind the one before it.
func inOrder(chains [][]Step) []Step {
	type placed struct {
		step Step
		at   time.Time
	}
	var all []placed
	for _, chain := range chains {
		began := chain[0].At
		last := began
		for _, s := range chain {
			at := s.At
			switch {
			case at.IsZero():
				at = last
			case at.Before(began):
				at = began
			}
			all, last = append(all, placed{s, at}), at
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.at.Compare(b.at) })
	steps := make([]Step, len(all))
	for i, p := range all {
		steps[i] = p.step
	}
	return steps
}
