package api

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/message"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// ReasonRequest says why an operator does something.
type ReasonRequest struct {
	Reason string `json:"reason" doc:"1 to 200 characters, kept in the audit; no numbers of cards or people"`
}

// Days bound a list by business days.
type Days struct {
	From string `query:"from" format:"date" doc:"First business day"`
	To   string `query:"to" format:"date" doc:"Last business day, included"`
}

func (d Days) read() (from, to clock.Day, err error) {
	if from, err = day("/from", d.From); err != nil {
		return "", "", err
	}
	if to, err = day("/to", d.To); err != nil {
		return "", "", err
	}
	if from != "" && to != "" && from > to {
		return "", "", problem.InvalidField("/from", "DATES_REVERSED")
	}
	return from, to, nil
}

// operatorPath names something of a merchant's.
type operatorPath struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
}

type reasonInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
	Body       ReasonRequest
}

var operatorTag = []string{"Operator"}

// act is who does something, and why.
func act(ctx context.Context, reason string) oversight.Act {
	v := visit.From(ctx)
	return oversight.Act{Actor: v.Principal.UserID, Reason: reason, TraceID: v.TraceID}
}

// AuditRecord is one act that was written down.
type AuditRecord struct {
	_          struct{} `additionalProperties:"true"`
	ID         string   `json:"id"`
	At         string   `json:"at" format:"date-time"`
	MerchantID string   `json:"merchantId,omitempty" doc:"Absent for acts of the installation"`
	Actor      string   `json:"actor" doc:"User, key, or a worker's name"`
	Action     string   `json:"action" doc:"Dotted, payment.cancel"`
	Subject    string   `json:"subject,omitempty" doc:"Id of what was acted on"`
	Detail     string   `json:"detail,omitempty" doc:"JSON without personal data; traceId and reason are in it"`
}

func auditView(r audit.Record) AuditRecord {
	return AuditRecord{ID: r.ID, At: instant(r.At), MerchantID: r.MerchantID, Actor: r.Actor, Action: r.Action, Subject: r.Subject, Detail: r.Detail}
}

// views are rows as they are shown.
func views[T, V any](rows []T, view func(T) V) []V {
	out := make([]V, 0, len(rows))
	for _, r := range rows {
		out = append(out, view(r))
	}
	return out
}

// following is the cursor behind a page, empty on the last one.
func following[T any](rows []T, more bool, key func(T) string) string {
	if !more || len(rows) == 0 {
		return ""
	}
	return encodeCursor(key(rows[len(rows)-1]))
}

// maskedBuyer is a buyer as an operator sees one.
func maskedBuyer(b payment.Buyer) *Buyer {
	if b == (payment.Buyer{}) {
		return nil
	}
	out := &Buyer{Name: maskedName(b.Name)}
	if b.Phone != "" {
		out.Phone = message.MaskedPhone(b.Phone)
	}
	if b.Email != "" {
		out.Email = message.MaskedEmail(b.Email)
	}
	return out
}

// seconds between two moments, 0 where the second is not later.
func seconds(from, to time.Time) int64 { return max(0, int64(to.Sub(from)/time.Second)) }
