package buyer

// callTexts are the phrases of the page that tells how to pay by phone.
var callTexts = map[string]text{
	"callTitle":  {"전화 결제", "Pay by phone"},
	"callButton": {"전화 걸기", "Call"},
	"callCode":   {"결제번호", "Payment code"},
	"callBusy":   {"지금 이 결제로 통화하고 있어요.", "A call for this payment is under way."},
	"callHow":    {"이렇게 결제해요", "How to pay"},
	"callStep1":  {"문자를 받은 휴대폰으로 전화를 걸어요.", "Call from the phone that got the text."},
	"callStep2":  {"다른 번호로 걸거나 번호를 숨기면 결제번호 6자리를 눌러요.", "From another phone, or with your number withheld, key in the six-digit payment code."},
	"callStep3":  {"금액을 듣고 맞으면 1번을 눌러요.", "Listen to the amount and press 1 if it is right."},
	"callStep4":  {"안내에 따라 카드번호와 유효기간을 눌러요.", "Key in card number and expiry as you are asked."},
	"callKeys":   {"별표(*)를 누르면 지우고 다시 입력해요. 우물 정자(#)를 누르면 입력이 끝나요.", "* clears and asks again, # ends an entry."},
	"callSafe":   {"카드번호를 말로 묻지 않아요. 통화는 녹음하지 않고, 누른 번호는 결제가 끝나면 지워요.", "You are never asked to say your card number. Calls are not recorded, and what you key in is erased when the payment ends."},
}
