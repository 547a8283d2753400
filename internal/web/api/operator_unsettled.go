package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
	"innopay/money"
)

// Unsettled is one message whose outcome is not final.
type Unsettled struct {
	_             struct{}  `additionalProperties:"true"`
	MerchantID    string    `json:"merchantId"`
	MerchantName  string    `json:"merchantName"`
	PaymentID     string    `json:"paymentId"`
	CancelID      string    `json:"cancelId,omitempty" doc:"Present when the message is a cancel's"`
	AttemptID     string    `json:"attemptId"`
	Kind          string    `json:"kind" enum:"AUTHORIZE,VOID,REFUND"`
	PaymentStatus string    `json:"paymentStatus"`
	OrderName     string    `json:"orderName"`
	CardLast4     string    `json:"cardLast4,omitempty"`
	Amount        money.Won `json:"amount" doc:"Of the message"`
	Adapter       string    `json:"adapter"`
	TerminalID    string    `json:"terminalId"`
	Phase         string    `json:"phase" enum:"SENDING,REVERSE,UNDO,REPEAT,OPERATOR" doc:"OPERATOR: past every deadline, somebody must look"`
	Tries         int       `json:"tries"`
	Since         string    `json:"since" format:"date-time"`
	AgeSeconds    int64     `json:"ageSeconds"`
	DueAt         string    `json:"dueAt" format:"date-time" doc:"Of the next try"`
	Deadline      string    `json:"deadline,omitempty" format:"date-time" doc:"From then on it is the operator's"`
	InHand        bool      `json:"inHand" doc:"A worker or an operator is at it now"`
}

// UnsettledList is the operator's desk.
type UnsettledList struct {
	_          struct{}    `additionalProperties:"true"`
	Unsettled  []Unsettled `json:"unsettled" nullable:"false" doc:"Oldest first"`
	NextCursor string      `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// OpenAct is something an operator may do about an open outcome, or not now.
type OpenAct struct {
	_       struct{} `additionalProperties:"true"`
	Act     string   `json:"act" enum:"INQUIRE,RUN,RESOLVE_DONE,RESOLVE_ABORTED" doc:"INQUIRE: ask now. RUN: the worker's next step now (reverse, void, refund, repeat a cancel). RESOLVE: settle by what an inquiry made now proves. Nothing is settled without proof"`
	Allowed bool     `json:"allowed"`
	Reason  string   `json:"reason,omitempty" enum:"ANSWER_AWAITED,BEING_SETTLED,NO_INQUIRY,REVERSAL_UNDERWAY,CANCEL" doc:"Why not"`
	Message string   `json:"message,omitempty" doc:"Why not, Korean"`
	After   string   `json:"after,omitempty" format:"date-time" doc:"When it may be, as far as that is known"`
}

// Proof is the answer of one inquiry.
type Proof struct {
	_            struct{} `additionalProperties:"true"`
	AttemptID    string   `json:"attemptId"`
	At           string   `json:"at" format:"date-time"`
	AnsweredAt   string   `json:"answeredAt,omitempty" format:"date-time"`
	Result       string   `json:"result" enum:"SENDING,UNKNOWN,ABSENT,APPROVED,DECLINED,REVERSED"`
	ResponseCode string   `json:"responseCode,omitempty"`
}

// OpenOutcome is one open outcome with what is known of it.
type OpenOutcome struct {
	_             struct{}  `additionalProperties:"true"`
	AttemptID     string    `json:"attemptId"`
	CancelID      string    `json:"cancelId,omitempty"`
	Adapter       string    `json:"adapter"`
	Phase         string    `json:"phase" enum:"SENDING,REVERSE,UNDO,REPEAT,OPERATOR"`
	Tries         int       `json:"tries"`
	Since         string    `json:"since" format:"date-time"`
	AgeSeconds    int64     `json:"ageSeconds"`
	DueAt         string    `json:"dueAt" format:"date-time"`
	ReversalUntil string    `json:"reversalUntil" format:"date-time" doc:"Until then the acquirer takes a reversal"`
	Deadline      string    `json:"deadline" format:"date-time"`
	Proof         []Proof   `json:"proof" nullable:"false" doc:"Inquiries about it, oldest first"`
	Acts          []OpenAct `json:"acts" nullable:"false"`
}

// UnsettledDetail is a payment with open outcomes.
type UnsettledDetail struct {
	_            struct{}      `additionalProperties:"true"`
	MerchantName string        `json:"merchantName"`
	Payment      Payment       `json:"payment" doc:"The buyer is masked"`
	Attempts     []AttemptView `json:"attempts" nullable:"false" doc:"Reversals and inquiries among them, oldest first"`
	Unsettled    []OpenOutcome `json:"unsettled" nullable:"false" doc:"Empty when everything is settled"`
	Timeline     Timeline      `json:"timeline"`
}

// ResolveRequest says what the operator found.
type ResolveRequest struct {
	Outcome string `json:"outcome" enum:"DONE,ABORTED" doc:"Taken only when an inquiry made now proves it"`
	Reason  string `json:"reason" doc:"1 to 200 characters, kept in the audit; no numbers of cards or people"`
}

type unsettledInput struct {
	MerchantID string `query:"merchantId" maxLength:"64" doc:"Of one merchant only"`
	Phase      string `query:"phase" enum:"SENDING,REVERSE,UNDO,REPEAT,OPERATOR"`
	Adapter    string `query:"adapter" maxLength:"64"`
	OlderThan  int    `query:"olderThanSeconds" minimum:"1" maximum:"31536000" doc:"Open for at least so long"`
	Cursor     string `query:"cursor" maxLength:"120" doc:"nextCursor of the page before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type unsettledOutput struct{ Body UnsettledList }

type unsettledDetailOutput struct{ Body UnsettledDetail }

type resolveInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	PaymentID  string `path:"id" maxLength:"64"`
	Body       ResolveRequest
}

