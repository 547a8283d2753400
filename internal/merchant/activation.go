package merchant

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
)

// LinkLife is how long an activation link works (ASVS 6.5.5: at most ten minutes).
// Whoever needs it longer asks for another one.
const LinkLife = 10 * time.Minute

// linkTokenKind keeps these tokens apart from those of receipts and payment links.
const linkTokenKind = "activation"

// Issued is a new activation link. Token is shown once, to whoever issued it; the
// database keeps its hash.
type Issued struct {
	LinkID    string
	Token     string // 144 bits, URL-safe; stands in the address of the activation page
	UserID    string // of LinkPassword
	ExpiresAt time.Time
}

// Activation is what the page of a link shows.
type Activation struct {
	Kind         LinkKind
	MerchantName string // empty for operators
	LoginID      string // of LinkPassword
	MinLength    int    // of the new password, in characters
	TOTPSecret   string // base 32; set when a second factor must be set up
	TOTPURI      string // the same for a QR code
	ExpiresAt    time.Time
	// Steps: an owner sets the login password and then the shop's first cancel password.
	Steps bool
}

// Redemption is what the page of a link sends.
type Redemption struct {
	Token    string
	Password Password
	TOTPCode string // of the secret shown, when one was
	// TOTPSecret replaces the secret shown. Only the demo's seeding sets it, so that
	// every instance on one key ring knows the same one; a web handler never does.
	TOTPSecret string
}

// Activations opens and redeems activation links. Safe for concurrent use.
type Activations struct{ Deps }

// NewActivations builds the service.
func NewActivations(d Deps) *Activations { return &Activations{d.withDefaults()} }

// target is a link with whom it is for.
type target struct {
	link     LinkRow
	cred     Credentials // of LinkPassword
	merchant Merchant    // zero for operators
}

func (x target) tenant() Tenant { return TenantOf(x.link.MerchantID) }

// needsTOTP: an operator without a second factor must set one up. A reset keeps it.
func (x target) needsTOTP() bool {
	return x.link.Kind == LinkPassword && x.cred.User.Role == Operator && x.cred.TOTPSecret == ""
}

func (x target) least() int {
	if x.link.Kind == LinkCancelPassword {
		return MinCancelPassword
	}
	return MinPasswordOf(x.cred.User.Role)
}

func (x target) words() []string {
	return append(x.merchant.words(), x.cred.User.LoginID, x.cred.User.Name)
}

// Open returns what the page of the link shows, without any effect, or ErrLinkInvalid.
func (s *Activations) Open(ctx context.Context, token string) (Activation, error) {
	x, err := s.find(ctx, token)
	if err != nil {
		return Activation{}, err
	}
	a := Activation{
		Kind: x.link.Kind, MerchantName: x.merchant.Name, LoginID: x.cred.User.LoginID,
		MinLength: x.least(), ExpiresAt: x.link.ExpiresAt,
	}
	if x.link.Kind == LinkCancelPassword || x.cred.User.Role == Owner {
		_, err := s.Store.CancelPassword(ctx, x.tenant())
		a.Steps = errors.Is(err, ErrAbsent)
	}
	if x.needsTOTP() {
		a.TOTPSecret = s.secretOf(x.link)
		a.TOTPURI = totpURI(a.LoginID, a.TOTPSecret)
	}
	return a, nil
}

// Redeem sets what the link is for, once. It returns ErrLinkInvalid, ErrBusy, or
// Invalid when the password may not be chosen or the code is wrong; then the link
// still works.
func (s *Activations) Redeem(ctx context.Context, r Redemption) error {
	_, err := s.RedeemStep(ctx, r)
	return err
}

// RedeemStep is Redeem, and returns the token of the link that follows: an owner who has
// set its password sets the cancel password of a shop that has none. Empty: that was all.
func (s *Activations) RedeemStep(ctx context.Context, r Redemption) (next string, err error) {
	x, err := s.find(ctx, r.Token)
	if err != nil {
		return "", err
	}
	chosen, err := checkPassword(r.Password, x.least(), x.words()...)
	if err != nil {
		return "", err
	}
	sealed, err := s.secondFactor(x, r)
	if err != nil {
		return "", err
	}
	hash, err := s.Hasher.Hash(ctx, chosen)
	if err != nil {
		return "", err
	}
	now := s.Clock.Now()
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.UseLink(ctx, x.tenant(), x.link.ID, now); err != nil {
			return err
		}
		if x.link.Kind == LinkCancelPassword {
			return s.setCancelPassword(ctx, tx, x, hash, now)
		}
		if err := s.setPassword(ctx, tx, x, hash, sealed); err != nil {
			return err
		}
		next, err = s.follow(ctx, tx, x)
		return err
	})
	if errors.Is(err, ErrStale) {
		return "", ErrLinkInvalid // used or expired meanwhile, or the user changed: a new link is needed
	}
	return next, err
}

// follow issues the second link of an owner whose shop has no cancel password yet.
func (s *Activations) follow(ctx context.Context, tx Tx, x target) (string, error) {
	if x.cred.User.Role != Owner {
		return "", nil
	}
	if _, err := tx.CancelPassword(ctx, x.tenant()); !errors.Is(err, ErrAbsent) {
		return "", err
	}
	issued, err := s.issue(ctx, tx, x.tenant(), LinkCancelPassword, "", x.cred.User.ID)
	return issued.Token, err
}

