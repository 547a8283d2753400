package iso8583

import "innopay/acquirer"

// Response codes (DE39) of the profile.
const (
	CodeOK              = "00"
	CodeDeclined        = "05"
	CodeInvalid         = "12"
	CodeAmount          = "13"
	CodeNumber          = "14"
	CodeNoOriginal      = "25"
	CodeFormat          = "30"
	CodeLost            = "41"
	CodeStolen          = "43"
	CodeFunds           = "51"
	CodeExpired         = "54"
	CodePassword        = "55"
	CodeRestricted      = "57"
	CodeLimit           = "61"
	CodeFrequency       = "65"
	CodePasswordTries   = "75"
	CodeIssuerDown      = "91"
	CodeDone            = "94"
	CodeSystem          = "96"
	CodeCaptured        = "C1"
	CodeTooLate         = "C2"
	CodeIdentity        = "N1"
	CodeInstallment     = "N2"
	CodeReversedBefore  = "N3"
	CodeCardInReversal  = "N4"
	failureDeclined     = "CARD_DECLINED"
	failureLimit        = "CARD_DECLINED_LIMIT"
	failureLost         = "CARD_DECLINED_LOST"
	failureExpired      = "CARD_DECLINED_EXPIRED"
	failureNumber       = "INVALID_CARD_NUMBER"
	failureVerification = "INVALID_AUTHENTICATION"
)

// Meaning is what a response code says.
type Meaning struct {
	Code    string
	Message string // Korean, for people
	// Failure is the contract's failure code when an authorization is refused with
	// it; empty when the code decides nothing about an authorization.
	Failure string
}

// meanings in the order of the document. A code that is not here is unknown, and so
// is everything it answers.
var meanings = []Meaning{
	{CodeOK, "정상 처리되었어요.", ""},
	{CodeDeclined, "카드사에서 승인을 거절했어요. 카드사에 문의해 주세요.", failureDeclined},
	{CodeInvalid, "처리할 수 없는 거래예요.", failureDeclined},
	{CodeAmount, "금액이 맞지 않아요. 금액을 확인해 주세요.", failureDeclined},
	{CodeNumber, "카드번호가 맞지 않아요. 번호를 확인해 주세요.", failureNumber},
	{CodeNoOriginal, "원거래를 찾을 수 없어요.", ""},
	{CodeFormat, "전문 형식이 맞지 않아요.", ""},
	{CodeLost, "분실 신고된 카드예요. 다른 카드로 결제해 주세요.", failureLost},
	{CodeStolen, "도난 신고된 카드예요. 다른 카드로 결제해 주세요.", failureLost},
	{CodeFunds, "잔액이 부족해요. 다른 카드로 결제해 주세요.", failureLimit},
	{CodeExpired, "유효기간이 지난 카드예요. 다른 카드로 결제해 주세요.", failureExpired},
	{CodePassword, "비밀번호가 맞지 않아요. 다시 확인해 주세요.", failureVerification},
	{CodeRestricted, "거래가 제한된 카드예요. 카드사에 문의해 주세요.", failureDeclined},
	{CodeLimit, "이용 한도를 넘었어요. 다른 카드로 결제해 주세요.", failureLimit},
	{CodeFrequency, "이용 횟수를 넘었어요. 다른 카드로 결제해 주세요.", failureLimit},
	{CodePasswordTries, "비밀번호 오류 횟수를 넘었어요. 카드사에 문의해 주세요.", failureVerification},
	{CodeIssuerDown, "카드사와 통신할 수 없어요.", ""},
	{CodeDone, "이미 취소된 거래예요.", ""},
	{CodeSystem, "매입사 시스템 오류예요.", ""},
	{CodeCaptured, "이미 매입된 거래예요.", ""},
	{CodeTooLate, "취소할 수 있는 시간이 지났어요.", ""},
	{CodeIdentity, "생년월일 또는 사업자번호가 맞지 않아요. 다시 확인해 주세요.", failureVerification},
	{CodeInstallment, "할부 개월 수가 맞지 않아요. 다시 선택해 주세요.", failureDeclined},
	{CodeReversedBefore, "이미 망취소된 거래예요. 새로 결제해 주세요.", failureDeclined},
	{CodeCardInReversal, "망취소에는 카드번호를 실을 수 없어요.", ""},
}

