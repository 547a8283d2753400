package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/push"
)

// PushKey is what a browser needs to subscribe.
type PushKey struct {
	_         struct{} `additionalProperties:"true"`
	PublicKey string   `json:"publicKey" doc:"applicationServerKey of PushManager.subscribe: a point of P-256, base64url"`
}

// PushKeys are a device's.
type PushKeys struct {
	P256DH string `json:"p256dh" maxLength:"120" doc:"A point of P-256, base64url"`
	Auth   string `json:"auth" maxLength:"60" doc:"16 bytes, base64url"`
}

// PushSubscriptionRequest is what PushSubscription.toJSON() gives.
type PushSubscriptionRequest struct {
	Endpoint string   `json:"endpoint" maxLength:"1000" doc:"https address of the browser maker's push service"`
	Keys     PushKeys `json:"keys"`
}

// PushSubscription is a device that is told.
type PushSubscription struct {
	_  struct{} `additionalProperties:"true"`
	ID string   `json:"id"`
}

type pushKeyOutput struct{ Body PushKey }

type pushInput struct{ Body PushSubscriptionRequest }

type pushOutput struct{ Body PushSubscription }

type pushPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (a *API) registerPush() {
	add(a, access{permission: merchant.DeviceSelf}, huma.Operation{
		OperationID: "pushKey", Method: http.MethodGet, Path: "/v1/push/key", Tags: []string{"Devices"}, Summary: "Key for subscribing",
	}, func(context.Context, *struct{}) (*pushKeyOutput, error) {
		return &pushKeyOutput{PushKey{PublicKey: a.Push.PublicKey()}}, nil
	})
	add(a, access{permission: merchant.DeviceSelf}, huma.Operation{
		OperationID: "subscribePush", Method: http.MethodPost, Path: "/v1/push/subscriptions", DefaultStatus: http.StatusCreated, Tags: []string{"Devices"},
		Summary: "Have this device told",
		Description: "Told are outcomes of payment requests, while the merchant's setting notify is on. Said again it changes nothing. " +
			"It ends with the session; of a user's devices the 20 seen last are told.",
	}, func(ctx context.Context, in *pushInput) (*pushOutput, error) {
		id, err := a.Push.Subscribe(ctx, principal(ctx), push.Device{Endpoint: in.Body.Endpoint, P256DH: in.Body.Keys.P256DH, Auth: in.Body.Keys.Auth})
		return &pushOutput{PushSubscription{ID: id}}, err
	})
	add(a, access{permission: merchant.DeviceSelf, exists: a.hasPush}, huma.Operation{
		OperationID: "unsubscribePush", Method: http.MethodDelete, Path: "/v1/push/subscriptions/{id}", DefaultStatus: http.StatusNoContent, Tags: []string{"Devices"},
		Summary: "Have this device told no more",
	}, func(ctx context.Context, in *pushPath) (*struct{}, error) {
		return nil, a.Push.Unsubscribe(ctx, principal(ctx), in.ID)
	})
}

// hasPush reports whether the caller has the subscription: a colleague's is absent, too.
func (a *API) hasPush(ctx context.Context, _ merchant.Tenant, id string) error {
	return a.Push.Has(ctx, principal(ctx), id)
}
