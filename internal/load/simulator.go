package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Entry is one line of the acquirer's journal, as the contract says it.
type Entry struct {
	Seq               int64     `json:"seq"`
	At                time.Time `json:"at"`
	Type              string    `json:"type"`
	AttemptID         string    `json:"attemptId"`
	OriginalAttemptID string    `json:"originalAttemptId"`
	MerchantID        string    `json:"merchantId"`
	Amount            int64     `json:"amount"`
	ApprovalNumber    string    `json:"approvalNumber"`
	Result            string    `json:"result"`
	Answered          bool      `json:"answered"`
	Repeat            bool      `json:"repeat"`
}

// Did reports whether the entry changed the acquirer's books.
func (e Entry) Did() bool { return e.Result == "APPROVED" && !e.Repeat }

// Fault is one step of the acquirer's fault script.
type Fault struct {
	On      string `json:"on"`
	Do      string `json:"do"`
	AfterMs int    `json:"afterMs"`
	Times   int    `json:"times"`
}

// Dos are the faults of the contract.
var Dos = []string{
	"TIMEOUT", "GARBAGE", "HALF_CLOSE", "RESET", "FOREIGN", "WRONG_AMOUNT", "LATE", "DUPLICATE", "DROP", "DECLINE", "NO_ORIGINAL", "DELAY",
}

// Simulator is the acquirer's control over HTTP (contract, simulatorUrl).
type Simulator struct{ URL string }

func (s Simulator) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("load: simulator answered %d to %s %s: %s", resp.StatusCode, method, path, b)
	}
	return b, err
}

// journalPage is how many entries one request asks for.
const journalPage = 1000

// Journal reads every entry after the given one.
func (s Simulator) Journal(ctx context.Context, after int64) ([]Entry, error) {
	var all []Entry
	for {
		b, err := s.call(ctx, http.MethodGet, "/simulator/acquirer/journal?limit="+strconv.Itoa(journalPage)+"&after="+strconv.FormatInt(after, 10), nil)
		if err != nil {
			return nil, err
		}
		var page struct {
			Entries []Entry `json:"entries"`
		}
		if err := json.Unmarshal(b, &page); err != nil {
			return nil, fmt.Errorf("load: journal: %w", err)
		}
		if len(page.Entries) == 0 {
			return all, nil
		}
		all = append(all, page.Entries...)
		after = all[len(all)-1].Seq
	}
}

// Last is the seq of the newest entry, 0 when there is none.
func (s Simulator) Last(ctx context.Context, after int64) (int64, error) {
	all, err := s.Journal(ctx, after)
	if err != nil || len(all) == 0 {
		return after, err
	}
	return all[len(all)-1].Seq, nil
}

// Script adds faults behind those that still wait.
func (s Simulator) Script(ctx context.Context, faults ...Fault) error {
	b, err := json.Marshal(map[string][]Fault{"script": faults})
	if err == nil {
		_, err = s.call(ctx, http.MethodPost, "/simulator/acquirer/faults", b)
	}
	return err
}

// Clear removes every fault that still waits.
func (s Simulator) Clear(ctx context.Context) error {
	_, err := s.call(ctx, http.MethodDelete, "/simulator/acquirer/faults", nil)
	return err
}

// Capture captures the day.
func (s Simulator) Capture(ctx context.Context) error {
	_, err := s.call(ctx, http.MethodPost, "/simulator/acquirer/capture", nil)
	return err
}
