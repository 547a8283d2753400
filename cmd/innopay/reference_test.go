package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"innopay/daemon"
	"innopay/setting"
)

// reference is where operators read what can be configured.
const reference = "../../docs/configuration.md"

var update = flag.Bool("update", false, "write the configuration reference again; tools/generate does")

// TestTheConfigurationReferenceIsFresh holds the page against the code: every setting,
// what it means as its comment says, its variable as the program reads it, and the
// fields of every adapter.
func TestTheConfigurationReferenceIsFresh(t *testing.T) {
	t.Parallel()
	page := configurationPage(t)
	if *update {
		if err := os.WriteFile(reference, []byte(page), 0o644); err != nil { //nolint:gosec // a page of the documentation, for everybody
			t.Fatal(err)
		}
	}
	stands, err := os.ReadFile(reference)
	if err != nil || string(stands) != page {
		t.Errorf("docs/configuration.md is not what the code says (%v): run make generate", err)
	}
	for _, name := range []string{"`baseUrl`", "`INNOPAY_BASE_URL`", "`ars.trunks[].srtp`", "`messages.limits.perNumber[].per`", "`INNOPAY_MESSENGER_SOLAPI_APISECRET`"} {
		if !strings.Contains(page, name) {
			t.Errorf("the page does not name %s", name)
		}
	}
}

// configurationPage writes the page.
func configurationPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Configuration

What ` + "`innopay serve --config FILE`" + ` reads. Generated from the code: change the comments there, then ` + "`make generate`" + `. A sample is
[innopay.yaml](../deploy/innopay.yaml). Names that are not known are refused. Where a variable stands, the environment may give the value
too, and wins.

