package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/cashreceipt/simulator"
	"innopay/clock"
)

const (
	corp    = "1208147521"
	journal = "/simulator/cash-receipts/journal"
	faults  = "/simulator/cash-receipts/faults"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, clock.Seoul)

// rig is a simulator with its HTTP side on a port.
type rig struct {
	*testing.T
	s    *simulator.Server
	url  string
	time *clock.Fake
}

func start(t *testing.T, o simulator.Options) *rig {
	t.Helper()
	fake := clock.NewFake(noon)
	if o.Clock == nil {
		o.Clock = fake
	} else if f, ok := o.Clock.(*clock.Fake); ok {
		fake = f
	}
	if o.Data == "" {
		o.Data = t.TempDir()
	}
	s, err := simulator.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.CloseClientConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	return &rig{T: t, s: s, url: web.URL, time: fake}
}

// do sends a request and reads the answer into out; header is pairs of names and values.
func (r *rig) do(method, path, body string, want int, out any, header ...string) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		r.Fatal(err)
	}
	for pair := range slices.Chunk(header, 2) {
		req.Header.Set(pair[0], pair[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.Fatal(err)
	}
	if resp.StatusCode != want {
		r.Fatalf("%s %s: %d %s, want %d", method, path, resp.StatusCode, b, want)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			r.Fatalf("%s: %v", b, err)
		}
	}
}

// signed is the header of a request for a token, as the link hub documents it.
func signed(secret, link, date, body string) []string {
	key, _ := base64.StdEncoding.DecodeString(secret)
	digest := sha256.Sum256([]byte(body))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("POST\n" + base64.StdEncoding.EncodeToString(digest[:]) + "\n" + date + "\n2.0\n/POPBILL_TEST/Token"))
	return []string{
		"Authorization", "LINKHUB " + link + " " + base64.StdEncoding.EncodeToString(mac.Sum(nil)), "x-lh-date", date, "x-lh-version", "2.0",
	}
}

const tokenBody = `{"access_id":"` + corp + `","scope":["member","140"]}`

func (r *rig) token() string {
	r.Helper()
	var got struct {
		Token string `json:"session_token"`
	}
	r.do("POST", "/POPBILL_TEST/Token", tokenBody, 200, &got, signed(simulator.SecretKey, simulator.LinkID, r.time.Now().UTC().Format(time.RFC3339), tokenBody)...)
	return got.Token
}

// wire is what the tests read of answers.
type wire struct {
	Code             int
	Message          string
	ConfirmNum       string
	TradeDate        string
	StateCode        int
	IdentityNum      string
	NTSResultMessage string
}

// bill is a request to issue.
func bill(key, identity string) string {
	return `{"mgtKey":"` + key + `","tradeType":"승인거래","tradeUsage":"소득공제용","tradeOpt":"일반","taxationType":"과세","totalAmount":"11000",` +
		`"supplyCost":"10000","tax":"1000","serviceFee":"0","franchiseCorpNum":"` + corp + `","identityNum":"` + identity + `"}`
}

func (r *rig) issue(body string, want int) wire {
	r.Helper()
	var got wire
	r.do("POST", "/Cashbill", body, want, &got, "Authorization", "Bearer "+r.token(), "X-HTTP-Method-Override", "ISSUE")
	return got
}

func (r *rig) revoke(body string, want int) wire {
	r.Helper()
	var got wire
	r.do("POST", "/Cashbill", body, want, &got, "Authorization", "Bearer "+r.token(), "X-HTTP-Method-Override", "REVOKEISSUE")
	return got
}

func (r *rig) info(key string, want int) wire {
	r.Helper()
	var got wire
	r.do("GET", "/Cashbill/"+key, "", want, &got, "Authorization", "Bearer "+r.token())
	return got
}

func (r *rig) entries(query string) []simulator.Entry {
	r.Helper()
	var got struct{ Entries []simulator.Entry }
	r.do("GET", journal+query, "", 200, &got)
	return got.Entries
}

