package store

import (
	"context"
	"fmt"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
	"innopay/internal/terms"
)

// consents implements what terms.Writer adds to audit.
type consents struct {
	db *DB
	q  *sqlgen.Queries
}

// termsTx implements terms.Tx.
type termsTx struct {
	recorder
	consents
}

// TermsTx implements terms.Store.
func (db *DB) TermsTx(ctx context.Context, fn func(ctx context.Context, tx terms.Tx) error) error {
	var t *termsTx
	return unavailable(db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &termsTx{recorder{db: db, into: q}, consents{db, q}}
		return fn(ctx, t)
	}, func() audit.Record { return t.first }))
}

// clientOf is what the address of a consent is bound to in its ciphertext.
func clientOf(merchantID, consentID string) string {
	return "consent.address/" + merchantID + "/" + consentID
}

// InsertConsent implements terms.Writer.
func (c consents) InsertConsent(ctx context.Context, in terms.Consent) error {
	address, err := c.db.sealer.Seal([]byte(in.Address), clientOf(in.MerchantID, in.ID))
	if err != nil {
		return fmt.Errorf("store: sealing an address: %w", err)
	}
	return c.q.InsertConsent(ctx, sqlgen.InsertConsentParams{
		MerchantID: in.MerchantID, ID: in.ID, UserID: in.UserID, Kind: string(in.Kind), Version: int64(in.Version),
		Agreed: in.Agreed, At: clock.Micros(in.At), Address: address,
	})
}

// InsertDocument implements terms.Tx.
func (t *termsTx) InsertDocument(ctx context.Context, d terms.Document) error {
	n, err := t.q.InsertTerms(ctx, sqlgen.InsertTermsParams{
		Kind: string(d.Kind), Version: int64(d.Version), Title: d.Title, Required: d.Required, Body: d.Body, Changes: d.Changes,
		EffectiveFrom: string(d.EffectiveFrom), Sample: d.Sample, PublishedAt: clock.Micros(d.PublishedAt), PublishedBy: d.PublishedBy,
	})
	return orElse(n, err, terms.ErrTaken)
}

// Documents implements terms.Store.
func (db *DB) Documents(ctx context.Context) ([]terms.Document, error) {
	rows, err := db.q.AllTerms(ctx)
	out := make([]terms.Document, len(rows))
	for i, r := range rows {
		out[i] = terms.Document{
			Kind: terms.Kind(r.Kind), Version: int(r.Version), Title: r.Title, Required: r.Required, Body: r.Body, Changes: r.Changes,
			EffectiveFrom: clock.Day(r.EffectiveFrom), Sample: r.Sample, PublishedAt: clock.FromMicros(r.PublishedAt), PublishedBy: r.PublishedBy,
		}
	}
	return out, err
}

// Consents implements terms.Store.
func (db *DB) Consents(ctx context.Context, t merchant.Tenant, userID string) ([]terms.Consent, error) {
	rows, err := db.q.ConsentsOf(ctx, sqlgen.ConsentsOfParams{MerchantID: t.ID(), UserID: userID})
	if err != nil {
		return nil, err
	}
	return db.consents(rows)
}

// AllConsents are all answers of a user, oldest first.
func (db *DB) AllConsents(ctx context.Context, t merchant.Tenant, userID string) ([]terms.Consent, error) {
	rows, err := db.q.AllConsentsOf(ctx, sqlgen.AllConsentsOfParams{MerchantID: t.ID(), UserID: userID})
	if err != nil {
		return nil, err
	}
	return db.consents(rows)
}

func (db *DB) consents(rows []sqlgen.Consent) ([]terms.Consent, error) {
	out := make([]terms.Consent, 0, len(rows))
	for _, r := range rows {
		address, err := db.sealer.Unseal(r.Address, clientOf(r.MerchantID, r.ID))
		if err != nil {
			return nil, fmt.Errorf("store: address of %s: %w", r.ID, err)
		}
		out = append(out, terms.Consent{
			MerchantID: r.MerchantID, ID: r.ID, UserID: r.UserID, Kind: terms.Kind(r.Kind), Version: int(r.Version), Agreed: r.Agreed,
			At: clock.FromMicros(r.At), Address: string(address),
		})
	}
	return out, nil
}

// Reach implements terms.Store.
func (db *DB) Reach(ctx context.Context, k terms.Kind, version int) (terms.Reach, error) {
	r, err := db.q.TermsReach(ctx, sqlgen.TermsReachParams{Kind: string(k), Version: int64(version)})
	return terms.Reach{People: int(r.People), Agreed: int(r.Agreed)}, err
}
