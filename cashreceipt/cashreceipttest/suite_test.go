package cashreceipttest_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"innopay/cashreceipt/cashreceipttest"
)

// plant names the wrong a child process is to do.
const plant = "CASHRECEIPTTEST_PLANT"

func TestAnOfficeThatKeepsThePortPasses(t *testing.T) {
	t.Parallel()
	cashreceipttest.Run(t, open(os.Getenv(plant)))
}

func TestEveryWrongIsFound(t *testing.T) {
	t.Parallel()
	if os.Getenv(plant) != "" {
		return // this is the child
	}
	for wrong, finder := range map[string]string{
		"takes resident numbers":         "wrong_identifiers_are_refused",
		"issues repeats":                 "repeat_has_the_same_number",
		"takes any repeat":               "other_content_under_the_id_is_refused",
		"issues when down":               "down_does_nothing",
		"tells the identifier":           "refused_for_good",
		"takes silence for not sent":     "no_right_answer_is_unknown",
		"cancels above":                  "cancel_above_the_original",
		"refuses early cancels for good": "cancel_of_what_waits",
		"knows nothing of absence":       "ask",
		"confirms everything":            "ask",
		"denies its connection":          "probe",
	} {
		t.Run(wrong, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			run := "^TestAnOfficeThatKeepsThePortPasses$/^" + finder + "$"
			child := exec.CommandContext(ctx, os.Args[0], "-test.run="+run)
			child.Env = append(os.Environ(), plant+"="+wrong)
			out, err := child.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestAnOfficeThatKeepsThePortPasses/"+finder) {
				t.Errorf("not found: %v\n%s", err, out)
			}
		})
	}
}
