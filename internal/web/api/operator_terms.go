package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/terms"
)

// TermsVersion is a version as operators see it.
type TermsVersion struct {
	Terms
	State       string `json:"state" enum:"CURRENT,COMING,PAST"`
	PublishedAt string `json:"publishedAt" format:"date-time"`
	PublishedBy string `json:"publishedBy" doc:"User id, or innopay for a model text"`
	Body        string `json:"body,omitempty" doc:"Of one version"`
	People      int    `json:"people,omitempty" doc:"Of one version: people of merchants who may log in"`
	Agreed      int    `json:"agreed,omitempty" doc:"Of one version: those of them who agreed to it or a later one"`
}

// TermsVersions are all of them.
type TermsVersions struct {
	_     struct{}       `additionalProperties:"true"`
	Terms []TermsVersion `json:"terms" nullable:"false" doc:"By kind, newest first"`
}

// TermsPublication is a new version.
type TermsPublication struct {
	Kind          string `json:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Title         string `json:"title" maxLength:"100"`
	Required      bool   `json:"required"`
	Body          string `json:"body" maxLength:"60000" doc:"Plain text, at most 2,000 lines: '# ' begins a heading, '- ' an item of a list"`
	Changes       string `json:"changes,omitempty" maxLength:"2000" doc:"What is new, for those who agreed to the version before"`
	EffectiveFrom string `json:"effectiveFrom" maxLength:"10" doc:"Korean day from which it holds: today at the earliest, within a year"`
}

// TermsWord is a piece of a changed line.
type TermsWord struct {
	_    struct{} `additionalProperties:"true"`
	Op   string   `json:"op" enum:"SAME,ADDED,REMOVED"`
	Text string   `json:"text"`
}

// TermsLine is a line of a comparison.
type TermsLine struct {
	_     struct{}    `additionalProperties:"true"`
	Op    string      `json:"op" enum:"SAME,ADDED,REMOVED,CHANGED"`
	Text  string      `json:"text,omitempty" doc:"Absent on CHANGED"`
	Words []TermsWord `json:"words,omitempty" doc:"Of CHANGED"`
}

// TermsDiff compares two versions.
type TermsDiff struct {
	_     struct{}    `additionalProperties:"true"`
	From  int         `json:"from"`
	To    int         `json:"to"`
	Lines []TermsLine `json:"lines" nullable:"false"`
}

type termsVersionsOutput struct{ Body TermsVersions }

type termsVersionOutput struct{ Body TermsVersion }

type termsDiffOutput struct{ Body TermsDiff }

type termsVersionPath struct {
	Kind    string `path:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Version int    `path:"version" minimum:"1" maximum:"100000"`
}

