package terms

import (
	"slices"
	"strings"
	"unicode"
)

// Op is what became of a line or word.
type Op string

// The operations.
const (
	Same    Op = "SAME"
	Added   Op = "ADDED"
	Removed Op = "REMOVED"
	Changed Op = "CHANGED" // of lines: Words say how
)

// Line is one line of a comparison.
type Line struct {
	Op    Op
	Text  string // of Same, Added and Removed
	Words []Word // of Changed
}

// Word is a piece of a changed line: a word or what stands between words.
type Word struct {
	Op   Op // Same, Added or Removed
	Text string
}

// mostCells bounds the table of one comparison. What would need more is shown as taken
// out and put in.
const mostCells = 4_000_000

// Diff compares two texts line by line, and lines that took each other's place word by
// word. The pieces that are not Added give old again, those not Removed give next.
func Diff(old, next string) []Line {
	var out []Line
	var gone, come []string
	flush := func() {
		n := min(len(gone), len(come))
		for i := range n {
			out = append(out, changed(gone[i], come[i]))
		}
		for _, l := range gone[n:] {
			out = append(out, Line{Op: Removed, Text: l})
		}
		for _, l := range come[n:] {
			out = append(out, Line{Op: Added, Text: l})
		}
		gone, come = nil, nil
	}
	for _, s := range compare(strings.Split(old, "\n"), strings.Split(next, "\n")) {
		switch s.op {
		case Removed:
			gone = append(gone, s.text)
		case Added:
			come = append(come, s.text)
		case Same, Changed:
			flush()
			out = append(out, Line{Op: Same, Text: s.text})
		}
	}
	flush()
	return out
}

func changed(old, next string) Line {
	l := Line{Op: Changed}
	for _, s := range compare(words(old), words(next)) {
		if n := len(l.Words); n > 0 && l.Words[n-1].Op == s.op {
			l.Words[n-1].Text += s.text
			continue
		}
		l.Words = append(l.Words, Word{Op: s.op, Text: s.text})
	}
	return l
}

// words splits a line where letters and other characters meet; joined they are the line.
func words(s string) []string {
	var out []string
	var b strings.Builder
	last := false
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if i > 0 && (letter != last || !letter) {
			out = append(out, b.String())
			b.Reset()
		}
		b.WriteRune(r)
		last = letter
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

type piece struct {
	op   Op
	text string
}

// compare is the shortest way from a to b, by the longest common subsequence.
func compare(a, b []string) []piece {
	var head, tail []piece
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, piece{Same, a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, piece{Same, a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	head = append(head, middle(a, b)...)
	slices.Reverse(tail)
	return append(head, tail...)
}

func middle(a, b []string) []piece {
	var out []piece
	if (len(a)+1)*(len(b)+1) > mostCells {
		for _, s := range a {
			out = append(out, piece{Removed, s})
		}
		for _, s := range b {
			out = append(out, piece{Added, s})
		}
		return out
	}
	// common[i*w+j] is the length of the longest common subsequence of a[i:] and b[j:].
	w := len(b) + 1
	common := make([]int32, (len(a)+1)*w)
	for i, left := range slices.Backward(a) {
		for j, right := range slices.Backward(b) {
			if left == right {
				common[i*w+j] = common[(i+1)*w+j+1] + 1
			} else {
				common[i*w+j] = max(common[(i+1)*w+j], common[i*w+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, piece{Same, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*w+j] >= common[i*w+j+1]:
			out = append(out, piece{Removed, a[i]})
			i++
		default:
			out = append(out, piece{Added, b[j]})
			j++
		}
	}
	return out
}
