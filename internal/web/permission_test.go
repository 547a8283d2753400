package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
)

// allow gives the staff of the first shop rights, over the API, and returns the answer.
func (r *rig) allow(t *testing.T, owner *http.Cookie, rights map[string]any) reply {
	t.Helper()
	for id, m := range r.staffRights(t, owner) {
		if m.Role != string(merchant.Staff) {
			continue
		}
		body := map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": false, "version": m.Version}
		maps.Copy(body, rights)
		return r.to(http.MethodPut, "/v1/staff/"+id+"/permissions", body).cookie(owner).do()
	}
	t.Fatal("no staff")
	return reply{}
}

type rightsOf struct {
	Role        string
	Version     int64
	Permissions *struct {
		Discount, Cancel, EditProducts bool
		CancelLimit                    int64
	}
}

func (r *rig) staffRights(t *testing.T, as *http.Cookie) map[string]rightsOf {
	t.Helper()
	var list struct {
		Staff []struct {
			ID string
			rightsOf
		}
	}
	must(t, json.Unmarshal(r.to(http.MethodGet, "/v1/staff", nil).cookie(as).do().body, &list))
	out := map[string]rightsOf{}
	for _, m := range list.Staff {
		out[m.ID] = m.rightsOf
	}
	return out
}

// code is the code of a refusal, empty where there is none.
func code(t *testing.T, a reply) string {
	t.Helper()
	if a.StatusCode < 300 {
		return ""
	}
	return fmt.Sprint(a.json(t)["code"])
}

// guarded is a route that asks for a right.
type guarded struct {
	right, refused string // empty: for none
	call           func() *call
}

// guardedRoutes are those that ask for one, and some that do not.
func (r *rig) guardedRoutes(t *testing.T) map[string]guarded {
	t.Helper()
	product := r.goods(t, "물", 5)
	discounted := func(method string) map[string]any {
		body := r.order(t, 900)
		body["items"] = []any{map[string]any{"name": "것", "unitPrice": 1000, "quantity": 1, "discount": 100}}
		if method == "CASH" {
			delete(body, "card")
			body["method"], body["cash"] = "CASH", map[string]any{"received": 1000}
		}
		return body
	}
	cheap := func(method string) map[string]any {
		body := discounted(method)
		body["items"] = []any{map[string]any{"productId": product, "name": "물", "unitPrice": 900, "quantity": 1}}
		return body
	}
	asked := func() map[string]any {
		body := r.requestBody(900)
		body["items"] = discounted("")["items"]
		return body
	}
	paid := func() string { return fmt.Sprint(r.pay(t, r.one, r.order(t, 10_000))["id"]) }
	cancel := func(amount int) map[string]any {
		return map[string]any{"reason": "변심", "amount": amount, "cancelPassword": cancelPassword}
	}
	receipt := func() string {
		return fmt.Sprint(r.receiptOf(t, r.sell(t, 20_000, map[string]any{"type": "SELF_ISSUED"}))["id"])
	}
	return map[string]guarded{
		"card payment":                         {"discount", "DISCOUNT_NOT_ALLOWED", func() *call { return r.to(http.MethodPost, "/v1/payments", discounted("CARD")) }},
		"cash payment":                         {"discount", "DISCOUNT_NOT_ALLOWED", func() *call { return r.to(http.MethodPost, "/v1/payments", discounted("CASH")) }},
		"request":                              {"discount", "DISCOUNT_NOT_ALLOWED", func() *call { return r.to(http.MethodPost, "/v1/payment-requests", asked()) }},
		"card payment below a product's price": {"discount", "PRICE_BELOW_PRODUCT", func() *call { return r.to(http.MethodPost, "/v1/payments", cheap("CARD")) }},
		"cash payment below a product's price": {"discount", "PRICE_BELOW_PRODUCT", func() *call { return r.to(http.MethodPost, "/v1/payments", cheap("CASH")) }},
		"request below a product's price": {"discount", "PRICE_BELOW_PRODUCT", func() *call {
			body := r.requestBody(900)
			body["items"] = cheap("")["items"]
			return r.to(http.MethodPost, "/v1/payment-requests", body)
		}},
		"plain":        {"", "", func() *call { return r.to(http.MethodPost, "/v1/payments", r.order(t, 900)) }},
		"cancel":       {"cancel", "CANCEL_NOT_ALLOWED", func() *call { return r.to(http.MethodPost, "/v1/payments/"+paid()+"/cancel", cancel(1000)) }},
		"large cancel": {"cancelLimit", "CANCEL_LIMIT", func() *call { return r.to(http.MethodPost, "/v1/payments/"+paid()+"/cancel", cancel(5001)) }},
		"cancel of a receipt": {"cancel", "CANCEL_NOT_ALLOWED", func() *call {
			return r.to(http.MethodPost, "/v1/cash-receipts/"+receipt()+"/cancel", map[string]any{"reasonCode": 1, "amount": 1000})
		}},
		"large cancel of a receipt": {"cancelLimit", "CANCEL_LIMIT", func() *call {
			return r.to(http.MethodPost, "/v1/cash-receipts/"+receipt()+"/cancel", map[string]any{"reasonCode": 1, "amount": 5001})
		}},
		"add": {"editProducts", "FORBIDDEN", func() *call { return r.to(http.MethodPost, "/v1/products", map[string]any{"name": "새", "price": 1}) }},
		"mark": {"editProducts", "FORBIDDEN", func() *call {
			return r.to(http.MethodPost, "/v1/products/"+product+"/marks", map[string]any{"soldOut": true})
		}},
		"restock":    {"editProducts", "FORBIDDEN", func() *call { return r.to(http.MethodPost, "/v1/products/"+product+"/stock", map[string]any{"add": 1}) }},
		"picture":    {"editProducts", "FORBIDDEN", func() *call { return r.to(http.MethodPut, "/v1/products/"+product+"/picture", photo(t)) }},
		"no picture": {"editProducts", "FORBIDDEN", func() *call { return r.to(http.MethodDelete, "/v1/products/"+product+"/picture", nil) }},
		"order": {"editProducts", "FORBIDDEN", func() *call {
			return r.to(http.MethodPut, "/v1/products/order", map[string]any{"ids": []string{product}})
		}},
		"import": {"editProducts", "FORBIDDEN", func() *call {
			return r.to(http.MethodPost, "/v1/products/import?format=csv&dryRun=true", file{"text/csv", []byte("상품명,가격\n물,1\n")})
		}},
		"category": {"editProducts", "FORBIDDEN", func() *call {
			return r.to(http.MethodPost, "/v1/categories", map[string]any{"name": fmt.Sprint("분류 ", r.orders.Add(1))})
		}},
		"categories": {"editProducts", "FORBIDDEN", func() *call { return r.to(http.MethodPut, "/v1/categories/order", map[string]any{"ids": []string{}}) }},
		"read":       {"", "", func() *call { return r.to(http.MethodGet, "/v1/products", nil) }},
	}
}

