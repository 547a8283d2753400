package approval_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/store"
)

var start = time.Date(2028, 2, 28, 23, 59, 0, 0, time.UTC)

// The operators, and what the kind of the tests does.
const (
	asker, other, third = "usr_asker", "usr_other", "usr_third"
	kind                = "TEST_KIND"
)

// rig is a service on an empty database, with one kind that counts how often it is
// applied in a transaction that holds.
type rig struct {
	*approval.Service
	t     *testing.T
	db    *store.DB
	dir   string
	clock *clock.Fake
	// fails is what Apply returns, after it has written something.
	fails atomic.Pointer[error]
	got   atomic.Pointer[string]
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	must(t, err)
	db, err := store.Open(t.Context(), store.Options{
		SQLitePath: dbtest.SQLite(t, dir), Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Sealer: keys,
	})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	r := &rig{t: t, db: db, dir: dir, clock: clock.NewFake(start)}
	r.Service = &approval.Service{Store: db, Keys: keys, Clock: r.clock, IDs: id.NewSource(nil)}
	r.Register(approval.Kind{Name: kind, Apply: r.apply})
	must(t, store.NewMerchants(db).Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
		for _, who := range []string{asker, other, third} {
			u := merchant.User{ID: who, LoginID: who, Role: merchant.Operator, Status: merchant.UserActive, CreatedAt: start, Version: 1}
			if err := tx.InsertUser(ctx, u); err != nil {
				return err
			}
		}
		return nil
	}))
	return r
}

// apply writes one row beside the decision, so that it is seen whether both stand or fall.
func (r *rig) apply(ctx context.Context, tx approval.Tx, a approval.Approval, payload []byte) (approval.Result, error) {
	got := string(payload)
	r.got.Store(&got)
	trail := a
	trail.Kind, trail.Subject, trail.Status, trail.ID = "TRAIL", a.ID, approval.Pending, r.IDs.At(id.Approval, r.clock.Now())
	if err := tx.InsertApproval(ctx, approval.Row{Approval: trail, Payload: a.DecidedBy}); err != nil {
		return approval.Result{}, err
	}
	if err := r.fails.Load(); err != nil {
		return approval.Result{}, *err
	}
	return approval.Result{Link: "link of " + a.Subject}, nil
}

// disable shuts an operator out.
func (r *rig) disable(operator string) {
	r.t.Helper()
	must(r.t, store.NewMerchants(r.db).Tx(r.t.Context(), func(ctx context.Context, tx merchant.Tx) error {
		c, err := tx.Credentials(ctx, merchant.TenantOf(""), operator)
		if err != nil {
			return err
		}
		u := c.User
		u.Status, u.Version = merchant.UserDisabled, u.Version+1
		return tx.UpdateUser(ctx, u)
	}))
}

func (r *rig) fail(err error) { r.fails.Store(&err) }

// appliedBy is who decided what stands applied; empty: nobody.
func (r *rig) appliedBy(a approval.Approval) string {
	r.t.Helper()
	row, err := r.db.PendingApproval(r.t.Context(), a.Tenant(), "TRAIL", a.ID)
	if err != nil {
		return ""
	}
	return row.Payload
}

func (r *rig) ask(subject string) approval.Approval {
	r.t.Helper()
	a, _, err := r.Request(r.t.Context(), askFor(subject))
	must(r.t, err)
	return a
}

func askFor(subject string) approval.Ask {
	return approval.Ask{
		Actor: asker, Tenant: merchant.TenantOf("mer_1"), Kind: kind, Subject: subject, Reason: "고객 요청",
		Changes: []approval.Change{{Field: "number", Before: "***1", After: "***2"}}, Payload: map[string]string{"number": "secret-110-22"},
	}
}

// trail are the acts that the audit holds about a request, in order.
func (r *rig) trail(a approval.Approval) (out []string) {
	r.t.Helper()
	records, err := r.db.Unsealed(r.t.Context(), 1000)
	must(r.t, err)
	for _, one := range records {
		if one.Subject != a.ID {
			continue
		}
		var detail map[string]string
		must(r.t, json.Unmarshal([]byte(one.Detail), &detail))
		out = append(out, one.Action+" "+one.Actor+" "+detail["reason"])
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
