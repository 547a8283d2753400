package merchant

import "maps"

// CheckPassword opens the password rules to the tests.
func CheckPassword(p Password, least int, own ...string) (Password, error) {
	return checkPassword(p, least, own...)
}

// CommonWords are the bases of the block-list.
func CommonWords() map[string]bool { return maps.Clone(commonWords()) }
