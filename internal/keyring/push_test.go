package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"innopay/internal/keyring"
)

func TestProcessesAgreeOnOnePushKeyAndItOutlivesARotation(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	var wg sync.WaitGroup
	keys := make([]keyring.PushKey, 8)
	for i := range keys {
		wg.Go(func() {
			r, err := keyring.Open(dir)
			if err == nil {
				keys[i], err = r.PushKey()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	last, err := r.PushKey()
	if err != nil || len(last.Public) != 87 || len(last.Private) != 43 {
		t.Errorf("%d, %d characters, %v", len(last.Public), len(last.Private), err)
	}
	for _, k := range keys {
		if k != last {
			t.Error("two key pairs")
		}
	}
	st, err := os.Stat(filepath.Join(dir, "push.json"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
}

func TestAPushKeyThatIsNoneIsNotReplaced(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"no JSON": "x", "empty": "{}", "halves of two pairs": `{"public":"BAAA","private":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			r, err := keyring.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "push.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := r.PushKey(); err == nil {
				t.Error("it was taken")
			}
			if raw, err := os.ReadFile(file); err != nil || string(raw) != content {
				t.Errorf("%q, %v", raw, err)
			}
			if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // what is refused
				t.Fatal(err)
			}
			if _, err := r.PushKey(); !errors.Is(err, keyring.ErrPermissions) {
				t.Errorf("readable by others: %v", err)
			}
		})
	}
}
