package merchant_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
)

func triesLeft(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Details["triesLeft"]
	}
	return ""
}

func TestCancelPasswordIsCountedAndLockedOverARestart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	shop := r.shop.Tenant()
	check := func(p merchant.Password) error { return r.cancels.Check(r.ctx, shop, p, r.owner) }
	if err := check(cancelPassword); !errors.Is(err, merchant.ErrCancelPasswordNotSet) {
		t.Fatalf("before it is set: %v", err)
	}
	r.setCancelPassword(shop, cancelPassword)
	if err := check(cancelPassword); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"4", "3", "2"} {
		if err := check("wrong-one"); !errors.Is(err, merchant.ErrCancelPasswordWrong) || triesLeft(err) != left {
			t.Errorf("want %s left: %v, %s", left, err, triesLeft(err))
		}
	}
	r.restart()
	var last error
	for _, left := range []string{"1", "0"} {
		if last = check("wrong-one"); !errors.Is(last, merchant.ErrCancelPasswordWrong) || triesLeft(last) != left {
			t.Errorf("want %s left: %v, %s", left, last, triesLeft(last))
		}
	}
	if wait := retryAfter(t, last); wait != 15*time.Minute {
		t.Errorf("the try that locks says %v", wait)
	}
	r.restart()
	before := r.hasher.verified.Load()
	err := check(cancelPassword)
	if !errors.Is(err, merchant.ErrCancelPasswordLocked) || retryAfter(t, err) != 15*time.Minute {
		t.Errorf("locked: %v", err)
	}
	if r.hasher.verified.Load() != before {
		t.Error("a password was evaluated during the lock")
	}
	r.clock.Advance(15*time.Minute - time.Second)
	if err := check(cancelPassword); !errors.Is(err, merchant.ErrCancelPasswordLocked) {
		t.Errorf("a second before the end: %v", err)
	}
	r.clock.Advance(time.Second)
	if err := check(cancelPassword); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if err := check("wrong-one"); triesLeft(err) != "4" {
		t.Errorf("the count did not start anew: %v", err)
	}
}

func TestAnotherMerchantsCancelPasswordIsItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := r.merchant("다른 상점", "T0000002").Tenant()
	r.setCancelPassword(r.shop.Tenant(), cancelPassword)
	r.setCancelPassword(other, "other-73-grebe")
	for range 6 {
		_ = r.cancels.Check(r.ctx, r.shop.Tenant(), "other-73-grebe", r.owner)
	}
	if err := r.cancels.Check(r.ctx, r.shop.Tenant(), cancelPassword, r.owner); !errors.Is(err, merchant.ErrCancelPasswordLocked) {
		t.Errorf("the guessed merchant: %v", err)
	}
	if err := r.cancels.Check(r.ctx, other, "other-73-grebe", "key"); err != nil {
		t.Errorf("the other merchant: %v", err)
	}
	// A new password by its link unlocks.
	r.setCancelPassword(r.shop.Tenant(), "third-19-siskin")
	if err := r.cancels.Check(r.ctx, r.shop.Tenant(), "third-19-siskin", r.owner); err != nil {
		t.Errorf("after a new one was set: %v", err)
	}
	if err := r.cancels.Check(r.ctx, r.shop.Tenant(), cancelPassword, r.owner); !errors.Is(err, merchant.ErrCancelPasswordWrong) {
		t.Errorf("the old one: %v", err)
	}
}

// TestConcurrentWrongCancelPasswords runs two instances on one database.
func TestConcurrentWrongCancelPasswords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setCancelPassword(r.shop.Tenant(), cancelPassword)
	r.close()
	r.open(clock.System{})
	second := &rig{t: t, ctx: r.ctx, dir: r.dir}
	second.open(clock.System{})
	var wrong, locked atomic.Int64
	var wg sync.WaitGroup
	for n := range 100 {
		instance := []*rig{r, second}[n%2]
		wg.Go(func() {
			switch err := instance.cancels.Check(instance.ctx, r.shop.Tenant(), "wrong-one", "key"); {
			case errors.Is(err, merchant.ErrCancelPasswordWrong):
				wrong.Add(1)
			case errors.Is(err, merchant.ErrCancelPasswordLocked):
				locked.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if n := r.hasher.verified.Load() + second.hasher.verified.Load(); n != 5 || wrong.Load() != 5 || locked.Load() != 95 {
		t.Errorf("%d evaluated, %d wrong, %d locked", n, wrong.Load(), locked.Load())
	}
}

func TestBurstOfRightCancelPasswordsPasses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setCancelPassword(r.shop.Tenant(), cancelPassword)
	r.close()
	r.open(clock.System{})
	errs := make(chan error, 64)
	for range cap(errs) {
		go func() { errs <- r.cancels.Check(r.ctx, r.shop.Tenant(), cancelPassword, "key") }()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Errorf("a right password in a burst: %v", err)
		}
	}
}

// TestAKilledTryFreesItsPlace reserves tries that nobody settles.
func TestAKilledTryFreesItsPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.setCancelPassword(r.shop.Tenant(), cancelPassword)
	row := merchant.GuardRow{
		Subject: "cancel/" + r.shop.ID, Pending: 5, TouchedAt: r.clock.Now(), Version: 1,
	}
	if err := r.store.Tx(r.ctx, func(ctx ctx, tx merchant.Tx) error { return tx.PutGuard(ctx, row) }); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	if err := r.cancels.Check(r.ctx, r.shop.Tenant(), cancelPassword, "key"); err != nil {
		t.Errorf("a minute after the kill: %v", err)
	}
}
