package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"innopay/cashreceipt/simulator"
	"innopay/clock"
)

const sdk = "testdata/sdk"

// sdkStep is one line that the driver prints.
type sdkStep struct {
	Name  string          `json:"name"`
	OK    json.RawMessage `json:"ok"`
	Error *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// drive runs Popbill's SDK against the simulator.
func drive(t *testing.T, url string) map[string]sdkStep {
	t.Helper()
	if _, err := os.Stat(sdk + "/node_modules/popbill"); err != nil {
		t.Fatal("Popbill's SDK is not installed: run tools/npm cashreceipt/simulator/testdata/sdk (make test-go does)")
	}
	host, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	at := clock.System{}.Now().In(clock.Seoul).Format("20060102150405")
	cmd := exec.CommandContext(ctx, "node", "--no-deprecation", "drive.cjs", host, port, simulator.LinkID, simulator.SecretKey, corp, at)
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

func TestPopbillsOwnSDKUnderstandsEveryAnswer(t *testing.T) {
	t.Parallel()
	r := start(t, simulator.Options{Clock: clock.System{}, Verdict: 300 * time.Millisecond})
	steps := drive(t, r.url)
	for _, name := range []string{"issue", "info", "detail", "part", "canceled"} {
		if s := steps[name]; s.Error != nil || s.OK == nil {
			t.Errorf("%s: %+v", name, s.Error)
		}
	}
	for name, code := range map[string]int{
		"again": -14001019, "above": -14001023, "absent": -14000003, "free": -14000003, "stranger": -99010002, "blocked": -14001906,
	} {
		if s := steps[name]; s.Error == nil || s.Error.Code != code || s.Error.Message == "" {
			t.Errorf("%s: %s %+v, want %d", name, s.OK, s.Error, code)
		}
	}
	for name, want := range map[string]map[string]any{
		"issue":    {"code": 1.0, "confirmNum": "TB0000001"},
		"info":     {"mgtKey": "sdk-1", "stateCode": 304.0, "confirmNum": "TB0000001", "totalAmount": "11000", "tradeUsage": "소득공제용"},
		"detail":   {"mgtKey": "sdk-1", "supplyCost": "10000", "tax": "1000", "itemName": "뷁 상품", "franchiseCorpNum": corp},
		"part":     {"code": 1.0, "confirmNum": "820000002"},
		"canceled": {"tradeType": "취소거래", "orgConfirmNum": "TB0000001", "totalAmount": "1100", "cancelType": 1.0},
	} {
		var got map[string]any
		if err := json.Unmarshal(steps[name].OK, &got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for field, value := range want {
			if got[field] != value {
				t.Errorf("%s: %s is %v, want %v", name, field, got[field], value)
			}
		}
	}
	if string(steps["used"].OK) != "true" || string(steps["hosts"].OK) != `["auth.linkhub.co.kr","popbill-test.linkhub.co.kr"]` {
		t.Errorf("used: %s, hosts: %s", steps["used"].OK, steps["hosts"].OK)
	}
}
