package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/printer"
	"innopay/internal/receipt/escpos"
	"innopay/internal/web/visit"
)

// PrinterRequest describes a printer.
type PrinterRequest struct {
	Name      string `json:"name" minLength:"1" maxLength:"40"`
	Transport string `json:"transport" enum:"NETWORK,CLOUD_PRNT" doc:"NETWORK: the server connects to it; CLOUD_PRNT: the printer asks the server (Star)"`
	Address   string `json:"address,omitempty" maxLength:"260" doc:"NETWORK: host or host:port in the shop's network, port 9100 when absent"`
	Columns   int    `json:"columns" enum:"32,42,48" doc:"Characters in a line of its font A: 32 on 58 mm paper, 42 or 48 on 80 mm"`
	Mode      string `json:"mode" enum:"CP949,RASTER,STAR_LINE" doc:"CP949: ESC/POS text; RASTER: ESC/POS, the receipt as a picture; STAR_LINE: Star line mode. CLOUD_PRNT takes the latter two"`
	Hangul    string `json:"hangul" enum:"FULL,KS_X_1001" doc:"KS_X_1001: its font has 2,350 syllables only; lines with others are sent as pictures"`
	Drawer    bool   `json:"drawer,omitempty" doc:"A cash drawer hangs on it"`
}

