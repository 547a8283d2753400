package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The customer of a simulator on loopback, whose secret is no secret.
const (
	APIKey    = "NCSSIMULATOR0000"
	APISecret = "SIMULATOR-ON-LOOPBACK-IS-NO-SECRET"
)

// SecretOf is the customer's secret at a simulator that was started with the token as
// Options.Secret. With "" there is none to know.
func SecretOf(token string) string {
	if token == "" {
		return APISecret
	}
	return token
}

// Limits of a proof, as Solapi documents them.
const (
	proofWindow = 15 * time.Minute
	minSalt     = 12
	maxSalt     = 64
	maxProofs   = 100_000 // remembered against a second use
)

// proof is the header Authorization: HMAC-SHA256 apiKey=.., date=.., salt=.., signature=..
type proof struct{ key, date, salt, signature string }

// parseProof reads the header; ok is false when a part is missing, twice or foreign.
func parseProof(header string) (p proof, ok bool) {
	rest, ok := strings.CutPrefix(header, "HMAC-SHA256 ")
	if !ok {
		return p, false
	}
	into := map[string]*string{"apiKey": &p.key, "date": &p.date, "salt": &p.salt, "signature": &p.signature}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		field := into[name]
		if !found || value == "" || field == nil || *field != "" {
			return proof{}, false
		}
		*field = value
	}
	return p, p.key != "" && p.date != "" && p.salt != "" && p.signature != ""
}

// guard checks proofs and remembers them. It is safe for concurrent use.
type guard struct {
	secret string

	mu   sync.Mutex
	used map[string]time.Time // by signature: when it may be forgotten
}

// refusal is an answer of the wire that is none.
type refusal struct {
	status int
	wireError
}

// check returns why the header proves nothing, nil when it does.
func (g *guard) check(header string, now time.Time) *refusal {
	p, ok := parseProof(header)
	if !ok {
		return &refusal{http.StatusUnauthorized, wireError{"Unauthorized", "Authorization 헤더가 올바르지 않습니다."}}
	}
	no := func(code, message string) *refusal { return &refusal{http.StatusForbidden, wireError{code, message}} }
	if subtle.ConstantTimeCompare([]byte(p.key), []byte(APIKey)) != 1 {
		return no("InvalidAPIKey", "유효한 API Key가 아닙니다.")
	}
	mac := hmac.New(sha256.New, []byte(g.secret))
	mac.Write([]byte(p.date + p.salt))
	signature, err := hex.DecodeString(p.signature)
	if err != nil || len(p.salt) < minSalt || len(p.salt) > maxSalt || !hmac.Equal(signature, mac.Sum(nil)) {
		return no("SignatureDoesNotMatch", "생성한 Signature가 일치하지 않습니다.")
	}
	at, err := time.Parse(time.RFC3339, p.date)
	if err != nil || now.Sub(at).Abs() > proofWindow {
		return no("RequestTimeTooSkewed", "시간 값이 서버 시간을 15분 이상 벗어났습니다.")
	}
	if !g.first(strings.ToLower(p.signature), at.Add(proofWindow), now) {
		return no("DuplicatedSignature", "이미 사용한 Signature입니다.")
	}
	return nil
}

// first reports whether the signature was not used before.
func (g *guard) first(signature string, forget, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, used := g.used[signature]; used {
		return false
	}
	if len(g.used) >= maxProofs {
		for s, until := range g.used {
			if now.After(until) {
				delete(g.used, s)
			}
		}
		if len(g.used) >= maxProofs {
			return false
		}
	}
	g.used[signature] = forget
	return true
}
