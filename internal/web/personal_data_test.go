package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/store"
)

// files are the tables of a ZIP by name.
func files(t *testing.T, body []byte) map[string][][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(t, err)
	out := map[string][][]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		if name, ok := strings.CutSuffix(f.Name, ".csv"); ok {
			rows, err := csv.NewReader(r).ReadAll()
			must(t, err)
			out[name] = rows
		}
		must(t, r.Close())
	}
	return out
}

// userOf is a user's id.
func (r *rig) userOf(t *testing.T, s shop, loginID string) merchant.User {
	t.Helper()
	users, err := r.registry.Users(t.Context(), s.Tenant())
	must(t, err)
	i := slices.IndexFunc(users, func(u merchant.User) bool { return u.LoginID == loginID })
	if i < 0 {
		t.Fatalf("no user %s", loginID)
	}
	return users[i]
}

// TestALostSecondFactorTakesTwoOperators: one asks, another approves; who asked does not,
// nobody does it twice, and a factor that was set up meanwhile stays.
func TestALostSecondFactorTakesTwoOperators(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	users := store.NewMerchants(r.db)
	factor := func(secret string) {
		u := r.userOf(t, r.one, "one-staff")
		must(t, users.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
			if err := tx.SetTOTP(ctx, r.one.Tenant(), u.ID, u.Version, secret, 0); err != nil {
				return err
			}
			return tx.Record(ctx, audit.Record{MerchantID: r.one.ID, ID: "aud_" + secret, At: noon, Action: "test", Subject: u.ID})
		}))
	}
	u := r.userOf(t, r.one, "one-staff")
	path := "merchants/" + r.one.ID + "/users/" + u.ID + "/reset-second-factor"
	why := map[string]any{"reason": "휴대폰 분실"}
	one.ask(409, "SECOND_FACTOR_OFF", "POST", path, why)
	factor("first")
	one.ask(422, "", "POST", path, map[string]any{"reason": ""})
	one.ask(404, "", "POST", "merchants/"+r.two.ID+"/users/"+u.ID+"/reset-second-factor", why)
	asked := one.ask(202, "", "POST", path, why)
	at := "approvals/" + fmt.Sprint(asked["id"])
	if asked["kind"] != "SECOND_FACTOR_RESET" || asked["status"] != "PENDING" || asked["merchantId"] != r.one.ID {
		t.Errorf("%v", asked)
	}
	if !r.userOf(t, r.one, "one-staff").TOTP {
		t.Error("gone before anybody approved")
	}
	two.ask(409, "APPROVAL_PENDING", "POST", path, why)
	one.ask(403, "APPROVAL_SELF", "POST", at+"/approve", nil)
	two.ask(200, "", "POST", at+"/approve", nil)
	if r.userOf(t, r.one, "one-staff").TOTP {
		t.Error("it is still there")
	}
	two.ask(409, "APPROVAL_DECIDED", "POST", at+"/approve", nil)
	factor("second")
	stale := one.ask(202, "", "POST", path, why)
	factor("third")
	two.ask(409, "APPROVAL_STALE", "POST", "approvals/"+fmt.Sprint(stale["id"])+"/approve", nil)
	if !r.userOf(t, r.one, "one-staff").TOTP {
		t.Error("a newer factor was taken away")
	}
	late := one.ask(202, "", "POST", path, why)
	r.clock.Advance(7 * 24 * time.Hour)
	two = r.console(t, "operator-two")
	two.ask(409, "APPROVAL_DECIDED", "POST", "approvals/"+fmt.Sprint(late["id"])+"/approve", nil)
}

// TestPeopleTakeTheirData: one's own, and an operator's with a reason that is written down.
func TestPeopleTakeTheirData(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.to(http.MethodGet, "/v1/personal-data", nil).cookie(r.login(t, "one-staff")).do()
	own := files(t, a.body)
	if a.Header.Get("Content-Type") != "application/zip" || len(own["account"]) != 2 || own["account"][1][1] != "one-staff" || strings.Contains(string(a.body), "two-") {
		t.Errorf("%d %v", a.StatusCode, own)
	}
	for _, name := range []string{"contacts", "consents", "devices", "tickets"} {
		if _, ok := own[name]; !ok {
			t.Errorf("no %s", name)
		}
	}
	if len(own["devices"]) < 2 {
		t.Errorf("the session is not in it: %v", own["devices"])
	}
	one := r.console(t, "operator")
	u := r.userOf(t, r.one, "one-staff")
	path := "merchants/" + r.one.ID + "/users/" + u.ID + "/personal-data/"
	export := func(at string, body map[string]any) reply {
		return r.to(http.MethodPost, "/v1/operator/"+at, body).cookie(one.cookie).do()
	}
	if got := files(t, export(path+"export", map[string]any{"reason": "본인 요청"}).body); got["account"][1][1] != "one-staff" {
		t.Errorf("%v", got)
	}
	for at, body := range map[string]map[string]any{
		path + "export": {"reason": " "}, "buyers/export": {"reason": "본인 요청"}, "buyers/erase": {"phone": "12", "reason": "본인 요청"},
	} {
		if a := export(at, body); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s %v: %d %s", at, body, a.StatusCode, a.body)
		}
	}
	one.ask(404, "", "POST", "merchants/"+r.two.ID+"/users/"+u.ID+"/personal-data/export", map[string]any{"reason": "본인 요청"})
	one.ask(404, "", "POST", "merchants/"+r.two.ID+"/users/"+u.ID+"/personal-data/erase", map[string]any{"reason": "본인 요청"})
	buyer := files(t, export("buyers/export", map[string]any{"phone": "+82 10-0000-5678", "reason": "본인 요청"}).body)
	if len(buyer) != 5 || len(buyer["payments"]) != 1 {
		t.Errorf("of a buyer who bought nothing: %v", buyer)
	}
	table := one.ask(200, "", "GET", "retention?dryRun=true", nil)["classes"].([]any)
	if len(table) < 30 || in(table[0], "act") != "KEEP" || in(table[1], "due") == nil {
		t.Errorf("%v", table)
	}
}

