package printer

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"innopay/clock"
	"innopay/fault"
)

// Do is what the printer does wrong, in one connection.
type Do string

// The faults.
const (
	PaperOut  Do = "PAPER_OUT"
	CoverOpen Do = "COVER_OPEN"
	Offline   Do = "OFFLINE"
	Slow      Do = "SLOW" // takes 40 ms for each kilobyte
	Cut       Do = "CUT"  // the connection breaks after the first 200 bytes
	Mute      Do = "MUTE" // prints, and answers nothing
	Down      Do = "DOWN" // hangs up at once
)

// Limits of a script.
const (
	maxFaults = 1000
	maxTimes  = 1_000_000
	maxForMs  = 24 * 3600 * 1000
)

// Fault is one step of a script: the next Times connections meet Do; with ForMs every one
// does, for so long.
type Fault struct {
	Do    Do  `json:"do"`
	Times int `json:"times,omitempty"` // 1..1000000; 0 means 1
	ForMs int `json:"forMs,omitempty"` // milliseconds, 0..86400000

	until time.Time
}

// errScript is a script that cannot be read.
var errScript = fault.New(fault.Invalid, "INVALID_SCRIPT", "시나리오를 확인해 주세요.")

// script is the faults still to come, in memory: a printer that is switched off forgets.
type script struct {
	mu     sync.Mutex
	clock  clock.Clock
	faults []Fault
}

// add puts faults behind those that are there; nothing is added when one is wrong.
func (s *script) add(faults []Fault) error {
	now := s.clock.Now()
	for i := range faults {
		f := &faults[i]
		at := fmt.Sprintf("/script/%d/", i)
		switch {
		case !slices.Contains([]Do{PaperOut, CoverOpen, Offline, Slow, Cut, Mute, Down}, f.Do):
			return errScript.WithField(at+"do", "DO", "PAPER_OUT, COVER_OPEN, OFFLINE, SLOW, CUT, MUTE, DOWN 가운데 하나를 넣어 주세요.")
		case f.Times < 0 || f.Times > maxTimes:
			return errScript.WithField(at+"times", "RANGE", "1에서 1000000 사이로 넣어 주세요.")
		case f.ForMs < 0 || f.ForMs > maxForMs:
			return errScript.WithField(at+"forMs", "RANGE", "0에서 86400000 사이로 넣어 주세요.")
		case f.ForMs > 0:
			f.Times, f.until = 0, now.Add(time.Duration(f.ForMs)*time.Millisecond)
		default:
			f.Times = max(f.Times, 1)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults)+len(faults) > maxFaults {
		return errScript.WithField("/script", "TOO_MANY", "시나리오는 1000개까지 넣을 수 있어요.")
	}
	s.faults = append(s.faults, faults...)
	return nil
}

func (s *script) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// left lists what is still to come.
func (s *script) left() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return append([]Fault{}, s.faults...)
}

// take is what the next connection meets; empty when nothing.
func (s *script) take() Do {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	if len(s.faults) == 0 {
		return ""
	}
	f := &s.faults[0]
	do := f.Do
	if f.ForMs > 0 {
		return do
	}
	if f.Times--; f.Times == 0 {
		s.faults = s.faults[1:]
	}
	return do
}

func (s *script) expire() {
	now := s.clock.Now()
	s.faults = slices.DeleteFunc(s.faults, func(f Fault) bool { return f.ForMs > 0 && !now.Before(f.until) })
}
