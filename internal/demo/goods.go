package demo

import "image/color"

// Colours that several things share.
var (
	white  = rgb(0xfdfcf9)
	cream  = rgb(0xf3e3c3)
	coffee = rgb(0x5b3a29)
	milk   = rgb(0xc79f76)
	bread  = rgb(0xd9a05b)
	leaf   = rgb(0x5f9e5a)
	kraft  = rgb(0xb98f63)
)

// look is how a product is drawn: on which ground, and what.
type look struct {
	ground uint32
	draw   func(*drawing)
}

// looks of the seeded products, by name; each is drawn by us.
var looks = map[string]look{
	"아메리카노":        {0xf1e7dc, cup(coffee)},
	"카페라떼":         {0xefe6da, cup(milk)},
	"바닐라라떼":        {0xfaf0d3, cup(rgb(0xdfc08f))},
	"에스프레소":        {0xe6dcd2, small(coffee)},
	"콜드브루":         {0xdde7ec, glass(rgb(0x4a2f22), rgb(0xd9e8ee))},
	"유자차":          {0xfdf2cf, cup(rgb(0xf2c14a))},
	"레몬에이드":        {0xe9f4d9, glass(rgb(0xf3df6b), rgb(0xfbf6d2))},
	"딸기스무디":        {0xfbe1e4, glass(rgb(0xe77a8b), rgb(0xf6c3ca))},
	"크루아상":         {0xf8ecd8, croissant},
	"소금빵":          {0xf4ead9, roll},
	"치즈케이크":        {0xfbf1dd, cake},
	"단체 주문 다과":     {0xf6e4df, box(rgb(0xd98c7a), rgb(0xfbe9c9))},
	"하우스 블렌드 200g": {0xeee3d4, pouch(kraft, rgb(0x3f5f54))},
	"싱글 오리진 200g":  {0xe6e4ee, pouch(rgb(0x39465c), rgb(0xd9b25f))},
	"한우 불고기 500g":  {0xf8e5e0, meat(rgb(0xb8443f))},
	"삼겹살 600g":     {0xfbe7e3, meat(rgb(0xe2928a))},
	"닭볶음탕용 1kg":    {0xfbefdc, meat(rgb(0xf0c9a0))},
	"사과 3kg":       {0xf9e3df, fruit(rgb(0xd24b43))},
	"감자 2kg":       {0xf3ebdc, potatoes},
	"대파 한 단":       {0xe7f1e2, leeks},
	"라면 5개입":       {0xfde6d8, pouch(rgb(0xd8553a), rgb(0xf7d774))},
	"두부 한 모":       {0xe6eef2, tofu},
	"식용유 1.8L":     {0xfbf3d8, bottle(rgb(0xf0c44c), rgb(0x6d9e4f))},
	"즉석밥 12개입":     {0xe9ecf3, box(rgb(0x4f77b0), white)},
	"화장지 30롤":      {0xe8eef3, paper},
	"주방세제":         {0xe2f0ec, bottle(rgb(0x4fae98), white)},
}

// cup is one with a handle, seen from the front.
func cup(drink color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(shade(rgb(0xe3ddd3), 1), 50, 80, 34, 6, 0)
		d.ellipse(white, 72, 55, 13, 13, 0)
		d.ellipse(shade(white, 0.86), 72, 55, 7.5, 7.5, 0)
		d.fill(white, 14, point{24, 36}, point{74, 36}, point{69, 80}, point{29, 80})
		d.ellipse(shade(white, 0.93), 49, 37, 25, 6.5, 0)
		d.ellipse(drink, 49, 38, 22, 5, 0)
		d.ellipse(shade(drink, 1.2), 44, 37.2, 10, 1.6, 0)
		for i := range 3 { // steam
			x := 39 + 10*float64(i)
			d.fill(color.RGBA{225, 222, 216, 225}, 3, point{x, 28}, point{x + 3, 21}, point{x, 14}, point{x + 2, 14}, point{x + 5.5, 21}, point{x + 2.5, 28})
		}
	}
}

// small is a cup for an espresso.
func small(drink color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(shade(white, 0.9), 50, 78, 36, 8, 0)
		d.ellipse(white, 50, 76.5, 36, 7.5, 0)
		d.ellipse(white, 68, 60, 9, 9, 0)
		d.ellipse(shade(white, 0.86), 68, 60, 5, 5, 0)
		d.fill(white, 10, point{32, 46}, point{68, 46}, point{63, 76}, point{37, 76})
		d.ellipse(shade(white, 0.93), 50, 47, 18, 5, 0)
		d.ellipse(drink, 50, 47.8, 15.5, 3.8, 0)
		d.ellipse(rgb(0xb77a43), 50, 47.4, 11, 2.2, 0)
	}
}

