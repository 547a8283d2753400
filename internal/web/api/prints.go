package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/printer"
	"innopay/internal/receipt/escpos"
	"innopay/internal/web/problem"
)

// PrintRequest says by which printer: one of the server's by its id, or one that hangs on
// the app, by what it is.
type PrintRequest struct {
	PrinterID string `json:"printerId,omitempty" maxLength:"64" doc:"A printer of GET /v1/printers; the other fields of a printer are absent then"`
	Columns   int    `json:"columns,omitempty" enum:"32,42,48" doc:"Of a printer that hangs on the app: required, with mode and hangul"`
	Mode      string `json:"mode,omitempty" enum:"CP949,RASTER,STAR_LINE"`
	Hangul    string `json:"hangul,omitempty" enum:"FULL,KS_X_1001"`
	Locale    string `json:"locale,omitempty" enum:"ko,en" doc:"Korean when absent"`
	Drawer    bool   `json:"drawer,omitempty" doc:"Open the cash drawer; without one nothing happens"`
}

// PaymentPrintRequest has the receipt of a payment printed.
type PaymentPrintRequest struct {
	PrintRequest
	CancelID string `json:"cancelId,omitempty" maxLength:"64" doc:"The slip of this cancel of the payment; absent: the receipt as it stands"`
}

// Print is one printing of a slip.
type Print struct {
	_             struct{}      `additionalProperties:"true"`
	ID            string        `json:"id" example:"prt_01ja2b3c4d5e6f7g8h9jakbmcn"`
	PaymentID     string        `json:"paymentId,omitempty"`
	CashReceiptID string        `json:"cashReceiptId,omitempty"`
	CancelID      string        `json:"cancelId,omitempty"`
	Copy          bool          `json:"copy" doc:"Marked as a copy on paper: the slip was printed before"`
	Number        int           `json:"number" doc:"The n-th print of this slip; one that failed does not count"`
	Status        string        `json:"status" enum:"HANDED,QUEUED,PRINTED,FAILED,UNKNOWN" doc:"HANDED: document is the app's to carry to its printer. FAILED: nothing is on paper. UNKNOWN: something may be; it is not repeated"`
	Document      []byte        `json:"document,omitempty" doc:"HANDED: base64, at most 512 KB; goes to the printer as it is. A picture of a receipt longer than some 90 cm is refused with PRINT_TOO_LONG"`
	PrinterID     string        `json:"printerId,omitempty"`
	Failure       *PrintFailure `json:"failure,omitempty"`
	At            string        `json:"at" format:"date-time" doc:"When it was asked for"`
}

type paymentPrintInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	ID   string `path:"id" maxLength:"64"`
	Body PaymentPrintRequest
}

type receiptPrintInput struct {
	Key  string `header:"Idempotency-Key" required:"true" doc:"1 to 300 characters, one for each press of the button"`
	ID   string `path:"id" maxLength:"64"`
	Body PrintRequest
}

type printPath struct {
	ID string `path:"id" maxLength:"64"`
}

type printOutput struct{ Body Print }

// howPrinted is said of both operations that print.
const howPrinted = "The first print of a slip is the original, each later one is marked as a copy. The same Idempotency-Key gives the same print and " +
	"the same document: send it again when a local printer failed, so that the original is not lost."

func (a *API) registerPrints() {
	tag := []string{"Printing"}
	add(a, access{permission: merchant.PaymentRead, money: true, exists: a.hasPayment}, huma.Operation{
		OperationID: "printPayment", Method: http.MethodPost, Path: "/v1/payments/{id}/prints", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Print the receipt of a payment", Description: howPrinted,
	}, func(ctx context.Context, in *paymentPrintInput) (*printOutput, error) {
		return a.print(ctx, in.Key, in.Body.PrintRequest, printer.Subject{Kind: printer.OfPayment, ID: in.ID, CancelID: in.Body.CancelID})
	})
	add(a, access{permission: merchant.PaymentRead, money: true, exists: a.hasCashReceipt}, huma.Operation{
		OperationID: "printCashReceipt", Method: http.MethodPost, Path: "/v1/cash-receipts/{id}/prints", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Print a cash receipt", Description: "With its sale, when that was made here. " + howPrinted,
	}, func(ctx context.Context, in *receiptPrintInput) (*printOutput, error) {
		return a.print(ctx, in.Key, in.Body, printer.Subject{Kind: printer.OfCashReceipt, ID: in.ID})
	})
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "print", Method: http.MethodGet, Path: "/v1/prints/{id}", Tags: tag, Summary: "How far a print has come",
		Description: "Kept for 90 days; how often a slip was printed is never forgotten.",
	}, func(ctx context.Context, in *printPath) (*printOutput, error) {
		return a.printed(ctx)(a.Printers.Get(ctx, principal(ctx).Tenant, in.ID))
	})
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "withdrawPrint", Method: http.MethodPost, Path: "/v1/prints/{id}/withdraw", Tags: tag, Summary: "Say that nothing of a handed print is on paper",
		Description: "The print is FAILED and counts no more: before the slip is printed elsewhere, so that the original is not lost. 409 PRINT_NOT_HANDED of a print that is not the app's to carry.",
	}, func(ctx context.Context, in *printPath) (*printOutput, error) {
		p := principal(ctx)
		return a.printed(ctx)(a.Printers.Withdraw(ctx, p.Tenant, p.UserID, in.ID))
	})
}

func (a *API) print(ctx context.Context, key string, b PrintRequest, s printer.Subject) (*printOutput, error) {
	p := principal(ctx)
	o := printer.Order{
		Tenant: p.Tenant, Actor: p.UserID, Key: key, Subject: s, English: b.Locale == "en", Drawer: b.Drawer, PrinterID: b.PrinterID,
		Options: escpos.Options{Columns: b.Columns, Mode: escpos.Mode(b.Mode), Hangul: escpos.Hangul(b.Hangul)},
	}
	described := map[string]bool{"/columns": b.Columns != 0, "/mode": b.Mode != "", "/hangul": b.Hangul != ""}
	for _, name := range []string{"/columns", "/mode", "/hangul"} {
		switch {
		case b.PrinterID == "" && !described[name]:
			return nil, problem.InvalidField(name, problem.Required)
		case b.PrinterID != "" && described[name]:
			return nil, problem.InvalidField("/printerId", problem.Unexpected)
		}
	}
	return a.printed(ctx)(a.Printers.Print(ctx, o))
}

func (a *API) printed(ctx context.Context) func(printer.Print, error) (*printOutput, error) {
	return func(p printer.Print, err error) (*printOutput, error) {
		if err != nil {
			return nil, err
		}
		v := Print{
			ID: p.ID, CancelID: p.CancelID, Copy: p.Copy(), Number: p.Number, Status: string(p.Status), Document: p.Document, PrinterID: p.PrinterID,
			Failure: printFailure(ctx, p.Code), At: instant(p.CreatedAt),
		}
		switch p.Kind {
		case printer.OfPayment:
			v.PaymentID = p.Subject.ID
		case printer.OfCashReceipt:
			v.CashReceiptID = p.Subject.ID
		case printer.OfTest:
		}
		return &printOutput{v}, nil
	}
}
