package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
)

// RequestStore is what the features of requests and messages ask of one database.
type RequestStore interface {
	payment.Store
	payrequest.Store
	message.Store
}

// Requests runs the suite of payrequest.Store and message.Store.
func Requests(t *testing.T, fresh func(t *testing.T) RequestStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, RequestStore)
	}{
		{"a request is read back whole", requestWhole},
		{"a request of another merchant is absent", requestTenant},
		{"a payment has one request and a link opens one", requestOnce},
		{"a request is changed at its version", requestVersion},
		{"a request was opened once", requestOpened},
		{"a call changes nothing but who is on the line", requestCalled},
		{"a caller's requests are found by the number", requestsOfCaller},
		{"open requests come due", requestDue},
		{"a page is newest first and goes on", requestPages},
		{"a status lists exactly the requests that have it", requestStatuses},
		{"nothing of a failed transaction stays", requestRollsBack},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
	messages(t, fresh)
	quotas(t, fresh)
}

// Request asks for p; its text is the message.
func (d *Desk) Request(p payment.Payment, messageID string) payrequest.Request {
	r := payrequest.Request{
		MerchantID: p.MerchantID, ID: d.ID(id.Request), Kind: payrequest.BySMS, PaymentID: p.ID, MessageID: messageID, Open: true,
		ExpiresAt: p.RequestedAt.Add(24 * time.Hour), DueAt: p.RequestedAt.Add(24 * time.Hour), CreatedAt: p.RequestedAt, StaffID: "usr_1", Version: 1,
	}
	r.TokenHash, r.PhoneIndex = "hash-of-"+r.ID, "index-of-"+p.Buyer.Phone
	return r
}

// Text is the message that tells the buyer of p.
func (d *Desk) Text(p payment.Payment) message.Job {
	return message.Job{
		MerchantID: p.MerchantID, ID: d.ID(id.Message), Purpose: message.Request, PaymentID: p.ID, To: p.Buyer.Phone,
		Status: message.Queued, DueAt: d.Now, CreatedAt: d.Now, Version: 1,
	}
}

// Ask writes a waiting payment with its request and its text.
func (d *Desk) Ask(t *testing.T, s RequestStore) (payment.Payment, payrequest.Request, message.Job) {
	t.Helper()
	p := d.Asked()
	j := d.Text(p)
	r := d.Request(p, j.ID)
	j.RequestID = r.ID
	must(t, write(s, p, r, j))
	return p, r, j
}

func write(s RequestStore, p payment.Payment, r payrequest.Request, js ...message.Job) error {
	return s.RequestTx(context.Background(), func(ctx context.Context, tx payrequest.Tx) error {
		if err := tx.InsertPayment(ctx, p); err != nil {
			return err
		}
		for _, j := range js {
			if added, err := tx.InsertMessage(ctx, j); err != nil || !added {
				return errors.Join(err, fmt.Errorf("message added: %v", added))
			}
		}
		return tx.InsertRequest(ctx, r)
	})
}

func requestWhole(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(101)
	p, r, j := d.Ask(t, s)
	sameRequest := func(name string, want payrequest.Request) {
		t.Helper()
		for by, read := range map[string]func() (payrequest.Request, error){
			"id":      func() (payrequest.Request, error) { return s.Request(ctx, d.Tenant(), r.ID) },
			"token":   func() (payrequest.Request, error) { return s.RequestByToken(ctx, want.TokenHash) },
			"payment": func() (payrequest.Request, error) { return s.RequestByPayment(ctx, d.Tenant(), p.ID) },
		} {
			got, err := read()
			if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
				t.Errorf("%s, by %s: %v %s", name, by, err, diff)
			}
		}
	}
	sameRequest("new", r)
	same(t, s, d, p)
	if got, err := s.Message(ctx, d.Tenant(), j.ID); err != nil || got.RequestID != r.ID {
		t.Errorf("message %+v %v", got, err)
	}
	next := r
	next.Generation, next.TokenHash, next.Code, next.MessageID, next.PhoneIndex = 1, "hash-of-the-next", "123456", "msg_other", "index-of-another"
	next.Open, next.DueAt, next.Version = false, r.DueAt.Add(time.Hour), 2
	must(t, s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.UpdateRequest(ctx, next) }))
	sameRequest("changed", next)
	if _, err := s.RequestByToken(ctx, r.TokenHash); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("the old link opens: %v", err)
	}
}