// glass is a tall one with ice and a straw.
func glass(drink, ice color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(color.RGBA{0, 0, 0, 22}, 51, 89, 24, 4, 0)
		d.fill(rgb(0xe2634f), 1.5, point{57, 6}, point{61, 7}, point{53, 60}, point{49, 60})
		d.fill(rgb(0xf4fafc), 7, point{28, 20}, point{72, 20}, point{66, 90}, point{34, 90})
		d.fill(drink, 6, point{31, 32}, point{69, 32}, point{64.5, 87}, point{35.5, 87})
		d.ellipse(shade(drink, 1.15), 50, 32, 19, 3.6, 0)
		d.fill(ice, 3, point{36, 37}, point{48, 35}, point{50, 46}, point{38, 48})
		d.fill(shade(ice, 0.95), 3, point{52, 42}, point{63, 45}, point{60, 56}, point{50, 53})
		d.fill(shade(ice, 0.97), 3, point{39, 54}, point{49, 57}, point{46, 67}, point{37, 64})
		d.fill(color.RGBA{148, 149, 150, 150}, 2, point{33, 26}, point{36, 26}, point{40, 82}, point{37.5, 82})
	}
}

func croissant(d *drawing) {
	d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 74, 38, 5, 0)
	for i, part := range []struct{ x, y, wide, high, turned float64 }{{20, 62, 11, 8, -38}, {80, 62, 11, 8, 38}, {32, 53, 13, 12, -24}, {68, 53, 13, 12, 24}, {50, 50, 15, 16, 0}} {
		d.ellipse(shade(bread, 0.86), part.x, part.y+1.5, part.wide, part.high, part.turned)
		d.ellipse(shade(bread, 1+0.03*float64(i)), part.x, part.y, part.wide*0.94, part.high*0.9, part.turned)
		d.ellipse(shade(bread, 1.16), part.x-1, part.y-part.high*0.35, part.wide*0.5, part.high*0.22, part.turned)
	}
}

func roll(d *drawing) {
	d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 73, 36, 5, 0)
	d.ellipse(shade(bread, 0.85), 50, 57, 36, 18, 0)
	d.ellipse(bread, 50, 55, 35, 17, 0)
	for i := range 3 {
		d.ellipse(shade(bread, 1.18), 33+17*float64(i), 51, 4, 14, 22)
	}
	for _, p := range []point{{40, 45}, {48, 43}, {56, 44}, {44, 49}, {52, 48}, {60, 48}} {
		d.rect(white, 0.6, p.x, p.y, 2, 2)
	}
}

func cake(d *drawing) {
	d.ellipse(shade(white, 0.88), 50, 77, 40, 8, 0)
	d.ellipse(white, 50, 75.5, 40, 7.5, 0)
	d.fill(rgb(0xf2d98a), 2, point{16, 50}, point{82, 44}, point{82, 70}, point{16, 72})
	d.fill(rgb(0xfaecb6), 2, point{16, 50}, point{50, 33}, point{82, 44})
	d.fill(shade(bread, 0.9), 1, point{16, 67}, point{82, 65}, point{82, 71}, point{16, 73})
	d.ellipse(rgb(0xd24b57), 53, 36, 7, 6, 0)
	d.fill(leaf, 1, point{50, 31}, point{56, 27}, point{58, 32})
}

func box(c, band color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 84, 38, 5, 0)
		d.fill(shade(c, 0.84), 2, point{50, 38}, point{86, 30}, point{86, 72}, point{50, 84})
		d.fill(c, 2, point{14, 30}, point{50, 38}, point{50, 84}, point{14, 72})
		d.fill(shade(c, 1.12), 2, point{14, 30}, point{50, 22}, point{86, 30}, point{50, 38})
		d.fill(band, 0.5, point{28, 33}, point{36, 35}, point{36, 79.5}, point{28, 77})
		d.fill(shade(band, 0.9), 0.5, point{64, 35}, point{72, 33}, point{72, 77}, point{64, 79.5})
	}
}

func pouch(c, label color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 89, 28, 4, 0)
		d.fill(c, 4, point{27, 18}, point{73, 18}, point{77, 88}, point{23, 88})
		d.fill(shade(c, 0.82), 1, point{27, 14}, point{73, 14}, point{73, 23}, point{27, 23})
		d.fill(shade(c, 1.1), 2, point{29, 27}, point{35, 27}, point{32, 84}, point{26.5, 84})
		d.rect(label, 4, 34, 40, 34, 30)
		d.ellipse(shade(label, 1.3), 51, 52, 8, 6, -30)
		d.rect(shade(label, 1.3), 1, 41, 62, 20, 2.4)
	}
}

