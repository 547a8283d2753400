package store

import (
	"context"
	"strings"

	"innopay/clock"
	"innopay/money"
)

// ReceiptEntry is one line of an office's own account of the cash receipts it issued
// (contract: GET /simulator/cash-receipts/journal), in the order of Seq.
type ReceiptEntry struct {
	Seq            int64
	Type           string // ISSUE, CANCEL, VERDICT
	ID             string // ours, or its end where the office takes shorter ones
	Number         string
	OriginalNumber string
	Day            clock.Day
	Amount         money.Won
	Result         string // ISSUED, REFUSED, ALREADY, CONFIRMED, REJECTED
}

// receiptNumber is a receipt of the office: its number is unique within its day.
type receiptNumber struct {
	number string
	day    clock.Day
}

// ourReceipt is a receipt, or a cancel of one, as it stands with us.
type ourReceipt struct {
	id        string
	reference receiptNumber
	amount    money.Won
	status    string
	original  string // cancels: number of what they take back
	attempts  int64  // receipts: how often it was corrected
}

// stands reports whether the office must have it.
func (o *ourReceipt) stands() bool {
	return o.reference.number != "" && (o.status == "ISSUED" || o.status == "CONFIRMED" || o.status == "CANCELED")
}

// elsewhere reports whether the office may have one of its id that we have no number of:
// the answer is not there yet, or it was refused and perhaps corrected.
func (o *ourReceipt) elsewhere() bool {
	return o.status == "REQUESTED" || o.status == "UNKNOWN" || o.status == "REJECTED" || o.attempts > 0
}

// officeIDLength is how much of an id the office knows; the last character counts the attempts
// of a receipt.
const officeIDLength = 24

func tail(id string, last int) string {
	return id[max(0, len(id)-officeIDLength) : len(id)-min(last, len(id))]
}

// receipts holds the office's books against ours, both ways: each id was issued once,
// what it issued is a receipt or a cancel of ours with the same amount, and nothing of
// ours is missing there.
func (v *verifier) receipts(ctx context.Context) error {
	ours, cancels, err := v.ourReceipts(ctx)
	if err != nil {
		return err
	}
	issued, verdicts := map[string]bool{}, map[receiptNumber]string{}
	books := map[receiptNumber]ReceiptEntry{}
	for e, err := range v.o.Receipts {
		if err != nil {
			return err
		}
		at := receiptNumber{e.Number, e.Day}
		if e.Type == "VERDICT" {
			verdicts[at] = e.Result
			continue
		}
		if e.Result != "ISSUED" {
			continue
		}
		if issued[e.Type+e.ID] {
			v.report(Fault{"RECEIPT_JOURNAL_DOUBLE", e.ID, "발급사가 같은 현금영수증을 두 번 발급했어요."})
		}
		issued[e.Type+e.ID] = true
		books[at] = e
		known := ours[tail(e.ID, 1)]
		if e.Type == "CANCEL" {
			known = cancels[tail(e.ID, 0)]
		}
		if err := v.issued(ctx, e, known); err != nil {
			return err
		}
	}
	for _, list := range []map[string]*ourReceipt{ours, cancels} {
		for _, o := range list {
			v.atOffice(o, books, verdicts)
		}
	}
	return nil
}

// issued holds one receipt of the office against ours.
func (v *verifier) issued(ctx context.Context, e ReceiptEntry, o *ourReceipt) error {
	switch {
	case o == nil:
		// Younger than our moment, or none of ours: it is durable before it is sent.
		return v.youngerReceipt(ctx, e)
	case o.reference == receiptNumber{e.Number, e.Day}:
		if o.amount != e.Amount || e.Type == "CANCEL" && o.original != e.OriginalNumber {
			v.report(Fault{"RECEIPT_JOURNAL_AMOUNT", o.id, "발급사의 현금영수증과 금액이나 원 승인번호가 달라요."})
		}
	case !o.elsewhere():
		v.report(Fault{"RECEIPT_JOURNAL_NUMBER", o.id, "발급사가 발급한 번호가 우리 쪽과 달라요."})
	case o.amount != e.Amount:
		v.report(Fault{"RECEIPT_JOURNAL_AMOUNT", o.id, "발급사의 현금영수증과 금액이나 원 승인번호가 달라요."})
	}
	return nil
}

func (v *verifier) youngerReceipt(ctx context.Context, e ReceiptEntry) error {
	text := "select count(*) from cash_receipt r where r.id like $1"
	like := "%" + strings.NewReplacer("%", "", "_", "").Replace(tail(e.ID, 1)) + "_"
	if e.Type == "CANCEL" {
		text = "select count(*) from cash_receipt_cancel c where c.id like $1"
		like = "%" + strings.NewReplacer("%", "", "_", "").Replace(tail(e.ID, 0))
	}
	var n int
	if err := v.db.engine.reader().QueryRowContext(ctx, text, like).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		v.report(Fault{"RECEIPT_JOURNAL_UNKNOWN", e.ID, "발급사가 발급한 현금영수증이 우리 쪽에 없어요."})
	}
	return nil
}

// atOffice sees that what stands with us stands with the office, and is judged as we say.
func (v *verifier) atOffice(o *ourReceipt, books map[receiptNumber]ReceiptEntry, verdicts map[receiptNumber]string) {
	if !o.stands() {
		return
	}
	if _, ok := books[o.reference]; !ok {
		v.report(Fault{"RECEIPT_JOURNAL_MISSING", o.id, "우리 쪽의 현금영수증이 발급사 기록에 없어요."})
	}
	if o.status == "CONFIRMED" && verdicts[o.reference] != "CONFIRMED" {
		v.report(Fault{"RECEIPT_JOURNAL_VERDICT", o.id, "국세청이 확인했다는 기록이 발급사에 없어요."})
	}
}

// ourReceipts are the receipts and cancels of our moment, by what the office knows of
// their ids. They take about 300 bytes each.
func (v *verifier) ourReceipts(ctx context.Context) (receipts, cancels map[string]*ourReceipt, err error) {
	read := func(text string, last int) (map[string]*ourReceipt, error) {
		rows, err := v.at.QueryContext(ctx, text)
		if err != nil {
			return nil, err
		}
		defer func() { _ = rows.Close() }()
		out := map[string]*ourReceipt{}
		for rows.Next() {
			o := &ourReceipt{}
			var amount int64
			if err := rows.Scan(&o.id, &o.reference.number, &o.reference.day, &amount, &o.status, &o.original, &o.attempts); err != nil {
				return nil, err
			}
			o.amount = money.Won(amount)
			out[tail(o.id, last)] = o
		}
		return out, rows.Err()
	}
	if receipts, err = read("select r.id, r.number, r.day, r.amount, r.status, '', r.attempt from cash_receipt r", 1); err != nil {
		return nil, nil, err
	}
	cancels, err = read(`select c.id, c.number, c.day, c.amount, c.status, r.number, 0 from cash_receipt_cancel c
join cash_receipt r on r.merchant_id = c.merchant_id and r.id = c.receipt_id`, 0)
	return receipts, cancels, err
}
