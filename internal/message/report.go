package message

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"innopay/internal/merchant"
	"innopay/messenger"
)

// reportKind separates the tokens of reports from those of links.
const reportKind = "message-report"

// ErrNoReport: the address names no message, or proves nothing.
var ErrNoReport = errors.New("message: no such report")

// Reported is what the address says that a gateway calls back: which message, and the
// try that it was given. A message may go to several gateways, and as a text after it
// could not be had as an AlimTalk: what is reported of one try says nothing of another.
type Reported struct {
	MerchantID string
	MessageID  string
	Gateway    string
	Kind       messenger.Kind
	Token      string // proves that the address was given to a gateway
}

func (r Reported) subject() string {
	return r.MerchantID + "/" + r.MessageID + "/" + r.Gateway + "/" + string(r.Kind)
}

// reportURL is where the gateway reports of this try.
func (s *Service) reportURL(j Job, gateway string) string {
	of := Reported{MerchantID: j.MerchantID, MessageID: j.ID, Gateway: gateway, Kind: j.Kind}
	return s.Base + "/hooks/messages/" + j.MerchantID + "/" + j.ID + "/" + url.PathEscape(gateway) + "/" + string(j.Kind) + "/" +
		s.Keys.Token(reportKind, of.subject(), 0)
}

// Report reads what a gateway calls back about a message. The token was given to the
// gateway alone. Whatever it says of a message that is settled changes nothing.
func (s *Service) Report(ctx context.Context, of Reported, r *http.Request) error {
	if !s.Keys.TokenValid(of.Token, reportKind, of.subject(), 0) {
		return ErrNoReport
	}
	caller, ok := s.named(of.Gateway).(messenger.Caller)
	if !ok {
		return ErrNoReport
	}
	report, err := caller.ReadReport(r) // once: it may consume the body
	if err != nil {
		return ErrNoReport
	}
	for range 3 {
		j, err := s.Store.Message(ctx, merchant.TenantOf(of.MerchantID), of.MessageID)
		if errors.Is(err, ErrAbsent) {
			return ErrNoReport
		}
		if err != nil {
			return err
		}
		if err = s.reported(ctx, j, of, report); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrChanged
}

// reported writes down a final report. Reports may come twice, late, and before the
// answer to the try they are of; the first that is final holds.
func (s *Service) reported(ctx context.Context, j Job, of Reported, r messenger.Report) error {
	if j.Status.Final() {
		return nil
	}
	talk := of.Kind == messenger.AlimTalk
	switch r.State {
	case messenger.Delivered:
		j.Gateway, j.Kind = of.Gateway, of.Kind // this is what arrived
		if j.AcceptedAt.IsZero() {
			j.AcceptedAt = s.now()
		}
		return s.settle(ctx, j, Delivered, r.Code, r.Reason)
	case messenger.Failed:
		switch {
		case j.Kind != "" && talk != (j.Kind == messenger.AlimTalk), j.Status == Accepted && j.Gateway != of.Gateway:
			return nil // of a try that another has followed
		case talk:
			j.Code, j.Reason = r.Code, r.Reason
			return s.fallBack(ctx, j)
		}
		j.Gateway, j.Kind = of.Gateway, of.Kind
		return s.settle(ctx, j, Undelivered, r.Code, r.Reason)
	case messenger.Waiting:
	}
	return nil
}
