package needle

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Search finds needles in files. It looks at two bytes, then at four, before it
// compares: a database has many pages.
type Search struct {
	pairs [1 << 16]bool
	heads map[uint32][]Needle
	n     int
}

// Needles is how many forms are looked for.
func (s *Search) Needles() int { return s.n }

// NewSearch returns a search for all of the needles, each of six bytes or more.
func NewSearch(all []Needle) *Search {
	s := &Search{heads: map[uint32][]Needle{}}
	for _, n := range all {
		if len(n.bytes) < 6 {
			panic("too short to be looked for: " + n.name)
		}
		s.pairs[int(n.bytes[0])<<8|int(n.bytes[1])] = true
		head := uint32(n.bytes[0])<<24 | uint32(n.bytes[1])<<16 | uint32(n.bytes[2])<<8 | uint32(n.bytes[3])
		s.heads[head] = append(s.heads[head], n)
		s.n++
	}
	return s
}

// In names every needle in the bytes, with what stands around the first place.
func (s *Search) In(b []byte) []string {
	var out []string
	seen := map[string]bool{}
	for i := 0; i+6 <= len(b); i++ {
		if !s.pairs[int(b[i])<<8|int(b[i+1])] {
			continue
		}
		for _, n := range s.heads[uint32(b[i])<<24|uint32(b[i+1])<<16|uint32(b[i+2])<<8|uint32(b[i+3])] {
			end := i + len(n.bytes)
			if end > len(b) || string(b[i:end]) != n.bytes || seen[n.name] || n.digits && (digitAt(b, i-1) || digitAt(b, end)) {
				continue
			}
			seen[n.name] = true
			out = append(out, fmt.Sprintf("%s at byte %d: %q", n.name, i, b[max(0, i-60):min(len(b), end+20)]))
		}
	}
	return out
}

func digitAt(b []byte, i int) bool { return i >= 0 && i < len(b) && b[i] >= '0' && b[i] <= '9' }

// Files looks into every file of the folders and says how many bytes those were.
func (s *Search) Files(skip func(path string) bool, folders ...string) (found []string, bytes int64, err error) {
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil // a database at work removes files
			}
			if err != nil || !d.Type().IsRegular() || skip(path) {
				return err
			}
			b, err := os.ReadFile(path) //nolint:gosec // the folders of the test
			if os.IsNotExist(err) {
				return nil
			}
			bytes += int64(len(b))
			for _, hit := range s.In(b) {
				found = append(found, strings.TrimPrefix(path, folder)+": "+hit)
			}
			for _, hit := range s.In([]byte(path)) {
				found = append(found, "name of a file: "+hit)
			}
			return err
		})
		if err != nil {
			return nil, 0, err
		}
	}
	slices.Sort(found)
	return found, bytes, nil
}
