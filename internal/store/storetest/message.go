package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"innopay/internal/message"
	"innopay/messenger"
)

// messages runs what the outbox of messages must do.
func messages(t *testing.T, fresh func(t *testing.T) RequestStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, RequestStore)
	}{
		{"a message is read back whole", messageWhole},
		{"a message is added once", messageOnce},
		{"a message is changed at its version and given up", messageVersion},
		{"messages are leased when they are due", messageDue},
		{"messages of a thread leave in their order", messageOrder},
		{"receipts do not wait for each other", messageReceipts},
		{"eight workers never share a message", messageExclusive},
		{"only queued messages of the purpose are dropped", messageDrop},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

func enqueue(t *testing.T, s message.Store, js ...message.Job) {
	t.Helper()
	must(t, s.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) error {
		for _, j := range js {
			if added, err := tx.InsertMessage(ctx, j); err != nil || !added {
				return errors.Join(err, fmt.Errorf("added: %v", added))
			}
		}
		return nil
	}))
}

func update(s message.Store, j message.Job) error {
	return s.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) error { return tx.UpdateMessage(ctx, j) })
}

// take leases what is due, oldest first.
func take(t *testing.T, s message.Store, owner string, now time.Time, limit int) []message.Job {
	t.Helper()
	js, err := s.LeaseMessages(context.Background(), owner, now, now.Add(time.Minute), limit)
	must(t, err)
	slices.SortFunc(js, func(a, b message.Job) int { return a.DueAt.Compare(b.DueAt) })
	return js
}

func ids(js []message.Job) []string {
	var out []string
	for _, j := range js {
		out = append(out, j.ID)
	}
	return out
}

func sameMessage(t *testing.T, s message.Store, d *Desk, want message.Job) {
	t.Helper()
	got, err := s.Message(context.Background(), d.Tenant(), want.ID)
	if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
		t.Errorf("message: %v %s", err, diff)
	}
}

func messageWhole(t *testing.T, s RequestStore) {
	d := NewDesk(111)
	j := d.Text(d.Asked())
	j.Mail, j.RequestID, j.CancelID, j.Generation, j.To = true, "req_1", "cnl_1", 3, "buyer1@example.com"
	enqueue(t, s, j)
	sameMessage(t, s, d, j)
	j.Kind, j.Sender, j.Gateway, j.Status = messenger.LMS, "0200000001", "postbox", message.Undelivered
	j.Tries, j.Asks, j.DueAt, j.Reference, j.Code, j.Reason = 4, 5, time.Time{}, "ref-1", "E1", "전원이 꺼져 있어요."
	j.AcceptedAt, j.SettledAt, j.Version = d.Now.Add(time.Second), d.Now.Add(time.Minute), 2
	must(t, update(s, j))
	sameMessage(t, s, d, j)
	js, err := s.Messages(context.Background(), d.Tenant(), j.Thread(), 10)
	if diff := cmp.Diff([]message.Job{j}, js, sameMoment); err != nil || diff != "" {
		t.Errorf("of its thread: %v %s", err, diff)
	}
}

