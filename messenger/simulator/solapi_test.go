package simulator_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"innopay/messenger"
	"innopay/messenger/simulator"
)

func TestAMessageReachesThePhoneAndIsReportedAfterAWhile(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	got := r.send(sms("010-0000-0001", "안녕하세요"))
	if len(got.FailedMessageList) != 0 || got.GroupInfo.Count["registeredSuccess"] != 1 || len(got.MessageList) != 1 {
		t.Fatalf("%+v", got)
	}
	id := got.MessageList[0].MessageID
	for _, number := range []string{"01000000001", "010-0000-0001", "+82-10-0000-0001", "%2B821000000001"} {
		on := r.phone(number)
		if len(on) != 1 {
			t.Fatalf("%s: %+v", number, on)
		}
		m := on[0]
		if m.ID != id || m.MessageID != "msg_1" || m.From != "0212345678" || m.To != "01000000001" || m.Kind != messenger.SMS ||
			m.Text != "안녕하세요" || !m.At.Equal(noon) || m.State != "WAITING" {
			t.Errorf("%+v", m)
		}
	}
	if m := r.asks(id); m.StatusCode != "3000" || m.Status != "SENDING" {
		t.Errorf("at once: %+v", m)
	}
	r.time.Advance(simulator.Delivery)
	if m := r.asks(id); m.StatusCode != "4000" || m.Status != "COMPLETE" || m.Type != "SMS" {
		t.Errorf("after a while: %+v", m)
	}
	if on := r.phone("01000000001"); on[0].State != "DELIVERED" {
		t.Errorf("%+v", on)
	}
	if on := r.phone("01000000002"); len(on) != 0 {
		t.Errorf("on another phone: %+v", on)
	}
}

func TestANumberThatEndsIn9999HasNoSubscriber(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	id := r.send(sms("01000009999", "안녕")).MessageList[0].MessageID
	r.time.Advance(simulator.Delivery)
	if m := r.asks(id); m.StatusCode != "3032" || m.Reason != "미가입자" {
		t.Errorf("%+v", m)
	}
	if on := r.phone("01000009999"); len(on) != 0 {
		t.Errorf("on the phone: %+v", on)
	}
	taken := r.s.Post().Taken("")
	if len(taken) != 1 || taken[0].Failure != simulator.NoSubscriber || taken[0].State != "FAILED" {
		t.Errorf("%+v", taken)
	}
}

func TestWhatIsWrongWithAMessage(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Rules: simulator.Rules{Senders: []string{"02-1234-5678"}, Templates: []string{"TPL"}}})
	long := strings.Repeat("가", 1001)
	for what, test := range map[string]struct{ fields, code string }{
		"nothing":               {`{}`, "1010"},
		"no text":               {`{"to":"01000000001","from":"0212345678"}`, "1010"},
		"no sender":             {`{"to":"01000000001","text":"a"}`, "1010"},
		"landline":              {`{"to":"0212345678","from":"0212345678","text":"a"}`, "1011"},
		"short number":          {`{"to":"0101234","from":"0212345678","text":"a"}`, "1011"},
		"not registered":        {`{"to":"01000000001","from":"0212345679","text":"a"}`, "1062"},
		"personal number":       {`{"to":"01000000001","from":"05012345678","text":"a"}`, "1062"},
		"91 bytes as SMS":       {`{"to":"01000000001","from":"0212345678","type":"SMS","text":"` + strings.Repeat("가", 45) + `a"}`, "1031"},
		"2001 bytes":            {`{"to":"01000000001","from":"0212345678","text":"` + long + `"}`, "1031"},
		"SMS with subject":      {`{"to":"01000000001","from":"0212345678","type":"SMS","subject":"a","text":"a"}`, "1013"},
		"subject of 41 bytes":   {`{"to":"01000000001","from":"0212345678","subject":"` + long[:60] + `a","text":"a"}`, "1014"},
		"unknown type":          {`{"to":"01000000001","from":"0212345678","type":"FAX","text":"a"}`, "1025"},
		"long custom field":     {`{"to":"01000000001","from":"0212345678","text":"a","customFields":{"a":"` + long + `"}}`, "1032"},
		"Kakao as SMS":          {`{"to":"01000000001","from":"0212345678","type":"SMS","text":"a","kakaoOptions":{"pfId":"P","templateId":"TPL"}}`, "1033"},
		"no profile":            {`{"to":"01000000001","from":"0212345678","type":"ATA","text":"a"}`, "1041"},
		"no template":           {`{"to":"01000000001","from":"0212345678","type":"ATA","text":"a","kakaoOptions":{"pfId":"P"}}`, "1042"},
		"1001 characters":       {`{"to":"01000000001","from":"0212345678","text":"` + long + `","kakaoOptions":{"pfId":"P","templateId":"TPL"}}`, "1031"},
		"another country":       {`{"to":"01000000001","from":"0212345678","text":"a","country":"81"}`, "1058"},
		"not detected, too big": {`{"to":"01000000001","from":"0212345678","autoTypeDetect":false,"text":"` + strings.Repeat("가", 46) + `"}`, "1031"},
	} {
		got := r.send(test.fields)
		if len(got.FailedMessageList) != 1 || got.FailedMessageList[0].StatusCode != test.code || got.GroupInfo.Count["registeredFailed"] != 1 {
			t.Errorf("%s: %+v, want %s", what, got.FailedMessageList, test.code)
		}
	}
	if taken := r.s.Post().Taken(""); len(taken) != 0 {
		t.Errorf("taken: %+v", taken)
	}
}

