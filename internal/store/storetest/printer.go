package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/printer"
	"innopay/internal/receipt/escpos"
)

// Printers runs the suite of printer.Store. Its tests share one store and keep apart by
// their desks.
func Printers(t *testing.T, fresh func(t *testing.T) printer.Store) {
	t.Helper()
	s := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, printer.Store)
	}{
		{"a printer is read back whole, by its merchant alone", printerRoundTrip},
		{"a printer is found by its token", printerToken},
		{"a print is read back whole, and its key is taken once", printRoundTrip},
		{"a slip is counted, each time with another number", printCount},
		{"a printer prints one after the other", printQueue},
		{"what is leased is leased once", printLease},
	} {
		t.Run(c.name, func(t *testing.T) { // one after the other: a lease takes what is due at any merchant
			c.run(t, s)
		})
	}
}

func inPrinter(t *testing.T, s printer.Store, fn func(ctx context.Context, tx printer.Tx) error) {
	t.Helper()
	if err := s.PrinterTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// onShelf is a printer of the desk's.
func onShelf(d *Desk, name string) printer.Printer {
	d.Now = d.Now.Add(time.Second)
	return printer.Printer{
		MerchantID: d.Merchant, ID: d.ID(id.Printer), Name: name, Transport: printer.Network, Address: "192.168.0.50:9100", Columns: 48,
		Mode: escpos.CP949, Hangul: escpos.KSX, Drawer: true, Generation: 1, CreatedAt: d.Now, Version: 1,
	}
}

// asked is a print for a printer, due now.
func asked(d *Desk, printerID, key string) printer.Print {
	d.Now = d.Now.Add(time.Second)
	return printer.Print{
		MerchantID: d.Merchant, ID: d.ID(id.Print), Subject: printer.Subject{Kind: printer.OfPayment, ID: "pay_1", CancelID: "cnl_1"}, PrinterID: printerID,
		Options: escpos.Options{Columns: 32, Mode: escpos.StarLine, Hangul: escpos.Full, Drawer: true}, English: true, Number: 1, Status: printer.Queued,
		Key: key, Actor: "usr_1", CreatedAt: d.Now, DueAt: d.Now, Version: 1,
	}
}

func printerRoundTrip(t *testing.T, s printer.Store) {
	d, other := NewDesk(301), NewDesk(302)
	one, two := onShelf(d, "주방"), onShelf(d, "계산대")
	two.Transport, two.Address, two.Mode, two.TokenHash, two.Drawer = printer.CloudPRNT, "", escpos.StarLine, "hash-301", false
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		return errors.Join(tx.InsertPrinter(ctx, one), tx.InsertPrinter(ctx, two))
	})
	all, err := s.Printers(t.Context(), d.Tenant(), 10)
	if diff := cmp.Diff([]printer.Printer{one, two}, all, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got, err := s.Printer(t.Context(), other.Tenant(), one.ID); !errors.Is(err, printer.ErrAbsent) {
		t.Errorf("another's: %+v %v", got, err)
	}
	if err := s.MarkPrinter(t.Context(), other.Tenant(), one.ID, d.Now, printer.NoPaper); err != nil {
		t.Error(err)
	}
	one.Name, one.ErrorCode, one.Version = "새 이름", printer.CoverOpen, 2
	stale := one
	stale.Version = 9
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		if err := tx.UpdatePrinter(ctx, stale); !errors.Is(err, printer.ErrStale) {
			t.Errorf("a stale one: %v", err)
		}
		if n, err := tx.CountPrinters(ctx, d.Tenant()); n != 2 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if there, err := tx.DeletePrinter(ctx, other.Tenant(), one.ID); there || err != nil {
			t.Errorf("another removes it: %v", err)
		}
		return tx.UpdatePrinter(ctx, one)
	})
	one.SeenAt = d.Now.Add(time.Minute)
	for _, seen := range []time.Time{one.SeenAt, d.Now} { // never back
		if err := s.MarkPrinter(t.Context(), d.Tenant(), one.ID, seen, ""); err != nil {
			t.Error(err)
		}
	}
	one.ErrorCode = ""
	got, err := s.Printer(t.Context(), d.Tenant(), one.ID)
	if diff := cmp.Diff(one, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		there, err := tx.DeletePrinter(ctx, d.Tenant(), one.ID)
		if !there {
			t.Error("its merchant does not remove it")
		}
		return err
	})
	if _, err := s.Printer(t.Context(), d.Tenant(), one.ID); !errors.Is(err, printer.ErrAbsent) {
		t.Errorf("it is still there: %v", err)
	}
}

