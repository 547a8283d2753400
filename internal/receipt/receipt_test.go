package receipt_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/money"
)

const (
	paymentID  = "pay_01kjp8434gejtsrq4ccv973n0k"
	merchantID = "mer_01kjp8434gejtsrq4ccv973n0m"
)

func sale() payment.Payment {
	split := money.Split{Amount: 11_000, Supplied: 10_000, VAT: 1000}
	return payment.Payment{
		MerchantID: merchantID, ID: paymentID, Status: payment.Done, Split: split, Balance: split,
		Card:       payment.Card{BIN: "411111", Last4: "1111", IssuerName: "발급", ApprovalNumber: "12345678"},
		Items:      []payment.Item{{Name: "빵", UnitPrice: 6000, Quantity: 2, Discount: 1000}},
		Buyer:      payment.Buyer{Name: "구매자 1", Phone: "01000000001"},
		ApprovedAt: time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul),
	}
}

func cancelOf(amount money.Won, status payment.CancelStatus) payment.Cancel {
	return payment.Cancel{ID: "cnl_1", Status: status, Split: money.Split{Amount: amount, Supplied: amount}, Reason: "변심", CancelNumber: "C1"}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cancels   []payment.Cancel
		kind      receipt.Kind
		remaining money.Won
		shown     int
		open      bool
	}{
		"sale":           {nil, receipt.Sale, 11_000, 0, false},
		"part":           {[]payment.Cancel{cancelOf(1000, payment.CancelDone)}, receipt.PartCancel, 10_000, 1, false},
		"two parts":      {[]payment.Cancel{cancelOf(1000, payment.CancelDone), cancelOf(10_000, payment.CancelDone)}, receipt.FullCancel, 0, 2, false},
		"failed":         {[]payment.Cancel{cancelOf(1000, payment.CancelFailed)}, receipt.Sale, 11_000, 0, false},
		"unknown":        {[]payment.Cancel{cancelOf(1000, payment.CancelUnknown)}, receipt.Sale, 11_000, 1, true},
		"under way":      {[]payment.Cancel{cancelOf(1000, payment.CancelInProgress)}, receipt.Sale, 11_000, 1, true},
		"whole at once":  {[]payment.Cancel{cancelOf(11_000, payment.CancelDone)}, receipt.FullCancel, 0, 1, false},
		"part and open":  {[]payment.Cancel{cancelOf(1000, payment.CancelDone), cancelOf(500, payment.CancelUnknown)}, receipt.PartCancel, 10_000, 2, true},
		"part and fails": {[]payment.Cancel{cancelOf(1000, payment.CancelDone), cancelOf(500, payment.CancelFailed)}, receipt.PartCancel, 10_000, 1, false},
	} {
		p := sale()
		p.Cancels = tt.cancels
		r := receipt.Of(p, merchant.Merchant{}, nil, false)
		if r.Kind != tt.kind || r.Remaining != tt.remaining || len(r.Cancels) != tt.shown {
			t.Errorf("%s: %+v", name, r)
		}
		if tt.shown > 0 && r.Cancels[tt.shown-1].Open != tt.open {
			t.Errorf("%s: open %v", name, r.Cancels[tt.shown-1].Open)
		}
	}
}

