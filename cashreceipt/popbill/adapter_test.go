package popbill_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/cashreceipt/popbill"
	"innopay/cashreceipt/simulator"
	"innopay/clock"
	"innopay/fault"
	"innopay/money"
)

const (
	id       = "rcp_01kb2c3d4e5f6g7h8j9k0m1n2p"
	mgtKey   = "kb2c3d4e5f6g7h8j9k0m1n2p"
	personal = "01023456789"
)

func TestKeysAreShortAndStayApart(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		id: mgtKey, "short": "short", "a-b_C1": "a-b_C1", strings.Repeat("a", 24): strings.Repeat("a", 24),
	} {
		if got := popbill.Key(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	one, two := popbill.Key(strings.Repeat("a", 63)+"b"), popbill.Key(strings.Repeat("a", 64))
	if len(one) != 24 || len(two) != 24 || one == two {
		t.Errorf("%s %s", one, two)
	}
}

// served is another end: tokens as asked, and one answer to everything else.
type served struct {
	*httptest.Server

	mu       sync.Mutex
	tokens   int
	requests []*http.Request
	bodies   []string
	life     time.Duration
	token    func(w http.ResponseWriter)
	answer   func(w http.ResponseWriter, r *http.Request)
}

func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) *served {
	t.Helper()
	s := &served{answer: answer, life: 30 * time.Minute}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/Token") {
			s.tokens++
			if s.token != nil {
				s.token(w)
				return
			}
			_, _ = fmt.Fprintf(w, `{"session_token":"token-%d","expiration":%q}`, s.tokens, now.Add(s.life).UTC().Format(time.RFC3339))
			return
		}
		s.requests, s.bodies = append(s.requests, r), append(s.bodies, string(b))
		s.answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// says is an answer that is always the same.
func says(status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (s *served) open(t *testing.T) (*popbill.Popbill, *clock.Fake) {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	fake := clock.NewFake(now)
	p := popbill.New(popbill.Options{
		LinkID: "LINK", SecretKey: simulator.SecretKey, BaseURL: u, AuthURL: u, UserID: "shop", Simulated: true, Timeout: 2 * time.Second, Clock: fake,
	})
	t.Cleanup(func() { _ = p.Close() })
	return p, fake
}

func issue() cashreceipt.Issue {
	return cashreceipt.Issue{
		ID: id, Merchant: merchant, Kind: cashreceipt.IncomeDeduction, Identifier: card.NewSecret(personal), DealAt: now,
		Split: money.Split{Amount: 17100, Supplied: 10000, VAT: 1000, TaxFree: 5100, ServiceFee: 1000}, OrderID: "order-1", ItemName: "상품",
	}
}

func cancel() cashreceipt.Cancel {
	return cashreceipt.Cancel{
		ID: id, Merchant: merchant, Kind: cashreceipt.IncomeDeduction, DealAt: now, Original: cashreceipt.Reference{Number: "TB0000100", Day: "2026-11-27"},
		Split: money.Split{Amount: 1100, Supplied: 1000, VAT: 100}, Reason: cashreceipt.IssuedInError,
	}
}

const taken = `{"code":1,"message":"발행 완료","confirmNum":"TB0000178","tradeDate":"20261128"}`

func ctx(t *testing.T) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return c
}

