package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/ticket"
)

// TicketWish is one thing about the merchant that shall be another.
type TicketWish struct {
	Field string `json:"field" enum:"NAME,OWNER_NAME,ADDRESS,PHONE,SETTLEMENT_ACCOUNT,FEES,LIMITS,CONTRACT,OTHER"`
	Value string `json:"value" minLength:"1" maxLength:"200" doc:"As it shall be"`
}

// TicketRequest is a new ticket.
type TicketRequest struct {
	Kind      string       `json:"kind" enum:"QUESTION,MERCHANT_CHANGE,PAYMENT" doc:"MERCHANT_CHANGE: owners only, with wishes; PAYMENT: with paymentId"`
	Subject   string       `json:"subject" minLength:"1" maxLength:"100"`
	Text      string       `json:"text" minLength:"1" maxLength:"2000" doc:"No card number: one is refused with CARD_NUMBER"`
	PaymentID string       `json:"paymentId,omitempty" maxLength:"64"`
	Wishes    []TicketWish `json:"wishes,omitempty" maxItems:"9"`
}

// TicketReply is one more message.
type TicketReply struct {
	Text string `json:"text" minLength:"1" maxLength:"2000" doc:"No card number: one is refused with CARD_NUMBER"`
}

// TicketMessage is one that was written.
type TicketMessage struct {
	_         struct{}     `additionalProperties:"true"`
	From      string       `json:"from" enum:"MERCHANT,OPERATOR"`
	Text      string       `json:"text"`
	Wishes    []TicketWish `json:"wishes,omitempty"`
	CreatedAt string       `json:"createdAt" format:"date-time"`
}

// Ticket is one matter.
type Ticket struct {
	_          struct{}        `additionalProperties:"true"`
	ID         string          `json:"id" example:"tkt_01ja2b3c4d5e6f7g8h9jakbmcn"`
	MerchantID string          `json:"merchantId,omitempty" doc:"For operators"`
	Merchant   string          `json:"merchantName,omitempty" doc:"For operators"`
	Assignee   *Person         `json:"assignee,omitempty" doc:"For operators: who of them looks after it; absent: nobody yet"`
	Kind       string          `json:"kind" enum:"QUESTION,MERCHANT_CHANGE,PAYMENT"`
	Status     string          `json:"status" enum:"OPEN,ANSWERED,CLOSED" doc:"OPEN: the customer centre is asked; ANSWERED: it answered"`
	Subject    string          `json:"subject"`
	PaymentID  string          `json:"paymentId,omitempty"`
	Unread     bool            `json:"unread" doc:"Answered or closed since somebody of the merchant looked"`
	CreatedAt  string          `json:"createdAt" format:"date-time"`
	ChangedAt  string          `json:"changedAt" format:"date-time"`
	Count      int             `json:"messageCount"`
	Messages   []TicketMessage `json:"messages,omitempty" doc:"Oldest first; absent in lists"`
}

// TicketList is a page of them.
type TicketList struct {
	_          struct{} `additionalProperties:"true"`
	Tickets    []Ticket `json:"tickets" nullable:"false" doc:"Newest first, at most 30"`
	Unread     int      `json:"unread,omitempty" doc:"Of all that the caller sees; absent for operators"`
	NextCursor string   `json:"nextCursor,omitempty"`
}

type ticketInput struct{ Body TicketRequest }

type ticketPath struct {
	ID string `path:"id" maxLength:"64"`
}

type ticketReplyInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body TicketReply
}

type ticketOfMerchant struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
}

type ticketAnswerInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
	Body       TicketReply
}

// TicketAssignment says who looks after a ticket.
type TicketAssignment struct {
	OperatorID string `json:"operatorId,omitempty" maxLength:"64" doc:"An operator who may log in; absent: nobody"`
}

type ticketAssignInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
	Body       TicketAssignment
}

type ticketQueueInput struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
	Status string `query:"status" enum:"OPEN,ANSWERED,CLOSED" doc:"Absent: all"`
}

type ticketOutput struct{ Body Ticket }

type ticketsOutput struct{ Body TicketList }

