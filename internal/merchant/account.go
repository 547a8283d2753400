package merchant

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"innopay/id"
)

// How long sessions live. The app stays logged in over a working day at the
// counter and is asked again after a night; the console ends after 15 minutes
// without use (PCI DSS 8.2.8).
const (
	AppIdle         = 12 * time.Hour
	AppAbsolute     = 7 * 24 * time.Hour
	ConsoleIdle     = 15 * time.Minute
	ConsoleAbsolute = 8 * time.Hour
)

const (
	touchEvery = time.Minute // a session's last use is written at most this often
	maxDevice  = 200         // characters of a device's name
	maxSecret  = 128         // bytes of a token or key that are looked at
	totpPlace  = "user.totp/"
)

// Accounts is the login path: it implements Authenticator and lets people manage
// their own sessions and password. Safe for concurrent use.
type Accounts struct {
	Deps
	guard guard
}

var _ Authenticator = (*Accounts)(nil)

// NewAccounts builds the login path.
func NewAccounts(d Deps) *Accounts {
	d = d.withDefaults()
	return &Accounts{Deps: d, guard: guard{store: d.Store, clock: d.Clock, policy: loginPolicy}}
}

// lifeOf is how long a session of the role lives.
func lifeOf(r Role) (idle, absolute time.Duration) {
	if r == Operator {
		return ConsoleIdle, ConsoleAbsolute
	}
	return AppIdle, AppAbsolute
}

// loginSubject is what tries on a normalised login id are counted under: a keyed
// hash, because people type passwords into the wrong field.
func loginSubject(k Keys, loginID string) string { return "login/" + k.BlindIndex("login", loginID) }

// Login implements Authenticator. Known and unknown ids take the same steps: one
// reserved try, one hash, one transaction that settles the try and is audited.
func (a *Accounts) Login(ctx context.Context, r LoginRequest) (Session, error) {
	loginID := NormalLoginID(r.LoginID)
	subject := loginSubject(a.Keys, loginID)
	if err := a.guard.reserve(ctx, subject); err != nil {
		return Session{}, refusal(err, ErrLoginLocked)
	}
	c, v, err := a.evaluate(ctx, loginID, r.Password)
	var step int64
	if err == nil && v == right && c.TOTPSecret != "" {
		step, v, err = a.secondFactor(c, r.TOTPCode)
	}
	var s SessionRow
	var token string
	if err == nil && v == right {
		s, token, err = a.newSession(c.User, r.Device)
	}
	evaluation := err
	d := decision{c: c, v: v, step: step, session: s, subject: subject}
	_, locked, err := a.guard.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		if evaluation != nil {
			return undecided, nil //nolint:nilerr // the try is settled as undecided; the error is returned after
		}
		var err error
		v, err = a.decide(ctx, tx, d)
		return v, err
	})
	if evaluation != nil {
		return Session{}, evaluation
	}
	if err != nil {
		return Session{}, err
	}
	switch v {
	case undecided:
		return Session{}, ErrTOTPRequired
	case wrong:
		if locked > 0 {
			a.Log.WarnContext(ctx, "login locked", slog.String("subject", subject))
		}
		return Session{}, ErrLoginFailed
	case right:
	}
	s.User = c.User
	return Session{Token: token, Principal: s.principal(), ExpiresAt: s.ExpiresAt}, nil
}

// evaluate looks the user up and hashes the password, once whatever comes of it. Who
// waits to be let in hears so, but only with the right password.
func (a *Accounts) evaluate(ctx context.Context, loginID string, p Password) (Credentials, verdict, error) {
	c, err := a.Store.CredentialsByLogin(ctx, loginID)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return Credentials{}, undecided, err
	}
	pending := c.User.Status == UserPending
	usable := err == nil && (c.User.Status == UserActive || pending) && c.Merchant != Closed
	hash := c.PasswordHash
	n, ok := normalPassword(p)
	if !usable || !ok {
		hash = ""
	}
	match, err := a.Hasher.Verify(ctx, hash, n)
	if err != nil {
		return Credentials{}, undecided, err
	}
	if !match {
		return c, wrong, nil
	}
	if pending {
		return c, undecided, ErrLoginPending
	}
	return c, right, nil
}

