package merchant

import (
	"slices"
	"strings"

	"innopay/fault"
)

// Scope is what an API key is for. A key may do what its scopes name and nothing else.
type Scope string

// The scopes.
const (
	ScopeAll            Scope = "all" // everything that keys may do, settings too
	ScopePaymentsRead   Scope = "payments.read"
	ScopePaymentsWrite  Scope = "payments.write"
	ScopePaymentsCancel Scope = "payments.cancel"
	ScopeRequests       Scope = "requests"
	ScopeReceipts       Scope = "receipts"
	ScopeCatalogRead    Scope = "catalog.read"
	ScopeCatalogWrite   Scope = "catalog.write"
)

// AllScopes lists every scope, in the order in which they are shown and stored.
var AllScopes = []Scope{
	ScopeAll, ScopePaymentsRead, ScopePaymentsWrite, ScopePaymentsCancel, ScopeRequests, ScopeReceipts, ScopeCatalogRead, ScopeCatalogWrite,
}

// scopeGrants are the permissions of each scope but ScopeAll. Every key may read its own
// merchant.
var scopeGrants = map[Scope][]Permission{
	ScopePaymentsRead:   {PaymentRead},
	ScopePaymentsWrite:  {PaymentCreate},
	ScopePaymentsCancel: {PaymentCancel},
	ScopeRequests:       {RequestManage},
	ScopeReceipts:       {ReceiptManage},
	ScopeCatalogRead:    {CatalogRead},
	ScopeCatalogWrite:   {CatalogRead, CatalogWrite},
}

// Scopes are those of one key, as stored: words with a blank between them. Comparable.
type Scopes string

// NewScopes are the scopes by name, each once and in order. It returns Invalid, naming
// /scopes, for none or an unknown one.
func NewScopes(names ...Scope) (Scopes, error) {
	var words []string
	for _, s := range AllScopes {
		if slices.Contains(names, s) {
			words = append(words, string(s))
		}
	}
	for _, n := range names {
		if !slices.Contains(AllScopes, n) {
			return "", fault.InvalidField("/scopes", "UNKNOWN_VALUE", "키로 할 수 있는 일을 다시 골라 주세요.")
		}
	}
	if len(words) == 0 {
		return "", fault.InvalidField("/scopes", "REQUIRED", "키로 할 수 있는 일을 하나 이상 골라 주세요.")
	}
	if names := words; names[0] == string(ScopeAll) {
		words = names[:1]
	}
	return Scopes(strings.Join(words, " ")), nil
}

// List are the scopes one by one.
func (s Scopes) List() []Scope {
	out := []Scope{}
	for w := range strings.FieldsSeq(string(s)) {
		out = append(out, Scope(w))
	}
	return out
}

// grants reports whether one of the scopes gives the permission.
func (s Scopes) grants(p Permission) bool {
	for _, one := range s.List() {
		if one == ScopeAll || p == MerchantRead || slices.Contains(scopeGrants[one], p) {
			return true
		}
	}
	return false
}
