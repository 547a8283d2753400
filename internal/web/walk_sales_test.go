package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// workbook is what XLSX is sent as.
const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// goodSales is good for what is asked of sales, nil for everything else.
func (s *stage) goodSales(t *testing.T, f field) *scene {
	t.Helper()
	days := url.Values{"from": {"2026-03-01"}, "to": {"2026-03-02"}}
	day := map[string]string{"day": "2026-03-02"}
	switch f.operation {
	case "GET /v1/sales", "GET /v1/sales/export", "GET /v1/settlements", "GET /v1/settlements/export", "GET /v1/closings":
		return &scene{query: days}
	case "POST /v1/closings":
		// A day that is closed must be opened again before it is closed once more.
		return &scene{body: closing(map[string]any{"day": "2026-03-01"}), after: func(a reply) {
			if a.StatusCode == http.StatusCreated {
				s.to(http.MethodPost, "/v1/closings/"+fmt.Sprint(a.json(t)["day"])+"/reopen", map[string]any{"reason": "시험"}).as(s.two).do()
			}
		}}
	case "GET /v1/closings/{day}":
		return &scene{path: day}
	case "POST /v1/closings/{day}/reopen":
		s.close(t)
		return s.again(day, func() map[string]string { s.close(t); return day }, map[string]any{"reason": "다시 셌어요"})
	case "POST /v1/closings/{day}/prints":
		s.close(t)
		return &scene{path: day, body: localPrinter()}
	case "GET /v1/closings/{day}/document":
		s.close(t)
		return &scene{path: day}
	}
	return nil
}

// close closes the day of the tests where it is open.
func (s *stage) close(t *testing.T) {
	t.Helper()
	s.to(http.MethodPost, "/v1/closings", closing(nil)).as(s.two).idempotent(fmt.Sprint("walk-", s.orders.Add(1))).do()
}
