package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/internal/store"
	agreed "innopay/internal/terms"
)

// begun is a registration at the second shop, as far as the operation wants it.
func (s *stage) begun(t *testing.T, operation string) (token, code string) {
	t.Helper()
	ctx, n := t.Context(), s.orders.Add(1)
	client, phone := fmt.Sprint("walk ", n), fmt.Sprintf("010%08d", 90_000_000+n)
	service := s.options.Registrations
	fail := func(err error) {
		if err != nil {
			t.Errorf("%s: %v", operation, err)
		}
	}
	shopCode, err := service.ShopCode(ctx, s.two.Tenant())
	fail(err)
	i, err := service.Invite(ctx, s.two.Tenant(), "test", 1)
	fail(err)
	r, err := service.Begin(ctx, shopCode, i.Code, client)
	fail(err)
	if operation == "POST /v1/registrations" {
		return shopCode, i.Code
	}
	if operation != "POST /v1/registrations/current/submit" {
		fail(service.Revoke(ctx, s.two.Tenant(), "test", i.ID)) // a shop has so many at once
	}
	if operation == "GET /v1/registrations/current" || operation == "POST /v1/registrations/current/phone" {
		return r.Token, ""
	}
	_, err = service.SendCode(ctx, r.Token, registration.Person{Name: "시험 직원", Phone: phone}, client)
	fail(err)
	code = s.codeFor(t, r.Token)
	if operation != "POST /v1/registrations/current/phone/verify" {
		fail(service.Verify(ctx, r.Token, code, client))
	}
	return r.Token, code
}

// goodRegistration is good for the way in, nil for everything else. What was used up is
// begun anew.
func (s *stage) goodRegistration(t *testing.T, f field) *scene {
	t.Helper()
	if !strings.Contains(f.operation, "/v1/registrations") {
		return nil
	}
	token, code := s.begun(t, f.operation)
	consents := make([]any, 0, 4)
	for _, kind := range []string{"SERVICE", "PRIVACY", "FINANCE", "MARKETING"} {
		consents = append(consents, map[string]any{"kind": kind, "version": 1, "agreed": true})
	}
	sc := &scene{body: map[string]map[string]any{
		"POST /v1/registrations":                      {"merchantCode": token, "inviteCode": code},
		"POST /v1/registrations/current/phone":        {"name": "시험 직원", "phone": fmt.Sprintf("010%08d", 80_000_000+s.orders.Add(1))},
		"POST /v1/registrations/current/phone/verify": {"code": code},
		"POST /v1/registrations/current/login-id":     {"loginId": "walked-in"},
		"POST /v1/registrations/current/submit":       {"loginId": fmt.Sprintf("in-%d", s.orders.Add(1)), "password": "brumal-Tock-29", "consents": consents},
	}[f.operation]}
	sc.as = func(req *http.Request) {
		if f.pointer != "/Registration-Token" && !strings.HasSuffix(req.URL.Path, "/registrations") {
			req.Header.Set("Registration-Token", token)
		}
	}
	sc.after = func(a reply) {
		if a.StatusCode < 300 && strings.HasPrefix(f.operation, "POST ") && f.operation != "POST /v1/registrations" {
			token, code = s.begun(t, f.operation)
		}
	}
	return sc
}

