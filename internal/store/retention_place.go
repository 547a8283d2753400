package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/retention"
	"innopay/internal/store/sqlgen"
)

// scan looks for a person in everything that may name a buyer. Names and numbers are
// ciphertext, so that it opens every row; one page of them at a time.
type scan struct {
	db     *DB
	q      *sqlgen.Queries
	people retention.People
}

// hit is a row that names the person.
type hit struct {
	merchant, row string
	cells         []string
	at            time.Time // when it was made
	keep          string    // class by which it stays; empty: it can be blanked
	body          string    // of a frozen answer, without the person
	bucket        int64
}

// place is one table in which buyers are named.
type place struct {
	head       retention.Head
	everywhere bool // read over all merchants at once
	// page reads up to limit rows after one, and says which was the last and how many
	// there were.
	page func(ctx context.Context, s *scan, merchantID, after string, limit int) (found []hit, last string, n int, err error)
	// blank takes the person out of a row; 0 rows: something under way still needs it.
	blank func(ctx context.Context, x *eraser, h hit) (int64, error)
}

// places in their order. Frozen answers come after payments, which others may still freeze.
var places = []place{
	{retention.Head{Name: "payments", Columns: []string{"가맹점", "거래번호", "상품", "금액", "상태", "요청일시", "이름", "전화번호", "이메일"}}, false, payments, blankPayment},
	{retention.Head{Name: "frozen-answers", Columns: []string{"가맹점", "작업", "거래번호"}}, false, frozenAnswers, blankFrozen},
	{retention.Head{Name: "cash-receipts", Columns: []string{"가맹점", "번호", "종류", "금액", "상태", "식별번호", "요청일시"}}, false, cashReceipts, blankReceipt},
	{retention.Head{Name: "webhook-deliveries", Columns: []string{"가맹점", "번호", "종류", "상태", "요청일시"}}, false, deliveries, blankDelivery},
	{retention.Head{Name: "messages", Columns: []string{"가맹점", "번호", "목적", "상태", "받는 사람", "요청일시"}}, true, sentMessages, blankMessage},
}

// placeOfMessages is where people are named who were told something.
const placeOfMessages = 4

// Heads implements retention.Store.
func (*Retention) Heads() []retention.Head {
	out := make([]retention.Head, len(places))
	for i, p := range places {
		out[i] = p.head
	}
	return out
}

// FindBatch implements retention.Store.
func (s *Retention) FindBatch(ctx context.Context, p retention.People, at retention.Cursor, limit int) (found []retention.Row, next retention.Cursor, done bool, err error) {
	x := &scan{s.db, s.db.q, p}
	err = s.db.look(ctx, func() error {
		hits, to, end, err := x.page(ctx, at, limit)
		found, next, done = nil, to, end
		for _, h := range hits {
			found = append(found, retention.Row{Place: at.Place, Cells: h.cells})
		}
		return err
	})
	return found, next, done, err
}

// page reads one page and says where the next one begins; done: there is none.
func (s *scan) page(ctx context.Context, at retention.Cursor, limit int) (found []hit, next retention.Cursor, done bool, err error) {
	p := places[at.Place]
	if !p.everywhere && at.Merchant == "" {
		if at.Merchant, err = s.merchantAfter(ctx, ""); err != nil {
			return nil, at, false, err
		}
	}
	last, n := "", 0
	if p.everywhere || at.Merchant != "" {
		if found, last, n, err = p.page(ctx, s, at.Merchant, at.Row, limit); err != nil {
			return nil, at, false, fmt.Errorf("store: %s: %w", p.head.Name, err)
		}
	}
	next = retention.Cursor{Place: at.Place, Merchant: at.Merchant, Row: last}
	if n >= limit {
		return found, next, false, nil
	}
	next.Row = ""
	if !p.everywhere && at.Merchant != "" {
		if next.Merchant, err = s.merchantAfter(ctx, at.Merchant); err != nil {
			return nil, at, false, err
		}
		if next.Merchant != "" {
			return found, next, false, nil
		}
	}
	next = retention.Cursor{Place: at.Place + 1}
	return found, next, next.Place >= len(places), nil
}

