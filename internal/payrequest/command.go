package payrequest

import (
	"time"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Create asks for a request. The fields are those of a payment but for the card; Until
// is when it expires, DefaultExpiry from now when zero.
type Create struct {
	Kind Kind
	payment.Create
}

// Figures of a request (A15).
const (
	DefaultExpiry = 24 * time.Hour
	LeastExpiry   = time.Minute
	MostExpiry    = 30 * 24 * time.Hour
	// MaxTries is how many declines end a request.
	MaxTries = 5
)

// Pay is a buyer's press of the button on the page of a link. Secrets in it are wiped
// when it returns.
type Pay struct {
	Token             string
	Key               string // of this form, so that two presses are one; 16 to 64 characters
	TraceID           string
	InstallmentMonths int
	Card              acquirer.Card
	CardFault         error // why the card could not be read; named by validation after the rest was read
}

// Terms are what the buyer's page must ask for.
type Terms struct {
	NeedsBirth    bool
	NeedsPassword bool
	Installments  []int // months that may be chosen beside a lump sum, for the amount
	Shop          merchant.Merchant
	Closed        bool // the shop takes no money at present
}

// Faults that callers meet by code.
var (
	ErrNotFound   = fault.New(fault.NotFound, "REQUEST_NOT_FOUND", "결제 요청을 찾을 수 없어요.")
	ErrNotPayable = fault.New(fault.Conflict, "REQUEST_NOT_PAYABLE", "지금은 결제할 수 없는 요청이에요. 화면을 새로 고쳐 주세요.")
	ErrPaying     = fault.New(fault.Conflict, "REQUEST_PAYING", "구매자가 결제하고 있어요. 잠시 뒤에 결과를 확인해 주세요.")
	ErrPaid       = fault.New(fault.Conflict, "REQUEST_PAID", "이미 결제된 요청이에요.")
	ErrEnded      = fault.New(fault.Conflict, "REQUEST_ENDED", "이미 끝난 요청이에요. 새로 요청해 주세요.")
)
