package merchant

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"innopay/fault"
)

// factor is how a second factor was shown: a code of the authenticator app by its time
// step, or a recovery code by its hash.
type factor struct {
	step     int64
	recovery string
}

// RecoveryCodes is how many codes are given out at once.
const RecoveryCodes = 10

const (
	recoveryLength   = 10 // characters of 5 bits each; tries are counted like a login's
	recoveryGroup    = 5
	recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"
)

// secondFactor checks the code of a user whose password was right.
func (a *Accounts) secondFactor(c Credentials, code string) (factor, verdict, error) {
	if code == "" {
		return factor{}, undecided, nil
	}
	if n, ok := normalRecovery(code); ok {
		return factor{recovery: a.recoveryHash(c.User.ID, n)}, right, nil // spent, or not, when the login is written
	}
	secret, err := a.Keys.Unseal(c.TOTPSecret, totpPlace+c.User.ID)
	if err != nil {
		return factor{}, undecided, err
	}
	step, ok := totpStep(string(secret), code, a.Clock.Now(), c.TOTPStep)
	if !ok {
		return factor{}, wrong, nil
	}
	return factor{step: step}, right, nil
}

// normalRecovery is the one spelling of a recovery code, as people type it from paper.
func normalRecovery(s string) (string, bool) {
	s = strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(s))
	return s, len(s) == recoveryLength && strings.Trim(s, recoveryAlphabet) == ""
}

// recoveryHash is what is stored of a code: keyed, so that a copy of the database is
// of no use for guessing.
func (d Deps) recoveryHash(userID, normal string) string {
	return d.Keys.BlindIndex("recovery", userID+"/"+normal)
}

// newRecoveryCodes draws codes and gives them with their hashes.
func (d Deps) newRecoveryCodes(userID string) (codes, hashes []string, err error) {
	for range RecoveryCodes {
		s, err := d.secret()
		if err != nil {
			return nil, nil, err
		}
		random, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			return nil, nil, err
		}
		code := make([]byte, recoveryLength)
		for i := range code {
			code[i] = recoveryAlphabet[random[i]%byte(len(recoveryAlphabet))]
		}
		hashes = append(hashes, d.recoveryHash(userID, string(code)))
		codes = append(codes, string(bytes.Join([][]byte{code[:recoveryGroup], code[recoveryGroup:]}, []byte("-"))))
	}
	return codes, hashes, nil
}

// spendRecovery uses a recovery code and tells its user, who may not have been the one.
func (d Deps) spendRecovery(ctx context.Context, tx Tx, u User, hash string) error {
	t := TenantOf(u.MerchantID)
	if err := tx.UseRecoveryCode(ctx, t, u.ID, hash, d.Clock.Now()); err != nil {
		return err
	}
	if err := d.notice(ctx, tx, t, u.ID, NoticeRecoveryUsed, ""); err != nil {
		return err
	}
	return tx.Record(ctx, d.record(t, u.ID, "recovery.used", u.ID, nil))
}

// Proof is what somebody who is logged in shows again before a credential changes.
type Proof struct {
	Password Password
	Code     string // of the second factor, where it is asked for
}

// proven runs fn, in the transaction that settles the try, when the caller's present
// password is right, and with second also a code; tries are counted like logins. fn
// returns ErrStale where the user is no longer as it was read, before it wrote anything.
func (a *Accounts) proven(ctx context.Context, p Principal, given Proof, second bool, fn func(ctx context.Context, tx Tx, c Credentials) error) error {
	c, err := a.Store.Credentials(ctx, p.Tenant, p.UserID)
	if err != nil {
		return read(err)
	}
	subject := loginSubject(a.Keys, c.User.LoginID)
	if err := a.guard.reserve(ctx, subject); err != nil {
		return refusal(err, ErrLoginLocked)
	}
	c, v, err := a.evaluate(ctx, c.User.LoginID, given.Password)
	var f factor
	if err == nil && v == right && second {
		f, v, err = a.secondFactor(c, given.Code)
	}
	evaluation, final := err, undecided
	_, _, err = a.guard.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		final = v
		if evaluation != nil {
			return undecided, nil //nolint:nilerr // the try is settled as undecided; the error is returned after
		}
		if v == right {
			err := a.act(ctx, tx, c, f, fn)
			switch {
			case err == nil:
				return right, nil
			case errors.Is(err, ErrStale):
				final = wrong
			default:
				return undecided, err
			}
		}
		return final, tx.Record(ctx, a.record(p.Tenant, p.UserID, "password.refused", p.UserID, nil))
	})
	switch {
	case evaluation != nil:
		return evaluation
	case err != nil:
		return err
	case final == undecided:
		return ErrTOTPRequired
	case final == wrong && second:
		return ErrCodeWrong
	case final == wrong:
		return ErrPasswordWrong
	}
	return nil
}

