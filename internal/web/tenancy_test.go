package web_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"innopay/internal/registration"
	"innopay/internal/web"
)

// missing is the random part of ids that nothing has.
const missing = "00000000000000000000000000"

// property is what the first shop has and the second asks for.
type property struct {
	payment, order, product, category string
	staff, cursor, merchant           string
	push, session                     string
	key                               string // idempotency key of the payment
	body                              map[string]any
	request, requestCursor, sender    string
	requested                         string         // payment of the request
	asked                             map[string]any // body of the request
	cash, cashReceipt, receiptCursor  string         // a cash sale and its receipt
	printer, print, cancel            string
	message                           string // that tells of the request
	notice, ticket                    string
	invite, issued                    string
	apiKey, webhook, delivery         string
}

func furnish(t *testing.T, r *rig) property {
	t.Helper()
	owner := r.login(t, "one-owner")
	text := func(a reply, name string) string {
		s, ok := a.json(t)[name].(string)
		if !ok {
			t.Fatalf("no %s in %d %s", name, a.StatusCode, a.body)
		}
		return s
	}
	p := property{merchant: r.one.ID, body: r.order(t, 60_000)}
	p.body["buyer"] = map[string]any{"name": "남의 손님", "phone": "01000000009"}
	p.key = fmt.Sprint("key-", p.body["orderId"])
	paid := r.pay(t, r.one, p.body)
	p.payment, _ = paid["id"].(string)
	p.order, _ = paid["orderId"].(string)
	r.pay(t, r.one, r.order(t, 61_000))
	p.category = text(r.to(http.MethodPost, "/v1/categories", map[string]any{"name": "남의 분류"}).cookie(owner).do(), "id")
	p.product = text(r.to(http.MethodPost, "/v1/products", map[string]any{"name": "남의 상품", "price": 100, "categoryId": p.category}).cookie(owner).do(), "id")
	p.cursor = text(r.to(http.MethodGet, "/v1/payments?limit=1", nil).as(r.one).do(), "nextCursor")
	p.push = text(r.to(http.MethodPost, "/v1/push/subscriptions", browserOf(t, "tenancy")).cookie(owner).do(), "id")
	login := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(owner).do()
	p.session = text(login, "id")
	user, _ := login.json(t)["user"].(map[string]any)
	p.staff, _ = user["id"].(string)
	r.pay(t, r.two, r.order(t, 10_000))
	p.asked = r.requestBody(62_000)
	p.asked["orderName"] = "남의 주문"
	asked := r.askAt(t, r.one, p.asked)
	p.request, _ = asked["id"].(string)
	p.requested, _ = asked["paymentId"].(string)
	told, err := r.options.Messages.Store.Messages(t.Context(), r.one.Tenant(), p.requested, 1)
	must(t, err)
	p.message = told[0].ID
	r.ask(t, 63_000)
	p.requestCursor = text(r.to(http.MethodGet, "/v1/payment-requests?limit=1", nil).as(r.one).do(), "nextCursor")
	for n := range 2 {
		sold := r.sell(t, 64_000+n, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000007777"})
		p.cash, _ = sold["id"].(string)
		p.cashReceipt, _ = r.receiptOf(t, sold)["id"].(string)
	}
	p.receiptCursor = text(r.to(http.MethodGet, "/v1/cash-receipts?limit=1", nil).as(r.one).do(), "nextCursor")
	p.printer = text(r.to(http.MethodPost, "/v1/printers", with(networkPrinter(), "name", "남의 프린터")).cookie(owner).do(), "id")
	p.print = text(r.to(http.MethodPost, "/v1/payments/"+p.payment+"/prints", map[string]any{"printerId": p.printer}).cookie(owner).idempotent("tenancy").do(), "id")
	made, _ := r.to(http.MethodPost, "/v1/keys", map[string]any{"name": "남의 키", "scopes": []string{"all"}, "presentPassword": loginPassword}).cookie(owner).do().json(t)["key"].(map[string]any)
	p.apiKey, _ = made["id"].(string)
	hook, _ := r.to(http.MethodPost, "/v1/webhooks", with(receiver(), "description", "남의 웹훅")).cookie(owner).do().json(t)["webhook"].(map[string]any)
	p.webhook, _ = hook["id"].(string)
	p.delivery = text(r.to(http.MethodPost, "/v1/webhooks/"+p.webhook+"/test", nil).cookie(owner).do(), "id")
	canceled := r.to(http.MethodPost, "/v1/payments/"+p.payment+"/cancel", map[string]any{"reason": "남의 변심", "amount": 1000, "cancelPassword": cancelPassword}).cookie(owner).idempotent("tenancy").do().json(t)
	p.cancel, _ = canceled["cancels"].([]any)[0].(map[string]any)["id"].(string)
	p.ticket = text(r.to(http.MethodPost, "/v1/tickets", question("남의 문의")).cookie(owner).do(), "id")
	p.notice = text(r.to(http.MethodPost, "/v1/operator/notices", map[string]any{"merchantId": r.one.ID, "title": "남의 공지", "body": "남의 것"}).cookie(r.login(t, "operator")).do(), "id")
	invited := r.to(http.MethodPost, "/v1/invites", map[string]any{"uses": 1}).cookie(owner).do()
	p.invite = text(invited, "id")
	given, err := r.options.Registrations.IssueOwner(t.Context(), "test", r.one.Tenant(), registration.Newcomer{LoginID: "others-owner", Name: "남의 점주", Email: "owner@example.com"})
	must(t, err)
	p.issued = given.UserID
	p.sender = text(r.to(http.MethodPost, "/v1/senders", map[string]any{"number": "0210000001"}).cookie(owner).do(), "number")
	return p
}

// everybodys reports whether what a path names is no merchant's.
func everybodys(path string) bool {
	return strings.HasPrefix(path, "/v1/terms/") || strings.HasPrefix(path, "/v1/operator/terms/") ||
		strings.HasPrefix(path, "/v1/closings/{day}") // a day is everybody's; whose closing is told is tried in sales_test.go
}

// strangers are everybody of the second shop.
func strangers(t *testing.T, r *rig) map[string]func(*call) *call {
	t.Helper()
	owner, staff := r.login(t, "two-owner"), r.login(t, "two-staff")
	return map[string]func(*call) *call{
		"key":   func(c *call) *call { return c.as(r.two) },
		"owner": func(c *call) *call { return c.cookie(owner) },
		"staff": func(c *call) *call { return c.cookie(staff) },
	}
}

// told reports whether an answer holds anything of the first shop's.
func (p property) told(a reply) bool {
	for _, s := range []string{p.payment, p.product, p.category, p.staff, p.merchant, p.push, p.session, p.request, p.requested, p.sender, p.cash, p.cashReceipt, p.printer, p.print, p.cancel, p.notice, p.ticket, p.invite, p.issued, p.apiKey, p.webhook, p.delivery, "*******7777", "남의"} {
		if bytes.Contains(a.body, []byte(s)) {
			return true
		}
	}
	return false
}

// TestAnotherMerchantsIsAbsent asks for the first shop's things by every operation
// of the document that names one in its path.
func TestAnotherMerchantsIsAbsent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, given := furnish(t, r), bodies(t, r)
	who := strangers(t, r)
	before, n := stateOf(t, r, r.one.ID), 0
	for path, methods := range operations(t, r) {
		theirs, none, ok := p.of(path)
		if !ok && strings.Contains(path, "{") && !everybodys(path) {
			t.Errorf("%s: nobody says whose thing that is", path)
		}
		if !ok {
			continue
		}
		for _, method := range methods {
			n++
			for name, as := range who {
				absent(t, r, as, name+": "+method+" "+path, theirs, none, given[method+" "+path])
			}
		}
	}
	if n < 9 {
		t.Errorf("only %d operations", n)
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
}

// absent asks for what is another's and for what nobody has, with a good body and
// with one that cannot be read: the answers must be the same.
func absent(t *testing.T, r *rig, as func(*call) *call, name string, theirs, none map[string]string, body any) {
	t.Helper()
	caller, operation, _ := strings.Cut(name, ": ")
	method, path, _ := strings.Cut(operation, " ")
	send := func(ids map[string]string, body any) reply {
		filled := path
		for k, v := range ids {
			filled = strings.ReplaceAll(filled, "{"+k+"}", v)
		}
		if method == http.MethodDelete && versioned(path) {
			filled += "?version=1"
		}
		return as(r.to(method, filled, body)).idempotent("other " + name).do()
	}
	variants := []any{body}
	// A passkey is a person's, not a shop's: its body is read first, whosever it is.
	if body != nil && !strings.HasPrefix(path, "/v1/passkeys/") {
		variants = append(variants, "{")
	}
	for _, b := range variants {
		a, none := send(theirs, b), send(none, b)
		// Who may not do it at all is told so, whatever is named.
		forbidden := a.StatusCode == http.StatusForbidden && (caller == "staff" || strings.HasPrefix(path, "/v1/operator/") || caller == "key" && forOwners(path))
		if a.StatusCode != http.StatusNotFound && !forbidden || !bytes.Equal(without(t, a), without(t, none)) {
			t.Errorf("%s: %d %s / %d %s", name, a.StatusCode, a.body, none.StatusCode, none.body)
		}
		if a.Header.Get("Content-Length") != none.Header.Get("Content-Length") || len(a.body) != len(none.body) {
			t.Errorf("%s: answers of %d and %d bytes", name, len(a.body), len(none.body))
		}
	}
}

// TestFiltersAndBodiesCannotNameAnothersThings puts the first shop's ids into every
// query parameter and field that takes an id.
func TestFiltersAndBodiesCannotNameAnothersThings(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	p := furnish(t, r)
	who := strangers(t, r)
	ids := map[string][2]string{
		"/staffId": {p.staff, "usr_" + missing}, "/categoryId": {p.category, "cat_" + missing}, "/merchantId": {p.merchant, "mer_" + missing}, "/rule/merchantId": {p.merchant, "mer_" + missing},
		"/items/0/productId": {p.product, "prd_" + missing}, "/cursor": {p.cursor, ""},
		"/paymentId": {p.requested, "pay_" + missing}, "/printerId": {p.printer, "prn_" + missing}, "/cancelId": {p.cancel, "cnl_" + missing}, "/operatorId": {p.staff, "usr_" + missing},
	}
	own := []string{"/loginId", "/orderId"} // a name to log in with, and the caller's own number
	before, n := stateOf(t, r, r.one.ID), 0
	fields := documentOf(t, r).fields()
	readersFirst(fields)
	for _, f := range fields {
		if f.where != inQuery && f.where != inBody || !strings.HasSuffix(f.pointer, "Id") && f.pointer != "/cursor" || slices.Contains(own, f.pointer) {
			continue
		}
		id, ok := ids[f.pointer]
		if !ok {
			t.Errorf("%v: nobody says whose thing that is", f)
			continue
		}
		n++
		for name, as := range who {
			sameAnswer(t, r, as, name, p, f, id)
		}
	}
	if n < 7 {
		t.Errorf("only %d parameters and fields", n)
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
}

// sameAnswer compares the answers to another's id and to one that nothing has.
func sameAnswer(t *testing.T, r *rig, as func(*call) *call, name string, p property, f field, ids [2]string) {
	t.Helper()
	var got []map[string]any
	for i, id := range ids {
		path, body := f.path(), any(nil)
		switch {
		case f.operation == "GET /v1/payment-requests" && id == p.cursor:
			id = p.requestCursor
		case f.operation == "GET /v1/cash-receipts" && id == p.cursor:
			id = p.receiptCursor
		case f.operation == "POST /v1/cash-receipts" && id == p.requested:
			id = p.cash
		}
		if f.where == inQuery {
			path += "?" + url.Values{f.pointer[1:]: {id}}.Encode()
		}
		switch f.operation {
		case "POST /v1/payments":
			order := r.order(t, 100)
			order["items"] = []any{map[string]any{"productId": id, "name": "것", "unitPrice": 100, "quantity": 1}}
			body = order
		case "POST /v1/payment-requests", "POST /v1/payment-requests/preview":
			asks := r.requestBody(100)
			asks["items"] = []any{map[string]any{"productId": id, "name": "것", "unitPrice": 100, "quantity": 1}}
			body = asks
		case "POST /v1/cash-receipts":
			body = map[string]any{"type": "SELF_ISSUED", "paymentId": id}
		case "POST /v1/payments/{id}/prints", "POST /v1/cash-receipts/{id}/prints":
			path, body = r.printable(t, f.path()), with(localPrinter(), f.pointer[1:], id)
			if f.pointer == "/printerId" {
				body = map[string]any{"printerId": id}
			}
		case "POST /v1/products":
			body = map[string]any{"name": "것", "price": 100, "categoryId": id}
		case "PUT /v1/products/{id}":
			made := r.to(http.MethodPost, "/v1/products", map[string]any{"name": "것", "price": 100}).as(r.two).do().json(t)
			path = "/v1/products/" + fmt.Sprint(made["id"])
			body = map[string]any{"name": "것", "price": 100, "categoryId": id, "version": 1}
		}
		a := as(r.to(f.method(), path, body)).idempotent(fmt.Sprint(name, f, i)).do()
		if a.StatusCode >= 500 || p.told(a) && f.pointer != "/items/0/productId" {
			t.Errorf("%v as %s: %d %s", f, name, a.StatusCode, a.body)
		}
		answer := map[string]any{"body": string(a.body)}
		if _, stream := streams[f.operation]; !stream || a.StatusCode >= http.StatusBadRequest {
			answer = a.json(t)
		}
		for _, own := range []string{"traceId", "id", "orderId", "items", "receiptUrl", "card", "requestedAt", "approvedAt", "url", "paymentId"} {
			delete(answer, own)
		}
		answer["status code"] = a.StatusCode
		got = append(got, answer)
	}
	// A cursor of another's list starts somewhere, at nothing but one's own.
	if f.pointer != "/cursor" && !maps.EqualFunc(got[0], got[1], func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("%v as %s: %v / %v", f, name, got[0], got[1])
	}
}

// TestKeysAndOrdersOfAnotherMeanNothing sends the first shop's very request as the
// second shop: it is a payment of its own and no replay.
func TestKeysAndOrdersOfAnotherMeanNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := furnish(t, r)
	before := stateOf(t, r, r.one.ID)
	a := r.to(http.MethodPost, "/v1/payments", p.body).as(r.two).idempotent(p.key).do()
	got := a.json(t)
	if a.StatusCode != http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "" || got["id"] == p.payment || got["merchantId"] != r.two.ID {
		t.Errorf("%d %v", a.StatusCode, got)
	}
	own := r.to(http.MethodGet, "/v1/payments/orders/"+p.order, nil).as(r.two).do().json(t)
	if own["id"] != got["id"] {
		t.Errorf("the order leads to %v", own["id"])
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
}

// TestReceiptsOpenByTheirLinkAlone bends a link in every way: no bent one opens.
func TestReceiptsOpenByTheirLinkAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	furnish(t, r)
	page := func(path string) reply { return r.to(http.MethodGet, path, nil).do() }
	links := map[string]string{}
	for name, s := range map[string]shop{"one": r.one, "two": r.two} {
		links[name] = strings.TrimPrefix(fmt.Sprint(r.pay(t, s, r.order(t, 5000))["receiptUrl"]), base)
		if a := page(links[name]); a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", links[name], a.StatusCode)
		}
	}
	nothing := page("/r/nothing")
	one, two := strings.TrimPrefix(links["one"], "/r/"), strings.TrimPrefix(links["two"], "/r/")
	half := len(one) / 2
	for _, token := range []string{one[:half] + two[half:], two[:half] + one[half:], one[:len(one)-1], one + "A", strings.ToUpper(one), "A" + one, strings.Repeat("A", len(one))} {
		if a := page("/r/" + token); token != one && (a.StatusCode != http.StatusNotFound || !bytes.Equal(a.body, nothing.body)) {
			t.Errorf("%s opens: %d", token, a.StatusCode)
		}
	}
	for i := range one {
		bent := []byte(one)
		bent[i] = map[bool]byte{true: 'B', false: 'A'}[bent[i] == 'A']
		if a := page("/r/" + string(bent)); a.StatusCode != http.StatusNotFound {
			t.Errorf("changed at %d it opens: %d", i, a.StatusCode)
		}
	}
}

