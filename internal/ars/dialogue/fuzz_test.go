package dialogue_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/dialogue"
)

// mostActions is what one event may ask of the glue at most.
const mostActions = 6

// longestCall bounds a call in virtual time when the caller does nothing more: every
// question is asked three times at most.
const longestCall = time.Hour

// act turns one byte into what a caller, the payment side or a broken glue may do.
func act(p *phone, b byte) {
	token := dialogue.Token(b >> 4)
	if b&8 != 0 { // the right one
		if p.find != nil {
			token = p.find.Token
		}
		if p.paid != nil {
			token = p.paid.Token
		}
	}
	switch {
	case b < 128:
		p.press(string("0123456789*#A123"[b%16]))
	case b < 160:
		p.wait(time.Duration(b-127) * 500 * time.Millisecond)
	case b < 176:
		r := full()
		r.Birth, r.Password = b&1 != 0, b&2 != 0
		p.send(dialogue.Found{Token: token, Answer: dialogue.Answer{Standing: dialogue.Standing(b & 7), Request: r}})
	case b < 208:
		p.send(dialogue.Settled{Token: token, Result: dialogue.Result{
			Outcome: dialogue.Outcome(b % (dialogue.Outcomes + 1)), ApprovalNumber: "30012345", Reason: "CARD_DECLINED", Final: b&16 != 0,
		}})
	case b < 224:
		p.send(dialogue.Played{Token: token})
	case b < 240:
		p.send(dialogue.Elapsed{Token: token})
	case b == 240:
		p.send(dialogue.HungUp{})
	case b == 241:
		p.send(dialogue.Stopping{})
	case b == 242:
		p.send(dialogue.Started{Answer: payable(full())})
	case b == 243:
		p.send(dialogue.Started{})
	default: // what a careful caller does
		p.press(strings.Split("1,11,"+number+"#,"+cardExpiry+","+birth+"#,"+password+",3#,123456,1#,2#,0#,*", ",")[b-244])
	}
}

// FuzzDialogue: whatever happens, in whatever order, the machine does not panic, asks
// for a bounded number of things, pays at most three times, ends when nothing more comes
// but the time, and holds nothing of the caller then.
func FuzzDialogue(f *testing.F) {
	f.Add([]byte{242, 245, 246, 247, 248, 249, 250, 244, 192, 160})
	f.Add([]byte{243, 251, 168, 244, 244, 246, 247, 159, 159, 240})
	f.Add([]byte{243, 251, 161, 251, 161, 251, 161})
	f.Add([]byte{242, 245, 246, 247, 248, 249, 250, 244, 186, 244, 246, 247, 248, 249, 250, 244, 186})
	f.Fuzz(func(t *testing.T, script []byte) {
		p := &phone{t: t}
		for _, b := range script {
			act(p, b)
		}
		p.send(dialogue.Started{})
		p.wait(longestCall)
		if !p.d.Over() {
			t.Fatal("the call does not end")
		}
		p.empty()
		if p.mostAtOnce > mostActions {
			t.Errorf("%d actions at once", p.mostAtOnce)
		}
		if p.pays > dialogue.Cards {
			t.Errorf("%d payments", p.pays)
		}
		if at := len(p.d.Handle(dialogue.Pressed{Key: '1'})); at != 0 {
			t.Errorf("%d actions after the end", at)
		}
		for n, token := range p.byText {
			if n > 0 {
				t.Errorf("told by text twice: %d", token)
			}
		}
	})
}

// TestNothingPrintsWhatWasKeyed: neither the machine nor an event nor an action.
func TestNothingPrintsWhatWasKeyed(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.toCard()
	p.press(number)
	var out strings.Builder
	text, encoded := slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))
	show := func(values ...any) {
		for _, v := range values {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q", "%c"} {
				fmt.Fprintf(&out, verb+"\n", v)
			}
			text.Info("x", slog.Any("v", v))
			encoded.Info("x", slog.Any("v", v))
		}
	}
	show(&p.d, struct{ D *dialogue.Dialogue }{&p.d}, dialogue.Pressed{Key: '4'}, []dialogue.Event{dialogue.Pressed{Key: '4'}}, dialogue.Key('4'))
	p.press("#" + cardExpiry + birth + "#" + password + "0#")
	show(&p.d, p.confirm())
	p = &phone{t: t}
	p.send(dialogue.Started{})
	p.press("918273")
	show(*p.find)
	for _, secret := range []string{number, number[6:12], "52, 49", "3711", cardExpiry, birth, "918273", "'4'", `"Key":52`} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is printed", secret)
		}
	}
	if !strings.Contains(out.String(), "dialogue(card)") {
		t.Error("the step is not printed")
	}
}

// TestTokensOnlyRise: what is late can be told from what is meant.
func TestTokensOnlyRise(t *testing.T) {
	t.Parallel()
	var d dialogue.Dialogue
	var last dialogue.Token
	see := func(actions []dialogue.Action) {
		for _, a := range actions {
			var token dialogue.Token
			switch a := a.(type) {
			case dialogue.Play:
				token = a.Token
			case dialogue.SetTimer:
				token = a.Token
			case dialogue.Find:
				token = a.Token
			case dialogue.Pay:
				token = a.Token
			case dialogue.Enter, dialogue.Stop, dialogue.TellByText, dialogue.HangUp:
				continue
			}
			if token <= last {
				t.Errorf("token %d after %d", token, last)
			}
			last = token
		}
	}
	see(d.Handle(dialogue.Started{Answer: payable(full())}))
	for _, k := range []byte("11" + number + "#" + cardExpiry + birth + "#" + password + "0#1") {
		see(d.Handle(dialogue.Pressed{Key: dialogue.Key(k)}))
	}
	if last < 10 {
		t.Errorf("the last token is %d", last)
	}
}
