package simulation_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"innopay/internal/simulation"
)

func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	rep, err := simulation.Run(simulation.Options{Seed: 1, Payments: 5_000 / scale, Out: &out})
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range map[string]int{
		"approved": rep.Approved, "cancels": rep.Cancels, "unknown": rep.Unknown, "reversed": rep.Reversed, "absent": rep.Absent,
		"confirmed by an operator": rep.Confirmed, "crashes": rep.Crashes, "faulty messages": rep.Faulty,
	} {
		if n == 0 && scale == 1 { // a short run may have little of everything
			t.Errorf("%s: none, the simulation is too kind", name)
		}
	}
	if rep.Payments < 5_000/scale || rep.Reversed+rep.Absent+rep.Confirmed > rep.Unknown {
		t.Errorf("report %+v", rep)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if lines[len(lines)-1] != rep.Hash || len(rep.Hash) != 64 {
		t.Errorf("the last line is %q, the hash %q", lines[len(lines)-1], rep.Hash)
	}
}

// TestManySeedsBriefly gives many kinds of weather a turn.
func TestManySeedsBriefly(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20 / scale) {
		if _, err := simulation.Run(simulation.Options{Seed: 1_000 + seed, Payments: 100}); err != nil {
			t.Error(err)
		}
	}
}

// TestASeedIsARun changes how many threads there are, which must change nothing.
func TestASeedIsARun(t *testing.T) { //nolint:paralleltest // GOMAXPROCS is one for the whole test binary
	hashes := map[string]int{}
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, threads := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(threads)
		rep, err := simulation.Run(simulation.Options{Seed: 7, Payments: 1_200 / scale})
		if err != nil {
			t.Fatal(err)
		}
		hashes[rep.Hash]++
	}
	if len(hashes) != 1 {
		t.Errorf("one seed gave %d traces", len(hashes))
	}
	rep, err := simulation.Run(simulation.Options{Seed: 8, Payments: 1_200 / scale})
	if err != nil || hashes[rep.Hash] != 0 {
		t.Errorf("another seed gave the same trace, or %v", err)
	}
}

// TestPlantedBugsAreFound is the self-check: a simulation that cannot fail shows nothing.
func TestPlantedBugsAreFound(t *testing.T) {
	t.Parallel()
	for _, plant := range simulation.Plants {
		t.Run(string(plant), func(t *testing.T) {
			t.Parallel()
			rep, err := simulation.Run(simulation.Options{Seed: 1, Payments: 3_000, Plant: plant})
			var v *simulation.Violation
			if !errors.As(err, &v) {
				t.Fatalf("not found in %d payments: %v", rep.Payments, err)
			}
			if v.Seed != 1 || v.Step == 0 || !strings.Contains(err.Error(), fmt.Sprintf("seed 1, world %d, step %d", v.World, v.Step)) {
				t.Errorf("the violation does not lead back: %v", err)
			}
			t.Logf("after %d payments: %v", rep.Payments, err)
			again, err2 := simulation.Run(simulation.Options{Seed: 1, Payments: 3_000, Plant: plant})
			if err2 == nil || err2.Error() != err.Error() || again != rep {
				t.Errorf("the same seed found %v, then %v", err, err2)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	if _, err := simulation.Run(simulation.Options{Seed: 1}); !errors.Is(err, simulation.ErrOptions) {
		t.Errorf("no payments: %v", err)
	}
}
