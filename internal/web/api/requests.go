package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payrequest"
	"innopay/internal/web/problem"
	"innopay/money"
)

// RequestRequest asks a buyer for a payment. The buyer's phone is required.
type RequestRequest struct {
	Kind string `json:"kind" enum:"SMS,ARS"`
	Sale
	ExpiresAt string `json:"expiresAt,omitempty" format:"date-time" doc:"1 minute to 30 days from now; 24 hours when absent"`
}

// PreviewRequest is a request that is still being typed, sent as it stands: what the
// text does not show may be anything.
type PreviewRequest struct {
	Kind              string      `json:"kind" enum:"SMS,ARS"`
	OrderID           string      `json:"orderId,omitempty" maxLength:"64"`
	OrderName         string      `json:"orderName,omitempty" maxLength:"100"`
	Amount            int64       `json:"amount,omitempty" minimum:"0" maximum:"9999999999"`
	TaxFreeAmount     *int64      `json:"taxFreeAmount,omitempty"`
	ServiceFee        int64       `json:"serviceFee,omitempty"`
	Items             []DraftItem `json:"items,omitempty" nullable:"false" maxItems:"200"`
	InstallmentMonths int         `json:"installmentMonths,omitempty"`
	Buyer             *DraftBuyer `json:"buyer,omitempty"`
	ExpiresAt         string      `json:"expiresAt,omitempty" format:"date-time"`
}

// DraftItem is an Item that is still being typed.
type DraftItem struct {
	ProductID string `json:"productId,omitempty"`
	Name      string `json:"name,omitempty"`
	UnitPrice int64  `json:"unitPrice,omitempty"`
	Quantity  int64  `json:"quantity,omitempty"`
	Discount  int64  `json:"discount,omitempty"`
	TaxFree   bool   `json:"taxFree,omitempty"`
}

// DraftBuyer is a Buyer who is still being typed.
type DraftBuyer struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Preview is the text a request would send, as carriers count it.
type Preview struct {
	_        struct{} `additionalProperties:"true"`
	Text     string   `json:"text"`
	Kind     string   `json:"kind" enum:"SMS,LMS"`
	Bytes    int      `json:"bytes" doc:"In CP949"`
	Limit    int      `json:"limit" doc:"Of the kind, in bytes"`
	Replaced int      `json:"replaced" doc:"Characters that phones will show as ?"`
}

// RequestMessage is how far the text that told the buyer last has come.
type RequestMessage struct {
	_      struct{} `additionalProperties:"true"`
	Status string   `json:"status" enum:"QUEUED,ACCEPTED,DELIVERED,UNDELIVERED,REJECTED,DROPPED"`
	Kind   string   `json:"kind,omitempty" enum:"SMS,LMS,ALIMTALK" doc:"Once it was sent"`
	Reason string   `json:"reason,omitempty" doc:"Why it did not arrive, in the gateway's words"`
	At     string   `json:"at,omitempty" format:"date-time"`
}

// Request is a payment that a buyer was asked for (contract).
type Request struct {
	_           struct{}        `additionalProperties:"true"`
	ID          string          `json:"id" example:"req_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Kind        string          `json:"kind" enum:"SMS,ARS"`
	Status      string          `json:"status" enum:"SENDING,SENT,UNDELIVERED,IN_CALL,PAYING,PAID,FAILED,EXPIRED,WITHDRAWN" doc:"SENDING, SENT and UNDELIVERED are equally payable"`
	URL         string          `json:"url,omitempty" format:"uri" doc:"SMS: the buyer's page"`
	ARSNumber   string          `json:"arsNumber,omitempty" doc:"ARS: the number to call"`
	Code        string          `json:"code,omitempty" doc:"ARS: six digits"`
	CallStep    string          `json:"callStep,omitempty" enum:"CONNECTED,CARD" doc:"While IN_CALL: how far the caller has come"`
	PaymentID   string          `json:"paymentId"`
	OrderID     string          `json:"orderId"`
	OrderName   string          `json:"orderName"`
	Amount      money.Won       `json:"amount"`
	Buyer       Buyer           `json:"buyer"`
	StaffID     string          `json:"staffId,omitempty"`
	CreatedAt   string          `json:"createdAt" format:"date-time"`
	SentAt      string          `json:"sentAt,omitempty" format:"date-time"`
	OpenedAt    string          `json:"openedAt,omitempty" format:"date-time" doc:"Best effort: when a person first saw the page"`
	ExpiresAt   string          `json:"expiresAt" format:"date-time"`
	Tries       int             `json:"tries" doc:"Cards that were tried"`
	TriesLeft   int             `json:"triesLeft"`
	Message     *RequestMessage `json:"message,omitempty"`
	LastFailure *Failure        `json:"lastFailure,omitempty" doc:"Why the last card was declined, or why the request failed"`
}

// RequestList is one page.
type RequestList struct {
	_               struct{}  `additionalProperties:"true"`
	PaymentRequests []Request `json:"paymentRequests" nullable:"false" doc:"Newest first"`
	NextCursor      string    `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// ResendRequest may correct the number.
type ResendRequest struct {
	Phone string `json:"phone,omitempty" doc:"Another number: the old link is dead from then on"`
}

type requestCreateInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	Body RequestRequest
}

