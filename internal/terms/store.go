package terms

import (
	"context"
	"errors"

	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// ErrTaken is a Store's word that the version exists; nothing was written.
var ErrTaken = errors.New("terms: version exists")

// Writer adds consents in the caller's transaction.
type Writer interface {
	audit.Writer
	// InsertConsent adds what somebody said.
	InsertConsent(ctx context.Context, c Consent) error
}

// Tx is one transaction over documents and consents.
type Tx interface {
	Writer
	// InsertDocument adds a version, or returns ErrTaken.
	InsertDocument(ctx context.Context, d Document) error
}

// Store is what this feature asks of the database.
type Store interface {
	// TermsTx runs fn in one transaction, again when the engine asks for it.
	TermsTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Documents are all versions of all kinds, by kind and rising version.
	Documents(ctx context.Context) ([]Document, error)
	// Consents are the newest answers of a user, one for each kind that was answered.
	Consents(ctx context.Context, t merchant.Tenant, userID string) ([]Consent, error)
	// Reach counts who agreed to a version or a later one.
	Reach(ctx context.Context, k Kind, version int) (Reach, error)
}
