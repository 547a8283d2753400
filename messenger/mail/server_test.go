package mail_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	gate "innopay/messenger/mail"
)

const (
	username = "relay-user"
	password = "relay password #1"
	domain   = "shop.example"
)

// relay is a mail server that keeps what it took and can be told to fail.
type relay struct {
	port  int
	roots *x509.CertPool
	login bool // asked of everybody
	done  chan struct{}

	mu    sync.Mutex
	do    string
	times int
	mails []letter
}

// letter is what the relay took, and what a mail program makes of it.
type letter struct {
	envelopeFrom, envelopeTo string
	header                   mail.Header
	from, to                 *mail.Address
	subject, text, html      string
	raw                      string
}

// certificate is one for 127.0.0.1 and who vouches for it.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s.TLS.Certificates[0], roots
})

// start runs a relay; security is what it offers.
func start(t *testing.T, security gate.Security) *relay {
	t.Helper()
	cert, roots := certificate()
	r := &relay{roots: roots, done: make(chan struct{})}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{relay: r, conn: c}, nil }))
	s.Domain, s.AllowInsecureAuth = "relay.example", security == gate.None
	s.ReadTimeout, s.WriteTimeout = 20*time.Second, 20*time.Second
	s.ErrorLog = discard{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.port = l.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	switch security {
	case gate.TLS:
		l = tls.NewListener(l, config)
	case gate.StartTLS:
		s.TLSConfig = config
	case gate.None:
	}
	served := make(chan struct{})
	go func() { defer close(served); _ = s.Serve(l) }()
	t.Cleanup(func() { close(r.done); _ = l.Close(); _ = s.Close(); <-served })
	return r
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

func (r *relay) script(_ *testing.T, do string, times int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.do, r.times = do, times
}

// next is the fault of this mail.
func (r *relay) next() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.times == 0 {
		return ""
	}
	r.times--
	return r.do
}

func (r *relay) arrived(to string) []letter {
	r.mu.Lock()
	defer r.mu.Unlock()
	var here []letter
	for _, l := range r.mails {
		if l.envelopeTo == to {
			here = append(here, l)
		}
	}
	return here
}

// session is one connection.
type session struct {
	relay    *relay
	conn     *smtp.Conn
	known    bool
	do       string
	from, to string
}

func (s *session) AuthMechanisms() []string { return []string{"PLAIN"} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != username || pass != password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.relay.login && !s.known {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.do, s.from = s.relay.next(), from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	switch s.do {
	case "REJECT":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user: " + to}
	case "GREYLIST":
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Try again: " + to}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch s.do {
	case "DOWN":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not now"}
	case "SPAM":
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}
	}
	l, err := read(string(raw))
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: err.Error()}
	}
	l.envelopeFrom, l.envelopeTo = s.from, s.to
	s.relay.mu.Lock()
	s.relay.mails = append(s.relay.mails, l)
	s.relay.mu.Unlock()
	switch s.do {
	case "TIMEOUT":
		<-s.relay.done
	case "DROP":
		_ = s.conn.Conn().Close()
	case "NO FAREWELL":
		time.AfterFunc(50*time.Millisecond, func() { _ = s.conn.Conn().Close() })
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// read reads a mail as a mail program does.
func read(raw string) (letter, error) {
	l := letter{raw: raw}
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return l, err
	}
	words := mime.WordDecoder{}
	l.header = m.Header
	var errs [4]error
	l.from, errs[0] = mail.ParseAddress(m.Header.Get("From"))
	l.to, errs[1] = mail.ParseAddress(m.Header.Get("To"))
	l.subject, errs[2] = words.DecodeHeader(m.Header.Get("Subject"))
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	errs[3] = err
	if err := errors.Join(errs[:]...); err != nil {
		return l, err
	}
	if kind != "multipart/alternative" {
		l.text, err = body(m.Body, kind, "text/plain", parameters["charset"], m.Header.Get("Content-Transfer-Encoding"))
		return l, err
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, part := range []struct {
		kind string
		into *string
	}{{"text/plain", &l.text}, {"text/html", &l.html}} {
		p, err := parts.NextRawPart()
		if err != nil {
			return l, err
		}
		kind, parameters, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			return l, err
		}
		if *part.into, err = body(p, kind, part.kind, parameters["charset"], p.Header.Get("Content-Transfer-Encoding")); err != nil {
			return l, err
		}
	}
	if _, err := parts.NextRawPart(); !errors.Is(err, io.EOF) {
		return l, errors.New("more than two parts")
	}
	return l, nil
}

func body(r io.Reader, kind, want, charset, encoding string) (string, error) {
	if kind != want || !strings.EqualFold(charset, "utf-8") {
		return "", fmt.Errorf("%s in %s, want %s", kind, charset, want)
	}
	switch encoding {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	default:
		return "", errors.New("encoding " + encoding)
	}
	b, err := io.ReadAll(r)
	return string(b), err
}

var addresses atomic.Int64

// address is one that no other test uses.
func address() string { return fmt.Sprintf("buyer%d@mail.example", addresses.Add(1)) }

// saying is a relay that says its lines, one for each line it hears, and then hangs up,
// or keeps silent. Of a mail it hears only the last line.
func saying(t *testing.T, hangUp bool, lines ...string) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { close(done); _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go say(c, hangUp, lines, done)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func say(c net.Conn, hangUp bool, lines []string, done chan struct{}) {
	defer func() { _ = c.Close() }()
	heard, inMail := bufio.NewScanner(c), false
	hear := func() {
		for heard.Scan() {
			if !inMail || heard.Text() == "." {
				return
			}
		}
	}
	for i, line := range lines {
		if i > 0 {
			hear()
		}
		inMail = strings.HasPrefix(line, "354")
		if _, err := io.WriteString(c, line+"\r\n"); err != nil {
			return
		}
	}
	if !hangUp {
		<-done
		return
	}
	if inMail {
		hear()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	time.Sleep(20 * time.Millisecond) // a reset would take the last line back
}
