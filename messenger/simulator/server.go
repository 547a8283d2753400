package simulator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"innopay/clock"
	"innopay/simulated"
)

// Options of Start.
type Options struct {
	Data   string // folder of the journal; one simulator each
	SMTP   string // address where mail is taken, host:port; port 0 chooses one
	Rules  Rules
	Secret string       // of the one customer, APIKey; "" is APISecret, and mail needs no login
	Clock  clock.Clock  // nil means the machine's
	Log    *slog.Logger // nil means no log
}

// Server is a running simulator. Its HTTP side is a handler, so that it can share a
// process and an address with other simulators.
type Server struct {
	o     Options
	post  *Post
	guard *guard
	web   simulated.Web
	mux   *http.ServeMux
	smtp  *smtp.Server
	mail  net.Listener

	life context.Context //nolint:containedctx // the life of requests that wait, ended by Close
	end  context.CancelCauseFunc
	work sync.WaitGroup
	shut func() error // once
}

// Start opens the journal, goes on from it, and listens for mail.
func Start(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	post, err := OpenPost(o.Data, o.Clock)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, post: post, web: simulated.Web{Log: o.Log}, guard: &guard{secret: SecretOf(o.Secret), used: map[string]time.Time{}}}
	var lc net.ListenConfig
	if s.mail, err = lc.Listen(context.Background(), "tcp", o.SMTP); err != nil {
		return nil, errors.Join(fmt.Errorf("messenger simulator: %w", err), post.Close())
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.mux, s.smtp, s.shut = s.routes(), s.newSMTP(), sync.OnceValue(s.close)
	s.work.Go(func() {
		if err := s.smtp.Serve(s.mail); err != nil && !errors.Is(err, net.ErrClosed) {
			s.end(err)
		}
	})
	return s, nil
}

// SMTPAddr is where mail is taken, host:port.
func (s *Server) SMTPAddr() string { return s.mail.Addr().String() }

// Post is what was taken.
func (s *Server) Post() *Post { return s.post }

// Done is closed when the simulator ends: it could not go on, or Close was called.
func (s *Server) Done() <-chan struct{} { return s.life.Done() }

// Err says why Done was closed; nil when Close was called.
func (s *Server) Err() error {
	if err := context.Cause(s.life); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Close ends every connection and every wait, and gives up the journal. A second call
// does nothing.
func (s *Server) Close() error { return s.shut() }

func (s *Server) close() error {
	s.end(net.ErrClosed)
	_ = s.smtp.Close()
	err := s.mail.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	s.work.Wait()
	return errors.Join(err, s.post.Close())
}
