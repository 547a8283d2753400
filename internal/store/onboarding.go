package store

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/internal/store/sqlgen"
)

func newcomer(merchantID, id string) string { return "onboarding.people/" + merchantID + "/" + id }

func (j joining) onboardingOf(r sqlgen.Onboarding) (registration.Onboarding, error) {
	p, err := j.unseal(r.People, newcomer(r.MerchantID, r.ID))
	return registration.Onboarding{
		MerchantID: r.MerchantID, UserID: r.UserID, ID: r.ID, Email: p.Email, Phone: p.Phone, Generation: int(r.Generation), TokenHash: r.TokenHash,
		CodeCount: int(r.CodeCount), CodeHash: r.CodeHash, CodeUntil: clock.FromMicros(r.CodeUntil), CodeTries: int(r.CodeTries),
		SentAt: clock.FromMicros(r.SentAt), MailedAt: clock.FromMicros(r.MailedAt), OpenedAt: clock.FromMicros(r.OpenedAt), UsedAt: clock.FromMicros(r.UsedAt),
		CreatedBy: r.CreatedBy, CreatedAt: clock.FromMicros(r.CreatedAt), ExpiresAt: clock.FromMicros(r.ExpiresAt), Version: r.Version,
	}, err
}

func (j joining) onboarding(r sqlgen.Onboarding, err error) (registration.Onboarding, error) {
	if err != nil {
		return registration.Onboarding{}, missing(err)
	}
	return j.onboardingOf(r)
}

// Onboarding implements registration.Reader.
func (j joining) Onboarding(ctx context.Context, t merchant.Tenant, userID string) (registration.Onboarding, error) {
	return j.onboarding(j.q.OnboardingOf(ctx, sqlgen.OnboardingOfParams{MerchantID: t.ID(), UserID: userID}))
}

// OnboardingByToken implements registration.Reader.
func (j joining) OnboardingByToken(ctx context.Context, tokenHash string) (registration.Onboarding, error) {
	return j.onboarding(j.q.OnboardingByToken(ctx, tokenHash))
}

// OnboardingByID implements registration.Reader.
func (j joining) OnboardingByID(ctx context.Context, t merchant.Tenant, id string) (registration.Onboarding, error) {
	return j.onboarding(j.q.OnboardingByID(ctx, sqlgen.OnboardingByIDParams{MerchantID: t.ID(), ID: id}))
}

// Onboardings implements registration.Reader.
func (j joining) Onboardings(ctx context.Context, t merchant.Tenant) ([]registration.Onboarding, error) {
	rows, err := j.q.OnboardingsOf(ctx, t.ID())
	if err != nil {
		return nil, err
	}
	return each(rows, j.onboardingOf)
}

// PutOnboarding implements registration.Tx.
func (j joining) PutOnboarding(ctx context.Context, o registration.Onboarding) error {
	people, err := j.seal(person{Phone: o.Phone, Email: o.Email}, newcomer(o.MerchantID, o.ID))
	if err != nil {
		return err
	}
	row := sqlgen.InsertOnboardingParams{
		MerchantID: o.MerchantID, UserID: o.UserID, ID: o.ID, People: people, Generation: int64(o.Generation), TokenHash: o.TokenHash,
		CodeCount: int64(o.CodeCount), CodeHash: o.CodeHash, CodeUntil: clock.Micros(o.CodeUntil), CodeTries: int64(o.CodeTries),
		SentAt: clock.Micros(o.SentAt), MailedAt: clock.Micros(o.MailedAt), OpenedAt: clock.Micros(o.OpenedAt), UsedAt: clock.Micros(o.UsedAt),
		CreatedBy: o.CreatedBy, CreatedAt: clock.Micros(o.CreatedAt), ExpiresAt: clock.Micros(o.ExpiresAt), Version: o.Version,
	}
	var n int64
	if o.Version == 1 {
		n, err = j.q.InsertOnboarding(ctx, row)
	} else {
		n, err = j.q.UpdateOnboarding(ctx, sqlgen.UpdateOnboardingParams{
			MerchantID: row.MerchantID, UserID: row.UserID, People: row.People, Generation: row.Generation, TokenHash: row.TokenHash,
			CodeCount: row.CodeCount, CodeHash: row.CodeHash, CodeUntil: row.CodeUntil, CodeTries: row.CodeTries, SentAt: row.SentAt,
			MailedAt: row.MailedAt, OpenedAt: row.OpenedAt, UsedAt: row.UsedAt, ExpiresAt: row.ExpiresAt, Version: row.Version,
		})
	}
	return orElse(n, err, registration.ErrStale)
}

// registrations implements registration.Store on a DB. Safe for concurrent use.
type registrations struct{ joining }

// NewRegistrations returns the repository of people on the way in.
func NewRegistrations(db *DB) registration.Store { return registrations{joining{db, db.q}} }

// OverdueRegistrations implements registration.Store.
func (r registrations) OverdueRegistrations(ctx context.Context, now time.Time, limit int) ([]registration.Registration, error) {
	rows, err := r.q.OverdueRegistrations(ctx, sqlgen.OverdueRegistrationsParams{ExpiresAt: clock.Micros(now), Limit: most(limit)})
	if err != nil {
		return nil, err
	}
	return each(rows, r.registrationOf)
}

// PurgeRegistrations implements registration.Store.
func (r registrations) PurgeRegistrations(ctx context.Context, before time.Time, limit int) (more bool, err error) {
	err = r.db.write(ctx, func(q *sqlgen.Queries) error {
		people, err := q.PurgeRegistrations(ctx, sqlgen.PurgeRegistrationsParams{Before: clock.Micros(before), Most: most(limit)})
		if err != nil {
			return err
		}
		invites, err := q.PurgeInvites(ctx, sqlgen.PurgeInvitesParams{Before: clock.Micros(before), Most: most(limit)})
		more = max(people, invites) >= int64(limit)
		return err
	})
	return more && err == nil, err
}