func (s *Activations) find(ctx context.Context, token string) (target, error) {
	if token == "" || len(token) > maxSecret {
		return target{}, ErrLinkInvalid
	}
	l, err := s.Store.Link(ctx, s.Keys.TokenHash(token))
	if errors.Is(err, ErrAbsent) {
		return target{}, ErrLinkInvalid
	}
	if err != nil {
		return target{}, err
	}
	if !l.UsedAt.IsZero() || !l.ExpiresAt.After(s.Clock.Now()) {
		return target{}, ErrLinkInvalid
	}
	x := target{link: l}
	if l.Kind == LinkPassword {
		if x.cred, err = s.Store.Credentials(ctx, x.tenant(), l.UserID); err != nil {
			return target{}, err
		}
		if x.cred.User.Status == UserDisabled || x.cred.User.Status == UserPending {
			return target{}, ErrLinkInvalid
		}
	}
	if l.MerchantID != "" {
		if x.merchant, err = s.Store.MerchantRow(ctx, x.tenant()); err != nil {
			return target{}, err
		}
		if x.merchant.Status == Closed {
			return target{}, ErrLinkInvalid
		}
	}
	return x, nil
}

// secretOf is the second factor a link offers: derived, so that opening the page
// has no effect and nothing of it is stored before it is confirmed.
func (s *Activations) secretOf(l LinkRow) string {
	return totpOf(s.Keys.Token("totp", l.ID, l.Generation))
}

// secondFactor is the sealed secret to store, empty when none is to be set up.
func (s *Activations) secondFactor(x target, r Redemption) (string, error) {
	if !x.needsTOTP() {
		return "", nil
	}
	secret := r.TOTPSecret
	if secret == "" {
		secret = s.secretOf(x.link)
	}
	if _, ok := totpStep(secret, r.TOTPCode, s.Clock.Now(), 0); !ok {
		return "", fault.InvalidField("/totpCode", "WRONG_TOTP_CODE", "코드가 맞지 않아요. 인증 앱에 새로 표시된 코드를 입력해 주세요.")
	}
	sealed, err := s.Keys.Seal([]byte(secret), totpPlace+x.cred.User.ID)
	return sealed, err
}

func (s *Activations) setPassword(ctx context.Context, tx Tx, x target, hash, sealed string) error {
	u := x.cred.User
	if err := tx.SetPassword(ctx, x.tenant(), u.ID, u.Version, hash, sealed); err != nil {
		return err
	}
	if err := s.endSessions(ctx, tx, x.tenant(), u.ID, ""); err != nil {
		return err
	}
	if err := tx.DropGuard(ctx, loginSubject(s.Keys, u.LoginID)); err != nil {
		return err
	}
	if x.cred.PasswordHash != "" { // the first one is no change
		if err := s.notice(ctx, tx, x.tenant(), u.ID, NoticePassword, ""); err != nil {
			return err
		}
	}
	return tx.Record(ctx, s.record(x.tenant(), u.ID, "password.set", u.ID, map[string]string{"link": x.link.ID}))
}

func (s *Activations) setCancelPassword(ctx context.Context, tx Tx, x target, hash string, now time.Time) error {
	if err := tx.PutCancelPassword(ctx, x.tenant(), hash, now); err != nil {
		return err
	}
	if err := tx.DropGuard(ctx, cancelSubject(x.tenant())); err != nil {
		return err
	}
	return tx.Record(ctx, s.record(x.tenant(), x.link.ID, "cancel_password.set", x.link.MerchantID, nil))
}

// issue makes a link in the caller's transaction and revokes those before it.
func (d Deps) issue(ctx context.Context, tx Tx, t Tenant, k LinkKind, userID, actor string) (Issued, error) {
	return d.issueAs(ctx, tx, t, k, d.IDs.At(id.Link, d.Clock.Now()), userID, actor)
}

// issueAs is issue under an id that was chosen before.
func (d Deps) issueAs(ctx context.Context, tx Tx, t Tenant, k LinkKind, linkID, userID, actor string) (Issued, error) {
	now := d.Clock.Now()
	last, err := tx.RevokeLinks(ctx, t, k, userID, now)
	if err != nil {
		return Issued{}, err
	}
	l := LinkRow{
		MerchantID: t.ID(), ID: linkID, Kind: k, UserID: userID, Generation: last + 1,
		CreatedAt: now, ExpiresAt: now.Add(LinkLife),
	}
	token := d.Keys.Token(linkTokenKind, l.ID, l.Generation)
	l.TokenHash = d.Keys.TokenHash(token)
	if err := tx.InsertLink(ctx, l); err != nil {
		return Issued{}, err
	}
	detail := map[string]string{"kind": string(k), "link": l.ID}
	if err := tx.Record(ctx, d.record(t, actor, "link.issued", userID, detail)); err != nil {
		return Issued{}, err
	}
	return Issued{LinkID: l.ID, Token: token, UserID: userID, ExpiresAt: l.ExpiresAt}, nil
}
