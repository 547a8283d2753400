package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/contract"
	"innopay/internal/merchant"
)

// Office is what operators work with.
type Office struct {
	Approvals approval.Store
	Contracts contract.Reader
	Merchants merchant.Store
}

// Approvals runs the part of the suite about operators: approvals, contracts, and what
// they ask of merchants.
func Approvals(t *testing.T, fresh func(t *testing.T) Office) {
	t.Helper()
	shared := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, Office)
	}{
		{"one request of a subject waits", approvalWaits},
		{"a decision is made once", approvalDecided},
		{"requests by state and merchant", approvalList},
		{"of many who decide or ask at once one does", approvalRaces},
		{"versions of a contract", contractVersions},
		{"merchants are found", merchantsFound},
		{"terminals are replaced", terminalsReplaced},
		{"closing ends every access", accessEnds},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, shared)
		})
	}
}

func (d *Desk) asked(kind, subject string) approval.Row {
	d.Now = d.Now.Add(time.Millisecond)
	return approval.Row{Payload: "sealed", Approval: approval.Approval{
		MerchantID: d.Merchant, ID: d.ID(id.Approval), Kind: kind, Subject: subject, Changes: []approval.Change{{Field: "a", Before: "1", After: "2"}},
		Reason: "까닭", Status: approval.Pending, RequestedBy: "usr_1", RequestedAt: d.Now, ExpiresAt: d.Now.Add(time.Hour),
	}}
}

