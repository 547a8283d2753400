package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/internal/store/sqlgen"
)

// joining implements registration.Reader and what registration.Tx adds to it.
type joining struct {
	db *DB
	q  *sqlgen.Queries
}

// registrationTx implements registration.Tx.
type registrationTx struct {
	*tx
	messages
	consents
	joining
}

// RegistrationTx implements registration.Store.
func (r registrations) RegistrationTx(ctx context.Context, fn func(ctx context.Context, tx registration.Tx) error) error {
	db := r.db
	var t *registrationTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &registrationTx{&tx{recorder: recorder{db: db, into: q}, q: q}, messages{db, q}, consents{db, q}, joining{db, q}}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return unavailable(err)
}

// inviteKind names the blind index of invites' codes, and what they are bound to in their
// ciphertext.
const inviteKind = "invite.code"

func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return registration.ErrAbsent
	}
	return err
}

// ShopCode implements registration.Reader.
func (j joining) ShopCode(ctx context.Context, t merchant.Tenant) (string, error) {
	code, err := j.q.ShopCode(ctx, t.ID())
	return code, missing(err)
}

// ShopByCode implements registration.Reader.
func (j joining) ShopByCode(ctx context.Context, code string) (merchant.Tenant, error) {
	id, err := j.q.ShopByCode(ctx, code)
	return merchant.TenantOf(id), missing(err)
}

// PutShopCode implements registration.Tx.
func (j joining) PutShopCode(ctx context.Context, t merchant.Tenant, code string) error {
	n, err := j.q.InsertShopCode(ctx, sqlgen.InsertShopCodeParams{MerchantID: t.ID(), Code: code})
	return orElse(n, err, registration.ErrTaken)
}

func (j joining) codeIndex(merchantID, code string) string {
	return j.db.sealer.BlindIndex(inviteKind, merchantID+"/"+code)
}

func (j joining) inviteOf(r sqlgen.Invite) (registration.Invite, error) {
	code, err := j.db.sealer.Unseal(r.Code, inviteKind+"/"+r.MerchantID+"/"+r.ID)
	if err != nil {
		return registration.Invite{}, fmt.Errorf("store: code of %s: %w", r.ID, err)
	}
	return registration.Invite{
		MerchantID: r.MerchantID, ID: r.ID, Code: string(code), Uses: int(r.Uses), Used: int(r.Used), CreatedBy: r.CreatedBy,
		CreatedAt: clock.FromMicros(r.CreatedAt), ExpiresAt: clock.FromMicros(r.ExpiresAt), RevokedAt: clock.FromMicros(r.RevokedAt),
	}, nil
}

// Invites implements registration.Reader.
func (j joining) Invites(ctx context.Context, t merchant.Tenant, limit int) ([]registration.Invite, error) {
	rows, err := j.q.InvitesOf(ctx, sqlgen.InvitesOfParams{MerchantID: t.ID(), Limit: most(limit)})
	if err != nil {
		return nil, err
	}
	return each(rows, j.inviteOf)
}

