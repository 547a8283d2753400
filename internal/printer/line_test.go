package printer_test

import (
	"io"
	"net"
	"testing"
	"time"

	"innopay/internal/printer"
)

// tardy is a connection on a machine with much else to do: time goes by between setting
// a deadline and the reading or writing that it is for.
type tardy struct{ net.Conn }

func (c tardy) SetReadDeadline(t time.Time) error {
	err := c.Conn.SetReadDeadline(t)
	time.Sleep(5 * time.Millisecond)
	return err
}

// cable leads to a printer, whose end of it hangs up when it is done.
func cable(t *testing.T, peer func(net.Conn)) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		if theirs, err := l.Accept(); err == nil {
			peer(theirs)
			_ = theirs.Close()
		}
	}()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ours.Close() })
	return ours
}

func TestAPrinterThatHungUpIsToldFromASilentOne(t *testing.T) {
	t.Parallel()
	const soon, long = 100 * time.Millisecond, time.Minute
	for _, c := range []struct {
		name           string
		finish, status time.Duration
		peer           func(net.Conn)
		want           printer.Failure
	}{
		{"hangs up", long, long, func(c net.Conn) {}, printer.Interrupted},
		{"says nothing", soon, soon, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, printer.NotConfirmed},
		{"hangs up when asked again", soon, long, func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 9)) }, printer.Interrupted},
		{"has no paper", soon, long, func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 9))
			_, _ = c.Write([]byte{0x12, 0x12, 0x72})
			_, _ = io.Copy(io.Discard, c)
		}, printer.NoPaper},
		{"is done", long, long, func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 3))
			_, _ = c.Write([]byte{0})
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ours := cable(t, c.peer)
			if got := printer.NewLine(tardy{ours}, c.status, c.finish, 0, 0).Finished(); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

// TestASlowPrinterGetsAllOfIt, though it answers late, when nobody listens any more.
func TestASlowPrinterGetsAllOfIt(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	left, got := make(chan struct{}), make(chan int, 1)
	ours := cable(t, func(c net.Conn) {
		read, buffer := 0, make([]byte, 32<<10)
		<-left
		_, _ = c.Write(make([]byte, 3)) // to a question that may not have left in time
		for {
			time.Sleep(time.Millisecond)
			n, err := c.Read(buffer)
			if read += n; err != nil {
				break
			}
		}
		got <- read
	})
	if err := ours.(*net.TCPConn).SetWriteBuffer(size); err != nil {
		t.Fatal(err)
	}
	line := printer.NewLine(ours, 10*time.Millisecond, 0, 20*time.Millisecond, 30*time.Second)
	if line.Speaks() {
		t.Fatal("it was silent so far")
	}
	close(left)
	if n, err := line.Print(make([]byte, size)); n != size || err != nil {
		t.Fatal(n, err)
	}
	if !line.Lingers() {
		t.Error("it is there")
	}
	if err := line.Close(); err != nil {
		t.Error(err)
	}
	if n := <-got; n < size {
		t.Errorf("%d of %d bytes arrived", n, size)
	}
}
