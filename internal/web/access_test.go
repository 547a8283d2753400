package web_test

import (
	"encoding/json"
	"maps"
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
	all := map[string]any{
		"POST /v1/push/subscriptions":             browserOf(t, "access"),
		"PUT /v1/password":                        map[string]any{"presentPassword": loginPassword, "password": "short"},
		"POST /v1/sessions":                       map[string]any{"loginId": "nobody", "password": "x"},
		"POST /v1/payments":                       r.order(t, 10_000),
		"PUT /v1/payments/{id}/signature":         map[string]any{"strokes": [][][]float64{{{1, 2, 3}}}},
		"POST /v1/payments/{id}/cancel":           map[string]any{"reason": "변심", "cancelPassword": cancelPassword},
		"POST /v1/products":                       map[string]any{"name": "우유", "price": 100},
		"PUT /v1/products/{id}":                   product,
		"POST /v1/categories":                     map[string]any{"name": "음료"},
		"PUT /v1/categories/{id}":                 category,
		"PUT /v1/settings":                        merchant.DefaultSettings(),
		"POST /v1/payment-requests":               r.requestBody(55_000),
		"POST /v1/payment-requests/preview":       r.requestBody(55_000),
		"POST /v1/payment-requests/{id}/resend":   map[string]any{"phone": "01000005678"},
		"POST /v1/payment-requests/{id}/withdraw": map[string]any{},
		"POST /v1/payments/{id}/receipts":         map[string]any{"channel": "SMS", "to": "01000005678"},
		"POST /v1/payments/{id}/receipts/revoke":  map[string]any{},
		"POST /v1/cash-receipts":                  map[string]any{"type": "SELF_ISSUED", "orderId": "access-0001", "orderName": "출장", "amount": 10_000},
		"POST /v1/cash-receipts/{id}/cancel":      map[string]any{"reasonCode": 1},
		"POST /v1/cash-receipts/{id}/reissue":     map[string]any{"type": "SELF_ISSUED"},
		"POST /v1/senders":                        map[string]any{"number": "0200000007"},
		"PUT /v1/staff/{id}/permissions":          map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": false, "version": 1},
		"PUT /v1/products/{id}/picture":           photo(t),
		"POST /v1/products/{id}/marks":            map[string]any{"soldOut": true},
		"POST /v1/products/{id}/stock":            map[string]any{"set": 5},
		"PUT /v1/products/order":                  map[string]any{"ids": []string{}},
		"PUT /v1/categories/order":                map[string]any{"ids": []string{}},
		"POST /v1/products/import":                file{"text/csv", []byte("상품명,가격\n우유,100\n")},
		"POST /v1/printers":                       networkPrinter(),
		"PUT /v1/printers/{id}":                   with(networkPrinter(), "version", 1),
		"POST /v1/payments/{id}/prints":           localPrinter(),
		"POST /v1/cash-receipts/{id}/prints":      localPrinter(),
		"POST /v1/test-prints":                    localPrinter(),
		"POST /v1/tickets":                        question("영수증 문의"),
		"POST /v1/tickets/{id}/messages":          map[string]any{"text": "더 물어볼게요."},
		"POST /v1/invites":                        map[string]any{"uses": 1},
		"POST /v1/staff/{id}/approve":             map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": false},
		"POST /v1/consents":                       map[string]any{"consents": []any{map[string]any{"kind": "SERVICE", "version": 1, "agreed": true}}},
		"POST /v1/sessions/passkey":               map[string]any{"challenge": "x", "credential": map[string]any{}},
		"POST /v1/password-resets":                map[string]any{"loginId": "nobody"},
		"POST /v1/passkeys/options":               map[string]any{"presentPassword": loginPassword},
		"POST /v1/passkeys":                       map[string]any{"challenge": "x", "name": "전화", "credential": map[string]any{}},
		"PUT /v1/passkeys/{id}":                   map[string]any{"name": "전화"},
		"POST /v1/second-factor/options":          map[string]any{"presentPassword": loginPassword},
		"POST /v1/second-factor":                  map[string]any{"challenge": "x", "code": "123456"},
		"POST /v1/second-factor/disable":          map[string]any{"presentPassword": loginPassword, "code": "123456"},
		"POST /v1/second-factor/recovery-codes":   map[string]any{"presentPassword": loginPassword, "code": "123456"},
		"PUT /v1/mail-address":                    map[string]any{"presentPassword": loginPassword, "address": "access@example.com"},
		"POST /v1/mail-address/verify":            map[string]any{"code": "123456"},
		"POST /v1/mail-address/remove":            map[string]any{"presentPassword": loginPassword},
		"POST /v1/keys":                           map[string]any{"name": "POS", "scopes": []string{"payments.read"}, "presentPassword": loginPassword},
		"POST /v1/keys/{id}/rotate":               map[string]any{"presentPassword": loginPassword},
		"POST /v1/webhooks":                       receiver(),
		"PUT /v1/webhooks/{id}":                   with(receiver(), "version", 1),
		"POST /v1/webhooks/{id}/rotate":           map[string]any{},
	}
	maps.Copy(all, operatorBodies())
	return all
}

