// Package receipttest has receipts of every kind, and the words that every rendering of
// one must show. Tests of the renderings share it.
package receipttest

import (
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/receipt"
	"innopay/money"
)

var at = time.Date(2026, 3, 2, 12, 34, 56, 0, clock.Seoul)

// Receipts are one of each kind: sale, part, full, open, one without a card, and of cash.
func Receipts() map[string]receipt.Receipt {
	full := sale()
	full.Kind, full.Canceled, full.Remaining = receipt.FullCancel, 55_500, 0
	full.Cancels = []receipt.Cancel{{Split: full.Split, Reason: "단순 변심", Number: "C9000001", At: at.Add(time.Hour), WholeAtOne: true}}
	part := sale()
	part.Kind, part.Canceled, part.Remaining = receipt.PartCancel, 11_000, 44_500
	part.Cancels = []receipt.Cancel{{
		Split: money.Split{Amount: 11_000, Supplied: 9_000, VAT: 900, TaxFree: 1000, ServiceFee: 100}, Reason: "일부 반품", Number: "C9000002", At: at.Add(2 * time.Hour),
	}}
	open := sale()
	open.Cancels = []receipt.Cancel{{Split: money.Split{Amount: 1100, Supplied: 1000, VAT: 100}, Reason: "확인 중", At: at.Add(3 * time.Hour), Open: true}}
	bare := sale()
	bare.Card, bare.Simulated, bare.Signature, bare.Lines = receipt.Card{}, false, nil, nil
	cash := sale()
	cash.Card, cash.Signature, cash.Cash = receipt.Card{}, nil, &receipt.Cash{Received: 60_000, Change: 4500}
	cash.Official = &receipt.Official{Purpose: "INCOME_DEDUCTION", Identifier: "*******5678", Number: "A12345678", At: at, Balance: 55_500, State: receipt.Stands}
	waits, back := cash, part
	waits.Official = &receipt.Official{Purpose: "EXPENSE_PROOF", Identifier: "******9993"}
	back.Card, back.Signature, back.Cash = receipt.Card{}, nil, cash.Cash
	back.Official = &receipt.Official{Purpose: "SELF_ISSUED", Identifier: "010-000-1234", Number: "A12345679", At: at, State: receipt.TakenBack}
	return map[string]receipt.Receipt{
		"cash": cash, "cash, being issued": waits, "cash, taken back": back,
		"sale": sale(), "part": part, "full": full, "open": open, "without a card": bare,
	}
}

// Long is a receipt of many lines.
func Long() receipt.Receipt {
	r := sale()
	for i := range 120 {
		r.Lines = append(r.Lines, receipt.Line{Name: fmt.Sprint("긴 영수증의 상품 ", i), UnitPrice: 1000, Quantity: 1, Total: 1000})
	}
	return r
}

func sale() receipt.Receipt {
	signed, err := receipt.ReadSignature([][][]float64{{{10, 80, 0}, {60, 10, 50}, {110, 80, 120}, {35, 50, 160}, {90, 50, 200}}, {{150, 20, 300}, {150, 90, 350}}})
	if err != nil {
		panic(err) // a mistake in this file
	}
	drawing := signed.Draw()
	return receipt.Receipt{
		Shop: receipt.Shop{
			Name: "시험 가게 뷁", BusinessNumber: "101-81-99988", OwnerName: "시험 대표", Address: "서울특별시 시험구 시험로 1 시험빌딩 12층 1204호", Phone: "02-0000-0001",
		},
		Card: receipt.Card{
			Number: "411111******1111", Issuer: "시험카드", Acquirer: "시험매입", Type: "CREDIT", Months: 3, InterestFree: true, ApprovalNumber: "30012345", Entry: "KEY_IN",
		},
		OrderID: "ORDER-20260302-0001-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789", OrderName: "아메리카노 외 2건",
		Lines: []receipt.Line{
			{Name: "아메리카노", UnitPrice: 4500, Quantity: 10, Total: 45_000},
			{Name: "계절 과일을 듬뿍 올린 생크림 케이크 한 조각", UnitPrice: 6000, Quantity: 1, Discount: 1000, Total: 5000},
			{Name: "우유 😀 500㎖", UnitPrice: 5000, Quantity: 1, Total: 5000, TaxFree: true},
		},
		Split: money.Split{Amount: 55_500, Supplied: 45_455, VAT: 4545, TaxFree: 5000, ServiceFee: 500}, Remaining: 55_500, ApprovedAt: at,
		TerminalID: "T0000001", Signature: &drawing, Simulated: true,
	}
}

// Words are what a rendering of the slip must show.
func Words(s receipt.Slip) []string {
	words := []string{s.Simulated, s.Shop, s.Title, s.Copy, s.Amount, s.Stamp, s.Note}
	for _, one := range s.Sections {
		words = append(words, one.Title, one.Notice)
		for _, row := range one.Rows {
			if row.Long {
				continue // broken anywhere
			}
			words = append(words, row.Value, row.Mark)
			if row.Note == "" {
				words = append(words, row.Label)
			}
		}
	}
	return words
}
