package popbill

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"innopay/call"
	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/money"
)

// Words of the wire.
const (
	apiVersion  = "1.0"
	pathCash    = "Cashbill"
	typeIssue   = "승인거래"
	typeCancel  = "취소거래"
	usagePerson = "소득공제용"
	usageFirm   = "지출증빙용"
	optNormal   = "일반"
	taxed       = "과세"
	untaxed     = "비과세"
	wireTime    = "20060102150405"
	wireDay     = "20060102"
)

// maxKey is the longest mgtKey; ourLength is what follows the prefix of our ids.
const (
	maxKey    = 24
	ourLength = 26
)

// key is the mgtKey of an id: at most 24 characters. Of our own ids (a prefix and 26
// characters of time and chance) the prefix and the first two characters are dropped:
// those two are the top eight bits of a time in milliseconds and change every 35
// years, so nothing that tells ids apart is lost. Ids that fit are taken as they are;
// any other is hashed to 120 bits.
func key(id string) string {
	if prefix, rest, ok := strings.Cut(id, "_"); ok && prefix != "" && len(rest) == ourLength && !strings.Contains(rest, "_") {
		return rest[ourLength-maxKey:]
	}
	if len(id) <= maxKey {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return base32.StdEncoding.EncodeToString(sum[:15])
}

// amounts of a receipt as the wire has them: the tax-free part is supply without tax.
type amounts struct{ supply, tax, fee, total money.Won }

func wire(s money.Split) amounts {
	return amounts{s.Supplied + s.TaxFree, s.VAT, s.ServiceFee, s.Amount}
}

func won(w money.Won) string { return strconv.FormatInt(int64(w), 10) }

type sumsBody struct {
	SupplyCost  string `json:"supplyCost,omitempty"`
	Tax         string `json:"tax,omitempty"`
	ServiceFee  string `json:"serviceFee,omitempty"`
	TotalAmount string `json:"totalAmount,omitempty"`
}

func (a amounts) body() sumsBody {
	return sumsBody{won(a.supply), won(a.tax), won(a.fee), won(a.total)}
}

type issueBody struct {
	MgtKey            string          `json:"mgtKey"`
	TradeDT           string          `json:"tradeDT"`
	TradeType         string          `json:"tradeType"`
	TradeUsage        string          `json:"tradeUsage"`
	TradeOpt          string          `json:"tradeOpt"`
	TaxationType      string          `json:"taxationType"`
	FranchiseCorpNum  string          `json:"franchiseCorpNum"`
	FranchiseCorpName string          `json:"franchiseCorpName,omitempty"`
	FranchiseCEOName  string          `json:"franchiseCEOName,omitempty"`
	FranchiseAddr     string          `json:"franchiseAddr,omitempty"`
	FranchiseTEL      string          `json:"franchiseTEL,omitempty"`
	IdentityNum       json.RawMessage `json:"identityNum"`
	ItemName          string          `json:"itemName,omitempty"`
	OrderNumber       string          `json:"orderNumber,omitempty"`
	// SMSSendYN false, and no address: what the buyer is told is said by us.
	SMSSendYN bool `json:"smssendYN"`
	sumsBody
}

// issuing is the body of ISSUE.
func issuing(in cashreceipt.Issue) ([]byte, error) {
	identity := append(append([]byte{'"'}, in.Identifier.Reveal()...), '"') // digits: checked before
	defer clear(identity)
	b := issueBody{
		MgtKey: key(in.ID), TradeDT: in.DealAt.In(clock.Seoul).Format(wireTime), TradeType: typeIssue, TradeUsage: usagePerson, TradeOpt: optNormal,
		TaxationType: taxed, FranchiseCorpNum: in.Merchant.BusinessNumber, FranchiseCorpName: cut(in.Merchant.Name, 70),
		FranchiseCEOName: cut(in.Merchant.OwnerName, 30), FranchiseAddr: cut(in.Merchant.Address, 200), FranchiseTEL: cut(in.Merchant.Phone, 20),
		IdentityNum: identity, ItemName: cut(in.ItemName, 100), OrderNumber: cut(in.OrderID, 50), sumsBody: wire(in.Split).body(),
	}
	if in.Kind == cashreceipt.ExpenseProof {
		b.TradeUsage = usageFirm
	}
	if in.Split.TaxFree > 0 && in.Split.Taxable() == 0 {
		b.TaxationType = untaxed
	}
	return json.Marshal(b)
}

type cancelBody struct {
	MgtKey        string `json:"mgtKey"`
	OrgConfirmNum string `json:"orgConfirmNum"`
	OrgTradeDate  string `json:"orgTradeDate"`
	SMSSendYN     bool   `json:"smssendYN"`
	IsPartCancel  bool   `json:"isPartCancel"`
	CancelType    int    `json:"cancelType"`
	TradeDT       string `json:"tradeDT"`
	sumsBody
}

// canceling is the body of REVOKEISSUE. A whole cancel says no amounts: the original's
// are taken.
func canceling(c cashreceipt.Cancel) ([]byte, error) {
	b := cancelBody{
		MgtKey: key(c.ID), OrgConfirmNum: c.Original.Number, OrgTradeDate: strings.ReplaceAll(string(c.Original.Day), "-", ""),
		IsPartCancel: !c.Whole, CancelType: int(c.Reason), TradeDT: c.DealAt.In(clock.Seoul).Format(wireTime),
	}
	if !c.Whole {
		b.sumsBody = wire(c.Split).body()
	}
	return json.Marshal(b)
}

// cut is s without what is beyond n characters.
func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

func (p *Popbill) posting(method string, body []byte) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, p.options.BaseURL.JoinPath(pathCash).String(), bytes.NewReader(body)) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, err
	}
	r.Header.Set("X-Http-Method-Override", method)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	p.mark(r)
	return r, nil
}

