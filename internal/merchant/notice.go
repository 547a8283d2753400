package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/outbox"
)

// Notice is something that happened to a login and that its user is told of: in the app
// at once, and by mail where an address is proven (ASVS 6.3.5, 6.3.7).
type Notice string

// The notices.
const (
	NoticeDevice         Notice = "NEW_DEVICE" // subject: id of the device
	NoticePassword       Notice = "PASSWORD_CHANGED"
	NoticePasskeyAdded   Notice = "PASSKEY_ADDED"
	NoticePasskeyRemoved Notice = "PASSKEY_REMOVED"
	NoticePasskeyCloned  Notice = "PASSKEY_BLOCKED"
	NoticeTOTPOn         Notice = "SECOND_FACTOR_ON"
	NoticeTOTPOff        Notice = "SECOND_FACTOR_OFF"
	NoticeTOTPReset      Notice = "SECOND_FACTOR_RESET" // by an operator
	NoticeRecoveryUsed   Notice = "RECOVERY_CODE_USED"
	NoticeRecoveryNew    Notice = "RECOVERY_CODES_REPLACED"
	NoticeMailChanged    Notice = "MAIL_CHANGED" // subject: id of the mail that was
)

// Notices are all of them.
func Notices() []Notice {
	return []Notice{
		NoticeDevice, NoticePassword, NoticePasskeyAdded, NoticePasskeyRemoved, NoticePasskeyCloned, NoticeTOTPOn, NoticeTOTPOff,
		NoticeTOTPReset, NoticeRecoveryUsed, NoticeRecoveryNew, NoticeMailChanged,
	}
}

// Noticed is the payload of the event.
type Noticed struct {
	What    Notice `json:"what"`
	Subject string `json:"subject,omitempty"` // id
}

// notice has the user told. The event's subject is the user.
func (d Deps) notice(ctx context.Context, tx Tx, t Tenant, userID string, what Notice, subject string) error {
	return d.emit(ctx, tx, outbox.SecurityNotice, t, userID, Noticed{what, subject})
}

// emit writes an event of a user, operators too.
func (d Deps) emit(ctx context.Context, tx Tx, what outbox.Type, t Tenant, userID string, payload any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("merchant: encode event: %w", err)
	}
	now := d.Clock.Now()
	return tx.Emit(ctx, outbox.Event{
		MerchantID: t.ID(), ID: d.IDs.At(id.Event, now), Type: what, Subject: userID, Version: clock.Micros(now), Payload: string(b), CreatedAt: now,
	})
}

// actions are the names of the changes in the audit.
var actions = map[Notice]string{
	NoticePasskeyAdded: "passkey.added", NoticePasskeyRemoved: "passkey.removed", NoticeTOTPOn: "second_factor.on",
	NoticeTOTPOff: "second_factor.off", NoticeRecoveryNew: "recovery.replaced",
}

// changed ends what a change of a user's credentials must end, every session but the one
// with the token hash keep, tells the user, and writes it down.
func (d Deps) changed(ctx context.Context, tx Tx, t Tenant, userID, keep string, what Notice) error {
	if err := d.endSessions(ctx, tx, t, userID, keep); err != nil {
		return err
	}
	if err := d.notice(ctx, tx, t, userID, what, ""); err != nil {
		return err
	}
	return tx.Record(ctx, d.record(t, userID, actions[what], userID, nil))
}

// mostDevices bounds the browsers that are remembered of one user.
const mostDevices = 50

// deviceToken is the token by which the browser is told again: the one it has when some
// user logged in with it before, for a shop's telephone belongs to several; else a new
// one, so that nobody can be given a token that another knows.
func (d Deps) deviceToken(ctx context.Context, token string) (string, error) {
	if token != "" && len(token) <= maxSecret {
		known, err := d.Store.DeviceSeen(ctx, hashSecret(token))
		if err != nil || known {
			return token, err
		}
	}
	return d.secret()
}

// seen notes the browser of a login, and tells the user of one that is new to it. A
// user's very first is none to be told of.
func (a *Accounts) seen(ctx context.Context, tx Tx, d decision) error {
	u, now := d.c.User, a.Clock.Now()
	t := TenantOf(u.MerchantID)
	row, err := tx.Device(ctx, t, u.ID, hashSecret(d.device))
	switch {
	case errors.Is(err, ErrAbsent):
		row = DeviceRow{MerchantID: u.MerchantID, UserID: u.ID, ID: a.IDs.At(id.Device, now), TokenHash: hashSecret(d.device), CreatedAt: now}
		if !u.LastLogin.IsZero() {
			if err := a.notice(ctx, tx, t, u.ID, NoticeDevice, row.ID); err != nil {
				return err
			}
		}
	case err != nil:
		return err
	}
	row.Name, row.SeenAt = d.session.Device, now
	if err := tx.PutDevice(ctx, row); err != nil {
		return err
	}
	return tx.DropOldDevices(ctx, t, u.ID, mostDevices)
}
