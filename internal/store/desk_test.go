package store_test

import (
	"strings"
	"testing"

	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

func TestOversight(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Desks(t, func(t *testing.T) storetest.DeskStore {
				db := open(t, e.options(t))
				return storetest.DeskStore{Payments: db, Merchants: store.NewMerchants(db), Receipts: db, Requests: db, Desk: store.NewOversight(db)}
			})
		})
	}
}

func TestRisk(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Risks(t, func(t *testing.T) storetest.RiskStore {
				db := open(t, e.options(t))
				return storetest.RiskStore{Payments: db, Merchants: store.NewMerchants(db), Risk: store.NewRisk(db)}
			})
		})
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Healths(t, func(t *testing.T) storetest.HealthStore {
				db := open(t, e.options(t))
				return storetest.HealthStore{Payments: db, Health: store.NewHealth(db)}
			})
		})
	}
}

// TestTheDeskReadsByIndexes: what operators ask for over all merchants must never read
// whole tables of payments, whatever SQLite knows of them.
func TestTheDeskReadsByIndexes(t *testing.T) {
	t.Parallel()
	plans, err := open(t, onSQLite(t)).DeskPlans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 12 {
		t.Errorf("only %d plans", len(plans))
	}
	for name, plan := range plans {
		for line := range strings.Lines(plan) {
			if strings.Contains(line, "cash_receipt_open") {
				continue // holds only those that may need somebody
			}
			if strings.Contains(line, "SCAN t") || strings.Contains(line, "SCAN b") || strings.Contains(line, "SCAN risk_count") {
				t.Errorf("%s reads a whole table:\n%s", name, plan)
			}
		}
	}
}
