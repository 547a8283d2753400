package iso8583_test

import (
	"net"
	"sync"
	"testing"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
)

// TestWhoHearsOfLateAnswersHoldsUpNobody: the observer writes to a database, which may
// stand still; answers that are waited for come through all the same.
func TestWhoHearsOfLateAnswersHoldsUpNobody(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var owed *iso8583.Request
	h := newHost(t, func(nc net.Conn, r *iso8583.Request) error {
		mu.Lock()
		defer mu.Unlock()
		if owed == nil {
			first := *r
			owed = &first
			return nil
		}
		if err := send(nc, approve(owed)); err != nil {
			return err
		}
		return send(nc, approve(r))
	})
	a := open(t, iso8583.Options{Address: h.Addr().String(), Connections: 1})
	heard, release := make(chan string, 8), make(chan struct{})
	a.OnLate(func(attempt string, _ acquirer.Answer) {
		heard <- attempt
		<-release
	})
	if an := authorize(t, a); an.Outcome != acquirer.Unknown || an.NotSent {
		t.Fatalf("the silent one is %+v", an)
	}
	second := authorization(t)
	second.AttemptID, second.STAN = "att_second", 2
	an := a.Authorize(t.Context(), second)
	attempt := <-heard
	close(release)
	if an.Outcome != acquirer.Approved {
		t.Errorf("answered behind a late answer: %+v", an)
	}
	if attempt != owed.AttemptID {
		t.Errorf("late is %q, want %q", attempt, owed.AttemptID)
	}
}
