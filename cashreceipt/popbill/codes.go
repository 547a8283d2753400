package popbill

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"innopay/call"
	"innopay/cashreceipt"
)

// Sentences for people.
const (
	reasonAway    = "현금영수증 발급사에 연결하지 못했어요."
	reasonAccount = "팝빌 계정 설정을 확인해 주세요."
	reasonUnheard = "현금영수증 발급 결과를 확인하고 있어요."
	reasonWrong   = "팝빌이 받을 수 없는 현금영수증이라고 해요."
	reasonEarly   = "국세청이 아직 확인하지 않은 현금영수증이에요. 확인되면 이어서 취소해요."
	reasonNTS     = "국세청이 거절했어요."
	reasonTaken   = "팝빌에서 발급이 취소됐어요."
)

// Codes of Popbill's that decide more than a refusal.
const (
	codeAbsent   = -14000003 // no document of the key
	codeOther    = -14000004 // the key is another document's
	codeInUse    = -14001019 // the key is in use
	codeNotFiled = -14001021 // the original is not at the tax service yet
)

// permanent are refusals of a document for good, with what people are told. Every
// other code between lowest and highest is of the same kind: what is wrong with the
// document's fields.
var permanent = map[int]string{
	-14001001: "상점의 사업자등록번호를 확인해 주세요.",
	-14001002: "상점의 사업자등록번호를 확인해 주세요.",
	-14001004: "현금영수증을 받을 번호가 없어요.",
	-14001008: "봉사료가 맞지 않아요.",
	-14001009: "봉사료가 맞지 않아요.",
	-14001010: "공급가액이 맞지 않아요.",
	-14001011: "공급가액이 맞지 않아요.",
	-14001012: "부가세가 맞지 않아요.",
	-14001013: "부가세가 맞지 않아요.",
	-14001014: "금액이 맞지 않아요.",
	-14001015: "금액이 맞지 않아요.",
	-14001017: "현금영수증 종류가 맞지 않아요.",
	-14001018: "현금영수증 용도가 맞지 않아요.",
	-14001020: "원래 현금영수증을 찾을 수 없어요.",
	-14001022: "원래 현금영수증을 발급한 상점이 아니에요.",
	-14001023: "취소할 금액이 원래 현금영수증보다 커요.",
}

const (
	lowest  = -14001999
	highest = -14001000
)

// tokenCodes say that a session is missing, foreign or over.
var tokenCodes = map[int]bool{-10000032: true, -10000033: true, -10000034: true}

type errorReply struct {
	Code int `json:"code"`
}

// coded is the code of a refusal, 0 when it has none.
func coded(r call.Reply) int {
	var e errorReply
	if json.Unmarshal(r.Body, &e) != nil || e.Code >= 0 || e.Code <= -1_000_000_000 {
		return 0
	}
	return e.Code
}

// errorCode is the same for logs.
func errorCode(r call.Reply) string {
	if c := coded(r); c != 0 {
		return strconv.Itoa(c)
	}
	return ""
}

// expired reports whether the session was refused, and with it the request.
func expired(r call.Reply) bool {
	return r.Status == http.StatusUnauthorized || r.Status >= 400 && r.Status < 500 && tokenCodes[coded(r)]
}

// answered reads the answer to a hand-over. look is true when the key is taken, so that
// only its document tells more.
func answered(r call.Reply) (a cashreceipt.Answer, look bool) {
	if r.Status == http.StatusOK {
		var body issueReply
		if json.Unmarshal(r.Body, &body) != nil || body.Code != 1 {
			return unheard("200"), false
		}
		ref, ok := reference(body.ConfirmNum, body.TradeDate)
		if !ok { // issued, without a number that can be read
			return unheard("200"), true
		}
		return cashreceipt.Answer{Outcome: cashreceipt.Issued, Reference: ref}, false
	}
	code := coded(r)
	text := strconv.Itoa(code)
	switch {
	case r.Status < 400 || r.Status >= 500 || r.Status == http.StatusRequestTimeout || r.Status == http.StatusTooManyRequests || code == 0:
		return unheard(strconv.Itoa(r.Status)), false
	case code == codeInUse || code == codeOther:
		return unheard(text), true
	case code == codeNotFiled:
		return cashreceipt.Answer{Outcome: cashreceipt.Unknown, Code: text, Message: reasonEarly}, false
	case code >= lowest && code <= highest:
		message, known := permanent[code]
		if !known {
			message = reasonWrong
		}
		return cashreceipt.Answer{Outcome: cashreceipt.Refused, Code: text, Message: message}, false
	}
	// What is wrong with the account is put right there, and then the receipt is issued.
	return cashreceipt.Answer{Outcome: cashreceipt.Unknown, Code: text, Message: reasonAccount}, false
}

// told reads the answer to a question.
func told(r call.Reply, mgtKey string) cashreceipt.Verdict {
	if r.Status != http.StatusOK {
		if r.Status < 500 && coded(r) == codeAbsent {
			return cashreceipt.Verdict{State: cashreceipt.Absent}
		}
		return cashreceipt.Verdict{Code: errorCode(r), Message: reasonUnheard}
	}
	var i infoReply
	if json.Unmarshal(r.Body, &i) != nil || i.MgtKey != mgtKey {
		return cashreceipt.Verdict{Message: reasonUnheard}
	}
	ref, ok := reference(i.ConfirmNum, i.TradeDate)
	if !ok {
		return cashreceipt.Verdict{Message: reasonUnheard}
	}
	v := cashreceipt.Verdict{Reference: ref, Code: name(i.NTSResultCode)}
	switch {
	case i.StateCode == 304:
		v.State = cashreceipt.Confirmed
	case i.StateCode == 305:
		v.State, v.Message = cashreceipt.Rejected, reasonNTS
		if harmless(i.NTSResultMessage) {
			v.Message = strings.TrimSuffix(reasonNTS, ".") + ": " + i.NTSResultMessage
		}
	case i.StateCode >= 300 && i.StateCode < 304:
		v.State = cashreceipt.Waiting
	case i.StateCode >= 400 && i.StateCode < 500, i.StateCode == 600:
		v.State, v.Message = cashreceipt.Rejected, reasonTaken
	default:
		return cashreceipt.Verdict{Code: strconv.Itoa(i.StateCode), Message: reasonUnheard}
	}
	return v
}

// harmless reports whether words of the office may be shown: short, and without a digit,
// so without an identifier.
func harmless(s string) bool {
	return s != "" && len(s) <= 200 && utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsControl(r) }) < 0
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,16}$`)

// name is a code as far as it is one: an identifier has ten digits and more.
func name(s string) string {
	if nameForm.MatchString(s) && len(s) < 10 {
		return s
	}
	return ""
}

func notSent(code, message string) *cashreceipt.Answer {
	return &cashreceipt.Answer{Outcome: cashreceipt.NotSent, Code: code, Message: message}
}

// lost is the answer when the call ended with an error of call.Client.Do.
func lost(err error) cashreceipt.Answer {
	if errors.Is(err, call.ErrNotSent) {
		return *notSent("NOT_SENT", reasonAway)
	}
	return unheard("NO_ANSWER")
}

func unheard(code string) cashreceipt.Answer {
	return cashreceipt.Answer{Outcome: cashreceipt.Unknown, Code: code, Message: reasonUnheard}
}

func unreadable() cashreceipt.Answer {
	return cashreceipt.Answer{Outcome: cashreceipt.Refused, Code: "CONTENT", Message: "팝빌로 보낼 수 없는 내용이나 금액이에요."}
}
