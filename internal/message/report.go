package message

import (
	"context"
	"errors"
	"net/http"

	"innopay/internal/merchant"
	"innopay/messenger"
)

// reportKind separates the tokens of reports from those of links.
const reportKind = "message-report"

// ErrNoReport: the address names no message, or proves nothing.
var ErrNoReport = errors.New("message: no such report")

// Report reads what a gateway calls back about a message. The token was given to the
// gateway alone. Whatever it says of a message that is settled changes nothing.
func (s *Service) Report(ctx context.Context, merchantID, messageID, token string, r *http.Request) error {
	if !s.Keys.TokenValid(token, reportKind, merchantID+"/"+messageID, 0) {
		return ErrNoReport
	}
	for range 3 {
		j, err := s.Store.Message(ctx, merchant.TenantOf(merchantID), messageID)
		if errors.Is(err, ErrAbsent) {
			return ErrNoReport
		}
		if err != nil {
			return err
		}
		// A report may overtake the answer to the message it is about.
		gw := s.named(j.Gateway)
		if gw == nil && len(s.Gateways) > 0 {
			gw = s.gateway(messenger.SMS, j.Tries)
		}
		caller, ok := gw.(messenger.Caller)
		if !ok {
			return ErrNoReport
		}
		report, err := caller.ReadReport(r)
		if err != nil {
			return ErrNoReport
		}
		if err = s.reported(ctx, j, report); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrChanged
}
