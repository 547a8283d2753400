package payment_test

import (
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
)

func TestOperatorFollowsOnlyWhatAnInquiryProves(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		authorize, reverse, inquire []quirk
		wait                        time.Duration
		to                          payment.Status
		fault                       string
		want                        payment.Status
		standing                    bool
	}{
		"done, approved":          {authorize: []quirk{silent}, to: payment.Done, want: payment.Done, standing: true},
		"done, absent":            {authorize: []quirk{lost}, wait: time.Minute, to: payment.Done, fault: "NOT_PROVEN", want: payment.Unknown},
		"done, reversed":          {authorize: []quirk{silent}, reverse: []quirk{silent}, wait: 10 * time.Second, to: payment.Done, fault: "NOT_PROVEN", want: payment.Unknown},
		"done, no answer":         {authorize: []quirk{silent}, inquire: []quirk{lost}, to: payment.Done, fault: "NOT_PROVEN", want: payment.Unknown, standing: true},
		"aborted, approved":       {authorize: []quirk{silent}, to: payment.Aborted, fault: "NOT_PROVEN", want: payment.Unknown, standing: true},
		"aborted, reversed":       {authorize: []quirk{silent}, reverse: []quirk{silent}, to: payment.Aborted, want: payment.Aborted},
		"aborted, declined":       {authorize: []quirk{lost}, inquire: []quirk{refuse}, to: payment.Aborted, want: payment.Aborted},
		"aborted, absent once":    {authorize: []quirk{lost}, wait: time.Minute, to: payment.Aborted, fault: "NOT_PROVEN", want: payment.Unknown},
		"aborted, a lie":          {authorize: []quirk{silent}, inquire: []quirk{deny}, wait: time.Minute, to: payment.Aborted, fault: "NOT_PROVEN", want: payment.Unknown, standing: true},
		"aborted, absent too new": {authorize: []quirk{lost}, to: payment.Aborted, fault: "NOT_PROVEN", want: payment.Unknown},
		"no such outcome":         {authorize: []quirk{silent}, to: payment.Canceled, fault: "NOT_PROVEN", want: payment.Unknown, standing: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.host.on("AUTHORIZE", tc.authorize...)
			res := r.pay(create(10_000))
			if tc.reverse != nil {
				r.host.on("REVERSE", tc.reverse...)
				r.step(r.Service)
			}
			r.host.on("INQUIRE", tc.inquire...)
			r.clock.Advance(tc.wait)
			p, err := r.Resolve(t.Context(), shop, res.Payment.ID, tc.to, "usr_operator")
			if tc.fault == "" && err != nil {
				t.Fatalf("Resolve: %v", err)
			}
			if tc.fault != "" {
				wantFault(t, err, tc.fault)
			}
			if p.Status != tc.want || r.get(p.ID).Status != tc.want || (r.host.standing() != 0) != tc.standing {
				t.Errorf("payment %s, buyers have paid %d", p.Status, r.host.standing())
			}
			r.books(p.ID)
			r.settle(time.Minute) // what was not proven goes on by itself
			if p := r.get(p.ID); p.Status.Approved() != (r.host.standing() != 0) {
				t.Errorf("in the end %s, buyers have paid %d", p.Status, r.host.standing())
			}
			checkAudit(t, r, tc.fault == "")
		})
	}
}

func checkAudit(t *testing.T, r *rig, resolved bool) {
	t.Helper()
	byHand := false
	for _, a := range r.store.Snapshot().Audits {
		byHand = byHand || a.Actor == "usr_operator"
	}
	if resolved != byHand && resolved {
		t.Error("the operator's act is not on record")
	}
}

func TestOperatorAndWorkerExcludeEachOther(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	now := r.clock.Now()
	jobs, err := r.store.Lease(t.Context(), "instance-2", now, now.Add(time.Minute), 10)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("jobs %v %v", jobs, err)
	}
	_, err = r.Resolve(t.Context(), shop, res.Payment.ID, payment.Done, "usr_operator")
	wantFault(t, err, "BEING_SETTLED")
	if err := r.instance("instance-2").Settle(t.Context(), jobs[0]); err != nil {
		t.Fatal(err)
	}
	_, err = r.Resolve(t.Context(), shop, res.Payment.ID, payment.Done, "usr_operator")
	wantFault(t, err, "NOT_UNSETTLED")
	_, err = r.Resolve(t.Context(), merchant.TenantOf("mer_other"), res.Payment.ID, payment.Done, "usr_operator")
	wantFault(t, err, "PAYMENT_NOT_FOUND")
}

