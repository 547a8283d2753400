package payment

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/money"
)

// Terms are what a payment must know of its merchant.
type Terms struct {
	Merchant       acquirer.Merchant
	TerminalID     string // empty: the merchant takes no cards
	Adapter        string // name of the acquirer adapter of the terminal
	TaxType        money.TaxType
	Rounding       money.Rounding
	NeedsBirth     bool // the merchant's authentication level asks for birth date or business number
	NeedsPassword  bool // .. and for the first two digits of the password
	MinimumCard    money.Won
	SignatureLimit money.Won // more than this needs a signature
	Suspended      bool
	Limits         Limits
	// ForbidPlainTrack refuses swipes of readers that do not encrypt.
	ForbidPlainTrack bool
	ChipFirst        merchant.ChipFirst // empty: ASK
	// Terminals are all of the merchant's: what was taken with another one than it uses
	// now is settled and cancelled at the acquirer that has it.
	Terminals []Terminal
}

// Terminal is where the messages of a terminal go, and the merchant's number there.
type Terminal struct{ ID, MID, Adapter string }

// at are the terms of what was taken with a terminal.
func (t Terms) at(terminalID string) (Terms, error) {
	if terminalID == t.TerminalID {
		return t, nil
	}
	for _, other := range t.Terminals {
		if other.ID == terminalID {
			t.TerminalID, t.Merchant.MID, t.Adapter = other.ID, other.MID, other.Adapter
			return t, nil
		}
	}
	// Nobody else may be asked: "never existed" of another acquirer would be believed.
	return Terms{}, ErrNoTerminal
}

// Installment is what an installment plan is worth at a merchant.
type Installment struct {
	Offered      bool
	Minimum      money.Won // from this amount on
	InterestFree bool
}

// Merchants tells the core about merchants. Implementations read committed data.
type Merchants interface {
	Terms(ctx context.Context, t merchant.Tenant) (Terms, error)
	Installment(ctx context.Context, t merchant.Tenant, adapter, issuer string, amount money.Won, months int, day clock.Day) (Installment, error)
	// CheckCancelPassword counts and locks; see merchant.
	CheckCancelPassword(ctx context.Context, t merchant.Tenant, password, actor string) error
}

// Hasher makes keyed hashes that name their key, so that rotation breaks no replay.
type Hasher interface {
	MAC(purpose string, data ...[]byte) (keyID, sum string)
	MACWith(keyID, purpose string, data ...[]byte) (sum string, err error)
}

// Issuers knows a card's issuer by its number: the issuer's code (empty when not
// known) and whether a wrong check digit is a hard refusal for that range.
type Issuers func(card.PAN) (code string, luhn bool)

// Options wire a Service.
type Options struct {
	Store     Store
	Merchants Merchants
	Acquirers map[string]acquirer.Acquirer // by adapter name
	Hasher    Hasher
	Issuers   Issuers
	// Render is the answer of the API for a payment; frozen for replays.
	Render func(Payment) ([]byte, error)
	Clock  clock.Clock
	IDs    *id.Source
	Log    *slog.Logger
	// Owner names this instance in leases.
	Owner string
	// MaxInFlight bounds payments and cancels under way; 0 means DefaultMaxInFlight.
	MaxInFlight int
	// Wake is told that an unsettled row is due; it may be nil and must not block.
	Wake func()
	// Guard judges card payments before they begin; nil: none are judged.
	Guard Guard
}

// DefaultMaxInFlight sheds load before the queue in front of the database fills.
const DefaultMaxInFlight = 4096

// Service is the payment core. It is safe for concurrent use and starts no
// goroutine of its own, so that the simulation can run it in one thread.
type Service struct {
	Options
	stans    *stans
	slots    chan struct{}
	breakers map[string]*breaker // by adapter name
	gates    gates

	mu   sync.Mutex
	late map[string]merchant.Tenant // attempts that ended unknown here, for evidence
	past map[string]merchant.Tenant // those before, dropped when late is full again
}

// New wires a Service.
func New(o Options) *Service {
	if o.MaxInFlight == 0 {
		o.MaxInFlight = DefaultMaxInFlight
	}
	s := &Service{
		Options: o, stans: newSTANs(o.Store), slots: make(chan struct{}, o.MaxInFlight),
		late: map[string]merchant.Tenant{}, breakers: map[string]*breaker{},
	}
	for name, a := range o.Acquirers {
		s.breakers[name] = &breaker{adapter: name, figures: a.Describe().Timeouts.Breaker, log: o.Log}
		if l, ok := a.(acquirer.LateObserver); ok {
			l.OnLate(s.keepLate)
		}
	}
	return s
}

