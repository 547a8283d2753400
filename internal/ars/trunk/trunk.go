package trunk

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"innopay/clock"
	"innopay/internal/ars/media"
)

// Server is the line. It is safe for concurrent use.
type Server struct {
	settings
	limits Limits
	number string
	take   func(context.Context, *Leg)
	full   func() bool
	pacer  *media.Pacer
	ports  *media.Ports
	clock  clock.Clock
	random io.Reader
	log    *slog.Logger

	filter    *filter
	admission *admission
	agent     *sipgo.UserAgent
	sip       *sipgo.Server
	client    *sipgo.Client
	udp       net.PacketConn
	streams   map[string]net.Listener // by transport

	background context.Context //nolint:containedctx // of what calls do beside their taker; ends last
	taking     context.Context //nolint:containedctx // of those who take calls: handlers of the library have no context
	endTaking  context.CancelFunc
	endAll     context.CancelFunc

	mu       sync.Mutex
	legs     map[string]*Leg // by our tag, which is the id
	stopping bool
	running  sync.WaitGroup // INVITEs
	refusals map[string]uint64
	taken    atomic.Uint64
}

// New binds the sockets; Run serves them. It fails when the configuration is wrong or a
// port is taken.
func New(o Options) (*Server, error) {
	set, err := o.Config.settings()
	if err != nil {
		return nil, err
	}
	quietLibrary()
	s := &Server{
		settings: set, limits: o.Limits.withDefaults(), number: o.Config.Number, take: o.Take, full: o.Full, pacer: o.Pacer,
		clock: o.Clock, random: o.Random, log: o.Log, legs: map[string]*Leg{}, refusals: map[string]uint64{}, streams: map[string]net.Listener{},
	}
	s.ports = &media.Ports{Host: set.listen.Addr(), First: set.firstPort, Last: set.lastPort}
	s.filter = newFilter(set.networks, o.Clock)
	s.admission = newAdmission(set.calls, s.limits.PerCaller, s.limits.Unacknowledged)
	s.background, s.endAll = context.WithCancel(context.Background())
	s.taking, s.endTaking = context.WithCancel(s.background)
	if err := s.bind(o.Config); err != nil {
		s.close()
		return nil, err
	}
	if err := s.library(o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// anyPortTries bounds how often a port is looked for that is free for UDP and TCP.
const anyPortTries = 20

// bind opens the sockets. With port 0, as tests have it, any port that is free for both
// UDP and TCP is taken.
func (s *Server) bind(c Config) error {
	anyPort := s.listen.Port() == 0
	err := s.bindPlain()
	for tries := 1; err != nil && anyPort && tries < anyPortTries; tries++ {
		s.listen = netip.AddrPortFrom(s.listen.Addr(), 0)
		err = s.bindPlain()
	}
	if err != nil || c.ListenTLS == "" {
		return err
	}
	cert, err := newCertificate(c.TLSCert, c.TLSKey, s.clock)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	secure, err := config.Listen(s.background, "tcp", s.listenTLS.String())
	if err != nil {
		return err
	}
	if a, ok := secure.Addr().(*net.TCPAddr); ok {
		s.listenTLS = netip.AddrPortFrom(s.listenTLS.Addr(), a.AddrPort().Port())
	}
	s.streams[transportTLS] = tls.NewListener(s.filtered(secure), cert.config())
	return nil
}

// bindPlain opens UDP and TCP on one port.
func (s *Server) bindPlain() error {
	var config net.ListenConfig
	version := "4"
	if s.listen.Addr().Is6() {
		version = "6"
	}
	udp, err := config.ListenPacket(s.background, "udp"+version, s.listen.String())
	if err != nil {
		return err
	}
	if a, ok := udp.LocalAddr().(*net.UDPAddr); ok {
		s.listen = netip.AddrPortFrom(s.listen.Addr(), a.AddrPort().Port())
	}
	tcp, err := config.Listen(s.background, "tcp"+version, s.listen.String())
	if err != nil {
		_ = udp.Close()
		return err
	}
	s.udp, s.streams[transportTCP] = udp, s.filtered(tcp)
	return nil
}

func (s *Server) filtered(l net.Listener) net.Listener {
	return listener{Listener: l, filter: s.filter, open: &atomic.Int64{}}
}

// library sets up the SIP library: every part of it with the log that tells no content.
func (s *Server) library(o Options) error {
	quiet := slog.New(newLibraryLog(o.Log.Handler(), o.Clock))
	var err error
	s.agent, err = sipgo.NewUA(
		sipgo.WithUserAgent("ars"),
		sipgo.WithUserAgenTLSConfig(clientTLS(o.Carriers)),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {}),
		),
	)
	if err != nil {
		return err
	}
	if s.sip, err = sipgo.NewServer(s.agent, sipgo.WithServerLogger(quiet)); err != nil {
		return err
	}
	if s.client, err = sipgo.NewClient(s.agent, sipgo.WithClientLogger(quiet)); err != nil {
		return err
	}
	for method, handle := range map[sip.RequestMethod]sipgo.RequestHandler{
		sip.INVITE: s.onInvite, sip.ACK: s.onAck, sip.BYE: s.onBye, sip.CANCEL: s.onCancel,
		sip.INFO: s.onInfo, sip.UPDATE: s.onUpdate, sip.OPTIONS: s.onOptions,
	} {
		s.sip.OnRequest(method, s.guarded(handle))
	}
	s.sip.OnNoRoute(s.guarded(s.onOther))
	return nil
}

