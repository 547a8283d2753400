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

// cable leads to a printer, whose end of it hangs up when it is done.
func cable(t *testing.T, printer func(net.Conn)) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		if theirs, err := l.Accept(); err == nil {
			printer(theirs)
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
			ours := cable(t, c.peer)
			printer := &line{Conn: tardy{ours}, times: times{status: time.Second, finish: time.Second}}
			if got := printer.finished(); got != c.want {
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
		_, _ = io.ReadFull(c, make([]byte, 9))
		<-left
		_, _ = c.Write(make([]byte, 9))
		read, buffer := 0, make([]byte, 32<<10)
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
	printer := &line{Conn: ours, times: times{status: 10 * time.Millisecond, write: 10 * time.Second, linger: 20 * time.Millisecond, farewell: 30 * time.Second}}
	if how := printer.ask(); how.speaks {
		t.Fatal("it was silent so far")
	}
	close(left)
	if n, err := printer.print(make([]byte, size)); n != size || err != nil {
		t.Fatal(n, err)
	}
	if printer.gone(printer.times.linger) {
		t.Error("it is there")
	}
	if err := printer.Close(); err != nil {
		t.Error(err)
	}
	if n := <-got; n != size {
		t.Errorf("%d of %d bytes arrived", n, size)
	}
}
