// Package desk gives receipts out: it sends them by text, AlimTalk and mail when somebody
// asks for it, tells how far they have come, revokes their links, guards links by the
// buyer's number where a shop wants that, and finds a receipt again for a buyer who
// lost the link.
package desk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/receipt/mail"
	"innopay/internal/taxreceipt"
	"innopay/messenger"
	"innopay/money"
)

// Tx is one transaction over a payment or cash receipt and what is told of it.
type Tx interface {
	payment.Tx
	message.Tx
	// RevokeReceipt raises the generation of a cash receipt's link, or returns
	// taxreceipt.ErrAbsent.
	RevokeReceipt(ctx context.Context, t merchant.Tenant, id string) error
}

// Store is what this feature asks of the database.
type Store interface {
	// DeskTx runs fn in one transaction, again when the engine asks for it.
	DeskTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// PaymentByApproval is the newest approved payment of all merchants with this approval
	// number, amount and buyer's phone, or payment.ErrAbsent.
	PaymentByApproval(ctx context.Context, number, phone string, amount money.Won) (payment.Payment, error)
	Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error)
	Message(ctx context.Context, t merchant.Tenant, id string) (message.Job, error)
	// Receipt is a cash receipt, or taxreceipt.ErrAbsent.
	Receipt(ctx context.Context, t merchant.Tenant, id string) (taxreceipt.Receipt, error)
	// ReceiptOfPayment is the newest cash receipt of a payment, or taxreceipt.ErrAbsent.
	ReceiptOfPayment(ctx context.Context, t merchant.Tenant, paymentID string) (taxreceipt.Receipt, error)
	Messages(ctx context.Context, t merchant.Tenant, thread string, limit int) ([]message.Job, error)
}

// Keys makes and checks tokens and blind indexes (innopay/internal/keyring).
type Keys interface {
	receipt.Keys
	BlindIndex(kind, normalised string) string
}

// Options wire a Desk.
type Options struct {
	Store     Store
	Payments  *payment.Service
	Messages  *message.Service
	Directory merchant.Directory
	Links     receipt.Links
	Keys      Keys
	// Simulated marks every receipt as not a real sale.
	Simulated bool
	Kakao     KakaoShare // not offered when nothing is set
	Clock     clock.Clock
	IDs       *id.Source
	Log       *slog.Logger
}

// Desk gives receipts out. Safe for concurrent use.
type Desk struct{ Options }

// New wires a Desk and has it make the words of its messages.
func New(o Options) *Desk {
	d := &Desk{o}
	for _, p := range []message.Purpose{message.Receipt, message.ReceiptEnglish} {
		o.Messages.Compose(p, d.compose)
	}
	return d
}

// Channel is the way by which a receipt is sent.
type Channel string

// The channels.
const (
	BySMS   Channel = "SMS"
	ByEmail Channel = "EMAIL"
	ByKakao Channel = "KAKAO" // AlimTalk
)

// Faults of sending.
var (
	ErrNotOffered = fault.New(fault.Conflict, "NOT_OFFERED", "이 설치에서는 쓸 수 없는 방법이에요. 다른 방법으로 보내 주세요.")
	ErrNoReceipt  = fault.New(fault.Conflict, "NO_RECEIPT", "승인된 거래에만 영수증이 있어요.")
	ErrNotIssued  = fault.New(fault.Conflict, "NOT_ISSUED", "현금영수증이 발급된 뒤에 보낼 수 있어요.")
)

// Sent is one sending as its log shows it.
type Sent struct {
	message.Job
	Channel Channel
	Masked  string // the recipient
}

// Order asks for a receipt to be sent.
type Order struct {
	Tenant   merchant.Tenant
	Actor    string
	Document string // id of an approved payment, or of an issued cash receipt
	Channel  Channel
	To       string // number (digits) or address; empty: the buyer's
	English  bool
}

