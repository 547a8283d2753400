package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/web/visit"
)

// SessionRequest is one try to log in.
type SessionRequest struct {
	LoginID  string            `json:"loginId" maxLength:"200"`
	Password merchant.Password `json:"password" maxLength:"1000"`
	TOTPCode string            `json:"totpCode,omitempty" maxLength:"20" doc:"Six digits, or a recovery code, when TOTP_REQUIRED was answered"`
}

// User is who is logged in.
type User struct {
	_       struct{} `additionalProperties:"true"`
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Role    string   `json:"role" enum:"OWNER,STAFF,OPERATOR"`
	LoginID string   `json:"loginId"`
}

// Session is a login.
type Session struct {
	_           struct{}          `additionalProperties:"true"`
	ID          string            `json:"id"`
	User        User              `json:"user"`
	MerchantID  string            `json:"merchantId,omitempty" doc:"Absent for operators"`
	Permissions *StaffPermissions `json:"permissions,omitempty" doc:"What the caller may do; owners everything. Absent for operators"`
	ExpiresAt   string            `json:"expiresAt,omitempty" format:"date-time" doc:"At the latest; it ends earlier when idle. Present when logging in"`
}

type sessionOutput struct {
	Body Session
}

type loginOutput struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
	Body    Session
}

// VisitorInput is the browser somebody logs in with, and the screen; exported, for huma
// looks into no other kind of embedded input.
type VisitorInput struct {
	Client string `header:"Innopay-Client" hidden:"true"`
	Device string `header:"User-Agent" hidden:"true"`
	Secure string `cookie:"__Host-innopay-device" hidden:"true"`
	Plain  string `cookie:"innopay-device" hidden:"true"`
}

func (v *VisitorInput) visitor(tls bool) merchant.Visitor {
	out := merchant.Visitor{Device: deviceName(v.Device), DeviceToken: v.Plain}
	if tls {
		out.DeviceToken = v.Secure
	}
	return out
}

type loginInput struct {
	VisitorInput
	Body SessionRequest
}

type logoutOutput struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Clear  string      `header:"Clear-Site-Data"`
}

func (a *API) registerSessions() {
	add(a, access{public: true, login: true}, huma.Operation{
		OperationID: "logIn", Method: http.MethodPost, Path: "/v1/sessions", DefaultStatus: http.StatusCreated, Tags: []string{"Sessions"},
		Summary: "Log in", Description: "Sets the cookie of the session; an operator's has a name of its own. 401 TOTP_REQUIRED asks for the code of the second factor.",
	}, a.logIn)
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "currentSession", Method: http.MethodGet, Path: "/v1/sessions/current", Tags: []string{"Sessions"}, Summary: "Who is logged in",
	}, func(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
		return &sessionOutput{sessionView(principal(ctx))}, nil
	})
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "logOut", Method: http.MethodDelete, Path: "/v1/sessions/current", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Log out",
	}, a.logOut)
}

// maxDevice is how much of a browser's name is kept with its session.
const maxDevice = 200

func (a *API) logIn(ctx context.Context, in *loginInput) (*loginOutput, error) {
	s, err := reached(a.Login.Login(ctx, merchant.LoginRequest{
		LoginID: in.Body.LoginID, Password: in.Body.Password, TOTPCode: in.Body.TOTPCode, Visitor: in.visitor(a.TLS),
	}))
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, in.Client, s)
}

// loggedIn is the answer to a login, with the cookies of the session and of the browser.
// A session at a screen that is not its own ends at once.
func (a *API) loggedIn(ctx context.Context, client string, s merchant.Session) (*loginOutput, error) {
	if a.ConsoleApart {
		client = App
		if visit.From(ctx).Console {
			client = Console
		}
	}
	if wrong := belongs(client, s.Principal.Role); wrong != nil {
		_, err := reached(struct{}{}, a.Login.Logout(ctx, s.Token))
		return nil, errors.Join(wrong, err)
	}
	view := sessionView(s.Principal)
	view.ExpiresAt = instant(s.ExpiresAt)
	return &loginOutput{Cookies: []http.Cookie{a.cookie(s.Principal.Role, s.Token, s.ExpiresAt), a.deviceCookie(s.DeviceToken)}, Body: view}, nil
}

func (a *API) logOut(ctx context.Context, _ *struct{}) (*logoutOutput, error) {
	if _, err := reached(struct{}{}, a.Login.Logout(ctx, visit.From(ctx).Session)); err != nil {
		return nil, err
	}
	return &logoutOutput{Cookie: a.cookie(principal(ctx).Role, "", time.Time{}), Clear: `"cache"`}, nil
}

// deviceName is the printable beginning of a browser's name.
func deviceName(agent string) string {
	out := make([]rune, 0, maxDevice)
	for _, r := range agent {
		if len(out) == maxDevice {
			break
		}
		if plainText(string(r)) && r != '\uFFFD' {
			out = append(out, r)
		}
	}
	return string(out)
}

func sessionView(p merchant.Principal) Session {
	s := Session{
		ID: p.SessionID, User: User{ID: p.UserID, Name: p.Name, Role: string(p.Role), LoginID: p.LoginID}, MerchantID: p.Tenant.ID(),
	}
	if p.Role != merchant.Operator {
		s.Permissions = permissionsView(p.Rights)
	}
	return s
}
