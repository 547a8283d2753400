package simulator_test

import (
	"os"
	"strings"
	"testing"

	"innopay/messenger/simulator"
)

func TestTheDocumentNamesWhatTheCodeHas(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/api/message-simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		simulator.APIKey, simulator.APISecret, simulator.NoSubscriber, simulator.NoKakao, simulator.NoTemplate, simulator.Delivery.String()[:3] + " ms",
		string(simulator.Down), string(simulator.Timeout), string(simulator.Reject), string(simulator.Duplicate),
	} {
		if !strings.Contains(string(b), word) {
			t.Errorf("docs/api/message-simulator.md does not name %q", word)
		}
	}
}
