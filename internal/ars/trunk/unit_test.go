package trunk_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

func TestNumbersBecomeKorean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"01012345678": "01012345678", "+821012345678": "01012345678", "821012345678": "01012345678", "+8201012345678": "01012345678",
		"+82-10-1234-5678": "01012345678", "(02) 123-4567": "021234567", "+82212345678": "0212345678", "+8215881234": "15881234", "15881234": "15881234",
		"050712345678": "050712345678", "82123456": "", "+14155550100": "", "0014155550100": "", "ars": "", "": "", "+": "", "12345678901": "", "0101234567890": "", "010-1234-567a": "",
	} {
		if got := trunk.Korean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNumbersAreFoundInAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<sip:+821012345678@host>`: "01012345678", `"a <sip:01000000000@x>" <sip:01012345678@host;user=phone>;tag=1`: "01012345678",
		`sip:01012345678@host;tag=1`: "01012345678", `<tel:+82-10-1234-5678;phone-context=+82>`: "01012345678", `tel:01012345678`: "01012345678",
		`"a\" <" <sips:01012345678:secret@host:5061>`: "01012345678", `<SIP:01012345678;npdi@host>`: "01012345678",
		`<sip:host>`: "", `<mailto:01012345678@host>`: "", `"a`: "", ``: "", `<`: "",
	} {
		if got := trunk.NumberIn(in); got != want {
			t.Errorf("%q holds %q, want %q", in, got, want)
		}
	}
}

func FuzzNumberIn(f *testing.F) {
	f.Add(`"a" <sip:+821012345678@host>;tag=1`)
	f.Add(`<tel:+82-10-1234-5678>`)
	f.Fuzz(func(t *testing.T, in string) {
		got := trunk.NumberIn(in)
		if strings.Trim(got, "0123456789") != "" || len(got) > 12 || got != "" && trunk.Korean(got) != got {
			t.Errorf("%q holds %q", in, got)
		}
	})
}

func TestKeysOfINFO(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, body string
		key        byte
		known      bool
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5', true},
		{"Application/DTMF-Relay; x=1", " signal = a \nDuration=1", 'A', true},
		{"application/dtmf-relay", "Duration=160\r\nSignal=10", '*', true},
		{"application/dtmf-relay", "Signal=11", '#', true},
		{"application/dtmf-relay", "Signal=12", 0, true},
		{"application/dtmf-relay", "Signal", 0, true},
		{"application/dtmf-relay", "", 0, true},
		{"application/dtmf", " 7\r\n", '7', true},
		{"application/dtmf", "77", 0, true},
		{"text/plain", "5", 0, false},
		{"", "5", 0, false},
	} {
		if key, known := trunk.DigitOf(test.kind, []byte(test.body)); key != test.key || known != test.known {
			t.Errorf("%q in %s: %q %t", test.body, test.kind, key, known)
		}
	}
}

func TestPacketsAreJudgedByTheirHead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		packet, method, agent string
		within, ok            bool
	}{
		{"INVITE sip:a@b SIP/2.0\r\nTo: <sip:a>\r\nUser-Agent: x y\r\n\r\nTo: <a>;tag=1", "INVITE", "x y", false, true},
		{"\r\nINVITE sip:a@b SIP/2.0\r\nt : <sip:a>;TAG=1\r\n\r\n", "INVITE", "", true, true},
		{"SIP/2.0 200 OK\r\nserver: x\r\n", "", "x", false, true},
		{"GET / HTTP/1.1\r\n\r\n", "", "", false, false},
		{"invite sip:a SIP/2.0\r\n", "", "", false, false},
		{"INVITE sip:a SIP/2.0", "", "", false, false},
		{"SIP/2.0\r\n", "", "", false, false},
		{" SIP/2.0\r\n", "", "", false, false},
		{strings.Repeat("A", 2000) + " SIP/2.0\r\n", "", "", false, false},
		{"", "", "", false, false},
	} {
		method, within, agent, ok := trunk.Peek([]byte(test.packet))
		if method != test.method || within != test.within || agent != test.agent || ok != test.ok {
			t.Errorf("%.40q: %q %t %q %t", test.packet, method, within, agent, ok)
		}
	}
}

func FuzzPeek(f *testing.F) {
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nTo: <sip:a>;tag=1\r\nUser-Agent: x\r\n\r\n"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		if method, within, agent, ok := trunk.Peek(packet); !ok && (method != "" || within || agent != "") {
			t.Error("seen in a packet that was refused")
		}
	})
}

func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 96\r\na=rtpmap:96 telephone-event/8000\r\na=sendonly\r\n")
	f.Add("v=0\r\no=- 1 1 IN IP6 ::1\r\ns=-\r\nt=0 0\r\nm=video 1 RTP/AVP 31\r\nm=audio 4000/2 RTP/SAVP 0\r\nc=IN IP6 ::1\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		answer, err := trunk.Answer([]byte(body))
		if err != nil {
			return
		}
		if _, err := trunk.Answer(answer); err != nil && !strings.Contains(string(answer), "SAVP") { // our key is none of the answer here
			t.Errorf("the answer to %q cannot be read: %q", body, answer)
		}
	})
}

