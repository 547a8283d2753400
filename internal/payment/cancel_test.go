package payment_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/money"
)

func TestWholeCancelBeforeCaptureIsAVoid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(55_000)
	res := r.cancel(p.ID, nil)
	if res.Status != 200 || res.Payment.Status != payment.Canceled || res.Payment.AcquireStatus != payment.AcquireCanceled {
		t.Fatalf("HTTP %d %+v", res.Status, res.Payment)
	}
	c := r.get(p.ID).Cancels[0]
	if c.Kind != "VOID" || c.Status != payment.CancelDone || c.Split != p.Split || c.CancelNumber == "" || r.host.standing() != 0 {
		t.Errorf("cancel %+v, buyers have paid %d", c, r.host.standing())
	}
	r.books(p.ID)
	if ps := r.dossier(p.ID).Postings; len(ps) != 4 || ps[2].Event != ledger.Cancel || ps[2].EntryID != c.ID || ps[2].Amount != -55_000 {
		t.Errorf("postings %+v", ps)
	}
	_, err := r.Cancel(t.Context(), r.cancelCommand(p.ID, nil))
	wantFault(t, err, "NOT_CANCELABLE")
	_, err = r.PayByCard(t.Context(), create(1_000, func(c *payment.Create) { c.OrderID = p.OrderID }))
	wantFault(t, err, "DUPLICATE_ORDER")
}

func TestPartialCancelsAreRefundsUpToTheBalance(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	res := r.cancel(p.ID, new(money.Won(1_000)))
	if res.Payment.Status != payment.PartialCanceled || res.Payment.Balance.Amount != 9_000 || res.Payment.Cancels[0].Kind != "REFUND" || res.Payment.Cancels[0].Split.VAT != 91 {
		t.Fatalf("%+v", res.Payment)
	}
	_, err := r.Cancel(t.Context(), r.cancelCommand(p.ID, new(money.Won(9_001))))
	wantFault(t, err, "EXCEEDS_BALANCE")
	res = r.cancel(p.ID, nil)
	if res.Payment.Status != payment.Canceled || res.Payment.Balance != (money.Split{}) || r.host.standing() != 0 {
		t.Errorf("%+v, buyers have paid %d", res.Payment, r.host.standing())
	}
	r.books(p.ID)
}

func TestCancelKindFollowsTheCapture(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, clock.Seoul) }
	for name, tc := range map[string]struct {
		paid, canceled time.Time
		want           string
	}{
		"same day":                       {at(2, 12, 0), at(2, 22, 59), "VOID"},
		"just after the capture hour":    {at(2, 12, 0), at(2, 23, 30), "VOID"},
		"an hour after the capture":      {at(2, 12, 0), at(3, 0, 0), "REFUND"},
		"paid after the capture":         {at(2, 23, 30), at(3, 12, 0), "VOID"},
		"paid after the capture, passed": {at(2, 23, 30), at(4, 12, 0), "REFUND"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.clock.Set(tc.paid)
			p := r.approved(10_000)
			r.clock.Set(tc.canceled)
			if c := r.cancel(p.ID, nil).Payment.Cancels[0]; c.Kind != tc.want || c.Status != payment.CancelDone {
				t.Errorf("cancel %+v, want %s", c, tc.want)
			}
		})
	}
}

func TestVoidThatCameTooLateIsRefunded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		void, answerLost []quirk
		refund           []quirk
		status           int
	}{
		"told at once":        {status: 200},
		"answer lost":         {answerLost: []quirk{lost}, status: 202},
		"void lost":           {void: []quirk{lost}, status: 202},
		"refund unknown":      {refund: []quirk{silent}, status: 202},
		"refund lost twice":   {refund: []quirk{lost, lost}, status: 202},
		"void and refund los": {void: []quirk{lost}, refund: []quirk{silent}, status: 202},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.approved(10_000)
			r.host.capture()
			r.host.on("VOID", tc.void...)
			r.host.on("VOID-ANSWER", tc.answerLost...)
			r.host.on("REFUND", tc.refund...)
			cmd := r.cancelCommand(p.ID, nil)
			res, err := r.Cancel(t.Context(), cmd)
			if err != nil || res.Status != tc.status {
				t.Fatalf("HTTP %d %v, want %d", res.Status, err, tc.status)
			}
			r.settle(time.Minute)
			d := r.dossier(p.ID)
			if len(d.Payment.Cancels) != 1 || d.Payment.Cancels[0].Kind != "REFUND" || d.Payment.Cancels[0].Status != payment.CancelDone || r.host.standing() != 0 {
				t.Fatalf("cancels %+v, buyers have paid %d", d.Payment.Cancels, r.host.standing())
			}
			if v, f := r.attempts(p.ID, payment.Void), r.attempts(p.ID, payment.Refund); len(v) != 1 || v[0].Status != payment.AttemptDeclined || len(f) != 1 || f[0].CancelID != v[0].CancelID {
				t.Errorf("voids %+v refunds %+v", v, f)
			}
			again, err := r.Cancel(t.Context(), cmd)
			if err != nil || again.Status != 200 || !again.Replayed {
				t.Errorf("replay HTTP %d %v", again.Status, err)
			}
			r.books(p.ID)
		})
	}
}

