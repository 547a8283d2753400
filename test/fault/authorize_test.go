package fault_test

import (
	"slices"
	"testing"

	"innopay/internal/load"
)

// each is how many payments meet each fault.
const each = 100

// Outcomes a fault of the authorization may have.
var (
	approved = []string{"DONE"}
	declined = []string{"ABORTEDCARD_DECLINED"}
	reversed = []string{"ABORTEDREVERSED"}
	// A fault that ends the connection also ends it for those who wait behind it, and
	// those who cannot connect again at once have sent nothing.
	broken = []string{"ABORTEDREVERSED", "ABORTEDNOT_SENT"}
)

// TestAuthorize has every fault of an authorization at once, each on its own card.
func TestAuthorize(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	// Those that end a connection come after the others, which would suffer too.
	waves := []map[string][]string{
		{
			"TIMEOUT": reversed, "FOREIGN": reversed, "WRONG_AMOUNT": reversed, "LATE": reversed, "DROP": reversed, "NO_ORIGINAL": reversed,
			"DUPLICATE": approved, "DELAY": approved, "DECLINE": declined,
		},
		{"GARBAGE": broken, "HALF_CLOSE": broken, "RESET": broken},
	}
	presses := map[string][]*load.Press{}
	var all []*load.Press
	for _, wave := range waves {
		var now []*load.Press
		for do := range wave {
			presses[do] = w.payments(do, each, w.card(do))
			now = append(now, presses[do]...)
		}
		w.push(now)
		all = append(all, now...)
	}
	w.finish(all, len(all))
	for _, wave := range waves {
		for do, want := range wave {
			got := map[string]int{}
			for _, p := range presses[do] {
				got[outcome(p)]++
			}
			for o := range got {
				if !slices.Contains(want, o) {
					t.Errorf("%s ended as %v, want %v", do, got, want)
				}
			}
		}
	}
	w.judge()
}

// few is how many payments meet each fault of a message that follows a silent
// authorization: each waits for time-outs of its own.
const few = 10

// TestReverse has every fault of a reversal, after authorizations nobody answered.
func TestReverse(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	w.script("REVERSE", few)
	w.undo("TIMEOUT")
	w.judge()
}

// TestInquire has every fault of an inquiry, after authorizations that never
// arrived: only inquiries prove that.
func TestInquire(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	w.script("INQUIRE", few)
	w.undo("DROP")
	w.judge()
}

// script has every fault happen so many times to messages of the kind.
func (w *world) script(kind string, times int) {
	w.t.Helper()
	var faults []load.Fault
	for _, do := range load.Dos {
		faults = append(faults, load.Fault{On: kind, Do: do, Times: times})
	}
	if err := w.sim.Script(w.t.Context(), faults...); err != nil {
		w.t.Fatal(err)
	}
}

// undo makes payments that all must end without a sale.
func (w *world) undo(behaviour string) {
	w.t.Helper()
	ps := w.payments(behaviour, few*len(load.Dos), w.card(behaviour))
	w.finish(ps, len(ps))
	for _, p := range ps {
		if o := outcome(p); !slices.Contains(broken, o) {
			w.t.Errorf("%s ended as %s", p.Key, o)
		}
	}
}
