package payment_test

import (
	"context"
	"strconv"
	"sync"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/money"
)

// host is an acquirer with a small book of its own. Each message meets the next
// scripted quirk of its kind, or is answered rightly.
type host struct {
	clock clock.Clock

	mu     sync.Mutex
	d      acquirer.Descriptor
	auths  map[string]*sale
	takes  map[string]taking // cancels that were done, by attempt
	script map[string][]quirk
	calls  []call
	late   func(string, acquirer.Answer)
}

type sale struct {
	amount, taken      money.Won
	reversed, captured bool
	number             string
}

type taking struct {
	original, number string
	amount           money.Won
	refused          bool
}

type call struct {
	kind, attempt, original string
	repeat                  bool
	amount                  money.Won
	at                      time.Time
}

// quirk is what goes wrong with one message.
type quirk uint8

const (
	fine     quirk = iota
	silent         // acts, no answer
	lost           // does not act, no answer
	notSent        // does not act, and says that nothing left
	refuse         // does not act, a definite no
	deny           // does not act, says there is no such original
	bare           // acts, approved without a number
	captured       // of a cancel: the original was captured in the meantime
)

func newHost(c clock.Clock) *host {
	return &host{
		clock: c, auths: map[string]*sale{}, takes: map[string]taking{}, script: map[string][]quirk{},
		d: acquirer.Descriptor{
			Name: "test", Timeouts: acquirer.DemoTimeouts(), ReversalNeeds: acquirer.NeedsReference,
			CancelNeeds: acquirer.NeedsReference, CancelIdempotent: true, PartialCancel: true, CaptureHour: 23,
		},
	}
}

// on scripts what the next messages of a kind meet.
func (h *host) on(kind string, qs ...quirk) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.script[kind] = append(h.script[kind], qs...)
}

// times counts the messages of a kind that arrived or could have.
func (h *host) times(kind string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, c := range h.calls {
		if c.kind == kind {
			n++
		}
	}
	return n
}

// standing is what buyers have paid: approved, not reversed, not taken back.
func (h *host) standing() money.Won {
	h.mu.Lock()
	defer h.mu.Unlock()
	var sum money.Won
	for _, a := range h.auths {
		if !a.reversed {
			sum += a.amount - a.taken
		}
	}
	return sum
}

func (h *host) capture() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.auths {
		a.captured = true
	}
}

func (h *host) takeLate(attemptID string, a acquirer.Answer) {
	h.mu.Lock()
	f := h.late
	h.mu.Unlock()
	f(attemptID, a)
}

// next is the quirk of a message, which is noted. h.mu is held.
func (h *host) next(c call) quirk {
	c.at = h.clock.Now()
	h.calls = append(h.calls, c)
	qs := h.script[c.kind]
	if len(qs) == 0 {
		return fine
	}
	h.script[c.kind] = qs[1:]
	return qs[0]
}

func (h *host) Describe() acquirer.Descriptor {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.d
}

func (h *host) OnLate(f func(string, acquirer.Answer)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.late = f
}

func (h *host) Authorize(_ context.Context, a acquirer.Authorization) acquirer.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.next(call{kind: "AUTHORIZE", attempt: a.AttemptID, amount: a.Split.Amount})
	switch q {
	case lost:
		return acquirer.Answer{}
	case notSent:
		return acquirer.Answer{NotSent: true}
	case refuse:
		return acquirer.Answer{Outcome: acquirer.Declined, Code: "61", FailureCode: "CARD_DECLINED_LIMIT", Message: "한도를 넘었어요."}
	case fine, silent, deny, bare, captured:
	}
	s := &sale{amount: a.Split.Amount, number: strconv.Itoa(10_000_000 + len(h.auths))}
	h.auths[a.AttemptID] = s
	switch q {
	case silent:
		return acquirer.Answer{}
	case bare:
		return acquirer.Answer{Outcome: acquirer.Approved}
	case fine, lost, notSent, refuse, deny, captured:
	}
	return s.answer()
}

func (s *sale) answer() acquirer.Answer {
	return acquirer.Answer{
		Outcome: acquirer.Approved, Code: "00", ApprovalNumber: s.number, RRN: "R" + s.number, CardType: "CREDIT",
		Issuer: acquirer.Party{Code: "11", Name: "KB"}, Acquirer: acquirer.Party{Code: "11", Name: "KB"},
	}
}

