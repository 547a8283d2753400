package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"innopay/internal/webhook"
)

// verified reads the header as receivers do (Standard Webhooks 1.0, "Signature scheme"):
// it reports whether one of the signatures is the secret's.
func verified(header, secret, eventID string, at time.Time, payload []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	for part := range strings.SplitSeq(header, " ") {
		version, text, ok := strings.Cut(part, ",")
		got, err := base64.StdEncoding.DecodeString(text)
		if !ok || version != "v1" || err != nil {
			return false // nothing of ours is of another version
		}
		mac := hmac.New(sha256.New, key)
		_, _ = fmt.Fprintf(mac, "%s.%d.%s", eventID, at.Unix(), payload) // a hash never fails
		if hmac.Equal(mac.Sum(nil), got) {
			return true
		}
	}
	return false
}

// FuzzSign: each secret of a header verifies it, another one does not, nor is another body
// or id taken for it; what is no secret signs nothing.
func FuzzSign(f *testing.F) {
	f.Add("evt_1", int64(1_772_000_000), []byte(`{"type":"payment.approved"}`), "whsec_c2VjcmV0", "whsec_b2xk")
	f.Add("", int64(-1), []byte{0xff}, "whsec_", "x")
	f.Add("evt 1,v1", int64(0), []byte("."), "whsec_c2VjcmV0\n", "c2VjcmV0")
	f.Fuzz(func(t *testing.T, eventID string, seconds int64, payload []byte, one, two string) {
		at := time.Unix(seconds, 0)
		header, err := webhook.Sign(eventID, at, payload, one, two)
		if err != nil {
			if header != "" {
				t.Fatalf("%q beside %v", header, err)
			}
			return
		}
		if strings.ContainsFunc(header, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q is no header", header)
		}
		if !verified(header, one, eventID, at, payload) || !verified(header, two, eventID, at, payload) {
			t.Fatalf("%q does not verify", header)
		}
		if verified(header, "whsec_"+base64.StdEncoding.EncodeToString([]byte("of nobody "+one+two)), eventID, at, payload) ||
			verified(header, one, eventID, at, append([]byte("x"), payload...)) {
			t.Fatalf("%q verifies what was not signed", header)
		}
	})
}

// FuzzReceiver: what people are told of an address is its host, never its path, query or
// login, where secrets stand.
func FuzzReceiver(f *testing.F) {
	for _, s := range []string{"https://shop.example/hook/SECRET?key=SECRET", "https://user:SECRET@shop.example/", "https:SECRET", "://", "https://[::1]:8443/SECRET", "//SECRET\\@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		said := webhook.ReceiverOf(s)
		if strings.ContainsAny(said, "/?#@\n") || len(said) > len(s) {
			t.Fatalf("%q of %q", said, s)
		}
	})
}
