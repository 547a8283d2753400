package store

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

func userOf(u sqlgen.AppUser) merchant.User {
	status := merchant.UserStatus(u.Status)
	if status == merchant.UserInvited && u.PendingSince > 0 {
		status = merchant.UserPending
	}
	return merchant.User{
		MerchantID: u.MerchantID, ID: u.ID, LoginID: u.LoginID, Name: u.Name, Role: merchant.Role(u.Role),
		Status: status, TOTP: u.TotpSecret != "", CreatedAt: clock.FromMicros(u.CreatedAt),
		LastLogin: clock.FromMicros(u.LastLogin), Version: u.Version, Rights: merchant.Rights{
			Discount: u.MayDiscount, Cancel: u.MayCancel, CancelLimit: money.Won(u.CancelLimit), EditProducts: u.MayEditProducts,
			ViewSales: u.MayViewSales, Version: u.RightsVersion,
		},
	}
}

func credentialsOf(u sqlgen.AppUser, status string) merchant.Credentials {
	return merchant.Credentials{
		User: userOf(u), PasswordHash: u.PasswordHash, TOTPSecret: u.TotpSecret, TOTPStep: u.TotpStep,
		Merchant: merchant.Status(status),
	}
}

func (r merchantReader) Users(ctx context.Context, t merchant.Tenant) ([]merchant.User, error) {
	rows, err := r.q.UsersOf(ctx, t.ID())
	us := make([]merchant.User, len(rows))
	for i, u := range rows {
		us[i] = userOf(u)
	}
	return us, err
}

func (r merchantReader) Credentials(ctx context.Context, t merchant.Tenant, userID string) (merchant.Credentials, error) {
	row, err := r.q.UserByID(ctx, sqlgen.UserByIDParams{MerchantID: t.ID(), ID: userID})
	if err != nil {
		return merchant.Credentials{}, none(err)
	}
	return credentialsOf(row.AppUser, row.MerchantStatus), nil
}

func (r merchantReader) CredentialsByLogin(ctx context.Context, loginID string) (merchant.Credentials, error) {
	row, err := r.q.UserByLogin(ctx, loginID)
	if err != nil {
		return merchant.Credentials{}, none(err)
	}
	return credentialsOf(row.AppUser, row.MerchantStatus), nil
}

func sessionOf(s sqlgen.Session) merchant.SessionRow {
	return merchant.SessionRow{
		MerchantID: s.MerchantID, ID: s.ID, UserID: s.UserID, TokenHash: s.TokenHash, Device: s.Device,
		CreatedAt: clock.FromMicros(s.CreatedAt), SeenAt: clock.FromMicros(s.SeenAt), ExpiresAt: clock.FromMicros(s.ExpiresAt),
	}
}

func (r merchantReader) Session(ctx context.Context, tokenHash string) (merchant.SessionRow, error) {
	row, err := r.q.SessionByHash(ctx, tokenHash)
	if err != nil {
		return merchant.SessionRow{}, none(err)
	}
	s := sessionOf(row.Session)
	s.User, s.Merchant = userOf(row.AppUser), merchant.Status(row.MerchantStatus)
	return s, nil
}

func (r merchantReader) SessionsOf(ctx context.Context, t merchant.Tenant, userID string) ([]merchant.SessionRow, error) {
	rows, err := r.q.SessionsOf(ctx, sqlgen.SessionsOfParams{MerchantID: t.ID(), UserID: userID})
	ss := make([]merchant.SessionRow, len(rows))
	for i, s := range rows {
		ss[i] = sessionOf(s)
	}
	return ss, err
}

func keyRowOf(k sqlgen.ApiKey) merchant.KeyRow {
	return merchant.KeyRow{
		MerchantID: k.MerchantID, ID: k.ID, Name: k.Name, Hint: k.Hint, Hash: k.Hash, Live: k.Live,
		CreatedAt: clock.FromMicros(k.CreatedAt), RevokedAt: clock.FromMicros(k.RevokedAt), Scopes: merchant.Scopes(k.Scopes),
		UsedAt: clock.FromMicros(k.UsedAt), OldHash: k.OldHash, OldUntil: clock.FromMicros(k.OldUntil),
	}
}

