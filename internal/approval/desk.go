package approval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/money"
)

// The kinds of this house. Other features name their own.
const (
	ContractChange     = "CONTRACT_CHANGE"     // fees, limits, account and days of a merchant's contract
	MerchantActivation = "MERCHANT_ACTIVATION" // a new merchant takes money, or one that was suspended or closed does again
	OperatorInvite     = "OPERATOR_INVITE"     // a new operator
	OperatorEnable     = "OPERATOR_ENABLE"     // a disabled operator comes back
)

// Desk is where operators change merchants and operators: what only takes away happens at
// once, what moves money or opens access is asked for. Safe for concurrent use.
type Desk struct {
	Service   *Service
	Registry  *merchant.Registry
	Contracts *contract.Service
	Clock     clock.Clock
	// Adapters are the names of the acquirers that are configured.
	Adapters []string
}

// Register makes the kinds known to the service.
func (d *Desk) Register() {
	for name, apply := range map[string]func(context.Context, Tx, Approval, []byte) (Result, error){
		ContractChange: d.applyContract, MerchantActivation: d.applyActivation, OperatorInvite: d.applyInvite, OperatorEnable: d.applyEnable,
		SecondFactorReset: d.applyFactorReset,
	} {
		d.Service.Register(Kind{Name: name, Apply: apply})
	}
}

// Faults of the desk.
var (
	// ErrReviewOpen: details are the checks that fail.
	ErrReviewOpen = fault.New(fault.Conflict, "REVIEW_INCOMPLETE", "심사 항목이 남아 있어 개통할 수 없어요. 빠진 항목을 먼저 채워 주세요.")
	// ErrStatus: there is no such step from the present state.
	ErrStatus = fault.New(fault.Conflict, "STATUS_NOT_POSSIBLE", "지금 상태에서는 그렇게 바꿀 수 없어요. 새로 고친 뒤 다시 확인해 주세요.")
	// ErrNoAdapter: a terminal names an acquirer that is not configured.
	errNoAdapter = "연결되지 않은 매입사예요. 다시 골라 주세요."
)

// Check is one line of the list that a new merchant must pass.
type Check struct {
	Name string // BUSINESS_NUMBER, TERMINALS, CONTRACT, ACCOUNT
	OK   bool
}

// Review is the list of a merchant as it stands.
func (d *Desk) Review(ctx context.Context, m merchant.Merchant) ([]Check, error) {
	c, err := d.Contracts.Terms(ctx, m.Tenant(), clock.DayOf(d.Clock.Now()))
	if err != nil && !errors.Is(err, contract.ErrNone) {
		return nil, err
	}
	return d.review(m, c), nil
}

func (d *Desk) review(m merchant.Merchant, c contract.Contract) []Check {
	terminals := len(m.Terminals) > 0
	for _, t := range m.Terminals {
		terminals = terminals && slices.Contains(d.Adapters, t.Acquirer)
	}
	return []Check{
		{"BUSINESS_NUMBER", merchant.ValidBusinessNumber(m.BusinessNumber)}, {"TERMINALS", terminals},
		{"CONTRACT", c.Version > 0 && c.Covers(clock.DayOf(d.Clock.Now()))}, {"ACCOUNT", c.Account != contract.Account{}},
	}
}

// passed is ErrReviewOpen with what is missing.
func passed(checks []Check) error {
	err := ErrReviewOpen
	for _, c := range checks {
		if !c.OK {
			err = err.WithDetail(c.Name, "OPEN")
		}
	}
	if len(err.Details) == 0 {
		return nil
	}
	return err
}

// Create adds a merchant that waits for its review. Terminals must be of acquirers that
// are configured.
func (d *Desk) Create(ctx context.Context, actor string, n merchant.NewMerchant) (merchant.Merchant, error) {
	if err := d.known(n.Terminals); err != nil {
		return merchant.Merchant{}, err
	}
	n.Review = true
	return d.Registry.CreateMerchant(ctx, actor, n)
}

// SetTerminals replaces a merchant's terminals; see merchant.Registry.SetTerminals.
func (d *Desk) SetTerminals(ctx context.Context, actor string, t merchant.Tenant, version int64, ts []merchant.Terminal) error {
	if err := d.known(ts); err != nil {
		return err
	}
	return d.Registry.SetTerminals(ctx, actor, t, version, ts)
}

