package merchant

import (
	"context"
	"errors"
	"slices"

	"innopay/fault"
	"innopay/money"
)

// MerchantFilter narrows a list of merchants; zero values narrow nothing.
type MerchantFilter struct {
	Text   string // a part of the name or business number, or a whole id or terminal number
	Status Status
	Before string // id of the last one of the page before
}

// TerminalUse is what is taken with a terminal and not over.
type TerminalUse struct {
	Unsettled bool // an outcome is open
	Sold      bool // a sale could still be cancelled, which needs its terminal
}

// Faults of operators' acts.
var (
	// ErrTerminalUsed: detail tid says which.
	ErrTerminalUsed = fault.New(fault.Conflict, "TERMINAL_IN_USE", "이 단말기로 받은 결제가 남아 있어 뺄 수 없어요. 결과 확인이나 취소가 끝난 뒤 다시 시도해 주세요.")
	// ErrTerminalTaken: the acquirer tells terminals apart by their number alone.
	ErrTerminalTaken = fault.New(fault.Conflict, "TERMINAL_TAKEN", "다른 가맹점이 쓰는 단말기번호예요. 번호를 다시 확인해 주세요.")
	// ErrTaxTypeFixed: receipts bear the tax type already.
	ErrTaxTypeFixed = fault.New(fault.Conflict, "TAX_TYPE_FIXED", "이미 거래가 있어 과세 유형과 사업자등록번호는 바꿀 수 없어요. 새 가맹점으로 등록해 주세요.")
	// ErrLastOperator: without an operator nobody could let anybody in.
	ErrLastOperator = fault.New(fault.Conflict, "LAST_OPERATOR", "마지막 운영자는 정지할 수 없어요. 다른 운영자를 먼저 추가해 주세요.")
)

// FindMerchants lists merchants newest first, without settings. Operators only.
func (r *Registry) FindMerchants(ctx context.Context, f MerchantFilter, limit int) ([]Merchant, error) {
	return r.Store.FindMerchants(ctx, f, limit)
}

// Paid reports whether the merchant has a payment, of whatever outcome.
func (r *Registry) Paid(ctx context.Context, t Tenant) (bool, error) { return r.Store.Paid(ctx, t) }

// Details are what an operator changes of a merchant.
type Details struct {
	Name             string
	BusinessNumber   string // digits and hyphens; fixed once there is a payment
	OwnerName        string
	Address          string
	Phone            string        // digits and hyphens
	TaxType          money.TaxType // fixed once there is a payment
	Rounding         money.Rounding
	AuthLevel        AuthLevel
	MinCardAmount    money.Won
	MCC              string
	ForbidPlainTrack bool
	ChipFirst        ChipFirst
}

// SetDetails replaces them where the merchant's version is the given one. It returns
// Invalid with every wrong field, ErrNotFound, ErrChanged or ErrTaxTypeFixed.
func (r *Registry) SetDetails(ctx context.Context, actor string, t Tenant, version int64, d Details) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		m, err := tx.MerchantRow(ctx, t)
		if err != nil {
			return err
		}
		if m.Version != version {
			return ErrStale
		}
		fixed := d.TaxType == m.TaxType && bare(d.BusinessNumber) == m.BusinessNumber
		m.Name, m.BusinessNumber, m.OwnerName, m.Address, m.Phone = d.Name, bare(d.BusinessNumber), d.OwnerName, d.Address, bare(d.Phone)
		m.TaxType, m.Rounding, m.AuthLevel, m.MinCardAmount, m.MCC = d.TaxType, d.Rounding, d.AuthLevel, d.MinCardAmount, d.MCC
		m.ForbidPlainTrack, m.ChipFirst = d.ForbidPlainTrack, d.ChipFirst
		if err := m.Validate(); err != nil {
			return err
		}
		if !fixed {
			if paid, err := tx.Paid(ctx, t); err != nil || paid {
				return errors.Join(err, whether(paid, ErrTaxTypeFixed))
			}
		}
		m.Version++
		if err := tx.UpdateMerchant(ctx, m); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "merchant.changed", m.ID, map[string]string{
			"taxType": string(m.TaxType), "authLevel": string(m.AuthLevel), "rounding": string(m.Rounding), "mcc": m.MCC,
			"minCardAmount": m.MinCardAmount.Grouped(), "chipFirst": string(m.ChipFirst),
		}))
	}))
}