func (a *API) registerUnsettled() {
	add(a, access{permission: merchant.UnsettledRead}, huma.Operation{
		OperationID: "listUnsettled", Method: http.MethodGet, Path: "/v1/operator/unsettled", Tags: operatorTag,
		Summary: "Payments and cancels whose outcome is open",
	}, a.listUnsettled)
	add(a, access{permission: merchant.UnsettledRead}, huma.Operation{
		OperationID: "unsettled", Method: http.MethodGet, Path: "/v1/operator/unsettled/{merchantId}/{id}", Tags: operatorTag,
		Summary: "The open outcomes of a payment, their proof, and what may be done",
	}, func(ctx context.Context, in *operatorPath) (*unsettledDetailOutput, error) {
		return a.unsettledDetail(ctx, merchant.TenantOf(in.MerchantID), in.ID)
	})
	add(a, access{permission: merchant.UnsettledSettle}, huma.Operation{
		OperationID: "runUnsettled", Method: http.MethodPost, Path: "/v1/operator/unsettled/{merchantId}/{id}/run", Tags: operatorTag,
		Summary: "Do the next step of settling now", Description: "What the worker would do next: reverse, inquire, void or refund, or repeat a cancel. Follows only what is proven.",
	}, func(ctx context.Context, in *reasonInput) (*unsettledDetailOutput, error) {
		t := merchant.TenantOf(in.MerchantID)
		if err := a.Oversight.Run(ctx, t, in.ID, act(ctx, in.Body.Reason)); err != nil {
			return nil, err
		}
		return a.unsettledDetail(ctx, t, in.ID)
	})
	add(a, access{permission: merchant.UnsettledSettle}, huma.Operation{
		OperationID: "inquireUnsettled", Method: http.MethodPost, Path: "/v1/operator/unsettled/{merchantId}/{id}/inquire", Tags: operatorTag,
		Summary: "Ask the acquirer about an unknown payment now", Description: "As inquirePayment.",
	}, func(ctx context.Context, in *reasonInput) (*inquiryOutput, error) { return a.inquire(ctx, in) })
	add(a, access{permission: merchant.UnsettledSettle}, huma.Operation{
		OperationID: "resolveUnsettled", Method: http.MethodPost, Path: "/v1/operator/unsettled/{merchantId}/{id}/resolve", Tags: operatorTag,
		Summary: "Settle an unknown payment", Description: "Asks the acquirer now and follows only what its answer proves. There is no settling without proof.",
	}, func(ctx context.Context, in *resolveInput) (*viewOutput, error) {
		return a.view(a.Oversight.Resolve(ctx, merchant.TenantOf(in.MerchantID), in.PaymentID, payment.Status(in.Body.Outcome), act(ctx, in.Body.Reason)))
	})
}

func (a *API) listUnsettled(ctx context.Context, in *unsettledInput) (*unsettledOutput, error) {
	now := a.now()
	f := oversight.OpenFilter{MerchantID: in.MerchantID, Phase: payment.Phase(in.Phase), Adapter: in.Adapter}
	if in.OlderThan > 0 {
		f.Before = now.Add(-time.Duration(in.OlderThan) * time.Second)
	}
	var err error
	if f.AfterSince, f.After, err = decodeSince(in.Cursor); err != nil {
		return nil, err
	}
	rows, more, err := a.Oversight.Open(ctx, f, in.Limit)
	if err != nil {
		return nil, err
	}
	return &unsettledOutput{UnsettledList{
		Unsettled: views(rows, func(r oversight.OpenRow) Unsettled { return a.unsettledView(r, now) }),
		NextCursor: following(rows, more, func(r oversight.OpenRow) string {
			return strconv.FormatInt(clock.Micros(r.Since), 10) + "." + r.AttemptID
		}),
	}}, nil
}