func (p *Popbill) asking(mgtKey string, detail bool) (*http.Request, error) {
	u := p.options.BaseURL.JoinPath(pathCash, mgtKey)
	if detail {
		u.RawQuery = "Detail"
	}
	r, err := http.NewRequest(http.MethodGet, u.String(), http.NoBody) //nolint:noctx // call.Do gives it one
	if err != nil {
		return nil, err
	}
	p.mark(r)
	return r, nil
}

func (p *Popbill) mark(r *http.Request) {
	r.Header.Set("x-pb-version", apiVersion)
	if p.options.UserID != "" {
		r.Header.Set("x-pb-userid", p.options.UserID)
	}
}

type issueReply struct {
	Code       int    `json:"code"`
	ConfirmNum string `json:"confirmNum"`
	TradeDate  string `json:"tradeDate"`
}

type infoReply struct {
	MgtKey           string `json:"mgtKey"`
	TradeDate        string `json:"tradeDate"`
	ConfirmNum       string `json:"confirmNum"`
	StateCode        int    `json:"stateCode"`
	NTSResultCode    string `json:"ntsresultCode"`
	NTSResultMessage string `json:"ntsresultMessage"`
}

type detailReply struct {
	MgtKey        string `json:"mgtKey"`
	TradeType     string `json:"tradeType"`
	TaxationType  string `json:"taxationType"`
	TradeDate     string `json:"tradeDate"`
	ConfirmNum    string `json:"confirmNum"`
	OrgConfirmNum string `json:"orgConfirmNum"`
	sumsBody
}

// sums reads the amounts of a detail; ok is false when they are none.
func (d detailReply) sums() (a amounts, ok bool) {
	ok = true
	for _, f := range []struct {
		text string
		into *money.Won
	}{{d.SupplyCost, &a.supply}, {d.Tax, &a.tax}, {d.ServiceFee, &a.fee}, {d.TotalAmount, &a.total}} {
		n, err := strconv.ParseInt(f.text, 10, 64)
		if f.text == "" {
			err = nil
		}
		ok = ok && err == nil && n >= 0 && money.Won(n) <= money.Max
		*f.into = money.Won(n)
	}
	return a, ok && a.total > 0 && a.supply+a.tax+a.fee == a.total
}

// reference reads a number and its day; ok is false when they are none.
func reference(number, day string) (ref cashreceipt.Reference, ok bool) {
	t, err := time.Parse(wireDay, day)
	if err != nil || !cashreceipt.ValidNumber(number) {
		return cashreceipt.Reference{}, false
	}
	return cashreceipt.Reference{Number: number, Day: clock.Day(t.Format(time.DateOnly))}, true
}

// expected is the document that stands behind a key when it is ours.
type expected struct {
	key      string
	trade    string
	amounts  amounts
	original string
}

// compare reads the detail of a key that is in use: Issued when it is what was wanted.
func (e expected) compare(r call.Reply, code string) cashreceipt.Answer {
	var d detailReply
	if r.Status != http.StatusOK || json.Unmarshal(r.Body, &d) != nil || d.MgtKey != e.key {
		return unheard(code)
	}
	ref, ok1 := reference(d.ConfirmNum, d.TradeDate)
	got, ok2 := d.sums()
	switch {
	case !ok1 || !ok2:
		return unheard(code)
	case got != e.amounts || d.TradeType != e.trade || d.OrgConfirmNum != e.original:
		return cashreceipt.Answer{Outcome: cashreceipt.Refused, Code: code, Message: "같은 번호로 다른 현금영수증이 이미 발급됐어요."}
	}
	return cashreceipt.Answer{Outcome: cashreceipt.Issued, Reference: ref}
}

// split is what a detail says of amounts; zero when nothing. How much of the supply of
// a taxed receipt is free of tax Popbill does not keep.
func split(r call.Reply, mgtKey string) money.Split {
	var d detailReply
	if r.Status != http.StatusOK || json.Unmarshal(r.Body, &d) != nil || d.MgtKey != mgtKey {
		return money.Split{}
	}
	a, ok := d.sums()
	switch {
	case !ok:
		return money.Split{}
	case d.TaxationType == untaxed:
		return money.Split{Amount: a.total, VAT: a.tax, TaxFree: a.supply, ServiceFee: a.fee}
	}
	return money.Split{Amount: a.total, Supplied: a.supply, VAT: a.tax, ServiceFee: a.fee}
}
