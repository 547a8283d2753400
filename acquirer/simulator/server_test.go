package simulator_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/money"
)

// start runs a simulator and an adapter that speaks to it.
func start(t *testing.T, o simulator.Options) (*simulator.Server, *iso8583.Acquirer) {
	t.Helper()
	if o.Data == "" {
		o.Data = t.TempDir()
	}
	o.Listen, o.HTTP, o.Log = "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler)
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, dial(t, s.WireAddr())
}

// authorization is one of 55,000 won with the card.
func authorization(t *testing.T, id string, c simulator.Card) acquirer.Authorization {
	t.Helper()
	pan, err := card.ParsePAN(c.Number)
	if err != nil {
		t.Fatal(err)
	}
	expiry, err := card.ParseExpiry(c.ExpiryMonth, c.ExpiryYear)
	if err != nil {
		t.Fatal(err)
	}
	split, err := money.SplitOf(55_000, 0, 0, money.Nearest)
	if err != nil {
		t.Fatal(err)
	}
	return acquirer.Authorization{
		Reference: acquirer.Reference{AttemptID: id, TerminalID: "T0000001", STAN: 1, TransmittedAt: time.Unix(1_790_000_000, 0)},
		Merchant:  acquirer.Merchant{ID: "mer_1", MID: "M00000000000001", BusinessNumber: "1234567891", Name: "데모 가맹점", MCC: "5812"},
		Split:     split,
		Card: acquirer.Card{
			Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry,
			BirthOrBusinessNumber: card.NewSecret(c.BirthOrBusinessNumber), PasswordTwoDigits: card.NewSecret(c.PasswordTwoDigits),
		},
	}
}

func TestSmoke(t *testing.T) {
	t.Parallel()
	_, a := start(t, simulator.Options{})
	got := a.Authorize(context.Background(), authorization(t, "att_1", simulator.Cards()[0]))
	if got.Outcome != acquirer.Approved || got.Issuer.Code != "11" {
		t.Fatalf("%+v", got)
	}
}
