// Package printer prints receipts: it counts how often each slip was printed, writes
// documents for printers that hang on the app, and sends to those that the server
// reaches itself, over the shop's network or by being asked (Star CloudPRNT).
//
// A print has three outcomes. FAILED means that nothing is on paper, UNKNOWN that
// something may be: the connection broke midway. That is said and never repeated by the
// program, for a receipt that comes out twice is two receipts.
package printer

import (
	"time"

	"innopay/fault"
	"innopay/internal/receipt/escpos"
)

// Transport is how a document gets to a printer.
type Transport string

// The transports.
const (
	Network   Transport = "NETWORK"    // the server connects to it
	CloudPRNT Transport = "CLOUD_PRNT" // the printer asks the server (Star)
)

// Printer is one of a merchant's.
type Printer struct {
	MerchantID string
	ID         string // id.Printer
	Name       string // 1..40 characters
	Transport  Transport
	Address    string // host:port of a NETWORK printer
	Columns    int
	Mode       escpos.Mode
	Hangul     escpos.Hangul
	Drawer     bool   // a cash drawer hangs on it
	TokenHash  string // of the address a CLOUD_PRNT printer asks
	Generation int    // of that address
	SeenAt     time.Time
	ErrorCode  Failure // what went wrong last, a Failure; empty when the last thing went well
	CreatedAt  time.Time
	Version    int64
}

// Options are the printer as the writer of documents wants it.
func (p Printer) options(drawer bool) escpos.Options {
	return escpos.Options{Columns: p.Columns, Mode: p.Mode, Hangul: p.Hangul, Drawer: drawer && p.Drawer}
}

// Kind is what is printed.
type Kind string

// The kinds.
const (
	OfPayment     Kind = "PAYMENT"
	OfCashReceipt Kind = "CASH_RECEIPT"
	OfTest        Kind = "TEST"
)

// Subject is the slip that is printed.
type Subject struct {
	Kind     Kind
	ID       string // payment or cash receipt; empty on a test page
	CancelID string // the slip of one cancel of a payment; empty: of the payment as it stands
}

// slip names what is counted.
func (s Subject) slip() string { return string(s.Kind) + "/" + s.ID + "/" + s.CancelID }

// Status is how far a print has come.
type Status string

// The states. HANDED, PRINTED, FAILED and UNKNOWN are final, but that a printer which
// says so late turns UNKNOWN into PRINTED, and the app HANDED into FAILED.
const (
	Handed  Status = "HANDED"  // the document was given to the app, which carries it to a printer
	Queued  Status = "QUEUED"  // waits for the printer, or is on its way
	Printed Status = "PRINTED" // the printer took all of it
	Failed  Status = "FAILED"  // nothing is on paper
	Unknown Status = "UNKNOWN" // something may be on paper
)

// Print is one printing of a slip.
type Print struct {
	MerchantID string
	ID         string // id.Print
	Subject
	PrinterID  string // empty: handed to the app
	Options    escpos.Options
	English    bool
	Number     int // of its slip, from 1; more is a copy
	Status     Status
	Code       Failure // why, of FAILED and UNKNOWN
	Key        string  // idempotency key; empty on a test page
	Actor      string
	CreatedAt  time.Time
	SentAt     time.Time // from then on something may be on paper
	SettledAt  time.Time
	DueAt      time.Time // zero: nothing to do
	Tries      int       // to connect
	LeaseOwner string
	LeaseUntil time.Time
	Version    int64

	Document []byte // of a HANDED one; never stored
}

// Copy reports whether the slip was printed before.
func (p Print) Copy() bool { return p.Number > 1 }

// Limits.
const (
	MostPrinters = 20 // of a merchant
	MostQueued   = 50 // of a printer
	maxName      = 40
	maxAddress   = 260
	// QueuedFor is how long a slip waits for its printer: one that came out an hour later
	// would puzzle people.
	QueuedFor = 10 * time.Minute
	// Kept is how long a print is shown; how often a slip was printed is never forgotten.
	Kept = 90 * 24 * time.Hour
)

