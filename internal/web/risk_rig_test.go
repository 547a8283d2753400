package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/risk"
)

// riskRule is a rule that finds nothing.
func riskRule() map[string]any {
	return map[string]any{
		"name": "시험 규칙", "kind": "CARD_VELOCITY", "action": "REVIEW", "enabled": false, "mostAmount": 1_000_000_000, "mostCount": 1000, "windowSeconds": 3600,
		"from": "23:00", "until": "06:00",
	}
}

// goodRisk is a good request about rules, blocks and what they found.
func (s *stage) goodRisk(t *testing.T, f field) *scene {
	t.Helper()
	rule := with(with(riskRule(), "reason", "점검"), "merchantId", s.two.ID)
	byID := func(id string) map[string]string { return map[string]string{"id": id} }
	switch f.operation {
	case "POST /v1/operator/risk/rules":
		return &scene{body: with(rule, "version", 0)}
	case "PUT /v1/operator/risk/rules/{id}":
		return &scene{path: byID(s.made1(t, "rules", rule)), body: with(rule, "version", version)}
	case "DELETE /v1/operator/risk/rules/{id}":
		sc := s.again(byID(s.made1(t, "rules", rule)), func() map[string]string { return byID(s.made1(t, "rules", rule)) }, nil)
		sc.query = url.Values{"version": {"1"}, "reason": {"점검"}}
		return sc
	case "POST /v1/operator/risk/rules/trial":
		return &scene{body: map[string]any{"rule": with(riskRule(), "merchantId", s.two.ID), "days": 1}}
	case "POST /v1/operator/risk/blocks":
		body := map[string]any{"reason": "점검", "bin": "123456"}
		switch f.pointer {
		case "/number":
			body = map[string]any{"reason": "점검", "number": "4000056655665556"}
		case "/phone":
			body = map[string]any{"reason": "점검", "phone": "01000009999"}
		case "/merchantId", "/paymentId":
			body = map[string]any{"reason": "점검", "merchantId": s.two.ID, "paymentId": s.sale(t)}
		}
		return &scene{body: body}
	case "DELETE /v1/operator/risk/blocks/{id}":
		made := func() map[string]string {
			return byID(s.made1(t, "blocks", map[string]any{"reason": "점검", "bin": fmt.Sprintf("%06d", s.orders.Add(1))}))
		}
		sc := s.again(made(), made, nil)
		sc.query = url.Values{"reason": {"점검"}}
		return sc
	case "POST /v1/operator/risk/reviews/{merchantId}/{id}":
		return &scene{path: map[string]string{"merchantId": s.two.ID, "id": s.found(t)}, body: map[string]any{"reason": "점검"}}
	}
	return nil
}

// made1 adds a rule or block and gives its id.
func (s *stage) made1(t *testing.T, path string, body map[string]any) string {
	t.Helper()
	a := s.to(http.MethodPost, "/v1/operator/risk/"+path, body).cookie(s.operator).do()
	made, _ := a.json(t)["id"].(string)
	if made == "" {
		t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
	}
	return made
}

// found is something that a rule found.
func (s *stage) found(t *testing.T) string {
	t.Helper()
	ids, now := id.NewSource(nil), s.clock.Now()
	r := risk.Review{MerchantID: s.two.ID, ID: ids.At(id.Review, now), Action: risk.ToCheck, Name: "시험", At: now}
	must(t, s.options.Risk.Store.Note(t.Context(), r, audit.Record{MerchantID: s.two.ID, ID: ids.At(id.Audit, now), At: now, Actor: "test", Action: "risk.review"}))
	return r.ID
}
