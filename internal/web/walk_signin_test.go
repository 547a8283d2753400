package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"innopay/internal/passkeytest"
)

// isSignin are the operations with which people prove themselves. Most of them count
// tries or mails, so that they need a clock of their own.
func isSignin(f field) bool {
	for _, p := range []string{"/v1/sessions/passkey", "/v1/passkeys", "/v1/second-factor", "/v1/mail-address", "/v1/password-resets"} {
		if strings.HasPrefix(f.path(), p) {
			return true
		}
	}
	return false
}

// signin has a scene made by one of the staff, who comes again before every lock and
// session is over.
func (s *stage) signin(t *testing.T, sc *scene) {
	t.Helper()
	s.clock.Advance(61 * time.Minute)
	cookie := s.login(t, "one-staff")
	sc.as = func(req *http.Request) { req.AddCookie(cookie) }
	sc.after = func(reply) { s.clock.Advance(61 * time.Minute) }
}

func (s *stage) goodSignin(t *testing.T, f field) *scene {
	t.Helper()
	present := map[string]any{"presentPassword": loginPassword}
	proof := map[string]any{"presentPassword": loginPassword, "code": "123456"}
	answer := map[string]any{"challenge": "none", "credential": map[string]any{"id": "x"}}
	switch f.operation {
	case "POST /v1/sessions/passkey/options", "GET /v1/passkeys", "GET /v1/second-factor", "GET /v1/mail-address":
		return &scene{}
	case "POST /v1/sessions/passkey":
		return &scene{body: answer}
	case "POST /v1/passkeys":
		answer["name"] = "전화"
		return &scene{body: answer}
	case "PUT /v1/passkeys/{id}":
		return &scene{path: s.passkey(t), body: map[string]any{"name": "전화"}}
	case "DELETE /v1/passkeys/{id}":
		return &scene{path: s.passkey(t)}
	case "POST /v1/passkeys/options", "POST /v1/second-factor/options", "POST /v1/mail-address/remove":
		return &scene{body: present}
	case "POST /v1/second-factor":
		return &scene{body: map[string]any{"challenge": "none", "code": "123456"}}
	case "POST /v1/second-factor/disable", "POST /v1/second-factor/recovery-codes":
		return &scene{body: proof}
	case "PUT /v1/mail-address":
		present["address"] = "walk@example.com"
		return &scene{body: present}
	case "POST /v1/mail-address/verify":
		return &scene{body: map[string]any{"code": "123456"}}
	case "POST /v1/password-resets":
		return &scene{body: map[string]any{"loginId": "one-staff"}}
	case "POST /v1/operator/merchants/{merchantId}/users/{id}/unlock", "POST /v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor":
		users, err := s.registry.Users(t.Context(), s.two.Tenant())
		if err != nil || len(users) == 0 {
			t.Fatalf("%v, %d users", err, len(users))
		}
		return &scene{path: map[string]string{"merchantId": s.two.ID, "id": users[0].ID}, body: map[string]any{"reason": "본인 확인"}}
	}
	return nil
}

// passkey is one of one-staff's, registered.
func (s *stage) passkey(t *testing.T) map[string]string {
	t.Helper()
	s.clock.Advance(61 * time.Minute)
	_, made := s.enrol(t, s.login(t, "one-staff"))
	id, _ := made["id"].(string)
	return map[string]string{"id": id}
}

// named is the origin of the tests to which passkeys are bound.
const named = "http://localhost:8080"

// enrol registers a passkey over HTTP.
func (r *rig) enrol(t *testing.T, session *http.Cookie) (*passkeytest.Key, map[string]any) {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/passkeys/options", map[string]any{"presentPassword": loginPassword}).cookie(session).header("Origin", named).header("Sec-Fetch-Site", "same-origin").do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("asked for a passkey: %d %s", a.StatusCode, a.body)
	}
	asked := a.json(t)
	key, answer := passkeytest.Create(t, asked["publicKey"], named)
	a = r.to(http.MethodPost, "/v1/passkeys", map[string]any{"challenge": asked["challenge"], "name": "시험 열쇠", "credential": answer}).cookie(session).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("registered: %d %s", a.StatusCode, a.body)
	}
	return key, a.json(t)
}
