package money_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"innopay/money"
)

func TestGrouped(t *testing.T) {
	t.Parallel()
	for w, want := range map[money.Won]string{
		0: "0원", 1: "1원", 999: "999원", 1_000: "1,000원", 55_000: "55,000원", 1_234_567: "1,234,567원",
		money.Max: "9,999,999,999원", -1: "-1원", -999: "-999원", -1_000: "-1,000원", -123_456: "-123,456원",
		-1 << 63: "-9,223,372,036,854,775,808원",
	} {
		if got := w.String(); got != want {
			t.Errorf("%d is %q, want %q", int64(w), got, want)
		}
	}
}

// TestVAT: the samples of the domain facts, and both roundings against exact thirds.
func TestVAT(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ taxable, nearest, floor money.Won }{
		{0, 0, 0}, {1, 0, 0}, {5, 0, 0}, {6, 1, 0}, {10, 1, 0}, {11, 1, 1}, {16, 1, 1}, {17, 2, 1},
		{1_000, 91, 90}, {10_000, 909, 909}, {15_000, 1_364, 1_363}, {50_000, 4_545, 4_545}, {55_000, 5_000, 5_000},
		{money.Max, 909_090_909, 909_090_909},
	} {
		if got := money.VAT(test.taxable, money.Nearest); got != test.nearest {
			t.Errorf("nearest VAT in %v is %v, want %v", test.taxable, got, test.nearest)
		}
		if got := money.VAT(test.taxable, money.Floor); got != test.floor {
			t.Errorf("floor VAT in %v is %v, want %v", test.taxable, got, test.floor)
		}
	}
	differ := 0
	for w := money.Won(1); w <= 110; w++ {
		if money.VAT(w, money.Nearest) != money.VAT(w, money.Floor) {
			differ++
		}
	}
	if differ != 50 {
		t.Errorf("the roundings differ for %d of 1..110, the domain facts say 50", differ)
	}
}

func TestSplitRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		amount, free, fee money.Won
		want              error
	}{
		{0, 0, 0, money.ErrAmount},
		{-1, 0, 0, money.ErrAmount},
		{money.Max + 1, 0, 0, money.ErrAmount},
		{100, -1, 0, money.ErrTaxFree},
		{100, 101, 0, money.ErrTaxFree},
		{100, 0, -1, money.ErrServiceFee},
		{100, 0, 101, money.ErrServiceFee},
		{100, 60, 41, money.ErrPartsExceed},
	} {
		if got, err := money.SplitOf(test.amount, test.free, test.fee, money.Nearest); !errors.Is(err, test.want) || got != (money.Split{}) {
			t.Errorf("%+v gives %+v, %v", test, got, err)
		}
	}
}

func TestPartRefuses(t *testing.T) {
	t.Parallel()
	s, err := money.SplitOf(10_000, 4_000, 1_000, money.Nearest)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		amount, free money.Won
		want         error
	}{
		{0, -1, money.ErrAmount},
		{-5, -1, money.ErrAmount},
		{10_001, -1, money.ErrAmount},
		{5_000, 4_001, money.ErrTaxFree},
		{3_000, 3_001, money.ErrTaxFree},
		{10_000, 3_999, money.ErrTaxFree},
		{9_900, 0, money.ErrTaxFree}, // more taxable won than there are
	} {
		if got, err := s.Part(test.amount, test.free, money.Nearest); !errors.Is(err, test.want) {
			t.Errorf("%+v gives %+v, %v", test, got, err)
		}
	}
}

// roundings draws one.
var roundings = rapid.SampledFrom([]money.Rounding{money.Nearest, money.Floor})

// amounts leans to the borders.
var amounts = rapid.OneOf(rapid.Int64Range(1, 200), rapid.Int64Range(1, 1_000_000), rapid.Int64Range(int64(money.Max)-200, int64(money.Max)))

