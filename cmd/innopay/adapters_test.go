package main_test

import (
	"errors"
	"testing"

	main "innopay/cmd/innopay"
	"innopay/messenger"
)

// TestGatewaysAreListedOnce: each under its own name, and none opens without what it
// needs or with what it does not know.
func TestGatewaysAreListedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range main.Gateways {
		name := a.Descriptor.Name
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		for _, c := range []messenger.Config{nil, {}, {"unknown": "x"}} {
			if s, err := a.Open(c); s != nil || !errors.Is(err, messenger.ErrConfig) {
				t.Errorf("%s opens with %v: %v", name, c, err)
			}
		}
	}
	for _, name := range []string{"kannel", "solapi", "mail"} {
		if !seen[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}