// TestWhatIsSent: the bodies and headers of an issue, a whole and a partial cancel.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	s := serve(t, says(200, taken))
	p, _ := s.open(t)
	if got := p.Issue(ctx(t), issue()); got.Outcome != cashreceipt.Issued || got.Reference != (cashreceipt.Reference{Number: "TB0000178", Day: "2026-11-28"}) {
		t.Fatalf("%+v", got)
	}
	free := issue()
	free.Kind, free.Split = cashreceipt.ExpenseProof, money.Split{Amount: 5000, TaxFree: 5000}
	p.Issue(ctx(t), free)
	part, whole := cancel(), cancel()
	whole.Whole = true
	p.Cancel(ctx(t), part)
	p.Cancel(ctx(t), whole)
	common := map[string]any{
		"mgtKey": mgtKey, "tradeDT": "20261128120000", "tradeType": "승인거래", "tradeUsage": "소득공제용", "tradeOpt": "일반", "taxationType": "과세",
		"franchiseCorpNum": merchant.BusinessNumber, "franchiseCorpName": merchant.Name, "franchiseCEOName": merchant.OwnerName,
		"franchiseAddr": merchant.Address, "franchiseTEL": merchant.Phone, "identityNum": personal, "itemName": "상품", "orderNumber": "order-1",
		"smssendYN": false, "supplyCost": "15100", "tax": "1000", "serviceFee": "1000", "totalAmount": "17100",
	}
	untaxed := maps.Clone(common)
	untaxed["tradeUsage"], untaxed["taxationType"], untaxed["supplyCost"], untaxed["tax"], untaxed["serviceFee"], untaxed["totalAmount"] = "지출증빙용", "비과세", "5000", "0", "0", "5000"
	revoke := map[string]any{
		"mgtKey": mgtKey, "orgConfirmNum": "TB0000100", "orgTradeDate": "20261127", "smssendYN": false, "isPartCancel": false, "cancelType": 2.0, "tradeDT": "20261128120000",
	}
	partly := map[string]any{"supplyCost": "1000", "tax": "100", "serviceFee": "0", "totalAmount": "1100"}
	maps.Copy(partly, revoke)
	partly["isPartCancel"] = true
	for i, want := range []map[string]any{common, untaxed, partly, revoke} {
		var got map[string]any
		if err := json.Unmarshal([]byte(s.bodies[i]), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
		r, method := s.requests[i], "ISSUE"
		if i > 1 {
			method = "REVOKEISSUE"
		}
		if r.Method != http.MethodPost || r.URL.String() != "/Cashbill" || r.Header.Get("X-HTTP-Method-Override") != method || r.Header.Get("x-pb-version") != "1.0" ||
			r.Header.Get("x-pb-userid") != "shop" || r.Header.Get("Authorization") != "Bearer token-1" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%d: %s %s %v", i, r.Method, r.URL, r.Header)
		}
	}
}

// TestAnswers: what each answer decides, and that its words go no further.
func TestAnswers(t *testing.T) {
	t.Parallel()
	no := func(code int) string { return fmt.Sprintf(`{"code":%d,"message":%q}`, code, personal) }
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   cashreceipt.Outcome
		code   string
	}{
		{"taken", 200, taken, cashreceipt.Issued, ""},
		{"no JSON", 200, "<html>", cashreceipt.Unknown, "200"},
		{"half of it", 200, taken[:20], cashreceipt.Unknown, "200"},
		{"not one", 200, strings.Replace(taken, "1,", "2,", 1), cashreceipt.Unknown, "200"},
		{"a text for a number", 200, strings.Replace(taken, "TB0000178", personal, 1), cashreceipt.Unknown, "200"},
		{"too long", 200, `{"a":"` + strings.Repeat("a", 100<<10) + `"}`, cashreceipt.Unknown, "NO_ANSWER"},
		{"elsewhere", 302, "", cashreceipt.Unknown, "302"},
		{"identifier", 400, no(-14001004), cashreceipt.Refused, "-14001004"},
		{"above the original", 400, no(-14001023), cashreceipt.Refused, "-14001023"},
		{"wrong in a new way", 400, no(-14001777), cashreceipt.Refused, "-14001777"},
		{"not filed yet", 400, no(-14001021), cashreceipt.Unknown, "-14001021"},
		{"account", 400, no(-10000018), cashreceipt.Unknown, "-10000018"},
		{"no points", 400, no(-99010007), cashreceipt.Unknown, "-99010007"},
		{"no code", 400, "{}", cashreceipt.Unknown, "400"},
		{"a number for a code", 400, `{"code":-1012345678900}`, cashreceipt.Unknown, "400"},
		{"a proxy's 403", 403, "<html>", cashreceipt.Unknown, "403"},
		{"slow", 408, no(-14001004), cashreceipt.Unknown, "408"},
		{"too many", 429, no(-14001004), cashreceipt.Unknown, "429"},
		{"broken", 500, no(-14001004), cashreceipt.Unknown, "500"},
		{"down", 503, "", cashreceipt.Unknown, "503"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, _ := serve(t, says(test.status, test.body)).open(t)
			got := p.Issue(ctx(t), issue())
			if got.Outcome != test.want || got.Code != test.code {
				t.Errorf("%v %q, want %v %q", got.Outcome, got.Code, test.want, test.code)
			}
			if text := fmt.Sprintf("%+v", got); strings.Contains(text, personal) || got.Outcome != cashreceipt.Issued && got.Message == "" {
				t.Error(text)
			}
		})
	}
}

