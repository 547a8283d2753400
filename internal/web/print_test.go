package web_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/demo/printer"
	printing "innopay/internal/printer"
	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/receipt/escpos/paper"
	"innopay/internal/web"
)

// press is a rig with a virtual printer on a port of its own.
type press struct {
	*rig
	*printer.Printer
	at     netip.AddrPort
	papers http.Handler
	seen   string // the last paper that was looked at
	n      int    // of keys
}

func newPress(t *testing.T, change ...func(*web.Options)) *press {
	t.Helper()
	p := &press{}
	listening := func(o *web.Options) {
		p.Printer = printer.New(printer.Options{Clock: restless{o.Clock.(*clock.Fake)}, Log: o.Log})
		var err error
		p.at, err = p.Listen(t.Context(), "127.0.0.1:0")
		must(t, err)
		t.Cleanup(func() { must(t, p.Close()) })
		terms := o.Printers.Options
		terms.Virtual = p.at
		o.Printers = printing.New(terms)
		p.papers = p.Handler(http.NotFoundHandler())
		o.Simulators = p.papers
	}
	p.rig = newRig(t, append([]func(*web.Options){listening}, change...)...)
	return p
}

// attached registers the virtual printer with the first shop.
func (p *press) attached(t *testing.T, o escpos.Options) string {
	t.Helper()
	return p.printer(t, p.one, map[string]any{
		"name": "가상", "transport": "NETWORK", "address": p.at.String(), "columns": o.Columns, "mode": o.Mode, "hangul": o.Hangul, "drawer": true,
	})
}

// print asks for a payment's receipt, under a new key.
func (p *press) print(t *testing.T, path string, body map[string]any) map[string]any {
	t.Helper()
	p.n++
	a := p.to(http.MethodPost, path, body).as(p.one).idempotent(fmt.Sprint("print-", p.n)).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
	}
	return a.json(t)
}

// settled works until a print has ended, and gives it.
func (p *press) settled(t *testing.T, id any) map[string]any {
	t.Helper()
	for range 30 {
		for more := true; more; {
			var err error
			more, err = p.options.Printers.Round(t.Context())
			must(t, err)
		}
		if got := p.to(http.MethodGet, fmt.Sprint("/v1/prints/", id), nil).as(p.one).do().json(t); got["status"] != "QUEUED" {
			return got
		}
		p.clock.Advance(time.Second)
	}
	t.Fatal("it stays in the queue")
	return nil
}

// fresh is the one paper that came out since the last look.
func (p *press) fresh(t *testing.T) printer.Paper {
	t.Helper()
	deadline := time.Now().Add(time.Minute) // the first picture that is read waits for every glyph to be drawn
	for {
		all := p.Papers(p.seen)
		if len(all) == 1 {
			p.seen = all[0].ID
			return all[0]
		}
		if len(all) > 1 || time.Now().After(deadline) {
			t.Fatalf("%d papers", len(all))
		}
		time.Sleep(time.Millisecond) // the printer reads on after the worker has written
	}
}

// slip is the receipt of a payment in words, as it stands.
func (p *press) slip(t *testing.T, paymentID string) receipt.Slip {
	t.Helper()
	given, err := p.options.Receipts.Paper(t.Context(), p.one.Tenant(), paymentID)
	must(t, err)
	r, err := p.options.Receipts.Read(t.Context(), given, p.one.Merchant)
	must(t, err)
	return r.In(receipt.Language{})
}

// words is the text that a slip has on paper, above the code of its link.
func words(t *testing.T, s receipt.Slip, o escpos.Options) string {
	t.Helper()
	doc, err := escpos.Encode(s, base, o)
	must(t, err)
	return read(o, doc)
}

func read(o escpos.Options, doc []byte) string {
	lang := paper.ESCPOS
	if o.Mode == escpos.StarLine {
		lang = paper.Star
	}
	text := ""
	d := paper.New(o.Dots(), lang)
	d.Page = func(p paper.Page) { text += p.Text() }
	_, _ = d.Write(doc) // it never fails
	d.Close()
	return text
}

var cp949 = escpos.Options{Columns: 48, Mode: escpos.CP949, Hangul: escpos.Full}

