package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Limits of reading: a file longer than a few screens, or a function longer than
// one, holds more than one thought.
const (
	MaxFileLines     = 500
	MaxFunctionLines = 70
)

// Rules are what the tree is held against. House returns those of this project;
// tests of the rules make their own.
type Rules struct {
	Units      []Unit      // every folder with Go files lies in one
	Exceptions []Exception // imports the layers would refuse
}

// Violation is one broken rule.
type Violation struct {
	File string // path from the root of the tree
	Line int    // 0 when the whole file or folder is meant
	Text string // what is wrong and what would be right
}

// String is the violation as a compiler would print it.
func (v Violation) String() string { return fmt.Sprintf("%s:%d: %s", v.File, v.Line, v.Text) }

// source is one parsed Go file.
type source struct {
	file      string
	positions *token.FileSet
	tree      *ast.File
	generated bool
}

// violation makes one at a position of the file.
func (s source) violation(at token.Pos, format string, args ...any) Violation {
	return Violation{File: s.file, Line: s.positions.Position(at).Line, Text: fmt.Sprintf(format, args...)}
}

// isTest tells whether the file belongs to a test.
func (s source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// Check runs every rule over the tree and returns what is broken, in order of files.
// It fails only when the tree cannot be read or a Go file cannot be parsed.
func (r Rules) Check(tree fs.FS) ([]Violation, error) {
	files, err := list(tree)
	if err != nil {
		return nil, err
	}
	found := r.units(files)
	guide, err := fs.ReadFile(tree, guideFile)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", guideFile, err)
	}
	found = append(found, guided(files, string(guide))...)
	var sources []source
	for _, file := range files {
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		found = append(found, texts(file, text)...)
		if path.Ext(file) == ".md" {
			found = append(found, links(files, file, text)...)
		}
		if path.Ext(file) != ".go" {
			continue
		}
		s, err := parse(file, text)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	found = append(found, r.imports(sources)...)
	for _, s := range sources {
		if !s.generated {
			found = append(found, checkSource(s)...)
		}
	}
	slices.SortStableFunc(found, func(a, b Violation) int { return strings.Compare(a.File, b.File) })
	return found, nil
}

// checkSource runs the rules that look at one hand-written Go file.
func checkSource(s source) []Violation {
	return slices.Concat(functions(s), clocks(s), skips(s), documented(s), named(s))
}

// parse reads one Go file.
func parse(file string, text []byte) (source, error) {
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, file, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, fmt.Errorf("parsing: %w", err)
	}
	return source{file: file, positions: positions, tree: tree, generated: ast.IsGenerated(tree)}, nil
}

// units finds folders of Go files that lie in no unit, and units without a folder.
func (r Rules) units(files []string) []Violation {
	var found []Violation
	seen := map[string]bool{}
	for _, file := range files {
		if path.Ext(file) != ".go" {
			continue
		}
		u, _, ok := r.unitOf(folderOf(file))
		if !ok && !seen[folderOf(file)] {
			found = append(found, Violation{File: folderOf(file), Text: "lies in no layer: give it a place in internal/arch/house.go"})
		}
		seen[folderOf(file)], seen[u.Folder] = true, true
	}
	for _, u := range r.Units {
		if !seen[u.Folder] {
			found = append(found, Violation{File: u.Folder, Text: "has a layer in internal/arch/house.go but no Go file"})
		}
	}
	return found
}

// imports finds imports against the direction of the layers, and exceptions nobody uses.
func (r Rules) imports(sources []source) []Violation {
	var found []Violation
	used := make([]bool, len(r.Exceptions))
	for _, s := range sources {
		from, fromAt, ok := r.unitOf(folderOf(s.file))
		if !ok {
			continue
		}
		for _, spec := range s.tree.Imports {
			importPath, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			folder, mine := ours(importPath)
			if !mine {
				continue
			}
			to, toAt, ok := r.unitOf(folder)
			if !ok {
				found = append(found, s.violation(spec.Pos(), "imports %s, which lies in no layer", importPath))
				continue
			}
			if r.allows(s.file, from, to, fromAt, toAt) {
				continue
			}
			if i := r.excepted(from, to); i >= 0 {
				used[i] = true
				continue
			}
			found = append(found, s.violation(spec.Pos(), "%s must not import %s", from.Folder, importPath))
		}
	}
	for i, e := range r.Exceptions {
		if !used[i] {
			found = append(found, Violation{File: e.From, Text: "the exception for " + e.To + " is not used any more: remove it"})
		}
	}
	return found
}
