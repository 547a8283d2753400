package retention

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/audit"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/internal/sales/sheet"
)

// Head is one place where something may be known of people.
type Head struct {
	Name    string // of its file
	Columns []string
}

// Row is one row that was found.
type Row struct {
	Place int
	Cells []string
}

// Sheet is a whole table.
type Sheet struct {
	Head
	Rows [][]string
}

// exportRows are read at once: all that is ever in memory.
const exportRows = 500

// Export writes a ZIP of CSV files. sent is called after each page, and may say that nobody
// takes the rest.
type Export func(ctx context.Context, w io.Writer, sent func() error) error

// ExportBuyer gives all that is known of a buyer at all merchants, page by page; before the
// first it notes who takes it and why. It returns Invalid.
func (e *Eraser) ExportBuyer(actor string, p People, reason string) (Export, error) {
	if err := approval.CheckReason(reason); err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer, sent func() error) error {
		if err := e.note(ctx, merchant.Tenant{}, actor, "buyer", reason); err != nil {
			return err
		}
		z := zip.NewWriter(w)
		if err := e.about(z, p.Label()); err != nil {
			return err
		}
		at := Cursor{}
		for place, head := range e.Store.Heads() {
			var err error
			if at, err = e.placeOf(ctx, z, p, place, head, at, sent); err != nil {
				return err
			}
		}
		return z.Close()
	}, nil
}

// placeOf writes one place from at on, and says where the next one begins.
func (e *Eraser) placeOf(ctx context.Context, z *zip.Writer, p People, place int, head Head, at Cursor, sent func() error) (Cursor, error) {
	out, err := e.table(z, head)
	if err != nil {
		return at, err
	}
	for done := false; !done && at.Place == place; {
		var rows []Row
		if rows, at, done, err = e.Store.FindBatch(ctx, p, at, exportRows); err != nil {
			return at, err
		}
		if err := write(out, rows); err != nil {
			return at, err
		}
		if err := sent(); err != nil {
			return at, err
		}
	}
	return at, out.Close()
}

// ExportUser gives all that is known of a user of a merchant; before the first table it
// notes who takes it and why. It returns Invalid or merchant.ErrNotFound.
func (e *Eraser) ExportUser(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) (Export, error) {
	sheets, err := e.Store.UserRecords(ctx, t, userID)
	if err != nil {
		return nil, err
	}
	if err := approval.CheckReason(reason); err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer, sent func() error) error {
		if err := e.note(ctx, t, actor, userID, reason); err != nil {
			return err
		}
		z := zip.NewWriter(w)
		if err := e.about(z, userID); err != nil {
			return err
		}
		for _, s := range sheets {
			out, err := e.table(z, s.Head)
			if err != nil {
				return err
			}
			for _, r := range s.Rows {
				if err := write(out, []Row{{Cells: r}}); err != nil {
					return err
				}
			}
			if err := errors.Join(out.Close(), sent()); err != nil {
				return err
			}
		}
		return z.Close()
	}, nil
}

func (e *Eraser) table(z *zip.Writer, h Head) (sheet.Out, error) {
	f, err := z.CreateHeader(&zip.FileHeader{Name: h.Name + ".csv", Method: zip.Deflate, Modified: e.Clock.Now()})
	if err != nil {
		return nil, fmt.Errorf("retention: export: %w", err)
	}
	return sheet.New(f, grid.CSV, h.Name, h.Columns)
}

func write(out sheet.Out, rows []Row) error {
	for _, r := range rows {
		cells := make([]any, len(r.Cells))
		for i, c := range r.Cells {
			cells[i] = c
		}
		if err := out.Row(cells...); err != nil {
			return err
		}
	}
	return nil
}

// kept is one line of how long things stay, for people.
type kept struct {
	Title string `json:"title"`
	What  string `json:"what"`
	Days  int    `json:"days,omitempty"` // 0: for good
	Why   string `json:"why"`
}

// about says whose data it is, and how long what is kept.
func (e *Eraser) about(z *zip.Writer, label string) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: "about.json", Method: zip.Deflate, Modified: e.Clock.Now()})
	if err != nil {
		return fmt.Errorf("retention: export: %w", err)
	}
	var lines []kept
	for _, c := range e.Policy {
		lines = append(lines, kept{c.Title, c.What, c.Days(), c.Why})
	}
	enc := json.NewEncoder(f)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"subject": label, "madeAt": e.Clock.Now().UTC().Format(time.RFC3339), "retention": lines})
}

func (e *Eraser) note(ctx context.Context, t merchant.Tenant, actor, subject, reason string) error {
	b, err := json.Marshal(map[string]string{"reason": reason})
	if err != nil {
		return err
	}
	now := e.Clock.Now().Truncate(time.Microsecond)
	return e.Store.Note(ctx, audit.Record{MerchantID: t.ID(), ID: e.IDs.At(id.Audit, now), At: now, Actor: actor, Action: "personal_data.exported", Subject: subject, Detail: string(b)})
}