func (r merchantReader) KeyByHash(ctx context.Context, hash string) (merchant.KeyRow, error) {
	row, err := r.q.KeyByHash(ctx, hash)
	if err != nil {
		return merchant.KeyRow{}, none(err)
	}
	k := keyRowOf(row.ApiKey)
	k.Merchant = merchant.Status(row.MerchantStatus)
	return k, nil
}

func (r merchantReader) Keys(ctx context.Context, t merchant.Tenant) ([]merchant.KeyRow, error) {
	rows, err := r.q.KeysOf(ctx, t.ID())
	ks := make([]merchant.KeyRow, len(rows))
	for i, k := range rows {
		ks[i] = keyRowOf(k)
	}
	return ks, err
}

func (r merchantReader) Link(ctx context.Context, tokenHash string) (merchant.LinkRow, error) {
	l, err := r.q.LinkByToken(ctx, tokenHash)
	return linkOf(l), none(err)
}

func (r merchantReader) CancelPassword(ctx context.Context, t merchant.Tenant) (string, error) {
	hash, err := r.q.CancelPassword(ctx, t.ID())
	return hash, none(err)
}

func (r merchantReader) Guard(ctx context.Context, subject string) (merchant.GuardRow, error) {
	g, err := r.q.Guard(ctx, subject)
	if err := none(err); err == merchant.ErrAbsent { //nolint:errorlint // just made by none
		return merchant.GuardRow{}, nil
	}
	return merchant.GuardRow{
		Subject: g.Subject, Fails: int(g.Fails), Pending: int(g.Pending), FailedAt: clock.FromMicros(g.FailedAt),
		TouchedAt: clock.FromMicros(g.TouchedAt), LockedUntil: clock.FromMicros(g.LockedUntil), Version: g.Version,
	}, err
}

func (t *merchantTx) InsertUser(ctx context.Context, u merchant.User) error {
	return orTaken(t.q.InsertUser(ctx, sqlgen.InsertUserParams{
		MerchantID: u.MerchantID, ID: u.ID, LoginID: u.LoginID, Name: u.Name, Role: string(u.Role),
		Status: string(u.Status), CreatedAt: clock.Micros(u.CreatedAt), Version: u.Version, MayDiscount: u.Rights.Discount,
		MayCancel: u.Rights.Cancel, CancelLimit: int64(u.Rights.CancelLimit), MayEditProducts: u.Rights.EditProducts, MayViewSales: u.Rights.ViewSales, RightsVersion: u.Rights.Version,
	}))
}

func (t *merchantTx) UpdateUser(ctx context.Context, u merchant.User) error {
	return orStale(t.q.UpdateUser(ctx, sqlgen.UpdateUserParams{
		MerchantID: u.MerchantID, ID: u.ID, Name: u.Name, Role: string(u.Role), Status: string(u.Status), Version: u.Version,
	}))
}

func (t *merchantTx) SetRights(ctx context.Context, m merchant.Tenant, userID string, r merchant.Rights) error {
	return orStale(t.q.SetUserRights(ctx, sqlgen.SetUserRightsParams{
		MerchantID: m.ID(), ID: userID, MayDiscount: r.Discount, MayCancel: r.Cancel, CancelLimit: int64(r.CancelLimit),
		MayEditProducts: r.EditProducts, MayViewSales: r.ViewSales, Version: r.Version,
	}))
}

func (t *merchantTx) SetPassword(ctx context.Context, m merchant.Tenant, userID string, version int64, hash, totpSecret string) error {
	return orStale(t.q.SetUserPassword(ctx, sqlgen.SetUserPasswordParams{
		MerchantID: m.ID(), ID: userID, Version: version, PasswordHash: hash, TotpSecret: totpSecret,
	}))
}

