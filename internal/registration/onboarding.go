package registration

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/messenger"
)

// Newcomer is somebody whom an operator gives an id.
type Newcomer struct {
	LoginID string
	Name    string
	Email   string
	Phone   string // digits and hyphens; empty: the code that is asked for goes to the address
}

func (n Newcomer) validate() error {
	var c fault.Checks
	c.That(merchant.ValidEmail(n.Email), "/email", "INVALID_EMAIL", "이메일 주소를 다시 확인해 주세요.")
	c.That(n.Phone == "" || messenger.ValidMobile(n.Phone), "/phone", "INVALID_MOBILE", "문자를 받을 휴대폰 번호를 입력해 주세요.")
	return c.Err()
}

// OnboardingStatus says how far somebody with a new id has come.
type OnboardingStatus string

// The states.
const (
	Mailed    OnboardingStatus = "SENT"      // the mail was handed in
	Opened    OnboardingStatus = "OPENED"    // somebody opened the link and asked for the code
	Activated OnboardingStatus = "ACTIVE"    // the password is set
	LinkDead  OnboardingStatus = "EXPIRED"   // the link does not work any more; send another one
	TakenBack OnboardingStatus = "WITHDRAWN" // an operator took the link back before it led to a password
)

// Issued is an id that was given out.
type Issued struct {
	Onboarding
	User   merchant.User
	Status OnboardingStatus
}

func (s *Service) issued(o Onboarding, u merchant.User) Issued {
	out := Issued{Onboarding: o, User: u, Status: Mailed}
	switch {
	case u.Status != merchant.UserInvited:
		out.Status = Activated
	case o.withdrawn():
		out.Status = TakenBack
	case !o.ExpiresAt.After(s.now()):
		out.Status = LinkDead
	case !o.OpenedAt.IsZero():
		out.Status = Opened
	}
	return out
}

// IssueOwner gives somebody the id of an owner of the merchant and has the mail sent. An
// id whose owner never came may be given out again. Operators only. It returns Invalid,
// merchant.ErrLoginIDTaken, merchant.ErrNotFound or message.ErrTooMany.
func (s *Service) IssueOwner(ctx context.Context, actor string, t merchant.Tenant, n Newcomer) (Issued, error) {
	if _, err := s.People.Merchant(ctx, t); err != nil {
		return Issued{}, err
	}
	return s.issue(ctx, actor, t, n, func() (merchant.Issued, error) {
		return s.People.CreateUser(ctx, actor, t, merchant.NewUser{LoginID: n.LoginID, Name: n.Name, Role: merchant.Owner})
	})
}

// IssueOperator does the same for a new operator.
func (s *Service) IssueOperator(ctx context.Context, actor string, n Newcomer) (Issued, error) {
	return s.issue(ctx, actor, merchant.TenantOf(""), n, func() (merchant.Issued, error) {
		return s.People.CreateOperatorCode(ctx, actor, n.LoginID, n.Name)
	})
}

func (s *Service) issue(ctx context.Context, actor string, t merchant.Tenant, n Newcomer, create func() (merchant.Issued, error)) (Issued, error) {
	n.Phone = bare(n.Phone)
	if err := n.validate(); err != nil {
		return Issued{}, err
	}
	// The user stands before the mail is handed in: a process that dies in between leaves
	// an id that was never used, and giving it out again goes on from there.
	link, err := create()
	if err != nil {
		return Issued{}, err
	}
	return s.mail(ctx, actor, t, link.UserID, func(o *Onboarding) { o.Email, o.Phone = n.Email, n.Phone })
}

// Resend has a new mail sent to somebody who has not set a password yet; the link before
// stops working. It returns ErrNotFound, ErrStarted, ErrForgotten or message.ErrTooMany.
func (s *Service) Resend(ctx context.Context, actor string, t merchant.Tenant, userID string) (Issued, error) {
	o, err := s.Store.Onboarding(ctx, t, userID)
	if err != nil {
		return Issued{}, gone(err, ErrNotFound)
	}
	if o.Email == "" {
		return Issued{}, ErrForgotten
	}
	return s.mail(ctx, actor, t, userID, func(*Onboarding) {})
}

