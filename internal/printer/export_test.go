package printer

import (
	"net"
	"time"
)

// Line is a connection to a printer, for tests.
type Line struct{ line }

// NewLine waits for each thing as long as given.
func NewLine(c net.Conn, status, finish, linger, farewell time.Duration) *Line {
	return &Line{line{Conn: c, times: times{status: status, write: 10 * time.Second, finish: finish, linger: linger, farewell: farewell}}}
}

// Speaks asks how the printer is, and reports whether it said so.
func (l *Line) Speaks() bool { return l.ask().speaks }

// Print writes a document.
func (l *Line) Print(doc []byte) (int, error) { return l.print(doc) }

// Finished is why it is not known that all is on paper.
func (l *Line) Finished() Failure { return l.finished() }

// Lingers reports whether the printer stays for a while.
func (l *Line) Lingers() bool { return !l.gone(l.times.linger) }
