package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/notice"
	"innopay/internal/ticket"
)

// Board is a store of notices and tickets, and the people who read them.
type Board struct {
	Notices notice.Store
	Tickets ticket.Store
	People  Telling
}

// Boards runs the suite of notice.Store and ticket.Store on one store.
func Boards(t *testing.T, fresh func(t *testing.T) Board) {
	t.Helper()
	s := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, Board)
	}{
		{"notices go to those they are for, in order, and are read once", noticesOf},
		{"a notice changes at its version alone", noticeVersion},
		{"tickets are the merchant's own and sealed", tickets},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) }) // one after the other: notices are everybody's
	}
}

func putNotice(t *testing.T, s Board, n notice.Notice) notice.Notice {
	t.Helper()
	if err := s.Notices.NoticeTx(t.Context(), func(ctx context.Context, tx notice.Tx) error { return tx.InsertNotice(ctx, n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// written is a notice of the desk that begins now.
func written(d *Desk, merchantID string, role merchant.Role) notice.Notice {
	d.Now = d.Now.Add(time.Second)
	return notice.Notice{
		MerchantID: merchantID, ID: d.ID(id.Notice), Author: "usr_operator", CreatedAt: d.Now, Version: 1, Told: true,
		Draft: notice.Draft{Role: role, Title: "점검 뷁", Body: "# 하나\n둘", Important: true, From: d.Now, Until: d.Now.Add(time.Hour)},
	}
}

func noticesOf(t *testing.T, s Board) {
	one, owner, _ := counter(t, s.People, 301, "n301")
	two, _, _ := counter(t, s.People, 302, "n302")
	two.Now = one.Now
	all := putNotice(t, s, written(one, "", ""))
	staff := putNotice(t, s, written(one, "", merchant.Staff))
	own := putNotice(t, s, written(one, one.Merchant, merchant.Owner))
	putNotice(t, s, written(one, two.Merchant, ""))
	due := written(one, "", "")
	due.Told, due.From, due.Until = false, one.Now.Add(time.Minute), time.Time{}
	putNotice(t, s, due)
	reader := notice.Person{Tenant: one.Tenant(), UserID: owner.ID, Role: merchant.Owner}
	inbox := func(now time.Time, after notice.Position) (got []notice.Read) {
		t.Helper()
		got, err := s.Notices.NoticesOf(t.Context(), reader, now, after, 10)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	want := []notice.Read{{Notice: own}, {Notice: all}}
	if diff := cmp.Diff(want, inbox(one.Now, notice.Position{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[1:], inbox(one.Now, notice.Position{From: own.From, ID: own.ID})); diff != "" {
		t.Error(diff)
	}
	for range 2 {
		if err := s.Notices.MarkRead(t.Context(), reader, all.ID, one.Now); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Notices.CountUnread(t.Context(), reader, one.Now); n != 1 || err != nil {
		t.Errorf("%d unread, %v", n, err)
	}
	want[1].ReadAt = one.Now
	if diff := cmp.Diff(want, inbox(one.Now, notice.Position{})); diff != "" {
		t.Error(diff)
	}
	if f, err := s.Notices.NoticeFigures(t.Context(), own.ID); f != (notice.Figures{Audience: 1}) || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := s.Notices.NoticeFigures(t.Context(), all.ID); f.Readers != 1 || f.Audience < 2 || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
	if f, err := s.Notices.NoticeFigures(t.Context(), staff.ID); f != (notice.Figures{}) || err != nil {
		t.Errorf("%+v, %v", f, err)
	}
	if got, err := s.Notices.NoticesDue(t.Context(), one.Now, 5); len(got) != 0 || err != nil {
		t.Errorf("%d due, %v", len(got), err)
	}
	if got, err := s.Notices.NoticesDue(t.Context(), due.From, 5); len(got) != 1 || got[0].ID != due.ID || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if got := inbox(one.Now.Add(2*time.Hour), notice.Position{}); len(got) != 1 || got[0].ID != due.ID {
		t.Errorf("after the others ended: %d", len(got))
	}
	page, err := s.Notices.Notices(t.Context(), due.ID, 2)
	if err != nil || len(page) != 2 || page[1].ID != own.ID {
		t.Errorf("%+v, %v", page, err)
	}
}

func noticeVersion(t *testing.T, s Board) {
	d := NewDesk(303)
	n := putNotice(t, s, written(d, "", ""))
	n.Title, n.MerchantID, n.Withdrawn, n.Version = "다른 제목", d.Merchant, d.Now, 2
	for _, want := range []error{nil, notice.ErrStale} {
		err := s.Notices.NoticeTx(t.Context(), func(ctx context.Context, tx notice.Tx) error { return tx.UpdateNotice(ctx, n) })
		if !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	got, err := s.Notices.NoticeByID(t.Context(), n.ID)
	if diff := cmp.Diff(n, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.Notices.NoticeByID(t.Context(), d.ID(id.Notice)); !errors.Is(err, notice.ErrAbsent) {
		t.Error(err)
	}
	if _, err := s.Notices.NoticeFigures(t.Context(), d.ID(id.Notice)); !errors.Is(err, notice.ErrAbsent) {
		t.Error(err)
	}
}

func tickets(t *testing.T, s Board) {
	one, two := NewDesk(304), NewDesk(305)
	k := ticket.Ticket{
		MerchantID: one.Merchant, ID: one.ID(id.Ticket), UserID: "usr_1", Kind: ticket.MerchantChange, Status: ticket.Open, Subject: "계좌 변경",
		Messages: 1, CreatedAt: one.Now, ChangedAt: one.Now, Version: 1,
	}
	m := ticket.Message{
		MerchantID: one.Merchant, TicketID: k.ID, Number: 1, Author: "usr_1", CreatedAt: one.Now,
		Body: ticket.Body{Text: "바꿔 주세요", Wishes: []ticket.Wish{{Field: ticket.Phone, Value: "010-0000-0001"}}},
	}
	write := func(fn func(ctx context.Context, tx ticket.Tx) error) error {
		return s.Tickets.TicketTx(t.Context(), fn)
	}
	if err := write(func(ctx context.Context, tx ticket.Tx) error {
		return errors.Join(tx.InsertTicket(ctx, k), tx.InsertTicketMessage(ctx, m))
	}); err != nil {
		t.Fatal(err)
	}
	k.Status, k.Unread, k.Messages, k.Assignee, k.Version = ticket.Answered, true, 2, "usr_9", 2
	for _, want := range []error{nil, ticket.ErrStale} {
		if err := write(func(ctx context.Context, tx ticket.Tx) error { return tx.UpdateTicket(ctx, k) }); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	got, err := s.Tickets.Ticket(t.Context(), one.Tenant(), k.ID)
	if diff := cmp.Diff(k, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	ms, err := s.Tickets.TicketMessages(t.Context(), one.Tenant(), k.ID)
	if diff := cmp.Diff([]ticket.Message{m}, ms); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.Tickets.Ticket(t.Context(), two.Tenant(), k.ID); !errors.Is(err, ticket.ErrAbsent) {
		t.Errorf("another merchant: %v", err)
	}
	for user, want := range map[string]int{"": 1, "usr_1": 1, "usr_2": 0} {
		ks, err := s.Tickets.TicketsOf(t.Context(), one.Tenant(), user, "", 5)
		n, err2 := s.Tickets.CountUnreadTickets(t.Context(), one.Tenant(), user)
		if err := errors.Join(err, err2); len(ks) != want || n != want || err != nil {
			t.Errorf("%q: %d, %d, %v", user, len(ks), n, err)
		}
	}
	for status, want := range map[ticket.Status]int{"": 1, ticket.Answered: 1, ticket.Closed: 0} {
		if ks, err := s.Tickets.Tickets(t.Context(), status, "", 5); len(ks) != want || err != nil {
			t.Errorf("%q: %d, %v", status, len(ks), err)
		}
	}
	if ks, err := s.Tickets.TicketsOf(t.Context(), one.Tenant(), "", k.ID, 5); len(ks) != 0 || err != nil {
		t.Errorf("behind the last: %d, %v", len(ks), err)
	}
}
