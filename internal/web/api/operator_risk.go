package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/risk"
	"innopay/internal/web/problem"
	"innopay/money"
)

// RiskRuleRequest is a rule as an operator writes it.
type RiskRuleRequest struct {
	MerchantID    string `json:"merchantId,omitempty" maxLength:"64" doc:"Absent: of every merchant"`
	Name          string `json:"name" doc:"1 to 100 characters"`
	Kind          string `json:"kind" enum:"PAYMENT_AMOUNT,CARD_VELOCITY,MERCHANT_VELOCITY,CARD_DECLINES,NIGHT"`
	Action        string `json:"action" enum:"REFUSE,REVIEW" doc:"REFUSE: the payment is not begun, RISK_REFUSED. REVIEW: it passes and is marked"`
	Enabled       bool   `json:"enabled"`
	MostAmount    int64  `json:"mostAmount,omitempty" minimum:"0" maximum:"1000000000000" doc:"Won. PAYMENT_AMOUNT, NIGHT: more than this in one payment; velocities: in the window. 0: no such limit"`
	MostCount     int64  `json:"mostCount,omitempty" minimum:"0" maximum:"1000000" doc:"Velocities: payments in the window. CARD_DECLINES: so many declines stop the card"`
	WindowSeconds int64  `json:"windowSeconds,omitempty" minimum:"0" maximum:"604800" doc:"Of velocities and declines: 60 to 604,800. It moves on by a twelfth of itself"`
	From          string `json:"from,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"NIGHT: time of the day in Seoul, included"`
	Until         string `json:"until,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"NIGHT: not included; before from: over midnight"`
}

// RiskRuleChange is a rule with why.
type RiskRuleChange struct {
	RiskRuleRequest
	Version int64  `json:"version,omitempty" doc:"Of a rule that is changed: the one that was read"`
	Reason  string `json:"reason" doc:"1 to 200 characters, kept in the audit"`
}

// RiskRule is a rule that stands.
type RiskRule struct {
	_  struct{} `additionalProperties:"true"`
	ID string   `json:"id"`
	RiskRuleRequest
	CreatedAt string `json:"createdAt" format:"date-time"`
	CreatedBy string `json:"createdBy"`
	UpdatedAt string `json:"updatedAt" format:"date-time"`
	Version   int64  `json:"version"`
}

// RiskRuleList are all of them.
type RiskRuleList struct {
	_     struct{}   `additionalProperties:"true"`
	Rules []RiskRule `json:"rules" nullable:"false"`
}

// TrialRequest is a rule to try.
type TrialRequest struct {
	Rule RiskRuleRequest `json:"rule"`
	Days int             `json:"days" minimum:"1" maximum:"7"`
}

// TrialHit is a payment that the rule would have found.
type TrialHit struct {
	_          struct{}  `additionalProperties:"true"`
	MerchantID string    `json:"merchantId"`
	PaymentID  string    `json:"paymentId"`
	At         string    `json:"at" format:"date-time"`
	Amount     money.Won `json:"amount"`
}

// TrialResult is what a rule would have done.
type TrialResult struct {
	_        struct{}   `additionalProperties:"true"`
	From     string     `json:"from" format:"date-time"`
	To       string     `json:"to" format:"date-time"`
	Examined int64      `json:"examined" doc:"Card payments that were looked at"`
	Found    int64      `json:"found" doc:"That the rule would have refused or marked"`
	Amount   money.Won  `json:"amount" doc:"Of those"`
	Payments []TrialHit `json:"payments" nullable:"false" doc:"The first 200 of them"`
	Exact    bool       `json:"exact" doc:"false: some cards were told apart by their first six and last four digits only, so that found may be too high"`
	Whole    bool       `json:"whole" doc:"false: time or memory ran out, and to says how far it came"`
}

// RiskBlockRequest names one thing to block: a card by its number, which is hashed at
// once and kept nowhere, or by a payment; a range; or a telephone number.
type RiskBlockRequest struct {
	Number     string `json:"number,omitempty" maxLength:"30" doc:"Card number"`
	MerchantID string `json:"merchantId,omitempty" maxLength:"64" doc:"With paymentId"`
	PaymentID  string `json:"paymentId,omitempty" maxLength:"64" doc:"The card of this payment; 409 CARD_NOT_KEPT where no hash of it is on record"`
	BIN        string `json:"bin,omitempty" pattern:"^([0-9]{6}|[0-9]{8})$" doc:"First six or eight digits"`
	Phone      string `json:"phone,omitempty" maxLength:"20"`
	Until      string `json:"until,omitempty" format:"date-time" doc:"From then on it stops nothing. Absent: it stays until it is lifted"`
	Reason     string `json:"reason" doc:"1 to 200 characters, kept with the block and in the audit"`
}

