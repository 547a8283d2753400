package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
)

// OperatorUser is somebody who logs in, as operators see them.
type OperatorUser struct {
	_            struct{} `additionalProperties:"true"`
	ID           string   `json:"id"`
	LoginID      string   `json:"loginId"`
	Name         string   `json:"name"`
	Role         string   `json:"role" enum:"OWNER,STAFF,OPERATOR"`
	Status       string   `json:"status" enum:"INVITED,PENDING,ACTIVE,DISABLED" doc:"PENDING: registered, and waits for the owner, who alone decides"`
	SecondFactor bool     `json:"secondFactor" doc:"One is set up"`
	CreatedAt    string   `json:"createdAt" format:"date-time"`
	LastLoginAt  string   `json:"lastLoginAt,omitempty" format:"date-time" doc:"Absent: never"`
}

// OperatorUserList are the people of a merchant.
type OperatorUserList struct {
	_     struct{}       `additionalProperties:"true"`
	Users []OperatorUser `json:"users" nullable:"false" doc:"In the order in which they joined"`
}

// OperatorList are the operators of the installation.
type OperatorList struct {
	_         struct{}       `additionalProperties:"true"`
	Operators []OperatorUser `json:"operators" nullable:"false" doc:"In the order in which they joined"`
}

// UserSession is one login of somebody.
type UserSession struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id"`
	Device    string   `json:"device,omitempty"`
	CreatedAt string   `json:"createdAt" format:"date-time"`
	SeenAt    string   `json:"seenAt" format:"date-time"`
	ExpiresAt string   `json:"expiresAt" format:"date-time"`
}

// UserSessionList are the sessions that live, newest first.
type UserSessionList struct {
	_        struct{}      `additionalProperties:"true"`
	Sessions []UserSession `json:"sessions" nullable:"false"`
}

// OperatorInvitation asks for a new operator.
type OperatorInvitation struct {
	LoginID string `json:"loginId" maxLength:"64"`
	Name    string `json:"name" maxLength:"50"`
	Reason  string `json:"reason" maxLength:"200"`
}

// ActReason says why an operator does what takes something away or gives it back.
type ActReason struct {
	Reason string `json:"reason" maxLength:"200"`
}

// OperatorAnswer is the operator as it stands now.
type OperatorAnswer struct {
	_        struct{}     `additionalProperties:"true"`
	Operator OperatorUser `json:"operator"`
	Approval *Approval    `json:"approval,omitempty" doc:"Present when another operator decides, or decided, about it"`
}

// UserPath names somebody of a merchant; exported as MerchantPath is.
type UserPath struct {
	MerchantPath
	ID string `path:"id" maxLength:"64"`
}

type userActInput struct {
	UserPath
	Body ActReason
}

type userSessionPath struct {
	UserPath
	SessionID string `path:"sessionId" maxLength:"64"`
}

type operatorActInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ActReason
}

type inviteOperatorInput struct{ Body OperatorInvitation }

type (
	operatorUsersOutput struct{ Body OperatorUserList }
	operatorUserOutput  struct{ Body OperatorUser }
	userSessionsOutput  struct{ Body UserSessionList }
	operatorsOutput     struct{ Body OperatorList }
	operatorOutput      struct {
		Status int
		Body   OperatorAnswer
	}
)

