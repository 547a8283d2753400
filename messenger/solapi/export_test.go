package solapi

import (
	"innopay/call"
	"innopay/messenger"
)

// Sent reads an answer to a hand-over.
func Sent(status int, body []byte) messenger.Answer {
	return sent(call.Reply{Status: status, Body: body})
}

// Told reads an answer to a question.
func Told(status int, body []byte, reference string) (messenger.Report, error) {
	return told(call.Reply{Status: status, Body: body}, reference)
}
