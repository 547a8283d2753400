// Package popbill is the adapter of Popbill, a Korean service that issues cash receipts
// (현금영수증) and hands them to the tax service: https://developers.popbill.com. What
// the tax service says is asked for.
package popbill

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"innopay/call"
	"innopay/cashreceipt"
	"innopay/clock"
)

// Configuration keys of Adapter.
const (
	keyLinkID    = "linkId"
	keySecret    = "secretKey"
	keyBaseURL   = "baseUrl"
	keyAuthURL   = "authUrl"
	keyUserID    = "userId"
	keySimulated = "simulated"
)

const (
	maxReply  = 64 << 10
	maxAmount = 999_999_999 // totalAmount has nine digits
)

// Adapter is the line of cmd/innopay/adapters.go.
var Adapter = cashreceipt.Adapter{Descriptor: descriptor(), Open: open}

func descriptor() cashreceipt.Descriptor {
	label := func(ko, en string) cashreceipt.Label { return cashreceipt.Label{Ko: ko, En: en} }
	return cashreceipt.Descriptor{
		Name:  "popbill",
		Label: label("팝빌", "Popbill"),
		Fields: []cashreceipt.Field{
			{Key: keyLinkID, Label: label("링크아이디", "Link ID"), Required: true},
			{Key: keySecret, Label: label("비밀키", "Secret key"), Required: true, Secret: true},
			{Key: keyBaseURL, Label: label("주소", "Address"), Default: "https://popbill.linkhub.co.kr"},
			{Key: keyAuthURL, Label: label("인증 주소", "Address of the link hub"), Default: "https://auth.linkhub.co.kr"},
			{Key: keyUserID, Label: label("팝빌 아이디", "Popbill user")},
			{Key: keySimulated, Label: label("시뮬레이터 (true, false)", "Simulator (true, false)"), Default: "false"},
		},
		// What was issued before five in the afternoon has its verdict at two the next day.
		Timeouts: cashreceipt.Timeouts{
			Connect: 5 * time.Second, Read: 30 * time.Second, AbsentAfter: 2 * time.Minute, AskFrom: 12 * time.Hour, AskEvery: time.Hour,
			Backoff: []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour},
		},
		PartialCancel: true,
	}
}

// simulatedTimeouts are for an office whose tax service takes seconds.
func simulatedTimeouts() cashreceipt.Timeouts {
	return cashreceipt.Timeouts{
		Connect: time.Second, Read: 3 * time.Second, AbsentAfter: 5 * time.Second, AskFrom: 2 * time.Second, AskEvery: time.Second,
		Backoff: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second},
	}
}

// Options set up a Popbill.
type Options struct {
	LinkID    string
	SecretKey string // base64, as Popbill hands it out
	BaseURL   *url.URL
	AuthURL   *url.URL
	UserID    string // may be empty
	Simulated bool
	Timeout   time.Duration  // of one method; 0 is the descriptor's
	Roots     *x509.CertPool // nil: the machine's
	Clock     clock.Clock    // dates the signatures; nil: the machine's
}

// Popbill is one partner's account. It implements cashreceipt.Issuer.
type Popbill struct {
	options  Options
	describe cashreceipt.Descriptor
	client   *call.Client
	tokens   tokens
}

