package simulator

import (
	"crypto/subtle"

	"innopay/acquirer/iso8583"
	"innopay/card"
)

// Card is a test card and what the simulator does when it is used. The numbers are
// fictitious or the schemes' public test numbers, so nothing here is secret.
type Card struct {
	Number                string `json:"number"`
	ExpiryMonth           string `json:"expiryMonth"`
	ExpiryYear            string `json:"expiryYear"`
	BirthOrBusinessNumber string `json:"birthOrBusinessNumber"`
	PasswordTwoDigits     string `json:"passwordTwoDigits"`
	Behaviour             string `json:"behaviour"`
}

// behaviour is what a card makes the simulator do.
type behaviour struct {
	code    string // response code of a refusal, without a fault
	do      Do     // fault of the authorization
	afterMs int
	later   Do // fault of the first reversal
}

// behaviours by the name a card carries.
var behaviours = map[string]behaviour{
	"APPROVE":                {},
	"DECLINE":                {code: iso8583.CodeDeclined},
	"DECLINE_LIMIT":          {code: iso8583.CodeLimit},
	"DECLINE_LOST":           {code: iso8583.CodeLost},
	"DECLINE_EXPIRED":        {code: iso8583.CodeExpired},
	"DECLINE_NUMBER":         {code: iso8583.CodeNumber},
	"DECLINE_AUTHENTICATION": {code: iso8583.CodePassword},
	string(Timeout):          {do: Timeout},
	string(Late):             {do: Late},
	string(Duplicate):        {do: Duplicate},
	string(Garbage):          {do: Garbage},
	string(HalfClose):        {do: HalfClose},
	string(Reset):            {do: Reset},
	string(Foreign):          {do: Foreign},
	string(WrongAmount):      {do: WrongAmount},
	string(Drop):             {do: Drop},
	string(Delay):            {do: Delay, afterMs: 1500},
	// The authorization is not answered and its first reversal is told a lie.
	string(SayNoOriginal): {do: Timeout, later: SayNoOriginal},
}

// Cards lists the test cards: one for every behaviour, and of APPROVE one for every
// issuer that acquires itself, a check card, gift cards and public test numbers.
func Cards() []Card {
	return []Card{
		testCard("999001100000001", "APPROVE"),    // KB국민 신용
		testCard("999005100000002", "APPROVE"),    // 현대 신용
		testCard("999004100000003", "APPROVE"),    // 신한 신용
		testCard("999003100000004", "APPROVE"),    // 삼성 신용
		testCard("999008100000005", "APPROVE"),    // BC 신용
		testCard("999006100000006", "APPROVE"),    // 롯데 신용
		testCard("999007100000007", "APPROVE"),    // NH농협 신용
		testCard("999002200000008", "APPROVE"),    // 하나 체크
		testCard("999009200000009", "APPROVE"),    // 우리 체크
		testCard("999024200000010", "APPROVE"),    // 토스뱅크 체크
		testCard("999001300000011", "APPROVE"),    // KB국민 기프트
		testCard("411111111111111", "APPROVE"),    // VISA
		testCard("555555555555444", "APPROVE"),    // Mastercard
		testCard("37828224631000", "APPROVE"),     // American Express, 15 digits
		testCard("3056930902590", "APPROVE"),      // Diners Club, 14 digits
		testCard("422222222222", "APPROVE"),       // VISA, 13 digits
		testCard("620000000000000000", "APPROVE"), // UnionPay, 19 digits
		testCard("999001100000101", "DECLINE"),
		testCard("999001100000102", "DECLINE_LIMIT"),
		testCard("999004100000103", "DECLINE_LOST"),
		testCard("999003100000104", "DECLINE_EXPIRED"),
		testCard("999005100000105", "DECLINE_NUMBER"),
		testCard("999008100000106", "DECLINE_AUTHENTICATION"),
		testCard("999001100000201", Timeout),
		testCard("999001100000202", Late),
		testCard("999001100000203", Duplicate),
		testCard("999001100000204", Garbage),
		testCard("999001100000205", HalfClose),
		testCard("999001100000206", Reset),
		testCard("999001100000207", Foreign),
		testCard("999001100000208", WrongAmount),
		testCard("999001100000209", Drop),
		testCard("999001100000210", Delay),
		testCard("999001100000211", SayNoOriginal),
	}
}

// testCard is a card whose number is head and its check digit.
func testCard[B ~string](head string, b B) Card {
	c := Card{
		Number: head + checkDigit(head), ExpiryMonth: "12", ExpiryYear: "35",
		BirthOrBusinessNumber: "900101", PasswordTwoDigits: "12", Behaviour: string(b),
	}
	if c.Behaviour == "DECLINE_EXPIRED" {
		c.ExpiryMonth, c.ExpiryYear = "01", "20"
	}
	return c
}

// checkDigit completes head by ISO/IEC 7812-1 annex B.
func checkDigit(head string) string {
	sum, double := 0, true
	for i := len(head) - 1; i >= 0; i-- {
		d := int(head[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return string(rune('0' + (10-sum%10)%10))
}

// cardsByNumber finds a test card.
var cardsByNumber = func() map[string]Card {
	m := map[string]Card{}
	for _, c := range Cards() {
		m[c.Number] = c
	}
	return m
}()

// findCard is the test card with the number.
func findCard(pan card.PAN) (Card, bool) {
	c, ok := cardsByNumber[string(pan.Reveal())]
	return c, ok
}

// verify compares what the holder typed, where something was typed, and returns the
// code of a refusal or "".
func (c Card) verify(birth, password card.Secret) string {
	switch {
	case !birth.Empty() && subtle.ConstantTimeCompare(birth.Reveal(), []byte(c.BirthOrBusinessNumber)) != 1:
		return iso8583.CodeIdentity
	case !password.Empty() && subtle.ConstantTimeCompare(password.Reveal(), []byte(c.PasswordTwoDigits)) != 1:
		return iso8583.CodePassword
	}
	return ""
}
