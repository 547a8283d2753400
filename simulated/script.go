package simulated

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/fault"
)

// Do is what the simulator does wrong.
type Do string

// The faults of the contract.
const (
	Down      Do = "DOWN"      // says at once that it cannot now; does nothing
	Timeout   Do = "TIMEOUT"   // does as asked, and never answers
	Reject    Do = "REJECT"    // refuses for good; does nothing
	Duplicate Do = "DUPLICATE" // does it twice, or once and answers twice
)

// Limits of a script.
const (
	maxFaults = 1000
	maxTimes  = 1_000_000
	maxForMs  = 24 * 3600 * 1000
)

// Fault is one step of a script: the next Times requests meet Do; with ForMs every
// request does, from when the script was given for so long.
type Fault struct {
	Do    Do  `json:"do"`
	Times int `json:"times,omitempty"` // 1..1000000; 0 means 1
	ForMs int `json:"forMs,omitempty"` // milliseconds, 0..86400000
	// Until is when a fault with ForMs ends. The simulator sets it.
	Until time.Time `json:"until,omitzero"`
}

// ErrScript is returned for a script that cannot be read.
var ErrScript = fault.New(fault.Invalid, "INVALID_SCRIPT", "시나리오를 확인해 주세요.")

// check returns the fault with its defaults, or says what is wrong.
func (f Fault) check(i int, known []Do, now time.Time) (Fault, error) {
	at := fmt.Sprintf("/script/%d/", i)
	if !slices.Contains(known, f.Do) {
		names := make([]string, len(known))
		for i, k := range known {
			names[i] = string(k)
		}
		return f, ErrScript.WithField(at+"do", "DO", strings.Join(names, ", ")+" 가운데 하나를 넣어 주세요.")
	}
	if f.Times < 0 || f.Times > maxTimes {
		return f, ErrScript.WithField(at+"times", "RANGE", "1에서 1000000 사이로 넣어 주세요.")
	}
	if f.ForMs < 0 || f.ForMs > maxForMs {
		return f, ErrScript.WithField(at+"forMs", "RANGE", "0에서 86400000 사이로 넣어 주세요.")
	}
	f.Until = time.Time{}
	if f.ForMs > 0 {
		f.Times, f.Until = 0, now.Add(time.Duration(f.ForMs)*time.Millisecond)
		return f, nil
	}
	f.Times = max(f.Times, 1)
	return f, nil
}

// Script is the faults still to come; the first one is used first. It is safe for
// concurrent use.
type Script struct {
	mu     sync.Mutex
	faults []Fault
	path   string
	clock  clock.Clock
	known  []Do
}

// OpenScript reads the script kept at path. own are the faults of a simulator that has
// others than those of the contract.
func OpenScript(path string, c clock.Clock, own ...Do) (*Script, error) {
	s := &Script{path: path, clock: c, known: own}
	if len(own) == 0 {
		s.known = []Do{Down, Timeout, Reject, Duplicate}
	}
	b, err := os.ReadFile(path) //nolint:gosec // our own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &s.faults)
	}
	if err != nil {
		return nil, fmt.Errorf("simulator: fault script: %w", err)
	}
	return s, nil
}

// Add puts faults behind those that are there. Nothing is added when one is wrong.
func (s *Script) Add(faults []Fault) error {
	now := s.clock.Now()
	checked := make([]Fault, len(faults))
	for i, f := range faults {
		var err error
		if checked[i], err = f.check(i, s.known, now); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults)+len(checked) > maxFaults {
		return ErrScript.WithField("/script", "TOO_MANY", "시나리오는 1000개까지 넣을 수 있어요.")
	}
	s.faults = append(s.faults, checked...)
	return s.save()
}

// Clear removes every fault.
func (s *Script) Clear() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	return s.save()
}

// Faults lists what is still to come, with the times left.
func (s *Script) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return append([]Fault{}, s.faults...)
}

// Take is what the next request meets; empty when nothing. It uses up one time.
func (s *Script) Take() (Do, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	if len(s.faults) == 0 {
		return "", nil
	}
	f := s.faults[0]
	if f.ForMs > 0 {
		return f.Do, nil
	}
	if s.faults[0].Times--; s.faults[0].Times == 0 {
		s.faults = slices.Delete(s.faults, 0, 1)
	}
	return f.Do, s.save()
}

// Down reports whether the service is down for a while; it uses nothing up.
func (s *Script) Down() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.faults) > 0 && s.faults[0].Do == Down && s.faults[0].ForMs > 0
}

// expire forgets faults whose time is over. s.mu is held.
func (s *Script) expire() {
	now := s.clock.Now()
	s.faults = slices.DeleteFunc(s.faults, func(f Fault) bool { return f.ForMs > 0 && !now.Before(f.Until) })
}

// save writes the script by rename, readable by the owner alone. s.mu is held.
func (s *Script) save() error {
	b, err := json.Marshal(s.faults)
	if err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(s.path), "."+filepath.Base(s.path)+".new")
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, s.path)
}
