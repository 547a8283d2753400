package simulator

import (
	"io"
	"net/http"
	"strings"

	"innopay/clock"
	"innopay/simulated"
)

const maxBody = 64 << 10

// read is the body of a request; ok is false for one that is too long or broke off.
func read(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	return body, err == nil
}

// ours lets through who shows a token.
func (s *Server) ours(next func(w http.ResponseWriter, r *http.Request, corp string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.office.script.Down() {
			s.down(w)
			return
		}
		corp, no := s.hub.corp(r, s.o.Clock.Now())
		if no != nil {
			s.web.Encode(w, http.StatusUnauthorized, no)
			return
		}
		next(w, r, corp)
	}
}

// post issues and cancels: POST /Cashbill with X-HTTP-Method-Override.
func (s *Server) post(w http.ResponseWriter, r *http.Request, corp string) {
	body, ok := read(w, r)
	now := s.o.Clock.Now()
	var draft document
	var wrong *wireError
	kind, check := TypeIssue, func(*Office, *document) *wireError { return wrong }
	switch r.Header.Get("X-Http-Method-Override") {
	case "ISSUE":
		var in issueRequest
		if ok = ok && readJSON(body, &in); ok {
			draft, wrong = in.draft(corp, now)
		}
	case "REVOKEISSUE":
		var in revokeRequest
		kind = TypeCancel
		if ok = ok && readJSON(body, &in); ok {
			draft, wrong = in.draft(corp, now)
		}
		if wrong == nil {
			check = revocable
		}
	default:
		ok = false
	}
	if !ok {
		s.web.Encode(w, http.StatusBadRequest, refusal(codeUnreadable))
		return
	}
	do, err := s.office.script.Take()
	if err != nil {
		s.broken(w, err)
		return
	}
	if do == simulated.Down {
		s.down(w)
		return
	}
	s.answer(w, r, kind, draft, do, check)
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, kind string, draft document, do simulated.Do, check func(*Office, *document) *wireError) {
	out, err := s.office.take(kind, draft, do, check)
	switch {
	case err != nil:
		s.broken(w, err)
	case out.hold:
		simulated.Hold(r, s.life)
	case out.refusal != nil:
		s.web.Encode(w, http.StatusBadRequest, out.refusal)
	default:
		d := out.document
		s.web.Encode(w, http.StatusOK, issueAnswer{1, "발행 완료", d.Number, day(d.Day), d.TradeDT})
	}
}

// get tells of a receipt: GET /Cashbill/{mgtKey}.
func (s *Server) get(w http.ResponseWriter, r *http.Request, corp string) {
	d, found, err := s.office.find(corp, r.PathValue("key"))
	_, whole := r.URL.Query()["Detail"]
	switch {
	case err != nil:
		s.broken(w, err)
	case !found:
		s.web.Encode(w, http.StatusBadRequest, refusal(codeAbsent))
	case whole:
		s.web.Encode(w, http.StatusOK, d.detail())
	default:
		s.web.Encode(w, http.StatusOK, d.info())
	}
}

func day(d clock.Day) string { return strings.ReplaceAll(string(d), "-", "") }

func (d *document) info() info {
	issued := d.Issued.In(clock.Seoul).Format(wireTime)
	i := info{
		ItemKey: d.ItemKey, MgtKey: d.Key, TradeDate: day(d.Day), TradeDT: d.TradeDT, TradeType: d.TradeType, TradeUsage: d.Usage,
		TradeOpt: d.Opt, TaxationType: d.Taxation, TotalAmount: won(d.Amounts.Total), IssueDT: issued, RegDT: issued, StateCode: stateIssued,
		StateDT: issued, IdentityNum: d.Identity, ItemName: d.Item, OrderNumber: d.Order, ConfirmNum: d.Number,
		OrgConfirmNum: d.Original, OrgTradeDate: day(d.OrgDay),
	}
	if !d.judged {
		return i
	}
	at := d.Due.In(clock.Seoul).Format(wireTime)
	i.StateDT, i.NTSSendDT, i.NTSResultDT = at, issued, at
	i.StateCode, i.NTSResultCode, i.NTSResultMessage = stateFiled, "0000", "정상 처리"
	if d.Fate == ResultRejected {
		i.StateCode, i.NTSResultCode, i.NTSResultMessage = stateFailed, codeRejected, "식별번호 확인 불가"
	}
	return i
}

func (d *document) detail() detail {
	return detail{
		MgtKey: d.Key, ConfirmNum: d.Number, OrgConfirmNum: d.Original, OrgTradeDate: day(d.OrgDay), TradeDate: day(d.Day), TradeDT: d.TradeDT,
		TradeType: d.TradeType, TradeUsage: d.Usage, TradeOpt: d.Opt, TaxationType: d.Taxation, TotalAmount: won(d.Amounts.Total),
		SupplyCost: won(d.Amounts.Supply), Tax: won(d.Amounts.Tax), ServiceFee: won(d.Amounts.Fee), FranchiseCorpNum: d.Corp,
		FranchiseCorpName: d.Franchise.Name, FranchiseCEOName: d.Franchise.CEO, FranchiseAddr: d.Franchise.Address, FranchiseTEL: d.Franchise.Phone,
		IdentityNum: d.Identity, ItemName: d.Item, OrderNumber: d.Order, CancelType: d.Reason,
	}
}

func (s *Server) down(w http.ResponseWriter) {
	s.web.Encode(w, http.StatusServiceUnavailable, refusal(codeUnavailable))
}

// broken answers when the journal cannot be written: nothing was issued.
func (s *Server) broken(w http.ResponseWriter, err error) {
	s.o.Log.Error("cash receipt simulator: the journal cannot be written", "error", err)
	s.web.Encode(w, http.StatusInternalServerError, refusal(codeOurs))
}
