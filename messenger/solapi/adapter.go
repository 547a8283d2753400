// Package solapi is the adapter of Solapi (CoolSMS), a Korean gateway for SMS, LMS and
// AlimTalk with an HTTP API: https://developers.solapi.com. What became of a message is
// asked for.
package solapi

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"time"

	"innopay/call"
	"innopay/clock"
	"innopay/messenger"
	"innopay/setting"
)

// Configuration keys of Adapter.
const (
	keyAPIKey    = "apiKey"
	keyAPISecret = "apiSecret"
	keyBaseURL   = "baseUrl"
	keyProfile   = "profile"
	keySimulated = "simulated"
)

const (
	maxReply       = 256 << 10
	defaultTimeout = 20 * time.Second
)

// Adapter is the line of cmd/innopay/adapters.go.
var Adapter = messenger.Adapter{Descriptor: descriptor(), Open: open}

func descriptor() messenger.Descriptor {
	label := func(ko, en string) messenger.Label { return messenger.Label{Ko: ko, En: en} }
	return messenger.Descriptor{
		Name:    "solapi",
		Label:   label("솔라피 (CoolSMS)", "Solapi (CoolSMS)"),
		Kinds:   []messenger.Kind{messenger.SMS, messenger.LMS, messenger.AlimTalk},
		Reports: true,
		Fields: []messenger.Field{
			{Key: keyAPIKey, Label: label("API 키", "API key"), Required: true},
			{Key: keyAPISecret, Label: label("API 시크릿", "API secret"), Required: true, Secret: true},
			{Key: keyBaseURL, Label: label("주소", "Address"), Default: "https://api.solapi.com"},
			{Key: keyProfile, Label: label("카카오 발신 프로필 (pfId)", "Kakao sender profile (pfId)")},
			{Key: keySimulated, Label: label("시뮬레이터 (true, false)", "Simulator (true, false)"), Default: "false"},
		},
	}
}

// Options set up a Solapi.
type Options struct {
	APIKey    string
	APISecret string
	BaseURL   *url.URL
	// Profile is the pfId of AlimTalks whose template names none.
	Profile   string
	Simulated bool
	Timeout   time.Duration  // of one call; 0 is 20 s
	Roots     *x509.CertPool // nil: the machine's
	Clock     clock.Clock    // dates the signatures; nil: the machine's
}

// Solapi is one account. It implements messenger.Sender, Asker and Prober.
type Solapi struct {
	options  Options
	describe messenger.Descriptor
	client   *call.Client
}

// New returns a gateway that connects at its first call.
func New(o Options) *Solapi {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	s := &Solapi{options: o, describe: descriptor(), client: call.New(call.Options{Timeout: o.Timeout, MaxBody: maxReply, Roots: o.Roots})}
	s.describe.Simulated = o.Simulated
	return s
}

// Describe says what the adapter can do.
func (s *Solapi) Describe() messenger.Descriptor { return s.describe }

// Send hands one message over.
func (s *Solapi) Send(ctx context.Context, m messenger.Message) messenger.Answer {
	if m.Template.Profile == "" {
		m.Template.Profile = s.options.Profile
	}
	if refused, ok := s.describe.Refuse(m); !ok {
		return refused
	}
	r, err := s.sending(m)
	if err != nil {
		return messenger.Answer{Outcome: messenger.Rejected, Code: "TEXT", Reason: "보낼 수 없는 내용이에요."}
	}
	reply, err := s.client.Do(ctx, r)
	if err != nil {
		return messenger.Unreached(err)
	}
	return sent(reply)
}

// ErrNotTold: Solapi answered, and not with the state of the message.
var ErrNotTold = errors.New("solapi: no state of the message")

// Ask tells what has become of a message.
func (s *Solapi) Ask(ctx context.Context, reference string) (messenger.Report, error) {
	r, err := s.asking(reference)
	if err != nil {
		return messenger.Report{}, err
	}
	reply, err := s.client.Do(ctx, r)
	if err != nil {
		return messenger.Report{}, err
	}
	return told(reply, reference)
}

// Probe asks for a message that nobody sent: a right answer takes a right key.
func (s *Solapi) Probe(ctx context.Context) setting.Probe {
	_, err := s.Ask(ctx, "innopay-probe")
	switch {
	case err == nil:
		return setting.Probe{OK: true}
	case errors.Is(err, ErrNotTold):
		return setting.Probe{Message: "게이트웨이가 요청을 받지 않았어요. API 키와 시크릿을 확인해 주세요."}
	}
	return setting.Probe{Code: messenger.Unreached(err).Code, Message: messenger.Unreached(err).Reason}
}

// Close ends connections.
func (s *Solapi) Close() error {
	s.client.Close()
	return nil
}

func open(c messenger.Config) (messenger.Sender, error) {
	c, err := descriptor().Fields.Read(c)
	if err != nil {
		return nil, err
	}
	o := Options{APIKey: c[keyAPIKey], APISecret: c[keyAPISecret], Profile: c[keyProfile]}
	if !name(o.APIKey) {
		return nil, messenger.ErrConfig.WithField("/"+keyAPIKey, "CHARACTERS", "영문과 숫자만 쓸 수 있어요.")
	}
	if o.BaseURL, err = c.URL(keyBaseURL); err != nil {
		return nil, err
	}
	if o.Simulated, err = c.Bool(keySimulated); err != nil {
		return nil, err
	}
	return New(o), nil
}