func TestTypesAreDetectedAtTheBordersOfCP949(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	for i, test := range []struct {
		text, fields string
		want         messenger.Kind
	}{
		{strings.Repeat("가", 45), "", messenger.SMS},
		{strings.Repeat("뷁", 45), "", messenger.SMS},
		{strings.Repeat("가", 45) + "a", "", messenger.LMS},
		{strings.Repeat("a", 90), "", messenger.SMS},
		{strings.Repeat("a", 91), "", messenger.LMS},
		{strings.Repeat("가", 1000), "", messenger.LMS},
		{"짧아도", `,"type":"LMS"`, messenger.LMS},
		{"제목", `,"subject":"알림"`, messenger.LMS},
		{"알림톡", `,"kakaoOptions":{"pfId":"P","templateId":"T"}`, messenger.AlimTalk},
	} {
		to := fmt.Sprintf("0100000%04d", i)
		r.send(fmt.Sprintf(`{"to":%q,"from":"0212345678","text":%q%s}`, to, test.text, test.fields))
		if on := r.phone(to); len(on) != 1 || on[0].Kind != test.want || on[0].Text != test.text {
			t.Errorf("%d: %+v, want %s", i, on, test.want)
		}
	}
}

func TestWhatCP949LacksIsAQuestionMarkOnThePhoneButNotInKakaoTalk(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.send(sms("01000000001", "₩1,000 😀 뷁–끝"))
	if on := r.phone("01000000001"); on[0].Text != "?1,000 ? 뷁?끝" {
		t.Errorf("%q", on[0].Text)
	}
	r.send(`{"to":"01000000002","from":"0212345678","text":"😀 ₩","kakaoOptions":{"pfId":"P","templateId":"T"}}`)
	if on := r.phone("01000000002"); on[0].Text != "😀 ₩" {
		t.Errorf("%q", on[0].Text)
	}
}

