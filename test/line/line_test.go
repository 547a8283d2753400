package line_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"innopay/test/telephone"
)

// TestBuyersPayByTelephone calls one installation in every way at once.
func TestBuyersPayByTelephone(t *testing.T) { //nolint:tparallel // the group of its calls ends before the books are judged
	t.Parallel()
	w := begin(t)
	w.together(t, map[string]func(*testing.T, *world){
		"keys as telephone events in PCMU":                     events,
		"keys as telephone events in PCMA by a real telephone": realTelephone,
		"keys by INFO":          info,
		"keys as tones in PCMA": tones,
		"a wrong card, then a declined one, then a right one":      wrongThenRight,
		"three times no input, and goodbye":                        silence,
		"a withheld number with the code":                          withheld,
		"on hold in the middle of the card":                        hold,
		"no ACK":                                                   noACK,
		"the acquirer is silent while the caller waits":            silentAcquirer,
		"a caller who hangs up while it is being paid is not lost": hangUp,
	})
	w.judge(t)
	w.clean(t)
}

func events(t *testing.T, w *world) {
	r := w.ask(t, 12_300)
	c := w.card(t, "APPROVE")
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).Presses(keys(c)).IsLeft(untilLeft))
	w.paid(t, r, c)
	w.ended(t, r, "PAID")
}

func realTelephone(t *testing.T, w *world) {
	r := w.ask(t, 12_400)
	c := w.card(t, "APPROVE")
	w.baresip(t, telephone.BaresipOptions{Caller: r.phone, Account: ">;regint=0;audio_codecs=PCMA/8000/1"}, w.line, keys(c))
	w.paid(t, r, c)
}

func info(t *testing.T, w *world) {
	r := w.ask(t, 12_500)
	c := w.card(t, "APPROVE")
	w.does(t, caller{number: r.phone, law: "8"}, telephone.Calls(telephone.NoEvents).Informs(keys(c)).IsLeft(untilLeft))
	w.paid(t, r, c)
}

func tones(t *testing.T, w *world) {
	r := w.ask(t, 12_600)
	c := w.card(t, "APPROVE")
	files := map[string][]byte{"keys.alaw": telephone.Tones(keys(c))}
	w.does(t, caller{number: r.phone, law: "8", files: files}, telephone.Calls(telephone.NoEvents).Sounds("keys.alaw").IsLeft(untilLeft))
	w.paid(t, r, c)
}

// wrongThenRight: a number that cannot exist is asked for again, a card without credit may
// be followed by another.
func wrongThenRight(t *testing.T, w *world) {
	r := w.ask(t, 12_700)
	poor, c := w.card(t, "DECLINE_LIMIT"), w.card(t, "APPROVE")
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).
		Presses(order+wrongCard+"#").Presses(typed(poor)+"1").Waits(12_000).
		Presses("1"+typed(c)+"1").IsLeft(untilLeft))
	w.paid(t, r, c)
	if now := w.read(t, r); now.Tries != 2 {
		t.Errorf("%+v", now)
	}
}

// silence: the question after a whole card stays without an answer three times.
func silence(t *testing.T, w *world) {
	r := w.ask(t, 12_800)
	c := w.card(t, "APPROVE")
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).Presses(order+c.Number+"#"+c.ExpiryMonth+c.ExpiryYear+c.BirthOrBusinessNumber+"#").IsLeft(2*untilLeft))
	w.unpaid(t, r)
	w.ended(t, r, "TOO_MANY")
}

func withheld(t *testing.T, w *world) {
	r := w.ask(t, 12_900)
	c := w.card(t, "APPROVE")
	w.does(t, caller{from: `"Anonymous" <sip:anonymous@anonymous.invalid>`, more: "Privacy: id"},
		telephone.Calls(telephone.Events).Presses(r.Code).Waits(1500).Presses(keys(c)).IsLeft(untilLeft))
	w.paid(t, r, c)
}

func hold(t *testing.T, w *world) {
	r := w.ask(t, 13_000)
	c := w.card(t, "APPROVE")
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).
		Presses(order+c.Number[:8]).Holds(true).Waits(1000).Holds(false).Presses(c.Number[8:]+"#"+fields(c)+"1").IsLeft(untilLeft))
	w.paid(t, r, c)
	if !strings.Contains(w.log(t), `"held":true`) {
		t.Error("the line does not know of the hold")
	}
}

// noACK: the line gives up by itself, and the request can be paid all the while.
func noACK(t *testing.T, w *world) {
	r := w.ask(t, 13_100)
	w.does(t, caller{number: r.phone}, telephone.Rings(telephone.Events).IsLeft(untilLeft))
	w.unpaid(t, r)
}

// silentAcquirer: who waits is told that the result comes by text, and it does.
func silentAcquirer(t *testing.T, w *world) {
	r := w.ask(t, 13_200)
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).Presses(keys(w.card(t, "TIMEOUT"))).IsLeft(2*untilLeft))
	w.ended(t, r, "PENDING")
	w.becomes(t, r, "FAILED", settleWithin)
	w.told(t, r, "취소")
}

// hangUp: the payment goes on, and the receipt tells the buyer.
func hangUp(t *testing.T, w *world) {
	r := w.ask(t, 13_300)
	c := w.card(t, "DELAY")
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).Presses(keys(c)).Leaves())
	w.paid(t, r, c)
}

// TestAFloodDoesNotEndACall: strangers' noise while a buyer keys in a card.
func TestAFloodDoesNotEndACall(t *testing.T) {
	t.Parallel()
	w := begin(t)
	r := w.ask(t, 14_000)
	c := w.card(t, "APPROVE")
	stop := make(chan struct{})
	flooded := make(chan int)
	go func() { flooded <- flood(t, w.line, stop) }()
	w.does(t, caller{number: r.phone}, telephone.Calls(telephone.Events).Presses(keys(c)).IsLeft(untilLeft))
	close(stop)
	if n := <-flooded; n < 5000 {
		t.Errorf("only %d packets of noise were sent", n)
	}
	w.paid(t, r, c)
	w.judge(t)
	w.clean(t)
	if n := len(w.log(t)); n > 2<<20 {
		t.Errorf("the log has %d bytes", n)
	}
}

// flood sends beginnings of calls, questions and garbage, 2,000 a second, until stop is closed.
func flood(t *testing.T, line string, stop <-chan struct{}) int {
	from, err := net.ResolveUDPAddr("udp", hosts.Next()+":0")
	if err != nil {
		t.Error(err)
		return 0
	}
	to, err := net.ResolveUDPAddr("udp", line)
	if err != nil {
		t.Error(err)
		return 0
	}
	conn, err := net.DialUDP("udp", from, to)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer conn.Close() //nolint:errcheck // noise
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-stop:
			return n
		case <-tick.C:
			for range 20 {
				n++
				_, _ = conn.Write([]byte(noise(n, conn.LocalAddr().String()))) // a refused packet is noise too
			}
		}
	}
}

func noise(n int, from string) string {
	method := []string{"INVITE", "OPTIONS", "REGISTER", "\x00\xff garbage"}[n%4]
	return fmt.Sprintf("%[1]s sip:ars@x SIP/2.0\r\nVia: SIP/2.0/UDP %[3]s;branch=z9hG4bK%[2]d\r\nFrom: <sip:0109%07[2]d@x>;tag=%[2]d\r\nTo: <sip:ars@x>\r\nCall-ID: noise-%[2]d\r\n"+
		"CSeq: 1 %[1]s\r\nContact: <sip:%[3]s>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", method, n, from)
}
