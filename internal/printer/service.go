package printer

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/receipt/desk"
	"innopay/internal/receipt/escpos"
	"innopay/internal/taxreceipt"
)

// Keys makes and checks the secret part of the address that a printer asks
// (innopay/internal/keyring).
type Keys interface {
	Token(kind, id string, generation int) string
	TokenAgain(hash, kind, id string, generation int) (string, error)
	TokenHash(token string) string
}

// tokenKind separates these tokens from those of other links.
const tokenKind = "cloudprnt"

// Options wire a Service.
type Options struct {
	Store        Store
	Payments     *payment.Service
	CashReceipts *taxreceipt.Service
	Receipts     *desk.Desk
	Directory    merchant.Directory
	Links        receipt.Links
	Keys         Keys
	// Networks are those in which printers may stand; none: the server connects to no
	// printer.
	Networks []netip.Prefix
	// Virtual is the demo's own printer, allowed beside the networks.
	Virtual netip.AddrPort
	Clock   clock.Clock
	IDs     *id.Source
	Log     *slog.Logger
	Owner   string // of leases, unique over all instances
	Wake    func() // a print is due
}

// Service is a merchant's printers and what they print. Safe for concurrent use.
type Service struct {
	Options
	dial  dialer
	seen  lastSeen
	times times
}

// New wires a Service.
func New(o Options) *Service {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	s := &Service{Options: o, times: usual}
	s.dial = s.connect
	return s
}

// Serves reports whether NETWORK printers are offered.
func (s *Service) Serves() bool { return len(s.Networks) > 0 || s.Virtual.IsValid() }

// Wanted is a printer as people describe it.
type Wanted struct {
	Name      string
	Transport Transport
	Address   string
	Columns   int
	Mode      escpos.Mode
	Hangul    escpos.Hangul
	Drawer    bool
}

// check refuses what is no printer of ours, naming the field, and gives the address in
// its one form.
func (s *Service) check(w *Wanted) error {
	var c fault.Checks
	w.Name = strings.TrimSpace(w.Name)
	n := utf8.RuneCountInString(w.Name)
	c.That(n >= 1 && n <= maxName && !strings.ContainsFunc(w.Name, unicode.IsControl), "/name", "INVALID_PRINTER_NAME", "프린터 이름을 1~40자로 입력해 주세요.")
	o := escpos.Options{Columns: w.Columns, Mode: w.Mode, Hangul: w.Hangul}
	c.That(o.Valid(), "/columns", "INVALID_PRINTER", "한 줄 글자 수와 인쇄 방식을 다시 골라 주세요.")
	switch w.Transport {
	case Network:
		if !s.Serves() {
			return ErrNotOffered
		}
		var ok bool
		w.Address, ok = s.address(w.Address)
		c.That(ok, "/address", "INVALID_PRINTER_ADDRESS", "가게 네트워크에 있는 프린터 주소를 입력해 주세요. 예: 192.168.0.50:9100")
	case CloudPRNT:
		c.That(w.Address == "", "/address", "INVALID_PRINTER_ADDRESS", "프린터가 서버에 물어보는 방식에는 주소가 없어요.")
		// Star's printers speak no ESC/POS over CloudPRNT: line mode, or a picture.
		c.That(w.Mode != escpos.CP949, "/mode", "INVALID_PRINTER_MODE", "CloudPRNT 프린터는 STAR_LINE이나 RASTER 방식으로 인쇄해요.")
	default:
		c.That(false, "/transport", "UNKNOWN_VALUE", "프린터 연결 방식을 골라 주세요.")
	}
	return c.Err()
}

func (p *Printer) take(w Wanted) {
	p.Name, p.Transport, p.Address, p.Columns, p.Mode, p.Hangul, p.Drawer = w.Name, w.Transport, w.Address, w.Columns, w.Mode, w.Hangul, w.Drawer
}

// subject of a printer's token.
func (p Printer) subject() string { return p.MerchantID + "/" + p.ID }

// link gives the printer the address that it asks, or takes it away.
func (s *Service) link(p *Printer) {
	switch {
	case p.Transport != CloudPRNT:
		p.TokenHash = ""
	case p.TokenHash == "":
		p.Generation++
		p.TokenHash = s.Keys.TokenHash(s.Keys.Token(tokenKind, p.subject(), p.Generation))
	}
}

