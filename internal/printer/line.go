package printer

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"innopay/clock"
)

// line is a connection to a printer.
type line struct {
	net.Conn
	times times
	star  bool
	ended bool // the printer hung up, or the network did
	owes  bool // it may not have read all of a document yet
}

// state is what a printer says before anything is printed.
type state struct {
	speaks  bool    // it answers at all; many do not
	trouble Failure // why it cannot print now
}

// ask has the printer tell how it is. Printers that do not speak are asked for a moment.
func (l *line) ask() state {
	if l.star {
		return l.askStar()
	}
	// DLE EOT 1, 2 and 4: online, why not, paper. Each is answered by one byte, at once.
	got := l.exchange([]byte{0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 4}, 3, l.times.status)
	if len(got) < 3 {
		return state{}
	}
	for _, b := range got {
		if b&0x93 != 0x12 { // bits that are fixed in each answer
			return state{}
		}
	}
	out := state{speaks: true}
	switch {
	case got[2]&0x60 != 0 || got[1]&0x20 != 0:
		out.trouble = NoPaper
	case got[1]&0x04 != 0:
		out.trouble = CoverOpen
	case got[0]&0x08 != 0 || got[1]&0x40 != 0:
		out.trouble = Offline
	}
	return out
}

// askStar reads the status that ESC ACK SOH brings: a header whose low bits are odd, and
// in the third byte and the sixth cover, line and paper. Star's printers in line mode say
// nothing when a document is done, so speaks stays false.
func (l *line) askStar() state {
	got := l.exchange([]byte{0x1b, 0x06, 0x01}, 7, l.times.status)
	if len(got) < 7 || got[0]&0x91 != 0x01 {
		return state{}
	}
	var out state
	switch {
	case got[5]&0x08 != 0:
		out.trouble = NoPaper
	case got[2]&0x20 != 0:
		out.trouble = CoverOpen
	case got[2]&0x08 != 0:
		out.trouble = Offline
	}
	return out
}

// exchange writes a question and reads up to n bytes of the answer within a time.
func (l *line) exchange(question []byte, n int, within time.Duration) []byte {
	if err := l.SetDeadline(clock.System{}.Now().Add(within)); err != nil { // of a socket, which knows no other clock
		return nil
	}
	if _, err := l.Write(question); err != nil {
		l.heard(err)
		return nil
	}
	answer := make([]byte, n)
	read, err := io.ReadFull(l, answer) // what has come counts
	l.heard(err)
	return answer[:read]
}

// heard tells a connection that ended from a printer that is silent.
func (l *line) heard(err error) {
	l.ended = l.ended || err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// print writes the document and reports how much of it left.
func (l *line) print(doc []byte) (int, error) {
	if err := l.SetDeadline(clock.System{}.Now().Add(l.times.write)); err != nil { // of a socket, which knows no other clock
		return 0, err
	}
	n, err := l.Write(doc)
	l.owes = n > 0
	return n, err
}

// finished waits until the printer says that all of the document is on paper: GS r 1 is
// answered in its turn, unlike DLE EOT. It gives why that is not known.
func (l *line) finished() Failure {
	if got := l.exchange([]byte{0x1d, 'r', 1}, 1, l.times.finish); len(got) == 1 {
		l.owes = false
		return ""
	}
	if !l.ended { // it may still say what holds it up
		if why := l.ask().trouble; why != "" {
			return why
		}
	}
	if l.ended {
		return Interrupted
	}
	return NotConfirmed
}

// gone waits whether the connection ends within a time.
func (l *line) gone(within time.Duration) bool {
	if err := l.SetReadDeadline(clock.System{}.Now().Add(within)); err != nil { // of a socket, which knows no other clock
		return true
	}
	_, err := io.Copy(io.Discard, l.Conn) // words that come late are of no interest any more
	l.ended = l.ended || err == nil
	l.heard(err)
	return l.ended
}

// Close hangs up as those do who have said all: a connection that is closed over words
// nobody has read is reset, and a slow printer would lose what it has not read yet.
func (l *line) Close() error {
	if half, ok := l.Conn.(interface{ CloseWrite() error }); ok && l.owes && !l.ended && half.CloseWrite() == nil {
		l.gone(l.times.farewell)
	}
	return l.Conn.Close()
}