// New returns an office that connects at its first call.
func New(o Options) *Popbill {
	p := &Popbill{describe: descriptor(), tokens: tokens{of: map[string]*session{}}}
	p.describe.Simulated = o.Simulated
	if o.Simulated {
		p.describe.Timeouts = simulatedTimeouts()
	}
	if o.Timeout <= 0 {
		o.Timeout = p.describe.Timeouts.Read
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	p.options = o
	p.client = call.New(call.Options{Timeout: o.Timeout, MaxBody: maxReply, Roots: o.Roots})
	return p
}

// Describe says what the adapter can do.
func (p *Popbill) Describe() cashreceipt.Descriptor { return p.describe }

// Issue asks for a receipt.
func (p *Popbill) Issue(ctx context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	if refused, ok := in.Refuse(); !ok {
		return refused
	}
	body, err := issuing(in)
	if err != nil || in.Split.Amount > maxAmount {
		return unreadable()
	}
	return p.send(ctx, in.Merchant.BusinessNumber, "ISSUE", body, expected{key: key(in.ID), trade: typeIssue, amounts: wire(in.Split)})
}

// Cancel takes a receipt back.
func (p *Popbill) Cancel(ctx context.Context, c cashreceipt.Cancel) cashreceipt.Answer {
	if refused, ok := c.Refuse(); !ok {
		return refused
	}
	body, err := canceling(c)
	if err != nil || c.Split.Amount > maxAmount {
		return unreadable()
	}
	return p.send(ctx, c.Merchant.BusinessNumber, "REVOKEISSUE", body, expected{
		key: key(c.ID), trade: typeCancel, amounts: wire(c.Split), original: c.Original.Number,
	})
}

// send hands one document over. Popbill never takes a second one under the same key, so
// "the key is in use" is ours from before, when it agrees.
func (p *Popbill) send(ctx context.Context, corp, method string, body []byte, want expected) cashreceipt.Answer {
	ctx, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	reply, failed := p.call(ctx, corp, func() (*http.Request, error) { return p.posting(method, body) })
	if failed != nil {
		return *failed
	}
	a, look := answered(reply)
	if !look {
		return a
	}
	detail, failed := p.call(ctx, corp, func() (*http.Request, error) { return p.asking(want.key, true) })
	if failed != nil {
		return unheard(a.Code)
	}
	return want.compare(detail, a.Code)
}

// call makes one request in the name of a business. failed says why there is no answer,
// nil when there is one. A session that Popbill does not take is replaced once: what it
// refused for that it did not do.
func (p *Popbill) call(ctx context.Context, corp string, request func() (*http.Request, error)) (reply call.Reply, failed *cashreceipt.Answer) {
	for attempt := range 2 {
		token, no := p.session(ctx, corp)
		if no != nil {
			return call.Reply{}, no
		}
		r, err := request()
		if err != nil {
			a := unreadable()
			return call.Reply{}, &a
		}
		r.Header.Set("Authorization", "Bearer "+token)
		if reply, err = p.client.Do(ctx, r); err != nil {
			a := lost(err)
			return call.Reply{}, &a
		}
		if attempt > 0 || !expired(reply) {
			break
		}
		p.tokens.drop(corp, token)
	}
	return reply, nil
}

// Ask tells what Popbill knows of an id of ours: the state, and from the detail the
// amounts.
func (p *Popbill) Ask(ctx context.Context, m cashreceipt.Merchant, id string) cashreceipt.Verdict {
	ctx, cancel := context.WithTimeout(ctx, p.options.Timeout)
	defer cancel()
	mgtKey := key(id)
	reply, failed := p.call(ctx, m.BusinessNumber, func() (*http.Request, error) { return p.asking(mgtKey, false) })
	if failed != nil {
		return cashreceipt.Verdict{Code: failed.Code, Message: failed.Message}
	}
	v := told(reply, mgtKey)
	if v.State == cashreceipt.Unheard || v.State == cashreceipt.Absent {
		return v
	}
	detail, failed := p.call(ctx, m.BusinessNumber, func() (*http.Request, error) { return p.asking(mgtKey, true) })
	if failed == nil {
		v.Split = split(detail, mgtKey)
	}
	return v
}

// Close ends connections.
func (p *Popbill) Close() error {
	p.client.Close()
	return nil
}

var partnerForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,50}$`)

func open(c cashreceipt.Config) (cashreceipt.Issuer, error) {
	c, err := descriptor().Fields.Read(c)
	if err != nil {
		return nil, err
	}
	o := Options{LinkID: c[keyLinkID], SecretKey: c[keySecret], UserID: c[keyUserID]}
	if !partnerForm.MatchString(o.LinkID) {
		return nil, cashreceipt.ErrConfig.WithField("/"+keyLinkID, "CHARACTERS", "영문과 숫자만 쓸 수 있어요.")
	}
	if o.UserID != "" && !partnerForm.MatchString(o.UserID) {
		return nil, cashreceipt.ErrConfig.WithField("/"+keyUserID, "CHARACTERS", "영문과 숫자만 쓸 수 있어요.")
	}
	if b, err := base64.StdEncoding.DecodeString(o.SecretKey); err != nil || len(b) == 0 { // the error would tell of it
		return nil, cashreceipt.ErrConfig.WithField("/"+keySecret, "BASE64", "팝빌이 준 비밀키를 그대로 입력해 주세요.")
	}
	if o.BaseURL, err = c.URL(keyBaseURL); err != nil {
		return nil, err
	}
	if o.AuthURL, err = c.URL(keyAuthURL); err != nil {
		return nil, err
	}
	if o.Simulated, err = c.Bool(keySimulated); err != nil {
		return nil, err
	}
	return New(o), nil
}