// guarded judges what came over a stream, whose bytes the filter cannot judge, and keeps a
// panic from ending the process.
func (s *Server) guarded(handle sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a request ended in panic", "method", req.Method.String(), "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			}
		}()
		if req.Transport() != transportUDP {
			m := glance{method: req.Method.String(), agent: []byte(header(req, "User-Agent"))}
			if to := req.To(); to != nil {
				m.within = tagOf(to.Params) != ""
			}
			if !s.filter.judge(sourceOf(req).Addr(), m) {
				tx.Terminate()
				return
			}
		}
		handle(req, tx)
	}
}

// Addr is where the line listens for UDP and TCP; AddrTLS is invalid without TLS.
func (s *Server) Addr() netip.AddrPort { return s.listen }

// AddrTLS is where the line listens for TLS.
func (s *Server) AddrTLS() netip.AddrPort { return s.listenTLS }

// closing bounds how long the end may take beyond Limits.Stop.
const closing = 5 * time.Second

// Run serves until ctx ends. Then no more calls are taken; those that run get Limits.Stop
// to end, and are hung up after that. It returns when all is closed.
func (s *Server) Run(ctx context.Context) error {
	var serving, beside sync.WaitGroup
	errs := make(chan error, 3)
	serve := func(run func() error) {
		serving.Go(func() { errs <- run() })
	}
	listening := make(chan struct{})
	udp := &packets{PacketConn: s.udp, filter: s.filter, ready: sync.OnceFunc(func() { close(listening) })}
	serve(func() error { return s.sip.ServeUDP(udp) })
	for transport, l := range s.streams {
		if transport == transportTLS {
			serve(func() error { return s.sip.ServeTLS(l) })
		} else {
			serve(func() error { return s.sip.ServeTCP(l) })
		}
	}
	here, stop := context.WithCancel(ctx)
	defer stop()
	// Before that the library would bind the port of our requests a second time.
	select {
	case <-listening:
	case <-ctx.Done():
	}
	for _, k := range s.carriers {
		beside.Go(func() { s.keepAlive(here, k) })
		beside.Go(func() { s.register(here, k) })
	}
	beside.Go(func() { s.summarise(here) })

	var err error
	select {
	case <-ctx.Done():
	case err = <-errs: // a socket broke
		err = errors.Join(errors.New("trunk: stopped listening"), err)
	}
	stop()
	s.drain()
	beside.Wait()
	s.close()
	serving.Wait()
	return err
}

// drain ends the calls: by themselves, then by their takers' context, then anyhow.
func (s *Server) drain() {
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		s.running.Wait()
		close(idle)
	}()
	if s.waits(idle, s.limits.Stop) {
		return
	}
	s.endTaking()
	if s.waits(idle, closing) {
		return
	}
	s.log.Error("calls did not end in time", "calls", s.admission.running())
}

func (s *Server) waits(c <-chan struct{}, most time.Duration) bool {
	ctx, cancel := context.WithCancel(s.background)
	defer cancel()
	late := make(chan struct{})
	go func() {
		defer close(late)
		_ = s.clock.Sleep(ctx, most)
	}()
	select {
	case <-c:
		return true
	case <-late:
		return false
	}
}

// close ends everything that New opened.
func (s *Server) close() {
	s.endTaking()
	s.endAll()
	if s.udp != nil {
		_ = s.udp.Close()
	}
	for _, l := range s.streams {
		_ = l.Close()
	}
	if s.agent != nil {
		_ = s.agent.Close()
	}
}

// enter counts an INVITE that may become a call; false: the server stops.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.running.Add(1)
	return true
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// remember lets requests of the call find it.
func (s *Server) remember(l *Leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.legs[l.id] = l
}

func (s *Server) forget(l *Leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.legs, l.id)
}

// carrierOf is the trunk whose network the address belongs to, or nil.
func (s *Server) carrierOf(a netip.Addr) *carrier {
	for _, k := range s.carriers {
		if slices.ContainsFunc(k.networks, func(p netip.Prefix) bool { return p.Contains(a) }) {
			return k
		}
	}
	return nil
}

// refused counts a call that was not taken.
func (s *Server) refused(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals[why]++
}

// Figures are counts since the start, and the state of the carriers.
type Figures struct {
	Calls    int               // that run now
	Taken    uint64            // calls answered and acknowledged
	Refused  map[string]uint64 // calls by reason: a SIP status, full, caller, unacknowledged, canceled, media, no ACK
	Dropped  map[string]uint64 // packets by reason, before they were read: network, agent, rate, garbage
	Carriers []CarrierState
}

// Figures of now.
func (s *Server) Figures() Figures {
	s.mu.Lock()
	refused := maps.Clone(s.refusals)
	s.mu.Unlock()
	d := &s.filter.dropped
	f := Figures{Calls: s.admission.running(), Taken: s.taken.Load(), Refused: refused, Dropped: map[string]uint64{
		"network": d.network.Load(), "agent": d.agent.Load(), "rate": d.rate.Load(), "garbage": d.garbage.Load(),
	}}
	for _, k := range s.carriers {
		f.Carriers = append(f.Carriers, k.now())
	}
	return f
}

// summaryEvery is how often refused calls and dropped packets are logged, all in one line:
// a line for each would let strangers fill the disk.
const summaryEvery = time.Minute

func (s *Server) summarise(ctx context.Context) {
	var last string
	for s.clock.Sleep(ctx, summaryEvery) == nil {
		f := s.Figures()
		if now := fmt.Sprint(f.Refused, f.Dropped); now != last {
			last = now
			s.log.InfoContext(ctx, "calls and packets not taken since the start", "refused", f.Refused, "dropped", f.Dropped)
		}
	}
}