// RiskBlock is what is blocked.
type RiskBlock struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id"`
	Kind      string   `json:"kind" enum:"CARD,BIN,PHONE"`
	Label     string   `json:"label" doc:"Masked"`
	Reason    string   `json:"reason"`
	CreatedAt string   `json:"createdAt" format:"date-time"`
	CreatedBy string   `json:"createdBy"`
	Until     string   `json:"until,omitempty" format:"date-time" doc:"From then on it stops nothing. Absent: it stays until it is lifted"`
	Ended     bool     `json:"ended" doc:"It has ended by itself; the same may be blocked again"`
}

// RiskBlockList is one page.
type RiskBlockList struct {
	_          struct{}    `additionalProperties:"true"`
	Blocks     []RiskBlock `json:"blocks" nullable:"false" doc:"Newest first"`
	NextCursor string      `json:"nextCursor,omitempty"`
}

// RiskReview is a payment that a rule or block refused or marked.
type RiskReview struct {
	_            struct{}  `additionalProperties:"true"`
	ID           string    `json:"id"`
	MerchantID   string    `json:"merchantId"`
	MerchantName string    `json:"merchantName"`
	Action       string    `json:"action" enum:"REFUSE,REVIEW"`
	RuleID       string    `json:"ruleId,omitempty"`
	BlockID      string    `json:"blockId,omitempty"`
	Name         string    `json:"name" doc:"Of the rule as it was, or the block's label"`
	PaymentID    string    `json:"paymentId" doc:"Of a refused one: no such payment exists"`
	Amount       money.Won `json:"amount"`
	Channel      string    `json:"channel"`
	MaskedCard   string    `json:"maskedCard"`
	At           string    `json:"at" format:"date-time"`
	ReviewedAt   string    `json:"reviewedAt,omitempty" format:"date-time"`
	ReviewedBy   string    `json:"reviewedBy,omitempty"`
	Note         string    `json:"note,omitempty"`
}