func TestAReceiptIsPrintedOverTheNetwork(t *testing.T) {
	t.Parallel()
	for _, o := range []escpos.Options{
		cp949, {Columns: 32, Mode: escpos.CP949, Hangul: escpos.KSX}, {Columns: 42, Mode: escpos.StarLine, Hangul: escpos.Full}, {Columns: 48, Mode: escpos.StarLine, Hangul: escpos.KSX},
	} {
		t.Run(fmt.Sprint(o), func(t *testing.T) {
			t.Parallel()
			p := newPress(t)
			to := p.attached(t, o)
			order := p.order(t, 60_000)
			order["orderName"] = "뷁 펲시 아메리카노"
			sold := p.sell(t, 12_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000007777"})
			p.settle(t)
			for i, paid := range []map[string]any{p.pay(t, p.one, order), sold} {
				id := fmt.Sprint(paid["id"])
				asked := p.print(t, "/v1/payments/"+id+"/prints", map[string]any{"printerId": to})
				if asked["status"] != "QUEUED" || asked["copy"] != false || asked["paymentId"] != id || asked["printerId"] != to || asked["document"] != nil {
					t.Errorf("%v", asked)
				}
				if got := p.settled(t, asked["id"]); got["status"] != "PRINTED" || got["failure"] != nil {
					t.Errorf("%v", got)
				}
				out := p.fresh(t)
				if want := words(t, p.slip(t, id), o); out.Text != want || out.Flaws != 0 || !out.Cut || len(out.Codes) != 1 || out.Codes[0] != paid["receiptUrl"] {
					t.Errorf("%d flaws, codes %q\n%s\nnot\n%s", out.Flaws, out.Codes, out.Text, want)
				}
				for _, w := range [][]string{{"뷁 펲시 아메리카노", "999001******0018", "60,000원"}, {"현금 판매 영수증", "12,000원", "*******7777", "TB0000001"}}[i] {
					if !strings.Contains(out.Text, w) {
						t.Errorf("no %q on\n%s", w, out.Text)
					}
				}
			}
			listed := p.to(http.MethodGet, "/v1/printers", nil).as(p.one).do().json(t)
			one, _ := listed["printers"].([]any)[0].(map[string]any)
			if listed["serverPrinting"] != true || one["lastSeenAt"] == nil || one["lastError"] != nil {
				t.Errorf("%v", listed)
			}
		})
	}
}

func TestTheFirstPrintIsTheOriginalAndLaterOnesSayCopy(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	to, paid := p.attached(t, cp949), p.pay(t, p.one, p.order(t, 60_000))
	path := fmt.Sprint("/v1/payments/", paid["id"], "/prints")
	faults := func(do printer.Do, times int) {
		a := p.to(http.MethodPost, "/simulator/printer/faults", map[string]any{"script": []any{map[string]any{"do": do, "times": times}}}).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	for _, c := range []struct {
		do      printer.Do
		times   int
		status  string
		code    any
		copy    bool
		number  float64
		papered bool
	}{
		{printer.PaperOut, 1, "FAILED", "PRINTER_NO_PAPER", false, 1, false},
		{printer.CoverOpen, 1, "FAILED", "PRINTER_COVER_OPEN", false, 1, false},
		{printer.Offline, 1, "FAILED", "PRINTER_OFFLINE", false, 1, false},
		{printer.Down, 4, "FAILED", "PRINTER_UNREACHABLE", false, 1, false},
		{printer.Down, 2, "PRINTED", nil, false, 1, true}, // tried again
		{printer.Slow, 1, "PRINTED", nil, true, 2, true},
		{printer.Mute, 1, "PRINTED", nil, true, 3, true},
		{printer.Cut, 1, "UNKNOWN", "PRINT_INTERRUPTED", true, 4, true},
		{"", 0, "PRINTED", nil, true, 5, true},
	} {
		if c.do != "" {
			faults(c.do, c.times)
		}
		asked := p.print(t, path, map[string]any{"printerId": to})
		got := p.settled(t, asked["id"])
		failure, _ := got["failure"].(map[string]any)
		if got["status"] != c.status || got["copy"] != c.copy || got["number"] != c.number || failure["code"] != c.code {
			t.Errorf("%s: %v", c.do, got)
		}
		if sentence, _ := failure["message"].(string); c.code != nil && !strings.HasSuffix(sentence, "요.") {
			t.Errorf("%s: %q", c.do, sentence)
		}
		if !c.papered {
			if papers := p.Papers(p.seen); len(papers) != 0 {
				t.Errorf("%s: %d papers", c.do, len(papers))
			}
			continue
		}
		if out := p.fresh(t); strings.Contains(out.Text, "재발행 (사본)") != c.copy {
			t.Errorf("%s: copy %v on\n%s", c.do, c.copy, out.Text)
		}
	}
}

func TestADocumentIsHandedToTheAppAndAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	paid := p.pay(t, p.one, p.order(t, 60_000))
	path := fmt.Sprint("/v1/payments/", paid["id"], "/prints")
	send := func(key string, body map[string]any) reply {
		return p.to(http.MethodPost, path, body).as(p.one).idempotent(key).do()
	}
	document := func(a reply) string {
		t.Helper()
		text, _ := a.json(t)["document"].(string)
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil || a.StatusCode != http.StatusCreated || a.json(t)["status"] != "HANDED" {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return string(b)
	}
	local := escpos.Options{Columns: 32, Mode: escpos.CP949, Hangul: escpos.Full}
	first := send("one", localPrinter())
	if got, want := read(local, []byte(document(first))), words(t, p.slip(t, fmt.Sprint(paid["id"])), local); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	again := send("one", localPrinter())
	if document(again) != document(first) || again.json(t)["id"] != first.json(t)["id"] || again.json(t)["copy"] != false {
		t.Error("another document under the same key")
	}
	if a := send("one", with(localPrinter(), "columns", 48)); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	second := send("two", with(localPrinter(), "locale", "en"))
	if text := read(local, []byte(document(second))); !strings.Contains(text, "REPRINT (COPY)") || second.json(t)["number"] != float64(2) {
		t.Errorf("%v %s", second.json(t)["number"], text)
	}
	raster := send("three", with(localPrinter(), "mode", "RASTER"))
	if n := len(document(raster)); n < 20_000 || n > escpos.MaxDocument {
		t.Errorf("a picture of %d bytes", n)
	}
	if a := send("four", map[string]any{"columns": 32}); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestTheSlipOfOneCancelIsPrinted(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	id := fmt.Sprint(p.pay(t, p.one, p.order(t, 60_000))["id"])
	var cancels []any
	for i, amount := range []int{10_000, 50_000} {
		a := p.to(http.MethodPost, "/v1/payments/"+id+"/cancel", map[string]any{"reason": "변심", "amount": amount, "cancelPassword": cancelPassword}).as(p.one).idempotent(fmt.Sprint(id, i)).do()
		cancels, _ = a.json(t)["cancels"].([]any)
		p.clock.Advance(time.Minute)
	}
	first, _ := cancels[0].(map[string]any)
	local := escpos.Options{Columns: 32, Mode: escpos.CP949, Hangul: escpos.Full}
	text := func(body map[string]any) string {
		doc, err := base64.StdEncoding.DecodeString(fmt.Sprint(p.print(t, "/v1/payments/"+id+"/prints", body)["document"]))
		must(t, err)
		return read(local, doc)
	}
	one := text(with(localPrinter(), "cancelId", first["id"]))
	if !strings.Contains(one, "[ 부분취소 ]") || !strings.Contains(one, "-10,000원") || strings.Contains(one, "-50,000원") || !strings.Contains(one, "50,000원") || strings.Contains(one, "사본") {
		t.Error(one)
	}
	whole := text(localPrinter())
	if !strings.Contains(whole, "[ 취소 ]") || !strings.Contains(whole, "-50,000원") || strings.Contains(whole, "사본") {
		t.Error(whole)
	}
	if again := text(with(localPrinter(), "cancelId", first["id"])); !strings.Contains(again, "사본") {
		t.Error(again)
	}
}

// star asks as a printer of Star's does.
func (p *press) star(t *testing.T, poll string, printing bool) map[string]any {
	t.Helper()
	a := p.to(http.MethodPost, poll, map[string]any{
		"status": "23 6 0 0 0 0 0 0 0", "printerMAC": "00:11:62:00:00:01", "statusCode": "200%20OK", "printingInProgress": printing, "clientAction": nil,
	}).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}

// cloud is a printer of Star's, and a payment whose receipt it prints.
type cloud struct {
	*press
	id         any
	poll, path string
	sold       map[string]any
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	p := newPress(t)
	made := p.to(http.MethodPost, "/v1/printers", map[string]any{"name": "구름", "transport": "CLOUD_PRNT", "columns": 48, "mode": "STAR_LINE", "hangul": "KS_X_1001"}).as(p.one).do().json(t)
	c := &cloud{press: p, id: made["id"], poll: strings.TrimPrefix(fmt.Sprint(made["pollUrl"]), base), sold: p.sell(t, 12_000, nil)}
	c.path = fmt.Sprint("/v1/payments/", c.sold["id"], "/prints")
	if !strings.HasPrefix(c.poll, "/cloudprnt/") || made["address"] != nil {
		t.Fatalf("%v", made)
	}
	return c
}

// job asks for a print and has it offered; query names it.
func (p *cloud) job(t *testing.T) (query string, asked map[string]any) {
	t.Helper()
	asked = p.print(t, p.path, map[string]any{"printerId": p.id})
	offer := p.star(t, p.poll, false)
	if offer["jobReady"] != true || offer["jobToken"] != asked["id"] || fmt.Sprint(offer["mediaTypes"]) != "[application/vnd.star.line image/png]" {
		t.Fatalf("%v", offer)
	}
	if busy := p.star(t, p.poll, true); busy["jobReady"] != false {
		t.Errorf("offered while it prints: %v", busy)
	}
	return "?mac=00:11:62:00:00:01&token=" + fmt.Sprint(asked["id"]), asked
}

func TestAPrinterOfStarsAsksForItsWork(t *testing.T) {
	t.Parallel()
	p := newCloud(t)
	poll, sold := p.poll, p.sold
	o := escpos.Options{Columns: 48, Mode: escpos.StarLine, Hangul: escpos.KSX}
	if idle := p.star(t, poll, false); idle["jobReady"] != false || idle["jobToken"] != nil {
		t.Errorf("%v", idle)
	}
	query, asked := p.job(t)
	got := p.to(http.MethodGet, poll+query+"&type="+url.QueryEscape("application/vnd.star.line"), nil).do()
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/vnd.star.line" {
		t.Fatalf("%d %s", got.StatusCode, got.Header)
	}
	if text, want := read(o, got.body), words(t, p.slip(t, fmt.Sprint(sold["id"])), o); text != want {
		t.Errorf("%s\nnot\n%s", text, want)
	}
	if offer := p.star(t, poll, false); offer["jobReady"] != false {
		t.Errorf("what may be on paper is offered again: %v", offer)
	}
	if a := p.to(http.MethodDelete, poll+query+"&code=200%20OK", nil).do(); a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if done := p.settled(t, asked["id"]); done["status"] != "PRINTED" {
		t.Errorf("%v", done)
	}

	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		for _, bent := range []string{poll + "x", "/cloudprnt/x", poll[:len(poll)-1]} {
			if a := p.to(method, bent, map[string]any{}).do(); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, bent, a.StatusCode)
			}
		}
	}
}