func (a *API) registerUsers() {
	manage, tags := access{permission: merchant.MerchantManage}, []string{"Operator"}
	const users = "/v1/operator/merchants/{merchantId}/users"
	add(a, manage, huma.Operation{
		OperationID: "listUsers", Method: http.MethodGet, Path: users, Tags: tags, Summary: "The people of a merchant",
	}, a.listUsers)
	for act, status := range map[string]merchant.UserStatus{"disable": merchant.UserDisabled, "enable": merchant.UserActive} {
		summary := map[string]string{"disable": "Lock somebody out and end their sessions", "enable": "Let somebody in again"}[act]
		add(a, manage, huma.Operation{
			OperationID: act + "User", Method: http.MethodPost, Path: users + "/{id}/" + act, Tags: tags, Summary: summary,
		}, func(ctx context.Context, in *userActInput) (*operatorUserOutput, error) {
			t, err := a.shop(ctx, in.MerchantID)
			if err != nil {
				return nil, err
			}
			u, err := a.Desk.SetUser(ctx, principal(ctx).UserID, t, in.ID, status, in.Body.Reason)
			return &operatorUserOutput{operatorUserView(u)}, err
		})
		add(a, access{permission: merchant.OperatorManage}, huma.Operation{
			OperationID: act + "Operator", Method: http.MethodPost, Path: "/v1/operator/operators/{id}/" + act, Tags: tags,
			Summary:     map[string]string{"disable": "Lock an operator out, but never the last one", "enable": "Ask for an operator to come back"}[act],
			Description: map[string]string{"disable": "Holds at once.", "enable": "202 with the approval that waits for another operator."}[act],
		}, func(ctx context.Context, in *operatorActInput) (*operatorOutput, error) {
			return a.setOperator(ctx, in, status)
		})
	}
	add(a, manage, huma.Operation{
		OperationID: "listUserSessions", Method: http.MethodGet, Path: users + "/{id}/sessions", Tags: tags, Summary: "Where somebody is logged in",
	}, a.listUserSessions)
	add(a, manage, huma.Operation{
		OperationID: "endUserSessions", Method: http.MethodDelete, Path: users + "/{id}/sessions", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "End all of somebody's sessions",
	}, func(ctx context.Context, in *UserPath) (*struct{}, error) { return nil, a.endSession(ctx, *in, "") })
	add(a, manage, huma.Operation{
		OperationID: "endUserSession", Method: http.MethodDelete, Path: users + "/{id}/sessions/{sessionId}", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "End one session of somebody",
	}, func(ctx context.Context, in *userSessionPath) (*struct{}, error) {
		return nil, a.endSession(ctx, in.UserPath, in.SessionID)
	})
	add(a, access{permission: merchant.OperatorManage}, huma.Operation{
		OperationID: "listOperators", Method: http.MethodGet, Path: "/v1/operator/operators", Tags: tags, Summary: "The operators of the installation",
	}, a.listOperators)
	add(a, access{permission: merchant.OperatorManage}, huma.Operation{
		OperationID: "inviteOperator", Method: http.MethodPost, Path: "/v1/operator/operators", Tags: tags, Summary: "Ask for a new operator",
		Description: "202 with the approval that waits. Who approves is shown a link, once, with which the new operator sets password and second factor.",
	}, func(ctx context.Context, in *inviteOperatorInput) (*approvalOutput, error) {
		asked, result, err := a.Desk.InviteOperator(ctx, principal(ctx).UserID, in.Body.LoginID, in.Body.Name, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return a.applied(ctx, asked, result)
	})
}

// shop is the tenant of a merchant that an operator names. Operators themselves are none.
func (a *API) shop(ctx context.Context, merchantID string) (merchant.Tenant, error) {
	t := merchant.TenantOf(merchantID)
	_, err := reached(a.Directory.Merchant(ctx, t))
	return t, err
}

func (a *API) listUsers(ctx context.Context, in *MerchantPath) (*operatorUsersOutput, error) {
	t, err := a.shop(ctx, in.MerchantID)
	if err != nil {
		return nil, err
	}
	users, err := reached(a.Directory.Users(ctx, t))
	return &operatorUsersOutput{OperatorUserList{Users: operatorUsersView(users)}}, err
}

func (a *API) listUserSessions(ctx context.Context, in *UserPath) (*userSessionsOutput, error) {
	t, err := a.shop(ctx, in.MerchantID)
	if err != nil {
		return nil, err
	}
	rows, err := reached(a.Desk.Registry.SessionsOf(ctx, t, in.ID))
	if err != nil {
		return nil, err
	}
	out := UserSessionList{Sessions: make([]UserSession, 0, len(rows))}
	for _, s := range rows {
		out.Sessions = append(out.Sessions, UserSession{
			ID: s.ID, Device: s.Device, CreatedAt: instant(s.CreatedAt), SeenAt: instant(s.SeenAt), ExpiresAt: instant(s.ExpiresAt),
		})
	}
	return &userSessionsOutput{out}, nil
}

func (a *API) endSession(ctx context.Context, in UserPath, sessionID string) error {
	t, err := a.shop(ctx, in.MerchantID)
	if err != nil {
		return err
	}
	return a.Desk.Registry.EndSession(ctx, principal(ctx).UserID, t, in.ID, sessionID)
}

func (a *API) listOperators(ctx context.Context, _ *struct{}) (*operatorsOutput, error) {
	users, err := reached(a.Directory.Users(ctx, merchant.TenantOf("")))
	return &operatorsOutput{OperatorList{Operators: operatorUsersView(users)}}, err
}

func (a *API) setOperator(ctx context.Context, in *operatorActInput, s merchant.UserStatus) (*operatorOutput, error) {
	asked, err := a.Desk.SetOperator(ctx, principal(ctx).UserID, in.ID, s, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	users, err := reached(a.Directory.Users(ctx, merchant.TenantOf("")))
	if err != nil {
		return nil, err
	}
	out := &operatorOutput{}
	for _, u := range users {
		if u.ID == in.ID {
			out.Body.Operator = operatorUserView(u)
		}
	}
	out.Body.Approval, out.Status, err = a.askedFor(ctx, asked)
	return out, err
}

func operatorUsersView(users []merchant.User) []OperatorUser {
	out := make([]OperatorUser, 0, len(users))
	for _, u := range users {
		out = append(out, operatorUserView(u))
	}
	return out
}

func operatorUserView(u merchant.User) OperatorUser {
	return OperatorUser{
		ID: u.ID, LoginID: u.LoginID, Name: u.Name, Role: string(u.Role), Status: string(u.Status), SecondFactor: u.TOTP,
		CreatedAt: instant(u.CreatedAt), LastLoginAt: instant(u.LastLogin),
	}
}
