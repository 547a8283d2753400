package merchant

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/outbox"
)

// MailCodeLife is how long the code that proves an address works (ASVS 6.6.2).
const MailCodeLife = 10 * time.Minute

const (
	mailPlace     = "user.mail/"
	mailTokenKind = "mail"
	mailDigits    = 6
	mailCodes     = 1_000_000      // of so many digits
	replacedFor   = 48 * time.Hour // an address that was; longer than a message is tried
)

// The limits of mails that people have sent to themselves or others.
var (
	// resetPolicy counts every request as a wrong try: three an hour for one login id.
	resetPolicy = policy{limit: 3, delayFrom: 3, lock: time.Hour, window: time.Hour}
	// mailPolicy likewise for codes that prove an address.
	mailPolicy = policy{limit: 5, delayFrom: 5, lock: time.Hour, window: time.Hour}
	// codePolicy counts wrong codes.
	codePolicy = policy{limit: 5, delayFrom: 5, lock: 15 * time.Minute, window: 15 * time.Minute}
)

// UserMail is how a user is reached by mail.
type UserMail struct {
	Address string // proven; empty: none
	Pending string // a code for it is under way
}

// Mail is how the caller is reached.
func (a *Accounts) Mail(ctx context.Context, p Principal) (UserMail, error) {
	var m UserMail
	for status, into := range map[MailStatus]*string{MailVerified: &m.Address, MailPending: &m.Pending} {
		row, err := a.Store.MailOf(ctx, p.Tenant, p.UserID, status)
		if errors.Is(err, ErrAbsent) || err == nil && status == MailPending && !row.ExpiresAt.After(a.Clock.Now()) {
			continue
		}
		if err != nil {
			return UserMail{}, err
		}
		if *into, err = a.address(row); err != nil {
			return UserMail{}, err
		}
	}
	return m, nil
}

// MailPlace is what an address of a user is bound to in its ciphertext.
func MailPlace(t Tenant, mailID string) string { return mailPlace + t.ID() + "/" + mailID }

func (d Deps) address(row MailRow) (string, error) {
	plain, err := d.Keys.Unseal(row.Address, MailPlace(TenantOf(row.MerchantID), row.ID))
	return string(plain), err
}

// normalMail is the one spelling of an address: what is behind the @ has no case, and in
// practice nor has what is before it.
func normalMail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// ChangeMail sends a code to an address that is to be the caller's, after the present
// password was given again. Until it is proven the one before stays. It returns
// ErrPasswordWrong, ErrTooManyMails, or Invalid.
func (a *Accounts) ChangeMail(ctx context.Context, p Principal, present Password, address string) error {
	address = normalMail(address)
	if len(address) > 254 || !ValidEmail(address) {
		return fault.InvalidField("/address", "INVALID_EMAIL", "이메일 주소를 다시 확인해 주세요.")
	}
	now := a.Clock.Now()
	row := MailRow{
		MerchantID: p.Tenant.ID(), ID: a.IDs.At(id.Mail, now), UserID: p.UserID, Status: MailPending,
		AddressIndex: a.Keys.BlindIndex("user.mail", address), CreatedAt: now, ExpiresAt: now.Add(MailCodeLife),
	}
	var err error
	if row.Address, err = a.Keys.Seal([]byte(address), mailPlace+row.MerchantID+"/"+row.ID); err != nil {
		return err
	}
	allowed := false
	err = a.proven(ctx, p, Proof{Password: present}, false, func(ctx context.Context, tx Tx, _ Credentials) error {
		for _, subject := range []string{"mail/" + p.UserID, "mail/" + row.AddressIndex} {
			if allowed, err = a.count(ctx, tx, subject, mailPolicy); err != nil || !allowed {
				return err
			}
		}
		if err := tx.DropReplacedMail(ctx, p.Tenant, p.UserID, now.Add(-replacedFor)); err != nil {
			return err
		}
		if err := tx.InsertMail(ctx, row); err != nil {
			return err
		}
		if err := a.emit(ctx, tx, outbox.MailAsked, p.Tenant, p.UserID, Noticed{Subject: row.ID}); err != nil {
			return err
		}
		return tx.Record(ctx, a.record(p.Tenant, p.UserID, "mail.asked", row.ID, nil))
	})
	if err == nil && !allowed {
		err = ErrTooManyMails.WithRetryAfter(mailPolicy.lock)
	}
	return err
}

