package store_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
)

// scans are the lines of a plan that read a table, with what follows them.
var scans = regexp.MustCompile(`(?m)^.*((Seq|Index|Index Only|Bitmap Heap|Bitmap Index) Scan).*\n.*`)

// TestPlans looks at the plans that a fresh, empty database gets, because they are
// kept until the first statistics come: every row must be found by its key.
func TestPlans(t *testing.T) {
	t.Parallel()
	db := open(t, onPostgres(t, nil))
	intents, outcomes, err := db.Plans(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for name, plan := range map[string]string{"intents": intents, "outcomes": outcomes} {
		found := scans.FindAllString(plan, -1)
		if len(found) < 3 {
			t.Errorf("%s: only %d tables are read:\n%s", name, len(found), plan)
		}
		for _, scan := range found {
			keyed := strings.Contains(scan, "Index Cond: ((") && strings.Count(scan[strings.Index(scan, "\n")+1:], " = ") >= 2
			// A reader is one over all merchants: its number is the whole key.
			keyed = keyed || strings.Contains(scan, "using reader_counter_pkey") && strings.Contains(scan, "Index Cond: (device = ")
			// A merchant has one gate: the merchant is the whole key.
			keyed = keyed || strings.Contains(scan, "using limit_gate_pkey") && strings.Contains(scan, "Index Cond: (merchant_id = ")
			if strings.Contains(scan, "Seq Scan") || !keyed {
				t.Errorf("%s: a table is not read by its key:\n%s", name, scan)
			}
		}
	}
}

// TestLinkIsFoundByItsIndex: a partial index serves only a query that repeats its
// condition, and the page of a link is what strangers may ask for.
func TestLinkIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	plan, err := open(t, onSQLite(t)).LitePlan(t.Context())
	if err != nil || !strings.Contains(plan, "USING INDEX payment_request_token") {
		t.Errorf("%v\n%s", err, plan)
	}
}

// TestLostReceiptIsFoundByAnIndex: strangers may ask for it, and so it must never read
// all payments.
func TestLostReceiptIsFoundByAnIndex(t *testing.T) {
	t.Parallel()
	plan, err := open(t, onSQLite(t)).LiteApprovalPlan(t.Context())
	if err != nil || !strings.Contains(plan, "USING INDEX payment_approval (merchant_id=? AND approval_number=?)") || strings.Contains(plan, "SCAN p") {
		t.Errorf("%v\n%s", err, plan)
	}
}
