package merchant

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"innopay/fault"
	"innopay/id"
)

// MostPasskeys bounds a user's passkeys.
const MostPasskeys = 20

// maxPasskeyName is the length of a passkey's name, in characters.
const maxPasskeyName = 50

// Passkeys registers passkeys and logs in with them (WebAuthn Level 3). The authenticator
// has to verify its user, so that a passkey counts as both factors. Challenges stand in
// the database: any instance takes the answer to what another asked. Safe for concurrent
// use.
type Passkeys struct {
	*Accounts
	parties map[string]*webauthn.WebAuthn // by origin
	first   string
}

// NewPasskeys builds the service for the origins by which people reach the server, the
// usual one first. An origin whose host is an address cannot have passkeys, browsers
// bind them to a name; it is left out.
func NewPasskeys(a *Accounts, origins ...string) (*Passkeys, error) {
	s := &Passkeys{Accounts: a, parties: map[string]*webauthn.WebAuthn{}}
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("merchant: %q is no origin", o)
		}
		if !named(u.Hostname()) {
			continue
		}
		origin := u.Scheme + "://" + u.Host
		party, err := webauthn.New(&webauthn.Config{
			RPID: u.Hostname(), RPDisplayName: "INNOPAY", RPOrigins: []string{origin},
			// What an authenticator is made by is nobody's business here.
			AttestationPreference: protocol.PreferNoAttestation,
			AuthenticatorSelection: protocol.AuthenticatorSelection{
				ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
				UserVerification: protocol.VerificationRequired,
			},
		})
		if err != nil {
			return nil, fmt.Errorf("merchant: passkeys of %s: %w", origin, err)
		}
		s.parties[origin] = party
		if s.first == "" {
			s.first = origin
		}
	}
	return s, nil
}

// Asked is what a browser is asked, in the form of navigator.credentials.
type Asked struct {
	Challenge string // names what was asked; of 256 random bits
	Options   any    // PublicKeyCredentialRequestOptionsJSON, or PublicKeyCredentialCreationOptionsJSON
	ExpiresAt time.Time
}

// ceremony is what is kept of a challenge.
type ceremony struct {
	Origin  string               `json:"origin"`
	Session webauthn.SessionData `json:"session"`
}

// party is the relying party of an origin; none is the usual one.
func (s *Passkeys) party(origin string) (string, *webauthn.WebAuthn, error) {
	if origin == "" {
		origin = s.first
	}
	p := s.parties[origin]
	if p == nil {
		return "", nil, ErrNoPasskeys
	}
	return origin, p, nil
}

// ErrNoPasskeys: the server is not reached by a name to which passkeys could be bound.
var ErrNoPasskeys = fault.New(fault.Conflict, "NO_PASSKEYS", "이 주소에서는 패스키를 쓸 수 없어요. 비밀번호로 로그인해 주세요.")

// holder is a user as the library sees it. Its handle is our id, which says nothing of
// the person.
type holder struct {
	user User
	keys []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.user.ID) }
func (h holder) WebAuthnName() string                       { return h.user.LoginID }
func (h holder) WebAuthnDisplayName() string                { return h.user.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// BeginLogin asks for any passkey of this server. Anybody may ask.
func (s *Passkeys) BeginLogin(ctx context.Context, origin string) (Asked, error) {
	origin, party, err := s.party(origin)
	if err != nil {
		return Asked{}, err
	}
	options, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Asked{}, fmt.Errorf("merchant: asking for a passkey: %w", err)
	}
	row, asked, err := s.challenge(ChallengeRow{Kind: ChallengeLogin}, ceremony{origin, *session}, options.Response)
	if err != nil {
		return Asked{}, err
	}
	return asked, s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error { return s.ask(ctx, tx, row) })
}