// TestPermissionsHoldOnEveryRoute: role by permission by route.
func TestPermissionsHoldOnEveryRoute(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	routes := r.guardedRoutes(t)
	key := 0
	press := func(c *call) *call { key++; return c.idempotent(fmt.Sprint("press ", key)) }
	all := map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": true}
	without := map[string]any{"discount": false, "cancel": false, "cancelLimit": 5000, "editProducts": false}
	for right, off := range without {
		rights := maps.Clone(all)
		for _, has := range []bool{true, false} {
			if !has {
				rights[right] = off
			}
			if a := r.allow(t, owner, rights); a.StatusCode != http.StatusOK {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			for name, route := range routes {
				want := ""
				switch {
				case !has && route.right == right:
					want = route.refused
				case !has && right == "cancel" && strings.HasPrefix(name, "large cancel"):
					want = "CANCEL_NOT_ALLOWED"
				}
				if got := code(t, press(route.call()).cookie(staff).do()); got != want {
					t.Errorf("staff, %s %v: %s: %q, want %q", right, has, name, got, want)
				}
				if got := code(t, press(route.call()).cookie(owner).do()); got != "" {
					t.Errorf("owner, %s %v: %s: %q", right, has, name, got)
				}
				if got := code(t, press(route.call()).as(r.one).do()); got != "" {
					t.Errorf("key, %s %v: %s: %q", right, has, name, got)
				}
			}
		}
	}
}

func TestPermissionsAreToldAndChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	session := func(c *http.Cookie) string {
		b, err := json.Marshal(r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(c).do().json(t)["permissions"])
		must(t, err)
		return string(b)
	}
	const everything = `{"cancel":true,"cancelLimit":0,"discount":true,"editProducts":true,"viewSales":true}`
	if got := session(owner); got != everything {
		t.Errorf("an owner may %s", got)
	}
	if got := session(staff); got != `{"cancel":true,"cancelLimit":0,"discount":true,"editProducts":false,"viewSales":false}` {
		t.Errorf("new staff may %s", got)
	}
	if got := session(r.login(t, "operator")); got != "null" {
		t.Errorf("an operator may %s", got)
	}
	for _, m := range r.staffRights(t, staff) {
		if m.Permissions != nil || m.Version != 0 {
			t.Errorf("staff are told of %+v", m)
		}
	}
	if a := r.allow(t, owner, map[string]any{"cancelLimit": 30_000, "discount": false}); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got := session(staff); got != `{"cancel":true,"cancelLimit":30000,"discount":false,"editProducts":false,"viewSales":false}` {
		t.Errorf("at once: %s", got)
	}
	told := r.to(http.MethodPost, "/v1/sessions", map[string]any{"loginId": "one-staff", "password": loginPassword}).do().json(t)
	if p, _ := told["permissions"].(map[string]any); p["cancelLimit"] != 30_000.0 {
		t.Errorf("when logging in: %v", told)
	}
	for id, m := range r.staffRights(t, owner) {
		body := map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": true, "version": 1}
		a := r.to(http.MethodPut, "/v1/staff/"+id+"/permissions", body).cookie(owner).do()
		want := "CHANGED_MEANWHILE" // its version is 2
		if m.Role == string(merchant.Owner) {
			want = "NOT_STAFF"
		}
		if got := code(t, a); got != want {
			t.Errorf("%s: %s", m.Role, got)
		}
	}
	if a := r.allow(t, owner, map[string]any{"cancelLimit": -1}); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestAPressThatWasAnsweredIsAnsweredAgain though the seller may not sell like that any
// more: whoever lost the answer must not take the sale for refused.
func TestAPressThatWasAnsweredIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	product := r.goods(t, "물", 5)
	sold := func(item map[string]any) map[string]any {
		body := r.order(t, 900)
		body["items"] = []any{item}
		return body
	}
	presses := map[string]map[string]any{
		"discount": sold(map[string]any{"name": "것", "unitPrice": 1000, "quantity": 1, "discount": 100}),
		"price":    sold(map[string]any{"productId": product, "name": "물", "unitPrice": 900, "quantity": 1}),
	}
	press := func(name string) reply {
		return r.to(http.MethodPost, "/v1/payments", presses[name]).cookie(staff).idempotent("press of " + name).do()
	}
	for name := range presses {
		if a := press(name); a.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	r.allow(t, owner, map[string]any{"discount": false})
	for name := range presses {
		if a := press(name); a.StatusCode != http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	// At its price or above it anybody sells, and what is no product any more has none.
	for _, item := range []map[string]any{
		{"productId": product, "name": "물", "unitPrice": 1000, "quantity": 1}, {"productId": "prd_01ja2b3c4d5e6f7g8h9jakbmcn", "name": "옛것", "unitPrice": 1000, "quantity": 1},
	} {
		body := r.order(t, 1000)
		body["items"] = []any{item}
		if a := r.to(http.MethodPost, "/v1/payments", body).cookie(staff).idempotent(fmt.Sprint(item["name"])).do(); a.StatusCode != http.StatusCreated {
			t.Errorf("%v: %d %s", item["name"], a.StatusCode, a.body)
		}
	}
}

// TestALimitHoldsForReceipts: a person's cancels of one receipt count together, also those
// of two devices at once; another's and those of the sale do not.
func TestALimitHoldsForReceipts(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	r.allow(t, owner, map[string]any{"cancelLimit": 5000})
	id := fmt.Sprint(r.receiptOf(t, r.sell(t, 20_000, map[string]any{"type": "SELF_ISSUED"}))["id"])
	cancel := func(as *http.Cookie, key string, amount int) reply {
		return r.to(http.MethodPost, "/v1/cash-receipts/"+id+"/cancel", map[string]any{"reasonCode": 1, "amount": amount}).cookie(as).idempotent(key).do()
	}
	if a := cancel(staff, "beyond", 5001); code(t, a) != "CANCEL_LIMIT" || a.json(t)["cancelLimit"] != 5000.0 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/cash-receipts/"+id+"/cancel", map[string]any{"reasonCode": 1}).cookie(staff).idempotent("whole").do(); code(t, a) != "CANCEL_LIMIT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	cancel(owner, "of the owner", 4000).want(t, http.StatusOK)
	var devices sync.WaitGroup
	codes := make([]string, 6)
	for i := range codes {
		devices.Go(func() { codes[i] = code(t, cancel(staff, fmt.Sprint("device ", i), 1000)) })
	}
	devices.Wait()
	slices.Sort(codes)
	if fmt.Sprint(codes) != "[     CANCEL_LIMIT]" {
		t.Errorf("six devices with a thousand each: %q", codes)
	}
	cancel(owner, "what is left", 11_000).want(t, http.StatusOK)
}

func TestACancelBeyondTheLimitCountsNoPassword(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	r.allow(t, owner, map[string]any{"cancelLimit": 5000})
	id := fmt.Sprint(r.pay(t, r.one, r.order(t, 20_000))["id"])
	cancel := func(as *http.Cookie, key, password string, amount int) reply {
		return r.to(http.MethodPost, "/v1/payments/"+id+"/cancel", map[string]any{"reason": "변심", "amount": amount, "cancelPassword": password}).
			cookie(as).idempotent(key).do()
	}
	for i := range 10 { // more than lock a password
		a := cancel(staff, fmt.Sprint("wrong ", i), "not the password", 5001)
		if code(t, a) != "CANCEL_LIMIT" || a.json(t)["cancelLimit"] != 5000.0 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	// Two parts of which each is within.
	if a := cancel(staff, "first", cancelPassword, 3000); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := cancel(staff, "second", cancelPassword, 2001); code(t, a) != "CANCEL_LIMIT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// The first press once more is no new cancel.
	if a := cancel(staff, "first", cancelPassword, 3000); a.StatusCode != http.StatusOK || a.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// Nor once the person may not cancel any more, and nothing else is one then.
	r.allow(t, owner, map[string]any{"cancel": false, "cancelLimit": 5000})
	if a := cancel(staff, "first", cancelPassword, 3000); a.StatusCode != http.StatusOK || a.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for i := range 10 {
		if a := cancel(staff, fmt.Sprint("barred ", i), "not the password", 1); code(t, a) != "CANCEL_NOT_ALLOWED" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	r.allow(t, owner, map[string]any{"cancelLimit": 5000})
	// What others cancel does not count.
	if a := cancel(owner, "owner's", cancelPassword, 10_000); a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := cancel(staff, "third", cancelPassword, 2000); a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := cancel(staff, "fourth", cancelPassword, 1); code(t, a) != "CANCEL_LIMIT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// All that is left, without an amount.
	a := r.to(http.MethodPost, "/v1/payments/"+id+"/cancel", map[string]any{"reason": "변심", "cancelPassword": cancelPassword}).cookie(staff).idempotent("rest").do()
	if code(t, a) != "CANCEL_LIMIT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// tick has the fake clock run while something waits.
func (r *rig) tick(wait func()) {
	ctx, stop := context.WithCancel(context.Background())
	var ticking sync.WaitGroup
	ticking.Go(func() {
		for (clock.System{}).Sleep(ctx, time.Millisecond) == nil {
			r.clock.Advance(5 * time.Millisecond)
		}
	})
	wait()
	stop()
	ticking.Wait()
}

// TestPartialCancelsAtOnceDoNotBeatTheLimit sends many parts at once, by card and in cash.
func TestPartialCancelsAtOnceDoNotBeatTheLimit(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
		r.allow(t, owner, map[string]any{"cancelLimit": 5000})
		for _, id := range []string{fmt.Sprint(r.pay(t, r.one, r.order(t, 100_000))["id"]), fmt.Sprint(r.sell(t, 100_000, nil)["id"])} {
			var all sync.WaitGroup
			for i := range 12 {
				all.Go(func() {
					for range 100 { // a busy machine has some asked to come again
						a := r.to(http.MethodPost, "/v1/payments/"+id+"/cancel", map[string]any{"reason": "변심", "amount": 1000, "cancelPassword": cancelPassword}).
							cookie(staff).idempotent(fmt.Sprint(id, i)).do()
						switch got := code(t, a); got {
						case "", "CANCEL_LIMIT":
							return
						case "BUSY", "OVERLOADED":
						default:
							t.Errorf("%d %s", a.StatusCode, a.body)
							return
						}
					}
					t.Error("never taken")
				})
			}
			r.tick(all.Wait)
			left := r.to(http.MethodGet, "/v1/payments/"+id, nil).as(r.one).do().json(t)["balanceAmount"]
			if left != 95_000.0 {
				t.Errorf("%v are left of 100000", left)
			}
		}
	})
}
