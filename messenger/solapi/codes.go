package solapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"innopay/call"
	"innopay/messenger"
)

// verdict is what an error decides for the message.
type verdict struct {
	outcome messenger.Outcome
	reason  string
}

var (
	account = verdict{messenger.Later, "솔라피 계정 설정을 확인해 주세요."}
	money   = verdict{messenger.Later, "솔라피 잔액이 부족해요. 충전하면 이어서 보내요."}
	busy    = verdict{messenger.Later, "솔라피가 잠시 받지 않아요."}
	wrong   = verdict{messenger.Rejected, "솔라피가 받을 수 없는 메시지라고 해요."}
	number  = verdict{messenger.Rejected, "솔라피가 막아 둔 번호예요."}
	kakao   = verdict{messenger.Rejected, "카카오 프로필이나 템플릿이 맞지 않아요."}
	sender  = verdict{messenger.Rejected, "솔라피에 등록되지 않은 발신번호예요."}
)

// errorCodes are errorCode of a request that was refused: nothing of it was taken.
// What is wrong with the account is put right there, and then the message is sent.
// A code that is not here is decided by its status.
var errorCodes = map[string]verdict{
	"ValidationError":       wrong,
	"FailedToAddMessage":    wrong,
	"UnregisteredSenderId":  sender,
	"NotEnoughBalance":      money,
	"InvalidAPIKey":         account,
	"InvalidApiKey":         account,
	"SignatureDoesNotMatch": account,
	"RequestTimeTooSkewed":  account,
	"DuplicatedSignature":   busy, // the next one has a new salt
}

// refused is what an answer other than 200 decides. An error that Solapi does not
// explain could be anybody's on the way, and is unknown.
func refused(r call.Reply) messenger.Answer {
	if r.Status == http.StatusServiceUnavailable || r.Status == http.StatusTooManyRequests {
		return messenger.Busy(r)
	}
	var body errorReply
	if r.Status < 400 || r.Status >= 500 || r.Status == http.StatusRequestTimeout ||
		json.Unmarshal(r.Body, &body) != nil || !name(body.Code) {
		return messenger.Garbled(r)
	}
	v, known := errorCodes[body.Code]
	switch {
	case known:
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
		v = account
	case r.Status == http.StatusPaymentRequired:
		v = money
	default:
		v = wrong
	}
	return messenger.Answer{Outcome: v.outcome, Code: body.Code, Reason: v.reason, RetryAfter: r.RetryAfter}
}

// statusCodes are those of a message that was not registered of which more is known
// than that it is wrong.
var statusCodes = map[string]verdict{
	"1041": kakao,
	"1042": kakao,
	"1060": number,
	"1062": sender,
}

// Status codes of a message that was taken: 2000 taken, 3000 at the carrier, 4000
// arrived; every other one failed at Solapi, the carrier or Kakao.
const (
	codeTaken     = "2000"
	codeAtCarrier = "3000"
	codeArrived   = "4000"
)

// unregistered is what the status of a message in failedMessageList decides.
func unregistered(status string) messenger.Answer {
	v, known := statusCodes[status]
	if !known {
		v = wrong
	}
	return messenger.Answer{Outcome: v.outcome, Code: status, Reason: v.reason}
}

// state is what a status code says of a message that was taken. A code that nobody
// knows leaves it waiting.
func state(status string) messenger.Report {
	r := messenger.Report{Code: code(status)}
	four := len(status) == 4 && strings.Trim(status, "0123456789") == ""
	switch {
	case status == codeTaken:
		r.Reason = "솔라피가 받았어요."
	case status == codeAtCarrier:
		r.Reason = "통신사가 보내고 있어요."
	case status == codeArrived:
		r.State, r.Reason = messenger.Delivered, "전화기에 도착했어요."
	case four && status[0] >= '1' && status[0] <= '4':
		r.State, r.Reason = messenger.Failed, "전화기에 도착하지 못했어요."
	default:
		r.Reason = "솔라피가 알 수 없는 상태를 알려 줬어요."
	}
	return r
}
