package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/terms"
	"innopay/internal/web/visit"
)

// Terms are one document that holds, without its text.
type Terms struct {
	_             struct{} `additionalProperties:"true"`
	Kind          string   `json:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Version       int      `json:"version"`
	Title         string   `json:"title"`
	Required      bool     `json:"required" doc:"Nobody works with the app without agreeing"`
	EffectiveFrom string   `json:"effectiveFrom" format:"date"`
	Changes       string   `json:"changes,omitempty" doc:"What is new in this version, in words"`
	Sample        bool     `json:"sample,omitempty" doc:"A model text that the operator has yet to replace"`
}

// TermsList are the documents that hold today.
type TermsList struct {
	_     struct{} `additionalProperties:"true"`
	Terms []Terms  `json:"terms" nullable:"false" doc:"In the order in which people are asked"`
}

// TermsText is a document with its text.
type TermsText struct {
	Terms
	Body   string  `json:"body" doc:"Plain text: '# ' begins a heading, '- ' an item of a list, an empty line ends a paragraph"`
	Coming []Terms `json:"coming,omitempty" doc:"Versions that are announced, earliest first"`
}

// Consent is what somebody said to a version.
type Consent struct {
	_       struct{} `additionalProperties:"true"`
	Kind    string   `json:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Version int      `json:"version"`
	Agreed  bool     `json:"agreed"`
	At      string   `json:"at" format:"date-time"`
}

// ConsentState is what the caller has said, and is to be asked.
type ConsentState struct {
	_        struct{}  `additionalProperties:"true"`
	Pending  []Terms   `json:"pending" nullable:"false" doc:"To be asked now; empty when nothing is"`
	Consents []Consent `json:"consents" nullable:"false" doc:"Newest answer of each kind"`
}

// ConsentAnswer is what somebody says to a document.
type ConsentAnswer struct {
	Kind    string `json:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Version int    `json:"version" minimum:"1" maximum:"100000" doc:"As read; TERMS_CHANGED when another one holds"`
	Agreed  bool   `json:"agreed" doc:"Required documents are agreed to"`
}

// ConsentRequest answers one document or several.
type ConsentRequest struct {
	Consents []ConsentAnswer `json:"consents" minItems:"1" maxItems:"8" nullable:"false"`
}

type termsListOutput struct{ Body TermsList }

type termsTextOutput struct{ Body TermsText }

type termsPath struct {
	Kind string `path:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
}

type consentStateOutput struct{ Body ConsentState }

type consentInput struct{ Body ConsentRequest }

// registerTerms registers what everybody reads and agrees to.
func (a *API) registerTerms() {
	add(a, access{public: true}, huma.Operation{
		OperationID: "listTerms", Method: http.MethodGet, Path: "/v1/terms", Tags: []string{"Terms"}, Summary: "Documents that hold today",
	}, func(ctx context.Context, _ *struct{}) (*termsListOutput, error) {
		docs, err := a.Terms.Current(ctx)
		return &termsListOutput{TermsList{Terms: termsViews(docs)}}, err
	})
	add(a, access{public: true}, huma.Operation{
		OperationID: "getTerms", Method: http.MethodGet, Path: "/v1/terms/{kind}", Tags: []string{"Terms"}, Summary: "A document with its text",
	}, func(ctx context.Context, in *termsPath) (*termsTextOutput, error) {
		s, err := a.Terms.Show(ctx, terms.Kind(in.Kind))
		if err != nil {
			return nil, err
		}
		return &termsTextOutput{TermsText{Terms: termsView(s.Document), Body: s.Body, Coming: termsViews(s.Coming)}}, nil
	})
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "listConsents", Method: http.MethodGet, Path: "/v1/consents", Tags: []string{"Terms"},
		Summary: "What the caller has agreed to, and is to be asked",
	}, func(ctx context.Context, _ *struct{}) (*consentStateOutput, error) { return a.consents(ctx) })
	add(a, access{permission: merchant.SessionSelf}, huma.Operation{
		OperationID: "giveConsents", Method: http.MethodPost, Path: "/v1/consents", Tags: []string{"Terms"},
		Summary: "Agree to documents", Description: "Kept with version, time and client address. What is not required may also be refused, or taken back.",
	}, func(ctx context.Context, in *consentInput) (*consentStateOutput, error) {
		p := principal(ctx)
		who := terms.From{Tenant: p.Tenant, UserID: p.UserID, Address: clientAddress(ctx)}
		if err := a.Terms.Answer(ctx, who, answersOf(in.Body.Consents)); err != nil {
			return nil, err
		}
		return a.consents(ctx)
	})
}

func (a *API) consents(ctx context.Context) (*consentStateOutput, error) {
	p := principal(ctx)
	asked, err := a.Terms.Ask(ctx, p.Tenant, p.UserID)
	if err != nil {
		return nil, err
	}
	out := ConsentState{Pending: termsViews(asked.Pending), Consents: make([]Consent, 0, len(asked.Given))}
	for _, c := range asked.Given {
		out.Consents = append(out.Consents, Consent{Kind: string(c.Kind), Version: c.Version, Agreed: c.Agreed, At: instant(c.At)})
	}
	return &consentStateOutput{out}, nil
}

// clientAddress is the caller's, as far as it is known.
func clientAddress(ctx context.Context) string {
	v := visit.From(ctx)
	if !v.IP.IsValid() {
		return ""
	}
	return v.IP.String()
}

func answersOf(in []ConsentAnswer) []terms.Answer {
	out := make([]terms.Answer, 0, len(in))
	for _, c := range in {
		out = append(out, terms.Answer{Kind: terms.Kind(c.Kind), Version: c.Version, Agreed: c.Agreed})
	}
	return out
}

func termsView(d terms.Document) Terms {
	return Terms{
		Kind: string(d.Kind), Version: d.Version, Title: d.Title, Required: d.Required, EffectiveFrom: string(d.EffectiveFrom),
		Changes: d.Changes, Sample: d.Sample,
	}
}

func termsViews(docs []terms.Document) []Terms {
	out := make([]Terms, 0, len(docs))
	for _, d := range docs {
		out = append(out, termsView(d))
	}
	return out
}
