package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
)

// bound is a limit that the core checks, with a sentence of its own, and that the
// document tells integrators.
type bound struct {
	schema, property string
	set              func(*huma.Schema)
}

func lengths(lo, hi int) func(*huma.Schema) {
	return func(s *huma.Schema) { s.MinLength, s.MaxLength = &lo, &hi }
}

func between(lo, hi float64) func(*huma.Schema) {
	return func(s *huma.Schema) { s.Minimum, s.Maximum = &lo, &hi }
}

const maxWon = 9_999_999_999

// bounds are written into the document only: were they in the schemas that requests
// are checked against, people would read the schema's sentence instead of the core's.
var bounds = slices.Concat(saleBounds("PaymentRequest"), saleBounds("RequestRequest"), []bound{
	{"Item", "name", lengths(1, 100)},
	{"Item", "unitPrice", between(0, maxWon)},
	{"Item", "quantity", between(1, 99_999)},
	{"Item", "discount", between(0, maxWon)},
	{"Buyer", "name", lengths(1, 100)},
	{"Buyer", "email", lengths(3, 100)},
	{"CancelRequest", "reason", lengths(1, 200)},
	{"CancelRequest", "amount", between(1, maxWon)},
	{"CancelRequest", "taxFreeAmount", between(0, maxWon)},
})

// saleBounds are those of what is sold, in a schema that holds it.
func saleBounds(schema string) []bound {
	return []bound{
		{schema, "orderId", func(s *huma.Schema) { lengths(6, 64)(s); s.Pattern = `^[A-Za-z0-9\-_.]{6,64}$` }},
		{schema, "orderName", lengths(1, 100)},
		{schema, "amount", between(1, maxWon)},
		{schema, "taxFreeAmount", between(0, maxWon)},
		{schema, "serviceFee", between(0, maxWon)},
		{schema, "installmentMonths", between(0, 12)},
		{schema, "items", func(s *huma.Schema) { most := 200; s.MaxItems = &most }},
	}
}

// Document is the OpenAPI document of the production server, indented. It has no
// path of a simulator.
func Document() ([]byte, error) {
	return New(http.NewServeMux(), Options{Clock: clock.System{}}).Document()
}

// Document is the OpenAPI document of the API.
func (a *API) Document() ([]byte, error) {
	raw, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("api: document: %w", err)
	}
	// A copy, so that the bounds do not get into the schemas requests are checked against.
	var root map[string]any
	if err := json.Unmarshal(raw, &root); err != nil {
		return nil, fmt.Errorf("api: document: %w", err)
	}
	for _, b := range bounds {
		if err := b.apply(root); err != nil {
			return nil, err
		}
	}
	openObjects(root)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("api: document: %w", err)
	}
	return out.Bytes(), nil
}

// apply writes the limit into the document.
func (b bound) apply(root map[string]any) error {
	at := root
	for _, name := range []string{"components", "schemas", b.schema, "properties", b.property} {
		next, ok := at[name].(map[string]any)
		if !ok {
			return fmt.Errorf("api: document has no %s of %s", name, b.schema)
		}
		at = next
	}
	var s huma.Schema
	b.set(&s)
	raw, err := json.Marshal(&s)
	if err != nil {
		return fmt.Errorf("api: document: %w", err)
	}
	var limits map[string]any
	if err := json.Unmarshal(raw, &limits); err != nil {
		return fmt.Errorf("api: document: %w", err)
	}
	maps.Copy(at, limits)
	return nil
}

// openObjects removes additionalProperties where it is true: that is what its absence
// means, and generators of types make something loose of it.
func openObjects(node any) {
	switch n := node.(type) {
	case map[string]any:
		if more, ok := n["additionalProperties"].(bool); ok && more {
			delete(n, "additionalProperties")
		}
		for _, child := range n {
			openObjects(child)
		}
	case []any:
		for _, child := range n {
			openObjects(child)
		}
	}
}
