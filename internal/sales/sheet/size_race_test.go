//go:build race

package sheet_test

// rows of the long table; the race detector makes each of them slow.
const rows = 10_000
