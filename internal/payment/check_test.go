package payment_test

import (
	"strings"
	"testing"

	"innopay/acquirer"
	"innopay/card"
	"innopay/fault"
	"innopay/internal/payment"
	"innopay/money"
)

type change = func(*payment.Create)

func item(it payment.Item) change { return func(c *payment.Create) { c.Items = []payment.Item{it} } }

// fieldCases is the table of what a create may carry. An empty want is valid.
var fieldCases = map[string]struct {
	change change
	want   string // pointers and codes, in order
}{
	"valid":                    {func(*payment.Create) {}, ""},
	"order empty":              {func(c *payment.Create) { c.OrderID = "" }, "/orderId:INVALID_ORDER_ID"},
	"order 5":                  {func(c *payment.Create) { c.OrderID = "abcde" }, "/orderId:INVALID_ORDER_ID"},
	"order 6":                  {func(c *payment.Create) { c.OrderID = "aZ0-_." }, ""},
	"order 64":                 {func(c *payment.Create) { c.OrderID = strings.Repeat("a", 64) }, ""},
	"order 65":                 {func(c *payment.Create) { c.OrderID = strings.Repeat("a", 65) }, "/orderId:INVALID_ORDER_ID"},
	"order space":              {func(c *payment.Create) { c.OrderID = "order 1" }, "/orderId:INVALID_ORDER_ID"},
	"order Korean":             {func(c *payment.Create) { c.OrderID = "주문번호일이삼" }, "/orderId:INVALID_ORDER_ID"},
	"order full-width":         {func(c *payment.Create) { c.OrderID = "order-１" }, "/orderId:INVALID_ORDER_ID"},
	"name empty":               {func(c *payment.Create) { c.OrderName = "" }, "/orderName:INVALID_ORDER_NAME"},
	"name blank":               {func(c *payment.Create) { c.OrderName = "  \u3000" }, "/orderName:INVALID_ORDER_NAME"},
	"name 100 Korean":          {func(c *payment.Create) { c.OrderName = strings.Repeat("가", 100) }, ""},
	"name 101":                 {func(c *payment.Create) { c.OrderName = strings.Repeat("가", 101) }, "/orderName:INVALID_ORDER_NAME"},
	"name emoji":               {func(c *payment.Create) { c.OrderName = "☕️👨‍👩‍👧" }, ""},
	"name control":             {func(c *payment.Create) { c.OrderName = "a\nb" }, "/orderName:INVALID_ORDER_NAME"},
	"name C1":                  {func(c *payment.Create) { c.OrderName = "a\u0085b" }, "/orderName:INVALID_ORDER_NAME"},
	"name not UTF-8":           {func(c *payment.Create) { c.OrderName = "\xff\xfe" }, "/orderName:INVALID_ORDER_NAME"},
	"amount 0":                 {func(c *payment.Create) { c.Amount = 0 }, "/amount:OUT_OF_RANGE"},
	"amount negative":          {func(c *payment.Create) { c.Amount = -1 }, "/amount:OUT_OF_RANGE"},
	"amount 99":                {func(c *payment.Create) { c.Amount = 99 }, "/amount:BELOW_MINIMUM_AMOUNT"},
	"amount 100":               {func(c *payment.Create) { c.Amount = 100 }, ""},
	"amount most":              {func(c *payment.Create) { c.Amount = money.Max }, ""},
	"amount over":              {func(c *payment.Create) { c.Amount = money.Max + 1 }, "/amount:OUT_OF_RANGE"},
	"amount huge":              {func(c *payment.Create) { c.Amount = 1 << 62 }, "/amount:OUT_OF_RANGE"},
	"tax-free whole":           {func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = c.Amount, true }, ""},
	"tax-free over":            {func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = c.Amount+1, true }, "/taxFreeAmount:OUT_OF_RANGE"},
	"tax-free negative":        {func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = -1, true }, "/taxFreeAmount:OUT_OF_RANGE"},
	"fee whole":                {func(c *payment.Create) { c.ServiceFee = c.Amount }, ""},
	"fee over":                 {func(c *payment.Create) { c.ServiceFee = c.Amount + 1 }, "/serviceFee:OUT_OF_RANGE"},
	"fee negative":             {func(c *payment.Create) { c.ServiceFee = -1 }, "/serviceFee:OUT_OF_RANGE"},
	"fee and tax-free over":    {func(c *payment.Create) { c.ServiceFee, c.TaxFree, c.TaxFreeGiven = 600, 401, true }, "/taxFreeAmount:PARTS_EXCEED_AMOUNT"},
	"months 1":                 {func(c *payment.Create) { c.InstallmentMonths = 1 }, "/installmentMonths:INVALID_INSTALLMENT"},
	"months 2":                 {func(c *payment.Create) { c.InstallmentMonths = 2 }, ""},
	"months 12":                {func(c *payment.Create) { c.InstallmentMonths = 12 }, ""},
	"months 13":                {func(c *payment.Create) { c.InstallmentMonths = 13 }, "/installmentMonths:INVALID_INSTALLMENT"},
	"months -1":                {func(c *payment.Create) { c.InstallmentMonths = -1 }, "/installmentMonths:INVALID_INSTALLMENT"},
	"signature 100 KB":         {func(c *payment.Create) { c.Signature = make([]byte, 100<<10) }, ""},
	"signature over":           {func(c *payment.Create) { c.Signature = make([]byte, 100<<10+1) }, "/signature:TOO_LARGE"},
	"buyer name long":          {func(c *payment.Create) { c.Buyer.Name = strings.Repeat("x", 101) }, "/buyer/name:INVALID_NAME"},
	"buyer phone":              {func(c *payment.Create) { c.Buyer.Phone = "01000001234" }, ""},
	"buyer phone 7":            {func(c *payment.Create) { c.Buyer.Phone = "0100000" }, "/buyer/phone:INVALID_PHONE"},
	"buyer phone 16":           {func(c *payment.Create) { c.Buyer.Phone = strings.Repeat("0", 16) }, "/buyer/phone:INVALID_PHONE"},
	"buyer phone hyphens":      {func(c *payment.Create) { c.Buyer.Phone = "010-0000-1234" }, "/buyer/phone:INVALID_PHONE"},
	"buyer mail":               {func(c *payment.Create) { c.Buyer.Email = "a@b" }, ""},
	"buyer mail two @":         {func(c *payment.Create) { c.Buyer.Email = "a@b@c" }, "/buyer/email:INVALID_EMAIL"},
	"buyer mail line":          {func(c *payment.Create) { c.Buyer.Email = "a@b\r\nBcc: c" }, "/buyer/email:INVALID_EMAIL"},
	"buyer mail list":          {func(c *payment.Create) { c.Buyer.Email = "a@b,c" }, "/buyer/email:INVALID_EMAIL"},
	"card empty":               {func(c *payment.Create) { c.Card.PAN, c.Card.Expiry = card.PAN{}, card.Expiry{} }, "/card/number:REQUIRED /card/expiryMonth:REQUIRED"},
	"card check digit":         {func(c *payment.Create) { c.Card.PAN = pan("4111111111111112") }, "/card/number:INVALID_CARD_NUMBER"},
	"card check digit foreign": {func(c *payment.Create) { c.Card.PAN = pan("9999991111111112") }, ""},
	"card fault":               {func(c *payment.Create) { c.CardFault = fault.InvalidField("/card/expiryMonth", "INVALID_EXPIRY", "x") }, "/card/expiryMonth:INVALID_EXPIRY"},
	"card fault of no field":   {func(c *payment.Create) { c.CardFault = fault.New(fault.Invalid, "INVALID_REQUEST", "x") }, "/card:INVALID_CARD"},
	"card fault unnamed":       {func(c *payment.Create) { c.CardFault = card.ErrTrack }, "/card:INVALID_CARD"},
	"swipe no reason":          {func(c *payment.Create) { c.Card.Entry = acquirer.Swipe }, "/card/fallbackReason:REQUIRED"},
	"swipe":                    {func(c *payment.Create) { c.Card.Entry, c.Card.FallbackReason = acquirer.Swipe, "chip broken" }, ""},
	"swipe reason 101":         {swipe(strings.Repeat("x", 101), payment.Device{}), "/card/fallbackReason:REQUIRED"},
	"swipe reason line":        {swipe("chip\nbroken", payment.Device{}), "/card/fallbackReason:REQUIRED"},
	"swipe reason five digits": {swipe("chip 12 345", payment.Device{}), ""},
	"swipe reason a number":    {swipe("chip 010-0000-1234", payment.Device{}), "/card/fallbackReason:TOO_MANY_DIGITS"},
	"swipe reason full-width":  {swipe("１２３４５６", payment.Device{}), "/card/fallbackReason:TOO_MANY_DIGITS"},
	"swipe device":             {swipe("chip broken", payment.Device{Model: "키보드 리더기", Serial: "A-1"}), ""},
	"swipe device control":     {swipe("chip broken", payment.Device{Model: "a\x00", Serial: "b\r\n"}), "/card/device/model:INVALID_DEVICE /card/device/serial:INVALID_DEVICE"},
	"swipe device long":        {swipe("chip broken", payment.Device{Model: strings.Repeat("x", 101)}), "/card/device/model:INVALID_DEVICE"},
	"swipe device is the card": {swipe("chip broken", payment.Device{Serial: "x4111111111111111"}), "/card/device/serial:INVALID_DEVICE"},
	"swipe check digit": {func(c *payment.Create) {
		swipe("chip broken", payment.Device{})(c)
		c.Card.PAN = pan("4111111111111112")
	}, "/card/track2:INVALID_CARD_NUMBER"},
	"two at once":            {func(c *payment.Create) { c.OrderID, c.Amount = "", 0 }, "/orderId:INVALID_ORDER_ID /amount:OUT_OF_RANGE"},
	"items":                  {item(payment.Item{Name: "coffee", UnitPrice: 600, Quantity: 2, Discount: 200}), ""},
	"items sum":              {item(payment.Item{Name: "coffee", UnitPrice: 999, Quantity: 1}), "/items:SUM_MISMATCH"},
	"item quantity 0":        {item(payment.Item{Name: "coffee", UnitPrice: 1_000, Quantity: 0}), "/items/0:INVALID_ITEM"},
	"item quantity huge":     {item(payment.Item{Name: "coffee", UnitPrice: 1_000, Quantity: 1 << 60}), "/items/0:INVALID_ITEM"},
	"item price negative":    {item(payment.Item{Name: "coffee", UnitPrice: -1, Quantity: 1}), "/items/0:INVALID_ITEM"},
	"item price huge":        {item(payment.Item{Name: "coffee", UnitPrice: money.Max, Quantity: 99_999}), "/items/0:INVALID_ITEM"},
	"item discount over":     {item(payment.Item{Name: "coffee", UnitPrice: 1_000, Quantity: 1, Discount: 1_001}), "/items/0:INVALID_ITEM"},
	"item discount negative": {item(payment.Item{Name: "coffee", UnitPrice: 1_000, Quantity: 1, Discount: -1}), "/items/0:INVALID_ITEM"},
	"item nameless":          {item(payment.Item{UnitPrice: 1_000, Quantity: 1}), "/items/0:INVALID_ITEM"},
	"items 201":              {func(c *payment.Create) { c.Items = make([]payment.Item, 201) }, "/items:TOO_MANY"},
	"items tax-free differ": {func(c *payment.Create) {
		c.Items, c.TaxFree, c.TaxFreeGiven = []payment.Item{{Name: "book", UnitPrice: 1_000, Quantity: 1, TaxFree: true}}, 1, true
	}, "/taxFreeAmount:SUM_MISMATCH"},
}

