package simulator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/money"
)

const journalFile = "journal.jsonl"

// afternoon is a business day with hours left before its capture.
var afternoon = time.Date(2026, 3, 2, 14, 0, 0, 0, clock.Seoul)

// openBook opens the book kept in dir.
func openBook(t *testing.T, dir string, now clock.Clock) (*simulator.Book, *simulator.Journal) {
	t.Helper()
	j, err := simulator.OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	b, err := simulator.NewBook(now, j)
	if err != nil {
		t.Fatal(err)
	}
	return b, j
}

// numbered is an authorization whose identity is n.
func numbered(t *testing.T, n int, behaviour string) acquirer.Authorization {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour == behaviour {
			a := authorization(t, fmt.Sprintf("att_%d", n), c)
			a.STAN = n
			return a
		}
	}
	t.Fatalf("no card does %s", behaviour)
	return acquirer.Authorization{}
}

func reversalOf(a acquirer.Authorization) acquirer.Reversal {
	return acquirer.Reversal{
		Reference: acquirer.Reference{AttemptID: "rev_" + a.AttemptID, TerminalID: a.TerminalID, STAN: 500_000 + a.STAN, TransmittedAt: a.TransmittedAt},
		Original:  a.Reference, Merchant: a.Merchant, Amount: a.Split.Amount,
	}
}

func cancelOf(a acquirer.Authorization, an acquirer.Answer, kind acquirer.CancelKind, part money.Split) acquirer.Cancellation {
	return acquirer.Cancellation{
		Reference: acquirer.Reference{AttemptID: "cnl_" + a.AttemptID, TerminalID: a.TerminalID, STAN: 600_000 + a.STAN, TransmittedAt: a.TransmittedAt},
		Kind:      kind, Original: a.Reference, OriginalAmount: a.Split.Amount, ApprovalNumber: an.ApprovalNumber, RRN: an.RRN,
		Merchant: a.Merchant, Split: part,
	}
}

// busy does a bit of everything to a book.
func busy(t *testing.T, b *simulator.Book) {
	t.Helper()
	p := simulator.Direct(b)
	ctx := t.Context()
	p.Authorize(ctx, numbered(t, 1, "APPROVE"))
	p.Authorize(ctx, numbered(t, 2, "DECLINE_LIMIT"))
	lost := numbered(t, 3, "TIMEOUT")
	p.Authorize(ctx, lost)
	p.Reverse(ctx, reversalOf(lost))
	p.Reverse(ctx, reversalOf(lost))
	early := numbered(t, 4, "APPROVE")
	p.Reverse(ctx, reversalOf(early))
	p.Authorize(ctx, early)
	voided := numbered(t, 5, "APPROVE")
	an := p.Authorize(ctx, voided)
	p.Cancel(ctx, cancelOf(voided, an, acquirer.Void, voided.Split))
	p.Cancel(ctx, cancelOf(voided, an, acquirer.Void, voided.Split))
	part := numbered(t, 6, "APPROVE")
	an = p.Authorize(ctx, part)
	p.Cancel(ctx, cancelOf(part, an, acquirer.Refund, money.Split{Amount: 11, Supplied: 10, VAT: 1}))
	liar := numbered(t, 7, "NO_ORIGINAL")
	p.Authorize(ctx, liar)
	p.Reverse(ctx, reversalOf(liar))
	b.Capture()
	p.Authorize(ctx, numbered(t, 8, "APPROVE"))
	p.Authorize(ctx, numbered(t, 9, "DELAY"))
	p.Authorize(ctx, numbered(t, 10, "DROP"))
	p.Inquire(ctx, acquirer.Inquiry{Reference: reversalOf(part).Reference, Subject: part.Reference, Merchant: part.Merchant, Amount: part.Split.Amount})
}

