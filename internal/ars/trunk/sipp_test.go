package trunk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

// TestKeysByTelephoneEvents: a whole call by sipp in both laws, and over TCP.
func TestKeysByTelephoneEvents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, law, network string }{{"PCMU", "0", "u1"}, {"PCMA", "8", "u1"}, {"PCMU", "0", "t1"}} {
		t.Run(test.name+" "+test.network, func(t *testing.T) {
			t.Parallel()
			r := start(t, nil)
			sipp{scenario: "keys", network: test.network, keys: map[string]string{"law": test.law, "name": test.name}}.run(t, r)
			got := r.call(t)
			if got.keys != "1159*#" || got.caller != "01012345678" || !got.played {
				t.Errorf("%+v", got)
			}
			if got.stats.Sent < 50 || got.stats.Received < 20 || got.stats.Unsent > 0 {
				t.Errorf("%+v", got.stats)
			}
			r.quiet(t)
			r.silent(t, "1159", "01012345678")
		})
	}
}

// TestKeysBySignalling: INFO in its two forms.
func TestKeysBySignalling(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	sipp{scenario: "info", keys: map[string]string{"law": "8", "name": "PCMA"}}.run(t, r)
	if got := r.call(t); got.keys != "744*#" {
		t.Errorf("%+v", got)
	}
	r.quiet(t)
	r.silent(t, "744", "Signal", "Duration")
}

// TestKeysByTone: a telephone that offers no telephone events.
func TestKeysByTone(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	sipp{scenario: "inband", keys: map[string]string{"law": "8", "name": "PCMA"}, files: map[string][]byte{"tones.alaw": telephone.Tones("1504*7#")}}.run(t, r)
	if got := r.call(t); got.keys != "1504*7#" {
		t.Errorf("%+v", got)
	}
	r.quiet(t)
}

// TestHoldAndSessions: what happens within a call.
func TestHoldAndSessions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	began := time.Now()
	sipp{scenario: "hold"}.run(t, r)
	got := r.call(t)
	// For 600 ms of the call nothing was sent.
	if most := (time.Since(began) - 500*time.Millisecond).Seconds() * 50; got.stats.Sent == 0 || float64(got.stats.Sent) > most {
		t.Errorf("sent %d packets, at most %.0f beside the hold", got.stats.Sent, most)
	}
	r.quiet(t)
}

// TestSessionsEnd: a caller who vanished without BYE is not waited for.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.MinSession = time.Second })
	sipp{scenario: "expiry"}.run(t, r)
	r.call(t)
	r.quiet(t)
	if !strings.Contains(r.log.String(), `why="session expired"`) {
		t.Error(r.log)
	}
}

// TestSessionsThatWeRefresh: a carrier may leave the refreshing to us.
func TestSessionsThatWeRefresh(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.MinSession = time.Second })
	sipp{scenario: "refreshed"}.run(t, r)
	r.call(t)
	r.quiet(t)
}

// TestSilentCallersAreHungUp: no packet of sound for so long.
func TestSilentCallersAreHungUp(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.Silence = 500 * time.Millisecond })
	sipp{scenario: "silent"}.run(t, r)
	r.call(t)
	r.quiet(t)
	if !strings.Contains(r.log.String(), "why=silent") {
		t.Error(r.log)
	}
}

// TestWithoutACK: the place is given back and BYE is sent.
func TestWithoutACK(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.Acknowledge = 1200 * time.Millisecond })
	sipp{scenario: "noack"}.run(t, r)
	r.quiet(t)
	if f := r.Figures(); f.Refused["no ACK"] != 1 || f.Taken != 0 || len(r.calls) != 0 {
		t.Errorf("%+v", f)
	}
}

// TestGivingUpWhileItRings: 487 for the INVITE.
func TestGivingUpWhileItRings(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *trunk.Options) { o.Limits.Ring = 2 * time.Second })
	sipp{scenario: "cancel"}.run(t, r)
	r.quiet(t)
	if f := r.Figures(); f.Refused["canceled"] != 1 || len(r.calls) != 0 {
		t.Errorf("%+v", f)
	}
}

// TestWhoCalls: the number comes from the carrier's identity, else from the caller's own.
func TestWhoCalls(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, from, more, want string
		trusted                bool
	}{
		{"from", "<sip:01099998888@x>", "Subject: -", "01099998888", true},
		{"identity before from", "<sip:0000@x>", "P-Asserted-Identity: \"a\" <sip:+821011112222@x;user=phone>", "01011112222", true},
		{"identity by tel", "<sip:01099998888@x>", "P-Asserted-Identity: <tel:+82-10-1111-3333>", "01011113333", true},
		{"identity of nobody we know", "<sip:01099998888@x>", "P-Asserted-Identity: <sip:+821011112222@x>", "01099998888", false},
		{"withheld by the carrier", "<sip:01099998888@x>", "Privacy: id", "", true},
		{"withheld by the caller", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "Subject: -", "", false},
		{"foreign", "<sip:+14155550100@x>", "Subject: -", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, func(o *trunk.Options) {
				if test.trusted {
					o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.1.0.0/16"}}}
				}
			})
			sipp{scenario: "bye", keys: map[string]string{"from": test.from, "more": test.more}}.run(t, r)
			if got := r.call(t); got.caller != test.want {
				t.Errorf("called %q, want %q", got.caller, test.want)
			}
			r.silent(t, "0109999", "0101111", "8210")
		})
	}
}

// TestRegistration: a carrier that asks for a password, which sipp itself checks.
func TestRegistration(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"s3cret", "wrong"} {
		t.Run(password, func(t *testing.T) {
			t.Parallel()
			where := host()
			registrar, folder := sipp{scenario: "registrar", host: where, more: []string{"-m", "2"}}.tester(t).Command(t, "")
			if err := registrar.Start(); err != nil {
				t.Fatal(err)
			}
			r := start(t, func(o *trunk.Options) {
				o.Config.Trunks = []trunk.Trunk{{
					Name: "carrier", Networks: []string{where}, Registrar: where + ":5060", User: "shop", Password: password,
				}}
				o.Limits.KeepAlive = time.Hour
			})
			state := func() trunk.CarrierState { return r.Figures().Carriers[0] }
			eventually(t, "the carrier answered", func() bool { return state().Status != 0 && !state().Answered.IsZero() })
			s := state()
			if want := password == "s3cret"; s.Registered != want || !s.Up {
				t.Errorf("%+v", s)
			}
			if left := time.Until(s.Until); s.Registered && (left > 2*time.Minute || left < time.Minute) {
				t.Errorf("registered for %s, the carrier granted two minutes", left)
			}
			if err := registrar.Wait(); err != nil {
				b, _ := os.ReadFile(filepath.Join(folder, "messages"))
				t.Errorf("%v\n%s", err, b)
			}
			r.silent(t, "s3cret", "wrong")
		})
	}
}