// TestPartsNeverDrift: cancelled in any parts, every part is whole and positive, every
// sum holds, and the parts add up to the split, to the won (rulings 2).
func TestPartsNeverDrift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := roundings.Draw(t, "rounding")
		amount := money.Won(amounts.Draw(t, "amount"))
		free := money.Won(rapid.Int64Range(0, int64(amount)).Draw(t, "tax-free"))
		fee := money.Won(rapid.Int64Range(0, int64(amount-free)).Draw(t, "fee"))
		whole, err := money.SplitOf(amount, free, fee, r)
		if err != nil || !whole.Holds() || whole.Amount != amount || whole.TaxFree != free || whole.ServiceFee != fee {
			t.Fatalf("%+v, %v", whole, err)
		}
		left, sum := whole, money.Split{}
		for range 40 {
			if left.Amount == 0 {
				break
			}
			want := money.Won(rapid.Int64Range(1, int64(left.Amount)).Draw(t, "part"))
			name := money.Won(-1)
			if rapid.Bool().Draw(t, "names tax-free") {
				name = money.Won(rapid.Int64Range(0, int64(min(want, left.TaxFree))).Draw(t, "part tax-free"))
			}
			part, err := left.Part(want, name, r)
			if err != nil {
				if name < 0 {
					t.Fatalf("pro rata of %v out of %+v: %v", want, left, err)
				}
				continue // a tax-free part that leaves too much for the rest
			}
			if part.Amount != want || !part.Holds() || name >= 0 && part.TaxFree != name {
				t.Fatalf("%v of %+v is %+v", want, left, part)
			}
			if rest := left.Minus(part); !rest.Holds() {
				t.Fatalf("%+v less %+v leaves %+v", left, part, rest)
			}
			left = left.Minus(part)
			sum = sum.Plus(part)
		}
		if left.Amount > 0 {
			last, err := left.Part(left.Amount, -1, r)
			if err != nil || last != left {
				t.Fatalf("the last part of %+v is %+v, %v", left, last, err)
			}
			sum = sum.Plus(last)
		}
		if sum != whole {
			t.Fatalf("the parts of %+v add up to %+v", whole, sum)
		}
	})
}

// TestVATOfParts: the VAT given back in parts is at every step that of what was taken
// less that of what is left, so that it never drifts from the books.
func TestVATOfParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := roundings.Draw(t, "rounding")
		left, err := money.SplitOf(money.Won(amounts.Draw(t, "amount")), 0, 0, r)
		if err != nil {
			t.Fatal(err)
		}
		for left.Amount > 1 {
			part, err := left.Part(money.Won(rapid.Int64Range(1, int64(left.Amount)-1).Draw(t, "part")), -1, r)
			if err != nil {
				t.Fatal(err)
			}
			left = left.Minus(part)
			if want := money.VAT(left.Amount, r); left.VAT != want {
				t.Fatalf("VAT left in %v is %v, want %v", left.Amount, left.VAT, want)
			}
			if left.Amount < 1_000 {
				break
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(int64(55_000), int64(5_000), int64(1_000), int64(11_000), int64(-1), true)
	f.Add(int64(money.Max), int64(1), int64(money.Max-2), int64(money.Max-1), int64(1), false)
	f.Add(int64(-1), int64(1<<62), int64(-1<<63), int64(0), int64(0), false)
	f.Fuzz(func(t *testing.T, amount, free, fee, part, partFree int64, floor bool) {
		r := money.Nearest
		if floor {
			r = money.Floor
		}
		s, err := money.SplitOf(money.Won(amount), money.Won(free), money.Won(fee), r)
		if err != nil {
			return
		}
		if !s.Holds() || s.Taxable() != s.Amount-s.TaxFree-s.ServiceFee {
			t.Fatalf("%+v", s)
		}
		p, err := s.Part(money.Won(part), money.Won(partFree), r)
		if err != nil {
			return
		}
		if rest := s.Minus(p); !p.Holds() || !rest.Holds() || p.Amount != money.Won(part) || rest.Plus(p) != s {
			t.Fatalf("%+v of %+v leaves %+v", p, s, rest)
		}
	})
}
