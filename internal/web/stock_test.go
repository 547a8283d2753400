package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"innopay/internal/outbox"
	"innopay/internal/stock"
)

// goods is a product of the first shop with so many in stock.
func (r *rig) goods(t *testing.T, name string, count int) string {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/products", map[string]any{"name": name, "price": 1000, "stock": count}).as(r.one).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return fmt.Sprint(a.json(t)["id"])
}

// left is what is counted of a product, and whether it can be sold.
func (r *rig) left(t *testing.T, productID string) string {
	t.Helper()
	p := r.to(http.MethodGet, "/v1/products/"+productID, nil).as(r.one).do().json(t)
	return fmt.Sprint(p["stock"], " ", p["available"])
}

func line(productID string, quantity int) map[string]any {
	return map[string]any{"productId": productID, "name": "것", "unitPrice": 1000, "quantity": quantity}
}

// sale is a payment of lines, in cash or by card.
func (r *rig) sale(t *testing.T, cash bool, lines ...map[string]any) map[string]any {
	t.Helper()
	sum := 0
	for _, l := range lines {
		sum += 1000 * l["quantity"].(int)
	}
	body := r.order(t, sum)
	if cash {
		delete(body, "card")
		body["method"], body["cash"] = "CASH", map[string]any{"received": sum}
	}
	body["items"] = lines
	return r.pay(t, r.one, body)
}

func (r *rig) cancelPart(t *testing.T, paymentID any, amount int) {
	t.Helper()
	body := map[string]any{"reason": "변심", "cancelPassword": cancelPassword}
	if amount > 0 {
		body["amount"] = amount
	}
	a := r.to(http.MethodPost, fmt.Sprint("/v1/payments/", paymentID, "/cancel"), body).as(r.one).idempotent(fmt.Sprint("cancel ", r.orders.Add(1))).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

func TestStockFollowsSales(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		expect := func(productID, want string) {
			t.Helper()
			r.settle(t)
			if got := r.left(t, productID); got != want {
				t.Errorf("left %s, want %s", got, want)
			}
		}
		water, tea := r.goods(t, "물", 10), r.goods(t, "차", 2)
		free := r.to(http.MethodPost, "/v1/products", map[string]any{"name": "공기", "price": 1000}).as(r.one).do().json(t)["id"]
		card := r.sale(t, false, line(water, 2), line(fmt.Sprint(free), 1), line(water, 1), line("prd_of_nobody", 1))
		expect(water, "7 true")
		cash := r.sale(t, true, line(water, 1), line(tea, 3)) // one more than there is
		expect(water, "6 true")
		expect(tea, "0 false")
		if !strings.Contains(r.log.String(), `"msg":"oversold"`) {
			t.Error("nobody is told that more was sold than there was")
		}
		// Parts give nothing back, the whole gives back what was taken.
		r.cancelPart(t, card["id"], 1000)
		expect(water, "6 true")
		r.cancelPart(t, card["id"], 0)
		expect(water, "9 true")
		r.cancelPart(t, cash["id"], 0)
		expect(water, "10 true")
		expect(tea, "2 true")
		if got := r.left(t, fmt.Sprint(free)); got != "<nil> true" {
			t.Errorf("what nobody counts: %s", got)
		}
		// A decline sells nothing.
		body := r.order(t, 1000)
		body["card"], body["items"] = cardOf(t, "DECLINE_LIMIT"), []any{line(water, 1)}
		r.pay(t, r.one, body)
		expect(water, "10 true")
	})
}

func TestStockIsToldTwiceAndOutOfOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		f := stock.Follower{Payments: r.options.Payments, Catalog: r.options.Catalog, Log: slog.New(slog.DiscardHandler)}
		tell := func(kind outbox.Type, p map[string]any) {
			t.Helper()
			must(t, f.Deliver(t.Context(), outbox.Event{MerchantID: r.one.ID, Type: kind, Subject: fmt.Sprint(p["id"])}))
		}
		water := r.goods(t, "물", 10)
		sold := r.sale(t, true, line(water, 3))
		for range 3 {
			tell(outbox.PaymentApproved, sold)
		}
		if got := r.left(t, water); got != "7 true" {
			t.Errorf("told three times: %s", got)
		}
		gone := r.sale(t, true, line(water, 5))
		r.cancelPart(t, gone["id"], 0)
		// Both are late, the first one comes last: nothing was ever taken.
		tell(outbox.PaymentCanceled, gone)
		tell(outbox.PaymentApproved, gone)
		tell(outbox.PaymentCanceled, gone)
		if got := r.left(t, water); got != "7 true" {
			t.Errorf("a sale that was cancelled before it was seen: %s", got)
		}
		// One who has read the payment before its cancel goes on after it.
		_, err := r.options.Catalog.Sold(t.Context(), r.one.Tenant(), fmt.Sprint(gone["id"]), map[string]int64{water: 5})
		must(t, err)
		if got := r.left(t, water); got != "7 true" {
			t.Errorf("a late one took: %s", got)
		}
		r.cancelPart(t, sold["id"], 0)
		for range 2 {
			tell(outbox.PaymentCanceled, sold)
			tell(outbox.PaymentApproved, sold)
		}
		if got := r.left(t, water); got != "10 true" {
			t.Errorf("given back twice: %s", got)
		}
		tell(outbox.PaymentApproved, map[string]any{"id": "pay_00000000000000000000000000"})
	})
}

func TestStockOfProductsThatChangeMeanwhile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	removed, uncounted, recounted := r.goods(t, "물", 5), r.goods(t, "차", 5), r.goods(t, "빵", 5)
	sold := r.sale(t, true, line(removed, 1), line(uncounted, 1), line(recounted, 9))
	r.settle(t)
	change := func(method, path string, body any, want int) {
		t.Helper()
		if a := r.to(method, path, body).as(r.one).do(); a.StatusCode != want {
			t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, a.body)
		}
	}
	change(http.MethodDelete, "/v1/products/"+removed+"?version=2", nil, http.StatusNoContent)
	change(http.MethodPut, "/v1/products/"+uncounted, map[string]any{"name": "차", "price": 1000, "version": 2}, http.StatusOK)
	change(http.MethodPost, "/v1/products/"+recounted+"/stock", map[string]any{"set": 100}, http.StatusOK)
	// A form that was opened before the sale must not undo it.
	if a := r.to(http.MethodPut, "/v1/products/"+recounted, map[string]any{"name": "빵", "price": 1000, "stock": 5, "version": 1}).as(r.one).do(); a.StatusCode != http.StatusConflict {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.cancelPart(t, sold["id"], 0)
	r.settle(t)
	if got := r.left(t, uncounted) + ", " + r.left(t, recounted); got != "<nil> true, 105 true" {
		t.Errorf("left %s", got)
	}
}

func TestStockOfAnotherIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	water := r.goods(t, "물", 5)
	body := r.order(t, 2000)
	body["items"] = []any{line(water, 2)}
	r.pay(t, r.two, body)
	r.settle(t)
	if got := r.left(t, water); got != "5 true" {
		t.Errorf("another shop sold it: %s", got)
	}
}
