package buyer

import "innopay/internal/payment"

// payTexts are the phrases of the page of a payment link and of what comes of it.
var payTexts = map[string]text{
	"request":       {"결제 요청", "asks for a payment"},
	"previewText":   {"받은 결제 요청을 확인하고 카드로 결제할 수 있어요.", "See what is asked for and pay by card."},
	"payTitle":      {"결제 요청", "Payment request"},
	"payAgainTitle": {"다시 확인해 주세요", "Please check"},
	"simulatedPay":  {"테스트 결제예요. 실제로 돈이 나가지 않아요.", "Test payment: no money moves."},
	"due":           {"결제할 금액", "Amount to pay"},
	"asked":         {"요청 금액", "Amount asked"},
	"itemsOf":       {"구매 내역", "Items"},
	"count":         {"개", ""},
	"moreBefore":    {"외", "and"},
	"moreAfter":     {"개", "more"},
	"timeLeft":      {"남음", "left"},

	"cardHead":      {"카드 정보", "Your card"},
	"number":        {"카드번호", "Card number"},
	"expiry":        {"유효기간", "Expiry"},
	"expiryHint":    {"월/연", "MM/YY"},
	"birth":         {"생년월일 6자리", "Birth date (YYMMDD)"},
	"birthHint":     {"법인카드는 사업자등록번호 10자리", "Company cards: business number, 10 digits"},
	"password":      {"비밀번호 앞 2자리", "Password, first 2 digits"},
	"months":        {"할부", "Installments"},
	"free":          {"무이자", "Interest-free"},
	"agreeHead":     {"동의", "Consent"},
	"agreePayment":  {"전자금융거래 이용에 동의해요", "I agree to the payment terms"},
	"agreePersonal": {"개인정보 제공에 동의해요", "I agree that my data is passed on"},
	"must":          {"필수", "required"},
	"read":          {"내용 보기", "Read"},
	"termsText": {
		"버튼을 누르면 이 화면의 금액을 승인해 달라고 카드사에 요청해요. 결제 내역은 영수증 링크에서 볼 수 있고, 잘못된 내역은 가맹점에 정정을 요청할 수 있어요. 취소와 환불은 가맹점이 처리해요. 결제 기록은 법에 따라 5년 동안 보관해요.",
		"The button asks your card company to approve the amount on this page. You can see the payment through the receipt link and ask the merchant to correct mistakes. Cancels and refunds are made by the merchant. Payment records are kept for five years, as the law requires.",
	},
	"toWhom":      {"받는 곳", "Passed to"},
	"toWhomText":  {"카드사와 매입사", "Card company and acquirer"},
	"why":         {"쓰는 목적", "Used for"},
	"whyText":     {"카드 승인, 취소와 정산", "Approval, cancel and settlement"},
	"what":        {"항목", "Data"},
	"whatNumber":  {"카드번호, 유효기간, 결제 금액", "card number, expiry, amount"},
	"whatBirth":   {", 생년월일 또는 사업자등록번호", ", birth date or business number"},
	"whatDigits":  {", 비밀번호 앞 2자리", ", first 2 digits of the password"},
	"howLong":     {"보관", "Kept"},
	"howLongText": {"여기서는 승인 뒤 바로 지우고 카드번호 앞 6자리와 뒤 4자리만 남겨요. 받는 곳은 법이 정한 동안 보관해요.", "Here it is wiped after the approval; only the first 6 and last 4 digits of the number stay. Those it is passed to keep it as long as the law says."},
	"refusal":     {"거부할 권리", "Refusing"},
	"refusalText": {"동의하지 않을 수 있지만, 그러면 이 화면에서 결제할 수 없어요.", "You may refuse, but then you cannot pay here."},
	"payButton":   {"결제하기", "Pay"},
	"paying":      {"결제하고 있어요…", "Paying…"},
	"trust":       {"INNOPAY가 카드사에 승인을 요청해요. 카드 정보는 이 결제에만 쓰고 저장하지 않아요.", "INNOPAY asks the card company for approval. Your card is used for this payment only and is not stored."},
	"check":       {"모르는 요청이라면 결제하지 말고 가맹점에 확인해 주세요.", "If you do not know this request, do not pay; ask the merchant."},
	"seller":      {"판매자 정보", "Seller"},

	"alertFix":      {"입력한 내용을 확인해 주세요", "Please check what you entered"},
	"alertDeclined": {"아직 결제되지 않았어요", "Not paid yet"},
	"declinedNext":  {"돈은 나가지 않았으니 카드 정보를 다시 입력해 주세요.", "Nothing was charged; please enter a card again."},
	"triesLeft":     {"번 더 시도할 수 있어요.", " tries are left."},
	"unreadable":    {"입력한 내용을 읽지 못했어요. 돈은 나가지 않았으니 다시 입력해 주세요.", "The form could not be read. Nothing was charged; please enter it again."},
	"shopLimit": {
		"가게가 지금 받을 수 있는 카드 결제 한도를 넘었어요. 돈은 나가지 않았으니 가게에 문의해 주세요.",
		"The shop can take no more by card for now. Nothing was charged; please ask the shop.",
	},
	"enterCardAgain": {"안전을 위해 카드 정보를 다시 입력해 주세요.", "For safety the card has to be entered again."},

	"need.number":        {"카드번호를 입력해 주세요.", "Enter the card number."},
	"fix.number":         {"카드번호를 다시 확인해 주세요.", "Check the card number."},
	"need.expiry":        {"유효기간을 입력해 주세요.", "Enter the expiry."},
	"fix.expiry":         {"유효기간은 카드에 적힌 대로 월/연 4자리로 입력해 주세요. 예: 07/30", "Enter the expiry as on the card: month and year, e.g. 07/30."},
	"need.birth":         {"생년월일 6자리나 사업자등록번호 10자리를 입력해 주세요.", "Enter 6 digits of the birth date or 10 of the business number."},
	"fix.birth":          {"생년월일은 6자리, 사업자등록번호는 10자리 숫자로 입력해 주세요.", "6 digits of the birth date, or 10 of the business number."},
	"need.password":      {"카드 비밀번호 앞 2자리를 입력해 주세요.", "Enter the first 2 digits of the card's password."},
	"fix.password":       {"카드 비밀번호 앞 2자리를 숫자로 입력해 주세요.", "Enter the first 2 digits of the card's password."},
	"lumpOnly":           {"이 결제는 할부를 쓸 수 없어요. 일시불로 결제해 주세요.", "This shop takes no installments here. Please pay in a lump sum."},
	"fix.months":         {"이 할부는 쓸 수 없어요. 다른 할부를 골라 주세요.", "This plan is not offered. Choose another one."},
	"need.agreePayment":  {"전자금융거래 이용에 동의해야 결제할 수 있어요.", "Agree to the payment terms to pay."},
	"need.agreePersonal": {"개인정보 제공에 동의해야 결제할 수 있어요.", "Agree that your data is passed on to pay."},

	"paidTitle":      {"결제를 마쳤어요", "Paid"},
	"paidText":       {"이 창은 닫아도 돼요. 취소나 환불은 가맹점에 문의해 주세요.", "You may close this page. For a cancel or refund ask the merchant."},
	"canceledTitle":  {"취소된 결제예요", "This payment was cancelled"},
	"canceledText":   {"가맹점이 결제를 취소했어요. 돈이 돌아오는 때는 카드사마다 달라요. 궁금한 점은 가맹점이나 카드사에 문의해 주세요.", "The merchant cancelled the payment. When the money returns depends on the card company. If in doubt ask the merchant or the card company."},
	"stampPaid":      {"결제 완료", "PAID"},
	"toSlip":         {"영수증 보기", "See the receipt"},
	"unknownTitle":   {"결제 결과를 확인하고 있어요", "The result is being confirmed"},
	"unknownText":    {"카드사의 답이 늦어지고 있어요. 확인되면 이 화면이 바뀌고 문자로도 알려 드려요. 승인이 확인되지 않으면 자동으로 취소되니 다시 결제하지 않아도 돼요.", "The card company is slow to answer. This page changes when it is clear, and a text tells you too. If no approval can be confirmed it is cancelled by itself. There is no need to pay again."},
	"payingTitle":    {"결제하고 있어요", "A payment is under way"},
	"payingText":     {"다른 화면에서 누른 결제일 수도 있어요. 결과가 나오면 이 화면이 바뀌니 다시 결제하지 말고 기다려 주세요.", "It may have been started on another phone. This page changes when the result is there; please wait and do not pay again."},
	"lookAgain":      {"지금 다시 확인", "Look again now"},
	"reversedTitle":  {"승인이 취소됐어요", "The approval was undone"},
	"reversedText":   {"승인 결과를 확인하지 못해 카드사에 취소를 요청했고, 취소가 끝났어요. 돈은 나가지 않아요. 결제하려면 가맹점에 새 링크를 요청해 주세요.", "The approval could not be confirmed, so it was cancelled at the card company. Nothing is charged. To pay, ask the merchant for a new link."},
	"failedTitle":    {"더 이상 결제할 수 없는 링크예요", "This link takes no more tries"},
	"failedText":     {"승인이 여러 번 거절돼 링크를 닫았어요. 돈은 나가지 않았어요. 결제하려면 가맹점에 새 링크를 요청해 주세요.", "The card was declined several times, so the link was closed. Nothing was charged. To pay, ask the merchant for a new link."},
	"expiredTitle":   {"결제할 수 있는 시간이 지났어요", "This request has expired"},
	"expiredText":    {"결제되지 않았어요. 결제하려면 가맹점에 새 링크를 요청해 주세요.", "Nothing was paid. To pay, ask the merchant for a new link."},
	"withdrawnTitle": {"가맹점이 요청을 거둬들였어요", "The merchant took the request back"},
	"withdrawnText":  {"결제되지 않았고, 결제하지 않아도 돼요. 궁금한 점은 가맹점에 문의해 주세요.", "Nothing was paid and nothing needs to be. If in doubt ask the merchant."},
	"closedTitle":    {"지금은 결제할 수 없어요", "Payment is not possible now"},
	"closedText":     {"가맹점이 결제를 받지 않고 있어요. 돈은 나가지 않았어요. 가맹점에 문의해 주세요.", "The merchant takes no payments at the moment. Nothing was charged. Please ask the merchant."},
}

// failures say in English why a card was not approved; Korean comes from the acquirer.
var failures = map[string]string{
	"CARD_DECLINED":          "The card company did not approve. Please ask it why.",
	"CARD_DECLINED_LIMIT":    "The card's limit or balance is not enough.",
	"CARD_DECLINED_LOST":     "This card was reported lost or stolen.",
	"CARD_DECLINED_EXPIRED":  "This card has expired.",
	"INVALID_CARD_NUMBER":    "The card number is not right.",
	"INVALID_AUTHENTICATION": "Birth date, business number or password is not right.",
	"NOT_SENT":               "The card company could not be reached.",
}

// failure is why a try did not go through, in words.
func (b phrasebook) failure(f payment.Failure) string {
	if !b.english {
		return f.Message
	}
	if s, ok := failures[f.Code]; ok {
		return s
	}
	return failures["CARD_DECLINED"]
}
