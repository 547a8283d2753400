// Package mail is the adapter of e-mail: SMTP to the installation's own relay, always
// encrypted except to this very machine. An accepted mail is one that the relay took;
// SMTP tells no more.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/mail"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"

	"innopay/clock"
	"innopay/messenger"
	"innopay/setting"
)

// Configuration keys of Adapter.
const (
	keyHost     = "host"
	keyPort     = "port"
	keySecurity = "security"
	keyUsername = "username"
	keyPassword = "password"
	keyFrom     = "from"
	keyFromName = "fromName"
)

// Security is how a connection is encrypted.
type Security string

// The kinds of security, with their usual ports.
const (
	StartTLS Security = "starttls" // 587; a relay without it gets nothing
	TLS      Security = "tls"      // 465, from the first byte
	None     Security = "none"     // 25, to this machine only
)

var ports = map[Security]int{StartTLS: 587, TLS: 465, None: 25}

const (
	defaultTimeout = 30 * time.Second
	connectWait    = 10 * time.Second
	maxConns       = 8
	// maxAnswers bounds what a relay says in one connection.
	maxAnswers = 256 << 10
)

// Adapter is the line of cmd/innopay/adapters.go.
var Adapter = messenger.Adapter{Descriptor: descriptor(), Open: open}

func descriptor() messenger.Descriptor {
	label := func(ko, en string) messenger.Label { return messenger.Label{Ko: ko, En: en} }
	return messenger.Descriptor{
		Name:  "mail",
		Label: label("이메일 (SMTP)", "E-mail (SMTP)"),
		Kinds: []messenger.Kind{messenger.Email},
		Fields: []messenger.Field{
			{Key: keyHost, Label: label("메일 서버", "Mail server"), Required: true},
			{Key: keyPort, Label: label("포트 (비우면 587, 465, 25)", "Port (empty: 587, 465 or 25)")},
			{Key: keySecurity, Label: label("암호화 (starttls, tls, none)", "Encryption (starttls, tls, none)"), Default: string(StartTLS)},
			{Key: keyUsername, Label: label("사용자 이름", "User name")},
			{Key: keyPassword, Label: label("비밀번호", "Password"), Secret: true},
			{Key: keyFrom, Label: label("보내는 주소", "Address of the sender"), Required: true},
			{Key: keyFromName, Label: label("보내는 사람 이름", "Name of the sender")},
		},
	}
}

// Options set up a Relay.
type Options struct {
	Host     string
	Port     int // 0: the usual one
	Security Security
	Username string // empty: no login
	Password string
	// From is the sender of messages that name none; its name is that of all that have
	// no name of their own.
	From    mail.Address
	Timeout time.Duration  // of one mail, and of the wait for its turn; 0 is 30 s
	Roots   *x509.CertPool // nil: the machine's
	Clock   clock.Clock    // dates the mails; nil: the machine's
}

// Relay is one mail server. It implements messenger.Sender and Prober.
type Relay struct {
	options Options
	slots   chan struct{}
	closed  atomic.Bool
}

// New returns a gateway. Every mail has a connection of its own.
func New(o Options) *Relay {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Port == 0 {
		o.Port = ports[o.Security]
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	return &Relay{options: o, slots: make(chan struct{}, maxConns)}
}

// Describe says what the adapter can do.
func (r *Relay) Describe() messenger.Descriptor { return descriptor() }

// Send hands one mail over.
func (r *Relay) Send(ctx context.Context, m messenger.Message) messenger.Answer {
	if refused, ok := descriptor().Refuse(m); !ok {
		return refused
	}
	letter, why := r.letter(m)
	if why != "" {
		return messenger.Answer{Outcome: messenger.Rejected, Code: why, Reason: reasons[why]}
	}
	if !r.enter(ctx) {
		return notSent
	}
	defer func() { <-r.slots }()
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	if r.closed.Load() || ctx.Err() != nil {
		return notSent
	}
	return r.deliver(ctx, letter)
}

// Probe connects, is encrypted, logs in, and says good-bye.
func (r *Relay) Probe(ctx context.Context) setting.Probe {
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	client, err := r.client(func(conn net.Conn) { context.AfterFunc(ctx, func() { _ = conn.Close() }) })
	if err != nil {
		return setting.Probe{Code: notSent.Code, Message: notSent.Reason}
	}
	smtp, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		a := answer(err)
		return setting.Probe{Code: a.Code, Message: a.Reason}
	}
	_ = client.CloseWithSMTPClient(smtp) // it let us in, whatever the farewell says
	return setting.Probe{OK: true, Code: "250"}
}

