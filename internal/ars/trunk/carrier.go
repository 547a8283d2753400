package trunk

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// Limits of what is said to carriers.
const (
	maxLosses       = 3 // unanswered OPTIONS after which a carrier counts as down
	askedExpiry     = 10 * time.Minute
	minExpiry       = 20 * time.Second // a carrier that grants less is asked this often
	maxExpiry       = 24 * time.Hour
	firstBackOff    = 5 * time.Second
	maxBackOff      = 5 * time.Minute
	refusedBackOff  = 5 * time.Minute // 403 and a wrong password: more tries get us locked out
	maxRefusedWait  = time.Hour
	jitterPerMille  = 100 // of a wait, so that restarted servers do not all come at once
	refreshPerMille = 800 // of the granted time
	codeTooBrief    = 423 // Interval Too Brief
)

// carrier is one configured trunk and what is known of it.
type carrier struct {
	Trunk
	srtp     secrecy
	networks []netip.Prefix
	host     string // of the registrar
	port     int

	mu    sync.Mutex
	state CarrierState
}

// CarrierState is how a carrier does.
type CarrierState struct {
	Name       string
	Up         bool          // its last OPTIONS were answered; true until three were not
	Losses     int           // OPTIONS in a row without an answer
	RoundTrip  time.Duration // of the newest answer
	Answered   time.Time     // when that was; zero: never, or never asked
	Registered bool
	Until      time.Time // when the registration ends
	Status     int       // newest final status of REGISTER; 0: no answer
}

func (k *carrier) now() CarrierState {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := k.state
	out.Name, out.Up = k.Name, k.state.Losses < maxLosses
	return out
}

func (k *carrier) change(f func(*CarrierState)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f(&k.state)
}

// uri is the registrar's, with a user or without.
func (k *carrier) uri(user string) sip.Uri {
	u := sip.Uri{Scheme: "sip", User: user, Host: k.host, Port: k.port}
	if k.Transport != transportUDP {
		u.UriParams.Add("transport", strings.ToLower(k.Transport))
	}
	return u
}

// address is where our side of the carrier is: any of its networks tells which of our
// addresses it sees.
func (k *carrier) address() netip.Addr {
	if a, err := netip.ParseAddr(k.host); err == nil {
		return a.Unmap()
	}
	return k.networks[0].Addr()
}

// keepAlive asks a carrier whether it lives.
func (s *Server) keepAlive(ctx context.Context, k *carrier) {
	if k.host == "" {
		return
	}
	for {
		s.ask(ctx, k)
		if s.clock.Sleep(ctx, s.limits.KeepAlive) != nil {
			return
		}
	}
}

// ask sends one OPTIONS. Any answer is a sign of life.
func (s *Server) ask(ctx context.Context, k *carrier) {
	req, err := s.outside(sip.OPTIONS, k.uri(""), k.uri(s.user()), k)
	if err != nil {
		return
	}
	began := s.clock.Now()
	_, err = s.send(ctx, req, k.address())
	if ctx.Err() != nil {
		return
	}
	now := s.clock.Now()
	before := k.now()
	k.change(func(c *CarrierState) {
		if err != nil {
			c.Losses++
			return
		}
		c.Losses, c.RoundTrip, c.Answered = 0, now.Sub(began), now
	})
	switch after := k.now(); {
	case before.Up && !after.Up:
		s.log.WarnContext(ctx, "carrier does not answer", "trunk", k.Name)
	case !before.Up && after.Up:
		s.log.InfoContext(ctx, "carrier answers again", "trunk", k.Name)
	}
}

// outside is a request beside any call.
func (s *Server) outside(method sip.RequestMethod, to, who sip.Uri, k *carrier) (*sip.Request, error) {
	var random [24]byte
	if _, err := io.ReadFull(s.random, random[:]); err != nil {
		return nil, err
	}
	req := bare(method, to, k.Transport)
	from := &sip.FromHeader{Address: who}
	from.Params.Add("tag", hex.EncodeToString(random[:8]))
	id := sip.CallIDHeader(hex.EncodeToString(random[8:]))
	receiver := to
	if method == sip.REGISTER {
		receiver = who
	}
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: receiver})
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	req.AppendHeader(s.contact(k.Transport, k.address()))
	return req, nil
}