// count counts one more of something that is limited by number, in the caller's
// transaction, and reports whether it is allowed.
func (d Deps) count(ctx context.Context, tx Tx, subject string, p policy) (bool, error) {
	row, err := tx.Guard(ctx, subject)
	if err != nil {
		return false, err
	}
	now := d.Clock.Now()
	next, err := p.reserved(row, now)
	if err != nil {
		return false, nil //nolint:nilerr // locked or crowded: not allowed
	}
	next = p.settled(next, wrong, now)
	next.Subject, next.Version = subject, row.Version+1
	err = tx.PutGuard(ctx, next)
	if errors.Is(err, ErrStale) {
		return false, nil // another request was faster
	}
	return err == nil, err
}

// mailCode is the code of a pending address. It follows from the key and the row's id,
// so that nothing of it is stored. A rotation of the key voids what is under way.
func (d Deps) mailCode(mailID string) string {
	sum := sha256.Sum256([]byte(d.Keys.Token(mailTokenKind, mailID, 1)))
	return fmt.Sprintf("%0*d", mailDigits, binary.BigEndian.Uint64(sum[:])%mailCodes)
}

var errWrongMailCode = fault.InvalidField("/code", "WRONG_MAIL_CODE", "코드가 맞지 않거나 시간이 지났어요. 메일에 온 코드를 다시 확인해 주세요.")

// ProveMail makes the pending address the caller's when the code is the one that was
// sent there. It returns ErrMailCodeLocked, or Invalid.
func (a *Accounts) ProveMail(ctx context.Context, p Principal, code string) error {
	subject := "mail.code/" + p.UserID
	g := &guard{store: a.Store, clock: a.Clock, policy: codePolicy}
	if err := g.reserve(ctx, subject); err != nil {
		return refusal(err, ErrMailCodeLocked)
	}
	final := wrong
	_, _, err := g.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		final = wrong
		now := a.Clock.Now()
		row, err := tx.MailOf(ctx, p.Tenant, p.UserID, MailPending)
		if errors.Is(err, ErrAbsent) {
			return wrong, nil
		}
		if err != nil {
			return undecided, err
		}
		if !row.ExpiresAt.After(now) || !equal(code, a.mailCode(row.ID)) {
			return wrong, nil
		}
		before, err := tx.MailOf(ctx, p.Tenant, p.UserID, MailVerified)
		if err != nil && !errors.Is(err, ErrAbsent) {
			return undecided, err
		}
		if err := tx.VerifyMail(ctx, p.Tenant, row, now); err != nil {
			return undecided, err
		}
		if before.ID != "" {
			if err := a.notice(ctx, tx, p.Tenant, p.UserID, NoticeMailChanged, before.ID); err != nil {
				return undecided, err
			}
		}
		final = right
		return right, tx.Record(ctx, a.record(p.Tenant, p.UserID, "mail.proven", row.ID, nil))
	})
	if err == nil && final != right {
		err = errWrongMailCode
	}
	return err
}

// RemoveMail forgets the caller's address after the present password was given again.
// It returns ErrNotFound when there is none.
func (a *Accounts) RemoveMail(ctx context.Context, p Principal, present Password) error {
	absent := false
	err := a.proven(ctx, p, Proof{Password: present}, false, func(ctx context.Context, tx Tx, _ Credentials) error {
		row, err := tx.MailOf(ctx, p.Tenant, p.UserID, MailVerified)
		if absent = errors.Is(err, ErrAbsent); absent {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.ReplaceMail(ctx, p.Tenant, p.UserID); err != nil {
			return err
		}
		if err := a.notice(ctx, tx, p.Tenant, p.UserID, NoticeMailChanged, row.ID); err != nil {
			return err
		}
		return tx.Record(ctx, a.record(p.Tenant, p.UserID, "mail.removed", row.ID, nil))
	})
	if err == nil && absent {
		return ErrNotFound
	}
	return err
}
