package ui_test

import (
	"io/fs"
	"testing"

	"innopay/ui"
)

// The icon is the one committed file of the builds, so it is there with and without a
// build; index.html is there exactly when App says so.
func TestApp(t *testing.T) {
	t.Parallel()
	files, built, err := ui.App()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(files, "icon.svg"); err != nil {
		t.Errorf("icon.svg: %v", err)
	}
	_, err = fs.Stat(files, "index.html")
	if has := err == nil; has != built {
		t.Errorf("built = %t, index.html present = %t", built, has)
	}
}

// The app and the console are apart: neither carries the other's files.
func TestConsole(t *testing.T) {
	t.Parallel()
	files, built, err := ui.Console()
	if err != nil {
		t.Fatal(err)
	}
	_, err = fs.Stat(files, "index.html")
	if has := err == nil; has != built {
		t.Errorf("built = %t, index.html present = %t", built, has)
	}
	if _, err := fs.Stat(files, "manifest.webmanifest"); err == nil {
		t.Error("the console can be installed like the app")
	}
	app, _, err := ui.App()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(app, "console"); err == nil {
		t.Error("the console is served by the app as well")
	}
}
