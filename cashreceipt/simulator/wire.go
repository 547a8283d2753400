package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// wireError is what every refusal says.
type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// amount is a number that the wire writes as text; both forms are taken.
type amount int64

var errAmount = errors.New("cash receipt simulator: no amount")

// UnmarshalJSON reads 1000 or "1000"; nothing is 0.
func (a *amount) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	if s == "" || s == "null" {
		*a = 0
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > 1<<40 || n < -1<<40 {
		return errAmount
	}
	*a = amount(n)
	return nil
}

// issueRequest is the body of ISSUE.
type issueRequest struct {
	MgtKey            string `json:"mgtKey"`
	TradeDT           string `json:"tradeDT"`
	TradeType         string `json:"tradeType"`
	TradeUsage        string `json:"tradeUsage"`
	TradeOpt          string `json:"tradeOpt"`
	TaxationType      string `json:"taxationType"`
	TotalAmount       amount `json:"totalAmount"`
	SupplyCost        amount `json:"supplyCost"`
	Tax               amount `json:"tax"`
	ServiceFee        amount `json:"serviceFee"`
	FranchiseCorpNum  string `json:"franchiseCorpNum"`
	FranchiseCorpName string `json:"franchiseCorpName"`
	FranchiseCEOName  string `json:"franchiseCEOName"`
	FranchiseAddr     string `json:"franchiseAddr"`
	FranchiseTEL      string `json:"franchiseTEL"`
	IdentityNum       string `json:"identityNum"`
	ItemName          string `json:"itemName"`
	OrderNumber       string `json:"orderNumber"`
}

func (r *issueRequest) amounts() (amounts, bool) {
	return sums(r.SupplyCost, r.Tax, r.ServiceFee, r.TotalAmount)
}

// revokeRequest is the body of REVOKEISSUE.
type revokeRequest struct {
	MgtKey        string `json:"mgtKey"`
	OrgConfirmNum string `json:"orgConfirmNum"`
	OrgTradeDate  string `json:"orgTradeDate"`
	IsPartCancel  bool   `json:"isPartCancel"`
	CancelType    amount `json:"cancelType"`
	SupplyCost    amount `json:"supplyCost"`
	Tax           amount `json:"tax"`
	ServiceFee    amount `json:"serviceFee"`
	TotalAmount   amount `json:"totalAmount"`
	TradeDT       string `json:"tradeDT"`
}

func (r *revokeRequest) amounts() (amounts, bool) {
	return sums(r.SupplyCost, r.Tax, r.ServiceFee, r.TotalAmount)
}

// issueAnswer is the answer to both.
type issueAnswer struct {
	Code       int    `json:"code"`
	Message    string `json:"message"`
	ConfirmNum string `json:"confirmNum"`
	TradeDate  string `json:"tradeDate"`
	TradeDT    string `json:"tradeDT"`
}

// States of a receipt.
const (
	stateIssued = 300
	stateFiled  = 304
	stateFailed = 305
)

// info is the answer to GET /Cashbill/{mgtKey}.
type info struct {
	ItemKey          string `json:"itemKey"`
	MgtKey           string `json:"mgtKey"`
	TradeDate        string `json:"tradeDate"`
	TradeDT          string `json:"tradeDT"`
	TradeType        string `json:"tradeType"`
	TradeUsage       string `json:"tradeUsage"`
	TradeOpt         string `json:"tradeOpt"`
	TaxationType     string `json:"taxationType"`
	TotalAmount      string `json:"totalAmount"`
	IssueDT          string `json:"issueDT"`
	RegDT            string `json:"regDT"`
	StateCode        int    `json:"stateCode"`
	StateDT          string `json:"stateDT"`
	IdentityNum      string `json:"identityNum"`
	ItemName         string `json:"itemName"`
	OrderNumber      string `json:"orderNumber"`
	ConfirmNum       string `json:"confirmNum"`
	OrgConfirmNum    string `json:"orgConfirmNum,omitempty"`
	OrgTradeDate     string `json:"orgTradeDate,omitempty"`
	NTSSendDT        string `json:"ntssendDT,omitempty"`
	NTSResultDT      string `json:"ntsresultDT,omitempty"`
	NTSResultCode    string `json:"ntsresultCode,omitempty"`
	NTSResultMessage string `json:"ntsresultMessage,omitempty"`
	PrintYN          bool   `json:"printYN"`
}

// detail is the answer to GET /Cashbill/{mgtKey}?Detail.
type detail struct {
	MgtKey            string `json:"mgtKey"`
	ConfirmNum        string `json:"confirmNum"`
	OrgConfirmNum     string `json:"orgConfirmNum,omitempty"`
	OrgTradeDate      string `json:"orgTradeDate,omitempty"`
	TradeDate         string `json:"tradeDate"`
	TradeDT           string `json:"tradeDT"`
	TradeType         string `json:"tradeType"`
	TradeUsage        string `json:"tradeUsage"`
	TradeOpt          string `json:"tradeOpt"`
	TaxationType      string `json:"taxationType"`
	TotalAmount       string `json:"totalAmount"`
	SupplyCost        string `json:"supplyCost"`
	Tax               string `json:"tax"`
	ServiceFee        string `json:"serviceFee"`
	FranchiseCorpNum  string `json:"franchiseCorpNum"`
	FranchiseCorpName string `json:"franchiseCorpName"`
	FranchiseCEOName  string `json:"franchiseCEOName"`
	FranchiseAddr     string `json:"franchiseAddr"`
	FranchiseTEL      string `json:"franchiseTEL"`
	IdentityNum       string `json:"identityNum"`
	ItemName          string `json:"itemName"`
	OrderNumber       string `json:"orderNumber"`
	CancelType        int    `json:"cancelType,omitempty"`
	SMSSendYN         bool   `json:"smssendYN"`
}

// tokenRequest and tokenAnswer are the link hub's.
type tokenRequest struct {
	AccessID string   `json:"access_id"`
	Scope    []string `json:"scope"`
}

type tokenAnswer struct {
	SessionToken string   `json:"session_token"`
	ServiceID    string   `json:"serviceID"`
	LinkID       string   `json:"linkID"`
	UserCode     string   `json:"usercode"`
	IPAddress    string   `json:"ipaddress"`
	Expiration   string   `json:"expiration"`
	Scope        []string `json:"scope"`
}

// readJSON reads a body; unknown fields are for others.
func readJSON(b []byte, into any) bool { return json.Unmarshal(b, into) == nil }
