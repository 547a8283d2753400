package simulator

import (
	"bytes"
	"encoding/json"
)

// Judge parses a request to send and decides on it: what is taken, and what each
// refused message is told.
func Judge(body []byte) (taken []Message, refused []string, err error) {
	r, err := parseSend(bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	for i := range r.Messages {
		for _, to := range r.Messages[i].To {
			if m, code := (Rules{}).judge(&r.Messages[i], to); code == "" {
				taken = append(taken, m)
			} else {
				refused = append(refused, meanings[code])
			}
		}
	}
	return taken, refused, nil
}

// ProofParts are the parts of an Authorization header; nil when it is none.
func ProofParts(header string) []string {
	p, ok := parseProof(header)
	if !ok {
		return nil
	}
	return []string{p.key, p.date, p.salt, p.signature}
}

// ParseMail reads a mail, and what the journal makes of it.
func ParseMail(raw []byte) (m, again Mail, err error) {
	if m, err = parseMail(raw); err != nil {
		return m, again, err
	}
	line, err := json.Marshal(record{Mail: &m})
	if err != nil {
		return m, again, err
	}
	var r record
	if err := json.Unmarshal(line, &r); err != nil || !r.valid() {
		return m, again, ErrDamaged
	}
	return m, *r.Mail, nil
}

// OnPhone is a text as a phone shows it.
var OnPhone = onPhone

// FailureMeaning is what is told of a message that failed for the reason.
func FailureMeaning(why string) string { return meanings[failureCodes[why]] }
