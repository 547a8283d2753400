package payment_test

import (
	"strings"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
)

// TestUnknownIsSettled runs every way an unknown outcome can go.
func TestUnknownIsSettled(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		authorize quirk
		reverse   []quirk
		inquire   []quirk
		void      []quirk
		refund    []quirk
		captured  bool
		wait      time.Duration // before the first step
		within    time.Duration
		attempt   payment.AttemptStatus
		reversals int // messages; -1: any number
	}{
		"reversed at once":                  {authorize: silent, within: time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"reversal answered the third time":  {authorize: silent, reverse: []quirk{lost, silent}, within: 10 * time.Second, attempt: payment.AttemptReversed, reversals: 3},
		"never arrived":                     {authorize: lost, within: 40 * time.Second, attempt: payment.AttemptAbsent, reversals: -1},
		"lies: no original":                 {authorize: silent, reverse: []quirk{deny, deny}, within: 30 * time.Second, attempt: payment.AttemptReversed, reversals: 3},
		"lies for long":                     {authorize: silent, reverse: repeated(deny, 12), within: 2 * time.Minute, attempt: payment.AttemptReversed, reversals: 13},
		"lies twice, once on inquiry":       {authorize: silent, reverse: repeated(deny, 12), inquire: []quirk{deny}, within: 2 * time.Minute, attempt: payment.AttemptReversed, reversals: 13},
		"lies past the window":              {authorize: silent, reverse: repeated(deny, 1000), within: 6 * time.Minute, attempt: payment.AttemptReversed, reversals: -1},
		"reversal refused, then voided":     {authorize: silent, reverse: []quirk{refuse}, within: 5 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"captured, then refunded":           {authorize: silent, captured: true, within: 5 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"captured between inquiry and void": {authorize: silent, reverse: []quirk{refuse}, void: []quirk{captured}, within: 10 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"void unknown, found done":          {authorize: silent, reverse: []quirk{refuse}, void: []quirk{silent}, within: 10 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"void lost, repeated":               {authorize: silent, reverse: []quirk{refuse}, void: []quirk{lost, lost}, within: 20 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"void refused at first":             {authorize: silent, reverse: []quirk{refuse}, void: []quirk{refuse}, within: 20 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"refund refused at first":           {authorize: silent, captured: true, refund: []quirk{refuse, lost}, within: 30 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"refused, inquiry silent":           {authorize: silent, reverse: []quirk{refuse}, inquire: []quirk{lost, lost, lost}, within: 30 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"refused, inquiry lies once":        {authorize: silent, reverse: []quirk{refuse}, inquire: []quirk{deny}, wait: time.Minute, within: 30 * time.Second, attempt: payment.AttemptReversed, reversals: 1},
		"silent past the window":            {authorize: silent, reverse: repeated(lost, 1000), within: 6 * time.Minute, attempt: payment.AttemptReversed, reversals: -1},
		"absent past the window":            {authorize: lost, reverse: repeated(lost, 1000), within: 6 * time.Minute, attempt: payment.AttemptAbsent, reversals: -1},
		"declined, and the answer was lost": {authorize: lost, reverse: repeated(deny, 1000), inquire: repeated(refuse, 1), within: 20 * time.Second, attempt: payment.AttemptDeclined, reversals: -1},
		"everything silent past every time": {authorize: silent, reverse: repeated(lost, 1000), inquire: repeated(lost, 40), within: 12 * time.Hour, attempt: payment.AttemptReversed, reversals: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.host.on("AUTHORIZE", tc.authorize)
			r.host.on("REVERSE", tc.reverse...)
			r.host.on("INQUIRE", tc.inquire...)
			r.host.on("VOID", tc.void...)
			r.host.on("REFUND", tc.refund...)
			c := create(33_000)
			res := r.pay(c)
			if res.Status != 202 || res.Payment.Status != payment.Unknown {
				t.Fatalf("HTTP %d %s, want 202 UNKNOWN", res.Status, res.Payment.Status)
			}
			if tc.captured {
				r.host.capture()
			}
			r.clock.Advance(tc.wait)
			r.settle(tc.within)
			checkSettled(t, r, res.Payment.ID, tc.attempt, tc.reversals)
			if res := r.pay(again(c)); res.Status != 201 || !res.Replayed || res.Payment.Status != payment.Aborted {
				t.Errorf("replay: HTTP %d %s", res.Status, res.Payment.Status)
			}
			next := again(c)
			next.Key = "next"
			if res := r.pay(next); res.Payment.Status != payment.Done {
				t.Errorf("the order is not free again: %s", res.Payment.Status)
			}
		})
	}
}

func checkSettled(t *testing.T, r *rig, paymentID string, want payment.AttemptStatus, reversals int) {
	t.Helper()
	d := r.dossier(paymentID)
	if d.Payment.Status != payment.Aborted || d.Payment.OrderLive {
		t.Errorf("payment is %s, order live %t", d.Payment.Status, d.Payment.OrderLive)
	}
	if want != payment.AttemptDeclined && d.Payment.Failure.Code != "REVERSED" {
		t.Errorf("failure %+v", d.Payment.Failure)
	}
	if got := r.attempts(paymentID, payment.Authorize)[0]; got.Status != want || got.SettledAt.IsZero() {
		t.Errorf("authorization is %s settled %v, want %s", got.Status, got.SettledAt, want)
	}
	if sum := r.host.standing(); sum != 0 {
		t.Errorf("buyers have paid %d", sum)
	}
	if n := r.host.times("REVERSE"); reversals >= 0 && n != reversals {
		t.Errorf("%d reversals were sent, want %d", n, reversals)
	}
	if n := len(r.attempts(paymentID, payment.Reverse)); n > 1 {
		t.Errorf("%d reversal attempts on record, want one that is repeated", n)
	}
	first := true
	for _, c := range r.host.calls {
		if c.kind == "REVERSE" {
			if c.repeat == first {
				t.Errorf("reversal flagged repeat %t, first %t", c.repeat, first)
			}
			first = false
		}
	}
	r.books(paymentID)
}

func repeated(q quirk, n int) []quirk {
	qs := make([]quirk, n)
	for i := range qs {
		qs[i] = q
	}
	return qs
}

func TestNoOriginalIsNotFinalBeforeItsTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", lost)
	res := r.pay(create(10_000))
	r.clock.Advance(acquirer.DemoTimeouts().NoOriginalAfter + 4*time.Second) // it may have left 5 s after its intent
	r.step(r.Service)
	if p := r.get(res.Payment.ID); p.Status != payment.Unknown || r.host.times("INQUIRE") != 0 {
		t.Fatalf("%s after one early NO_ORIGINAL, %d inquiries", p.Status, r.host.times("INQUIRE"))
	}
	r.clock.Advance(10 * time.Second)
	r.step(r.Service)
	if p := r.get(res.Payment.ID); p.Status != payment.Unknown || r.host.times("INQUIRE") != 1 {
		t.Fatalf("%s after the first inquiry, %d inquiries", p.Status, r.host.times("INQUIRE"))
	}
	r.clock.Advance(10 * time.Second)
	r.step(r.Service)
	if p := r.get(res.Payment.ID); p.Status != payment.Aborted {
		t.Errorf("%s after the second inquiry found nothing", p.Status)
	}
}

func TestTheDerivedIdsAreTheSameForEveryInstance(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	r.host.on("REVERSE", refuse)
	r.host.on("VOID", lost)
	res := r.pay(create(10_000))
	r.step(r.Service) // the reversal is refused
	r.step(r.Service) // the void is lost
	r.clock.Advance(time.Minute)
	other := r.instance("instance-2")
	r.step(other)
	voids := r.attempts(res.Payment.ID, payment.Void)
	if len(voids) != 1 || voids[0].Sends != 2 || voids[0].ID != "avd_"+strings.TrimPrefix(res.Payment.AttemptID, "att_") {
		t.Errorf("voids %+v", voids)
	}
	if p := r.get(res.Payment.ID); p.Status != payment.Aborted {
		t.Errorf("payment is %s", p.Status)
	}
}

func TestDeadProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	for name, point := range map[string]struct {
		point memory.Point
		fate  memory.Fate
		held  bool // the acquirer holds an approval when the process dies
	}{
		"after W1":  {memory.Intents, memory.CrashAfter, false},
		"before W2": {memory.Outcomes, memory.CrashBefore, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.fates.set(point.point, point.fate)
			c := create(10_000)
			dies(t, func() { _, _ = r.PayByCard(t.Context(), c) })
			if (r.host.standing() != 0) != point.held {
				t.Fatalf("buyers have paid %d", r.host.standing())
			}
			next := r.instance("instance-2")
			if n := r.step(next); n != 0 {
				t.Fatalf("%d jobs taken from a process that may live", n)
			}
			r.Service = next
			_, err := r.PayByCard(t.Context(), again(c))
			wantFault(t, err, "IN_PROGRESS")
			r.clock.Advance(10 * time.Second)
			r.step(next)
			if res := r.pay(again(c)); res.Status != 202 {
				t.Errorf("HTTP %d while it is settled, want 202", res.Status)
			}
			r.settle(time.Minute)
			if res := r.pay(again(c)); res.Status != 201 || res.Payment.Failure.Code != "REVERSED" || r.host.standing() != 0 {
				t.Errorf("HTTP %d %+v, buyers have paid %d", res.Status, res.Payment.Failure, r.host.standing())
			}
		})
	}
}

// dies runs f, in which the process must die.
func dies(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if _, ok := recover().(memory.Crash); !ok {
			t.Fatal("the process did not die")
		}
	}()
	f()
}

// TestDeathWhileSettling kills the process at each commit of the settling, before and
// after it, and sees that the next process ends what it began.
func TestDeathWhileSettling(t *testing.T) {
	t.Parallel()
	for _, fate := range []memory.Fate{memory.CrashBefore, memory.CrashAfter, memory.Fail, memory.Lose} {
		for at := range 12 {
			r := newRig(t)
			r.host.on("AUTHORIZE", silent)
			r.host.on("REVERSE", deny, refuse)
			r.host.on("VOID", silent)
			res := r.pay(create(10_000))
			r.fates.set(memory.General, append(repeatedFate(memory.Proceed, at), fate)...)
			for range 40 {
				func() {
					defer func() { _ = recover() }()
					r.step(r.instance("instance-" + time.Duration(at).String()))
				}()
				r.clock.Advance(time.Minute / 2)
			}
			if p := r.get(res.Payment.ID); p.Status != payment.Aborted || r.host.standing() != 0 {
				t.Errorf("fate %d at commit %d: %s, buyers have paid %d", fate, at, p.Status, r.host.standing())
			}
			r.books(res.Payment.ID)
		}
	}
}

func repeatedFate(f memory.Fate, n int) []memory.Fate {
	fs := make([]memory.Fate, n)
	for i := range fs {
		fs[i] = f
	}
	return fs
}

func TestPastEveryDeadlineTheOperatorIsCalled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	r.host.on("REVERSE", repeated(lost, 1000)...)
	r.host.on("INQUIRE", repeated(lost, 1000)...)
	res := r.pay(create(10_000))
	for range 700 {
		r.step(r.Service)
		r.clock.Advance(time.Second)
	}
	us, err := r.ListUnsettled(t.Context(), shop, 10)
	if err != nil || len(us) != 1 || us[0].Phase != payment.PhaseOperator {
		t.Fatalf("unsettled %+v %v", us, err)
	}
	alarms := 0
	for _, a := range r.store.Snapshot().Audits {
		if a.Action == "payment.operator_needed" {
			alarms++
		}
	}
	if p := r.get(res.Payment.ID); p.Status != payment.Unknown || alarms != 1 {
		t.Errorf("payment %s, %d alarms; want UNKNOWN and one", p.Status, alarms)
	}
}

func TestLateAnswerIsEvidenceOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	r.host.takeLate(res.Payment.AttemptID, acquirer.Answer{Outcome: acquirer.Approved, Code: "00", ApprovalNumber: "1"})
	r.host.takeLate("att_foreign", acquirer.Answer{Outcome: acquirer.Approved})
	if a := r.attempts(res.Payment.ID, payment.Authorize)[0]; a.Late == "" || a.Status != payment.AttemptUnknown {
		t.Errorf("attempt %+v", a)
	}
	r.settle(time.Minute)
	if p := r.get(res.Payment.ID); p.Status != payment.Aborted || r.host.times("REVERSE") != 1 {
		t.Errorf("%s, %d reversals", p.Status, r.host.times("REVERSE"))
	}
}

func TestEventsRiseInVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	r.settle(time.Minute)
	var types []outbox.Type
	last := int64(0)
	for _, e := range r.store.Snapshot().Events {
		if e.Subject != res.Payment.ID || e.Version <= last {
			t.Errorf("event %+v after version %d", e, last)
		}
		last = e.Version
		types = append(types, e.Type)
	}
	if len(types) != 2 || types[0] != outbox.PaymentUnknown || types[1] != outbox.PaymentReversed {
		t.Errorf("events %v", types)
	}
}
