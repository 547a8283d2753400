package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
)

// KeyKeeper makes and ends the API keys of a merchant.
type KeyKeeper interface {
	APIKeys(ctx context.Context, t merchant.Tenant) ([]merchant.KeyRow, error)
	APIKey(ctx context.Context, t merchant.Tenant, keyID string) (merchant.KeyRow, error)
	CreateKey(ctx context.Context, actor string, t merchant.Tenant, n merchant.NewKey) (string, merchant.KeyRow, error)
	RotateKey(ctx context.Context, actor string, t merchant.Tenant, keyID string, until time.Time) (string, merchant.KeyRow, error)
	RevokeKey(ctx context.Context, actor string, t merchant.Tenant, keyID string) error
}

// Key is an API key of the merchant.
type Key struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id" example:"key_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Name      string   `json:"name"`
	Hint      string   `json:"hint" doc:"How the key begins" example:"sk_test_Ab3d"`
	Live      bool     `json:"live" doc:"false: of a test installation"`
	Scopes    []string `json:"scopes" nullable:"false" enum:"all,payments.read,payments.write,payments.cancel,requests,receipts,catalog.read,catalog.write"`
	CreatedAt string   `json:"createdAt" format:"date-time"`
	UsedAt    string   `json:"usedAt,omitempty" format:"date-time" doc:"Last use, to the minute"`
	OldUntil  string   `json:"oldUntil,omitempty" format:"date-time" doc:"The secret before the last rotation works until then"`
	RevokedAt string   `json:"revokedAt,omitempty" format:"date-time"`
}

// KeyList are all of them.
type KeyList struct {
	_    struct{} `additionalProperties:"true"`
	Keys []Key    `json:"keys" nullable:"false" doc:"Newest first, revoked ones too"`
}

// SecretKey is a key with its secret, which is shown this once.
type SecretKey struct {
	_      struct{} `additionalProperties:"true"`
	Key    Key      `json:"key"`
	Secret string   `json:"secret" doc:"User name of HTTP Basic, with an empty password"`
}

// KeyRequest makes a key.
type KeyRequest struct {
	Name            string            `json:"name" maxLength:"100" doc:"1 to 50 characters"`
	Scopes          []string          `json:"scopes" nullable:"false" minItems:"1" maxItems:"8" enum:"all,payments.read,payments.write,payments.cancel,requests,receipts,catalog.read,catalog.write"`
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000" doc:"The caller's login password, again"`
}

// KeyRotation gives a key a new secret.
type KeyRotation struct {
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000" doc:"The caller's login password, again"`
	OldUntil        string            `json:"oldUntil,omitempty" format:"date-time" doc:"The present secret works until then, at most 7 days; absent: it ends now"`
}

type keyInput struct{ Body KeyRequest }

type keyRotateInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body KeyRotation
}

type keyPath struct {
	ID string `path:"id" maxLength:"64"`
}

type keysOutput struct{ Body KeyList }

type secretKeyOutput struct{ Body SecretKey }

func (a *API) registerKeys() {
	tag := []string{"Developers"}
	add(a, access{permission: merchant.KeyManage}, huma.Operation{
		OperationID: "listKeys", Method: http.MethodGet, Path: "/v1/keys", Tags: tag, Summary: "API keys of the merchant",
	}, a.listKeys)
	add(a, access{permission: merchant.KeyManage, login: true}, huma.Operation{
		OperationID: "createKey", Method: http.MethodPost, Path: "/v1/keys", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Make an API key", Description: "403 PASSWORD_WRONG counts like a failed login.",
	}, a.createKey)
	add(a, access{permission: merchant.KeyManage, login: true, exists: a.hasKey}, huma.Operation{
		OperationID: "rotateKey", Method: http.MethodPost, Path: "/v1/keys/{id}/rotate", Tags: tag,
		Summary: "Give a key a new secret", Description: "403 PASSWORD_WRONG counts like a failed login.",
	}, a.rotateKey)
	add(a, access{permission: merchant.KeyManage, exists: a.hasKey}, huma.Operation{
		OperationID: "revokeKey", Method: http.MethodDelete, Path: "/v1/keys/{id}", DefaultStatus: http.StatusNoContent, Tags: tag,
		Summary: "End a key at once",
	}, func(ctx context.Context, in *keyPath) (*struct{}, error) {
		p := principal(ctx)
		_, err := reached(struct{}{}, a.Keys.RevokeKey(ctx, p.UserID, p.Tenant, in.ID))
		return nil, err
	})
}

func (a *API) hasKey(ctx context.Context, t merchant.Tenant, id string) error {
	_, err := reached(a.Keys.APIKey(ctx, t, id))
	return err
}

func (a *API) listKeys(ctx context.Context, _ *struct{}) (*keysOutput, error) {
	rows, err := reached(a.Keys.APIKeys(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	out := KeyList{Keys: make([]Key, 0, len(rows))}
	for i := range rows {
		out.Keys = append(out.Keys, a.keyView(rows[len(rows)-1-i]))
	}
	return &keysOutput{out}, nil
}

func (a *API) createKey(ctx context.Context, in *keyInput) (*secretKeyOutput, error) {
	p := principal(ctx)
	names := make([]merchant.Scope, len(in.Body.Scopes))
	for i, s := range in.Body.Scopes {
		names[i] = merchant.Scope(s)
	}
	scopes, err := merchant.NewScopes(names...)
	if err != nil {
		return nil, err
	}
	if _, err := reached(struct{}{}, a.Account.Confirm(ctx, p, in.Body.PresentPassword)); err != nil {
		return nil, err
	}
	return a.secretKey(a.Keys.CreateKey(ctx, p.UserID, p.Tenant, merchant.NewKey{Name: in.Body.Name, Scopes: scopes, Live: !a.Simulated}))
}

func (a *API) rotateKey(ctx context.Context, in *keyRotateInput) (*secretKeyOutput, error) {
	until, err := moment("/oldUntil", in.Body.OldUntil)
	if err != nil {
		return nil, err
	}
	p := principal(ctx)
	if _, err := reached(struct{}{}, a.Account.Confirm(ctx, p, in.Body.PresentPassword)); err != nil {
		return nil, err
	}
	return a.secretKey(a.Keys.RotateKey(ctx, p.UserID, p.Tenant, in.ID, until))
}

func (a *API) secretKey(secret string, row merchant.KeyRow, err error) (*secretKeyOutput, error) {
	if _, err := reached(struct{}{}, err); err != nil {
		return nil, err
	}
	return &secretKeyOutput{SecretKey{Key: a.keyView(row), Secret: secret}}, nil
}

func (a *API) keyView(k merchant.KeyRow) Key {
	v := Key{
		ID: k.ID, Name: k.Name, Hint: k.Hint, Live: k.Live, Scopes: []string{}, CreatedAt: instant(k.CreatedAt), UsedAt: instant(k.UsedAt), RevokedAt: instant(k.RevokedAt),
	}
	if k.OldUntil.After(a.now()) && k.RevokedAt.IsZero() {
		v.OldUntil = instant(k.OldUntil)
	}
	for _, s := range k.Scopes.List() {
		v.Scopes = append(v.Scopes, string(s))
	}
	return v
}
