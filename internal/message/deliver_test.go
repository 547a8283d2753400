package message_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/message"
	"innopay/messenger"
)

func TestAMessageIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	j := r.say(t, payment(1))
	r.rounds(t)
	got := g.tries()
	if len(got) != 1 || got[0].ID != j.ID || got[0].To != number || got[0].From != "15880000" || got[0].Kind != messenger.SMS || got[0].Subject != "" {
		t.Fatalf("%+v", got)
	}
	now := r.now(t, j)
	if now.Status != message.Accepted || !now.AcceptedAt.Equal(noon) || now.Gateway != "post" || now.Kind != messenger.SMS || !now.DueAt.IsZero() || now.LeaseOwner != "" {
		t.Errorf("%+v", now)
	}
	r.pass(t, time.Hour, time.Minute)
	if n := len(g.tries()); n != 1 || r.events(t) != 1 {
		t.Errorf("%d tries, %d events", n, r.events(t))
	}
}

// TestTriesBackOff: what was not taken, or perhaps taken, is tried again later and
// later, always with the same id.
func TestTriesBackOff(t *testing.T) {
	t.Parallel()
	for _, outcome := range []messenger.Outcome{messenger.Later, messenger.Unknown} {
		t.Run(outcome.String(), func(t *testing.T) {
			t.Parallel()
			g := texts("post")
			r := newRig(t, []messenger.Sender{g})
			var at []time.Duration
			g.will(func(messenger.Message) messenger.Answer {
				at = append(at, r.clock.Now().Sub(noon))
				return messenger.Answer{Outcome: outcome, Code: "503"}
			})
			j := r.say(t, payment(1))
			r.rounds(t)
			r.pass(t, 20*time.Minute, time.Second)
			var want []time.Duration
			for _, seconds := range []int{0, 1, 3, 8, 23, 53, 113, 233, 533, 833, 1133} {
				want = append(want, time.Duration(seconds)*time.Second)
			}
			if !slices.Equal(at, want) {
				t.Errorf("tried at %v, want %v", at, want)
			}
			for _, m := range g.tries() {
				if m.ID != j.ID {
					t.Errorf("a repeat has another id: %s", m.ID)
				}
			}
			if now := r.now(t, j); now.Status != message.Queued || now.Tries != len(want) || now.Code != "503" {
				t.Errorf("%+v", now)
			}
			if r.events(t) != 0 {
				t.Errorf("devices were told %d times that nothing changed", r.events(t))
			}
		})
	}
}

func TestAGatewaySaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	g.will(always(messenger.Answer{Outcome: messenger.Later, RetryAfter: 90 * time.Second}))
	j := r.say(t, payment(1))
	r.rounds(t)
	if due := r.now(t, j).DueAt; !due.Equal(noon.Add(90 * time.Second)) {
		t.Errorf("due at %v", due)
	}
}

// TestAGatewayDownForTenMinutes: then everything is sent, each thread in its order.
func TestAGatewayDownForTenMinutes(t *testing.T) {
	t.Parallel()
	const payments = 30
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	r.Compose(message.Paid, func(context.Context, message.Job) (message.Content, error) {
		return message.Content{Text: "결제 완료"}, nil
	})
	g.will(always(messenger.Answer{Outcome: messenger.Later}))
	var all []message.Job
	for n := range payments {
		all = append(all, r.say(t, payment(n)))
		r.clock.Advance(time.Millisecond) // ids of a thread follow from time
		j, err := r.enqueue(message.Job{MerchantID: shop, Purpose: message.Paid, PaymentID: payment(n), To: number})
		must(t, err)
		all = append(all, j)
	}
	r.rounds(t)
	r.pass(t, 10*time.Minute, 5*time.Second)
	down := len(g.tries())
	g.will(nil)
	r.pass(t, 6*time.Minute, 5*time.Second)
	order := map[string][]string{}
	for _, m := range g.tries()[down:] {
		j := all[slices.IndexFunc(all, func(j message.Job) bool { return j.ID == m.ID })]
		order[j.PaymentID] = append(order[j.PaymentID], string(j.Purpose))
	}
	for n := range payments {
		if got := order[payment(n)]; !slices.Equal(got, []string{"REQUEST", "PAID"}) {
			t.Errorf("%s: %v", payment(n), got)
		}
	}
	for _, j := range all {
		if now := r.now(t, j); now.Status != message.Accepted {
			t.Errorf("%s of %s: %s", j.Purpose, j.PaymentID, now.Status)
		}
	}
}

func TestAMessageIsGivenUpAfterADay(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	g.will(always(messenger.Answer{Outcome: messenger.Later}))
	j := r.say(t, payment(1))
	r.rounds(t)
	r.pass(t, 24*time.Hour, 5*time.Minute)
	if now := r.now(t, j); now.Status != message.Queued {
		t.Errorf("after a day: %s", now.Status)
	}
	r.pass(t, 10*time.Minute, 5*time.Minute)
	now := r.now(t, j)
	if now.Status != message.Undelivered || now.Code != "GIVEN_UP" || !now.DueAt.IsZero() || now.SettledAt.IsZero() || !strings.Contains(r.log.String(), "ALARM") {
		t.Errorf("%+v", now)
	}
	n := len(g.tries())
	r.pass(t, time.Hour, 5*time.Minute)
	if len(g.tries()) != n {
		t.Error("it is tried all the same")
	}
}

