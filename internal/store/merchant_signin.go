package store

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
)

func passkeyOf(p sqlgen.Passkey) merchant.PasskeyRow {
	return merchant.PasskeyRow{
		MerchantID: p.MerchantID, ID: p.ID, UserID: p.UserID, CredentialID: p.CredentialID, Credential: p.Credential, Name: p.Name,
		SignCount: p.SignCount, Blocked: p.Blocked, CreatedAt: clock.FromMicros(p.CreatedAt), UsedAt: clock.FromMicros(p.UsedAt),
	}
}

func (r merchantReader) Passkeys(ctx context.Context, t merchant.Tenant, userID string) ([]merchant.PasskeyRow, error) {
	rows, err := r.q.PasskeysOf(ctx, sqlgen.PasskeysOfParams{MerchantID: t.ID(), UserID: userID})
	ps := make([]merchant.PasskeyRow, len(rows))
	for i, p := range rows {
		ps[i] = passkeyOf(p)
	}
	return ps, err
}

func (r merchantReader) PasskeyByCredential(ctx context.Context, credentialID string) (merchant.PasskeyRow, error) {
	p, err := r.q.PasskeyByCredential(ctx, credentialID)
	return passkeyOf(p), none(err)
}

func (r merchantReader) Challenge(ctx context.Context, tokenHash string) (merchant.ChallengeRow, error) {
	c, err := r.q.Challenge(ctx, tokenHash)
	return merchant.ChallengeRow{
		TokenHash: c.TokenHash, Kind: merchant.ChallengeKind(c.Kind), MerchantID: c.MerchantID, UserID: c.UserID, SessionID: c.SessionID,
		Data: c.Data, CreatedAt: clock.FromMicros(c.CreatedAt), ExpiresAt: clock.FromMicros(c.ExpiresAt),
	}, none(err)
}

func (r merchantReader) RecoveryCodesLeft(ctx context.Context, t merchant.Tenant, userID string) (int, error) {
	n, err := r.q.RecoveryCodesLeft(ctx, sqlgen.RecoveryCodesLeftParams{MerchantID: t.ID(), UserID: userID})
	return int(n), err
}

func deviceOf(d sqlgen.KnownDevice) merchant.DeviceRow {
	return merchant.DeviceRow{
		MerchantID: d.MerchantID, UserID: d.UserID, ID: d.ID, TokenHash: d.TokenHash, Name: d.Name,
		CreatedAt: clock.FromMicros(d.CreatedAt), SeenAt: clock.FromMicros(d.SeenAt),
	}
}

func (r merchantReader) Device(ctx context.Context, t merchant.Tenant, userID, tokenHash string) (merchant.DeviceRow, error) {
	d, err := r.q.KnownDevice(ctx, sqlgen.KnownDeviceParams{MerchantID: t.ID(), UserID: userID, TokenHash: tokenHash})
	return deviceOf(d), none(err)
}

func (r merchantReader) DeviceByID(ctx context.Context, t merchant.Tenant, userID, deviceID string) (merchant.DeviceRow, error) {
	d, err := r.q.KnownDeviceByID(ctx, sqlgen.KnownDeviceByIDParams{MerchantID: t.ID(), UserID: userID, ID: deviceID})
	return deviceOf(d), none(err)
}

func (r merchantReader) DeviceSeen(ctx context.Context, tokenHash string) (bool, error) {
	n, err := r.q.DeviceSeen(ctx, tokenHash)
	return n > 0, err
}

func mailOf(m sqlgen.UserMail) merchant.MailRow {
	return merchant.MailRow{
		MerchantID: m.MerchantID, ID: m.ID, UserID: m.UserID, Address: m.Address, AddressIndex: m.AddressIndex,
		Status: merchant.MailStatus(m.Status), CreatedAt: clock.FromMicros(m.CreatedAt), ExpiresAt: clock.FromMicros(m.ExpiresAt),
		VerifiedAt: clock.FromMicros(m.VerifiedAt),
	}
}

func (r merchantReader) MailOf(ctx context.Context, t merchant.Tenant, userID string, s merchant.MailStatus) (merchant.MailRow, error) {
	m, err := r.q.MailOf(ctx, sqlgen.MailOfParams{MerchantID: t.ID(), UserID: userID, Status: string(s)})
	return mailOf(m), none(err)
}

