package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// Service keeps tickets. Safe for concurrent use.
type Service struct {
	Store     Store
	Operators merchant.Directory
	Clock     clock.Clock
	IDs       *id.Source
}

// Ask is a new ticket.
type Ask struct {
	Kind      Kind
	Subject   string
	PaymentID string // of OfPayment
	Body
}

// Thread is a ticket with everything written about it.
type Thread struct {
	Ticket
	Written []Message
}

// Open makes a ticket of the caller's merchant. It returns Invalid, ErrOwner or ErrMany.
func (s *Service) Open(ctx context.Context, p merchant.Principal, a Ask) (Thread, error) {
	if a.Kind == MerchantChange && p.Role != merchant.Owner {
		return Thread{}, ErrOwner
	}
	if err := s.check(ctx, p.Tenant, a); err != nil {
		return Thread{}, err
	}
	now := s.now()
	k := Ticket{
		MerchantID: p.Tenant.ID(), ID: s.IDs.At(id.Ticket, now), UserID: p.UserID, Kind: a.Kind, Status: Open, Subject: a.Subject,
		PaymentID: a.PaymentID, Messages: 1, CreatedAt: now, ChangedAt: now, Version: 1,
	}
	m := Message{MerchantID: k.MerchantID, TicketID: k.ID, Number: 1, Author: p.UserID, Body: a.Body, CreatedAt: now}
	err := s.Store.TicketTx(ctx, func(ctx context.Context, tx Tx) error {
		open, err := tx.CountOpen(ctx, p.Tenant)
		if err != nil {
			return err
		}
		if open >= MostOpen {
			return ErrMany
		}
		if err := tx.InsertTicket(ctx, k); err != nil {
			return err
		}
		if err := tx.InsertTicketMessage(ctx, m); err != nil {
			return err
		}
		return s.told(ctx, tx, k, p.UserID, "ticket.opened", false, now)
	})
	return Thread{k, []Message{m}}, known(err)
}

// List is what the caller may see, newest first, at most Page, and how many of all were
// answered since somebody looked: owners see all of their merchant's, staff their own.
func (s *Service) List(ctx context.Context, p merchant.Principal, before string) (ks []Ticket, unread int, err error) {
	if ks, err = s.Store.TicketsOf(ctx, p.Tenant, whose(p), before, Page); err != nil {
		return nil, 0, known(err)
	}
	unread, err = s.Store.CountUnreadTickets(ctx, p.Tenant, whose(p))
	return ks, unread, known(err)
}

// Get is one that the caller may see, or ErrNotFound.
func (s *Service) Get(ctx context.Context, p merchant.Principal, ticketID string) (Thread, error) {
	k, err := s.Store.Ticket(ctx, p.Tenant, ticketID)
	if err == nil && !mine(p, k) {
		err = ErrNotFound
	}
	if err != nil {
		return Thread{}, known(err)
	}
	return s.thread(ctx, p.Tenant, k)
}

// Look notes that the caller saw what was answered.
func (s *Service) Look(ctx context.Context, p merchant.Principal, ticketID string) error {
	return known(s.Store.TicketTx(ctx, func(ctx context.Context, tx Tx) error {
		k, err := tx.Ticket(ctx, p.Tenant, ticketID)
		if err != nil {
			return err
		}
		if !mine(p, k) {
			return ErrNotFound
		}
		if !k.Unread {
			return nil
		}
		k.Unread = false
		k.Version++
		if err := tx.UpdateTicket(ctx, k); err != nil {
			return err
		}
		return s.told(ctx, tx, k, p.UserID, "ticket.seen", false, s.now())
	}))
}

// Reply writes to one of the caller's. It returns Invalid, ErrNotFound, ErrClosed or
// ErrLong.
func (s *Service) Reply(ctx context.Context, p merchant.Principal, ticketID, text string) (Thread, error) {
	return s.write(ctx, p.Tenant, ticketID, text, writer{
		userID: p.UserID, may: func(k Ticket) bool { return mine(p, k) }, action: "ticket.replied", status: Open,
	})
}

// Queue is every merchant's for the operator, newest first; before is the id of the last
// one seen.
func (s *Service) Queue(ctx context.Context, status Status, before string) ([]Ticket, error) {
	ks, err := s.Store.Tickets(ctx, status, before, Page)
	return ks, known(err)
}

