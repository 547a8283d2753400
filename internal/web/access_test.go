package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"innopay/internal/merchant"
)

// operations are method and path of everything in the document.
func operations(t *testing.T, r *rig) map[string][]string {
	t.Helper()
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	must(t, json.Unmarshal(r.to(http.MethodGet, "/openapi.json", nil).do().body, &d))
	out := map[string][]string{}
	for path, methods := range d.Paths {
		for method := range methods {
			out[path] = append(out[path], strings.ToUpper(method))
		}
	}
	return out
}

// bodies are requests that are fit to be read, by method and path.
func bodies(t *testing.T, r *rig) map[string]any {
	t.Helper()
	product := map[string]any{"name": "우유", "price": 100, "version": 1}
	category := map[string]any{"name": "음료", "version": 1}
	return map[string]any{
		"POST /v1/push/subscriptions":                           browserOf(t, "access"),
		"PUT /v1/password":                                      map[string]any{"presentPassword": loginPassword, "password": "short"},
		"POST /v1/sessions":                                     map[string]any{"loginId": "nobody", "password": "x"},
		"POST /v1/payments":                                     r.order(t, 10_000),
		"PUT /v1/payments/{id}/signature":                       map[string]any{"strokes": [][][]float64{{{1, 2, 3}}}},
		"POST /v1/payments/{id}/cancel":                         map[string]any{"reason": "변심", "cancelPassword": cancelPassword},
		"POST /v1/products":                                     map[string]any{"name": "우유", "price": 100},
		"PUT /v1/products/{id}":                                 product,
		"POST /v1/categories":                                   map[string]any{"name": "음료"},
		"PUT /v1/categories/{id}":                               category,
		"PUT /v1/settings":                                      merchant.DefaultSettings(),
		"POST /v1/operator/unsettled/{merchantId}/{id}/resolve": map[string]any{"outcome": "ABORTED"},
		"POST /v1/payment-requests":                             r.requestBody(55_000),
		"POST /v1/payment-requests/preview":                     r.requestBody(55_000),
		"POST /v1/payment-requests/{id}/resend":                 map[string]any{"phone": "01000005678"},
		"POST /v1/payment-requests/{id}/withdraw":               map[string]any{},
		"POST /v1/payments/{id}/receipts":                       map[string]any{"channel": "SMS", "to": "01000005678"},
		"POST /v1/payments/{id}/receipts/revoke":                map[string]any{},
		"POST /v1/cash-receipts":                                map[string]any{"type": "SELF_ISSUED", "orderId": "access-0001", "orderName": "출장", "amount": 10_000},
		"POST /v1/cash-receipts/{id}/cancel":                    map[string]any{"reasonCode": 1},
		"POST /v1/cash-receipts/{id}/reissue":                   map[string]any{"type": "SELF_ISSUED"},
		"POST /v1/senders":                                      map[string]any{"number": "0200000007"},
		"PUT /v1/staff/{id}/permissions":                        map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": false, "version": 1},
		"PUT /v1/products/{id}/picture":                         photo(t),
		"POST /v1/products/{id}/marks":                          map[string]any{"soldOut": true},
		"POST /v1/products/{id}/stock":                          map[string]any{"set": 5},
		"PUT /v1/products/order":                                map[string]any{"ids": []string{}},
		"PUT /v1/categories/order":                              map[string]any{"ids": []string{}},
		"POST /v1/products/import":                              file{"text/csv", []byte("상품명,가격\n우유,100\n")},
		"POST /v1/printers":                                     networkPrinter(),
		"PUT /v1/printers/{id}":                                 with(networkPrinter(), "version", 1),
		"POST /v1/payments/{id}/prints":                         localPrinter(),
		"POST /v1/cash-receipts/{id}/prints":                    localPrinter(),
		"POST /v1/test-prints":                                  localPrinter(),
		"POST /v1/keys":                                         map[string]any{"name": "POS", "scopes": []string{"payments.read"}, "presentPassword": loginPassword},
		"POST /v1/keys/{id}/rotate":                             map[string]any{"presentPassword": loginPassword},
		"POST /v1/webhooks":                                     receiver(),
		"PUT /v1/webhooks/{id}":                                 with(receiver(), "version", 1),
		"POST /v1/webhooks/{id}/rotate":                         map[string]any{},
	}
}

