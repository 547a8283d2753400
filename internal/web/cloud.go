package web

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"

	"innopay/fault"
	"innopay/internal/printer"
	"innopay/internal/web/limit"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// maxPoll is the most that a printer may say when it asks for work, in bytes.
const maxPoll = 16 << 10

// DefaultPolls bound what one client address may ask: twenty printers of a shop behind
// one address, each every two seconds.
var DefaultPolls = limit.Rate{PerSecond: 20, Burst: 200}

// cloud is where printers ask for work (Star CloudPRNT). The address was given to the
// printer alone: its last segment proves that.
type cloud struct {
	Options
	polls *limit.Limiter
}

func registerCloud(mux *http.ServeMux, o Options) {
	if o.Polls == (limit.Rate{}) {
		o.Polls = DefaultPolls
	}
	c := &cloud{o, limit.New(o.Polls, o.Clock)}
	for method, h := range map[string]func(http.ResponseWriter, *http.Request) error{"POST": c.poll, "GET": c.fetch, "DELETE": c.confirm} {
		mux.HandleFunc(method+" /cloudprnt/{token}", func(w http.ResponseWriter, r *http.Request) {
			if wait := c.polls.Wait(visit.From(r.Context()).Client()); wait > 0 {
				problem.Write(w, r, problem.ErrRate.WithRetryAfter(wait))
				return
			}
			if err := h(w, r); err != nil {
				c.refuse(w, r, err)
			}
		})
	}
}

func (c *cloud) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if kind := fault.KindOf(err); (kind == fault.Internal || kind == fault.Unavailable) && !errors.Is(err, context.Canceled) {
		c.Log.Error("a printer was not served", "trace", visit.From(r.Context()).TraceID, "err", err)
	}
	problem.Write(w, r, err)
}

// polled is what we read of a printer's question; it says more.
type polled struct {
	StatusCode string `json:"statusCode"`
	Printing   bool   `json:"printingInProgress"`
}

// offered is our answer.
type offered struct {
	JobReady     bool     `json:"jobReady"`
	MediaTypes   []string `json:"mediaTypes,omitempty"`
	JobToken     string   `json:"jobToken,omitempty"`
	DeleteMethod string   `json:"deleteMethod,omitempty"`
}

func (c *cloud) poll(w http.ResponseWriter, r *http.Request) error {
	var asked polled
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPoll)).Decode(&asked); err != nil {
		return problem.ErrUnreadable.Because(err)
	}
	offer, err := c.Printers.Poll(r.Context(), r.PathValue("token"), printer.Asked{Code: asked.StatusCode, Printing: asked.Printing})
	if err != nil {
		return err
	}
	answer := offered{JobReady: offer.JobToken != "", MediaTypes: offer.Types, JobToken: offer.JobToken}
	if answer.JobReady {
		answer.DeleteMethod = http.MethodDelete
	}
	b, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b) // a printer that left asks again
	return nil
}

// fetch gives a job. Printers that can make no DELETE confirm by GET, too.
func (c *cloud) fetch(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if _, ok := q["delete"]; ok {
		return c.confirm(w, r)
	}
	wanted, _, err := mime.ParseMediaType(q.Get("type"))
	if q.Get("type") != "" && err != nil {
		return problem.ErrUnreadable.Because(err)
	}
	job, err := c.Printers.Fetch(r.Context(), r.PathValue("token"), q.Get("token"), wanted)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", job.Type)
	h.Set("Content-Length", strconv.Itoa(len(job.Body)))
	if job.Type == printer.TypePNG { // text says so itself
		h.Set("X-Star-Cut", "partial; feed=true")
		if job.Drawer {
			h.Set("X-Star-CashDrawer", "start")
		}
	}
	_, _ = w.Write(job.Body) // one that did not get it says nothing, which is known as such
	return nil
}

func (c *cloud) confirm(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := c.Printers.Confirm(r.Context(), r.PathValue("token"), q.Get("token"), q.Get("code")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
