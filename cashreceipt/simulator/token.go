package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The partner of a simulator on loopback, whose secret is no secret.
const (
	LinkID    = "SIMULATOR"
	SecretKey = "TE9PUEJBQ0stSVMtTk8tU0VDUkVU" //nolint:gosec // published: it guards nothing (G101)
)

// SecretOf is the partner's key at a simulator that was started with the token as
// Options.Secret. With "" there is none to know.
func SecretOf(token string) string {
	if token == "" {
		return SecretKey
	}
	return base64.StdEncoding.EncodeToString([]byte(token))
}

// Limits of the link hub.
const (
	tokenLife   = 30 * time.Minute
	dateWindow  = 10 * time.Minute
	hubVersion  = "2.0"
	scopeMember = "member"
	scopeCash   = "140"
)

// services are the two of Popbill.
var services = []string{"POPBILL", "POPBILL_TEST"}

// hub issues and reads session tokens. It keeps nothing: a token is a statement that
// it signed.
type hub struct {
	secret string // base64, as partners have it
}

func (h hub) mac(text string) []byte {
	key, err := base64.StdEncoding.DecodeString(h.secret)
	if err != nil {
		key = []byte(h.secret)
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// signed reports whether the request for a token was signed by the partner, and when.
func (h hub) signed(r *http.Request, body []byte, now time.Time) *wireError {
	partner, signature, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "LINKHUB "), " ")
	if !ok || partner != LinkID {
		return refusal(codeLinkUnknown)
	}
	digest := sha256.Sum256(body)
	date, version := r.Header.Get("x-lh-date"), r.Header.Get("x-lh-version")
	lines := []string{r.Method, base64.StdEncoding.EncodeToString(digest[:]), date}
	if ip := r.Header.Get("x-lh-forwarded"); ip != "" {
		lines = append(lines, ip)
	}
	lines = append(lines, version, r.URL.Path)
	got, err := base64.StdEncoding.DecodeString(signature)
	at, dateErr := time.Parse(time.RFC3339, date)
	if err != nil || dateErr != nil || version != hubVersion || now.Sub(at).Abs() > dateWindow || !hmac.Equal(got, h.mac(strings.Join(lines, "\n"))) {
		return refusal(codeLinkMismatch)
	}
	return nil
}

// issue is a token for a business.
func (h hub) issue(service, corp string, now time.Time) tokenAnswer {
	until := now.Add(tokenLife).Truncate(time.Second)
	text := corp + "." + strconv.FormatInt(until.Unix(), 10)
	return tokenAnswer{
		SessionToken: text + "." + base64.RawURLEncoding.EncodeToString(h.mac("session\n"+text)), ServiceID: service, LinkID: LinkID,
		UserCode: corp, IPAddress: "127.0.0.1", Expiration: until.UTC().Format("2006-01-02T15:04:05.000Z"), Scope: []string{scopeMember, scopeCash},
	}
}

// corp is the business that a request's token is for.
func (h hub) corp(r *http.Request, now time.Time) (string, *wireError) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return "", refusal(codeNoToken)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", refusal(codeWrongToken)
	}
	proof, err := base64.RawURLEncoding.DecodeString(parts[2])
	until, numErr := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || numErr != nil || !hmac.Equal(proof, h.mac("session\n"+parts[0]+"."+parts[1])) || now.Unix() >= until {
		return "", refusal(codeWrongToken)
	}
	return parts[0], nil
}

// postToken issues a token: POST /POPBILL/Token.
func (s *Server) postToken(w http.ResponseWriter, r *http.Request) {
	now, service := s.o.Clock.Now(), r.PathValue("service")
	body, ok := read(w, r)
	var asked tokenRequest
	switch no := s.hub.signed(r, body, now); {
	case s.office.script.Down():
		s.down(w)
	case no != nil:
		s.web.Encode(w, http.StatusUnauthorized, no)
	case !ok || !slices.Contains(services, service) || !readJSON(body, &asked) || len(asked.AccessID) != 10 || !slices.Contains(asked.Scope, scopeCash):
		s.web.Encode(w, http.StatusBadRequest, refusal(codeUnreadable))
	default:
		s.web.Encode(w, http.StatusOK, s.hub.issue(service, asked.AccessID, now))
	}
}
