package retention

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
)

// The kinds by which two operators decide that somebody's data is erased.
const (
	BuyerErasure = "BUYER_ERASURE"
	UserErasure  = "USER_ERASURE"
)

// Kind is whose data an erasure is about.
type Kind string

// The kinds.
const (
	OfBuyer Kind = "BUYER"
	OfUser  Kind = "USER"
)

// People is by what a person is found: a telephone number, an address of mail, or both.
type People struct {
	Phone string `json:"phone,omitempty"` // digits
	Mail  string `json:"mail,omitempty"`  // lower case
	Also  string `json:"also,omitempty"`  // further ones of either, as they are compared, one a line
}

// With is the person with one more number or address, as it was stored.
func (p People) With(text string) People {
	known := normal(text)
	switch {
	case known == "" || p.Has(text):
	case p.Phone == "" && !strings.Contains(known, "@"):
		p.Phone = known
	case p.Mail == "" && strings.Contains(known, "@"):
		p.Mail = known
	case p.Also == "":
		p.Also = known
	default:
		p.Also += "\n" + known
	}
	return p
}

// All are the person's numbers and addresses.
func (p People) All() []string {
	return slices.DeleteFunc(append([]string{p.Phone, p.Mail}, strings.Split(p.Also, "\n")...), func(s string) bool { return s == "" })
}

// Read makes People of what was typed, or Invalid.
func Read(phone, mail string) (People, error) {
	p := People{Mail: NormalMail(mail)}
	p.Phone = NormalPhone(phone)
	switch {
	case p.Phone == "" && p.Mail == "":
		return p, fault.InvalidField("/phone", "REQUIRED", "전화번호나 메일 주소를 입력해 주세요.")
	case strings.TrimSpace(phone) != "" && (len(p.Phone) < 9 || len(p.Phone) > 15):
		return p, fault.InvalidField("/phone", "INVALID_PHONE", "전화번호는 숫자 9~15자리로 입력해 주세요.")
	case p.Mail != "" && !strings.Contains(p.Mail, "@"):
		return p, fault.InvalidField("/mail", "INVALID_EMAIL", "메일 주소를 확인해 주세요.")
	}
	return p, nil
}

// NormalPhone is a number as it is compared: its digits, at home.
func NormalPhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if rest, abroad := strings.CutPrefix(digits, "82"); abroad && len(digits) > 10 && !strings.HasPrefix(rest, "0") {
		return "0" + rest
	}
	return digits
}

// NormalMail is an address as it is compared.
func NormalMail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Has reports whether a text, as it was stored, is the person's number or address.
func (p People) Has(text string) bool { return slices.Contains(p.All(), normal(text)) }

// normal is a number or an address as it is compared.
func normal(text string) string {
	if strings.Contains(text, "@") {
		return NormalMail(text)
	}
	return NormalPhone(text)
}

// Label is the person for other people's eyes.
func (p People) Label() string {
	var out []string
	if p.Phone != "" {
		out = append(out, message.MaskedPhone(p.Phone))
	}
	if p.Mail != "" {
		out = append(out, message.MaskedEmail(p.Mail))
	}
	return strings.Join(out, ", ")
}

// Remainder is what an erasure leaves because the law obliges to keep it.
type Remainder struct {
	Rows  int64     `json:"rows"`
	Until time.Time `json:"until"` // the last of them
}

// Cursor is how far something has come through all that is known of people.
type Cursor struct {
	Place    int
	Merchant string
	Row      string
}

// Erasure is data of one person that is erased, row by row, by whatever instance comes by.
type Erasure struct {
	ID          string
	Kind        Kind
	MerchantID  string // of a user
	UserID      string
	People      People // empty once it is done
	Label       string
	Reason      string
	ApprovalID  string
	RequestedBy string
	ApprovedBy  string
	Done        bool
	At          Cursor
	Blanked     int64 // rows
	Waiting     int64 // rows of this round that something under way still needs
	Kept        map[string]Remainder
	DueAt       time.Time // zero: nothing to do
	CreatedAt   time.Time
	DoneAt      time.Time
	Version     int64
}

// Tx is the transaction of an approval that begins an erasure.
type Tx interface {
	InsertErasure(ctx context.Context, e Erasure) error
}

// Store is what erasures and exports ask of the database.
type Store interface {
	// ErasureDue is one that has something to do, or ErrNone.
	ErasureDue(ctx context.Context, now time.Time) (Erasure, error)
	// EraseBatch blanks up to limit rows from e.At on, in one transaction with the erasure
	// itself as it stands afterwards. wait is when what is under way now is looked at
	// again. keeps says until when a class keeps what was made at a time. a is written
	// with the last batch. ErrTaken when another instance was faster.
	EraseBatch(ctx context.Context, e Erasure, b Batch) (Erasure, error)
	// PutOff leaves an erasure as it stands until due; ErrTaken.
	PutOff(ctx context.Context, e Erasure, due time.Time) error
	Erasures(ctx context.Context, before string, limit int) ([]Erasure, error)
	// Heads names the places that are looked at, and the columns of each.
	Heads() []Head
	// FindBatch reads up to limit rows from at on; done is that there are no more.
	FindBatch(ctx context.Context, p People, at Cursor, limit int) (found []Row, next Cursor, done bool, err error)
	// UserRecords is all that is known of a user, as tables; ErrNotFound.
	UserRecords(ctx context.Context, t merchant.Tenant, userID string) ([]Sheet, error)
	// Note writes an act into the audit.
	Note(ctx context.Context, a audit.Record) error
}

