package keyring_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"innopay/internal/keyring"
)

func open(t *testing.T, dir string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	open(t, dir)
	st, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode().Perm() != 0o700 {
		t.Errorf("directory mode %v", st.Mode())
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("files %v, %v", names, err)
	}
	if st, err = os.Stat(names[0]); err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("ring mode %v, %v", st.Mode(), err)
	}
	if err := os.Chmod(names[0], 0o644); err != nil { //nolint:gosec // the test's point
		t.Fatal(err)
	}
	if _, err := keyring.Open(dir); !errors.Is(err, keyring.ErrPermissions) {
		t.Errorf("a readable ring opens: %v", err)
	}
}

func TestLooseDirectoryIsTightened(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // the test's point
		t.Fatal(err)
	}
	open(t, dir)
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
}

func TestDamagedRingIsRefusedWithoutQuotingIt(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON": "top secret", "empty ring": "{}",
		"short key": `{"aead":{},"macs":[{"id":"aaaa","key":"c2VjcmV0"}],"index":{"id":"bbbb","key":"c2VjcmV0"},"root":"c2VjcmV0"}`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "ring-000001.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := keyring.Open(dir)
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "c2Vj") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSealOpensOnlyUnchangedAndInItsPlace(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	sealed, err := r.Seal([]byte("010-0000-0001"), "payment/pay_1")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, "0000") {
		t.Error("the plaintext shows")
	}
	if p, err := r.Unseal(sealed, "payment/pay_1"); err != nil || string(p) != "010-0000-0001" {
		t.Fatalf("%q, %v", p, err)
	}
	other := open(t, t.TempDir())
	flipped := []byte(sealed)
	flipped[len(flipped)/2] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another place": func() ([]byte, error) { return r.Unseal(sealed, "payment/pay_2") },
		"flipped":       func() ([]byte, error) { return r.Unseal(string(flipped), "payment/pay_1") },
		"cut":           func() ([]byte, error) { return r.Unseal(sealed[:len(sealed)-4], "payment/pay_1") },
		"empty":         func() ([]byte, error) { return r.Unseal("", "payment/pay_1") },
		"not base64":    func() ([]byte, error) { return r.Unseal("###", "payment/pay_1") },
		"another ring":  func() ([]byte, error) { return other.Unseal(sealed, "payment/pay_1") },
	} {
		if p, err := try(); !errors.Is(err, keyring.ErrTampered) {
			t.Errorf("%s: %q, %v", name, p, err)
		}
	}
	if again, err := r.Seal([]byte("010-0000-0001"), "payment/pay_1"); err != nil || again == sealed {
		t.Errorf("sealing twice gives the same text: %v", err)
	}
}