// TestAUserIsErased by two operators, but not the last owner.
func TestAUserIsErased(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	owner, staff := r.userOf(t, r.one, "one-owner"), r.userOf(t, r.one, "one-staff")
	cookie := r.login(t, "one-staff")
	at := func(u merchant.User) string {
		return "merchants/" + r.one.ID + "/users/" + u.ID + "/personal-data/erase"
	}
	why := map[string]any{"reason": "퇴사"}
	one.ask(409, "LAST_OWNER", "POST", at(owner), why)
	asked := one.ask(202, "", "POST", at(staff), why)
	if more, err := r.options.Eraser.Round(t.Context()); more || err != nil {
		t.Errorf("something is erased before anybody approved: %v", err)
	}
	two.ask(200, "", "POST", "approvals/"+fmt.Sprint(asked["id"])+"/approve", nil)
	for range 200 {
		more, err := r.options.Eraser.Round(t.Context())
		must(t, err)
		if !more {
			break
		}
	}
	list := one.ask(200, "", "GET", "erasures", nil)["erasures"].([]any)
	if len(list) != 1 || in(list[0], "status") != "DONE" || in(list[0], "kind") != "USER" {
		t.Fatalf("%v", list)
	}
	if a := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(cookie).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("the session lives: %d", a.StatusCode)
	}
	gone := r.userOf(t, r.one, "erased-"+staff.ID)
	if gone.Name != "" || gone.Status != merchant.UserDisabled || gone.TOTP {
		t.Errorf("%+v", gone)
	}
	a := r.to(http.MethodPost, "/v1/sessions", map[string]any{"loginId": "one-staff", "password": loginPassword}).do()
	if a.StatusCode != http.StatusUnauthorized && a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("logs in: %d", a.StatusCode)
	}
	// What was asked for named the person.
	if x := one.ask(200, "", "GET", "approvals/"+fmt.Sprint(asked["id"]), nil); len(x["changes"].([]any)) != 0 {
		t.Errorf("the approval still says who: %v", x)
	}
}

// TestOfTwoOwnersOneStays, though both erasures were asked for while there were two, and
// neither has been carried out when the other is approved. Whoever is to be erased is shut
// out at once.
func TestOfTwoOwnersOneStays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	must(t, store.NewMerchants(r.db).Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
		return tx.InsertUser(ctx, merchant.User{
			MerchantID: r.one.ID, ID: "usr_partner", LoginID: "one-partner", Name: "동업자", Role: merchant.Owner, Status: merchant.UserActive, CreatedAt: r.clock.Now(), Version: 1,
		})
	}))
	owners := []merchant.User{r.userOf(t, r.one, "one-partner"), r.userOf(t, r.one, "one-owner")}
	var asked []string
	for _, u := range owners {
		a := one.ask(202, "", "POST", "merchants/"+r.one.ID+"/users/"+u.ID+"/personal-data/erase", map[string]any{"reason": "폐업 준비"})
		asked = append(asked, fmt.Sprint(a["id"]))
	}
	codes := make([]int, len(asked))
	var all sync.WaitGroup
	for i, a := range asked {
		all.Go(func() {
			codes[i] = r.to(http.MethodPost, "/v1/operator/approvals/"+a+"/approve", map[string]any{}).cookie(two.cookie).do().StatusCode
		})
	}
	all.Wait()
	slices.Sort(codes)
	if !slices.Equal(codes, []int{200, 409}) {
		t.Fatalf("%v", codes)
	}
	left := 0
	for _, login := range []string{"one-partner", "one-owner"} {
		if r.userOf(t, r.one, login).Status == merchant.UserActive {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d owners are left", left)
	}
}
