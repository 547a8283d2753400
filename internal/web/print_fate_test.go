package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"innopay/internal/receipt/escpos"
)

// TestAPrintThatTheAppCouldNotCarryDoesNotCount: on another printer it is the original
// still.
func TestAPrintThatTheAppCouldNotCarryDoesNotCount(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	path := fmt.Sprint("/v1/payments/", p.pay(t, p.one, p.order(t, 60_000))["id"], "/prints")
	withdraw := func(id any) reply {
		return p.to(http.MethodPost, fmt.Sprint("/v1/prints/", id, "/withdraw"), map[string]any{}).as(p.one).do()
	}
	first := p.print(t, path, localPrinter())
	var both sync.WaitGroup
	for range 2 { // the second finds it failed; it is taken out of the count once
		both.Go(func() {
			a := withdraw(first["id"])
			if a.StatusCode != http.StatusOK || a.json(t)["status"] != "FAILED" || a.json(t)["failure"].(map[string]any)["code"] != "PRINT_NOT_SENT" {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		})
	}
	both.Wait()
	second := p.print(t, path, with(localPrinter(), "columns", 48))
	if second["copy"] != false || second["number"] != 1.0 {
		t.Errorf("the second is number %v", second["number"])
	}
	third := p.print(t, path, localPrinter())
	if third["copy"] != true {
		t.Error("the third is no copy")
	}
	o := escpos.Options{Columns: 32, Mode: escpos.CP949, Hangul: escpos.Full}
	sent := p.print(t, path, map[string]any{"printerId": p.attached(t, o)})
	if a := withdraw(sent["id"]); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "PRINT_NOT_HANDED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	p.settled(t, sent["id"])
	if a := withdraw("prt_01ja2b3c4d5e6f7g8h9jakbmcn"); a.StatusCode != http.StatusNotFound {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestAJobIsInTheLanguageItWasAskedForIn though its printer is described anew meanwhile:
// a slip for one kind of printer is never sent as text of another.
func TestAJobIsInTheLanguageItWasAskedForIn(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	was := map[string]any{"name": "주방", "transport": "NETWORK", "address": "192.168.0.50", "columns": 48, "mode": "CP949", "hangul": "FULL"}
	id := p.printer(t, p.one, was)
	asked := p.print(t, fmt.Sprint("/v1/payments/", p.sell(t, 12_000, nil)["id"], "/prints"), map[string]any{"printerId": id})
	now := map[string]any{"name": "주방", "transport": "CLOUD_PRNT", "columns": 48, "mode": "STAR_LINE", "hangul": "FULL", "version": 1}
	changed := p.to(http.MethodPut, "/v1/printers/"+id, now).as(p.one).do().json(t)
	poll := fmt.Sprint(changed["pollUrl"])[len(base):]
	offer := p.star(t, poll, false)
	if offer["jobToken"] != asked["id"] || fmt.Sprint(offer["mediaTypes"]) != "[image/png]" {
		t.Fatalf("%v", offer)
	}
	got := p.to(http.MethodGet, poll+"?type=application/vnd.star.line&token="+fmt.Sprint(asked["id"]), nil).do()
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d %s", got.StatusCode, got.Header)
	}
}

// TestWhatIsWrongWithAStarPrinterIsNamedOnce, by the field that is wrong.
func TestWhatIsWrongWithAStarPrinterIsNamedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good := map[string]any{"name": "구름", "transport": "CLOUD_PRNT", "columns": 48, "mode": "STAR_LINE", "hangul": "FULL"}
	for path, body := range map[string]map[string]any{"/address": with(good, "address", "192.168.0.50"), "/mode": with(good, "mode", "CP949")} {
		a := r.to(http.MethodPost, "/v1/printers", body).as(r.one).do()
		if named := slices.Collect(maps.Keys(wrongFields(t, a))); !slices.Equal(named, []string{path}) {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
}
