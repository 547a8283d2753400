package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/printer"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/internal/taxreceipt"
	"innopay/internal/webhook"
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

func TestReceipts(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Receipts(t, func(t *testing.T) storetest.ReceiptStore { return open(t, e.options(t)) })
		})
	}
}

// TestIdentifiersAreStoredSealed sees that nobody's number stands in a row of a receipt.
func TestIdentifiersAreStoredSealed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		db, d := open(t, o), storetest.NewDesk(231)
		first, second := d.CashReceipt(d.Cash()), d.CashReceipt(d.Cash())
		ok(t, db.ReceiptTx(t.Context(), func(ctx context.Context, tx taxreceipt.Tx) error {
			return errors.Join(tx.InsertReceipt(ctx, first), tx.InsertReceipt(ctx, second))
		}))
		second.Version = 2
		ok(t, db.ReceiptTx(t.Context(), func(ctx context.Context, tx taxreceipt.Tx) error { return tx.UpdateReceipt(ctx, second) }))
		rows, err := db.Rows(t.Context(), "cash_receipt")
		ok(t, err)
		if len(rows) != 2 {
			t.Fatalf("%d rows", len(rows))
		}
		for _, row := range rows {
			if digits := string(first.Identifier.Reveal()); digits == "" || strings.Contains(fmt.Sprint(row), digits) || strings.Contains(fmt.Sprint(row), digits[3:]) {
				t.Errorf("a row holds its identifier: %v", row)
			}
		}
		if rows[0]["identifier"] == rows[1]["identifier"] {
			t.Error("two rows of one number look alike")
		}
		// An identifier moved to another receipt is not believed.
		ok(t, db.Exec(t.Context(), "update cash_receipt set identifier = (select o.identifier from cash_receipt o where o.id = $1) where id = $2", first.ID, second.ID))
		if r, err := db.Receipt(t.Context(), d.Tenant(), second.ID); err == nil {
			t.Errorf("an identifier of another receipt opens: %+v", r)
		}
	})
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

func TestPrinters(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Printers(t, func(t *testing.T) printer.Store { return open(t, e.options(t)) })
		})
	}
}

func TestPushes(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Pushes(t, func(t *testing.T) storetest.Telling {
				db := open(t, e.options(t))
				return storetest.Telling{Store: db, People: store.NewMerchants(db), Events: db}
			})
		})
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Webhooks(t, func(t *testing.T) webhook.Store { return open(t, e.options(t)) })
		})
	}
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Approvals(t, func(t *testing.T) storetest.Office {
				db := open(t, e.options(t))
				return storetest.Office{Approvals: db, Contracts: db, Merchants: store.NewMerchants(db)}
			})
		})
	}
}

func TestBoards(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Boards(t, func(t *testing.T) storetest.Board {
				db := open(t, e.options(t))
				return storetest.Board{Notices: db, Tickets: db, People: storetest.Telling{Store: db, People: store.NewMerchants(db), Events: db}}
			})
		})
	}
}