// TestAKeyInUseIsOursOnlyWhenItAgrees: nothing else than the document decides.
func TestAKeyInUseIsOursOnlyWhenItAgrees(t *testing.T) {
	t.Parallel()
	const detail = `{"mgtKey":"` + mgtKey + `","confirmNum":"TB0000178","tradeDate":"20261128","tradeType":"승인거래","supplyCost":"15100","tax":"1000","serviceFee":"1000","totalAmount":"17100"}`
	for _, test := range []struct {
		name, from, to string
		want           cashreceipt.Outcome
	}{
		{"agrees", "", "", cashreceipt.Issued},
		{"another total", `"17100"`, `"17101"`, cashreceipt.Unknown},
		{"other amounts", `"15100","tax":"1000"`, `"15101","tax":"999"`, cashreceipt.Refused},
		{"a cancel", "승인거래", "취소거래", cashreceipt.Refused},
		{"another key", mgtKey, "other", cashreceipt.Unknown},
		{"no number", "TB0000178", "", cashreceipt.Unknown},
		{"no JSON", `{"mgtKey`, `<`, cashreceipt.Unknown},
	} {
		for _, code := range []int{-14001019, -14000004} {
			posts := 0
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					says(200, strings.Replace(detail, test.from, test.to, 1))(w, r)
					return
				}
				posts++
				says(400, fmt.Sprintf(`{"code":%d}`, code))(w, r)
			})
			p, _ := s.open(t)
			if got := p.Issue(ctx(t), issue()); got.Outcome != test.want || got.Outcome == cashreceipt.Issued && got.Reference.Number != "TB0000178" {
				t.Errorf("%s: %+v", test.name, got)
			}
			if posts != 1 {
				t.Errorf("%s: issued %d times", test.name, posts)
			}
		}
	}
}

// TestSessionsAreKeptAndRenewed: one for many calls, a new one before its end, a new
// one when it is not taken, and never a third try.
func TestSessionsAreKeptAndRenewed(t *testing.T) {
	t.Parallel()
	s := serve(t, says(200, taken))
	p, fake := s.open(t)
	for range 3 {
		p.Issue(ctx(t), issue())
	}
	if s.tokens != 1 {
		t.Errorf("%d sessions for three calls", s.tokens)
	}
	fake.Advance(29*time.Minute + time.Second)
	s.life += 30 * time.Minute
	p.Issue(ctx(t), issue())
	if s.tokens != 2 {
		t.Errorf("%d sessions after the end of the first", s.tokens)
	}
	other := issue()
	other.Merchant.BusinessNumber = "2208162517"
	p.Issue(ctx(t), other)
	if s.tokens != 3 {
		t.Error("two businesses share a session")
	}
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer token-2" {
			says(401, `{"code":-10000033}`)(w, r)
			return
		}
		says(200, taken)(w, r)
	}
	if got := p.Issue(ctx(t), issue()); got.Outcome != cashreceipt.Issued || s.tokens != 4 {
		t.Errorf("%+v with %d sessions", got, s.tokens)
	}
	s.answer = says(401, `{"code":-10000033}`)
	before := len(s.requests)
	if got := p.Issue(ctx(t), issue()); got.Outcome != cashreceipt.Unknown || len(s.requests)-before != 2 {
		t.Errorf("%+v after %d tries", got, len(s.requests)-before)
	}
}

