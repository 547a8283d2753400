package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/retention"
	"innopay/internal/store"
)

// Of somebody who works at a shop: the number is also that of a buyer of other days.
const (
	staffPhone = "01000001234"
	firstMail  = "first@staff.example"
	secondMail = "second@staff.example"
)

// hire adds somebody who registered a while ago, so that the number is forgotten there,
// changed the address of mail since, and was told something by each.
func (s *shop) hire(t *testing.T, seal store.Sealer) (userID string) {
	t.Helper()
	userID = s.ID(id.User)
	registration, at := s.ID(id.Registration), clock.Micros(s.Now)
	ok(t, s.db.Exec(t.Context(), `insert into app_user (merchant_id, id, login_id, name, role, status, password_hash, totp_secret, totp_step, created_at, last_login, version)
		values ($1, $2, 'hired-71', '시험 직원', 'STAFF', 'ACTIVE', 'hash', '', 0, $3, 0, 1)`, s.Merchant, userID, at))
	ok(t, s.db.Exec(t.Context(), `insert into registration (merchant_id, id, invite_id, token_hash, status, people, generation, code_hash, code_until, code_tries, sent_at,
		verified_at, user_id, created_at, expires_at, version) values ($1, $2, 'inv_1', 'hired', 'APPROVED', '', 1, '', 0, 0, $3, $3, $4, $3, $3, 3)`, s.Merchant, registration, at, userID))
	told := func(p message.Purpose, to string, mail bool, request string) {
		ok(t, s.db.MessageTx(t.Context(), func(ctx context.Context, tx message.Tx) error {
			_, err := tx.InsertMessage(ctx, message.Job{
				MerchantID: s.Merchant, ID: s.ID(id.Message), Purpose: p, Mail: mail, RequestID: request, To: to, Status: message.Delivered, CreatedAt: s.Now, Version: 1,
			})
			return err
		}))
	}
	told(message.StaffApproved, staffPhone, false, registration)
	for mail, status := range map[string]string{firstMail: "REPLACED", secondMail: "VERIFIED"} {
		mailID := s.ID(id.Mail)
		address, err := seal.Seal([]byte(mail), merchant.MailPlace(s.Tenant(), mailID))
		ok(t, err)
		ok(t, s.db.Exec(t.Context(), `insert into user_mail (merchant_id, id, user_id, address, address_index, status, created_at, expires_at, verified_at)
			values ($1, $2, $3, $4, $5, $6, $7, $7, $7)`, s.Merchant, mailID, userID, address, seal.BlindIndex("mail", mail), status, at))
		told(message.Security, mail, true, "")
	}
	ok(t, s.db.ApprovalTx(t.Context(), func(ctx context.Context, tx approval.Tx) error {
		a := approval.Approval{
			MerchantID: s.Merchant, ID: s.ID(id.Approval), Kind: approval.SecondFactorReset, Subject: userID, Reason: "분실", Status: approval.Pending,
			Changes: []approval.Change{{Field: "loginId", After: "hired-71"}}, RequestedBy: "usr_1", RequestedAt: s.Now, ExpiresAt: s.Now.Add(approval.Life),
		}
		return errors.Join(tx.InsertApproval(ctx, approval.Row{Approval: a, Payload: "sealed"}),
			tx.Record(ctx, audit.Record{MerchantID: s.Merchant, ID: s.ID(id.Audit), At: s.Now, Action: "approval.requested", Subject: a.ID}))
	}))
	return userID
}

// TestAnErasedUserIsNowhereBehindTheCounter erases somebody of a shop: every number and
// address by which they were told things goes with them, and what they bought stays.
func TestAnErasedUserIsNowhereBehindTheCounter(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		known := &remembering{Sealer: o.Sealer, plain: map[string]string{}}
		o.Sealer = known
		s := full(t, o)
		s.tellBuyer(t)
		userID := s.hire(t, known)
		bought := func() (n int64) {
			ok(t, s.db.Look(t.Context(), "select count(*), 0 from payment where buyer <> ''", &n, new(int64)))
			return n
		}
		before := bought()
		for _, mail := range []string{firstMail, secondMail} {
			if in := known.holding(t, s.db, mail); !slices.Equal(in, []string{"message.recipient", "user_mail.address", "user_mail.address_index"}) {
				t.Fatalf("%s stands in %v", mail, in)
			}
		}
		records, err := store.NewRetention(s.db).UserRecords(t.Context(), s.Tenant(), userID)
		ok(t, err)
		if i := slices.IndexFunc(records, func(r retention.Sheet) bool { return r.Name == "contacts" }); i < 0 || len(records[i].Rows) != 3 {
			t.Errorf("contacts that are handed out: %v", records)
		}
		policy, err := retention.NewPolicy(nil)
		ok(t, err)
		ok(t, s.db.Exec(t.Context(), "update message set due_at = 0"))
		r, now := store.NewRetention(s.db), s.clock.Now().Truncate(time.Microsecond)
		s.beginErasure(t, retention.Erasure{
			ID: s.ID(id.Erasure), Kind: retention.OfUser, MerchantID: s.Merchant, UserID: userID, Label: userID, ApprovalID: "apr_1", ApprovedBy: "usr_2", DueAt: now, CreatedAt: now, Version: 1,
		})
		s.erase(t, r, policy, now)
		if done, err := r.Erasures(t.Context(), "", 10); err != nil || !done[0].Done || done[0].People != (retention.People{}) {
			t.Fatalf("%+v, %v", done, err)
		}
		if left := known.holding(t, s.db, firstMail, secondMail, "시험 직원", "hired-71"); len(left) > 0 {
			t.Errorf("left in %v", left)
		}
		if slices.Contains(known.holding(t, s.db, staffPhone), "message.recipient") {
			t.Error("the number stands in what was sent there")
		}
		if after := bought(); after != before {
			t.Errorf("%d payments name their buyer, and %d did before", after, before)
		}
	})
}
