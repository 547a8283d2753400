//go:build race

package simulation_test

// scale divides the runs: the race detector makes them five times as long, and in one
// thread it has little to find.
const scale = 5