// PollURL is the address that a CLOUD_PRNT printer asks, a secret of its merchant; empty
// for others.
func (s *Service) PollURL(p Printer) string {
	if p.TokenHash == "" {
		return ""
	}
	token, err := s.Keys.TokenAgain(p.TokenHash, tokenKind, p.subject(), p.Generation)
	if err != nil {
		s.Log.Error("the address of a printer cannot be made", "printer", p.ID, "err", err)
		return ""
	}
	return s.Links.Base + "/cloudprnt/" + token
}

// List is a merchant's printers, oldest first.
func (s *Service) List(ctx context.Context, t merchant.Tenant) ([]Printer, error) {
	all, err := s.Store.Printers(ctx, t, MostPrinters)
	return all, told(err)
}

// Has returns ErrNotFound unless the merchant has the printer.
func (s *Service) Has(ctx context.Context, t merchant.Tenant, printerID string) error {
	_, err := s.printer(ctx, t, printerID)
	return err
}

func (s *Service) printer(ctx context.Context, t merchant.Tenant, printerID string) (Printer, error) {
	p, err := s.Store.Printer(ctx, t, printerID)
	if errors.Is(err, ErrAbsent) {
		return p, ErrNotFound
	}
	return p, told(err)
}

// Add registers a printer. It returns Invalid, ErrNotOffered or ErrTooMany.
func (s *Service) Add(ctx context.Context, t merchant.Tenant, actor string, w Wanted) (Printer, error) {
	if err := s.check(&w); err != nil {
		return Printer{}, err
	}
	now := s.now()
	p := Printer{MerchantID: t.ID(), ID: s.IDs.At(id.Printer, now), CreatedAt: now, Version: 1}
	p.take(w)
	s.link(&p)
	err := s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error {
		n, err := tx.CountPrinters(ctx, t)
		if err != nil {
			return err
		}
		if n >= MostPrinters {
			return ErrTooMany
		}
		return errors.Join(tx.InsertPrinter(ctx, p), tx.Record(ctx, s.record(t, actor, "printer.added", p.ID)))
	})
	return p, told(err)
}

// Change writes a printer's description over that of the given version. What waits for
// it is printed as the printer was described when it was asked for. It returns Invalid,
// ErrNotOffered, ErrNotFound or ErrChanged.
func (s *Service) Change(ctx context.Context, t merchant.Tenant, actor, printerID string, version int64, w Wanted) (Printer, error) {
	p, err := s.printer(ctx, t, printerID)
	if err != nil {
		return p, err
	}
	if err := s.check(&w); err != nil {
		return p, err
	}
	if p.Version != version {
		return p, ErrChanged
	}
	p.take(w)
	s.link(&p)
	p.ErrorCode = ""
	p.Version++
	err = s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.UpdatePrinter(ctx, p); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "printer.changed", p.ID))
	})
	if errors.Is(err, ErrStale) {
		return p, ErrChanged
	}
	return p, told(err)
}

// Remove forgets a printer. What waits for it fails; what may be on its way stays as it
// is.
func (s *Service) Remove(ctx context.Context, t merchant.Tenant, actor, printerID string) error {
	return told(s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error {
		there, err := tx.DeletePrinter(ctx, t, printerID)
		if err != nil {
			return err
		}
		if !there {
			return ErrNotFound
		}
		waiting, err := tx.PrintQueue(ctx, t, printerID, MostQueued)
		if err != nil {
			return err
		}
		for _, p := range waiting {
			if !p.SentAt.IsZero() {
				continue
			}
			s.settle(&p, Failed, Removed)
			if err := write(ctx, tx, p); err != nil {
				return err
			}
		}
		return tx.Record(ctx, s.record(t, actor, "printer.removed", printerID))
	}))
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

func (s *Service) record(t merchant.Tenant, actor, action, subject string) audit.Record {
	now := s.now()
	return audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
}

// told turns what is no fault into "not now".
func told(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil {
		return err
	}
	return ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}
