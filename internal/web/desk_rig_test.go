package web_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"innopay/internal/audit"
	"innopay/internal/message"
)

// goodDesk is a good request of an operator's desk.
func (s *stage) goodDesk(t *testing.T, f field) *scene {
	t.Helper()
	if !strings.HasPrefix(f.path(), "/v1/operator/") {
		return nil
	}
	reason := bodyFor(f, map[string]any{"reason": "가맹점 문의"})
	at := func(id string) map[string]string { return map[string]string{"merchantId": s.two.ID, "id": id} }
	switch path := f.path(); {
	case strings.HasPrefix(path, "/v1/operator/payments/{merchantId}/{id}"):
		return &scene{path: at(s.sale(t)), body: reason}
	case path == "/v1/operator/unsettled/{merchantId}/{id}":
		return &scene{path: at(s.sale(t))}
	case strings.HasPrefix(path, "/v1/operator/unsettled/{merchantId}/{id}/"):
		return &scene{path: at(s.sale(t)), body: reason}
	case strings.HasPrefix(path, "/v1/operator/cash-receipts/{merchantId}/{id}"):
		sold := s.sell(t, 10_000, map[string]any{"type": "SELF_ISSUED"})
		id, _ := s.receiptOf(t, sold)["id"].(string)
		return &scene{path: map[string]string{"merchantId": s.one.ID, "id": id}, body: reason}
	case strings.HasPrefix(path, "/v1/operator/messages/{merchantId}/{id}"):
		waits := func() map[string]string { return at(s.unsent(t)) }
		if strings.HasSuffix(path, "/retry") {
			waits = func() map[string]string { return at(s.undelivered(t)) }
		}
		return s.again(waits(), waits, reason)
	case strings.HasPrefix(path, "/v1/operator/risk/"):
		return s.goodRisk(t, f)
	case path == "/v1/operator/alarms/{id}/acknowledge":
		raised := func() map[string]string { return map[string]string{"id": s.alarm(t, "TEST")} }
		return s.again(raised(), raised, reason)
	case path == "/v1/operator/audit/check":
		return &scene{body: map[string]any{"from": 1, "limit": 10, "reason": "점검"}}
	case path == "/v1/operator/audit/export":
		return &scene{query: url.Values{"reason": {"점검"}, "from": {"2026-03-02"}, "subject": {"nobody"}}}
	}
	return nil
}

// unsent is a message that has not left.
func (s *stage) unsent(t *testing.T) string {
	t.Helper()
	asked := s.askAt(t, s.two, s.requestBody(10_000))
	jobs, err := s.options.Messages.Store.Messages(t.Context(), s.two.Tenant(), asked["paymentId"].(string), 1)
	must(t, err)
	return jobs[0].ID
}

// undelivered is a message that did not arrive.
func (s *stage) undelivered(t *testing.T) string {
	t.Helper()
	id := s.unsent(t)
	must(t, s.options.Messages.Store.MessageTx(t.Context(), func(ctx context.Context, tx message.Tx) error {
		j, err := s.options.Messages.Store.Message(ctx, s.two.Tenant(), id)
		if err != nil {
			return err
		}
		j.Status, j.DueAt = message.Undelivered, time.Time{}
		j.Version++
		return tx.UpdateMessage(ctx, j)
	}))
	return id
}

// atDesk has an operator does something for a reason.
func (r *rig) atDesk(t *testing.T, operator *http.Cookie, path, reason string) reply {
	t.Helper()
	return r.to(http.MethodPost, "/v1/operator/"+path, map[string]any{"reason": reason}).cookie(operator).do()
}

// sql is the database as its file shows it, to put rows into states that take days.
func (r *rig) sql(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+r.database+"?_pragma=busy_timeout(10000)")
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// seal seals every record there is.
func (r *rig) seal(t *testing.T) {
	t.Helper()
	s := &audit.Sealer{Store: r.db, Clock: r.clock, Owner: "test"}
	for more := true; more; {
		var err error
		more, err = s.Round(t.Context())
		must(t, err)
	}
}

// sale is one sale that the desk looks at, whatever the field.
func (s *stage) sale(t *testing.T) string {
	t.Helper()
	s.once.Do(func() { s.saleID = s.sold(t, 10_000) })
	return s.saleID
}
