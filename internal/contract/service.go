package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Results of a Store that are acted on.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("contract: absent")
	// ErrStale: the version stands already; nothing was written.
	ErrStale = errors.New("contract: version taken")
)

// Row is a contract as stored: with its account sealed, and none in Contract.
type Row struct {
	Contract
	Sealed string // empty: no account
}

// Reader reads what is committed, or inside a Tx what it sees.
type Reader interface {
	// ContractOn is the version that holds on the day, or ErrAbsent.
	ContractOn(ctx context.Context, t merchant.Tenant, day clock.Day) (Row, error)
	// Contracts are the newest versions of the merchant, newest first, at most 200.
	Contracts(ctx context.Context, t merchant.Tenant) ([]Row, error)
}

// Tx is one transaction.
type Tx interface {
	Reader
	audit.Writer
	// InsertContract adds a version, or ErrStale.
	InsertContract(ctx context.Context, r Row) error
}

// Keys seals accounts (innopay/internal/keyring).
type Keys interface {
	Seal(plain []byte, associatedData string) (string, error)
	Unseal(sealed, associatedData string) ([]byte, error)
}

// Service reads and writes contracts. Safe for concurrent use.
type Service struct {
	Store Reader
	Keys  Keys
	Clock clock.Clock
	IDs   *id.Source
}

// Terms is the contract as it holds for sales of the day, or ErrNone. Fees, cycle and
// account come from it; of days gone by the answer never changes.
func (s *Service) Terms(ctx context.Context, t merchant.Tenant, day clock.Day) (Contract, error) {
	r, err := s.Store.ContractOn(ctx, t, day)
	if errors.Is(err, ErrAbsent) {
		return Contract{}, ErrNone
	}
	if err != nil {
		return Contract{}, err
	}
	return s.open(r)
}

// History are the versions of a merchant's contract, newest first.
func (s *Service) History(ctx context.Context, t merchant.Tenant) ([]Contract, error) {
	rows, err := s.Store.Contracts(ctx, t)
	if err != nil {
		return nil, err
	}
	out := make([]Contract, 0, len(rows))
	for _, r := range rows {
		c, err := s.open(r)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// Latest is the newest version, whether or not it holds yet, or the zero Contract.
func (s *Service) Latest(ctx context.Context, t merchant.Tenant) (Contract, error) {
	return s.latest(ctx, s.Store, t)
}

func (s *Service) latest(ctx context.Context, r Reader, t merchant.Tenant) (Contract, error) {
	rows, err := r.Contracts(ctx, t)
	if err != nil || len(rows) == 0 {
		return Contract{}, err
	}
	return s.open(rows[0])
}

// Write adds a version in the caller's transaction where the newest one is d.Version, and
// is audited. A day that has passed since it was asked for becomes today, because the
// past is not altered. It returns Invalid or ErrChanged.
func (s *Service) Write(ctx context.Context, tx Tx, actor string, t merchant.Tenant, d Draft) (Contract, error) {
	present, err := s.latest(ctx, tx, t)
	if err != nil {
		return Contract{}, err
	}
	if present.Version != d.Version {
		return Contract{}, ErrChanged
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	if today := clock.DayOf(now); present.Version > 0 && d.Effective < today {
		d.Effective = today
	}
	if err := d.Validate(present, clock.DayOf(now)); err != nil {
		return Contract{}, err
	}
	c := Contract{
		MerchantID: t.ID(), Version: present.Version + 1, Effective: d.Effective, From: d.From, Until: d.Until, Fees: slices.Clone(d.Fees),
		FeeVAT: d.FeeVAT, Limits: d.Limits, Cycle: d.Cycle, Account: present.Account, Actor: actor, CreatedAt: now,
	}
	if d.Account != nil {
		c.Account = *d.Account
	}
	row := Row{Contract: c}
	row.Account = Account{}
	if row.Sealed, err = s.seal(c); err != nil {
		return Contract{}, err
	}
	if err := tx.InsertContract(ctx, row); errors.Is(err, ErrStale) {
		return Contract{}, ErrChanged
	} else if err != nil {
		return Contract{}, err
	}
	return c, tx.Record(ctx, audit.Record{
		MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: "contract.changed", Subject: t.ID(),
		Detail: `{"version":"` + strconv.FormatInt(c.Version, 10) + `","effective":"` + string(c.Effective) + `"}`,
	})
}

// sealedAccount is what is sealed of an account.
type sealedAccount struct {
	Bank   string `json:"bank"`
	Number string `json:"number"`
	Holder string `json:"holder"`
}

func place(c Contract) string {
	return "contract.account/" + c.MerchantID + "/" + strconv.FormatInt(c.Version, 10)
}

func (s *Service) seal(c Contract) (string, error) {
	if c.Account == (Account{}) {
		return "", nil
	}
	plain, err := json.Marshal(sealedAccount{c.Account.Bank, string(c.Account.Number), c.Account.Holder})
	if err != nil {
		return "", fmt.Errorf("contract: encode account: %w", err)
	}
	return s.Keys.Seal(plain, place(c))
}

func (s *Service) open(r Row) (Contract, error) {
	c := r.Contract
	if r.Sealed == "" {
		return c, nil
	}
	plain, err := s.Keys.Unseal(r.Sealed, place(c))
	if err != nil {
		return Contract{}, fmt.Errorf("contract: account of %s: %w", c.MerchantID, err)
	}
	var a sealedAccount
	if err := json.Unmarshal(plain, &a); err != nil {
		return Contract{}, errors.New("contract: a stored account does not decode")
	}
	c.Account = Account{a.Bank, Number(a.Number), a.Holder}
	return c, nil
}
