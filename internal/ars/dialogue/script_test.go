package dialogue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheScriptSaysEverySentence: a sentence that nothing says is a recording that a
// studio makes for nothing. That every sentence is recorded, speech tests.
func TestTheScriptSaysEverySentence(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			maps.Copy(said, speechNames(t, file))
		}
	}
	source, err := os.ReadFile("../speech/speech.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(source), "var sentences = []Clip{")
	list, _, _ = strings.Cut(list, "}")
	names := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\n", r) })
	if len(names) < 40 {
		t.Fatalf("only %d sentences were found", len(names))
	}
	for _, name := range names {
		if !said[name] {
			t.Errorf("nothing says %s", name)
		}
	}
	for name := range said {
		if !slices.Contains(append(names, "Clip", "Digits", "DigitsKo", "NumberKo", "WonKo", "WonIsKo"), name) {
			t.Errorf("%s is said and stands in no list", name)
		}
	}
}

// speechNames are the names that a file uses of package speech.
func speechNames(t *testing.T, file string) map[string]bool {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "speech" {
				names[s.Sel.Name] = true
			}
		}
		return true
	})
	return names
}