// request calls an operation with everything it needs to be read.
func request(r *rig, method, path string, body any) *call {
	filled := strings.NewReplacer("{merchantId}", r.one.ID, "{number}", "0200000008", "{id}", "pay_00000000000000000000000000", "{orderId}", "order-x", "{deliveryId}", "whd_00000000000000000000000000").Replace(path)
	switch {
	case method == http.MethodDelete && versioned(path):
		filled += "?version=1"
	case path == "/v1/products/import":
		filled += "?format=csv"
	case path == "/v1/installments":
		filled += "?amount=50000"
	}
	return r.to(method, filled, body).idempotent("access " + method + path)
}

// versioned reports whether a path leads to a row that is removed at its version.
func versioned(path string) bool {
	return !strings.HasPrefix(path, "/v1/sessions") && !strings.HasPrefix(path, "/v1/senders/") && !strings.HasPrefix(path, "/v1/printers/") && !strings.HasPrefix(path, "/v1/keys/") && !strings.HasPrefix(path, "/v1/webhooks/") && !strings.HasSuffix(path, "/picture")
}

func TestNothingWithoutLogin(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	revoked := r.login(t, "one-owner")
	if a := r.to(http.MethodDelete, "/v1/sessions/current", nil).cookie(revoked).do(); a.StatusCode != http.StatusNoContent {
		t.Fatalf("logout: %d %s", a.StatusCode, a.body)
	}
	given, n := bodies(t, r), 0
	for path, methods := range operations(t, r) {
		for _, method := range methods {
			name := method + " " + path
			if name == "POST /v1/sessions" {
				continue
			}
			n++
			for who, c := range map[string]*call{
				"nobody":          request(r, method, path, given[name]),
				"revoked session": request(r, method, path, given[name]).cookie(revoked),
				"made-up session": request(r, method, path, given[name]).cookie(plainCookie("x")),
				"made-up key":     request(r, method, path, given[name]).as(shop{key: "sk_test_x"}),
				"bearer":          request(r, method, path, given[name]).header("Authorization", "Bearer "+r.one.key),
				"unreadable":      request(r, method, path, "{"),
			} {
				a := c.do()
				if a.StatusCode != http.StatusUnauthorized || a.json(t)["code"] != "NOT_LOGGED_IN" {
					t.Errorf("%s as %s: %d %s", name, who, a.StatusCode, a.body)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d operations", n)
	}
	with := request(r, http.MethodGet, "/v1/merchant", nil)
	with.req.SetBasicAuth(r.one.key, "a password")
	if a := with.do(); a.StatusCode != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("key with a password: %d", a.StatusCode)
	}
}

// roles is what each may do; it is written down here once more, so that a change of
// the table is a change of this test.
var roles = map[string][]merchant.Role{
	"GET /v1/sessions/current":                               {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions/current":                            {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/sessions":                                       {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions":                                    {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions/{id}":                               {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/password":                                       {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/settings":                                       {merchant.Owner, merchant.Machine},
	"GET /v1/push/key":                                       {merchant.Owner, merchant.Staff},
	"POST /v1/push/subscriptions":                            {merchant.Owner, merchant.Staff},
	"DELETE /v1/push/subscriptions/{id}":                     {merchant.Owner, merchant.Staff},
	"POST /v1/products":                                      {merchant.Owner, merchant.Machine},
	"PUT /v1/products/{id}":                                  {merchant.Owner, merchant.Machine},
	"DELETE /v1/products/{id}":                               {merchant.Owner, merchant.Machine},
	"PUT /v1/products/{id}/picture":                          {merchant.Owner, merchant.Machine},
	"DELETE /v1/products/{id}/picture":                       {merchant.Owner, merchant.Machine},
	"POST /v1/products/{id}/marks":                           {merchant.Owner, merchant.Machine},
	"POST /v1/products/{id}/stock":                           {merchant.Owner, merchant.Machine},
	"PUT /v1/products/order":                                 {merchant.Owner, merchant.Machine},
	"PUT /v1/categories/order":                               {merchant.Owner, merchant.Machine},
	"POST /v1/products/import":                               {merchant.Owner, merchant.Machine},
	"PUT /v1/staff/{id}/permissions":                         {merchant.Owner},
	"POST /v1/categories":                                    {merchant.Owner, merchant.Machine},
	"PUT /v1/categories/{id}":                                {merchant.Owner, merchant.Machine},
	"DELETE /v1/categories/{id}":                             {merchant.Owner, merchant.Machine},
	"GET /v1/operator/unsettled":                             {merchant.Operator},
	"POST /v1/operator/unsettled/{merchantId}/{id}/resolve":  {merchant.Operator},
	"POST /v1/payments/{id}/receipts/revoke":                 {merchant.Owner, merchant.Machine},
	"POST /v1/cash-receipts/{id}/receipts/revoke":            {merchant.Owner, merchant.Machine},
	"POST /v1/printers":                                      {merchant.Owner, merchant.Machine},
	"PUT /v1/printers/{id}":                                  {merchant.Owner, merchant.Machine},
	"DELETE /v1/printers/{id}":                               {merchant.Owner, merchant.Machine},
	"GET /v1/keys":                                           {merchant.Owner},
	"POST /v1/keys":                                          {merchant.Owner},
	"POST /v1/keys/{id}/rotate":                              {merchant.Owner},
	"DELETE /v1/keys/{id}":                                   {merchant.Owner},
	"GET /v1/webhooks":                                       {merchant.Owner},
	"POST /v1/webhooks":                                      {merchant.Owner},
	"PUT /v1/webhooks/{id}":                                  {merchant.Owner},
	"DELETE /v1/webhooks/{id}":                               {merchant.Owner},
	"POST /v1/webhooks/{id}/rotate":                          {merchant.Owner},
	"POST /v1/webhooks/{id}/test":                            {merchant.Owner},
	"GET /v1/webhooks/{id}/deliveries":                       {merchant.Owner},
	"POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend":  {merchant.Owner},
	"POST /v1/senders":                                       {merchant.Owner, merchant.Machine},
	"DELETE /v1/senders/{number}":                            {merchant.Owner, merchant.Machine},
	"GET /v1/operator/senders/{merchantId}":                  {merchant.Operator},
	"POST /v1/operator/senders/{merchantId}/{number}/verify": {merchant.Operator},
}

func TestRoles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given := bodies(t, r)
	callers := map[merchant.Role]func(*call) *call{
		merchant.Machine: func(c *call) *call { return c.as(r.one) },
	}
	for role, login := range map[merchant.Role]string{merchant.Owner: "one-owner", merchant.Staff: "one-staff", merchant.Operator: "operator"} {
		callers[role] = func(c *call) *call { return c.cookie(r.login(t, login)) }
	}
	for path, methods := range operations(t, r) {
		for _, method := range methods {
			name := method + " " + path
			if name == "POST /v1/sessions" {
				continue
			}
			may, ok := roles[name]
			if !ok {
				may = []merchant.Role{merchant.Owner, merchant.Staff, merchant.Machine}
			}
			for role, as := range callers {
				allowed := false
				for _, m := range may {
					allowed = allowed || m == role
				}
				a := as(request(r, method, path, given[name])).do()
				if refused := a.StatusCode == http.StatusForbidden; refused == allowed || a.StatusCode >= 500 || a.StatusCode == http.StatusUnauthorized {
					t.Errorf("%s as %s: %d %s", name, role, a.StatusCode, a.body)
				}
			}
		}
	}
}

// without is a problem without what differs for each request.
func without(t *testing.T, a reply) []byte {
	t.Helper()
	p := a.json(t)
	delete(p, "traceId")
	b, err := json.Marshal(p)
	must(t, err)
	return b
}
