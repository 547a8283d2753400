package api

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"rsc.io/qr"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/receipt/desk"
	"innopay/internal/web/visit"
	"innopay/messenger"
)

// SecondFactor is how the caller's stands.
type SecondFactor struct {
	_             struct{} `additionalProperties:"true"`
	On            bool     `json:"on"`
	Required      bool     `json:"required" doc:"The caller's role cannot do without"`
	RecoveryCodes int      `json:"recoveryCodes" doc:"Unused ones"`
}

// SecondFactorSetup is shown once.
type SecondFactorSetup struct {
	_         struct{} `additionalProperties:"true"`
	Challenge string   `json:"challenge" doc:"Goes back with the code"`
	Secret    string   `json:"secret" doc:"Base 32, for typing into an authenticator app"`
	URI       string   `json:"uri" doc:"otpauth address of the same"`
	QR        string   `json:"qr" doc:"The address as QR code, a data URI of a PNG"`
	ExpiresAt string   `json:"expiresAt" format:"date-time"`
}

// SecondFactorCode confirms the set-up.
type SecondFactorCode struct {
	Challenge string `json:"challenge" maxLength:"200"`
	Code      string `json:"code" maxLength:"20" doc:"Six digits"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	_             struct{} `additionalProperties:"true"`
	RecoveryCodes []string `json:"recoveryCodes" nullable:"false" doc:"Each works once in place of a code of the authenticator app"`
}

// FactorProof is password and code, given again.
type FactorProof struct {
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000"`
	Code            string            `json:"code" maxLength:"20" doc:"Of the authenticator app, or a recovery code"`
}

// MailAddress is how the caller is reached.
type MailAddress struct {
	_       struct{} `additionalProperties:"true"`
	Offered bool     `json:"offered" doc:"The installation sends mail"`
	Address string   `json:"address,omitempty" doc:"Proven, masked; absent: none"`
	Pending string   `json:"pending,omitempty" doc:"A code for it is under way, masked"`
}

// MailRequest sets another.
type MailRequest struct {
	PresentPassword merchant.Password `json:"presentPassword" maxLength:"1000"`
	Address         string            `json:"address" maxLength:"254"`
}

// MailCode proves it.
type MailCode struct {
	Code string `json:"code" maxLength:"20" doc:"Six digits, as mailed"`
}

// ResetRequest asks for a link to set a new password.
type ResetRequest struct {
	LoginID string `json:"loginId" maxLength:"200"`
}

type factorOutput struct{ Body SecondFactor }

type factorSetupOutput struct{ Body SecondFactorSetup }

type recoveryOutput struct{ Body RecoveryCodes }

type presentInput struct{ Body PresentPassword }

type factorCodeInput struct {
	Body SecondFactorCode
}

type factorProofInput struct {
	Body FactorProof
}

type mailOutput struct{ Body MailAddress }

type mailInput struct{ Body MailRequest }

type mailCodeInput struct{ Body MailCode }

type resetInput struct{ Body ResetRequest }

func (a *API) registerSecondFactor() {
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "getSecondFactor", Method: http.MethodGet, Path: "/v1/second-factor", Tags: []string{"Sessions"}, Summary: "The caller's second factor",
	}, func(ctx context.Context, _ *struct{}) (*factorOutput, error) {
		f, err := reached(a.Signin.SecondFactor(ctx, principal(ctx)))
		if err != nil {
			return nil, err
		}
		return &factorOutput{SecondFactor{On: f.On, Required: f.Required, RecoveryCodes: f.RecoveryCodes}}, nil
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "beginSecondFactor", Method: http.MethodPost, Path: "/v1/second-factor/options", Tags: []string{"Sessions"},
		Summary: "Begin to set up an authenticator app", Description: "Nothing changes before the first code. 403 PASSWORD_WRONG counts like a failed login.",
	}, a.beginSecondFactor)
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "confirmSecondFactor", Method: http.MethodPost, Path: "/v1/second-factor", Tags: []string{"Sessions"},
		Summary: "Switch the second factor on", Description: "All other sessions of the caller end. The recovery codes are shown this once.",
	}, func(ctx context.Context, in *factorCodeInput) (*recoveryOutput, error) {
		return recovery(reached(a.Signin.ConfirmTOTP(ctx, principal(ctx), visit.From(ctx).Session, in.Body.Challenge, in.Body.Code)))
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "disableSecondFactor", Method: http.MethodPost, Path: "/v1/second-factor/disable", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Switch the second factor off", Description: "403 CODE_WRONG counts like a failed login. All other sessions of the caller end.",
	}, func(ctx context.Context, in *factorProofInput) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Signin.DisableTOTP(ctx, principal(ctx), visit.From(ctx).Session, in.Body.proof()))
		return nil, err
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "replaceRecoveryCodes", Method: http.MethodPost, Path: "/v1/second-factor/recovery-codes", Tags: []string{"Sessions"},
		Summary: "New recovery codes", Description: "Those before stop working, and all other sessions of the caller end. 403 CODE_WRONG counts like a failed login.",
	}, func(ctx context.Context, in *factorProofInput) (*recoveryOutput, error) {
		return recovery(reached(a.Signin.NewRecoveryCodes(ctx, principal(ctx), visit.From(ctx).Session, in.Body.proof())))
	})
}

