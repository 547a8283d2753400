package demo

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"innopay/clock"
	"innopay/internal/approval"
	"innopay/internal/catalog"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/terms"
)

// actor stands in the audit for what the seeding does.
const actor = "demo"

// Keys derive the logins, so that every instance on one key ring knows them.
type Keys interface {
	Derive(label string) []byte
}

// Seeder fills an empty installation. It runs under a lease, so that of several
// instances on one database one seeds (contract).
type Seeder struct {
	Registry    *merchant.Registry
	Activations *merchant.Activations
	Catalog     *catalog.Service
	Senders     *message.Service // takes the shops' numbers; sends nothing
	Terms       *terms.Book      // the seeded people have agreed to what it holds
	Keys        Keys
	Clock       clock.Clock
	Adapter     string // name of the acquirer adapter of the seeded terminals
	Cards       []Card // of the simulator
	// Contracts writes the shops' terms, in transactions of Office.
	Contracts *contract.Service
	Office    approval.Store
	// Past is the core over the acquirer that plays the past, and PastClock the clock of
	// both; nil leaves the shops without payments.
	Past      *payment.Service
	PastClock *clock.Fake
}

// password is a login password: 20 characters of the derived key.
func (s *Seeder) password(label string) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(s.Keys.Derive("demo/" + label))[:20])
}

func (s *Seeder) cancelPassword(sh shop) string { return s.password("cancel/" + sh.key)[:12] }

func (s *Seeder) secretKey(sh shop) string {
	return base64.RawURLEncoding.EncodeToString(s.Keys.Derive("demo/key/" + sh.key))
}

// operator is one of those that decide together, with a second factor of its own.
type operator struct{ loginID, name, label string }

var operators = []operator{{"operator", "시험 운영자", "demo/totp"}, {"operator2", "시험 운영자 2", "demo/totp2"}}

func (s *Seeder) operator(o operator) Login {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.Keys.Derive(o.label)[:20])
	return Login{LoginID: o.loginID, Password: s.password(o.loginID), TOTPSecret: secret}
}

// File is demo.json as far as seeding knows it. It answers also when another
// instance seeded.
func (s *Seeder) File(ctx context.Context) (File, error) {
	f := File{
		APIVersion: "v1", Buyers: Buyers(), Cards: s.Cards,
		Operator: s.operator(operators[0]),
	}
	for _, o := range operators {
		f.Operators = append(f.Operators, s.operator(o))
	}
	for _, sh := range shops {
		m, ok, err := s.find(ctx, sh)
		if err != nil {
			return File{}, err
		}
		if !ok {
			return File{}, fmt.Errorf("demo: shop %s is not seeded", sh.key)
		}
		f.Merchants = append(f.Merchants, Merchant{
			ID: m.ID, Name: m.Name, BusinessNumber: m.BusinessNumber, TaxType: string(m.TaxType),
			Logins: []Login{
				{Role: string(merchant.Owner), LoginID: sh.key + "-owner", Password: s.password(sh.key + "-owner")},
				{Role: string(merchant.Staff), LoginID: sh.key + "-staff", Password: s.password(sh.key + "-staff")},
			},
			CancelPassword: s.cancelPassword(sh), SecretKey: "sk_test_" + s.secretKey(sh),
		})
	}
	return f, nil
}

// Seeded reports whether everything stands.
func (s *Seeder) Seeded(ctx context.Context) (bool, error) {
	return s.active(ctx, operators...)
}

// active reports whether the operators can log in. They are made last, one after the
// other: whoever finds the first one finds the shops.
func (s *Seeder) active(ctx context.Context, wanted ...operator) (bool, error) {
	users, err := s.Registry.Users(ctx, merchant.TenantOf(""))
	if err != nil {
		return false, err
	}
	for _, o := range wanted {
		if !slices.ContainsFunc(users, func(u merchant.User) bool { return u.LoginID == o.loginID && u.Status != merchant.UserInvited }) {
			return false, nil
		}
	}
	return true, nil
}

func (s *Seeder) find(ctx context.Context, sh shop) (merchant.Merchant, bool, error) {
	ms, err := s.Registry.Merchants(ctx, "", 100)
	if err != nil {
		return merchant.Merchant{}, false, err
	}
	for _, m := range ms {
		if m.BusinessNumber == sh.businessNumber() {
			return m, true, nil
		}
	}
	return merchant.Merchant{}, false, nil
}

