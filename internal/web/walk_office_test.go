package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"innopay/internal/ticket"
)

// goodOffice are good requests about notices, interest-free events and tickets; nil for
// other operations.
func (s *stage) goodOffice(t *testing.T, f field) *scene {
	notice := map[string]any{
		"merchantId": s.two.ID, "role": "OWNER", "title": "점검 안내", "body": "새벽에 쉬어요.", "important": true,
		"from": "2026-03-02T12:00:00+09:00", "until": "2026-12-31T12:00:00+09:00",
	}
	event := func() map[string]string { return s.event(t) }
	ticket := func() map[string]string { return s.ticket(t) }
	switch f.operation {
	case "POST /v1/operator/notices":
		return &scene{body: notice}
	case "PUT /v1/operator/notices/{id}":
		notice["from"], notice["version"] = "2026-12-01T12:00:00+09:00", 1
		return s.again(s.scheduled(t), func() map[string]string { return s.scheduled(t) }, notice)
	case "DELETE /v1/operator/notices/{id}":
		sc := s.again(s.scheduled(t), func() map[string]string { return s.scheduled(t) }, nil)
		sc.query = url.Values{"reason": {"시험"}}
		return sc
	case "POST /v1/notices/{id}/read":
		return &scene{path: s.noticed(t)}
	case "POST /v1/operator/interest-free":
		return &scene{body: with(interestFree("41"), "merchantId", s.two.ID)}
	case "DELETE /v1/operator/interest-free/{id}":
		sc := s.again(event(), event, nil)
		sc.query = url.Values{"reason": {"시험"}}
		return sc
	case "POST /v1/operator/interest-free/import":
		table := file{"text/csv", []byte("카드사,개월,최소금액,시작일,종료일\n신한,2~3,50000,2026-03-01,2026-03-31\n")}
		return &scene{query: url.Values{"format": {"csv"}}, file: &table}
	case "POST /v1/tickets":
		body := with(question("문의"), "kind", "MERCHANT_CHANGE")
		body["wishes"] = []any{map[string]any{"field": "NAME", "value": "새 이름"}}
		if f.pointer == "/paymentId" {
			body = with(with(question("문의"), "kind", "PAYMENT"), "paymentId", s.sold(t, 10_000))
		}
		return &scene{body: body, after: func(reply) { s.closeAll(t) }}
	case "GET /v1/tickets/{id}", "POST /v1/tickets/{id}/read", "GET /v1/operator/tickets/{merchantId}/{id}":
		return &scene{path: ticket()}
	case "POST /v1/operator/tickets/{merchantId}/{id}/assignee":
		return &scene{path: ticket(), body: map[string]any{}}
	case "POST /v1/operator/tickets/{merchantId}/{id}/close":
		return s.again(ticket(), ticket, nil)
	case "POST /v1/tickets/{id}/messages", "POST /v1/operator/tickets/{merchantId}/{id}/messages":
		sc := s.again(ticket(), ticket, map[string]any{"text": "답장이에요."})
		return sc
	}
	return nil
}

func (s *stage) wrote(t *testing.T, as *http.Cookie, path string, body map[string]any) map[string]string {
	t.Helper()
	a := s.to(http.MethodPost, path, body).cookie(as).do()
	if a.StatusCode != http.StatusCreated {
		t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		return map[string]string{}
	}
	id, _ := a.json(t)["id"].(string)
	return map[string]string{"merchantId": s.two.ID, "id": id}
}

func (s *stage) noticed(t *testing.T) map[string]string {
	t.Helper()
	return s.wrote(t, s.operator, "/v1/operator/notices", map[string]any{"title": "점검", "body": "쉬어요"})
}

func (s *stage) scheduled(t *testing.T) map[string]string {
	t.Helper()
	return s.wrote(t, s.operator, "/v1/operator/notices", map[string]any{"title": "점검", "body": "쉬어요", "from": "2026-12-01T12:00:00+09:00"})
}

func (s *stage) event(t *testing.T) map[string]string {
	t.Helper()
	return s.wrote(t, s.operator, "/v1/operator/interest-free", interestFree("41"))
}

func (s *stage) ticket(t *testing.T) map[string]string {
	t.Helper()
	s.closeAll(t)
	return s.wrote(t, s.owner, "/v1/tickets", question("문의"))
}

// closeAll keeps the shop below the limit of tickets.
func (s *stage) closeAll(t *testing.T) {
	t.Helper()
	ks, err := s.options.Tickets.Queue(t.Context(), ticket.Open, "")
	must(t, err)
	answered, err := s.options.Tickets.Queue(t.Context(), ticket.Answered, "")
	must(t, err)
	ks = append(ks, answered...)
	open := 0
	for _, k := range ks {
		// The newest are still being asked about.
		if open++; open > 5 {
			if _, err := s.options.Tickets.Close(t.Context(), "test", s.two.Tenant(), k.ID); !errors.Is(err, ticket.ErrClosed) {
				must(t, err) // another question's cleaning may have been faster
			}
		}
	}
}