// TestAnOperatorNamesMerchantAndPayment: a payment is found under its own merchant
// only, by operators too.
func TestAnOperatorNamesMerchantAndPayment(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { unlimited(o) })
	p := furnish(t, r)
	operator := r.login(t, "operator")
	before := stateOf(t, r, r.one.ID)
	resolve := func(merchant, payment string) reply {
		return r.to(http.MethodPost, "/v1/operator/unsettled/"+merchant+"/"+payment+"/resolve", map[string]any{"outcome": "ABORTED", "reason": "시험"}).cookie(operator).do()
	}
	none := resolve(r.two.ID, "pay_"+missing)
	for name, a := range map[string]reply{
		"another merchant's payment": resolve(r.two.ID, p.payment), "a merchant that is not there": resolve("mer_"+missing, p.payment),
	} {
		if a.StatusCode != http.StatusNotFound || !bytes.Equal(without(t, a), without(t, none)) {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	for path := range operations(t, r) {
		// Operators see no shop: they have no merchant of their own.
		if _, _, ok := p.of(path); ok && !strings.Contains(path, "/operator/") {
			filled := strings.NewReplacer("{id}", p.payment, "{orderId}", p.order).Replace(path)
			if strings.HasPrefix(path, "/v1/payment-requests/") {
				filled = strings.ReplaceAll(path, "{id}", p.request)
			}
			if a := r.to(http.MethodGet, filled, nil).cookie(operator).do(); a.StatusCode == http.StatusOK {
				t.Errorf("an operator reads %s", path)
			}
		}
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
	// That somebody tried is written down, so it comes last.
	if a := resolve(r.one.ID, p.payment); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "NOT_UNSETTLED" {
		t.Errorf("its own: %d %s", a.StatusCode, a.body)
	}
}

// stateOf is every row of the merchant's, by table.
func stateOf(t *testing.T, r *rig, merchantID string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+r.database+"?mode=ro&_pragma=busy_timeout(10000)")
	must(t, err)
	defer db.Close() //nolint:errcheck // read from only
	out := map[string][]string{}
	for _, table := range column(t, db, "select m.name from sqlite_master m where m.type = 'table' and exists (select 1 from pragma_table_info(m.name) p where p.name = 'merchant_id') order by 1") {
		columns := column(t, db, "select name from pragma_table_info('"+table+"')")
		for i, c := range columns {
			columns[i] = "quote(" + c + ")"
		}
		out[table] = column(t, db, "select "+strings.Join(columns, " || ',' || ")+" from "+table+" where merchant_id = '"+merchantID+"' order by 1")
	}
	if len(out) < 15 || len(out["payment"]) == 0 {
		t.Errorf("only %d tables", len(out))
	}
	return out
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		out = append(out, s)
	}
	must(t, rows.Err())
	return out
}

func unchanged(t *testing.T, before, after map[string][]string) {
	t.Helper()
	for table := range before {
		if !slices.Equal(before[table], after[table]) {
			b, _ := json.Marshal([][]string{before[table], after[table]}) //nolint:errchkjson // text
			t.Errorf("%s of the other merchant changed: %.600s", table, b)
		}
	}
}