// RiskReviewList is one page.
type RiskReviewList struct {
	_          struct{}     `additionalProperties:"true"`
	Reviews    []RiskReview `json:"reviews" nullable:"false" doc:"Newest first"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

type riskRuleInput struct{ Body RiskRuleChange }

type riskRuleChangeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body RiskRuleChange
}

type riskRemoval struct {
	ID      string `path:"id" maxLength:"64"`
	Version int64  `query:"version" required:"true" doc:"The one that was read"`
	Reason  string `query:"reason" required:"true" maxLength:"200" doc:"1 to 200 characters, kept in the audit"`
}

type riskUnblock struct {
	ID     string `path:"id" maxLength:"64"`
	Reason string `query:"reason" required:"true" maxLength:"200" doc:"1 to 200 characters, kept in the audit"`
}

type trialInput struct{ Body TrialRequest }

type riskBlockInput struct{ Body RiskBlockRequest }

type riskBlocksInput struct {
	Kind   string `query:"kind" enum:"CARD,BIN,PHONE"`
	Q      string `query:"q" maxLength:"50" pattern:"^([^0-9]|[0-9]{1,11}([^0-9]|$))*$" doc:"Part of the masked label or of the reason. Never a whole card number: twelve digits in a row are refused"`
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type riskReviewsInput struct {
	MerchantID string `query:"merchantId" maxLength:"64"`
	Action     string `query:"action" enum:"REFUSE,REVIEW"`
	Rule       string `query:"rule" maxLength:"64" doc:"Id of a rule"`
	Open       bool   `query:"open" doc:"Only those that nobody has looked at"`
	Cursor     string `query:"cursor" maxLength:"100"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type riskRuleOutput struct{ Body RiskRule }

type riskRulesOutput struct{ Body RiskRuleList }

type trialOutput struct{ Body TrialResult }

type riskBlockOutput struct{ Body RiskBlock }

type riskBlocksOutput struct{ Body RiskBlockList }

type riskReviewsOutput struct{ Body RiskReviewList }

func (a *API) registerRisk() {
	of := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/operator/risk/" + path, Tags: operatorTag, Summary: summary}
	}
	manage := access{permission: merchant.RiskManage}
	add(a, manage, of("listRiskRules", http.MethodGet, "rules", "Rules against risk"), func(ctx context.Context, _ *struct{}) (*riskRulesOutput, error) {
		rules, err := a.Risk.Rules(ctx)
		return &riskRulesOutput{RiskRuleList{Rules: views(rules, ruleView)}}, err
	})
	made := of("createRiskRule", http.MethodPost, "rules", "Add a rule")
	made.DefaultStatus = http.StatusCreated
	made.Description = "It holds at once here, and within five seconds on other instances."
	add(a, manage, made, a.createRule)
	add(a, manage, of("changeRiskRule", http.MethodPut, "rules/{id}", "Change a rule"), a.changeRule)
	gone := of("deleteRiskRule", http.MethodDelete, "rules/{id}", "Remove a rule")
	gone.DefaultStatus = http.StatusNoContent
	add(a, manage, gone, func(ctx context.Context, in *riskRemoval) (*struct{}, error) {
		who := act(ctx, in.Reason)
		if err := who.Check(); err != nil {
			return nil, err
		}
		return nil, a.Risk.DeleteRule(ctx, in.ID, in.Version, a.Oversight.Written(who, merchant.Tenant{}, "operator.risk_rule_deleted", in.ID, nil))
	})
	add(a, manage, of("tryRiskRule", http.MethodPost, "rules/trial", "What a rule would have done in the last days"), a.tryRule)
	a.registerRiskBlocks(of, manage)
	add(a, manage, of("listRiskReviews", http.MethodGet, "reviews", "Payments that a rule or block refused or marked"), a.listReviews)
	add(a, manage, of("reviewRisk", http.MethodPost, "reviews/{merchantId}/{id}", "Note that somebody has looked"), func(ctx context.Context, in *reasonInput) (*struct{}, error) {
		who := act(ctx, in.Body.Reason)
		if err := who.Check(); err != nil {
			return nil, err
		}
		t := merchant.TenantOf(in.MerchantID)
		return nil, a.Risk.Reviewed(ctx, risk.Review{MerchantID: t.ID(), ID: in.ID, Note: strings.TrimSpace(in.Body.Reason)},
			a.Oversight.Written(who, t, "operator.risk_reviewed", in.ID, nil))
	})
}

func (a *API) registerRiskBlocks(of func(id, method, path, summary string) huma.Operation, manage access) {
	add(a, manage, of("listRiskBlocks", http.MethodGet, "blocks", "Cards, ranges and numbers that are never taken"), a.listBlocks)
	made := of("createRiskBlock", http.MethodPost, "blocks", "Block a card, a range or a number")
	made.DefaultStatus = http.StatusCreated
	add(a, manage, made, a.createBlock)
	gone := of("deleteRiskBlock", http.MethodDelete, "blocks/{id}", "Lift a block")
	gone.DefaultStatus = http.StatusNoContent
	add(a, manage, gone, func(ctx context.Context, in *riskUnblock) (*struct{}, error) {
		who := act(ctx, in.Reason)
		if err := who.Check(); err != nil {
			return nil, err
		}
		return nil, a.Risk.DeleteBlock(ctx, in.ID, a.Oversight.Written(who, merchant.Tenant{}, "operator.risk_block_deleted", in.ID, nil))
	})
}

// rule is the rule as its feature takes it.
func (b RiskRuleRequest) rule() risk.Rule {
	return risk.Rule{
		MerchantID: b.MerchantID, Name: strings.TrimSpace(b.Name), Kind: risk.Kind(b.Kind), Action: risk.Action(b.Action), Enabled: b.Enabled,
		MostAmount: money.Won(b.MostAmount), MostCount: b.MostCount, Window: time.Duration(b.WindowSeconds) * time.Second,
		From: minuteOf(b.From), Until: minuteOf(b.Until),
	}
}

