package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"innopay/id"
	"innopay/internal/registration"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/internal/terms"
)

func TestRegistrations(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Registrations(t, func(t *testing.T) storetest.Joining {
				db := open(t, e.options(t))
				return storetest.Joining{Store: store.NewRegistrations(db), People: store.NewMerchants(db), Terms: db}
			})
		})
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Terms(t, func(t *testing.T) terms.Store { return open(t, e.options(t)) })
		})
	}
}

// TestPeopleOnTheWayInAreStoredSealed sees that no name, number, address or code stands
// in a row.
func TestPeopleOnTheWayInAreStoredSealed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		db, d := open(t, o), storetest.NewDesk(331)
		i := d.Invite("XYZXYZ22", 1)
		r := d.Registration(i)
		out := registration.Onboarding{
			MerchantID: d.Merchant, UserID: d.ID(id.User), ID: d.ID(id.Onboarding), Email: "secret@example.com", Phone: "01000007777",
			Generation: 1, TokenHash: "t", Version: 1,
		}
		ok(t, store.NewRegistrations(db).RegistrationTx(t.Context(), func(ctx context.Context, tx registration.Tx) error {
			return errors.Join(tx.InsertInvite(ctx, i), tx.InsertRegistration(ctx, r), tx.PutOnboarding(ctx, out),
				tx.InsertConsent(ctx, terms.Consent{MerchantID: d.Merchant, ID: d.ID(id.Consent), UserID: "usr_1", Kind: terms.Service, Version: 1, At: d.Now, Address: "192.0.2.99"}))
		}))
		for table, secrets := range map[string][]string{
			"invite": {"XYZXYZ22"}, "registration": {r.Name, r.Phone}, "onboarding": {out.Email, out.Phone}, "consent": {"192.0.2.99"},
		} {
			rows, err := db.Rows(t.Context(), table)
			ok(t, err)
			if len(rows) != 1 {
				t.Fatalf("%s: %d rows", table, len(rows))
			}
			for _, s := range secrets {
				if strings.Contains(fmt.Sprint(rows[0]), s) {
					t.Errorf("%s: a row holds %q", table, s)
				}
			}
		}
	})
}
