package web

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"innopay/internal/web/problem"
)

//go:embed guide.html
var guideTemplate string

//go:embed guide.css
var guideStyle []byte

// The parts of an OpenAPI document that the guide shows.
type (
	document struct {
		Info struct {
			Title       string `json:"title"`
			Version     string `json:"version"`
			Description string `json:"description"`
		} `json:"info"`
		Tags []struct {
			Name        string `json:"name"`
			Description string `json:"description"`
		} `json:"tags"`
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	operation struct {
		Tags        []string    `json:"tags"`
		Summary     string      `json:"summary"`
		Description string      `json:"description"`
		Parameters  []parameter `json:"parameters"`
		RequestBody struct {
			Content map[string]content `json:"content"`
		} `json:"requestBody"`
		Responses map[string]struct {
			Description string             `json:"description"`
			Content     map[string]content `json:"content"`
		} `json:"responses"`
		Security []map[string][]string `json:"security"`
	}
	content struct {
		Schema schema `json:"schema"`
	}
	parameter struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Description string `json:"description"`
		Required    bool   `json:"required"`
		Schema      schema `json:"schema"`
	}
	schema struct {
		Ref         string            `json:"$ref"`
		Type        any               `json:"type"`
		Description string            `json:"description"`
		Format      string            `json:"format"`
		Pattern     string            `json:"pattern"`
		Enum        []any             `json:"enum"`
		Items       *schema           `json:"items"`
		Properties  map[string]schema `json:"properties"`
		Required    []string          `json:"required"`
		Minimum     *json.Number      `json:"minimum"`
		Maximum     *json.Number      `json:"maximum"`
		MinLength   *int              `json:"minLength"`
		MaxLength   *int              `json:"maxLength"`
	}
)

// What the template gets.
type (
	guide struct {
		Title, Version, Intro string
		Sections              []section
		Schemas               []shape
	}
	section struct {
		Name, Intro string
		Calls       []call
	}
	call struct {
		Method, Path, Summary, Intro, Anchor, Body string
		Public                                     bool
		Parameters                                 []property
		Answers                                    []answer
	}
	answer struct{ Status, Text, Body string }
	shape  struct {
		Name       string
		Properties []property
	}
	property struct {
		Name, In, Type, Link, Limits, Text string
		Required                           bool
	}
)

// guidePage renders the documentation of the API from its OpenAPI document.
func guidePage(raw []byte) ([]byte, error) {
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("web: guide: %w", err)
	}
	g := guide{Title: d.Info.Title, Version: d.Info.Version, Intro: d.Info.Description}
	for _, t := range d.Tags {
		s := section{Name: t.Name, Intro: t.Description}
		for path, operations := range d.Paths {
			for method, o := range operations {
				if slices.Contains(o.Tags, t.Name) {
					s.Calls = append(s.Calls, o.call(strings.ToUpper(method), path))
				}
			}
		}
		slices.SortFunc(s.Calls, func(a, b call) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) })
		g.Sections = append(g.Sections, s)
	}
	for name, s := range d.Components.Schemas {
		g.Schemas = append(g.Schemas, shape{name, s.properties()})
	}
	slices.SortFunc(g.Schemas, func(a, b shape) int { return cmp.Compare(a.Name, b.Name) })
	return render("guide", g)
}

// errorPage renders the page of the error codes.
func errorPage() ([]byte, error) {
	return render("errors", struct{ Codes, Fields []problem.Row }{problem.Codes(), problem.FieldCodes()})
}

func render(name string, data any) ([]byte, error) {
	t, err := template.New("").Parse(guideTemplate)
	if err != nil {
		return nil, fmt.Errorf("web: guide: %w", err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("web: guide: %w", err)
	}
	return b.Bytes(), nil
}

func (o operation) call(method, path string) call {
	c := call{
		Method: method, Path: path, Summary: o.Summary, Intro: o.Description, Public: len(o.Security) == 0,
		Anchor: strings.ToLower(method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(path),
	}
	for _, content := range o.RequestBody.Content {
		c.Body = content.Schema.name()
	}
	for _, p := range o.Parameters {
		row := p.Schema.property(p.Name, p.Required)
		row.In, row.Text = p.In, p.Description
		c.Parameters = append(c.Parameters, row)
	}
	for status, r := range o.Responses {
		a := answer{Status: status, Text: r.Description}
		for _, content := range r.Content {
			a.Body = content.Schema.name()
		}
		c.Answers = append(c.Answers, a)
	}
	slices.SortFunc(c.Answers, func(a, b answer) int { return cmp.Compare(a.Status, b.Status) })
	return c
}

func (s schema) properties() []property {
	rows := make([]property, 0, len(s.Properties))
	for name, p := range s.Properties {
		rows = append(rows, p.property(name, slices.Contains(s.Required, name)))
	}
	slices.SortFunc(rows, func(a, b property) int { return cmp.Compare(a.Name, b.Name) })
	return rows
}

func (s schema) property(name string, required bool) property {
	p := property{Name: name, Required: required, Text: s.Description, Type: fmt.Sprint(s.Type), Limits: s.limits()}
	if list, ok := s.Type.([]any); ok && len(list) > 0 {
		p.Type = fmt.Sprint(list[0])
	}
	switch {
	case s.Ref != "":
		p.Link = s.name()
		p.Type = p.Link
	case s.Items != nil && s.Items.Ref != "":
		p.Link = s.Items.name()
		p.Type = "list of " + p.Link
	case s.Items != nil:
		inner := s.Items.property("", false)
		p.Type, p.Limits = "list of "+inner.Type, inner.Limits
	case s.Format != "":
		p.Type += " (" + s.Format + ")"
	}
	return p
}

func (s schema) name() string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

// limits is what a value is bounded by, in words.
func (s schema) limits() string {
	var parts []string
	for _, e := range s.Enum {
		parts = append(parts, fmt.Sprint(e))
	}
	if len(parts) > 0 {
		parts = []string{strings.Join(parts, " | ")}
	}
	if s.Minimum != nil {
		parts = append(parts, "≥ "+s.Minimum.String())
	}
	if s.Maximum != nil {
		parts = append(parts, "≤ "+s.Maximum.String())
	}
	if s.MinLength != nil {
		parts = append(parts, fmt.Sprintf("at least %d characters", *s.MinLength))
	}
	if s.MaxLength != nil {
		parts = append(parts, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.Pattern != "" {
		parts = append(parts, s.Pattern)
	}
	return strings.Join(parts, ", ")
}
