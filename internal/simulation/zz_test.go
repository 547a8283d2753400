package simulation_test

import (
	"os"
	"strconv"
	"testing"

	"innopay/internal/simulation"
)

func TestZZ(t *testing.T) {
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	to, _ := strconv.Atoi(os.Getenv("TO"))
	n, _ := strconv.Atoi(os.Getenv("N"))
	for s := from; s < to; s++ {
		rep, err := simulation.Run(simulation.Options{Seed: uint64(s), Payments: n, Out: os.Stdout})
		if err != nil {
			e := err.Error()
			t.Errorf("%.1500s %+v", e, rep)
		}
	}
}
