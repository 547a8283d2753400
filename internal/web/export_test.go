package web_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/web"
	"innopay/internal/web/limit"
)

// sheet reads an export as a sheet would: without the byte order mark, as RFC 4180.
func sheet(t *testing.T, body []byte) (head []string, rows [][]string) {
	t.Helper()
	plain, found := bytes.CutPrefix(body, []byte("\xEF\xBB\xBF"))
	if !found {
		t.Fatalf("no byte order mark: %q", body[:min(20, len(body))])
	}
	if n := bytes.Count(plain, []byte("\n")); n != bytes.Count(plain, []byte("\r\n")) {
		t.Error("a line does not end with CR LF")
	}
	all, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
	must(t, err)
	return all[0], all[1:]
}

// cellOf is the cell of a row below a head.
func cellOf(head, row []string, name string) string { return row[slices.Index(head, name)] }

func TestExportIsAFileThatSheetsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 55_000)
	body["orderName"] = `꽃다발, "큰" 것`
	body["buyer"] = map[string]any{"name": "구매자일", "phone": "010-0000-0001"}
	body["installmentMonths"] = 3
	p := r.pay(t, r.one, body)
	a := r.to(http.MethodGet, "/v1/payments/export", nil).cookie(r.login(t, "one-staff")).do()
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	kind, params, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != "거래내역_20260302.csv" {
		t.Errorf("%q: %v %v", a.Header.Get("Content-Disposition"), params, err)
	}
	head, rows := sheet(t, a.body)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	for name, want := range map[string]string{
		"거래번호": p["id"].(string), "주문번호": body["orderId"].(string), "상품명": `꽃다발, "큰" 것`, "거래종류": "카드", "상태": "승인",
		"금액": "55000", "공급가액": "50000", "부가세": "5000", "면세": "0", "봉사료": "0", "취소금액": "0", "잔액": "55000", "할부": "3개월",
		"구매자": "구**일", "요청일시": "2026-03-02 12:00:30", "담당자": "API",
	} {
		if got := cellOf(head, rows[0], name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if n := cellOf(head, rows[0], "카드번호"); len(n) != 16 || n[6:12] != "******" {
		t.Errorf("card %q", n)
	}
	if bytes.Contains(a.body, []byte("01000000001")) {
		t.Error("a phone number is in the file")
	}
}

// TestExportHoldsNoFormula writes down what a sheet would run or mend as plain text.
func TestExportHoldsNoFormula(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for given, want := range map[string]string{
		"=1+2": "'=1+2", "+82": "'+82", "-1": "'-1", "@sum": "'@sum", "01012345678": "'01012345678", "123456789012": "'123456789012",
		"7": "7", "a=1": "a=1", "커피": "커피",
	} {
		body := r.order(t, 10_000)
		body["orderName"] = given
		p := r.pay(t, r.one, body)
		head, rows := sheet(t, r.to(http.MethodGet, "/v1/payments/export?orderId="+p["orderId"].(string), nil).as(r.one).do().body)
		if got := cellOf(head, rows[0], "상품명"); len(rows) != 1 || got != want {
			t.Errorf("%q became %q in %d rows", given, got, len(rows))
		}
	}
}

func TestExportHasTheConditionsOfTheList(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.Exports = limit.Rate{PerSecond: 1000, Burst: 1000} })
	done := r.pay(t, r.one, r.order(t, 10_000))
	r.clock.Advance(time.Second)
	declined := r.order(t, 20_000)
	declined["card"] = cardOf(t, "DECLINE_LIMIT")
	refused := r.pay(t, r.one, declined)
	theirs := r.pay(t, r.two, r.order(t, 30_000))
	cancel := map[string]any{"reason": "변심", "amount": 4_000, "cancelPassword": cancelPassword}
	if a := r.to(http.MethodPost, "/v1/payments/"+done["id"].(string)+"/cancel", cancel).as(r.one).idempotent("part").do(); a.StatusCode != http.StatusOK {
		t.Fatalf("cancel: %d %s", a.StatusCode, a.body)
	}
	for query, want := range map[string][]any{
		"":                      {refused["id"], done["id"]},
		"?status=ABORTED":       {refused["id"]},
		"?minAmount=20000":      {refused["id"]},
		"?from=2026-03-03":      nil,
		"?unsettled=true":       nil,
		"?orderName=AMERICANO":  nil,
		"?orderName=아메리카노":      {refused["id"], done["id"]},
		"?channel=CARD&q=order": {refused["id"], done["id"]},
	} {
		head, rows := sheet(t, r.to(http.MethodGet, "/v1/payments/export"+query, nil).as(r.one).do().body)
		var got []any
		for _, row := range rows {
			got = append(got, cellOf(head, row, "거래번호"))
			if cellOf(head, row, "거래번호") == done["id"] && (cellOf(head, row, "취소금액") != "4000" || cellOf(head, row, "잔액") != "6000") {
				t.Errorf("cancelled part: %v", row)
			}
			if cellOf(head, row, "거래번호") == refused["id"] && cellOf(head, row, "잔액") != "0" {
				t.Errorf("a declined payment has a balance: %v", row)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	if a := r.to(http.MethodGet, "/v1/payments/export", nil).as(r.one).do(); bytes.Contains(a.body, []byte(theirs["id"].(string))) {
		t.Error("another merchant's payment is in the file")
	}
	if a := r.to(http.MethodGet, "/v1/payments/export?from=2026-03-09&to=2026-03-01", nil).as(r.one).do(); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("reversed days: %d", a.StatusCode)
	}
}

func TestExportsAreLimited(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.Exports = limit.Rate{PerSecond: 0.1, Burst: 2} })
	for range 2 {
		if a := r.to(http.MethodGet, "/v1/payments/export", nil).as(r.one).do(); a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodGet, "/v1/payments/export", nil).as(r.one).do(); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "10" {
		t.Errorf("third: %d, retry after %q", a.StatusCode, a.Header.Get("Retry-After"))
	}
	if a := r.to(http.MethodGet, "/v1/payments/export", nil).as(r.two).do(); a.StatusCode != http.StatusOK {
		t.Errorf("another merchant: %d", a.StatusCode)
	}
}