type requestInput struct {
	ID string `path:"id" maxLength:"64"`
}

type resendInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *ResendRequest
}

// phone is the number to correct to, empty when none was sent. What has no digit in it
// is no number, and not the wish to tell the old one again.
func (in *resendInput) phone() string {
	if in.Body == nil {
		return ""
	}
	if digits := digitsOnly(in.Body.Phone); digits != "" {
		return digits
	}
	return in.Body.Phone
}

type withdrawInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *struct{}
}

type requestListInput struct {
	Status    []string `query:"status,explode" enum:"SENDING,SENT,UNDELIVERED,IN_CALL,PAYING,PAID,FAILED,EXPIRED,WITHDRAWN"`
	PaymentID string   `query:"paymentId" maxLength:"64" doc:"The request of one payment"`
	Cursor    string   `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit     int      `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type requestCreated struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true when this request was answered before"`
	Body     Request
}

type requestOutput struct{ Body Request }

type requestListOutput struct{ Body RequestList }

type previewInput struct{ Body PreviewRequest }

type previewOutput struct{ Body Preview }

func (a *API) registerRequests() {
	tag := []string{"Payment requests"}
	add(a, access{permission: merchant.RequestManage, money: true}, huma.Operation{
		OperationID: "createPaymentRequest", Method: http.MethodPost, Path: "/v1/payment-requests", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Ask a buyer for a payment", Description: "The buyer is told by text. The payment exists from now on, in status READY.",
	}, a.createRequest)
	add(a, access{permission: merchant.RequestManage}, huma.Operation{
		OperationID: "previewPaymentRequest", Method: http.MethodPost, Path: "/v1/payment-requests/preview", Tags: tag,
		Summary: "The text a request would send", Description: "Nothing is stored or sent.",
	}, a.previewRequest)
	add(a, access{permission: merchant.RequestManage}, huma.Operation{
		OperationID: "listPaymentRequests", Method: http.MethodGet, Path: "/v1/payment-requests", Tags: tag, Summary: "Requests, newest first",
	}, a.listRequests)
	add(a, access{permission: merchant.RequestManage}, huma.Operation{
		OperationID: "paymentRequest", Method: http.MethodGet, Path: "/v1/payment-requests/{id}", Tags: tag, Summary: "One request",
	}, func(ctx context.Context, in *requestInput) (*requestOutput, error) {
		return a.request(a.Requests.Get(ctx, principal(ctx).Tenant, in.ID))
	})
	add(a, access{permission: merchant.RequestManage, exists: a.hasRequest}, huma.Operation{
		OperationID: "resendPaymentRequest", Method: http.MethodPost, Path: "/v1/payment-requests/{id}/resend", Tags: tag,
		Summary: "Tell the buyer again, perhaps at another number",
	}, func(ctx context.Context, in *resendInput) (*requestOutput, error) {
		p := principal(ctx)
		return a.request(a.Requests.Resend(ctx, p.Tenant, in.ID, in.phone(), p.UserID))
	})
	add(a, access{permission: merchant.RequestManage, exists: a.hasRequest}, huma.Operation{
		OperationID: "withdrawPaymentRequest", Method: http.MethodPost, Path: "/v1/payment-requests/{id}/withdraw", Tags: tag,
		Summary: "Take a request back", Description: "A buyer who is paying wins: 409 REQUEST_PAYING.",
	}, func(ctx context.Context, in *withdrawInput) (*requestOutput, error) {
		p := principal(ctx)
		return a.request(a.Requests.Withdraw(ctx, p.Tenant, in.ID, p.UserID))
	})
}