// goodJoin is good for what owners and operators do about people on the way in.
func (s *stage) goodJoin(t *testing.T, f field) *scene {
	t.Helper()
	rights := map[string]any{"discount": true, "cancel": true, "cancelLimit": 0, "editProducts": false}
	owner := map[string]any{"loginId": fmt.Sprintf("issued-%d", s.orders.Add(1)), "name": "시험 점주", "email": "owner@example.com", "phone": "01000004321"}
	shopPath := map[string]string{"merchantId": s.two.ID}
	switch f.operation {
	case "POST /v1/invites":
		sc := &scene{body: map[string]any{"uses": 2}}
		sc.after = func(a reply) {
			if a.StatusCode == http.StatusCreated {
				id, _ := a.json(t)["id"].(string)
				if err := s.options.Registrations.Revoke(t.Context(), s.two.Tenant(), "test", id); err != nil {
					t.Error(err)
				}
			}
		}
		return sc
	case "DELETE /v1/invites/{id}":
		return s.again(s.invite(t), func() map[string]string { return s.invite(t) }, nil)
	case "POST /v1/staff/{id}/approve":
		return s.again(s.waiting(t), func() map[string]string { return s.waiting(t) }, rights)
	case "POST /v1/staff/{id}/refuse":
		return s.again(s.waiting(t), func() map[string]string { return s.waiting(t) }, nil)
	case "POST /v1/staff/{id}/disable", "POST /v1/staff/{id}/enable", "DELETE /v1/staff/{id}/sessions":
		return &scene{path: s.hired(t)}
	case "POST /v1/consents":
		return &scene{body: map[string]any{"consents": []any{map[string]any{"kind": "SERVICE", "version": 1, "agreed": true}}}}
	case "GET /v1/terms/{kind}":
		return &scene{path: map[string]string{"kind": "SERVICE"}}
	case "GET /v1/operator/terms/{kind}/versions/{version}":
		return &scene{path: map[string]string{"kind": "SERVICE", "version": "1"}}
	case "GET /v1/operator/terms/{kind}/diff":
		return &scene{path: map[string]string{"kind": "SERVICE"}, query: map[string][]string{"from": {"1"}, "to": {"1"}}}
	case "POST /v1/operator/terms/{kind}/diff":
		return &scene{path: map[string]string{"kind": "SERVICE"}, body: map[string]any{"from": 1, "body": "# 제1조\n고친 글"}}
	case "POST /v1/operator/terms":
		return &scene{body: map[string]any{
			"kind": "MARKETING", "title": "마케팅 정보 수신 동의", "required": false, "body": "# 받는 내용\n소식을 보내요.", "changes": "고쳤어요.",
			"effectiveFrom": s.clock.Now().AddDate(0, 0, 30).Format("2006-01-02"),
		}}
	case "GET /v1/operator/merchants/{merchantId}/owners":
		return &scene{path: shopPath}
	case "POST /v1/operator/merchants/{merchantId}/owners", "POST /v1/operator/merchants/{merchantId}/owners/preview":
		return &scene{path: shopPath, body: owner}
	case "POST /v1/operator/merchants/{merchantId}/owners/{id}/resend":
		return &scene{path: s.newOwner(t)}
	case "POST /v1/operator/merchants/{merchantId}/owners/{id}/withdraw":
		return s.again(s.newOwner(t), func() map[string]string { return s.newOwner(t) }, nil)
	}
	return nil
}

// newOwner was given an id, and did not come yet.
func (s *stage) newOwner(t *testing.T) map[string]string {
	t.Helper()
	n := s.orders.Add(1)
	i, err := s.options.Registrations.IssueOwner(t.Context(), "test", s.two.Tenant(), registration.Newcomer{
		LoginID: fmt.Sprintf("resent-%d", n), Name: "시험 점주", Email: fmt.Sprintf("owner-%d@example.com", n),
	})
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"merchantId": s.two.ID, "id": i.UserID}
}

func (s *stage) invite(t *testing.T) map[string]string {
	t.Helper()
	i, err := s.options.Registrations.Invite(t.Context(), s.two.Tenant(), "test", 1)
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"id": i.ID}
}

// codeFor is what was sent for a registration.
func (s *stage) codeFor(t *testing.T, token string) string {
	t.Helper()
	r, err := store.NewRegistrations(s.db).RegistrationByToken(t.Context(), s.keys.TokenHash(token))
	if err != nil {
		t.Error(err)
	}
	sent, err := s.keys.TokenAgain(r.CodeHash, "registration.code", r.ID, r.Generation)
	if err != nil {
		t.Error(err)
	}
	return registration.CodeOf(sent)
}

// hired is somebody new of the second shop.
func (s *stage) hired(t *testing.T) map[string]string {
	t.Helper()
	made, err := s.registry.CreateUser(t.Context(), "test", s.two.Tenant(), merchant.NewUser{
		LoginID: fmt.Sprintf("hired-%d", s.orders.Add(1)), Name: "시험 직원", Role: merchant.Staff,
	})
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"id": made.UserID}
}

// waiting is somebody who registered at the second shop and waits for the owner.
func (s *stage) waiting(t *testing.T) map[string]string {
	t.Helper()
	token, _ := s.begun(t, "POST /v1/registrations/current/submit")
	r, err := s.options.Registrations.Submit(t.Context(), token, registration.Submission{
		LoginID: fmt.Sprintf("waits-%d", s.orders.Add(1)), Password: "brumal-Tock-29", Consents: allAgreed(t, s.rig),
	})
	if err != nil {
		t.Error(err)
	}
	return map[string]string{"id": r.UserID}
}

// allAgreed says yes to everything that holds.
func allAgreed(t *testing.T, r *rig) []agreed.Answer {
	t.Helper()
	docs, err := r.options.Terms.Current(t.Context())
	if err != nil {
		t.Error(err)
	}
	var out []agreed.Answer
	for _, d := range docs {
		out = append(out, agreed.Answer{Kind: d.Kind, Version: d.Version, Agreed: true})
	}
	return out
}
