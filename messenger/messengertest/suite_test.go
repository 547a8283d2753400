package messengertest_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"innopay/messenger/messengertest"
)

// plant names the wrong a child process is to do.
const plant = "MESSENGERTEST_PLANT"

func TestAGatewayThatKeepsThePortPasses(t *testing.T) {
	t.Parallel()
	messengertest.Run(t, open(os.Getenv(plant)))
}

func TestEveryWrongIsFound(t *testing.T) {
	t.Parallel()
	if os.Getenv(plant) != "" {
		return // this is the child
	}
	for wrong, finder := range map[string]string{
		"hides reports":        "describe",
		"tells the number":     "refused_for_good",
		"sends when closed":    "closed",
		"takes when down":      "down_is_later",
		"knows EUC-KR only":    "Korean_arrives_whole",
		"gives one reference":  "many_at_once",
		"takes silence for no": "no_answer_is_unknown",
	} {
		t.Run(wrong, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			run := "^TestAGatewayThatKeepsThePortPasses$/^" + finder + "$"
			child := exec.CommandContext(ctx, os.Args[0], "-test.run="+run)
			child.Env = append(os.Environ(), plant+"="+wrong)
			out, err := child.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestAGatewayThatKeepsThePortPasses/"+finder) {
				t.Errorf("not found: %v\n%s", err, out)
			}
		})
	}
}
