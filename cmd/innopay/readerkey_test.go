package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// typed runs an admin command with lines on its standard input.
func typed(t *testing.T, lines string, args ...string) (code int, said, failed string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = runOn(strings.NewReader(lines), append([]string{"admin"}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

// The published key of ANSI X9.24-1 in two components, and one of our own.
const (
	publishedOne = "00112233445566778899AABBCCDDEEFF"
	publishedTwo = "01326754CDFEAB9876451023BA89DCEF"
	ownOne       = "9E3779B97F4A7C15BF58476D1CE4E5B9"
	ownTwo       = "94D049BB133111EB5851F42D4C957F2D"
)

// TestReaderKeyImport installs a base key from two people's components, and shows no
// digit of it anywhere.
func TestReaderKeyImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := []string{"--data", dir, "reader-key"}
	code, said, failed := typed(t, publishedOne+"\n"+strings.ToLower(publishedTwo)+"\r\n", append(at, "import", "FFFF987654")...)
	if code != 0 || said != "FFFF987654 TDES KCV 08D7B4\n" || strings.Count(failed, "KCV") != 2 {
		t.Fatalf("imported: %d %q %q", code, said, failed)
	}
	code, again, _ := typed(t, ownOne+"\n"+ownTwo, append(at, "import", "6299490119", "--scheme", "TDES_AES", "--use", "DATA")...)
	if code != 0 || !strings.HasPrefix(again, "6299490119 TDES_AES KCV ") {
		t.Fatalf("without a last end of line: %d %q", code, again)
	}
	code, list, _ := typed(t, "", append(at, "list")...)
	if code != 0 || !strings.Contains(list, "FFFF987654") || !strings.Contains(list, "08D7B4") || strings.Count(list, "published") != 1 || !strings.Contains(list, "6299490119") {
		t.Errorf("listed: %d %q", code, list)
	}
	for _, text := range []string{said, failed, again, list} {
		for _, secret := range []string{publishedOne, publishedTwo, "0123456789ABCDEF", ownOne, ownTwo, ownOne[:16]} {
			if strings.Contains(strings.ToUpper(text), secret) {
				t.Errorf("a component is shown: %q", text)
			}
		}
	}
	for name, c := range map[string]struct {
		lines, say string
		args       []string
	}{
		"the set again":     {ownOne + "\n" + ownTwo + "\n", "already", []string{"import", "FFFF987654"}},
		"one line of two":   {ownOne + "\n", "component 2", []string{"import", "FFFF987655"}},
		"no hex digits":     {"G" + ownOne[1:] + "\n" + ownTwo + "\n", "component 1", []string{"import", "FFFF987655"}},
		"a line too long":   {strings.Repeat("0", 500) + "\n", "component 1", []string{"import", "FFFF987655"}},
		"they cancel out":   {ownOne + "\n" + ownOne + "\n", "cancel out", []string{"import", "FFFF987655"}},
		"no set":            {ownOne + "\n" + ownTwo + "\n", "ten hex digits", []string{"import", "FFFF98765"}},
		"nothing to remove": {"", "unknown key set", []string{"remove", "FFFF987655"}},
	} {
		code, said, failed := typed(t, c.lines, append(at, c.args...)...)
		if code != exitBroken || said != "" || !strings.Contains(failed, c.say) || strings.Contains(failed, ownOne[1:9]) {
			t.Errorf("%s: %d %q %q, want a word about %s", name, code, said, failed, c.say)
		}
	}
	if code, _, failed := typed(t, "", append(at, "remove", "FFFF987654")...); code != 0 {
		t.Errorf("removed: %d %q", code, failed)
	}
	if _, err := os.Stat(filepath.Join(dir, "innopay.db")); err == nil {
		t.Error("a database was made for a key")
	}
}

// TestProductionRefusesPublishedKeys: not taken by import, and not started with.
func TestProductionRefusesPublishedKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "innopay.yaml")
	config := fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\nbaseUrl: https://pay.example\ntrustedProxies: [127.0.0.1]\nacquirers: {iso8583: {address: '127.0.0.1:1', profile: production}}\n", dir)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said, failed := typed(t, publishedOne+"\n"+publishedTwo+"\n", "--config", file, "reader-key", "import", "FFFF987654")
	if code != exitRefused || said != "" || !strings.Contains(failed, "production refuses") {
		t.Errorf("imported: %d %q %q", code, said, failed)
	}
	// Somebody installs it as the demo does.
	if code, _, failed := typed(t, publishedOne+"\n"+publishedTwo+"\n", "--data", dir, "reader-key", "import", "FFFF987654"); code != 0 {
		t.Fatalf("imported by the folder: %d %q", code, failed)
	}
	var out, errs bytes.Buffer
	code = run([]string{"serve", "--config", file}, &out, &errs)
	if line := strings.TrimSpace(errs.String()); code != exitRefused || strings.Contains(line, "\n") || !strings.Contains(line, "reader set FFFF987654") {
		t.Errorf("served: %d %q %q", code, &out, line)
	}
}

// TestAdminReaders sets what an operator decides of a merchant's readers.
func TestAdminReaders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, id, _ := admin(t, dir, "merchant", "--name", "시험 상점", "--business-number", "1208147521", "--owner", "대표", "--address", "서울",
		"--phone", "0212345678", "--tid", "T0000001", "--mid", "M00000001")
	id = strings.TrimSpace(id)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "plain track ALLOW, chip first ASK\n"},
		{[]string{"--plain-track", "FORBID"}, "plain track FORBID, chip first ASK\n"},
		{[]string{"--chip-first", "REFUSE"}, "plain track FORBID, chip first REFUSE\n"},
		{[]string{"--plain-track", "ALLOW", "--chip-first", "ASK"}, "plain track ALLOW, chip first ASK\n"},
	} {
		if code, said, failed := admin(t, dir, append([]string{"readers", id}, c.args...)...); code != 0 || said != c.want {
			t.Errorf("%v: %d %q %q, want %q", c.args, code, said, failed, c.want)
		}
	}
	if code, said, _ := admin(t, dir, "readers", "mer_00000000000000000000000000", "--plain-track", "FORBID"); code != exitBroken || said != "" {
		t.Errorf("a merchant nobody made: %d %q", code, said)
	}
}
