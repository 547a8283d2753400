package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/push"
)

// Telling is a store of devices, and the people whose sessions they hang on.
type Telling struct {
	push.Store
	People merchant.Store
	Events interface {
		EventsOf(ctx context.Context, t merchant.Tenant, after string, limit int) ([]outbox.Event, error)
	}
}

// Pushes runs the suite of push.Store. Its tests share one store and keep apart by their
// desks.
func Pushes(t *testing.T, fresh func(t *testing.T) Telling) {
	t.Helper()
	s := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, Telling)
	}{
		{"a device is read back whole, by its merchant alone", pushRoundTrip},
		{"an address is one user's", pushMoves},
		{"a user sees the own ones by session", pushBySession},
		{"what people change is told when it stands", peopleEvents},
		{"a user keeps the devices seen last", pushKeeps},
		{"a device ends with its session", pushSessions},
		{"failures in a row are counted", pushFails},
		{"devices that subscribe at once are one each", pushRace},
		{"what fails leaves nothing", pushRollback},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, s)
		})
	}
}

// device is what a browser of the desk gives.
func device(d *Desk, n int) push.Device {
	return push.Device{Endpoint: fmt.Sprintf("https://push.example/%s/%d", d.Merchant, n), P256DH: "point", Auth: "secret"}
}

// told is a subscription of the session's device.
func told(d *Desk, s merchant.SessionRow, n int) push.Subscription {
	d.Now = d.Now.Add(time.Second)
	return push.Subscription{
		MerchantID: d.Merchant, ID: d.ID(id.Push), UserID: s.UserID, SessionID: s.ID, Device: device(d, n), CreatedAt: d.Now, SeenAt: d.Now,
	}
}

func putPush(t *testing.T, s Telling, sub push.Subscription) (stands string) {
	t.Helper()
	err := s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) (err error) {
		stands, err = tx.PutSubscription(ctx, sub)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stands
}