func meat(c color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.rect(shade(white, 0.88), 8, 10, 32, 80, 44)
		d.rect(white, 7, 12, 30, 76, 43)
		for i := range 4 {
			x := 27 + 15.5*float64(i)
			d.ellipse(shade(c, 0.86), x, 52.5, 10, 15, 18)
			d.ellipse(c, x-0.6, 51, 9.5, 14.5, 18)
			d.ellipse(shade(cream, 1.04), x+1, 47, 1.6, 9, 26)
			d.ellipse(shade(cream, 1.04), x-3.5, 55, 1.2, 6, 14)
		}
	}
}

func fruit(c color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 82, 36, 5, 0)
		for _, at := range []point{{32, 62}, {68, 62}, {50, 50}} {
			d.ellipse(shade(c, 0.86), at.x, at.y+1, 19, 18.5, 0)
			d.ellipse(c, at.x-0.6, at.y, 18, 17.5, 0)
			d.ellipse(shade(c, 1.28), at.x-7, at.y-7, 4, 5.5, 35)
			d.rect(rgb(0x6b4a2f), 0.8, at.x-1, at.y-22, 2.2, 9)
			d.ellipse(leaf, at.x+6, at.y-19, 6, 2.6, -24)
		}
	}
}

func potatoes(d *drawing) {
	c := rgb(0xcfa46a)
	d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 80, 38, 5, 0)
	for i, at := range []point{{30, 64}, {70, 64}, {50, 48}} {
		turned := -16 + 18*float64(i)
		d.ellipse(shade(c, 0.84), at.x, at.y+1.5, 21, 15, turned)
		d.ellipse(c, at.x, at.y, 20, 14, turned)
		for _, eye := range []point{{-8, -3}, {3, 4}, {9, -4}} {
			d.ellipse(shade(c, 0.72), at.x+eye.x, at.y+eye.y, 1.6, 1, turned)
		}
	}
}

func leeks(d *drawing) {
	for i := range 5 {
		x := 30 + 9*float64(i)
		lean := 3 * float64(i-2)
		d.fill(shade(leaf, 0.9+0.06*float64(i%3)), 2, point{x + 2*lean, 8}, point{x + 6 + 2*lean, 8}, point{x + 7, 58}, point{x, 58})
		d.fill(rgb(0xeaf2dc), 1, point{x, 54}, point{x + 7, 54}, point{x + 6 - lean/2, 88}, point{x + 1 - lean/2, 88})
	}
	d.rect(rgb(0xd8554a), 2, 25, 60, 51, 6)
}

func tofu(d *drawing) {
	d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 80, 38, 5, 0)
	c := rgb(0xfbf4e2)
	d.fill(shade(c, 0.84), 3, point{54, 46}, point{86, 38}, point{86, 66}, point{54, 80})
	d.fill(shade(c, 0.94), 3, point{14, 38}, point{54, 46}, point{54, 80}, point{14, 66})
	d.fill(c, 3, point{14, 38}, point{47, 29}, point{86, 38}, point{54, 46})
	d.ellipse(leaf, 50, 37, 5, 2, -10)
}

func bottle(c, label color.RGBA) func(*drawing) {
	return func(d *drawing) {
		d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 91, 22, 3.5, 0)
		d.rect(shade(c, 0.7), 2, 42, 8, 16, 10)
		d.fill(c, 7, point{44, 16}, point{56, 16}, point{70, 36}, point{70, 90}, point{30, 90}, point{30, 36})
		d.fill(shade(c, 1.18), 3, point{34, 40}, point{39, 38}, point{39, 86}, point{34, 86})
		d.rect(label, 3, 36, 50, 34, 24)
		d.ellipse(shade(c, 0.9), 53, 60, 7, 5, -20)
		d.rect(shade(c, 0.9), 1, 44, 68, 18, 2)
	}
}

func paper(d *drawing) {
	d.ellipse(color.RGBA{0, 0, 0, 20}, 50, 86, 38, 5, 0)
	for _, at := range []point{{30, 58}, {66, 58}, {48, 32}} {
		d.rect(shade(white, 0.94), 2, at.x-15, at.y-2, 30, 28)
		d.ellipse(shade(white, 0.94), at.x, at.y+26, 15, 5, 0)
		d.ellipse(white, at.x, at.y-2, 15, 5.5, 0)
		d.ellipse(shade(kraft, 1.1), at.x, at.y-2, 5, 2, 0)
		d.ellipse(rgb(0x5d4a36), at.x, at.y-1.8, 3.6, 1.3, 0)
	}
}

// picture is the drawing of a product as somebody would upload it, nil when it has none.
func (p product) picture() ([]byte, error) {
	l, ok := looks[p.name]
	if !ok {
		return nil, nil
	}
	d := newDrawing(rgb(l.ground))
	l.draw(d)
	return d.file()
}