func TestRefusedCancelGivesTheBalanceBack(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first quirk
		code  string
	}{"refused": {refuse, "CANCEL_REFUSED"}, "not sent": {notSent, "NOT_SENT"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.approved(10_000)
			r.host.on("REFUND", tc.first)
			res := r.cancel(p.ID, new(money.Won(4_000)))
			c := res.Payment.Cancels[0]
			if res.Status != 200 || c.Status != payment.CancelFailed || c.Failure.Code != tc.code || res.Payment.Balance != p.Balance || res.Payment.Status != payment.Done {
				t.Fatalf("HTTP %d %+v", res.Status, res.Payment)
			}
			if res := r.cancel(p.ID, nil); res.Payment.Status != payment.Canceled {
				t.Errorf("after a failed cancel the whole one is %s", res.Payment.Status)
			}
			r.books(p.ID)
		})
	}
}

func TestUnknownCancelIsInquiredThenRepeated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refund, inquire []quirk
		idempotent      bool
		want            payment.CancelStatus
		sends           int
	}{
		"done, the answer was lost":             {[]quirk{silent}, nil, true, payment.CancelDone, 1},
		"never arrived":                         {[]quirk{lost}, nil, true, payment.CancelDone, 2},
		"inquiry silent, repeated blindly":      {[]quirk{silent}, []quirk{lost}, true, payment.CancelDone, 2},
		"inquiry lies, repeated":                {[]quirk{silent}, []quirk{deny}, true, payment.CancelDone, 2},
		"repeat refused":                        {[]quirk{lost, refuse}, nil, true, payment.CancelFailed, 2},
		"not idempotent: absent, then repeated": {[]quirk{lost}, nil, false, payment.CancelDone, 2},
		"not idempotent: inquiry silent":        {[]quirk{silent}, []quirk{lost, lost}, false, payment.CancelDone, 1},
		"not idempotent: refused, answer lost":  {[]quirk{lost}, []quirk{refuse}, false, payment.CancelFailed, 1},
		"repeat not sent":                       {[]quirk{lost, notSent}, nil, true, payment.CancelDone, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.host.d.CancelIdempotent = tc.idempotent
			p := r.approved(10_000)
			r.host.on("REFUND", tc.refund...)
			r.host.on("INQUIRE", tc.inquire...)
			cmd := r.cancelCommand(p.ID, new(money.Won(4_000)))
			res, err := r.Cancel(t.Context(), cmd)
			if err != nil || res.Status != 202 || res.Payment.Balance.Amount != 6_000 || res.Payment.Cancels[0].Status != payment.CancelUnknown {
				t.Fatalf("HTTP %d %v %+v", res.Status, err, res.Payment)
			}
			r.books(p.ID)
			_, err = r.Cancel(t.Context(), r.cancelCommand(p.ID, new(money.Won(6_001))))
			wantFault(t, err, "EXCEEDS_BALANCE")
			r.settle(time.Minute)
			as := r.attempts(p.ID, payment.Refund)
			if c := r.get(p.ID).Cancels[0]; c.Status != tc.want || len(as) != 1 || as[0].Sends != tc.sends {
				t.Errorf("cancel %+v, attempts %+v", c, as)
			}
			r.books(p.ID)
			if want := r.get(p.ID).Balance.Amount; r.host.standing() != want {
				t.Errorf("buyers have paid %d, balance %d", r.host.standing(), want)
			}
			again, err := r.Cancel(t.Context(), cmd)
			if err != nil || again.Status != 200 || again.TraceID != cmd.TraceID {
				t.Errorf("replay HTTP %d %v", again.Status, err)
			}
		})
	}
}