func pushesOf(t *testing.T, s Telling, d *Desk, now time.Time) []push.Subscription {
	t.Helper()
	all, err := s.Subscriptions(t.Context(), d.Tenant(), now, 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// devicesOf are a merchant's subscriptions by id, newest first.
func devicesOf(t *testing.T, s Telling, d *Desk) (ids []string) {
	t.Helper()
	for _, sub := range pushesOf(t, s, d, d.Now) {
		ids = append(ids, sub.ID)
	}
	return ids
}

// counter is a desk whose owner is logged in as often as there are hashes.
func counter(t *testing.T, s Telling, seed uint64, hashes ...string) (*Desk, merchant.User, []merchant.SessionRow) {
	t.Helper()
	d := NewDesk(seed)
	opened(t, s.People, d)
	u := hired(t, s.People, d)
	return d, u, loggedIn(t, s.People, d, u, hashes...)
}

func pushRoundTrip(t *testing.T, s Telling) {
	d, u, in := counter(t, s, 201, "p201")
	other, _, theirs := counter(t, s, 202, "p202")
	one, two, foreign := told(d, in[0], 1), told(d, in[0], 2), told(other, theirs[0], 1)
	for _, sub := range []push.Subscription{one, two, foreign} {
		if stands := putPush(t, s, sub); stands != sub.ID {
			t.Errorf("stands under %s, not %s", stands, sub.ID)
		}
	}
	if diff := cmp.Diff([]push.Subscription{two, one}, pushesOf(t, s, d, d.Now), sameMoment); diff != "" {
		t.Error(diff)
	}
	few, err := s.Subscriptions(t.Context(), d.Tenant(), d.Now, 1)
	if err != nil || len(few) != 1 || few[0].ID != two.ID {
		t.Errorf("%v, %v", few, err)
	}
	for name, who := range map[string]struct {
		t    merchant.Tenant
		user string
	}{"another merchant": {other.Tenant(), u.ID}, "another user": {d.Tenant(), "usr_other"}} {
		has, err := s.HasSubscription(t.Context(), who.t, who.user, one.ID)
		if err != nil || has {
			t.Errorf("%s has it: %v, %v", name, has, err)
		}
		err = s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) error {
			gone, err := tx.DeleteSubscription(ctx, who.t, who.user, one.ID)
			if gone {
				t.Errorf("%s removes it", name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := s.DropSubscription(t.Context(), other.Tenant(), one.ID); err != nil {
		t.Error(err)
	}
	if n, err := s.MarkPush(t.Context(), other.Tenant(), one.ID, false); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if has, err := s.HasSubscription(t.Context(), d.Tenant(), u.ID, one.ID); err != nil || !has {
		t.Errorf("%v, %v", has, err)
	}
	err = s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) error {
		gone, err := tx.DeleteSubscription(ctx, d.Tenant(), u.ID, one.ID)
		if !gone {
			t.Error("its user does not remove it")
		}
		return err
	})
	if got := devicesOf(t, s, d); err != nil || len(got) != 1 || got[0] != two.ID {
		t.Errorf("%v, %v", got, err)
	}
}

func pushMoves(t *testing.T, s Telling) {
	d, _, in := counter(t, s, 203, "p203a", "p203b")
	first := told(d, in[0], 1)
	putPush(t, s, first)
	if n, err := s.MarkPush(t.Context(), d.Tenant(), first.ID, false); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	again := told(d, in[1], 1)
	again.Auth = "another secret"
	if stands := putPush(t, s, again); stands != first.ID {
		t.Errorf("the same user's stands under %s, not %s", stands, first.ID)
	}
	want := again
	want.ID, want.CreatedAt = first.ID, first.CreatedAt
	if diff := cmp.Diff([]push.Subscription{want}, pushesOf(t, s, d, d.Now), sameMoment); diff != "" {
		t.Error(diff)
	}
	other, _, theirs := counter(t, s, 204, "p204")
	moved := told(other, theirs[0], 1)
	moved.Device = again.Device
	if stands := putPush(t, s, moved); stands != moved.ID {
		t.Errorf("another's stands under %s, not %s", stands, moved.ID)
	}
	if got := devicesOf(t, s, d); len(got) != 0 {
		t.Errorf("the first user still has %v", got)
	}
	if diff := cmp.Diff([]push.Subscription{moved}, pushesOf(t, s, other, other.Now), sameMoment); diff != "" {
		t.Error(diff)
	}
}

func pushKeeps(t *testing.T, s Telling) {
	d, u, in := counter(t, s, 205, "p205")
	var subs []push.Subscription
	for n := range 4 {
		subs = append(subs, told(d, in[0], n))
		putPush(t, s, subs[n])
	}
	seen := told(d, in[0], 0) // the oldest says that it is there
	putPush(t, s, seen)
	err := s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) error {
		return errors.Join(tx.KeepSubscriptions(ctx, d.Tenant(), "usr_other", 0), tx.KeepSubscriptions(ctx, d.Tenant(), u.ID, 2))
	})
	if diff := cmp.Diff([]string{subs[0].ID, subs[3].ID}, devicesOf(t, s, d)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func pushSessions(t *testing.T, s Telling) {
	d, u, in := counter(t, s, 206, "p206a", "p206b", "p206c", "p206d", "p206e")
	other, _, theirs := counter(t, s, 207, "p207")
	bystander := told(other, theirs[0], 1)
	putPush(t, s, bystander)
	var subs []push.Subscription
	for n, one := range in {
		subs = append(subs, told(d, one, n))
		putPush(t, s, subs[n])
	}
	stands := func(act string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, devicesOf(t, s, d)); diff != "" {
			t.Errorf("%s: %s", act, diff)
		}
		if n, err := s.HasSubscription(t.Context(), other.Tenant(), bystander.UserID, bystander.ID); err != nil || !n {
			t.Errorf("%s: another merchant's went, %v", act, err)
		}
	}
	gone := func(n int) {
		t.Helper()
		// Not only hidden: the row is away.
		if has, err := s.HasSubscription(t.Context(), d.Tenant(), u.ID, subs[n].ID); err != nil || has {
			t.Errorf("the row of session %d is left: %v, %v", n, has, err)
		}
	}
	stands("before", subs[4].ID, subs[3].ID, subs[2].ID, subs[1].ID, subs[0].ID)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error { return tx.DeleteSession(ctx, "p206a") })
	stands("log-out", subs[4].ID, subs[3].ID, subs[2].ID, subs[1].ID)
	gone(0)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteSessionByID(ctx, d.Tenant(), u.ID, in[1].ID)
	})
	stands("one was revoked", subs[4].ID, subs[3].ID, subs[2].ID)
	gone(1)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteEndedSessionsOf(ctx, d.Tenant(), u.ID, in[2].ExpiresAt)
	})
	stands("one has ended", subs[4].ID, subs[3].ID)
	gone(2)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteSessionsOf(ctx, d.Tenant(), u.ID, "p206e")
	})
	stands("all but one", subs[4].ID)
	gone(3)
	if late := pushesOf(t, s, d, in[4].ExpiresAt); len(late) != 0 {
		t.Errorf("told after the end of its session: %v", late)
	}
	orphan := told(d, in[3], 9) // subscribed while its session ended
	putPush(t, s, orphan)
	stands("an orphan", subs[4].ID)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteEndedSessionsOf(ctx, d.Tenant(), u.ID, d.Now)
	})
	if has, err := s.HasSubscription(t.Context(), d.Tenant(), u.ID, orphan.ID); err != nil || has {
		t.Errorf("the orphan is left: %v, %v", has, err)
	}
}