func TestAlimTalkThatCannotArriveFallsBackUnlessItMayNot(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		to, options, code, failure string
		kind                       messenger.Kind
	}{
		"known":                {"01000000001", `"templateId":"T"`, "4000", "", messenger.AlimTalk},
		"unknown template":     {"01000000001", `"templateId":"UNKNOWN_1"`, "4000", "", messenger.SMS},
		"no KakaoTalk":         {"01000008888", `"templateId":"T"`, "4000", "", messenger.SMS},
		"unknown, no text":     {"01000000001", `"templateId":"UNKNOWN_1","disableSms":true`, "3105", simulator.NoTemplate, messenger.AlimTalk},
		"no KakaoTalk, no SMS": {"01000008888", `"templateId":"T","disableSms":true`, "3104", simulator.NoKakao, messenger.AlimTalk},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := start(t, simulator.Options{})
			got := r.send(`{"to":"` + test.to + `","from":"0212345678","text":"#{상점}에서 #{금액}원","kakaoOptions":{"pfId":"P",` + test.options +
				`,"variables":{"#{상점}":"가게","금액":"100"},"buttons":[{"buttonType":"WL","buttonName":"결제","linkMo":"http://127.0.0.1/p/x"}]}}`)
			if len(got.MessageList) != 1 {
				t.Fatalf("%+v", got)
			}
			r.time.Advance(time.Second)
			m := r.asks(got.MessageList[0].MessageID)
			if m.StatusCode != test.code || m.Text != "가게에서 100원" || m.Replacement != (test.kind == messenger.SMS) {
				t.Errorf("%+v, want %s", m, test.code)
			}
			on := r.phone(test.to)
			if (len(on) == 1) != (test.failure == "") || len(on) == 1 && (on[0].Kind != test.kind || (test.kind == messenger.AlimTalk) != (len(on[0].Buttons) == 1)) {
				t.Errorf("on the phone: %+v", on)
			}
		})
	}
}

func TestOneRequestMayHaveManyRecipientsAndEachOnce(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	body := `{"messages":[{"to":["01000000001","01000000002","01000000001"],"from":"0212345678","text":"a"}]}`
	var got answer
	r.do("POST", "/messages/v4/send-many/detail", body, r.signed(), 200, &got)
	if got.GroupInfo.Count["total"] != 3 || got.GroupInfo.Count["registeredSuccess"] != 2 || len(got.FailedMessageList) != 1 || got.FailedMessageList[0].StatusCode != "1026" {
		t.Errorf("%+v", got)
	}
	if got.MessageList != nil {
		t.Errorf("a list that was not asked for: %+v", got.MessageList)
	}
	r.send(`{"to":["01000000003","01000000003"],"from":"0212345678","text":"a"}`) // allowDuplicates
	if on := r.phone("01000000003"); len(on) != 2 {
		t.Errorf("%+v", on)
	}
}

func TestListsArePagedAndFiltered(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	for i := range 5 {
		r.send(sms(fmt.Sprintf("0100000000%d", i%2), fmt.Sprint(i)))
		r.time.Advance(time.Second)
	}
	type list struct {
		StartKey, NextKey *string
		Limit             int
		MessageList       map[string]stored
	}
	ask := func(query string) list {
		t.Helper()
		var got list
		r.do("GET", "/messages/v4/list?"+query, "", r.signed(), 200, &got)
		return got
	}
	first := ask("limit=3")
	if len(first.MessageList) != 3 || first.NextKey == nil || first.StartKey != nil || first.Limit != 3 {
		t.Fatalf("%+v", first)
	}
	if rest := ask("limit=3&startKey=" + *first.NextKey); len(rest.MessageList) != 2 || rest.NextKey != nil {
		t.Errorf("%+v", rest)
	}
	for query, want := range map[string]int{
		"to=010-0000-0000": 3, "to=01000000001": 2, "to=01000000009": 0, "from=0212345678": 5, "type=SMS": 5, "type=ATA": 0,
		"statusCode=4000": 5, "statusCode=3032": 0, "messageId=M4V0": 0, "dateType=CREATED&startDate=2026-11-28T12:00:02%2B09:00": 3, "endDate=2026-11-28T03:00:01Z": 2,
		"messageIds=" + *first.NextKey + "&messageIds=x": 1,
	} {
		if got := ask(query); len(got.MessageList) != want {
			t.Errorf("%s: %d, want %d", query, len(got.MessageList), want)
		}
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=x", "startDate=yesterday"} {
		r.do("GET", "/messages/v4/list?"+query, "", r.signed(), 400, nil)
	}
}