func printerToken(t *testing.T, s printer.Store) {
	d := NewDesk(303)
	one, none := onShelf(d, "구름"), onShelf(d, "그물")
	one.Transport, one.Mode, one.TokenHash = printer.CloudPRNT, escpos.StarLine, "hash-303"
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		return errors.Join(tx.InsertPrinter(ctx, one), tx.InsertPrinter(ctx, none))
	})
	if got, err := s.PrinterByToken(t.Context(), "hash-303"); err != nil || got.ID != one.ID {
		t.Errorf("%+v %v", got, err)
	}
	for _, hash := range []string{"", "hash-30", "hash-3030"} {
		if got, err := s.PrinterByToken(t.Context(), hash); !errors.Is(err, printer.ErrAbsent) {
			t.Errorf("%q finds %+v %v", hash, got, err)
		}
	}
}

func printRoundTrip(t *testing.T, s printer.Store) {
	d, other := NewDesk(304), NewDesk(305)
	p := asked(d, "prn_304", "PAYMENT/one")
	record := func(d *Desk) audit.Record {
		return audit.Record{MerchantID: d.Merchant, ID: d.ID(id.Audit), At: d.Now, Actor: "usr_1", Action: "receipt.printed", Subject: "pay_1"}
	}
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		return errors.Join(tx.InsertPrint(ctx, p), tx.Record(ctx, record(d)))
	})
	for _, read := range []func() (printer.Print, error){
		func() (printer.Print, error) { return s.Print(t.Context(), d.Tenant(), p.ID) },
		func() (printer.Print, error) { return s.PrintByKey(t.Context(), d.Tenant(), p.Key) },
	} {
		got, err := read()
		if diff := cmp.Diff(p, got, sameMoment); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
	again, theirs := asked(d, "prn_304", p.Key), asked(other, "prn_304", p.Key)
	err := s.PrinterTx(t.Context(), func(ctx context.Context, tx printer.Tx) error {
		return errors.Join(tx.Record(ctx, record(d)), tx.InsertPrint(ctx, again))
	})
	if !errors.Is(err, printer.ErrKeyTaken) {
		t.Errorf("the same key: %v", err)
	}
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error { return tx.InsertPrint(ctx, theirs) })
	for _, key := range []string{"", "PAYMENT/two"} {
		if got, err := s.PrintByKey(t.Context(), d.Tenant(), key); !errors.Is(err, printer.ErrAbsent) {
			t.Errorf("%q: %+v %v", key, got, err)
		}
	}
	if got, err := s.Print(t.Context(), other.Tenant(), p.ID); !errors.Is(err, printer.ErrAbsent) {
		t.Errorf("another's: %+v %v", got, err)
	}
	p.Status, p.Code, p.SentAt, p.SettledAt, p.DueAt, p.Tries, p.Version = printer.Unknown, printer.Interrupted, d.Now, d.Now.Add(time.Second), time.Time{}, 3, 2
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error { return tx.UpdatePrint(ctx, p) })
	err = s.PrinterTx(t.Context(), func(ctx context.Context, tx printer.Tx) error { return tx.UpdatePrint(ctx, p) })
	if !errors.Is(err, printer.ErrStale) {
		t.Errorf("a stale one: %v", err)
	}
	got, err := s.Print(t.Context(), d.Tenant(), p.ID)
	if diff := cmp.Diff(p, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func printCount(t *testing.T, s printer.Store) {
	d, other := NewDesk(306), NewDesk(307)
	count := func(d *Desk, slip string) (n int) {
		inPrinter(t, s, func(ctx context.Context, tx printer.Tx) (err error) {
			n, err = tx.CountSlip(ctx, d.Tenant(), slip)
			return err
		})
		return n
	}
	if a, b, c := count(d, "one"), count(d, "two"), count(other, "one"); a+b+c != 3 {
		t.Errorf("%d %d %d", a, b, c)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	var got []int
	for range 12 {
		all.Go(func() {
			n := count(d, "one")
			mu.Lock()
			got = append(got, n)
			mu.Unlock()
		})
	}
	all.Wait()
	slices.Sort(got)
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, got); diff != "" {
		t.Error(diff)
	}
	uncount := func() {
		inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error { return tx.UncountSlip(ctx, d.Tenant(), "two") })
	}
	uncount()
	uncount() // never below nothing
	if n := count(d, "two"); n != 1 {
		t.Errorf("after one that failed: %d", n)
	}
	broken := errors.New("broken off")
	err := s.PrinterTx(t.Context(), func(ctx context.Context, tx printer.Tx) error {
		_, err := tx.CountSlip(ctx, d.Tenant(), "two")
		return errors.Join(err, broken)
	})
	if n := count(d, "two"); !errors.Is(err, broken) || n != 2 {
		t.Errorf("%v, %d", err, n)
	}
}