// swipe makes a payment a swipe.
func swipe(reason string, device payment.Device) func(*payment.Create) {
	return func(c *payment.Create) {
		c.Card.Entry, c.Card.FallbackReason, c.Device = acquirer.Swipe, reason, device
	}
}

func TestTheFallbackFromTheChipIsRecordedInTheAudit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := create(1_000, swipe("IC 칩을 읽지 못함", payment.Device{Model: "키보드 리더기", Serial: "A-1"}))
	if _, err := r.PayByCard(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var details []string
	for _, a := range r.store.Snapshot().Audits {
		if a.Action == "payment.request" {
			details = append(details, a.Detail)
		}
	}
	want := `{"traceId":"` + c.TraceID + `","entry":"SWIPE","fallbackReason":"IC 칩을 읽지 못함","device":{"model":"키보드 리더기","serial":"A-1"}}`
	if len(details) != 1 || details[0] != want {
		t.Errorf("audit %q, want %s", details, want)
	}
}

func TestEveryFieldIsChecked(t *testing.T) {
	t.Parallel()
	for name, tc := range fieldCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			_, err := r.PayByCard(t.Context(), create(1_000, tc.change))
			if tc.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			checkFields(t, err, tc.want)
			if r.host.times("AUTHORIZE") != 0 || len(r.store.Snapshot().Keys) != 0 {
				t.Error("a refused request left something")
			}
		})
	}
}

