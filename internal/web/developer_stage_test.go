package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/merchant"
)

// forOwners reports whether a route is closed to keys, because it is about what opens
// access.
func forOwners(path string) bool {
	return slices.ContainsFunc([]string{"/v1/sessions", "/v1/push/", "/v1/staff/", "/v1/keys", "/v1/webhooks", "/v1/invites", "/v1/consents", "/v1/notices", "/v1/tickets", "/v1/passkeys", "/v1/second-factor", "/v1/mail-address", "/v1/personal-data"}, func(p string) bool {
		return strings.HasPrefix(path, p)
	})
}

// goodDeveloper are good requests about keys and webhooks; there is room for few of them.
func (s *stage) goodDeveloper(t *testing.T, f field) *scene {
	t.Helper()
	switch f.operation {
	case "POST /v1/keys":
		sc := &scene{body: map[string]any{"name": "POS", "scopes": []any{"payments.read", "requests"}, "presentPassword": loginPassword}}
		sc.after = func(a reply) {
			if a.StatusCode == http.StatusCreated {
				key, _ := a.json(t)["key"].(map[string]any)
				must(t, s.registry.RevokeKey(t.Context(), "test", s.two.Tenant(), fmt.Sprint(key["id"])))
			}
		}
		return sc
	case "POST /v1/keys/{id}/rotate":
		return &scene{path: s.key(t), body: map[string]any{"presentPassword": loginPassword, "oldUntil": s.clock.Now().Add(6 * 24 * time.Hour).Format(time.RFC3339)}}
	case "DELETE /v1/keys/{id}":
		return s.again(s.key(t), func() map[string]string { return s.key(t) }, nil)
	case "POST /v1/webhooks":
		sc := &scene{body: fullReceiver()}
		sc.after = func(a reply) {
			if a.StatusCode == http.StatusCreated {
				hook, _ := a.json(t)["webhook"].(map[string]any)
				must(t, s.options.Webhooks.Remove(t.Context(), s.two.Tenant(), "test", fmt.Sprint(hook["id"])))
			}
		}
		return sc
	case "PUT /v1/webhooks/{id}":
		return &scene{path: s.hook(t), body: with(fullReceiver(), "version", version)}
	case "POST /v1/webhooks/{id}/rotate":
		return &scene{path: s.sharedHook(t), body: map[string]any{"overlapHours": 24}}
	case "DELETE /v1/webhooks/{id}":
		return s.again(s.hook(t), func() map[string]string { return s.hook(t) }, nil)
	case "POST /v1/webhooks/{id}/test", "GET /v1/webhooks/{id}/deliveries":
		return &scene{path: s.sharedHook(t)}
	case "POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend":
		path := s.sharedHook(t)
		d, err := s.options.Webhooks.Test(t.Context(), s.two.Tenant(), "test", path["id"])
		must(t, err)
		path["deliveryId"] = d.ID
		return &scene{path: path}
	}
	return nil
}

func fullReceiver() map[string]any {
	return map[string]any{"url": "https://shop.example/innopay", "events": []any{"payment.approved", "request.changed"}, "description": "재고", "active": true}
}

// key is a new one of the second shop's.
func (s *stage) key(t *testing.T) map[string]string {
	t.Helper()
	_, row, err := s.registry.CreateKey(t.Context(), "test", s.two.Tenant(), merchant.NewKey{Name: "walk"})
	must(t, err)
	return map[string]string{"id": row.ID}
}

// hook is a new webhook of the second shop's.
func (s *stage) hook(t *testing.T) map[string]string {
	t.Helper()
	a := s.to(http.MethodPost, "/v1/webhooks", fullReceiver()).cookie(s.owner).do()
	hook, _ := a.json(t)["webhook"].(map[string]any)
	return map[string]string{"id": fmt.Sprint(hook["id"])}
}

// sharedHook is one webhook for all that ask about it and leave it standing.
func (s *stage) sharedHook(t *testing.T) map[string]string {
	t.Helper()
	s.hookOnce.Do(func() { s.hookID = s.hook(t)["id"] })
	return map[string]string{"id": s.hookID}
}
