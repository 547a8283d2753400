package buyer

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"innopay/internal/receipt"
	"innopay/internal/receipt/desk"
	"innopay/internal/receipt/pdf"
	"innopay/internal/receipt/picture"
)

// mostFiles are made at once; others wait, so that files never take the processor away
// from payments.
const mostFiles = 1

// found is what a receipt's link opens.
type found struct {
	paper   desk.Paper
	receipt receipt.Receipt
	gated   bool // the buyer's number has to be given first
}

// receipt shows the slip of an approved payment, or a cash receipt, to whoever has its link.
func (s *Pages) receipt(w http.ResponseWriter, r *http.Request) {
	f, err := s.linked(r)
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case f.gated:
		s.gate(w, r, http.StatusOK, "")
	default:
		b := book(r)
		slip := f.receipt.In(b.receipt())
		s.show(w, r, http.StatusOK, "receipt.html", page{phrasebook: b, Title: slip.Title, Data: slip, base: slipPath(r)})
	}
}

// linked finds what a link opens; payment.ErrNotFound for every one that opens nothing.
func (s *Pages) linked(r *http.Request) (found, error) {
	p, m, err := s.Receipts.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		return found{}, err
	}
	f := found{paper: p, gated: desk.Gated(p, m)}
	if pass, err := r.Cookie(passCookie); err == nil && f.gated {
		f.gated = !s.Receipts.Passes(pass.Value, p)
	}
	if !f.gated {
		f.receipt, err = s.Receipts.Read(r.Context(), p, m)
	}
	return f, err
}

// slipPath is the page of the link.
func slipPath(r *http.Request) string { return "/r/" + url.PathEscape(r.PathValue("token")) }

// langQuery keeps the language that was asked for.
func langQuery(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); l == "ko" || l == "en" {
		return "?lang=" + l
	}
	return ""
}

// File is the address of the slip as a file.
func (p page) File(kind string) string {
	query := "?lang=" + p.lang()
	if kind == "png" {
		return p.base + "/receipt.png" + query
	}
	return p.base + "/receipt.pdf" + query + "&size=" + kind
}

// print answers with the slip as a PDF.
func (s *Pages) print(w http.ResponseWriter, r *http.Request) {
	paper := pdf.A4
	if r.URL.Query().Get("size") == "80" {
		paper = pdf.Roll
	}
	s.file(w, r, "application/pdf", ".pdf", func(slip receipt.Slip) ([]byte, error) { return pdf.Render(slip, paper) })
}

// paint answers with the slip as a picture; a slip too long for one is a PDF.
func (s *Pages) paint(w http.ResponseWriter, r *http.Request) {
	s.file(w, r, "image/png", ".png", picture.Render)
}

// file makes a file of the slip. A gated link leads to its page first.
func (s *Pages) file(w http.ResponseWriter, r *http.Request, kind, ending string, render func(receipt.Slip) ([]byte, error)) {
	f, err := s.linked(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if f.gated {
		http.Redirect(w, r, slipPath(r)+langQuery(r), http.StatusSeeOther)
		return
	}
	slip := f.receipt.In(book(r).receipt())
	body, err := s.made(r.Context(), slip, render)
	switch {
	case errors.Is(err, picture.ErrTooHigh):
		http.Redirect(w, r, slipPath(r)+"/receipt.pdf"+langQuery(r), http.StatusSeeOther)
		return
	case err != nil:
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(slip, f.receipt, ending))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may have left
	}
}

func (s *Pages) made(ctx context.Context, slip receipt.Slip, render func(receipt.Slip) ([]byte, error)) ([]byte, error) {
	select {
	case s.press <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.press }()
	return render(slip)
}

// disposition names the file in both forms of RFC 6266: Hangul for those who read it,
// and letters for the others.
func disposition(s receipt.Slip, r receipt.Receipt, ending string) string {
	day := r.ApprovedAt.Format("20060102")
	plain := mime.FormatMediaType("inline", map[string]string{"filename": "receipt-" + day + ending})
	name := s.Say("receipt") + "-" + s.Shop + "-" + day + ending
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, c) || c < ' ' {
			return -1
		}
		return c
	}, name)
	return plain + "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
