package truth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"innopay/internal/load"
)

// receipt is a cash receipt as the contract says it.
type receipt struct {
	ID            string `json:"id"`
	Status        string `json:"status"`
	IssueNumber   string `json:"issueNumber"`
	Amount        int64  `json:"amount"`
	BalanceAmount int64  `json:"balanceAmount"`
	Cancels       []struct {
		Status string `json:"status"`
	} `json:"cancels"`
}

// settled reports whether neither the receipt nor a cancel of it is under way.
func (r receipt) settled() bool {
	for _, c := range r.Cancels {
		if c.Status == "REQUESTED" || c.Status == "UNKNOWN" {
			return false
		}
	}
	return r.Status == "CONFIRMED" || r.Status == "CANCELED"
}

// CashReceipts waits until the receipts of all sales have ended, and compares them with
// the office's journal: each issued once, of its amount, and nothing else issued.
func CashReceipts(ctx context.Context, s load.Simulator, sales []*load.CashSale) ([]string, error) {
	var f faults
	ours := map[string]receipt{} // by number
	for _, sale := range sales {
		r, err := ended(ctx, sale)
		if err != nil {
			return f, fmt.Errorf("receipt %s: %w", sale.ReceiptID, err)
		}
		if r.Amount != sale.Amount || sale.Canceled != (r.BalanceAmount == 0) {
			f.add("receipt %s of %d won is %s over %d with %d left; cancelled: %t", r.ID, sale.Amount, r.Status, r.Amount, r.BalanceAmount, sale.Canceled)
		}
		if r.IssueNumber != "" {
			ours[r.IssueNumber] = r
		}
	}
	journal, err := s.ReceiptJournal(ctx)
	if err != nil {
		return f, err
	}
	issued := map[string]int{}
	for _, e := range journal {
		if e.Result != "ISSUED" {
			continue
		}
		issued[e.Type+" "+e.ID]++
		if e.Type != "ISSUE" {
			continue
		}
		r, known := ours[e.Number]
		if !known || !strings.HasSuffix(r.ID, e.ID) || r.Amount != e.Amount {
			f.add("the office issued %s for %s of %d won, which is no receipt of ours: %+v", e.Number, e.ID, e.Amount, r)
		}
	}
	for id, n := range issued {
		if n != 1 {
			f.add("%s was issued %d times", id, n)
		}
	}
	if len(ours) == 0 {
		f.add("the sales show nothing: no receipt was issued")
	}
	return f, nil
}

// ended reads a receipt when nothing of it is under way.
func ended(ctx context.Context, sale *load.CashSale) (receipt, error) {
	for {
		var r receipt
		got, err := sale.Client.Do(ctx, http.MethodGet, "/v1/cash-receipts/"+url.PathEscape(sale.ReceiptID), "", nil)
		if err == nil && got.Status != http.StatusOK {
			return r, fmt.Errorf("it was acknowledged and answers %d %s", got.Status, got.Code())
		}
		if err == nil {
			err = json.Unmarshal(got.Body, &r)
		}
		if err != nil || r.settled() {
			return r, err
		}
		if err := pause(ctx); err != nil {
			return r, fmt.Errorf("%s with cancels %+v: %w", r.Status, r.Cancels, err)
		}
	}
}
