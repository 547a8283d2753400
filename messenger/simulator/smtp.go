package simulator

import (
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Limits of the SMTP side.
const (
	maxRecipients = 50
	smtpTimeout   = time.Minute
)

// Answers of the SMTP side.
var (
	errSMTPDown   = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Not now, please try later"}
	errSMTPReject = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
	errSMTPMail   = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "The mail cannot be read"}
	errSMTPBroken = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The journal cannot be written"}
)

// newSMTP is the mail server: it takes every mail and sends none on. A user who logs
// in must be the simulator's customer; whether one must is Options.Secret's doing.
func (s *Server) newSMTP() *smtp.Server {
	out := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &mailSession{server: s, conn: c.Conn()}, nil
	}))
	out.Domain = "simulator.invalid"
	out.MaxRecipients, out.MaxMessageBytes = maxRecipients, maxMail
	out.ReadTimeout, out.WriteTimeout = smtpTimeout, smtpTimeout
	out.AllowInsecureAuth, out.EnableSMTPUTF8 = true, true
	out.ErrorLog = slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug)
	return out
}

// mailSession is one client. Its connection calls one method at a time.
type mailSession struct {
	server *Server
	conn   net.Conn
	known  bool // logged in

	do   Do
	from string
	to   []string
}

// AuthMechanisms lists what a client may log in with.
func (*mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth logs a client in.
func (m *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		right := subtle.ConstantTimeCompare([]byte(password), []byte(m.server.guard.secret)) == 1
		if !right || user != APIKey {
			return smtp.ErrAuthFailed
		}
		m.known = true
		return nil
	}), nil
}

// Mail begins a mail, and with it what goes wrong.
func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if m.server.o.Secret != "" && !m.known {
		return smtp.ErrAuthRequired
	}
	m.Reset()
	do, err := m.server.post.script.Take()
	if err != nil {
		m.server.o.Log.Error("messenger simulator: the fault script cannot be written", "error", err)
		return errSMTPBroken
	}
	if do == Down {
		return errSMTPDown
	}
	m.do, m.from = do, from
	return nil
}

// Rcpt names a recipient.
func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if m.do == Reject {
		return errSMTPReject
	}
	m.to = append(m.to, to)
	return nil
}

// Data takes the mail, once for every recipient.
func (m *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	got, err := parseMail(raw)
	if err != nil {
		return errSMTPMail
	}
	now := m.server.o.Clock.Now()
	copies := 1
	if m.do == Duplicate {
		copies = 2
	}
	var records []record
	for range copies {
		for _, to := range m.to {
			one := got
			one.ID, one.At, one.From, one.To = newID("MAIL", now), now, m.from, to
			records = append(records, record{Mail: &one})
		}
	}
	if err := m.server.post.add(records); err != nil {
		m.server.o.Log.Error("messenger simulator: the journal cannot be written", "error", err)
		return errSMTPBroken
	}
	if m.do == Timeout {
		// Nothing is to come before our answer: this ends when the client leaves, or
		// when the simulator closes the connection.
		_ = m.conn.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, m.conn)
		return errors.Join(net.ErrClosed, m.conn.Close())
	}
	return nil
}

// Reset forgets the mail that was begun.
func (m *mailSession) Reset() { m.do, m.from, m.to = "", "", nil }

// Logout does nothing: a session holds nothing.
func (*mailSession) Logout() error { return nil }
