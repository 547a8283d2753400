package store_test

import (
	"testing"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

func TestMerchants(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Merchants(t, func(t *testing.T) merchant.Store { return store.NewMerchants(open(t, e.options(t))) })
		})
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Products(t, func(t *testing.T) catalog.Store { return store.NewCatalog(open(t, e.options(t))) })
		})
	}
}

func TestPushes(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			storetest.Pushes(t, func(t *testing.T) storetest.Telling {
				db := open(t, e.options(t))
				return storetest.Telling{Store: db, People: store.NewMerchants(db)}
			})
		})
	}
}