// act spends the second factor and does what was asked for.
func (a *Accounts) act(ctx context.Context, tx Tx, c Credentials, f factor, fn func(ctx context.Context, tx Tx, c Credentials) error) error {
	t := TenantOf(c.User.MerchantID)
	if f.step != 0 {
		if err := tx.UseTOTPStep(ctx, t, c.User.ID, c.User.Version, f.step); err != nil {
			return err
		}
	}
	if f.recovery != "" {
		if err := a.spendRecovery(ctx, tx, c.User, f.recovery); err != nil {
			return err
		}
	}
	return fn(ctx, tx, c)
}

// SecondFactor is how a user's second factor stands.
type SecondFactor struct {
	On            bool
	Required      bool // the role cannot do without
	RecoveryCodes int  // unused ones
}

// SecondFactor of the caller.
func (a *Accounts) SecondFactor(ctx context.Context, p Principal) (SecondFactor, error) {
	c, err := a.Store.Credentials(ctx, p.Tenant, p.UserID)
	if err != nil {
		return SecondFactor{}, read(err)
	}
	n, err := a.Store.RecoveryCodesLeft(ctx, p.Tenant, p.UserID)
	return SecondFactor{On: c.User.TOTP, Required: p.Role == Operator, RecoveryCodes: n}, err
}

// TOTPSetup is a second factor on its way. Secret and URI are shown and not stored in
// clear.
type TOTPSetup struct {
	Challenge string
	Secret    string // base 32
	URI       string // the same for a QR code
	ExpiresAt time.Time
}

// BeginTOTP makes the secret of an authenticator app for a caller that has none, after
// the present password was given again. Nothing changes before ConfirmTOTP.
func (a *Accounts) BeginTOTP(ctx context.Context, p Principal, present Password) (TOTPSetup, error) {
	token, err := a.secret()
	if err != nil {
		return TOTPSetup{}, err
	}
	challenge, err := a.secret()
	if err != nil {
		return TOTPSetup{}, err
	}
	s := TOTPSetup{Challenge: challenge, Secret: totpOf(token), ExpiresAt: a.Clock.Now().Add(ChallengeLife)}
	s.URI = totpURI(p.LoginID, s.Secret)
	sealed, err := a.Keys.Seal([]byte(s.Secret), totpSetupPlace+p.UserID)
	if err != nil {
		return TOTPSetup{}, err
	}
	on := false
	err = a.proven(ctx, p, Proof{Password: present}, false, func(ctx context.Context, tx Tx, c Credentials) error {
		if on = c.TOTPSecret != ""; on {
			return nil
		}
		return a.ask(ctx, tx, ChallengeRow{
			TokenHash: hashSecret(challenge), Kind: ChallengeTOTP, MerchantID: p.Tenant.ID(), UserID: p.UserID, SessionID: p.SessionID, Data: sealed,
		})
	})
	if err == nil && on {
		err = ErrSecondFactorOn
	}
	if err != nil {
		return TOTPSetup{}, err
	}
	return s, nil
}

const totpSetupPlace = "user.totp.setup/"

var errWrongTOTP = fault.InvalidField("/code", "WRONG_TOTP_CODE", "코드가 맞지 않아요. 인증 앱에 새로 표시된 코드를 입력해 주세요.")

