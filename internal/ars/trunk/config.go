package trunk

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/ars/media"
)

// Config of the line, as it stands in the daemon's file.
type Config struct {
	Listen     string  `yaml:"listen"`     // address:port of UDP and TCP; empty: there is no line
	ListenTLS  string  `yaml:"listenTls"`  // address:port of TLS; empty: none
	TLSCert    string  `yaml:"tlsCert"`    // PEM file, read again when it changes
	TLSKey     string  `yaml:"tlsKey"`     // PEM file
	ExternalIP string  `yaml:"externalIp"` // how carriers reach us through a router; empty: as we listen
	RTPPorts   string  `yaml:"rtpPorts"`   // first-last; two for each call
	Number     string  `yaml:"number"`     // what callers dial
	MaxCalls   int     `yaml:"maxCalls"`   // at once; 0: 100
	Trunks     []Trunk `yaml:"trunks"`     // none: callers on this machine alone
}

// Trunk is one carrier's line.
type Trunk struct {
	Name      string   `yaml:"name"`      // of the carrier, for the log
	Networks  []string `yaml:"networks"`  // whose calls are taken: addresses or networks
	Registrar string   `yaml:"registrar"` // host or host:port asked every 30 s whether it lives, and told where we are when there is a user; empty: neither
	User      string   `yaml:"user"`      // of REGISTER; empty: the carrier knows us by address
	Password  string   `yaml:"password"`  // of REGISTER; a secret
	Transport string   `yaml:"transport"` // udp (default), tcp or tls
	SRTP      string   `yaml:"srtp"`      // allowed (default), required or off
}

// Defaults.
const (
	defaultCalls    = 100
	defaultRTPPorts = "16384-16783"
)

// Limits bound calls; a zero value means the default. Tests shorten them.
type Limits struct {
	PerCaller      int           // calls of one number at once: 1
	Unacknowledged int           // answered calls without ACK at once: 10
	Ring           time.Duration // from ringing to the answer: 200 ms
	Acknowledge    time.Duration // wait for ACK: 32 s (RFC 3261 13.3.1.4)
	Silence        time.Duration // without a packet from the caller: 60 s
	Longest        time.Duration // call: 10 min
	MinSession     time.Duration // between refreshes of a session: 90 s (RFC 4028)
	KeepAlive      time.Duration // between OPTIONS to a carrier: 30 s
	Answer         time.Duration // wait for the other side's answer to a request of ours: 5 s
	Stop           time.Duration // for calls to end by themselves when the server stops: 20 s
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&l.Ring, 200 * time.Millisecond},
		{&l.Acknowledge, 32 * time.Second},
		{&l.Silence, time.Minute},
		{&l.Longest, 10 * time.Minute},
		{&l.MinSession, 90 * time.Second},
		{&l.KeepAlive, 30 * time.Second},
		{&l.Answer, 5 * time.Second},
		{&l.Stop, 20 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.or
		}
	}
	if l.PerCaller == 0 {
		l.PerCaller = 1
	}
	if l.Unacknowledged == 0 {
		l.Unacknowledged = 10
	}
	return l
}

// Options of a server.
type Options struct {
	Config Config
	Limits Limits
	// Take runs a call to its end on a goroutine of its own. When it returns the call is
	// hung up. ctx ends when the server stops.
	Take func(ctx context.Context, l *Leg)
	// Full says that no more calls are wanted now (486); nil: MaxCalls alone decides.
	Full     func() bool
	Pacer    *media.Pacer   // whoever made it runs it
	Carriers *x509.CertPool // who may have signed carriers' certificates; nil: the machine's
	Clock    clock.Clock
	Random   io.Reader // crypto/rand; safe for concurrent use
	Log      *slog.Logger
}

// secrecy of the sound.
type secrecy string

const (
	srtpAllowed  secrecy = "allowed"
	srtpRequired secrecy = "required"
	srtpOff      secrecy = "off"
)

// settings are a configuration that was understood.
type settings struct {
	listen, listenTLS   netip.AddrPort
	external            netip.Addr
	firstPort, lastPort uint16
	calls               int
	networks            []netip.Prefix
	carriers            []*carrier
}

