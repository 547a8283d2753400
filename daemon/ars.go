package daemon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"sync"
	"time"

	"innopay/internal/ars/call"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
	"innopay/internal/ars/trunk"
	"innopay/internal/ars/webphone"
	"innopay/messenger"
)

// ARS is the telephone line by which buyers pay.
type ARS struct {
	trunk.Config `yaml:",inline"`

	PromptsDir string `yaml:"promptsDir"` // folder of recordings of the house; empty: the built-in ones
}

// on reports whether there is a line.
func (a ARS) on() bool { return a.Number != "" }

func (a ARS) check() error {
	switch {
	case !a.on() && a.Listen != "":
		return errors.New("configuration: ars.number is missing: buyers are told what to call")
	case !a.on():
		return nil
	case !messenger.ValidSender(a.Number):
		return errors.New("configuration: ars.number is no telephone number: digits only, with its area code")
	case a.Listen == "":
		return nil
	}
	if err := a.Check(); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// Figures of the line.
const (
	callsPerShard = 40              // of the pacer
	callsEnd      = 6 * time.Second // for calls to end when the server stops: they are taken leave of, which takes 5 s at most
	rebind        = 5 * time.Second // before the sockets of a line that broke are opened again
)

// telephone is the line with what it stands on.
type telephone struct {
	*Daemon
	line    *call.Line
	pacer   *media.Pacer
	library *speech.Library
	phones  *webphone.Phones // nil: no telephones in a browser

	trunk *trunk.Server // nil: nobody calls over SIP
	ran   bool

	stopTrunk, stopPacer context.CancelFunc
	trunking, pacing     sync.WaitGroup
}

// newTelephone opens the line's sockets and serves nobody yet; nil when there is no line.
func (d *Daemon) newTelephone(o Options) (*telephone, error) {
	c := d.Config.ARS
	if !c.on() {
		return nil, nil //nolint:nilnil // no line is an answer
	}
	var folder fs.FS
	if c.PromptsDir != "" {
		folder = os.DirFS(c.PromptsDir)
	}
	t := &telephone{Daemon: d, stopTrunk: func() {}, stopPacer: func() {}}
	var err error
	if t.library, err = speech.Load(folder, d.Log); err != nil {
		return nil, err
	}
	t.pacer = media.NewPacer(d.Clock, 1+c.MaxCalls/callsPerShard)
	t.line = call.New(call.Options{Payments: d.Requests, Library: t.library, Clock: d.Clock, IDs: d.IDs, Log: d.Log})
	if o.Phone != nil {
		t.phones = webphone.New(webphone.Options{
			Number: c.Number, Take: t.line.Take, Library: t.library, Pacer: t.pacer, Token: o.Phone.Token,
			Clock: d.Clock, IDs: d.IDs, Random: rand.Reader, Log: d.Log,
		})
	}
	if c.Listen == "" {
		return t, nil
	}
	if t.trunk, err = t.open(); err != nil {
		return nil, fmt.Errorf("telephone line: %w", err)
	}
	return t, nil
}

func (t *telephone) open() (*trunk.Server, error) {
	return trunk.New(trunk.Options{
		Config: t.Config.ARS.Config, Limits: trunk.Limits{Stop: callsEnd}, Pacer: t.pacer, Clock: t.Clock, Random: rand.Reader, Log: t.Log,
		Take: func(ctx context.Context, l *trunk.Leg) { t.line.Take(ctx, l) },
	})
}

// address is where the line listens, empty when it does not.
func (t *telephone) address() string {
	if t == nil || t.trunk == nil {
		return ""
	}
	return t.trunk.Addr().String()
}

// handler puts the telephones of browsers before the simulators.
func (t *telephone) handler(simulators http.Handler) http.Handler {
	if t == nil || t.phones == nil || simulators == nil {
		return simulators
	}
	return t.phones.Handler(simulators)
}

// run takes calls until close.
func (t *telephone) run() {
	if t == nil {
		return
	}
	t.ran = true
	pacing, stopPacer := context.WithCancel(context.Background())
	t.stopPacer = stopPacer
	t.pacing.Go(func() { t.pacer.Run(pacing) })
	if t.trunk == nil {
		return
	}
	trunking, stopTrunk := context.WithCancel(context.Background())
	t.stopTrunk = stopTrunk
	t.trunking.Go(func() { t.serve(trunking) })
}

// serve opens the sockets again when they broke: payments of other kinds go on meanwhile.
func (t *telephone) serve(ctx context.Context) {
	for server, err := t.trunk, error(nil); ; {
		if err == nil {
			err = server.Run(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		t.Log.Error("the telephone line broke and is opened again", "err", err)
		if t.Clock.Sleep(ctx, rebind) != nil {
			return
		}
		server, err = t.open()
	}
}

// close takes leave of every caller and waits until what is being paid is paid.
func (t *telephone) close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	var ending sync.WaitGroup
	t.stopTrunk()
	if !t.ran && t.trunk != nil { // its sockets are open already
		stopped, stop := context.WithCancel(ctx)
		stop()
		ending.Go(func() { _ = t.trunk.Run(stopped) })
	}
	ending.Go(t.trunking.Wait)
	if t.phones != nil {
		ending.Go(t.phones.Close)
	}
	if err := t.line.Close(ctx); err != nil {
		t.Log.Warn("calls did not end in time; what is being paid is settled after the next start", "err", err)
	}
	ending.Wait()
	t.stopPacer()
	t.pacing.Wait()
}