func (h *host) Reverse(_ context.Context, r acquirer.Reversal) acquirer.ReversalAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.next(call{kind: "REVERSE", attempt: r.AttemptID, original: r.Original.AttemptID, repeat: r.Repeat, amount: r.Amount})
	s := h.auths[r.Original.AttemptID]
	switch {
	case q == lost || q == notSent:
		return acquirer.ReversalAnswer{}
	case q == deny || s == nil:
		return acquirer.ReversalAnswer{Result: acquirer.NoOriginal}
	case q == refuse || s.captured:
		return acquirer.ReversalAnswer{Result: acquirer.ReversalRefused}
	}
	s.reversed = true
	if q == silent {
		return acquirer.ReversalAnswer{}
	}
	return acquirer.ReversalAnswer{Result: acquirer.Reversed}
}

func (h *host) Cancel(_ context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.next(call{kind: string(c.Kind), attempt: c.AttemptID, original: c.Original.AttemptID, repeat: c.Repeat, amount: c.Split.Amount})
	if t, ok := h.takes[c.AttemptID]; ok && !t.refused && h.d.CancelIdempotent {
		return acquirer.CancelAnswer{Result: acquirer.CancelDone, CancelNumber: t.number}
	}
	s := h.auths[c.Original.AttemptID]
	if q == captured {
		s.captured = true
	}
	switch {
	case q == lost:
		return acquirer.CancelAnswer{}
	case q == notSent:
		return acquirer.CancelAnswer{NotSent: true}
	case q == refuse || s == nil || s.reversed || s.taken+c.Split.Amount > s.amount || c.ApprovalNumber != s.number || c.OriginalAmount != s.amount:
		h.takes[c.AttemptID] = taking{refused: true}
		return acquirer.CancelAnswer{Result: acquirer.CancelRefused, Message: "취소할 수 없어요."}
	case c.Kind == acquirer.Void && s.captured:
		h.takes[c.AttemptID] = taking{refused: true}
		if h.script["VOID-ANSWER"] != nil { // its answer is lost once
			h.script["VOID-ANSWER"] = nil
			return acquirer.CancelAnswer{}
		}
		return acquirer.CancelAnswer{Result: acquirer.CancelAlreadyCaptured}
	}
	s.taken += c.Split.Amount
	t := taking{original: c.Original.AttemptID, number: "C" + strconv.Itoa(len(h.takes)), amount: c.Split.Amount}
	h.takes[c.AttemptID] = t
	if q == silent {
		return acquirer.CancelAnswer{}
	}
	return acquirer.CancelAnswer{Result: acquirer.CancelDone, CancelNumber: t.number}
}

func (h *host) Inquire(_ context.Context, i acquirer.Inquiry) acquirer.InquiryAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.next(call{kind: "INQUIRE", attempt: i.AttemptID, original: i.Subject.AttemptID, amount: i.Amount})
	t, taken := h.takes[i.Subject.AttemptID]
	s := h.auths[i.Subject.AttemptID]
	switch {
	case q == lost || q == silent || q == notSent:
		return acquirer.InquiryAnswer{}
	case taken && t.refused || q == refuse:
		return acquirer.InquiryAnswer{Result: acquirer.InquiryDeclined}
	case q == deny || s == nil && !taken:
		return acquirer.InquiryAnswer{Result: acquirer.InquiryAbsent}
	case taken:
		return acquirer.InquiryAnswer{Result: acquirer.InquiryApproved, Answer: acquirer.Answer{Outcome: acquirer.Approved, ApprovalNumber: t.number}}
	case s.reversed || s.taken == s.amount:
		return acquirer.InquiryAnswer{Result: acquirer.InquiryReversed, Captured: s.captured, Answer: s.answer()}
	}
	return acquirer.InquiryAnswer{Result: acquirer.InquiryApproved, Captured: s.captured, Answer: s.answer()}
}

// slow makes an acquirer that waits until told, for races.
type slow struct {
	*host
	arrived chan string
	release chan struct{}
}

func (s *slow) Authorize(ctx context.Context, a acquirer.Authorization) acquirer.Answer {
	s.arrived <- a.AttemptID
	<-s.release
	if ctx.Err() != nil {
		return acquirer.Answer{}
	}
	return s.host.Authorize(ctx, a)
}
