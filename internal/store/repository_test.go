package store_test

import (
	"fmt"
	"strings"
	"testing"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

func TestMerchants(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Merchants(t, func(t *testing.T) merchant.Store { return store.NewMerchants(open(t, e.options(t))) })
		})
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Products(t, func(t *testing.T) catalog.Store { return store.NewCatalog(open(t, e.options(t))) })
		})
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Requests(t, func(t *testing.T) storetest.RequestStore { return open(t, e.options(t)) })
		})
	}
}

// TestRecipientsAreStoredSealed sees that no number stands in a row of a message.
func TestRecipientsAreStoredSealed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		db, d := open(t, o), storetest.NewDesk(131)
		_, _, first := d.Ask(t, db)
		_, _, second := d.Ask(t, db)
		rows, err := db.Rows(t.Context(), "message")
		ok(t, err)
		if len(rows) != 2 || first.To != second.To || first.To == "" {
			t.Fatalf("%d rows, to %q and %q", len(rows), first.To, second.To)
		}
		for _, row := range rows {
			if strings.Contains(fmt.Sprint(row), first.To) || strings.Contains(fmt.Sprint(row), first.To[3:]) {
				t.Errorf("a row holds its recipient: %v", row)
			}
		}
		if rows[0]["recipient"] == rows[1]["recipient"] {
			t.Error("two rows to one number look alike")
		}
		// A recipient moved to another message is not believed.
		ok(t, db.Exec(t.Context(), "update message set recipient = (select o.recipient from message o where o.id = $1) where id = $2", first.ID, second.ID))
		if j, err := db.Message(t.Context(), d.Tenant(), second.ID); err == nil {
			t.Errorf("a recipient of another message opens: %+v", j)
		}
	})
}

func TestPushes(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Pushes(t, func(t *testing.T) storetest.Telling {
				db := open(t, e.options(t))
				return storetest.Telling{Store: db, People: store.NewMerchants(db)}
			})
		})
	}
}
