package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
	"innopay/internal/ticket"
)

// ticketTx implements ticket.Tx.
type ticketTx struct {
	recorder
	q     *sqlgen.Queries
	event bool
}

var _ ticket.Store = (*DB)(nil)

// TicketTx implements ticket.Store.
func (db *DB) TicketTx(ctx context.Context, fn func(ctx context.Context, tx ticket.Tx) error) error {
	var t *ticketTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &ticketTx{recorder: recorder{db: db, into: q}, q: q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return unavailable(err)
}

// Emit implements outbox.Writer.
func (t *ticketTx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.q.InsertEvent(ctx, t.db.eventRow(e))
}

// What the ciphertexts of a ticket are bound to.
func subjectPlace(merchantID, id string) string { return "ticket.subject/" + merchantID + "/" + id }

func writtenPlace(merchantID, id string, number int64) string {
	return "ticket.message/" + merchantID + "/" + id + "/" + strconv.FormatInt(number, 10)
}

// noTicket is ticket.ErrAbsent when there is no row.
func noTicket(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.ErrAbsent
	}
	return err
}

// Ticket implements ticket.Tx.
func (t *ticketTx) Ticket(ctx context.Context, m merchant.Tenant, id string) (ticket.Ticket, error) {
	r, err := t.q.Ticket(ctx, sqlgen.TicketParams{MerchantID: m.ID(), ID: id})
	if err != nil {
		return ticket.Ticket{}, noTicket(err)
	}
	return t.db.ticketOf(r)
}

// CountOpen implements ticket.Tx.
func (t *ticketTx) CountOpen(ctx context.Context, m merchant.Tenant) (int, error) {
	n, err := t.q.CountOpenTickets(ctx, m.ID())
	return int(n), err
}

// InsertTicket implements ticket.Tx.
func (t *ticketTx) InsertTicket(ctx context.Context, k ticket.Ticket) error {
	subject, err := t.db.sealer.Seal([]byte(k.Subject), subjectPlace(k.MerchantID, k.ID))
	if err != nil {
		return fmt.Errorf("store: sealing a ticket: %w", err)
	}
	return t.q.InsertTicket(ctx, sqlgen.InsertTicketParams{
		MerchantID: k.MerchantID, ID: k.ID, UserID: k.UserID, Kind: string(k.Kind), Status: string(k.Status), Subject: subject, PaymentID: k.PaymentID,
		Messages: int64(k.Messages), Unread: k.Unread, CreatedAt: clock.Micros(k.CreatedAt), ChangedAt: clock.Micros(k.ChangedAt), Version: k.Version,
		Assignee: k.Assignee,
	})
}

// UpdateTicket implements ticket.Tx.
func (t *ticketTx) UpdateTicket(ctx context.Context, k ticket.Ticket) error {
	n, err := t.q.UpdateTicket(ctx, sqlgen.UpdateTicketParams{
		MerchantID: k.MerchantID, ID: k.ID, Status: string(k.Status), Messages: int64(k.Messages), Unread: k.Unread,
		ChangedAt: clock.Micros(k.ChangedAt), Version: k.Version, Assignee: k.Assignee,
	})
	return orElse(n, err, ticket.ErrStale)
}

// InsertTicketMessage implements ticket.Tx.
func (t *ticketTx) InsertTicketMessage(ctx context.Context, m ticket.Message) error {
	raw, err := json.Marshal(m.Body)
	if err != nil {
		return fmt.Errorf("store: a message of a ticket: %w", err)
	}
	sealed, err := t.db.sealer.Seal(raw, writtenPlace(m.MerchantID, m.TicketID, int64(m.Number)))
	if err != nil {
		return fmt.Errorf("store: sealing a message of a ticket: %w", err)
	}
	return t.q.InsertTicketMessage(ctx, sqlgen.InsertTicketMessageParams{
		MerchantID: m.MerchantID, TicketID: m.TicketID, Number: int64(m.Number), Operator: m.Operator, Author: m.Author, Body: sealed,
		CreatedAt: clock.Micros(m.CreatedAt),
	})
}