func printQueue(t *testing.T, s printer.Store) {
	d := NewDesk(308)
	var ps []printer.Print
	for i := range 3 {
		ps = append(ps, asked(d, "prn_308", fmt.Sprint("PAYMENT/", i)))
	}
	elsewhere := asked(d, "prn_309", "PAYMENT/else")
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		for _, p := range append(slices.Clone(ps), elsewhere) {
			if err := tx.InsertPrint(ctx, p); err != nil {
				return err
			}
		}
		n, err := tx.CountQueue(ctx, d.Tenant(), "prn_308")
		if n != 3 {
			t.Errorf("%d wait", n)
		}
		return err
	})
	mine := func() (ids []string) {
		t.Helper()
		now := d.Now.Add(time.Second)
		got, err := s.LeasePrints(t.Context(), "one", now, now.Add(time.Minute), 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got {
			if p.MerchantID == d.Merchant {
				ids = append(ids, p.ID)
			}
		}
		slices.Sort(ids)
		return ids
	}
	want := []string{ps[0].ID, elsewhere.ID}
	slices.Sort(want)
	if diff := cmp.Diff(want, mine()); diff != "" {
		t.Error(diff)
	}
	done := ps[0]
	done.Status, done.DueAt, done.SettledAt, done.Version = printer.Printed, time.Time{}, d.Now, 2
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error { return tx.UpdatePrint(ctx, done) })
	if diff := cmp.Diff([]string{ps[1].ID}, mine()); diff != "" {
		t.Error(diff)
	}
	left, err := s.PrintQueue(t.Context(), d.Tenant(), "prn_308", 10)
	if err != nil || len(left) != 2 || left[0].ID != ps[1].ID || left[1].ID != ps[2].ID {
		t.Errorf("%v %+v", err, left)
	}
}

func printLease(t *testing.T, s printer.Store) {
	d := NewDesk(310)
	inPrinter(t, s, func(ctx context.Context, tx printer.Tx) error {
		for i := range 8 {
			if err := tx.InsertPrint(ctx, asked(d, fmt.Sprint("prn_", i), fmt.Sprint("PAYMENT/", i))); err != nil {
				return err
			}
		}
		return nil
	})
	now := d.Now.Add(time.Second)
	var mu sync.Mutex
	var all sync.WaitGroup
	taken := map[string]int{}
	for i := range 6 {
		all.Go(func() {
			got, err := s.LeasePrints(t.Context(), fmt.Sprint("worker ", i), now, now.Add(time.Minute), 1000)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			for _, p := range got {
				if p.MerchantID == d.Merchant {
					taken[p.ID]++
				}
			}
		})
	}
	all.Wait()
	for one, n := range taken {
		if n != 1 {
			t.Errorf("%s was leased %d times", one, n)
		}
	}
	if len(taken) > 8 {
		t.Errorf("%d prints", len(taken))
	}
}
