package simulation

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

const cancelPassword = "simulated-password"

// merchants are the shops of a world, one of each tax type.
type merchants struct {
	tenants []merchant.Tenant
	terms   map[string]payment.Terms
}

func newMerchants(w *world) *merchants {
	m := &merchants{terms: map[string]payment.Terms{}}
	for i, tax := range []money.TaxType{money.Taxable, money.Mixed, money.TaxFree} {
		name := w.ids.At(id.Merchant, w.now)
		m.tenants = append(m.tenants, merchant.TenantOf(name))
		m.terms[name] = payment.Terms{
			Merchant:   acquirer.Merchant{ID: name, MID: "M" + strconv.Itoa(i), BusinessNumber: "1234567891", Name: "shop " + strconv.Itoa(i), MCC: "5814"},
			TerminalID: "T000000" + strconv.Itoa(i), Adapter: "simulator", TaxType: tax,
			Rounding: pick(w.random, money.Nearest, money.Floor), NeedsBirth: i == 0, NeedsPassword: i == 0,
			MinimumCard: 100, SignatureLimit: 50_000,
		}
	}
	return m
}

// Terms implements payment.Merchants.
func (m *merchants) Terms(_ context.Context, t merchant.Tenant) (payment.Terms, error) {
	return m.terms[t.ID()], nil
}

// Installment implements payment.Merchants.
func (m *merchants) Installment(_ context.Context, _ merchant.Tenant, _, _ string, amount money.Won, months int, _ clock.Day) (payment.Installment, error) {
	return payment.Installment{Offered: amount >= 50_000, Minimum: 50_000, InterestFree: months <= 3}, nil
}

// CheckCancelPassword implements payment.Merchants.
func (m *merchants) CheckCancelPassword(_ context.Context, _ merchant.Tenant, password, _ string) error {
	if password != cancelPassword {
		return merchant.ErrCancelPasswordWrong
	}
	return nil
}

// hasher makes keyed hashes under keys that are numbered; the last one writes.
type hasher struct{ keys int }

func (h *hasher) rotate() { h.keys++ }

// MAC implements payment.Hasher.
func (h *hasher) MAC(purpose string, data ...[]byte) (keyID, sum string) {
	keyID = strconv.Itoa(h.keys)
	return keyID, mac(keyID, purpose, data)
}

var errUnknownKey = errors.New("simulation: no such key")

// MACWith implements payment.Hasher.
func (h *hasher) MACWith(keyID, purpose string, data ...[]byte) (string, error) {
	if n, err := strconv.Atoi(keyID); err != nil || n > h.keys {
		return "", errUnknownKey
	}
	return mac(keyID, purpose, data), nil
}

func mac(keyID, purpose string, data [][]byte) string {
	m := hmac.New(sha256.New, []byte(keyID+"/"+purpose))
	for _, d := range data {
		_, _ = m.Write(d) // a hash never fails
	}
	return hex.EncodeToString(m.Sum(nil))
}
