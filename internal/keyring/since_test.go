package keyring_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/keyring"
)

// TestTheAgeOfKeysOutlivesCopies: a restored key folder has files of today, and keys of then.
func TestTheAgeOfKeysOutlivesCopies(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	c := clock.NewFake(time.Date(2025, 3, 2, 12, 0, 0, 0, clock.Seoul))
	made := c.Now()
	r, err := keyring.OpenAt(dir, c)
	if err != nil {
		t.Fatal(err)
	}
	since := func(r *keyring.Ring, want time.Time) {
		t.Helper()
		if got, err := r.Since(); err != nil || !got.Equal(want) {
			t.Errorf("keys of %s, %v; want %s", got, err, want)
		}
	}
	since(r, made)
	c.Advance(400 * 24 * time.Hour)
	copied := filepath.Join(t.TempDir(), "restored")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(copied, "ring-000001.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := keyring.OpenAt(copied, c)
	if err != nil {
		t.Fatal(err)
	}
	since(again, made)
	if err := again.Rotate(); err != nil {
		t.Fatal(err)
	}
	since(again, c.Now())
	since(r, made)
	if err := r.Rotate(); err != nil { // by another process than the one that is asked
		t.Fatal(err)
	}
	since(r, c.Now())
}

// TestKeysFromBeforeTheirAgeWasKept are as old as their file.
func TestKeysFromBeforeTheirAgeWasKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	name := filepath.Join(dir, "ring-000001.json")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil || fields["madeAt"] == nil {
		t.Fatalf("%v, and when it was made: %s", err, fields["madeAt"])
	}
	delete(fields, "madeAt")
	if raw, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Since(); err != nil || !got.Equal(old) {
		t.Errorf("keys of %s, %v", got, err)
	}
	sealed, err := r.Seal([]byte("secret"), "row")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Since(); err != nil || time.Since(got) > time.Hour {
		t.Errorf("rotated keys of %s, %v", got, err)
	}
	if plain, err := r.Unseal(sealed, "row"); err != nil || string(plain) != "secret" {
		t.Errorf("%q %v", plain, err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "ring-000002.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Since(); err == nil {
		t.Error("keys that are gone have an age")
	}
}