// Seed makes shops, people, products and the past. It can be run again after a
// process died in the middle: what stands is left alone.
func (s *Seeder) Seed(ctx context.Context) error {
	if err := s.Terms.Prepare(ctx); err != nil {
		return fmt.Errorf("demo: terms: %w", err)
	}
	now := s.Clock.Now()
	// A demo of an earlier version has its shops, and one operator.
	stand, err := s.active(ctx, operators[0])
	if err != nil {
		return err
	}
	if !stand {
		for _, sh := range shops {
			if err := s.seedShop(ctx, sh, now); err != nil {
				return err
			}
		}
		if err := s.interestFree(ctx, now); err != nil {
			return err
		}
	}
	return s.seedOperators(ctx, now)
}

// seedOperators makes two, because what moves money or opens access is decided by two.
func (s *Seeder) seedOperators(ctx context.Context, now time.Time) error {
	for _, o := range operators {
		if there, err := s.active(ctx, o); err != nil {
			return err
		} else if there {
			continue
		}
		issued, err := s.Registry.CreateOperatorCode(ctx, actor, o.loginID, o.name)
		if err != nil {
			return fmt.Errorf("demo: operator: %w", err)
		}
		login := s.operator(o)
		code, err := totp.GenerateCode(login.TOTPSecret, now)
		if err != nil {
			return fmt.Errorf("demo: operator: %w", err)
		}
		if err := s.redeem(ctx, o.loginID, merchant.Redemption{
			Token: issued.Token, Password: merchant.Password(login.Password), TOTPCode: code, TOTPSecret: login.TOTPSecret,
		}); err != nil {
			return err
		}
	}
	return nil
}

// interestFree makes an event for the cards of two issuers at every shop, a year long.
func (s *Seeder) interestFree(ctx context.Context, now time.Time) error {
	everybody := merchant.TenantOf("")
	rules, err := s.Registry.Installments(ctx, everybody)
	if err != nil || len(rules.Events) > 0 {
		return err
	}
	for _, issuer := range []string{"11", "41"} { // KB국민, 신한
		if _, err := s.Registry.AddInterestFree(ctx, actor, everybody, merchant.InterestFree{
			Issuer: issuer, Months: []int{2, 3}, MinAmount: merchant.DefaultInstallmentMinimum,
			From: clock.DayOf(now), Until: clock.DayOf(now.AddDate(1, 0, 0)),
		}); err != nil {
			return fmt.Errorf("demo: interest-free months: %w", err)
		}
	}
	return nil
}

func (s *Seeder) redeem(ctx context.Context, who string, r merchant.Redemption) error {
	if err := s.Activations.Redeem(ctx, r); err != nil {
		return fmt.Errorf("demo: password of %s: %w", who, err)
	}
	return nil
}

func (s *Seeder) seedShop(ctx context.Context, sh shop, now time.Time) error {
	if m, ok, err := s.find(ctx, sh); err != nil || ok {
		// The shop stands since a start that died: the rest is filled in.
		if err != nil {
			return err
		}
		return s.fill(ctx, sh, m, now)
	}
	m, err := s.Registry.CreateMerchant(ctx, actor, merchant.NewMerchant{
		Name: sh.name, BusinessNumber: sh.businessNumber(), OwnerName: sh.owner, Address: sh.address, Phone: sh.phone,
		TaxType: sh.tax, MCC: sh.mcc, AuthLevel: merchant.AuthFull,
		Terminals: []merchant.Terminal{{TID: sh.tid, MID: sh.mid, Acquirer: s.Adapter}},
	})
	if err != nil {
		return fmt.Errorf("demo: shop %s: %w", sh.key, err)
	}
	return s.fill(ctx, sh, m, now)
}

// fill gives a shop its people, key, cancel password, products and past.
func (s *Seeder) fill(ctx context.Context, sh shop, m merchant.Merchant, now time.Time) error {
	t := m.Tenant()
	staff, err := s.people(ctx, sh, t)
	if err != nil {
		return err
	}
	keys, err := s.Registry.APIKeys(ctx, t)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		if _, _, err := s.Registry.CreateKey(ctx, actor, t, merchant.NewKey{Name: "시험용 키", Secret: s.secretKey(sh)}); err != nil {
			return fmt.Errorf("demo: key of %s: %w", sh.key, err)
		}
	}
	issued, err := s.Registry.IssueCancelPasswordLink(ctx, actor, t)
	if err != nil {
		return fmt.Errorf("demo: cancel password of %s: %w", sh.key, err)
	}
	if err := s.redeem(ctx, sh.key, merchant.Redemption{Token: issued.Token, Password: merchant.Password(s.cancelPassword(sh))}); err != nil {
		return err
	}
	if _, err := s.Senders.AddSender(ctx, t, sh.phone, actor); err != nil {
		return fmt.Errorf("demo: sender of %s: %w", sh.key, err)
	}
	if _, err := s.Senders.VerifySender(ctx, t, sh.phone, actor); err != nil {
		return fmt.Errorf("demo: sender of %s: %w", sh.key, err)
	}
	if err := s.products(ctx, sh, t); err != nil {
		return err
	}
	if err := s.contract(ctx, sh, t, now); err != nil {
		return err
	}
	return s.past(ctx, sh, t, staff, now)
}