func (a *API) registerTickets() {
	own, desk := []string{"Tickets"}, []string{"Operator"}
	add(a, access{permission: merchant.TicketWrite}, huma.Operation{
		OperationID: "listTickets", Method: http.MethodGet, Path: "/v1/tickets", Tags: own, Summary: "What was asked of the customer centre",
		Description: "Owners see all of their merchant's, staff their own.",
	}, a.listTickets)
	add(a, access{permission: merchant.TicketWrite}, huma.Operation{
		OperationID: "openTicket", Method: http.MethodPost, Path: "/v1/tickets", DefaultStatus: http.StatusCreated, Tags: own, Summary: "Ask the customer centre",
		Description: "At most 20 that are not closed.",
	}, a.openTicket)
	add(a, access{permission: merchant.TicketWrite, exists: a.hasTicket}, huma.Operation{
		OperationID: "ticket", Method: http.MethodGet, Path: "/v1/tickets/{id}", Tags: own, Summary: "One with everything written",
	}, func(ctx context.Context, in *ticketPath) (*ticketOutput, error) {
		return ticketView(reached(a.Tickets.Get(ctx, principal(ctx), in.ID)))
	})
	add(a, access{permission: merchant.TicketWrite, exists: a.hasTicket}, huma.Operation{
		OperationID: "replyToTicket", Method: http.MethodPost, Path: "/v1/tickets/{id}/messages", DefaultStatus: http.StatusCreated, Tags: own, Summary: "Write on",
	}, func(ctx context.Context, in *ticketReplyInput) (*ticketOutput, error) {
		return ticketView(reached(a.Tickets.Reply(ctx, principal(ctx), in.ID, in.Body.text())))
	})
	add(a, access{permission: merchant.TicketWrite, exists: a.hasTicket}, huma.Operation{
		OperationID: "readTicket", Method: http.MethodPost, Path: "/v1/tickets/{id}/read", DefaultStatus: http.StatusNoContent, Tags: own,
		Summary: "Note that the answer was seen",
	}, func(ctx context.Context, in *ticketPath) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Tickets.Look(ctx, principal(ctx), in.ID))
		return nil, err
	})
	add(a, access{permission: merchant.TicketManage}, huma.Operation{
		OperationID: "listAllTickets", Method: http.MethodGet, Path: "/v1/operator/tickets", Tags: desk, Summary: "What merchants ask",
	}, a.listAllTickets)
	add(a, access{permission: merchant.TicketManage}, huma.Operation{
		OperationID: "ticketOfMerchant", Method: http.MethodGet, Path: "/v1/operator/tickets/{merchantId}/{id}", Tags: desk, Summary: "One with everything written",
	}, func(ctx context.Context, in *ticketOfMerchant) (*ticketOutput, error) {
		return a.deskTicket(ctx)(reached(a.Tickets.Show(ctx, merchant.TenantOf(in.MerchantID), in.ID)))
	})
	add(a, access{permission: merchant.TicketManage}, huma.Operation{
		OperationID: "answerTicket", Method: http.MethodPost, Path: "/v1/operator/tickets/{merchantId}/{id}/messages", DefaultStatus: http.StatusCreated, Tags: desk,
		Summary: "Answer", Description: "The merchant's devices are told.",
	}, func(ctx context.Context, in *ticketAnswerInput) (*ticketOutput, error) {
		return a.deskTicket(ctx)(reached(a.Tickets.Answer(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.text())))
	})
	add(a, access{permission: merchant.TicketManage}, huma.Operation{
		OperationID: "closeTicket", Method: http.MethodPost, Path: "/v1/operator/tickets/{merchantId}/{id}/close", Tags: desk, Summary: "End a ticket",
	}, func(ctx context.Context, in *ticketOfMerchant) (*ticketOutput, error) {
		return a.deskTicket(ctx)(reached(a.Tickets.Close(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID)))
	})
	add(a, access{permission: merchant.TicketManage}, huma.Operation{
		OperationID: "assignTicket", Method: http.MethodPost, Path: "/v1/operator/tickets/{merchantId}/{id}/assignee", DefaultStatus: http.StatusOK, Tags: desk,
		Summary: "Say which operator looks after a ticket", Description: "The merchant is not told.",
	}, func(ctx context.Context, in *ticketAssignInput) (*ticketOutput, error) {
		return a.deskTicket(ctx)(reached(a.Tickets.Assign(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID, in.Body.OperatorID)))
	})
}

// hasTicket reports whether the caller sees it.
func (a *API) hasTicket(ctx context.Context, _ merchant.Tenant, ticketID string) error {
	_, err := reached(a.Tickets.Get(ctx, principal(ctx), ticketID))
	return err
}

func (r TicketReply) text() string { return lines(r.Text) }

