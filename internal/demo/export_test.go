package demo

import "slices"

// Side of a drawing in pixels.
const Side = side

// Pictures hands over the picture of each seeded product.
func Pictures(each func(name string, file []byte, err error)) {
	for _, s := range shops {
		for _, c := range s.categories {
			for _, p := range c.products {
				file, err := p.picture()
				each(p.name, file, err)
			}
		}
	}
}

// Drawn are the names for which there is a drawing, in order.
func Drawn() []string {
	var names []string
	for name := range looks {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
