package needle_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"innopay/test/needle"
)

// TestASecretIsFoundInEveryForm plants each form into a file of noise, once after
// one, two and three bytes of something else.
func TestASecretIsFoundInEveryForm(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"9990011987654329", "canary-password 7", "511231", ";9990011987654329=35121011234567?"} {
		all := needle.Of("secret", secret)
		if want := map[bool]int{true: 3, false: 8}[secret == "511231"]; len(all) < want {
			t.Errorf("%q has only %d forms", secret, len(all))
		}
		s := needle.NewSearch(all)
		for _, n := range all {
			dir := t.TempDir()
			path := filepath.Join(dir, "deep", "page.db")
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			noise := strings.Repeat("\x00\x7fnoise 99900 ", 5000)
			if err := os.WriteFile(path, []byte(noise+n.Text()+noise), 0o600); err != nil {
				t.Fatal(err)
			}
			found, _, err := s.Files(func(string) bool { return false }, dir)
			if err != nil || !strings.Contains(strings.Join(found, "\n"), n.Name()) {
				t.Errorf("%s is not found: %v, %v", n.Name(), found, err)
			}
		}
		clean := []byte(strings.Repeat("\x00\x7fnoise 99900 4111 ", 5000))
		if found := s.In(clean); len(found) > 0 {
			t.Errorf("found in noise: %v", found)
		}
	}
}

func TestShortDigitsInsideLongerOnesAreChance(t *testing.T) {
	t.Parallel()
	s := needle.NewSearch(needle.Of("birth date", "511231"))
	if found := s.In([]byte(`"took":1511231000`)); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	if found := s.In([]byte(`"birth":"511231"`)); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

// TestBase64IsFoundWhereverItStands encodes texts with the secret at every offset.
func TestBase64IsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	s := needle.NewSearch(needle.Of("card", "9990011987654329"))
	for before := range 7 {
		for after := range 4 {
			if found := s.In([]byte(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + "9990011987654329" + strings.Repeat("y", after))))); len(found) == 0 {
				t.Errorf("not found after %d and before %d bytes", before, after)
			}
		}
	}
}

// TestAnAmountIsNoCard: 38,800 in a page of PostgreSQL is eight bytes that a card of zeros
// would have in packed decimals.
func TestAnAmountIsNoCard(t *testing.T) {
	t.Parallel()
	s := needle.NewSearch(needle.Of("card", "9097000000000000"))
	if found := s.In([]byte("\x0f\xdf\xfb_\x06\x00\x90\x97\x00\x00\x00\x00\x00\x00\x03")); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	if found := s.In([]byte(`"pan":"9097000000000000"`)); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}
