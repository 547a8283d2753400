//go:build !race

package sheet_test

// rows of the long table.
const rows = 100_000