// operatorBodies are those of what operators do.
func operatorBodies() map[string]any {
	return map[string]any{
		"POST /v1/operator/unsettled/{merchantId}/{id}/resolve":                    map[string]any{"outcome": "ABORTED", "reason": "시험"},
		"POST /v1/operator/alarms/{id}/acknowledge":                                map[string]any{"reason": "시험"},
		"POST /v1/operator/risk/rules":                                             with(riskRule(), "reason", "시험"),
		"PUT /v1/operator/risk/rules/{id}":                                         with(with(riskRule(), "reason", "시험"), "version", 1),
		"POST /v1/operator/risk/rules/trial":                                       map[string]any{"rule": riskRule(), "days": 7},
		"POST /v1/operator/risk/blocks":                                            map[string]any{"bin": "123456", "reason": "시험"},
		"POST /v1/operator/risk/reviews/{merchantId}/{id}":                         map[string]any{"reason": "시험"},
		"POST /v1/operator/payments/{merchantId}/{id}/inquire":                     map[string]any{"reason": "시험"},
		"POST /v1/operator/unsettled/{merchantId}/{id}/run":                        map[string]any{"reason": "시험"},
		"POST /v1/operator/unsettled/{merchantId}/{id}/inquire":                    map[string]any{"reason": "시험"},
		"POST /v1/operator/cash-receipts/{merchantId}/{id}/retry":                  map[string]any{"reason": "시험"},
		"POST /v1/operator/messages/{merchantId}/{id}/retry":                       map[string]any{"reason": "시험"},
		"POST /v1/operator/messages/{merchantId}/{id}/cancel":                      map[string]any{"reason": "시험"},
		"POST /v1/operator/audit/check":                                            map[string]any{"reason": "시험"},
		"POST /v1/operator/merchants":                                              with(details(), "terminals", []any{terminal("ACCESS")}),
		"PUT /v1/operator/merchants/{merchantId}":                                  with(details(), "version", 99),
		"PUT /v1/operator/merchants/{merchantId}/terminals":                        map[string]any{"version": 99, "terminals": []any{terminal("ACCESS")}},
		"POST /v1/operator/merchants/{merchantId}/status":                          map[string]any{"status": "ACTIVE", "reason": "시험"},
		"PUT /v1/operator/merchants/{merchantId}/contract":                         contractBody(),
		"POST /v1/operator/merchants/{merchantId}/users/{id}/disable":              map[string]any{"reason": "시험"},
		"POST /v1/operator/merchants/{merchantId}/users/{id}/enable":               map[string]any{"reason": "시험"},
		"POST /v1/operator/operators":                                              map[string]any{"loginId": "access-operator", "name": "운영자", "reason": "시험"},
		"POST /v1/operator/operators/{id}/disable":                                 map[string]any{"reason": "시험"},
		"POST /v1/operator/operators/{id}/enable":                                  map[string]any{"reason": "시험"},
		"POST /v1/operator/approvals/{id}/refuse":                                  map[string]any{"reason": "시험"},
		"POST /v1/operator/notices":                                                map[string]any{"title": "점검 안내", "body": "잠시 쉬어요."},
		"PUT /v1/operator/notices/{id}":                                            map[string]any{"title": "점검 안내", "body": "잠시 쉬어요.", "version": 1},
		"POST /v1/operator/interest-free":                                          interestFree("41"),
		"POST /v1/operator/interest-free/import":                                   file{"text/csv", []byte("카드사,개월,최소금액,시작일,종료일\n신한,2~3,50000,2026-03-01,2026-03-31\n")},
		"POST /v1/operator/tickets/{merchantId}/{id}/assignee":                     map[string]any{},
		"POST /v1/operator/tickets/{merchantId}/{id}/messages":                     map[string]any{"text": "답변이에요."},
		"POST /v1/operator/terms/{kind}/diff":                                      map[string]any{"from": 1, "body": "소식"},
		"POST /v1/operator/terms":                                                  map[string]any{"kind": "MARKETING", "title": "소식", "required": false, "body": "소식", "effectiveFrom": "2026-03-30"},
		"POST /v1/operator/merchants/{merchantId}/owners":                          map[string]any{"loginId": "access-owner", "name": "점주", "email": "owner@example.com"},
		"POST /v1/operator/merchants/{merchantId}/owners/preview":                  map[string]any{"loginId": "access-owner", "name": "점주", "email": "owner@example.com"},
		"POST /v1/operator/merchants/{merchantId}/users/{id}/unlock":               map[string]any{"reason": "본인 확인"},
		"POST /v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor":  map[string]any{"reason": "본인 확인"},
		"POST /v1/operator/merchants/{merchantId}/users/{id}/personal-data/export": map[string]any{"reason": "본인 요청"},
		"POST /v1/operator/merchants/{merchantId}/users/{id}/personal-data/erase":  map[string]any{"reason": "본인 요청"},
		"POST /v1/operator/buyers/export":                                          map[string]any{"phone": "010-0000-5678", "reason": "본인 요청"},
		"POST /v1/operator/buyers/erase":                                           map[string]any{"phone": "010-0000-5678", "reason": "본인 요청"},
	}
}