// Show is one of a merchant for the operator, or ErrNotFound.
func (s *Service) Show(ctx context.Context, t merchant.Tenant, ticketID string) (Thread, error) {
	k, err := s.Store.Ticket(ctx, t, ticketID)
	if err != nil {
		return Thread{}, known(err)
	}
	return s.thread(ctx, t, k)
}

// Answer writes to a merchant's as the operator, and the merchant is told.
func (s *Service) Answer(ctx context.Context, actor string, t merchant.Tenant, ticketID, text string) (Thread, error) {
	return s.write(ctx, t, ticketID, text, writer{userID: actor, operator: true, action: "ticket.answered", status: Answered})
}

// Close ends a ticket as the operator, and the merchant is told. It returns ErrNotFound
// or ErrClosed.
func (s *Service) Close(ctx context.Context, actor string, t merchant.Tenant, ticketID string) (Thread, error) {
	var k Ticket
	err := s.Store.TicketTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if k, err = tx.Ticket(ctx, t, ticketID); err != nil {
			return err
		}
		if k.Status == Closed {
			return ErrClosed
		}
		now := s.now()
		k.Status, k.Unread, k.ChangedAt = Closed, true, now
		k.Version++
		if err := tx.UpdateTicket(ctx, k); err != nil {
			return err
		}
		return s.told(ctx, tx, k, actor, "ticket.closed", true, now)
	})
	if err != nil {
		return Thread{}, known(err)
	}
	return s.thread(ctx, t, k)
}

// Assign has an operator look after a ticket, or nobody where operatorID is empty. The
// merchant is not told. It returns Invalid for whom is no operator that may log in,
// ErrNotFound or ErrClosed.
func (s *Service) Assign(ctx context.Context, actor string, t merchant.Tenant, ticketID, operatorID string) (Thread, error) {
	if operatorID != "" {
		users, err := s.Operators.Users(ctx, merchant.TenantOf(""))
		if err != nil {
			return Thread{}, err
		}
		if !slices.ContainsFunc(users, func(u merchant.User) bool { return u.ID == operatorID && u.Status == merchant.UserActive }) {
			return Thread{}, fault.InvalidField("/operatorId", "UNKNOWN_VALUE", "담당할 운영자를 다시 골라 주세요.")
		}
	}
	var k Ticket
	err := s.Store.TicketTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if k, err = tx.Ticket(ctx, t, ticketID); err != nil {
			return err
		}
		if k.Status == Closed {
			return ErrClosed
		}
		k.Assignee = operatorID
		k.Version++
		if err := tx.UpdateTicket(ctx, k); err != nil {
			return err
		}
		now := s.now()
		return tx.Record(ctx, audit.Record{
			MerchantID: k.MerchantID, ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: "ticket.assigned", Subject: k.ID,
		})
	})
	if err != nil {
		return Thread{}, known(err)
	}
	return s.thread(ctx, t, k)
}

// writer is who adds a message, and what becomes of the ticket.
type writer struct {
	userID   string
	operator bool
	may      func(Ticket) bool // nil: any
	action   string
	status   Status
}

func (s *Service) write(ctx context.Context, t merchant.Tenant, ticketID, text string, w writer) (Thread, error) {
	if err := checkText(text); err != nil {
		return Thread{}, err
	}
	var k Ticket
	err := s.Store.TicketTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if k, err = tx.Ticket(ctx, t, ticketID); err != nil {
			return err
		}
		switch {
		case w.may != nil && !w.may(k):
			return ErrNotFound
		case k.Status == Closed:
			return ErrClosed
		case k.Messages >= MostWritten:
			return ErrLong
		}
		now := s.now()
		k.Status, k.Unread, k.ChangedAt = w.status, w.operator, now
		k.Messages++
		k.Version++
		if err := tx.UpdateTicket(ctx, k); err != nil {
			return err
		}
		m := Message{MerchantID: k.MerchantID, TicketID: k.ID, Number: k.Messages, Operator: w.operator, Author: w.userID, Body: Body{Text: text}, CreatedAt: now}
		if err := tx.InsertTicketMessage(ctx, m); err != nil {
			return err
		}
		return s.told(ctx, tx, k, w.userID, w.action, w.operator, now)
	})
	if err != nil {
		return Thread{}, known(err)
	}
	return s.thread(ctx, t, k)
}

func (s *Service) thread(ctx context.Context, t merchant.Tenant, k Ticket) (Thread, error) {
	ms, err := s.Store.TicketMessages(ctx, t, k.ID)
	return Thread{k, ms}, known(err)
}

