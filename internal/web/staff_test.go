package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"innopay/internal/merchant"
)

type staffMember struct {
	ID, Name, Role string
	Active         bool
}

// staffAs is the answer of GET /v1/staff by id.
func staffAs(t *testing.T, r *rig, as func(*call) *call) map[string]staffMember {
	t.Helper()
	a := as(r.to(http.MethodGet, "/v1/staff", nil)).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	var list struct{ Staff []staffMember }
	must(t, json.Unmarshal(a.body, &list))
	out := map[string]staffMember{}
	for _, m := range list.Staff {
		out[m.ID] = m
	}
	return out
}

func TestStaffOfAnotherMerchantIsNotListed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var lists []map[string]staffMember
	for _, s := range []shop{r.one, r.two} {
		users, err := r.registry.Users(t.Context(), s.Tenant())
		must(t, err)
		listed := staffAs(t, r, func(c *call) *call { return c.as(s) })
		if len(users) != 2 || len(listed) != len(users) {
			t.Errorf("%s has %d people, listed are %v", s.Name, len(users), listed)
		}
		for _, u := range users {
			if got, want := listed[u.ID], (staffMember{u.ID, u.Name, string(u.Role), true}); got != want {
				t.Errorf("listed as %v, is %v", got, want)
			}
		}
		lists = append(lists, listed)
	}
	for id := range lists[0] {
		if _, ok := lists[1][id]; ok {
			t.Errorf("%s is of both shops", id)
		}
	}
}

func TestADisabledPersonStaysListedAsInactive(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	as := func(c *call) *call { return c.as(r.one) }
	for id, m := range staffAs(t, r, as) {
		if m.Role == string(merchant.Staff) {
			must(t, r.registry.SetUserStatus(t.Context(), "test", r.one.Tenant(), id, merchant.UserDisabled))
		}
	}
	after := staffAs(t, r, as)
	if len(after) != 2 {
		t.Fatalf("listed are %v", after)
	}
	for _, m := range after {
		if m.Active != (m.Role == string(merchant.Owner)) {
			t.Errorf("%v", m)
		}
	}
}

func TestAPaymentSaysWhoTookIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	staff := r.login(t, "one-staff")
	user, _ := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(staff).do().json(t)["user"].(map[string]any)
	order := r.order(t, 10_000)
	paid := r.to(http.MethodPost, "/v1/payments", order).cookie(staff).idempotent("by staff").do().json(t)
	if paid["staffId"] != user["id"] || user["id"] == nil {
		t.Errorf("taken by %v, says %v", user["id"], paid["staffId"])
	}
	r.pay(t, r.one, r.order(t, 20_000))
	a := r.to(http.MethodGet, "/v1/payments?staffId="+user["id"].(string), nil).as(r.one).do().json(t)
	if rows, _ := a["payments"].([]any); len(rows) != 1 || rows[0].(map[string]any)["id"] != paid["id"] {
		t.Errorf("found %v", a)
	}
}
