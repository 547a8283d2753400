package daemon_test

import (
	"testing"
	"time"

	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/merchant"
)

// TestPlainTracks: forbidden in production and allowed elsewhere, unless the configuration
// says otherwise.
func TestPlainTracks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode, value string
		allowed     bool
	}{
		{"production", "", false}, {"production", "true", true}, {"production", "false", false},
		{"test", "", true}, {"test", "false", false}, {"demo", "", true},
	} {
		environ := []string{"INNOPAY_MODE=" + c.mode}
		if c.value != "" {
			environ = append(environ, "INNOPAY_READERS_PLAIN_TRACKS="+c.value)
		}
		conf, err := daemon.LoadConfig("", environ)
		if err != nil || daemon.PlainTracks(conf) != c.allowed {
			t.Errorf("%s %q: %t, %v", c.mode, c.value, daemon.PlainTracks(conf), err)
		}
	}
	if _, err := daemon.LoadConfig("", []string{"INNOPAY_READERS_PLAIN_TRACKS=perhaps"}); err == nil {
		t.Error("a word that is neither true nor false is taken")
	}
}

// TestTermsOfReaders: what the installation forbids no merchant may, and the merchant's own
// policy holds beside it.
func TestTermsOfReaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ installation, merchant, forbidden bool }{
		{false, false, false}, {true, false, true}, {false, true, true}, {true, true, true},
	} {
		d := &directory{shop: merchant.Merchant{
			ID: "mer_1", Status: merchant.Active, Terminals: []merchant.Terminal{{TID: "T0", MID: "M0", Acquirer: "one"}},
			ForbidPlainTrack: c.merchant, ChipFirst: merchant.ChipRefuse,
		}}
		terms := daemon.NewReaderTerms(d, clock.NewFake(time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)), c.installation)
		got, err := terms.Terms(t.Context(), merchant.TenantOf("mer_1"))
		if err != nil || got.ForbidPlainTrack != c.forbidden || got.ChipFirst != merchant.ChipRefuse {
			t.Errorf("%+v: %t %s, %v", c, got.ForbidPlainTrack, got.ChipFirst, err)
		}
	}
}
