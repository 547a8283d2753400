package message

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/messenger"
)

// Content is what a message says, made when it is delivered.
type Content struct {
	Subject   string // LMS and mail
	Text      string
	HTML      string            // mail
	Variables map[string]string // of the AlimTalk template of the purpose
}

// ErrStale is a Composer's word that the message is no longer true.
var ErrStale = errors.New("message: no longer true")

// ErrNotNow is a Composer's word that it cannot be said whether the message is true
// before something else has ended; it is asked again soon.
var ErrNotNow = errors.New("message: not to be told yet")

// Composer makes the content of a message from what it tells of, as it is now. It
// returns ErrStale when it must not be sent any more.
type Composer func(ctx context.Context, j Job) (Content, error)

// Template is an AlimTalk that was approved for a purpose.
type Template struct {
	ID   string
	Text string // as approved, with #{name}
}

// Keys makes and checks the token of a report's address (innopay/internal/keyring).
type Keys interface {
	Token(kind, id string, generation int) string
	TokenValid(token, kind, id string, generation int) bool
	BlindIndex(kind, normalised string) string
}

// Limits bound what is asked for by hand, so that nobody has the installation flood
// numbers (reliability 4.2, row 14). What follows from a payment is not counted.
type Limits struct {
	PerNumber   []Window
	PerMerchant []Window
}

// DefaultLimits hold where the configuration says nothing.
var DefaultLimits = Limits{
	PerNumber:   []Window{{10, 10 * time.Minute}, {50, 24 * time.Hour}},
	PerMerchant: []Window{{300, 10 * time.Minute}, {5000, 24 * time.Hour}},
}

// Options wire a Service.
type Options struct {
	Store    Store
	Gateways []messenger.Sender // in the order in which they are tried
	Sender   string             // the installation's own number; empty: none
	Profile  string             // sender profile of AlimTalk; empty: no AlimTalk
	// Templates are the approved AlimTalks by purpose.
	Templates map[Purpose]Template
	Limits    Limits
	Keys      Keys
	Clock     clock.Clock
	IDs       *id.Source
	Log       *slog.Logger
	Owner     string // this instance, in leases
	Base      string // the installation's address, where gateways report to
	// Wake is told that a message is due; it may be nil and must not block.
	Wake func()
}

// Service sends what people are told. Safe for concurrent use; it starts no goroutine
// that outlives a call.
type Service struct {
	Options
	composers map[Purpose]Composer
}

// New wires a Service. Composers are added before the first Round.
func New(o Options) *Service { return &Service{Options: o, composers: map[Purpose]Composer{}} }

// Compose has the contents of a purpose made by c.
func (s *Service) Compose(p Purpose, c Composer) { s.composers[p] = c }

// Thread is what keeps messages in order: those that tell one person of one payment.
func (j Job) Thread() string {
	switch j.Purpose {
	case SellerPaid:
		return j.PaymentID + "/seller"
	case Receipt, ReceiptEnglish:
		return ReceiptThread(cmp.Or(j.ReceiptID, j.PaymentID))
	case PhoneCode, StaffApproved, StaffRefused, Activation, ActivationCode:
		return j.RequestID
	case Security, MailCode, PasswordReset, WebhookOff:
		return j.ID // each for itself: a code must not wait for a notice to a dead address
	case Request, Paid, Declined, Canceled, Reversed:
	}
	return j.PaymentID
}

// ReceiptThread is the thread of the receipts of a payment, or of a cash receipt, that
// were asked for. They do not wait for each other: one to a wrong address must not hold
// up the next.
func ReceiptThread(documentID string) string { return documentID + "/receipt" }

// Offers reports whether a gateway takes messages of the kind; for AlimTalk also
// whether one was approved for the purpose.
func (s *Service) Offers(k messenger.Kind, p Purpose) bool {
	if _, ok := s.Templates[p]; k == messenger.AlimTalk && (!ok || s.Profile == "") {
		return false
	}
	return s.gateway(k, 0) != nil
}

// ErrTooMany: a limit is used up; RetryAfter says how long.
var ErrTooMany = fault.New(fault.TooMany, "TOO_MANY_MESSAGES", "짧은 시간에 문자를 너무 많이 보냈어요. 잠시 뒤에 다시 보내 주세요.")

// Enqueue adds a message in the caller's transaction. A job with an ID is added once,
// however often it is enqueued. The recipient is a number or address of valid form.
func (s *Service) Enqueue(ctx context.Context, tx Tx, j Job) (Job, error) {
	now := s.now()
	if j.ID == "" {
		j.ID = s.IDs.At(id.Message, now)
	}
	j.Status, j.DueAt, j.CreatedAt, j.Version = Queued, now, now, 1
	_, err := tx.InsertMessage(ctx, j)
	return j, err
}

// Allow counts a message that a person asked for against the limits, in the caller's
// transaction. It returns ErrTooMany when one is used up, and ErrNoSender when the
// merchant has no number to send from.
func (s *Service) Allow(ctx context.Context, tx Tx, t merchant.Tenant, number string) error {
	if sender, err := s.sender(ctx, t); err != nil || sender == "" {
		if err == nil {
			err = ErrNoSender
		}
		return err
	}
	return s.count(ctx, tx, t, number)
}

// AllowMail is Allow for an address, which needs no number to send from.
func (s *Service) AllowMail(ctx context.Context, tx Tx, t merchant.Tenant, address string) error {
	return s.count(ctx, tx, t, address)
}

func (s *Service) count(ctx context.Context, tx Tx, t merchant.Tenant, recipient string) error {
	now := s.now()
	use := func(subject string, ws []Window) error {
		for _, w := range ws {
			if w.Most == 0 {
				continue
			}
			ok, err := tx.UseQuota(ctx, subject+"/"+w.Per.String(), w, now)
			if err != nil {
				return err
			}
			if !ok {
				return ErrTooMany.WithRetryAfter(now.Truncate(w.Per).Add(w.Per).Sub(now))
			}
		}
		return nil
	}
	if err := use("number/"+s.Keys.BlindIndex("message.quota", recipient), s.Limits.PerNumber); err != nil {
		return err
	}
	return use("merchant/"+t.ID(), s.Limits.PerMerchant)
}

// Woken tells the worker that something was enqueued; after the commit.
func (s *Service) Woken() {
	if s.Wake != nil {
		s.Wake()
	}
}

// event tells devices how far a message has come.
func (s *Service) event(j Job) outbox.Event {
	now := s.now()
	return outbox.Event{
		MerchantID: j.MerchantID, ID: s.IDs.At(id.Event, now), Type: outbox.RequestChanged, Subject: j.ID, Version: j.Version,
		Payload:   fmt.Sprintf(`{"requestId":%q,"paymentId":%q,"message":%q}`, j.RequestID, j.PaymentID, j.Status),
		CreatedAt: now,
	}
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// unavailable turns what is no fault into "not now".
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.").WithRetryAfter(2 * time.Second).Because(err)
}

// fill puts the variables into an approved text, in one pass: a value is no template.
// It reports false when one is missing, or the text gets too long: such a text was not
// approved.
func (t Template) fill(vars map[string]string) (string, bool) {
	var named, blank []string
	for name, value := range vars {
		named, blank = append(named, "#{"+name+"}", value), append(blank, "#{"+name+"}", "")
	}
	text := strings.NewReplacer(named...).Replace(t.Text)
	whole := !strings.Contains(strings.NewReplacer(blank...).Replace(t.Text), "#{")
	return text, whole && utf8.RuneCountInString(text) <= messenger.MaxAlimTalk
}