// loopback is who may call when no trunk is configured.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// Check says what is wrong with the configuration, by the names of the file.
func (c Config) Check() error {
	_, err := c.settings()
	return err
}

func (c Config) settings() (settings, error) {
	out := settings{calls: c.MaxCalls}
	if out.calls == 0 {
		out.calls = defaultCalls
	}
	var errs []error
	problem := func(key string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("ars.%s: %w", key, err))
		}
	}
	var err error
	out.listen, err = netip.ParseAddrPort(c.Listen)
	problem("listen", err)
	if c.ListenTLS != "" {
		out.listenTLS, err = netip.ParseAddrPort(c.ListenTLS)
		problem("listenTls", err)
	}
	if c.ExternalIP != "" {
		out.external, err = netip.ParseAddr(c.ExternalIP)
		problem("externalIp", err)
	}
	out.firstPort, out.lastPort, err = portRange(c.RTPPorts)
	problem("rtpPorts", err)
	if c.MaxCalls < 0 {
		problem("maxCalls", errors.New("is below 0"))
	}
	names := map[string]bool{}
	for i, t := range c.Trunks {
		k, err := t.carrier()
		problem(fmt.Sprintf("trunks[%d]", i), err)
		if names[t.Name] {
			problem(fmt.Sprintf("trunks[%d]", i), errors.New("has the name of another"))
		}
		names[t.Name] = true
		out.carriers = append(out.carriers, k)
		out.networks = append(out.networks, k.networks...)
	}
	if len(c.Trunks) == 0 {
		out.networks = loopback
	}
	return out, errors.Join(errs...)
}

// portRange reads first-last.
func portRange(s string) (first, last uint16, err error) {
	if s == "" {
		s = defaultRTPPorts
	}
	from, to, ok := strings.Cut(s, "-")
	a, err1 := strconv.ParseUint(strings.TrimSpace(from), 10, 16)
	b, err2 := strconv.ParseUint(strings.TrimSpace(to), 10, 16)
	if !ok || err1 != nil || err2 != nil || a < 1024 || b <= a {
		return 0, 0, errors.New("is no range first-last of ports above 1023")
	}
	return uint16(a), uint16(b), nil
}

// carrier checks one trunk.
func (t Trunk) carrier() (*carrier, error) {
	k := &carrier{Trunk: t, srtp: secrecy(t.SRTP)}
	if k.srtp == "" {
		k.srtp = srtpAllowed
	}
	k.Transport = strings.ToUpper(t.Transport)
	if k.Transport == "" {
		k.Transport = transportUDP
	}
	var errs []error
	if t.Name == "" || len(t.Networks) == 0 {
		errs = append(errs, errors.New("needs a name and networks"))
	}
	if k.srtp != srtpAllowed && k.srtp != srtpRequired && k.srtp != srtpOff {
		errs = append(errs, errors.New("srtp is allowed, required or off"))
	}
	if k.Transport != transportUDP && k.Transport != transportTCP && k.Transport != transportTLS {
		errs = append(errs, errors.New("transport is udp, tcp or tls"))
	}
	if t.User != "" && t.Registrar == "" {
		errs = append(errs, errors.New("a user needs a registrar"))
	}
	for _, n := range t.Networks {
		p, err := network(n)
		if err != nil {
			errs = append(errs, err)
		}
		k.networks = append(k.networks, p)
	}
	if t.Registrar != "" {
		k.host, k.port = t.Registrar, 0
		if host, port, err := net.SplitHostPort(t.Registrar); err == nil {
			n, err := strconv.ParseUint(port, 10, 16)
			if err != nil {
				errs = append(errs, fmt.Errorf("registrar: %w", err))
			}
			k.host, k.port = host, int(n)
		}
	}
	return k, errors.Join(errs...)
}

// network is an address or a network.
func network(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err == nil && p.Bits() == 0 {
		err = errors.New("a network of everybody is none")
	}
	return p.Masked(), err
}
