package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"innopay/card/dukpt"
	"innopay/card/reader"
)

// Base keys of card readers stand in files of their own, one a key set: they come from
// whoever injects the readers, and go when the last reader of the set is gone. A set is
// read at each swipe and wiped, so that every instance sees at once what was added, and no
// process holds a base key longer than a swipe takes.
const readerPrefix = "reader-"

// ErrKeySetTaken: the set has a key already.
var ErrKeySetTaken = errors.New("keyring: this key set has a key already; remove it first")

// ErrKeySetInvalid: the id, scheme or use of a key set is none.
var ErrKeySetInvalid = errors.New("keyring: a key set is ten hex digits by TDES and TDES_AES, eight by AES")

// readerFile is the JSON of one set.
type readerFile struct {
	Scheme dukpt.Scheme `json:"scheme"`
	Use    dukpt.Use    `json:"use,omitempty"`
	Key    []byte       `json:"key"`
}

var _ reader.Keys = (*Ring)(nil)

// ReaderKey implements reader.Keys.
func (r *Ring) ReaderKey(id string) (reader.KeySet, error) {
	name, ok := r.readerFile(id)
	if !ok {
		return reader.KeySet{}, reader.ErrKeySet
	}
	raw, err := readSecret(name)
	if errors.Is(err, fs.ErrNotExist) {
		return reader.KeySet{}, reader.ErrKeySet
	}
	if err != nil {
		return reader.KeySet{}, err
	}
	defer clear(raw)
	// A cause may quote the file, so none is wrapped.
	broken := fmt.Errorf("keyring: %s is no key set", filepath.Base(name))
	var f readerFile
	if json.Unmarshal(raw, &f) != nil {
		return reader.KeySet{}, broken
	}
	defer clear(f.Key)
	k, err := dukpt.NewKey(f.Key)
	if err != nil {
		return reader.KeySet{}, broken
	}
	set := reader.KeySet{ID: id, Scheme: f.Scheme, Use: f.Use, Key: k}
	if !set.Valid() {
		k.Wipe()
		return reader.KeySet{}, broken
	}
	return set, nil
}

// readerFile is the name of a set's file. Ids come from outside: only hex digits name one.
func (r *Ring) readerFile(id string) (string, bool) {
	if len(id) < 8 || len(id) > 10 || strings.Trim(id, "0123456789ABCDEF") != "" {
		return "", false
	}
	return filepath.Join(r.dir, readerPrefix+id+fileSuffix), true
}

// ReaderKeys implements reader.Keys.
func (r *Ring) ReaderKeys() ([]string, error) {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, fmt.Errorf("keyring: list: %w", err)
	}
	var ids []string
	for _, e := range entries {
		s, ok := strings.CutPrefix(e.Name(), readerPrefix)
		if !ok {
			continue
		}
		if s, ok = strings.CutSuffix(s, fileSuffix); ok {
			if _, ok = r.readerFile(s); ok {
				ids = append(ids, s)
			}
		}
	}
	return ids, nil
}

// AddReaderKey installs a set durably. It returns ErrKeySetInvalid, or ErrKeySetTaken
// where the set has a key: readers of the old one would be decrypted to nothing.
func (r *Ring) AddReaderKey(set reader.KeySet) error {
	name, ok := r.readerFile(set.ID)
	if !ok || !set.Valid() {
		return ErrKeySetInvalid
	}
	raw, err := json.Marshal(readerFile{Scheme: set.Scheme, Use: set.Use, Key: set.Key.Reveal()})
	if err != nil {
		return fmt.Errorf("keyring: encode key set: %w", err)
	}
	defer clear(raw)
	placed, err := place(name, raw)
	if err != nil {
		return err
	}
	if !placed {
		return ErrKeySetTaken
	}
	return nil
}

// RemoveReaderKey takes a set away, after which its readers are unknown. It returns
// reader.ErrKeySet where there is none.
func (r *Ring) RemoveReaderKey(id string) error {
	name, ok := r.readerFile(id)
	if !ok {
		return reader.ErrKeySet
	}
	err := os.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return reader.ErrKeySet
	}
	if err != nil {
		return fmt.Errorf("keyring: remove key set: %w", err)
	}
	return syncDir(r.dir)
}

// PublishedReaderKey names a set whose key stands in a standard or manual, empty when
// there is none. Such a key protects nothing, so production does not start with one.
func (r *Ring) PublishedReaderKey() (string, error) {
	ids, err := r.ReaderKeys()
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		set, err := r.ReaderKey(id)
		if errors.Is(err, reader.ErrKeySet) {
			continue // removed meanwhile
		}
		if err != nil {
			return "", err
		}
		found := dukpt.Published(set.Key)
		set.Key.Wipe()
		if found {
			return id, nil
		}
	}
	return "", nil
}
