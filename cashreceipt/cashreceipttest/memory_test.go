package cashreceipttest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"innopay/cashreceipt"
	"innopay/cashreceipt/cashreceipttest"
	"innopay/clock"
	"innopay/money"
	"innopay/setting"
)

// memory is an office without a wire, so that the suite itself is tested. wrong names
// what it does against the port.
type memory struct {
	wrong string

	mu     sync.Mutex
	script []string
	byID   map[string]*held
	all    []*held
	closed bool
}

type held struct {
	cashreceipttest.Arrival
	id      string
	split   money.Split
	judged  bool
	refused bool
}

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, clock.Seoul)

func (o *memory) Describe() cashreceipt.Descriptor {
	return cashreceipt.Descriptor{
		Name: "memory", Label: cashreceipt.Label{Ko: "기억", En: "Memory"}, Simulated: true, PartialCancel: true,
		Timeouts: cashreceipt.Timeouts{Connect: 1, Read: 1, AbsentAfter: 1, AskFrom: 1, AskEvery: 1, Backoff: []time.Duration{1}},
	}
}

func (o *memory) Probe(context.Context) setting.Probe {
	return setting.Probe{OK: o.wrong != "denies its connection"}
}

func (o *memory) Issue(ctx context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	if a, ok := in.Refuse(); !ok && (o.wrong != "takes resident numbers" || a.Code != "RESIDENT_NUMBER") {
		return a
	}
	number := string(in.Identifier.Reveal())
	return o.do(ctx, &held{id: in.ID, split: in.Split, refused: number[len(number)-4:] == "9999"}, number)
}

func (o *memory) Cancel(ctx context.Context, c cashreceipt.Cancel) cashreceipt.Answer {
	if a, ok := c.Refuse(); !ok {
		return a
	}
	return o.do(ctx, &held{id: c.ID, split: c.Split, Arrival: cashreceipttest.Arrival{Cancel: true, Original: c.Original.Number, Day: c.Original.Day}}, "")
}

func answer(outcome cashreceipt.Outcome, code string) cashreceipt.Answer {
	return cashreceipt.Answer{Outcome: outcome, Code: code, Message: "메시지"}
}

func (o *memory) do(ctx context.Context, d *held, identifier string) cashreceipt.Answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || ctx.Err() != nil {
		return answer(cashreceipt.NotSent, "")
	}
	do := ""
	if len(o.script) > 0 {
		do, o.script = o.script[0], o.script[1:]
	}
	if was := o.byID[d.id]; was != nil && o.wrong != "issues repeats" {
		if was.split != d.split && o.wrong != "takes any repeat" {
			return answer(cashreceipt.Refused, "OTHER")
		}
		return o.issued(was)
	}
	if do == "DOWN" && o.wrong != "issues when down" {
		return answer(cashreceipt.Unknown, "503")
	}
	if identifier == "01023458888" {
		a := answer(cashreceipt.Refused, "BLOCKED")
		if o.wrong == "tells the identifier" {
			a.Message += identifier
		}
		return a
	}
	if no, ok := o.fits(d); !ok {
		return no
	}
	d.Number, d.Day, d.Amount = fmt.Sprintf("TB%07d", len(o.all)+1), clock.DayOf(noon), d.split.Amount
	o.byID[d.id] = d
	o.all = append(o.all, d)
	if do == "TIMEOUT" {
		if o.wrong == "takes silence for not sent" {
			return answer(cashreceipt.NotSent, "")
		}
		return answer(cashreceipt.Unknown, "NO_ANSWER")
	}
	return o.issued(d)
}

// fits checks a cancel against its original.
func (o *memory) fits(d *held) (cashreceipt.Answer, bool) {
	if !d.Cancel {
		return cashreceipt.Answer{}, true
	}
	var original *held
	back := d.split.Amount
	for _, other := range o.all {
		switch {
		case !other.Cancel && other.Number == d.Original && other.Day == d.Day:
			original = other
		case other.Cancel && other.Original == d.Original:
			back += other.Amount
		}
	}
	switch {
	case original == nil || back > original.Amount && o.wrong != "cancels above":
		return answer(cashreceipt.Refused, "ORIGINAL"), false
	case !original.judged && o.wrong == "refuses early cancels for good":
		return answer(cashreceipt.Refused, "EARLY"), false
	case !original.judged:
		return answer(cashreceipt.Unknown, "EARLY"), false
	}
	return cashreceipt.Answer{}, true
}

func (o *memory) issued(d *held) cashreceipt.Answer {
	return cashreceipt.Answer{Outcome: cashreceipt.Issued, Reference: cashreceipt.Reference{Number: d.Number, Day: d.Day}}
}

func (o *memory) Ask(ctx context.Context, m cashreceipt.Merchant, id string) cashreceipt.Verdict {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.byID[id]
	if m.BusinessNumber != "1208147521" {
		d = nil
	}
	switch {
	case o.closed || ctx.Err() != nil:
		return cashreceipt.Verdict{}
	case d == nil && o.wrong == "knows nothing of absence":
		return cashreceipt.Verdict{}
	case d == nil:
		return cashreceipt.Verdict{State: cashreceipt.Absent}
	}
	v := cashreceipt.Verdict{State: cashreceipt.Waiting, Reference: cashreceipt.Reference{Number: d.Number, Day: d.Day}, Split: d.split}
	switch {
	case d.judged && d.refused && o.wrong != "confirms everything":
		v.State, v.Code, v.Message = cashreceipt.Rejected, "8001", "거절"
	case d.judged:
		v.State = cashreceipt.Confirmed
	}
	return v
}

func (o *memory) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	return nil
}

func open(wrong string) func(*testing.T) cashreceipttest.Setup {
	return func(*testing.T) cashreceipttest.Setup {
		o := &memory{wrong: wrong, byID: map[string]*held{}}
		return cashreceipttest.Setup{
			Issuer: o, Merchant: cashreceipt.Merchant{BusinessNumber: "1208147521"}, Now: noon, Blocked: "01023458888",
			Identifier: func(k cashreceipt.Kind, fate cashreceipt.State) string {
				switch {
				case fate == cashreceipt.Rejected:
					return "01023459999"
				case k == cashreceipt.ExpenseProof:
					return "2208162517"
				case k == cashreceipt.SelfIssued:
					return cashreceipt.SelfIssuedIdentifier
				}
				return "01023456789"
			},
			Judge: func(*testing.T) {
				o.mu.Lock()
				defer o.mu.Unlock()
				for _, d := range o.all {
					d.judged = true
				}
			},
			Arrived: func(_ *testing.T, id string) (got []cashreceipttest.Arrival) {
				o.mu.Lock()
				defer o.mu.Unlock()
				for _, d := range o.all {
					if d.id == id {
						got = append(got, d.Arrival)
					}
				}
				return got
			},
			Script: func(_ *testing.T, do string, times int) {
				o.mu.Lock()
				defer o.mu.Unlock()
				for range times {
					o.script = append(o.script, do)
				}
			},
			Faults: []string{"DOWN", "TIMEOUT"},
		}
	}
}
