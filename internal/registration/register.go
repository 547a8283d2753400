package registration

import (
	"context"
	"errors"
	"strings"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
	"innopay/internal/terms"
	"innopay/messenger"
)

// Shown is a registration as the person sees it.
type Shown struct {
	Registration
	MerchantName string
	Token        string // once, when it begins
}

// Begin starts a registration with the two codes. It returns ErrInvite or ErrTooMany.
func (s *Service) Begin(ctx context.Context, shopCode, inviteCode, client string) (Shown, error) {
	if err := s.limit(ctx, "client", client, startsPerClient); err != nil {
		return Shown{}, err
	}
	shop, code := normalCode(shopCode, shopLength), normalCode(inviteCode, inviteLength)
	if shop == "" || code == "" {
		return Shown{}, ErrInvite
	}
	if err := s.limit(ctx, "shop", shop, startsPerShop); err != nil {
		return Shown{}, err
	}
	t, err := s.Store.ShopByCode(ctx, shop)
	if err != nil {
		return Shown{}, gone(err, ErrInvite)
	}
	now := s.now()
	i, err := s.Store.InviteByCode(ctx, t, code)
	if err != nil {
		return Shown{}, gone(err, ErrInvite)
	}
	m, err := s.People.Merchant(ctx, t)
	if err != nil {
		return Shown{}, err
	}
	if !i.Works(now) || m.Status == merchant.Closed {
		return Shown{}, ErrInvite
	}
	r := Registration{
		MerchantID: t.ID(), ID: s.IDs.At(id.Registration, now), InviteID: i.ID, Status: Open, CreatedAt: now, ExpiresAt: now.Add(Life), Version: 1,
	}
	token := s.Keys.Token(registrationToken, r.ID, 1)
	r.TokenHash = s.Keys.TokenHash(token)
	err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertRegistration(ctx, r); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, r.ID, "registration.begun", i.ID, nil))
	})
	return Shown{Registration: r, MerchantName: m.Name, Token: token}, unavailable(err)
}

// maxToken bounds what is looked at of a token, in bytes.
const maxToken = 128

// find is the registration of a token, whatever its status.
func (s *Service) find(ctx context.Context, token string) (Registration, error) {
	if token == "" || len(token) > maxToken {
		return Registration{}, ErrGone
	}
	r, err := s.Store.RegistrationByToken(ctx, s.Keys.TokenHash(token))
	return r, gone(err, ErrGone)
}

// Look is how far the registration has come, or ErrGone.
func (s *Service) Look(ctx context.Context, token string) (Shown, error) {
	r, err := s.find(ctx, token)
	if err != nil {
		return Shown{}, err
	}
	if r.Status == Expired || r.Status == Open && !r.running(s.now()) {
		return Shown{}, ErrGone
	}
	m, err := s.People.Merchant(ctx, merchant.TenantOf(r.MerchantID))
	return Shown{Registration: r, MerchantName: m.Name}, err
}

// Person is who registers.
type Person struct {
	Name  string
	Phone string // digits and hyphens
}

// bare takes blanks and hyphens out of a number people typed.
func bare(s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) }

// SendCode has a code sent to the phone, which then has to be proven anew. It returns
// ErrGone, ErrTooSoon, ErrTooMany, Invalid, or what the messages refuse.
func (s *Service) SendCode(ctx context.Context, token string, p Person, client string) (Shown, error) {
	r, err := s.find(ctx, token)
	if err != nil {
		return Shown{}, err
	}
	p.Phone = bare(p.Phone)
	if err := merchant.CheckName(p.Name); err != nil {
		return Shown{}, err
	}
	if !messenger.ValidMobile(p.Phone) {
		return Shown{}, fault.InvalidField("/phone", "INVALID_MOBILE", "문자를 받을 휴대폰 번호를 입력해 주세요.")
	}
	if !r.running(s.now()) {
		return Shown{}, ErrGone
	}
	if wait := r.SentAt.Add(ResendAfter).Sub(s.now()); r.Generation > 0 && wait > 0 {
		return Shown{}, ErrTooSoon.WithRetryAfter(wait)
	}
	if r.Generation >= MaxCodes {
		return Shown{}, ErrTooMany.WithRetryAfter(r.ExpiresAt.Sub(s.now()))
	}
	if err := s.limit(ctx, "code-client", client, codesPerClient); err != nil {
		return Shown{}, err
	}
	if err := s.limit(ctx, "code-number", p.Phone, codesPerNumber); err != nil {
		return Shown{}, err
	}
	t, now := merchant.TenantOf(r.MerchantID), s.now()
	r.Name, r.Phone = p.Name, p.Phone
	r.Generation++
	r.CodeHash = s.Keys.TokenHash(s.Keys.Token(phoneCode, r.ID, r.Generation))
	r.CodeUntil, r.CodeTries, r.SentAt, r.VerifiedAt = now.Add(CodeLife), 0, now, time.Time{}
	r.Version++
	err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.Messages.Allow(ctx, tx, t, r.Phone); err != nil {
			return err
		}
		if err := tx.UpdateRegistration(ctx, r); err != nil {
			return err
		}
		if err := tx.DropMessages(ctx, t, r.ID, message.PhoneCode, now); err != nil {
			return err
		}
		_, err := s.Messages.Enqueue(ctx, tx, message.Job{
			MerchantID: r.MerchantID, Purpose: message.PhoneCode, RequestID: r.ID, Generation: r.Generation, To: r.Phone,
		})
		return err
	})
	if errors.Is(err, ErrStale) {
		return Shown{}, ErrTooSoon.WithRetryAfter(ResendAfter) // another press was faster
	}
	if err != nil {
		return Shown{}, unavailable(err)
	}
	s.Messages.Woken()
	return Shown{Registration: r}, nil
}

