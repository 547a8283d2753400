package printer

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/receipt/escpos/dots"
)

// Order asks for a slip to be printed: by a printer of the merchant's, or into the
// caller's hands for one that is described by Options.
type Order struct {
	Tenant  merchant.Tenant
	Actor   string
	Key     string // idempotency key
	Subject Subject
	English bool
	Drawer  bool // open the cash drawer, where one is

	PrinterID string         // or
	Options   escpos.Options // Drawer of it is not looked at
}

// Print prints a slip. The first print of a slip is the original and each later one a
// copy; one that failed does not count. The same key gives the same print and the same
// document, so that an app whose local printer failed tries again with it and still
// holds the original. It returns payment.ErrNotFound, taxreceipt.ErrNotFound,
// desk.ErrNoReceipt, ErrNotFound, ErrNotOffered, ErrQueueFull, ErrTooLong, payment.ErrKeyReused
// or Invalid.
func (s *Service) Print(ctx context.Context, o Order) (Print, error) {
	p, err := s.ordered(ctx, o)
	if err != nil {
		return Print{}, err
	}
	if _, err := s.slip(ctx, p); err != nil {
		return Print{}, err
	}
	if before, ok, err := s.before(ctx, o.Tenant, p); ok || err != nil {
		return before, err
	}
	err = s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error { return s.enter(ctx, tx, o.Tenant, &p) })
	if errors.Is(err, ErrKeyTaken) {
		before, ok, err := s.before(ctx, o.Tenant, p)
		if err == nil && !ok {
			err = ErrUnavailable
		}
		return before, err
	}
	if err != nil {
		return Print{}, told(err)
	}
	if p.Status == Queued {
		s.Wake()
		return p, nil
	}
	return s.document(ctx, p)
}

// ordered is the print that an order asks for, not yet written.
func (s *Service) ordered(ctx context.Context, o Order) (Print, error) {
	now := s.now()
	p := Print{
		MerchantID: o.Tenant.ID(), ID: s.IDs.At(id.Print, now), Subject: o.Subject, PrinterID: o.PrinterID, Options: o.Options, English: o.English,
		Number: 1, Status: Handed, Actor: o.Actor, CreatedAt: now, Version: 1,
	}
	p.Options.Drawer = o.Drawer
	if o.Key != "" { // keys of different operations have nothing to do with each other
		p.Key = string(o.Subject.Kind) + "/" + o.Key
	}
	if o.PrinterID == "" {
		if !p.Options.Valid() {
			return p, fault.InvalidField("/columns", "INVALID_PRINTER", "한 줄 글자 수와 인쇄 방식을 다시 골라 주세요.")
		}
		p.SettledAt = now
		return p, nil
	}
	to, err := s.printer(ctx, o.Tenant, o.PrinterID)
	if err != nil {
		return p, err
	}
	if to.Transport == Network && !s.Serves() {
		return p, ErrNotOffered
	}
	p.Options, p.Status, p.DueAt = to.options(o.Drawer), Queued, now
	if to.Transport == CloudPRNT {
		p.DueAt = now.Add(QueuedFor) // until then the printer asks for it
	}
	return p, nil
}

// before is the print of the same key, if there was one.
func (s *Service) before(ctx context.Context, t merchant.Tenant, p Print) (Print, bool, error) {
	if p.Key == "" {
		return p, false, nil
	}
	was, err := s.Store.PrintByKey(ctx, t, p.Key)
	switch {
	case errors.Is(err, ErrAbsent):
		return p, false, nil
	case err != nil:
		return p, false, told(err)
	case was.Subject != p.Subject || was.PrinterID != p.PrinterID || was.English != p.English || was.PrinterID == "" && was.Options != p.Options:
		return p, false, payment.ErrKeyReused
	}
	if was.Status == Handed {
		was, err = s.document(ctx, was)
	}
	return was, true, err
}

// enter counts and writes a print.
func (s *Service) enter(ctx context.Context, tx Tx, t merchant.Tenant, p *Print) error {
	if p.PrinterID != "" {
		n, err := tx.CountQueue(ctx, t, p.PrinterID)
		if err != nil {
			return err
		}
		if n >= MostQueued {
			return ErrQueueFull
		}
	}
	action, subject := "printer.tested", p.PrinterID
	if p.Kind != OfTest {
		n, err := tx.CountSlip(ctx, t, p.slip())
		if err != nil {
			return err
		}
		p.Number = n
		action, subject = "receipt.printed", p.Subject.ID
	}
	if err := tx.InsertPrint(ctx, *p); err != nil {
		return err
	}
	return tx.Record(ctx, s.record(t, p.Actor, action, subject))
}

// document makes the bytes of a print that was handed out. One that cannot be made did
// not print.
func (s *Service) document(ctx context.Context, p Print) (Print, error) {
	b, err := s.bytes(ctx, p)
	if err == nil {
		p.Document = b
		return p, nil
	}
	if !errors.Is(err, escpos.ErrTooLong) {
		return Print{}, told(err)
	}
	s.settle(&p, Failed, TooLong)
	if err := s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error { return write(ctx, tx, p) }); err != nil {
		return Print{}, told(err)
	}
	return Print{}, ErrTooLong
}

// bytes is a print in its printer's language.
func (s *Service) bytes(ctx context.Context, p Print) ([]byte, error) {
	if p.Kind == OfTest {
		return s.page(ctx, p)
	}
	l, err := s.slip(ctx, p)
	if err != nil {
		return nil, err
	}
	return escpos.Encode(l.Slip, l.link, p.Options)
}

