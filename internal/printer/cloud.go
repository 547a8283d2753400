package printer

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"strconv"
	"strings"
	"sync"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/receipt/escpos"
)

// Star CloudPRNT: the printer asks us every few seconds (POST), fetches what waits (GET)
// and says how it went (DELETE). Source: Star CloudPRNT Protocol Developer Guide.

// Media types that we serve.
const (
	TypeStarLine = "application/vnd.star.line"
	TypePNG      = "image/png"
)

// confirmWithin is how long a printer that fetched a job may take to say how it went.
const confirmWithin = 60 * time.Second

// seenEvery is how often a printer that asks is noted: it asks every few seconds.
const seenEvery = 10 * time.Second

// lastSeen remembers when this process last noted a printer.
type lastSeen struct {
	mu sync.Mutex
	at map[string]note
}

type note struct {
	at   time.Time
	code Failure
}

// mostSeen bounds what is remembered.
const mostSeen = 10_000

// due reports whether a printer is to be noted now.
func (l *lastSeen) due(printerID string, now time.Time, code Failure) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if was, ok := l.at[printerID]; ok && was.code == code && now.Sub(was.at) < seenEvery && !now.Before(was.at) {
		return false
	}
	if l.at == nil || len(l.at) >= mostSeen {
		l.at = map[string]note{}
	}
	l.at[printerID] = note{now, code}
	return true
}

// Asked is what a printer says when it asks for work.
type Asked struct {
	Code     string // its status, such as "200 OK"
	Printing bool   // a job is on its paper just now
}

// Offer is what waits for a printer.
type Offer struct {
	JobToken string // the print's id; empty: nothing waits
	Types    []string
}

// Poll answers a printer that asks for work; ErrNotFound when the token is nobody's.
func (s *Service) Poll(ctx context.Context, token string, a Asked) (Offer, error) {
	p, err := s.asking(ctx, token)
	if err != nil {
		return Offer{}, err
	}
	t, now := merchant.TenantOf(p.MerchantID), s.now()
	trouble, _ := troubleOf(a.Code)
	if s.seen.due(p.ID, now, trouble) {
		if err := s.Store.MarkPrinter(ctx, t, p.ID, now, trouble); err != nil {
			return Offer{}, told(err)
		}
	}
	if a.Printing {
		return Offer{}, nil
	}
	next, err := s.next(ctx, t, p.ID)
	// One that it has fetched and said nothing of may be on paper: it is not offered again.
	if err != nil || next.ID == "" || !next.SentAt.IsZero() {
		return Offer{}, err
	}
	return Offer{JobToken: next.ID, Types: typesOf(next)}, nil
}

// typesOf are the media types that a job may be fetched in, the best first. What was
// asked for while its printer was described otherwise is a picture, which all can print.
func typesOf(p Print) []string {
	if p.Options.Mode == escpos.StarLine {
		return []string{TypeStarLine, TypePNG}
	}
	return []string{TypePNG}
}

// next is the oldest print that waits for a printer and has not waited too long.
func (s *Service) next(ctx context.Context, t merchant.Tenant, printerID string) (Print, error) {
	waiting, err := s.Store.PrintQueue(ctx, t, printerID, MostQueued)
	if err != nil {
		return Print{}, told(err)
	}
	for _, p := range waiting {
		if !p.SentAt.IsZero() || s.now().Sub(p.CreatedAt) < QueuedFor {
			return p, nil
		}
	}
	return Print{}, nil
}

// asking is the printer of a token.
func (s *Service) asking(ctx context.Context, token string) (Printer, error) {
	p, err := s.Store.PrinterByToken(ctx, s.Keys.TokenHash(token))
	if errors.Is(err, ErrAbsent) {
		return p, ErrNotFound
	}
	return p, told(err)
}

// Job is a document for a printer that fetches it.
type Job struct {
	Type   string
	Body   []byte
	Drawer bool // open it, of a picture: its printer is told beside it
}

