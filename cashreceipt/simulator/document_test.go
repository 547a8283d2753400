package simulator_test

import (
	"os"
	"strings"
	"testing"

	"innopay/cashreceipt/simulator"
	"innopay/simulated"
)

func TestTheDocumentNamesWhatTheCodeHas(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/api/cash-receipt-simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{
		simulator.LinkID, simulator.SecretKey, strings.TrimSuffix(simulator.Verdict.String(), "s") + " s", journal, faults,
		simulator.TypeIssue, simulator.TypeCancel, simulator.TypeVerdict, simulator.ResultIssued, simulator.ResultRefused,
		simulator.ResultAlready, simulator.ResultConfirmed, simulator.ResultRejected, "-14001906", "-14001019", "-14001021",
		string(simulated.Down), string(simulated.Timeout), string(simulated.Reject), string(simulated.Duplicate),
	} {
		if !strings.Contains(string(b), word) {
			t.Errorf("docs/api/cash-receipt-simulator.md does not name %q", word)
		}
	}
}
