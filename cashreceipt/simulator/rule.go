package simulator

import (
	"regexp"
	"strings"
	"time"

	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/money"
)

// Words of the wire.
const (
	typeIssue    = "승인거래"
	typeCancel   = "취소거래"
	usagePerson  = "소득공제용"
	usageFirm    = "지출증빙용"
	optNormal    = "일반"
	taxed        = "과세"
	untaxed      = "비과세"
	codeRejected = "8001"
)

// Codes of refusals. Those up to 1023 are of Popbill's published table; the others are
// the simulator's own in the same range, for what the stored part of that table leaves
// out.
const (
	codeAbsent       = -14000003
	codeCorp         = -14001002
	codeNoIdentity   = -14001004
	codeType         = -14001017
	codeUsage        = -14001018
	codeInUse        = -14001019
	codeNoOriginal   = -14001020
	codeNotFiled     = -14001021
	codeAbove        = -14001023
	codeMgtKey       = -14001901
	codeIdentity     = -14001902
	codeAmounts      = -14001903
	codeTradeDT      = -14001904
	codeReason       = -14001905
	codeBlocked      = -14001906
	codeUnreadable   = -10001000
	codeNoToken      = -10000034
	codeWrongToken   = -10000033
	codeUnavailable  = -99999999
	codeOurs         = -99999998
	codeLinkUnknown  = -99010001
	codeLinkMismatch = -99010002
)

// refusals are what each code says.
var refusals = table(map[int]string{ //nolint:gosec // sentences about tokens are none (G101)
	codeAbsent:       "해당 문서번호의 현금영수증이 존재하지 않습니다.",
	codeCorp:         "가맹점 사업자번호가 유효하지 않습니다.",
	codeNoIdentity:   "식별번호가 입력되지 않았습니다.",
	codeType:         "문서형태가 올바르지 않습니다.",
	codeUsage:        "거래구분이 올바르지 않습니다.",
	codeInUse:        "입력한 문서번호는 사용중입니다.",
	codeNoOriginal:   "원본 현금영수증이 존재하지 않습니다.",
	codeNotFiled:     "원본 현금영수증이 국세청에 전송되지 않아 취소현금영수증을 발행할 수 없습니다.",
	codeAbove:        "취소 금액은 원본 현금영수증의 금액을 초과할 수 없습니다.",
	codeMgtKey:       "문서번호는 24자 이하의 영문, 숫자, '-', '_'로 입력해야 합니다.",
	codeIdentity:     "식별번호 형식이 올바르지 않습니다.",
	codeAmounts:      "거래금액이 올바르지 않습니다.",
	codeTradeDT:      "거래일시는 당일 또는 전일이어야 합니다.",
	codeReason:       "취소사유가 올바르지 않습니다.",
	codeBlocked:      "발행할 수 없는 현금영수증입니다.",
	codeUnreadable:   "요청을 읽을 수 없습니다.",
	codeNoToken:      "인증 토큰이 입력되지 않았습니다.",
	codeWrongToken:   "토큰이 유효하지 않습니다.",
	codeUnavailable:  "서비스를 잠시 사용할 수 없습니다.",
	codeOurs:         "시뮬레이터에 문제가 생겼습니다.",
	codeLinkUnknown:  "등록되지 않은 LinkID입니다.",
	codeLinkMismatch: "서명이 일치하지 않습니다.",
})

func table(says map[int]string) map[int]wireError {
	out := map[int]wireError{}
	for code, message := range says {
		out[code] = wireError{code, message}
	}
	return out
}

