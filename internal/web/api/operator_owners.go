package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/registration"
)

// OwnerRequest gives somebody the id of an owner.
type OwnerRequest struct {
	LoginID string `json:"loginId" maxLength:"200"`
	Name    string `json:"name" maxLength:"200"`
	Email   string `json:"email" maxLength:"200"`
	Phone   string `json:"phone,omitempty" maxLength:"40" doc:"Where the code is sent when the link is opened; without one it goes to the address"`
}

// IssuedID is an id that was given out.
type IssuedID struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id" doc:"User id"`
	LoginID   string   `json:"loginId"`
	Name      string   `json:"name"`
	Email     string   `json:"email" doc:"Masked"`
	Phone     string   `json:"phone,omitempty" doc:"Masked"`
	Status    string   `json:"status" enum:"SENT,OPENED,ACTIVE,EXPIRED,WITHDRAWN" doc:"OPENED: the link was opened and the code asked for. EXPIRED and WITHDRAWN: send another mail"`
	Mails     int      `json:"mails" doc:"How many were sent"`
	MailedAt  string   `json:"mailedAt" format:"date-time"`
	ExpiresAt string   `json:"expiresAt" format:"date-time" doc:"Of the link"`
}

// OwnerList are those of a merchant.
type OwnerList struct {
	_      struct{}   `additionalProperties:"true"`
	Owners []IssuedID `json:"owners" nullable:"false" doc:"Newest first"`
}

// MailPreview is a mail as it would be sent.
type MailPreview struct {
	_       struct{} `additionalProperties:"true"`
	To      string   `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	HTML    string   `json:"html" doc:"Show it in a sandboxed frame. In the place of the link stands an address that leads nowhere"`
}

type ownerInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	Body       OwnerRequest
}

type ownersInput struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
}

type ownerPath struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
	ID         string `path:"id" maxLength:"64"`
}

type issuedOutput struct{ Body IssuedID }

type ownersOutput struct{ Body OwnerList }

type mailPreviewOutput struct{ Body MailPreview }

func (r OwnerRequest) newcomer() registration.Newcomer {
	return registration.Newcomer{LoginID: r.LoginID, Name: r.Name, Email: r.Email, Phone: r.Phone}
}

// registerOwners registers how operators give owners their ids. Nobody but the owner ever
// knows a password.
func (a *API) registerOwners() {
	manage := access{permission: merchant.MerchantManage}
	const path = "/v1/operator/merchants/{merchantId}/owners"
	add(a, manage, huma.Operation{
		OperationID: "listOwners", Method: http.MethodGet, Path: path, Tags: []string{"Operator"}, Summary: "Owners' ids that were given out at a merchant",
	}, func(ctx context.Context, in *ownersInput) (*ownersOutput, error) {
		given, err := a.Registrations.Given(ctx, merchant.TenantOf(in.MerchantID))
		if err != nil {
			return nil, err
		}
		out := OwnerList{Owners: make([]IssuedID, 0, len(given))}
		for _, i := range given {
			out.Owners = append(out.Owners, issuedView(i))
		}
		return &ownersOutput{out}, nil
	})
	add(a, manage, huma.Operation{
		OperationID: "issueOwner", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated, Tags: []string{"Operator"},
		Summary:     "Give somebody the id of an owner",
		Description: "One mail brings a link of 72 hours; a code proves who opens it, and the owner sets the login password and the shop's cancel password. An id whose owner never came may be given out again.",
	}, func(ctx context.Context, in *ownerInput) (*issuedOutput, error) {
		i, err := a.Registrations.IssueOwner(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.Body.newcomer())
		return issuedAnswer(i, err)
	})
	add(a, manage, huma.Operation{
		OperationID: "previewOwner", Method: http.MethodPost, Path: path + "/preview", Tags: []string{"Operator"}, Summary: "The mail as it would be sent",
	}, func(ctx context.Context, in *ownerInput) (*mailPreviewOutput, error) {
		c, err := a.Registrations.Preview(ctx, merchant.TenantOf(in.MerchantID), in.Body.newcomer())
		return &mailPreviewOutput{MailPreview{To: in.Body.Email, Subject: c.Subject, Text: c.Text, HTML: c.HTML}}, err
	})
	add(a, manage, huma.Operation{
		OperationID: "resendOwner", Method: http.MethodPost, Path: path + "/{id}/resend", Tags: []string{"Operator"},
		Summary: "Send the mail again", Description: "With a new link of 72 hours; the one before stops working. 409 ALREADY_ACTIVE when the password is set.",
	}, func(ctx context.Context, in *ownerPath) (*issuedOutput, error) {
		i, err := a.Registrations.Resend(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID)
		return issuedAnswer(i, err)
	})
	add(a, manage, huma.Operation{
		OperationID: "withdrawOwner", Method: http.MethodPost, Path: path + "/{id}/withdraw", Tags: []string{"Operator"},
		Summary:     "Take the link back before it is used",
		Description: "A mail that waits goes out no more, and link, code and password page stop working at once. The id stays; resend sends another link. 409 ALREADY_ACTIVE when the password is set.",
	}, func(ctx context.Context, in *ownerPath) (*issuedOutput, error) {
		i, err := a.Registrations.Withdraw(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.ID)
		return issuedAnswer(i, err)
	})
}

func issuedAnswer(i registration.Issued, err error) (*issuedOutput, error) {
	if err != nil {
		return nil, err
	}
	return &issuedOutput{issuedView(i)}, nil
}

func issuedView(i registration.Issued) IssuedID {
	out := IssuedID{
		ID: i.UserID, LoginID: i.User.LoginID, Name: i.User.Name, Email: message.MaskedEmail(i.Email), Status: string(i.Status),
		Mails: i.Generation, MailedAt: instant(i.MailedAt), ExpiresAt: instant(i.ExpiresAt),
	}
	if i.Phone != "" {
		out.Phone = message.MaskedPhone(i.Phone)
	}
	return out
}