// PrinterChange describes a printer anew.
type PrinterChange struct {
	PrinterRequest
	Version int64 `json:"version" minimum:"1" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// PrintFailure is why something was not printed, or may not have been.
type PrintFailure struct {
	_       struct{} `additionalProperties:"true"`
	Code    string   `json:"code" example:"PRINTER_NO_PAPER"`
	Message string   `json:"message" doc:"What happened, what to do"`
}

// Printer is one that the server reaches, or that asks it.
type Printer struct {
	_          struct{}      `additionalProperties:"true"`
	ID         string        `json:"id" example:"prn_01ja2b3c4d5e6f7g8h9jakbmcn"`
	Name       string        `json:"name"`
	Transport  string        `json:"transport" enum:"NETWORK,CLOUD_PRNT"`
	Address    string        `json:"address,omitempty" doc:"NETWORK: host:port"`
	PollURL    string        `json:"pollUrl,omitempty" doc:"CLOUD_PRNT: what is entered in the printer as its server; a secret"`
	Columns    int           `json:"columns" enum:"32,42,48"`
	Mode       string        `json:"mode" enum:"CP949,RASTER,STAR_LINE"`
	Hangul     string        `json:"hangul" enum:"FULL,KS_X_1001"`
	Drawer     bool          `json:"drawer"`
	LastSeenAt string        `json:"lastSeenAt,omitempty" format:"date-time" doc:"When it last answered or asked"`
	LastError  *PrintFailure `json:"lastError,omitempty" doc:"What went wrong last; absent when the last thing went well"`
	Version    int64         `json:"version"`
}

// PrinterList are all of a merchant's.
type PrinterList struct {
	_              struct{}  `additionalProperties:"true"`
	Printers       []Printer `json:"printers" nullable:"false" doc:"Oldest first"`
	ServerPrinting bool      `json:"serverPrinting" doc:"Whether this installation connects to NETWORK printers. CLOUD_PRNT is always offered"`
}

// TestPrintRequest describes a printer that hangs on the app.
type TestPrintRequest struct {
	Columns int    `json:"columns" enum:"32,42,48"`
	Mode    string `json:"mode" enum:"CP949,RASTER,STAR_LINE"`
	Hangul  string `json:"hangul" enum:"FULL,KS_X_1001"`
	Locale  string `json:"locale,omitempty" enum:"ko,en" doc:"Korean when absent"`
}

// TestPrint is a test page for such a printer.
type TestPrint struct {
	_        struct{} `additionalProperties:"true"`
	Document []byte   `json:"document" doc:"Base64; goes to the printer as it is"`
}

type printerPath struct {
	ID string `path:"id" maxLength:"64"`
}

type printerInput struct{ Body PrinterRequest }

type printerChangeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body PrinterChange
}

type testPrintInput struct{ Body TestPrintRequest }

type printerOutput struct{ Body Printer }

type printersOutput struct{ Body PrinterList }

type testPrintOutput struct{ Body TestPrint }

func (a *API) registerPrinters() {
	tag := []string{"Printing"}
	add(a, access{permission: merchant.SettingsRead}, huma.Operation{
		OperationID: "listPrinters", Method: http.MethodGet, Path: "/v1/printers", Tags: tag, Summary: "Printers that the server reaches, or that ask it",
	}, a.listPrinters)
	add(a, access{permission: merchant.SettingsWrite}, huma.Operation{
		OperationID: "addPrinter", Method: http.MethodPost, Path: "/v1/printers", DefaultStatus: http.StatusCreated, Tags: tag, Summary: "Register a printer",
		Description: "At most 20. A NETWORK printer stands in a network that the operator has named, or it is refused.",
	}, func(ctx context.Context, in *printerInput) (*printerOutput, error) {
		p := principal(ctx)
		return a.printer(ctx)(a.Printers.Add(ctx, p.Tenant, p.UserID, in.Body.wanted()))
	})
	add(a, access{permission: merchant.SettingsWrite, exists: a.hasPrinter}, huma.Operation{
		OperationID: "changePrinter", Method: http.MethodPut, Path: "/v1/printers/{id}", Tags: tag, Summary: "Describe a printer anew",
	}, func(ctx context.Context, in *printerChangeInput) (*printerOutput, error) {
		p := principal(ctx)
		return a.printer(ctx)(a.Printers.Change(ctx, p.Tenant, p.UserID, in.ID, in.Body.Version, in.Body.wanted()))
	})
	add(a, access{permission: merchant.SettingsWrite, exists: a.hasPrinter}, huma.Operation{
		OperationID: "removePrinter", Method: http.MethodDelete, Path: "/v1/printers/{id}", DefaultStatus: http.StatusNoContent, Tags: tag,
		Summary: "Forget a printer", Description: "What waits for it fails.",
	}, func(ctx context.Context, in *printerPath) (*struct{}, error) {
		p := principal(ctx)
		return nil, a.Printers.Remove(ctx, p.Tenant, p.UserID, in.ID)
	})
	add(a, access{permission: merchant.PaymentRead, exists: a.hasPrinter}, huma.Operation{
		OperationID: "testPrinter", Method: http.MethodPost, Path: "/v1/printers/{id}/test", DefaultStatus: http.StatusCreated, Tags: tag,
		Summary: "Print a test page", Description: "The print tells how it went; ask for it again.",
	}, func(ctx context.Context, in *printerPath) (*printOutput, error) {
		p := principal(ctx)
		return a.printed(ctx)(a.Printers.Test(ctx, p.Tenant, p.UserID, in.ID))
	})
	add(a, access{permission: merchant.PaymentRead}, huma.Operation{
		OperationID: "testLocalPrinter", Method: http.MethodPost, Path: "/v1/test-prints", Tags: tag, Summary: "A test page for a printer that hangs on the app",
	}, func(ctx context.Context, in *testPrintInput) (*testPrintOutput, error) {
		b, err := a.Printers.Trial(ctx, principal(ctx).Tenant, in.Body.Locale == "en", escpos.Options{
			Columns: in.Body.Columns, Mode: escpos.Mode(in.Body.Mode), Hangul: escpos.Hangul(in.Body.Hangul),
		})
		return &testPrintOutput{TestPrint{Document: b}}, err
	})
	a.registerPrints()
}

func (a *API) hasPrinter(ctx context.Context, t merchant.Tenant, id string) error {
	return a.Printers.Has(ctx, t, id)
}

func (r PrinterRequest) wanted() printer.Wanted {
	return printer.Wanted{
		Name: r.Name, Transport: printer.Transport(r.Transport), Address: r.Address, Columns: r.Columns,
		Mode: escpos.Mode(r.Mode), Hangul: escpos.Hangul(r.Hangul), Drawer: r.Drawer,
	}
}

func (a *API) listPrinters(ctx context.Context, _ *struct{}) (*printersOutput, error) {
	all, err := a.Printers.List(ctx, principal(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := PrinterList{Printers: make([]Printer, 0, len(all)), ServerPrinting: a.Printers.Serves()}
	for _, p := range all {
		out.Printers = append(out.Printers, a.printerView(ctx, p))
	}
	return &printersOutput{out}, nil
}

func (a *API) printer(ctx context.Context) func(printer.Printer, error) (*printerOutput, error) {
	return func(p printer.Printer, err error) (*printerOutput, error) {
		if err != nil {
			return nil, err
		}
		return &printerOutput{a.printerView(ctx, p)}, nil
	}
}

// printerView shows a printer. Its address to ask is a secret of those who manage it.
func (a *API) printerView(ctx context.Context, p printer.Printer) Printer {
	v := Printer{
		ID: p.ID, Name: p.Name, Transport: string(p.Transport), Address: p.Address, Columns: p.Columns, Mode: string(p.Mode), Hangul: string(p.Hangul),
		Drawer: p.Drawer, LastSeenAt: instant(p.SeenAt), LastError: printFailure(ctx, p.ErrorCode), Version: p.Version,
	}
	if principal(ctx).Allowed(merchant.SettingsWrite) {
		v.PollURL = a.Printers.PollURL(p)
	}
	return v
}

// printFailure is nil where nothing went wrong.
func printFailure(ctx context.Context, f printer.Failure) *PrintFailure {
	if f == "" {
		return nil
	}
	return &PrintFailure{Code: string(f), Message: f.Sentence(visit.From(ctx).English)}
}
