package buyer

import (
	"innopay/internal/receipt"
	"innopay/money"
)

// text is one phrase of a page.
type text struct{ ko, en string }

// texts are the phrases of the frame and of activation, by what they stand for. Those of
// the receipt are its own (innopay/internal/receipt).
var texts = map[string]text{
	"files":   {"영수증 파일", "Receipt files"},
	"fileA4":  {"PDF", "PDF"},
	"file80":  {"PDF 80mm", "PDF 80 mm"},
	"filePNG": {"그림(PNG)", "Picture (PNG)"},

	"gateTitle":  {"휴대폰 번호 뒤 4자리를 입력해 주세요", "Last 4 digits of your phone number"},
	"gateIntro":  {"가맹점이 영수증을 구매자만 볼 수 있게 했어요. 결제할 때 쓴 휴대폰 번호의 뒤 4자리를 입력하면 열려요.", "The merchant lets only the buyer see this receipt. Enter the last 4 digits of the phone number given with the payment."},
	"gateLabel":  {"휴대폰 번호 뒤 4자리", "Last 4 digits"},
	"gateWrong":  {"번호가 맞지 않아요. 결제할 때 쓴 번호를 다시 확인해 주세요.", "That is not the number. Check the phone number given with the payment."},
	"tooMany":    {"여러 번 시도했어요. 10분쯤 뒤에 다시 시도해 주세요.", "Too many tries. Please try again in about 10 minutes."},
	"open":       {"영수증 열기", "Open the receipt"},
	"lostTitle":  {"영수증 찾기", "Find a receipt"},
	"lostIntro":  {"링크가 없어도 카드 문자의 승인번호로 찾을 수 있어요. 세 가지가 모두 맞아야 열려요.", "Without the link, the approval number in your card company's text finds it. All three must match."},
	"lostPhone":  {"결제할 때 쓴 휴대폰 번호", "Phone number given with the payment"},
	"lostNumber": {"승인번호", "Approval number"},
	"lostAmount": {"결제 금액", "Amount in won"},
	"lostNone":   {"맞는 영수증을 찾지 못했어요. 세 가지를 다시 확인하고, 계속 찾지 못하면 가맹점에 문의해 주세요.", "No receipt fits. Check all three, or ask the merchant."},
	"findButton": {"찾기", "Find"},

	"kakaoTitle":  {"카카오톡으로 영수증 보내기", "Send the receipt by KakaoTalk"},
	"kakaoText":   {"받을 친구나 대화방은 카카오톡에서 골라요. 영수증 링크만 전해져요.", "Choose friends or a chat in KakaoTalk. Only the link is handed over."},
	"kakaoAct":    {"카카오톡에서 고르기", "Choose in KakaoTalk"},
	"kakaoTold":   {"영수증이 도착했어요.", "Your receipt is here."},
	"kakaoOpen":   {"영수증 보기", "See the receipt"},
	"kakaoFailed": {"카카오톡을 열 수 없어요. 앱으로 돌아가 다른 방법으로 보내 주세요.", "KakaoTalk cannot be opened. Go back to the app and send it another way."},

	"otherLanguage":  {"English", "한국어"},
	"helpDesk":       {"고객센터", "Customer centre"},
	"representative": {"대표", "Represented by"},
	"businessNumber": {"사업자등록번호", "Business no."},
	"termsOfService": {"이용약관", "Terms"},
	"privacyPolicy":  {"개인정보처리방침", "Privacy"},
	"productPage":    {"제품 홈페이지", "Product"},
	"companyPage":    {"회사 홈페이지", "Company"},

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
	"saveNext":       {"다음: 취소 비밀번호", "Next: cancel password"},
	"startTitle":     {"계정 시작하기", "Start your account"},
	"startPhone":     {"본인인지 확인할게요. 아래 휴대폰으로 보내는 6자리 인증번호를 입력하면 비밀번호를 정할 수 있어요.", "First we confirm it is you. Enter the 6-digit code sent to this phone, then choose your password."},
	"startMail":      {"본인인지 확인할게요. 아래 메일로 보내는 6자리 인증번호를 입력하면 비밀번호를 정할 수 있어요.", "First we confirm it is you. Enter the 6-digit code sent to this address, then choose your password."},
	"startTo":        {"받는 곳", "Sent to"},
	"startSend":      {"인증번호 받기", "Send me the code"},
	"startAgain":     {"인증번호 다시 받기", "Send another code"},
	"startCode":      {"인증번호 6자리", "6-digit code"},
	"startEnter":     {"확인하고 비밀번호 정하기", "Confirm and choose a password"},
	"startSent":      {"인증번호를 보냈어요. 5분 안에 입력해 주세요.", "The code is on its way. Enter it within 5 minutes."},
	"startWrong":     {"인증번호가 맞지 않아요. 다시 확인해 주세요.", "That is not the code. Check it again."},
	"startSpent":     {"쓸 수 없는 인증번호예요. 다시 받아 주세요.", "That code cannot be used any more. Ask for another one."},
	"startSoon":      {"방금 보냈거나 너무 여러 번 시도했어요. 잠시 뒤에 다시 해 주세요.", "Sent just now, or too many tries. Please wait a moment."},
	"startFailed":    {"지금은 인증번호를 보낼 수 없어요. 잠시 뒤에 다시 해 주세요.", "The code cannot be sent now. Please try again in a moment."},
	"mismatch":       {"두 비밀번호가 서로 달라요. 다시 입력해 주세요.", "The two passwords differ. Enter them again."},
	"savedTitle":     {"저장했어요", "Saved"},
	"saved":          {"새 비밀번호를 저장했어요. 이 창은 닫아도 돼요.", "The new password is saved. You may close this page."},
	"toApp":          {"앱으로 가기", "Open the app"},
}

// phrasebook says a page's phrases in one language.
type phrasebook struct{ english bool }

// say is the phrase, or the word itself when it is none of ours.
func (b phrasebook) say(key string) string {
	for _, of := range []map[string]text{texts, payTexts, callTexts} {
		t, ok := of[key]
		switch {
		case !ok:
			continue
		case b.english:
			return t.en
		default:
			return t.ko
		}
	}
	return b.receipt().Say(key)
}

// receipt is the language as receipts know it.
func (b phrasebook) receipt() receipt.Language { return receipt.Language{English: b.english} }

// lang is the language's code.
func (b phrasebook) lang() string {
	if b.english {
		return "en"
	}
	return "ko"
}

// plan is how the buyer pays: 일시불, 3개월, 3개월 무이자.
func (b phrasebook) plan(c receipt.Card) string { return b.receipt().Plan(c) }

// won is an amount with its unit, as the language writes it.
func (b phrasebook) won(w money.Won) string { return b.receipt().Won(w) }