// public reports whether nobody needs to be logged in for an operation.
func public(path, method string) bool {
	return strings.HasPrefix(path, "/v1/sessions") && method == http.MethodPost || path == "/v1/password-resets" || strings.HasPrefix(path, "/v1/registrations") || strings.HasPrefix(path, "/v1/terms") || path == "/v1/brand"
}

// kindOf is a kind that the path takes.
func kindOf(path string) string {
	if strings.Contains(path, "/terms/") {
		return "SERVICE"
	}
	return "ACQUIRER"
}

// request calls an operation with everything it needs to be read.
func request(r *rig, method, path string, body any) *call {
	filled := strings.NewReplacer("{merchantId}", r.one.ID, "{number}", "0200000008", "{id}", "pay_00000000000000000000000000", "{orderId}", "order-x", "{sessionId}", "ses_00000000000000000000000000", "{kind}", kindOf(path), "{name}", "simulator", "{version}", "1", "{deliveryId}", "whd_00000000000000000000000000").Replace(path)
	switch {
	case method == http.MethodDelete && strings.HasPrefix(path, "/v1/operator/risk/blocks"):
		filled += "?reason=x"
	case method == http.MethodDelete && strings.HasPrefix(path, "/v1/operator/risk/"):
		filled += "?version=1&reason=x"
	case method == http.MethodDelete && versioned(path):
		filled += "?version=1"
	case strings.HasSuffix(path, "/import"):
		filled += "?format=csv"
	case path == "/v1/operator/audit/export":
		filled += "?reason=x"
	case method == http.MethodDelete && strings.HasPrefix(path, "/v1/operator/"):
		filled += "?reason=access"
	case strings.HasSuffix(path, "/diff"):
		filled += "?from=1&to=1"
	case path == "/v1/installments":
		filled += "?amount=50000"
	}
	return r.to(method, filled, body).idempotent("access " + method + path)
}