func pushFails(t *testing.T, s Telling) {
	d, _, in := counter(t, s, 208, "p208")
	sub := told(d, in[0], 1)
	putPush(t, s, sub)
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]bool{}
	for range 8 {
		wg.Go(func() {
			n, err := s.MarkPush(t.Context(), d.Tenant(), sub.ID, false)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			seen[n] = true
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(seen) != 8 || !seen[8] {
		t.Errorf("counted %v", seen)
	}
	if n, err := s.MarkPush(t.Context(), d.Tenant(), sub.ID, true); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := pushesOf(t, s, d, d.Now); len(got) != 1 || got[0].Fails != 0 {
		t.Errorf("%+v", got)
	}
	if err := s.DropSubscription(t.Context(), d.Tenant(), sub.ID); err != nil {
		t.Error(err)
	}
	if n, err := s.MarkPush(t.Context(), d.Tenant(), sub.ID, false); n != 0 || err != nil {
		t.Errorf("one that is gone: %d, %v", n, err)
	}
}

func pushRace(t *testing.T, s Telling) {
	d, _, in := counter(t, s, 209, "p209")
	subs := make([]push.Subscription, 12)
	for i := range subs {
		subs[i] = told(d, in[0], i%3)
	}
	var wg sync.WaitGroup
	for _, sub := range subs {
		wg.Go(func() {
			if err := s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) error {
				_, err := tx.PutSubscription(ctx, sub)
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := devicesOf(t, s, d); len(got) != 3 {
		t.Errorf("%d subscriptions of 3 devices", len(got))
	}
}

func pushRollback(t *testing.T, s Telling) {
	d, u, in := counter(t, s, 210, "p210")
	sub, broken := told(d, in[0], 1), errors.New("broken off")
	err := s.PushTx(t.Context(), func(ctx context.Context, tx push.Tx) error {
		_, err := tx.PutSubscription(ctx, sub)
		rec := audit.Record{MerchantID: d.Merchant, ID: d.ID(id.Audit), At: d.Now, Actor: u.ID, Action: "push.added", Subject: sub.ID}
		return errors.Join(err, tx.Record(ctx, rec), broken)
	})
	if got := devicesOf(t, s, d); !errors.Is(err, broken) || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func peopleEvents(t *testing.T, s Telling) {
	d := NewDesk(219)
	opened(t, s.People, d)
	event := func(version int64) outbox.Event {
		return outbox.Event{
			MerchantID: d.Merchant, ID: d.ID(id.Event), Type: outbox.SettingsChanged, Subject: d.Merchant, Version: version, Payload: "{}", CreatedAt: d.Now,
		}
	}
	told, undone := event(1), event(2)
	within(t, s.People, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(tx.Emit(ctx, told), tx.Record(ctx, d.record("settings.saved", d.Merchant)))
	})
	refused(t, s.People, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(tx.Emit(ctx, undone), merchant.ErrStale)
	})
	events, err := s.Events.EventsOf(t.Context(), d.Tenant(), "", 10)
	if diff := cmp.Diff([]outbox.Event{told}, events, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func pushBySession(t *testing.T, s Telling) {
	d, u, in := counter(t, s, 220, "p220")
	other, _, _ := counter(t, s, 221, "p221")
	one, two := told(d, in[0], 1), told(d, in[0], 2)
	putPush(t, s, one)
	putPush(t, s, two)
	ids, err := s.SubscriptionsOf(t.Context(), d.Tenant(), u.ID)
	if diff := cmp.Diff(map[string]string{one.SessionID: two.ID}, ids); err != nil || diff != "" {
		t.Errorf("by session: %v %s", err, diff)
	}
	for name, who := range map[string]struct {
		t    merchant.Tenant
		user string
	}{"another merchant": {other.Tenant(), u.ID}, "another user": {d.Tenant(), "usr_other"}} {
		if ids, err := s.SubscriptionsOf(t.Context(), who.t, who.user); err != nil || len(ids) > 0 {
			t.Errorf("%s has %v, %v", name, ids, err)
		}
	}
}