func (t *merchantTx) ConfirmLogin(ctx context.Context, m merchant.Tenant, userID string, version, step int64, at time.Time) error {
	return orStale(t.q.ConfirmLogin(ctx, sqlgen.ConfirmLoginParams{
		MerchantID: m.ID(), ID: userID, Version: version, Step: step, At: clock.Micros(at),
	}))
}

func (t *merchantTx) InsertSession(ctx context.Context, s merchant.SessionRow) error {
	return t.q.InsertSession(ctx, sqlgen.InsertSessionParams{
		TokenHash: s.TokenHash, MerchantID: s.MerchantID, ID: s.ID, UserID: s.UserID, Device: s.Device,
		CreatedAt: clock.Micros(s.CreatedAt), SeenAt: clock.Micros(s.SeenAt), ExpiresAt: clock.Micros(s.ExpiresAt),
	})
}

func (t *merchantTx) TouchSession(ctx context.Context, tokenHash string, at time.Time) error {
	return t.q.TouchSession(ctx, sqlgen.TouchSessionParams{At: clock.Micros(at), TokenHash: tokenHash})
}

// A device is told no more once the session in which it asked for that ends, however it
// ends.

func (t *merchantTx) DeleteSession(ctx context.Context, tokenHash string) error {
	if err := t.q.DropPushOfSession(ctx, tokenHash); err != nil {
		return err
	}
	return t.q.DeleteSession(ctx, tokenHash)
}

func (t *merchantTx) DeleteSessionByID(ctx context.Context, m merchant.Tenant, userID, sessionID string) error {
	n, err := t.q.DeleteSessionByID(ctx, sqlgen.DeleteSessionByIDParams{MerchantID: m.ID(), UserID: userID, ID: sessionID})
	if err := orElse(n, err, merchant.ErrAbsent); err != nil {
		return err
	}
	return t.dropPush(ctx, m, userID)
}

func (t *merchantTx) DeleteSessionsOf(ctx context.Context, m merchant.Tenant, userID, keep string) error {
	err := t.q.DeleteSessionsOf(ctx, sqlgen.DeleteSessionsOfParams{MerchantID: m.ID(), UserID: userID, TokenHash: keep})
	if err != nil {
		return err
	}
	return t.dropPush(ctx, m, userID)
}

func (t *merchantTx) DeleteEndedSessionsOf(ctx context.Context, m merchant.Tenant, userID string, now time.Time) error {
	err := t.q.DeleteEndedSessionsOf(ctx, sqlgen.DeleteEndedSessionsOfParams{
		MerchantID: m.ID(), UserID: userID, ExpiresAt: clock.Micros(now),
	})
	if err != nil {
		return err
	}
	return t.dropPush(ctx, m, userID)
}

// dropPush removes what the user's ended sessions subscribed to.
func (t *merchantTx) dropPush(ctx context.Context, m merchant.Tenant, userID string) error {
	return t.q.DropPushOfEnded(ctx, sqlgen.DropPushOfEndedParams{MerchantID: m.ID(), UserID: userID})
}

func (t *merchantTx) InsertKey(ctx context.Context, k merchant.KeyRow) error {
	return orTaken(t.q.InsertKey(ctx, sqlgen.InsertKeyParams{
		MerchantID: k.MerchantID, ID: k.ID, Name: k.Name, Hint: k.Hint, Hash: k.Hash, Live: k.Live,
		CreatedAt: clock.Micros(k.CreatedAt), Scopes: string(k.Scopes),
	}))
}

func (t *merchantTx) RevokeKey(ctx context.Context, m merchant.Tenant, id string, at time.Time) error {
	return orStale(t.q.RevokeKey(ctx, sqlgen.RevokeKeyParams{At: clock.Micros(at), MerchantID: m.ID(), ID: id}))
}

