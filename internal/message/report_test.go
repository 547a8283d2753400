package message_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"innopay/internal/message"
	"innopay/messenger"
)

// alimTalk has requests told by AlimTalk first.
func alimTalk(o *message.Options) {
	o.Profile = "profile"
	o.Templates = map[message.Purpose]message.Template{message.Request: {ID: "T1", Text: "#{shop}에서 결제를 요청했어요."}}
}

func TestReports(t *testing.T) {
	t.Parallel()
	g := texts("post")
	r := newRig(t, []messenger.Sender{g})
	for state, want := range map[string]message.Status{"post delivered": message.Delivered, "post failed": message.Undelivered, "post waiting": message.Accepted} {
		j := r.say(t, state)
		r.rounds(t)
		m := g.tries()[len(g.tries())-1]
		for n := range 3 { // reports come twice, and late
			must(t, r.report(t, m, state))
			if now := r.now(t, j); now.Status != want {
				t.Errorf("%s, %d times: %s", state, n+1, now.Status)
			}
			r.clock.Advance(time.Hour)
		}
		if want == message.Accepted {
			continue
		}
		before := r.now(t, j)
		must(t, r.report(t, m, "post failed"))
		must(t, r.report(t, m, "post delivered"))
		if now := r.now(t, j); now.Status != want || now.Version != before.Version || !now.SettledAt.Equal(before.SettledAt) {
			t.Errorf("another final report changed it: %+v", now)
		}
	}
}

// TestAReportMayOvertakeTheAnswer of the try that it is of.
func TestAReportMayOvertakeTheAnswer(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]message.Status{"post delivered": message.Delivered, "post failed": message.Undelivered} {
		g := texts("post")
		r := newRig(t, []messenger.Sender{g})
		g.will(func(m messenger.Message) messenger.Answer {
			must(t, r.report(t, m, state))
			return messenger.Answer{Outcome: messenger.Accepted, Reference: "late"}
		})
		j := r.say(t, payment(1))
		r.rounds(t)
		r.pass(t, 2*time.Minute, time.Second)
		now := r.now(t, j)
		if now.Status != want || now.Gateway != "post" || now.Kind != messenger.SMS || len(g.tries()) != 1 {
			t.Errorf("%s: %+v, %d tries", state, now, len(g.tries()))
		}
		if want == message.Delivered && now.AcceptedAt.IsZero() {
			t.Error("what arrived was never sent")
		}
	}
}

// TestReportsAreReadByTheGatewayTheyAreOf, whichever the message went to last, and an
// earlier gateway's refusal says nothing of what another has taken.
func TestReportsAreReadByTheGatewayTheyAreOf(t *testing.T) {
	t.Parallel()
	a, b := texts("a"), texts("b")
	r := newRig(t, []messenger.Sender{a, b})
	a.will(always(messenger.Answer{})) // perhaps taken
	j := r.say(t, payment(1))
	r.rounds(t)
	r.pass(t, time.Second, time.Second)
	if now := r.now(t, j); now.Gateway != "b" || now.Status != message.Accepted {
		t.Fatalf("%+v", now)
	}
	must(t, r.report(t, a.tries()[0], "a failed"))
	if now := r.now(t, j); now.Status != message.Accepted {
		t.Errorf("a's report of what b has: %s", now.Status)
	}
	must(t, r.report(t, a.tries()[0], "a delivered"))
	if now := r.now(t, j); now.Status != message.Delivered || now.Gateway != "a" {
		t.Errorf("it was a's that arrived: %+v", now)
	}
}

func TestAlimTalkGoesFirstAndByItsTemplate(t *testing.T) {
	t.Parallel()
	talk, post := talks("talk"), texts("post")
	r := newRig(t, []messenger.Sender{post, talk}, alimTalk)
	j := r.say(t, payment(1))
	r.rounds(t)
	got := talk.tries()
	if len(got) != 1 || got[0].Kind != messenger.AlimTalk || got[0].Text != "가게에서 결제를 요청했어요." || got[0].Template.ID != "T1" ||
		got[0].Template.Profile != "profile" || got[0].Template.Variables["shop"] != "가게" {
		t.Errorf("%+v", got)
	}
	if now := r.now(t, j); len(post.tries()) != 0 || now.Kind != messenger.AlimTalk || now.Status != message.Accepted {
		t.Errorf("%+v", now)
	}
}

