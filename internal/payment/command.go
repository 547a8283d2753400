package payment

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/money"
)

// Create asks for a card payment taken by the seller. Secrets in it are wiped when
// PayByCard returns.
type Create struct {
	Tenant            merchant.Tenant
	Actor             string // user or key id
	Channel           Channel
	Key               string // idempotency key, 1..300 characters
	TraceID           string
	OrderID           string
	OrderName         string
	Amount            money.Won
	TaxFree           money.Won
	TaxFreeGiven      bool // when not, the tax-free lines of Items tell
	ServiceFee        money.Won
	Items             []Item
	InstallmentMonths int
	Buyer             Buyer
	Signature         []byte // strokes as JSON; nil when none
	Card              acquirer.Card
	Device            Device    // swipe: what the card was read with
	Reader            ReaderUse // swipe: of an encrypting reader; zero when the track came in clear
	Chip              bool      // swipe: the card has a chip
	CardFault         error     // why the card could not be read; named by validation after the rest was read
	Until             time.Time // of a request: when it expires, as asked for
	Cash              *CashSale // of a cash sale
	Barred            error     // why the actor may not sell this; a press that was answered before is answered again all the same

	waiting Payment // the request's payment as it was read
	retry   *Retry  // set when waiting is claimed
}

// operation is under which the idempotency key of the press is kept.
func (c *Create) operation() string {
	if c.retry != nil {
		return OperationClaim
	}
	return OperationCreate
}

// CancelCommand asks to take back a payment, or a part of it.
type CancelCommand struct {
	Tenant         merchant.Tenant
	Actor          string
	PaymentID      string
	Key            string
	TraceID        string
	Reason         string     // 1..200 characters
	Amount         *money.Won // nil: all that is left
	TaxFree        *money.Won // nil: pro rata
	CancelPassword string
	// Most is what the actor's cancels of this payment may come to together, 0 for no
	// limit.
	Most money.Won
	// Barred is why the actor may not cancel at all; a press that was answered before is
	// answered again all the same.
	Barred error
}

// Limits of what a payment carries.
const (
	MostItems    = 200 // lines
	maxQuantity  = 99_999
	maxSignature = 100 << 10 // bytes (rulings 3)
	maxMonths    = 12
)

func is(err, target error) bool { return errors.Is(err, target) }

func isFault(err error) bool {
	var f *fault.Error
	return errors.As(err, &f)
}

// fields collects the wrong values of one request.
type fields struct{ err *fault.Error }

func (f *fields) add(path, code, message string) {
	if f.err == nil {
		f.err = fault.InvalidField(path, code, message)
		return
	}
	f.err = f.err.WithField(path, code, message)
}

func (f *fields) result() error {
	if f.err == nil {
		return nil
	}
	return f.err
}

// checkSale validates what needs no knowledge of the merchant and is no card.
func (c *Create) checkSale(f *fields) {
	if !ValidOrderID(c.OrderID) {
		f.add("/orderId", "INVALID_ORDER_ID", "주문번호는 영문, 숫자, -, _, . 로 6~64자예요.")
	}
	if !validText(c.OrderName, 1, 100) {
		f.add("/orderName", "INVALID_ORDER_NAME", "상품명은 1~100자로 입력해 주세요.")
	}
	c.checkItems(f)
	if _, err := money.SplitOf(c.Amount, c.TaxFree, c.ServiceFee, money.Nearest); err != nil {
		addSplitFault(f, err)
	}
	if len(c.Signature) > maxSignature {
		f.add("/signature", "TOO_LARGE", "서명이 너무 커요. 다시 서명해 주세요.")
	}
	c.checkMonths(f)
	c.Buyer.check(f)
}

func (c *Create) checkMonths(f *fields) {
	if c.InstallmentMonths < 0 || c.InstallmentMonths > maxMonths || c.InstallmentMonths == 1 {
		f.add("/installmentMonths", "INVALID_INSTALLMENT", "할부는 일시불(0) 또는 2~12개월이에요.")
	}
}

