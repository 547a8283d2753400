package daemon

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is whose the file is.
func owner(path string) (uid, gid int, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, 0, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, errors.New("files have no owners here")
	}
	return int(st.Uid), int(st.Gid), nil
}

// login is a user by name, or by number where nobody has that.
func login(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// Foreign refuses to have root make files in the folders of the server's user: keys and
// audit heads can be read by their owner alone, and the server would lack them.
func (c Config) Foreign() error { return c.foreign(os.Geteuid()) }

func (c Config) foreign(uid int) error {
	if uid != 0 {
		return nil
	}
	for _, folder := range []string{c.Data, c.KeyDir()} {
		if of, _, err := owner(folder); err == nil && of != 0 {
			return fmt.Errorf("%s belongs to %s, who could not read what root makes in it: run this as that user (sudo -u %s innopay ..)", folder, login(of), login(of))
		}
	}
	return nil
}

// inherit gives a file to whom its folder belongs, where root made it.
func inherit(path string) error {
	uid, gid, err := owner(filepath.Dir(path))
	if err != nil || os.Geteuid() != 0 || uid == 0 {
		return err
	}
	f, err := os.Open(path) //nolint:gosec // just made
	if err != nil {
		return err
	}
	return errors.Join(f.Chown(uid, gid), f.Close())
}

// strays are files and folders that the server must read or write and that belong to
// another user than the folder does in which they lie.
func (c Config) strays() []string {
	var out []string
	if of, _, err := owner(c.Data); err == nil {
		for _, folder := range []string{c.KeyDir(), c.HeadDir()} {
			if uid, _, err := owner(folder); err == nil && uid != of && filepath.Dir(folder) == filepath.Clean(c.Data) {
				out = append(out, fmt.Sprintf("%s belongs to %s, its folder to %s", folder, login(uid), login(of)))
			}
		}
	}
	for folder, pattern := range map[string]string{c.Data: databaseFile + "*", c.KeyDir(): "*.json", c.HeadDir(): "audit-*"} {
		of, _, err := owner(folder)
		if err != nil {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(folder, pattern)) // the pattern is right
		for _, f := range files {
			if uid, _, err := owner(f); err == nil && uid != of {
				out = append(out, fmt.Sprintf("%s belongs to %s, its folder to %s", f, login(uid), login(of)))
			}
		}
	}
	return out
}
