// Package crashpoint kills its own process at a chosen durable point of a payment
// (reliability.md 3), so that a test can hit each of them and not only the long
// ones. It decorates the store and the acquirer that the core sees. Only binaries
// built with the tag crash hold it.
package crashpoint

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Point is a durable point at which the process can end.
type Point string

// The points of an authorization, of the reversal of an unknown one, of an inquiry
// and of a cancel. W is a commit, N a message.
const (
	BeforeW1 Point = "before-w1" // nothing of the payment is durable
	AfterW1  Point = "after-w1"  // the intent is, no byte has left
	MidN1    Point = "mid-n1"    // the call is under way
	AfterN2  Point = "after-n2"  // the answer is in hand, not written
	AfterW2  Point = "after-w2"  // it is written, nobody was told
	AfterW3  Point = "after-w3"  // unknown is written, with its job

	BeforeN3 Point = "before-n3" // the reversal is durable, not sent
	MidN3    Point = "mid-n3"
	AfterN4  Point = "after-n4" // its answer is in hand, not written
	AfterW4  Point = "after-w4" // the end of an unknown payment is written

	MidInquiry   Point = "mid-inquiry"
	AfterInquiry Point = "after-inquiry"

	CancelBeforeW1 Point = "cancel-before-w1"
	CancelAfterW1  Point = "cancel-after-w1"
	CancelMidN1    Point = "cancel-mid-n1"
	CancelAfterN2  Point = "cancel-after-n2"
	CancelBeforeW2 Point = "cancel-before-w2" // written, not committed
	CancelAfterW2  Point = "cancel-after-w2"

	MidSend   Point = "mid-send"   // a message is on its way to its gateway
	AfterSend Point = "after-send" // the gateway has it, which is not written
)

// Points lists every point, in the order of a payment's life.
func Points() []Point {
	return []Point{
		BeforeW1, AfterW1, MidN1, AfterN2, AfterW2, AfterW3, BeforeN3, MidN3, AfterN4, AfterW4, MidInquiry, AfterInquiry,
		CancelBeforeW1, CancelAfterW1, CancelMidN1, CancelAfterN2, CancelBeforeW2, CancelAfterW2,
		MidSend, AfterSend,
	}
}

// Trap ends the process at the n-th passing of one point. It is safe for concurrent
// use.
type Trap struct {
	point Point
	die   func()

	mu   sync.Mutex
	left int
}

// ErrName is returned for a text that names no point.
var ErrName = errors.New("crashpoint: want point:n, n from 1 on")

// Parse reads "point:n". die ends the process and does not return; nil means
// SIGKILL, after which nothing of the process runs any more.
func Parse(s string, die func()) (*Trap, error) {
	name, number, _ := strings.Cut(s, ":")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || !slices.Contains(Points(), Point(name)) {
		return nil, fmt.Errorf("%w, not %q", ErrName, s)
	}
	if die == nil {
		die = kill
	}
	return &Trap{point: Point(name), left: n, die: die}, nil
}

// kill ends this process as a power cut would end it, without the disk's part.
func kill() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL) // cannot fail on oneself
	select {}
}

// due counts a passing of p and tells whether it is the one to end at.
func (t *Trap) due(p Point) bool {
	if p != t.point {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left--
	return t.left == 0
}

// pass ends the process when p is due.
func (t *Trap) pass(p Point) {
	if t.due(p) {
		t.die()
	}
}

// underway is how long a call may run before the process ends in the middle of it:
// shorter than the other side's fsync, so that its answer meets nobody, and long
// enough for the message to leave.
const underway = 500 * time.Microsecond

// during runs call, and when p is due ends the process while it runs, at the latest
// before it returns.
func (t *Trap) during(p Point, call func()) {
	if !t.due(p) {
		call()
		return
	}
	timer := time.AfterFunc(underway, t.die)
	call()
	timer.Stop()
	t.die()
}
