package api_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/web/api"
)

func FuzzStrictJSON(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1,"a":2}`, `{"a":{"b":[1,2,{"c":null}]}}`, `"\ud83d\ude00"`, `"\ud800x"`, `[1] 2`, `{"\u0061":1,"a":2}`, "\"\xff\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := api.StrictJSON(b); err != nil {
			for part := range strings.FieldsSeq(string(b)) {
				if len(part) > 12 && strings.Contains(err.Error(), part) {
					t.Fatalf("the error quotes the body: %v", err)
				}
			}
			return
		}
		// What it takes, the standard reader takes and writes back without loss.
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatalf("taken, but no JSON: %v", err)
		}
		if bytes.ContainsRune(b, '\uFFFD') {
			return
		}
		again, err := json.Marshal(v)
		if err != nil || strings.Contains(string(again), `\ufffd`) || bytes.ContainsRune(again, '\uFFFD') && !strings.Contains(strings.ToLower(string(b)), `\ufffd`) {
			t.Fatalf("%q became %q: %v", b, again, err)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(api.EncodeCursor("pay_01kjp8434gejtsrq4ccv973n0k"))
	f.Add("MQ")
	f.Add("!")
	f.Fuzz(func(t *testing.T, cursor string) {
		last, err := api.DecodeCursor(id.Payment, cursor)
		if err != nil || last == "" {
			return
		}
		if !id.Valid(id.Payment, last) {
			t.Fatalf("%q gave %q", cursor, last)
		}
		if again, err := api.DecodeCursor(id.Payment, api.EncodeCursor(last)); err != nil || again != last {
			t.Fatalf("%q became %q: %v", last, again, err)
		}
	})
}

func TestCursor(t *testing.T) {
	t.Parallel()
	want := id.NewSource(nil).At(id.Payment, time.UnixMilli(1_700_000_000_000))
	got, err := api.DecodeCursor(id.Payment, api.EncodeCursor(want))
	if err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := api.DecodeCursor(id.Product, api.EncodeCursor(want)); err == nil {
		t.Error("a cursor of another list is taken")
	}
}

func TestPointer(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"body":                         "",
		"body.card.number":             "/card/number",
		"body.items[3].name":           "/items/3/name",
		"body.signature.strokes[0][2]": "/signature/strokes/0/2",
		"body.4111111111111111":        "",
		"body.card.4111 1111":          "/card",
		"query.limit":                  "/limit",
		"query.a/b":                    "",
		"body.items[99999999999].name": "/items/name",
		"body.x4111111111111111":       "",
		"body.card.track2":             "/card/track2",
	} {
		if got := api.Pointer(location); got != want {
			t.Errorf("%s: %q, want %q", location, got, want)
		}
	}
}

// FuzzPointer: whatever names a client sends, a pointer holds short ones, without a
// number in them that could be a card's.
func FuzzPointer(f *testing.F) {
	for _, s := range []string{"body.card.number", "body.items[3].name", "body.4111111111111111", "query.a/b", "body.x[0][1][2", "body..", "body.a.<b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, location string) {
		for part := range strings.SplitSeq(api.Pointer(location), "/") {
			if len(part) > 40 || len(strings.Map(digit, part)) > 7 || strings.Trim(part, letters) != "" {
				t.Fatalf("%q became %q", location, api.Pointer(location))
			}
		}
	})
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func TestDocumentNamesWhoMay(t *testing.T) {
	t.Parallel()
	raw, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Security  []any
			Summary   string
			Responses map[string]any
		}
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	for path, operations := range d.Paths {
		for method, o := range operations {
			public := method == "post" && slices.Contains([]string{"/v1/sessions", "/v1/sessions/passkey", "/v1/sessions/passkey/options", "/v1/password-resets"}, path) ||
				strings.HasPrefix(path, "/v1/registrations") || method == "get" && (path == "/v1/terms" || path == "/v1/terms/{kind}" || path == "/v1/brand")
			if (len(o.Security) == 0) != public || o.Summary == "" || o.Responses["default"] == nil {
				t.Errorf("%s %s: %+v", method, path, o)
			}
		}
	}
}