// minuteOf is the minute of a day, 0 where none is given; the schema has seen to its form.
func minuteOf(s string) int {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0
	}
	return t.Hour()*60 + t.Minute()
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func ruleView(r risk.Rule) RiskRule {
	v := RiskRule{
		ID: r.ID, RiskRuleRequest: RiskRuleRequest{
			MerchantID: r.MerchantID, Name: r.Name, Kind: string(r.Kind), Action: string(r.Action), Enabled: r.Enabled, MostAmount: int64(r.MostAmount),
			MostCount: r.MostCount, WindowSeconds: int64(r.Window / time.Second),
		},
		CreatedAt: instant(r.CreatedAt), CreatedBy: r.CreatedBy, UpdatedAt: instant(r.UpdatedAt), Version: r.Version,
	}
	if r.Kind == risk.Night {
		v.From, v.Until = clockOf(r.From), clockOf(r.Until)
	}
	return v
}

// knownMerchant sees that a rule is of a merchant that is there.
func (a *API) knownMerchant(ctx context.Context, merchantID string) error {
	if merchantID == "" {
		return nil
	}
	name, err := a.Oversight.MerchantName(ctx, merchant.TenantOf(merchantID))
	if err == nil && name == "" {
		err = problem.InvalidField("/merchantId", "UNKNOWN_MERCHANT")
	}
	return err
}

func (a *API) createRule(ctx context.Context, in *riskRuleInput) (*riskRuleOutput, error) {
	rec, err := a.ruleRecord(ctx, in.Body, "operator.risk_rule_created")
	if err != nil {
		return nil, err
	}
	r, err := a.Risk.CreateRule(ctx, in.Body.rule(), rec)
	return &riskRuleOutput{ruleView(r)}, err
}

func (a *API) changeRule(ctx context.Context, in *riskRuleChangeInput) (*riskRuleOutput, error) {
	rec, err := a.ruleRecord(ctx, in.Body, "operator.risk_rule_changed")
	if err != nil {
		return nil, err
	}
	r := in.Body.rule()
	r.ID, r.Version = in.ID, in.Body.Version
	r, err = a.Risk.ChangeRule(ctx, r, rec)
	return &riskRuleOutput{ruleView(r)}, err
}

// under names the fields of a fault below a part of the body.
func under(part string, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	below := *f
	below.Fields = nil
	out := &below
	for _, w := range f.Fields {
		out = out.WithField(part+w.Path, w.Code, w.Message)
	}
	return out
}

// tryRule is a read: nothing is changed or written down.
func (a *API) tryRule(ctx context.Context, in *trialInput) (*trialOutput, error) {
	if err := a.knownMerchant(ctx, in.Body.Rule.MerchantID); err != nil {
		return nil, under("/rule", err)
	}
	t, err := a.Risk.Try(ctx, in.Body.Rule.rule(), in.Body.Days)
	if err != nil {
		return nil, under("/rule", err)
	}
	return &trialOutput{TrialResult{
		From: instant(t.From), To: instant(t.To), Examined: t.Examined, Found: t.Found, Amount: t.Amount, Exact: t.Exact, Whole: t.Whole,
		Payments: views(t.Hits, func(h risk.Hit) TrialHit {
			return TrialHit{MerchantID: h.MerchantID, PaymentID: h.PaymentID, At: instant(h.At), Amount: h.Amount}
		}),
	}}, nil
}

func (a *API) listReviews(ctx context.Context, in *riskReviewsInput) (*riskReviewsOutput, error) {
	f := risk.ReviewFilter{MerchantID: in.MerchantID, Action: risk.Action(in.Action), RuleID: in.Rule, Open: in.Open}
	var err error
	if f.Before, err = decodeCursor(id.Review, in.Cursor); err != nil {
		return nil, err
	}
	rows, more, err := a.Risk.Reviews(ctx, f, in.Limit)
	return &riskReviewsOutput{RiskReviewList{
		Reviews: views(rows, reviewView), NextCursor: following(rows, more, func(r risk.Review) string { return r.ID }),
	}}, err
}

func reviewView(r risk.Review) RiskReview {
	return RiskReview{
		ID: r.ID, MerchantID: r.MerchantID, MerchantName: r.MerchantName, Action: string(r.Action), RuleID: r.RuleID, BlockID: r.BlockID, Name: r.Name,
		PaymentID: r.PaymentID, Amount: r.Amount, Channel: string(r.Channel), MaskedCard: r.BIN + "******" + r.Last4, At: instant(r.At),
		ReviewedAt: instant(r.ReviewedAt), ReviewedBy: r.ReviewedBy, Note: r.Note,
	}
}