// lines is a text of several lines as it is kept.
func lines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func (a *API) openTicket(ctx context.Context, in *ticketInput) (*ticketOutput, error) {
	b := in.Body
	ask := ticket.Ask{Kind: ticket.Kind(b.Kind), Subject: strings.TrimSpace(b.Subject), PaymentID: b.PaymentID, Body: ticket.Body{Text: lines(b.Text)}}
	for _, w := range b.Wishes {
		ask.Wishes = append(ask.Wishes, ticket.Wish{Field: ticket.Field(w.Field), Value: strings.TrimSpace(w.Value)})
	}
	return ticketView(reached(a.Tickets.Open(ctx, principal(ctx), ask)))
}

func (a *API) listTickets(ctx context.Context, in *pageInput) (*ticketsOutput, error) {
	before, err := decodeCursor(id.Ticket, in.Cursor)
	if err != nil {
		return nil, err
	}
	var unread int
	ks, err := reached(func() (ks []ticket.Ticket, err error) {
		ks, unread, err = a.Tickets.List(ctx, principal(ctx), before)
		return ks, err
	}())
	out := ticketList(ks)
	out.Unread = unread
	return &ticketsOutput{out}, err
}

func (a *API) listAllTickets(ctx context.Context, in *ticketQueueInput) (*ticketsOutput, error) {
	before, err := decodeCursor(id.Ticket, in.Cursor)
	if err != nil {
		return nil, err
	}
	ks, err := reached(a.Tickets.Queue(ctx, ticket.Status(in.Status), before))
	if err != nil {
		return nil, err
	}
	out := ticketList(ks)
	for i, k := range ks {
		if err := a.deskNames(ctx, k, &out.Tickets[i]); err != nil {
			return nil, err
		}
	}
	return &ticketsOutput{out}, nil
}

// deskNames adds what operators see of a ticket besides.
func (a *API) deskNames(ctx context.Context, k ticket.Ticket, out *Ticket) error {
	out.MerchantID = k.MerchantID
	m, err := reached(a.Directory.Merchant(ctx, merchant.TenantOf(k.MerchantID)))
	if err != nil {
		return err
	}
	out.Merchant = m.Name
	if k.Assignee == "" {
		return nil
	}
	out.Assignee = &Person{ID: k.Assignee}
	operators, err := reached(a.Directory.Users(ctx, merchant.TenantOf("")))
	if i := slices.IndexFunc(operators, func(u merchant.User) bool { return u.ID == k.Assignee }); i >= 0 {
		out.Assignee.Name = operators[i].Name
	}
	return err
}

func ticketList(ks []ticket.Ticket) TicketList {
	out := TicketList{Tickets: make([]Ticket, 0, len(ks))}
	for _, k := range ks {
		out.Tickets = append(out.Tickets, ticketRow(k))
	}
	if len(ks) == ticket.Page {
		out.NextCursor = encodeCursor(ks[len(ks)-1].ID)
	}
	return out
}

func ticketRow(k ticket.Ticket) Ticket {
	return Ticket{
		ID: k.ID, Kind: string(k.Kind), Status: string(k.Status), Subject: k.Subject, PaymentID: k.PaymentID, Unread: k.Unread,
		CreatedAt: instant(k.CreatedAt), ChangedAt: instant(k.ChangedAt), Count: k.Messages,
	}
}

// deskTicket shows a thread to the operator.
func (a *API) deskTicket(ctx context.Context) func(ticket.Thread, error) (*ticketOutput, error) {
	return func(th ticket.Thread, err error) (*ticketOutput, error) {
		out, err := ticketView(th, err)
		if err != nil {
			return nil, err
		}
		return out, a.deskNames(ctx, th.Ticket, &out.Body)
	}
}

// ticketView shows a thread.
func ticketView(th ticket.Thread, err error) (*ticketOutput, error) {
	if err != nil {
		return nil, err
	}
	out := ticketRow(th.Ticket)
	for _, m := range th.Written {
		from := "MERCHANT"
		if m.Operator {
			from = "OPERATOR"
		}
		view := TicketMessage{From: from, Text: m.Text, CreatedAt: instant(m.CreatedAt)}
		for _, w := range m.Wishes {
			view.Wishes = append(view.Wishes, TicketWish{Field: string(w.Field), Value: w.Value})
		}
		out.Messages = append(out.Messages, view)
	}
	return &ticketOutput{out}, nil
}
