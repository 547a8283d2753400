package load

import "encoding/json"

// Payment is a payment as the contract says it, as far as checks need it.
type Payment struct {
	ID            string   `json:"id"`
	MerchantID    string   `json:"merchantId"`
	Method        string   `json:"method"`
	Status        string   `json:"status"`
	OrderID       string   `json:"orderId"`
	Amount        int64    `json:"amount"`
	BalanceAmount int64    `json:"balanceAmount"`
	Card          Card     `json:"card"`
	Failure       Failure  `json:"failure"`
	Cancels       []Refund `json:"cancels"`
}

// Card is what is shown of a card.
type Card struct {
	ApprovalNumber string `json:"approvalNumber"`
}

// Failure is why a payment or cancel did not go through.
type Failure struct {
	Code string `json:"code"`
}

// Refund is one cancel of a payment.
type Refund struct {
	ID     string `json:"id"`
	Amount int64  `json:"amount"`
	Kind   string `json:"kind"`
	Status string `json:"status"`
}

// Live reports whether the payment is a sale, whatever was cancelled of it since.
func (p Payment) Live() bool {
	return p.Status == "DONE" || p.Status == "PARTIAL_CANCELED" || p.Status == "CANCELED"
}

// Settled reports whether neither the payment nor a cancel of it waits for its outcome.
func (p Payment) Settled() bool {
	if p.Status == "IN_PROGRESS" || p.Status == "UNKNOWN" {
		return false
	}
	for _, c := range p.Cancels {
		if c.Status == "IN_PROGRESS" || c.Status == "UNKNOWN" {
			return false
		}
	}
	return true
}

// Canceled is the sum of the cancels that were done.
func (p Payment) Canceled() int64 {
	var sum int64
	for _, c := range p.Cancels {
		if c.Status == "DONE" {
			sum += c.Amount
		}
	}
	return sum
}

// problem is the contract's error.
type problem struct {
	Code string `json:"code"`
}

// Answer is what a server said.
type Answer struct {
	Status int
	Body   []byte
}

// Payment reads the body as a payment.
func (a Answer) Payment() (Payment, error) {
	var p Payment
	err := json.Unmarshal(a.Body, &p)
	return p, err
}

// Code is the code of a problem, empty for every other answer.
func (a Answer) Code() string {
	var p problem
	if a.Status < 400 || json.Unmarshal(a.Body, &p) != nil {
		return ""
	}
	return p.Code
}
