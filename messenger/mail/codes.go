package mail

import (
	"errors"
	"net/textproto"
	"regexp"
	"strconv"

	gomail "github.com/wneessen/go-mail"

	"innopay/messenger"
)

// reasons are what is said of a mail that cannot be made, by its code.
var reasons = map[string]string{
	"FROM":   "보내는 메일 주소가 맞지 않아요.",
	"TO":     "받는 메일 주소가 맞지 않아요.",
	"LENGTH": "메일이 너무 길어요.",
}

var (
	notSent  = messenger.Answer{Outcome: messenger.Later, Code: "NOT_SENT", Reason: "메일 서버에 연결하지 못했어요."}
	noAnswer = messenger.Answer{Outcome: messenger.Unknown, Code: "NO_ANSWER", Reason: "메일 서버의 응답을 받지 못했어요."}
)

// ours are the 5xx that say that our login is wrong, not the mail (RFC 4954).
var ours = map[int]bool{530: true, 534: true, 535: true, 538: true}

// answer is what a failed delivery decides. Until the end of DATA nothing can have been
// taken; after it the relay's code decides, and without one nobody knows.
func answer(err error) messenger.Answer {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok { // greeting, STARTTLS or login
		if said, ok := errors.AsType[*textproto.Error](err); ok {
			return messenger.Answer{Outcome: messenger.Later, Code: strconv.Itoa(said.Code), Reason: "메일 서버가 연결이나 로그인을 거절했어요."}
		}
		return notSent
	}
	number := failed.ErrorCode()
	a := messenger.Answer{Code: code(number, failed.EnhancedStatusCode())}
	switch {
	case number >= 400 && number < 500:
		a.Outcome, a.Reason = messenger.Later, "메일 서버가 나중에 다시 보내 달라고 해요."
	case ours[number]:
		a.Outcome, a.Reason = messenger.Later, "메일 서버가 로그인을 거절했어요. 설정을 확인해 주세요."
	case number >= 500 && number < 600:
		a.Outcome, a.Reason = messenger.Rejected, "메일 서버가 받을 수 없는 메일이라고 해요."
	case failed.Reason == gomail.ErrSMTPDataClose:
		return noAnswer
	default:
		return notSent
	}
	return a
}

var enhancedForm = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

// code joins the relay's codes (RFC 5321, RFC 3463): "550 5.1.1".
func code(number int, enhanced string) string {
	if enhancedForm.MatchString(enhanced) {
		return strconv.Itoa(number) + " " + enhanced
	}
	return strconv.Itoa(number)
}