func (s *scan) merchantAfter(ctx context.Context, id string) (string, error) {
	ids, err := s.q.MerchantAfter(ctx, id)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

func payments(ctx context.Context, s *scan, m, after string, limit int) (found []hit, last string, n int, err error) {
	rows, err := s.q.PaymentsWithBuyer(ctx, sqlgen.PaymentsWithBuyerParams{MerchantID: m, After: after, Most: most(limit)})
	for _, r := range rows {
		last = r.ID
		if r.Buyer == "" {
			continue
		}
		plain, err := s.db.sealer.Unseal(r.Buyer, sealed(m, r.ID))
		if err != nil {
			return nil, "", 0, fmt.Errorf("buyer of %s: %w", r.ID, err)
		}
		var b payment.Buyer
		if err := json.Unmarshal(plain, &b); err != nil { //nolint:musttag // sealed and opened here only
			return nil, "", 0, fmt.Errorf("buyer of %s: %w", r.ID, err)
		}
		if s.people.Has(b.Phone) || s.people.Has(b.Email) {
			at := clock.FromMicros(r.RequestedAt)
			found = append(found, hit{merchant: m, row: r.ID, at: at, cells: []string{m, r.ID, r.OrderName, strconv.FormatInt(r.Amount, 10), r.Status, moment(at), b.Name, b.Phone, b.Email}})
		}
	}
	return found, last, len(rows), err
}

func blankPayment(ctx context.Context, x *eraser, h hit) (int64, error) {
	n, err := x.q.BlankBuyer(ctx, sqlgen.BlankBuyerParams{MerchantID: h.merchant, ID: h.row})
	if err != nil || n == 0 {
		return n, err
	}
	x.keep("LEDGER", h.at)
	signed, err := x.q.HasSignature(ctx, sqlgen.HasSignatureParams{MerchantID: h.merchant, PaymentID: h.row})
	if err != nil {
		return n, err
	}
	if signed > 0 {
		x.keep(retention.Signatures, h.at)
	}
	return n, x.q.BlankRequestPhone(ctx, sqlgen.BlankRequestPhoneParams{MerchantID: h.merchant, PaymentID: h.row})
}

// frozenAnswers pages by operation and key, with a blank between them.
func frozenAnswers(ctx context.Context, s *scan, m, after string, limit int) (found []hit, last string, n int, err error) {
	operation, key, _ := strings.Cut(after, "\n")
	rows, err := s.q.KeysAfter(ctx, sqlgen.KeysAfterParams{MerchantID: m, Operation: operation, Key: key, Most: most(limit)})
	for _, r := range rows {
		last = r.Operation + "\n" + r.Key
		body, err := s.db.thawed(m, r.Operation, r.Key, r.Body)
		if err != nil {
			return nil, "", 0, err
		}
		rest, buyer := withoutBuyer(body)
		if s.people.Has(buyer.Phone) || s.people.Has(buyer.Email) {
			found = append(found, hit{merchant: m, row: last, body: string(rest), cells: []string{m, r.Operation, r.PaymentID}})
		}
	}
	return found, last, len(rows), err
}

// named is the buyer as answers write it.
type named struct {
	Phone string `json:"phone"`
	Email string `json:"email"`
}

// withoutBuyer takes the buyer out of a frozen answer; every other byte stays.
func withoutBuyer(body []byte) ([]byte, named) {
	var b named
	i := bytes.Index(body, []byte(namesBuyer))
	if i < 0 {
		return body, b
	}
	d := json.NewDecoder(bytes.NewReader(body[i+len(namesBuyer):]))
	if d.Decode(&b) != nil {
		return body, named{}
	}
	end := i + len(namesBuyer) + int(d.InputOffset())
	if end < len(body) && body[end] == ',' {
		end++
	} else if i > 0 && body[i-1] == ',' {
		i--
	}
	return append(bytes.Clone(body[:i]), body[end:]...), b
}

func blankFrozen(ctx context.Context, x *eraser, h hit) (int64, error) {
	operation, key, _ := strings.Cut(h.row, "\n")
	body, err := x.db.freeze(payment.Idempotency{MerchantID: h.merchant, Operation: operation, Key: key, Body: []byte(h.body)})
	if err != nil {
		return 0, err
	}
	return 1, x.q.ReplaceFrozen(ctx, sqlgen.ReplaceFrozenParams{Body: body, MerchantID: h.merchant, Operation: operation, Key: key})
}

func cashReceipts(ctx context.Context, s *scan, m, after string, limit int) (found []hit, last string, n int, err error) {
	rows, err := s.q.ReceiptsAfter(ctx, sqlgen.ReceiptsAfterParams{MerchantID: m, After: after, Most: most(limit)})
	for _, r := range rows {
		last = r.ID
		digits, err := s.db.sealer.Unseal(r.Identifier, identifierOf(m, r.ID))
		if err != nil {
			return nil, "", 0, fmt.Errorf("identifier of %s: %w", r.ID, err)
		}
		if s.people.Has(string(digits)) {
			h := hit{merchant: m, row: r.ID, at: clock.FromMicros(r.CreatedAt)}
			h.cells = []string{m, r.ID, r.Kind, strconv.FormatInt(r.Amount, 10), r.Status, string(digits), moment(h.at)}
			// One that stands is a record of the tax law, and its number cancels it.
			if r.DueAt == 0 && r.BalanceAmount > 0 && (r.Status == "ISSUED" || r.Status == "CONFIRMED") {
				h.keep = retention.CashReceipts
			}
			found = append(found, h)
		}
		clear(digits)
	}
	return found, last, len(rows), err
}

func blankReceipt(ctx context.Context, x *eraser, h hit) (int64, error) {
	return x.q.BlankIdentifier(ctx, sqlgen.BlankIdentifierParams{MerchantID: h.merchant, ID: h.row})
}

func deliveries(ctx context.Context, s *scan, m, after string, limit int) (found []hit, last string, n int, err error) {
	rows, err := s.q.DeliveriesAfter(ctx, sqlgen.DeliveriesAfterParams{MerchantID: m, After: after, Most: most(limit)})
	for _, r := range rows {
		last = r.ID
		plain, err := s.db.unsealed(r.Payload, webhookPlace("payload", m, r.ID))
		if err != nil {
			return nil, "", 0, fmt.Errorf("payload of %s: %w", r.ID, err)
		}
		_, buyer := withoutBuyer([]byte(plain))
		if s.people.Has(buyer.Phone) || s.people.Has(buyer.Email) {
			at := clock.FromMicros(r.CreatedAt)
			found = append(found, hit{merchant: m, row: r.ID, at: at, cells: []string{m, r.ID, r.Type, r.Status, moment(at)}})
		}
	}
	return found, last, len(rows), err
}

// blankDelivery takes the whole delivery: its body is signed as one.
func blankDelivery(ctx context.Context, x *eraser, h hit) (int64, error) {
	n, err := x.q.DropDelivery(ctx, sqlgen.DropDeliveryParams{MerchantID: h.merchant, ID: h.row})
	if err != nil || n == 0 {
		return n, err
	}
	return n, x.q.DropDeliveryAttempts(ctx, sqlgen.DropDeliveryAttemptsParams{MerchantID: h.merchant, DeliveryID: h.row})
}

func sentMessages(ctx context.Context, s *scan, _, after string, limit int) (found []hit, last string, n int, err error) {
	rows, err := s.q.MessagesAfter(ctx, sqlgen.MessagesAfterParams{After: after, Most: most(limit)})
	for _, r := range rows {
		last = r.ID
		to, err := s.db.sealer.Unseal(r.Recipient, recipient(r.MerchantID, r.ID))
		if err != nil {
			return nil, "", 0, fmt.Errorf("recipient of %s: %w", r.ID, err)
		}
		if s.people.Has(string(to)) {
			at := clock.FromMicros(r.CreatedAt)
			found = append(found, hit{merchant: r.MerchantID, row: r.ID, bucket: r.Bucket, at: at, cells: []string{r.MerchantID, r.ID, r.Purpose, r.Status, string(to), moment(at)}})
		}
	}
	return found, last, len(rows), err
}

func blankMessage(ctx context.Context, x *eraser, h hit) (int64, error) {
	return x.q.BlankRecipient(ctx, sqlgen.BlankRecipientParams{Bucket: h.bucket, ID: h.row, MerchantID: h.merchant})
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