// picture is a print as dots, for printers that take pictures.
func (s *Service) picture(ctx context.Context, p Print) (*dots.Bitmap, error) {
	l, err := s.slip(ctx, p)
	if err != nil {
		return nil, err
	}
	return escpos.Picture(l.Slip, l.link, p.Options.Columns)
}

// linked is a slip and the address of the receipt, empty when there is none.
type linked struct {
	receipt.Slip
	link string
}

// slip is what is printed, as it stands now.
func (s *Service) slip(ctx context.Context, p Print) (linked, error) {
	t := merchant.TenantOf(p.MerchantID)
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil {
		return linked{}, err
	}
	lang := receipt.Language{English: p.English}
	document := p.Subject.ID
	switch p.Kind {
	case OfTest:
		return linked{escpos.Test(lang, m.Name, p.Options), s.Links.Base}, nil
	case OfCashReceipt:
		r, err := s.CashReceipts.Get(ctx, t, p.Subject.ID)
		r.Identifier.Wipe()
		if err != nil {
			return linked{}, err
		}
		if r.PaymentID != "" { // with its sale
			document = r.PaymentID
		}
	case OfPayment:
	}
	given, err := s.Receipts.Paper(ctx, t, document)
	if err == nil {
		err = given.Given()
	}
	if err != nil {
		return linked{}, err
	}
	r, err := s.Receipts.Read(ctx, given, m)
	if err != nil {
		return linked{}, err
	}
	if p.CancelID != "" {
		var ok bool
		if r, ok = r.After(p.CancelID); !ok {
			return linked{}, fault.InvalidField("/cancelId", "UNKNOWN_CANCEL", "이 거래의 취소가 아니에요. 거래를 다시 열어 주세요.")
		}
	}
	link := s.Links.Address(given.Document)
	if p.English {
		link += "?lang=en"
	}
	return linked{s.marked(r, p), link}, nil
}

// marked is a receipt in words, with the mark of a copy.
func (s *Service) marked(r receipt.Receipt, p Print) receipt.Slip {
	out := r.In(receipt.Language{English: p.English})
	if p.Copy() {
		out.Reprint = out.Say("reprint")
	}
	return out
}

// page is a test page.
func (s *Service) page(ctx context.Context, p Print) ([]byte, error) {
	l, err := s.slip(ctx, p)
	if err != nil {
		return nil, err
	}
	return escpos.Page(l.Slip, l.link, p.Options)
}

// Get is one print, or ErrPrintNotFound.
func (s *Service) Get(ctx context.Context, t merchant.Tenant, printID string) (Print, error) {
	p, err := s.Store.Print(ctx, t, printID)
	if errors.Is(err, ErrAbsent) {
		return p, ErrPrintNotFound
	}
	return p, told(err)
}

// Withdraw takes the app's word that nothing of a print which was handed to it is on
// paper: it counts no more, so that the next print of the slip, on another printer, is
// the original still. One that failed before stays as it is. It returns ErrPrintNotFound,
// or ErrNotHanded for a print that is not the app's to carry.
func (s *Service) Withdraw(ctx context.Context, t merchant.Tenant, actor, printID string) (Print, error) {
	var p Print
	var err error
	for range withdrawTries {
		if p, err = s.Get(ctx, t, printID); err != nil || p.Status == Failed {
			return p, err
		}
		if p.Status != Handed {
			return p, ErrNotHanded
		}
		s.settle(&p, Failed, NotSent)
		err = s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error {
			if err := write(ctx, tx, p); err != nil {
				return err
			}
			return tx.Record(ctx, s.record(t, actor, "print.withdrawn", p.ID))
		})
		if !errors.Is(err, ErrStale) {
			break
		}
	}
	return p, told(err)
}

// withdrawTries: two at once, and the second finds it failed.
const withdrawTries = 2

// Test has a printer print a test page.
func (s *Service) Test(ctx context.Context, t merchant.Tenant, actor, printerID string) (Print, error) {
	return s.Print(ctx, Order{Tenant: t, Actor: actor, Subject: Subject{Kind: OfTest}, PrinterID: printerID})
}

// Trial is a test page for a printer that hangs on the app. Nothing is written down.
func (s *Service) Trial(ctx context.Context, t merchant.Tenant, english bool, o escpos.Options) ([]byte, error) {
	if !o.Valid() {
		return nil, fault.InvalidField("/columns", "INVALID_PRINTER", "한 줄 글자 수와 인쇄 방식을 다시 골라 주세요.")
	}
	b, err := s.page(ctx, Print{MerchantID: t.ID(), Subject: Subject{Kind: OfTest}, English: english, Options: o})
	return b, told(err)
}

// settle ends a print. write makes it durable.
func (s *Service) settle(p *Print, as Status, why Failure) {
	p.Status, p.Code, p.SettledAt, p.DueAt = as, why, s.now(), time.Time{}
}

// write makes the state of a print durable, and takes one that failed out of the count.
func write(ctx context.Context, tx Tx, p Print) error {
	p.Version++
	if err := tx.UpdatePrint(ctx, p); err != nil {
		return err
	}
	if p.Status == Failed && p.Kind != OfTest {
		return tx.UncountSlip(ctx, merchant.TenantOf(p.MerchantID), p.slip())
	}
	return nil
}
