package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/registration"
	"innopay/internal/web/visit"
)

// RegistrationStart begins a registration.
type RegistrationStart struct {
	MerchantCode string `json:"merchantCode" maxLength:"40" doc:"Six characters; blanks, hyphens and small letters are taken, too"`
	InviteCode   string `json:"inviteCode" maxLength:"40" doc:"Eight characters"`
}

// Registration is how far somebody has come.
type Registration struct {
	_               struct{} `additionalProperties:"true"`
	Status          string   `json:"status" enum:"OPEN,PENDING,APPROVED,REFUSED"`
	MerchantName    string   `json:"merchantName,omitempty"`
	Token           string   `json:"token,omitempty" doc:"Once, when it begins: the header Registration-Token of what follows"`
	Name            string   `json:"name,omitempty"`
	Phone           string   `json:"phone,omitempty" doc:"Masked"`
	PhoneVerified   bool     `json:"phoneVerified"`
	CodeExpiresAt   string   `json:"codeExpiresAt,omitempty" format:"date-time" doc:"Of the code last sent, while it can be entered"`
	MinimumPassword int      `json:"minimumPassword" doc:"Least length of the password, in characters"`
	ExpiresAt       string   `json:"expiresAt" format:"date-time" doc:"OPEN: hand it in until then. PENDING: the owner decides until then"`
}

// RegistrationPhone is whose phone is to be proven.
type RegistrationPhone struct {
	Name  string `json:"name" maxLength:"200"`
	Phone string `json:"phone" maxLength:"40"`
}

// RegistrationCode is what was sent there.
type RegistrationCode struct {
	Code string `json:"code" maxLength:"20" doc:"Six digits"`
}

// LoginIDQuestion asks for an id.
type LoginIDQuestion struct {
	LoginID string `json:"loginId" maxLength:"200"`
}

// LoginIDAnswer says whether it can be chosen.
type LoginIDAnswer struct {
	_         struct{} `additionalProperties:"true"`
	Available bool     `json:"available"`
}

// RegistrationSubmission hands a registration in.
type RegistrationSubmission struct {
	LoginID  string            `json:"loginId" maxLength:"200"`
	Password merchant.Password `json:"password" maxLength:"1000"`
	Consents []ConsentAnswer   `json:"consents" minItems:"1" maxItems:"8" nullable:"false"`
}

// RegistrationToken is the header by which a registration is gone on with; exported, for
// huma looks into no other kind of embedded input.
type RegistrationToken struct {
	Token string `header:"Registration-Token" maxLength:"128"`
}

type registrationOutput struct{ Body Registration }

type registrationStartInput struct{ Body RegistrationStart }

type registrationInput struct{ RegistrationToken }

type registrationPhoneInput struct {
	RegistrationToken
	Body RegistrationPhone
}

type registrationCodeInput struct {
	RegistrationToken
	Body RegistrationCode
}

type loginIDInput struct {
	RegistrationToken
	Body LoginIDQuestion
}

type loginIDOutput struct{ Body LoginIDAnswer }

type registrationSubmissionInput struct {
	RegistrationToken
	Body RegistrationSubmission
}

// registerRegistrations registers the way in of staff. Whoever has the token of a
// registration goes on with it; nobody is logged in yet.
func (a *API) registerRegistrations() {
	begin, going := access{public: true, login: true}, access{public: true, login: true}
	add(a, begin, huma.Operation{
		OperationID: "beginRegistration", Method: http.MethodPost, Path: "/v1/registrations", DefaultStatus: http.StatusCreated, Tags: []string{"Registration"},
		Summary: "Begin to register at a shop", Description: "404 INVITE_INVALID whatever is wrong with either code.",
	}, func(ctx context.Context, in *registrationStartInput) (*registrationOutput, error) {
		return shown(a.Registrations.Begin(ctx, in.Body.MerchantCode, in.Body.InviteCode, clientOf(ctx)))
	})
	add(a, access{public: true}, huma.Operation{
		OperationID: "getRegistration", Method: http.MethodGet, Path: "/v1/registrations/current", Tags: []string{"Registration"}, Summary: "How far a registration has come",
	}, func(ctx context.Context, in *registrationInput) (*registrationOutput, error) {
		return shown(a.Registrations.Look(ctx, in.Token))
	})
	add(a, going, huma.Operation{
		OperationID: "sendRegistrationCode", Method: http.MethodPost, Path: "/v1/registrations/current/phone", Tags: []string{"Registration"},
		Summary: "Have a code sent to the phone", Description: "It works for five minutes and once, and five wrong ones spend it. A phone that was proven has to be proven anew.",
	}, func(ctx context.Context, in *registrationPhoneInput) (*registrationOutput, error) {
		return shown(a.Registrations.SendCode(ctx, in.Token, registration.Person{Name: in.Body.Name, Phone: in.Body.Phone}, clientOf(ctx)))
	})
	add(a, going, huma.Operation{
		OperationID: "verifyRegistrationCode", Method: http.MethodPost, Path: "/v1/registrations/current/phone/verify", DefaultStatus: http.StatusNoContent, Tags: []string{"Registration"},
		Summary: "Prove the phone", Description: "403 CODE_WRONG with triesLeft; 409 CODE_EXPIRED asks for another code.",
	}, func(ctx context.Context, in *registrationCodeInput) (*struct{}, error) {
		return nil, a.Registrations.Verify(ctx, in.Token, in.Body.Code, clientOf(ctx))
	})
	add(a, going, huma.Operation{
		OperationID: "checkLoginId", Method: http.MethodPost, Path: "/v1/registrations/current/login-id", Tags: []string{"Registration"},
		Summary: "Ask whether a login id can be chosen",
	}, func(ctx context.Context, in *loginIDInput) (*loginIDOutput, error) {
		free, err := a.Registrations.LoginIDFree(ctx, in.Token, in.Body.LoginID, clientOf(ctx))
		return &loginIDOutput{LoginIDAnswer{Available: free}}, err
	})
	add(a, going, huma.Operation{
		OperationID: "submitRegistration", Method: http.MethodPost, Path: "/v1/registrations/current/submit", Tags: []string{"Registration"},
		Summary: "Hand the registration in", Description: "The login id is taken and the invite used from then on; the owner is told and decides.",
	}, func(ctx context.Context, in *registrationSubmissionInput) (*registrationOutput, error) {
		return shown(a.Registrations.Submit(ctx, in.Token, registration.Submission{
			LoginID: in.Body.LoginID, Password: in.Body.Password, Consents: answersOf(in.Body.Consents), Client: clientAddress(ctx),
		}))
	})
}

// clientOf is what limits count the caller by.
func clientOf(ctx context.Context) string { return visit.From(ctx).Client() }

func shown(s registration.Shown, err error) (*registrationOutput, error) {
	if err != nil {
		return nil, err
	}
	out := Registration{
		Status: string(s.Status), MerchantName: s.MerchantName, Token: s.Token, Name: s.Name, PhoneVerified: !s.VerifiedAt.IsZero(),
		MinimumPassword: merchant.MinPasswordOf(merchant.Staff), ExpiresAt: instant(s.ExpiresAt),
	}
	if s.Phone != "" {
		out.Phone = message.MaskedPhone(s.Phone)
	}
	if !s.CodeUntil.IsZero() && s.CodeTries < registration.CodeTries {
		out.CodeExpiresAt = instant(s.CodeUntil)
	}
	return &registrationOutput{out}, nil
}
