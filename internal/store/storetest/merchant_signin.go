package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/merchant"
)

// wonOnce runs fn eight times at once and sees that it succeeds once, and is stale else.
func wonOnce(t *testing.T, s merchant.Store, what string, fn func(ctx context.Context, tx merchant.Tx) error) {
	t.Helper()
	var won atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := s.Tx(t.Context(), fn)
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, merchant.ErrStale):
				t.Errorf("%s: %v", what, err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%s: won %d times", what, won.Load())
	}
}

func passkeys(t *testing.T, s merchant.Store) {
	one, two := NewDesk(180), NewDesk(181)
	opened(t, s, one)
	u := hired(t, s, one)
	p := merchant.PasskeyRow{
		MerchantID: one.Merchant, ID: one.ID(id.Passkey), UserID: u.ID, CredentialID: "c180", Credential: "{}", Name: "전화", SignCount: 4, CreatedAt: one.Now,
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertPasskey(ctx, p) })
	rival := p
	rival.MerchantID, rival.ID = two.Merchant, two.ID(id.Passkey)
	refused(t, s, merchant.ErrTaken, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertPasskey(ctx, rival) })
	used := p
	used.SignCount, used.Credential, used.UsedAt = 5, `{"n":5}`, one.Now.Add(time.Second)
	wonOnce(t, s, "a count", func(ctx context.Context, tx merchant.Tx) error { return tx.UsePasskey(ctx, 4, used) })
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.RenamePasskey(ctx, one.Tenant(), u.ID, p.ID, "새 이름")
	})
	used.Name = "새 이름"
	got, err := s.PasskeyByCredential(t.Context(), "c180")
	if diff := cmp.Diff(used, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for name, fn := range map[string]func(ctx context.Context, tx merchant.Tx) error{
		"another merchant renames": func(ctx context.Context, tx merchant.Tx) error {
			return tx.RenamePasskey(ctx, two.Tenant(), u.ID, p.ID, "x")
		},
		"another user renames": func(ctx context.Context, tx merchant.Tx) error {
			return tx.RenamePasskey(ctx, one.Tenant(), "usr_other", p.ID, "x")
		},
		"another user removes": func(ctx context.Context, tx merchant.Tx) error {
			return tx.DeletePasskey(ctx, one.Tenant(), "usr_other", p.ID)
		},
	} {
		if err := s.Tx(t.Context(), fn); !errors.Is(err, merchant.ErrAbsent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wonOnce(t, s, "a block", func(ctx context.Context, tx merchant.Tx) error { return tx.BlockPasskey(ctx, one.Tenant(), p.ID) })
	next := used
	next.SignCount = 6
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.UsePasskey(ctx, 5, next) })
	if list, err := s.Passkeys(t.Context(), one.Tenant(), u.ID); err != nil || len(list) != 1 || !list[0].Blocked {
		t.Errorf("%+v, %v", list, err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeletePasskey(ctx, one.Tenant(), u.ID, p.ID)
	})
	if _, err := s.PasskeyByCredential(t.Context(), "c180"); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("removed: %v", err)
	}
}

func challenges(t *testing.T, s merchant.Store) {
	d := NewDesk(182)
	c := merchant.ChallengeRow{
		TokenHash: "h182", Kind: merchant.ChallengePasskey, MerchantID: d.Merchant, UserID: "usr_1", SessionID: "ses_1", Data: "{}",
		CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Minute),
	}
	old := c
	old.TokenHash, old.ExpiresAt = "h182-old", d.Now
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(tx.InsertChallenge(ctx, c), tx.InsertChallenge(ctx, old))
	})
	got, err := s.Challenge(t.Context(), "h182")
	if diff := cmp.Diff(c, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	take := func(hash string, k merchant.ChallengeKind, at time.Time) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error { return tx.TakeChallenge(ctx, hash, k, at) }
	}
	refused(t, s, merchant.ErrStale, take("h182", merchant.ChallengeLogin, d.Now))
	refused(t, s, merchant.ErrStale, take("h182", merchant.ChallengePasskey, c.ExpiresAt))
	wonOnce(t, s, "a challenge", take("h182", merchant.ChallengePasskey, d.Now))
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.SweepChallenges(ctx, d.Now, 1000) })
	if _, err := s.Challenge(t.Context(), "h182-old"); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("swept: %v", err)
	}
}

