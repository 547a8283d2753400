package registration

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/terms"
)

// Keys is the key ring as this package needs it (innopay/internal/keyring).
type Keys interface {
	BlindIndex(kind, normalised string) string
	Token(kind, id string, generation int) string
	TokenAgain(hash, kind, id string, generation int) (string, error)
	TokenHash(token string) string
}

// People is where users are kept (merchant.Registry).
type People interface {
	merchant.Directory
	Choose(ctx context.Context, t merchant.Tenant, c merchant.Choice) (merchant.Chosen, error)
	LoginIDFree(ctx context.Context, loginID string) (bool, error)
	User(ctx context.Context, t merchant.Tenant, userID string) (merchant.User, error)
	CreateUser(ctx context.Context, actor string, t merchant.Tenant, n merchant.NewUser) (merchant.Issued, error)
	CreateOperatorCode(ctx context.Context, actor, loginID, name string) (merchant.Issued, error)
	IssuePasswordLink(ctx context.Context, actor string, t merchant.Tenant, userID string) (merchant.Issued, error)
	RevokePasswordLinks(ctx context.Context, actor string, t merchant.Tenant, userID string) (merchant.User, error)
}

// Options wire a Service.
type Options struct {
	Store    Store
	People   People
	Terms    *terms.Book
	Messages *message.Service
	Keys     Keys
	Clock    clock.Clock
	IDs      *id.Source
	Log      *slog.Logger
	Base     string    // the installation's address, without a slash at its end
	Brand    string    // what the mails call the service; empty: INNOPAY
	Rand     io.Reader // of codes; nil means the system's cryptographic source
}

// Service lets people in. Safe for concurrent use.
type Service struct{ Options }

// New wires a Service and has it make the words of its messages.
func New(o Options) *Service {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Brand == "" {
		o.Brand = "INNOPAY"
	}
	s := &Service{o}
	o.Messages.Compose(message.PhoneCode, s.composeCode)
	o.Messages.Compose(message.StaffApproved, s.composeDecision)
	o.Messages.Compose(message.StaffRefused, s.composeDecision)
	o.Messages.Compose(message.Activation, s.composeActivation)
	o.Messages.Compose(message.ActivationCode, s.composeActivationCode)
	return s
}

// Kinds of tokens and blind indexes.
const (
	registrationToken = "registration"
	phoneCode         = "registration.code"
	onboardingToken   = "onboarding"
	onboardingCode    = "onboarding.code"
	quotaKind         = "registration.quota"
)

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// letters are those of codes: none is taken for another when it is read out or written
// down. There are 32, so that each stands for five random bits.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

func (s *Service) draw(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.Rand, b); err != nil {
		return "", fmt.Errorf("registration: random source: %w", err)
	}
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b), nil
}

// normalCode is a code as people type it, as it is stored; empty when it can be none.
func normalCode(s string, length int) string {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if len(s) != length || strings.Trim(s, letters) != "" {
		return ""
	}
	return s
}

// CodeOf is the six-digit code that follows from a token of 144 bits. The modulus shifts
// the odds by less than one in ten million millions.
func CodeOf(token string) string {
	sum := hmac.New(sha256.New, []byte("six digits"))
	_, _ = sum.Write([]byte(token)) // a hash never fails
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum.Sum(nil))%1_000_000)
}

// right compares a code with the one sent, in constant time.
func (s *Service) right(code, hash, kind, id string, generation int) (bool, error) {
	token, err := s.Keys.TokenAgain(hash, kind, id, generation)
	if err != nil {
		return false, err
	}
	return hmac.Equal([]byte(strings.TrimSpace(code)), []byte(CodeOf(token))), nil
}

// limit counts one more on a subject, in a transaction of its own: what is refused counts
// too. It returns ErrTooMany.
func (s *Service) limit(ctx context.Context, what, subject string, w message.Window) error {
	now := s.now()
	ok := false
	err := s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		ok, err = tx.UseQuota(ctx, "join/"+what+"/"+s.Keys.BlindIndex(quotaKind, subject), w, now)
		return err
	})
	if err != nil {
		return unavailable(err)
	}
	if !ok {
		return ErrTooMany.WithRetryAfter(now.Truncate(w.Per).Add(w.Per).Sub(now))
	}
	return nil
}

// Limits, each by what it counts.
var (
	startsPerClient = message.Window{Most: 30, Per: 10 * time.Minute}
	startsPerShop   = message.Window{Most: 2000, Per: 10 * time.Minute}
	codesPerClient  = message.Window{Most: 20, Per: 10 * time.Minute}
	codesPerNumber  = message.Window{Most: 8, Per: time.Hour}
	triesPerClient  = message.Window{Most: 60, Per: 10 * time.Minute}
	idsPerOne       = message.Window{Most: 40, Per: 10 * time.Minute}
	idsPerClient    = message.Window{Most: 120, Per: 10 * time.Minute}
)

func (s *Service) record(t merchant.Tenant, actor, action, subject string, detail map[string]string) audit.Record {
	now := s.now()
	r := audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
	if len(detail) > 0 {
		b, err := json.Marshal(detail)
		if err != nil {
			panic("registration: a map of texts does not encode") // cannot happen
		}
		r.Detail = string(b)
	}
	return r
}

// wrongCode is ErrCode with the tries that are left.
func wrongCode(tries int) error {
	return ErrCode.WithDetail("triesLeft", strconv.Itoa(max(0, CodeTries-tries)))
}

// unavailable turns what is no fault into "not now".
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	return fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.").WithRetryAfter(2 * time.Second).Because(err)
}

// gone turns an absent row into f.
func gone(err error, f *fault.Error) error {
	if errors.Is(err, ErrAbsent) {
		return f
	}
	return unavailable(err)
}
