package receipt

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrSignature: not strokes of points, or more of them than a hand draws.
var ErrSignature = errors.New("receipt: not a signature")

// Limits of a signature. Coordinates are in the units of the pad it was drawn on.
const (
	maxStrokes    = 200
	maxPoints     = 5_000
	maxCoordinate = 10_000
	maxMoment     = 10 * 60 * 1000 // ms after the first touch
)

// Point is one sample of the pen: x to the right, y downwards, t in milliseconds
// after the first touch.
type Point struct{ X, Y, T int }

// Signature is a drawn name: strokes of points. It is kept as points and never as
// a picture from outside, so that nothing but lines can come out of it (rulings 3).
type Signature struct{ Strokes [][]Point }

// ReadSignature checks strokes as they arrive: each point is [x, y] or [x, y, t].
func ReadSignature(strokes [][][]float64) (Signature, error) {
	if len(strokes) == 0 || len(strokes) > maxStrokes {
		return Signature{}, ErrSignature
	}
	total := 0
	s := Signature{Strokes: make([][]Point, 0, len(strokes))}
	for _, stroke := range strokes {
		if total += len(stroke); len(stroke) == 0 || total > maxPoints {
			return Signature{}, ErrSignature
		}
		line := make([]Point, 0, len(stroke))
		for _, p := range stroke {
			point, ok := readPoint(p)
			if !ok {
				return Signature{}, ErrSignature
			}
			line = append(line, point)
		}
		s.Strokes = append(s.Strokes, line)
	}
	return s, nil
}

func readPoint(p []float64) (Point, bool) {
	if len(p) != 2 && len(p) != 3 {
		return Point{}, false
	}
	for i, v := range p {
		limit := float64(maxCoordinate)
		if i == 2 {
			limit = maxMoment
		}
		if math.IsNaN(v) || v < 0 || v > limit {
			return Point{}, false
		}
	}
	out := Point{X: int(math.Round(p[0])), Y: int(math.Round(p[1]))}
	if len(p) == 3 {
		out.T = int(math.Round(p[2]))
	}
	return out, true
}

// Encode is the form in which strokes are stored: {"strokes":[[[x,y,t],..],..]}.
func (s Signature) Encode() []byte {
	var b strings.Builder
	b.WriteString(`{"strokes":[`)
	for i, stroke := range s.Strokes {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('[')
		for j, p := range stroke {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString("[" + strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y) + "," + strconv.Itoa(p.T) + "]")
		}
		b.WriteByte(']')
	}
	b.WriteString("]}")
	return []byte(b.String())
}

// DecodeSignature is the inverse of Encode, with the checks of ReadSignature.
func DecodeSignature(stored []byte) (Signature, error) {
	var drawn struct {
		Strokes [][][]float64 `json:"strokes"`
	}
	if err := json.Unmarshal(stored, &drawn); err != nil {
		return Signature{}, ErrSignature
	}
	return ReadSignature(drawn.Strokes)
}

// drawnWidth and drawnPoints bound the drawing: the receipt page stays small
// however long somebody drew.
const (
	drawnWidth  = 300
	drawnPoints = 400
)

// Drawing is a signature as lines in a box of its own.
type Drawing struct {
	Width, Height int
	Lines         [][]Vertex
	Path          string // the lines as SVG has them: M x y L x y .. of every stroke
}

// Vertex is a corner of a line.
type Vertex struct{ X, Y int }

// Draw scales the strokes to a fixed width and thins them out.
func (s Signature) Draw() Drawing {
	left, top, right, bottom := s.bounds()
	width, height := max(1, right-left), max(1, bottom-top)
	scale := float64(drawnWidth) / float64(max(width, height))
	step := 1 + s.points()/drawnPoints
	at := func(p Point) Vertex {
		return Vertex{int(math.Round(float64(p.X-left) * scale)), int(math.Round(float64(p.Y-top) * scale))}
	}
	d := Drawing{Width: int(math.Ceil(float64(width) * scale)), Height: int(math.Ceil(float64(height) * scale))}
	for _, stroke := range s.Strokes {
		line := []Vertex{at(stroke[0])}
		for i := step; i < len(stroke)-1; i += step {
			line = append(line, at(stroke[i]))
		}
		// The last point always, also of a dot, so that a round line end shows it.
		d.Lines = append(d.Lines, append(line, at(stroke[len(stroke)-1])))
	}
	d.Path = path(d.Lines)
	return d
}

func path(lines [][]Vertex) string {
	var b strings.Builder
	for _, line := range lines {
		verb := byte('M')
		for _, v := range line {
			b.WriteByte(verb)
			b.WriteString(strconv.Itoa(v.X) + " " + strconv.Itoa(v.Y))
			verb = 'L'
		}
	}
	return b.String()
}

func (s Signature) points() int {
	n := 0
	for _, stroke := range s.Strokes {
		n += len(stroke)
	}
	return n
}

func (s Signature) bounds() (left, top, right, bottom int) {
	left, top = maxCoordinate, maxCoordinate
	for _, stroke := range s.Strokes {
		for _, p := range stroke {
			left, top = min(left, p.X), min(top, p.Y)
			right, bottom = max(right, p.X), max(bottom, p.Y)
		}
	}
	return left, top, right, bottom
}

// margin is room for the pen's width around the drawing, on each side.
const margin = 6

// ViewBox is the part of the plane that holds the drawing, as SVG writes it.
func (d Drawing) ViewBox() string {
	return fmt.Sprintf("%d %d %d %d", -margin, -margin, d.Width+2*margin, d.Height+2*margin)
}