// TestReplayIsTheSameBook: after a restart the book answers as if it had gone on.
func TestReplayIsTheSameBook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := clock.NewFake(afternoon)
	first, j := openBook(t, dir, now)
	busy(t, first)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	second, j := openBook(t, dir, now)
	if diff := cmp.Diff(first.Entries(0, 1000), second.Entries(0, 1000)); diff != "" {
		t.Fatal(diff)
	}
	lone, err := simulator.NewBook(now, nil)
	if err != nil {
		t.Fatal(err)
	}
	busy(t, lone)
	now.Advance(10 * time.Hour) // past the capture
	for _, b := range []*simulator.Book{lone, second} {
		p := simulator.Direct(b)
		p.Reverse(t.Context(), reversalOf(numbered(t, 7, "NO_ORIGINAL")))
		p.Reverse(t.Context(), reversalOf(numbered(t, 8, "APPROVE")))
		p.Authorize(t.Context(), numbered(t, 1, "APPROVE"))
		p.Authorize(t.Context(), numbered(t, 11, "APPROVE"))
	}
	if err := j.Sync(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lone.Entries(0, 1000), second.Entries(0, 1000)); diff != "" {
		t.Errorf("the reopened book went on differently: %s", diff)
	}
	fromFile, err := simulator.ReadJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(second.Entries(0, 1000), fromFile); diff != "" {
		t.Error(diff)
	}
}

// TestTornTailIsCut: whatever part of the last line was written, the lines before it
// are whole and the journal goes on.
func TestTornTailIsCut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, j := openBook(t, dir, clock.NewFake(afternoon))
	p := simulator.Direct(b)
	for n := range 3 {
		p.Authorize(t.Context(), numbered(t, n+1, "APPROVE"))
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, journalFile))
	if err != nil {
		t.Fatal(err)
	}
	second := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := second; cut < len(whole); cut += 7 {
		torn := t.TempDir()
		if err := os.WriteFile(filepath.Join(torn, journalFile), whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		b, j := openBook(t, torn, clock.NewFake(afternoon))
		if n := len(b.Entries(0, 10)); n != 2 {
			t.Fatalf("cut at %d: %d entries, want 2", cut, n)
		}
		simulator.Direct(b).Authorize(t.Context(), numbered(t, 9, "APPROVE"))
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if entries, err := simulator.ReadJournal(torn); err != nil || len(entries) != 3 || entries[2].AttemptID != "att_9" {
			t.Fatalf("cut at %d: %+v, %v", cut, entries, err)
		}
	}
}

func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, j := openBook(t, dir, clock.NewFake(afternoon))
	busy(t, b)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, journalFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	flipped := bytes.Replace(whole, []byte(`"amount":55000`), []byte(`"amount":55001`), 1)
	missing := append(append([]byte{}, lines[0]...), bytes.Join(lines[2:], nil)...)
	amend := []byte(`{"seq":5,"answered":true,"amend":true}`)
	orphan := fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(amend), amend)
	for name, spoiled := range map[string][]byte{"flipped": flipped, "missing line": missing, "correction of nothing": orphan} {
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := simulator.ReadJournal(dir); !errors.Is(err, simulator.ErrDamaged) {
			t.Errorf("%s: read: %v", name, err)
		}
		j, err := simulator.OpenJournal(dir)
		if err == nil {
			_, err = simulator.NewBook(clock.NewFake(afternoon), j)
			_ = j.Close()
		}
		if !errors.Is(err, simulator.ErrDamaged) {
			t.Errorf("%s: opened: %v", name, err)
		}
	}
}

func TestOneProcessAJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, j := openBook(t, dir, clock.NewFake(afternoon))
	if _, err := simulator.OpenJournal(dir); !errors.Is(err, simulator.ErrLocked) {
		t.Errorf("a second opening: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	openBook(t, dir, clock.NewFake(afternoon))
}

// TestNothingOfTheCardOnDisk: the last four digits are all.
func TestNothingOfTheCardOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b, j := openBook(t, dir, clock.NewFake(afternoon))
	busy(t, b)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, journalFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range simulator.Cards() {
		for _, secret := range []string{c.Number, c.Number[:12], `"` + c.BirthOrBusinessNumber + `"`, c.ExpiryYear + c.ExpiryMonth + `"`} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("the journal holds %q", secret)
			}
		}
	}
}

// TestEntryJSON: names and forms of the contract.
func TestEntryJSON(t *testing.T) {
	t.Parallel()
	b, err := simulator.NewBook(clock.NewFake(afternoon), nil)
	if err != nil {
		t.Fatal(err)
	}
	a := numbered(t, 1, "APPROVE")
	an := simulator.Direct(b).Authorize(t.Context(), a)
	got, err := json.Marshal(b.Entries(0, 1))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"seq":1,"at":"2026-03-02T14:00:00+09:00","type":"AUTHORIZE","attemptId":"att_1","merchantId":"mer_1","amount":55000,` +
		`"last4":"` + a.Card.PAN.Last4() + `","approvalNumber":"` + an.ApprovalNumber + `","result":"APPROVED","answered":true,"repeat":false}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
