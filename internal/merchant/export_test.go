package merchant

import (
	"maps"

	"innopay/internal/grid"
)

// CheckPassword opens the password rules to the tests.
func CheckPassword(p Password, least int, own ...string) (Password, error) {
	return checkPassword(p, least, own...)
}

// CommonWords are the bases of the block-list.
func CommonWords() map[string]bool { return maps.Clone(commonWords()) }

// EventOf reads a row of a table of events, and checks what it makes of it.
func EventOf(row grid.Row) (wrong []grid.Wrong, err error) {
	e, wrong := eventOf(row)
	return wrong, e.validate()
}
