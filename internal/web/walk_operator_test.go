package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"innopay/internal/approval"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/money"
)

// goodOperator is a good request of an operator about merchants, people and approvals;
// nil when the operation is another one. The stage has one operator decide alone.
func (s *stage) goodOperator(t *testing.T, f field) *scene {
	t.Helper()
	const one = "/v1/operator/merchants/{merchantId}"
	rest, about := strings.CutPrefix(f.path(), one)
	switch {
	case f.operation == "POST /v1/operator/merchants":
		return s.creation(t)
	case strings.HasPrefix(f.path(), "/v1/operator/approvals/"):
		return s.deciding(t, f)
	case strings.HasPrefix(f.path(), "/v1/operator/operators"):
		return s.operating(t, f)
	case strings.HasPrefix(f.path(), "/v1/operator/adapters/"):
		return &scene{path: map[string]string{"kind": "ACQUIRER", "name": "simulator"}}
	case strings.HasPrefix(f.path(), "/v1/operator/buyers/"):
		return &scene{body: map[string]any{"phone": "010-0000-5678", "mail": "walk@example.com", "reason": "본인 요청"}}
	case !about:
		return nil
	}
	made := func() map[string]string { return s.merchant(t) }
	switch f.method() + " " + rest {
	case "GET ", "GET /contract", "GET /contract/history":
		return &scene{path: made()}
	case "PUT ":
		return &scene{path: made(), body: with(details(), "version", version)}
	case "PUT /terminals":
		return &scene{path: made(), body: map[string]any{"version": version, "terminals": []any{terminal(s.tid())}}}
	case "POST /status":
		return s.again(made(), made, map[string]any{"status": "CLOSED", "reason": "폐업"})
	case "PUT /contract":
		return s.again(made(), made, contractBody())
	case "POST /users/{id}/disable", "POST /users/{id}/enable", "POST /users/{id}/personal-data/export", "POST /users/{id}/personal-data/erase":
		return &scene{path: made(), body: map[string]any{"reason": "분실 신고"}}
	case "DELETE /users/{id}/sessions/{sessionId}":
		return s.again(s.session(t), func() map[string]string { return s.session(t) }, nil)
	case "GET /users", "GET /users/{id}/sessions", "DELETE /users/{id}/sessions":
		return &scene{path: made()}
	}
	return nil
}

// details are a merchant's as an operator sends them.
func details() map[string]any {
	return map[string]any{
		"name": "시험 가게", "businessNumber": "101-81-99993", "ownerName": "시험 대표", "address": "서울특별시 시험구 시험로 1", "phone": "02-000-0001",
		"taxType": "TAXABLE", "vatRounding": "NEAREST", "authenticationLevel": "FULL", "minimumCardAmount": 100, "mcc": "5814",
		"forbidPlainTrack": false, "chipFirst": "ASK",
	}
}

func terminal(tid string) map[string]any {
	return map[string]any{"tid": tid, "mid": "M" + tid, "acquirer": "simulator"}
}

// contractBody asks for the first version of a contract.
func contractBody() map[string]any {
	return map[string]any{
		"version": 0, "effective": "2026-03-02", "from": "2026-03-01", "until": "2027-02-28", "feeVat": true, "reason": "새 계약",
		"fees":       []any{map[string]any{"method": "CARD", "rate": 150}, map[string]any{"method": "CARD", "issuerCode": "11", "cardType": "CHECK", "rate": 85}},
		"limits":     map[string]any{"perPayment": 5_000_000, "perDay": 50_000_000, "perMonth": 500_000_000, "maxInstallmentMonths": 12},
		"settlement": map[string]any{"cycle": 2, "bank": "004", "accountNumber": "123-45-6789012", "holder": "시험 대표"},
	}
}

// tid is a terminal number that nobody has.
func (s *stage) tid() string { return fmt.Sprintf("W%06d", s.orders.Add(1)) }

// merchant is a new one with somebody in it.
func (s *stage) merchant(t *testing.T) map[string]string {
	t.Helper()
	tid := s.tid()
	m, err := s.options.Desk.Create(t.Context(), "test", merchant.NewMerchant{
		Name: "새 가게", BusinessNumber: "1018199993", OwnerName: "새 대표", Address: "서울", Phone: "0200000001", TaxType: money.Taxable, MCC: "5814",
		Terminals: []merchant.Terminal{{TID: tid, MID: "M", Acquirer: "simulator"}},
	})
	must(t, err)
	issued, err := s.registry.CreateUser(t.Context(), "test", m.Tenant(), merchant.NewUser{LoginID: strings.ToLower(tid) + "-staff", Name: "직원", Role: merchant.Staff})
	must(t, err)
	return map[string]string{"merchantId": m.ID, "id": issued.UserID}
}