// challenge is the row and the question of a ceremony.
func (s *Passkeys) challenge(row ChallengeRow, c ceremony, options any) (ChallengeRow, Asked, error) {
	token, err := s.secret()
	if err != nil {
		return row, Asked{}, err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return row, Asked{}, fmt.Errorf("merchant: encode challenge: %w", err)
	}
	row.TokenHash, row.Data = hashSecret(token), string(body)
	return row, Asked{Challenge: token, Options: options, ExpiresAt: s.Clock.Now().Add(ChallengeLife)}, nil
}

// resume takes a challenge: it is answered once, whatever comes of it.
func (s *Passkeys) resume(ctx context.Context, token string, k ChallengeKind) (ChallengeRow, *webauthn.WebAuthn, webauthn.SessionData, error) {
	row, err := s.take(ctx, token, k)
	if err != nil {
		return row, nil, webauthn.SessionData{}, err
	}
	var c ceremony
	if err := json.Unmarshal([]byte(row.Data), &c); err != nil {
		return row, nil, c.Session, fmt.Errorf("merchant: stored challenge: %w", err)
	}
	_, party, err := s.party(c.Origin)
	return row, party, c.Session, err
}

// PasskeyLogin is the answer to BeginLogin.
type PasskeyLogin struct {
	Challenge  string
	Credential []byte // AuthenticationResponseJSON
	Visitor
}

// usedPasskey is a passkey with which somebody logs in.
type usedPasskey struct {
	row    PasskeyRow
	was    int64 // its count before
	cloned bool
}

// LoginWithPasskey logs in by the login path of passwords: the same count of tries, the
// same checks of user and merchant, the same session. It returns ErrPasskeyFailed,
// ErrChallengeInvalid, ErrLoginLocked or ErrBusy.
func (s *Passkeys) LoginWithPasskey(ctx context.Context, r PasskeyLogin) (Session, error) {
	_, party, session, err := s.resume(ctx, r.Challenge, ChallengeLogin)
	if err != nil {
		return Session{}, err
	}
	answer, err := parseAssertion(r.Credential)
	if err != nil {
		return Session{}, ErrPasskeyFailed
	}
	row, err := s.Store.PasskeyByCredential(ctx, base64.RawURLEncoding.EncodeToString(answer.RawID))
	if errors.Is(err, ErrAbsent) {
		return Session{}, ErrPasskeyFailed
	}
	if err != nil {
		return Session{}, err
	}
	t := TenantOf(row.MerchantID)
	c, err := s.Store.Credentials(ctx, t, row.UserID)
	if err != nil {
		return Session{}, err
	}
	done, err := s.attempt(ctx, loginSubject(s.Keys, c.User.LoginID), r.Visitor, func(ctx context.Context) (decision, error) {
		d := decision{c: c, v: wrong, way: byPasskey, passkey: &usedPasskey{row: row, was: row.SignCount}}
		if row.Blocked || c.User.Status != UserActive || c.Merchant == Closed {
			return d, nil
		}
		key, err := credentialOf(row)
		if err != nil {
			return d, err
		}
		user := holder{c.User, []webauthn.Credential{key}}
		used, err := party.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return user, nil }, session, answer)
		if err != nil {
			s.Log.InfoContext(ctx, "passkey refused", slog.String("passkey", row.ID))
			return d, nil //nolint:nilerr // that it proves nothing is what the login came to
		}
		if d.passkey.cloned = used.Authenticator.CloneWarning; d.passkey.cloned {
			return d, nil
		}
		d.v = right
		d.passkey.row, err = s.used(row, used)
		return d, err
	})
	if errors.Is(err, ErrLoginFailed) {
		err = ErrPasskeyFailed
	}
	return done, err
}

// used is the passkey after a login.
func (s *Passkeys) used(row PasskeyRow, c *webauthn.Credential) (PasskeyRow, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return row, fmt.Errorf("merchant: encode passkey: %w", err)
	}
	row.Credential, row.SignCount, row.UsedAt = string(body), int64(c.Authenticator.SignCount), s.Clock.Now()
	return row, nil
}