func addSplitFault(f *fields, err error) {
	switch {
	case is(err, money.ErrTaxFree):
		f.add("/taxFreeAmount", "OUT_OF_RANGE", "면세 금액은 0원부터 결제 금액까지예요.")
	case is(err, money.ErrServiceFee):
		f.add("/serviceFee", "OUT_OF_RANGE", "봉사료는 0원부터 결제 금액까지예요.")
	case is(err, money.ErrPartsExceed):
		f.add("/taxFreeAmount", "PARTS_EXCEED_AMOUNT", "면세 금액과 봉사료의 합이 결제 금액보다 커요.")
	default:
		f.add("/amount", "OUT_OF_RANGE", "금액은 1원부터 9,999,999,999원까지예요.")
	}
}

func (c *Create) checkCard(f *fields) {
	if c.CardFault != nil {
		if named, ok := errors.AsType[*fault.Error](c.CardFault); ok && len(named.Fields) > 0 {
			for _, w := range named.Fields {
				f.add(w.Path, w.Code, w.Message)
			}
			return
		}
		f.add("/card", "INVALID_CARD", "카드 정보를 읽을 수 없어요. 다시 입력해 주세요.")
		return
	}
	if c.Card.PAN.Empty() {
		f.add("/card/number", "REQUIRED", "카드번호를 입력해 주세요.")
	}
	if c.Card.Expiry.Empty() {
		f.add("/card/expiryMonth", "REQUIRED", "유효기간을 입력해 주세요.")
	}
	if c.Card.Entry == acquirer.Swipe {
		c.checkSwipe(f)
	}
}

// checkItems sees that lines are sane and add up to the amount and its tax-free part.
func (c *Create) checkItems(f *fields) {
	if len(c.Items) == 0 {
		return
	}
	if len(c.Items) > MostItems {
		f.add("/items", "TOO_MANY", "상품은 200줄까지 담을 수 있어요.")
		return
	}
	var sum, taxFree money.Won
	for i, it := range c.Items {
		line, ok := it.total()
		if !ok {
			f.add("/items/"+strconv.Itoa(i), "INVALID_ITEM", "상품의 이름, 단가, 수량, 할인을 확인해 주세요.")
			return
		}
		sum += line
		if it.TaxFree {
			taxFree += line
		}
	}
	if sum+c.ServiceFee != c.Amount {
		f.add("/items", "SUM_MISMATCH", "상품 금액과 봉사료의 합이 결제 금액과 달라요.")
	}
	if !c.TaxFreeGiven {
		c.TaxFree = taxFree
	} else if taxFree != c.TaxFree {
		f.add("/taxFreeAmount", "SUM_MISMATCH", "면세 상품의 합이 면세 금액과 달라요.")
	}
}

// total is what the line costs; false when a value is out of range.
func (it Item) total() (money.Won, bool) {
	if !validText(it.Name, 1, 100) || it.UnitPrice < 0 || it.UnitPrice > money.Max ||
		it.Quantity < 1 || it.Quantity > maxQuantity || len(it.ProductID) > 64 {
		return 0, false
	}
	line := it.UnitPrice * money.Won(it.Quantity)
	if it.Discount < 0 || it.Discount > line || line-it.Discount > money.Max {
		return 0, false
	}
	return line - it.Discount, true
}

func (b Buyer) check(f *fields) {
	if b.Name != "" && !validText(b.Name, 1, 100) {
		f.add("/buyer/name", "INVALID_NAME", "구매자 이름은 100자까지예요.")
	}
	if b.Phone != "" && (len(b.Phone) < 8 || len(b.Phone) > 15 || strings.Trim(b.Phone, "0123456789") != "") {
		f.add("/buyer/phone", "INVALID_PHONE", "휴대폰 번호를 숫자로 입력해 주세요.")
	}
	if b.Email != "" && (len(b.Email) > 100 || !validText(b.Email, 3, 100) || strings.Count(b.Email, "@") != 1 || strings.ContainsAny(b.Email, " ,;<>\"")) {
		f.add("/buyer/email", "INVALID_EMAIL", "이메일 주소를 확인해 주세요.")
	}
}

