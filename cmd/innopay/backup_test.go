package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackupExitsAsPromised: a timer tells by the code alone whether there is a backup, and
// whether somebody must see to something.
func TestBackupExitsAsPromised(t *testing.T) {
	t.Parallel()
	dir, to := installation(t), t.TempDir()
	for name, c := range map[string]struct {
		args []string
		want int
		says string
	}{
		"right":           {[]string{"--data", dir, "--to", filepath.Join(to, "one")}, 0, "clean as of"},
		"health is blind": {[]string{"--data", dir, "--to", filepath.Join(to, "two"), "--mark", filepath.Join(to, "nowhere", "mark.json")}, exitWarned, "its mark could not be left"},
		"no installation": {[]string{"--data", filepath.Join(to, "nothing"), "--to", filepath.Join(to, "three")}, exitRefused, "no database"},
		"a name taken":    {[]string{"--data", dir, "--to", filepath.Join(to, "taken")}, exitRefused, "is there already"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := os.WriteFile(filepath.Join(to, "taken"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			if code := run(append([]string{"backup"}, c.args...), &out, &errs); code != c.want || !strings.Contains(out.String()+errs.String(), c.says) {
				t.Errorf("ended with %d: %s%s", code, &out, &errs)
			}
		})
	}
}

// TestRootIsToldToBeTheServersUser: keys that root made would be kept from the server.
func TestRootIsToldToBeTheServersUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // whoever is not root makes files of their own
	}
	dir := installation(t)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"rotate-keys"}, {"reader-key", "list"}} {
		if code, said, failed := admin(t, dir, args...); code != exitRefused || said != "" || !strings.Contains(failed, "sudo -u ") {
			t.Errorf("%v: %d %q %q", args, code, said, failed)
		}
	}
}
