package taxreceipt

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"innopay/money"
)

// DutyFrom is the amount from which mandatory trades issue unasked (domain facts 3).
const DutyFrom money.Won = 100_000

// Duty is the table of trades that must issue a cash receipt for every cash sale of
// DutyFrom or more, by merchant category code.
type Duty map[string]string // MCC -> name of the trade

//go:embed duty.csv
var dutyTable string

// DefaultDuty is the table that comes with the program: a start, not the law. Whoever
// runs it keeps it up to date by a file of the same form.
func DefaultDuty() Duty {
	d, err := ReadDuty(strings.NewReader(dutyTable))
	if err != nil {
		panic("taxreceipt: " + err.Error()) // our own file; a test reads it
	}
	return d
}

// ReadDuty reads a table: two columns, mcc and name, under a head.
func ReadDuty(r io.Reader) (Duty, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 2
	c.Comment = '#'
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("duty table: %w", err)
	}
	if len(rows) == 0 || rows[0][0] != "mcc" || rows[0][1] != "name" {
		return nil, fmt.Errorf("duty table: the first line must be mcc,name")
	}
	d := Duty{}
	for i, row := range rows[1:] {
		if len(row[0]) != 4 || strings.Trim(row[0], "0123456789") != "" || row[1] == "" {
			return nil, fmt.Errorf("duty table: line %d: want four digits and a name", i+2)
		}
		d[row[0]] = row[1]
	}
	return d, nil
}

// Binds reports whether a cash sale must have a receipt.
func (d Duty) Binds(mcc string, amount money.Won) bool {
	_, listed := d[mcc]
	return listed && amount >= DutyFrom
}