func messageOnce(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(112)
	j := d.Text(d.Asked())
	var mu sync.Mutex
	var added int
	var posts sync.WaitGroup
	for range 10 {
		posts.Go(func() {
			err := s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
				first, err := tx.InsertMessage(ctx, j)
				if first {
					mu.Lock()
					added++
					mu.Unlock()
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	posts.Wait()
	again := j
	again.To, again.Status = "01000009999", message.Delivered
	must(t, s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
		first, err := tx.InsertMessage(ctx, again)
		if first {
			t.Error("an id was added twice")
		}
		return err
	}))
	sameMessage(t, s, d, j)
	if added != 1 {
		t.Errorf("added %d times", added)
	}
}

func messageVersion(t *testing.T, s RequestStore) {
	d := NewDesk(113)
	j := d.Text(d.Asked())
	enqueue(t, s, j)
	held := take(t, s, "a", d.Now, 10)
	if len(held) != 1 || held[0].LeaseOwner != "a" || !held[0].LeaseUntil.Equal(d.Now.Add(time.Minute)) || held[0].Version != 1 {
		t.Fatalf("leased %+v", held)
	}
	next := j
	next.Version = 3
	if err := update(s, next); !errors.Is(err, message.ErrChanged) {
		t.Errorf("at another version: %v", err)
	}
	foreign := j
	foreign.MerchantID, foreign.Version = "mer_other", 2
	if err := update(s, foreign); !errors.Is(err, message.ErrChanged) {
		t.Errorf("another merchant's: %v", err)
	}
	next.Version, next.Tries, next.DueAt = 2, 1, d.Now.Add(time.Second)
	must(t, update(s, next))
	sameMessage(t, s, d, next) // the lease is given up
	if err := update(s, next); !errors.Is(err, message.ErrChanged) {
		t.Errorf("twice: %v", err)
	}
}

func messageDue(t *testing.T, s RequestStore) {
	d := NewDesk(114)
	var js []message.Job
	for n := range 5 {
		d.Merchant = fmt.Sprintf("mer_%d", n)
		j := d.Text(d.Asked())
		j.DueAt = Start.Add(time.Duration(n) * time.Hour)
		js = append(js, j)
	}
	js[2].Status, js[2].DueAt = message.Accepted, time.Time{} // nothing to do
	js[3].Status = message.Accepted                           // to be asked about
	enqueue(t, s, js...)
	if got := take(t, s, "a", Start.Add(-time.Microsecond), 10); len(got) != 0 {
		t.Errorf("before anything is due: %v", ids(got))
	}
	if got := take(t, s, "a", Start, 10); !slices.Equal(ids(got), []string{js[0].ID}) {
		t.Errorf("at the first: %v", ids(got))
	}
	if got := take(t, s, "b", Start.Add(time.Minute-time.Microsecond), 10); len(got) != 0 {
		t.Errorf("while it is held: %v", ids(got))
	}
	// Its worker died; the oldest go first.
	if got := take(t, s, "b", Start.Add(10*time.Hour), 2); !slices.Equal(ids(got), []string{js[0].ID, js[1].ID}) {
		t.Errorf("two of those due: %v", ids(got))
	}
	if got := take(t, s, "c", Start.Add(10*time.Hour), 10); !slices.Equal(ids(got), []string{js[3].ID, js[4].ID}) {
		t.Errorf("the rest: %v", ids(got))
	}
	if got := take(t, s, "c", Start.Add(1000*time.Hour), 10); slices.Contains(ids(got), js[2].ID) || len(got) != 4 {
		t.Errorf("much later: %v", ids(got))
	}
}

func messageReceipts(t *testing.T, s RequestStore) {
	d := NewDesk(118)
	p := d.Asked()
	var want []string
	for _, purpose := range []message.Purpose{message.Receipt, message.ReceiptEnglish, message.Receipt} {
		d.Now = d.Now.Add(time.Millisecond)
		j := d.Text(p)
		j.Purpose, j.DueAt = purpose, Start
		enqueue(t, s, j)
		want = append(want, j.ID)
	}
	got := ids(take(t, s, "a", d.Now, 10))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if all, err := s.Messages(context.Background(), d.Tenant(), message.ReceiptThread(p.ID), 10); err != nil || !slices.Equal(ids(all), want) {
		t.Errorf("%v %v", ids(all), err)
	}
}

func messageOrder(t *testing.T, s RequestStore) {
	d := NewDesk(115)
	p, q := d.Asked(), d.Asked()
	text := func(purpose message.Purpose) message.Job {
		d.Now = d.Now.Add(time.Millisecond)
		j := d.Text(p)
		j.Purpose, j.DueAt = purpose, Start
		return j
	}
	asked, paid, canceled, seller := text(message.Request), text(message.Paid), text(message.Canceled), text(message.SellerPaid)
	p = q
	other := text(message.Request)
	enqueue(t, s, canceled, paid, asked, seller, other)
	now := d.Now
	got := ids(take(t, s, "a", now, 10))
	slices.Sort(got)
	if want := []string{asked.ID, seller.ID, other.ID}; !slices.Equal(got, want) {
		t.Fatalf("first: %v, want %v", got, want)
	}
	// The first is tried again later: what follows waits, though it is due.
	asked.Version, asked.Tries, asked.DueAt = 2, 1, now.Add(time.Hour)
	must(t, update(s, asked))
	if got := ids(take(t, s, "b", now, 10)); len(got) != 0 {
		t.Errorf("before the first has left: %v", got)
	}
	asked.Version, asked.Status, asked.DueAt = 3, message.Accepted, now.Add(time.Hour)
	must(t, update(s, asked))
	if got := ids(take(t, s, "b", now, 10)); !slices.Equal(got, []string{paid.ID}) {
		t.Errorf("after the first was taken: %v", got)
	}
	paid.Version, paid.Status, paid.DueAt = 2, message.Rejected, time.Time{}
	must(t, update(s, paid))
	if got := ids(take(t, s, "b", now, 10)); !slices.Equal(got, []string{canceled.ID}) {
		t.Errorf("after the second was refused: %v", got)
	}
	all, err := s.Messages(context.Background(), d.Tenant(), asked.Thread(), 10)
	if want := []string{asked.ID, paid.ID, canceled.ID}; err != nil || !slices.Equal(ids(all), want) {
		t.Errorf("of the thread: %v %v, want %v", ids(all), err, want)
	}
}

// messageExclusive has eight workers send what is queued: nobody holds what another
// holds, and each thread leaves in its order.
func messageExclusive(t *testing.T, s RequestStore) { //nolint:gocognit // one story told in order
	const threads, each, workers = 40, 4, 8
	d := NewDesk(116)
	var all []message.Job
	for n := range threads {
		d.Merchant = fmt.Sprintf("mer_%d", n%7)
		p := d.Asked()
		for range each {
			d.Now = d.Now.Add(time.Millisecond)
			j := d.Text(p)
			j.DueAt = Start
			all = append(all, j)
		}
	}
	enqueue(t, s, all...)
	var mu sync.Mutex
	holder, left := map[string]string{}, map[string][]string{}
	var work sync.WaitGroup
	for w := range workers {
		owner := fmt.Sprint("worker-", w)
		work.Go(func() {
			for idle := 0; idle < 3; {
				js, err := s.LeaseMessages(context.Background(), owner, d.Now, d.Now.Add(time.Hour), 5)
				if err != nil {
					t.Error(err)
					return
				}
				idle++
				for _, j := range js {
					idle = 0
					mu.Lock()
					if other := holder[j.ID]; other != "" {
						t.Errorf("%s and %s hold one message", other, owner)
					}
					holder[j.ID] = owner
					left[j.Thread()] = append(left[j.Thread()], j.ID)
					mu.Unlock()
					j.Status, j.DueAt = message.Accepted, time.Time{}
					j.Version++
					if err := update(s, j); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	work.Wait()
	for js := take(t, s, "last", d.Now, 100); len(js) > 0; js = take(t, s, "last", d.Now, 100) {
		for _, j := range js {
			left[j.Thread()] = append(left[j.Thread()], j.ID)
			j.Status, j.DueAt, j.Version = message.Accepted, time.Time{}, j.Version+1
			must(t, update(s, j))
		}
	}
	sent := 0
	for thread, ids := range left {
		sent += len(ids)
		if len(ids) != each || !slices.IsSorted(ids) {
			t.Errorf("%s left as %v", thread, ids)
		}
	}
	if sent != len(all) {
		t.Errorf("%d of %d were sent", sent, len(all))
	}
}

func messageDrop(t *testing.T, s RequestStore) {
	d := NewDesk(117)
	p, q := d.Asked(), d.Asked()
	queued := d.Text(p)
	d.Now = d.Now.Add(time.Millisecond) // what follows comes behind it in the thread
	accepted, paid, foreign := d.Text(p), d.Text(p), d.Text(q)
	accepted.Status, paid.Purpose = message.Accepted, message.Paid
	enqueue(t, s, queued, accepted, paid, foreign)
	held := take(t, s, "a", d.Now, 10)
	if !slices.Contains(ids(held), queued.ID) {
		t.Fatalf("leased %v", ids(held))
	}
	at := d.Now.Add(time.Second)
	must(t, s.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) error {
		return tx.DropMessages(ctx, d.Tenant(), queued.Thread(), message.Request, at)
	}))
	want := queued
	want.Status, want.DueAt, want.SettledAt, want.Version = message.Dropped, time.Time{}, at, 2
	sameMessage(t, s, d, want) // whoever was about to send it has lost it
	for name, j := range map[string]message.Job{"accepted": accepted, "of another purpose": paid, "of another thread": foreign} {
		got, err := s.Message(context.Background(), d.Tenant(), j.ID)
		if diff := cmp.Diff(j, got, sameMoment, cmpopts.IgnoreFields(message.Job{}, "LeaseOwner", "LeaseUntil")); err != nil || diff != "" {
			t.Errorf("one %s: %v %s", name, err, diff)
		}
	}
	late := held[slices.Index(ids(held), queued.ID)]
	late.Version, late.Status = 2, message.Accepted
	if err := update(s, late); !errors.Is(err, message.ErrChanged) {
		t.Errorf("its sender writes all the same: %v", err)
	}
}
