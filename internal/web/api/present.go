package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/money"
)

// Item is one line of what was sold.
type Item struct {
	ProductID string    `json:"productId,omitempty" doc:"Product of the catalog, if any"`
	Name      string    `json:"name"`
	UnitPrice money.Won `json:"unitPrice" doc:"Won"`
	Quantity  int64     `json:"quantity"`
	Discount  money.Won `json:"discount,omitempty" doc:"Won, off the whole line"`
	TaxFree   bool      `json:"taxFree,omitempty"`
}

// Buyer is the buyer as typed.
type Buyer struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty" doc:"Digits; hyphens and blanks are dropped"`
	Email string `json:"email,omitempty"`
}

// PaymentCard is what may be shown of a card.
type PaymentCard struct {
	_                 struct{} `additionalProperties:"true"`
	MaskedNumber      string   `json:"maskedNumber" example:"411111******1111"`
	IssuerCode        string   `json:"issuerCode,omitempty"`
	IssuerName        string   `json:"issuerName,omitempty"`
	AcquirerCode      string   `json:"acquirerCode,omitempty"`
	AcquirerName      string   `json:"acquirerName,omitempty"`
	Type              string   `json:"type,omitempty" enum:"CREDIT,CHECK,GIFT"`
	InstallmentMonths int      `json:"installmentMonths" doc:"0 is a lump sum"`
	InterestFree      bool     `json:"interestFree"`
	ApprovalNumber    string   `json:"approvalNumber,omitempty"`
	Entry             string   `json:"entry" enum:"KEY_IN,SWIPE,ARS"`
}

// PaymentCash is what passed over the counter.
type PaymentCash struct {
	_        struct{}  `additionalProperties:"true"`
	Received money.Won `json:"received"`
	Change   money.Won `json:"change"`
}

// ReceiptRef is a cash receipt as far as its payment tells.
type ReceiptRef struct {
	_      struct{} `additionalProperties:"true"`
	ID     string   `json:"id"`
	Status string   `json:"status" enum:"REQUESTED,ISSUED,CONFIRMED,REJECTED,CANCELED,UNKNOWN"`
}

// Failure is why a payment or cancel did not go through.
type Failure struct {
	_       struct{} `additionalProperties:"true"`
	Code    string   `json:"code" doc:"Stable, UPPER_SNAKE" example:"CARD_DECLINED_LIMIT"`
	Message string   `json:"message" doc:"Korean, for people"`
}

// Cancel is one taking back of a payment or of a part of it.
type Cancel struct {
	_             struct{}  `additionalProperties:"true"`
	ID            string    `json:"id"`
	Amount        money.Won `json:"amount"`
	TaxFreeAmount money.Won `json:"taxFreeAmount"`
	ServiceFee    money.Won `json:"serviceFee"`
	VAT           money.Won `json:"vat"`
	Reason        string    `json:"reason"`
	Kind          string    `json:"kind" enum:"VOID,REFUND"`
	Status        string    `json:"status" enum:"IN_PROGRESS,DONE,FAILED,UNKNOWN"`
	RequestedAt   string    `json:"requestedAt" format:"date-time"`
	CanceledAt    string    `json:"canceledAt,omitempty" format:"date-time"`
	CancelNumber  string    `json:"cancelNumber,omitempty"`
	Failure       *Failure  `json:"failure,omitempty"`
}

// Payment is one row of the history (contract).
type Payment struct {
	_                struct{}     `additionalProperties:"true"`
	ID               string       `json:"id" example:"pay_01ja2b3c4d5e6f7g8h9jakbmcn"`
	MerchantID       string       `json:"merchantId"`
	Method           string       `json:"method" enum:"CARD,CASH"`
	Channel          string       `json:"channel" enum:"CARD,SMS,ARS,CASH"`
	Status           string       `json:"status" enum:"READY,IN_PROGRESS,UNKNOWN,DONE,PARTIAL_CANCELED,CANCELED,ABORTED,EXPIRED"`
	AcquireStatus    string       `json:"acquireStatus,omitempty" enum:"READY,REQUESTED,COMPLETED,CANCEL_REQUESTED,CANCELED" doc:"Of cards; present once approved"`
	OrderID          string       `json:"orderId"`
	OrderName        string       `json:"orderName"`
	Amount           money.Won    `json:"amount" doc:"The whole sum in won; suppliedAmount + vat + taxFreeAmount + serviceFee"`
	BalanceAmount    money.Won    `json:"balanceAmount" doc:"Neither cancelled nor reserved by a cancel under way"`
	SuppliedAmount   money.Won    `json:"suppliedAmount"`
	VAT              money.Won    `json:"vat"`
	TaxFreeAmount    money.Won    `json:"taxFreeAmount"`
	ServiceFee       money.Won    `json:"serviceFee"`
	Items            []Item       `json:"items,omitempty" nullable:"false"`
	Buyer            *Buyer       `json:"buyer,omitempty"`
	StaffID          string       `json:"staffId,omitempty" doc:"User or key that took it; GET /v1/staff names the users"`
	RequestedAt      string       `json:"requestedAt" format:"date-time"`
	ApprovedAt       string       `json:"approvedAt,omitempty" format:"date-time"`
	SignatureMissing bool         `json:"signatureMissing"`
	Card             *PaymentCard `json:"card,omitempty"`
	Cash             *PaymentCash `json:"cash,omitempty" doc:"Of a cash payment"`
	CashReceipt      *ReceiptRef  `json:"cashReceipt,omitempty" doc:"Its cash receipt, if it has one"`
	Failure          *Failure     `json:"failure,omitempty"`
	Cancels          []Cancel     `json:"cancels" nullable:"false" doc:"Oldest first"`
	ReceiptURL       string       `json:"receiptUrl,omitempty" format:"uri" doc:"The buyer's receipt; present once approved"`
}

