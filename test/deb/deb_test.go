// Package deb_test builds the Debian package and looks at it as an installation would.
package deb_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"innopay/test/process"
)

var binary string

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(m.Run, func(path string) { binary = path }))
}

// run runs a program in the folder and gives what it said.
func run(t *testing.T, folder string, env []string, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Env = folder, append(os.Environ(), env...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, &said)
	}
	return said.String()
}

// TestThePackageInstallsWhatItsUnitStarts unpacks it, runs the program that the unit
// names, and has it read the configuration that comes with it.
func TestThePackageInstallsWhatItsUnitStarts(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Fatalf("the package is built on Debian: %v", err)
	}
	out := t.TempDir()
	run(t, "../..", []string{"BINARY=" + binary, "OUT=" + out}, "tools/deb", "1.2.3")
	debs, err := filepath.Glob(filepath.Join(out, "innopay_1.2.3_*.deb"))
	if err != nil || len(debs) != 1 {
		t.Fatalf("packages: %v %v", debs, err)
	}
	if said := run(t, out, nil, "dpkg-deb", "--field", debs[0], "Package", "Version"); !strings.Contains(said, "Version: 1.2.3") {
		t.Errorf("fields: %s", said)
	}
	root := filepath.Join(out, "root")
	run(t, out, nil, "dpkg-deb", "--raw-extract", debs[0], root)
	unit := read(t, root, "lib/systemd/system/innopay.service")
	started := regexp.MustCompile(`(?m)^ExecStart=(\S+) serve --config (\S+)$`).FindStringSubmatch(unit)
	if started == nil {
		t.Fatalf("the unit starts nothing:\n%s", unit)
	}
	if !strings.Contains(read(t, root, "DEBIAN/conffiles"), started[2]) {
		t.Errorf("%s would be overwritten by an upgrade", started[2])
	}
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		run(t, root, nil, "sh", "-n", "DEBIAN/"+script)
		if info, err := os.Stat(filepath.Join(root, "DEBIAN", script)); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("%s: %v %v", script, info, err)
		}
	}
	if info, err := os.Stat(filepath.Join(root, started[2])); err != nil || info.Mode().Perm()&0o007 != 0 {
		t.Errorf("the configuration can be read by everybody: %v %v", info, err)
	}
	// It lacks certificates here, which the doctor says; all it names is known.
	code, said, err := process.Output(t.Context(), filepath.Join(root, started[1]), "doctor", "--config", filepath.Join(root, started[2]))
	if err != nil || code != 1 || !strings.Contains(said, "OK   configuration") || !strings.Contains(said, "FAIL certificate") {
		t.Errorf("the doctor: %d %v\n%s", code, err, said)
	}
}

func read(t *testing.T, root, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
