package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"time"
)

// maxCalls is how many callers the addresses, the server's ports and its file last for.
const maxCalls = 1000

// senders is how many goroutines send the callers' packets: each at another moment.
const senders = 10

// host is the address of the n-th caller. Two runs at once do not meet.
func host(n int) string {
	return fmt.Sprintf("127.%d.%d.%d", 50+os.Getpid()%100, n/250, 1+n%250)
}

// sound has the callers send and listen until stop is called.
func (b *bench) sound(ctx context.Context) *choir {
	ctx, cancel := context.WithCancel(ctx)
	c := &choir{stop: cancel}
	start := b.clock.Now()
	for i := range senders {
		c.all.Go(func() { b.sing(ctx, c, i, start.Add(interval*time.Duration(i)/senders)) })
	}
	return c
}

// choir is callers that send.
type choir struct {
	stop    context.CancelFunc
	all     sync.WaitGroup
	mu      sync.Mutex
	callers []*caller
}

// join has a caller send from now on.
func (c *choir) join(one *caller) {
	c.mu.Lock()
	c.callers = append(c.callers, one)
	c.mu.Unlock()
	c.all.Go(one.receive)
}

// end silences all and waits.
func (c *choir) end() {
	c.stop()
	c.mu.Lock()
	for _, one := range c.callers {
		_ = one.rtp.Close()
	}
	c.mu.Unlock()
	c.all.Wait()
}

// sing sends the packets of every n-th caller, at fixed moments.
func (b *bench) sing(ctx context.Context, c *choir, part int, due time.Time) {
	packet := make([]byte, rtpHeader+samples)
	for i := rtpHeader; i < len(packet); i++ {
		packet[i] = 0xff // silence in mu-law
	}
	for b.clock.Sleep(ctx, due.Sub(b.clock.Now())) == nil {
		c.mu.Lock()
		all := c.callers
		c.mu.Unlock()
		for i := part; i < len(all); i += senders {
			all[i].send(packet)
		}
		due = due.Add(interval)
	}
}

func endpoint(host string, port uint16) (netip.AddrPort, error) {
	a, err := netip.ParseAddr(host)
	return netip.AddrPortFrom(a, port), err
}
