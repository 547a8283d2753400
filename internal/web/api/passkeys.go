package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/web/visit"
)

// Signin is what people prove themselves with beside their password, and how they get
// back in without it; innopay/internal/merchant.Passkeys implements it.
type Signin interface {
	BeginLogin(ctx context.Context, origin string) (merchant.Asked, error)
	LoginWithPasskey(ctx context.Context, r merchant.PasskeyLogin) (merchant.Session, error)
	BeginPasskey(ctx context.Context, p merchant.Principal, origin string, present merchant.Password) (merchant.Asked, error)
	AddPasskey(ctx context.Context, p merchant.Principal, token string, n merchant.NewPasskey) (merchant.PasskeyRow, error)
	Passkeys(ctx context.Context, p merchant.Principal) ([]merchant.PasskeyRow, error)
	RenamePasskey(ctx context.Context, p merchant.Principal, passkeyID, name string) (merchant.PasskeyRow, error)
	RemovePasskey(ctx context.Context, p merchant.Principal, token, passkeyID string) error

	SecondFactor(ctx context.Context, p merchant.Principal) (merchant.SecondFactor, error)
	BeginTOTP(ctx context.Context, p merchant.Principal, present merchant.Password) (merchant.TOTPSetup, error)
	ConfirmTOTP(ctx context.Context, p merchant.Principal, token, challenge, code string) ([]string, error)
	DisableTOTP(ctx context.Context, p merchant.Principal, token string, given merchant.Proof) error
	NewRecoveryCodes(ctx context.Context, p merchant.Principal, token string, given merchant.Proof) ([]string, error)

	Mail(ctx context.Context, p merchant.Principal) (merchant.UserMail, error)
	ChangeMail(ctx context.Context, p merchant.Principal, present merchant.Password, address string) error
	ProveMail(ctx context.Context, p merchant.Principal, code string) error
	RemoveMail(ctx context.Context, p merchant.Principal, present merchant.Password) error

	AskReset(ctx context.Context, loginID string) error
}

// Asked is what the browser's navigator.credentials is given.
type Asked struct {
	_         struct{} `additionalProperties:"true"`
	Challenge string   `json:"challenge" doc:"Goes back with the answer; answered once"`
	PublicKey any      `json:"publicKey" doc:"PublicKeyCredentialRequestOptionsJSON or PublicKeyCredentialCreationOptionsJSON (WebAuthn)"`
	ExpiresAt string   `json:"expiresAt" format:"date-time"`
}

// Passkey is one of the caller's.
type Passkey struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	CreatedAt string   `json:"createdAt" format:"date-time"`
	UsedAt    string   `json:"usedAt,omitempty" format:"date-time" doc:"Absent while never used"`
	Blocked   bool     `json:"blocked" doc:"Its count of uses went back: there may be a copy, so it does not work any more"`
}

// PasskeyList is all of them.
type PasskeyList struct {
	_        struct{}  `additionalProperties:"true"`
	Passkeys []Passkey `json:"passkeys" nullable:"false" doc:"Oldest first"`
}

// PasskeyAnswer logs in.
type PasskeyAnswer struct {
	Challenge  string         `json:"challenge" maxLength:"200"`
	Credential map[string]any `json:"credential" doc:"AuthenticationResponseJSON (WebAuthn)"`
}

// PresentPassword is the caller's, given again.
type PresentPassword struct {
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000"`
}

// PasskeyRequest registers one.
type PasskeyRequest struct {
	Challenge  string         `json:"challenge" maxLength:"200"`
	Name       string         `json:"name" maxLength:"200" doc:"1 to 50 characters"`
	Credential map[string]any `json:"credential" doc:"RegistrationResponseJSON (WebAuthn)"`
}

// PasskeyName is its new name.
type PasskeyName struct {
	Name string `json:"name" maxLength:"200" doc:"1 to 50 characters"`
}

type askedOutput struct{ Body Asked }

type passkeyOutput struct{ Body Passkey }

type passkeysOutput struct{ Body PasskeyList }

type originInput struct {
	Origin string `header:"Origin" hidden:"true"`
}

type passkeyLoginInput struct {
	VisitorInput
	Body PasskeyAnswer
}

type passkeyOptionsInput struct {
	Origin string `header:"Origin" hidden:"true"`
	Body   PresentPassword
}

type passkeyInput struct {
	Body PasskeyRequest
}

type passkeyNameInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body PasskeyName
}

type passkeyPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (a *API) registerPasskeys() {
	add(a, access{public: true, login: true}, huma.Operation{
		OperationID: "askForPasskey", Method: http.MethodPost, Path: "/v1/sessions/passkey/options", Tags: []string{"Sessions"},
		Summary: "Ask a browser for a passkey", Description: "For any passkey of this server; valid for five minutes and one answer.",
	}, func(ctx context.Context, in *originInput) (*askedOutput, error) {
		return asked(reached(a.Signin.BeginLogin(ctx, in.Origin)))
	})
	add(a, access{public: true, login: true}, huma.Operation{
		OperationID: "logInWithPasskey", Method: http.MethodPost, Path: "/v1/sessions/passkey", DefaultStatus: http.StatusCreated, Tags: []string{"Sessions"},
		Summary: "Log in with a passkey", Description: "Counts as both factors. Sets the session cookie as POST /v1/sessions does.",
	}, a.logInWithPasskey)
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "listPasskeys", Method: http.MethodGet, Path: "/v1/passkeys", Tags: []string{"Sessions"}, Summary: "The caller's passkeys",
	}, func(ctx context.Context, _ *struct{}) (*passkeysOutput, error) {
		rows, err := reached(a.Signin.Passkeys(ctx, principal(ctx)))
		if err != nil {
			return nil, err
		}
		out := PasskeyList{Passkeys: make([]Passkey, 0, len(rows))}
		for _, r := range rows {
			out.Passkeys = append(out.Passkeys, passkeyView(r))
		}
		return &passkeysOutput{out}, nil
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "askForNewPasskey", Method: http.MethodPost, Path: "/v1/passkeys/options", Tags: []string{"Sessions"},
		Summary: "Ask a browser to make a passkey", Description: "403 PASSWORD_WRONG counts like a failed login.",
	}, func(ctx context.Context, in *passkeyOptionsInput) (*askedOutput, error) {
		return asked(reached(a.Signin.BeginPasskey(ctx, principal(ctx), in.Origin, in.Body.PresentPassword)))
	})
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "addPasskey", Method: http.MethodPost, Path: "/v1/passkeys", DefaultStatus: http.StatusCreated, Tags: []string{"Sessions"},
		Summary: "Register a passkey", Description: "All other sessions of the caller end.",
	}, a.addPasskey)
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "renamePasskey", Method: http.MethodPut, Path: "/v1/passkeys/{id}", Tags: []string{"Sessions"}, Summary: "Rename a passkey",
	}, func(ctx context.Context, in *passkeyNameInput) (*passkeyOutput, error) {
		row, err := reached(a.Signin.RenamePasskey(ctx, principal(ctx), in.ID, in.Body.Name))
		if err != nil {
			return nil, err
		}
		return &passkeyOutput{passkeyView(row)}, nil
	})
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "removePasskey", Method: http.MethodDelete, Path: "/v1/passkeys/{id}", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Remove a passkey", Description: "All other sessions of the caller end.",
	}, func(ctx context.Context, in *passkeyPath) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Signin.RemovePasskey(ctx, principal(ctx), visit.From(ctx).Session, in.ID))
		return nil, err
	})
}

func asked(q merchant.Asked, err error) (*askedOutput, error) {
	if err != nil {
		return nil, err
	}
	return &askedOutput{Asked{Challenge: q.Challenge, PublicKey: q.Options, ExpiresAt: instant(q.ExpiresAt)}}, nil
}

func (a *API) logInWithPasskey(ctx context.Context, in *passkeyLoginInput) (*loginOutput, error) {
	answer, err := json.Marshal(in.Body.Credential)
	if err != nil {
		return nil, err
	}
	s, err := reached(a.Signin.LoginWithPasskey(ctx, merchant.PasskeyLogin{
		Challenge: in.Body.Challenge, Credential: answer, Visitor: in.visitor(a.TLS),
	}))
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, in.Client, s)
}

func (a *API) addPasskey(ctx context.Context, in *passkeyInput) (*passkeyOutput, error) {
	answer, err := json.Marshal(in.Body.Credential)
	if err != nil {
		return nil, err
	}
	row, err := reached(a.Signin.AddPasskey(ctx, principal(ctx), visit.From(ctx).Session, merchant.NewPasskey{
		Challenge: in.Body.Challenge, Name: in.Body.Name, Credential: answer,
	}))
	if err != nil {
		return nil, err
	}
	return &passkeyOutput{passkeyView(row)}, nil
}

func passkeyView(r merchant.PasskeyRow) Passkey {
	p := Passkey{ID: r.ID, Name: r.Name, CreatedAt: instant(r.CreatedAt), Blocked: r.Blocked}
	if !r.UsedAt.IsZero() {
		p.UsedAt = instant(r.UsedAt)
	}
	return p
}

// deviceLife is how long a browser is told again after its last login; browsers keep
// nothing for longer.
const deviceLife = 400 * 24 * time.Hour

// DeviceCookieName is the name of the cookie by which a browser is told again at its
// next login. It logs nobody in.
func DeviceCookieName(tls bool) string {
	if tls {
		return "__Host-innopay-device"
	}
	return "innopay-device"
}

func (a *API) deviceCookie(token string) http.Cookie {
	return http.Cookie{ //nolint:gosec // as the cookie of the session
		Name: DeviceCookieName(a.TLS), Value: token, Path: "/", Secure: a.TLS, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Expires: a.now().Add(deviceLife).UTC(), MaxAge: int(deviceLife / time.Second),
	}
}
