package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
	"innopay/internal/approval"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/money"
)

// ContractFee is one rate.
type ContractFee struct {
	_          struct{} `additionalProperties:"true"`
	Method     string   `json:"method" enum:"CARD,CASH"`
	IssuerCode string   `json:"issuerCode,omitempty" doc:"Absent: cards of every issuer"`
	CardType   string   `json:"cardType,omitempty" enum:"CREDIT,CHECK,GIFT" doc:"Absent: cards of every type"`
	Rate       int      `json:"rate" doc:"Hundredths of a percent: 150 is 1.50 %. The most exact fee holds: issuer and type, issuer, type, neither"`
}

// ContractLimits bound what the merchant takes by card.
type ContractLimits struct {
	_                    struct{}  `additionalProperties:"true"`
	PerPayment           money.Won `json:"perPayment,omitempty" doc:"Won; absent: no limit"`
	PerDay               money.Won `json:"perDay,omitempty" doc:"Of a Korean day, approvals less cancels; absent: no limit"`
	PerMonth             money.Won `json:"perMonth,omitempty" doc:"Of a calendar month; absent: no limit"`
	MaxInstallmentMonths int       `json:"maxInstallmentMonths" doc:"0: lump sums only"`
}

// ContractSettlement is where and when the merchant is paid.
type ContractSettlement struct {
	_             struct{} `additionalProperties:"true"`
	Bank          string   `json:"bank,omitempty" doc:"Code of three digits"`
	BankName      string   `json:"bankName,omitempty"`
	MaskedAccount string   `json:"maskedAccount,omitempty" doc:"Only the last four digits are shown"`
	Holder        string   `json:"holder,omitempty"`
	Cycle         int      `json:"cycle" doc:"Business days from the sale to its settlement: 2 is D+2"`
}

// ContractDays are the days of a contract.
type ContractDays struct {
	_     struct{}  `additionalProperties:"true"`
	From  clock.Day `json:"from" format:"date"`
	Until clock.Day `json:"until,omitempty" format:"date" doc:"Last day; absent: no end"`
}

// Contract is one version of a merchant's contract.
type Contract struct {
	_          struct{}           `additionalProperties:"true"`
	Version    int64              `json:"version"`
	Effective  clock.Day          `json:"effective" format:"date" doc:"From this day on, until a higher version's day has come"`
	From       clock.Day          `json:"from" format:"date"`
	Until      clock.Day          `json:"until,omitempty" format:"date" doc:"Last day; absent: no end"`
	Fees       []ContractFee      `json:"fees" nullable:"false"`
	FeeVAT     bool               `json:"feeVat" doc:"10 percent of VAT are charged on fees"`
	Limits     ContractLimits     `json:"limits"`
	Settlement ContractSettlement `json:"settlement"`
	ChangedBy  Person             `json:"changedBy"`
	ChangedAt  string             `json:"changedAt" format:"date-time"`
}

// ContractState is a merchant's contract as it stands.
type ContractState struct {
	_          struct{}  `additionalProperties:"true"`
	Current    *Contract `json:"current,omitempty" doc:"What holds today; absent: none, so that nothing bounds the merchant and no fee is known"`
	Latest     *Contract `json:"latest,omitempty" doc:"The newest version, which may hold only later"`
	Version    int64     `json:"version" doc:"Of latest, 0 when there is none: name it when changing the contract"`
	ApprovalID string    `json:"approvalId,omitempty" doc:"A change waits for another operator"`
}

// ContractHistory are all versions.
type ContractHistory struct {
	_         struct{}   `additionalProperties:"true"`
	Contracts []Contract `json:"contracts" nullable:"false" doc:"Newest first, at most 200"`
}

// ContractFeeChange is one rate to be.
type ContractFeeChange struct {
	Method     string `json:"method" enum:"CARD,CASH"`
	IssuerCode string `json:"issuerCode,omitempty" maxLength:"4"`
	CardType   string `json:"cardType,omitempty" enum:"CREDIT,CHECK,GIFT"`
	Rate       int    `json:"rate" minimum:"0" maximum:"10000" doc:"Hundredths of a percent"`
}

