package receipt

import (
	"strconv"

	"innopay/money"
)

// Language is one of the two in which receipts are read.
type Language struct{ English bool }

// phrases are what stands on receipts, in Korean and English.
var phrases = map[string][2]string{
	"slip":             {"신용카드 매출전표", "Card sales slip"},
	"slipPart":         {"신용카드 매출전표 (부분취소)", "Card sales slip (partly cancelled)"},
	"slipFull":         {"신용카드 취소전표", "Card cancellation slip"},
	"cash":             {"현금 판매 영수증", "Cash sales receipt"},
	"cashPart":         {"현금 판매 영수증 (부분취소)", "Cash sales receipt (partly cancelled)"},
	"cashFull":         {"현금 판매 취소 영수증", "Cash cancellation receipt"},
	"cashSale":         {"현금 결제", "Cash payment"},
	"cashSalePart":     {"현금 결제 (부분취소)", "Cash payment, partly cancelled"},
	"cashSaleCanceled": {"현금 결제 취소", "Cash payment, cancelled"},
	"paidAt":           {"결제일시", "Paid at"},
	"received":         {"받은 돈", "Received"},
	"change":           {"거스름돈", "Change"},
	"official":         {"현금영수증", "Cash receipt (NTS)"},
	"officialFull":     {"현금영수증 (취소)", "Cash receipt (cancelled)"},
	"officialReason1":  {"거래 취소", "Sale cancelled"},
	"officialReason2":  {"오류 발급", "Issued in error"},
	"officialReason3":  {"기타", "Other"},
	"noteOfficial":     {"국세청에서도 조회할 수 있어요. 궁금한 점은 가맹점에 문의해 주세요.", "It can also be seen at the National Tax Service. Please ask the merchant if anything is unclear."},
	"purpose":          {"용도", "Purpose"},
	"INCOME_DEDUCTION": {"소득공제", "Income deduction"},
	"EXPENSE_PROOF":    {"지출증빙", "Proof of expense"},
	"SELF_ISSUED":      {"자진발급", "Self-issued"},
	"identifier":       {"식별번호", "Identifier"},
	"officialNo":       {"국세청 승인번호", "NTS approval no."},
	"officialAt":       {"발급일시", "Issued at"},
	"officialFor":      {"발급 금액", "Issued for"},
	"officialPart":     {"현금영수증 (부분취소)", "Cash receipt (partly cancelled)"},
	"officialWaits":    {"현금영수증을 발급하고 있어요. 잠시 뒤에 다시 열어 보세요.", "The cash receipt is being issued. Open this page again in a moment."},
	"officialBack":     {"이 현금영수증은 취소됐어요.", "This cash receipt was cancelled."},
	"noteCash":         {"현금으로 받은 판매의 영수증이에요. 궁금한 점은 가맹점에 문의해 주세요.", "A receipt of a cash sale. Please ask the merchant if anything is unclear."},
	"copy":             {"구매자용", "Buyer's copy"},
	"reprint":          {"재발행 (사본)", "REPRINT (COPY)"},
	"testPage":         {"시험 인쇄", "Test page"},
	"testHangul":       {"한글과 정렬", "Hangul and alignment"},
	"testNote":         {"모든 줄이 끝까지 보이고 글자가 깨지지 않으면 준비가 끝났어요.", "If every line is whole and no character is broken, the printer is ready."},
	"stampPart":        {"부분취소", "PART CANCELLED"},
	"stampFull":        {"취소", "CANCELLED"},
	"simulated":        {"모의 결제예요. 실제로 돈이 나가지 않았어요.", "Simulated payment: no money has moved."},
	"kind":             {"거래종류", "Transaction"},
	"approval":         {"승인", "Approval"},
	"canceled":         {"승인 취소", "Approval, cancelled"},
	"partCanceled":     {"승인 (부분취소)", "Approval, partly cancelled"},
	"approvedAt":       {"승인일시", "Approved at"},
	"approvalNo":       {"승인번호", "Approval no."},
	"issuer":           {"카드사", "Issuer"},
	"acquirer":         {"매입사", "Acquirer"},
	"cardNumber":       {"카드번호", "Card number"},
	"cardType":         {"카드종류", "Card type"},
	"CREDIT":           {"신용", "Credit"},
	"CHECK":            {"체크", "Debit"},
	"GIFT":             {"기프트", "Gift"},
	"entry":            {"입력방식", "Entry"},
	"KEY_IN":           {"수기입력", "Keyed in"},
	"SWIPE":            {"카드 긁음", "Swiped"},
	"ARS":              {"전화(ARS)", "Telephone"},
	"installment":      {"할부", "Installments"},
	"lump":             {"일시불", "Lump sum"},
	"orderNo":          {"주문번호", "Order no."},
	"product":          {"상품", "Product"},
	"items":            {"구매 내역", "Items"},
	"taxFreeMark":      {"면세", "tax-free"},
	"discount":         {"할인", "discount"},
	"supplied":         {"공급가액", "Supply value"},
	"vat":              {"부가세", "VAT"},
	"taxFree":          {"면세 금액", "Tax-free"},
	"serviceFee":       {"봉사료", "Service fee"},
	"total":            {"합계", "Total"},
	"canceledSum":      {"취소 금액", "Cancelled"},
	"remaining":        {"취소 후 금액", "After cancels"},
	"cancelSlip":       {"취소 내역", "Cancel"},
	"cancelAt":         {"취소일시", "Cancelled at"},
	"cancelNo":         {"취소번호", "Cancel no."},
	"cancelAmount":     {"취소금액", "Amount"},
	"reason":           {"취소사유", "Reason"},
	"originalNo":       {"원거래 승인번호", "Original no."},
	"originalAt":       {"원거래 일시", "Original at"},
	"cancelOpen":       {"취소 확인 중이에요. 잠시 뒤에 다시 열어 보세요.", "This cancel is being confirmed. Open the receipt again in a moment."},
	"shop":             {"가맹점", "Merchant"},
	"shopName":         {"상호", "Name"},
	"businessNo":       {"사업자등록번호", "Business no."},
	"owner":            {"대표자", "Owner"},
	"address":          {"주소", "Address"},
	"phone":            {"전화", "Telephone"},
	"terminal":         {"단말기번호", "Terminal"},
	"signature":        {"서명", "Signature"},
	"noSignature":      {"서명 없이 승인된 거래예요.", "Approved without a signature."},
	"closing":          {"일마감", "Close of day"},
	"closingVersion":   {"%d차", "No. %d"},
	"closedDay":        {"영업일", "Business day"},
	"closedAt":         {"마감일시", "Closed at"},
	"closedBy":         {"마감한 사람", "Closed by"},
	"closingReopened":  {"다시 연 마감", "REOPENED"},
	"soldSum":          {"판매 %d건", "Sold (%d)"},
	"canceledCount":    {"취소 %d건", "Cancelled (%d)"},
	"netSum":           {"순매출", "Net sales"},
	"byMethod":         {"결제수단별", "By method"},
	"ofParts":          {"금액 구성 (순매출)", "Parts of net sales"},
	"channelCARD":      {"카드", "Card"},
	"channelSMS":       {"SMS 링크", "SMS link"},
	"channelARS":       {"ARS 전화", "ARS"},
	"channelCASH":      {"현금", "Cash"},
	"drawer":           {"현금 시재", "Cash drawer"},
	"float":            {"준비금", "Float"},
	"cashExpected":     {"현금 매출 (환불 뺌)", "Cash sales less refunds"},
	"cashCounted":      {"센 돈", "Counted"},
	"cashDifference":   {"차액", "Difference"},
	"memo":             {"메모", "Note"},
	"closingNote":      {"마감한 순간의 장부예요. 뒤에 생긴 거래는 마감 후 거래로 따로 보여요.", "The books at the moment of closing. What came later is shown as a supplement."},
	"openSlip":         {"영수증 열기 (서명, PDF)", "Open the receipt (signature, PDF)"},
	"receipt":          {"영수증", "Receipt"},
	"note":             {"부가가치세법의 신용카드 매출전표예요. 궁금한 점은 가맹점에 문의해 주세요.", "A card sales slip under Korean VAT law. Please ask the merchant if anything is unclear."},
}

// Say is a phrase, or the word itself when it is none of ours.
func (l Language) Say(key string) string {
	p, ok := phrases[key]
	switch {
	case !ok:
		return key
	case l.English:
		return p[1]
	default:
		return p[0]
	}
}

// Code is the language's code.
func (l Language) Code() string {
	if l.English {
		return "en"
	}
	return "ko"
}

// Plan is how the buyer pays: 일시불, 3개월, 3개월 무이자.
func (l Language) Plan(c Card) string {
	if c.Months == 0 {
		return l.Say("lump")
	}
	months, free := "개월", " 무이자"
	if l.English {
		months, free = " months", ", interest-free"
	}
	s := strconv.Itoa(c.Months) + months
	if c.InterestFree {
		s += free
	}
	return s
}

// Won is an amount with its unit, as the language writes it.
func (l Language) Won(w money.Won) string {
	if l.English {
		return "KRW " + w.Grouped()
	}
	return w.String()
}