| setting | value | meaning | variable |
| --- | --- | --- | --- |
`)
	fields := &settings{comments: map[string]map[string]string{}}
	fields.of(t, reflect.TypeFor[daemon.Config](), "")
	for _, f := range fields.rows {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.path, f.kind, f.meaning, variableOf(f))
	}
	b.WriteString("\n## Adapters\n\nFields of the adapters that this program speaks. A secret is better given by its variable than in the file.\n")
	for _, a := range adapters {
		adapterTable(&b, "acquirers", "ACQUIRER", a.Descriptor.Name, a.Descriptor.Fields)
	}
	for _, a := range offices {
		adapterTable(&b, "cashReceipts.offices", "OFFICE", a.Descriptor.Name, a.Descriptor.Fields)
	}
	for _, a := range gateways {
		adapterTable(&b, "messengers", "MESSENGER", a.Descriptor.Name, a.Descriptor.Fields)
	}
	return b.String()
}

func adapterTable(b *strings.Builder, where, variable, name string, fields setting.Fields) {
	fmt.Fprintf(b, "\n### `%s.%s`\n\n| field | meaning | default | variable |\n| --- | --- | --- | --- |\n", where, name)
	for _, f := range fields {
		meaning := f.Label.En
		if f.Secret {
			meaning += "; a secret"
		}
		value := "none"
		if f.Default != "" {
			value = "`" + f.Default + "`"
		} else if f.Required {
			value = "required"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | `%s` |\n", f.Key, meaning, value, adapterVariable(variable, name, f.Key))
	}
}

func adapterVariable(variable, adapter, key string) string {
	return "INNOPAY_" + variable + "_" + strings.ToUpper(adapter) + "_" + strings.ToUpper(key)
}

// TestEveryFieldOfAnAdapterCanBeGivenByItsVariable sets each by the variable that the
// reference names.
func TestEveryFieldOfAnAdapterCanBeGivenByItsVariable(t *testing.T) {
	t.Parallel()
	given := func(name, variable string, fields setting.Fields, of func(daemon.Config) map[string]setting.Config) {
		environ := make([]string, 0, len(fields))
		for _, f := range fields {
			environ = append(environ, adapterVariable(variable, name, f.Key)+"=value of "+f.Key)
		}
		c, err := daemon.LoadConfig("", environ)
		if err != nil {
			t.Fatal(err)
		}
		read, err := fields.Read(of(c)[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, f := range fields {
			if read[f.Key] != "value of "+f.Key {
				t.Errorf("%s: %s is %q", name, f.Key, read[f.Key])
			}
		}
	}
	for _, a := range adapters {
		given(a.Descriptor.Name, "ACQUIRER", a.Descriptor.Fields, func(c daemon.Config) map[string]setting.Config { return c.Acquirers })
	}
	for _, a := range offices {
		given(a.Descriptor.Name, "OFFICE", a.Descriptor.Fields, func(c daemon.Config) map[string]setting.Config { return c.CashReceipts.Offices })
	}
	for _, a := range gateways {
		given(a.Descriptor.Name, "MESSENGER", a.Descriptor.Fields, func(c daemon.Config) map[string]setting.Config { return c.Messengers })
	}
}

// field is one setting.
type field struct {
	path, kind, meaning string
	text                bool // one word or a list of words
}

// settings walks the configuration's types.
type settings struct {
	rows     []field
	comments map[string]map[string]string // by folder, then by Type.Field
}

func (s *settings) of(t *testing.T, in reflect.Type, at string) {
	t.Helper()
	for f := range in.Fields() {
		name, inline, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if inline == "inline" {
			s.of(t, f.Type, at)
			continue
		}
		path := strings.TrimPrefix(at+"."+name, ".")
		meaning := s.comment(t, in, f.Name)
		kind := f.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		var below reflect.Type
		row := field{path: path, meaning: strings.ReplaceAll(meaning, "|", "\\|")}
		switch {
		case kind == reflect.TypeFor[time.Duration]():
			row.kind = "time, `30s`"
		case kind.Kind() == reflect.String:
			row.kind, row.text = "text", true
		case kind.Kind() == reflect.Bool:
			row.kind, row.text = "true or false", true
		case kind.Kind() == reflect.Int:
			row.kind = "number"
		case kind.Kind() == reflect.Slice && kind.Elem().Kind() == reflect.String:
			row.kind, row.text = "list", true
		case kind.Kind() == reflect.Slice:
			row.kind, below, path = "list of groups", kind.Elem(), path+"[]"
		case kind.Kind() == reflect.Map && kind.Elem().Kind() == reflect.Map:
			row.kind = "group of groups"
		case kind.Kind() == reflect.Map && kind.Elem().Kind() == reflect.Int:
			row.kind = "numbers by name"
		case kind.Kind() == reflect.Map:
			row.kind, below, path = "group of groups", kind.Elem(), path+".NAME"
		case kind.Kind() == reflect.Struct:
			row.kind, below = "group", kind
		default:
			t.Fatalf("%s is a %s, which the reference cannot say", path, kind)
		}
		s.rows = append(s.rows, row)
		if below != nil {
			s.of(t, below, path)
		}
	}
}

// comment is what stands beside the field in its source.
func (s *settings) comment(t *testing.T, in reflect.Type, name string) string {
	t.Helper()
	folder := "../../" + strings.TrimPrefix(in.PkgPath(), "innopay/")
	if s.comments[folder] == nil {
		s.comments[folder] = commentsIn(t, folder)
	}
	c := s.comments[folder][in.Name()+"."+name]
	if c == "" {
		t.Errorf("%s.%s has no comment for operators", in.Name(), name)
	}
	return c
}

// commentsIn reads the comments of every field of every type in the folder.
func commentsIn(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	out := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if of, ok := spec.Type.(*ast.StructType); ok {
				fieldComments(out, spec.Name.Name, of)
			}
			return false
		})
	}
	return out
}

func fieldComments(out map[string]string, name string, of *ast.StructType) {
	for _, f := range of.Fields.List {
		text := f.Comment.Text()
		if text == "" {
			text = f.Doc.Text()
		}
		for _, n := range f.Names {
			out[name+"."+n.Name] = strings.Join(strings.Fields(text), " ")
		}
	}
}

// variableOf is the setting's variable, where the program reads one.
func variableOf(f field) string {
	if !f.text || strings.ContainsAny(f.path, "[") {
		return ""
	}
	var b strings.Builder
	for i, r := range strings.ReplaceAll(f.path, ".", "_") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	name := "INNOPAY_" + b.String()
	if _, err := daemon.LoadConfig("", []string{name + "=true"}); err != nil {
		return ""
	}
	return "`" + name + "`"
}