// mail makes a new link for the user and has it sent, in one transaction.
func (s *Service) mail(ctx context.Context, actor string, t merchant.Tenant, userID string, change func(*Onboarding)) (Issued, error) {
	u, err := s.People.User(ctx, t, userID)
	if err != nil {
		return Issued{}, err
	}
	if u.Status != merchant.UserInvited {
		return Issued{}, ErrStarted
	}
	var o Onboarding
	err = s.again(ctx, func(ctx context.Context, tx Tx) error {
		now := s.now()
		o, err = tx.Onboarding(ctx, t, userID)
		if errors.Is(err, ErrAbsent) {
			o = Onboarding{MerchantID: t.ID(), UserID: userID, ID: s.IDs.At(id.Onboarding, now), CreatedBy: actor, CreatedAt: now}
		} else if err != nil {
			return err
		}
		change(&o)
		o.Generation++
		o.TokenHash = s.Keys.TokenHash(s.Keys.Token(onboardingToken, o.ID, o.Generation))
		o.CodeCount, o.CodeHash, o.CodeUntil, o.CodeTries, o.SentAt, o.OpenedAt = 0, "", time.Time{}, 0, time.Time{}, time.Time{}
		o.MailedAt, o.ExpiresAt = now, now.Add(OnboardLife)
		o.Version++
		if err := s.Messages.AllowMail(ctx, tx, t, o.Email); err != nil {
			return err
		}
		if err := tx.PutOnboarding(ctx, o); err != nil {
			return err
		}
		if err := tx.DropMessages(ctx, t, o.ID, message.Activation, now); err != nil {
			return err
		}
		_, err = s.Messages.Enqueue(ctx, tx, message.Job{
			MerchantID: t.ID(), Purpose: message.Activation, Mail: true, RequestID: o.ID, Generation: o.Generation, To: o.Email,
		})
		if err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "onboarding.mailed", userID, nil))
	})
	if err != nil {
		return Issued{}, unavailable(err)
	}
	s.Messages.Woken()
	return s.issued(o, u), nil
}

// Given are the ids that were given out at the merchant, newest first; the zero tenant's
// are the operators'.
func (s *Service) Given(ctx context.Context, t merchant.Tenant) ([]Issued, error) {
	if _, err := s.shopName(ctx, t); err != nil {
		return nil, err
	}
	os, err := s.Store.Onboardings(ctx, t)
	if err != nil {
		return nil, unavailable(err)
	}
	users, err := s.People.Users(ctx, t)
	if err != nil {
		return nil, unavailable(err)
	}
	byID := map[string]merchant.User{}
	for _, u := range users {
		byID[u.ID] = u
	}
	out := make([]Issued, 0, len(os))
	for _, o := range os {
		if u, ok := byID[o.UserID]; ok {
			out = append(out, s.issued(o, u))
		}
	}
	return out, nil
}

// Preview is the mail as it would be sent, with an address in the place of its link that
// leads nowhere. It returns Invalid or merchant.ErrNotFound.
func (s *Service) Preview(ctx context.Context, t merchant.Tenant, n Newcomer) (message.Content, error) {
	n.Phone = bare(n.Phone)
	if err := n.validate(); err != nil {
		return message.Content{}, err
	}
	if err := merchant.CheckName(n.Name); err != nil {
		return message.Content{}, err
	}
	name, err := s.shopName(ctx, t)
	if err != nil {
		return message.Content{}, err
	}
	u := merchant.User{MerchantID: t.ID(), Name: n.Name, LoginID: merchant.NormalLoginID(n.LoginID)}
	return s.activationContent(name, u, s.Base+"/start/...", s.now().Add(OnboardLife))
}

// Door is what the page of a mailed link shows.
type Door struct {
	MerchantName string // empty for operators
	Name         string
	LoginID      string
	ByPhone      bool   // the code goes to a phone; else to the address
	Masked       string // where it goes
	CodeSent     bool   // and can still be entered
	ExpiresAt    time.Time
}

// Open is what the page of the link shows, without any effect, or ErrLink.
func (s *Service) Open(ctx context.Context, token string) (Door, error) {
	o, u, err := s.behind(ctx, token)
	if err != nil {
		return Door{}, err
	}
	name, err := s.shopName(ctx, merchant.TenantOf(o.MerchantID))
	if err != nil {
		return Door{}, err
	}
	d := Door{MerchantName: name, Name: u.Name, LoginID: u.LoginID, ByPhone: o.Phone != "", ExpiresAt: o.ExpiresAt, Masked: message.MaskedEmail(o.Email)}
	if d.ByPhone {
		d.Masked = message.MaskedPhone(o.Phone)
	}
	d.CodeSent = o.CodeUntil.After(s.now()) && o.CodeTries < CodeTries
	return d, nil
}

