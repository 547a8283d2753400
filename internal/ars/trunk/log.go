package trunk

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"innopay/clock"
)

// Limits of what the SIP library may write.
const (
	logEvery    = time.Minute // one line a message
	logMessages = 64          // different messages; more are dropped
)

// libraryLog stands before the log for the SIP library, which writes whole packets when
// it cannot read them. It passes the library's fixed messages and nothing with them - a
// packet may hold the digits of a card -, warnings and worse alone, and each once a minute.
type libraryLog struct {
	next  slog.Handler
	clock clock.Clock

	mu   *sync.Mutex
	seen map[string]*seen
}

type seen struct {
	at    time.Time
	quiet int // lines since then that were not written
}

func newLibraryLog(next slog.Handler, c clock.Clock) *libraryLog {
	return &libraryLog{next: next, clock: c, mu: &sync.Mutex{}, seen: map[string]*seen{}}
}

// Enabled lets warnings and errors through.
func (h *libraryLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.next.Enabled(ctx, level)
}

// Handle writes the message without its attributes.
func (h *libraryLog) Handle(ctx context.Context, r slog.Record) error {
	quiet, ok := h.due(r.Message)
	if !ok {
		return nil
	}
	out := slog.NewRecord(r.Time, r.Level, "SIP library: "+r.Message, 0)
	if quiet > 0 {
		out.AddAttrs(slog.Int("repeated", quiet))
	}
	return h.next.Handle(ctx, out)
}

func (h *libraryLog) due(message string) (quiet int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.clock.Now()
	s, known := h.seen[message]
	switch {
	case !known && len(h.seen) >= logMessages:
		return 0, false
	case !known:
		h.seen[message] = &seen{at: now}
		return 0, true
	case now.Sub(s.at) < logEvery:
		s.quiet++
		return 0, false
	}
	quiet, s.quiet, s.at = s.quiet, 0, now
	return quiet, true
}

// WithAttrs drops them.
func (h *libraryLog) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup drops it.
func (h *libraryLog) WithGroup(string) slog.Handler { return h }

// maxAnswer is how long an answer over UDP may be. The library's limit for requests would
// hold back answers too, whose length the Via and Record-Route of others make.
const maxAnswer = 8 << 10

// quietLibrary sets what the library has once for the whole process: nothing goes past
// the handlers it is given.
var quietLibrary = sync.OnceFunc(func() {
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
	sip.UDPMTUSize = maxAnswer
})