func checkFields(t *testing.T, err error, want string) {
	t.Helper()
	f := wantFault(t, err, "INVALID_REQUEST")
	var got []string
	for _, w := range f.Fields {
		got = append(got, w.Path+":"+w.Code)
		if w.Message == "" {
			t.Errorf("%s has no message", w.Path)
		}
	}
	if strings.Join(got, " ") != want || f.Kind != fault.Invalid {
		t.Errorf("fields %v, want %s", got, want)
	}
}

func TestTermsOfTheMerchantAreChecked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		terms  func(*payment.Terms)
		change func(*payment.Create)
		want   string
	}{
		"taxable, tax-free part": {func(m *payment.Terms) { m.TaxType = money.Taxable }, func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = 1, true }, "/taxFreeAmount:TAX_TYPE"},
		"taxable":                {func(m *payment.Terms) { m.TaxType = money.Taxable }, nil, ""},
		"tax-free, taxable part": {func(m *payment.Terms) { m.TaxType = money.TaxFree }, func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven = 59_999, true }, "/taxFreeAmount:TAX_TYPE"},
		"tax-free, with fee":     {func(m *payment.Terms) { m.TaxType = money.TaxFree }, func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven, c.ServiceFee = 59_000, true, 1_000 }, ""},
		"birth missing":          {func(m *payment.Terms) { m.NeedsBirth = true }, nil, "/card/birthOrBusinessNumber:REQUIRED"},
		"password missing":       {func(m *payment.Terms) { m.NeedsPassword = true }, nil, "/card/passwordTwoDigits:REQUIRED"},
		"both there": {func(m *payment.Terms) { m.NeedsBirth, m.NeedsPassword = true, true }, func(c *payment.Create) {
			c.Card.BirthOrBusinessNumber, c.Card.PasswordTwoDigits = card.NewSecret("900101"), card.NewSecret("12")
		}, ""},
		"swipe needs neither": {func(m *payment.Terms) { m.NeedsBirth, m.NeedsPassword = true, true }, func(c *payment.Create) {
			c.Card.Entry, c.Card.FallbackReason = acquirer.Swipe, "chip broken"
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.terms.change(tc.terms)
			c := create(60_000)
			if tc.change != nil {
				tc.change(&c)
			}
			_, err := r.PayByCard(t.Context(), c)
			if tc.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			checkFields(t, err, tc.want)
		})
	}
}