// decodeSince reads a cursor of the desk: since when the last row was open, and its attempt.
func decodeSince(cursor string) (time.Time, string, error) {
	if cursor == "" {
		return time.Time{}, "", nil
	}
	invalid := problem.InvalidField("/cursor", "INVALID_CURSOR")
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return time.Time{}, "", invalid
	}
	rest, ok := strings.CutPrefix(string(b), cursorForm)
	since, attempt, ok2 := strings.Cut(rest, ".")
	micros, err := strconv.ParseInt(since, 10, 64)
	if _, known := oversight.ReadReference(attempt); !ok || !ok2 || err != nil || !known || len(attempt) > 64 {
		return time.Time{}, "", invalid
	}
	return clock.FromMicros(micros), attempt, nil
}

func (a *API) unsettledView(r oversight.OpenRow, now time.Time) Unsettled {
	v := Unsettled{
		MerchantID: r.MerchantID, MerchantName: r.MerchantName, PaymentID: r.PaymentID, CancelID: r.CancelID, AttemptID: r.AttemptID,
		Kind: string(r.Kind), PaymentStatus: string(r.Status), OrderName: r.OrderName, CardLast4: r.CardLast4, Amount: r.Amount,
		Adapter: r.Adapter, TerminalID: r.TerminalID, Phase: string(r.Phase), Tries: r.Tries, Since: instant(r.Since),
		AgeSeconds: seconds(r.Since, now), DueAt: instant(r.DueAt), InHand: r.LeaseUntil.After(now),
	}
	if gw, ok := a.Payments.Acquirers[r.Adapter]; ok {
		v.Deadline = instant(r.Since.Add(gw.Describe().Timeouts.InquiryUntil))
	}
	return v
}

func (a *API) unsettledDetail(ctx context.Context, t merchant.Tenant, paymentID string) (*unsettledDetailOutput, error) {
	d, err := a.Oversight.Course(ctx, t, paymentID)
	if err != nil {
		return nil, err
	}
	v := UnsettledDetail{
		MerchantName: d.MerchantName, Payment: a.Presenter.View(d.Payment), Attempts: views(d.Attempts, attemptView),
		Unsettled: views(d.Open, func(o payment.Open) OpenOutcome { return a.openView(o, d.Attempts) }), Timeline: timelineView(d.Timeline),
	}
	v.Payment.Buyer, v.Payment.ReceiptURL = maskedBuyer(d.Payment.Buyer), ""
	return &unsettledDetailOutput{v}, nil
}

func (a *API) openView(o payment.Open, attempts []payment.Attempt) OpenOutcome {
	v := OpenOutcome{
		AttemptID: o.AttemptID, CancelID: o.CancelID, Adapter: o.Adapter, Phase: string(o.Phase), Tries: o.Tries, Since: instant(o.Since),
		AgeSeconds: seconds(o.Since, a.now()), DueAt: instant(o.DueAt), ReversalUntil: instant(o.ReversalUntil), Deadline: instant(o.Deadline),
		Proof: []Proof{}, Acts: views(o.Acts, actView),
	}
	for _, t := range attempts {
		if t.Kind != payment.Inquire || t.OriginalID != o.AttemptID {
			continue
		}
		result := t.Message
		if t.Status == payment.AttemptSending {
			result = string(payment.AttemptSending)
		}
		v.Proof = append(v.Proof, Proof{AttemptID: t.ID, At: instant(t.TransmittedAt), AnsweredAt: instant(t.SettledAt), Result: result, ResponseCode: t.Code})
	}
	return v
}

// whyNot are the reasons in words.
var whyNot = map[string]string{
	payment.WhyAwaited:   "아직 카드사의 답을 기다리고 있어요.",
	payment.WhyWorked:    "지금 다른 곳에서 처리하고 있어요.",
	payment.WhyNoInquiry: "거래조회를 받지 않는 카드사 연결이에요. 카드사에 전화로 확인해 주세요.",
	payment.WhyUnderWay:  "보낸 망취소가 아직 카드사에 닿을 수 있어요. 조금 뒤에 확정할 수 있어요.",
	payment.WhyCancel:    "취소는 될 때까지 다시 보내요. 손으로 확정하지 않아요.",
}

func actView(t payment.Act) OpenAct {
	return OpenAct{Act: string(t.Name), Allowed: t.Allowed, Reason: t.Reason, Message: whyNot[t.Reason], After: instant(t.After)}
}
