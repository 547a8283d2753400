package messenger

import (
	"errors"
	"strconv"

	"innopay/call"
)

// Unreached is the answer of a Send whose call ended with an error of call.Client.Do.
func Unreached(err error) Answer {
	if errors.Is(err, call.ErrNotSent) {
		return Answer{Outcome: Later, Code: "NOT_SENT", Reason: "게이트웨이에 연결하지 못했어요."}
	}
	return Answer{Outcome: Unknown, Code: "NO_ANSWER", Reason: "게이트웨이의 응답을 받지 못했어요."}
}

// Busy is the answer of a gateway that said, by its status, that it took nothing now.
func Busy(r call.Reply) Answer {
	return Answer{
		Outcome: Later, Code: strconv.Itoa(r.Status), Reason: "게이트웨이가 잠시 받지 않아요.", RetryAfter: r.RetryAfter,
	}
}

// Garbled is the answer when the gateway's own cannot be understood.
func Garbled(r call.Reply) Answer {
	return Answer{Outcome: Unknown, Code: strconv.Itoa(r.Status), Reason: "게이트웨이의 응답을 이해하지 못했어요."}
}