func (f FactorProof) proof() merchant.Proof {
	return merchant.Proof{Password: f.PresentPassword, Code: f.Code}
}

func recovery(codes []string, err error) (*recoveryOutput, error) {
	if err != nil {
		return nil, err
	}
	return &recoveryOutput{RecoveryCodes{RecoveryCodes: codes}}, nil
}

func (a *API) beginSecondFactor(ctx context.Context, in *presentInput) (*factorSetupOutput, error) {
	s, err := reached(a.Signin.BeginTOTP(ctx, principal(ctx), in.Body.PresentPassword))
	if err != nil {
		return nil, err
	}
	code, err := qr.Encode(s.URI, qr.M)
	if err != nil {
		return nil, err
	}
	return &factorSetupOutput{SecondFactorSetup{
		Challenge: s.Challenge, Secret: s.Secret, URI: s.URI, ExpiresAt: instant(s.ExpiresAt),
		QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG()),
	}}, nil
}

func (a *API) registerMailAddress() {
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "getMailAddress", Method: http.MethodGet, Path: "/v1/mail-address", Tags: []string{"Sessions"}, Summary: "The caller's mail address",
	}, func(ctx context.Context, _ *struct{}) (*mailOutput, error) {
		m, err := reached(a.Signin.Mail(ctx, principal(ctx)))
		if err != nil {
			return nil, err
		}
		return &mailOutput{MailAddress{Offered: a.Messages.Offers(messenger.Email, message.MailCode), Address: maskedMail(m.Address), Pending: maskedMail(m.Pending)}}, nil
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "changeMailAddress", Method: http.MethodPut, Path: "/v1/mail-address", DefaultStatus: http.StatusAccepted, Tags: []string{"Sessions"},
		Summary: "Set the caller's mail address", Description: "A code goes there; until it is given back the address before stays. 403 PASSWORD_WRONG counts like a failed login.",
	}, func(ctx context.Context, in *mailInput) (*struct{}, error) {
		if !a.Messages.Offers(messenger.Email, message.MailCode) {
			return nil, desk.ErrNotOffered
		}
		_, err := reached(struct{}{}, a.Signin.ChangeMail(ctx, principal(ctx), in.Body.PresentPassword, in.Body.Address))
		return nil, err
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "proveMailAddress", Method: http.MethodPost, Path: "/v1/mail-address/verify", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Prove the mail address",
	}, func(ctx context.Context, in *mailCodeInput) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Signin.ProveMail(ctx, principal(ctx), in.Body.Code))
		return nil, err
	})
	add(a, access{permission: merchant.SessionSelf, login: true}, huma.Operation{
		OperationID: "removeMailAddress", Method: http.MethodPost, Path: "/v1/mail-address/remove", DefaultStatus: http.StatusNoContent, Tags: []string{"Sessions"},
		Summary: "Forget the mail address", Description: "403 PASSWORD_WRONG counts like a failed login.",
	}, func(ctx context.Context, in *presentInput) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Signin.RemoveMail(ctx, principal(ctx), in.Body.PresentPassword))
		return nil, err
	})
	add(a, access{public: true, login: true}, huma.Operation{
		OperationID: "askPasswordReset", Method: http.MethodPost, Path: "/v1/password-resets", DefaultStatus: http.StatusAccepted, Tags: []string{"Sessions"},
		Summary: "Forgotten password",
		Description: "Answers the same for every id. When a user with this id has a proven mail address, a link goes there that works once, for ten minutes. " +
			"At most three an hour for one id.",
	}, func(ctx context.Context, in *resetInput) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Signin.AskReset(ctx, in.Body.LoginID))
		return nil, err
	})
}

// maskedMail is an address as its owner knows it again; none stays none.
func maskedMail(address string) string {
	if address == "" {
		return ""
	}
	return message.MaskedEmail(address)
}
