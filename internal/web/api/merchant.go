package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/card"
	"innopay/clock"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt/desk"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// Merchant is the caller's own shop: what its app and its receipts need.
type Merchant struct {
	_                   struct{}    `additionalProperties:"true"`
	ID                  string      `json:"id"`
	Name                string      `json:"name"`
	BusinessNumber      string      `json:"businessNumber" doc:"Ten digits"`
	OwnerName           string      `json:"ownerName,omitempty"`
	Address             string      `json:"address,omitempty"`
	Phone               string      `json:"phone,omitempty" doc:"Digits"`
	TaxType             string      `json:"taxType" enum:"TAXABLE,TAX_FREE,MIXED"`
	VATRounding         string      `json:"vatRounding" enum:"NEAREST,FLOOR"`
	AuthenticationLevel string      `json:"authenticationLevel" enum:"NONE,PARTIAL,FULL" doc:"Key-in fields asked for: PARTIAL adds birthOrBusinessNumber, FULL adds passwordTwoDigits too"`
	MinimumCardAmount   money.Won   `json:"minimumCardAmount"`
	SignatureLimit      money.Won   `json:"signatureLimit" doc:"More than this needs a signature"`
	Status              string      `json:"status" enum:"REVIEW,ACTIVE,SUSPENDED,CLOSED" doc:"REVIEW, SUSPENDED: no new payment is taken"`
	Simulated           bool        `json:"simulated" doc:"A demo or test installation: no real money, simulated devices"`
	ARSNumber           string      `json:"arsNumber,omitempty" doc:"What buyers call to pay by phone; absent where there is no line, and then no ARS request is taken"`
	Email               bool        `json:"email" doc:"Receipts can be sent by e-mail"`
	Kakao               bool        `json:"kakao" doc:"Receipts can be sent as AlimTalk"`
	KakaoShare          bool        `json:"kakaoShare" doc:"receiptUrl + \"/kakao\" is a page that shares the link by KakaoTalk"`
	CashReceipts        bool        `json:"cashReceipts" doc:"Whether this installation issues cash receipts"`
	CashReceiptDuty     bool        `json:"cashReceiptDuty" doc:"Whether its trade must issue one for every cash sale of 100,000 won or more"`
	Readers             CardReaders `json:"readers" doc:"Which swipes are taken"`

	Fees       []ContractFee       `json:"fees,omitempty" doc:"Of the contract as it holds today. Shown to owners, as limits, settlement and contract are; absent without a contract"`
	FeeVAT     bool                `json:"feeVat,omitempty" doc:"10 percent of VAT are charged on fees"`
	Limits     *ContractLimits     `json:"limits,omitempty"`
	Settlement *ContractSettlement `json:"settlement,omitempty"`
	Contract   *ContractDays       `json:"contract,omitempty"`
}

// CardReaders are the terms on which the merchant swipes cards. An operator sets them.
type CardReaders struct {
	_          struct{} `additionalProperties:"true"`
	PlainTrack bool     `json:"plainTrack" doc:"Whether readers that do not encrypt may be used (entry SWIPE)"`
	Formats    []string `json:"formats" nullable:"false" enum:"MAGTEK,IDTECH" doc:"Encrypting readers that can be used (entry SWIPE_ENCRYPTED); empty: none"`
	ChipFirst  string   `json:"chipFirst" enum:"ASK,REFUSE" doc:"A swiped card has a chip. ASK: the seller says why it was not used; REFUSE: taken only when the chip was tried and failed"`
}