// session is one of the other shop's staff, just begun.
func (s *stage) session(t *testing.T) map[string]string {
	t.Helper()
	a := s.to("GET", "/v1/sessions/current", nil).cookie(s.login(t, "one-staff")).do().json(t)
	user, _ := a["user"].(map[string]any)
	return map[string]string{"merchantId": s.one.ID, "id": fmt.Sprint(user["id"]), "sessionId": fmt.Sprint(a["id"])}
}

// creation has the new merchant's terminal given back, so that the next one can have it.
func (s *stage) creation(t *testing.T) *scene {
	t.Helper()
	sc := &scene{body: with(details(), "terminals", []any{terminal("WALK")})}
	sc.after = func(a reply) {
		var made struct {
			ID      string
			Version int64
		}
		if a.StatusCode != http.StatusCreated || json.Unmarshal(a.body, &made) != nil {
			return
		}
		if err := s.options.Desk.SetTerminals(t.Context(), "test", merchant.TenantOf(made.ID), made.Version, []merchant.Terminal{{TID: s.tid(), MID: "M", Acquirer: "simulator"}}); err != nil {
			t.Error(err)
		}
	}
	return sc
}

// deciding is about a request that waits: of another operator, or of the caller's own
// where it is taken back.
func (s *stage) deciding(t *testing.T, f field) *scene {
	t.Helper()
	who := "operator-two"
	if strings.HasSuffix(f.path(), "/withdraw") {
		who = "operator"
	}
	asked := func() map[string]string { return map[string]string{"id": s.rig.waiting(t, who).ID} }
	var body map[string]any
	if strings.HasSuffix(f.path(), "/refuse") {
		body = map[string]any{"reason": "근거가 부족해요"}
	}
	return s.again(asked(), asked, body)
}

// waiting is a request for a new operator that one of the two has made.
func (r *rig) waiting(t *testing.T, who string) approval.Approval {
	t.Helper()
	a, _, err := r.byTwo().InviteOperator(t.Context(), r.operatorID(t, who), fmt.Sprintf("new-%06d", r.orders.Add(1)), "새 운영자", "교대 근무")
	must(t, err)
	return a
}

// byTwo is the desk of an installation whose operators decide by two.
func (r *rig) byTwo() *approval.Desk {
	desk := *r.options.Desk
	desk.Service = &approval.Service{Store: r.db, Keys: r.keys, Clock: r.clock, IDs: r.options.IDs}
	desk.Register()
	return &desk
}

func (r *rig) operatorID(t *testing.T, loginID string) string {
	t.Helper()
	users, err := r.registry.Users(t.Context(), merchant.TenantOf(""))
	must(t, err)
	for _, u := range users {
		if u.LoginID == loginID {
			return u.ID
		}
	}
	t.Fatalf("no operator %s", loginID)
	return ""
}

// operating is about operators.
func (s *stage) operating(t *testing.T, f field) *scene {
	t.Helper()
	switch f.operation {
	case "POST /v1/operator/operators":
		return &scene{body: map[string]any{"loginId": "walk-operator", "name": "새 운영자", "reason": "교대 근무"}}
	case "POST /v1/operator/operators/{id}/disable", "POST /v1/operator/operators/{id}/enable":
		issued, err := s.registry.CreateOperatorCode(t.Context(), "test", fmt.Sprintf("new-%06d", s.orders.Add(1)), "새 운영자")
		must(t, err)
		sc := &scene{path: map[string]string{"id": issued.UserID}, body: map[string]any{"reason": "퇴사"}}
		disabled := func() {
			_, err := s.options.Desk.SetOperator(t.Context(), "test", issued.UserID, merchant.UserDisabled, "퇴사")
			must(t, err)
		}
		if strings.HasSuffix(f.path(), "/enable") {
			disabled()
			sc.after = func(reply) { disabled() }
		}
		return sc
	}
	return nil
}

// agreed gives a shop one more version of its contract, that holds now, whatever waits
// for an approval.
func (r *rig) agreed(t *testing.T, s shop, l contract.Limits) {
	t.Helper()
	present, err := r.options.Desk.Contracts.Latest(t.Context(), s.Tenant())
	must(t, err)
	must(t, r.db.ApprovalTx(t.Context(), func(ctx context.Context, tx approval.Tx) error {
		_, err := r.options.Desk.Contracts.Write(ctx, tx, "test", s.Tenant(), contract.Draft{
			Version: present.Version, Effective: "2026-03-02", From: "2026-03-01", Fees: []contract.Fee{{Method: contract.Card, Rate: 150}}, FeeVAT: true,
			Limits: l, Cycle: 2, Account: &contract.Account{Bank: "004", Number: "1234567890123", Holder: "시험 대표"},
		})
		return err
	}))
}