// whether is err when it is so.
func whether(so bool, err error) error {
	if so {
		return err
	}
	return nil
}

// SetTerminals replaces the terminals where the merchant's version is the given one. One
// with which payments were taken that are not settled, or that could still be cancelled,
// stays. It returns Invalid, ErrNotFound, ErrChanged, ErrTerminalUsed or ErrTerminalTaken.
func (r *Registry) SetTerminals(ctx context.Context, actor string, t Tenant, version int64, ts []Terminal) error {
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		m, err := tx.MerchantRow(ctx, t)
		if err != nil {
			return err
		}
		if m.Version != version {
			return ErrStale
		}
		for _, old := range m.Terminals {
			if slices.ContainsFunc(ts, func(n Terminal) bool { return n == old }) {
				continue
			}
			// Another acquirer or merchant number makes of it another terminal.
			use, err := tx.TerminalUse(ctx, t, old.TID)
			if err != nil {
				return err
			}
			if use.Unsettled || use.Sold {
				return ErrTerminalUsed.WithDetail("tid", old.TID)
			}
		}
		m.Terminals = ts
		if err := m.Validate(); err != nil {
			return err
		}
		if err := tx.ReplaceTerminals(ctx, t, ts); err != nil {
			return err
		}
		m.Version++
		if err := tx.UpdateMerchant(ctx, m); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "merchant.terminals", m.ID, nil))
	})
	if errors.Is(err, ErrTaken) {
		return ErrTerminalTaken
	}
	return read(err)
}

// StatusChange is a step in the life of a merchant.
type StatusChange struct {
	From   Status // what it must be; empty: whatever it is
	To     Status
	Reason string // for the audit
}

// StatusTx changes the status in the caller's transaction; closing ends every session,
// key and link. It returns ErrAbsent, ErrStale when the status is not From, or Invalid.
func (r *Registry) StatusTx(ctx context.Context, tx Tx, actor string, t Tenant, c StatusChange) (Merchant, error) {
	switch c.To {
	case Active, Suspended, Closed:
	case Review: // where merchants begin, and never come back to
		fallthrough
	default:
		return Merchant{}, fault.InvalidField("/status", "UNKNOWN_VALUE", "가맹점 상태를 다시 골라 주세요.")
	}
	m, err := tx.MerchantRow(ctx, t)
	if err != nil {
		return m, err
	}
	if c.From != "" && m.Status != c.From {
		return m, ErrStale
	}
	detail := map[string]string{"from": string(m.Status), "status": string(c.To)}
	if c.Reason != "" {
		detail["reason"] = c.Reason
	}
	m.Status = c.To
	m.Version++
	if err := tx.UpdateMerchant(ctx, m); err != nil {
		return m, err
	}
	if c.To == Closed {
		if err := r.endAccess(ctx, tx, t); err != nil {
			return m, err
		}
	}
	return m, tx.Record(ctx, r.record(t, actor, "merchant.status", m.ID, detail))
}

