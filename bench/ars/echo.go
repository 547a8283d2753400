package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// echoPort is the first port of the program that sends every packet back.
const echoPort = 20000

// echo sends every packet back, on a port for each caller, as a line does, until ctx ends.
func echo(ctx context.Context, out io.Writer, host string, n int) error {
	var all sync.WaitGroup
	conns := make([]*net.UDPConn, 0, n)
	for i := range n {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host), Port: echoPort + i})
		if err != nil {
			return err
		}
		conns = append(conns, c)
		all.Go(func() {
			b := make([]byte, 2048)
			for {
				n, from, err := c.ReadFromUDPAddrPort(b)
				if err != nil {
					return
				}
				_, _ = c.WriteToUDPAddrPort(b[:n], from)
			}
		})
	}
	_, _ = fmt.Fprintln(out, "ready")
	<-ctx.Done()
	for _, c := range conns {
		_ = c.Close()
	}
	all.Wait()
	return nil
}

// measureEcho is the baseline: the same callers, the same packets, and nothing done with them.
func (b *bench) measureEcho(ctx context.Context, n int) (f figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	at := host(maxCalls)
	cmd := exec.CommandContext(ctx, self, echoAt, at, fmt.Sprint(n))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return f, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, stop(cmd)) }()
	if _, err := out.Read(make([]byte, 16)); err != nil {
		return f, err
	}
	c := b.sound(ctx)
	defer c.end()
	for i := range n {
		one, err := newCaller(b.clock, host(i), uint32(i))
		if err != nil {
			return f, err
		}
		if one.to, err = endpoint(at, uint16(echoPort+i)); err != nil {
			return f, err
		}
		c.join(one)
	}
	f, err = b.window(ctx, cmd.Process.Pid, c.callers)
	f.memory = 0 // nothing is kept
	return f, err
}

func stop(cmd *exec.Cmd) error {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	timer := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	return cmd.Wait()
}
