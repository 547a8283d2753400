package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"innopay/clock"
	"innopay/messenger"
	"innopay/messenger/simulator"
)

const sdk = "testdata/sdk"

// sdkStep is one line that the driver prints.
type sdkStep struct {
	Name   string          `json:"name"`
	OK     json.RawMessage `json:"ok"`
	Error  string          `json:"error"`
	Code   string          `json:"code"`
	Status int             `json:"status"`
	Failed []struct {
		To, From, Type, StatusCode, StatusMessage, MessageID string
	} `json:"failed"`
	Message string `json:"message"`
}

// drive runs Solapi's SDK against the simulator.
func drive(t *testing.T, url string) map[string]sdkStep {
	t.Helper()
	if _, err := os.Stat(sdk + "/node_modules/solapi"); err != nil {
		t.Fatal("Solapi's SDK is not installed: run tools/npm messenger/simulator/testdata/sdk (make test-go does)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "drive.mjs", url, simulator.APIKey, simulator.APISecret)
	cmd.Dir = sdk
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	steps := map[string]sdkStep{}
	for line := range bytes.Lines(out) {
		var one sdkStep
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		steps[one.Name] = one
	}
	return steps
}

func TestSolapisOwnSDKUnderstandsEveryAnswer(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Clock: clock.System{}})
	steps := drive(t, r.url)
	for _, name := range []string{"sms", "lms", "alimtalk", "fallback", "some", "list", "lists"} {
		if s := steps[name]; s.Error != "" || s.OK == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
	none := steps["none"]
	if none.Error != "MessageNotReceivedError" || len(none.Failed) != 1 || none.Failed[0].StatusCode != "1062" || none.Failed[0].To != "01000000006" {
		t.Errorf("none: %+v", none)
	}
	if s := steps["stranger"]; s.Error != "ClientError" || s.Code != "SignatureDoesNotMatch" || s.Status != 403 {
		t.Errorf("stranger: %+v", s)
	}
	var some answer
	if err := json.Unmarshal(steps["some"].OK, &some); err != nil || some.GroupInfo.Count["registeredFailed"] != 1 || some.GroupInfo.Count["registeredSuccess"] != 1 {
		t.Errorf("some: %+v %v", some, err)
	}
	for name, want := range map[string]messenger.Kind{"list": "SMS", "lists": "ATA"} {
		var got struct{ MessageList map[string]stored }
		if err := json.Unmarshal(steps[name].OK, &got); err != nil || len(got.MessageList) != 1 {
			t.Errorf("%s: %s %v", name, steps[name].OK, err)
		}
		for _, m := range got.MessageList {
			if m.Type != string(want) {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
	for to, want := range map[string]simulator.Message{
		"01000000001": {Kind: messenger.SMS, Text: "뷁 안녕하세요", MessageID: "msg_sdk"},
		"01000000003": {Kind: messenger.AlimTalk, Text: "시험상점에서 결제를 요청했어요.", Template: "KA01"},
		"01000000004": {Kind: messenger.SMS, Text: "안녕", Replacement: true},
		"01000000005": {Kind: messenger.SMS, Text: "하나"},
	} {
		on := r.phone(to)
		if len(on) != 1 {
			t.Errorf("%s: %+v", to, on)
			continue
		}
		got := on[0]
		if got.Kind != want.Kind || got.Text != want.Text || got.MessageID != want.MessageID || got.Template != want.Template || got.Replacement != want.Replacement || got.From != "0212345678" {
			t.Errorf("%s: %+v", to, got)
		}
	}
	if on := r.phone("01000000002"); len(on) != 1 || on[0].Kind != messenger.LMS || on[0].Subject != "제목" {
		t.Errorf("LMS: %+v", on)
	}
	if on := r.phone("01000000003"); len(on) == 1 && (len(on[0].Buttons) != 1 || on[0].Buttons[0] != simulator.Button{Name: "결제하기", Type: "WL", Link: "http://127.0.0.1/p/x"}) {
		t.Errorf("buttons: %+v", on[0].Buttons)
	}
	taken := r.s.Post().Taken("")
	if len(taken) != 5 {
		t.Errorf("%d messages taken", len(taken))
	}
}