// Send has a receipt sent. It returns payment.ErrNotFound, taxreceipt.ErrNotFound,
// ErrNoReceipt, ErrNotIssued, ErrNotOffered, message.ErrNoSender, message.ErrTooMany, or
// Invalid when the recipient is none.
func (d *Desk) Send(ctx context.Context, o Order) (Sent, error) {
	p, err := d.Paper(ctx, o.Tenant, o.Document)
	if err == nil {
		err = p.Given()
	}
	if err != nil {
		return Sent{}, err
	}
	j := message.Job{
		MerchantID: o.Tenant.ID(), Purpose: message.Receipt, Mail: o.Channel == ByEmail, PaymentID: p.payment.ID, ReceiptID: p.official.ID, Generation: p.Generation,
		Kind: map[Channel]messenger.Kind{BySMS: messenger.SMS, ByKakao: messenger.AlimTalk, ByEmail: messenger.Email}[o.Channel],
	}
	if o.English {
		j.Purpose = message.ReceiptEnglish
	}
	if !d.Messages.Offers(j.Kind, j.Purpose) {
		return Sent{}, ErrNotOffered
	}
	if j.To, err = recipient(o, p.Buyer); err != nil {
		return Sent{}, err
	}
	allow := d.Messages.Allow
	if j.Mail {
		allow = d.Messages.AllowMail
	}
	err = d.Store.DeskTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := allow(ctx, tx, o.Tenant, j.To); err != nil {
			return err
		}
		if j, err = d.Messages.Enqueue(ctx, tx, j); err != nil {
			return err
		}
		return tx.Record(ctx, d.record(o.Tenant, o.Actor, "receipt.sent", p.ID, j.ID))
	})
	if err != nil {
		return Sent{}, unavailable(err)
	}
	d.Messages.Woken()
	return sentOf(j), nil
}

// Offers reports whether a receipt can be sent that way at all.
func (d *Desk) Offers(c Channel) bool {
	kind := map[Channel]messenger.Kind{BySMS: messenger.SMS, ByKakao: messenger.AlimTalk, ByEmail: messenger.Email}[c]
	return d.Messages.Offers(kind, message.Receipt)
}

// recipient is the number or address to send to, checked.
func recipient(o Order, b payment.Buyer) (string, error) {
	to, of := o.To, b.Phone
	if o.Channel == ByEmail {
		of = b.Email
	}
	if to == "" {
		to = of
	}
	switch {
	case to == "" && o.Channel == ByEmail:
		return "", fault.InvalidField("/to", "REQUIRED", "받을 이메일 주소를 입력해 주세요.")
	case to == "":
		return "", fault.InvalidField("/to", "REQUIRED", "받을 휴대폰 번호를 입력해 주세요.")
	case o.Channel == ByEmail && !merchant.ValidEmail(to):
		return "", fault.InvalidField("/to", "INVALID_EMAIL", "이메일 주소를 다시 확인해 주세요.")
	case o.Channel != ByEmail && !messenger.ValidMobile(to):
		return "", fault.InvalidField("/to", "INVALID_MOBILE", "문자를 받을 휴대폰 번호를 입력해 주세요.")
	}
	return to, nil
}

// mostSent bounds the log of one receipt.
const mostSent = 100

// Sendings are those of a payment's receipt or of a cash receipt, newest first.
func (d *Desk) Sendings(ctx context.Context, t merchant.Tenant, document string) ([]Sent, error) {
	if _, err := d.Paper(ctx, t, document); err != nil {
		return nil, err
	}
	jobs, err := d.Store.Messages(ctx, t, message.ReceiptThread(document), mostSent)
	if err != nil {
		return nil, unavailable(err)
	}
	out := make([]Sent, 0, len(jobs))
	for i := range jobs {
		out = append(out, sentOf(jobs[len(jobs)-1-i]))
	}
	return out, nil
}

// sentOf names the channel by what the message goes out as: an AlimTalk that fell back
// is a text.
func sentOf(j message.Job) Sent {
	s := Sent{Job: j, Channel: BySMS, Masked: message.MaskedPhone(j.To)}
	switch {
	case j.Mail:
		s.Channel, s.Masked = ByEmail, message.MaskedEmail(j.To)
	case j.Kind == messenger.AlimTalk:
		s.Channel = ByKakao
	}
	return s
}

