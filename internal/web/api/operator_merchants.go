package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/merchant"
	"innopay/money"
)

// MerchantTerminal is one terminal as an acquirer knows it.
type MerchantTerminal struct {
	TID      string `json:"tid" maxLength:"8" doc:"Terminal number, ISO 8583 DE41: letters and digits"`
	MID      string `json:"mid" maxLength:"15" doc:"Merchant number at the acquirer, DE42: letters and digits"`
	Acquirer string `json:"acquirer" maxLength:"50" doc:"Adapter's name, one of GET /v1/operator/adapters"`
}

// ReviewCheck is one line of the list that a merchant passes before it takes money.
type ReviewCheck struct {
	_     struct{} `additionalProperties:"true"`
	Check string   `json:"check" enum:"BUSINESS_NUMBER,TERMINALS,CONTRACT,ACCOUNT"`
	OK    bool     `json:"ok"`
}

// OperatorMerchant is a merchant as operators see it.
type OperatorMerchant struct {
	_                   struct{}           `additionalProperties:"true"`
	ID                  string             `json:"id"`
	Name                string             `json:"name"`
	BusinessNumber      string             `json:"businessNumber" doc:"Ten digits"`
	OwnerName           string             `json:"ownerName"`
	Address             string             `json:"address"`
	Phone               string             `json:"phone" doc:"Digits"`
	TaxType             string             `json:"taxType" enum:"TAXABLE,TAX_FREE,MIXED"`
	VATRounding         string             `json:"vatRounding" enum:"NEAREST,FLOOR"`
	AuthenticationLevel string             `json:"authenticationLevel" enum:"NONE,PARTIAL,FULL"`
	MinimumCardAmount   money.Won          `json:"minimumCardAmount"`
	MCC                 string             `json:"mcc"`
	ForbidPlainTrack    bool               `json:"forbidPlainTrack"`
	ChipFirst           string             `json:"chipFirst" enum:"ASK,REFUSE"`
	Status              string             `json:"status" enum:"REVIEW,ACTIVE,SUSPENDED,CLOSED" doc:"REVIEW and SUSPENDED: people log in and read, payments are cancelled and settled, none is taken. CLOSED: nobody logs in"`
	Terminals           []MerchantTerminal `json:"terminals" nullable:"false"`
	CreatedAt           string             `json:"createdAt" format:"date-time"`
	Version             int64              `json:"version" doc:"Name it when changing the merchant"`
	Review              []ReviewCheck      `json:"review,omitempty" doc:"Of one merchant: what activation asks for"`
	Fixed               bool               `json:"fixed,omitempty" doc:"Of one merchant: there are payments, so that taxType and businessNumber do not change any more"`
	ApprovalID          string             `json:"approvalId,omitempty" doc:"Of one merchant: its activation waits for another operator"`
}

