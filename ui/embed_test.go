package ui_test

import (
	"io/fs"
	"testing"

	"innopay/ui"
)

// The icon is the one committed file of dist, so it is there with and without a
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