// TestATemplateThatDoesNotFitIsNotSent: what was not approved is told by text.
func TestATemplateThatDoesNotFitIsNotSent(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a variable nobody knows": "#{shop} #{nobody}", "a text too long": strings.Repeat("가", 1000) + "#{shop}",
	} {
		talk, post := talks("talk"), texts("post")
		r := newRig(t, []messenger.Sender{talk, post}, alimTalk, func(o *message.Options) {
			o.Templates[message.Request] = message.Template{ID: "T1", Text: text}
		})
		r.say(t, payment(1))
		r.rounds(t)
		if len(talk.tries()) != 0 || len(post.tries()) != 1 {
			t.Errorf("%s: %d and %d", name, len(talk.tries()), len(post.tries()))
		}
	}
}

// TestAlimTalkFallsBackToText when it is refused, when its gateway is away for long, reported as failed, and reported so
// before its answer is there; every time with the same id.
func TestAlimTalkFallsBackToText(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(t *testing.T, r *rig, talk *gateway){
		"refused": func(_ *testing.T, _ *rig, talk *gateway) {
			talk.will(always(messenger.Answer{Outcome: messenger.Rejected, Code: "3018"}))
		},
		"away for a while": func(_ *testing.T, _ *rig, talk *gateway) {
			talk.will(always(messenger.Answer{Outcome: messenger.Later}))
		},
		"reported": func(*testing.T, *rig, *gateway) {},
		"reported before the answer": func(t *testing.T, r *rig, talk *gateway) {
			t.Helper()
			talk.will(func(m messenger.Message) messenger.Answer {
				must(t, r.report(t, m, "talk failed"))
				return messenger.Answer{Outcome: messenger.Accepted}
			})
		},
	} {
		talk, post := talks("talk"), texts("post")
		r := newRig(t, []messenger.Sender{talk, post}, alimTalk)
		refuse(t, r, talk)
		j := r.say(t, payment(1))
		r.rounds(t)
		if name == "reported" {
			must(t, r.report(t, talk.tries()[0], "talk failed"))
			r.rounds(t)
		}
		r.pass(t, 2*time.Minute, time.Second)
		got, now := post.tries(), r.now(t, j)
		tries := 1
		if name == "away for a while" {
			tries = 4
		}
		if len(talk.tries()) != tries || len(got) != 1 || got[0].ID != j.ID || got[0].Kind != messenger.SMS || got[0].Text != r.text || got[0].Template.ID != "" {
			t.Errorf("%s: %d talks, texts %+v", name, len(talk.tries()), got)
		}
		if now.Status != message.Accepted || now.Kind != messenger.SMS || now.Gateway != "post" {
			t.Errorf("%s: %+v", name, now)
		}
	}
}

// TestARepeatedReportOfTheAlimTalkDoesNotStopTheText: gateways report twice, and the
// text that follows is another try.
func TestARepeatedReportOfTheAlimTalkDoesNotStopTheText(t *testing.T) {
	t.Parallel()
	talk, post := talks("talk"), texts("post")
	r := newRig(t, []messenger.Sender{talk, post}, alimTalk)
	post.will(always(messenger.Answer{Outcome: messenger.Later}))
	j := r.say(t, payment(1))
	r.rounds(t)
	m := talk.tries()[0]
	for range 2 {
		must(t, r.report(t, m, "talk failed"))
		if now := r.now(t, j); now.Status != message.Queued || now.Kind != messenger.SMS {
			t.Fatalf("before the text: %+v", now)
		}
	}
	r.rounds(t)
	must(t, r.report(t, m, "talk failed"))
	post.will(nil)
	r.pass(t, time.Minute, time.Second)
	must(t, r.report(t, m, "talk failed"))
	if now := r.now(t, j); now.Status != message.Accepted || now.Kind != messenger.SMS {
		t.Fatalf("with the text under way: %+v", now)
	}
	must(t, r.report(t, post.tries()[len(post.tries())-1], "post delivered"))
	if now := r.now(t, j); now.Status != message.Delivered {
		t.Errorf("%+v", now)
	}
}

