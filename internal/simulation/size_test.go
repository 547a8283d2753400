//go:build !race

package simulation_test

// scale divides the runs.
const scale = 1