func credentialOf(row PasskeyRow) (webauthn.Credential, error) {
	var c webauthn.Credential
	if err := json.Unmarshal([]byte(row.Credential), &c); err != nil {
		return c, fmt.Errorf("merchant: stored passkey: %w", err)
	}
	c.Authenticator.SignCount = uint32(row.SignCount) //nolint:gosec // written from one
	return c, nil
}

// maxAnswer bounds what an authenticator's answer may hold, in bytes.
const maxAnswer = 64 << 10

var errAnswer = errors.New("merchant: not an authenticator's answer")

// parseAssertion reads the answer to a login. Its error says nothing of the content.
func parseAssertion(b []byte) (*protocol.ParsedCredentialAssertionData, error) {
	if len(b) > maxAnswer {
		return nil, errAnswer
	}
	p, err := protocol.ParseCredentialRequestResponseBytes(b)
	if err != nil || len(p.RawID) == 0 {
		return nil, errAnswer
	}
	return p, nil
}

// parseCreation reads the answer to a registration.
func parseCreation(b []byte) (*protocol.ParsedCredentialCreationData, error) {
	if len(b) > maxAnswer {
		return nil, errAnswer
	}
	p, err := protocol.ParseCredentialCreationResponseBytes(b)
	if err != nil || len(p.RawID) == 0 {
		return nil, errAnswer
	}
	return p, nil
}

// blockPasskey stops a passkey whose count went back: its key may be in two places.
func (a *Accounts) blockPasskey(ctx context.Context, tx Tx, t Tenant, d decision) error {
	err := tx.BlockPasskey(ctx, t, d.passkey.row.ID)
	if errors.Is(err, ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	a.Log.WarnContext(ctx, "passkey blocked: its count went back", slog.String("passkey", d.passkey.row.ID))
	if err := a.notice(ctx, tx, t, d.c.User.ID, NoticePasskeyCloned, d.passkey.row.ID); err != nil {
		return err
	}
	return tx.Record(ctx, a.record(t, d.c.User.ID, "passkey.blocked", d.passkey.row.ID, nil))
}

// BeginPasskey asks the caller's browser to make a passkey, after the present password
// was given again. It returns ErrPasswordWrong, ErrPasskeysFull or ErrNoPasskeys.
func (s *Passkeys) BeginPasskey(ctx context.Context, p Principal, origin string, present Password) (Asked, error) {
	origin, party, err := s.party(origin)
	if err != nil {
		return Asked{}, err
	}
	rows, err := s.Store.Passkeys(ctx, p.Tenant, p.UserID)
	if err != nil {
		return Asked{}, err
	}
	if len(rows) >= MostPasskeys {
		return Asked{}, ErrPasskeysFull
	}
	user := holder{user: User{ID: p.UserID, LoginID: p.LoginID, Name: p.Name}}
	for _, row := range rows {
		c, err := credentialOf(row)
		if err != nil {
			return Asked{}, err
		}
		user.keys = append(user.keys, c)
	}
	options, session, err := party.BeginRegistration(user,
		webauthn.WithExclusions(webauthn.Credentials(user.keys).CredentialDescriptors()))
	if err != nil {
		return Asked{}, fmt.Errorf("merchant: asking for a new passkey: %w", err)
	}
	row, asked, err := s.challenge(ChallengeRow{
		Kind: ChallengePasskey, MerchantID: p.Tenant.ID(), UserID: p.UserID, SessionID: p.SessionID,
	}, ceremony{origin, *session}, options.Response)
	if err != nil {
		return Asked{}, err
	}
	err = s.proven(ctx, p, Proof{Password: present}, false, func(ctx context.Context, tx Tx, _ Credentials) error {
		return s.ask(ctx, tx, row)
	})
	if err != nil {
		return Asked{}, err
	}
	return asked, nil
}

// NewPasskey is the answer to BeginPasskey.
type NewPasskey struct {
	Challenge  string
	Name       string // by which its owner tells it from others
	Credential []byte // RegistrationResponseJSON
}

// AddPasskey registers a passkey in the session in which it was asked for. All other
// sessions of the caller end. token is the caller's session's.
func (s *Passkeys) AddPasskey(ctx context.Context, p Principal, token string, n NewPasskey) (PasskeyRow, error) {
	if err := checkPasskeyName(n.Name); err != nil {
		return PasskeyRow{}, err
	}
	asked, party, session, err := s.resume(ctx, n.Challenge, ChallengePasskey)
	if err != nil {
		return PasskeyRow{}, err
	}
	if asked.MerchantID != p.Tenant.ID() || asked.UserID != p.UserID || asked.SessionID != p.SessionID {
		return PasskeyRow{}, ErrChallengeInvalid
	}
	wrong := fault.InvalidField("/credential", "INVALID_PASSKEY", "패스키를 만들지 못했어요. 다시 시도해 주세요.")
	answer, err := parseCreation(n.Credential)
	if err != nil {
		return PasskeyRow{}, wrong
	}
	made, err := party.CreateCredential(holder{user: User{ID: p.UserID}}, session, answer)
	if err != nil {
		return PasskeyRow{}, wrong
	}
	row, err := s.used(PasskeyRow{
		MerchantID: p.Tenant.ID(), ID: s.IDs.At(id.Passkey, s.Clock.Now()), UserID: p.UserID, Name: n.Name,
		CredentialID: base64.RawURLEncoding.EncodeToString(made.ID), CreatedAt: s.Clock.Now(),
	}, made)
	if err != nil {
		return PasskeyRow{}, err
	}
	row.UsedAt = time.Time{}
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		rows, err := tx.Passkeys(ctx, p.Tenant, p.UserID)
		if err != nil {
			return err
		}
		if len(rows) >= MostPasskeys {
			return ErrPasskeysFull
		}
		if err := tx.InsertPasskey(ctx, row); err != nil {
			return err
		}
		return s.changed(ctx, tx, p.Tenant, p.UserID, hashSecret(token), NoticePasskeyAdded)
	})
	if errors.Is(err, ErrTaken) {
		return PasskeyRow{}, ErrPasskeyTaken
	}
	return row, err
}