// Ticket implements ticket.Store.
func (db *DB) Ticket(ctx context.Context, m merchant.Tenant, id string) (ticket.Ticket, error) {
	r, err := db.q.Ticket(ctx, sqlgen.TicketParams{MerchantID: m.ID(), ID: id})
	if err != nil {
		return ticket.Ticket{}, noTicket(err)
	}
	return db.ticketOf(r)
}

// TicketMessages implements ticket.Store.
func (db *DB) TicketMessages(ctx context.Context, m merchant.Tenant, id string) ([]ticket.Message, error) {
	rows, err := db.q.TicketMessages(ctx, sqlgen.TicketMessagesParams{MerchantID: m.ID(), TicketID: id})
	out := make([]ticket.Message, len(rows))
	for i, r := range rows {
		raw, err := db.sealer.Unseal(r.Body, writtenPlace(r.MerchantID, r.TicketID, r.Number))
		if err != nil {
			return nil, fmt.Errorf("store: a message of ticket %s does not open: %w", id, err)
		}
		out[i] = ticket.Message{
			MerchantID: r.MerchantID, TicketID: r.TicketID, Number: int(r.Number), Operator: r.Operator, Author: r.Author, CreatedAt: clock.FromMicros(r.CreatedAt),
		}
		if err := json.Unmarshal(raw, &out[i].Body); err != nil {
			return nil, fmt.Errorf("store: a message of ticket %s does not decode", id) // the error would quote it
		}
	}
	return out, err
}

// TicketsOf implements ticket.Store.
func (db *DB) TicketsOf(ctx context.Context, m merchant.Tenant, userID, before string, limit int) ([]ticket.Ticket, error) {
	rows, err := db.q.TicketsOf(ctx, sqlgen.TicketsOfParams{MerchantID: m.ID(), UserID: userID, Before: before, Most: most(limit)})
	if err != nil {
		return nil, err
	}
	return db.ticketsOf(rows)
}

// CountUnreadTickets implements ticket.Store.
func (db *DB) CountUnreadTickets(ctx context.Context, m merchant.Tenant, userID string) (int, error) {
	n, err := db.q.CountUnreadTickets(ctx, sqlgen.CountUnreadTicketsParams{MerchantID: m.ID(), UserID: userID})
	return int(n), err
}

// Tickets implements ticket.Store.
func (db *DB) Tickets(ctx context.Context, status ticket.Status, before string, limit int) ([]ticket.Ticket, error) {
	rows, err := db.q.Tickets(ctx, sqlgen.TicketsParams{Status: string(status), Before: before, Most: most(limit)})
	if err != nil {
		return nil, err
	}
	return db.ticketsOf(rows)
}

func (db *DB) ticketsOf(rows []sqlgen.Ticket) ([]ticket.Ticket, error) {
	out := make([]ticket.Ticket, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = db.ticketOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (db *DB) ticketOf(r sqlgen.Ticket) (ticket.Ticket, error) {
	subject, err := db.sealer.Unseal(r.Subject, subjectPlace(r.MerchantID, r.ID))
	if err != nil {
		return ticket.Ticket{}, fmt.Errorf("store: ticket %s does not open: %w", r.ID, err)
	}
	return ticket.Ticket{
		MerchantID: r.MerchantID, ID: r.ID, UserID: r.UserID, Kind: ticket.Kind(r.Kind), Status: ticket.Status(r.Status), Subject: string(subject),
		PaymentID: r.PaymentID, Messages: int(r.Messages), Unread: r.Unread, CreatedAt: clock.FromMicros(r.CreatedAt),
		ChangedAt: clock.FromMicros(r.ChangedAt), Version: r.Version, Assignee: r.Assignee,
	}, nil
}
