// Package kannel is the adapter of Kannel's sendsms (1.4.5), an open SMS gateway that
// speaks SMPP and other protocols of carriers. Texts go as UCS-2 in as many parts as
// they need; delivery reports come back to Message.ReportURL.
package kannel

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"innopay/call"
	"innopay/messenger"
)

// Configuration keys of Adapter.
const (
	keyURL      = "url"
	keyUsername = "username"
	keyPassword = "password"
	keySMSC     = "smsc"
	keyEncoding = "encoding"
	keyReports  = "reports"
)

// The encodings in which texts are given to Kannel.
const (
	UCS2  = "ucs2"   // Kannel's coding 2: every phone reads it
	EUCKR = "euc-kr" // bytes of CP949, coding 1: for centres of carriers that want it
)

const (
	maxReply       = 16 << 10
	defaultTimeout = 20 * time.Second
)

// Adapter is the line of cmd/innopay/adapters.go.
var Adapter = messenger.Adapter{Descriptor: descriptor(), Open: open}

func descriptor() messenger.Descriptor {
	label := func(ko, en string) messenger.Label { return messenger.Label{Ko: ko, En: en} }
	return messenger.Descriptor{
		Name:    "kannel",
		Label:   label("Kannel 문자 게이트웨이", "Kannel SMS gateway"),
		Kinds:   []messenger.Kind{messenger.SMS, messenger.LMS},
		Reports: true,
		Fields: []messenger.Field{
			{Key: keyURL, Label: label("sendsms 주소", "Address of sendsms"), Required: true},
			{Key: keyUsername, Label: label("사용자 이름", "User name"), Required: true},
			{Key: keyPassword, Label: label("비밀번호", "Password"), Required: true, Secret: true},
			{Key: keySMSC, Label: label("SMSC 이름 (smsc-id)", "SMS centre (smsc-id)")},
			{Key: keyEncoding, Label: label("글자 (ucs2, euc-kr)", "Encoding (ucs2, euc-kr)"), Default: UCS2},
			{Key: keyReports, Label: label("전달 보고 (true, false)", "Delivery reports (true, false)"), Default: "true"},
		},
	}
}

// Options set up a Kannel.
type Options struct {
	URL      *url.URL // of sendsms
	Username string
	Password string
	SMSC     string
	Encoding string
	Timeout  time.Duration  // of one send; 0 is 20 s
	Roots    *x509.CertPool // nil: the machine's
}

// Kannel is one sendsms user. It implements messenger.Sender.
type Kannel struct {
	options  Options
	describe messenger.Descriptor
	client   *call.Client
}

// Reporting is a Kannel that asks for reports; it implements messenger.Caller as well.
type Reporting struct{ *Kannel }

// New returns a gateway that does not ask for reports.
func New(o Options) *Kannel {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	k := &Kannel{options: o, describe: descriptor(), client: call.New(call.Options{Timeout: o.Timeout, MaxBody: maxReply, Roots: o.Roots})}
	k.describe.Reports = false
	return k
}

// NewReporting returns a gateway that asks for reports.
func NewReporting(o Options) Reporting {
	k := New(o)
	k.describe.Reports = true
	return Reporting{k}
}

// Describe says what the adapter can do.
func (k *Kannel) Describe() messenger.Descriptor { return k.describe }

// Send hands a text over.
func (k *Kannel) Send(ctx context.Context, m messenger.Message) messenger.Answer {
	if refused, ok := k.describe.Refuse(m); !ok {
		return refused
	}
	r, err := k.request(m)
	if err != nil {
		return messenger.Answer{Outcome: messenger.Rejected, Code: "TEXT", Reason: "문자로 보낼 수 없는 글자가 있어요."}
	}
	reply, err := k.client.Do(ctx, r)
	if err != nil {
		return messenger.Unreached(err)
	}
	return answer(reply)
}

// Close ends connections.
func (k *Kannel) Close() error {
	k.client.Close()
	return nil
}

// ReadReport reads Kannel's request to a dlr-url.
func (Reporting) ReadReport(r *http.Request) (messenger.Report, error) { return report(r) }

func open(c messenger.Config) (messenger.Sender, error) {
	c, err := descriptor().Fields.Read(c)
	if err != nil {
		return nil, err
	}
	o := Options{Username: c[keyUsername], Password: c[keyPassword], SMSC: c[keySMSC]}
	if o.URL, err = c.URL(keyURL); err != nil {
		return nil, err
	}
	if o.Encoding, err = c.OneOf(keyEncoding, UCS2, EUCKR); err != nil {
		return nil, err
	}
	for _, key := range []string{keyUsername, keyPassword, keySMSC} {
		if !inHeader(c[key]) {
			return nil, messenger.ErrConfig.WithField("/"+key, "CHARACTERS", "영문, 숫자, 기호만 쓸 수 있고 앞뒤에 빈칸이 없어야 해요.")
		}
	}
	reports, err := c.Bool(keyReports)
	if err != nil {
		return nil, err
	}
	if reports {
		return NewReporting(o), nil
	}
	return New(o), nil
}

// inHeader reports whether a value arrives unchanged in a header.
func inHeader(v string) bool {
	return v == strings.TrimSpace(v) && !slices.ContainsFunc([]rune(v), func(r rune) bool { return r < ' ' || r > '~' })
}
