package popbill

import (
	"innopay/call"
	"innopay/cashreceipt"
)

// Key is the mgtKey of an id.
var Key = key

// Answered reads an answer to a hand-over.
func Answered(status int, body []byte) (cashreceipt.Answer, bool) {
	return answered(call.Reply{Status: status, Body: body})
}

// Told reads an answer to a question.
func Told(status int, body []byte, mgtKey string) cashreceipt.Verdict {
	return told(call.Reply{Status: status, Body: body}, mgtKey)
}
