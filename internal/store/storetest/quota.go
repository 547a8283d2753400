package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/internal/merchant"
	"innopay/internal/message"
)

// quotas runs what limits and sender numbers must do.
func quotas(t *testing.T, fresh func(t *testing.T) RequestStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, RequestStore)
	}{
		{"of forty at once ten pass a limit of ten", quotaAtOnce},
		{"a window counts for itself", quotaWindows},
		{"sender numbers are the merchant's", sendersOfMerchants},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

func use(s message.Store, subject string, w message.Window, now time.Time) (ok bool, err error) {
	err = s.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) (err error) {
		ok, err = tx.UseQuota(ctx, subject, w, now)
		return err
	})
	return ok, err
}

func quotaAtOnce(t *testing.T, s RequestStore) {
	const most, presses = 10, 40
	passed := make([]bool, presses)
	var posts sync.WaitGroup
	for i := range presses {
		posts.Go(func() {
			var err error
			if passed[i], err = use(s, "number/x", message.Window{Most: most, Per: time.Hour}, Start); err != nil {
				t.Error(err)
			}
		})
	}
	posts.Wait()
	n := 0
	for _, ok := range passed {
		if ok {
			n++
		}
	}
	if n != most {
		t.Errorf("%d of %d passed a limit of %d", n, presses, most)
	}
}

func quotaWindows(t *testing.T, s RequestStore) {
	w := message.Window{Most: 2, Per: time.Hour}
	start := Start.Truncate(time.Hour)
	uses := func(subject string, at time.Time, want bool) {
		t.Helper()
		if ok, err := use(s, subject, w, at); err != nil || ok != want {
			t.Errorf("%s at %v: %v %v, want %v", subject, at, ok, err, want)
		}
	}
	uses("a", start, true)
	uses("a", start.Add(time.Hour-time.Microsecond), true)
	uses("a", start.Add(30*time.Minute), false)
	uses("b", start, true)
	uses("a", start.Add(time.Hour), true)
	must(t, s.PurgeQuota(context.Background(), start.Add(time.Hour)))
	uses("a", start, false) // ended at that moment, not before
	must(t, s.PurgeQuota(context.Background(), start.Add(time.Hour+time.Microsecond)))
	uses("a", start, true)                // forgotten
	uses("a", start.Add(time.Hour), true) // the younger window still counts
	uses("a", start.Add(time.Hour), false)
}

func sendersOfMerchants(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(121)
	other := merchant.TenantOf("mer_other")
	put := func(of merchant.Tenant, one message.Sender) {
		t.Helper()
		must(t, s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error { return tx.PutSender(ctx, of, one) }))
	}
	has := func(of merchant.Tenant, want ...message.Sender) {
		t.Helper()
		read := map[string]func() ([]message.Sender, error){
			"outside": func() ([]message.Sender, error) { return s.Senders(ctx, of) },
			"in a transaction": func() (all []message.Sender, err error) {
				err = s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) (err error) {
					all, err = tx.Senders(ctx, of)
					return err
				})
				return all, err
			},
		}
		for where, all := range read {
			got, err := all()
			if diff := cmp.Diff(append([]message.Sender{}, want...), got, sameMoment); err != nil || diff != "" {
				t.Errorf("%s: %v %s", where, err, diff)
			}
		}
	}
	has(d.Tenant())
	var all []message.Sender
	for n := range 3 {
		one := message.Sender{Number: fmt.Sprint("020000000", 3-n), Status: message.Unverified, CreatedAt: Start.Add(time.Duration(n) * time.Second)}
		put(d.Tenant(), one)
		all = append(all, one)
	}
	has(d.Tenant(), all...) // oldest first
	has(other)
	put(other, all[1])
	all[1].Status, all[1].VerifiedAt, all[1].VerifiedBy = message.Verified, Start.Add(time.Hour), "usr_operator"
	put(d.Tenant(), all[1])
	has(d.Tenant(), all...)
	must(t, s.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error { return tx.DeleteSender(ctx, d.Tenant(), all[1].Number) }))
	has(d.Tenant(), all[0], all[2])
	unverified := all[1]
	unverified.Status, unverified.VerifiedAt, unverified.VerifiedBy = message.Unverified, time.Time{}, ""
	has(other, unverified)
}
