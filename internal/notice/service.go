package notice

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Service keeps notices. Safe for concurrent use.
type Service struct {
	Store     Store
	Merchants merchant.Directory
	Clock     clock.Clock
	IDs       *id.Source
}

// Target says for whom a notice is; the zero value is everybody.
type Target struct {
	MerchantID string
}

// Write makes a notice; one that has begun is told at once. It returns Invalid.
func (s *Service) Write(ctx context.Context, actor string, to Target, d Draft) (Notice, error) {
	now := s.now()
	if d.From.IsZero() {
		d.From = now
	}
	if err := s.check(ctx, to, d, now); err != nil {
		return Notice{}, err
	}
	n := Notice{MerchantID: to.MerchantID, ID: s.IDs.At(id.Notice, now), Draft: d, Told: !d.From.After(now), Author: actor, CreatedAt: now, Version: 1}
	return n, known(s.Store.NoticeTx(ctx, func(ctx context.Context, tx Tx) error { return s.put(ctx, tx, n, now) }))
}

// Post is Write in the caller's transaction, for what the server itself has to tell one
// merchant: it begins at once, and stands exactly when what it tells of does.
func (s *Service) Post(ctx context.Context, tx Poster, author string, to merchant.Tenant, d Draft) error {
	now := s.now()
	d.From = now
	return s.put(ctx, tx, Notice{MerchantID: to.ID(), ID: s.IDs.At(id.Notice, now), Draft: d, Told: true, Author: author, CreatedAt: now, Version: 1}, now)
}

func (s *Service) put(ctx context.Context, tx Poster, n Notice, now time.Time) error {
	if err := tx.InsertNotice(ctx, n); err != nil {
		return err
	}
	if n.Told {
		if err := s.tell(ctx, tx, n, now); err != nil {
			return err
		}
	}
	return tx.Record(ctx, s.record(n, n.Author, "notice.written", "", now))
}

// Edit writes a notice anew before it begins. version is the one that was read. It
// returns Invalid, ErrNotFound, ErrPublished, ErrWithdrawn or ErrChanged.
func (s *Service) Edit(ctx context.Context, actor, noticeID string, version int64, to Target, d Draft) (Notice, error) {
	now := s.now()
	if d.From.IsZero() {
		d.From = now
	}
	if err := s.check(ctx, to, d, now); err != nil {
		return Notice{}, err
	}
	var n Notice
	err := s.Store.NoticeTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if n, err = tx.Notice(ctx, noticeID); err != nil {
			return err
		}
		switch {
		case !n.Withdrawn.IsZero():
			return ErrWithdrawn
		case n.Told || !n.From.After(now):
			return ErrPublished
		case n.Version != version:
			return ErrChanged
		}
		n.MerchantID, n.Draft, n.Told = to.MerchantID, d, !d.From.After(now)
		n.Version++
		if err := tx.UpdateNotice(ctx, n); err != nil {
			return err
		}
		if n.Told {
			if err := s.tell(ctx, tx, n, now); err != nil {
				return err
			}
		}
		return tx.Record(ctx, s.record(n, actor, "notice.edited", "", now))
	})
	return n, known(err)
}

// Withdraw takes a notice back, whether it has begun or not. It returns ErrNotFound,
// ErrWithdrawn or ErrChanged.
func (s *Service) Withdraw(ctx context.Context, actor, noticeID, reason string) error {
	now := s.now()
	return known(s.Store.NoticeTx(ctx, func(ctx context.Context, tx Tx) error {
		n, err := tx.Notice(ctx, noticeID)
		if err != nil {
			return err
		}
		if !n.Withdrawn.IsZero() {
			return ErrWithdrawn
		}
		n.Withdrawn = now
		n.Version++
		if err := tx.UpdateNotice(ctx, n); err != nil {
			return err
		}
		if n.Told {
			if err := s.tell(ctx, tx, n, now); err != nil {
				return err
			}
		}
		return tx.Record(ctx, s.record(n, actor, "notice.withdrawn", reason, now))
	}))
}

// Round tells devices of notices that began meanwhile, and reports whether more may wait.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.now()
	due, err := s.Store.NoticesDue(ctx, now, 1)
	if err != nil || len(due) == 0 {
		return false, err
	}
	more := false
	err = s.Store.NoticeTx(ctx, func(ctx context.Context, tx Tx) error {
		due, err := tx.NoticesDue(ctx, now, Page)
		if err != nil {
			return err
		}
		more = len(due) == Page
		for _, n := range due {
			n.Told = true
			n.Version++
			if err := tx.UpdateNotice(ctx, n); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, n, now); err != nil {
				return err
			}
			if err := tx.Record(ctx, s.record(n, "notices", "notice.began", "", now)); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrStale) {
		return true, nil // another instance was faster
	}
	return more, err
}

