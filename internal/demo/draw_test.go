package demo_test

import (
	"bytes"
	"image/png"
	"slices"
	"testing"

	"innopay/internal/catalog/picture"
	"innopay/internal/demo"
)

// TestEveryProductHasItsPicture, which is taken like an upload, is small and shows
// something, and no drawing is left over.
func TestEveryProductHasItsPicture(t *testing.T) {
	t.Parallel()
	var seen []string
	demo.Pictures(func(name string, file []byte, err error) {
		seen = append(seen, name)
		if err != nil || file == nil {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
			return
		}
		pair, err := picture.Make(file)
		if err != nil || len(pair.Large) > 40_000 || len(pair.Small) > 12_000 {
			t.Errorf("%s: %d and %d bytes, %v", name, len(pair.Large), len(pair.Small), err)
		}
		m, err := png.Decode(bytes.NewReader(file))
		if err != nil || m.At(demo.Side/2, demo.Side*58/100) == m.At(1, 1) {
			t.Errorf("%s: nothing in its middle: %v", name, err)
		}
	})
	slices.Sort(seen)
	if drawn := demo.Drawn(); !slices.Equal(drawn, seen) {
		t.Errorf("drawn are %q, sold are %q", drawn, seen)
	}
}