// behind is whom a link is for; it works until a password is set.
func (s *Service) behind(ctx context.Context, token string) (Onboarding, merchant.User, error) {
	if token == "" || len(token) > maxToken {
		return Onboarding{}, merchant.User{}, ErrLink
	}
	o, err := s.Store.OnboardingByToken(ctx, s.Keys.TokenHash(token))
	if err != nil {
		return Onboarding{}, merchant.User{}, gone(err, ErrLink)
	}
	if !o.ExpiresAt.After(s.now()) {
		return Onboarding{}, merchant.User{}, ErrLink
	}
	u, err := s.People.User(ctx, merchant.TenantOf(o.MerchantID), o.UserID)
	if err != nil {
		return Onboarding{}, merchant.User{}, unavailable(err)
	}
	if u.Status != merchant.UserInvited {
		return Onboarding{}, merchant.User{}, ErrLink
	}
	return o, u, nil
}

// SendStartCode has a code sent to the phone, or the address, of whom the link is for.
// It returns ErrLink, ErrTooSoon, ErrTooMany, or what the messages refuse.
func (s *Service) SendStartCode(ctx context.Context, token, client string) error {
	o, _, err := s.behind(ctx, token)
	if err != nil {
		return err
	}
	if wait := o.SentAt.Add(ResendAfter).Sub(s.now()); wait > 0 {
		return ErrTooSoon.WithRetryAfter(wait)
	}
	if o.CodeCount >= MaxCodes {
		return ErrTooMany.WithRetryAfter(time.Hour)
	}
	if err := s.limit(ctx, "code-client", client, codesPerClient); err != nil {
		return err
	}
	t, now := merchant.TenantOf(o.MerchantID), s.now()
	o.CodeCount++
	o.Version++
	o.CodeHash = s.Keys.TokenHash(s.Keys.Token(onboardingCode, o.ID, codeGeneration(o)))
	o.CodeUntil, o.CodeTries, o.SentAt, o.OpenedAt = now.Add(CodeLife), 0, now, now
	job := message.Job{
		MerchantID: o.MerchantID, Purpose: message.ActivationCode, RequestID: o.ID, Generation: codeGeneration(o), To: o.Phone,
	}
	allow := s.Messages.Allow
	if o.Phone == "" {
		job.To, job.Mail, allow = o.Email, true, s.Messages.AllowMail
	}
	err = s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := allow(ctx, tx, t, job.To); err != nil {
			return err
		}
		if err := tx.PutOnboarding(ctx, o); err != nil {
			return err
		}
		if err := tx.DropMessages(ctx, t, o.ID, message.ActivationCode, now); err != nil {
			return err
		}
		_, err := s.Messages.Enqueue(ctx, tx, job)
		return err
	})
	if errors.Is(err, ErrStale) {
		return ErrTooSoon.WithRetryAfter(ResendAfter)
	}
	if err == nil {
		s.Messages.Woken()
	}
	return unavailable(err)
}

// codeGeneration tells the codes of all links of one id apart.
func codeGeneration(o Onboarding) int { return o.Generation*(MaxCodes+1) + o.CodeCount }

// Enter checks the code and returns the token of the page on which the password is set;
// it works for ten minutes (merchant.LinkLife). It returns ErrLink, ErrCode, ErrCodeSpent
// or ErrTooMany.
func (s *Service) Enter(ctx context.Context, token, code, client string) (string, error) {
	if err := s.limit(ctx, "try-client", client, triesPerClient); err != nil {
		return "", err
	}
	if _, _, err := s.behind(ctx, token); err != nil {
		return "", err
	}
	var refusal error
	var o Onboarding
	err := s.again(ctx, func(ctx context.Context, tx Tx) (err error) {
		refusal = nil
		if o, err = tx.OnboardingByToken(ctx, s.Keys.TokenHash(token)); err != nil {
			return gone(err, ErrLink)
		}
		now := s.now()
		if !o.CodeUntil.After(now) || o.CodeTries >= CodeTries {
			return ErrCodeSpent
		}
		ok, err := s.right(code, o.CodeHash, onboardingCode, o.ID, codeGeneration(o))
		if err != nil {
			return err
		}
		if ok {
			o.CodeUntil, o.UsedAt = time.Time{}, now
		} else {
			o.CodeTries++
			refusal = wrongCode(o.CodeTries)
		}
		o.Version++
		return tx.PutOnboarding(ctx, o)
	})
	if err != nil {
		return "", unavailable(err)
	}
	if refusal != nil {
		return "", refusal
	}
	return s.passwordLink(ctx, o)
}
