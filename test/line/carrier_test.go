package line_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	messages "innopay/messenger/simulator"
	"innopay/test/process"
	"innopay/test/telephone"
)

// config is an installation with a carrier's line, on the folder of a demo.
const config = `mode: test
listen: %[1]s
baseUrl: http://%[1]s
data: %[2]s
logLevel: debug
acquirers:
  iso8583: {address: %[3]q, profile: demo, simulated: "true"}
messengers:
  solapi: {apiKey: %[4]q, apiSecret: %[5]q, baseUrl: %[6]q, simulated: "true"}
messages: {sender: "0200000000"}
ars:
  listen: %[7]s:5060
  listenTls: %[7]s:5061
  tlsCert: %[8]s
  tlsKey: %[9]s
  number: %[10]q
  trunks:
    - {name: private line, networks: [%[11]s]}
    - {name: internet, networks: [%[12]s, 127.0.0.1], srtp: required}
`

// private and public are the addresses of two carriers. Over TLS baresip comes from 127.0.0.1.
var (
	private = &hosts
	public  = &telephone.Hosts{Block: 41}
)

// TestAServerThatWasKilledServesCarriers: calls are under way when the server dies; it
// comes back as the server of two carriers on the same folder.
func TestAServerThatWasKilledServesCarriers(t *testing.T) { //nolint:tparallel // the group of its calls ends before the books are judged
	t.Parallel()
	w := begin(t)
	typing, paying := w.killedInCalls(t)
	cert := w.serve(t)
	// What was at the acquirer is settled: it is no sale that nobody knows of. What was not
	// sent waits for its buyer, who calls again below.
	now := w.becomes(t, paying, "FAILED", settleWithin)
	if now.PaymentID == "" {
		t.Errorf("%+v", now)
	}
	w.together(t, map[string]func(*testing.T, *world){
		"P-Asserted-Identity": asserted, "TLS and SRTP": func(t *testing.T, w *world) { secret(t, w, cert) }, "SRTP is required": inClear,
		"who was cut off calls again": func(t *testing.T, w *world) {
			c := w.card(t, "APPROVE")
			w.does(t, caller{number: typing.phone}, telephone.Calls(telephone.Events).Presses(keys(c)).IsLeft(untilLeft))
			w.paid(t, typing, c)
		},
	})
	w.judge(t)
	w.clean(t)
}

// killedInCalls kills the server while one caller types a card, and another one's card is
// at the acquirer.
func (w *world) killedInCalls(t *testing.T) (typing, paying request) {
	t.Helper()
	typing, paying = w.ask(t, 15_000), w.ask(t, 15_100)
	past, err := w.sim.Last(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	calls := make([]func() error, 0, 2)
	for r, keys := range map[request]string{typing: order + w.card(t, "APPROVE").Number[:9], paying: keys(w.card(t, "TIMEOUT"))} {
		tester := telephone.Sipp{
			Scenario: telephone.Calls(telephone.Events).Presses(keys).Waits(60_000).String(), Host: hosts.Next(), Within: callWithin,
			Keys: map[string]string{"caller": "buyer", "law": "0", "name": "PCMU", "from": "<sip:" + r.phone + "@x>", "more": "Subject: -"},
		}
		c, _ := tester.Command(t, w.line)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, func() error { _ = c.Process.Kill(); return c.Wait() })
	}
	telephone.Eventually(t, "the acquirer has the card", callWithin, func() bool {
		journal, err := w.sim.Journal(t.Context(), past)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range journal {
			if e.Amount == paying.amount {
				return true
			}
		}
		return false
	})
	w.becomes(t, typing, "IN_CALL", textWithin)
	w.server.Kill()
	for _, end := range calls {
		_ = end() // they speak with nobody
	}
	return typing, paying
}

// serve starts the server on the folder of the demo, with the lines of two carriers.
func (w *world) serve(t *testing.T) (cert string) {
	t.Helper()
	at, _, err := net.SplitHostPort(w.line)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := telephone.Authority(t, at)
	o := w.server.Options
	file := filepath.Join(t.TempDir(), "innopay.yaml")
	text := fmt.Sprintf(config, o.Listen, o.Dir, w.sim.Wire, messages.APIKey, messages.SecretOf(""), w.sim.URL, at, cert, key, w.file.ARSNumber, private.Network(), public.Network())
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.use(t, func(o process.DemoOptions) (*process.Demo, error) { return process.StartServer(o, file) }, o)
	return cert
}

// asserted: the carrier says who calls, whatever the caller says.
func asserted(t *testing.T, w *world) {
	r := w.ask(t, 15_200)
	c := w.card(t, "APPROVE")
	more := fmt.Sprintf("P-Asserted-Identity: <sip:+82%s@carrier.invalid;user=phone>", r.phone[1:])
	w.does(t, caller{from: "<sip:0000@x>", more: more}, telephone.Calls(telephone.Events).Presses(keys(c)).IsLeft(untilLeft))
	w.paid(t, r, c)
}

// secret: TLS, whose certificate the telephone checks, and SRTP.
func secret(t *testing.T, w *world, cert string) {
	r := w.ask(t, 15_300)
	c := w.card(t, "APPROVE")
	at, _, _ := net.SplitHostPort(w.line)
	w.baresip(t, telephone.BaresipOptions{
		Host: public.Next(), Caller: r.phone, Account: ";transport=tls>;regint=0;audio_codecs=PCMU/8000/1;mediaenc=srtp-mand", Config: "sip_cafile " + cert,
	}, at+":5061;transport=tls", keys(c))
	w.paid(t, r, c)
}

// inClear: the same carrier's call without SRTP is refused.
func inClear(t *testing.T, w *world) {
	s := telephone.Refused(telephone.Events, "488")
	w.does(t, caller{number: "01000701111", host: public.Next()}, s)
}