// enter waits for its turn, as long as a mail may take.
func (r *Relay) enter(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	select {
	case r.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close refuses what comes after it. Mails under way end by themselves.
func (r *Relay) Close() error {
	r.closed.Store(true)
	return nil
}

// deliver sends over a new connection, which ends with ctx.
func (r *Relay) deliver(ctx context.Context, letter *gomail.Msg) messenger.Answer {
	var line net.Conn
	client, err := r.client(func(conn net.Conn) {
		line = conn
		context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends whatever waits on it
	})
	if err != nil {
		return notSent
	}
	smtp, err := client.DialToSMTPClientWithContext(ctx)
	if err == nil {
		err = client.SendWithSMTPClient(smtp, letter)
	}
	if letter.IsDelivered() {
		_ = client.CloseWithSMTPClient(smtp) // it was taken, whatever the farewell says
		return messenger.Answer{Outcome: messenger.Accepted, Code: "250"}
	}
	// No farewell: QUIT after half a mail would be read as its end.
	if line != nil {
		_ = line.Close()
	}
	return answer(err)
}

// client is set up for one connection, which it tells to opened.
func (r *Relay) client(opened func(net.Conn)) (*gomail.Client, error) {
	o := r.options
	secured := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: o.Host, RootCAs: o.Roots}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		raw, err := (&net.Dialer{Timeout: connectWait}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		opened(raw)
		var conn net.Conn = &bounded{Conn: raw, left: maxAnswers}
		if o.Security == TLS {
			conn = tls.Client(conn, secured)
		}
		return conn, nil
	}
	policy := gomail.NoTLS
	if o.Security == StartTLS {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(o.Port), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(secured),
		gomail.WithTimeout(o.Timeout), gomail.WithoutNoop(), gomail.WithDialContextFunc(dial),
	}
	if o.Username != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{user: o.Username, password: o.Password, host: o.Host}))
	}
	return gomail.NewClient(o.Host, options...)
}

func open(c messenger.Config) (messenger.Sender, error) {
	c, err := descriptor().Fields.Read(c)
	if err != nil {
		return nil, err
	}
	security, err := c.OneOf(keySecurity, string(StartTLS), string(TLS), string(None))
	if err != nil {
		return nil, err
	}
	o := Options{Host: c[keyHost], Security: Security(security), Username: c[keyUsername], Password: c[keyPassword]}
	wrong := func(key, code, message string) error { return messenger.ErrConfig.WithField("/"+key, code, message) }
	if strings.ContainsAny(o.Host, " \t\r\n:/@") {
		if _, err := netip.ParseAddr(o.Host); err != nil {
			return nil, wrong(keyHost, "HOST", "서버 이름만 입력해 주세요.")
		}
	}
	if o.Security == None && !loopback(o.Host) {
		return nil, wrong(keySecurity, "NONE", "암호화 없이는 이 서버 자신(localhost)으로만 보낼 수 있어요.")
	}
	if c[keyPort] != "" {
		if o.Port, err = strconv.Atoi(c[keyPort]); err != nil || o.Port < 1 || o.Port > 65535 {
			return nil, wrong(keyPort, "PORT", "1에서 65535 사이의 수를 입력해 주세요.")
		}
	}
	if (o.Username == "") != (o.Password == "") {
		return nil, wrong(keyPassword, "LOGIN", "사용자 이름과 비밀번호를 함께 입력해 주세요.")
	}
	from, ok := address(c[keyFrom])
	if !ok || from.Name != "" {
		return nil, wrong(keyFrom, "ADDRESS", "메일 주소를 입력해 주세요.")
	}
	o.From = mail.Address{Name: oneLine(c[keyFromName]), Address: from.Address}
	return New(o), nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
