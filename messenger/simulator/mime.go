package simulator

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// Limits of one mail.
const (
	maxMail  = 1 << 20 // bytes
	maxDepth = 4       // parts within parts
	maxParts = 50
)

// errMail is returned for what is no mail.
var errMail = errors.New("the mail cannot be read")

// words decodes what stands in headers as =?charset?..?=.
var words = mime.WordDecoder{CharsetReader: charset}

// charset reads the two families of charsets that mail in Korea has.
func charset(name string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "utf-8", "us-ascii", "":
		return in, nil
	case "euc-kr", "ks_c_5601-1987", "cp949", "windows-949":
		return korean.EUCKR.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("charset %q", name)
}

// parseMail reads subject, text and HTML of a mail.
func parseMail(raw []byte) (Mail, error) {
	in, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, errMail
	}
	var m Mail
	m.MessageID = strings.Trim(in.Header.Get("Message-Id"), "<> ")
	if m.Subject, err = words.DecodeHeader(in.Header.Get("Subject")); err != nil {
		m.Subject = in.Header.Get("Subject")
	}
	m.Subject = valid(m.Subject)
	p := parts{mail: &m}
	if err := p.read(header(in.Header), in.Body, 0); err != nil {
		return Mail{}, err
	}
	m.MessageID = valid(m.MessageID)
	return m, nil
}

// valid is s as JSON carries it.
func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// header is of a mail or of one of its parts.
type header map[string][]string

func (h header) get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// parts reads the parts of a mail.
type parts struct {
	mail *Mail
	seen int
}

// read takes the first text and the first HTML.
func (p *parts) read(h header, body io.Reader, depth int) error {
	if p.seen++; p.seen > maxParts || depth > maxDepth {
		return errMail
	}
	kind, params, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", nil
	}
	if strings.HasPrefix(kind, "multipart/") {
		return p.readAll(multipart.NewReader(body, params["boundary"]), depth)
	}
	into := &p.mail.Text
	switch {
	case kind == "text/html":
		into = &p.mail.HTML
	case kind != "text/plain":
		return nil
	}
	if *into != "" || strings.HasPrefix(h.get("Content-Disposition"), "attachment") {
		return nil
	}
	*into, err = decode(body, h.get("Content-Transfer-Encoding"), params["charset"])
	return err
}

func (p *parts) readAll(in *multipart.Reader, depth int) error {
	for {
		part, err := in.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errMail
		}
		if err := p.read(header(part.Header), part, depth+1); err != nil {
			return err
		}
	}
}

// decode undoes the transfer encoding and the charset; lines end in \n, and the last
// one's end is not part of the text.
func decode(body io.Reader, transfer, name string) (string, error) {
	switch strings.ToLower(transfer) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	body, err := charset(name, body)
	if err != nil {
		return "", errMail
	}
	b, err := io.ReadAll(io.LimitReader(body, maxMail))
	if err != nil {
		return "", errMail
	}
	return valid(strings.TrimSuffix(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")), nil
}

// address is a mail address as mailboxes are compared.
func address(s string) string {
	if a, err := mail.ParseAddress(s); err == nil {
		s = a.Address
	}
	return strings.ToLower(strings.TrimSpace(s))
}
