package trunk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

// startBaresip runs a telephone of the account's settings.
func startBaresip(t *testing.T, account, config string) *telephone.Baresip {
	t.Helper()
	return telephone.StartBaresip(t, telephone.BaresipOptions{Host: host(), Caller: "01077778888", Account: account, Config: config, Within: 2 * callWait})
}

// TestATelephoneCalls: baresip in A-law, with a hold in the middle of the keys.
func TestATelephoneCalls(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := startBaresip(t, ">;regint=0;audio_codecs=PCMA/8000/1", "")
	b.Does("dial", "sip:ars@"+r.Addr().String())
	b.Says("Call established", callWait)
	time.Sleep(700 * time.Millisecond) // the prompt
	b.Does("sndcode", "41")
	time.Sleep(500 * time.Millisecond)
	b.Does("hold", "")
	eventually(t, "the line is told of the hold", func() bool { return strings.Contains(r.log.String(), "held=true") })
	b.Does("resume", "")
	eventually(t, "the line is told of its end", func() bool { return strings.Contains(r.log.String(), "held=false") })
	b.Does("sndcode", "59#")
	got := r.call(t)
	if got.keys != "4159#" || got.caller != "01077778888" {
		t.Errorf("%+v", got)
	}
	b.Says("terminated", callWait)
	if seconds, loudest := b.Heard(); seconds < 1 || loudest < 4000 {
		t.Errorf("heard %.1f s, loudest %d", seconds, loudest)
	}
	r.quiet(t)
	r.silent(t, "4159", "01077778888")
}

// TestATelephoneCallsInSecret: TLS, whose certificate baresip checks, and SRTP.
func TestATelephoneCallsInSecret(t *testing.T) {
	t.Parallel()
	cert, key := telephone.Authority(t, "127.0.0.1")
	r := start(t, func(o *trunk.Options) {
		o.Config.ListenTLS, o.Config.TLSCert, o.Config.TLSKey = "127.0.0.1:0", cert, key
		o.Config.Trunks = []trunk.Trunk{{Name: "carrier", Networks: []string{"127.0.0.0/8"}, SRTP: "required"}}
	})
	b := startBaresip(t, ";transport=tls>;regint=0;audio_codecs=PCMU/8000/1;mediaenc=srtp-mand", "sip_cafile "+cert)
	b.Does("dial", fmt.Sprintf("sip:ars@%s;transport=tls", r.AddrTLS()))
	b.Says("Call established", callWait)
	time.Sleep(700 * time.Millisecond)
	b.Does("sndcode", "372#")
	got := r.call(t)
	if got.keys != "372#" || got.stats.Received < 20 || got.stats.Dropped > 0 {
		t.Errorf("%+v", got)
	}
	b.Says("terminated", callWait)
	if _, loudest := b.Heard(); loudest < 4000 {
		t.Errorf("loudest %d", loudest)
	}
	if !strings.Contains(r.log.String(), "encrypted=true") {
		t.Error("the call is not encrypted")
	}
	p := newPhone(t, r.Addr()) // in clear, which the carrier may not
	p.asks(message{method: "INVITE", body: p.offer()}, "488")
	r.quiet(t)
}
