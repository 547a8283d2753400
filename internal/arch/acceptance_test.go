package arch_test

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// The table of acceptance names every row of the manual once, says what was seen, and
// names tests that there are.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(path.Join(root, "docs/acceptance.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range acceptanceFaults(string(text), func(file string) (string, error) {
		b, err := os.ReadFile(path.Join(root, file))
		return string(b), err
	}) {
		t.Error(fault)
	}
}

func TestAcceptanceFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	files := map[string]string{"e2e/a.ts": `test('it\'s paid')`, "a_test.go": "func TestPaid(t *testing.T) {"}
	read := func(file string) (string, error) {
		text, there := files[file]
		if !there {
			return "", os.ErrNotExist
		}
		return text, nil
	}
	var whole strings.Builder
	for _, id := range manualRows() {
		fmt.Fprintf(&whole, "| %s | what | seen | `e2e/a.ts: it's paid` `a_test.go: TestPaid` |\n", id)
	}
	if found := acceptanceFaults(whole.String(), read); len(found) != 0 {
		t.Fatalf("a whole table: %v", found)
	}
	for name, change := range map[string][2]string{
		"row missing":       {"| S4.2 |", "| S4,2 |"},
		"row twice":         {"| S4.2 |", "| S4.1 |"},
		"row of nowhere":    {"| S4.2 |", "| S4.99 |"},
		"nothing seen":      {"| S4.2 | what | seen |", "| S4.2 | what |  |"},
		"no test":           {"| S4.2 | what | seen | `e2e/a.ts: it's paid` `a_test.go: TestPaid` |", "| S4.2 | what | seen | looked at |"},
		"file of nowhere":   {"e2e/a.ts:", "e2e/b.ts:"},
		"journey of none":   {"it's paid", "it's free"},
		"Go test of none":   {"TestPaid", "TestFree"},
		"part of a journey": {"it's paid", "it's"},
	} {
		if found := acceptanceFaults(strings.Replace(whole.String(), change[0], change[1], 1), read); len(found) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// manualRows are the rows of the manual by chapter; chapter 0 holds for all of them.
func manualRows() []string {
	var ids []string
	for chapter, rows := range []int{2, 5, 6, 8, 8, 5, 5, 8, 10, 5, 9, 8} {
		for row := range rows {
			ids = append(ids, fmt.Sprintf("S%d.%d", chapter, row+1))
		}
	}
	return ids
}

var (
	acceptanceRow = regexp.MustCompile(`(?m)^\| (S\d+\.\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$`)
	namedTest     = regexp.MustCompile("`([^`:]+): ([^`]+)`")
)

func acceptanceFaults(table string, read func(file string) (string, error)) []string {
	var faults []string
	seen := map[string]int{}
	for _, row := range acceptanceRow.FindAllStringSubmatch(table, -1) {
		id, saw, tests := row[1], row[3], namedTest.FindAllStringSubmatch(row[4], -1)
		seen[id]++
		if strings.TrimSpace(saw) == "" {
			faults = append(faults, id+": nothing was seen")
		}
		if len(tests) == 0 {
			faults = append(faults, id+": no test")
		}
		for _, named := range tests {
			if why := missingTest(named[1], named[2], read); why != "" {
				faults = append(faults, id+": "+why)
			}
		}
	}
	for _, id := range manualRows() {
		if seen[id] != 1 {
			faults = append(faults, fmt.Sprintf("%s stands %d times", id, seen[id]))
		}
		delete(seen, id)
	}
	for id := range seen {
		faults = append(faults, id+" is no row of the manual")
	}
	return faults
}

// missingTest says why there is no such test in a file, or nothing.
func missingTest(file, name string, read func(file string) (string, error)) string {
	text, err := read(file)
	if err != nil {
		return err.Error()
	}
	literal := "'" + strings.ReplaceAll(name, "'", `\'`) + "'"
	if strings.HasSuffix(file, ".go") {
		literal = "func " + name + "("
	}
	if !strings.Contains(text, literal) {
		return fmt.Sprintf("%s has no test %q", file, name)
	}
	return ""
}
