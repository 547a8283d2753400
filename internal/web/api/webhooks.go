package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/webhook"
)

// Webhook is an address of the merchant's that is told.
type Webhook struct {
	_           struct{} `additionalProperties:"true"`
	ID          string   `json:"id" example:"whk_01ja2b3c4d5e6f7g8h9jakbmcn"`
	URL         string   `json:"url" format:"uri"`
	Events      []string `json:"events" nullable:"false" enum:"payment.approved,payment.declined,payment.unknown,payment.canceled,payment.reversed,payment.expired,payment.withdrawn,request.changed,cash_receipt.changed"`
	Description string   `json:"description"`
	Active      bool     `json:"active"`
	Disabled    string   `json:"disabled,omitempty" enum:"GONE,FAILING" doc:"Why the server turned it off: it answered 410, or nothing arrived for five days"`
	FailingFrom string   `json:"failingFrom,omitempty" format:"date-time" doc:"First failure since the last success"`
	OldUntil    string   `json:"oldUntil,omitempty" format:"date-time" doc:"The secret before signs besides until then"`
	CreatedAt   string   `json:"createdAt" format:"date-time"`
	Version     int64    `json:"version" doc:"Name it when changing it"`
}

// WebhookList are all of them.
type WebhookList struct {
	_        struct{}  `additionalProperties:"true"`
	Webhooks []Webhook `json:"webhooks" nullable:"false" doc:"Newest first"`
}

// SecretWebhook is a webhook with its secret, which is shown this once.
type SecretWebhook struct {
	_       struct{} `additionalProperties:"true"`
	Webhook Webhook  `json:"webhook"`
	Secret  string   `json:"secret" doc:"whsec_ and base64, as libraries of Standard Webhooks take it"`
}

// WebhookRequest describes a webhook.
type WebhookRequest struct {
	URL         string   `json:"url" maxLength:"1000" doc:"https, by a name of the public internet, at port 443 or 8443"`
	Events      []string `json:"events" nullable:"false" minItems:"1" maxItems:"20" enum:"payment.approved,payment.declined,payment.unknown,payment.canceled,payment.reversed,payment.expired,payment.withdrawn,request.changed,cash_receipt.changed"`
	Description string   `json:"description,omitempty" maxLength:"200"`
	Active      *bool    `json:"active,omitempty" doc:"true when absent"`
}

// WebhookChange replaces the description of a webhook.
type WebhookChange struct {
	WebhookRequest
	Version int64 `json:"version" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// WebhookRotation gives a webhook a new secret.
type WebhookRotation struct {
	OverlapHours int `json:"overlapHours,omitempty" minimum:"0" maximum:"168" doc:"So long the present secret signs besides; 0: it ends now"`
}

// DeliveryAttempt is one try.
type DeliveryAttempt struct {
	_       struct{} `additionalProperties:"true"`
	Number  int      `json:"number"`
	At      string   `json:"at" format:"date-time"`
	Millis  int64    `json:"millis" doc:"How long it took"`
	Status  int      `json:"status,omitempty" doc:"Of HTTP; absent: no answer"`
	Failure string   `json:"failure,omitempty" enum:"TIMEOUT,NOT_PUBLIC,UNREACHABLE,UNSIGNED,OFF"`
	Answer  string   `json:"answer,omitempty" doc:"Its first 1 KB"`
}

// Delivery is an event on its way to a webhook.
type Delivery struct {
	_         struct{}          `additionalProperties:"true"`
	ID        string            `json:"id"`
	EventID   string            `json:"eventId" doc:"The header webhook-id: the same however often it is sent"`
	Type      string            `json:"type"`
	Subject   string            `json:"subject" doc:"What it is about"`
	Status    string            `json:"status" enum:"PENDING,DELIVERED,FAILED"`
	CreatedAt string            `json:"createdAt" format:"date-time"`
	DueAt     string            `json:"dueAt,omitempty" format:"date-time" doc:"Next try"`
	SettledAt string            `json:"settledAt,omitempty" format:"date-time"`
	Attempts  []DeliveryAttempt `json:"attempts" nullable:"false" doc:"Oldest first"`
}

// WebhookDeliveryList is one page.
type WebhookDeliveryList struct {
	_          struct{}   `additionalProperties:"true"`
	Deliveries []Delivery `json:"deliveries" nullable:"false" doc:"Newest first; kept for 30 days"`
	NextCursor string     `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

type webhookInput struct{ Body WebhookRequest }

type webhookChangeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body WebhookChange
}

type webhookRotateInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body WebhookRotation
}

type webhookPath struct {
	ID string `path:"id" maxLength:"64"`
}

type deliveryPath struct {
	ID         string `path:"id" maxLength:"64"`
	DeliveryID string `path:"deliveryId" maxLength:"64"`
}

type hookDeliveriesInput struct {
	ID     string `path:"id" maxLength:"64"`
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type webhooksOutput struct{ Body WebhookList }

type webhookOutput struct{ Body Webhook }

type secretWebhookOutput struct{ Body SecretWebhook }

type hookDeliveriesOutput struct{ Body WebhookDeliveryList }

type hookDeliveryOutput struct{ Body Delivery }

func (a *API) registerWebhooks() {
	tag := []string{"Developers"}
	may := access{permission: merchant.WebhookManage}
	own := access{permission: merchant.WebhookManage, exists: a.hasWebhook}
	add(a, may, huma.Operation{
		OperationID: "listWebhooks", Method: http.MethodGet, Path: "/v1/webhooks", Tags: tag, Summary: "Webhooks of the merchant",
	}, a.listWebhooks)
	add(a, may, huma.Operation{
		OperationID: "createWebhook", Method: http.MethodPost, Path: "/v1/webhooks", DefaultStatus: http.StatusCreated, Tags: tag, Summary: "Have an address told",
		Description: "By Standard Webhooks: headers webhook-id, webhook-timestamp and webhook-signature; a body of type, timestamp and data, " +
			"which is the resource as GET shows it with its version. Repeated in order until it is answered with 2xx, 11 times in three days.",
	}, func(ctx context.Context, in *webhookInput) (*secretWebhookOutput, error) {
		p := principal(ctx)
		return a.secretWebhook(a.Webhooks.Add(ctx, p.Tenant, p.UserID, in.Body.wanted()))
	})
	add(a, own, huma.Operation{
		OperationID: "changeWebhook", Method: http.MethodPut, Path: "/v1/webhooks/{id}", Tags: tag, Summary: "Change a webhook, or turn it on again",
	}, func(ctx context.Context, in *webhookChangeInput) (*webhookOutput, error) {
		p := principal(ctx)
		w, err := a.Webhooks.Change(ctx, p.Tenant, p.UserID, in.ID, in.Body.Version, in.Body.wanted())
		return &webhookOutput{a.webhookView(w)}, err
	})
	add(a, own, huma.Operation{
		OperationID: "removeWebhook", Method: http.MethodDelete, Path: "/v1/webhooks/{id}", DefaultStatus: http.StatusNoContent, Tags: tag, Summary: "Remove a webhook and its log",
	}, func(ctx context.Context, in *webhookPath) (*struct{}, error) {
		p := principal(ctx)
		return nil, a.Webhooks.Remove(ctx, p.Tenant, p.UserID, in.ID)
	})
	add(a, own, huma.Operation{
		OperationID: "rotateWebhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/rotate", Tags: tag, Summary: "Give a webhook a new secret",
	}, func(ctx context.Context, in *webhookRotateInput) (*secretWebhookOutput, error) {
		p := principal(ctx)
		return a.secretWebhook(a.Webhooks.Rotate(ctx, p.Tenant, p.UserID, in.ID, time.Duration(in.Body.OverlapHours)*time.Hour))
	})
	add(a, own, huma.Operation{
		OperationID: "testWebhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/test", Tags: tag, Summary: "Send an event of the type webhook.test",
	}, func(ctx context.Context, in *webhookPath) (*hookDeliveryOutput, error) {
		p := principal(ctx)
		d, err := a.Webhooks.Test(ctx, p.Tenant, p.UserID, in.ID)
		return &hookDeliveryOutput{deliveryView(webhook.Logged{Delivery: d})}, err
	})
	add(a, own, huma.Operation{
		OperationID: "listDeliveries", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries", Tags: tag, Summary: "What a webhook was told, and how it answered",
	}, a.listHookDeliveries)
	add(a, own, huma.Operation{
		OperationID: "resendDelivery", Method: http.MethodPost, Path: "/v1/webhooks/{id}/deliveries/{deliveryId}/resend", Tags: tag, Summary: "Send a settled delivery again",
	}, func(ctx context.Context, in *deliveryPath) (*hookDeliveryOutput, error) {
		p := principal(ctx)
		d, err := a.Webhooks.Resend(ctx, p.Tenant, p.UserID, in.ID, in.DeliveryID)
		return &hookDeliveryOutput{deliveryView(webhook.Logged{Delivery: d})}, err
	})
}

func (r WebhookRequest) wanted() webhook.Wanted {
	return webhook.Wanted{URL: r.URL, Events: r.Events, Description: r.Description, Active: r.Active == nil || *r.Active}
}

func (a *API) hasWebhook(ctx context.Context, t merchant.Tenant, id string) error {
	return a.Webhooks.Has(ctx, t, id)
}

func (a *API) listWebhooks(ctx context.Context, _ *struct{}) (*webhooksOutput, error) {
	all, err := a.Webhooks.List(ctx, principal(ctx).Tenant)
	out := WebhookList{Webhooks: make([]Webhook, 0, len(all))}
	for i := range all {
		out.Webhooks = append(out.Webhooks, a.webhookView(all[len(all)-1-i]))
	}
	return &webhooksOutput{out}, err
}

func (a *API) secretWebhook(w webhook.Webhook, err error) (*secretWebhookOutput, error) {
	return &secretWebhookOutput{SecretWebhook{Webhook: a.webhookView(w), Secret: w.Secret}}, err
}

func (a *API) webhookView(w webhook.Webhook) Webhook {
	v := Webhook{
		ID: w.ID, URL: w.URL, Events: w.Events, Description: w.Description, Active: w.Active, Disabled: string(w.Disabled),
		FailingFrom: instant(w.FailingSince), CreatedAt: instant(w.CreatedAt), Version: w.Version,
	}
	if w.OldUntil.After(a.now()) {
		v.OldUntil = instant(w.OldUntil)
	}
	return v
}

func (a *API) listHookDeliveries(ctx context.Context, in *hookDeliveriesInput) (*hookDeliveriesOutput, error) {
	before, err := decodeCursor(id.Delivery, in.Cursor)
	if err != nil {
		return nil, err
	}
	page, more, err := a.Webhooks.Deliveries(ctx, principal(ctx).Tenant, in.ID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := WebhookDeliveryList{Deliveries: make([]Delivery, 0, len(page))}
	for _, d := range page {
		out.Deliveries = append(out.Deliveries, deliveryView(d))
	}
	if more && len(page) > 0 {
		out.NextCursor = encodeCursor(page[len(page)-1].ID)
	}
	return &hookDeliveriesOutput{out}, nil
}

func deliveryView(d webhook.Logged) Delivery {
	v := Delivery{
		ID: d.ID, EventID: d.EventID, Type: d.Type, Subject: d.Subject, Status: string(d.Status), CreatedAt: instant(d.CreatedAt),
		DueAt: instant(d.DueAt), SettledAt: instant(d.SettledAt), Attempts: make([]DeliveryAttempt, 0, len(d.Log)),
	}
	for _, a := range d.Log {
		v.Attempts = append(v.Attempts, DeliveryAttempt{
			Number: a.Number, At: instant(a.At), Millis: a.Took.Milliseconds(), Status: a.Status, Failure: a.Failure, Answer: a.Answer,
		})
	}
	return v
}

// resources show what webhooks tell as the operations of the API show it.
type resources struct{ api *API }

// NewResources are those of the options' features.
func NewResources(o Options) webhook.Resources { return resources{&API{Options: o}} }

// Payment implements webhook.Resources.
func (r resources) Payment(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error) {
	p, err := r.api.Payments.Get(ctx, t, id)
	if err != nil {
		return nil, 0, err
	}
	one := []payment.Payment{p}
	if err := r.api.withReceipts(ctx, t, one); err != nil {
		return nil, 0, err
	}
	raw, err := r.api.Presenter.Render(one[0])
	return raw, p.Version, err
}

// Request implements webhook.Resources.
func (r resources) Request(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error) {
	v, err := r.api.Requests.Get(ctx, t, id)
	if err != nil {
		return nil, 0, err
	}
	raw, err := json.Marshal(r.api.requestView(v))
	// Its payment and its text change it as well; a new text begins with a new version of
	// the request. Each has far fewer than a thousand.
	return raw, (v.Version*1000+v.Payment.Version)*1000 + v.Message.Version, err
}

// CashReceipt implements webhook.Resources.
func (r resources) CashReceipt(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error) {
	c, err := r.api.CashReceipts.Get(ctx, t, id)
	if err != nil {
		return nil, 0, err
	}
	raw, err := json.Marshal(r.api.cashReceiptView(c))
	return raw, c.Version, err
}