// TestExportComesInChunks reads a file over a connection: its length is not known when
// it begins.
func TestExportComesInChunks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	p := r.pay(t, r.one, r.order(t, 10_000))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/payments/export", nil)
	must(t, err)
	req.SetBasicAuth(r.one.key, "")
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	must(t, resp.Body.Close())
	if !strings.Contains(string(body), p["id"].(string)) || resp.ContentLength != -1 {
		t.Errorf("length %d: %s", resp.ContentLength, body)
	}
}

func TestTimelineOfAPaymentIsPlain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.order(t, 60_000)
	body["signature"] = map[string]any{"strokes": [][][]float64{{{1, 2, 3}}}}
	p := r.pay(t, r.one, body)
	path := "/v1/payments/" + p["id"].(string)
	cancel := map[string]any{"reason": "변심", "cancelPassword": cancelPassword}
	if a := r.to(http.MethodPost, path+"/cancel", cancel).as(r.one).idempotent("whole").do(); a.StatusCode != http.StatusOK {
		t.Fatalf("cancel: %d %s", a.StatusCode, a.body)
	}
	a := r.to(http.MethodGet, path+"/timeline", nil).as(r.one).do()
	line := a.json(t)
	var got []string
	for _, s := range line["steps"].([]any) {
		got = append(got, s.(map[string]any)["kind"].(string))
	}
	if want := []string{"REQUESTED", "SIGNED", "SENT", "APPROVED", "CANCEL_REQUESTED", "CANCEL_SENT", "CANCEL_DONE"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if open := line["settling"].([]any); len(open) != 0 {
		t.Errorf("open: %v", open)
	}
	if a := r.to(http.MethodGet, path+"/anything", nil).as(r.one).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("another part: %d %s", a.StatusCode, a.body)
	}
	named := r.order(t, 10_000)
	named["orderId"] = "timeline"
	p = r.pay(t, r.one, named)
	if a := r.to(http.MethodGet, "/v1/payments/orders/timeline", nil).as(r.one).do(); a.json(t)["id"] != p["id"] {
		t.Errorf("an order named timeline: %d %s", a.StatusCode, a.body)
	}
	number := body["card"].(map[string]any)["number"].(string)
	if bytes.Contains(a.body, []byte(number)) || bytes.Contains(a.body, []byte(number[12:])) {
		t.Errorf("digits of the card: %s", a.body)
	}
}