func (t *merchantTx) RotateKey(ctx context.Context, k merchant.KeyRow) error {
	return orStale(t.q.RotateKey(ctx, sqlgen.RotateKeyParams{
		MerchantID: k.MerchantID, ID: k.ID, Hash: k.Hash, Hint: k.Hint, Present: k.OldHash, OldUntil: clock.Micros(k.OldUntil),
	}))
}

func (t *merchantTx) TouchKey(ctx context.Context, m merchant.Tenant, id string, at time.Time) error {
	return t.q.TouchKey(ctx, sqlgen.TouchKeyParams{At: clock.Micros(at), MerchantID: m.ID(), ID: id})
}

func (t *merchantTx) InsertLink(ctx context.Context, l merchant.LinkRow) error {
	return t.q.InsertLink(ctx, sqlgen.InsertLinkParams{
		MerchantID: l.MerchantID, ID: l.ID, Kind: string(l.Kind), UserID: l.UserID, Generation: int64(l.Generation),
		TokenHash: l.TokenHash, CreatedAt: clock.Micros(l.CreatedAt), ExpiresAt: clock.Micros(l.ExpiresAt),
	})
}

func (t *merchantTx) UseLink(ctx context.Context, m merchant.Tenant, id string, at time.Time) error {
	return orStale(t.q.UseLink(ctx, sqlgen.UseLinkParams{At: clock.Micros(at), MerchantID: m.ID(), ID: id}))
}

func (t *merchantTx) RevokeLinks(ctx context.Context, m merchant.Tenant, k merchant.LinkKind, userID string, at time.Time) (int, error) {
	last, err := t.q.LastLinkGeneration(ctx, sqlgen.LastLinkGenerationParams{MerchantID: m.ID(), Kind: string(k), UserID: userID})
	if err != nil {
		return 0, err
	}
	return int(last), t.q.RevokeLinks(ctx, sqlgen.RevokeLinksParams{
		At: clock.Micros(at), MerchantID: m.ID(), Kind: string(k), UserID: userID,
	})
}

func (t *merchantTx) PutCancelPassword(ctx context.Context, m merchant.Tenant, hash string, at time.Time) error {
	return t.q.PutCancelPassword(ctx, sqlgen.PutCancelPasswordParams{MerchantID: m.ID(), Hash: hash, SetAt: clock.Micros(at)})
}

func (t *merchantTx) PutGuard(ctx context.Context, g merchant.GuardRow) error {
	row := sqlgen.InsertGuardParams{
		Subject: g.Subject, Fails: int64(g.Fails), Pending: int64(g.Pending), FailedAt: clock.Micros(g.FailedAt),
		TouchedAt: clock.Micros(g.TouchedAt), LockedUntil: clock.Micros(g.LockedUntil), Version: g.Version,
	}
	if g.Version == 1 {
		return orStale(t.q.InsertGuard(ctx, row))
	}
	return orStale(t.q.UpdateGuard(ctx, sqlgen.UpdateGuardParams{
		Subject: row.Subject, Fails: row.Fails, Pending: row.Pending, FailedAt: row.FailedAt,
		TouchedAt: row.TouchedAt, LockedUntil: row.LockedUntil, Version: row.Version,
	}))
}

func (t *merchantTx) DeleteGuard(ctx context.Context, subject string, version int64) error {
	return orStale(t.q.DeleteGuard(ctx, sqlgen.DeleteGuardParams{Subject: subject, Version: version}))
}

func (t *merchantTx) DropGuard(ctx context.Context, subject string) error {
	return t.q.DropGuard(ctx, subject)
}

func (t *merchantTx) SweepGuards(ctx context.Context, before, now time.Time, limit int) error {
	return t.q.SweepGuards(ctx, sqlgen.SweepGuardsParams{
		Before: clock.Micros(before), NowAt: clock.Micros(now), Most: most(limit),
	})
}