// Fetch gives a printer the job of a token, or the oldest when it names none, in a media
// type that it asks for. That it may be on paper is durable before it is given. It
// returns ErrNotFound, also for a job that is no longer waiting, or ErrTooLong.
func (s *Service) Fetch(ctx context.Context, token, jobToken, mediaType string) (Job, error) {
	to, err := s.asking(ctx, token)
	if err != nil {
		return Job{}, err
	}
	p, err := s.waiting(ctx, to, jobToken)
	if err != nil {
		return Job{}, err
	}
	job, err := s.job(ctx, p, mediaType)
	if why := unprintable(err); err != nil && why != "" {
		return Job{}, errors.Join(ErrTooLong, s.end(ctx, to, p, Failed, why))
	}
	if err != nil {
		return Job{}, told(err)
	}
	p.SentAt = s.now()
	p.DueAt = p.SentAt.Add(confirmWithin)
	if err := s.save(ctx, p); err != nil {
		if errors.Is(err, ErrStale) {
			return Job{}, ErrNotFound // two fetch at once: one has it
		}
		return Job{}, told(err)
	}
	return job, nil
}

// waiting is the job that a printer means.
func (s *Service) waiting(ctx context.Context, to Printer, jobToken string) (Print, error) {
	t := merchant.TenantOf(to.MerchantID)
	if jobToken == "" {
		p, err := s.next(ctx, t, to.ID)
		if err == nil && p.ID == "" {
			err = ErrNotFound
		}
		return p, err
	}
	p, err := s.Store.Print(ctx, t, jobToken)
	if errors.Is(err, ErrAbsent) || err == nil && (p.PrinterID != to.ID || p.Status != Queued) {
		return p, ErrNotFound
	}
	return p, told(err)
}

func (s *Service) job(ctx context.Context, p Print, mediaType string) (Job, error) {
	if mediaType != TypePNG && p.Options.Mode == escpos.StarLine {
		b, err := s.bytes(ctx, p)
		return Job{Type: TypeStarLine, Body: b}, err
	}
	img, err := s.picture(ctx, p)
	if err != nil {
		return Job{}, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img.Image()); err != nil {
		return Job{}, err
	}
	if b.Len() > escpos.MaxDocument {
		return Job{}, escpos.ErrTooLong
	}
	return Job{Type: TypePNG, Body: b.Bytes(), Drawer: p.Options.Drawer}, nil
}

// Confirm takes a printer's word of how a job went. One whose word comes late is printed
// after all.
func (s *Service) Confirm(ctx context.Context, token, jobToken, code string) error {
	to, err := s.asking(ctx, token)
	if err != nil {
		return err
	}
	t := merchant.TenantOf(to.MerchantID)
	var p Print
	if jobToken == "" {
		p, err = s.next(ctx, t, to.ID)
	} else {
		p, err = s.Store.Print(ctx, t, jobToken)
	}
	switch {
	case err != nil && !errors.Is(err, ErrAbsent):
		return told(err)
	case err != nil || p.ID == "" || p.PrinterID != to.ID || p.SentAt.IsZero():
		return ErrNotFound
	case p.Status == Unknown && good(code):
	case p.Status != Queued:
		return nil // it says so again
	}
	as, why := outcome(code)
	if err := s.end(ctx, to, p, as, why); err != nil && !errors.Is(err, ErrStale) {
		return told(err)
	}
	return nil
}

func good(code string) bool { return strings.HasPrefix(code, "2") }

// outcome is what a confirmation says. Only errors of getting and reading the job (51x,
// 52x) prove that nothing is on paper.
func outcome(code string) (Status, Failure) {
	if good(code) || code == "" || strings.HasPrefix(strings.ToUpper(code), "OK") {
		return Printed, ""
	}
	why, before := troubleOf(code)
	if before {
		return Failed, why
	}
	return Unknown, why
}

// troubleOf reads a status such as "410 Out of paper", and reports whether it proves that
// nothing was printed.
func troubleOf(code string) (why Failure, before bool) {
	digits, _, _ := strings.Cut(strings.ReplaceAll(code, "%20", " "), " ")
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || n >= 200 && n < 300 || n == 0:
		return "", false
	case n >= 410 && n < 420:
		return NoPaper, false
	case n >= 420 && n < 430:
		return CoverOpen, false
	case n >= 510 && n < 530:
		return Refused, true
	}
	return Offline, false
}
