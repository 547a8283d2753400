package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/web/visit"
)

// OwnSession is a device on which the caller is logged in.
type OwnSession struct {
	_         struct{}      `additionalProperties:"true"`
	ID        string        `json:"id"`
	Current   bool          `json:"current" doc:"The one that asks"`
	Device    SessionDevice `json:"device"`
	CreatedAt string        `json:"createdAt" format:"date-time"`
	SeenAt    string        `json:"seenAt" format:"date-time" doc:"Last use, to the minute"`
	ExpiresAt string        `json:"expiresAt" format:"date-time" doc:"At the latest; it ends earlier when idle"`
	PushID    string        `json:"pushId,omitempty" doc:"Push subscription of the device: it is told while the app is closed"`
}

// OwnSessions are all of them.
type OwnSessions struct {
	_               struct{}     `additionalProperties:"true"`
	Sessions        []OwnSession `json:"sessions" nullable:"false" doc:"Newest first"`
	MinimumPassword int          `json:"minimumPassword" doc:"Least length of the caller's password, in characters"`
}

// PasswordRequest sets a new password.
type PasswordRequest struct {
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000"`
	Password        merchant.Password `json:"password" maxLength:"1000" doc:"The new one"`
}

type ownSessionsOutput struct{ Body OwnSessions }

type sessionPath struct {
	ID string `path:"id" maxLength:"64"`
}

type passwordInput struct{ Body PasswordRequest }

// registerAccount registers what people do with their own sessions and password. Each
// sees and ends their own alone.
func (a *API) registerAccount() {
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "listSessions", Method: http.MethodGet, Path: "/v1/sessions", Tags: []string{"Sessions"}, Summary: "Where the caller is logged in",
	}, a.ownSessions)
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "endSession", Method: http.MethodDelete, Path: "/v1/sessions/{id}", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Log another device out", Description: "At once: its next request is refused, and it is told over its stream of events.",
	}, func(ctx context.Context, in *sessionPath) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Account.RevokeSession(ctx, principal(ctx), in.ID))
		return nil, err
	})
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "endOtherSessions", Method: http.MethodDelete, Path: "/v1/sessions", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Log all other devices out",
	}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Account.RevokeSessions(ctx, principal(ctx), visit.From(ctx).Session))
		return nil, err
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "changePassword", Method: http.MethodPut, Path: "/v1/password", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Change the own password", Description: "403 PASSWORD_WRONG counts like a failed login. All other sessions end.",
	}, func(ctx context.Context, in *passwordInput) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Account.ChangePassword(ctx, principal(ctx), visit.From(ctx).Session, in.Body.PresentPassword, in.Body.Password))
		return nil, err
	})
}

func (a *API) ownSessions(ctx context.Context, _ *struct{}) (*ownSessionsOutput, error) {
	p := principal(ctx)
	rows, err := reached(a.Account.Sessions(ctx, p))
	if err != nil {
		return nil, err
	}
	told, err := a.Push.BySession(ctx, p)
	if err != nil {
		return nil, err
	}
	out := OwnSessions{Sessions: make([]OwnSession, 0, len(rows)), MinimumPassword: merchant.MinPasswordOf(p.Role)}
	for _, s := range rows {
		out.Sessions = append(out.Sessions, OwnSession{
			ID: s.ID, Current: s.ID == p.SessionID, Device: deviceOf(s.Device), CreatedAt: instant(s.CreatedAt), SeenAt: instant(s.SeenAt),
			ExpiresAt: instant(s.ExpiresAt), PushID: told[s.ID],
		})
	}
	return &ownSessionsOutput{out}, nil
}
