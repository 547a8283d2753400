package api

import (
	"net/http"

	"innopay/internal/payment"
)

// For the tests of the parsers.
var (
	StrictJSON   = strictJSON
	Pointer      = pointer
	DecodeCursor = decodeCursor
	EncodeCursor = encodeCursor
	DeviceOf     = deviceOf
)

// ExportMost is how many rows one file has at most.
const ExportMost = exportMost

// Export writes a file of at most so many rows from pages, for tests that need more
// rows than a store is filled with in time.
func Export(w http.ResponseWriter, most int, page func(before string) ([]payment.Payment, bool, error)) error {
	x := &export[payment.Payment]{
		head: exportHead, cells: func(p payment.Payment) []any { return paymentCells(p, nil) }, title: "거래내역", key: func(p payment.Payment) string { return p.ID },
		page: page, writer: w, control: http.NewResponseController(w), most: most,
	}
	return x.run("attachment")
}