// secondFactor checks the code of a user whose password was right.
func (a *Accounts) secondFactor(c Credentials, code string) (int64, verdict, error) {
	if code == "" {
		return 0, undecided, nil
	}
	secret, err := a.Keys.Unseal(c.TOTPSecret, totpPlace+c.User.ID)
	if err != nil {
		return 0, undecided, err
	}
	step, ok := totpStep(string(secret), code, a.Clock.Now(), c.TOTPStep)
	if !ok {
		return 0, wrong, nil
	}
	return step, right, nil
}

// decision is what a login came to, ready to be written.
type decision struct {
	c       Credentials
	v       verdict
	step    int64
	session SessionRow
	subject string
}

// decide writes what follows from a login and returns what it came to: a password
// change, a disabled user or another login with the same code that came first turns
// right into wrong.
func (a *Accounts) decide(ctx context.Context, tx Tx, d decision) (verdict, error) {
	t, now, v := TenantOf(d.c.User.MerchantID), a.Clock.Now(), d.v
	if v == right {
		err := tx.ConfirmLogin(ctx, t, d.c.User.ID, d.c.User.Version, d.step, now)
		if errors.Is(err, ErrStale) {
			v = wrong
		} else if err != nil {
			return undecided, err
		}
	}
	switch v {
	case undecided:
		return undecided, nil
	case wrong:
		subject := d.c.User.ID
		if subject == "" {
			subject = d.subject
		}
		return wrong, tx.Record(ctx, a.record(t, "", "login.failed", subject, nil))
	case right:
	}
	if err := tx.DeleteEndedSessionsOf(ctx, t, d.c.User.ID, now); err != nil {
		return undecided, err
	}
	if err := tx.InsertSession(ctx, d.session); err != nil {
		return undecided, err
	}
	return right, tx.Record(ctx, a.record(t, d.c.User.ID, "login.done", d.session.ID, nil))
}

func (a *Accounts) newSession(u User, device string) (SessionRow, string, error) {
	token, err := a.secret()
	if err != nil {
		return SessionRow{}, "", err
	}
	now := a.Clock.Now()
	_, absolute := lifeOf(u.Role)
	return SessionRow{
		MerchantID: u.MerchantID, ID: a.IDs.At(id.Session, now), UserID: u.ID, TokenHash: hashSecret(token),
		Device: deviceName(device), CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(absolute),
	}, token, nil
}

// deviceName keeps what of a browser's name can be shown.
func deviceName(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "") {
		if n == maxDevice {
			break
		}
		if Printable(string(r), 1, 1) || r == ' ' {
			b.WriteRune(r)
			n++
		}
	}
	return strings.TrimSpace(b.String())
}

// Session implements Authenticator.
func (a *Accounts) Session(ctx context.Context, token string) (Principal, error) {
	if token == "" || len(token) > maxSecret {
		return Principal{}, ErrNotLoggedIn
	}
	hash := hashSecret(token)
	s, err := a.Store.Session(ctx, hash)
	if errors.Is(err, ErrAbsent) {
		return Principal{}, ErrNotLoggedIn
	}
	if err != nil {
		return Principal{}, err
	}
	now := a.Clock.Now()
	idle, _ := lifeOf(s.User.Role)
	if !s.ExpiresAt.After(now) || !s.SeenAt.Add(idle).After(now) || s.User.Status != UserActive || s.Merchant == Closed {
		return Principal{}, ErrNotLoggedIn
	}
	if now.Sub(s.SeenAt) >= touchEvery {
		err := a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error { return tx.TouchSession(ctx, hash, now) })
		if err != nil {
			// Reading goes on while nothing can be written (rulings 10).
			a.Log.WarnContext(ctx, "session not touched", slog.Any("error", err))
		}
	}
	return s.principal(), nil
}

func (s SessionRow) principal() Principal {
	return Principal{
		Tenant: TenantOf(s.MerchantID), UserID: s.UserID, Role: s.User.Role, Name: s.User.Name,
		LoginID: s.User.LoginID, SessionID: s.ID, Via: ViaSession, Rights: s.User.Has(),
	}
}

// Logout implements Authenticator.
func (a *Accounts) Logout(ctx context.Context, token string) error {
	if token == "" || len(token) > maxSecret {
		return nil
	}
	hash := hashSecret(token)
	s, err := a.Store.Session(ctx, hash)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteSession(ctx, hash); err != nil {
			return err
		}
		return tx.Record(ctx, a.record(TenantOf(s.MerchantID), s.UserID, "login.ended", s.ID, nil))
	})
}
