package simulator

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/simulated"
)

// Options of Start and Run.
type Options struct {
	Listen string // address of the wire, host:port; port 0 chooses one
	HTTP   string // address of journal and fault control
	Data   string // folder of the journal; one simulator each

	Token        string        // when set, HTTP asks for it as a bearer token (health excepted)
	Nonce        string        // tells this simulator from others; "" keeps or makes the one in Data
	ExitWhenIdle time.Duration // ends after so long without a client; 0 never
	Clock        clock.Clock   // nil means the machine's
	Log          *slog.Logger  // nil means no log

	// Others serves what is not the acquirer's: further simulators of the process. Paths
	// outside /simulator/ reach it without the token; it asks for a proof of its own.
	Others http.Handler
	// SMTP is where a mail server of the process listens, host:port; told in Info.
	SMTP string
}

// Server is a running simulator.
type Server struct {
	o       Options
	book    *Book
	journal *Journal
	wire    net.Listener
	http    net.Listener
	web     *http.Server
	answers simulated.Web
	guests  *guests

	life context.Context //nolint:containedctx // the life of the server's goroutines, ended by Close
	end  context.CancelCauseFunc
	work sync.WaitGroup

	mu       sync.Mutex
	peers    map[*peer]struct{}
	homeless []lateAnswer // late answers with nobody to send them to
	busy     time.Time    // when a client was last there
	closed   bool
	garbage  int
}

// errIdle ends a simulator that waits for nobody.
var errIdle = errors.New("simulator: no client for long")

// nonceFile keeps the nonce in the data folder.
const nonceFile = "nonce"

// Run starts a simulator and waits until ctx ends, or until it ends by itself. A
// simulator that ends because it is idle, or with ctx, returns nil.
func Run(ctx context.Context, o Options) error {
	s, err := Start(o)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		err = nil
	case <-s.Done():
		err = s.Err()
	}
	return errors.Join(err, s.Close())
}

// Start opens the journal, goes on from it and listens. The addresses and the nonce
// are in the folder's simulator.json before it returns; see Find.
func Start(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	journal, err := OpenJournal(o.Data)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, answers: simulated.Web{Log: o.Log}, journal: journal, peers: map[*peer]struct{}{}, busy: o.Clock.Now()}
	if err := s.prepare(); err != nil {
		s.undo()
		return nil, err
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.web = &http.Server{
		Handler: s.handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	s.guests = &guests{conns: make(chan net.Conn), done: s.life.Done(), addr: s.wire.Addr()}
	s.background(func() {
		if err := s.web.Serve(s.guests); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.end(err)
		}
	})
	for _, l := range s.book.takeLate() {
		s.background(func() { s.sendLate(nil, l) })
	}
	s.background(s.accept)
	s.background(func() {
		if err := s.web.Serve(s.http); !errors.Is(err, http.ErrServerClosed) {
			s.end(err)
		}
	})
	s.background(s.keepDays)
	if o.ExitWhenIdle > 0 {
		s.background(s.watchIdle)
	}
	return s, nil
}

// prepare does what can fail before the first goroutine.
func (s *Server) prepare() (err error) {
	if s.book, err = NewBook(s.o.Clock, s.journal); err != nil {
		return err
	}
	if s.o.Nonce, err = keepNonce(s.o.Data, s.o.Nonce); err != nil {
		return err
	}
	var lc net.ListenConfig
	if s.wire, err = lc.Listen(context.Background(), "tcp", s.o.Listen); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if s.http, err = lc.Listen(context.Background(), "tcp", s.o.HTTP); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	return writeInfo(s.o.Data, Info{Wire: s.WireAddr(), HTTP: s.HTTPAddr(), SMTP: s.o.SMTP, Nonce: s.o.Nonce})
}

// undo takes back a start that failed.
func (s *Server) undo() {
	for _, l := range []net.Listener{s.wire, s.http} {
		if l != nil {
			_ = l.Close()
		}
	}
	_ = s.journal.Close()
}

// keepNonce stores the nonce given, or else finds or makes one.
func keepNonce(dir, nonce string) (string, error) {
	path := filepath.Join(dir, nonceFile)
	if nonce == "" {
		b, err := os.ReadFile(path) //nolint:gosec // our own data folder
		if err == nil {
			return strings.TrimSpace(string(b)), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("simulator: %w", err)
		}
		var r [16]byte
		if _, err := rand.Read(r[:]); err != nil {
			return "", fmt.Errorf("simulator: %w", err)
		}
		nonce = hex.EncodeToString(r[:])
	}
	if err := replaceFile(path, []byte(nonce+"\n")); err != nil {
		return "", fmt.Errorf("simulator: %w", err)
	}
	return nonce, nil
}

// background runs f until Close waits for it; after Close nothing begins.
func (s *Server) background(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.work.Go(f)
}

// WireAddr is the address of the wire, host:port.
func (s *Server) WireAddr() string { return s.wire.Addr().String() }

// HTTPAddr is the address of journal and fault control, host:port.
func (s *Server) HTTPAddr() string { return s.http.Addr().String() }

// Book is the simulator's book.
func (s *Server) Book() *Book { return s.book }

// Done is closed when the simulator ends by itself: it was idle, or could not go on.
func (s *Server) Done() <-chan struct{} { return s.life.Done() }

// Err says why Done was closed; nil when it was idle or Close was called.
func (s *Server) Err() error {
	err := context.Cause(s.life)
	if errors.Is(err, errIdle) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Close ends every connection, makes the journal durable and gives up its lock.
// Late answers still owed are sent after the next start.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.work.Wait()
		return nil
	}
	s.closed = true
	peers := make([]*peer, 0, len(s.peers))
	for p := range s.peers {
		peers = append(peers, p)
	}
	s.mu.Unlock()
	s.end(net.ErrClosed)
	_ = s.wire.Close()
	err := s.web.Close()
	for _, p := range peers {
		p.close()
	}
	s.work.Wait()
	return errors.Join(err, s.journal.Close())
}

// accept takes clients until the listener is closed.
func (s *Server) accept() {
	for {
		nc, err := s.wire.Accept()
		if err != nil {
			if s.life.Err() == nil {
				s.end(err)
			}
			return
		}
		p := newPeer(s, nc)
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			_ = nc.Close()
			return
		}
		s.peers[p] = struct{}{}
		s.work.Add(2)
		s.mu.Unlock()
		go func() { defer s.work.Done(); p.read() }()
		go func() { defer s.work.Done(); p.write() }()
	}
}

// left forgets a client.
func (s *Server) left(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, p)
	s.busy = s.o.Clock.Now()
}

// seen notes that somebody uses the simulator.
func (s *Server) seen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = s.o.Clock.Now()
}

// keepDays captures each business day at its end.
func (s *Server) keepDays() {
	for {
		s.book.Tick()
		wait := s.book.NextCapture().Sub(s.o.Clock.Now())
		// A machine that slept or whose clock was set is noticed within a minute.
		if s.o.Clock.Sleep(s.life, min(max(wait, time.Millisecond), time.Minute)) != nil {
			return
		}
	}
}

// watchIdle ends the simulator when no client was there for long.
func (s *Server) watchIdle() {
	for s.o.Clock.Sleep(s.life, max(s.o.ExitWhenIdle/20, 10*time.Millisecond)) == nil {
		s.mu.Lock()
		idle := len(s.peers) == 0 && s.o.Clock.Now().Sub(s.busy) >= s.o.ExitWhenIdle
		s.mu.Unlock()
		if idle {
			s.o.Log.Info("simulator ends: no client for long")
			s.end(errIdle)
			return
		}
	}
}