// versioned reports whether a path leads to a row that is removed at its version.
func versioned(path string) bool {
	return !strings.HasPrefix(path, "/v1/operator/") && !strings.HasPrefix(path, "/v1/sessions") && !strings.HasPrefix(path, "/v1/senders/") && !strings.HasPrefix(path, "/v1/printers/") && !strings.HasPrefix(path, "/v1/invites/") && !strings.HasPrefix(path, "/v1/staff/") && !strings.HasPrefix(path, "/v1/passkeys/") && !strings.HasPrefix(path, "/v1/keys/") && !strings.HasPrefix(path, "/v1/webhooks/") && !strings.HasSuffix(path, "/picture")
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
			if public(path, method) {
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
	"GET /v1/closings":                                      {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"POST /v1/closings":                                     {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/closings/{day}":                                {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"POST /v1/closings/{day}/reopen":                        {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"POST /v1/closings/{day}/prints":                        {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/closings/{day}/document":                       {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/settlements":                                   {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/settlements/export":                            {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/sales/export":                                  {merchant.Owner, merchant.Machine}, // staff by the right viewSales
	"GET /v1/sessions/current":                              {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions/current":                           {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/sessions":                                      {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions":                                   {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/sessions/{id}":                              {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/password":                                      {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/settings":                                      {merchant.Owner, merchant.Machine},
	"GET /v1/push/key":                                      {merchant.Owner, merchant.Staff},
	"POST /v1/push/subscriptions":                           {merchant.Owner, merchant.Staff},
	"DELETE /v1/push/subscriptions/{id}":                    {merchant.Owner, merchant.Staff},
	"POST /v1/products":                                     {merchant.Owner, merchant.Machine},
	"PUT /v1/products/{id}":                                 {merchant.Owner, merchant.Machine},
	"DELETE /v1/products/{id}":                              {merchant.Owner, merchant.Machine},
	"PUT /v1/products/{id}/picture":                         {merchant.Owner, merchant.Machine},
	"DELETE /v1/products/{id}/picture":                      {merchant.Owner, merchant.Machine},
	"POST /v1/products/{id}/marks":                          {merchant.Owner, merchant.Machine},
	"POST /v1/products/{id}/stock":                          {merchant.Owner, merchant.Machine},
	"PUT /v1/products/order":                                {merchant.Owner, merchant.Machine},
	"PUT /v1/categories/order":                              {merchant.Owner, merchant.Machine},
	"POST /v1/products/import":                              {merchant.Owner, merchant.Machine},
	"PUT /v1/staff/{id}/permissions":                        {merchant.Owner},
	"POST /v1/categories":                                   {merchant.Owner, merchant.Machine},
	"PUT /v1/categories/{id}":                               {merchant.Owner, merchant.Machine},
	"DELETE /v1/categories/{id}":                            {merchant.Owner, merchant.Machine},
	"POST /v1/payments/{id}/receipts/revoke":                {merchant.Owner, merchant.Machine},
	"POST /v1/cash-receipts/{id}/receipts/revoke":           {merchant.Owner, merchant.Machine},
	"POST /v1/printers":                                     {merchant.Owner, merchant.Machine},
	"PUT /v1/printers/{id}":                                 {merchant.Owner, merchant.Machine},
	"DELETE /v1/printers/{id}":                              {merchant.Owner, merchant.Machine},
	"POST /v1/senders":                                      {merchant.Owner, merchant.Machine},
	"DELETE /v1/senders/{number}":                           {merchant.Owner, merchant.Machine},
	"GET /v1/notices":                                       {merchant.Owner, merchant.Staff},
	"POST /v1/notices/{id}/read":                            {merchant.Owner, merchant.Staff},
	"GET /v1/tickets":                                       {merchant.Owner, merchant.Staff},
	"POST /v1/tickets":                                      {merchant.Owner, merchant.Staff},
	"GET /v1/tickets/{id}":                                  {merchant.Owner, merchant.Staff},
	"POST /v1/tickets/{id}/messages":                        {merchant.Owner, merchant.Staff},
	"POST /v1/tickets/{id}/read":                            {merchant.Owner, merchant.Staff},
	"GET /v1/brand":                                         {merchant.Owner, merchant.Staff, merchant.Machine, merchant.Operator},
	"GET /v1/invites":                                       {merchant.Owner},
	"POST /v1/invites":                                      {merchant.Owner},
	"DELETE /v1/invites/{id}":                               {merchant.Owner},
	"POST /v1/staff/{id}/approve":                           {merchant.Owner},
	"POST /v1/staff/{id}/refuse":                            {merchant.Owner},
	"POST /v1/staff/{id}/disable":                           {merchant.Owner},
	"POST /v1/staff/{id}/enable":                            {merchant.Owner},
	"DELETE /v1/staff/{id}/sessions":                        {merchant.Owner},
	"GET /v1/personal-data":                                 {merchant.Owner, merchant.Staff},
	"GET /v1/consents":                                      {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/consents":                                     {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/passkeys":                                      {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/passkeys/options":                             {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/passkeys":                                     {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/passkeys/{id}":                                 {merchant.Owner, merchant.Staff, merchant.Operator},
	"DELETE /v1/passkeys/{id}":                              {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/second-factor":                                 {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/second-factor/options":                        {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/second-factor":                                {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/second-factor/disable":                        {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/second-factor/recovery-codes":                 {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/mail-address":                                  {merchant.Owner, merchant.Staff, merchant.Operator},
	"PUT /v1/mail-address":                                  {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/mail-address/verify":                          {merchant.Owner, merchant.Staff, merchant.Operator},
	"POST /v1/mail-address/remove":                          {merchant.Owner, merchant.Staff, merchant.Operator},
	"GET /v1/keys":                                          {merchant.Owner},
	"POST /v1/keys":                                         {merchant.Owner},
	"POST /v1/keys/{id}/rotate":                             {merchant.Owner},
	"DELETE /v1/keys/{id}":                                  {merchant.Owner},
	"GET /v1/webhooks":                                      {merchant.Owner},
	"POST /v1/webhooks":                                     {merchant.Owner},
	"PUT /v1/webhooks/{id}":                                 {merchant.Owner},
	"DELETE /v1/webhooks/{id}":                              {merchant.Owner},
	"POST /v1/webhooks/{id}/rotate":                         {merchant.Owner},
	"POST /v1/webhooks/{id}/test":                           {merchant.Owner},
	"GET /v1/webhooks/{id}/deliveries":                      {merchant.Owner},
	"POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend": {merchant.Owner},
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
			if public(path, method) {
				continue
			}
			may, ok := roles[name]
			switch {
			case !ok && strings.HasPrefix(path, "/v1/operator/"):
				may = []merchant.Role{merchant.Operator}
			case !ok:
				may = []merchant.Role{merchant.Owner, merchant.Staff, merchant.Machine}
			}
			for role, as := range callers {
				allowed := false
				for _, m := range may {
					allowed = allowed || m == role
				}
				a := as(request(r, method, path, given[name])).do()
				if refused := a.StatusCode == http.StatusForbidden && a.json(t)["code"] == "FORBIDDEN"; refused == allowed || a.StatusCode >= 500 || a.StatusCode == http.StatusUnauthorized {
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