// Presenter turns payments into what the API shows. Safe for concurrent use.
type Presenter struct {
	Links       receipt.Links
	Clock       clock.Clock
	CaptureHour int // hour in Seoul at which the acquirer captures the business day
}

// Render is the JSON of a payment: the body of an answer, frozen for replays. The
// daemon hands it to payment.Options.
func (s *Presenter) Render(p payment.Payment) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s.View(p)); err != nil {
		return nil, fmt.Errorf("api: payment %s: %w", p.ID, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// View is a payment as the API shows it now.
func (s *Presenter) View(p payment.Payment) Payment {
	v := Payment{
		ID: p.ID, MerchantID: p.MerchantID, Method: string(p.Method), Channel: string(p.Channel), Status: string(p.Status),
		AcquireStatus: string(p.AcquiredAt(s.Clock.Now(), s.CaptureHour)),
		OrderID:       p.OrderID, OrderName: p.OrderName, Amount: p.Split.Amount, BalanceAmount: p.Balance.Amount,
		SuppliedAmount: p.Split.Supplied, VAT: p.Split.VAT, TaxFreeAmount: p.Split.TaxFree, ServiceFee: p.Split.ServiceFee,
		StaffID: p.StaffID, RequestedAt: instant(p.RequestedAt), ApprovedAt: instant(p.ApprovedAt), SignatureMissing: p.SignatureMissing,
		Cancels: make([]Cancel, 0, len(p.Cancels)),
	}
	for _, it := range p.Items {
		v.Items = append(v.Items, Item(it))
	}
	if p.Buyer != (payment.Buyer{}) {
		b := Buyer(p.Buyer)
		v.Buyer = &b
	}
	// What a request keeps of a card that was declined says nothing of how it will be paid.
	waits := p.Status == payment.Ready
	if !waits {
		v.Failure = failure(p.Failure)
	}
	if !waits && p.Status != payment.Expired && p.Method == payment.ByCard && p.Card.Last4 != "" {
		v.Card = cardView(p)
	}
	if p.Method == payment.ByCash {
		v.Cash = &PaymentCash{Received: p.CashReceived, Change: p.CashReceived - p.Split.Amount}
	}
	if p.CashReceipt.ID != "" {
		v.CashReceipt = &ReceiptRef{ID: p.CashReceipt.ID, Status: p.CashReceipt.Status}
	}
	for _, c := range p.Cancels {
		v.Cancels = append(v.Cancels, cancelView(c))
	}
	if p.Status.Approved() {
		v.ReceiptURL = s.Links.URL(p)
	}
	return v
}

func cardView(p payment.Payment) *PaymentCard {
	return &PaymentCard{
		MaskedNumber: p.Card.Masked(), IssuerCode: p.Card.IssuerCode, IssuerName: p.Card.IssuerName,
		AcquirerCode: p.Card.AcquirerCode, AcquirerName: p.Card.AcquirerName, Type: p.Card.Type,
		InstallmentMonths: p.InstallmentMonths, InterestFree: p.InterestFree,
		ApprovalNumber: p.Card.ApprovalNumber, Entry: p.Card.Entry,
	}
}

func cancelView(c payment.Cancel) Cancel {
	return Cancel{
		ID: c.ID, Amount: c.Split.Amount, TaxFreeAmount: c.Split.TaxFree, ServiceFee: c.Split.ServiceFee, VAT: c.Split.VAT,
		Reason: c.Reason, Kind: c.Kind, Status: string(c.Status), RequestedAt: instant(c.RequestedAt),
		CanceledAt: instant(c.CanceledAt), CancelNumber: c.CancelNumber, Failure: failure(c.Failure),
	}
}

func failure(f payment.Failure) *Failure {
	if f.Code == "" {
		return nil
	}
	return &Failure{Code: f.Code, Message: f.Message}
}

// instant is RFC 3339 with Seoul's offset, empty for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Seoul).Format("2006-01-02T15:04:05.000-07:00")
}