// ConfirmTOTP switches the second factor on when the code is one of the secret that
// BeginTOTP showed in the same session, and returns the recovery codes, which are shown
// once. All other sessions end. A wrong code may be tried again.
func (a *Accounts) ConfirmTOTP(ctx context.Context, p Principal, token, challenge, code string) ([]string, error) {
	row, err := a.asked(ctx, challenge, ChallengeTOTP)
	if err != nil {
		return nil, err
	}
	if row.MerchantID != p.Tenant.ID() || row.UserID != p.UserID || row.SessionID != p.SessionID {
		return nil, ErrChallengeInvalid
	}
	secret, err := a.Keys.Unseal(row.Data, totpSetupPlace+p.UserID)
	if err != nil {
		return nil, err
	}
	step, ok := totpStep(string(secret), code, a.Clock.Now(), 0)
	if !ok {
		return nil, errWrongTOTP
	}
	sealed, err := a.Keys.Seal(secret, totpPlace+p.UserID)
	if err != nil {
		return nil, err
	}
	codes, hashes, err := a.newRecoveryCodes(p.UserID)
	if err != nil {
		return nil, err
	}
	err = a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.TakeChallenge(ctx, row.TokenHash, ChallengeTOTP, a.Clock.Now()); err != nil {
			return err
		}
		c, err := tx.Credentials(ctx, p.Tenant, p.UserID)
		if err != nil {
			return err
		}
		if c.TOTPSecret != "" {
			return ErrSecondFactorOn
		}
		if err := tx.SetTOTP(ctx, p.Tenant, p.UserID, c.User.Version, sealed, step); err != nil {
			return err
		}
		if err := tx.ReplaceRecoveryCodes(ctx, p.Tenant, p.UserID, hashes, a.Clock.Now()); err != nil {
			return err
		}
		return a.changed(ctx, tx, p.Tenant, p.UserID, hashSecret(token), NoticeTOTPOn)
	})
	if errors.Is(err, ErrStale) {
		return nil, ErrChallengeInvalid
	}
	return codes, err
}

// DisableTOTP switches the second factor off after password and a code were given. All
// other sessions end.
func (a *Accounts) DisableTOTP(ctx context.Context, p Principal, token string, given Proof) error {
	if p.Role == Operator {
		return ErrSecondFactorRequired
	}
	return a.withFactor(ctx, p, given, func(ctx context.Context, tx Tx, c Credentials) error {
		if err := tx.SetTOTP(ctx, p.Tenant, p.UserID, c.User.Version, "", 0); err != nil {
			return err
		}
		if err := tx.ReplaceRecoveryCodes(ctx, p.Tenant, p.UserID, nil, a.Clock.Now()); err != nil {
			return err
		}
		return a.changed(ctx, tx, p.Tenant, p.UserID, hashSecret(token), NoticeTOTPOff)
	})
}

// NewRecoveryCodes replaces the recovery codes after password and a code were given.
func (a *Accounts) NewRecoveryCodes(ctx context.Context, p Principal, token string, given Proof) ([]string, error) {
	codes, hashes, err := a.newRecoveryCodes(p.UserID)
	if err != nil {
		return nil, err
	}
	err = a.withFactor(ctx, p, given, func(ctx context.Context, tx Tx, _ Credentials) error {
		if err := tx.ReplaceRecoveryCodes(ctx, p.Tenant, p.UserID, hashes, a.Clock.Now()); err != nil {
			return err
		}
		return a.changed(ctx, tx, p.Tenant, p.UserID, hashSecret(token), NoticeRecoveryNew)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// withFactor is proven with a code, for a caller that has a second factor.
func (a *Accounts) withFactor(ctx context.Context, p Principal, given Proof, fn func(ctx context.Context, tx Tx, c Credentials) error) error {
	c, err := a.Store.Credentials(ctx, p.Tenant, p.UserID)
	if err != nil {
		return read(err)
	}
	if c.TOTPSecret == "" {
		return ErrSecondFactorOff
	}
	return a.proven(ctx, p, given, true, fn)
}