// Faults.
var (
	ErrNotFound      = fault.New(fault.NotFound, "PRINTER_NOT_FOUND", "프린터를 찾을 수 없어요. 목록을 새로 고쳐 주세요.")
	ErrPrintNotFound = fault.New(fault.NotFound, "PRINT_NOT_FOUND", "인쇄 기록을 찾을 수 없어요.")
	ErrChanged       = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
	ErrTooMany       = fault.New(fault.Conflict, "TOO_MANY_PRINTERS", "프린터는 20대까지 등록할 수 있어요. 쓰지 않는 프린터를 지운 뒤 다시 시도해 주세요.")
	ErrQueueFull     = fault.New(fault.Conflict, "PRINT_QUEUE_FULL", "프린터에 기다리는 인쇄가 너무 많아요. 프린터를 확인한 뒤 다시 시도해 주세요.")
	ErrNotOffered    = fault.New(fault.Conflict, "SERVER_PRINTING_OFF", "이 설치에서는 서버가 네트워크 프린터로 보내지 않아요. 앱에 프린터를 연결해 주세요.")
	ErrNotHanded     = fault.New(fault.Conflict, "PRINT_NOT_HANDED", "프린터가 맡은 인쇄라 무를 수 없어요. 종이에 나온 내용을 확인해 주세요.")
	ErrTooLong       = fault.New(fault.Conflict, "PRINT_TOO_LONG", "영수증이 길어서 그림으로 인쇄할 수 없어요. 프린터 설정에서 글자 방식을 고르거나 PDF로 인쇄해 주세요.")
	ErrUnavailable   = fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.")
)

// Failure is why a print failed or is not known: stable, UPPER_SNAKE.
type Failure string

// The failures. Only INTERRUPTED and NOT_CONFIRMED are of UNKNOWN prints.
const (
	Unreachable  Failure = "PRINTER_UNREACHABLE"
	NoPaper      Failure = "PRINTER_NO_PAPER"
	CoverOpen    Failure = "PRINTER_COVER_OPEN"
	Offline      Failure = "PRINTER_OFFLINE"
	Refused      Failure = "PRINTER_REFUSED" // it answered that it could not
	Expired      Failure = "PRINT_EXPIRED"
	Removed      Failure = "PRINTER_REMOVED"
	Forbidden    Failure = "PRINTER_ADDRESS_FORBIDDEN"
	TooLong      Failure = "PRINT_TOO_LONG"
	Gone         Failure = "RECEIPT_GONE" // there is nothing to print any more
	Interrupted  Failure = "PRINT_INTERRUPTED"
	NotConfirmed Failure = "PRINT_NOT_CONFIRMED"
	NotSent      Failure = "PRINT_NOT_SENT" // the app could not carry it to its printer
)

// sentences are what people read, in Korean and English.
var sentences = map[Failure][2]string{
	Unreachable:  {"프린터에 연결할 수 없어요. 전원과 네트워크를 확인해 주세요.", "The printer cannot be reached. Check its power and network."},
	NoPaper:      {"용지가 떨어졌어요. 용지를 넣고 다시 인쇄해 주세요.", "The printer is out of paper. Load paper and print again."},
	CoverOpen:    {"프린터 덮개가 열려 있어요. 덮개를 닫고 다시 인쇄해 주세요.", "The printer's cover is open. Close it and print again."},
	Offline:      {"프린터가 멈춰 있어요. 프린터의 표시등을 확인해 주세요.", "The printer is offline. Check its lights."},
	Refused:      {"프린터가 인쇄하지 못했어요. 프린터를 확인한 뒤 다시 인쇄해 주세요.", "The printer could not print. Check it and print again."},
	Expired:      {"프린터가 10분 동안 받아 가지 않아 인쇄를 그만뒀어요. 프린터를 확인한 뒤 다시 인쇄해 주세요.", "The printer did not take the job for 10 minutes, so it was dropped. Check it and print again."},
	Removed:      {"프린터가 지워져 인쇄하지 않았어요. 다른 프린터로 다시 인쇄해 주세요.", "The printer was removed, so nothing was printed. Use another printer."},
	Forbidden:    {"이 설치에서 쓸 수 없는 프린터 주소예요. 프린터 설정을 확인해 주세요.", "The printer's address is not allowed in this installation. Check the printer's settings."},
	TooLong:      {"영수증이 길어서 그림으로 인쇄할 수 없어요. 프린터 설정에서 글자 방식을 고르거나 PDF로 인쇄해 주세요.", "The receipt is too long to be printed as a picture. Use a text mode or the PDF."},
	Gone:         {"인쇄할 영수증이 없어요. 거래 상태를 확인해 주세요.", "There is no receipt to print. Check the payment."},
	Interrupted:  {"인쇄 도중 연결이 끊겼어요. 종이에 나온 내용을 확인하고, 필요하면 다시 인쇄해 주세요.", "The connection broke while printing. Look at the paper, and print again if needed."},
	NotSent:      {"앱이 프린터로 보내지 못했어요. 프린터를 확인한 뒤 다시 인쇄해 주세요.", "The app could not carry it to the printer. Check the printer and print again."},
	NotConfirmed: {"프린터가 끝났다고 알리지 않았어요. 종이에 나온 내용을 확인하고, 필요하면 다시 인쇄해 주세요.", "The printer did not say that it finished. Look at the paper, and print again if needed."},
}

// Sentence is what people read of a failure: what happened, what to do.
func (f Failure) Sentence(english bool) string {
	s := sentences[f]
	if english {
		return s[1]
	}
	return s[0]
}
