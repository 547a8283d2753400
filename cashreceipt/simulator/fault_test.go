package simulator_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/cashreceipt/simulator"
	"innopay/clock"
	"innopay/simulated"
)

// script gives faults and returns how many are still to come.
func (r *rig) script(body string) int {
	r.Helper()
	var got struct{ Script []simulated.Fault }
	r.do("POST", faults, `{"script":`+body+`}`, 200, &got)
	return len(got.Script)
}

func TestDownDoesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DOWN","times":2}]`)
	for range 2 {
		if got := r.issue(bill("a", "01012345678"), 503); got.Code >= 0 || got.Message == "" {
			t.Errorf("%+v", got)
		}
	}
	r.info("a", 400)
	r.issue(bill("a", "01012345678"), 200)
	if got := r.entries(""); len(got) != 1 || got[0].Result != simulator.ResultIssued || got[0].Repeat {
		t.Errorf("%+v", got)
	}
}

func TestDownForAWhileIsDownForEverything(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	token := r.token()
	r.script(`[{"do":"DOWN","forMs":600000}]`)
	now := noon.UTC().Format(time.RFC3339)
	r.do("POST", "/POPBILL_TEST/Token", tokenBody, 503, nil, signed(simulator.SecretKey, simulator.LinkID, now, tokenBody)...)
	r.do("GET", "/Cashbill/a", "", 503, nil, "Authorization", "Bearer "+token)
	r.time.Advance(10 * time.Minute)
	r.issue(bill("a", "01012345678"), 200)
}

func TestRejectRefusesWhatIsNew(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.issue(bill("old", "01012345678"), 200)
	r.script(`[{"do":"REJECT","times":2}]`)
	if got := r.issue(bill("old", "01012345678"), 400); got.Code != -14001019 {
		t.Errorf("what was issued: %+v", got)
	}
	r.issue(bill("new", "01012345678"), 400)
	r.info("new", 400)
	got := r.entries("?after=1")
	if len(got) != 2 || got[0].Result != simulator.ResultAlready || !got[0].Repeat || got[1].Result != simulator.ResultRefused || got[1].Code == "" {
		t.Errorf("%+v", got)
	}
}

func TestDuplicateIssuesOnceAndAnswersTheSecond(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DUPLICATE"}]`)
	if got := r.issue(bill("a", "01012345678"), 400); got.Code != -14001019 {
		t.Errorf("%+v", got)
	}
	got := r.entries("")
	if len(got) != 2 || got[0].Result != simulator.ResultIssued || got[0].Answered || got[1].Result != simulator.ResultAlready || !got[1].Answered ||
		got[0].Number == "" || got[0].Number != got[1].Number {
		t.Errorf("%+v", got)
	}
}

func TestTimeoutIssuesAndNeverAnswers(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	token := r.token()
	r.script(`[{"do":"TIMEOUT"}]`)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/Cashbill", strings.NewReader(bill("a", "01012345678")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("X-Http-Method-Override", "ISSUE")
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Fatalf("it answered %d", resp.StatusCode)
	}
	if got := r.info("a", 200); got.StateCode != 300 {
		t.Errorf("%+v", got)
	}
	if got := r.entries(""); len(got) != 1 || got[0].Result != simulator.ResultIssued || got[0].Answered {
		t.Errorf("%+v", got)
	}
}

func TestScriptsAreReadStrictlyAndSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, simulator.Options{Data: dir})
	for body, want := range map[string]int{
		`{"script":[{"do":"MELT"}]}`: 422, `{"script":[{"do":"DOWN","times":-1}]}`: 422, `{"script":[{"do":"DOWN","forMs":86400001}]}`: 422,
		`{"script":[{"do":"DOWN","on":"ISSUE"}]}`: 400, `{}`: 400, `x`: 400, `{"script":[]} x`: 400,
	} {
		var got struct{ Code, Message string }
		first.do("POST", faults, body, want, &got)
		if got.Code == "" || got.Message == "" {
			t.Errorf("%s: %+v", body, got)
		}
	}
	if n := first.script(`[{"do":"DOWN","times":2},{"do":"REJECT"}]`); n != 2 {
		t.Errorf("%d steps", n)
	}
	first.issue(bill("a", "01012345678"), 503)
	if err := first.s.Close(); err != nil {
		t.Fatal(err)
	}
	r := start(t, simulator.Options{Data: dir})
	r.issue(bill("a", "01012345678"), 503)
	r.issue(bill("a", "01012345678"), 400)
	r.issue(bill("a", "01012345678"), 200)
	r.script(`[{"do":"DOWN"}]`)
	r.do("DELETE", faults, "", 200, nil)
	r.issue(bill("b", "01012345678"), 200)
	r.do("PUT", faults, "", 405, nil)
	r.do("POST", journal, "", 405, nil)
	r.do("GET", "/simulator/cash-receipts/other", "", 404, nil)
	r.do("GET", journal+"?after=-1", "", 422, nil)
}

func TestWhatWasIssuedSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fake := clock.NewFake(noon)
	first := start(t, simulator.Options{Data: dir, Clock: fake})
	issued := first.issue(bill("a", "01012345678"), 200)
	first.issue(bill("b", "1234567890123456"), 200)
	if _, err := simulator.Start(simulator.Options{Data: dir}); !errors.Is(err, simulated.ErrLocked) {
		t.Errorf("a second one on the folder: %v", err)
	}
	if err := first.s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "cash-receipts.jsonl")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.WriteString(`{"seq":3,"type":"torn`)
	_ = f.Close()
	fake.Advance(simulator.Verdict)
	r := start(t, simulator.Options{Data: dir, Clock: fake})
	if got := r.info("a", 200); got.ConfirmNum != issued.ConfirmNum || got.StateCode != 304 {
		t.Errorf("%+v", got)
	}
	if got := r.issue(bill("a", "01012345678"), 400); got.Code != -14001019 {
		t.Errorf("issued again: %+v", got)
	}
	if got := r.issue(bill("c", "01012345678"), 200); got.ConfirmNum == issued.ConfirmNum {
		t.Errorf("the number was given out twice: %+v", got)
	}
	revoke := `{"mgtKey":"r","orgConfirmNum":"` + issued.ConfirmNum + `","orgTradeDate":"20261128","isPartCancel":false,"cancelType":2}`
	r.revoke(revoke, 200)
	all := r.entries("")
	for i, e := range all {
		if e.Seq != int64(i+1) {
			t.Errorf("entry %d has the number %d", i, e.Seq)
		}
	}
	if last := all[len(all)-1]; last.Type != simulator.TypeCancel || last.OriginalNumber != issued.ConfirmNum || last.Amount != 11000 || last.Day != "2026-11-28" {
		t.Errorf("%+v", last)
	}
	if page := r.entries("?after=2&limit=1"); len(page) != 1 || page[0].Seq != 3 {
		t.Errorf("%+v", page)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"01012345678", "1234567890123456", simulator.SecretKey, "torn"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the journal holds %q", secret)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestPathsOfTheSimulator(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/Cashbill": true, "/Cashbill/a": true, "/POPBILL/Token": true, "/POPBILL_TEST/Token": true, journal: true, faults: true, "/Time": true,
		"/messages/v4/list": false, "/simulator/mail": false, "/OTHER/Token": false, "/": false, "/Cashbills": false,
	} {
		if simulator.Serves(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}