// Revoke ends every link to the receipt of a payment that was given out; the payment's
// receiptUrl is a new one from then on. Receipts that wait to be sent with the old link
// are dropped.
func (d *Desk) Revoke(ctx context.Context, t merchant.Tenant, paymentID, actor string) (payment.Payment, error) {
	var out payment.Payment
	err := d.Store.DeskTx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, t, paymentID)
		if err != nil {
			return err
		}
		if !p.Status.Approved() {
			return ErrNoReceipt
		}
		p.LinkGeneration++
		p.Version++
		out = p
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		return tx.Record(ctx, d.record(t, actor, "receipt.revoked", p.ID, ""))
	})
	switch {
	case errors.Is(err, payment.ErrAbsent):
		return out, payment.ErrNotFound
	case errors.Is(err, payment.ErrChanged):
		return out, payment.ErrUnavailable.Because(err)
	}
	return out, unavailable(err)
}

// RevokeCashReceipt is Revoke for a cash receipt by itself.
func (d *Desk) RevokeCashReceipt(ctx context.Context, t merchant.Tenant, receiptID, actor string) (taxreceipt.Receipt, error) {
	err := d.Store.DeskTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.RevokeReceipt(ctx, t, receiptID); err != nil {
			return err
		}
		return tx.Record(ctx, d.record(t, actor, "receipt.revoked", receiptID, ""))
	})
	if errors.Is(err, taxreceipt.ErrAbsent) {
		return taxreceipt.Receipt{}, taxreceipt.ErrNotFound
	}
	if err != nil {
		return taxreceipt.Receipt{}, unavailable(err)
	}
	p, err := d.Paper(ctx, t, receiptID)
	return p.official, err
}

// compose makes what a message says when it leaves.
func (d *Desk) compose(ctx context.Context, j message.Job) (message.Content, error) {
	t := merchant.TenantOf(j.MerchantID)
	p, err := d.Paper(ctx, t, cmp.Or(j.ReceiptID, j.PaymentID))
	if err != nil {
		return message.Content{}, err
	}
	if p.Generation != j.Generation || p.Given() != nil {
		return message.Content{}, message.ErrStale
	}
	m, err := d.Directory.Merchant(ctx, t)
	if err != nil {
		return message.Content{}, err
	}
	r, err := d.Read(ctx, p, m)
	if err != nil {
		return message.Content{}, err
	}
	s := r.In(receipt.Language{English: j.Purpose == message.ReceiptEnglish})
	url := d.Links.Address(p.Document)
	if s.English {
		url += "?lang=en"
	}
	if j.Mail {
		letter, err := mail.Of(s, url)
		return message.Content{Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML}, err
	}
	return textOf(s, r, url), nil
}

// textOf is the receipt as a text: what and how much, and where the rest is.
func textOf(s receipt.Slip, r receipt.Receipt, url string) message.Content {
	head := "[" + s.Shop + "] " + s.Say("receipt")
	lines := []string{head, r.OrderName, s.Amount}
	if r.Canceled != 0 {
		lines = append(lines, s.Say("canceledSum")+" -"+s.Won(r.Canceled))
	}
	approval := r.Card.ApprovalNumber
	switch {
	case approval != "":
		lines = append(lines, s.Say("approvalNo")+" "+approval)
	case r.Official != nil && r.Official.State == receipt.Stands:
		approval = r.Official.Number
		lines = append(lines, s.Say("official")+" "+approval)
	}
	return message.Content{
		Subject: head, Text: strings.Join(append(lines, url), "\n"),
		Variables: map[string]string{"shop": s.Shop, "product": r.OrderName, "amount": s.Amount, "approval": approval, "link": url},
	}
}

func (d *Desk) now() time.Time { return d.Clock.Now().Truncate(time.Microsecond) }

func (d *Desk) record(t merchant.Tenant, actor, action, subject, detail string) audit.Record {
	now := d.now()
	return audit.Record{MerchantID: t.ID(), ID: d.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject, Detail: detail}
}

// unavailable turns what is no fault into "not now".
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return payment.ErrUnavailable.Because(err)
}
