//go:build !race

package dots_test

import (
	"testing"

	"innopay/internal/receipt/escpos/dots"
)

// TestEverySyllableLooksDifferent, in bold too: what looks the same cannot be told apart
// on paper. Painting is slow under the race detector: make test runs this without it.
func TestEverySyllableLooksDifferent(t *testing.T) {
	t.Parallel()
	for _, bold := range []bool{false, true} {
		seen := map[string]rune{}
		for r := '가'; r <= '힣'; r++ {
			look := string(dots.Glyph(r, bold).Bits)
			if other, taken := seen[look]; taken {
				t.Errorf("bold %v: %c looks like %c", bold, r, other)
			}
			seen[look] = r
		}
	}
}