func TestReceiptHoldsNoBuyer(t *testing.T) {
	t.Parallel()
	m := merchant.Merchant{Name: "시험 가게", BusinessNumber: "1018199993", Phone: "0200000001"}
	r := receipt.Of(sale(), m, []byte(`{"strokes":[[[1,2,3],[5,6,7]]]}`), true)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"구매자", "01000000001"} {
		if strings.Contains(string(b), bad) {
			t.Errorf("%s in %s", bad, b)
		}
	}
	if r.Shop.BusinessNumber != "101-81-99993" || r.Shop.Phone != "02-0000-0001" || r.Card.Number != "411111******1111" || !r.Simulated ||
		r.Signature == nil || r.Lines[0].Total != 11_000 {
		t.Errorf("%s", b)
	}
	if broken := receipt.Of(sale(), m, []byte(`{"strokes":"x"}`), false); broken.Signature != nil {
		t.Error("a broken signature is drawn")
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]string{
		"0200000001": "02-0000-0001", "021234567": "02-123-4567", "0310000001": "031-000-0001", "01000000001": "010-0000-0001", "15990000": "1599-0000",
		"": "", "119": "119", "0505000000001": "0505000000001",
	} {
		if got := receipt.Phone(digits); got != want {
			t.Errorf("%s: %s, want %s", digits, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	ring, err := keyring.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := receipt.Links{Keys: ring, Base: "https://pay.example.com"}
	p := sale()
	token, ok := strings.CutPrefix(l.URL(p), "https://pay.example.com/r/")
	if !ok || len(token) != 80 {
		t.Fatalf("%s", l.URL(p))
	}
	tenant, id, ok := receipt.Find(token)
	if !ok || tenant.ID() != merchantID || id != paymentID || !l.Opens(token, receipt.OfPayment(p)) {
		t.Errorf("%v %s %v", tenant, id, ok)
	}
	if err := ring.Rotate(); err != nil {
		t.Fatal(err)
	}
	if !l.Opens(token, receipt.OfPayment(p)) {
		t.Error("rotating the keys broke a receipt")
	}
	own := receipt.OfPayment(p)
	revoked, other, cash := own, own, own
	revoked.Generation++
	other.ID = "pay_01kjp8434gejtsrq4ccv973n0z"
	cash.ID = "rcp_" + own.ID[len("pay_"):]
	for name, closed := range map[string]bool{
		"revoked": l.Opens(token, revoked), "another payment": l.Opens(token, other), "cut": l.Opens(token[:79], own), "empty": l.Opens("", own),
		"a cash receipt of the same number": l.Opens(token, cash), "and marked as one": l.Opens("c"+token, cash),
	} {
		if closed {
			t.Errorf("%s: opens", name)
		}
	}
	tenant, id, ok = receipt.Find(strings.TrimPrefix(l.Address(cash), "https://pay.example.com/r/"))
	if !ok || tenant.ID() != merchantID || id != cash.ID || l.Address(cash) == "https://pay.example.com/r/c"+token {
		t.Errorf("a cash receipt: %v %s %v", tenant, id, ok)
	}
	for _, bad := range []string{"", token[:52], token + strings.Repeat("x", 40), strings.ToUpper(token), "../" + token} {
		if _, _, ok := receipt.Find(bad); ok {
			t.Errorf("%q is taken for a token", bad)
		}
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	s, err := receipt.ReadSignature([][][]float64{{{10.4, 20.6, 0}, {110, 20, 100}, {210, 70, 200}}, {{60, 60}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Encode()); got != `{"strokes":[[[10,21,0],[110,20,100],[210,70,200]],[[60,60,0]]]}` {
		t.Errorf("%s", got)
	}
	again, err := receipt.DecodeSignature(s.Encode())
	if diff := cmp.Diff(s, again); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	d := s.Draw()
	if d.Path != "M0 2L150 0L300 75M75 60L75 60" || d.ViewBox() != "-6 -6 312 87" {
		t.Errorf("%+v %s", d, d.ViewBox())
	}
}

func TestSignatureLimits(t *testing.T) {
	t.Parallel()
	many := make([][]float64, 5001)
	for i := range many {
		many[i] = []float64{1, 2, 3}
	}
	for name, strokes := range map[string][][][]float64{
		"none": {}, "empty stroke": {{}}, "one number": {{{1}}}, "four": {{{1, 2, 3, 4}}}, "negative": {{{-1, 2}}}, "far": {{{1, 10_001}}},
		"late": {{{1, 2, 1e9}}}, "no number": {{{math.NaN(), 1}}}, "infinite": {{{1, math.Inf(1)}}}, "too many points": {many},
		"too many strokes": make([][][]float64, 201),
	} {
		if _, err := receipt.ReadSignature(strokes); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzDecodeSignature(f *testing.F) {
	f.Add([]byte(`{"strokes":[[[1,2,3],[4,5,6]]]}`))
	f.Add([]byte(`{"strokes":[[[1e400,2]]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := receipt.DecodeSignature(b)
		if err != nil {
			return
		}
		d := s.Draw()
		if strings.Trim(d.Path, "ML 0123456789") != "" || d.Width < 1 || d.Height < 1 || d.Width > 301 || d.Height > 301 {
			t.Fatalf("%+v", d)
		}
		if again, err := receipt.DecodeSignature(s.Encode()); err != nil || !cmp.Equal(s, again) {
			t.Fatalf("%v %v", again, err)
		}
	})
}

// FuzzFind: a token names a payment or cash receipt of a merchant by right ids, or nothing; none that
// the keys did not make opens anything.
func FuzzFind(f *testing.F) {
	f.Add("01kjp8434gejtsrq4ccv973n0k01kjp8434gejtsrq4ccv973n0kabc")
	f.Add("c01kjp8434gejtsrq4ccv973n0k01kjp8434gejtsrq4ccv973n0kabc")
	f.Add("")
	f.Add(strings.Repeat("\u3131", 30))
	f.Fuzz(func(t *testing.T, token string) {
		tenant, document, ok := receipt.Find(token)
		if ok && (!id.Valid(id.Payment, document) && !id.Valid(id.Receipt, document) || !id.Valid(id.Merchant, tenant.ID())) {
			t.Fatalf("%q names %q of %q", token, document, tenant.ID())
		}
	})
}