func requestTenant(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(102)
	p, r, j := d.Ask(t, s)
	other := merchant.TenantOf("mer_other")
	if _, err := s.Request(ctx, other, r.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("request: %v", err)
	}
	if _, err := s.RequestByPayment(ctx, other, p.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("request by payment: %v", err)
	}
	if _, err := s.Message(ctx, other, j.ID); !errors.Is(err, message.ErrAbsent) {
		t.Errorf("message: %v", err)
	}
	if js, err := s.Messages(ctx, other, j.Thread(), 10); err != nil || len(js) != 0 {
		t.Errorf("messages of a thread: %v %v", js, err)
	}
	if rs, err := s.Requests(ctx, other, payrequest.Filter{}, d.Now, 10); err != nil || len(rs) != 0 {
		t.Errorf("list: %v %v", rs, err)
	}
	if first, err := s.MarkOpened(ctx, other, r.ID, d.Now); err != nil || first {
		t.Errorf("opened: %v %v", first, err)
	}
	foreign := r
	foreign.MerchantID, foreign.Version = "mer_other", 2
	if err := s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.UpdateRequest(ctx, foreign) }); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("changed: %v", err)
	}
}

func requestOnce(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(103)
	p, r, _ := d.Ask(t, s)
	for name, change := range map[string]func(*payrequest.Request){
		"another request of its payment": func(o *payrequest.Request) { o.PaymentID = p.ID },
		"another request of its link":    func(o *payrequest.Request) { o.TokenHash = r.TokenHash },
	} {
		other := d.Request(d.Asked(), "")
		change(&other)
		if err := s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.InsertRequest(ctx, other) }); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	// Codes are unique among open requests only.
	a, b := d.Request(d.Asked(), ""), d.Request(d.Asked(), "")
	a.Code, b.Code = "123456", "123456"
	a.TokenHash, b.TokenHash = "", ""
	in := func(r payrequest.Request) error {
		return s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.InsertRequest(ctx, r) })
	}
	must(t, in(a))
	if err := in(b); !errors.Is(err, payrequest.ErrCodeTaken) {
		t.Errorf("two open requests of one code: %v", err)
	}
	if r, err := s.RequestByCode(ctx, a.Code); err != nil || r.ID != a.ID {
		t.Errorf("by its code: %s %v", r.ID, err)
	}
	a.Open, a.Version = false, 2
	must(t, s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.UpdateRequest(ctx, a) }))
	if _, err := s.RequestByCode(ctx, a.Code); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("the code of one that has ended: %v", err)
	}
	must(t, in(b))
	if r, err := s.RequestByCode(ctx, a.Code); err != nil || r.ID != b.ID {
		t.Errorf("by its code: %s %v", r.ID, err)
	}
	if _, err := s.RequestByCode(ctx, ""); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("no code names something: %v", err)
	}
	if _, err := s.RequestByToken(ctx, ""); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("no token opens something: %v", err)
	}
}

func requestVersion(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(104)
	_, r, _ := d.Ask(t, s)
	for _, c := range []struct {
		version int64
		want    error
	}{{1, payment.ErrChanged}, {3, payment.ErrChanged}, {2, nil}, {2, payment.ErrChanged}, {3, nil}} {
		next := r
		next.Version = c.version
		err := s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error { return tx.UpdateRequest(ctx, next) })
		if !errors.Is(err, c.want) {
			t.Errorf("to version %d: %v, want %v", c.version, err, c.want)
		}
	}
	got, err := s.Request(ctx, d.Tenant(), r.ID)
	if err != nil || got.Version != 3 {
		t.Errorf("version %d %v", got.Version, err)
	}
}

func requestOpened(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(105)
	_, r, _ := d.Ask(t, s)
	for n := range 3 {
		first, err := s.MarkOpened(ctx, d.Tenant(), r.ID, d.Now.Add(time.Duration(n)*time.Hour))
		if err != nil || first != (n == 0) {
			t.Errorf("opening %d: first %v, %v", n+1, first, err)
		}
	}
	got, err := s.Request(ctx, d.Tenant(), r.ID)
	if err != nil || !got.OpenedAt.Equal(d.Now) || got.Version != 1 {
		t.Errorf("opened at %v, version %d, %v", got.OpenedAt, got.Version, err)
	}
}

