package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
	"innopay/money"
)

// Step is one event in the life of a payment.
type Step struct {
	_         struct{}  `additionalProperties:"true"`
	Kind      string    `json:"kind" enum:"REQUESTED,SIGNED,SENT,APPROVED,DECLINED,NOT_SENT,UNKNOWN,REVERSAL,INQUIRY,UNDO,REVERSED,ABSENT,LATE_ANSWER,CANCEL_REQUESTED,CANCEL_SENT,CANCEL_UNKNOWN,CANCEL_DONE,CANCEL_FAILED"`
	At        string    `json:"at,omitempty" format:"date-time" doc:"Absent where no time is on record"`
	AttemptID string    `json:"attemptId,omitempty" doc:"The message to the acquirer"`
	CancelID  string    `json:"cancelId,omitempty"`
	Amount    money.Won `json:"amount,omitempty"`
	Code      string    `json:"code,omitempty" doc:"The acquirer's answer code"`
	Message   string    `json:"message,omitempty" doc:"The acquirer's words, or the reason of a cancel"`
	Number    string    `json:"number,omitempty" doc:"Approval or cancel number"`
	Result    string    `json:"result,omitempty" doc:"How a message stands (SENDING, APPROVED, DECLINED, UNKNOWN), what an inquiry found, or what a late answer said"`
	Sends     int       `json:"sends,omitempty" doc:"How often the message left"`
}

// Settling is how an open outcome is being brought to its end.
type Settling struct {
	_        struct{} `additionalProperties:"true"`
	Phase    string   `json:"phase" enum:"SENDING,REVERSE,UNDO,REPEAT,OPERATOR"`
	CancelID string   `json:"cancelId,omitempty" doc:"Present when a cancel is what is open"`
	Since    string   `json:"since" format:"date-time"`
	NextAt   string   `json:"nextAt" format:"date-time" doc:"Of the next try"`
	Tries    int      `json:"tries"`
}

// Timeline is the life of a payment.
type Timeline struct {
	_        struct{}   `additionalProperties:"true"`
	Steps    []Step     `json:"steps" nullable:"false" doc:"In order; further kinds may come"`
	Settling []Settling `json:"settling" nullable:"false" doc:"Empty when nothing is open"`
}

type timelineOutput struct{ Body Timeline }

func (a *API) registerTimeline() {
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "paymentTimeline", Method: http.MethodGet, Path: timelinePath, Tags: []string{"Payments"},
		Summary:     "The life of a payment",
		Description: "Every message to the acquirer, every try to settle an unknown outcome, and every cancel, in order.",
	}, func(ctx context.Context, in *paymentInput) (*timelineOutput, error) {
		line, err := a.Payments.Timeline(ctx, principal(ctx).Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		return &timelineOutput{timelineView(line)}, nil
	})
}

func timelineView(line payment.Timeline) Timeline {
	out := Timeline{Steps: make([]Step, 0, len(line.Steps)), Settling: make([]Settling, 0, len(line.Settling))}
	for _, s := range line.Steps {
		out.Steps = append(out.Steps, Step{
			Kind: string(s.Kind), At: instant(s.At), AttemptID: s.AttemptID, CancelID: s.CancelID, Amount: s.Amount,
			Code: s.Code, Message: s.Message, Number: s.Number, Result: s.Result, Sends: s.Sends,
		})
	}
	for _, s := range line.Settling {
		out.Settling = append(out.Settling, Settling{
			Phase: string(s.Phase), CancelID: s.CancelID, Since: instant(s.Since), NextAt: instant(s.NextAt), Tries: s.Tries,
		})
	}
	return out
}

// What hangs on a payment stands beside orders: to net/http /v1/payments/{id}/timeline
// and /v1/payments/orders/{orderId} both match one address, and it takes neither for the
// narrower one. It does so with any part in the last place.
const (
	timelinePath   = "/v1/payments/{id}/timeline"
	partsPrefix    = "GET /v1/payments/{id}/"
	anyPartPattern = partsPrefix + "{part}"
)

// widened is a mux on which such parts and orders have room beside each other.
type widened struct {
	humago.Mux
	parts map[string]http.HandlerFunc // by name
}

// HandleFunc registers the handler; parts that nobody registered stay absent.
func (m widened) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	part, ok := strings.CutPrefix(pattern, partsPrefix)
	if !ok || strings.Contains(part, "/") {
		m.Mux.HandleFunc(pattern, h)
		return
	}
	m.parts[part] = h
	if len(m.parts) > 1 {
		return
	}
	m.Mux.HandleFunc(anyPartPattern, func(w http.ResponseWriter, r *http.Request) {
		h, ok := m.parts[r.PathValue("part")]
		if !ok {
			problem.Write(w, r, problem.ErrNoRoute)
			return
		}
		h(w, r)
	})
}