func (s *Seeder) people(ctx context.Context, sh shop, t merchant.Tenant) (ids []string, err error) {
	present, err := s.Registry.Users(ctx, t)
	if err != nil {
		return nil, err
	}
	active := map[string]string{}
	for _, u := range present {
		if u.Status == merchant.UserActive {
			active[u.LoginID] = u.ID
		}
	}
	for _, p := range []merchant.NewUser{
		{LoginID: sh.key + "-owner", Name: "시험 점주", Role: merchant.Owner},
		{LoginID: sh.key + "-staff", Name: "시험 직원", Role: merchant.Staff},
	} {
		if id, ok := active[p.LoginID]; ok {
			ids = append(ids, id)
			if err := s.agree(ctx, t, id); err != nil {
				return nil, err
			}
			continue
		}
		issued, err := s.Registry.CreateUser(ctx, actor, t, p)
		if err != nil {
			return nil, fmt.Errorf("demo: user %s: %w", p.LoginID, err)
		}
		if err := s.redeem(ctx, p.LoginID, merchant.Redemption{Token: issued.Token, Password: merchant.Password(s.password(p.LoginID))}); err != nil {
			return nil, err
		}
		ids = append(ids, issued.UserID)
		if err := s.agree(ctx, t, issued.UserID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// agree has one of the seeded people agree to everything that holds, once.
func (s *Seeder) agree(ctx context.Context, t merchant.Tenant, userID string) error {
	asked, err := s.Terms.Ask(ctx, t, userID)
	if err != nil || len(asked.Pending) == 0 {
		return err
	}
	var answers []terms.Answer
	for _, d := range asked.Pending {
		answers = append(answers, terms.Answer{Kind: d.Kind, Version: d.Version, Agreed: true})
	}
	return s.Terms.Answer(ctx, terms.From{Tenant: t, UserID: userID}, answers)
}

func (s *Seeder) products(ctx context.Context, sh shop, t merchant.Tenant) error {
	present, err := s.Catalog.Categories(ctx, t)
	if err != nil {
		return err
	}
	for i, c := range sh.categories {
		if i < len(present) {
			continue
		}
		added, err := s.Catalog.AddCategory(ctx, t, actor, catalog.Category{Name: c.name, Sort: int64(i)})
		if err != nil {
			return fmt.Errorf("demo: category of %s: %w", sh.key, err)
		}
		for j, p := range c.products {
			made, err := s.Catalog.AddProduct(ctx, t, actor, catalog.Product{
				CategoryID: added.ID, Name: p.name, Price: p.price, Tax: p.tax(), Barcode: p.barcode,
				Favourite: j == 0, Sort: int64(100*i + j),
			})
			if err != nil {
				return fmt.Errorf("demo: product of %s: %w", sh.key, err)
			}
			if err := s.paint(ctx, t, made.ID, p); err != nil {
				return fmt.Errorf("demo: picture of %s: %w", p.name, err)
			}
		}
	}
	return nil
}

// paint gives a product its picture, as somebody who uploads one does.
func (s *Seeder) paint(ctx context.Context, t merchant.Tenant, productID string, p product) error {
	file, err := p.picture()
	if err != nil || file == nil {
		return err
	}
	_, err = s.Catalog.SetPicture(ctx, t, actor, productID, file)
	return err
}

func (s *Seeder) past(ctx context.Context, sh shop, t merchant.Tenant, staff []string, now time.Time) error {
	if s.Past == nil {
		return nil
	}
	var good []Card
	for _, c := range s.Cards {
		if c.Behaviour == "APPROVE" || c.Behaviour == "DECLINE_LIMIT" {
			good = append(good, c)
		}
	}
	m := &month{
		shop: sh, tenant: t, staff: staff, password: s.cancelPassword(sh), payments: s.Past, clock: s.PastClock,
		cards: good, dice: newDice(s.Keys.Derive("demo/month/" + sh.key)),
		prefix: "demo-" + sh.key + "-" + hex.EncodeToString(s.Keys.Derive("demo/orders/" + sh.key)[:3]),
	}
	return m.play(ctx, now)
}