func (d *Desk) known(ts []merchant.Terminal) error {
	var c fault.Checks
	for i, t := range ts {
		c.That(slices.Contains(d.Adapters, t.Acquirer), fmt.Sprintf("/terminals/%d/acquirer", i), "UNKNOWN_VALUE", errNoAdapter)
	}
	return c.Err()
}

// activation is the payload of MerchantActivation.
type activation struct {
	From merchant.Status `json:"from"`
}

// SetStatus suspends or closes at once, and asks for what lets a merchant take money.
// The approval is nil in the former case. It returns ErrStatus, ErrReviewOpen, ErrPending,
// merchant.ErrNotFound or Invalid.
func (d *Desk) SetStatus(ctx context.Context, actor string, t merchant.Tenant, to merchant.Status, reason string) (*Approval, error) {
	if err := CheckReason(reason); err != nil {
		return nil, err
	}
	m, err := d.Registry.Merchant(ctx, t)
	if err != nil {
		return nil, err
	}
	switch {
	case to == m.Status, to == merchant.Suspended && m.Status != merchant.Active:
		return nil, ErrStatus
	case to != merchant.Active:
		_, err := d.Registry.SetStatus(ctx, actor, t, merchant.StatusChange{From: m.Status, To: to, Reason: reason})
		return nil, err
	}
	checks, err := d.Review(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := passed(checks); err != nil {
		return nil, err
	}
	a, _, err := d.Service.Request(ctx, Ask{
		Actor: actor, Tenant: t, Kind: MerchantActivation, Subject: m.ID, Reason: reason, Payload: activation{m.Status},
		Changes: []Change{{Field: "status", Before: string(m.Status), After: string(merchant.Active)}},
	})
	return &a, err
}

func (d *Desk) applyActivation(ctx context.Context, tx Tx, a Approval, payload []byte) (Result, error) {
	var p activation
	if err := json.Unmarshal(payload, &p); err != nil {
		return Result{}, fmt.Errorf("approval: payload of %s: %w", a.ID, err)
	}
	m, err := d.Registry.StatusTx(ctx, tx, a.DecidedBy, a.Tenant(), merchant.StatusChange{From: p.From, To: merchant.Active, Reason: a.Reason})
	if err != nil {
		return Result{}, stale(err)
	}
	// What was complete when it was asked for must be so still.
	var c contract.Contract
	if row, err := tx.ContractOn(ctx, a.Tenant(), clock.DayOf(d.Clock.Now())); err == nil {
		if c = row.Contract; row.Sealed != "" {
			c.Account = contract.Account{Bank: "sealed"}
		}
	} else if !errors.Is(err, contract.ErrAbsent) {
		return Result{}, err
	}
	if passed(d.review(m, c)) != nil {
		return Result{}, ErrStale
	}
	return Result{}, nil
}

// stale turns a lost condition of another feature into ErrStale.
func stale(err error) error {
	if errors.Is(err, merchant.ErrStale) || errors.Is(err, merchant.ErrAbsent) || errors.Is(err, contract.ErrChanged) {
		return ErrStale
	}
	return err
}

// terms is the payload of ContractChange, with the account in clear, which is why payloads
// are sealed.
type terms struct {
	Version    int64          `json:"version"`
	Effective  clock.Day      `json:"effective"`
	From       clock.Day      `json:"from"`
	Until      clock.Day      `json:"until"`
	Fees       []contract.Fee `json:"fees"`
	FeeVAT     bool           `json:"feeVat"`
	PerPayment money.Won      `json:"perPayment"`
	PerDay     money.Won      `json:"perDay"`
	PerMonth   money.Won      `json:"perMonth"`
	MaxMonths  int            `json:"maxMonths"`
	Cycle      int            `json:"cycle"`
	Bank       string         `json:"bank"` // empty: the account stays
	Number     string         `json:"number"`
	Holder     string         `json:"holder"`
}

func termsOf(d contract.Draft) terms {
	p := terms{
		Version: d.Version, Effective: d.Effective, From: d.From, Until: d.Until, Fees: d.Fees, FeeVAT: d.FeeVAT, Cycle: d.Cycle,
		PerPayment: d.Limits.PerPayment, PerDay: d.Limits.PerDay, PerMonth: d.Limits.PerMonth, MaxMonths: d.Limits.MaxMonths,
	}
	if a := d.Account; a != nil {
		p.Bank, p.Number, p.Holder = a.Bank, string(a.Number), a.Holder
	}
	return p
}

func (p terms) draft() contract.Draft {
	d := contract.Draft{
		Version: p.Version, Effective: p.Effective, From: p.From, Until: p.Until, Fees: p.Fees, FeeVAT: p.FeeVAT, Cycle: p.Cycle,
		Limits: contract.Limits{PerPayment: p.PerPayment, PerDay: p.PerDay, PerMonth: p.PerMonth, MaxMonths: p.MaxMonths},
	}
	if p.Bank != "" {
		d.Account = &contract.Account{Bank: p.Bank, Number: contract.Number(p.Number), Holder: p.Holder}
	}
	return d
}

// SetContract asks for a new version of a merchant's contract; d.Version is the one that
// was read. It returns Invalid, contract.ErrChanged, ErrPending or merchant.ErrNotFound.
func (d *Desk) SetContract(ctx context.Context, actor string, t merchant.Tenant, next contract.Draft, reason string) (Approval, error) {
	if _, err := d.Registry.Merchant(ctx, t); err != nil {
		return Approval{}, err
	}
	present, err := d.Contracts.Latest(ctx, t)
	if err != nil {
		return Approval{}, err
	}
	if present.Version != next.Version {
		return Approval{}, contract.ErrChanged
	}
	if err := next.Validate(present, clock.DayOf(d.Clock.Now())); err != nil {
		return Approval{}, err
	}
	a, _, err := d.Service.Request(ctx, Ask{
		Actor: actor, Tenant: t, Kind: ContractChange, Subject: t.ID(), Reason: reason, Payload: termsOf(next), Changes: contractChanges(present, next),
	})
	return a, err
}

func (d *Desk) applyContract(ctx context.Context, tx Tx, a Approval, payload []byte) (Result, error) {
	var p terms
	if err := json.Unmarshal(payload, &p); err != nil {
		return Result{}, fmt.Errorf("approval: payload of %s: %w", a.ID, err)
	}
	if _, err := d.Contracts.Write(ctx, tx, a.DecidedBy, a.Tenant(), p.draft()); err != nil {
		return Result{}, stale(err)
	}
	// The core reads a merchant's terms again when its version has risen.
	return Result{}, stale(tx.BumpMerchant(ctx, a.Tenant()))
}

// contractChanges are the values that differ, as people read them.
func contractChanges(was contract.Contract, next contract.Draft) []Change {
	before, after := contractValues(was), contractValues(contract.Contract{
		Effective: next.Effective, From: next.From, Until: next.Until, Fees: next.Fees, FeeVAT: next.FeeVAT, Limits: next.Limits, Cycle: next.Cycle,
		Account: was.Account, Version: 1,
	})
	if next.Account != nil {
		after = slices.Concat(after[:len(after)-3], accountValues(*next.Account))
	}
	old := map[string]string{}
	for _, c := range before {
		old[c.Field] = c.After
	}
	var out []Change
	for _, c := range after {
		if c.Before = old[c.Field]; c.Before != c.After {
			out = append(out, c)
		}
		delete(old, c.Field)
	}
	for _, c := range before { // fees that are gone
		if v, gone := old[c.Field]; gone && v != "" {
			out = append(out, Change{Field: c.Field, Before: v})
		}
	}
	return out
}

// contractValues are all values of a contract, as people read them; of none, nothing.
func contractValues(c contract.Contract) []Change {
	if c.Version == 0 {
		return nil
	}
	out := []Change{
		{Field: "effective", After: string(c.Effective)}, {Field: "from", After: string(c.From)}, {Field: "until", After: string(c.Until)},
	}
	for _, f := range c.Fees {
		name := "fees." + string(f.Method)
		if f.Issuer != "" {
			name += "." + f.Issuer
		}
		if f.CardType != "" {
			name += "." + f.CardType
		}
		out = append(out, Change{Field: name, After: fmt.Sprintf("%d.%02d%%", f.Rate/100, f.Rate%100)})
	}
	out = append(out,
		Change{Field: "feeVat", After: fmt.Sprint(c.FeeVAT)},
		Change{Field: "limits.perPayment", After: limitText(c.Limits.PerPayment)}, Change{Field: "limits.perDay", After: limitText(c.Limits.PerDay)},
		Change{Field: "limits.perMonth", After: limitText(c.Limits.PerMonth)},
		Change{Field: "limits.maxInstallmentMonths", After: fmt.Sprint(c.Limits.MaxMonths)},
		Change{Field: "settlement.cycle", After: fmt.Sprintf("D+%d", c.Cycle)},
	)
	return append(out, accountValues(c.Account)...)
}

func accountValues(a contract.Account) []Change {
	return []Change{
		{Field: "settlement.bank", After: contract.Banks[a.Bank]}, {Field: "settlement.accountNumber", After: a.Number.Masked()},
		{Field: "settlement.holder", After: a.Holder},
	}
}

// limitText is a limit as people read it; none is empty.
func limitText(w money.Won) string {
	if w == 0 {
		return ""
	}
	return w.String()
}

// invitation is the payload of OperatorInvite.
type invitation struct {
	LoginID string `json:"loginId"`
	Name    string `json:"name"`
}

// InviteOperator asks for a new operator. Whoever approves is shown the one-time code. It
// returns Invalid, merchant.ErrLoginIDTaken or ErrPending.
func (d *Desk) InviteOperator(ctx context.Context, actor, loginID, name, reason string) (Approval, Result, error) {
	loginID = merchant.NormalLoginID(loginID)
	if err := d.Registry.CheckInvite(ctx, merchant.TenantOf(""), merchant.NewUser{LoginID: loginID, Name: name, Role: merchant.Operator}); err != nil {
		return Approval{}, Result{}, err
	}
	return d.Service.Request(ctx, Ask{
		Actor: actor, Kind: OperatorInvite, Subject: loginID, Reason: reason, Payload: invitation{loginID, name},
		Changes: []Change{{Field: "loginId", After: loginID}, {Field: "name", After: name}},
	})
}

func (d *Desk) applyInvite(ctx context.Context, tx Tx, a Approval, payload []byte) (Result, error) {
	var p invitation
	if err := json.Unmarshal(payload, &p); err != nil {
		return Result{}, fmt.Errorf("approval: payload of %s: %w", a.ID, err)
	}
	issued, err := d.Registry.InviteTx(ctx, tx, a.DecidedBy, merchant.TenantOf(""), merchant.NewUser{LoginID: p.LoginID, Name: p.Name, Role: merchant.Operator})
	if errors.Is(err, merchant.ErrLoginIDTaken) {
		return Result{}, ErrStale
	}
	return Result{Link: issued.Token, ExpiresAt: issued.ExpiresAt}, err
}

// SetUser disables a user of a merchant, or lets it in again. Who does the latter needs a
// second operator only where the user is an operator: see SetOperator.
func (d *Desk) SetUser(ctx context.Context, actor string, t merchant.Tenant, userID string, s merchant.UserStatus, reason string) (merchant.User, error) {
	if err := CheckReason(reason); err != nil {
		return merchant.User{}, err
	}
	return d.Registry.SetUser(ctx, actor, t, userID, s, reason)
}

// SetOperator disables an operator at once, but never the last one, and asks for one to
// come back. It returns merchant.ErrNotFound, ErrLastOperator, ErrStatus or ErrPending.
func (d *Desk) SetOperator(ctx context.Context, actor, userID string, s merchant.UserStatus, reason string) (*Approval, error) {
	installation := merchant.TenantOf("")
	if s == merchant.UserDisabled {
		_, err := d.SetUser(ctx, actor, installation, userID, s, reason)
		return nil, err
	}
	operators, err := d.Registry.Users(ctx, installation)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(operators, func(u merchant.User) bool { return u.ID == userID })
	if i < 0 {
		return nil, merchant.ErrNotFound
	}
	if operators[i].Status != merchant.UserDisabled {
		return nil, ErrStatus
	}
	a, _, err := d.Service.Request(ctx, Ask{
		Actor: actor, Kind: OperatorEnable, Subject: userID, Reason: reason, Payload: struct{}{},
		Changes: []Change{{Field: "loginId", After: operators[i].LoginID}, {Field: "status", Before: string(merchant.UserDisabled), After: string(merchant.UserActive)}},
	})
	return &a, err
}

func (d *Desk) applyEnable(ctx context.Context, tx Tx, a Approval, _ []byte) (Result, error) {
	c, err := tx.Credentials(ctx, merchant.TenantOf(""), a.Subject)
	if err != nil {
		return Result{}, stale(err)
	}
	if c.User.Status != merchant.UserDisabled {
		return Result{}, ErrStale
	}
	_, err = d.Registry.UserStatusTx(ctx, tx, a.DecidedBy, merchant.TenantOf(""), a.Subject, merchant.UserActive, a.Reason)
	return Result{}, stale(err)
}
