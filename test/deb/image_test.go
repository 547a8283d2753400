package deb_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheImagesUserMayWriteItsVolume has the image's recipe handed to a builder that only
// keeps what it was given: a new volume belongs to whom the image says, and by default to
// root, whom the program is not.
func TestTheImagesUserMayWriteItsVolume(t *testing.T) {
	t.Parallel()
	tools, kept, temporary := t.TempDir(), filepath.Join(t.TempDir(), "context"), t.TempDir()
	builder := "#!/bin/sh\nfor last; do :; done\ncp -a \"$last\" '" + kept + "'\n"
	if err := os.WriteFile(filepath.Join(tools, "buildah"), []byte(builder), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	program := filepath.Join(tools, "program")
	if err := os.WriteFile(program, []byte("of the image"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "../..", []string{"BINARY=" + program, "TMPDIR=" + temporary, "PATH=" + tools + ":" + os.Getenv("PATH")}, "tools/image", "1.2.3")
	recipe := read(t, kept, "Containerfile")
	user := regexp.MustCompile(`(?m)^USER (\d+:\d+)$`).FindStringSubmatch(recipe)
	volume := regexp.MustCompile(`(?m)^VOLUME /(\S+)$`).FindStringSubmatch(recipe)
	if user == nil || volume == nil || strings.HasPrefix(user[1], "0:") {
		t.Fatalf("the program runs as root, or keeps nothing:\n%s", recipe)
	}
	if !strings.Contains(recipe, "COPY --chown="+user[1]+" files/ /\n") {
		t.Errorf("/%s belongs to root:\n%s", volume[1], recipe)
	}
	if info, err := os.Stat(filepath.Join(kept, "files", volume[1])); err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the volume: %v %v", info, err)
	}
	if read(t, kept, "innopay") != "of the image" {
		t.Error("another program is in it")
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