// Told is the payload of outbox.TicketChanged.
type Told struct {
	TicketID string `json:"ticketId"`
	UserID   string `json:"userId"` // who asked
	Answered bool   `json:"answered"`
}

// told writes the audit record and the event.
func (s *Service) told(ctx context.Context, tx Tx, k Ticket, actor, action string, answered bool, at time.Time) error {
	payload, err := json.Marshal(Told{k.ID, k.UserID, answered})
	if err != nil {
		return fmt.Errorf("ticket: an event: %w", err)
	}
	err = tx.Emit(ctx, outbox.Event{
		MerchantID: k.MerchantID, ID: s.IDs.At(id.Event, at), Type: outbox.TicketChanged, Subject: k.ID, Version: k.Version, Payload: string(payload), CreatedAt: at,
	})
	if err != nil {
		return err
	}
	return tx.Record(ctx, audit.Record{MerchantID: k.MerchantID, ID: s.IDs.At(id.Audit, at), At: at, Actor: actor, Action: action, Subject: k.ID})
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// whose is the user to whom a caller's view is limited; empty: to none.
func whose(p merchant.Principal) string {
	if p.Role == merchant.Owner {
		return ""
	}
	return p.UserID
}

func mine(p merchant.Principal, k Ticket) bool {
	return p.Role == merchant.Owner || k.UserID == p.UserID
}

// check names every wrong field of a new ticket.
func (s *Service) check(ctx context.Context, t merchant.Tenant, a Ask) error {
	var c fault.Checks
	c.That(merchant.Printable(a.Subject, 1, MaxSubject), "/subject", "INVALID_TEXT", "제목은 1~100자로 입력해 주세요.")
	c.That(!HoldsCard(a.Subject), "/subject", "CARD_NUMBER", cardWords)
	texts(&c, a.Text)
	switch a.Kind {
	case Question, MerchantChange, OfPayment:
	default:
		c.That(false, "/kind", "UNKNOWN_VALUE", "문의 종류를 다시 골라 주세요.")
	}
	// Who changed the kind alone reads there what does not go with it.
	c.That((a.Kind == MerchantChange) == (len(a.Wishes) > 0), "/kind", "UNKNOWN_VALUE", "바꿀 항목은 정보 변경 요청에만, 그리고 꼭 적어 주세요.")
	c.That((a.Kind == MerchantChange) == (len(a.Wishes) > 0) && len(a.Wishes) <= len(Fields), "/wishes", "REQUIRED", "무엇을 어떻게 바꿀지 적어 주세요.")
	seen := map[Field]bool{}
	for i, w := range a.Wishes {
		at := fmt.Sprintf("/wishes/%d", i)
		c.That(slices.Contains(Fields, w.Field) && !seen[w.Field], at+"/field", "UNKNOWN_VALUE", "바꿀 항목을 다시 골라 주세요.")
		c.That(merchant.Printable(w.Value, 1, MaxWish), at+"/value", "INVALID_TEXT", "바꿀 내용은 1~200자로 입력해 주세요.")
		// An account's number may look like a card's by chance: only one of a range that
		// is a card's is refused there.
		c.That(!holdsCard(w.Value, w.Field == Settlement), at+"/value", "CARD_NUMBER", cardWords)
		seen[w.Field] = true
	}
	if a.Kind == OfPayment {
		_, err := s.Store.Payment(ctx, t, a.PaymentID)
		if err != nil && !errors.Is(err, payment.ErrAbsent) {
			return err
		}
		c.That(err == nil, "/paymentId", "UNKNOWN_VALUE", "거래를 찾을 수 없어요. 거래내역에서 다시 골라 주세요.")
	} else {
		c.That(a.PaymentID == "", "/paymentId", "UNEXPECTED", "결제 문의에만 거래를 붙일 수 있어요.")
	}
	return c.Err()
}

func checkText(text string) error {
	var c fault.Checks
	texts(&c, text)
	return c.Err()
}

func texts(c *fault.Checks, text string) {
	c.That(merchant.Paragraphs(text, 1, MaxText), "/text", "INVALID_TEXT", "내용은 1~2,000자로 입력해 주세요.")
	c.That(!HoldsCard(text), "/text", "CARD_NUMBER", cardWords)
}

// known turns a Store's errors into this package's.
func known(err error) error {
	switch {
	case errors.Is(err, ErrAbsent):
		return ErrNotFound
	case errors.Is(err, ErrStale):
		return ErrChanged
	}
	return err
}