func TestInstallments(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(60_000, func(c *payment.Create) { c.InstallmentMonths = 3 })
	if p.InstallmentMonths != 3 || !p.InterestFree {
		t.Errorf("%+v", p)
	}
	r.terms.plan = payment.Installment{Minimum: 50_000}
	_, err := r.PayByCard(t.Context(), create(10_000, func(c *payment.Create) { c.InstallmentMonths = 3 }))
	checkFields(t, err, "/installmentMonths:INSTALLMENT_NOT_OFFERED")
}

func TestTaxFreeLinesTellTheTaxFreePart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(3_200, func(c *payment.Create) {
		c.ServiceFee = 200
		c.Items = []payment.Item{{Name: "book", UnitPrice: 1_000, Quantity: 2, TaxFree: true}, {Name: "coffee", UnitPrice: 1_100, Quantity: 1, Discount: 100}}
	})
	if want := (money.Split{Amount: 3_200, Supplied: 909, VAT: 91, TaxFree: 2_000, ServiceFee: 200}); p.Split != want {
		t.Errorf("split %+v, want %+v", p.Split, want)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"": false, "k": true, strings.Repeat("k", 300): true, strings.Repeat("k", 301): false, " ": false, "a\tb": false} {
		if payment.ValidKey(key) != want {
			t.Errorf("key of %d characters valid %t, want %t", len(key), !want, want)
		}
	}
}
