package payment_test

import (
	"slices"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// kinds of a timeline's steps, and that none stands before its cause.
func kindsOf(t *testing.T, line payment.Timeline) []payment.StepKind {
	t.Helper()
	var ks []payment.StepKind
	for _, s := range line.Steps {
		ks = append(ks, s.Kind)
		if s.Kind != payment.StepRequested && s.AttemptID == "" && s.CancelID == "" && s.Kind != payment.StepSigned {
			t.Errorf("%s names nothing", s.Kind)
		}
	}
	return ks
}

// lives are payments of every end, with the steps told of each.
var lives = map[string]struct {
	authorize quirk
	reverse   []quirk
	steps     int     // of settling, a second apart
	cancel    []quirk // a void, answered so
	open      bool
	want      []payment.StepKind
}{
	"approved": {want: []payment.StepKind{payment.StepRequested, payment.StepSent, payment.StepApproved}},
	"declined": {authorize: refuse, want: []payment.StepKind{payment.StepRequested, payment.StepSent, payment.StepDeclined}},
	"unknown": {
		authorize: silent, open: true,
		want: []payment.StepKind{payment.StepRequested, payment.StepSent, payment.StepUnknown},
	},
	"reversed": {
		authorize: silent, steps: 1,
		want: []payment.StepKind{payment.StepRequested, payment.StepSent, payment.StepUnknown, payment.StepReversal, payment.StepReversed},
	},
	"reversal refused, then voided": {
		authorize: silent, reverse: []quirk{refuse}, steps: 2,
		want: []payment.StepKind{
			payment.StepRequested, payment.StepSent, payment.StepUnknown, payment.StepReversal, payment.StepInquiry, payment.StepUndo,
			payment.StepReversed,
		},
	},
	"cancelled": {
		cancel: []quirk{},
		want: []payment.StepKind{
			payment.StepRequested, payment.StepSent, payment.StepApproved, payment.StepCancelRequested, payment.StepCancelSent,
			payment.StepCancelDone,
		},
	},
	"cancel refused": {
		cancel: []quirk{refuse},
		want: []payment.StepKind{
			payment.StepRequested, payment.StepSent, payment.StepApproved, payment.StepCancelRequested, payment.StepCancelSent,
			payment.StepCancelFailed,
		},
	},
	"cancel unknown": {
		cancel: []quirk{silent}, open: true,
		want: []payment.StepKind{
			payment.StepRequested, payment.StepSent, payment.StepApproved, payment.StepCancelRequested, payment.StepCancelSent,
			payment.StepCancelUnknown,
		},
	},
}

// TestTimelineTellsTheLifeInOrder follows payments of every end.
func TestTimelineTellsTheLifeInOrder(t *testing.T) {
	t.Parallel()
	for name, tc := range lives {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			// In the middle of a second: times of messages are whole seconds.
			r.clock.Advance(700 * time.Millisecond)
			r.host.on("AUTHORIZE", tc.authorize)
			r.host.on("REVERSE", tc.reverse...)
			r.host.on("VOID", tc.cancel...)
			c := create(33_000)
			p := r.pay(c).Payment
			for range tc.steps {
				r.clock.Advance(time.Second)
				r.step(r.Service)
			}
			if tc.cancel != nil {
				r.cancel(p.ID, nil)
			}
			line, err := r.Timeline(t.Context(), c.Tenant, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := kindsOf(t, line); !slices.Equal(got, tc.want) {
				t.Errorf("%v, want %v", got, tc.want)
			}
			if got := len(line.Settling) == 1; got != tc.open {
				t.Errorf("open %t, want %t: %+v", got, tc.open, line.Settling)
			}
			if _, err := r.Timeline(t.Context(), merchant.TenantOf("mer_other"), p.ID); err == nil {
				t.Error("another merchant sees it")
			}
		})
	}
}

// TestTimelineShowsALateAnswerAsEvidence keeps what came too late beside what was done.
func TestTimelineShowsALateAnswerAsEvidence(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	c := create(33_000)
	p := r.pay(c).Payment
	r.host.takeLate(r.attempts(p.ID, payment.Authorize)[0].ID, acquirer.Answer{Outcome: acquirer.Approved, Code: "0000"})
	r.settle(time.Second)
	line, err := r.Timeline(t.Context(), c.Tenant, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(line.Steps, func(s payment.Step) bool { return s.Kind == payment.StepLateAnswer })
	if at < 0 || line.Steps[at].At.IsZero() || line.Steps[at].Code != "0000" || line.Steps[at].Result != acquirer.Approved.String() {
		t.Errorf("late answer in %+v", line.Steps)
	}
	if last := line.Steps[len(line.Steps)-1]; last.Kind != payment.StepReversed {
		t.Errorf("ends with %s", last.Kind)
	}
}

// TestTimelineOfPartsNamesEachCancel tells two cancels apart.
func TestTimelineOfPartsNamesEachCancel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(33_000)
	part := money.Won(3_000)
	r.cancel(p.ID, &part)
	r.clock.Advance(time.Minute)
	r.cancel(p.ID, nil)
	line, err := r.Timeline(t.Context(), merchant.TenantOf(p.MerchantID), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	var done []money.Won
	cancels := map[string]bool{}
	for _, s := range line.Steps {
		if s.Kind == payment.StepCancelDone {
			done = append(done, s.Amount)
			cancels[s.CancelID] = true
		}
	}
	if !slices.Equal(done, []money.Won{3_000, 30_000}) || len(cancels) != 2 {
		t.Errorf("done %v of %v", done, cancels)
	}
}