func TestOnlyTheCustomerIsServed(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	now := r.time.Now()
	salt := rand.Text()
	good := authorization(simulator.APIKey, simulator.APISecret, salt, now)
	for what, test := range map[string]struct {
		header, code string
		status       int
	}{
		"no header":     {"", "Unauthorized", 401},
		"bearer":        {"Bearer x", "Unauthorized", 401},
		"a part twice":  {good + ", salt=" + salt, "Unauthorized", 401},
		"a part less":   {strings.Replace(good, ", salt="+salt, "", 1), "Unauthorized", 401},
		"another key":   {authorization("NCSOTHER", simulator.APISecret, rand.Text(), now), "InvalidAPIKey", 403},
		"wrong secret":  {authorization(simulator.APIKey, "guess", rand.Text(), now), "SignatureDoesNotMatch", 403},
		"no hex":        {good[:len(good)-2] + "zz", "SignatureDoesNotMatch", 403},
		"another salt":  {strings.Replace(good, salt, strings.ToLower(salt), 1), "SignatureDoesNotMatch", 403},
		"short salt":    {authorization(simulator.APIKey, simulator.APISecret, "short", now), "SignatureDoesNotMatch", 403},
		"long salt":     {authorization(simulator.APIKey, simulator.APISecret, strings.Repeat("a", 65), now), "SignatureDoesNotMatch", 403},
		"too old":       {authorization(simulator.APIKey, simulator.APISecret, rand.Text(), now.Add(-15*time.Minute-time.Second)), "RequestTimeTooSkewed", 403},
		"from tomorrow": {authorization(simulator.APIKey, simulator.APISecret, rand.Text(), now.Add(15*time.Minute+time.Second)), "RequestTimeTooSkewed", 403},
	} {
		for _, path := range []string{"POST /messages/v4/send-many/detail", "GET /messages/v4/list"} {
			method, path, _ := strings.Cut(path, " ")
			var got struct{ ErrorCode, ErrorMessage string }
			r.do(method, path, `{"messages":[]}`, test.header, test.status, &got)
			if got.ErrorCode != test.code || got.ErrorMessage == "" {
				t.Errorf("%s: %+v, want %s", what, got, test.code)
			}
		}
	}
	for _, at := range []time.Duration{-15 * time.Minute, 15 * time.Minute} {
		r.do("GET", "/messages/v4/list", "", authorization(simulator.APIKey, simulator.APISecret, rand.Text(), now.Add(at)), 200, nil)
	}
	r.do("GET", "/messages/v4/list", "", good, 200, nil)
	var again struct{ ErrorCode string }
	r.do("GET", "/messages/v4/list", "", good, 403, &again)
	if again.ErrorCode != "DuplicatedSignature" {
		t.Errorf("%+v", again)
	}
}

func TestARequestThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	for _, body := range []string{
		``, `{`, `[]`, `{"messages":[]}`, `{"messages":{}}`, `{"messages":[{"to":1}]}`, `{"messages":[{"to":"01000000001"}]} {}`,
		`{"messages":[{"to":"01000000001","from":"0212345678","text":"a"}],"scheduledDate":"2026-11-29T00:00:00Z"}`,
	} {
		var got struct{ ErrorCode, ErrorMessage string }
		r.do("POST", "/messages/v4/send-many/detail", body, r.signed(), 400, &got)
		if got.ErrorCode != "ValidationError" || got.ErrorMessage == "" {
			t.Errorf("%s: %+v", body, got)
		}
	}
	for _, path := range []string{"/messages/v4/groups", "/messages/v4/send"} {
		var got struct{ ErrorCode string }
		r.do("GET", path, "", "", 404, &got)
		if got.ErrorCode == "" {
			t.Errorf("%s: no errorCode", path)
		}
	}
}

func TestASecretOfItsOwnIsAskedFor(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Secret: "another-secret"})
	r.do("GET", "/messages/v4/list", "", r.signed(), 403, nil)
	r.do("GET", "/messages/v4/list", "", authorization(simulator.APIKey, simulator.SecretOf("another-secret"), rand.Text(), noon), 200, nil)
}

func TestAnAnswerHasEveryFieldOfTheirs(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	var got map[string]json.RawMessage
	r.do("POST", "/messages/v4/send-many/detail", `{"messages":[`+sms("01000000001", "a")+`]}`, r.signed(), 200, &got)
	if _, ok := got["messageList"]; ok || string(got["failedMessageList"]) != "[]" {
		t.Errorf("%s", got)
	}
}