// register keeps our address known to a carrier that wants a REGISTER, and takes it back
// at the end.
func (s *Server) register(ctx context.Context, k *carrier) {
	if k.User == "" {
		return
	}
	asked, backOff := askedExpiry, firstBackOff
	for {
		r := s.tell(ctx, k, asked)
		if ctx.Err() != nil {
			break
		}
		s.registered(ctx, k, r)
		var wait time.Duration
		switch {
		case r.granted > 0:
			backOff = firstBackOff
			wait = max(r.granted, minExpiry) * refreshPerMille / 1000
			wait -= s.jitter(wait)
		case r.status == codeTooBrief:
			asked, wait = min(max(r.least, 2*asked), maxExpiry), firstBackOff
		case challenges(r.status) || r.status == sip.StatusForbidden: // our password
			backOff = min(max(2*backOff, refusedBackOff), maxRefusedWait)
			wait = backOff + s.jitter(backOff)
		default:
			wait = backOff + s.jitter(backOff)
			backOff = min(2*backOff, maxBackOff)
		}
		if s.clock.Sleep(ctx, wait) != nil {
			break
		}
	}
	if k.now().Registered {
		s.tell(context.WithoutCancel(ctx), k, 0)
	}
}

// registration is a carrier's answer to REGISTER. The zero value is none.
type registration struct {
	granted time.Duration
	status  int
	least   time.Duration // when less was asked for than it grants
}

// registered notes and logs what became of a REGISTER.
func (s *Server) registered(ctx context.Context, k *carrier, r registration) {
	before := k.now()
	k.change(func(c *CarrierState) {
		c.Registered, c.Status, c.Until = r.granted > 0, r.status, time.Time{}
		if c.Registered {
			c.Until = s.clock.Now().Add(r.granted)
		}
	})
	switch {
	case r.granted > 0 && !before.Registered:
		s.log.InfoContext(ctx, "registered with carrier", "trunk", k.Name, "for", r.granted)
	case r.granted == 0 && (before.Registered || before.Status != r.status):
		s.log.WarnContext(ctx, "not registered with carrier", "trunk", k.Name, "status", r.status)
	}
}

// tell sends one REGISTER, twice when the carrier asks for the password.
func (s *Server) tell(ctx context.Context, k *carrier, asked time.Duration) registration {
	req, err := s.outside(sip.REGISTER, k.uri(""), sip.Uri{Scheme: "sip", User: k.User, Host: k.host}, k)
	if err != nil {
		return registration{}
	}
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(asked.Seconds()))))
	res, err := s.send(ctx, req, k.address())
	if err == nil && challenges(res.StatusCode) && s.prove(req, res, k) == nil {
		res, err = s.send(ctx, req, k.address())
	}
	if err != nil {
		return registration{}
	}
	r := registration{status: res.StatusCode}
	switch {
	case res.StatusCode/100 == 2:
		r.granted = grantedBy(res, req.Contact().Address, asked)
	case res.StatusCode == codeTooBrief:
		r.least = seconds(header(res, "Min-Expires"))
	}
	return r
}

// challenges reports that a status asks for the password.
func challenges(status int) bool {
	return status == sip.StatusUnauthorized || status == sip.StatusProxyAuthRequired
}

// prove adds the answer to a challenge to a request that is sent again (RFC 3261 22).
func (s *Server) prove(req *sip.Request, res *sip.Response, k *carrier) error {
	asks, answers := "WWW-Authenticate", "Authorization"
	if res.StatusCode == sip.StatusProxyAuthRequired {
		asks, answers = "Proxy-Authenticate", "Proxy-Authorization"
	}
	challenge, err := digest.ParseChallenge(header(res, asks))
	if err != nil {
		return err
	}
	challenge.Algorithm = strings.ToUpper(challenge.Algorithm) // some write md5
	credentials, err := digest.Digest(challenge, digest.Options{
		Method: req.Method.String(), URI: req.Recipient.String(), Username: k.User, Password: k.Password,
	})
	if err != nil {
		return err
	}
	req.AppendHeader(sip.NewHeader(answers, credentials.String()))
	req.CSeq().SeqNo++
	return nil
}

// grantedBy is how long the registration lasts: what our contact says, else the header,
// else what was asked for.
func grantedBy(res *sip.Response, ours sip.Uri, asked time.Duration) time.Duration {
	value := header(res, "Expires")
	for _, h := range res.GetHeaders("Contact") {
		for _, contact := range split(h.Value(), ',') {
			if !strings.Contains(contact, "@"+ours.Host) {
				continue
			}
			for _, parameter := range split(contact, ';') {
				name, v, _ := strings.Cut(strings.TrimSpace(parameter), "=")
				if strings.EqualFold(name, "expires") {
					value = v
				}
			}
		}
	}
	if value == "" {
		return asked
	}
	return min(seconds(value), maxExpiry)
}

// seconds is a header's number, and 0 when it is none.
func seconds(value string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// jitter is up to a tenth of the wait.
func (s *Server) jitter(wait time.Duration) time.Duration {
	var b [4]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return 0
	}
	return time.Duration(binary.BigEndian.Uint32(b[:])%jitterPerMille) * wait / 1000
}
