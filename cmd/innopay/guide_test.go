package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// written finds commands of ours in a page: whole lines, and words between backquotes.
var written = regexp.MustCompile("(?m)^(?: {4,}|\\$ )(?:sudo -u innopay )?(innopay [^#\n]*)|`(?:sudo -u innopay )?(innopay [^`\n]*)`")

// wrongWith is what is wrong with a command as it is written: words that are no command, and
// flags that its command has not. Values are in capitals, or anything.
func wrongWith(root *kong.Node, command string) string {
	node, flags := root, []string{"--help"}
	for word := range strings.FieldsSeq(command) {
		if strings.HasPrefix(word, "--") {
			flags = append(flags, strings.TrimRight(strings.SplitN(word, "=", 2)[0], ",.]"))
			continue
		}
		i := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == word })
		switch {
		case i >= 0:
			node = node.Children[i]
		case node == root:
			return "there is no innopay " + word
		}
	}
	known := []string{"--help"}
	for _, group := range node.AllFlags(false) {
		for _, f := range group {
			known = append(known, "--"+f.Name)
		}
	}
	for _, f := range flags {
		if !slices.Contains(known, f) {
			return node.FullPath() + " has no " + f
		}
	}
	return ""
}

// TestCommandsOfTheGuidesExist holds every command that a page tells people to type against
// the program.
func TestCommandsOfTheGuidesExist(t *testing.T) {
	t.Parallel()
	var c cli
	parser, err := kong.New(&c, kong.Name("innopay"))
	if err != nil {
		t.Fatal(err)
	}
	for command, right := range map[string]bool{
		"verify --data DIR": true, "verify --dta DIR": false, "verfy": false, "admin readers MERCHANT --plain-track FORBID": true,
		"admin readers MERCHANT --plain-tracks FORBID": false, "admin --config FILE operator LOGIN": true, "backup --data DIR --from FILE": false,
	} {
		if wrong := wrongWith(parser.Model.Node, command); (wrong == "") != right {
			t.Errorf("%s: %q", command, wrong)
		}
	}
	pages, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, "../../README.md", "../../SECURITY.md", "../../docs/configuration.md", "../../deploy/innopay.yaml")
	seen := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range written.FindAllStringSubmatch(string(text), -1) {
			seen++
			command := strings.TrimSpace(strings.TrimPrefix(found[1]+found[2], "innopay "))
			if wrong := wrongWith(parser.Model.Node, command); wrong != "" {
				t.Errorf("%s: innopay %s: %s", filepath.Base(page), command, wrong)
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d commands were looked at", seen)
	}
}