// inOffice runs fn in one transaction that is audited.
func inOffice(t *testing.T, o Office, d *Desk, fn func(ctx context.Context, tx approval.Tx) error) error {
	t.Helper()
	return o.Approvals.ApprovalTx(t.Context(), func(ctx context.Context, tx approval.Tx) error {
		if err := tx.Record(ctx, d.record("test", d.Merchant)); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

func ask(t *testing.T, o Office, d *Desk, r approval.Row) error {
	t.Helper()
	return inOffice(t, o, d, func(ctx context.Context, tx approval.Tx) error { return tx.InsertApproval(ctx, r) })
}

func approvalWaits(t *testing.T, o Office) {
	d := NewDesk(1320)
	first := d.asked("KIND", "a")
	for i, c := range []struct {
		row  approval.Row
		want error
	}{{first, nil}, {d.asked("KIND", "a"), merchant.ErrTaken}, {d.asked("KIND", "b"), nil}, {d.asked("OTHER", "a"), nil}} {
		if err := ask(t, o, d, c.row); !errors.Is(err, c.want) {
			t.Errorf("request %d: %v", i, err)
		}
	}
	got, err := o.Approvals.PendingApproval(t.Context(), d.Tenant(), "KIND", "a")
	if diff := cmp.Diff(first, got, cmpopts.IgnoreUnexported(approval.Approval{})); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := o.Approvals.Approval(t.Context(), d.ID(id.Approval)); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("one that nobody made: %v", err)
	}
}

func approvalDecided(t *testing.T, o Office) {
	d := NewDesk(1321)
	row := d.asked("KIND", "a")
	if err := ask(t, o, d, row); err != nil {
		t.Fatal(err)
	}
	decide := func(to approval.Status) error {
		a := row.Approval
		a.Status, a.DecidedBy, a.DecidedAt, a.Decision = to, "usr_2", d.Now, "왜냐하면"
		return inOffice(t, o, d, func(ctx context.Context, tx approval.Tx) error { return tx.DecideApproval(ctx, a) })
	}
	if err := decide(approval.Refused); err != nil {
		t.Fatal(err)
	}
	if err := decide(approval.Applied); !errors.Is(err, merchant.ErrStale) {
		t.Errorf("a second decision: %v", err)
	}
	got, err := o.Approvals.Approval(t.Context(), row.ID)
	if err != nil || got.Status != approval.Refused || got.DecidedBy != "usr_2" || got.Decision != "왜냐하면" || !got.DecidedAt.Equal(d.Now) {
		t.Errorf("%+v %v", got, err)
	}
	if err := ask(t, o, d, d.asked("KIND", "a")); err != nil {
		t.Errorf("the same asked for anew: %v", err)
	}
}

func approvalList(t *testing.T, o Office) {
	d := NewDesk(1322)
	var ids []string
	for _, subject := range []string{"a", "b", "c"} {
		row := d.asked("KIND", subject)
		if subject == "b" {
			row.ExpiresAt = d.Now
		}
		ids = append(ids, row.ID)
		if err := ask(t, o, d, row); err != nil {
			t.Fatal(err)
		}
	}
	a := d.asked("KIND", "a").Approval
	a.ID, a.Status = ids[0], approval.Applied
	if err := inOffice(t, o, d, func(ctx context.Context, tx approval.Tx) error { return tx.DecideApproval(ctx, a) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		filter approval.Filter
		want   []string
	}{
		{approval.Filter{}, []string{ids[2], ids[1], ids[0]}}, {approval.Filter{Before: ids[2]}, []string{ids[1], ids[0]}},
		{approval.Filter{Status: approval.Pending}, []string{ids[2]}}, {approval.Filter{Status: approval.Expired}, []string{ids[1]}},
		{approval.Filter{Status: approval.Applied}, []string{ids[0]}}, {approval.Filter{Status: approval.Refused}, nil},
	} {
		c.filter.MerchantID = d.Merchant
		rows, err := o.Approvals.Approvals(t.Context(), c.filter, d.Now, 10)
		var got []string
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%+v: %v %s", c.filter, err, diff)
		}
	}
}

func contractVersions(t *testing.T, o Office) {
	d := NewDesk(1323)
	write := func(version int64, effective clock.Day) error {
		r := contract.Row{Sealed: "sealed", Contract: contract.Contract{
			MerchantID: d.Merchant, Version: version, Effective: effective, From: "2026-03-01", Fees: []contract.Fee{{Method: contract.Card, Issuer: "11", CardType: "CHECK", Rate: 85}},
			FeeVAT: true, Limits: contract.Limits{PerPayment: 1, PerDay: 2, PerMonth: 3, MaxMonths: 12}, Cycle: 2, Actor: "usr_1", CreatedAt: d.Now,
		}}
		err := inOffice(t, o, d, func(ctx context.Context, tx approval.Tx) error { return tx.InsertContract(ctx, r) })
		if got, rerr := o.Contracts.Contracts(t.Context(), d.Tenant()); err == nil && (rerr != nil || cmp.Diff(r, got[0]) != "") {
			t.Errorf("%v %s", rerr, cmp.Diff(r, got[0]))
		}
		return err
	}
	for _, c := range []struct {
		version   int64
		effective clock.Day
		want      error
	}{{1, "2026-03-01", nil}, {2, "2026-03-20", nil}, {2, "2026-03-05", contract.ErrStale}, {3, "2026-03-10", nil}} {
		if err := write(c.version, c.effective); !errors.Is(err, c.want) {
			t.Errorf("version %d: %v", c.version, err)
		}
	}
	for day, want := range map[clock.Day]int64{"2026-03-01": 1, "2026-03-09": 1, "2026-03-10": 3, "2026-03-20": 3, "2027-01-01": 3} {
		if r, err := o.Contracts.ContractOn(t.Context(), d.Tenant(), day); err != nil || r.Version != want {
			t.Errorf("%s: version %d %v, want %d", day, r.Version, err, want)
		}
	}
	if _, err := o.Contracts.ContractOn(t.Context(), d.Tenant(), "2026-02-28"); !errors.Is(err, contract.ErrAbsent) {
		t.Errorf("before the contract: %v", err)
	}
}

func merchantsFound(t *testing.T, o Office) {
	d := NewDesk(1324)
	m := shop(d)
	m.Name, m.Status = "Coffee_100% "+tidOf(d), merchant.Review
	within(t, o.Merchants, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertMerchant(ctx, m) })
	for text, want := range map[string]bool{
		"coffee_100%": true, "COFFEE": true, tidOf(d): true, d.Merchant: true, "123-45-678": true, "Coffeex100": false, "%": true, "nobody": false,
	} {
		found := false
		got, err := o.Merchants.FindMerchants(t.Context(), merchant.MerchantFilter{Text: text, Status: merchant.Review}, 100)
		for _, one := range got {
			if one.ID == d.Merchant {
				found = true
				if diff := cmp.Diff(m, one); diff != "" {
					t.Error(diff)
				}
			}
		}
		if err != nil || found != want {
			t.Errorf("%q: %t %v", text, found, err)
		}
	}
	for _, s := range []merchant.Status{merchant.Active, merchant.Suspended, merchant.Closed} {
		got, err := o.Merchants.FindMerchants(t.Context(), merchant.MerchantFilter{Text: tidOf(d), Status: s}, 100)
		if err != nil || len(got) != 0 {
			t.Errorf("%s: %d %v", s, len(got), err)
		}
	}
}

func terminalsReplaced(t *testing.T, o Office) {
	d, other := NewDesk(1325), NewDesk(1326)
	m := opened(t, o.Merchants, d)
	opened(t, o.Merchants, other)
	next := []merchant.Terminal{m.Terminals[0], {TID: "A" + tidOf(d)[1:], MID: "M2", Acquirer: "iso8583"}}
	within(t, o.Merchants, func(ctx context.Context, tx merchant.Tx) error { return tx.ReplaceTerminals(ctx, d.Tenant(), next) })
	within(t, o.Merchants, func(ctx context.Context, tx merchant.Tx) error { return tx.ReplaceTerminals(ctx, d.Tenant(), next[1:]) })
	refused(t, o.Merchants, merchant.ErrTaken, func(ctx context.Context, tx merchant.Tx) error {
		return tx.ReplaceTerminals(ctx, d.Tenant(), []merchant.Terminal{{TID: tidOf(other), MID: "M1", Acquirer: "iso8583"}})
	})
	got, err := o.Merchants.MerchantRow(t.Context(), d.Tenant())
	if diff := cmp.Diff(next[1:], got.Terminals); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func accessEnds(t *testing.T, o Office) {
	d, other := NewDesk(1327), NewDesk(1328)
	opened(t, o.Merchants, d)
	opened(t, o.Merchants, other)
	for _, one := range []*Desk{d, other} {
		u := hired(t, o.Merchants, one)
		loggedIn(t, o.Merchants, one, u, "hash of "+one.Merchant)
		within(t, o.Merchants, func(ctx context.Context, tx merchant.Tx) error {
			return tx.InsertKey(ctx, merchant.KeyRow{MerchantID: one.Merchant, ID: one.ID(id.Key), Name: "key", Hash: "key of " + one.Merchant, CreatedAt: one.Now})
		})
	}
	within(t, o.Merchants, func(ctx context.Context, tx merchant.Tx) error { return tx.EndAccess(ctx, d.Tenant(), d.Now) })
	if _, err := o.Merchants.Session(t.Context(), "hash of "+d.Merchant); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("its session: %v", err)
	}
	if k, err := o.Merchants.KeyByHash(t.Context(), "key of "+d.Merchant); err != nil || k.RevokedAt.IsZero() {
		t.Errorf("its key: %+v %v", k, err)
	}
	if _, err := o.Merchants.Session(t.Context(), "hash of "+other.Merchant); err != nil {
		t.Errorf("another's session: %v", err)
	}
	if k, err := o.Merchants.KeyByHash(t.Context(), "key of "+other.Merchant); err != nil || !k.RevokedAt.IsZero() {
		t.Errorf("another's key: %+v %v", k, err)
	}
}