// Verify proves the phone with the code that was sent there, once. Of any number of tries
// at once at most CodeTries are evaluated. It returns ErrGone, ErrCode, ErrCodeSpent or
// ErrTooMany.
func (s *Service) Verify(ctx context.Context, token, code, client string) error {
	if err := s.limit(ctx, "try-client", client, triesPerClient); err != nil {
		return err
	}
	var refusal error
	err := s.again(ctx, func(ctx context.Context, tx Tx) error {
		refusal = nil
		r, err := tx.RegistrationByToken(ctx, s.Keys.TokenHash(token))
		if err != nil {
			return gone(err, ErrGone)
		}
		now := s.now()
		if !r.running(now) {
			return ErrGone
		}
		if r.Generation == 0 || !r.CodeUntil.After(now) || r.CodeTries >= CodeTries {
			return ErrCodeSpent
		}
		ok, err := s.right(code, r.CodeHash, phoneCode, r.ID, r.Generation)
		if err != nil {
			return err
		}
		if ok {
			r.VerifiedAt, r.CodeUntil = now, time.Time{}
		} else {
			r.CodeTries++
			refusal = wrongCode(r.CodeTries)
		}
		r.Version++
		return tx.UpdateRegistration(ctx, r)
	})
	if err != nil {
		return unavailable(err)
	}
	return refusal
}

// most tries of a transaction whose row somebody else changed first.
const mostAgain = 20

// again runs fn in a transaction, anew when what it read was changed meanwhile.
func (s *Service) again(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	for try := 0; ; try++ {
		err := s.Store.RegistrationTx(ctx, fn)
		if !errors.Is(err, ErrStale) || try == mostAgain {
			return err
		}
	}
}

// LoginIDFree reports whether the id can be chosen. It is for those who proved a phone,
// and says nothing of whose an id is. It returns ErrGone, ErrStep, ErrTooMany, or Invalid.
func (s *Service) LoginIDFree(ctx context.Context, token, loginID, client string) (bool, error) {
	r, err := s.find(ctx, token)
	if err != nil {
		return false, err
	}
	if !r.running(s.now()) {
		return false, ErrGone
	}
	if r.VerifiedAt.IsZero() {
		return false, ErrStep
	}
	if err := s.limit(ctx, "id", r.ID, idsPerOne); err != nil {
		return false, err
	}
	if err := s.limit(ctx, "id-client", client, idsPerClient); err != nil {
		return false, err
	}
	free, err := s.People.LoginIDFree(ctx, loginID)
	return free, unavailable(err)
}

// Submission is what hands a registration in.
type Submission struct {
	LoginID  string
	Password merchant.Password
	Consents []terms.Answer
	Client   string // address
}

// Submit hands the registration in: the invite is used, the login id taken, and the owner
// told. It returns ErrGone, ErrStep, ErrInvite, merchant.ErrLoginIDTaken,
// terms.ErrVersion, terms.ErrRequired, merchant.ErrBusy, or Invalid.
func (s *Service) Submit(ctx context.Context, token string, sub Submission) (Shown, error) {
	r, err := s.find(ctx, token)
	if err != nil {
		return Shown{}, err
	}
	t := merchant.TenantOf(r.MerchantID)
	if !r.running(s.now()) {
		return Shown{}, ErrGone
	}
	if r.VerifiedAt.IsZero() {
		return Shown{}, ErrStep
	}
	if err := s.Terms.Whole(ctx, sub.Consents); err != nil {
		return Shown{}, err
	}
	if err := s.limit(ctx, "id", r.ID, idsPerOne); err != nil {
		return Shown{}, err
	}
	chosen, err := s.People.Choose(ctx, t, merchant.Choice{LoginID: sub.LoginID, Name: r.Name, Role: merchant.Staff, Password: sub.Password})
	if err != nil {
		return Shown{}, err
	}
	now := s.now()
	u := merchant.User{
		MerchantID: r.MerchantID, ID: s.IDs.At(id.User, now), LoginID: chosen.LoginID, Name: r.Name, Role: merchant.Staff, CreatedAt: now,
	}
	r.Status, r.UserID, r.ExpiresAt = Pending, u.ID, now.Add(PendingLife)
	r.Version++
	err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.UpdateRegistration(ctx, r); err != nil {
			return err
		}
		if err := tx.UseInvite(ctx, t, r.InviteID); errors.Is(err, ErrStale) {
			return ErrInvite
		} else if err != nil {
			return err
		}
		if err := tx.InsertPending(ctx, u, chosen.Hash); err != nil {
			return err
		}
		if err := s.Terms.Write(ctx, tx, terms.From{Tenant: t, UserID: u.ID, Address: sub.Client}, sub.Consents); err != nil {
			return err
		}
		if err := tx.Emit(ctx, s.event(r)); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, u.ID, "registration.submitted", r.ID, map[string]string{"invite": r.InviteID}))
	})
	switch {
	case errors.Is(err, ErrTaken):
		return Shown{}, merchant.ErrLoginIDTaken
	case errors.Is(err, ErrStale):
		return Shown{}, merchant.ErrChanged
	}
	return Shown{Registration: r}, unavailable(err)
}

// event tells the shop's devices that somebody waits, or waits no more.
func (s *Service) event(r Registration) outbox.Event {
	now := s.now()
	return outbox.Event{
		MerchantID: r.MerchantID, ID: s.IDs.At(id.Event, now), Type: outbox.StaffRegistered, Subject: r.UserID, Version: r.Version,
		Payload: "{}", CreatedAt: now,
	}
}