func TestMACSeparatesPurposesAndBorders(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	seen := map[string]string{}
	for name, f := range map[string]func() (string, string){
		"a,bc":    func() (string, string) { return r.MAC("p", []byte("a"), []byte("bc")) },
		"ab,c":    func() (string, string) { return r.MAC("p", []byte("ab"), []byte("c")) },
		"abc":     func() (string, string) { return r.MAC("p", []byte("abc")) },
		"purpose": func() (string, string) { return r.MAC("q", []byte("a"), []byte("bc")) },
		"joined":  func() (string, string) { return r.MAC("pa", []byte("bc")) },
	} {
		keyID, sum := f()
		if keyID == "" || len(sum) < 43 {
			t.Errorf("%s: key %q sum %q", name, keyID, sum)
		}
		if other, ok := seen[sum]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[sum] = name
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	tok := r.Token("receipt", "pay_1", 0)
	if again := r.Token("receipt", "pay_1", 0); again != tok {
		t.Error("not repeatable")
	}
	if len(tok) != 28 || strings.Trim(tok, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		t.Errorf("%q is not 28 URL-safe characters", tok)
	}
	if !r.TokenValid(tok, "receipt", "pay_1", 0) {
		t.Error("a right token is refused")
	}
	for name, ok := range map[string]bool{
		"kind": r.TokenValid(tok, "link", "pay_1", 0), "id": r.TokenValid(tok, "receipt", "pay_2", 0),
		"generation": r.TokenValid(tok, "receipt", "pay_1", 1), "empty": r.TokenValid("", "receipt", "pay_1", 0),
		"cut": r.TokenValid(tok[:27], "receipt", "pay_1", 0), "foreign key": r.TokenValid("!!!!"+tok[4:], "receipt", "pay_1", 0),
	} {
		if ok {
			t.Errorf("another %s is accepted", name)
		}
	}
	if h := r.TokenHash(tok); strings.Contains(h, tok[4:]) || h == r.TokenHash(r.Token("receipt", "pay_1", 1)) {
		t.Error("hash shows the token or does not tell tokens apart")
	}
}

func TestRotationKeepsWhatWasMadeBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, other := open(t, dir), open(t, dir) // two instances
	sealed, err := r.Seal([]byte("plain"), "ad")
	if err != nil {
		t.Fatal(err)
	}
	keyID, sum := r.MAC("p", []byte("x"))
	tok := r.Token("k", "id", 1)
	hash, index, derived := r.TokenHash(tok), r.BlindIndex("name", "buyer"), string(r.Derive("owner"))
	for range 3 {
		if err := r.Rotate(); err != nil {
			t.Fatal(err)
		}
	}
	for name, ring := range map[string]*keyring.Ring{"rotating": r, "other instance": other, "restarted": open(t, dir)} {
		if p, err := ring.Unseal(sealed, "ad"); err != nil || string(p) != "plain" {
			t.Errorf("%s: old ciphertext: %v", name, err)
		}
		if s, err := ring.MACWith(keyID, "p", []byte("x")); err != nil || s != sum {
			t.Errorf("%s: old hash: %v", name, err)
		}
		if again, err := ring.TokenAgain(hash, "k", "id", 1); err != nil || again != tok || !ring.TokenValid(tok, "k", "id", 1) {
			t.Errorf("%s: old token: %v", name, err)
		}
		if ring.BlindIndex("name", "buyer") != index || string(ring.Derive("owner")) != derived {
			t.Errorf("%s: index or derived login changed", name)
		}
	}
	newID, newSum := r.MAC("p", []byte("x"))
	if newID == keyID || r.Token("k", "id", 1) == tok {
		t.Error("rotation made no new key")
	}
	newSealed, err := r.Seal([]byte("new"), "ad")
	if err != nil {
		t.Fatal(err)
	}
	// The other instance has not been told of anything and follows by itself.
	if s, err := other.MACWith(newID, "p", []byte("x")); err != nil || s != newSum {
		t.Errorf("other instance, new hash: %v", err)
	}
	if p, err := other.Unseal(newSealed, "ad"); err != nil || string(p) != "new" {
		t.Errorf("other instance, new ciphertext: %v", err)
	}
}

func TestUnknownKey(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	if _, err := r.MACWith("????", "p"); !errors.Is(err, keyring.ErrUnknownKey) {
		t.Errorf("MACWith: %v", err)
	}
	if _, err := r.TokenAgain("x", "k", "id", 0); !errors.Is(err, keyring.ErrUnknownKey) {
		t.Errorf("TokenAgain: %v", err)
	}
}

func TestConcurrentRotationsLoseNoKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rings := []*keyring.Ring{open(t, dir), open(t, dir), open(t, dir), open(t, dir)}
	errs := make(chan error, len(rings))
	sums := make(chan [2]string, len(rings))
	for _, r := range rings {
		go func() {
			err := r.Rotate()
			keyID, sum := r.MAC("p", []byte("x"))
			sums <- [2]string{keyID, sum}
			errs <- err
		}()
	}
	for range rings {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	last := open(t, dir)
	for range rings {
		s := <-sums
		if got, err := last.MACWith(s[0], "p", []byte("x")); err != nil || got != s[1] {
			t.Errorf("key %s was lost: %v", s[0], err)
		}
	}
}

// TestProcessesCreatingAtOnceAgree starts this test binary several times on one
// empty directory; each child opens it when told to and prints what it derives.
func TestProcessesCreatingAtOnceAgree(t *testing.T) { //nolint:paralleltest // sets the environment of its children
	const variable = "INNOPAY_KEYRING_CHILD"
	if dir := os.Getenv(variable); dir != "" {
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		r := open(t, dir)
		_, sum := r.MAC("p", []byte("x"))
		fmt.Printf("derived=%s%x\n", sum, r.Derive("x"))
		return
	}
	dir := filepath.Join(t.TempDir(), "keys")
	const children = 6
	results := make(chan string, children)
	start := make(chan struct{})
	for range children {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcessesCreatingAtOnceAgree$")
		cmd.Env = append(os.Environ(), variable+"="+dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-start
			_, _ = in.Write([]byte("go\n"))
			_ = in.Close()
		}()
		go func() {
			out, err := cmd.CombinedOutput()
			if err != nil {
				out = append(out, err.Error()...)
			}
			line, _, _ := strings.Cut(string(out), "\n")
			results <- line
		}()
	}
	close(start)
	first := <-results
	if !strings.HasPrefix(first, "derived=") {
		t.Fatalf("child said %q", first)
	}
	for range children - 1 {
		if r := <-results; r != first {
			t.Errorf("children disagree: %q, %q", first, r)
		}
	}
}
