package cashreceipttest

import "innopay/cashreceipt"

// testProbe: an office whose connection can be tried says that it is good, or that nobody
// listens, and tells no secret.
func testProbe(r *rig) {
	prober, ok := r.Issuer.(cashreceipt.Prober)
	if !ok {
		return
	}
	if got := prober.Probe(r.ctx()); !got.OK {
		r.Fatalf("the other end is there, yet %+v", got)
	}
	if r.Unreachable == nil {
		return
	}
	nobody, ok := r.Unreachable(r.T).(cashreceipt.Prober)
	if !ok {
		r.Fatal("the office without its other end cannot be tried")
	}
	got := nobody.Probe(r.ctx())
	if got.OK || got.Message == "" {
		r.Errorf("nobody listens, yet %+v", got)
	}
	r.discreet(got.Code + got.Message)
}