// each turns rows into what they stand for, or gives the first error.
func each[R, T any](rows []R, of func(R) (T, error)) ([]T, error) {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		one, err := of(r)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// InviteByCode implements registration.Reader.
func (j joining) InviteByCode(ctx context.Context, t merchant.Tenant, code string) (registration.Invite, error) {
	r, err := j.q.InviteByIndex(ctx, sqlgen.InviteByIndexParams{MerchantID: t.ID(), CodeIndex: j.codeIndex(t.ID(), code)})
	if err != nil {
		return registration.Invite{}, missing(err)
	}
	return j.inviteOf(r)
}

// InsertInvite implements registration.Tx.
func (j joining) InsertInvite(ctx context.Context, i registration.Invite) error {
	code, err := j.db.sealer.Seal([]byte(i.Code), inviteKind+"/"+i.MerchantID+"/"+i.ID)
	if err != nil {
		return fmt.Errorf("store: sealing a code: %w", err)
	}
	return j.q.InsertInvite(ctx, sqlgen.InsertInviteParams{
		MerchantID: i.MerchantID, ID: i.ID, CodeIndex: j.codeIndex(i.MerchantID, i.Code), Code: code, Uses: int64(i.Uses), Used: int64(i.Used),
		CreatedBy: i.CreatedBy, CreatedAt: clock.Micros(i.CreatedAt), ExpiresAt: clock.Micros(i.ExpiresAt), RevokedAt: clock.Micros(i.RevokedAt),
	})
}

// UseInvite implements registration.Tx.
func (j joining) UseInvite(ctx context.Context, t merchant.Tenant, id string) error {
	n, err := j.q.UseInvite(ctx, sqlgen.UseInviteParams{MerchantID: t.ID(), ID: id})
	return orElse(n, err, registration.ErrStale)
}

// RevokeInvite implements registration.Tx.
func (j joining) RevokeInvite(ctx context.Context, t merchant.Tenant, id string, at time.Time) error {
	n, err := j.q.RevokeInvite(ctx, sqlgen.RevokeInviteParams{At: clock.Micros(at), MerchantID: t.ID(), ID: id})
	return orElse(n, err, registration.ErrStale)
}

// person is the part of a row that is sealed.
type person struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// seal is the ciphertext of a person, empty when nothing is known.
func (j joining) seal(p person, place string) (string, error) {
	if p == (person{}) {
		return "", nil
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("store: a person: %w", err)
	}
	sealed, err := j.db.sealer.Seal(raw, place)
	if err != nil {
		return "", fmt.Errorf("store: sealing a person: %w", err)
	}
	return sealed, nil
}

func (j joining) unseal(sealed, place string) (person, error) {
	var p person
	if sealed == "" {
		return p, nil
	}
	raw, err := j.db.sealer.Unseal(sealed, place)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil {
		return p, fmt.Errorf("store: person of %s: %w", place, err)
	}
	return p, nil
}

func registrant(merchantID, id string) string { return "registration.people/" + merchantID + "/" + id }

func (j joining) registrationOf(r sqlgen.Registration) (registration.Registration, error) {
	p, err := j.unseal(r.People, registrant(r.MerchantID, r.ID))
	return registration.Registration{
		MerchantID: r.MerchantID, ID: r.ID, InviteID: r.InviteID, TokenHash: r.TokenHash, Status: registration.Status(r.Status),
		Name: p.Name, Phone: p.Phone, Generation: int(r.Generation), CodeHash: r.CodeHash, CodeUntil: clock.FromMicros(r.CodeUntil),
		CodeTries: int(r.CodeTries), SentAt: clock.FromMicros(r.SentAt), VerifiedAt: clock.FromMicros(r.VerifiedAt), UserID: r.UserID,
		CreatedAt: clock.FromMicros(r.CreatedAt), ExpiresAt: clock.FromMicros(r.ExpiresAt), Version: r.Version,
	}, err
}

func (j joining) registration(r sqlgen.Registration, err error) (registration.Registration, error) {
	if err != nil {
		return registration.Registration{}, missing(err)
	}
	return j.registrationOf(r)
}

// RegistrationByToken implements registration.Reader.
func (j joining) RegistrationByToken(ctx context.Context, tokenHash string) (registration.Registration, error) {
	return j.registration(j.q.RegistrationByToken(ctx, tokenHash))
}

// Registration implements registration.Reader.
func (j joining) Registration(ctx context.Context, t merchant.Tenant, id string) (registration.Registration, error) {
	return j.registration(j.q.RegistrationByID(ctx, sqlgen.RegistrationByIDParams{MerchantID: t.ID(), ID: id}))
}

// WaitingOf implements registration.Tx.
func (j joining) WaitingOf(ctx context.Context, t merchant.Tenant, userID string) (registration.Registration, error) {
	return j.registration(j.q.WaitingRegistration(ctx, sqlgen.WaitingRegistrationParams{MerchantID: t.ID(), UserID: userID}))
}

// Waiting implements registration.Reader.
func (j joining) Waiting(ctx context.Context, t merchant.Tenant) ([]registration.Registration, error) {
	rows, err := j.q.WaitingRegistrations(ctx, t.ID())
	if err != nil {
		return nil, err
	}
	return each(rows, j.registrationOf)
}

// InsertRegistration implements registration.Tx.
func (j joining) InsertRegistration(ctx context.Context, r registration.Registration) error {
	people, err := j.seal(person{Name: r.Name, Phone: r.Phone}, registrant(r.MerchantID, r.ID))
	if err != nil {
		return err
	}
	return j.q.InsertRegistration(ctx, sqlgen.InsertRegistrationParams{
		MerchantID: r.MerchantID, ID: r.ID, InviteID: r.InviteID, TokenHash: r.TokenHash, Status: string(r.Status), People: people,
		Generation: int64(r.Generation), CodeHash: r.CodeHash, CodeUntil: clock.Micros(r.CodeUntil), CodeTries: int64(r.CodeTries),
		SentAt: clock.Micros(r.SentAt), VerifiedAt: clock.Micros(r.VerifiedAt), UserID: r.UserID, CreatedAt: clock.Micros(r.CreatedAt),
		ExpiresAt: clock.Micros(r.ExpiresAt), Version: r.Version,
	})
}

// UpdateRegistration implements registration.Tx.
func (j joining) UpdateRegistration(ctx context.Context, r registration.Registration) error {
	people, err := j.seal(person{Name: r.Name, Phone: r.Phone}, registrant(r.MerchantID, r.ID))
	if err != nil {
		return err
	}
	n, err := j.q.UpdateRegistration(ctx, sqlgen.UpdateRegistrationParams{
		MerchantID: r.MerchantID, ID: r.ID, Status: string(r.Status), People: people, Generation: int64(r.Generation), CodeHash: r.CodeHash,
		CodeUntil: clock.Micros(r.CodeUntil), CodeTries: int64(r.CodeTries), SentAt: clock.Micros(r.SentAt), VerifiedAt: clock.Micros(r.VerifiedAt),
		UserID: r.UserID, ExpiresAt: clock.Micros(r.ExpiresAt), Version: r.Version,
	})
	return orElse(n, err, registration.ErrStale)
}

// InsertPending implements registration.Tx.
func (j joining) InsertPending(ctx context.Context, u merchant.User, passwordHash string) error {
	n, err := j.q.InsertPendingUser(ctx, sqlgen.InsertPendingUserParams{
		MerchantID: u.MerchantID, ID: u.ID, LoginID: u.LoginID, Name: u.Name, PasswordHash: passwordHash, At: clock.Micros(u.CreatedAt),
	})
	return orElse(n, err, registration.ErrTaken)
}

// ApprovePending implements registration.Tx.
func (j joining) ApprovePending(ctx context.Context, t merchant.Tenant, userID string, r merchant.Rights) error {
	n, err := j.q.ApproveUser(ctx, sqlgen.ApproveUserParams{
		MerchantID: t.ID(), ID: userID, MayDiscount: r.Discount, MayCancel: r.Cancel, CancelLimit: int64(r.CancelLimit), MayEditProducts: r.EditProducts,
	})
	return orElse(n, err, registration.ErrStale)
}

// DeletePending implements registration.Tx.
func (j joining) DeletePending(ctx context.Context, t merchant.Tenant, userID string) error {
	n, err := j.q.DeletePendingUser(ctx, sqlgen.DeletePendingUserParams{MerchantID: t.ID(), ID: userID})
	return orElse(n, err, registration.ErrStale)
}
