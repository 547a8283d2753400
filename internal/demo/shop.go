package demo

import (
	"innopay/internal/merchant"
	"innopay/money"
)

// shop is a seeded merchant before it has ids. Names are roles, numbers are marked
// as test: business numbers have a right check digit, phones are 010-0000-xxxx.
type shop struct {
	key        string // short name in logins: <key>-owner, <key>-staff
	name       string
	business   string
	owner      string
	address    string
	phone      string
	tax        money.TaxType
	mcc        string
	tid, mid   string
	categories []category
}

type category struct {
	name     string
	products []product
}

type product struct {
	name    string
	price   money.Won
	taxFree bool
	barcode string
}

var shops = []shop{
	{
		key: "cafe", name: "인노카페 시험점", business: "1018199994", owner: "시험 대표 1",
		address: "서울특별시 시험구 시험로 1", phone: "0200000001", tax: money.Taxable, mcc: "5814",
		tid: "DEMO0001", mid: "DEMO00000000001",
		categories: []category{
			{"커피", []product{{"아메리카노", 4500, false, ""}, {"카페라떼", 5200, false, ""}, {"바닐라라떼", 5700, false, ""}, {"에스프레소", 3800, false, ""}, {"콜드브루", 5500, false, ""}}},
			{"음료", []product{{"유자차", 5800, false, ""}, {"레몬에이드", 6200, false, ""}, {"딸기스무디", 6800, false, ""}}},
			{"베이커리", []product{{"크루아상", 4200, false, ""}, {"소금빵", 3500, false, ""}, {"치즈케이크", 7800, false, ""}, {"단체 주문 다과", 55000, false, ""}}},
			{"원두", []product{{"하우스 블렌드 200g", 18000, false, "2000000000015"}, {"싱글 오리진 200g", 24000, false, "2000000000022"}}},
		},
	},
	{
		key: "mart", name: "인노마트 시험점", business: "2018100010", owner: "시험 대표 2",
		address: "부산광역시 시험구 시험대로 2", phone: "0510000002", tax: money.Mixed, mcc: "5411",
		tid: "DEMO0002", mid: "DEMO00000000002",
		categories: []category{
			{"정육", []product{{"한우 불고기 500g", 32000, true, ""}, {"삼겹살 600g", 19800, true, ""}, {"닭볶음탕용 1kg", 9900, true, ""}}},
			{"채소·과일", []product{{"사과 3kg", 23900, true, ""}, {"감자 2kg", 6900, true, ""}, {"대파 한 단", 3200, true, ""}}},
			{"가공식품", []product{{"라면 5개입", 4700, false, "2000000000114"}, {"두부 한 모", 2100, true, ""}, {"식용유 1.8L", 8900, false, "2000000000121"}, {"즉석밥 12개입", 14900, false, "2000000000138"}}},
			{"생활", []product{{"화장지 30롤", 21900, false, "2000000000145"}, {"주방세제", 5400, false, "2000000000152"}}},
		},
	},
}

// Buyers are the people who pay in the demo.
func Buyers() []Buyer {
	return []Buyer{
		{"구매자 1", "01000000001"}, {"구매자 2", "01000000002"}, {"구매자 3", "01000000003"}, {"구매자 4", "01000000004"},
	}
}

func (p product) tax() money.TaxType {
	if p.taxFree {
		return money.TaxFree
	}
	return money.Taxable
}

// businessNumber is the number with its right check digit (domain facts 3).
func (s shop) businessNumber() string {
	head := s.business[:9]
	for d := byte('0'); d <= '9'; d++ {
		if n := head + string(d); merchant.ValidBusinessNumber(n) {
			return n
		}
	}
	return ""
}
