package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// networkPrinter is one in a shop's network.
func networkPrinter() map[string]any {
	return map[string]any{
		"name": "주방", "transport": "NETWORK", "address": "192.168.0.50", "columns": 48, "mode": "CP949", "hangul": "FULL", "drawer": true,
	}
}

// localPrinter is one that hangs on the app.
func localPrinter() map[string]any {
	return map[string]any{"columns": 32, "mode": "CP949", "hangul": "FULL"}
}

// with is a body with more fields: name, value, ..
func with(body map[string]any, pairs ...any) map[string]any {
	out := maps.Clone(body)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		out[name] = pairs[i+1]
	}
	return out
}

// printer registers a printer of a shop's.
func (r *rig) printer(t *testing.T, s shop, body map[string]any) string {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/printers", body).as(s).do()
	id, _ := a.json(t)["id"].(string)
	if a.StatusCode != http.StatusCreated || id == "" {
		t.Fatalf("printer: %d %s", a.StatusCode, a.body)
	}
	return id
}

// printable fills the second shop's own thing into a path that prints it.
func (r *rig) printable(t *testing.T, path string) string {
	t.Helper()
	if strings.HasPrefix(path, "/v1/payments/") {
		return strings.ReplaceAll(path, "{id}", fmt.Sprint(r.pay(t, r.two, r.order(t, 10_000))["id"]))
	}
	body := map[string]any{"type": "SELF_ISSUED", "orderId": fmt.Sprintf("print-%06d", r.orders.Add(1)), "orderName": "출장", "amount": 10_000}
	a := r.to(http.MethodPost, "/v1/cash-receipts", body).as(r.two).idempotent(fmt.Sprint(body["orderId"])).do()
	return strings.ReplaceAll(path, "{id}", fmt.Sprint(a.json(t)["id"]))
}

// goodPrint is good for what has to do with printing, nil for everything else.
func (s *stage) goodPrint(t *testing.T, f field) *scene {
	t.Helper()
	one := func() map[string]string { return map[string]string{"id": s.printer(t, s.two, networkPrinter())} }
	gone := func(id any) {
		a := s.to(http.MethodDelete, fmt.Sprint("/v1/printers/", id), nil).as(s.two).do()
		if a.StatusCode != http.StatusNoContent {
			t.Errorf("removing %v: %d %s", id, a.StatusCode, a.body)
		}
	}
	local := with(with(localPrinter(), "locale", "ko"), "drawer", false)
	switch f.operation {
	case "POST /v1/test-prints":
		return &scene{body: with(localPrinter(), "locale", "en")}
	case "POST /v1/printers":
		sc := &scene{body: networkPrinter()}
		sc.after = func(a reply) { // there is room for twenty
			if a.StatusCode == http.StatusCreated {
				gone(a.json(t)["id"])
			}
		}
		return sc
	case "PUT /v1/printers/{id}":
		return &scene{path: one(), body: with(networkPrinter(), "version", version)}
	case "DELETE /v1/printers/{id}":
		return s.again(one(), one, nil)
	case "POST /v1/printers/{id}/test":
		return &scene{path: one()}
	case "GET /v1/prints/{id}":
		a := s.to(http.MethodPost, s.printable(t, "/v1/payments/{id}/prints"), localPrinter()).as(s.two).idempotent(fmt.Sprint("walk-", s.orders.Add(1))).do()
		return &scene{path: map[string]string{"id": fmt.Sprint(a.json(t)["id"])}}
	case "POST /v1/prints/{id}/withdraw":
		handed := func() map[string]string {
			a := s.to(http.MethodPost, s.printable(t, "/v1/payments/{id}/prints"), localPrinter()).as(s.two).idempotent(fmt.Sprint("walk-", s.orders.Add(1))).do()
			return map[string]string{"id": fmt.Sprint(a.json(t)["id"])}
		}
		return s.again(handed(), handed, nil)
	case "POST /v1/cash-receipts/{id}/prints":
		sc := &scene{path: s.receipt(t), body: local}
		s.settle(t) // issued
		return sc
	case "POST /v1/payments/{id}/prints":
		return &scene{path: map[string]string{"id": s.sold(t, 10_000)}, body: local}
	}
	return nil
}
