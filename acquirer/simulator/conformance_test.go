package simulator_test

import (
	"log/slog"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/acquirertest"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/clock"
)

// readTimeout is short, and long enough for a machine that does much else.
const readTimeout = time.Second

// cardOf is a copy of the first test card with the behaviour.
func cardOf(t *testing.T, behaviour string) acquirer.Card {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour == behaviour {
			return authorization(t, "att_x", c).Card
		}
	}
	t.Fatalf("no card does %s", behaviour)
	return acquirer.Card{}
}

// faults is every fault of the simulator.
func faults() []string {
	var out []string
	for _, do := range simulator.Dos() {
		out = append(out, string(do))
	}
	return out
}

func TestAdapterOverTheWire(t *testing.T) {
	t.Parallel()
	acquirertest.Run(t, func(t *testing.T) acquirertest.Setup {
		t.Helper()
		s, a := start(t, simulator.Options{})
		return acquirertest.Setup{
			Acquirer: a, Card: cardOf, Faults: faults(), Now: clock.System{}.Now,
			Script: func(t *testing.T, on, do string, times int) {
				t.Helper()
				f := simulator.Fault{On: on, Do: simulator.Do(do), Times: times}
				f.AfterMs = map[string]int{"LATE": 2 * int(readTimeout.Milliseconds()), "DELAY": 60}[do]
				if err := s.Book().Script().Add([]simulator.Fault{f}); err != nil {
					t.Fatal(err)
				}
			},
			Capture: func(t *testing.T) { t.Helper(); s.Book().Capture() },
			Unreachable: func(t *testing.T) acquirer.Acquirer {
				t.Helper()
				gone, err := simulator.Start(simulator.Options{
					Data: t.TempDir(), Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler),
				})
				if err != nil {
					t.Fatal(err)
				}
				address := gone.WireAddr()
				if err := gone.Close(); err != nil {
					t.Fatal(err)
				}
				return dial(t, address)
			},
		}
	})
}

func TestAdapterInProcess(t *testing.T) {
	t.Parallel()
	acquirertest.Run(t, func(t *testing.T) acquirertest.Setup {
		t.Helper()
		now := clock.NewFake(time.Date(2026, 3, 2, 14, 0, 0, 0, clock.Seoul))
		book, err := simulator.NewBook(now, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := simulator.Direct(book)
		return acquirertest.Setup{
			Acquirer: p, Card: cardOf, Faults: faults(), Now: now.Now,
			Script: func(t *testing.T, on, do string, times int) {
				t.Helper()
				if err := book.Script().Add([]simulator.Fault{{On: on, Do: simulator.Do(do), Times: times}}); err != nil {
					t.Fatal(err)
				}
			},
			Capture:     func(t *testing.T) { t.Helper(); book.Capture() },
			DeliverLate: func() { p.DeliverLate() },
		}
	})
}

// dial is an adapter for the address with short time-outs.
func dial(t *testing.T, address string) *iso8583.Acquirer {
	t.Helper()
	times := acquirer.DemoTimeouts()
	times.Read = readTimeout
	a, err := iso8583.New(iso8583.Options{Address: address, Timeouts: times, Simulated: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
