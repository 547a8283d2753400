package audit_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

func record() audit.Record {
	return audit.Record{
		MerchantID: "mer_1", ID: "aud_1", At: start, Actor: "usr_1", Action: "payment.cancel", Subject: "pay_1", Detail: "{}",
	}
}

// TestCanonical changes every field, and moves a byte over every border of fields:
// all must give other bytes.
func TestCanonical(t *testing.T) {
	t.Parallel()
	base := audit.Canonical(record())
	for name, change := range map[string]func(*audit.Record){
		"merchant":           func(r *audit.Record) { r.MerchantID = "mer_2" },
		"id":                 func(r *audit.Record) { r.ID = "aud_2" },
		"time":               func(r *audit.Record) { r.At = r.At.Add(time.Microsecond) },
		"actor":              func(r *audit.Record) { r.Actor = "usr_2" },
		"action":             func(r *audit.Record) { r.Action = "payment.create" },
		"subject":            func(r *audit.Record) { r.Subject = "pay_2" },
		"detail":             func(r *audit.Record) { r.Detail = "" },
		"merchant|id":        func(r *audit.Record) { r.MerchantID, r.ID = "mer_1a", "ud_1" },
		"actor|action":       func(r *audit.Record) { r.Actor, r.Action = "usr_1p", "ayment.cancel" },
		"action|subject":     func(r *audit.Record) { r.Action, r.Subject = "payment.cance", "lpay_1" },
		"subject|detail":     func(r *audit.Record) { r.Subject, r.Detail = "pay_1{", "}" },
		"id|actor, no actor": func(r *audit.Record) { r.ID, r.Actor = "aud_1usr_1", "" },
	} {
		r := record()
		change(&r)
		if bytes.Equal(base, audit.Canonical(r)) {
			t.Errorf("%s: the same bytes", name)
		}
	}
	same := record()
	same.At = same.At.In(time.FixedZone("elsewhere", 3600))
	if !bytes.Equal(base, audit.Canonical(same)) {
		t.Error("the zone of the time changes the bytes")
	}
}

// TestLink pins the bytes: seals made by earlier releases must hold for ever.
func TestLink(t *testing.T) {
	t.Parallel()
	const want = "f0be9e889b165978b7a569121cd8356ad40d9162051cf14343757f90ac675e24"
	if got := audit.Link(audit.Genesis, record()); got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
}

// desk is a store of records in memory.
type desk struct {
	records []audit.Record
	seals   []audit.Seal
	holder  string
	until   time.Time
}

func (d *desk) TakeLease(_ context.Context, _, owner string, now, until time.Time) (bool, error) {
	if d.holder != "" && d.holder != owner && d.until.After(now) {
		return false, nil
	}
	d.holder, d.until = owner, until
	return true, nil
}

func (d *desk) Unsealed(_ context.Context, limit int) ([]audit.Record, error) {
	left := d.records[len(d.seals):]
	return left[:min(limit, len(left))], nil
}

func (d *desk) Head(context.Context) (audit.Seal, error) {
	if len(d.seals) == 0 {
		return audit.Seal{Hash: audit.Genesis}, nil
	}
	return d.seals[len(d.seals)-1], nil
}

func (d *desk) AppendSeals(_ context.Context, after int64, seals []audit.Seal) error {
	if after != int64(len(d.seals)) {
		return errors.New("another head")
	}
	d.seals = append(d.seals, seals...)
	return nil
}

func TestSealer(t *testing.T) {
	t.Parallel()
	d := &desk{}
	for i := range 450 {
		r := record()
		r.ID = strings.Repeat("x", i)
		d.records = append(d.records, r)
	}
	c := clock.NewFake(start)
	var heads []audit.Seal
	s := &audit.Sealer{Store: d, Clock: c, Owner: "a", Export: func(h audit.Seal) error { heads = append(heads, h); return nil }}
	rounds := 0
	for more := true; more; rounds++ {
		var err error
		if more, err = s.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if rounds != 3 || len(d.seals) != 450 {
		t.Fatalf("%d rounds made %d seals", rounds, len(d.seals))
	}
	before := audit.Genesis
	for i, seal := range d.seals {
		if seal.Seq != int64(i+1) || seal.Hash != audit.Link(before, d.records[i]) {
			t.Fatalf("seal %d does not follow", i)
		}
		before = seal.Hash
	}
	if len(heads) != 1 || heads[0].Seq != 200 {
		t.Errorf("exported %v at once, want the first head only", heads)
	}
	c.Advance(10 * time.Second)
	if _, err := s.Round(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(heads) != 2 || heads[1] != d.seals[449] {
		t.Errorf("the last head was not exported: %v", heads)
	}
}

func TestOneSealer(t *testing.T) {
	t.Parallel()
	d := &desk{records: []audit.Record{record()}, holder: "other", until: start.Add(audit.LeaseFor)}
	c := clock.NewFake(start)
	s := &audit.Sealer{Store: d, Clock: c, Owner: "a"}
	if _, err := s.Round(context.Background()); err != nil || len(d.seals) != 0 {
		t.Errorf("sealed without the lease: %v %v", d.seals, err)
	}
	c.Advance(audit.LeaseFor)
	if _, err := s.Round(context.Background()); err != nil || len(d.seals) != 1 {
		t.Errorf("not sealed when the lease had run out: %v %v", d.seals, err)
	}
	d.records = nil
	d.seals = nil
	c.Advance(audit.LeaseFor / 2)
	if _, err := s.Round(context.Background()); err != nil || !d.until.Equal(c.Now().Add(audit.LeaseFor)) {
		t.Errorf("an idle sealer does not show that it is alive: until %v %v", d.until, err)
	}
}