func requestCalled(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(124)
	_, r, _ := d.Ask(t, s)
	must(t, s.MarkCalled(ctx, merchant.TenantOf("mer_other"), r.ID, d.Now.Add(time.Minute), payrequest.CallCard))
	if got, err := s.Request(ctx, d.Tenant(), r.ID); err != nil || !got.CallUntil.IsZero() {
		t.Errorf("another merchant's call: %+v %v", got, err)
	}
	must(t, s.MarkCalled(ctx, d.Tenant(), r.ID, d.Now.Add(time.Minute), payrequest.CallCard))
	want := r
	want.CallUntil, want.CallStep = d.Now.Add(time.Minute), payrequest.CallCard
	got, err := s.Request(ctx, d.Tenant(), r.ID)
	if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func requestsOfCaller(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(125)
	var want []string
	for n := range 4 {
		d.Merchant = fmt.Sprintf("mer_%d", n%2)
		p := d.Asked()
		r := d.Request(p, "")
		r.Kind, r.Code, r.PhoneIndex = payrequest.ByARS, fmt.Sprint("10000", n), "index-of-caller"
		r.Open = n != 1
		must(t, write(s, p, r))
		if r.Open {
			want = append([]string{r.ID}, want...)
		}
	}
	d.Ask(t, s)
	rs, err := s.RequestsByPhone(ctx, "index-of-caller", 10)
	var got []string
	for _, r := range rs {
		got = append(got, r.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	if rs, err := s.RequestsByPhone(ctx, "index-of-caller", 2); err != nil || len(rs) != 2 {
		t.Errorf("two of them: %v %v", rs, err)
	}
	if rs, err := s.RequestsByPhone(ctx, "index-of-01000001234", 10); err != nil || len(rs) != 0 {
		t.Errorf("requests with a link only: %v %v", rs, err)
	}
}

func requestDue(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(106)
	var asked []payrequest.Request
	for n := range 6 {
		d.Merchant = fmt.Sprintf("mer_%d", n)
		_, r, _ := d.Ask(t, s)
		asked = append(asked, r)
	}
	closed := asked[2]
	closed.Open, closed.Version = false, 2
	later := asked[3]
	later.DueAt, later.Version = asked[5].DueAt.Add(time.Minute), 2
	must(t, s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error {
		return errors.Join(tx.UpdateRequest(ctx, closed), tx.UpdateRequest(ctx, later))
	}))
	due := func(now time.Time, limit int, want ...payrequest.Request) {
		t.Helper()
		rs, err := s.DueRequests(ctx, now, limit)
		var got, expect []string
		for _, r := range rs {
			got = append(got, r.ID)
		}
		for _, r := range want {
			expect = append(expect, r.ID)
		}
		if err != nil || !slices.Equal(got, expect) {
			t.Errorf("due at %v: %v %v, want %v", now, got, err, expect)
		}
	}
	due(asked[0].DueAt.Add(-time.Microsecond), 10)
	due(asked[0].DueAt, 10, asked[0])
	due(asked[5].DueAt, 10, asked[0], asked[1], asked[4], asked[5])
	due(asked[5].DueAt, 2, asked[0], asked[1])
	due(later.DueAt, 10, asked[0], asked[1], asked[4], asked[5], asked[3])
}

func requestPages(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(107)
	var want []string
	for range 7 {
		_, r, _ := d.Ask(t, s)
		want = append(want, r.ID)
	}
	slices.Reverse(want)
	var got []string
	for f := (payrequest.Filter{}); ; {
		page, err := s.Requests(ctx, d.Tenant(), f, d.Now, 3)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
		f.Before = got[len(got)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give %v, want %v", got, want)
	}
	r, err := s.Request(ctx, d.Tenant(), want[3])
	must(t, err)
	if page, err := s.Requests(ctx, d.Tenant(), payrequest.Filter{PaymentID: r.PaymentID}, d.Now, 10); err != nil || len(page) != 1 || page[0].ID != r.ID {
		t.Errorf("of one payment: %v %v", page, err)
	}
}

func requestRollsBack(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(109)
	p := d.Asked()
	j := d.Text(p)
	r := d.Request(p, j.ID)
	stop := errors.New("stop")
	err := s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error {
		if _, err := tx.UseQuota(ctx, "number/x", message.Window{Most: 1, Per: time.Hour}, d.Now); err != nil {
			return err
		}
		_, err := tx.InsertMessage(ctx, j)
		if err := errors.Join(err, tx.InsertPayment(ctx, p), tx.InsertRequest(ctx, r), tx.Record(ctx, d.record("request.created", r.ID))); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	_, e1 := s.Payment(ctx, d.Tenant(), p.ID)
	_, e2 := s.Request(ctx, d.Tenant(), r.ID)
	_, e3 := s.Message(ctx, d.Tenant(), j.ID)
	if !errors.Is(e1, payment.ErrAbsent) || !errors.Is(e2, payment.ErrAbsent) || !errors.Is(e3, message.ErrAbsent) {
		t.Errorf("payment %v, request %v, message %v", e1, e2, e3)
	}
	// The place in the window is free again, too.
	must(t, s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
		free, err := tx.UseQuota(ctx, "number/x", message.Window{Most: 1, Per: time.Hour}, d.Now)
		if err == nil && !free {
			err = errors.New("what was rolled back counts")
		}
		return err
	}))
}
