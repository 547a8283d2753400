package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"innopay/acquirer/iso8583"
	"innopay/fault"
)

// Do is what the simulator does wrong.
type Do string

// The faults of the contract. All but Drop, Decline and SayNoOriginal act on the
// books as asked.
const (
	Timeout       Do = "TIMEOUT"      // no answer
	Garbage       Do = "GARBAGE"      // an answer that cannot be read
	HalfClose     Do = "HALF_CLOSE"   // closes its sending side instead of answering
	Reset         Do = "RESET"        // resets the connection instead of answering
	Foreign       Do = "FOREIGN"      // the answer to another STAN
	WrongAmount   Do = "WRONG_AMOUNT" // an answer with another amount
	Late          Do = "LATE"         // the right answer, past the read time-out
	Duplicate     Do = "DUPLICATE"    // the right answer, twice
	Drop          Do = "DROP"         // does not act, does not answer
	Decline       Do = "DECLINE"      // does not act, refuses
	SayNoOriginal Do = "NO_ORIGINAL"  // does not act, says there is no original
	Delay         Do = "DELAY"        // the right answer, after a while
)

// Dos lists the faults.
func Dos() []Do {
	return []Do{Timeout, Garbage, HalfClose, Reset, Foreign, WrongAmount, Late, Duplicate, Drop, Decline, SayNoOriginal, Delay}
}

// onAny is a Fault's On for every kind of message.
const onAny = "ANY"

// Limits of a script.
const (
	maxFaults  = 1000
	maxTimes   = 1_000_000
	maxAfterMs = 600_000
)

// Fault is one step of a script: the next Times messages of the kind On meet Do.
type Fault struct {
	On      string `json:"on"` // AUTHORIZE, REVERSE, VOID, REFUND, INQUIRE or ANY
	Do      Do     `json:"do"`
	AfterMs int    `json:"afterMs"` // before the answer, or what stands for it; 0..600000
	Times   int    `json:"times"`   // 1..1000000; 0 means 1
}

// ErrScript is returned for a script that cannot be read.
var ErrScript = fault.New(fault.Invalid, "INVALID_SCRIPT", "시나리오를 확인해 주세요.")

// check returns the fault with its defaults, or says what is wrong.
func (f Fault) check(i int) (Fault, error) {
	at := fmt.Sprintf("/script/%d/", i)
	if _, ok := kinds[f.On]; !ok && f.On != onAny {
		return f, ErrScript.WithField(at+"on", "ON", "AUTHORIZE, REVERSE, VOID, REFUND, INQUIRE, ANY 가운데 하나를 넣어 주세요.")
	}
	if !slices.Contains(Dos(), f.Do) {
		return f, ErrScript.WithField(at+"do", "DO", "알 수 없는 동작이에요.")
	}
	if f.AfterMs < 0 || f.AfterMs > maxAfterMs {
		return f, ErrScript.WithField(at+"afterMs", "RANGE", "0에서 600000 사이로 넣어 주세요.")
	}
	if f.Times < 0 || f.Times > maxTimes {
		return f, ErrScript.WithField(at+"times", "RANGE", "1에서 1000000 사이로 넣어 주세요.")
	}
	f.Times = max(f.Times, 1)
	return f, nil
}

// Script is the faults still to come. The first one that fits a message is used.
// It is safe for concurrent use.
type Script struct {
	mu     sync.Mutex
	faults []Fault
	path   string // where it is kept; empty means nowhere
}

// openScript reads the script kept at path.
func openScript(path string) (*Script, error) {
	s := &Script{path: path}
	b, err := os.ReadFile(path) //nolint:gosec // our own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("simulator: fault script: %w", err)
	}
	if err := json.Unmarshal(b, &s.faults); err != nil {
		return nil, fmt.Errorf("simulator: fault script: %w", err)
	}
	return s, nil
}

// Add puts faults behind those that are there. Nothing is added when one is wrong.
func (s *Script) Add(faults []Fault) error {
	checked := make([]Fault, len(faults))
	for i, f := range faults {
		var err error
		if checked[i], err = f.check(i); err != nil {
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
	return append([]Fault{}, s.faults...)
}

// take uses up the first fault that fits a message of the kind.
func (s *Script) take(k iso8583.Kind) (Fault, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.On != onAny && f.On != k.String() {
			continue
		}
		if s.faults[i].Times--; s.faults[i].Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f, true, s.save()
	}
	return Fault{}, false, nil
}

// save writes the script by rename. s.mu is held.
func (s *Script) save() error {
	if s.path == "" {
		return nil
	}
	b, err := json.Marshal(s.faults)
	if err != nil {
		return err
	}
	return replaceFile(s.path, b)
}

// replaceFile writes b to path by rename, readable by the owner alone.
func replaceFile(path string, b []byte) error {
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
