// Package printer is the demo's receipt printer: it listens where network printers do,
// reads what it is sent as a real one would, draws the paper and answers when it is
// asked how it is. Its faults can be scripted. Only the demo composes it; in production
// its addresses are 404.
package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"innopay/clock"
	"innopay/internal/receipt/escpos/paper"
)

// Port is where network printers listen.
const Port = 9100

// Limits.
const (
	mostPapers = 200             // kept, the newest
	mostBytes  = 32 << 20        // of their pictures
	mostConns  = 16              // at once; more are refused
	idle       = 2 * time.Minute // without a byte
	readSize   = 1024
	slowly     = 40 * time.Millisecond // for so much, while it is slow
	cutAfter   = 200                   // bytes, until the connection is cut
	network    = 576                   // dots across of the printer on the network: 80 mm
)

// Options are what the printer stands on.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Token is asked for before anything is shown; empty on loopback (rulings 17).
	Token string
}

// Paper is one paper that came out.
type Paper struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	URL   string    `json:"url"` // of its picture
	Text  string    `json:"text"`
	Codes []string  `json:"codes"`  // contents of its QR codes
	Cut   bool      `json:"cut"`    // false: the paper was torn off in the middle
	Kicks int       `json:"drawer"` // how often the cash drawer was opened
	// Flaws count what a real printer would have got wrong too: lines that were too long,
	// characters that were none, commands that nobody knows.
	Flaws int `json:"flaws"`

	picture []byte
}

// Printer is one virtual printer. Safe for concurrent use.
type Printer struct {
	Options
	script script

	mu     sync.Mutex
	papers []Paper
	bytes  int
	number int

	listener net.Listener
	cancel   context.CancelFunc
	conns    map[net.Conn]bool
	working  sync.WaitGroup
}

// New makes a printer that does not listen yet.
func New(o Options) *Printer {
	return &Printer{Options: o, conns: map[net.Conn]bool{}, cancel: func() {}, script: script{clock: o.Clock}}
}

// Listen takes the address, a loopback one, and prints until Close.
func (p *Printer) Listen(ctx context.Context, address string) (netip.AddrPort, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("virtual printer: %w", err)
	}
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil || !at.Addr().IsLoopback() {
		return netip.AddrPort{}, errors.Join(fmt.Errorf("virtual printer: %s is not on loopback", l.Addr()), l.Close())
	}
	run, cancel := context.WithCancel(context.Background())
	p.listener, p.cancel = l, cancel
	p.working.Go(func() { p.serve(run) })
	return at, nil
}

// Close ends every connection and waits for them.
func (p *Printer) Close() error {
	p.cancel()
	var err error
	if p.listener != nil {
		err = p.listener.Close()
	}
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close() // whoever prints learns of it
	}
	p.mu.Unlock()
	p.working.Wait()
	return err
}

func (p *Printer) serve(ctx context.Context) {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		p.mu.Lock()
		full := len(p.conns) >= mostConns || ctx.Err() != nil
		if !full {
			p.conns[c] = true
		}
		p.mu.Unlock()
		if full {
			_ = c.Close() // a busy printer refuses
			continue
		}
		p.working.Go(func() {
			p.talk(ctx, c)
			p.mu.Lock()
			delete(p.conns, c)
			p.mu.Unlock()
		})
	}
}

// talk reads one connection to its end. What it does wrong is decided when it begins.
func (p *Printer) talk(ctx context.Context, c net.Conn) {
	defer c.Close()
	wrong := p.script.take()
	if wrong == Down {
		return
	}
	d := p.decoder(network, paper.Auto, wrong)
	if wrong != Mute {
		d.Answer = func(b []byte) {
			_, _ = c.Write(b) // who asked and left needs no answer
		}
	}
	defer d.Close()
	buffer, read := make([]byte, readSize), 0
	for {
		if err := c.SetReadDeadline(clock.System{}.Now().Add(idle)); err != nil { // of a socket, which knows no other clock
			return
		}
		n, err := c.Read(buffer)
		read += n
		if wrong == Cut && read > cutAfter {
			_, _ = d.Write(buffer[:min(n, cutAfter)])
			if t, ok := c.(*net.TCPConn); ok {
				_ = t.SetLinger(0) // a cable that is pulled says no goodbye
			}
			return
		}
		_, _ = d.Write(buffer[:n]) // it never fails
		if err != nil {
			return
		}
		if wrong == Slow && p.Clock.Sleep(ctx, slowly) != nil {
			return
		}
	}
}

// decoder is the inside of the printer under a fault.
func (p *Printer) decoder(dots int, l paper.Language, wrong Do) *paper.Decoder {
	d := paper.New(dots, l)
	is := paper.Condition{NoPaper: wrong == PaperOut, CoverOpen: wrong == CoverOpen, Offline: wrong == Offline}
	d.Condition = func() paper.Condition { return is }
	d.Page = func(page paper.Page) { p.keep(page) }
	return d
}

// keep puts a paper to the others.
func (p *Printer) keep(page paper.Page) Paper {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, page.Image.Image()); err != nil {
		p.Log.Error("virtual printer: a paper cannot be drawn", "err", err)
		return Paper{}
	}
	codes := page.Codes()
	if codes == nil {
		codes = []string{}
	}
	text := page.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	one := Paper{
		ID: fmt.Sprintf("paper-%06d", p.number), At: p.Clock.Now().In(clock.Seoul), Text: text, Codes: codes, Cut: page.Cut, Kicks: page.Kicks,
		Flaws: page.Wrapped + page.Broken + page.Strange, picture: b.Bytes(),
	}
	one.URL = papersPath + "/" + one.ID
	p.papers = append(p.papers, one)
	p.bytes += b.Len()
	for len(p.papers) > mostPapers || p.bytes > mostBytes && len(p.papers) > 1 {
		p.bytes -= len(p.papers[0].picture)
		p.papers = p.papers[1:]
	}
	return one
}

// Papers are those that came out after the one of an id, oldest first; all when it is
// empty or not known any more.
func (p *Printer) Papers(after string) []Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := 0
	for i, one := range p.papers {
		if one.ID == after {
			from = i + 1
		}
	}
	return append([]Paper{}, p.papers[from:]...)
}