func TestOperatorAbortsWhatTwoInquiriesDidNotFind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", lost)
	res := r.pay(create(10_000))
	for range 2 { // too early, then late enough for the first time
		_, err := r.Resolve(t.Context(), shop, res.Payment.ID, payment.Aborted, "usr_operator")
		wantFault(t, err, "NOT_PROVEN")
		r.clock.Advance(time.Minute)
	}
	if p, err := r.Resolve(t.Context(), shop, res.Payment.ID, payment.Aborted, "usr_operator"); err != nil || p.Status != payment.Aborted {
		t.Errorf("%s %v", p.Status, err)
	}
}

// A reversal nobody answered may still arrive: "approved" proves nothing yet.
func TestOperatorWaitsForAReversalUnderWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	r.host.on("REVERSE", lost)
	res := r.pay(create(10_000))
	r.step(r.Service)
	_, err := r.Resolve(t.Context(), shop, res.Payment.ID, payment.Done, "usr_operator")
	if f := wantFault(t, err, "BEING_SETTLED"); f.RetryAfter == 0 {
		t.Error("no word on when to try again")
	}
	r.clock.Advance(6 * time.Second)
	if p, err := r.Resolve(t.Context(), shop, res.Payment.ID, payment.Done, "usr_operator"); err != nil || p.Status != payment.Done {
		t.Errorf("%s %v", p.Status, err)
	}
}

// A worker that was slow must not undo what the operator settled meanwhile.
func TestSlowWorkerMeetsTheOperatorsVerdict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	now := r.clock.Now()
	jobs, err := r.store.Lease(t.Context(), "instance-2", now, now.Add(time.Second), 10)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("jobs %v %v", jobs, err)
	}
	r.clock.Advance(2 * time.Second)
	if _, err := r.Resolve(t.Context(), shop, res.Payment.ID, payment.Done, "usr_operator"); err != nil {
		t.Fatal(err)
	}
	if err := r.instance("instance-2").Settle(t.Context(), jobs[0]); err == nil {
		t.Error("a settled job was settled once more")
	}
	if p := r.get(res.Payment.ID); p.Status != payment.Done || r.host.standing() != 10_000 {
		t.Errorf("payment %s, buyers have paid %d, %d reversals", p.Status, r.host.standing(), r.host.times("REVERSE"))
	}
}

func TestOperatorsListIsOldestFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent, silent, silent)
	var want []string
	for range 3 {
		want = append(want, r.pay(create(10_000)).Payment.ID)
		r.clock.Advance(time.Second)
	}
	us, err := r.ListUnsettled(t.Context(), merchant.Tenant{}, 2)
	if err != nil || len(us) != 2 || us[0].PaymentID != want[0] || us[1].PaymentID != want[1] {
		t.Errorf("%+v %v", us, err)
	}
	if us, err := r.ListUnsettled(t.Context(), merchant.TenantOf("mer_other"), 10); err != nil || len(us) != 0 {
		t.Errorf("another merchant sees %+v %v", us, err)
	}
}

// "Never existed", said while the message could still be on its way, was the truth then
// and proves nothing now: one wrong word more must not be enough.
func TestAbsenceSaidTooEarlyIsNotHalfAProof(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	p := r.pay(create(10_000)).Payment
	r.host.on("INQUIRE", deny)
	_, err := r.Resolve(t.Context(), shop, p.ID, payment.Done, "usr_operator")
	wantFault(t, err, "NOT_PROVEN")
	r.clock.Advance(time.Minute)
	r.host.on("INQUIRE", deny)
	_, err = r.Resolve(t.Context(), shop, p.ID, payment.Aborted, "usr_operator")
	wantFault(t, err, "NOT_PROVEN")
	r.settle(time.Hour)
	if r.host.standing() != 0 {
		t.Errorf("the buyer has paid %d for a payment that is %s", r.host.standing(), r.get(p.ID).Status)
	}
}
