package simulation_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"innopay/internal/simulation"
)

func TestNothingBreaks(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	rep, err := simulation.Run(simulation.Options{Seed: 1, Payments: 5_000, Out: &out})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", &out)
	for name, n := range map[string]int{
		"approved": rep.Approved, "cancels": rep.Cancels, "unknown": rep.Unknown, "reversed": rep.Reversed, "absent": rep.Absent,
		"confirmed by an operator": rep.Confirmed, "crashes": rep.Crashes, "faulty messages": rep.Faulty,
	} {
		if n == 0 {
			t.Errorf("%s: none, the simulation is too kind", name)
		}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if lines[len(lines)-1] != rep.Hash || len(rep.Hash) != 64 {
		t.Errorf("the last line is %q, the hash %q", lines[len(lines)-1], rep.Hash)
	}
}

var _ = errors.As
