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
	return a.attempt(ctx, loginSubject(a.Keys, loginID), r.Visitor, func(ctx context.Context) (decision, error) {
		c, v, err := a.evaluate(ctx, loginID, r.Password)
		d := decision{c: c, v: v, way: byPassword}
		if err == nil && v == right && c.TOTPSecret != "" {
			d.factor, d.v, err = a.secondFactor(c, r.TOTPCode)
		}
		return d, err
	})
}

// attempt is the one way into a session: a try is reserved on the subject, judged, and
// settled in one transaction with what follows from it.
func (a *Accounts) attempt(ctx context.Context, subject string, by Visitor, judge func(context.Context) (decision, error)) (Session, error) {
	if err := a.guard.reserve(ctx, subject); err != nil {
		return Session{}, refusal(err, ErrLoginLocked)
	}
	d, err := judge(ctx)
	d.subject = subject
	var token string
	if err == nil && d.v == right {
		d.session, token, err = a.newSession(d.c.User, by.Device)
	}
	if err == nil && d.v == right {
		d.device, err = a.deviceToken(ctx, by.DeviceToken)
	}
	evaluation, v := err, d.v
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
	d.session.User = d.c.User
	return Session{Token: token, DeviceToken: d.device, Principal: d.session.principal(), ExpiresAt: d.session.ExpiresAt}, nil
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

// The ways to log in, as the audit names them.
const (
	byPassword = "password"
	byPasskey  = "passkey"
)

// decision is what a login came to, ready to be written.
type decision struct {
	c       Credentials
	v       verdict
	way     string
	factor  factor // of a password login with a second one
	passkey *usedPasskey
	device  string // token of the browser
	session SessionRow
	subject string
}

// decide writes what follows from a login and returns what it came to: a password
// change, a disabled user or another login with the same code that came first turns
// right into wrong.
func (a *Accounts) decide(ctx context.Context, tx Tx, d decision) (verdict, error) {
	t, v := TenantOf(d.c.User.MerchantID), d.v
	if v == right {
		err := a.confirm(ctx, tx, t, d)
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
		return wrong, a.failed(ctx, tx, t, d)
	case right:
	}
	if err := tx.DeleteEndedSessionsOf(ctx, t, d.c.User.ID, a.Clock.Now()); err != nil {
		return undecided, err
	}
	if err := tx.InsertSession(ctx, d.session); err != nil {
		return undecided, err
	}
	if err := a.seen(ctx, tx, d); err != nil {
		return undecided, err
	}
	return right, tx.Record(ctx, a.record(t, d.c.User.ID, "login.done", d.session.ID, map[string]string{"by": d.way}))
}

// confirm makes conditional on what was read that the user, the code and the passkey are
// still what they were; ErrStale says that they are not.
func (a *Accounts) confirm(ctx context.Context, tx Tx, t Tenant, d decision) error {
	// What is spent once comes first: nothing of the user is written before it.
	if d.factor.recovery != "" {
		if err := a.spendRecovery(ctx, tx, d.c.User, d.factor.recovery); err != nil {
			return err
		}
	}
	if d.passkey != nil {
		if err := tx.UsePasskey(ctx, d.passkey.was, d.passkey.row); err != nil {
			return err
		}
	}
	return tx.ConfirmLogin(ctx, t, d.c.User.ID, d.c.User.Version, d.factor.step, a.Clock.Now())
}

// failed writes down a login that was refused.
func (a *Accounts) failed(ctx context.Context, tx Tx, t Tenant, d decision) error {
	subject := d.c.User.ID
	if subject == "" {
		subject = d.subject
	}
	if d.passkey != nil && d.passkey.cloned {
		if err := a.blockPasskey(ctx, tx, t, d); err != nil {
			return err
		}
	}
	return tx.Record(ctx, a.record(t, "", "login.failed", subject, nil))
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