// TestTheLibraryTellsNoContent: its attributes are whole packets.
func TestTheLibraryTellsNoContent(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := clock.NewFake(time.Unix(1_800_000_000, 0))
	log := slog.New(trunk.LibraryLog(slog.NewTextHandler(&out, nil), c)).With("data", "4111").WithGroup("4111")
	for range 5000 {
		log.Error("failed to parse", "data", "Signal=4111", "error", errors.New("4111"))
	}
	log.Info("Unhandled sip response", "msg", "4111")
	if strings.Contains(out.String(), "4111") || strings.Count(out.String(), "\n") != 1 || !strings.Contains(out.String(), "failed to parse") {
		t.Error(out.String())
	}
	c.Advance(2 * time.Minute)
	log.Error("failed to parse")
	if !strings.Contains(out.String(), "repeated=4999") {
		t.Error(out.String())
	}
	for i := range 1000 {
		log.Error(strings.Repeat("x", i+1)) //nolint:sloglint // the library's messages could be anything
	}
	if n := strings.Count(out.String(), "\n"); n > 70 {
		t.Errorf("%d lines", n)
	}
}

func TestGrantedTimeIsOurContacts(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]int{
		"Expires: 1800": 1800,
		"Expires: 1800\r\nContact: <sip:a@10.0.0.1:5060>;expires=90": 90,
		"Expires: 1800\r\nContact: <sip:a@10.0.0.9>;expires=20":      1800,
		"Subject: -":       600,
		"Expires: soon":    0,
		"Expires: 9999999": 86400,
	} {
		got, err := trunk.Granted("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\n"+contact+"\r\nContent-Length: 0\r\n\r\n", "10.0.0.1")
		if err != nil || got != want {
			t.Errorf("%q grants %d s, %v", contact, got, err)
		}
	}
}

// TestACertificateIsReadAgain: when its file changes, and not before it can be read.
func TestACertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	cert, key := telephone.Authority(t, "127.0.0.1")
	newCert, newKey := telephone.Authority(t, "127.0.0.1")
	c := clock.NewFake(time.Now())
	serial, err := trunk.Certificate(cert, key, c)
	if err != nil {
		t.Fatal(err)
	}
	first, err := serial()
	if err != nil {
		t.Fatal(err)
	}
	replace := func(to, from string) {
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err == nil {
			err = os.Chtimes(to, time.Time{}, time.Now().Add(time.Hour))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	replace(cert, newCert) // its key has not come yet
	c.Advance(time.Minute)
	if got, err := serial(); err != nil || got != first {
		t.Errorf("%s, %v", got, err)
	}
	replace(key, newKey)
	if got, _ := serial(); got != first {
		t.Error("the file is read at every connection")
	}
	c.Advance(time.Minute)
	if got, err := serial(); err != nil || got == first {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := trunk.Certificate(key, cert, c); err == nil {
		t.Error("a key is no certificate")
	}
}

// TestWrongConfigurationsAreNamed by their key.
func TestWrongConfigurationsAreNamed(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*trunk.Config){
		"ars.listen":     func(c *trunk.Config) { c.Listen = "5060" },
		"ars.listenTls":  func(c *trunk.Config) { c.ListenTLS = "x" },
		"ars.externalIp": func(c *trunk.Config) { c.ExternalIP = "host" },
		"ars.rtpPorts":   func(c *trunk.Config) { c.RTPPorts = "30000-20000" },
		"ars.maxCalls":   func(c *trunk.Config) { c.MaxCalls = -1 },
		"needs a name":   func(c *trunk.Config) { c.Trunks = []trunk.Trunk{{Name: "a"}} },
		"everybody":      func(c *trunk.Config) { c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"0.0.0.0/0"}}} },
		"srtp is":        func(c *trunk.Config) { c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"::1"}, SRTP: "x"}} },
		"transport is": func(c *trunk.Config) {
			c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"::1"}, Transport: "ws"}}
		},
		"a user needs": func(c *trunk.Config) { c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"::1"}, User: "x"}} },
		"name of another": func(c *trunk.Config) {
			c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"::1"}}, {Name: "a", Networks: []string{"::1"}}}
		},
		"registrar": func(c *trunk.Config) {
			c.Trunks = []trunk.Trunk{{Name: "a", Networks: []string{"::1"}, Registrar: "h:sip"}}
		},
		"cert.pem": func(c *trunk.Config) { c.ListenTLS, c.TLSCert, c.TLSKey = "127.0.0.1:0", "cert.pem", "key.pem" },
	} {
		c := trunk.Config{Listen: "127.0.0.1:0"}
		change(&c)
		if _, err := trunk.New(trunk.Options{Config: c, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
