package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/outbox"
	"innopay/money"
)

// Registry implements Directory and is where operators and owners change what
// stands in it. Every change is audited in its own transaction under actor: a user
// or key id, or the name of a command. Safe for concurrent use.
type Registry struct {
	Deps
	mu    sync.Mutex
	cache map[string]Merchant // by id; used only while the version in the database is the same
}

var _ Directory = (*Registry)(nil)

// mostCached bounds the cache; beyond it the cache starts anew.
const mostCached = 4096

// NewRegistry builds the registry.
func NewRegistry(d Deps) *Registry {
	return &Registry{Deps: d.withDefaults(), cache: map[string]Merchant{}}
}

// Merchant implements Directory. It reads one number; the rest comes from memory
// when that number is the one it was read with.
func (r *Registry) Merchant(ctx context.Context, t Tenant) (Merchant, error) {
	version, err := r.Store.MerchantVersion(ctx, t)
	if err != nil {
		return Merchant{}, read(err)
	}
	r.mu.Lock()
	m, ok := r.cache[t.ID()]
	r.mu.Unlock()
	if ok && m.Version == version {
		return m.clone(), nil
	}
	// A change between the reads leaves an older version beside newer parts; the
	// next call then sees another version and reads again.
	if m, err = r.Store.MerchantRow(ctx, t); err != nil {
		return Merchant{}, read(err)
	}
	m.Version = min(m.Version, version)
	if m.Settings, err = r.settings(ctx, t); err != nil {
		return Merchant{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.cache) >= mostCached {
		clear(r.cache)
	}
	r.cache[t.ID()] = m
	return m.clone(), nil
}

func (m Merchant) clone() Merchant {
	m.Terminals = append([]Terminal(nil), m.Terminals...)
	return m
}

// Installments implements Directory.
func (r *Registry) Installments(ctx context.Context, t Tenant) (InstallmentRules, error) {
	rules, err := r.Store.Installments(ctx, t)
	return rules, err
}

// Merchants lists merchants by id, after the given one, at most limit, without
// settings. Operators only.
func (r *Registry) Merchants(ctx context.Context, after string, limit int) ([]Merchant, error) {
	ms, err := r.Store.MerchantRows(ctx, after, limit)
	return ms, err
}

// NewMerchant is what an operator says of a new merchant. Zero values of
// Rounding, AuthLevel and MinCardAmount take the defaults.
type NewMerchant struct {
	Name           string
	BusinessNumber string // digits and hyphens
	OwnerName      string
	Address        string
	Phone          string // digits and hyphens
	TaxType        money.TaxType
	Rounding       money.Rounding
	AuthLevel      AuthLevel
	MinCardAmount  money.Won
	MCC            string
	Terminals      []Terminal
	// ForbidPlainTrack and ChipFirst are the policy of card readers; empty: ASK.
	ForbidPlainTrack bool
	ChipFirst        ChipFirst
	Review           bool // begins in REVIEW and takes money only once it is approved
}

// CreateMerchant adds a merchant with default settings. It returns Invalid with
// every wrong field, or ErrTerminalTaken.
func (r *Registry) CreateMerchant(ctx context.Context, actor string, n NewMerchant) (Merchant, error) {
	now := r.Clock.Now()
	m := Merchant{
		ID: r.IDs.At(id.Merchant, now), Name: n.Name, BusinessNumber: bare(n.BusinessNumber), OwnerName: n.OwnerName,
		Address: n.Address, Phone: bare(n.Phone), TaxType: n.TaxType, Rounding: n.Rounding, AuthLevel: n.AuthLevel,
		MinCardAmount: n.MinCardAmount, MCC: n.MCC, Status: Active, Terminals: n.Terminals,
		ForbidPlainTrack: n.ForbidPlainTrack, ChipFirst: n.ChipFirst, Settings: DefaultSettings(), CreatedAt: now, Version: 1,
	}
	if m.ChipFirst == "" {
		m.ChipFirst = ChipAsk
	}
	if n.Review {
		m.Status = Review
	}
	if m.Rounding == "" {
		m.Rounding = money.Nearest
	}
	if m.AuthLevel == "" {
		m.AuthLevel = AuthFull // the level with which nothing a buyer knows is left unasked
	}
	if m.MinCardAmount == 0 {
		m.MinCardAmount = DefaultMinCardAmount
	}
	if err := m.Validate(); err != nil {
		return Merchant{}, err
	}
	row, err := r.settingsRow(m.ID, m.Settings)
	if err != nil {
		return Merchant{}, err
	}
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertMerchant(ctx, m); err != nil {
			return err
		}
		if err := tx.PutSettings(ctx, m.Tenant(), row); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(m.Tenant(), actor, "merchant.created", m.ID, nil))
	})
	if errors.Is(err, ErrTaken) {
		return Merchant{}, ErrTerminalTaken
	}
	if err != nil {
		return Merchant{}, err
	}
	return m.clone(), nil
}