func (r merchantReader) MailRow(ctx context.Context, t merchant.Tenant, mailID string) (merchant.MailRow, error) {
	m, err := r.q.MailByID(ctx, sqlgen.MailByIDParams{MerchantID: t.ID(), ID: mailID})
	return mailOf(m), none(err)
}

func (r merchantReader) LinkByID(ctx context.Context, t merchant.Tenant, linkID string) (merchant.LinkRow, error) {
	l, err := r.q.LinkByID(ctx, sqlgen.LinkByIDParams{MerchantID: t.ID(), ID: linkID})
	return linkOf(l), none(err)
}

func linkOf(l sqlgen.Activation) merchant.LinkRow {
	return merchant.LinkRow{
		MerchantID: l.MerchantID, ID: l.ID, Kind: merchant.LinkKind(l.Kind), UserID: l.UserID, Generation: int(l.Generation),
		TokenHash: l.TokenHash, CreatedAt: clock.FromMicros(l.CreatedAt), ExpiresAt: clock.FromMicros(l.ExpiresAt),
		UsedAt: clock.FromMicros(l.UsedAt),
	}
}

func (t *merchantTx) InsertPasskey(ctx context.Context, p merchant.PasskeyRow) error {
	return orTaken(t.q.InsertPasskey(ctx, sqlgen.InsertPasskeyParams{
		MerchantID: p.MerchantID, ID: p.ID, UserID: p.UserID, CredentialID: p.CredentialID, Credential: p.Credential, Name: p.Name,
		SignCount: p.SignCount, CreatedAt: clock.Micros(p.CreatedAt),
	}))
}

func (t *merchantTx) RenamePasskey(ctx context.Context, m merchant.Tenant, userID, id, name string) error {
	n, err := t.q.RenamePasskey(ctx, sqlgen.RenamePasskeyParams{Name: name, MerchantID: m.ID(), UserID: userID, ID: id})
	return orElse(n, err, merchant.ErrAbsent)
}

func (t *merchantTx) DeletePasskey(ctx context.Context, m merchant.Tenant, userID, id string) error {
	n, err := t.q.DeletePasskey(ctx, sqlgen.DeletePasskeyParams{MerchantID: m.ID(), UserID: userID, ID: id})
	return orElse(n, err, merchant.ErrAbsent)
}

func (t *merchantTx) UsePasskey(ctx context.Context, was int64, p merchant.PasskeyRow) error {
	return orStale(t.q.UsePasskey(ctx, sqlgen.UsePasskeyParams{
		SignCount: p.SignCount, Credential: p.Credential, At: clock.Micros(p.UsedAt), MerchantID: p.MerchantID, ID: p.ID, Was: was,
	}))
}

func (t *merchantTx) BlockPasskey(ctx context.Context, m merchant.Tenant, id string) error {
	return orStale(t.q.BlockPasskey(ctx, sqlgen.BlockPasskeyParams{MerchantID: m.ID(), ID: id}))
}

func (t *merchantTx) InsertChallenge(ctx context.Context, c merchant.ChallengeRow) error {
	return t.q.InsertChallenge(ctx, sqlgen.InsertChallengeParams{
		TokenHash: c.TokenHash, Kind: string(c.Kind), MerchantID: c.MerchantID, UserID: c.UserID, SessionID: c.SessionID, Data: c.Data,
		CreatedAt: clock.Micros(c.CreatedAt), ExpiresAt: clock.Micros(c.ExpiresAt),
	})
}

func (t *merchantTx) TakeChallenge(ctx context.Context, tokenHash string, k merchant.ChallengeKind, now time.Time) error {
	return orStale(t.q.TakeChallenge(ctx, sqlgen.TakeChallengeParams{TokenHash: tokenHash, Kind: string(k), NowAt: clock.Micros(now)}))
}

func (t *merchantTx) SweepChallenges(ctx context.Context, now time.Time, limit int) error {
	return t.q.SweepChallenges(ctx, sqlgen.SweepChallengesParams{NowAt: clock.Micros(now), Most: most(limit)})
}