func (a *API) hasRequest(ctx context.Context, t merchant.Tenant, id string) error {
	_, err := a.Requests.Get(ctx, t, id)
	return err
}

func (a *API) createRequest(ctx context.Context, in *requestCreateInput) (*requestCreated, error) {
	until, err := moment("/expiresAt", in.Body.ExpiresAt)
	if err != nil {
		return nil, err
	}
	sale, err := a.create(ctx, in.Body.Sale, in.Key)
	if err != nil {
		return nil, err
	}
	c := payrequest.Create{Kind: payrequest.Kind(in.Body.Kind), Create: sale}
	c.Until = until
	v, replayed, err := a.Requests.Create(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &requestCreated{Body: a.requestView(v)}
	if replayed {
		out.Replayed = "true"
	}
	return out, nil
}

func (a *API) previewRequest(ctx context.Context, in *previewInput) (*previewOutput, error) {
	until, err := moment("/expiresAt", in.Body.ExpiresAt)
	if err != nil {
		return nil, err
	}
	p, err := a.Requests.Preview(ctx, principal(ctx).Tenant, payrequest.Kind(in.Body.Kind), in.Body.OrderName, money.Won(in.Body.Amount), until)
	if err != nil {
		return nil, err
	}
	return &previewOutput{Preview{Text: p.Text, Kind: string(p.Kind), Bytes: p.Bytes, Limit: p.Limit, Replaced: p.Replaced}}, nil
}

func (a *API) listRequests(ctx context.Context, in *requestListInput) (*requestListOutput, error) {
	f := payrequest.Filter{PaymentID: in.PaymentID}
	var err error
	if f.Before, err = decodeCursor(id.Request, in.Cursor); err != nil {
		return nil, err
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, payrequest.Status(s))
	}
	page, more, err := a.Requests.List(ctx, principal(ctx).Tenant, f, in.Limit)
	if err != nil {
		return nil, err
	}
	out := RequestList{PaymentRequests: make([]Request, 0, len(page))}
	for _, v := range page {
		out.PaymentRequests = append(out.PaymentRequests, a.requestView(v))
	}
	if more && len(page) > 0 {
		out.NextCursor = encodeCursor(page[len(page)-1].ID)
	}
	return &requestListOutput{out}, nil
}

func (a *API) request(v payrequest.View, err error) (*requestOutput, error) {
	if err != nil {
		return nil, err
	}
	return &requestOutput{a.requestView(v)}, nil
}

func (a *API) requestView(v payrequest.View) Request {
	p := v.Payment
	out := Request{
		ID: v.ID, Kind: string(v.Kind), Status: string(v.Status), URL: v.URL, PaymentID: v.PaymentID, OrderID: p.OrderID, OrderName: p.OrderName,
		Amount: p.Split.Amount, Buyer: Buyer(p.Buyer), StaffID: v.StaffID, CreatedAt: instant(v.CreatedAt), OpenedAt: instant(v.OpenedAt),
		ExpiresAt: instant(v.ExpiresAt), Tries: v.Tries, TriesLeft: max(0, payrequest.MaxTries-v.Tries), LastFailure: failure(p.Failure),
	}
	if v.Kind == payrequest.ByARS {
		out.ARSNumber, out.Code = a.Requests.ARSNumber, v.Code
	}
	if v.Status == payrequest.InCall {
		out.CallStep = string(v.CallStep)
	}
	if m := v.Message; m.ID != "" {
		out.SentAt = instant(m.AcceptedAt)
		at := m.SettledAt
		if at.IsZero() {
			at = m.AcceptedAt
		}
		out.Message = &RequestMessage{Status: string(m.Status), Kind: string(m.Kind), At: instant(at)}
		if m.Status == message.Undelivered || m.Status == message.Rejected {
			out.Message.Reason = m.Reason
		}
	}
	return out
}

// moment reads a time; the zero time when it is empty.
func moment(path, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 2000 || t.Year() >= 2100 {
		return time.Time{}, problem.InvalidField(path, "INVALID_DATE")
	}
	return t, nil
}