func checkPasskeyName(s string) error {
	if !Printable(s, 1, maxPasskeyName) {
		return fault.InvalidField("/name", "INVALID_TEXT", "이름은 1~50자로 입력해 주세요.")
	}
	return nil
}

// Passkeys of the caller, oldest first.
func (s *Passkeys) Passkeys(ctx context.Context, p Principal) ([]PasskeyRow, error) {
	rows, err := s.Store.Passkeys(ctx, p.Tenant, p.UserID)
	return rows, err
}

// RenamePasskey of the caller, or ErrNotFound.
func (s *Passkeys) RenamePasskey(ctx context.Context, p Principal, passkeyID, name string) (PasskeyRow, error) {
	if err := checkPasskeyName(name); err != nil {
		return PasskeyRow{}, err
	}
	var row PasskeyRow
	err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.RenamePasskey(ctx, p.Tenant, p.UserID, passkeyID, name); err != nil {
			return err
		}
		rows, err := tx.Passkeys(ctx, p.Tenant, p.UserID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r PasskeyRow) bool { return r.ID == passkeyID })
		if i < 0 {
			return ErrAbsent
		}
		row = rows[i]
		return tx.Record(ctx, s.record(p.Tenant, p.UserID, "passkey.renamed", passkeyID, nil))
	})
	return row, read(err)
}

// RemovePasskey of the caller, or ErrNotFound. All other sessions end: the device it was
// on may be lost.
func (s *Passkeys) RemovePasskey(ctx context.Context, p Principal, token, passkeyID string) error {
	return read(s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeletePasskey(ctx, p.Tenant, p.UserID, passkeyID); err != nil {
			return err
		}
		return s.changed(ctx, tx, p.Tenant, p.UserID, hashSecret(token), NoticePasskeyRemoved)
	}))
}

// named reports whether a host is a name and no address.
func named(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && host != ""
}
