package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"innopay/fault"
	"innopay/internal/contract"
	"innopay/internal/payrequest"
)

// TestABuyerIsOfferedThePlansThatTheContractTakes on the page of a link and on the phone,
// and no others; what is sent all the same is refused with the field named, and the next
// press of a plan that was offered pays.
func TestABuyerIsOfferedThePlansThatTheContractTakes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, longest := range []int{3, 6, 0, 12} {
		r.agreed(t, r.one, contract.Limits{MaxMonths: longest})
		token := tokenOf(t, r.ask(t, 120_000)["url"])
		page := r.to(http.MethodGet, "/p/"+token, nil).header("User-Agent", phone).do()
		key := keyOf(t, page)
		view, err := r.options.Requests.Open(t.Context(), token)
		must(t, err)
		terms, err := r.options.Requests.Terms(t.Context(), view)
		must(t, err)
		if want := max(0, longest-1); len(terms.Installments) != want {
			t.Errorf("a contract of %d months offers %v", longest, terms.Installments)
		}
		own := r.to(http.MethodGet, "/v1/installments?amount=120000", nil).as(r.one).do().json(t)
		if months, _ := own["months"].([]any); len(months) != len(terms.Installments) {
			t.Errorf("the shop is told %v, its buyer %v", own["months"], terms.Installments)
		}
		for months := 2; months <= 12; months++ {
			if shown := strings.Contains(string(page.body), fmt.Sprintf(`<option value="%d"`, months)); shown != (months <= longest) {
				t.Errorf("a contract of %d months, %d months on the page: %v", longest, months, shown)
			}
			if months <= longest {
				continue
			}
			refusesPlan(t, r, token, key, months)
		}
		if longest < 2 {
			continue
		}
		form := cardForm(t, key, longest)
		a := r.pressAt(token, form)
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/p/"+token+"/done" {
			t.Errorf("%d months of %d: %d %s", longest, longest, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

// refusesPlan sends a plan that was not offered by the form, and beside it.
func refusesPlan(t *testing.T, r *rig, token, key string, months int) {
	t.Helper()
	a := r.pressAt(token, cardForm(t, key, months))
	named := strings.Contains(string(a.body), `id="months-wrong"`)
	if !strings.Contains(string(a.body), `<select id="months"`) { // no field, no plan: the words alone
		named = strings.Contains(string(a.body), "일시불로 결제해 주세요") && !strings.Contains(string(a.body), `href="#months"`)
	}
	if a.StatusCode != http.StatusUnprocessableEntity || !named {
		t.Errorf("%d months by the form: %d", months, a.StatusCode)
	}
	_, err := r.options.Requests.Pay(t.Context(), payrequest.Pay{
		Token: token, Key: fmt.Sprintf("form-key-of-the-plan-%011d", months), InstallmentMonths: months, Card: typed(t, "APPROVE"),
	})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Path != "/installmentMonths" {
		t.Errorf("%d months beside the form: %v", months, err)
	}
}

// cardForm is the form of a page, filled with a card that is approved.
func cardForm(t *testing.T, key string, months int) url.Values {
	t.Helper()
	form := filled(key)
	c := typed(t, "APPROVE")
	form.Set("cardNumber", string(c.PAN.Reveal()))
	form.Set("expiry", "1230")
	form.Set("birthOrBusinessNumber", string(c.BirthOrBusinessNumber.Reveal()))
	form.Set("passwordTwoDigits", string(c.PasswordTwoDigits.Reveal()))
	form.Set("installmentMonths", fmt.Sprint(months))
	return form
}

// pressAt sends a form to the page of a link as a browser does.
func (r *rig) pressAt(token string, form url.Values) reply {
	return r.to(http.MethodPost, "/p/"+token, form.Encode()).header("Content-Type", "application/x-www-form-urlencoded").
		header("Sec-Fetch-Site", "same-origin").header("User-Agent", phone).do()
}