func TestTokensAreForWhoSigned(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	now := noon.UTC().Format(time.RFC3339)
	for name, header := range map[string][]string{
		"another secret":  signed("Z3Vlc3M=", simulator.LinkID, now, tokenBody),
		"another partner": signed(simulator.SecretKey, "STRANGER", now, tokenBody),
		"another body":    signed(simulator.SecretKey, simulator.LinkID, now, tokenBody+" "),
		"old":             signed(simulator.SecretKey, simulator.LinkID, noon.Add(-time.Hour).UTC().Format(time.RFC3339), tokenBody),
		"nothing":         nil,
	} {
		var got wire
		r.do("POST", "/POPBILL_TEST/Token", tokenBody, 401, &got, header...)
		if got.Code >= 0 || got.Message == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	token := r.token()
	for _, header := range [][]string{nil, {"Authorization", "Bearer x"}, {"Authorization", "Bearer " + token[:len(token)-2] + "AA"}, {"Authorization", "Bearer 2" + token[1:]}} {
		r.do("GET", "/Cashbill/a", "", 401, nil, header...)
	}
	r.do("GET", "/Cashbill/a", "", 400, nil, "Authorization", "Bearer "+token)
	r.time.Advance(31 * time.Minute)
	r.do("GET", "/Cashbill/a", "", 401, nil, "Authorization", "Bearer "+token)
}

func TestATokenOfTheInstallationIsTheSecret(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Secret: "token"})
	now := noon.UTC().Format(time.RFC3339)
	r.do("POST", "/POPBILL_TEST/Token", tokenBody, 401, nil, signed(simulator.SecretKey, simulator.LinkID, now, tokenBody)...)
	r.do("POST", "/POPBILL_TEST/Token", tokenBody, 200, nil, signed(simulator.SecretOf("token"), simulator.LinkID, now, tokenBody)...)
}

func TestVerdictsComeLate(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Verdict: time.Minute})
	r.issue(bill("good", "01012345678"), 200)
	r.issue(bill("bad", "01012349999"), 200)
	for _, key := range []string{"good", "bad"} {
		if got := r.info(key, 200); got.StateCode != 300 || got.IdentityNum == "" || strings.Contains(got.IdentityNum, "1234567") {
			t.Errorf("%s: %+v", key, got)
		}
	}
	r.time.Advance(time.Minute - time.Nanosecond)
	if got := r.info("good", 200); got.StateCode != 300 {
		t.Errorf("too early: %+v", got)
	}
	r.time.Advance(time.Nanosecond)
	if got := r.info("good", 200); got.StateCode != 304 {
		t.Errorf("%+v", got)
	}
	if got := r.info("bad", 200); got.StateCode != 305 || got.NTSResultMessage == "" {
		t.Errorf("%+v", got)
	}
	var verdicts []string
	for _, e := range r.entries("") {
		if e.Type == simulator.TypeVerdict {
			verdicts = append(verdicts, e.ID+" "+e.Result)
		}
	}
	if strings.Join(verdicts, ",") != "good CONFIRMED,bad REJECTED" {
		t.Error(verdicts)
	}
}

func TestNumbersAreUniqueWithinTheDayOfTheDeal(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	seen := map[string]bool{}
	letters := false
	for i, dt := range []string{"20261128110000", "20261128110000", "20261127230000", "20261128235959", ""} {
		got := r.issue(strings.Replace(bill(string(rune('a'+i)), "01012345678"), `{`, `{"tradeDT":"`+dt+`",`, 1), 200)
		if len(got.ConfirmNum) != 9 || seen[got.TradeDate+got.ConfirmNum] || dt != "" && got.TradeDate != dt[:8] {
			t.Errorf("%q: %+v", dt, got)
		}
		seen[got.TradeDate+got.ConfirmNum] = true
		letters = letters || got.ConfirmNum[0] == 'T'
	}
	if !letters {
		t.Error("no number has a letter")
	}
	for _, dt := range []string{"20261126235959", "20261129000000", "x"} {
		r.issue(strings.Replace(bill("z", "01012345678"), `{`, `{"tradeDT":"`+dt+`",`, 1), 400)
	}
}

func TestWhatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	for from, to := range map[string]string{
		`"a"`: `"a b"`, corp: "2208162517", "승인거래": "취소거래", "소득공제용": "기타", `"tax":"1000"`: `"tax":"1001"`, `"tax":"1000",`: `"tax":"-1",`,
		"01012345678": "01012348888", "0101234567": "021234567", `"01012345678"`: `""`, "과세": "비과세", "10000": "x",
	} {
		r.issue(strings.Replace(bill("a", "01012345678"), from, to, 1), 400)
	}
	first := r.issue(bill("a", "01012345678"), 200)
	r.time.Advance(simulator.Verdict)
	revoke := `{"mgtKey":"c","orgConfirmNum":"` + first.ConfirmNum + `","orgTradeDate":"20261128","isPartCancel":true,"cancelType":1,"supplyCost":"1000","tax":"100","serviceFee":"0","totalAmount":"1100"}`
	for from, to := range map[string]string{`"TB`: `"TX`, "20261128": "20261127", `"cancelType":1`: `"cancelType":4`, `"1100"`: `"1101"`, `"c"`: `""`} {
		r.revoke(strings.Replace(revoke, from, to, 1), 400)
	}
	r.revoke(revoke, 200)
	if got := r.revoke(strings.Replace(revoke, `"c"`, `"a"`, 1), 400); got.Code != -14001019 {
		t.Errorf("a cancel under the key of an issue: %+v", got)
	}
	r.do("POST", "/Cashbill", "{}", 400, nil, "Authorization", "Bearer "+r.token())
}