// TestWithoutASessionNothingIsSent: the answer is that of what never left.
func TestWithoutASessionNothingIsSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status     int
		body, code string
	}{
		{401, `{"code":-99010002,"message":"` + simulator.SecretKey + `"}`, "-99010002"},
		{503, "", "TOKEN"},
		{200, "<html>", "TOKEN"},
		{200, `{"session_token":"a\r\nX-Evil: 1"}`, "TOKEN"},
	} {
		s := serve(t, says(200, taken))
		s.token = func(w http.ResponseWriter) { says(test.status, test.body)(w, nil) }
		p, _ := s.open(t)
		got := p.Issue(ctx(t), issue())
		if got.Outcome != cashreceipt.NotSent || got.Code != test.code || len(s.requests) != 0 || strings.Contains(fmt.Sprint(got), simulator.SecretKey) {
			t.Errorf("%d: %+v, %d requests", test.status, got, len(s.requests))
		}
		if v := p.Ask(ctx(t), merchant, id); v.State != cashreceipt.Unheard {
			t.Errorf("%+v", v)
		}
	}
}

// TestStates: what each state says of a receipt.
func TestStates(t *testing.T) {
	t.Parallel()
	info := func(state int) string {
		return fmt.Sprintf(`{"mgtKey":%q,"confirmNum":"TB0000178","tradeDate":"20261128","stateCode":%d,"ntsresultCode":"8001","ntsresultMessage":"확인 불가"}`, mgtKey, state)
	}
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   cashreceipt.State
	}{
		{"issued", 200, info(300), cashreceipt.Waiting},
		{"being sent", 200, info(303), cashreceipt.Waiting},
		{"confirmed", 200, info(304), cashreceipt.Confirmed},
		{"rejected", 200, info(305), cashreceipt.Rejected},
		{"withdrawn at Popbill", 200, info(400), cashreceipt.Rejected},
		{"only kept", 200, info(100), cashreceipt.Unheard},
		{"new", 200, info(999), cashreceipt.Unheard},
		{"absent", 400, `{"code":-14000003}`, cashreceipt.Absent},
		{"not for us", 400, `{"code":-14000002}`, cashreceipt.Unheard},
		{"broken, with the code of absence", 500, `{"code":-14000003}`, cashreceipt.Unheard},
		{"nonsense", 200, "<html>", cashreceipt.Unheard},
		{"another's", 200, strings.Replace(info(304), mgtKey, "other", 1), cashreceipt.Unheard},
		{"no number", 200, strings.Replace(info(304), "TB0000178", "", 1), cashreceipt.Unheard},
	} {
		v := popbill.Told(test.status, []byte(test.body), mgtKey)
		if v.State != test.want || v.State == cashreceipt.Rejected && v.Message == "" {
			t.Errorf("%s: %+v, want %v", test.name, v, test.want)
		}
	}
	told := popbill.Told(200, []byte(strings.Replace(info(305), "확인 불가", "번호 "+personal+" 오류", 1)), mgtKey)
	if strings.Contains(told.Message, personal) || told.Message == "" {
		t.Errorf("%+v", told)
	}
}

func TestConfigurationThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	whole := cashreceipt.Config{"linkId": "LINK", "secretKey": simulator.SecretKey}
	if _, err := popbill.Adapter.Open(whole); err != nil {
		t.Fatal(err)
	}
	for field, wrong := range map[string]string{
		"linkId": "a b", "secretKey": "not base64!", "baseUrl": "http://popbill.example.com", "authUrl": "ftp://127.0.0.1", "userId": "a\r\nb", "simulated": "perhaps",
	} {
		c := cashreceipt.Config{"linkId": "LINK", "secretKey": simulator.SecretKey}
		c[field] = wrong
		_, err := popbill.Adapter.Open(c)
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path != "/"+field || strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: %v", field, err)
		}
	}
	office, err := popbill.Adapter.Open(cashreceipt.Config{"linkId": "LINK", "secretKey": simulator.SecretKey, "simulated": "true"})
	if err != nil || !office.Describe().Simulated || popbill.Adapter.Descriptor.Simulated {
		t.Errorf("%v", err)
	}
}

func TestAmountsBeyondNineDigitsDoNotLeave(t *testing.T) {
	t.Parallel()
	s := serve(t, says(200, taken))
	p, _ := s.open(t)
	in := issue()
	in.Split = money.Split{Amount: 1_000_000_000, TaxFree: 1_000_000_000}
	if got := p.Issue(ctx(t), in); got.Outcome != cashreceipt.Refused || len(s.requests) != 0 {
		t.Errorf("%+v", got)
	}
}