func TestWhatAPrinterOfStarsSaysLateOrNeverIsKnown(t *testing.T) {
	t.Parallel()
	p := newCloud(t)
	poll, path := p.poll, p.path
	query, asked := p.job(t) // one that is fetched as a picture, and never confirmed
	if a := p.to(http.MethodGet, poll+query+"&type=image/png", nil).do(); a.StatusCode != http.StatusOK || !strings.HasPrefix(string(a.body), "\x89PNG") || a.Header.Get("X-Star-Cut") == "" {
		t.Errorf("%d %s", a.StatusCode, a.Header)
	}
	p.clock.Advance(61 * time.Second)
	if lost := p.settled(t, asked["id"]); lost["status"] != "UNKNOWN" {
		t.Errorf("%v", lost)
	}
	if a := p.to(http.MethodDelete, poll+query+"&code=200", nil).do(); a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if late := p.settled(t, asked["id"]); late["status"] != "PRINTED" {
		t.Errorf("a late word: %v", late)
	}

	for code, want := range map[string][2]any{"511%20Decoding": {"FAILED", "PRINTER_REFUSED"}, "410%20Paper": {"UNKNOWN", "PRINTER_NO_PAPER"}} {
		query, asked = p.job(t)
		p.to(http.MethodGet, poll+query, nil).do()
		p.to(http.MethodDelete, poll+query+"&code="+code, nil).do()
		end := p.settled(t, asked["id"])
		failure, _ := end["failure"].(map[string]any)
		if end["status"] != want[0] || failure["code"] != want[1] {
			t.Errorf("%s: %v", code, end)
		}
	}
	asked = p.print(t, path, map[string]any{"printerId": p.id})
	p.clock.Advance(11 * time.Minute)
	if offer := p.star(t, poll, false); offer["jobReady"] != false {
		t.Errorf("an old one is offered: %v", offer)
	}
	if old := p.settled(t, asked["id"]); old["status"] != "FAILED" {
		t.Errorf("%v", old)
	}
}

