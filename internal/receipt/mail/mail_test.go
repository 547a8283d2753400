package mail_test

import (
	"html"
	"strings"
	"testing"

	"innopay/internal/receipt"
	"innopay/internal/receipt/mail"
	"innopay/internal/receipt/receipttest"
)

const address = "https://pay.example.com/r/token"

func TestEveryFieldIsWritten(t *testing.T) {
	t.Parallel()
	for name, r := range receipttest.Receipts() {
		for _, l := range []receipt.Language{{}, {English: true}} {
			s := r.In(l)
			got, err := mail.Of(s, address)
			if err != nil {
				t.Fatal(err)
			}
			shown := html.UnescapeString(got.HTML)
			for _, want := range append(receipttest.Words(s), address, r.OrderID) {
				if !strings.Contains(got.Text, want) || !strings.Contains(shown, want) {
					t.Errorf("%s, %s: %q is missing", name, l.Code(), want)
				}
			}
		}
	}
}

func TestNothingIsLoadedAndNothingSlipsIn(t *testing.T) {
	t.Parallel()
	r := receipttest.Receipts()["sale"]
	r.Shop.Name, r.OrderName = "<b>가게</b>\r\nBcc: x@example.com", `"><img src=x>`
	got, err := mail.Of(r.In(receipt.Language{}), address)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<img", "<script", "<link", "url(", "<b>", "ZgotmplZ", "@import"} {
		if strings.Contains(got.HTML, bad) {
			t.Errorf("%q in %s", bad, got.HTML)
		}
	}
	if n := strings.Count(got.HTML, "http"); n != 1 {
		t.Errorf("%d addresses", n)
	}
	if strings.ContainsAny(got.Subject, "\r\n") || got.Subject == "" {
		t.Errorf("subject %q", got.Subject)
	}
}