// Batch is how EraseBatch works.
type Batch struct {
	Now    time.Time
	Limit  int
	Wait   time.Duration
	Policy Policy
	Audit  audit.Record
}

// Faults of this package.
var (
	// ErrNone: nothing is to be done.
	ErrNone = errors.New("retention: nothing is due")
	// ErrTaken: another instance works on the same.
	ErrTaken = errors.New("retention: another instance was faster")
	// ErrLastOwner: a shop that takes money needs somebody who is answerable for it.
	ErrLastOwner = fault.New(fault.Conflict, "LAST_OWNER", "가맹점의 마지막 대표예요. 다른 대표를 먼저 등록하거나 가맹점을 해지해 주세요.")
)

// Eraser asks for erasures and carries them out. Register its kinds before the first
// request. Safe for concurrent use, but for Round, which one goroutine calls.
type Eraser struct {
	Store     Store
	Approvals *approval.Service
	Registry  *merchant.Registry
	Policy    Policy
	Clock     clock.Clock
	IDs       *id.Source
}

// Figures of erasing.
const (
	eraseRows = 200 // of one transaction, so that payments never wait long
	eraseWait = time.Hour
)

// asked is the payload of both kinds.
type asked struct {
	People People `json:"people"`
	Label  string `json:"label"`
}

// EraseBuyer asks for everything to be erased that is known of a buyer at all merchants and
// need not be kept. It returns Invalid or approval.ErrPending.
func (e *Eraser) EraseBuyer(ctx context.Context, actor string, p People, reason string) (approval.Approval, error) {
	a, _, err := e.Approvals.Request(ctx, approval.Ask{
		Actor: actor, Kind: BuyerErasure, Subject: p.Label(), Reason: reason, Payload: asked{p, p.Label()},
		Changes: []approval.Change{{Field: "buyer", Before: p.Label()}},
	})
	return a, err
}

// EraseUser asks for a user of a merchant to be erased. It returns Invalid,
// approval.ErrPending, merchant.ErrNotFound or ErrLastOwner.
func (e *Eraser) EraseUser(ctx context.Context, actor string, t merchant.Tenant, userID, reason string) (approval.Approval, error) {
	if err := approval.CheckReason(reason); err != nil {
		return approval.Approval{}, err
	}
	u, err := e.user(ctx, t, userID)
	if err != nil {
		return approval.Approval{}, err
	}
	a, _, err := e.Approvals.Request(ctx, approval.Ask{
		Actor: actor, Tenant: t, Kind: UserErasure, Subject: userID, Reason: reason, Payload: asked{Label: u.ID},
		Changes: []approval.Change{{Field: "loginId", Before: u.LoginID}, {Field: "name", Before: u.Name}},
	})
	return a, err
}

// user is one of a merchant that may be erased.
func (e *Eraser) user(ctx context.Context, t merchant.Tenant, userID string) (merchant.User, error) {
	if t.ID() == "" {
		return merchant.User{}, merchant.ErrNotFound
	}
	m, err := e.Registry.Merchant(ctx, t)
	if err != nil {
		return merchant.User{}, err
	}
	users, err := e.Registry.Users(ctx, t)
	if err != nil {
		return merchant.User{}, err
	}
	return erasable(m, users, userID)
}

// erasable is one of a merchant's users, or why it is not erased.
func erasable(m merchant.Merchant, users []merchant.User, userID string) (merchant.User, error) {
	var found *merchant.User
	owners := 0
	for i, u := range users {
		if u.ID == userID {
			found = &users[i]
		} else if u.Role == merchant.Owner && u.Status == merchant.UserActive {
			owners++
		}
	}
	switch {
	case found == nil:
		return merchant.User{}, merchant.ErrNotFound
	case found.Role == merchant.Owner && owners == 0 && m.Status != merchant.Closed:
		return merchant.User{}, ErrLastOwner
	}
	return *found, nil
}

// Erasures is one page of what was and is erased, newest first.
func (e *Eraser) Erasures(ctx context.Context, before string, limit int) ([]Erasure, error) {
	return e.Store.Erasures(ctx, before, limit)
}

// Round carries one batch of one erasure out. One that cannot be carried out, for instance
// because a row no longer opens, is tried again later and keeps no other waiting. It is
// called by one goroutine.
func (e *Eraser) Round(ctx context.Context) (bool, error) {
	now := e.Clock.Now().Truncate(time.Microsecond)
	one, err := e.Store.ErasureDue(ctx, now)
	if errors.Is(err, ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("erasure: %w", err)
	}
	_, err = e.Store.EraseBatch(ctx, one, Batch{
		Now: now, Limit: eraseRows, Wait: eraseWait, Policy: e.Policy,
		Audit: audit.Record{
			MerchantID: one.MerchantID, ID: e.IDs.At(id.Audit, now), At: now, Actor: one.ApprovedBy, Action: "erasure.done", Subject: one.ID, Detail: "{}",
		},
	})
	if err == nil || errors.Is(err, ErrTaken) {
		return true, nil
	}
	if ctx.Err() == nil {
		if off := e.Store.PutOff(ctx, one, now.Add(eraseWait)); off != nil && !errors.Is(off, ErrTaken) {
			err = errors.Join(err, off)
		}
	}
	return false, fmt.Errorf("erasure %s: %w", one.ID, err)
}