// Faults of the core that callers meet by code.
var (
	ErrNotFound       = fault.New(fault.NotFound, "PAYMENT_NOT_FOUND", "거래를 찾을 수 없어요. 거래번호를 확인해 주세요.")
	ErrDuplicateOrder = fault.New(fault.Conflict, "DUPLICATE_ORDER", "같은 주문번호의 거래가 이미 있어요. 거래내역에서 확인해 주세요.")
	ErrKeyReused      = fault.New(fault.Invalid, "IDEMPOTENCY_KEY_REUSED", "같은 멱등키로 다른 내용을 보냈어요. 새 멱등키로 다시 보내 주세요.")
	ErrInProgress     = fault.New(fault.Conflict, "IN_PROGRESS", "앞서 보낸 요청을 처리하고 있어요. 잠시 뒤에 결과를 확인해 주세요.")
	ErrNotCancelable  = fault.New(fault.Conflict, "NOT_CANCELABLE", "취소할 수 없는 거래예요. 거래 상태를 확인해 주세요.")
	// ErrCancelLimit: detail cancelLimit says how much the person may cancel of a payment.
	ErrCancelLimit    = fault.New(fault.Forbidden, "CANCEL_LIMIT", "취소할 수 있는 한도를 넘었어요. 점주에게 요청해 주세요.")
	ErrExceedsBalance = fault.New(fault.Conflict, "EXCEEDS_BALANCE", "취소할 수 있는 금액보다 많아요. 남은 금액을 확인해 주세요.")
	ErrNoTerminal     = fault.New(fault.Conflict, "NO_TERMINAL", "카드 단말기가 등록되지 않은 가맹점이에요. 고객센터에 문의해 주세요.")
	ErrSuspended      = fault.New(fault.Forbidden, "MERCHANT_SUSPENDED", "지금은 결제를 받을 수 없는 가맹점이에요. 고객센터에 문의해 주세요.")
	// ErrPlainTrack: the operator allows encrypting readers only.
	ErrPlainTrack = fault.New(fault.Forbidden, "PLAIN_TRACK_FORBIDDEN", "암호화하지 않는 리더기는 쓸 수 없어요. 암호화 리더기로 긁거나 카드번호를 입력해 주세요.")
	// ErrReplayed: the reader's swipe, or a later one, was used by another payment.
	ErrReplayed = fault.New(fault.Conflict, "SWIPE_USED", "이미 쓴 카드 정보예요. 결제되지 않았으니 카드를 다시 긁어 주세요.")
	// ErrDecrypter: the swipe cannot be decrypted now.
	ErrDecrypter   = fault.New(fault.Unavailable, "READER_UNAVAILABLE", "지금은 암호화 리더기를 쓸 수 없어요. 돈은 나가지 않았으니 카드번호를 입력하거나 잠시 뒤에 다시 긁어 주세요.")
	ErrUnavailable = fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 돈은 나가지 않았으니 잠시 뒤에 다시 시도해 주세요.")
	ErrBusy        = fault.New(fault.TooMany, "OVERLOADED", "요청이 몰려 있어요. 돈은 나가지 않았으니 잠시 뒤에 다시 시도해 주세요.")
)

// Result is the answer to a create or cancel.
type Result struct {
	Payment  Payment
	Status   int    // HTTP status: 201 or 200 when final, 202 while unknown
	Body     []byte // the answer; byte for byte the same for every replay once final
	TraceID  string // of the request that was answered first
	Replayed bool
}

// admit takes a slot, or returns ErrBusy at once.
func (s *Service) admit() (release func(), err error) {
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	default:
		return nil, ErrBusy.WithRetryAfter(time.Second)
	}
}

// gateway is the acquirer of an adapter.
func (s *Service) gateway(adapter string) (acquirer.Acquirer, error) {
	a, ok := s.Acquirers[adapter]
	if !ok {
		return nil, ErrUnavailable.WithRetryAfter(time.Minute)
	}
	return a, nil
}

// storeFault turns a result of the store into what the caller is told. Nothing was
// written when it is used.
func storeFault(err error) error {
	switch {
	case isFault(err):
		return err
	case is(err, ErrAbsent):
		return ErrNotFound
	case is(err, ErrOverloaded):
		return ErrBusy.WithRetryAfter(time.Second).Because(err)
	default:
		return ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
	}
}

// Get is one payment with its cancels; ErrNotFound also when it is another's.
func (s *Service) Get(ctx context.Context, t merchant.Tenant, paymentID string) (Payment, error) {
	p, err := s.Store.Payment(ctx, t, paymentID)
	if err != nil {
		return Payment{}, storeFault(err)
	}
	return p, nil
}

// ByOrder is the live payment of an order, else its newest.
func (s *Service) ByOrder(ctx context.Context, t merchant.Tenant, orderID string) (Payment, error) {
	p, err := s.Store.PaymentByOrder(ctx, t, orderID)
	if err != nil {
		return Payment{}, storeFault(err)
	}
	return p, nil
}

// keepLate stores an answer nobody waited for any more as evidence (reliability
// 3.1): it never changes an outcome.
func (s *Service) keepLate(attemptID string, a acquirer.Answer) {
	s.mu.Lock()
	t, ok := s.late[attemptID]
	if !ok {
		t, ok = s.past[attemptID]
	}
	delete(s.late, attemptID)
	delete(s.past, attemptID)
	s.mu.Unlock()
	s.Log.Warn("late answer", "attempt", attemptID, "outcome", a.Outcome.String(), "code", a.Code, "known", ok)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	evidence := clock.FromMicros(clock.Micros(s.Clock.Now())).Format(time.RFC3339) + " " + a.Outcome.String() + " " + a.Code
	if err := s.Store.LateAnswer(ctx, t, attemptID, evidence); err != nil {
		s.Log.Error("late answer not kept", "attempt", attemptID, "err", err)
	}
}

// maxLate bounds the attempts whose late answers are waited for: the newest 5,000 to
// 10,000, because most unknown attempts are never answered late.
const maxLate = 10_000

func (s *Service) expectLate(t merchant.Tenant, attemptID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.late) >= maxLate/2 {
		s.past, s.late = s.late, map[string]merchant.Tenant{}
	}
	s.late[attemptID] = t
}

func (s *Service) wake() {
	if s.Wake != nil {
		s.Wake()
	}
}