func refusal(code int) *wireError {
	no := refusals[code]
	return &no
}

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,24}$`)

// kindOf is the port's kind of a receipt, for the journal.
func kindOf(usage, masked string) string {
	switch {
	case masked == mask(cashreceipt.SelfIssuedIdentifier):
		return string(cashreceipt.SelfIssued)
	case usage == usageFirm:
		return string(cashreceipt.ExpenseProof)
	}
	return string(cashreceipt.IncomeDeduction)
}

// draft reads a request to issue: what it asks for, and what is wrong with it.
func (r *issueRequest) draft(corp string, now time.Time) (document, *wireError) {
	identity := strings.ReplaceAll(r.IdentityNum, "-", "")
	d := document{
		Key: r.MgtKey, Corp: corp, TradeType: r.TradeType, Usage: r.TradeUsage, Opt: r.TradeOpt, Taxation: r.TaxationType,
		Identity: mask(identity), Item: r.ItemName, Order: r.OrderNumber, TradeDT: r.TradeDT,
		Franchise: franchise{r.FranchiseCorpName, r.FranchiseCEOName, r.FranchiseAddr, r.FranchiseTEL},
	}
	at, day, ok := deal(r.TradeDT, now)
	d.TradeDT, d.Day = at, day
	sums, sumsOK := r.amounts()
	d.Amounts = sums
	if strings.HasSuffix(identity, "9999") {
		d.Fate = ResultRejected
	}
	switch {
	case !keyForm.MatchString(r.MgtKey):
		return d, refusal(codeMgtKey)
	case r.FranchiseCorpNum != corp:
		return d, refusal(codeCorp)
	case r.TradeType != typeIssue:
		return d, refusal(codeType)
	case r.TradeUsage != usagePerson && r.TradeUsage != usageFirm:
		return d, refusal(codeUsage)
	case !sumsOK || r.TaxationType != taxed && r.TaxationType != untaxed || r.TaxationType == untaxed && sums.Tax != 0:
		return d, refusal(codeAmounts)
	case identity == "":
		return d, refusal(codeNoIdentity)
	case !identified(r.TradeUsage, identity):
		return d, refusal(codeIdentity)
	case !ok:
		return d, refusal(codeTradeDT)
	case strings.HasSuffix(identity, "8888"):
		return d, refusal(codeBlocked)
	}
	return d, nil
}

func identified(usage, identity string) bool {
	kind := cashreceipt.IncomeDeduction
	switch {
	case usage == usageFirm:
		kind = cashreceipt.ExpenseProof
	case identity == cashreceipt.SelfIssuedIdentifier:
		kind = cashreceipt.SelfIssued
	}
	_, ok := cashreceipt.CheckIdentifier(kind, []byte(identity))
	return ok
}

// wireTime and wireDay are how the wire writes a deal's.
const (
	wireTime = "20060102150405"
	wireDay  = "20060102"
)

// deal is when a deal was, now when nothing is said: today or yesterday.
func deal(tradeDT string, now time.Time) (at string, day clock.Day, ok bool) {
	t := now
	if tradeDT != "" {
		var err error
		if t, err = time.ParseInLocation(wireTime, tradeDT, clock.Seoul); err != nil {
			return now.In(clock.Seoul).Format(wireTime), clock.DayOf(now), false
		}
	}
	day = clock.DayOf(t)
	return t.In(clock.Seoul).Format(wireTime), day, day == clock.DayOf(now) || day == clock.DayOf(now.AddDate(0, 0, -1))
}

// draft reads a request to cancel. What is missing the original has.
func (r *revokeRequest) draft(corp string, now time.Time) (document, *wireError) {
	d := document{
		Key: r.MgtKey, Corp: corp, TradeType: typeCancel, Original: r.OrgConfirmNum, Reason: int(r.CancelType), Part: r.IsPartCancel, Fate: ResultConfirmed,
	}
	at, day, ok := deal(r.TradeDT, now)
	d.TradeDT, d.Day = at, day
	sums, sumsOK := r.amounts()
	if r.IsPartCancel {
		d.Amounts = sums
	}
	org, err := time.Parse(wireDay, r.OrgTradeDate)
	if err == nil {
		d.OrgDay = clock.Day(org.Format(time.DateOnly))
	}
	switch {
	case !keyForm.MatchString(r.MgtKey):
		return d, refusal(codeMgtKey)
	case err != nil || r.OrgConfirmNum == "":
		return d, refusal(codeNoOriginal)
	case r.CancelType != 0 && (r.CancelType < 1 || r.CancelType > 3):
		return d, refusal(codeReason)
	case r.IsPartCancel && !sumsOK:
		return d, refusal(codeAmounts)
	case !ok:
		return d, refusal(codeTradeDT)
	}
	return d, nil
}

// revocable fills a cancel in from its original, or refuses it. The office is locked.
func revocable(o *Office, d *document) *wireError {
	original := o.byNumber[string(d.OrgDay)+d.Original]
	switch {
	case original == nil || original.Corp != d.Corp || original.TradeType != typeIssue:
		return refusal(codeNoOriginal)
	case !original.judged || original.Fate != ResultConfirmed:
		return refusal(codeNotFiled)
	}
	d.Usage, d.Opt, d.Taxation, d.Identity = original.Usage, original.Opt, original.Taxation, original.Identity
	d.Item, d.Order, d.Franchise = original.Item, original.Order, original.Franchise
	if !d.Part {
		d.Amounts = original.Amounts
	}
	if !o.takenBack(original).plus(d.Amounts).within(original.Amounts) {
		return refusal(codeAbove)
	}
	return nil
}

// sums reads four amounts; their sum must be right.
func sums(supply, tax, fee, total amount) (amounts, bool) {
	a := amounts{money.Won(supply), money.Won(tax), money.Won(fee), money.Won(total)}
	ok := a.Supply >= 0 && a.Tax >= 0 && a.Fee >= 0 && a.Total > 0 && a.Total <= money.Max && a.Supply+a.Tax+a.Fee == a.Total
	return a, ok
}
