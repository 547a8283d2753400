package iso8583

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"time"

	"innopay/acquirer"
	"innopay/setting"
)

// Options of New. Address is required.
type Options struct {
	Address     string // host:port
	Timeouts    acquirer.Timeouts
	Simulated   bool          // the other side is a simulator
	Connections int           // 0 means 2
	Echo        time.Duration // silence after which an echo is sent; 0 means 30 s
	Dial        Dial          // nil means TCP
	Log         *slog.Logger  // nil means no log
}

// maxConnections bounds Options.Connections.
const maxConnections = 64

// Acquirer speaks the profile over a link. It implements acquirer.Acquirer,
// Canceler, Inquirer, LateObserver, Prober and Closer.
type Acquirer struct {
	link     link
	describe acquirer.Descriptor
}

// New returns an acquirer that connects at its first message.
func New(o Options) (*Acquirer, error) {
	if _, _, err := net.SplitHostPort(o.Address); err != nil {
		return nil, acquirer.ErrConfig.WithField("/address", "ADDRESS", "주소를 host:port 형식으로 입력해 주세요.").Because(err)
	}
	if o.Timeouts.Connect <= 0 || o.Timeouts.Read <= 0 || o.Connections < 0 || o.Connections > maxConnections {
		return nil, acquirer.ErrConfig
	}
	if o.Connections == 0 {
		o.Connections = 2
	}
	if o.Echo <= 0 {
		o.Echo = 30 * time.Second
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Acquirer{describe: descriptor()}
	a.describe.Simulated, a.describe.Timeouts = o.Simulated, o.Timeouts
	a.link.address, a.link.times, a.link.echo = o.Address, o.Timeouts, o.Echo
	a.link.dial, a.link.log = o.Dial, o.Log
	a.link.open(o.Connections)
	return a, nil
}

// Describe says what the adapter can do, with the time-outs configured.
func (a *Acquirer) Describe() acquirer.Descriptor { return a.describe }

// LogTo sets where the adapter logs. Call it before the first message.
func (a *Acquirer) LogTo(log *slog.Logger) { a.link.log = log }

// OnLate sets who hears of late answers. Call it before the first message.
func (a *Acquirer) OnLate(f func(attemptID string, late acquirer.Answer)) { a.link.onLate = f }

// Close signs off and ends the connections; messages in flight become unknown.
func (a *Acquirer) Close() error {
	a.link.close()
	return nil
}

// Connect makes the link's connections now, so that the first payment need not wait
// for them. Its error is that of the first one that failed; they are tried again in
// the background whatever it returns.
func (a *Acquirer) Connect(ctx context.Context) error {
	var first error
	for _, s := range a.link.slots {
		if _, err := s.connection(ctx); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Probe makes a connection of its own, signs on and ends it.
func (a *Acquirer) Probe(ctx context.Context) setting.Probe {
	c, err := a.link.signOn(ctx)
	if err == nil {
		_ = c.net.Close() // nothing is under way on it
		return setting.Probe{OK: true, Code: CodeOK}
	}
	if _, ok := errors.AsType[*FormatError](err); ok {
		return setting.Probe{Message: "연결은 되었지만 매입사가 개시 전문(0800)을 받지 않았어요. 설정을 확인해 주세요."}
	}
	return setting.Probe{Message: "매입사에 연결하지 못했어요. 주소와 방화벽을 확인해 주세요."}
}

// Authorize asks for an approval (0200).
func (a *Acquirer) Authorize(ctx context.Context, auth acquirer.Authorization) acquirer.Answer {
	r := AuthorizationRequest(auth)
	res := a.link.exchange(ctx, &r)
	if !res.okay {
		return acquirer.Answer{NotSent: res.notSent, Message: res.why}
	}
	return res.reply.Answer()
}

// Reverse undoes an authorization (0400, repeats 0401), without the card.
func (a *Acquirer) Reverse(ctx context.Context, rev acquirer.Reversal) acquirer.ReversalAnswer {
	r := ReversalRequest(rev)
	res := a.link.exchange(ctx, &r)
	if !res.okay {
		return acquirer.ReversalAnswer{Message: res.why}
	}
	return res.reply.Reversal()
}

// Cancel voids or refunds (0200, repeats 0201), without the card.
func (a *Acquirer) Cancel(ctx context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	r := CancelRequest(c)
	res := a.link.exchange(ctx, &r)
	if !res.okay {
		return acquirer.CancelAnswer{NotSent: res.notSent, Message: res.why}
	}
	return res.reply.Cancel()
}

// Inquire asks what became of a message (0600).
func (a *Acquirer) Inquire(ctx context.Context, i acquirer.Inquiry) acquirer.InquiryAnswer {
	r := InquiryRequest(i)
	res := a.link.exchange(ctx, &r)
	if !res.okay {
		return acquirer.InquiryAnswer{Answer: acquirer.Answer{Message: res.why}}
	}
	return res.reply.Inquiry()
}

// Configuration keys of Adapter.
const (
	keyAddress     = "address"
	keyProfile     = "profile"
	keySimulated   = "simulated"
	keyConnections = "connections"
	keyEcho        = "echo"
)

// Values of keyProfile.
const (
	profileProduction = "production"
	profileDemo       = "demo"
)

// Adapter is the line of cmd/innopay/adapters.go. Durations are written as Go does,
// e.g. "1500ms".
var Adapter = acquirer.Adapter{Descriptor: descriptor(), Open: open}

func descriptor() acquirer.Descriptor {
	d := acquirer.Descriptor{
		Name:             "iso8583",
		Label:            acquirer.Label{Ko: "ISO 8583 매입사", En: "ISO 8583 acquirer"},
		Timeouts:         acquirer.ProductionTimeouts(),
		ReversalNeeds:    acquirer.NeedsReference,
		CancelNeeds:      acquirer.NeedsReference,
		CancelIdempotent: true,
		PartialCancel:    true,
		CaptureHour:      23,
		Fields: []acquirer.Field{
			{Key: keyAddress, Label: acquirer.Label{Ko: "주소 (host:port)", En: "Address (host:port)"}, Required: true},
			{Key: keyProfile, Label: acquirer.Label{Ko: "시간 제한 (production, demo)", En: "Time-outs (production, demo)"}, Default: profileProduction},
			{Key: keySimulated, Label: acquirer.Label{Ko: "시뮬레이터 (true, false)", En: "Simulator (true, false)"}, Default: "false"},
			{Key: keyConnections, Label: acquirer.Label{Ko: "연결 수", En: "Connections"}, Default: "2"},
			{Key: keyEcho, Label: acquirer.Label{Ko: "에코 간격", En: "Echo interval"}, Default: "30s"},
		},
	}
	for _, t := range timeoutFields {
		d.Fields = append(d.Fields, acquirer.Field{Key: t.key, Label: t.label})
	}
	return d
}

// timeoutFields override single time-outs of the profile.
var timeoutFields = []struct {
	key   string
	label acquirer.Label
	at    func(*acquirer.Timeouts) *time.Duration
}{
	{"connect", acquirer.Label{Ko: "연결 시간 제한", En: "Connect time-out"}, func(t *acquirer.Timeouts) *time.Duration { return &t.Connect }},
	{"read", acquirer.Label{Ko: "응답 시간 제한", En: "Read time-out"}, func(t *acquirer.Timeouts) *time.Duration { return &t.Read }},
	{"noOriginalAfter", acquirer.Label{Ko: "원거래 없음 확정", En: "No original is final after"}, func(t *acquirer.Timeouts) *time.Duration { return &t.NoOriginalAfter }},
	{"reversalWindow", acquirer.Label{Ko: "망취소 가능 시간", En: "Reversal window"}, func(t *acquirer.Timeouts) *time.Duration { return &t.ReversalWindow }},
	{"inquiryUntil", acquirer.Label{Ko: "조회 가능 시간", En: "Inquiries until"}, func(t *acquirer.Timeouts) *time.Duration { return &t.InquiryUntil }},
}

// open checks the configuration. Unknown keys are refused.
func open(c acquirer.Config) (acquirer.Acquirer, error) {
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	return New(o)
}

func options(c acquirer.Config) (Options, error) {
	c, err := descriptor().Fields.Read(c)
	if err != nil {
		return Options{}, err
	}
	o := Options{Address: c[keyAddress]}
	if o.Simulated, err = c.Bool(keySimulated); err != nil {
		return o, err
	}
	profile, err := c.OneOf(keyProfile, profileProduction, profileDemo)
	if err != nil {
		return o, err
	}
	o.Timeouts = acquirer.ProductionTimeouts()
	if profile == profileDemo {
		o.Timeouts = acquirer.DemoTimeouts()
	}
	if o.Connections, err = strconv.Atoi(c[keyConnections]); err != nil || o.Connections < 1 || o.Connections > maxConnections {
		return o, acquirer.ErrConfig.WithField("/"+keyConnections, "CONNECTIONS", "1에서 64 사이의 수를 입력해 주세요.")
	}
	if err := duration(c, keyEcho, &o.Echo); err != nil {
		return o, err
	}
	for _, f := range timeoutFields {
		if err := duration(c, f.key, f.at(&o.Timeouts)); err != nil {
			return o, err
		}
	}
	return o, nil
}

// duration reads c[key] into d unless it is absent.
func duration(c acquirer.Config, key string, d *time.Duration) error {
	if c[key] == "" {
		return nil
	}
	v, err := time.ParseDuration(c[key])
	if err != nil || v <= 0 {
		return acquirer.ErrConfig.WithField("/"+key, "DURATION", "1500ms, 30s처럼 입력해 주세요.")
	}
	*d = v
	return nil
}
