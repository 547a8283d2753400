package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"innopay/clock"
)

// CashSale is a cash sale with its receipt, as a seller at the counter knows it.
type CashSale struct {
	Client    *Client
	PaymentID string
	ReceiptID string
	Amount    int64
	Canceled  bool // all of it was taken back, and the seller was told so
}

// Till takes cash with a receipt, again and again until an answer comes, and takes some
// of it back.
type Till struct {
	Clients []*Client
	Prefix  string // of keys and orders
	Seed    uint64
	Pause   time.Duration // between two tries without an answer

	mu    sync.Mutex
	sales []*CashSale
	errs  []string
}

// Sales lists what was acknowledged.
func (t *Till) Sales() []*CashSale {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]*CashSale(nil), t.sales...)
}

// Complaints are answers that must not be.
func (t *Till) Complaints() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.errs...)
}

// Run sells, width at a time, until ctx ends; what was begun is finished within patience.
func (t *Till) Run(ctx context.Context, width int, patience time.Duration) {
	var all sync.WaitGroup
	for w := range width {
		dice := NewDice(t.Seed + uint64(w))
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
				t.one(last, dice, fmt.Sprintf("%s-%d-%d", t.Prefix, w, n))
				cancel()
				_ = clock.System{}.Sleep(ctx, t.Pause) // the next buyer
			}
		})
	}
	all.Wait()
}

func (t *Till) one(ctx context.Context, dice *Dice, key string) {
	s := &CashSale{Client: t.Clients[dice.Roll(len(t.Clients))], Amount: 1_000 + 100*int64(dice.Roll(90))}
	var paid struct {
		ID          string `json:"id"`
		CashReceipt struct {
			ID string `json:"id"`
		} `json:"cashReceipt"`
	}
	if !t.press(ctx, s.Client, "/v1/payments", key, http.StatusCreated, map[string]any{
		"method": "CASH", "orderId": key, "orderName": "부하 시험", "amount": s.Amount,
		"cash": map[string]any{"received": s.Amount, "receipt": map[string]string{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}},
	}, &paid) {
		return
	}
	s.PaymentID, s.ReceiptID = paid.ID, paid.CashReceipt.ID
	t.mu.Lock()
	t.sales = append(t.sales, s)
	t.mu.Unlock()
	if dice.Roll(4) > 0 {
		return
	}
	var back struct{}
	s.Canceled = t.press(ctx, s.Client, "/v1/payments/"+paid.ID+"/cancel", key, http.StatusOK, map[string]any{
		"reason": "부하 시험", "cancelPassword": s.Client.merchant.CancelPassword,
	}, &back)
}

// press sends until an answer comes, and reads it.
func (t *Till) press(ctx context.Context, c *Client, path, key string, want int, body, into any) bool {
	raw, err := json.Marshal(body)
	if err != nil {
		panic("load: plain data cannot fail to encode: " + err.Error())
	}
	for {
		got, err := c.Do(ctx, http.MethodPost, path, key, raw)
		switch {
		case err == nil && got.Status == want:
			return json.Unmarshal(got.Body, into) == nil
		case err == nil && got.Status < 500 && got.Status != http.StatusTooManyRequests && got.Code() != "CANCEL_PASSWORD_WRONG":
			t.mu.Lock()
			t.errs = append(t.errs, fmt.Sprintf("%s %s was answered %d %s", path, key, got.Status, got.Code()))
			t.mu.Unlock()
			return false
		}
		if (clock.System{}).Sleep(ctx, t.Pause) != nil {
			return false
		}
	}
}

// ReceiptEntry is one line of the office's journal, as the contract says it.
type ReceiptEntry struct {
	Seq            int64  `json:"seq"`
	Type           string `json:"type"`
	ID             string `json:"id"`
	Number         string `json:"number"`
	OriginalNumber string `json:"originalNumber"`
	Amount         int64  `json:"amount"`
	Result         string `json:"result"`
	Repeat         bool   `json:"repeat"`
}

// ReceiptJournal is everything that the office did.
func (s Simulator) ReceiptJournal(ctx context.Context) ([]ReceiptEntry, error) {
	var all []ReceiptEntry
	after := int64(0)
	for {
		b, err := s.call(ctx, http.MethodGet, fmt.Sprintf("/simulator/cash-receipts/journal?after=%d&limit=1000", after), nil)
		if err != nil {
			return nil, err
		}
		var page struct {
			Entries []ReceiptEntry `json:"entries"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return nil, err
		}
		if len(page.Entries) == 0 {
			return all, nil
		}
		all = append(all, page.Entries...)
		after = page.Entries[len(page.Entries)-1].Seq
	}
}

// ScriptOffice has the office misbehave.
func (s Simulator) ScriptOffice(ctx context.Context, dos ...string) error {
	var script []map[string]any
	for _, do := range dos {
		script = append(script, map[string]any{"do": do, "times": 1})
	}
	b, err := json.Marshal(map[string]any{"script": script})
	if err != nil {
		return err
	}
	_, err = s.call(ctx, http.MethodPost, "/simulator/cash-receipts/faults", b)
	return err
}
