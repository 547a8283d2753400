package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/brand"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/web"
	"innopay/internal/web/live"
)

// interestFree is a good event of March 2026.
func interestFree(issuer string) map[string]any {
	return map[string]any{"issuerCode": issuer, "months": []int{2, 3}, "minAmount": 50_000, "from": "2026-03-01", "until": "2026-03-31"}
}

// question is a good ticket.
func question(subject string) map[string]any {
	return map[string]any{"kind": "QUESTION", "subject": subject, "text": "영수증이 나오지 않아요."}
}

// notices are the inbox of a login.
func (r *rig) notices(t *testing.T, as *http.Cookie) (titles []string, unread float64) {
	t.Helper()
	a := r.to(http.MethodGet, "/v1/notices", nil).cookie(as).do()
	body := a.json(t)
	for _, n := range body["notices"].([]any) {
		titles = append(titles, n.(map[string]any)["title"].(string))
	}
	unread, _ = body["unread"].(float64)
	return titles, unread
}

func TestANoticeComesToThoseItIsForAndTheReadRateMoves(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator, owner, staff, other := r.login(t, "operator"), r.login(t, "one-owner"), r.login(t, "one-staff"), r.login(t, "two-owner")
	write := func(body map[string]any) map[string]any {
		a := r.to(http.MethodPost, "/v1/operator/notices", body).cookie(operator).do()
		if a.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return a.json(t)
	}
	at := func(d time.Duration) string { return r.clock.Now().Add(d).Format(time.RFC3339) }
	all := write(map[string]any{"title": "모두에게", "body": "# 점검\n새벽에 쉬어요. https://help.example"})
	if all["audience"] != float64(4) || all["readers"] != float64(0) || all["status"] != "STANDING" {
		t.Errorf("%v", all)
	}
	write(map[string]any{"title": "점주에게", "body": "정산", "role": "OWNER", "important": true})
	write(map[string]any{"title": "한 가게에", "body": "안내", "merchantId": r.two.ID})
	later := write(map[string]any{"title": "나중에", "body": "곧", "from": at(time.Hour), "until": at(2 * time.Hour)})
	for login, want := range map[*http.Cookie]int{owner: 2, staff: 1, other: 3} {
		if titles, unread := r.notices(t, login); len(titles) != want || unread != float64(want) {
			t.Errorf("%v, %v unread, want %d", titles, unread, want)
		}
	}
	read := fmt.Sprintf("/v1/notices/%v/read", all["id"])
	for range 2 { // again changes nothing
		if a := r.to(http.MethodPost, read, nil).cookie(staff).do(); a.StatusCode != http.StatusNoContent {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if _, unread := r.notices(t, staff); unread != 0 {
		t.Errorf("%v unread after reading", unread)
	}
	listed := r.to(http.MethodGet, "/v1/operator/notices", nil).cookie(operator).do()
	if !bytes.Contains(listed.body, []byte(`"audience":4,"readers":1`)) {
		t.Errorf("%s", listed.body)
	}
	path := fmt.Sprintf("/v1/operator/notices/%v", later["id"])
	edited := map[string]any{"title": "고쳤어요", "body": "곧", "from": at(time.Hour), "until": at(2 * time.Hour), "version": 1}
	if a := r.to(http.MethodPut, path, edited).cookie(operator).do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPut, path, edited).cookie(operator).do(); code(t, a) != "CHANGED_MEANWHILE" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// Nobody may read, or find, what has not begun.
	if a := r.to(http.MethodPost, fmt.Sprintf("/v1/notices/%v/read", later["id"]), nil).cookie(owner).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.clock.Advance(61 * time.Minute)
	if more, err := r.options.Notices.Round(t.Context()); err != nil || more {
		t.Fatal(more, err)
	}
	operator = r.login(t, "operator")
	if titles, _ := r.notices(t, owner); titles[0] != "고쳤어요" {
		t.Errorf("%v", titles)
	}
	edited["version"] = 3
	if a := r.to(http.MethodPut, path, edited).cookie(operator).do(); code(t, a) != "NOTICE_PUBLISHED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusConflict} {
		if a := r.to(http.MethodDelete, path+"?reason=wrong", nil).cookie(operator).do(); a.StatusCode != want {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	if titles, _ := r.notices(t, owner); titles[0] == "고쳤어요" {
		t.Errorf("%v after it was withdrawn", titles)
	}
}

func TestWhatIsNoNotice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	for name, change := range map[string][]any{
		"title too long": {"title", strings.Repeat("가", 101)}, "no body": {"body", ""}, "control": {"body", "a\u0007"}, "another role": {"role", "OPERATOR"},
		"no such shop": {"merchantId", "mer_" + missing}, "ends before": {"until", noon.Add(-time.Hour).Format(time.RFC3339)},
		"in ten years": {"from", "2036-01-01T00:00:00Z"}, "unknown": {"color", "red"}, "year 0": {"from", "0001-01-01T00:00:00Z"},
	} {
		a := r.to(http.MethodPost, "/v1/operator/notices", with(map[string]any{"title": "점검", "body": "쉬어요"}, fmt.Sprint(change[0]), change[1])).cookie(operator).do()
		if a.StatusCode != http.StatusUnprocessableEntity && a.StatusCode != http.StatusBadRequest || !bytes.Contains(a.body, []byte(fmt.Sprint("/", change[0]))) {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodGet, "/v1/notices?cursor=MTk5", nil).cookie(r.login(t, "one-owner")).do(); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestTheInboxGoesOnBehindItsCursor(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	operator, owner := r.login(t, "operator"), r.login(t, "one-owner")
	for i := range 45 { // many begin in the same moment
		if a := r.to(http.MethodPost, "/v1/operator/notices", map[string]any{"title": fmt.Sprint("공지 ", i), "body": "안내"}).cookie(operator).do(); a.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	seen, cursor := map[string]bool{}, ""
	for range 4 {
		body := r.to(http.MethodGet, "/v1/notices?cursor="+cursor, nil).cookie(owner).do().json(t)
		for _, n := range body["notices"].([]any) {
			seen[n.(map[string]any)["id"].(string)] = true
		}
		cursor, _ = body["nextCursor"].(string)
		if cursor == "" {
			break
		}
	}
	if len(seen) != 45 || cursor != "" {
		t.Errorf("%d notices, cursor %q", len(seen), cursor)
	}
}

func TestInterestFreeEventsAreImportedAndOffered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	send := func(query, csv string) map[string]any {
		a := r.to(http.MethodPost, "/v1/operator/interest-free/import?format=csv"+query, file{"text/csv", []byte(csv)}).cookie(operator).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return a.json(t)
	}
	head := "카드사,개월,최소금액,시작일,종료일\n"
	good := head + "신한,2~3,\"70,000\",2026.3.1,2026-03-31\n"
	bad := good + "없는카드,1,x,내일,\n41,\"2,3\",70000,2026-03-01,2026-03-31\n"
	if got := send("", bad); got["imported"] != false || got["errorCount"] != float64(6) || got["added"] != float64(1) {
		t.Errorf("%v", got)
	}
	for want, query := range map[string]string{"map[added:1 errorCount:0 errors:[] imported:false rows:1 unchanged:0]": "&dryRun=true"} {
		if got := send(query, good); fmt.Sprint(got) != want {
			t.Errorf("%v", got)
		}
	}
	if got := send("&partial=true", bad); got["imported"] != true || got["added"] != float64(1) {
		t.Errorf("%v", got)
	}
	if got := send("", good); got["unchanged"] != float64(1) || got["added"] != float64(0) {
		t.Errorf("the same file again: %v", got)
	}
	for amount, want := range map[int]string{70_000: `{"months":3,"interestFree":true}`, 69_999: `{"months":3,"interestFree":false}`} {
		a := r.to(http.MethodGet, fmt.Sprintf("/v1/installments?amount=%d&issuerCode=41", amount), nil).as(r.one).do()
		if !bytes.Contains(a.body, []byte(want)) {
			t.Errorf("%d: %s", amount, a.body)
		}
	}
	for month, want := range map[string]int{"": 1, "?month=2026-03": 1, "?month=2026-02": 0, "?month=2026-04": 0} {
		a := r.to(http.MethodGet, "/v1/interest-free"+month, nil).as(r.one).do()
		if es, _ := a.json(t)["events"].([]any); len(es) != want {
			t.Errorf("%q: %s", month, a.body)
		}
	}
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		out := r.to(http.MethodGet, "/v1/operator/interest-free/export?format="+string(f), nil).cookie(operator).do()
		back := r.to(http.MethodPost, "/v1/operator/interest-free/import?format="+string(f), file{strings.Split(f.ContentType(), ";")[0], out.body}).cookie(operator).do()
		if back.json(t)["unchanged"] != float64(1) || back.json(t)["errorCount"] != float64(0) {
			t.Errorf("%s: %s", f, back.body)
		}
	}
	own := r.to(http.MethodPost, "/v1/operator/interest-free", with(interestFree("11"), "merchantId", r.two.ID)).cookie(operator).do()
	if es, _ := r.to(http.MethodGet, "/v1/interest-free", nil).as(r.one).do().json(t)["events"].([]any); own.StatusCode != http.StatusCreated || len(es) != 1 {
		t.Errorf("%d %s, another sees %v", own.StatusCode, own.body, es)
	}
	path := fmt.Sprintf("/v1/operator/interest-free/%v", own.json(t)["id"])
	for _, c := range []struct {
		query string
		want  int
	}{{"", http.StatusUnprocessableEntity}, {"?reason=over", http.StatusNotFound}, {"?reason=over&merchantId=" + r.two.ID, http.StatusNoContent}} {
		if a := r.to(http.MethodDelete, path+c.query, nil).cookie(operator).do(); a.StatusCode != c.want {
			t.Errorf("%s: %d %s", c.query, a.StatusCode, a.body)
		}
	}
}

func TestATicketGoesBackAndForth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator, owner, staff := r.login(t, "operator"), r.login(t, "one-owner"), r.login(t, "one-staff")
	open := r.to(http.MethodPost, "/v1/tickets", question("프린터가 안 돼요")).cookie(staff).do()
	if open.StatusCode != http.StatusCreated || bytes.Contains(open.body, []byte("merchantId")) {
		t.Fatalf("%d %s", open.StatusCode, open.body)
	}
	path := fmt.Sprintf("/v1/tickets/%v", open.json(t)["id"])
	desk := fmt.Sprintf("/v1/operator/tickets/%s/%v", r.one.ID, open.json(t)["id"])
	if a := r.to(http.MethodGet, "/v1/operator/tickets?status=OPEN", nil).cookie(operator).do(); !bytes.Contains(a.body, []byte("프린터가 안 돼요")) {
		t.Errorf("%s", a.body)
	}
	if a := r.to(http.MethodPost, desk+"/messages", map[string]any{"text": "전원을 껐다 켜 주세요.\n그래도 안 되면 알려 주세요."}).cookie(operator).do(); a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	assign := func(id string) reply {
		return r.to(http.MethodPost, desk+"/assignee", map[string]any{"operatorId": id}).cookie(operator).do()
	}
	users, err := r.registry.Users(t.Context(), merchant.TenantOf(""))
	if err != nil {
		t.Fatal(err)
	}
	me := users[slices.IndexFunc(users, func(u merchant.User) bool { return u.LoginID == "operator" })]
	if a := assign("usr_nobody"); a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte(`"/operatorId"`)) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := assign(me.ID); a.StatusCode != http.StatusOK || a.json(t)["merchantName"] != r.one.Name || a.json(t)["assignee"].(map[string]any)["name"] != me.Name {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodGet, path, nil).cookie(staff).do(); bytes.Contains(a.body, []byte("assignee")) || bytes.Contains(a.body, []byte("merchantName")) {
		t.Errorf("the merchant sees %s", a.body)
	}
	if a := assign("").json(t); a["assignee"] != nil {
		t.Errorf("%v", a)
	}
	for who, c := range map[string]*http.Cookie{"asker": staff, "owner": owner} {
		if a := r.to(http.MethodGet, "/v1/tickets", nil).cookie(c).do(); a.json(t)["unread"] != float64(1) {
			t.Errorf("%s: %s", who, a.body)
		}
	}
	if a := r.to(http.MethodPost, path+"/read", nil).cookie(staff).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	a := r.to(http.MethodPost, path+"/messages", map[string]any{"text": "됐어요"}).cookie(staff).do().json(t)
	if a["status"] != "OPEN" || a["messageCount"] != float64(3) || a["unread"] != false {
		t.Errorf("%v", a)
	}
	if a := r.to(http.MethodPost, desk+"/close", nil).cookie(operator).do(); a.json(t)["status"] != "CLOSED" {
		t.Errorf("%s", a.body)
	}
	for _, c := range []*call{r.to(http.MethodPost, path+"/messages", map[string]any{"text": "또"}).cookie(staff), r.to(http.MethodPost, desk+"/close", nil).cookie(operator)} {
		if a := c.do(); code(t, a) != "TICKET_CLOSED" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	// What the owner asks is none of the staff's business.
	theirs := r.to(http.MethodPost, "/v1/tickets", map[string]any{
		"kind": "MERCHANT_CHANGE", "subject": "정보 변경", "text": "계좌를 바꿔 주세요.",
		"wishes": []any{map[string]any{"field": "SETTLEMENT_ACCOUNT", "value": "시험은행 352-0000-0000-03"}},
	}).cookie(owner).do()
	if theirs.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", theirs.StatusCode, theirs.body)
	}
	if a := r.to(http.MethodGet, fmt.Sprintf("/v1/tickets/%v", theirs.json(t)["id"]), nil).cookie(staff).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("staff: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodGet, "/v1/tickets", nil).cookie(staff).do(); len(a.json(t)["tickets"].([]any)) != 1 {
		t.Errorf("%s", a.body)
	}
}

