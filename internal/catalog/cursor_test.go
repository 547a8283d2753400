package catalog_test

import (
	"testing"

	"innopay/id"
	"innopay/internal/catalog"
)

// FuzzCursor: what is read is a position in the list and is written as it reads again.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "0.prd_01kjp8434gejtsrq4ccv973n0k", "1000000.prd_01kjp8434gejtsrq4ccv973n0k", "-1.prd_0", "9223372036854775808.x", "1", "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := catalog.ReadCursor(cursor)
		if err != nil || cursor == "" {
			return
		}
		if p.Sort < 0 || p.Sort > catalog.MaxSort || !id.Valid(id.Product, p.ID) {
			t.Fatalf("%q gave %+v", cursor, p)
		}
		if again, err := catalog.ReadCursor(catalog.WriteCursor(p)); err != nil || again != p {
			t.Fatalf("%+v became %+v: %v", p, again, err)
		}
	})
}
