package mail

import (
	"errors"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"innopay/messenger"
)

// maxBody is the most bytes of text and HTML together.
const maxBody = 1 << 20

// maxLine is the most bytes of an address or a subject.
const maxLine = 998

// letter makes the mail: text, and HTML beside it when there is one. why is the code
// of what makes it impossible.
func (r *Relay) letter(m messenger.Message) (l *gomail.Msg, why string) {
	from := r.options.From
	if m.From != "" {
		own, ok := address(m.From)
		if !ok {
			return nil, "FROM"
		}
		from.Address = own.Address
		if own.Name != "" {
			from.Name = own.Name
		}
	}
	to, ok := address(m.To)
	switch {
	case !ok:
		return nil, "TO"
	case len(m.Text)+len(m.HTML) > maxBody, len(m.Subject) > maxLine:
		return nil, "LENGTH"
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	l = gomail.NewMsg(gomail.WithEncoding(gomail.EncodingB64), gomail.WithNoDefaultUserAgent())
	l.FromMailAddress(&from)
	l.ToMailAddress(&mail.Address{Address: to.Address})
	l.Subject(oneLine(m.Subject))
	l.SetDateWithValue(r.options.Clock.Now())
	l.SetMessageIDWithValue(m.ID + "@" + domain)                      // the same for every repeat: mailboxes show one
	l.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834: nobody's absence note answers
	l.SetBodyString(gomail.TypeTextPlain, crlf(m.Text))
	if m.HTML != "" {
		l.AddAlternativeString(gomail.TypeTextHTML, crlf(m.HTML))
	}
	return l, ""
}

// address reads one address that every relay takes: printable ASCII.
func address(s string) (mail.Address, bool) {
	a, err := mail.ParseAddress(s)
	if err != nil || len(a.Address) > maxLine || strings.ContainsFunc(s, unicode.IsControl) ||
		strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return mail.Address{}, false
	}
	return mail.Address{Name: oneLine(a.Name), Address: a.Address}, true
}

// oneLine keeps a value inside its header.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}

// crlf ends lines as mail does.
func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// bounded is a connection whose other end can say only so much.
type bounded struct {
	net.Conn
	left int
}

// Read reads while something is left to be said.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// login is the method that the relay offers, of those that every relay offers one of.
// Both refuse to tell a password over a line that is not encrypted.
type login struct {
	user, password, host string
	chosen               smtp.Auth
}

var errNoLogin = errors.New("mail: the relay takes neither PLAIN nor LOGIN")

// Start chooses the method.
func (l *login) Start(server *smtp.ServerInfo) (method string, first []byte, err error) {
	switch {
	case slices.Contains(server.Auth, "PLAIN"):
		l.chosen = smtp.PlainAuth("", l.user, l.password, l.host, false)
	case slices.Contains(server.Auth, "LOGIN"):
		l.chosen = smtp.LoginAuth(l.user, l.password, l.host, false)
	default:
		return "", nil, errNoLogin
	}
	return l.chosen.Start(server)
}

// Next answers the relay.
func (l *login) Next(said []byte, more bool) ([]byte, error) { return l.chosen.Next(said, more) }