// OperatorMerchantList is one page of merchants, newest first.
type OperatorMerchantList struct {
	_          struct{}           `additionalProperties:"true"`
	Merchants  []OperatorMerchant `json:"merchants" nullable:"false"`
	NextCursor string             `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

// MerchantDetails are what stands on receipts and decides how payments are taken.
type MerchantDetails struct {
	Name                string `json:"name" maxLength:"50"`
	BusinessNumber      string `json:"businessNumber" maxLength:"20" doc:"Digits and hyphens; the check digit must be right. Fixed once there is a payment"`
	OwnerName           string `json:"ownerName" maxLength:"50"`
	Address             string `json:"address" maxLength:"200"`
	Phone               string `json:"phone" maxLength:"20" doc:"Digits and hyphens"`
	TaxType             string `json:"taxType" enum:"TAXABLE,TAX_FREE,MIXED" doc:"Fixed once there is a payment"`
	VATRounding         string `json:"vatRounding,omitempty" enum:"NEAREST,FLOOR" default:"NEAREST"`
	AuthenticationLevel string `json:"authenticationLevel,omitempty" enum:"NONE,PARTIAL,FULL" default:"FULL"`
	MinimumCardAmount   int64  `json:"minimumCardAmount,omitempty" minimum:"1" maximum:"9999999999" default:"100"`
	MCC                 string `json:"mcc" maxLength:"4" doc:"Four digits, ISO 18245"`
	ForbidPlainTrack    bool   `json:"forbidPlainTrack,omitempty" doc:"Refuse card readers that do not encrypt"`
	ChipFirst           string `json:"chipFirst,omitempty" enum:"ASK,REFUSE" default:"ASK"`
}

// MerchantCreation asks for a new merchant.
type MerchantCreation struct {
	MerchantDetails
	Terminals []MerchantTerminal `json:"terminals" minItems:"1" maxItems:"64" nullable:"false"`
}

// MerchantChange replaces the details.
type MerchantChange struct {
	MerchantDetails
	Version int64 `json:"version" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// TerminalsChange replaces the terminals.
type TerminalsChange struct {
	Terminals []MerchantTerminal `json:"terminals" minItems:"1" maxItems:"64" nullable:"false"`
	Version   int64              `json:"version" minimum:"1" maximum:"9007199254740991" doc:"Of the merchant, as read"`
}

// MerchantStatusChange is a step in the life of a merchant.
type MerchantStatusChange struct {
	Status string `json:"status" enum:"ACTIVE,SUSPENDED,CLOSED"`
	Reason string `json:"reason" maxLength:"200"`
}

// MerchantStatusAnswer is the merchant as it stands now.
type MerchantStatusAnswer struct {
	_        struct{}         `additionalProperties:"true"`
	Merchant OperatorMerchant `json:"merchant"`
	Approval *Approval        `json:"approval,omitempty" doc:"Present when another operator decides, or decided, about it"`
}

// MerchantPath names the merchant that an operation of operators is about; exported, for
// huma looks into no other kind of embedded input.
type MerchantPath struct {
	MerchantID string `path:"merchantId" maxLength:"64"`
}

type merchantsInput struct {
	Q      string `query:"q" maxLength:"100" doc:"A part of the name or business number, or a whole id or terminal number"`
	Status string `query:"status" enum:"REVIEW,ACTIVE,SUSPENDED,CLOSED"`
	Cursor string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type merchantsOutput struct{ Body OperatorMerchantList }

type operatorMerchantOutput struct{ Body OperatorMerchant }

type createMerchantInput struct{ Body MerchantCreation }

type changeMerchantInput struct {
	MerchantPath
	Body MerchantChange
}

type terminalsInput struct {
	MerchantPath
	Body TerminalsChange
}

type merchantStatusInput struct {
	MerchantPath
	Body MerchantStatusChange
}

type merchantStatusOutput struct {
	Status int
	Body   MerchantStatusAnswer
}

func (a *API) registerMerchants() {
	manage, tags := access{permission: merchant.MerchantManage}, []string{"Operator"}
	add(a, manage, huma.Operation{
		OperationID: "listMerchants", Method: http.MethodGet, Path: "/v1/operator/merchants", Tags: tags, Summary: "Merchants, newest first",
	}, a.listMerchants)
	add(a, manage, huma.Operation{
		OperationID: "createMerchant", Method: http.MethodPost, Path: "/v1/operator/merchants", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Add a merchant", Description: "It begins in REVIEW and takes money once it is ACTIVE.",
	}, a.createMerchant)
	add(a, manage, huma.Operation{
		OperationID: "merchant", Method: http.MethodGet, Path: "/v1/operator/merchants/{merchantId}", Tags: tags, Summary: "One merchant",
	}, func(ctx context.Context, in *MerchantPath) (*operatorMerchantOutput, error) {
		return a.operatorMerchant(ctx, in.MerchantID)
	})
	add(a, manage, huma.Operation{
		OperationID: "changeMerchant", Method: http.MethodPut, Path: "/v1/operator/merchants/{merchantId}", Tags: tags, Summary: "Change a merchant",
	}, a.changeMerchant)
	add(a, manage, huma.Operation{
		OperationID: "setTerminals", Method: http.MethodPut, Path: "/v1/operator/merchants/{merchantId}/terminals", Tags: tags,
		Summary: "Replace a merchant's terminals", Description: "The first one by number takes the app's payments. One with which payments were taken that are not settled or could still be cancelled stays: TERMINAL_IN_USE.",
	}, a.setTerminals)
	add(a, manage, huma.Operation{
		OperationID: "setMerchantStatus", Method: http.MethodPost, Path: "/v1/operator/merchants/{merchantId}/status", Tags: tags,
		Summary:     "Activate, suspend or close a merchant",
		Description: "SUSPENDED and CLOSED hold at once. ACTIVE asks for everything of the review and for another operator: 202 with the approval that waits, 200 where the installation has one operator. CLOSED ends every session, key and link of the merchant for good.",
	}, a.setMerchantStatus)
}

func (a *API) listMerchants(ctx context.Context, in *merchantsInput) (*merchantsOutput, error) {
	before, err := decodeCursor(id.Merchant, in.Cursor)
	if err != nil {
		return nil, err
	}
	ms, err := reached(a.Desk.Registry.FindMerchants(ctx, merchant.MerchantFilter{Text: in.Q, Status: merchant.Status(in.Status), Before: before}, in.Limit+1))
	if err != nil {
		return nil, err
	}
	var out OperatorMerchantList
	ms, out.NextCursor = page(ms, in.Limit, func(m merchant.Merchant) string { return m.ID })
	out.Merchants = make([]OperatorMerchant, 0, len(ms))
	for _, m := range ms {
		out.Merchants = append(out.Merchants, operatorMerchantView(m))
	}
	return &merchantsOutput{out}, nil
}

// page cuts what was read beyond the limit and gives the cursor to it.
func page[T any](all []T, limit int, idOf func(T) string) (rows []T, next string) {
	if len(all) <= limit {
		return all, ""
	}
	return all[:limit], encodeCursor(idOf(all[limit-1]))
}

func (a *API) createMerchant(ctx context.Context, in *createMerchantInput) (*operatorMerchantOutput, error) {
	b := in.Body
	m, err := reached(a.Desk.Create(ctx, principal(ctx).UserID, merchant.NewMerchant{
		Name: b.Name, BusinessNumber: b.BusinessNumber, OwnerName: b.OwnerName, Address: b.Address, Phone: b.Phone,
		TaxType: money.TaxType(b.TaxType), Rounding: money.Rounding(b.VATRounding), AuthLevel: merchant.AuthLevel(b.AuthenticationLevel),
		MinCardAmount: money.Won(b.MinimumCardAmount), MCC: b.MCC, Terminals: terminalsOf(b.Terminals),
		ForbidPlainTrack: b.ForbidPlainTrack, ChipFirst: merchant.ChipFirst(b.ChipFirst),
	}))
	if err != nil {
		return nil, err
	}
	return a.operatorMerchant(ctx, m.ID)
}

func terminalsOf(in []MerchantTerminal) []merchant.Terminal {
	out := make([]merchant.Terminal, 0, len(in))
	for _, t := range in {
		out = append(out, merchant.Terminal(t))
	}
	return out
}

func (a *API) changeMerchant(ctx context.Context, in *changeMerchantInput) (*operatorMerchantOutput, error) {
	b := in.Body
	err := a.Desk.Registry.SetDetails(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), b.Version, merchant.Details{
		Name: b.Name, BusinessNumber: b.BusinessNumber, OwnerName: b.OwnerName, Address: b.Address, Phone: b.Phone,
		TaxType: money.TaxType(b.TaxType), Rounding: money.Rounding(b.VATRounding), AuthLevel: merchant.AuthLevel(b.AuthenticationLevel),
		MinCardAmount: money.Won(b.MinimumCardAmount), MCC: b.MCC, ForbidPlainTrack: b.ForbidPlainTrack, ChipFirst: merchant.ChipFirst(b.ChipFirst),
	})
	if err != nil {
		return nil, err
	}
	return a.operatorMerchant(ctx, in.MerchantID)
}

func (a *API) setTerminals(ctx context.Context, in *terminalsInput) (*operatorMerchantOutput, error) {
	err := a.Desk.SetTerminals(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), in.Body.Version, terminalsOf(in.Body.Terminals))
	if err != nil {
		return nil, err
	}
	return a.operatorMerchant(ctx, in.MerchantID)
}