// check validates a cancel without knowledge of the payment.
func (c *CancelCommand) check() error {
	var f fields
	if !validText(c.Reason, 1, 200) {
		f.add("/reason", "INVALID_REASON", "취소 사유는 1~200자로 입력해 주세요.")
	}
	if c.Amount != nil && (*c.Amount < 1 || *c.Amount > money.Max) {
		f.add("/amount", "OUT_OF_RANGE", "취소 금액은 1원 이상이에요.")
	}
	if c.TaxFree != nil && (*c.TaxFree < 0 || *c.TaxFree > money.Max) {
		f.add("/taxFreeAmount", "OUT_OF_RANGE", "면세 금액은 0원 이상이에요.")
	}
	if c.CancelPassword == "" || len(c.CancelPassword) > 512 {
		f.add("/cancelPassword", "REQUIRED", "취소 비밀번호를 입력해 주세요.")
	}
	return f.result()
}

// ValidKey reports whether s may be an idempotency key: 1..300 printable characters.
func ValidKey(s string) bool { return validText(s, 1, 300) }

// ValidOrderID reports whether s can be an order id: 6 to 64 of A-Za-z0-9, '-', '_' and '.'.
func ValidOrderID(s string) bool {
	if len(s) < 6 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// validText reports whether s is valid UTF-8 of lo..hi characters without control
// characters, and not only blanks.
func validText(s string, lo, hi int) bool {
	if !utf8.ValidString(s) {
		return false
	}
	n := 0
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return false
		}
		n++
	}
	return n >= lo && n <= hi && strings.TrimSpace(s) != ""
}

// canonical is what the idempotency hash covers: everything but the secrets of
// rulings 7; the card number counts by a keyed hash of its own.
func (c *Create) canonical(panSum string) []byte {
	all := []any{
		c.Channel, c.OrderID, c.OrderName, c.Amount, c.TaxFree, c.ServiceFee, c.Items, c.InstallmentMonths,
		c.Buyer.Name, c.Buyer.Phone, c.Buyer.Email, c.Signature, c.Card.Entry, c.Card.FallbackReason, c.Device, panSum,
	}
	if !c.Until.IsZero() {
		all = append(all, c.Until.UnixMicro())
	}
	if c.Cash != nil {
		all = append(all, c.Cash.Received, c.Cash.ReceiptType)
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic("payment: canonical form of plain data cannot fail: " + err.Error())
	}
	return b
}

func (c *CancelCommand) canonical() []byte {
	b, err := json.Marshal([]any{c.PaymentID, c.Reason, c.Amount, c.TaxFree})
	if err != nil {
		panic("payment: canonical form of plain data cannot fail: " + err.Error())
	}
	return b
}

// hash of a create under the current key, or under the key that made an older hash.
func (s *Service) hashCreate(c *Create, keyID string) (usedKey, sum string, err error) {
	pan := c.Card.PAN.Reveal()
	if c.Cash != nil {
		pan = c.Cash.Identifier.Reveal() // what names a person counts as a card number does
	}
	if keyID == "" {
		_, panSum := s.Hasher.MAC("idempotency-pan", pan)
		usedKey, sum = s.Hasher.MAC("idempotency", c.canonical(panSum))
		return usedKey, sum, nil
	}
	panSum, err := s.Hasher.MACWith(keyID, "idempotency-pan", pan)
	if err != nil {
		return "", "", err
	}
	sum, err = s.Hasher.MACWith(keyID, "idempotency", c.canonical(panSum))
	return keyID, sum, err
}
