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

// ParseAssertion and ParseCreation read authenticators' answers.
func ParseAssertion(b []byte) ([]byte, bool) {
	p, err := parseAssertion(b)
	if err != nil {
		return nil, false
	}
	return p.RawID, true
}

func ParseCreation(b []byte) ([]byte, bool) {
	p, err := parseCreation(b)
	if err != nil {
		return nil, false
	}
	return p.RawID, true
}

// MailCode is the code that goes to a pending address.
func (a *Accounts) MailCode(mailID string) string { return a.mailCode(mailID) }
