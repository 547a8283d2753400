package call_test

import (
	"testing"

	"innopay/call"
)

// TestNear: only what cannot leave the own network may go without encryption.
func TestNear(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "10.0.0.1": true, "172.16.0.1": true, "192.168.1.1": true, "fd00::1": true, "localhost": true, "kannel": true,
		"172.32.0.1": false, "8.8.8.8": false, "2001:db8::1": false, "sms.example.com": false, "0.0.0.0": false, "169.254.1.1": false, "127.0.0.1.example": false,
		"kannel.": false,
	} {
		if call.Near(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}
