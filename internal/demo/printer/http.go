package printer

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/escpos/paper"
	"innopay/simulated"
)

// Paths of the printer.
const (
	root       = "/simulator/printer/"
	papersPath = root + "papers"
	faultsPath = root + "faults"
)

// Limits of what is sent by hand.
const (
	maxDocument = 1 << 20
	maxScript   = 64 << 10
)

// Handler serves the papers and the faults, and hands everything else to next:
//
//	GET  /simulator/printer/papers?after=ID  {"papers": [{"id", "at", "url", "text", ..}]}, oldest first
//	GET  /simulator/printer/papers/ID        the paper as PNG
//	POST /simulator/printer/papers?columns=32&language=ESCPOS|STAR  prints the body, as a printer that hangs on the app would
//	GET, POST, DELETE /simulator/printer/faults  {"script": [{"do", "times", "forMs"}]}
func (p *Printer) Handler(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	web := simulated.Web{Log: p.Log}
	for pattern, h := range map[string]func(simulated.Web, http.ResponseWriter, *http.Request){
		"GET " + papersPath: p.list, "GET " + papersPath + "/{id}": p.show, "POST " + papersPath: p.print,
		"GET " + faultsPath: p.faults, "POST " + faultsPath: p.addFaults, "DELETE " + faultsPath: p.clearFaults,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !p.allows(r) {
				w.Header().Set("WWW-Authenticate", "Bearer")
				web.Fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요.")
				return
			}
			h(web, w, r)
		})
	}
	return mux
}

// allows compares the bearer token in constant time.
func (p *Printer) allows(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return p.Token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(p.Token)) == 1
}

func (p *Printer) list(web simulated.Web, w http.ResponseWriter, r *http.Request) {
	web.Encode(w, http.StatusOK, map[string]any{"papers": p.Papers(r.URL.Query().Get("after"))})
}

func (p *Printer) show(web simulated.Web, w http.ResponseWriter, r *http.Request) {
	for _, one := range p.Papers("") {
		if one.ID == r.PathValue("id") {
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Length", strconv.Itoa(len(one.picture)))
			_, _ = w.Write(one.picture) // the client may have left
			return
		}
	}
	web.NotFound(w, r)
}

// print puts a document on paper that did not come over the network.
func (p *Printer) print(web simulated.Web, w http.ResponseWriter, r *http.Request) {
	columns, err := strconv.Atoi(r.URL.Query().Get("columns"))
	language := map[string]paper.Language{"": paper.Auto, "ESCPOS": paper.ESCPOS, "STAR": paper.Star}
	l, ok := language[r.URL.Query().Get("language")]
	if err != nil || columns < 16 || columns > paper.MaxWidth/dots.CellWidth || !ok {
		web.Fail(w, http.StatusUnprocessableEntity, "INVALID_REQUEST", "columns와 language를 확인해 주세요.")
		return
	}
	doc, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDocument))
	if err != nil {
		web.Fail(w, http.StatusBadRequest, "UNREADABLE", "문서를 읽지 못했어요. 1MB까지 보낼 수 있어요.")
		return
	}
	d := p.decoder(columns*dots.CellWidth, l, "")
	papers := []Paper{}
	d.Page = func(page paper.Page) { papers = append(papers, p.keep(page)) }
	_, _ = d.Write(doc) // it never fails
	d.Close()
	web.Encode(w, http.StatusCreated, map[string]any{"papers": papers})
}

func (p *Printer) faults(web simulated.Web, w http.ResponseWriter, _ *http.Request) {
	web.Encode(w, http.StatusOK, map[string]any{"script": p.script.left()})
}

func (p *Printer) addFaults(web simulated.Web, w http.ResponseWriter, r *http.Request) {
	var given struct {
		Script []Fault `json:"script"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxScript))
	d.DisallowUnknownFields()
	if err := d.Decode(&given); err != nil {
		web.Fail(w, http.StatusBadRequest, "UNREADABLE", "시나리오를 읽지 못했어요.")
		return
	}
	if err := p.script.add(given.Script); err != nil {
		web.Refuse(w, err)
		return
	}
	p.faults(web, w, r)
}

func (p *Printer) clearFaults(_ simulated.Web, w http.ResponseWriter, _ *http.Request) {
	p.script.clear()
	w.WriteHeader(http.StatusNoContent)
}
