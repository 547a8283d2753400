package messengertest

import (
	"context"

	"innopay/messenger"
)

// testProbe: a gateway whose connection can be tried says that it is good and sends
// nothing, or that nobody listens, and tells no secret.
func testProbe(r *rig) {
	prober, ok := r.Sender.(messenger.Prober)
	if !ok {
		return
	}
	m := r.message(r.kinds()[0])
	got := prober.Probe(r.ctx())
	if !got.OK {
		r.Fatalf("the other end is there, yet %+v", got)
	}
	if there := r.Arrived(r.T, m.To); len(there) != 0 {
		r.Errorf("somebody was told: %+v", there)
	}
	ended, cancel := context.WithCancel(r.ctx())
	cancel()
	if got := prober.Probe(ended); got.OK || got.Message == "" {
		r.Errorf("nobody waits for it, yet %+v", got)
	}
	if r.Unreachable == nil {
		return
	}
	nobody, ok := r.Unreachable(r.T).(messenger.Prober)
	if !ok {
		r.Fatal("the gateway without its other end cannot be tried")
	}
	if got = nobody.Probe(r.ctx()); got.OK || got.Message == "" {
		r.Errorf("nobody listens, yet %+v", got)
	}
	r.discreet(got.Code+got.Message, messenger.Message{})
}