// Meanings lists the response codes of the profile.
func Meanings() []Meaning { return append([]Meaning(nil), meanings...) }

// MeaningOf is the meaning of a response code.
func MeaningOf(code string) (Meaning, bool) {
	for _, m := range meanings {
		if m.Code == code {
			return m, true
		}
	}
	return Meaning{}, false
}

// Answer reads the reply as that of an authorization. An approval without its
// number and a code nobody knows are Unknown.
func (r *Reply) Answer() acquirer.Answer {
	a := acquirer.Answer{Code: r.Code, Message: r.text()}
	meaning, known := MeaningOf(r.Code)
	switch {
	case r.Code == CodeOK && r.ApprovalNumber != "":
		a.Outcome = acquirer.Approved
		a.ApprovalNumber, a.RRN = r.ApprovalNumber, r.RRN
	case known && meaning.Failure != "":
		a.Outcome = acquirer.Declined
		a.FailureCode = meaning.Failure
	}
	a.Issuer, a.Acquirer, a.CardType = r.Issuer, r.Acquirer, r.CardType
	return a
}

// Reversal reads the reply as that of a reversal.
func (r *Reply) Reversal() acquirer.ReversalAnswer {
	a := acquirer.ReversalAnswer{Code: r.Code, Message: r.text()}
	switch r.Code {
	case CodeOK, CodeDone:
		a.Result = acquirer.Reversed
	case CodeNoOriginal:
		a.Result = acquirer.NoOriginal
	case CodeCaptured, CodeTooLate, CodeInvalid, CodeAmount, CodeCardInReversal:
		a.Result = acquirer.ReversalRefused
	}
	return a
}

// Cancel reads the reply as that of a void or refund.
func (r *Reply) Cancel() acquirer.CancelAnswer {
	a := acquirer.CancelAnswer{Code: r.Code, Message: r.text()}
	switch r.Code {
	case CodeOK:
		if r.CancelNumber != "" {
			a.Result, a.CancelNumber = acquirer.CancelDone, r.CancelNumber
		}
	case CodeCaptured:
		if r.Kind == Void {
			a.Result = acquirer.CancelAlreadyCaptured
		}
	case CodeNoOriginal, CodeDone, CodeTooLate, CodeInvalid, CodeAmount, CodeDeclined:
		a.Result = acquirer.CancelRefused
	}
	return a
}

// Inquiry reads the reply as that of an inquiry. Where the subject is a cancel the
// answer's ApprovalNumber is the cancel number.
func (r *Reply) Inquiry() acquirer.InquiryAnswer {
	if r.Code == CodeNoOriginal {
		return acquirer.InquiryAnswer{Result: acquirer.InquiryAbsent, Answer: acquirer.Answer{Code: r.Code, Message: r.text()}}
	}
	if r.Code != CodeOK {
		return acquirer.InquiryAnswer{Answer: acquirer.Answer{Code: r.Code, Message: r.text()}}
	}
	subject := *r
	subject.Code = r.SubjectCode
	subject.Text = ""
	out := acquirer.InquiryAnswer{Captured: r.Captured, Answer: subject.Answer()}
	switch r.State {
	case StateApproved:
		out.Result = acquirer.InquiryApproved
	case StateDeclined:
		out.Result = acquirer.InquiryDeclined
	case StateReversed:
		out.Result = acquirer.InquiryReversed
	case StateNone:
	}
	// "Approved" that names no approval proves nothing.
	if out.Result == acquirer.InquiryApproved && out.Answer.Outcome != acquirer.Approved {
		out.Result = acquirer.InquiryUnknown
	}
	return out
}

// text is the reply's text, or else the meaning of its code.
func (r *Reply) text() string {
	if r.Text != "" {
		return r.Text
	}
	meaning, _ := MeaningOf(r.Code)
	return meaning.Message
}