func (t *merchantTx) SetTOTP(ctx context.Context, m merchant.Tenant, userID string, version int64, secret string, step int64) error {
	return orStale(t.q.SetUserTOTP(ctx, sqlgen.SetUserTOTPParams{
		Secret: secret, Step: step, MerchantID: m.ID(), ID: userID, Version: version,
	}))
}

func (t *merchantTx) UseTOTPStep(ctx context.Context, m merchant.Tenant, userID string, version, step int64) error {
	return orStale(t.q.UseTOTPStep(ctx, sqlgen.UseTOTPStepParams{MerchantID: m.ID(), ID: userID, Version: version, Step: step}))
}

func (t *merchantTx) ReplaceRecoveryCodes(ctx context.Context, m merchant.Tenant, userID string, hashes []string, at time.Time) error {
	err := t.q.DeleteRecoveryCodes(ctx, sqlgen.DeleteRecoveryCodesParams{MerchantID: m.ID(), UserID: userID})
	for _, h := range hashes {
		if err == nil {
			err = t.q.InsertRecoveryCode(ctx, sqlgen.InsertRecoveryCodeParams{
				MerchantID: m.ID(), UserID: userID, Hash: h, CreatedAt: clock.Micros(at),
			})
		}
	}
	return err
}

func (t *merchantTx) UseRecoveryCode(ctx context.Context, m merchant.Tenant, userID, hash string, at time.Time) error {
	return orStale(t.q.UseRecoveryCode(ctx, sqlgen.UseRecoveryCodeParams{
		At: clock.Micros(at), MerchantID: m.ID(), UserID: userID, Hash: hash,
	}))
}

func (t *merchantTx) PutDevice(ctx context.Context, d merchant.DeviceRow) error {
	return t.q.PutKnownDevice(ctx, sqlgen.PutKnownDeviceParams{
		MerchantID: d.MerchantID, UserID: d.UserID, ID: d.ID, TokenHash: d.TokenHash, Name: d.Name,
		CreatedAt: clock.Micros(d.CreatedAt), SeenAt: clock.Micros(d.SeenAt),
	})
}

func (t *merchantTx) DropOldDevices(ctx context.Context, m merchant.Tenant, userID string, keep int) error {
	return t.q.DropOldDevices(ctx, sqlgen.DropOldDevicesParams{MerchantID: m.ID(), UserID: userID, Keep: most(keep)})
}

func (t *merchantTx) InsertMail(ctx context.Context, m merchant.MailRow) error {
	if err := t.q.DropPendingMail(ctx, sqlgen.DropPendingMailParams{MerchantID: m.MerchantID, UserID: m.UserID}); err != nil {
		return err
	}
	return t.q.InsertMail(ctx, sqlgen.InsertMailParams{
		MerchantID: m.MerchantID, ID: m.ID, UserID: m.UserID, Address: m.Address, AddressIndex: m.AddressIndex,
		CreatedAt: clock.Micros(m.CreatedAt), ExpiresAt: clock.Micros(m.ExpiresAt),
	})
}

func (t *merchantTx) VerifyMail(ctx context.Context, m merchant.Tenant, row merchant.MailRow, at time.Time) error {
	_, err := t.q.ReplaceMail(ctx, sqlgen.ReplaceMailParams{MerchantID: m.ID(), UserID: row.UserID})
	if err != nil {
		return err
	}
	return orStale(t.q.VerifyMail(ctx, sqlgen.VerifyMailParams{At: clock.Micros(at), MerchantID: m.ID(), ID: row.ID}))
}

func (t *merchantTx) ReplaceMail(ctx context.Context, m merchant.Tenant, userID string) error {
	n, err := t.q.ReplaceMail(ctx, sqlgen.ReplaceMailParams{MerchantID: m.ID(), UserID: userID})
	return orElse(n, err, merchant.ErrAbsent)
}

func (t *merchantTx) DropReplacedMail(ctx context.Context, m merchant.Tenant, userID string, before time.Time) error {
	return t.q.DropReplacedMail(ctx, sqlgen.DropReplacedMailParams{MerchantID: m.ID(), UserID: userID, VerifiedAt: clock.Micros(before)})
}
