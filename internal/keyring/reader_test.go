package keyring_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/internal/keyring"
)

func baseKey(t *testing.T, s string) dukpt.Key {
	t.Helper()
	k, err := dukpt.ParseKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const (
	ownKey       = "9E3779B97F4A7C15BF58476D1CE4E5B9"
	publishedKey = "0123456789ABCDEFFEDCBA9876543210"
)

// TestReaderKeys adds, reads, lists and removes, over two instances.
func TestReaderKeys(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	one, two := open(t, dir), open(t, dir)
	if ids, err := one.ReaderKeys(); err != nil || len(ids) != 0 {
		t.Fatalf("at first: %v %v", ids, err)
	}
	sets := []reader.KeySet{
		{ID: "FFFF987654", Scheme: dukpt.TDES, Key: baseKey(t, ownKey)},
		{ID: "6299490119", Scheme: dukpt.TDESAES, Use: dukpt.Data, Key: baseKey(t, ownKey)},
		{ID: "12345678", Scheme: dukpt.AES, Key: baseKey(t, ownKey)},
	}
	for _, set := range sets {
		if err := one.AddReaderKey(set); err != nil {
			t.Fatal(err)
		}
		got, err := two.ReaderKey(set.ID)
		if err != nil || got.ID != set.ID || got.Scheme != set.Scheme || got.Use != set.Use || !got.Key.Equal(set.Key) {
			t.Errorf("%s as another instance reads it: %+v, %v", set.ID, got, err)
		}
		if err := two.AddReaderKey(set); !errors.Is(err, keyring.ErrKeySetTaken) {
			t.Errorf("%s again: %v", set.ID, err)
		}
		st, err := os.Stat(filepath.Join(dir, "reader-"+set.ID+".json"))
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("its file: %v %v", st.Mode(), err)
		}
	}
	ids, err := two.ReaderKeys()
	if slices.Sort(ids); err != nil || !slices.Equal(ids, []string{"12345678", "6299490119", "FFFF987654"}) {
		t.Errorf("listed: %v %v", ids, err)
	}
	if err := one.Rotate(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir).ReaderKey("FFFF987654"); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
	if err := two.RemoveReaderKey("FFFF987654"); err != nil {
		t.Fatal(err)
	}
	if _, err := one.ReaderKey("FFFF987654"); !errors.Is(err, reader.ErrKeySet) {
		t.Errorf("removed: %v", err)
	}
	if err := two.RemoveReaderKey("FFFF987654"); !errors.Is(err, reader.ErrKeySet) {
		t.Errorf("removed twice: %v", err)
	}
}

func TestReaderKeysRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	k := baseKey(t, ownKey)
	for name, set := range map[string]reader.KeySet{
		"no id": {Scheme: dukpt.TDES, Key: k}, "AES id of TDES": {ID: "FFFF987654", Scheme: dukpt.AES, Key: k},
		"TDES id of AES": {ID: "12345678", Scheme: dukpt.TDES, Key: k}, "a path": {ID: "../../evil", Scheme: dukpt.TDES, Key: k},
		"small letters": {ID: "ffff987654", Scheme: dukpt.TDES, Key: k}, "no scheme": {ID: "FFFF987654", Key: k},
		"no key": {ID: "FFFF987654", Scheme: dukpt.TDES}, "another use": {ID: "FFFF987654", Scheme: dukpt.TDES, Use: "MAC", Key: k},
	} {
		if err := r.AddReaderKey(set); !errors.Is(err, keyring.ErrKeySetInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range []string{"", "FFFF987654", "../ring-1", strings.Repeat("A", 300), "FFFF9876541"} {
		if _, err := r.ReaderKey(id); !errors.Is(err, reader.ErrKeySet) {
			t.Errorf("%q: %v", id, err)
		}
	}
	name := filepath.Join(dir, "reader-FFFF987654.json")
	for _, text := range []string{"", "{", `{"scheme":"TDES","key":"AAAA"}`, `{"scheme":"AES","key":"nnd5uX9KfBW/WEdtHOTluQ=="}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := r.ReaderKey("FFFF987654"); err == nil || errors.Is(err, reader.ErrKeySet) || strings.Contains(err.Error(), "nnd5") {
			t.Errorf("a file of %q: %v", text, err)
		}
	}
	if err := os.Chmod(name, 0o644); err != nil { //nolint:gosec // the test's point
		t.Fatal(err)
	}
	if _, err := r.ReaderKey("FFFF987654"); !errors.Is(err, keyring.ErrPermissions) {
		t.Errorf("a readable file: %v", err)
	}
}

func TestPublishedReaderKey(t *testing.T) {
	t.Parallel()
	r := open(t, filepath.Join(t.TempDir(), "keys"))
	if err := r.AddReaderKey(reader.KeySet{ID: "AAAAAAAAAA", Scheme: dukpt.TDES, Key: baseKey(t, ownKey)}); err != nil {
		t.Fatal(err)
	}
	if id, err := r.PublishedReaderKey(); err != nil || id != "" {
		t.Errorf("an own key: %q %v", id, err)
	}
	if err := r.AddReaderKey(reader.KeySet{ID: "BBBBBBBBBB", Scheme: dukpt.TDES, Key: baseKey(t, publishedKey)}); err != nil {
		t.Fatal(err)
	}
	if id, err := r.PublishedReaderKey(); err != nil || id != "BBBBBBBBBB" {
		t.Errorf("a published key: %q %v", id, err)
	}
}

// TestReaderKeyIsNotShown sees that what a key set prints is not its key.
func TestReaderKeyIsNotShown(t *testing.T) {
	t.Parallel()
	set := reader.KeySet{ID: "FFFF987654", Scheme: dukpt.TDES, Key: baseKey(t, ownKey)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		s := fmt.Sprintf(verb, set)
		if strings.Contains(strings.ToUpper(s), ownKey) || bytes.Contains([]byte(s), set.Key.Reveal()) {
			t.Errorf("prints %s", s)
		}
	}
}
