package demo

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"innopay/internal/catalog/picture"
)

// TestEveryProductHasItsPicture, which is taken like an upload, is small and shows
// something, and no drawing is left over.
func TestEveryProductHasItsPicture(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range shops {
		for _, c := range s.categories {
			for i, p := range c.products {
				seen[p.name] = true
				file, err := p.picture()
				if err != nil || file == nil {
					t.Errorf("%s: %d bytes, %v", p.name, len(file), err)
					continue
				}
				if dir := os.Getenv("DRAWINGS"); dir != "" { // to look at them
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", s.key, c.name, i)), file, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				pair, err := picture.Make(file)
				if err != nil || len(pair.Large) > 40_000 || len(pair.Small) > 12_000 {
					t.Errorf("%s: %d and %d bytes, %v", p.name, len(pair.Large), len(pair.Small), err)
				}
				m, err := png.Decode(bytes.NewReader(file))
				if err != nil || m.At(side/2, side*6/10) == m.At(1, 1) {
					t.Errorf("%s: nothing in its middle: %v", p.name, err)
				}
			}
		}
	}
	for name := range looks {
		if !seen[name] {
			t.Errorf("%s is drawn and not sold", name)
		}
	}
}