func TestPartialCancelAtAnAcquirerThatCannot(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.d.PartialCancel = false
	p := r.approved(10_000)
	_, err := r.Cancel(t.Context(), r.cancelCommand(p.ID, new(money.Won(1))))
	wantFault(t, err, "NOT_CANCELABLE")
	if res := r.cancel(p.ID, nil); res.Payment.Status != payment.Canceled {
		t.Errorf("whole cancel: %s", res.Payment.Status)
	}
}

func TestCancelRules(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	r.host.on("AUTHORIZE", refuse, silent)
	declined, unknown := r.pay(create(10_000)).Payment, r.pay(create(10_000)).Payment
	for name, tc := range map[string]struct {
		change func(*payment.CancelCommand)
		code   string
		field  string
	}{
		"another merchant's, before all else": {func(c *payment.CancelCommand) {
			c.Tenant, c.CancelPassword, c.Reason = merchant.TenantOf("mer_other"), "", ""
		}, "PAYMENT_NOT_FOUND", ""},
		"missing":          {func(c *payment.CancelCommand) { c.PaymentID = "pay_none" }, "PAYMENT_NOT_FOUND", ""},
		"declined":         {func(c *payment.CancelCommand) { c.PaymentID = declined.ID }, "NOT_CANCELABLE", ""},
		"unknown":          {func(c *payment.CancelCommand) { c.PaymentID = unknown.ID }, "NOT_CANCELABLE", ""},
		"wrong password":   {func(c *payment.CancelCommand) { c.CancelPassword = "wrong" }, "CANCEL_PASSWORD_WRONG", ""},
		"no password":      {func(c *payment.CancelCommand) { c.CancelPassword = "" }, "INVALID_REQUEST", "/cancelPassword:REQUIRED"},
		"no reason":        {func(c *payment.CancelCommand) { c.Reason = " " }, "INVALID_REQUEST", "/reason:INVALID_REASON"},
		"nothing":          {func(c *payment.CancelCommand) { c.Amount = new(money.Won(0)) }, "INVALID_REQUEST", "/amount:OUT_OF_RANGE"},
		"too much":         {func(c *payment.CancelCommand) { c.Amount = new(money.Won(10_001)) }, "EXCEEDS_BALANCE", ""},
		"negative taxfree": {func(c *payment.CancelCommand) { c.TaxFree = new(money.Won(-1)) }, "INVALID_REQUEST", "/taxFreeAmount:OUT_OF_RANGE"},
		"taxfree of none":  {func(c *payment.CancelCommand) { c.Amount, c.TaxFree = new(money.Won(100)), new(money.Won(1)) }, "INVALID_REQUEST", "/taxFreeAmount:OUT_OF_RANGE"},
	} {
		cmd := r.cancelCommand(p.ID, nil)
		tc.change(&cmd)
		_, err := r.Cancel(t.Context(), cmd)
		f := wantFault(t, err, tc.code)
		if tc.field != "" && (len(f.Fields) != 1 || f.Fields[0].Path+":"+f.Fields[0].Code != tc.field) {
			t.Errorf("%s: fields %+v, want %s", name, f.Fields, tc.field)
		}
	}
	if n := r.host.times("VOID") + r.host.times("REFUND"); n != 0 {
		t.Errorf("%d cancels were sent", n)
	}
}

func TestCancelReplays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	cmd := r.cancelCommand(p.ID, new(money.Won(1_000)))
	first, err := r.Cancel(t.Context(), cmd)
	if err != nil {
		t.Fatal(err)
	}
	r.cancel(p.ID, new(money.Won(2_000)))
	r.hasher.rotate()
	cmd.TraceID = "another"
	second, err := r.Cancel(t.Context(), cmd)
	if err != nil || !bytes.Equal(first.Body, second.Body) || !second.Replayed || second.Status != 200 || second.TraceID != first.TraceID {
		t.Errorf("replay %+v %v", second, err)
	}
	changed := cmd
	changed.Amount = new(money.Won(1_001))
	_, err = r.Cancel(t.Context(), changed)
	wantFault(t, err, "IDEMPOTENCY_KEY_REUSED")
	wrong := cmd
	wrong.CancelPassword = "wrong"
	_, err = r.Cancel(t.Context(), wrong)
	wantFault(t, err, "CANCEL_PASSWORD_WRONG")
	if n := r.host.times("REFUND"); n != 2 {
		t.Errorf("%d refunds were sent, want 2", n)
	}
}