func secondFactors(t *testing.T, s merchant.Store) {
	d := NewDesk(183)
	opened(t, s, d)
	u := hired(t, s, d)
	set := func(version int64, secret string, step int64) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.SetTOTP(ctx, d.Tenant(), u.ID, version, secret, step)
		}
	}
	within(t, s, set(2, "sealed", 7))
	refused(t, s, merchant.ErrStale, set(2, "other", 8))
	step := func(version, step int64) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.UseTOTPStep(ctx, d.Tenant(), u.ID, version, step)
		}
	}
	refused(t, s, merchant.ErrStale, step(3, 7)) // set it up
	refused(t, s, merchant.ErrStale, step(2, 9))
	wonOnce(t, s, "a code", step(3, 8))
	within(t, s, set(3, "", 0))
	c, err := s.Credentials(t.Context(), d.Tenant(), u.ID)
	if err != nil || c.TOTPSecret != "" || c.TOTPStep != 8 || c.User.Version != 4 {
		t.Errorf("%+v, %v", c, err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.ReplaceRecoveryCodes(ctx, d.Tenant(), u.ID, []string{"a", "b"}, d.Now)
	})
	spend := func(hash string) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.UseRecoveryCode(ctx, d.Tenant(), u.ID, hash, d.Now)
		}
	}
	wonOnce(t, s, "a recovery code", spend("a"))
	refused(t, s, merchant.ErrStale, spend("c"))
	if n, err := s.RecoveryCodesLeft(t.Context(), d.Tenant(), u.ID); err != nil || n != 1 {
		t.Errorf("%d left, %v", n, err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.ReplaceRecoveryCodes(ctx, d.Tenant(), u.ID, nil, d.Now)
	})
	refused(t, s, merchant.ErrStale, spend("b"))
}

func knownDevices(t *testing.T, s merchant.Store) {
	d := NewDesk(184)
	put := func(hash string) merchant.DeviceRow {
		d.Now = d.Now.Add(time.Second)
		row := merchant.DeviceRow{
			MerchantID: d.Merchant, UserID: "usr_184", ID: d.ID(id.Device), TokenHash: hash, Name: "Phone", CreatedAt: d.Now, SeenAt: d.Now,
		}
		within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.PutDevice(ctx, row) })
		return row
	}
	first := put("d184-1")
	put("d184-2")
	first.Name, first.SeenAt = "Tablet", d.Now.Add(time.Minute)
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.PutDevice(ctx, first) })
	put("d184-3")
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DropOldDevices(ctx, d.Tenant(), "usr_184", 2)
	})
	got, err := s.Device(t.Context(), d.Tenant(), "usr_184", "d184-1")
	if diff := cmp.Diff(first, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if byID, err := s.DeviceByID(t.Context(), d.Tenant(), "usr_184", first.ID); err != nil || byID.TokenHash != "d184-1" {
		t.Errorf("%+v, %v", byID, err)
	}
	if _, err := s.Device(t.Context(), d.Tenant(), "usr_184", "d184-2"); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("the one seen longest ago: %v", err)
	}
	if _, err := s.Device(t.Context(), d.Tenant(), "usr_other", "d184-1"); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("another user's: %v", err)
	}
	for hash, want := range map[string]bool{"d184-1": true, "d184-2": false} {
		if seen, err := s.DeviceSeen(t.Context(), hash); err != nil || seen != want {
			t.Errorf("%s seen: %v, %v", hash, seen, err)
		}
	}
}

func userMails(t *testing.T, s merchant.Store) {
	d := NewDesk(185)
	asked := func(address string) merchant.MailRow {
		row := merchant.MailRow{
			MerchantID: d.Merchant, ID: d.ID(id.Mail), UserID: "usr_185", Address: address, AddressIndex: "i" + address, Status: merchant.MailPending,
			CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Minute),
		}
		within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertMail(ctx, row) })
		return row
	}
	lost, first := asked("lost"), asked("first")
	if _, err := s.MailRow(t.Context(), d.Tenant(), lost.ID); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("one that another took the place of: %v", err)
	}
	verify := func(row merchant.MailRow, at time.Time) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error { return tx.VerifyMail(ctx, d.Tenant(), row, at) }
	}
	refused(t, s, merchant.ErrStale, verify(first, first.ExpiresAt))
	wonOnce(t, s, "a mail", verify(first, d.Now))
	second := asked("second")
	if row, err := s.MailOf(t.Context(), d.Tenant(), "usr_185", merchant.MailVerified); err != nil || row.ID != first.ID {
		t.Errorf("while another waits: %+v, %v", row, err)
	}
	within(t, s, verify(second, d.Now))
	if row, err := s.MailRow(t.Context(), d.Tenant(), first.ID); err != nil || row.Status != merchant.MailReplaced {
		t.Errorf("the one before: %+v, %v", row, err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DropReplacedMail(ctx, d.Tenant(), "usr_185", d.Now.Add(time.Second))
	})
	if _, err := s.MailRow(t.Context(), d.Tenant(), first.ID); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("after its time: %v", err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.ReplaceMail(ctx, d.Tenant(), "usr_185") })
	if err := s.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error { return tx.ReplaceMail(ctx, d.Tenant(), "usr_185") }); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("again: %v", err)
	}
}