func TestWhatIsNoLongerTrueIsNotSent(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	j := r.say(t, payment(1))
	r.stale[j.ID] = true
	other, err := r.enqueue(message.Job{MerchantID: shop, Purpose: "NOBODY_SAYS", PaymentID: payment(2), To: number})
	must(t, err)
	r.rounds(t)
	if len(g.tries()) != 0 || r.now(t, j).Status != message.Dropped || r.now(t, j).Code != "STALE" || r.now(t, other).Code != "NO_COMPOSER" {
		t.Errorf("%v %+v %+v", g.tries(), r.now(t, j), r.now(t, other))
	}
}

// TestAComposerThatFailsIsAskedAgain when the lease has lapsed; others are sent.
func TestAComposerThatFailsIsAskedAgain(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	broken := true
	r.Compose(message.Paid, func(context.Context, message.Job) (message.Content, error) {
		if broken {
			return message.Content{}, fmt.Errorf("database away")
		}
		return message.Content{Text: "결제 완료"}, nil
	})
	j, err := r.enqueue(message.Job{MerchantID: shop, Purpose: message.Paid, PaymentID: payment(1), To: number})
	must(t, err)
	r.say(t, payment(2))
	r.rounds(t)
	if len(g.tries()) != 1 || r.now(t, j).Status != message.Queued {
		t.Errorf("%v %+v", g.tries(), r.now(t, j))
	}
	broken = false
	r.pass(t, time.Minute, 5*time.Second)
	if len(g.tries()) != 2 || r.now(t, j).Status != message.Accepted {
		t.Errorf("%v %+v", g.tries(), r.now(t, j))
	}
}

func TestTwoGatewaysTakeTurns(t *testing.T) {
	t.Parallel()
	a, b := texts("a"), texts("b")
	r := newRig(t, []messenger.Sender{a, talks("talk"), b})
	a.will(always(messenger.Answer{Outcome: messenger.Later}))
	j := r.say(t, payment(1))
	r.rounds(t)
	r.pass(t, 2*time.Second, time.Second)
	if len(a.tries()) != 1 || len(b.tries()) != 1 || r.now(t, j).Gateway != "b" || r.now(t, j).Status != message.Accepted {
		t.Errorf("a %d, b %d, %+v", len(a.tries()), len(b.tries()), r.now(t, j))
	}
}

func TestWithoutGatewayOrNumberAMessageIsRefused(t *testing.T) {
	t.Parallel()
	for code, start := range map[string]func(*testing.T) *rig{
		"NO_GATEWAY": func(t *testing.T) *rig { t.Helper(); return newRig(t, []messenger.Sender{talks("talk")}) },
		"NO_VERIFIED_SENDER": func(t *testing.T) *rig {
			t.Helper()
			return newRig(t, []messenger.Sender{texts("post")}, func(o *message.Options) { o.Sender = "" })
		},
	} {
		r := start(t)
		j := r.say(t, payment(1))
		r.rounds(t)
		if now := r.now(t, j); now.Status != message.Rejected || now.Code != code || now.Reason == "" {
			t.Errorf("%s: %+v", code, now)
		}
	}
}

func TestALongTextIsOneLMS(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	r.text = strings.Repeat("가", 45) // 90 bytes
	r.say(t, payment(1))
	r.rounds(t)
	r.text = strings.Repeat("가", 45) + "."
	r.say(t, payment(2))
	r.rounds(t)
	r.text = strings.Repeat("가", 1001)
	r.say(t, payment(3))
	r.rounds(t)
	got := g.tries()
	if got[0].Kind != messenger.SMS || got[1].Kind != messenger.LMS || got[1].Subject != "결제 요청" || messenger.Bytes(got[2].Text) != messenger.MaxLMS {
		t.Errorf("%s, %s %q, %d bytes", got[0].Kind, got[1].Kind, got[1].Subject, messenger.Bytes(got[2].Text))
	}
}

// TestTwoWorkersSendEachMessageOnce as long as nobody dies.
func TestTwoWorkersSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	const payments = 60
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	for n := range payments {
		r.say(t, payment(n))
	}
	var work sync.WaitGroup
	for range 2 {
		work.Go(func() { r.rounds(t) })
	}
	work.Wait()
	r.rounds(t)
	seen := map[string]bool{}
	for _, m := range g.tries() {
		if seen[m.ID] {
			t.Errorf("%s was sent twice", m.ID)
		}
		seen[m.ID] = true
	}
	if len(seen) != payments {
		t.Errorf("%d of %d", len(seen), payments)
	}
}

func TestAnIDIsToldOnce(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	for range 3 {
		_, err := r.enqueue(message.Job{MerchantID: shop, ID: "msg_of_an_event", Purpose: message.Request, PaymentID: payment(1), To: number})
		must(t, err)
		r.rounds(t)
	}
	if n := len(g.tries()); n != 1 {
		t.Errorf("told %d times", n)
	}
}