func TestOnlyPrintersOfTheShopsNetworkAreTaken(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	for address, taken := range map[string]bool{
		"192.168.0.50": true, "192.168.0.50:9100": true, "192.168.0.50:9199": true, "printer": true, "kitchen.shop:9101": true, p.at.String(): true,
		"192.168.0.50:80": false, "192.168.0.50:6379": false, "192.168.1.50": false, "10.0.0.1": false, "127.0.0.1": false, "127.0.0.1:9100": p.at.Port() == 9100, "169.254.169.254": false,
		"8.8.8.8": false, "[::1]:9100": false, "::ffff:127.0.0.1": false, "0x7f000001": false, "2130706433": false, "192.168.0.50:9100/x": false, "http://192.168.0.50": false,
		"": false, "a b": false, "user@printer": false, "192.168.0.50:09100": false,
	} {
		a := p.to(http.MethodPost, "/v1/printers", with(networkPrinter(), "address", address)).as(p.one).do()
		if ok := a.StatusCode == http.StatusCreated; ok != taken || !ok && a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", address, a.StatusCode, a.body)
		}
	}
	// A name that leads elsewhere is found out when it is dialed.
	id := p.printer(t, p.one, with(networkPrinter(), "address", "localhost:9100"))
	asked := p.to(http.MethodPost, "/v1/printers/"+id+"/test", nil).as(p.one).do().json(t)
	if got := p.settled(t, asked["id"]); got["status"] != "FAILED" || got["failure"].(map[string]any)["code"] != "PRINTER_ADDRESS_FORBIDDEN" {
		t.Errorf("%v", got)
	}
	off := newRig(t, func(o *web.Options) {
		terms := o.Printers.Options
		terms.Networks = nil
		o.Printers = printing.New(terms)
	})
	if a := off.to(http.MethodPost, "/v1/printers", networkPrinter()).as(off.one).do(); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "SERVER_PRINTING_OFF" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if listed := off.to(http.MethodGet, "/v1/printers", nil).as(off.one).do().json(t); listed["serverPrinting"] != false {
		t.Errorf("%v", listed)
	}
}

// TestOfPrintsAtOnceOneIsTheOriginal, whoever presses first.
func TestOfPrintsAtOnceOneIsTheOriginal(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		path := fmt.Sprint("/v1/payments/", r.pay(t, r.one, r.order(t, 60_000))["id"], "/prints")
		var mu sync.Mutex
		var all sync.WaitGroup
		var numbers []float64
		originals := map[any]bool{}
		for i := range 24 { // each key is sent twice
			all.Go(func() {
				a := r.to(http.MethodPost, path, localPrinter()).as(r.one).idempotent(fmt.Sprint("race-", i/2)).do()
				got := a.json(t)
				mu.Lock()
				defer mu.Unlock()
				n, _ := got["number"].(float64)
				numbers = append(numbers, n)
				if a.StatusCode != http.StatusCreated || (got["copy"] == false) != (n == 1) {
					t.Errorf("%d %v", a.StatusCode, got)
				}
				if got["copy"] == false {
					originals[got["id"]] = true
				}
			})
		}
		all.Wait()
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != float64(i/2+1) {
				t.Errorf("numbers %v", numbers)
				break
			}
		}
		if len(originals) != 1 {
			t.Errorf("%d originals", len(originals))
		}
	})
}
