package arch

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// functions finds functions that are too long to read at once.
func functions(s source) []Violation {
	var found []Violation
	for _, declaration := range s.tree.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		length := s.positions.Position(f.End()).Line - s.positions.Position(f.Pos()).Line + 1
		if length > MaxFunctionLines {
			found = append(found, s.violation(f.Pos(), "%s has %d lines, the limit is %d", f.Name.Name, length, MaxFunctionLines))
		}
	}
	return found
}

// clockFolder is the one place that may ask the machine for the time.
const clockFolder = "clock"

// clocks finds calls that ask the machine for the time. Tests of real processes and
// sockets may: they wait on what the machine does.
func clocks(s source) []Violation {
	if folderOf(s.file) == clockFolder || s.isTest() {
		return nil
	}
	return selectors(s, "time", []string{"Now", "Since", "Until"},
		"takes the time from the machine: use the clock that was passed in (innopay/clock)")
}

// skips finds tests that can be left out: a test that does not run shows nothing.
func skips(s source) []Violation {
	if !s.isTest() {
		return nil
	}
	var found []Violation
	ast.Inspect(s.tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selector.Sel.Name) {
			found = append(found, s.violation(n.Pos(), "skips a test: make it run or remove it"))
		}
		return true
	})
	return found
}

// selectors finds uses of the named functions of a package, under whatever name the
// file imports it.
func selectors(s source, importPath string, names []string, text string) []Violation {
	local := ""
	for _, spec := range s.tree.Imports {
		if spec.Path.Value != `"`+importPath+`"` {
			continue
		}
		local = path.Base(importPath)
		if spec.Name != nil {
			local = spec.Name.Name
		}
	}
	if local == "" {
		return nil
	}
	var found []Violation
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, n.Sel.Name) {
				found = append(found, s.violation(n.Pos(), "%s", text))
			}
		case *ast.Ident:
			if local == "." && slices.Contains(names, n.Name) {
				found = append(found, s.violation(n.Pos(), "%s", text))
			}
		}
		return true
	})
	return found
}

// documented finds exported names without a comment.
func documented(s source) []Violation {
	if s.isTest() || s.tree.Name.Name == "main" {
		return nil
	}
	var found []Violation
	for _, declaration := range s.tree.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && receiverExported(d) && d.Doc == nil {
				found = append(found, s.violation(d.Pos(), "%s is exported and has no comment", d.Name.Name))
			}
		case *ast.GenDecl:
			found = append(found, documentedGroup(s, d)...)
		}
	}
	return found
}

// documentedGroup looks at a declaration of types, constants or variables. A comment
// above a group of constants or variables speaks for all of them.
func documentedGroup(s source, d *ast.GenDecl) []Violation {
	var found []Violation
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
				found = append(found, s.violation(spec.Pos(), "%s is exported and has no comment", spec.Name.Name))
			}
		case *ast.ValueSpec:
			if d.Doc != nil || spec.Doc != nil || spec.Comment != nil {
				continue
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					found = append(found, s.violation(name.Pos(), "%s is exported and has no comment", name.Name))
				}
			}
		}
	}
	return found
}

// receiverExported tells whether a method can be reached through an exported type;
// true for functions.
func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return true
	}
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return token.IsExported(x.Name)
		default:
			return false
		}
	}
}

// emptyNames are packages that say nothing about what is in them.
var emptyNames = []string{"base", "common", "helper", "helpers", "misc", "model", "models", "shared", "type", "types", "util", "utils"}

// named finds packages whose name says nothing.
func named(s source) []Violation {
	name := strings.TrimSuffix(s.tree.Name.Name, "_test")
	if slices.Contains(emptyNames, name) {
		return []Violation{s.violation(s.tree.Name.Pos(), "package %s: name it after what it holds", name)}
	}
	return nil
}