// List is every notice for the operator, those made last first, at most limit; before is
// the id of the last one seen.
func (s *Service) List(ctx context.Context, before string, limit int) ([]Notice, error) {
	ns, err := s.Store.Notices(ctx, before, limit)
	return ns, known(err)
}

// Get is one notice for the operator, with how far it came, or ErrNotFound.
func (s *Service) Get(ctx context.Context, noticeID string) (Notice, Figures, error) {
	n, err := s.Store.NoticeByID(ctx, noticeID)
	if err != nil {
		return Notice{}, Figures{}, known(err)
	}
	f, err := s.Store.NoticeFigures(ctx, noticeID)
	return n, f, known(err)
}

// Inbox is what stands for a person now, at most Page, and how much of all is unread.
func (s *Service) Inbox(ctx context.Context, p Person, after Position) (ns []Read, unread int, err error) {
	now := s.now()
	if ns, err = s.Store.NoticesOf(ctx, p, now, after, Page); err != nil {
		return nil, 0, known(err)
	}
	unread, err = s.Store.CountUnread(ctx, p, now)
	return ns, unread, known(err)
}

// Open is one notice as the person has it, or ErrNotFound: it is not theirs, has not
// begun, ended or was withdrawn.
func (s *Service) Open(ctx context.Context, p Person, noticeID string) (Notice, error) {
	n, err := s.Store.NoticeByID(ctx, noticeID)
	if err != nil {
		return Notice{}, known(err)
	}
	now := s.now()
	theirs := (n.MerchantID == "" || n.MerchantID == p.Tenant.ID()) && (n.Role == "" || n.Role == p.Role)
	stands := n.Withdrawn.IsZero() && !n.From.After(now) && (n.Until.IsZero() || n.Until.After(now))
	if !theirs || !stands {
		return Notice{}, ErrNotFound
	}
	return n, nil
}

// MarkRead notes that the person read it; again it changes nothing. It returns
// ErrNotFound as Open does.
func (s *Service) MarkRead(ctx context.Context, p Person, noticeID string) error {
	if _, err := s.Open(ctx, p, noticeID); err != nil {
		return err
	}
	return known(s.Store.MarkRead(ctx, p, noticeID, s.now()))
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// check names every wrong field.
func (s *Service) check(ctx context.Context, to Target, d Draft, now time.Time) error {
	var c fault.Checks
	c.That(merchant.Printable(d.Title, 1, MaxTitle), "/title", "INVALID_TEXT", "제목은 1~100자로 입력해 주세요.")
	c.That(merchant.Paragraphs(d.Body, 1, MaxBody), "/body", "INVALID_TEXT", "내용은 1~5,000자로 입력해 주세요.")
	c.That(d.Role == "" || d.Role == merchant.Owner || d.Role == merchant.Staff, "/role", "UNKNOWN_VALUE", "받는 사람을 다시 골라 주세요.")
	c.That(d.Until.IsZero() || d.Until.After(d.From) && d.Until.After(now), "/until", "OUT_OF_RANGE", "끝나는 때는 시작과 지금보다 뒤여야 해요.")
	c.That(d.From.Before(now.AddDate(1, 0, 0)) && d.From.After(now.AddDate(-1, 0, 0)), "/from", "OUT_OF_RANGE", "시작은 앞뒤로 1년 안이어야 해요.")
	if to.MerchantID != "" {
		_, err := s.Merchants.Merchant(ctx, merchant.TenantOf(to.MerchantID))
		if err != nil && !errors.Is(err, merchant.ErrNotFound) {
			return err
		}
		c.That(err == nil, "/merchantId", "UNKNOWN_VALUE", "가맹점을 찾을 수 없어요.")
	}
	return c.Err()
}

func (s *Service) tell(ctx context.Context, tx outbox.Writer, n Notice, now time.Time) error {
	return tx.Emit(ctx, outbox.Event{
		MerchantID: n.MerchantID, ID: s.IDs.At(id.Event, now), Type: outbox.NoticesChanged, Subject: n.ID, Version: n.Version, Payload: "{}", CreatedAt: now,
	})
}

func (s *Service) record(n Notice, actor, action, reason string, at time.Time) audit.Record {
	r := audit.Record{MerchantID: n.MerchantID, ID: s.IDs.At(id.Audit, at), At: at, Actor: actor, Action: action, Subject: n.ID}
	if reason != "" {
		if b, err := json.Marshal(map[string]string{"reason": reason}); err == nil {
			r.Detail = string(b)
		}
	}
	return r
}

// known turns a Store's errors into this package's.
func known(err error) error {
	switch {
	case errors.Is(err, ErrAbsent):
		return ErrNotFound
	case errors.Is(err, ErrStale):
		return ErrChanged
	}
	return err
}