func TestWhatIsNoTicket(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	other, _ := r.pay(t, r.two, r.order(t, 10_000))["id"].(string)
	for name, c := range map[string]struct {
		body map[string]any
		at   string
	}{
		"card in the text": {with(question("문의"), "text", "카드 9990-0100-0000-0001 이 안 돼요. 5555 5555 5555 4444"), "/text"},
		"card as subject":  {question("4111111111111111"), "/subject"}, "no text": {with(question("문의"), "text", " "), "/text"},
		"a wish too many": {with(question("문의"), "wishes", []any{map[string]any{"field": "NAME", "value": "새 이름"}}), "/wishes"},
		"no wish":         {with(question("문의"), "kind", "MERCHANT_CHANGE"), "/wishes"},
		"another's":       {with(with(question("문의"), "kind", "PAYMENT"), "paymentId", other), "/paymentId"},
		"a payment more":  {with(question("문의"), "paymentId", other), "/paymentId"},
	} {
		a := r.to(http.MethodPost, "/v1/tickets", c.body).cookie(owner).do()
		if a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte(`"`+c.at)) {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	wish := with(with(question("문의"), "kind", "MERCHANT_CHANGE"), "wishes", []any{map[string]any{"field": "NAME", "value": "새 이름"}})
	if a := r.to(http.MethodPost, "/v1/tickets", wish).cookie(staff).do(); code(t, a) != "OWNER_ONLY" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for i := range 21 {
		a := r.to(http.MethodPost, "/v1/tickets", question("문의")).cookie(staff).do()
		if (i < 20) != (a.StatusCode == http.StatusCreated) || i == 20 && code(t, a) != "TOO_MANY_TICKETS" {
			t.Fatalf("%d: %d %s", i, a.StatusCode, a.body)
		}
	}
}

func TestTheBrandSaysWhatIsConfigured(t *testing.T) {
	t.Parallel()
	plain := newRig(t)
	if a := plain.to(http.MethodGet, "/v1/brand", nil).do(); a.StatusCode != http.StatusOK || strings.TrimSpace(string(a.body)) != "{}" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r := newRig(t, func(o *web.Options) {
		o.Brand = brand.Brand{Phone: "1600-0000", Hours: []brand.Hours{{Days: []string{"MON"}, From: "09:00", Until: "18:00"}}, Company: brand.Company{Name: "시험 회사"}}
	})
	want := `{"phone":"1600-0000","hours":[{"days":["MON"],"from":"09:00","until":"18:00"}],"company":{"name":"시험 회사"}}`
	if a := r.to(http.MethodGet, "/v1/brand", nil).do(); strings.TrimSpace(string(a.body)) != want {
		t.Errorf("%s", a.body)
	}
}

func TestALinkTellsOfTheInterestFreeMonthsOfItsAmount(t *testing.T) {
	t.Parallel()
	r, _ := newLink(t)
	operator := r.login(t, "operator")
	for _, e := range []map[string]any{
		with(interestFree("41"), "months", []int{2, 3, 6}), with(interestFree("11"), "minAmount", 55_001),
		with(interestFree("61"), "until", "2026-03-01"), with(interestFree("51"), "merchantId", r.two.ID), with(interestFree("71"), "months", []int{12}),
	} {
		if a := r.to(http.MethodPost, "/v1/operator/interest-free", e).cookie(operator).do(); a.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	for language, want := range map[string]string{"ko": "무이자 · 신한카드 2~3개월</small>", "en": "Interest-free · 신한카드 2~3 months</small>"} {
		if a := r.link("?lang=" + language).do(); !bytes.Contains(a.body, []byte(want)) {
			t.Errorf("%s: %s", language, a.body)
		}
	}
}

func TestANoticeForAllIsToldToEveryDevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	hub := r.options.Live
	one, ok := hub.Listen(r.one.Tenant())
	two, also := hub.Listen(r.two.Tenant())
	if !ok || !also {
		t.Fatal("too many listen")
	}
	defer one.Close()
	defer two.Close()
	go hub.Run(t.Context())
	write := func(body map[string]any) {
		if a := r.to(http.MethodPost, "/v1/operator/notices", body).cookie(operator).do(); a.StatusCode != http.StatusCreated {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	write(map[string]any{"title": "한 가게에", "body": "안내", "merchantId": r.two.ID})
	write(map[string]any{"title": "모두에게", "body": "안내"})
	heard := func(name string, l *live.Listener, want int) {
		for range want {
			select {
			case e := <-l.Events:
				if e.Type != outbox.NoticesChanged {
					t.Errorf("%s: %+v", name, e)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s heard too little", name)
			}
		}
	}
	heard("two", two, 2)
	heard("one", one, 1)
	select {
	case e := <-one.Events:
		t.Errorf("one heard another's %+v", e)
	default:
	}
}

// TestBuyersSeeWhoRunsTheInstallation, where that is configured, and nothing where not.
func TestBuyersSeeWhoRunsTheInstallation(t *testing.T) {
	t.Parallel()
	if a := newRig(t).to(http.MethodGet, "/r", nil).do(); bytes.Contains(a.body, []byte(`class="who"`)) {
		t.Errorf("nothing is configured: %s", a.body)
	}
	r := newRig(t, func(o *web.Options) {
		o.Brand = brand.Brand{Name: "<시험>", Phone: "1600-0000", Home: "https://company.example/", Company: brand.Company{Name: "시험 회사", BusinessNumber: "000-00-00000"}}
	})
	a := r.to(http.MethodGet, "/r", nil).do()
	for _, want := range []string{"&lt;시험&gt;", `<a href="tel:1600-0000">`, "시험 회사 · 사업자등록번호 000-00-00000", `href="/app/terms/privacy"`, `href="https://company.example/"`} {
		if !bytes.Contains(a.body, []byte(want)) {
			t.Errorf("without %s: %s", want, a.body)
		}
	}
	if bytes.Contains(a.body, []byte("제품 홈페이지")) || len(a.body) > maxPage {
		t.Errorf("%d bytes: %s", len(a.body), a.body)
	}
}
