package printer

import (
	"io"
	"net"
	"testing"
	"time"
)

// tardy is a connection on a machine with much else to do: time goes by between setting
// a deadline and the reading or writing that it is for.
type tardy struct{ net.Conn }

func (c tardy) SetReadDeadline(t time.Time) error {
	err := c.Conn.SetReadDeadline(t)
	time.Sleep(5 * time.Millisecond)
	return err
}

func TestAPrinterThatHungUpIsToldFromASilentOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		peer func(net.Conn)
		want Failure
	}{
		{"hangs up", func(c net.Conn) {}, Interrupted},
		{"says nothing", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, NotConfirmed},
		{"hangs up when asked again", func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 3+9)) }, Interrupted},
		{"has no paper", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 3+9))
			_, _ = c.Write([]byte{0x12, 0x12, 0x72})
			_, _ = io.Copy(io.Discard, c)
		}, NoPaper},
		{"is done", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 3))
			_, _ = c.Write([]byte{0})
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				if theirs, err := l.Accept(); err == nil {
					c.peer(theirs)
					_ = theirs.Close()
				}
			}()
			ours, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer ours.Close()
			printer := &line{Conn: tardy{ours}, times: times{status: time.Second, finish: time.Second}}
			if got := printer.finished(); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}
