package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/retention"
	"innopay/internal/store/sqlgen"
)

// mostTold bounds what is looked at of what was sent on the way in.
const mostTold = 100

// addressPlace is what innopay/internal/merchant binds an address to.
func addressPlace(merchantID, id string) string {
	return merchant.MailPlace(merchant.TenantOf(merchantID), id)
}

// contacts are the number and the address by which a user was told things.
// The number of somebody who registered is forgotten where that was decided, so that it is
// known from what was sent there, as long as the registration itself is kept.
func (s *scan) contacts(ctx context.Context, merchantID, userID string) (p retention.People, err error) {
	told := func(thread string) error {
		rows, err := s.q.MessagesOfThread(ctx, sqlgen.MessagesOfThreadParams{Bucket: s.db.bucket(merchantID), Thread: thread, MerchantID: merchantID, Limit: mostTold})
		if err != nil {
			return err
		}
		sent, err := s.db.messagesOf(rows)
		for _, j := range sent {
			p = p.With(j.To)
		}
		return err
	}
	j := joining{s.db, s.q}
	came, err := s.q.RegistrationsOfUser(ctx, sqlgen.RegistrationsOfUserParams{MerchantID: merchantID, UserID: userID})
	if err != nil {
		return p, err
	}
	for _, r := range came {
		who, err := j.unseal(r.People, registrant(merchantID, r.ID))
		if err != nil {
			return p, err
		}
		p = p.With(who.Phone)
		if err := told(r.ID); err != nil {
			return p, err
		}
	}
	given, err := s.q.OnboardingOfUser(ctx, sqlgen.OnboardingOfUserParams{MerchantID: merchantID, UserID: userID})
	if err != nil {
		return p, err
	}
	for _, r := range given {
		who, err := j.unseal(r.People, newcomer(merchantID, r.ID))
		if err != nil {
			return p, err
		}
		p = p.With(who.Phone).With(who.Email)
		if err := told(r.ID); err != nil {
			return p, err
		}
	}
	mails, err := s.mails(ctx, merchantID, userID)
	for _, m := range mails {
		p = p.With(m[1])
	}
	return p, err
}

// mails are a user's addresses: state, address, since when.
func (s *scan) mails(ctx context.Context, merchantID, userID string) ([][]string, error) {
	rows, err := s.q.MailsOfUser(ctx, sqlgen.MailsOfUserParams{MerchantID: merchantID, UserID: userID})
	if err != nil {
		return nil, err
	}
	var out [][]string
	for _, r := range rows {
		address, err := s.db.sealer.Unseal(r.Address, addressPlace(merchantID, r.ID))
		if err != nil {
			return nil, fmt.Errorf("store: address of %s: %w", r.ID, err)
		}
		out = append(out, []string{r.Status, string(address), moment(clock.FromMicros(r.CreatedAt))})
	}
	return out, nil
}

// UserRecords implements retention.Store.
func (s *Retention) UserRecords(ctx context.Context, t merchant.Tenant, userID string) ([]retention.Sheet, error) {
	if t.ID() == "" {
		return nil, merchant.ErrNotFound
	}
	row, err := s.db.q.UserRow(ctx, sqlgen.UserRowParams{MerchantID: t.ID(), ID: userID})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, merchant.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	out := []retention.Sheet{{
		Head: retention.Head{Name: "account", Columns: []string{"번호", "아이디", "이름", "역할", "상태", "만든 때", "마지막 로그인", "2단계 인증"}},
		Rows: [][]string{{row.ID, row.LoginID, row.Name, row.Role, row.Status, moment(clock.FromMicros(row.CreatedAt)), moment(clock.FromMicros(row.LastLogin)), strconv.FormatBool(row.TotpSecret != "")}},
	}}
	for _, add := range []func(context.Context, merchant.Tenant, string) (retention.Sheet, error){s.userContacts, s.userConsents, s.userDevices, s.userTickets} {
		sheet, err := add(ctx, t, userID)
		if err != nil {
			return nil, err
		}
		out = append(out, sheet)
	}
	return out, nil
}

func (s *Retention) userContacts(ctx context.Context, t merchant.Tenant, userID string) (retention.Sheet, error) {
	x := &scan{db: s.db, q: s.db.q}
	out := retention.Sheet{Head: retention.Head{Name: "contacts", Columns: []string{"상태", "연락처", "만든 때"}}}
	rows, err := x.mails(ctx, t.ID(), userID)
	if err != nil {
		return out, err
	}
	p, err := x.contacts(ctx, t.ID(), userID)
	out.Rows = rows
	for _, known := range p.All() {
		if !slices.ContainsFunc(rows, func(r []string) bool { return retention.NormalMail(r[1]) == known }) {
			out.Rows = append(out.Rows, []string{"REGISTERED", known, ""})
		}
	}
	return out, err
}

func (s *Retention) userConsents(ctx context.Context, t merchant.Tenant, userID string) (retention.Sheet, error) {
	out := retention.Sheet{Head: retention.Head{Name: "consents", Columns: []string{"약관", "판", "동의", "때", "접속 주소"}}}
	all, err := s.db.AllConsents(ctx, t, userID)
	for _, c := range all {
		out.Rows = append(out.Rows, []string{string(c.Kind), strconv.Itoa(c.Version), strconv.FormatBool(c.Agreed), moment(c.At), c.Address})
	}
	return out, err
}

func (s *Retention) userDevices(ctx context.Context, t merchant.Tenant, userID string) (retention.Sheet, error) {
	out := retention.Sheet{Head: retention.Head{Name: "devices", Columns: []string{"종류", "이름", "처음", "마지막"}}}
	for _, kind := range []struct{ name, columns, table string }{
		{"SESSION", "device, created_at, seen_at", "session"}, {"DEVICE", "name, created_at, seen_at", "known_device"},
		{"PASSKEY", "name, created_at, used_at", "passkey"}, {"PUSH", "id, created_at, seen_at", "push_subscription"},
	} {
		found, err := s.devices(ctx, kind.name, "select "+kind.columns+" from "+kind.table+" where merchant_id = $1 and user_id = $2 order by created_at limit 1000", t.ID(), userID)
		if err != nil {
			return out, err
		}
		out.Rows = append(out.Rows, found...)
	}
	return out, nil
}

// devices are rows of a name and two times.
func (s *Retention) devices(ctx context.Context, kind, text, merchantID, userID string) (out [][]string, err error) {
	rows, err := s.db.engine.reader().QueryContext(ctx, text, merchantID, userID)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		var from, seen int64
		if err := rows.Scan(&name, &from, &seen); err != nil {
			return nil, err
		}
		out = append(out, []string{kind, name, moment(clock.FromMicros(from)), moment(clock.FromMicros(seen))})
	}
	return out, rows.Err()
}

func (s *Retention) userTickets(ctx context.Context, t merchant.Tenant, userID string) (retention.Sheet, error) {
	out := retention.Sheet{Head: retention.Head{Name: "tickets", Columns: []string{"문의", "제목", "쓴 때", "내용"}}}
	rows, err := s.db.q.TicketsOf(ctx, sqlgen.TicketsOfParams{MerchantID: t.ID(), UserID: userID, Most: 1000})
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		k, err := s.db.ticketOf(r)
		if err != nil {
			return out, err
		}
		all, err := s.db.TicketMessages(ctx, t, r.ID)
		if err != nil {
			return out, err
		}
		for _, m := range all {
			out.Rows = append(out.Rows, []string{k.ID, k.Subject, moment(m.CreatedAt), m.Text})
		}
	}
	return out, nil
}