// Settings are what the owner may change for the whole shop.
type Settings struct {
	SlideMenu       bool                `json:"slideMenu"`
	Cart            bool                `json:"cart"`
	BuyerInfo       bool                `json:"buyerInfo" doc:"On: typed at each payment; off: fixedBuyer is used"`
	FixedBuyer      merchant.FixedBuyer `json:"fixedBuyer,omitzero"`
	SignatureLimit  money.Won           `json:"signatureLimit" minimum:"0" maximum:"9999999999"`
	Sound           bool                `json:"sound"`
	Vibration       bool                `json:"vibration"`
	Notify          bool                `json:"notify"`
	NotifyPhone     string              `json:"notifyPhone,omitempty" doc:"Mobile number, digits only: the seller is texted there when a request is paid"`
	AutoCashReceipt bool                `json:"autoCashReceipt,omitempty" doc:"Cash sales that must have a receipt and have none get a self-issued one the next day"`
	ShuffleKeypad   bool                `json:"shuffleKeypad"`
	ReceiptGate     bool                `json:"receiptGate,omitempty" doc:"Receipt links ask for the last four digits of the buyer's phone first"`
	Printer         bool                `json:"printer,omitempty" doc:"Receipts are printed: every receipt has a print button"`
	Theme           merchant.Theme      `json:"theme" enum:"SYSTEM,LIGHT,DARK"`
	TextSize        merchant.TextSize   `json:"textSize" enum:"NORMAL,LARGE,HUGE"`
	Version         int64               `json:"version" minimum:"0" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// InstallmentMonth is one choice of months.
type InstallmentMonth struct {
	_            struct{} `additionalProperties:"true"`
	Months       int      `json:"months"`
	InterestFree bool     `json:"interestFree"`
}

// Installments are the choices for one amount. A lump sum is always possible.
type Installments struct {
	_             struct{}           `additionalProperties:"true"`
	MinimumAmount money.Won          `json:"minimumAmount" doc:"Installments need at least this amount"`
	Months        []InstallmentMonth `json:"months" nullable:"false" doc:"Rising; empty when only a lump sum is possible"`
	IssuerName    string             `json:"issuerName,omitempty" doc:"Of the card that begins with bin, when known"`
	Reason        string             `json:"reason,omitempty" enum:"BELOW_MINIMUM_AMOUNT" doc:"Why months is empty; absent when the contract allows lump sums only"`
}

type merchantOutput struct{ Body Merchant }

type settingsOutput struct{ Body Settings }

type settingsInput struct{ Body Settings }

type installmentsInput struct {
	Amount     int64  `query:"amount" required:"true" minimum:"1" maximum:"9999999999" doc:"Won"`
	IssuerCode string `query:"issuerCode" maxLength:"2" doc:"Empty while the card is not known: no interest-free months then"`
	BIN        string `query:"bin" pattern:"^[0-9]{6}$" doc:"In place of issuerCode: the card's first six digits, never more"`
}

type installmentsOutput struct{ Body Installments }

func (a *API) registerMerchant() {
	add(a, access{permission: merchant.MerchantRead}, huma.Operation{
		OperationID: "ownMerchant", Method: http.MethodGet, Path: "/v1/merchant", Tags: []string{"Merchant"}, Summary: "The caller's merchant",
	}, a.ownMerchant)
	add(a, access{permission: merchant.MerchantRead}, huma.Operation{
		OperationID: "installments", Method: http.MethodGet, Path: "/v1/installments", Tags: []string{"Merchant"}, Summary: "Installment plans for an amount",
	}, a.installments)
	add(a, access{permission: merchant.SettingsRead}, huma.Operation{
		OperationID: "settings", Method: http.MethodGet, Path: "/v1/settings", Tags: []string{"Merchant"}, Summary: "Settings of the shop",
	}, func(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
		m, err := reached(a.Directory.Merchant(ctx, principal(ctx).Tenant))
		return &settingsOutput{Settings(m.Settings)}, err
	})
	add(a, access{permission: merchant.SettingsWrite}, huma.Operation{
		OperationID: "changeSettings", Method: http.MethodPut, Path: "/v1/settings", Tags: []string{"Merchant"}, Summary: "Change the settings",
	}, func(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
		p := principal(ctx)
		s, err := reached(a.Settings.SaveSettings(ctx, p.UserID, p.Tenant, merchant.Settings(in.Body)))
		return &settingsOutput{Settings(s)}, err
	})
}

func (a *API) ownMerchant(ctx context.Context, _ *struct{}) (*merchantOutput, error) {
	m, err := reached(a.Directory.Merchant(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	readers, err := a.cardReaders(ctx, m)
	if err != nil {
		return nil, err
	}
	out := Merchant{
		Readers: readers,
		ID:      m.ID, Name: m.Name, BusinessNumber: m.BusinessNumber, OwnerName: m.OwnerName, Address: m.Address, Phone: m.Phone,
		TaxType: string(m.TaxType), VATRounding: string(m.Rounding), AuthenticationLevel: string(m.AuthLevel),
		MinimumCardAmount: m.MinCardAmount, SignatureLimit: m.Settings.SignatureLimit, Status: string(m.Status),
		Simulated: a.Simulated, ARSNumber: a.Requests.ARSNumber, Email: a.Receipts.Offers(desk.ByEmail), Kakao: a.Receipts.Offers(desk.ByKakao),
		KakaoShare:   a.Receipts.Kakao.Offered(),
		CashReceipts: a.CashReceipts.Office != nil, CashReceiptDuty: a.CashReceipts.Duty.Binds(m.MCC, taxreceipt.DutyFrom),
	}
	if principal(ctx).Role != merchant.Owner {
		return &merchantOutput{out}, nil
	}
	err = a.withTerms(ctx, &out)
	return &merchantOutput{out}, err
}

// withTerms adds what the owner alone sees: the terms of the contract.
func (a *API) withTerms(ctx context.Context, out *Merchant) error {
	c, err := reached(a.Desk.Contracts.Terms(ctx, merchant.TenantOf(out.ID), clock.DayOf(a.now())))
	if errors.Is(err, contract.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	limits, settlement := limitsView(c), settlementView(c)
	out.Fees, out.FeeVAT, out.Limits, out.Settlement = feesView(c), c.FeeVAT, &limits, &settlement
	out.Contract = &ContractDays{From: c.From, Until: c.Until}
	return nil
}

func (a *API) cardReaders(ctx context.Context, m merchant.Merchant) (CardReaders, error) {
	formats, err := a.Readers.Decrypter.Formats(ctx)
	if err != nil {
		return CardReaders{}, payment.ErrDecrypter.Because(err)
	}
	out := CardReaders{
		PlainTrack: !a.Readers.ForbidPlainTrack && !m.ForbidPlainTrack, Formats: make([]string, 0, len(formats)), ChipFirst: string(m.ChipFirst),
	}
	for _, f := range formats {
		out.Formats = append(out.Formats, string(f))
	}
	return out, nil
}

func (a *API) installments(ctx context.Context, in *installmentsInput) (*installmentsOutput, error) {
	t := principal(ctx).Tenant
	m, err := reached(a.Directory.Merchant(ctx, t))
	if err != nil {
		return nil, err
	}
	rules, err := reached(a.Directory.Installments(ctx, t))
	if err != nil {
		return nil, err
	}
	adapter := ""
	if len(m.Terminals) > 0 {
		adapter = m.Terminals[0].Acquirer
	}
	issuer, name := in.IssuerCode, ""
	if code, known, ok := card.Issuer(in.BIN); ok {
		issuer, name = code, known
	}
	longest, err := a.longestPlan(ctx, t)
	if err != nil {
		return nil, err
	}
	offer := rules.Offer(money.Won(in.Amount), adapter, issuer, clock.DayOf(a.now()))
	out := Installments{IssuerName: name, MinimumAmount: offer.Minimum, Months: make([]InstallmentMonth, 0, len(offer.Months))}
	for _, months := range offer.Months {
		if months > longest {
			break
		}
		out.Months = append(out.Months, InstallmentMonth{Months: months, InterestFree: slices.Contains(offer.InterestFree, months)})
	}
	if len(offer.Months) == 0 {
		out.Reason = "BELOW_MINIMUM_AMOUNT"
	}
	return &installmentsOutput{out}, nil
}

// longestPlan is the longest installment plan that the merchant's contract lets it take.
func (a *API) longestPlan(ctx context.Context, t merchant.Tenant) (int, error) {
	c, err := reached(a.Desk.Contracts.Terms(ctx, t, clock.DayOf(a.now())))
	if errors.Is(err, contract.ErrNone) {
		return merchant.MaxMonths, nil
	}
	return c.Limits.MaxMonths, err
}
