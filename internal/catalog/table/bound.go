package table

import (
	"bytes"
	"encoding/xml"

	"github.com/xuri/excelize/v2"
)

// sharedPart holds the texts of a workbook, each once; cells name them by number.
const sharedPart = "xl/sharedStrings.xml"

// bound keeps a workbook from growing while it is read. The library makes a copy of a
// shared text for every cell that names it, and keeps a whole row of them: a file of a
// few kilobytes would take any amount of memory. So texts are cut to what a cell of ours
// can be, and a row with more values than columns is refused.
func bound(book *excelize.File) error {
	var wrong error
	book.Pkg.Range(func(name, part any) bool {
		b, ok := part.([]byte)
		switch {
		case !ok:
		case name == sharedPart:
			book.Pkg.Store(sharedPart, cutTexts(decoder(book, b)))
		case wide(decoder(book, b)):
			wrong = ErrTooWide
		}
		return wrong == nil
	})
	return wrong
}

// decoder reads a part as the library does.
func decoder(book *excelize.File, part []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(part))
	d.CharsetReader = book.CharsetReader
	return d
}

// wide reports whether a row has more values than a table has columns. What is no XML
// has none.
func wide(d *xml.Decoder) bool {
	values := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return false
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			values = 0
		case "v", "is":
			if values++; values > maxColumns {
				return true
			}
		}
	}
}

// text is one of the shared texts, plain or in pieces of different looks.
type text struct {
	Plain  string `xml:"t"`
	Pieces []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

// cutTexts writes the shared texts again, none longer than a cell may be. Behind what is
// no XML there are none.
func cutTexts(d *xml.Decoder) []byte {
	var out bytes.Buffer
	out.WriteString(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			continue
		}
		var one text
		if d.DecodeElement(&one, &start) != nil {
			break
		}
		whole := cut(one.Plain, maxCell)
		for _, p := range one.Pieces {
			if len(whole) > 4*maxCell {
				break
			}
			whole += cut(p.Text, maxCell)
		}
		out.WriteString(`<si><t xml:space="preserve">`)
		_ = xml.EscapeText(&out, []byte(cut(whole, maxCell))) // into memory
		out.WriteString("</t></si>")
	}
	out.WriteString("</sst>")
	return out.Bytes()
}
