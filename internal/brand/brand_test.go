package brand_test

import (
	"strings"
	"testing"

	"innopay/internal/brand"
)

func TestWhatCannotBeShownIsRefusedByName(t *testing.T) {
	t.Parallel()
	good := brand.Brand{
		Name: "결제", Phone: "1600-0000", Mail: "help@shop.example", Hours: []brand.Hours{{Days: []string{"MON"}, From: "09:00", Until: "24:00"}},
		Product: "https://pay.example/", Company: brand.Company{BusinessNumber: "000-00-00000"},
	}
	for _, b := range []brand.Brand{{}, good} {
		if err := b.Check(); err != nil {
			t.Error(err)
		}
	}
	for field, change := range map[string]func(*brand.Brand){
		"brand.name": func(b *brand.Brand) { b.Name = strings.Repeat("가", 101) }, "brand.closed": func(b *brand.Brand) { b.Closed = "a\nb" },
		"brand.phone": func(b *brand.Brand) { b.Phone = "전화" }, "brand.mail": func(b *brand.Brand) { b.Mail = "Help <help@shop.example>" },
		"brand.product": func(b *brand.Brand) { b.Product = "javascript:alert(1)" }, "brand.home": func(b *brand.Brand) { b.Home = "http://shop.example" },
		"brand.company.businessNumber": func(b *brand.Brand) { b.Company.BusinessNumber = "12" },
		"brand.hours[1]": func(b *brand.Brand) {
			b.Hours = append(b.Hours, brand.Hours{Days: []string{"SUN"}, From: "18:00", Until: "09:00"})
		},
		"brand.hours[0]": func(b *brand.Brand) { b.Hours = []brand.Hours{{Days: []string{"월"}, From: "09:00", Until: "18:00"}} },
	} {
		b := good
		change(&b)
		if err := b.Check(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestSetTellsWhetherThereIsSomethingToShow(t *testing.T) {
	t.Parallel()
	for want, all := range map[bool][]brand.Brand{
		false: {{}, {Closed: "휴무"}},
		true:  {{Phone: "1600-0000"}, {Home: "https://company.example"}, {Company: brand.Company{Address: "서울"}}},
	} {
		for _, b := range all {
			if b.Set() != want {
				t.Errorf("%+v: %v", b, !want)
			}
		}
	}
}