// ContractLimitsChange are the limits to be.
type ContractLimitsChange struct {
	PerPayment           int64 `json:"perPayment,omitempty" minimum:"0" maximum:"1000000000000" doc:"Won; 0: no limit"`
	PerDay               int64 `json:"perDay,omitempty" minimum:"0" maximum:"1000000000000"`
	PerMonth             int64 `json:"perMonth,omitempty" minimum:"0" maximum:"1000000000000"`
	MaxInstallmentMonths int   `json:"maxInstallmentMonths" minimum:"0" maximum:"12" doc:"0: lump sums only; else 2 to 12"`
}

// ContractSettlementChange is where and when the merchant will be paid.
type ContractSettlementChange struct {
	Cycle         int    `json:"cycle" minimum:"0" maximum:"60" doc:"Business days"`
	Bank          string `json:"bank,omitempty" maxLength:"3" doc:"Code, one of GET /v1/operator/banks. Bank, accountNumber and holder are named together; absent: as before"`
	AccountNumber string `json:"accountNumber,omitempty" maxLength:"20" doc:"Digits and hyphens; stored encrypted, never shown again"`
	Holder        string `json:"holder,omitempty" maxLength:"50"`
}

// ContractChange asks for a new version.
type ContractChange struct {
	Version    int64                    `json:"version" minimum:"0" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
	Effective  string                   `json:"effective" format:"date" doc:"Today or later; of the first version from its first day on"`
	From       string                   `json:"from" format:"date"`
	Until      string                   `json:"until,omitempty" format:"date"`
	Fees       []ContractFeeChange      `json:"fees" minItems:"1" maxItems:"200" nullable:"false"`
	FeeVAT     bool                     `json:"feeVat,omitempty"`
	Limits     ContractLimitsChange     `json:"limits"`
	Settlement ContractSettlementChange `json:"settlement"`
	Reason     string                   `json:"reason" maxLength:"200"`
}

// ContractAnswer is the contract as it stands now, and the request to change it.
type ContractAnswer struct {
	_        struct{}      `additionalProperties:"true"`
	Contract ContractState `json:"contract"`
	Approval Approval      `json:"approval"`
}

// Bank is one that merchants can be paid at.
type Bank struct {
	_    struct{} `additionalProperties:"true"`
	Code string   `json:"code"`
	Name string   `json:"name"`
}

// BankList are all of them.
type BankList struct {
	_     struct{} `additionalProperties:"true"`
	Banks []Bank   `json:"banks" nullable:"false"`
}

type (
	contractInput struct {
		MerchantPath
		Body ContractChange
	}
	contractStateOutput   struct{ Body ContractState }
	contractHistoryOutput struct{ Body ContractHistory }
	contractOutput        struct {
		Status int
		Body   ContractAnswer
	}
	banksOutput struct{ Body BankList }
)

func (a *API) registerContracts() {
	manage, tags := access{permission: merchant.MerchantManage}, []string{"Operator"}
	const path = "/v1/operator/merchants/{merchantId}/contract"
	add(a, manage, huma.Operation{
		OperationID: "contract", Method: http.MethodGet, Path: path, Tags: tags, Summary: "A merchant's fees, limits and settlement",
	}, func(ctx context.Context, in *MerchantPath) (*contractStateOutput, error) {
		state, err := a.contractState(ctx, in.MerchantID)
		return &contractStateOutput{state}, err
	})
	add(a, manage, huma.Operation{
		OperationID: "changeContract", Method: http.MethodPut, Path: path, Tags: tags, Summary: "Ask for a new version of the contract",
		Description: "202 with the approval that waits for another operator, 200 where the installation has one. What held before the effective day is never altered.",
	}, a.changeContract)
	add(a, manage, huma.Operation{
		OperationID: "contractHistory", Method: http.MethodGet, Path: path + "/history", Tags: tags, Summary: "All versions of a merchant's contract",
	}, a.contractHistory)
	add(a, manage, huma.Operation{
		OperationID: "banks", Method: http.MethodGet, Path: "/v1/operator/banks", Tags: tags, Summary: "Banks that merchants can be paid at",
	}, func(context.Context, *struct{}) (*banksOutput, error) {
		out := BankList{Banks: make([]Bank, 0, len(contract.Banks))}
		for _, code := range slices.Sorted(maps.Keys(contract.Banks)) {
			out.Banks = append(out.Banks, Bank{Code: code, Name: contract.Banks[code]})
		}
		return &banksOutput{out}, nil
	})
}

func (a *API) contractState(ctx context.Context, merchantID string) (ContractState, error) {
	t, err := a.shop(ctx, merchantID)
	if err != nil {
		return ContractState{}, err
	}
	names, err := a.operatorNames(ctx)
	if err != nil {
		return ContractState{}, err
	}
	var out ContractState
	switch current, err := reached(a.Desk.Contracts.Terms(ctx, t, clock.DayOf(a.now()))); {
	case err == nil:
		view := contractView(current, names)
		out.Current = &view
	case !errors.Is(err, contract.ErrNone):
		return out, err
	}
	latest, err := reached(a.Desk.Contracts.Latest(ctx, t))
	if err != nil {
		return out, err
	}
	if out.Version = latest.Version; latest.Version > 0 {
		view := contractView(latest, names)
		out.Latest = &view
	}
	out.ApprovalID, err = reached(a.Desk.Service.Waiting(ctx, t, approval.ContractChange, t.ID()))
	return out, err
}

func (a *API) contractHistory(ctx context.Context, in *MerchantPath) (*contractHistoryOutput, error) {
	t, err := a.shop(ctx, in.MerchantID)
	if err != nil {
		return nil, err
	}
	all, err := reached(a.Desk.Contracts.History(ctx, t))
	if err != nil {
		return nil, err
	}
	names, err := a.operatorNames(ctx)
	out := ContractHistory{Contracts: make([]Contract, 0, len(all))}
	for _, c := range all {
		out.Contracts = append(out.Contracts, contractView(c, names))
	}
	return &contractHistoryOutput{out}, err
}

func (a *API) changeContract(ctx context.Context, in *contractInput) (*contractOutput, error) {
	b := in.Body
	draft := contract.Draft{
		Version: b.Version, Effective: clock.Day(b.Effective), From: clock.Day(b.From), Until: clock.Day(b.Until), FeeVAT: b.FeeVAT, Cycle: b.Settlement.Cycle,
		Limits: contract.Limits{
			PerPayment: money.Won(b.Limits.PerPayment), PerDay: money.Won(b.Limits.PerDay), PerMonth: money.Won(b.Limits.PerMonth), MaxMonths: b.Limits.MaxInstallmentMonths,
		},
	}
	for _, f := range b.Fees {
		draft.Fees = append(draft.Fees, contract.Fee{Method: contract.Method(f.Method), Issuer: f.IssuerCode, CardType: f.CardType, Rate: f.Rate})
	}
	if s := b.Settlement; s.Bank != "" || s.AccountNumber != "" || s.Holder != "" {
		draft.Account = &contract.Account{Bank: s.Bank, Number: contract.Number(digitsOnly(s.AccountNumber)), Holder: s.Holder}
	}
	asked, err := a.Desk.SetContract(ctx, principal(ctx).UserID, merchant.TenantOf(in.MerchantID), draft, b.Reason)
	if err != nil {
		return nil, err
	}
	out := &contractOutput{}
	if out.Body.Contract, err = a.contractState(ctx, in.MerchantID); err != nil {
		return nil, err
	}
	view, status, err := a.askedFor(ctx, &asked)
	if err != nil {
		return nil, err
	}
	out.Body.Approval, out.Status = *view, status
	return out, nil
}

func contractView(c contract.Contract, names map[string]string) Contract {
	return Contract{
		Version: c.Version, Effective: c.Effective, From: c.From, Until: c.Until, Fees: feesView(c), FeeVAT: c.FeeVAT, Limits: limitsView(c),
		Settlement: settlementView(c), ChangedBy: Person{ID: c.Actor, Name: names[c.Actor]}, ChangedAt: instant(c.CreatedAt),
	}
}

func feesView(c contract.Contract) []ContractFee {
	out := make([]ContractFee, 0, len(c.Fees))
	for _, f := range c.Fees {
		out = append(out, ContractFee{Method: string(f.Method), IssuerCode: f.Issuer, CardType: f.CardType, Rate: f.Rate})
	}
	return out
}

func limitsView(c contract.Contract) ContractLimits {
	return ContractLimits{
		PerPayment: c.Limits.PerPayment, PerDay: c.Limits.PerDay, PerMonth: c.Limits.PerMonth, MaxInstallmentMonths: c.Limits.MaxMonths,
	}
}

func settlementView(c contract.Contract) ContractSettlement {
	return ContractSettlement{
		Bank: c.Account.Bank, BankName: contract.Banks[c.Account.Bank], MaskedAccount: c.Account.Number.Masked(), Holder: c.Account.Holder, Cycle: c.Cycle,
	}
}