// endAccess ends whatever opens the merchant, and has its devices look.
func (r *Registry) endAccess(ctx context.Context, tx Tx, t Tenant) error {
	if err := tx.EndAccess(ctx, t, r.Clock.Now()); err != nil {
		return err
	}
	users, err := tx.Users(ctx, t)
	if err != nil {
		return err
	}
	for _, u := range users {
		if err := r.tellEnded(ctx, tx, t, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// SetStatus suspends or closes a merchant that is in the state From.
func (r *Registry) SetStatus(ctx context.Context, actor string, t Tenant, c StatusChange) (Merchant, error) {
	var m Merchant
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) (err error) {
		m, err = r.StatusTx(ctx, tx, actor, t, c)
		return err
	})
	return m, read(err)
}

// InviteTx invites somebody in the caller's transaction; see CreateUser and
// CreateOperatorCode. It returns Invalid or ErrLoginIDTaken.
func (r *Registry) InviteTx(ctx context.Context, tx Tx, actor string, t Tenant, n NewUser) (Issued, error) {
	u, err := r.newUser(t, n)
	if err != nil {
		return Issued{}, err
	}
	issued, err := r.inviteTx(ctx, tx, actor, t, u)
	if errors.Is(err, ErrTaken) {
		return Issued{}, ErrLoginIDTaken
	}
	return issued, err
}

// UserStatusTx disables or enables a user in the caller's transaction, for the reason
// given. Of operators one active one stays. Who registered and waits is decided upon by
// the owner, and nowhere else: ErrStale. It returns ErrAbsent, ErrStale or ErrLastOperator.
func (r *Registry) UserStatusTx(ctx context.Context, tx Tx, actor string, t Tenant, userID string, s UserStatus, reason string) (User, error) {
	if t.ID() == "" {
		if err := tx.HoldOperators(ctx); err != nil {
			return User{}, err
		}
	}
	c, err := tx.Credentials(ctx, t, userID)
	if err != nil {
		return User{}, err
	}
	u := c.User
	if u.Status == UserPending {
		return u, ErrStale
	}
	if s == UserDisabled && t.ID() == "" {
		if err := othersActive(ctx, tx, userID); err != nil {
			return u, err
		}
	}
	if u.Status = s; s == UserActive && c.PasswordHash == "" {
		u.Status = UserInvited
	}
	u.Version++
	if err := tx.UpdateUser(ctx, u); err != nil {
		return u, err
	}
	if s == UserDisabled {
		if err := r.endSessions(ctx, tx, t, userID, ""); err != nil {
			return u, err
		}
	}
	return u, tx.Record(ctx, r.record(t, actor, "user.status", userID, map[string]string{"status": string(u.Status), "reason": reason}))
}

func othersActive(ctx context.Context, tx Tx, userID string) error {
	operators, err := tx.Users(ctx, TenantOf(""))
	if err != nil {
		return err
	}
	for _, o := range operators {
		if o.ID != userID && o.Status == UserActive {
			return nil
		}
	}
	return ErrLastOperator
}

// SetUser disables or enables a user for a reason. It returns ErrNotFound, ErrChanged or
// ErrLastOperator.
func (r *Registry) SetUser(ctx context.Context, actor string, t Tenant, userID string, s UserStatus, reason string) (User, error) {
	var u User
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) (err error) {
		u, err = r.UserStatusTx(ctx, tx, actor, t, userID, s, reason)
		return err
	})
	return u, read(err)
}

// SessionsOf lists the sessions of a user that live, newest first, or returns ErrNotFound.
func (r *Registry) SessionsOf(ctx context.Context, t Tenant, userID string) ([]SessionRow, error) {
	c, err := r.Store.Credentials(ctx, t, userID)
	if err != nil {
		return nil, read(err)
	}
	rows, err := r.Store.SessionsOf(ctx, t, userID)
	return living(rows, c.User.Role, r.Clock.Now()), err
}

// EndSession ends a session of a user, all of them for an empty id. It returns ErrNotFound.
func (r *Registry) EndSession(ctx context.Context, actor string, t Tenant, userID, sessionID string) error {
	if sessionID == "" {
		return r.RevokeSessions(ctx, actor, t, userID)
	}
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteSessionByID(ctx, t, userID, sessionID); err != nil {
			return err
		}
		if err := r.tellEnded(ctx, tx, t, userID); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "session.revoked", sessionID, nil))
	}))
}

// CheckInvite is why somebody could not be invited now: Invalid or ErrLoginIDTaken.
func (r *Registry) CheckInvite(ctx context.Context, t Tenant, n NewUser) error {
	u, err := r.newUser(t, n)
	if err != nil {
		return err
	}
	old, err := r.Store.CredentialsByLogin(ctx, u.LoginID)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err == nil && (old.User.MerchantID != t.ID() || old.User.Role != n.Role || old.User.Status != UserInvited) {
		return ErrLoginIDTaken
	}
	return err
}