type termsDiffInput struct {
	Kind string `path:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	From int    `query:"from" required:"true" minimum:"1" maximum:"100000"`
	To   int    `query:"to" required:"true" minimum:"1" maximum:"100000"`
}

// TermsDraft is a text that may become the next version.
type TermsDraft struct {
	From int    `json:"from" minimum:"1" maximum:"100000" doc:"The version it is compared with"`
	Body string `json:"body" maxLength:"60000"`
}

type termsDraftInput struct {
	Kind string `path:"kind" enum:"SERVICE,PRIVACY,FINANCE,MARKETING"`
	Body TermsDraft
}

type termsPublicationInput struct{ Body TermsPublication }

// registerOperatorTerms registers what operators do with documents. What is published is
// never changed: the next version takes its place.
func (a *API) registerOperatorTerms() {
	manage := access{permission: merchant.TermsManage}
	add(a, manage, huma.Operation{
		OperationID: "listTermsVersions", Method: http.MethodGet, Path: "/v1/operator/terms", Tags: []string{"Operator"}, Summary: "All versions of all terms",
	}, func(ctx context.Context, _ *struct{}) (*termsVersionsOutput, error) {
		docs, err := a.Terms.All(ctx)
		if err != nil {
			return nil, err
		}
		out := TermsVersions{Terms: make([]TermsVersion, 0, len(docs))}
		for _, d := range docs {
			out.Terms = append(out.Terms, a.termsVersion(docs, d))
		}
		return &termsVersionsOutput{out}, nil
	})
	add(a, manage, huma.Operation{
		OperationID: "publishTerms", Method: http.MethodPost, Path: "/v1/operator/terms", DefaultStatus: http.StatusCreated, Tags: []string{"Operator"},
		Summary: "Publish a new version", Description: "It is never changed afterwards. People are asked at their next login once a required one holds.",
	}, a.publishTerms)
	add(a, manage, huma.Operation{
		OperationID: "getTermsVersion", Method: http.MethodGet, Path: "/v1/operator/terms/{kind}/versions/{version}", Tags: []string{"Operator"},
		Summary: "One version with its text",
	}, func(ctx context.Context, in *termsVersionPath) (*termsVersionOutput, error) {
		docs, err := a.Terms.All(ctx)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if d.Kind == terms.Kind(in.Kind) && d.Version == in.Version {
				return a.wholeTerms(ctx, docs, d)
			}
		}
		return nil, terms.ErrNotFound
	})
	add(a, manage, huma.Operation{
		OperationID: "diffTerms", Method: http.MethodGet, Path: "/v1/operator/terms/{kind}/diff", Tags: []string{"Operator"},
		Summary: "What changed between two versions", Description: "By line, and by word in lines that took each other's place.",
	}, func(ctx context.Context, in *termsDiffInput) (*termsDiffOutput, error) {
		lines, err := a.Terms.Compare(ctx, terms.Kind(in.Kind), in.From, in.To)
		if err != nil {
			return nil, err
		}
		return &termsDiffOutput{TermsDiff{From: in.From, To: in.To, Lines: termsLines(lines)}}, nil
	})
	add(a, manage, huma.Operation{
		OperationID: "compareTerms", Method: http.MethodPost, Path: "/v1/operator/terms/{kind}/diff", DefaultStatus: http.StatusOK, Tags: []string{"Operator"},
		Summary: "What a text that is not published yet would change", Description: "Nothing is stored. `to` of the answer is 0.",
	}, func(ctx context.Context, in *termsDraftInput) (*termsDiffOutput, error) {
		lines, err := a.Terms.CompareDraft(ctx, terms.Kind(in.Kind), in.Body.From, in.Body.Body)
		if err != nil {
			return nil, err
		}
		return &termsDiffOutput{TermsDiff{From: in.Body.From, Lines: termsLines(lines)}}, nil
	})
}

func termsLines(lines []terms.Line) []TermsLine {
	out := make([]TermsLine, 0, len(lines))
	for _, l := range lines {
		line := TermsLine{Op: string(l.Op), Text: l.Text}
		for _, w := range l.Words {
			line.Words = append(line.Words, TermsWord{Op: string(w.Op), Text: w.Text})
		}
		out = append(out, line)
	}
	return out
}

// wholeTerms is a version with its text and how far it came.
func (a *API) wholeTerms(ctx context.Context, docs []terms.Document, d terms.Document) (*termsVersionOutput, error) {
	reach, err := a.Terms.Reach(ctx, d.Kind, d.Version)
	if err != nil {
		return nil, err
	}
	v := a.termsVersion(docs, d)
	v.Body, v.People, v.Agreed = d.Body, reach.People, reach.Agreed
	return &termsVersionOutput{v}, nil
}

func (a *API) publishTerms(ctx context.Context, in *termsPublicationInput) (*termsVersionOutput, error) {
	b := in.Body
	d, err := a.Terms.Publish(ctx, principal(ctx).UserID, terms.Document{
		Kind: terms.Kind(b.Kind), Title: b.Title, Required: b.Required, Body: b.Body, Changes: b.Changes, EffectiveFrom: clock.Day(b.EffectiveFrom),
	})
	if err != nil {
		return nil, err
	}
	docs, err := a.Terms.All(ctx)
	if err != nil {
		return nil, err
	}
	return a.wholeTerms(ctx, docs, d)
}

// termsVersion says whether d holds, among all.
func (a *API) termsVersion(docs []terms.Document, d terms.Document) TermsVersion {
	day, state := clock.DayOf(a.now()), "PAST"
	if d.EffectiveFrom > day {
		state = "COMING"
	}
	for _, h := range terms.Holding(docs, day) {
		if h.Kind == d.Kind && h.Version == d.Version {
			state = "CURRENT"
		}
	}
	return TermsVersion{Terms: termsView(d), State: state, PublishedAt: instant(d.PublishedAt), PublishedBy: d.PublishedBy}
}
