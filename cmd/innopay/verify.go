package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"

	"innopay/acquirer/simulator"
	receipts "innopay/cashreceipt/simulator"
	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/audit"
	"innopay/internal/jobs"
	"innopay/internal/store"
)

// verifyCommand checks the books, also while servers run. It changes nothing.
type verifyCommand struct {
	Data     string `type:"path" help:"Data folder of the installation."`
	Database string `help:"postgres:// URL; SQLite in the data folder otherwise."`
	Keys     string `type:"path" help:"Folder of the keys. Not needed: nothing encrypted is opened."`
	Journal  string `type:"path" help:"Folder of the acquirer's journal; that of the demo's own simulator is found by itself."`
	Receipts string `type:"path" help:"Folder of the journal of the office that issues cash receipts; that of the demo's own simulator is found by itself."`
	Heads    string `type:"path" help:"Folder of exported audit heads; those in the data folder are found by themselves."`
	JSON     bool   `help:"Print one JSON document, a fault on a line."`
}

// errBroken ends a check that found faults.
var errBroken = errors.New("the books are broken")

// Run exits 0 when clean, 1 when broken, 2 when it could not look (contract).
func (c *verifyCommand) Run(e *env) error {
	var faults []store.Fault
	if err := c.check(e, func(f store.Fault) { faults = append(faults, f) }); err != nil {
		return refused{err}
	}
	if c.JSON {
		c.document(e, faults)
	} else {
		for _, f := range faults {
			e.printf("%s %s %s\n", f.Code, f.Subject, f.Message)
		}
	}
	if len(faults) > 0 {
		return errBroken
	}
	if !c.JSON {
		e.printf("clean\n")
	}
	return nil
}

// document prints the faults for programs.
func (c *verifyCommand) document(e *env, faults []store.Fault) {
	e.printf("{\"clean\":%t,\"faults\":[", len(faults) == 0)
	for i, f := range faults {
		line, err := json.Marshal(map[string]string{"code": f.Code, "subject": f.Subject, "message": f.Message})
		if err != nil {
			continue // plain text always is JSON
		}
		comma := ","
		if i == len(faults)-1 {
			comma = ""
		}
		e.printf("\n%s%s", line, comma)
	}
	e.printf("]}\n")
}

func (c *verifyCommand) check(e *env, report func(store.Fault)) (err error) {
	o := store.VerifyOptions{Patience: store.VerifyPatience}
	if o.Heads, err = c.heads(); err != nil {
		return err
	}
	if o.Journal, err = c.journal(); err != nil {
		return err
	}
	if o.Receipts, err = c.receipts(); err != nil {
		return err
	}
	log, err := e.logger("error")
	if err != nil {
		return err
	}
	db, err := daemon.OpenBooks(e.ctx, daemon.Config{Data: c.Data, Database: c.Database}, clock.System{}, log)
	if err != nil {
		return err
	}
	return errors.Join(db.Verify(e.ctx, o, report), db.Close())
}

// heads reads what the sealer exported.
func (c *verifyCommand) heads() ([]audit.Seal, error) {
	dir := c.Heads
	if dir == "" {
		if c.Data == "" {
			return nil, nil
		}
		dir = daemon.Config{Data: c.Data}.HeadDir()
	}
	return jobs.ReadHeads(dir)
}

// journal is the acquirer's own account, where there is one at hand.
func (c *verifyCommand) journal() (iter.Seq2[store.JournalEntry, error], error) {
	return account(c.Journal, c.Data, simulator.ReadJournal, func(e simulator.Entry) store.JournalEntry {
		return store.JournalEntry{
			Seq: e.Seq, Type: e.Type, AttemptID: e.AttemptID, OriginalAttemptID: e.OriginalAttemptID, MerchantID: e.MerchantID,
			Amount: e.Amount, Last4: e.Last4, ApprovalNumber: e.ApprovalNumber, Result: string(e.Result),
			Answered: e.Answered, Repeat: e.Repeat,
		}
	})
}

// receipts is the same of the office that issues cash receipts.
func (c *verifyCommand) receipts() (iter.Seq2[store.ReceiptEntry, error], error) {
	return account(c.Receipts, c.Data, receipts.ReadJournal, func(e receipts.Entry) store.ReceiptEntry {
		return store.ReceiptEntry{
			Seq: e.Seq, Type: e.Type, ID: e.ID, Number: e.Number, OriginalNumber: e.OriginalNumber, Day: e.Day, Amount: e.Amount, Result: e.Result,
		}
	})
}

// account is a simulator's journal in the folder that was named, else in that of the
// demo's own simulator, where it has one. It is read when verify asks for it, after the
// database's moment has been fixed.
func account[E, F any](named, data string, read func(dir string) ([]E, error), as func(E) F) (iter.Seq2[F, error], error) {
	dir := named
	if dir == "" {
		if data == "" {
			return nil, nil
		}
		dir = filepath.Join(data, "simulator")
	}
	_, err := read(dir)
	if named == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return func(yield func(F, error) bool) {
		entries, err := read(dir)
		if err != nil {
			var none F
			yield(none, err)
			return
		}
		for _, e := range entries {
			if !yield(as(e), nil) {
				return
			}
		}
	}, nil
}