func (a *API) setMerchantStatus(ctx context.Context, in *merchantStatusInput) (*merchantStatusOutput, error) {
	asked, err := a.Desk.SetStatus(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), merchant.Status(in.Body.Status), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	m, err := a.operatorMerchant(ctx, in.MerchantID)
	if err != nil {
		return nil, err
	}
	out := &merchantStatusOutput{Status: http.StatusOK, Body: MerchantStatusAnswer{Merchant: m.Body}}
	out.Body.Approval, out.Status, err = a.askedFor(ctx, asked)
	return out, err
}

// operatorMerchant is one merchant with everything that its page shows.
func (a *API) operatorMerchant(ctx context.Context, merchantID string) (*operatorMerchantOutput, error) {
	t := merchant.TenantOf(merchantID)
	m, err := reached(a.Directory.Merchant(ctx, t))
	if err != nil {
		return nil, err
	}
	out := operatorMerchantView(m)
	checks, err := reached(a.Desk.Review(ctx, m))
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		out.Review = append(out.Review, ReviewCheck{Check: c.Name, OK: c.OK})
	}
	if out.Fixed, err = reached(a.Desk.Registry.Paid(ctx, t)); err != nil {
		return nil, err
	}
	out.ApprovalID, err = reached(a.Desk.Service.Waiting(ctx, t, approval.MerchantActivation, m.ID))
	return &operatorMerchantOutput{out}, err
}

func operatorMerchantView(m merchant.Merchant) OperatorMerchant {
	out := OperatorMerchant{
		ID: m.ID, Name: m.Name, BusinessNumber: m.BusinessNumber, OwnerName: m.OwnerName, Address: m.Address, Phone: m.Phone,
		TaxType: string(m.TaxType), VATRounding: string(m.Rounding), AuthenticationLevel: string(m.AuthLevel), MinimumCardAmount: m.MinCardAmount,
		MCC: m.MCC, ForbidPlainTrack: m.ForbidPlainTrack, ChipFirst: string(m.ChipFirst), Status: string(m.Status),
		CreatedAt: instant(m.CreatedAt), Version: m.Version, Terminals: make([]MerchantTerminal, 0, len(m.Terminals)),
	}
	for _, t := range m.Terminals {
		out.Terminals = append(out.Terminals, MerchantTerminal(t))
	}
	return out
}
