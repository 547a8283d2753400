package web

import (
	"context"
	"errors"
	"net/http"

	"innopay/internal/message"
	"innopay/messenger"
)

// maxHook is the most a gateway's report may carry, in bytes.
const maxHook = 64 << 10

// registerHooks lets message gateways report. The address was given to the gateway
// alone: its last segment proves that. Some report by GET.
func registerHooks(mux *http.ServeMux, o Options) {
	hook := func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxHook)
		err := o.Messages.Report(r.Context(), message.Reported{
			MerchantID: r.PathValue("merchant"), MessageID: r.PathValue("message"), Gateway: r.PathValue("gateway"),
			Kind: messenger.Kind(r.PathValue("kind")), Token: r.PathValue("token"),
		}, r)
		switch {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case errors.Is(err, message.ErrNoReport):
			http.Error(w, "no such report", http.StatusNotFound)
		default:
			if !errors.Is(err, context.Canceled) {
				o.Log.Error("report of a message not written", "message", r.PathValue("message"), "err", err)
			}
			w.Header().Set("Retry-After", "5")
			http.Error(w, "not now", http.StatusServiceUnavailable)
		}
	}
	mux.HandleFunc("GET /hooks/messages/{merchant}/{message}/{gateway}/{kind}/{token}", hook)
	mux.HandleFunc("POST /hooks/messages/{merchant}/{message}/{gateway}/{kind}/{token}", hook)
}
