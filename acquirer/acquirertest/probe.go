package acquirertest

import (
	"context"

	"innopay/acquirer"
)

// testProbe: an adapter whose connection can be tried says that it is good, that nobody
// listens, and ends with the caller's patience; payments go on beside it.
func testProbe(r *rig) {
	prober, ok := r.Acquirer.(acquirer.Prober)
	if !ok {
		return
	}
	for range 3 {
		if got := prober.Probe(r.ctx()); !got.OK {
			r.Fatalf("the other end is there, yet %+v", got)
		}
		if got := r.Acquirer.Authorize(r.ctx(), r.authorization("APPROVE")); got.Outcome != acquirer.Approved {
			r.Fatalf("beside a probe: %v", got.Outcome)
		}
	}
	ended, cancel := context.WithCancel(r.ctx())
	cancel()
	if got := prober.Probe(ended); got.OK || got.Message == "" {
		r.Errorf("nobody waits for it, yet %+v", got)
	}
	if r.Unreachable == nil {
		return
	}
	nobody, ok := r.Unreachable(r.T).(acquirer.Prober)
	if !ok {
		r.Fatal("the adapter without its other end cannot be tried")
	}
	if got := nobody.Probe(r.ctx()); got.OK || got.Message == "" {
		r.Errorf("nobody listens, yet %+v", got)
	}
}
