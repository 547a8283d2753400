package buyer

import (
	"strconv"

	"innopay/internal/receipt"
	"innopay/money"
)

// text is one phrase of a page.
type text struct{ ko, en string }

// texts are the phrases of receipt and activation, by what they stand for.
var texts = map[string]text{
	"slip":          {"신용카드 매출전표", "Card sales slip"},
	"slipPart":      {"신용카드 매출전표 (부분취소)", "Card sales slip (partly cancelled)"},
	"slipFull":      {"신용카드 취소전표", "Card cancellation slip"},
	"copy":          {"구매자용", "Buyer's copy"},
	"stampPart":     {"부분취소", "PART CANCELLED"},
	"stampFull":     {"취소", "CANCELLED"},
	"simulated":     {"모의 결제예요. 실제로 돈이 나가지 않았어요.", "Simulated payment: no money has moved."},
	"kind":          {"거래종류", "Transaction"},
	"approval":      {"승인", "Approval"},
	"canceled":      {"승인 취소", "Approval, cancelled"},
	"partCanceled":  {"승인 (부분취소)", "Approval, partly cancelled"},
	"approvedAt":    {"승인일시", "Approved at"},
	"approvalNo":    {"승인번호", "Approval no."},
	"issuer":        {"카드사", "Issuer"},
	"acquirer":      {"매입사", "Acquirer"},
	"cardNumber":    {"카드번호", "Card number"},
	"cardType":      {"카드종류", "Card type"},
	"CREDIT":        {"신용", "Credit"},
	"CHECK":         {"체크", "Debit"},
	"GIFT":          {"기프트", "Gift"},
	"entry":         {"입력방식", "Entry"},
	"KEY_IN":        {"수기입력", "Keyed in"},
	"SWIPE":         {"카드 긁음", "Swiped"},
	"ARS":           {"전화(ARS)", "Telephone"},
	"installment":   {"할부", "Installments"},
	"lump":          {"일시불", "Lump sum"},
	"orderNo":       {"주문번호", "Order no."},
	"product":       {"상품", "Product"},
	"items":         {"구매 내역", "Items"},
	"taxFreeMark":   {"면세", "tax-free"},
	"discount":      {"할인", "discount"},
	"supplied":      {"공급가액", "Supply value"},
	"vat":           {"부가세", "VAT"},
	"taxFree":       {"면세 금액", "Tax-free"},
	"serviceFee":    {"봉사료", "Service fee"},
	"total":         {"합계", "Total"},
	"canceledSum":   {"취소 금액", "Cancelled"},
	"remaining":     {"취소 후 금액", "After cancels"},
	"cancelSlip":    {"취소 내역", "Cancel"},
	"cancelAt":      {"취소일시", "Cancelled at"},
	"cancelNo":      {"취소번호", "Cancel no."},
	"cancelAmount":  {"취소금액", "Amount"},
	"reason":        {"취소사유", "Reason"},
	"original":      {"원거래", "Original"},
	"cancelOpen":    {"취소 확인 중이에요. 잠시 뒤에 다시 열어 보세요.", "This cancel is being confirmed. Open the receipt again in a moment."},
	"shop":          {"가맹점", "Merchant"},
	"shopName":      {"상호", "Name"},
	"businessNo":    {"사업자등록번호", "Business no."},
	"owner":         {"대표자", "Owner"},
	"address":       {"주소", "Address"},
	"phone":         {"전화", "Telephone"},
	"terminal":      {"단말기번호", "Terminal"},
	"signature":     {"서명", "Signature"},
	"noSignature":   {"서명 없이 승인된 거래예요.", "Approved without a signature."},
	"note":          {"부가가치세법의 신용카드 매출전표예요. 궁금한 점은 가맹점에 문의해 주세요.", "A card sales slip under Korean VAT law. Please ask the merchant if anything is unclear."},
	"otherLanguage": {"English", "한국어"},

	"goneTitle": {"열 수 없는 주소예요", "This address cannot be opened"},
	"gone":      {"주소가 바뀌었거나 더 이상 쓰지 않아요. 받은 링크를 다시 확인하고, 계속 열리지 않으면 가맹점에 문의해 주세요.", "It has changed or is no longer in use. Check the link you received, or ask the merchant."},
	"waitTitle": {"잠시 뒤에 다시 열어 주세요", "Please try again in a moment"},
	"wait":      {"지금은 보여 드릴 수 없어요. 결제 결과에는 영향이 없어요.", "It cannot be shown right now. The payment is not affected."},

	"setTitle":       {"비밀번호 설정", "Set a password"},
	"setCancelTitle": {"취소 비밀번호 설정", "Set the cancel password"},
	"setIntro":       {"로그인할 때 쓸 비밀번호를 정해 주세요.", "Choose the password you will log in with."},
	"setCancelIntro": {"결제를 취소할 때 쓸 비밀번호를 정해 주세요. 로그인 비밀번호와 다르게 정하는 게 안전해요.", "Choose the password that cancels payments. Make it different from your login password."},
	"loginId":        {"아이디", "Login id"},
	"newPassword":    {"새 비밀번호", "New password"},
	"again":          {"새 비밀번호 다시 입력", "New password again"},
	"least":          {"최소 글자 수", "At least this many characters"},
	"totpIntro":      {"인증 앱에 아래 키를 등록하고, 앱에 표시된 6자리 코드를 입력해 주세요.", "Add this key to your authenticator app and enter the 6-digit code it shows."},
	"totpKey":        {"인증 앱 키", "Key for the app"},
	"totpCode":       {"6자리 코드", "6-digit code"},
	"save":           {"비밀번호 저장", "Save password"},
	"mismatch":       {"두 비밀번호가 서로 달라요. 다시 입력해 주세요.", "The two passwords differ. Enter them again."},
	"savedTitle":     {"저장했어요", "Saved"},
	"saved":          {"새 비밀번호를 저장했어요. 이 창은 닫아도 돼요.", "The new password is saved. You may close this page."},
	"toApp":          {"앱으로 가기", "Open the app"},
}

// phrasebook says a page's phrases in one language.
type phrasebook struct{ english bool }

// say is the phrase, or the word itself when it is none of ours.
func (b phrasebook) say(key string) string {
	t, ok := texts[key]
	if !ok {
		t, ok = payTexts[key]
	}
	if !ok {
		t, ok = callTexts[key]
	}
	switch {
	case !ok:
		return key
	case b.english:
		return t.en
	default:
		return t.ko
	}
}

// lang is the language's code.
func (b phrasebook) lang() string {
	if b.english {
		return "en"
	}
	return "ko"
}

// plan is how the buyer pays: 일시불, 3개월, 3개월 무이자.
func (b phrasebook) plan(c receipt.Card) string {
	if c.Months == 0 {
		return b.say("lump")
	}
	months, free := "개월", " 무이자"
	if b.english {
		months, free = " months", ", interest-free"
	}
	s := strconv.Itoa(c.Months) + months
	if c.InterestFree {
		s += free
	}
	return s
}

// won is an amount with its unit, as the language writes it.
func (b phrasebook) won(w money.Won) string {
	if b.english {
		return "KRW " + w.Grouped()
	}
	return w.String()
}
