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

	"innopay/messenger/simulator"
)

const faults = "/simulator/messenger/faults"

type script struct {
	Script []simulator.Fault `json:"script"`
}

// script gives faults and returns those still to come.
func (r *rig) script(body string) []simulator.Fault {
	r.Helper()
	var got script
	r.do("POST", faults, `{"script":`+body+`}`, "", 200, &got)
	return got.Script
}

func TestDownTakesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DOWN","times":2}]`)
	for range 2 {
		var got struct{ ErrorCode, ErrorMessage string }
		r.do("POST", "/messages/v4/send-many/detail", `{"messages":[`+sms("01000000001", "a")+`]}`, r.signed(), 503, &got)
		if got.ErrorCode == "" || got.ErrorMessage == "" {
			t.Errorf("%+v", got)
		}
	}
	r.send(sms("01000000001", "b"))
	if on := r.phone("01000000001"); len(on) != 1 || on[0].Text != "b" {
		t.Errorf("%+v", on)
	}
}

func TestDownForAWhileIsDownForEverything(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DOWN","forMs":600000}]`)
	for range 3 {
		r.do("POST", "/messages/v4/send-many/detail", `{"messages":[`+sms("01000000001", "a")+`]}`, r.signed(), 503, nil)
		r.do("GET", "/messages/v4/list", "", r.signed(), 503, nil)
		r.time.Advance(3 * time.Minute)
	}
	r.time.Advance(time.Minute)
	r.do("GET", "/messages/v4/list", "", r.signed(), 200, nil)
	r.send(sms("01000000001", "a"))
	if on := r.phone("01000000001"); len(on) != 1 {
		t.Errorf("%+v", on)
	}
}

func TestRejectIsForGoodAndTakesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"REJECT"}]`)
	if got := r.send(sms("01000000001", "a")); len(got.FailedMessageList) != 1 || got.FailedMessageList[0].StatusCode != "1060" || len(got.MessageList) != 0 {
		t.Errorf("%+v", got)
	}
	if got := r.send(sms("01000000001", "b")); len(got.FailedMessageList) != 0 {
		t.Errorf("%+v", got)
	}
	if on := r.phone("01000000001"); len(on) != 1 {
		t.Errorf("%+v", on)
	}
}

func TestDuplicateDeliversTwiceUnderOneIDOfOurs(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"DUPLICATE"}]`)
	if got := r.send(sms("01000000001", "a")); len(got.MessageList) != 1 {
		t.Errorf("%+v", got)
	}
	on := r.phone("01000000001")
	if len(on) != 2 || on[0].ID == on[1].ID || on[0].MessageID != on[1].MessageID {
		t.Errorf("%+v", on)
	}
}

func TestTimeoutTakesAndNeverAnswers(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	r.script(`[{"do":"TIMEOUT"}]`)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/messages/v4/send-many/detail", strings.NewReader(`{"messages":[`+sms("01000000001", "a")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", r.signed())
	done := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	var got struct{ Messages []simulator.Message }
	r.do("GET", "/simulator/phone/01000000001/messages?wait=20s", "", "", 200, &got)
	if len(got.Messages) != 1 {
		t.Errorf("%+v", got)
	}
	select {
	case err := <-done:
		t.Fatalf("it answered: %v", err)
	case <-time.After(aWhile):
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestFaultsAreReadChangedAndKeptOverARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, simulator.Options{Data: dir})
	first.script(`[{"do":"REJECT","times":2},{"do":"DOWN","forMs":1000}]`)
	first.send(sms("01000000001", "a"))
	if err := first.s.Close(); err != nil {
		t.Fatal(err)
	}
	r := start(t, simulator.Options{Data: dir})
	var got script
	r.do("GET", faults, "", "", 200, &got)
	if len(got.Script) != 2 || got.Script[0].Times != 1 || got.Script[1].ForMs != 1000 || !got.Script[1].Until.Equal(noon.Add(time.Second)) {
		t.Errorf("%+v", got)
	}
	r.time.Advance(time.Second)
	r.do("GET", faults, "", "", 200, &got)
	if len(got.Script) != 1 {
		t.Errorf("what is over is still there: %+v", got)
	}
	r.do("DELETE", faults, "", "", 200, &got)
	if len(got.Script) != 0 {
		t.Errorf("%+v", got)
	}
	r.send(sms("01000000001", "a"))
	if on := r.phone("01000000001"); len(on) != 1 {
		t.Errorf("%+v", on)
	}
}

func TestAScriptThatIsWrongChangesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	for _, body := range []string{`{}`, `{"script":[{"do":"DOWN","on":"ANY"}]}`, `{"script":[]} {}`, `[]`} {
		r.do("POST", faults, body, "", 400, nil)
	}
	for field, body := range map[string]string{
		"/script/0/do": `[{"do":"EXPLODE"}]`, "/script/1/times": `[{"do":"DOWN"},{"do":"DOWN","times":-1}]`, "/script/0/forMs": `[{"do":"DOWN","forMs":86400001}]`,
		"/script": `[` + strings.Repeat(`{"do":"DOWN"},`, 1000) + `{"do":"DOWN"}]`,
	} {
		var got struct {
			Errors []struct{ Field, Message string }
		}
		r.do("POST", faults, `{"script":`+body+`}`, "", 422, &got)
		if len(got.Errors) != 1 || got.Errors[0].Field != field || got.Errors[0].Message == "" {
			t.Errorf("%+v, want %s", got, field)
		}
	}
	var got script
	r.do("GET", faults, "", "", 200, &got)
	if len(got.Script) != 0 {
		t.Errorf("%+v", got)
	}
	r.do("PUT", faults, "", "", 405, nil)
}

func TestWhatWasTakenSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, simulator.Options{Data: dir})
	id := first.send(sms("01000000001", "안녕 & <b>")).MessageList[0].MessageID
	first.mail("비밀번호 없는 메일", "buyer@example.com")
	if _, err := simulator.Start(simulator.Options{Data: dir, SMTP: "127.0.0.1:0"}); !errors.Is(err, simulator.ErrLocked) {
		t.Errorf("a second one on the folder: %v", err)
	}
	if err := first.s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "messages.jsonl")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.WriteString(`{"message":{"id":"torn`)
	_ = f.Close()
	r := start(t, simulator.Options{Data: dir})
	if on := r.phone("01000000001"); len(on) != 1 || on[0].ID != id || on[0].Text != "안녕 & <b>" {
		t.Errorf("%+v", on)
	}
	if m := r.asks(id); m.StatusCode != "3000" {
		t.Errorf("%+v", m)
	}
	if mails := r.s.Post().Mails("buyer@example.com", ""); len(mails) != 1 {
		t.Errorf("%+v", mails)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{simulator.APIKey, simulator.APISecret, "torn", "signature"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the journal holds %q", secret)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestADamagedJournalIsNotOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := `{"mail":{"id":"1","at":"2026-11-28T12:00:00+09:00","from":"","to":"","subject":"","text":"","html":""}}` + "\n"
	for content, want := range map[string]error{whole + "x\n" + whole: simulator.ErrDamaged, whole + whole + "x\ny\n": nil, "{}\n" + whole: simulator.ErrDamaged} {
		if err := os.WriteFile(filepath.Join(dir, "messages.jsonl"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := simulator.Start(simulator.Options{Data: dir, SMTP: "127.0.0.1:0"})
		if !errors.Is(err, want) {
			t.Errorf("%q: %v", content, err)
		}
		if err == nil {
			if got := s.Post().Mails("", ""); len(got) != 2 {
				t.Errorf("%q: %d mails", content, len(got))
			}
			_ = s.Close()
		}
	}
}

func TestTheNewest5000AreKept(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{})
	message := `{"to":"01000000001","from":"0212345678","text":"a"}`
	first := r.send(message).MessageList[0].MessageID
	r.send(strings.Repeat(message+",", 4998) + message)
	r.asks(first)
	r.send(message)
	if on := r.phone("01000000001"); len(on) != 5000 || on[0].ID == first {
		t.Errorf("%d on the phone", len(on))
	}
}