func TestCancelCommits(t *testing.T) {
	t.Parallel()
	t.Run("reservation fails: nothing sent, key free", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		p := r.approved(10_000)
		cmd := r.cancelCommand(p.ID, nil)
		r.fates.set(memory.General, memory.Fail)
		_, err := r.Cancel(t.Context(), cmd)
		wantFault(t, err, "UNAVAILABLE")
		if r.host.times("VOID") != 0 || r.get(p.ID).Balance != p.Balance {
			t.Fatal("something was sent or reserved")
		}
		if res, err := r.Cancel(t.Context(), cmd); err != nil || res.Payment.Status != payment.Canceled {
			t.Errorf("the same press later: %+v %v", res.Payment, err)
		}
	})
	t.Run("reservation stands although reported lost", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		p := r.approved(10_000)
		r.fates.set(memory.General, memory.Lose)
		if res := r.cancel(p.ID, nil); res.Status != 200 || res.Payment.Status != payment.Canceled || r.host.times("VOID") != 1 {
			t.Errorf("HTTP %d %+v", res.Status, res.Payment)
		}
	})
	t.Run("outcome reported lost", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		p := r.approved(10_000)
		r.fates.set(memory.General, memory.Proceed, memory.Lose)
		begun := r.clock.Now()
		if res := r.cancel(p.ID, nil); res.Status != 200 || res.Payment.Status != payment.Canceled || r.clock.Now().Sub(begun) > 50*time.Millisecond {
			t.Errorf("HTTP %d %+v after %s", res.Status, res.Payment, r.clock.Now().Sub(begun))
		}
		r.books(p.ID)
	})
	t.Run("outcome never written", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		p := r.approved(10_000)
		cmd := r.cancelCommand(p.ID, nil)
		r.fates.set(memory.General, append([]memory.Fate{memory.Proceed}, repeatedFate(memory.Fail, 40)...)...)
		res, err := r.Cancel(t.Context(), cmd)
		if err != nil || res.Status != 202 || res.Payment.Cancels[0].Status != payment.CancelUnknown {
			t.Fatalf("HTTP %d %v %+v", res.Status, err, res.Payment)
		}
		r.fates.set(memory.General)
		r.settle(time.Minute)
		if res, err := r.Cancel(t.Context(), cmd); err != nil || res.Status != 200 || res.Payment.Status != payment.Canceled || r.host.times("VOID") != 1 {
			t.Errorf("HTTP %d %v %+v", res.Status, err, res.Payment)
		}
		r.books(p.ID)
	})
}

// TestDeathWhileCanceling kills the process at each commit of a cancel that turns from
// a void into a refund, before and after the commit.
func TestDeathWhileCanceling(t *testing.T) {
	t.Parallel()
	for _, fate := range []memory.Fate{memory.CrashBefore, memory.CrashAfter} {
		for at := range 3 {
			r := newRig(t)
			p := r.approved(10_000)
			r.host.capture()
			cmd := r.cancelCommand(p.ID, nil)
			r.fates.set(memory.General, append(repeatedFate(memory.Proceed, at), fate)...)
			dies(t, func() { _, _ = r.Cancel(t.Context(), cmd) })
			r.Service = r.instance("instance-2")
			r.settle(time.Minute)
			res, err := r.Cancel(t.Context(), cmd)
			if err != nil || res.Status != 200 || res.Payment.Status != payment.Canceled || r.host.standing() != 0 {
				t.Errorf("fate %d at commit %d: HTTP %d %v %s, buyers have paid %d", fate, at, res.Status, err, res.Payment.Status, r.host.standing())
			}
			if n := r.host.times("REFUND"); n > 2 {
				t.Errorf("%d refunds were sent", n)
			}
			r.books(p.ID)
		}
	}
}

// meanwhile runs f the first time that a reversal or cancel is under way.
type meanwhile struct {
	*host
	f func()
}

func (m *meanwhile) Cancel(ctx context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	an := m.host.Cancel(ctx, c)
	if f := m.f; f != nil {
		m.f = nil
		f()
	}
	return an
}

func TestWorkerTakesASlowCancelOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	h := &meanwhile{host: r.host}
	h.f = func() { // the sending process stands still until a worker has settled the cancel
		r.clock.Advance(time.Minute)
		r.settle(time.Minute)
	}
	s := payment.New(withAcquirer(r.Options, h))
	res, err := s.Cancel(t.Context(), r.cancelCommand(p.ID, nil))
	if err != nil || res.Status != 200 || res.Payment.Status != payment.Canceled {
		t.Errorf("HTTP %d %v %+v", res.Status, err, res.Payment)
	}
	if ps := r.dossier(p.ID).Postings; len(ps) != 4 {
		t.Errorf("%d postings, want one approval and one cancel", len(ps))
	}
	r.books(p.ID)
}