func TestReportsAreProven(t *testing.T) {
	t.Parallel()
	a, b := texts("a"), texts("b")
	r := newRig(t, []messenger.Sender{a, b})
	one, other := r.say(t, payment(1)), r.say(t, payment(2))
	r.rounds(t)
	m := a.tries()[0]
	parts := strings.Split(strings.TrimPrefix(m.ReportURL, base+"/hooks/messages/"), "/")
	good := message.Reported{MerchantID: parts[0], MessageID: parts[1], Gateway: parts[2], Kind: messenger.Kind(parts[3]), Token: parts[4]}
	for name, change := range map[string]func(*message.Reported){
		"another merchant": func(of *message.Reported) { of.MerchantID = "mer_other" },
		"another message": func(of *message.Reported) {
			of.MessageID = map[bool]string{true: other.ID, false: one.ID}[of.MessageID == one.ID]
		},
		"another gateway":        func(of *message.Reported) { of.Gateway = "b" },
		"another kind":           func(of *message.Reported) { of.Kind = messenger.AlimTalk },
		"no token":               func(of *message.Reported) { of.Token = "" },
		"a bent token":           func(of *message.Reported) { of.Token = of.Token[1:] + "A" },
		"a gateway that is none": func(of *message.Reported) { of.Gateway = "none" },
	} {
		of := good
		change(&of)
		if err := r.reportOf(of, "a delivered"); !errors.Is(err, message.ErrNoReport) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.reportOf(good, "what is no report"); !errors.Is(err, message.ErrNoReport) {
		t.Errorf("no report: %v", err)
	}
	for _, j := range []message.Job{one, other} {
		if now := r.now(t, j); now.Status != message.Accepted {
			t.Errorf("%+v", now)
		}
	}
	must(t, r.reportOf(good, "a delivered"))
}

// TestAGatewayIsAskedLessAndLessOften until it knows, or three days are over.
func TestAGatewayIsAskedLessAndLessOften(t *testing.T) {
	t.Parallel()
	answer, fails := messenger.Report{}, error(nil)
	g := &asked{gateway: texts("post")}
	g.report = func(reference string) (messenger.Report, error) {
		if !strings.HasPrefix(reference, "post/msg_") {
			t.Errorf("asked about %q", reference)
		}
		return answer, fails
	}
	r := newRig(t, []messenger.Sender{g})
	j := r.say(t, payment(1))
	r.rounds(t)
	if g.asks != 0 || !r.now(t, j).DueAt.Equal(noon.Add(time.Second)) {
		t.Errorf("%d questions, next at %v", g.asks, r.now(t, j).DueAt)
	}
	r.pass(t, 24*time.Second, time.Second)
	if g.asks != 4 { // after 1, 3, 8 and 23 seconds
		t.Errorf("%d questions in 24 s", g.asks)
	}
	fails = errors.New("away")
	r.pass(t, time.Hour, time.Minute)
	fails, answer = nil, messenger.Report{State: messenger.Delivered}
	r.pass(t, 2*time.Hour, time.Minute)
	if now := r.now(t, j); now.Status != message.Delivered || r.events(t) != 2 {
		t.Errorf("%+v, %d events", now, r.events(t))
	}

	answer = messenger.Report{}
	j = r.say(t, payment(2))
	r.rounds(t)
	r.pass(t, 76*time.Hour, 15*time.Minute)
	n := g.asks
	r.pass(t, 10*time.Hour, 15*time.Minute)
	if now := r.now(t, j); now.Status != message.Accepted || !now.DueAt.IsZero() || g.asks != n {
		t.Errorf("after three days: %+v, %d more questions", now, g.asks-n)
	}
}