// SetMerchantStatus suspends, closes or reopens a merchant, whatever its state. Closing
// ends every session, key and link.
func (r *Registry) SetMerchantStatus(ctx context.Context, actor string, t Tenant, s Status) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		_, err := r.StatusTx(ctx, tx, actor, t, StatusChange{To: s})
		return err
	}))
}

// ReaderPolicy is what an operator sets of a merchant's card readers; nil leaves a part
// as it is.
type ReaderPolicy struct {
	ForbidPlainTrack *bool
	ChipFirst        *ChipFirst
}

// SetReaderPolicy changes which swipes are taken. It returns Invalid or ErrNotFound.
func (r *Registry) SetReaderPolicy(ctx context.Context, actor string, t Tenant, p ReaderPolicy) error {
	detail := map[string]string{}
	if p.ChipFirst != nil {
		if *p.ChipFirst != ChipAsk && *p.ChipFirst != ChipRefuse {
			return fault.InvalidField("/chipFirst", "UNKNOWN_VALUE", "칩 우선 정책을 다시 골라 주세요.")
		}
		detail["chipFirst"] = string(*p.ChipFirst)
	}
	if p.ForbidPlainTrack != nil {
		detail["forbidPlainTrack"] = strconv.FormatBool(*p.ForbidPlainTrack)
	}
	return r.change(ctx, actor, t, "merchant.readers", detail, func(m *Merchant) {
		if p.ChipFirst != nil {
			m.ChipFirst = *p.ChipFirst
		}
		if p.ForbidPlainTrack != nil {
			m.ForbidPlainTrack = *p.ForbidPlainTrack
		}
	})
}

// change updates the merchant as it is inside the transaction.
func (r *Registry) change(ctx context.Context, actor string, t Tenant, action string, detail map[string]string, fn func(*Merchant)) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		m, err := tx.MerchantRow(ctx, t)
		if err != nil {
			return err
		}
		fn(&m)
		m.Version++
		if err := tx.UpdateMerchant(ctx, m); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, action, m.ID, detail))
	}))
}

// SaveSettings replaces the settings when s.Version is the version that is stored,
// and returns them with their new version. It returns Invalid, ErrNotFound or
// ErrChanged.
func (r *Registry) SaveSettings(ctx context.Context, actor string, t Tenant, s Settings) (Settings, error) {
	if err := s.Validate(); err != nil {
		return Settings{}, err
	}
	s.Version++
	row, err := r.settingsRow(t.ID(), s)
	if err != nil {
		return Settings{}, err
	}
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		// Raising the merchant's version first also makes sure that there is one.
		if err := tx.BumpMerchant(ctx, t); err != nil {
			return err
		}
		if err := tx.PutSettings(ctx, t, row); err != nil {
			return err
		}
		if err := r.tell(ctx, tx, outbox.SettingsChanged, t, t.ID(), s.Version); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "settings.saved", t.ID(), nil))
	})
	return s, read(err)
}

func buyerPlace(merchantID string) string { return "settings.buyer/" + merchantID }

// settingsRow is how settings are stored: the fixed buyer sealed, the rest as JSON.
// settingsPeople is the part of the settings that is sealed.
type settingsPeople struct {
	FixedBuyer
	NotifyPhone string `json:"notifyPhone,omitempty"`
}

func (r *Registry) settingsRow(merchantID string, s Settings) (SettingsRow, error) {
	row := SettingsRow{Version: s.Version}
	if people := (settingsPeople{s.FixedBuyer, s.NotifyPhone}); people != (settingsPeople{}) {
		plain, err := json.Marshal(people)
		if err != nil {
			return SettingsRow{}, fmt.Errorf("merchant: encode people of settings: %w", err)
		}
		if row.Buyer, err = r.Keys.Seal(plain, buyerPlace(merchantID)); err != nil {
			return SettingsRow{}, err
		}
		s.FixedBuyer, s.NotifyPhone = FixedBuyer{}, ""
	}
	body, err := json.Marshal(s)
	if err != nil {
		return SettingsRow{}, fmt.Errorf("merchant: encode settings: %w", err)
	}
	row.Body = string(body)
	return row, nil
}

func (r *Registry) settings(ctx context.Context, t Tenant) (Settings, error) {
	row, err := r.Store.Settings(ctx, t)
	if err != nil {
		return Settings{}, read(err)
	}
	s := DefaultSettings() // what a later version adds takes its default
	if err := json.Unmarshal([]byte(row.Body), &s); err != nil {
		return Settings{}, fmt.Errorf("merchant: stored settings: %w", err)
	}
	s.Version = row.Version
	if row.Buyer != "" {
		plain, err := r.Keys.Unseal(row.Buyer, buyerPlace(t.ID()))
		if err != nil {
			return Settings{}, err
		}
		var people settingsPeople
		if err := json.Unmarshal(plain, &people); err != nil {
			return Settings{}, errors.New("merchant: stored people of settings do not decode")
		}
		s.FixedBuyer, s.NotifyPhone = people.FixedBuyer, people.NotifyPhone
	}
	return s, nil
}
