package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"innopay/test/process"
)

// config is an installation with nothing but a line. Whoever calls is asked for a code.
const config = `mode: test
listen: %[1]s
baseUrl: http://%[1]s
data: %[2]s
acquirers: {iso8583: {address: "127.0.0.1:1", profile: demo, simulated: "true"}}
ars: {listen: "%[3]s:5060", rtpPorts: 16384-20383, number: "0200000099", maxCalls: %[4]d}
`

// Bounds of waiting.
const (
	readyWait = 30 * time.Second
	stopWait  = 20 * time.Second
	callWait  = 5 * time.Second
)

// together is how many calls begin at once: the line lets ten ring.
const together = 5

// measureLine calls the real server with n callers.
func (b *bench) measureLine(ctx context.Context, n int, dir string) (f figures, err error) {
	o := process.DemoOptions{Binary: b.binary, Dir: filepath.Join(dir, "data")}
	if o.Listen, err = process.FreeAddress(); err != nil {
		return f, err
	}
	at := host(maxCalls)
	file := filepath.Join(dir, "innopay.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, config, o.Listen, o.Dir, at, n), 0o600); err != nil {
		return f, err
	}
	server, err := process.StartServer(o, file)
	if err != nil {
		return f, err
	}
	defer server.Kill()
	if _, err := server.Ready(ctx, readyWait); err != nil {
		return f, err
	}
	c := b.sound(ctx)
	calls, err := b.callAll(ctx, c, at, 0, n/2)
	half, herr := resident(server.PID())
	if err = errors.Join(err, herr); err == nil {
		var more []*call
		more, err = b.callAll(ctx, c, at, n/2, n)
		calls = append(calls, more...)
	}
	if err == nil {
		f, err = b.window(ctx, server.PID(), c.callers)
		// What the start left over is used up by the first half.
		f.memory = (f.memory - half) / float64(n-n/2)
	}
	for _, call := range calls {
		err = errors.Join(err, call.leave())
	}
	c.end()
	if err = errors.Join(err, server.Stop(stopWait)); err != nil {
		return f, err
	}
	f.arrived, f.lost, err = told(o.Dir + ".log")
	return f, err
}

// callAll begins the calls of a range.
func (b *bench) callAll(ctx context.Context, c *choir, at string, from, to int) ([]*call, error) {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		calls []*call
		errs  []error
		next  = make(chan int)
	)
	for range together {
		all.Go(func() {
			for i := range next {
				one, err := b.begin(ctx, c, at, i)
				mu.Lock()
				if err != nil {
					errs = append(errs, err)
				} else {
					calls = append(calls, one)
				}
				mu.Unlock()
			}
		})
	}
	for i := from; i < to; i++ {
		next <- i
	}
	close(next)
	all.Wait()
	return calls, errors.Join(errs...)
}

// call is the signalling of one caller.
type call struct {
	conn *net.UDPConn
	to   netip.AddrPort
	host string
	tag  string
	n    int
}

// begin calls the line, acknowledges its answer and begins to send.
func (b *bench) begin(ctx context.Context, choir *choir, at string, i int) (*call, error) {
	one, err := newCaller(b.clock, host(i), uint32(i)) //nolint:gosec // a small number
	if err != nil {
		return nil, err
	}
	c := &call{host: host(i), n: i}
	if c.to, err = endpoint(at, sipPort); err != nil {
		return nil, err
	}
	if c.conn, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(c.host), Port: sipPort}); err != nil {
		return nil, err
	}
	answer, err := c.invite(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("call %d: %w", i, err)
	}
	if err := c.send("ACK", 1, ""); err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(answer, 10, 16)
	if err != nil {
		return nil, err
	}
	if one.to, err = endpoint(at, uint16(port)); err != nil {
		return nil, err
	}
	choir.join(one)
	return c, nil
}

var (
	audio = regexp.MustCompile(`m=audio (\d+) `)
	toTag = regexp.MustCompile(`(?m)^To:.*;tag=([^\r;]+)`)
)

// invite is the port of the other side's sound.
func (c *call) invite(ctx context.Context, b *bench) (string, error) {
	offer := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %[1]s\r\ns=-\r\nc=IN IP4 %[1]s\r\nt=0 0\r\nm=audio %[2]d RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n", c.host, rtpPort)
	if err := c.send("INVITE", 1, offer); err != nil {
		return "", err
	}
	if err := c.conn.SetReadDeadline(b.clock.Now().Add(callWait)); err != nil {
		return "", err
	}
	buffer := make([]byte, 4096)
	for ctx.Err() == nil {
		n, err := c.conn.Read(buffer)
		if err != nil {
			return "", err
		}
		answer := string(buffer[:n])
		if strings.HasPrefix(answer, "SIP/2.0 1") {
			continue
		}
		port, tag := audio.FindStringSubmatch(answer), toTag.FindStringSubmatch(answer)
		if !strings.HasPrefix(answer, "SIP/2.0 200") || port == nil || tag == nil {
			return "", errors.New("refused: " + strings.SplitN(answer, "\r\n", 2)[0])
		}
		c.tag = ";tag=" + tag[1]
		return port[1], nil
	}
	return "", ctx.Err()
}

// leave hangs up. The answer is not waited for: all sockets close with the callers.
func (c *call) leave() error { return errors.Join(c.send("BYE", 2, ""), c.conn.Close()) }

func (c *call) send(method string, number int, body string) error {
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\r\n"
	}
	text := fmt.Sprintf("%[1]s sip:ars@%[2]s SIP/2.0\r\nVia: SIP/2.0/UDP %[3]s:%[4]d;branch=z9hG4bK%[5]d%[1]s\r\nFrom: <sip:0100%07[5]d@x>;tag=t%[5]d\r\nTo: <sip:ars@x>%[6]s\r\n"+
		"Call-ID: bench-%[5]d\r\nCSeq: %[7]d %[1]s\r\nContact: <sip:%[3]s:%[4]d>\r\nMax-Forwards: 70\r\n%[8]sContent-Length: %[9]d\r\n\r\n%[10]s",
		method, c.to, c.host, sipPort, c.n, c.tag, number, kind, len(body), body)
	_, err := c.conn.WriteToUDPAddrPort([]byte(text), c.to)
	return err
}

// told sums up what the server's log says of the calls' sound.
func told(log string) (arrived, lost uint64, err error) {
	b, err := os.ReadFile(log)
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		var e struct {
			Msg      string `json:"msg"`
			Received uint64 `json:"received"`
			Lost     uint64 `json:"lost"`
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Msg == "call ended" {
			arrived, lost = arrived+e.Received, lost+e.Lost
		}
	}
	return arrived, lost, nil
}
