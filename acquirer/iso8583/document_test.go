package iso8583_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"innopay/acquirer/iso8583"
)

// TestDocument: the profile's tables of fields and codes are those of the code, no
// row more and none less.
func TestDocument(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../docs/api/iso8583-profile.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	rows := func(heading string) map[string]bool {
		_, section, found := strings.Cut(text, "\n"+heading+"\n")
		if !found {
			t.Fatalf("no section %q", heading)
		}
		_, table, _ := strings.Cut(section, "\n| --- ")
		out := map[string]bool{}
		for line := range strings.SplitSeq(table, "\n") {
			if line == "" {
				break
			}
			if cells := strings.Split(line, "|"); !strings.HasPrefix(line, "| ---") {
				out[strings.Join(cells[:4], "|")] = true
			}
		}
		return out
	}
	fields := rows("## Fields")
	for _, f := range iso8583.Fields() {
		row := fmt.Sprintf("| %d | %s | %s ", f.Number, f.Format, f.Name)
		if !fields[row] {
			t.Errorf("the document lacks the field %q", row)
		}
		delete(fields, row)
	}
	codes := rows("## Response codes")
	for _, m := range iso8583.Meanings() {
		row := strings.TrimSuffix(fmt.Sprintf("| %s | %s | %s ", m.Code, m.Message, m.Failure), " ")
		if m.Failure != "" {
			row += " "
		}
		if !codes[row] {
			t.Errorf("the document lacks the code %q", row)
		}
		delete(codes, row)
	}
	for _, left := range []map[string]bool{fields, codes} {
		for row := range left {
			t.Errorf("only the document has %q", row)
		}
	}
}
