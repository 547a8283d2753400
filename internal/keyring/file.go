package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
)

const (
	filePrefix = "ring-"
	fileSuffix = ".json"
	maxFile    = 1 << 20 // bytes; thousands of rotations fit
)

func fileName(dir string, number int) string {
	return filepath.Join(dir, fmt.Sprintf("%s%06d%s", filePrefix, number, fileSuffix))
}

func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keyring: make directory: %w", err)
	}
	st, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("keyring: look at directory: %w", err)
	}
	if st.Mode().Perm()&0o077 == 0 {
		return nil
	}
	// A directory somebody made beforehand is tightened rather than refused.
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory needs the x bit
		return fmt.Errorf("%w: %w", ErrPermissions, err)
	}
	return nil
}

// newest loads the highest generation of dir, nil when there is none.
func newest(dir string) (*generation, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("keyring: list: %w", err)
	}
	number := 0
	for _, e := range entries {
		s, ok := strings.CutPrefix(e.Name(), filePrefix)
		if !ok {
			continue
		}
		if s, ok = strings.CutSuffix(s, fileSuffix); !ok {
			continue
		}
		if n, err := strconv.Atoi(s); err == nil {
			number = max(number, n)
		}
	}
	if number == 0 {
		return nil, nil //nolint:nilnil // an empty directory is no error
	}
	return load(dir, number)
}

func load(dir string, number int) (*generation, error) {
	name := fileName(dir, number)
	raw, err := readSecret(name)
	if err != nil {
		return nil, err
	}
	g := &generation{number: number}
	if err := json.Unmarshal(raw, &g.file); err != nil {
		// The cause may quote the file, so it is not wrapped.
		return nil, fmt.Errorf("keyring: %s is not a ring", filepath.Base(name))
	}
	if err := g.file.check(); err != nil {
		return nil, err
	}
	h, err := readKeyset(g.file.AEAD)
	if err != nil {
		return nil, err
	}
	if g.aead, err = aead.New(h); err != nil {
		return nil, fmt.Errorf("keyring: aead: %w", err)
	}
	return g, nil
}

// readSecret reads a file that nobody else may read.
func readSecret(name string) ([]byte, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("keyring: look at file: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, ErrPermissions
	}
	if st.Size() > maxFile {
		return nil, fmt.Errorf("keyring: %s is too large", filepath.Base(name))
	}
	raw, err := os.ReadFile(name) //nolint:gosec // the name is ours
	if err != nil {
		return nil, fmt.Errorf("keyring: read file: %w", err)
	}
	return raw, nil
}

func (f ringFile) check() error {
	ok := len(f.MACs) > 0 && len(f.Root) == keyBytes
	for _, k := range append([]macKey{f.Index}, f.MACs...) {
		ok = ok && len(k.ID) == keyIDLength && len(k.Key) == keyBytes
	}
	if !ok {
		return errors.New("keyring: the ring is not whole")
	}
	return nil
}

// create makes the first generation, or loads the one another process just made.
func create(dir string, at time.Time) (*generation, error) {
	f, err := newRing(at)
	if err != nil {
		return nil, err
	}
	if _, err := install(dir, 1, f); err != nil {
		return nil, err
	}
	// The directory itself may be new as well.
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	return newest(dir)
}

// install writes a generation durably under its number and reports whether it was
// this call that did; false means that another process has made that number.
func install(dir string, number int, f ringFile) (bool, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return false, fmt.Errorf("keyring: encode ring: %w", err)
	}
	return place(fileName(dir, number), raw)
}

// place writes a file durably under its name unless the name is taken, and reports
// whether it was this call that did: of several processes exactly one does.
func place(name string, raw []byte) (bool, error) {
	dir := filepath.Dir(name)
	tmp, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return false, fmt.Errorf("keyring: new file: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // the linked name stays
	_, err = tmp.Write(raw)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return false, fmt.Errorf("keyring: write file: %w", err)
	}
	err = os.Link(tmp.Name(), name)
	taken := errors.Is(err, fs.ErrExist)
	if err != nil && !taken {
		return false, fmt.Errorf("keyring: install file: %w", err)
	}
	// The loser waits for durability too: it is about to use the winner's keys.
	return !taken, syncDir(dir)
}

// syncDir makes the new name survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the operator's own directory
	if err != nil {
		return fmt.Errorf("keyring: open directory: %w", err)
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("keyring: sync directory: %w", err)
	}
	return nil
}

// follow loads a newer generation when there is one and reports whether there was.
// Foreign key ids arrive from outside, so it costs one look at a file name.
func (r *Ring) follow() (bool, error) {
	if _, err := os.Lstat(fileName(r.dir, r.current().number+1)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, fmt.Errorf("keyring: look for a newer ring: %w", err)
	}
	return true, r.reload()
}

func (r *Ring) reload() error {
	g, err := newest(r.dir)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if g != nil && g.number > r.cur.number {
		r.cur = g
	}
	return nil
}
