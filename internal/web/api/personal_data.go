package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/retention"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// ownReason is why somebody takes what is known of themselves.
const ownReason = "본인 요청"

// zipped is the answer of an export.
func zipped() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "A ZIP of CSV files, and about.json which says how long things are kept",
		Content:     map[string]*huma.MediaType{"application/zip": {Schema: binary()}},
		Headers:     map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
}

// registerPersonalData registers what people may do about what is known of themselves.
func (a *API) registerPersonalData() {
	add(a, access{permission: merchant.DataSelf}, huma.Operation{
		OperationID: "exportOwnData", Method: http.MethodGet, Path: "/v1/personal-data", Tags: []string{"Account"},
		Summary:     "What is known of the caller, as a ZIP of CSV files",
		Description: "Account, contacts, consents, devices and what was asked of the customer centre. That it was taken is written down. Who wants it erased asks the customer centre.",
		Responses:   zipped(),
	}, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		p := principal(ctx)
		return a.zip(ctx, "own", func() (retention.Export, error) {
			return a.Eraser.ExportUser(ctx, p.UserID, p.Tenant, p.UserID, ownReason)
		})
	})
}

// zip streams an export, as often as exports may be asked for.
func (a *API) zip(ctx context.Context, what string, prepare func() (retention.Export, error)) (*huma.StreamResponse, error) {
	out, err := reached(prepare())
	if err != nil {
		return nil, err
	}
	if wait := a.exports.Wait("personal/" + what + "/" + principal(ctx).UserID); wait > 0 {
		return nil, problem.ErrRate.WithRetryAfter(wait)
	}
	select {
	case a.exporting <- struct{}{}:
	default:
		return nil, problem.ErrRate.WithRetryAfter(exportWait)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { <-a.exporting }()
		r, w := humago.Unwrap(h)
		control := http.NewResponseController(w)
		head := w.Header()
		head.Set("Content-Type", "application/zip")
		head.Set("Content-Disposition", attachment("개인정보", "personal-data", clock.DayOf(a.now()), "zip"))
		head.Set("X-Accel-Buffering", "no") // a proxy in front must not collect
		sent := func() error {
			// Not every writer has deadlines (a test's recorder has none).
			if err := control.SetWriteDeadline(clock.System{}.Now().Add(exportWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
				return err
			}
			return r.Context().Err()
		}
		if err := control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
			panic(http.ErrAbortHandler)
		}
		if err := errors.Join(sent(), out(r.Context(), w, sent)); err != nil {
			a.Log.Warn("export ended early", "trace", visit.From(ctx).TraceID, "err", err)
			// The head is out: only a broken connection tells that something is missing.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
