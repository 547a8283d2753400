package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/daemon"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
)

// adminReaderKey works on the key folder alone: base keys are in no database.
type adminReaderKey struct {
	Import adminReaderKeyImport `cmd:"" help:"Install a base key from its components, one a line on standard input."`
	List   adminReaderKeyList   `cmd:"" help:"List the key sets with their check values."`
	Remove adminReaderKeyRemove `cmd:"" help:"Remove a key set; its readers are unknown from then on."`
}

// ring opens the key folder.
func (c *adminCommand) ring() (*keyring.Ring, daemon.Config, error) {
	conf, err := c.config()
	if err == nil {
		err = conf.Foreign()
	}
	if err != nil {
		return nil, conf, refused{err}
	}
	ring, err := keyring.Open(conf.KeyDir())
	if err != nil {
		return nil, conf, refused{err}
	}
	return ring, conf, nil
}

type adminReaderKeyImport struct {
	Set        string `arg:"" help:"Key set: the first ten hex digits of the readers' key serial numbers by TDES, eight by AES."`
	Scheme     string `default:"TDES" enum:"TDES,TDES_AES,AES" help:"TDES; TDES_AES (keys by TDES, data by AES); AES (ANSI X9.24-3)."`
	Use        string `default:"" enum:",DATA,PIN" help:"Key variant of the tracks: DATA or PIN; empty: as the readers' makers ship."`
	Components int    `default:"2" help:"How many components make the key, each held by another person."`
}

// Run reads the components, shows the check value of each and of the key, and installs it.
func (c *adminReaderKeyImport) Run(e *env, a *adminCommand) error {
	if c.Components < 1 || c.Components > 5 {
		return refused{errors.New("components must be 1 to 5")}
	}
	ring, conf, err := a.ring()
	if err != nil {
		return err
	}
	scheme := dukpt.Scheme(c.Scheme)
	key, err := c.read(e, scheme)
	if err != nil {
		return err
	}
	defer key.Wipe()
	if conf.Mode == daemon.Production && dukpt.Published(key) {
		return refused{errors.New("this key stands in a standard or manual, so that everybody has it: production refuses it")}
	}
	if err := ring.AddReaderKey(reader.KeySet{ID: c.Set, Scheme: scheme, Use: dukpt.Use(c.Use), Key: key}); err != nil {
		return err
	}
	e.printf("%s %s KCV %s\n", c.Set, scheme, key.CheckValue(scheme))
	return nil
}

// read puts the components together. A single line of hex digits is all that is kept, and
// it is cleared.
func (c *adminReaderKeyImport) read(e *env, scheme dukpt.Scheme) (dukpt.Key, error) {
	if f, ok := e.stdin.(*os.File); ok {
		restore := quiet(f)
		defer restore()
	}
	in := bufio.NewReaderSize(e.stdin, 4*dukpt.Size)
	parts := make([]dukpt.Key, 0, c.Components)
	defer func() {
		for _, p := range parts {
			p.Wipe()
		}
	}()
	for i := range c.Components {
		_, _ = fmt.Fprintf(e.stderr, "component %d of %d: ", i+1, c.Components)
		line, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return dukpt.Key{}, fmt.Errorf("component %d: a line of %d hex digits is needed", i+1, 2*dukpt.Size)
		}
		for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
			line = line[:len(line)-1]
		}
		part, err := dukpt.ParseKey(line)
		clear(line)
		if err != nil {
			return dukpt.Key{}, fmt.Errorf("component %d: a line of %d hex digits is needed, whose halves differ", i+1, 2*dukpt.Size)
		}
		parts = append(parts, part)
		_, _ = fmt.Fprintf(e.stderr, "KCV %s\n", part.CheckValue(scheme))
	}
	key, err := dukpt.Combine(parts...)
	if err != nil {
		return dukpt.Key{}, errors.New("the components make no key: they cancel out")
	}
	return key, nil
}

type adminReaderKeyList struct{}

// Run lists the sets.
func (c *adminReaderKeyList) Run(e *env, a *adminCommand) error {
	ring, _, err := a.ring()
	if err != nil {
		return err
	}
	ids, err := ring.ReaderKeys()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "SET\tSCHEME\tUSE\tKCV\tNOTE")
	for _, id := range ids {
		set, err := ring.ReaderKey(id)
		if err != nil {
			return err
		}
		note := ""
		if dukpt.Published(set.Key) {
			note = "published: protects nothing"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", id, set.Scheme, set.Use, set.Key.CheckValue(set.Scheme), note)
		set.Key.Wipe()
	}
	return w.Flush()
}

type adminReaderKeyRemove struct {
	Set string `arg:"" help:"Key set."`
}

// Run removes a set.
func (c *adminReaderKeyRemove) Run(_ *env, a *adminCommand) error {
	ring, _, err := a.ring()
	if err != nil {
		return err
	}
	return ring.RemoveReaderKey(c.Set)
}

type adminReaders struct {
	Merchant   string `arg:"" help:"Merchant id."`
	PlainTrack string `default:"" enum:",ALLOW,FORBID" help:"Readers that do not encrypt: ALLOW or FORBID. The installation may forbid them for everybody."`
	ChipFirst  string `default:"" enum:",ASK,REFUSE" help:"A swiped card with a chip: ASK why, or REFUSE unless the chip failed."`
}

// Run sets which swipes the merchant's readers may send, and says what holds now.
func (c *adminReaders) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		t := merchant.TenantOf(c.Merchant)
		var p merchant.ReaderPolicy
		if c.PlainTrack != "" {
			forbid := c.PlainTrack == "FORBID"
			p.ForbidPlainTrack = &forbid
		}
		if c.ChipFirst != "" {
			chip := merchant.ChipFirst(c.ChipFirst)
			p.ChipFirst = &chip
		}
		if p != (merchant.ReaderPolicy{}) {
			if err := core.Registry.SetReaderPolicy(e.ctx, adminActor, t, p); err != nil {
				return err
			}
		}
		m, err := core.Registry.Merchant(e.ctx, t)
		if err != nil {
			return err
		}
		plain := "ALLOW"
		if m.ForbidPlainTrack {
			plain = "FORBID"
		}
		e.printf("plain track %s, chip first %s\n", plain, m.ChipFirst)
		return nil
	})
}
