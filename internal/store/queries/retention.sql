-- How long records are kept. What is deleted or blanked stands in retention_sweep.go, by class.

-- name: RetentionCursor :one
select upto from retention_cursor where merchant_id = $1 and class = $2;

-- name: PutRetentionCursor :exec
insert into retention_cursor (merchant_id, class, upto) values ($1, $2, $3)
on conflict (merchant_id, class) do update set upto = excluded.upto;

-- name: RetentionFigures :many
select * from retention_figure order by class;

-- name: PutRetentionFigure :exec
insert into retention_figure (class, swept_at, gone, total) values ($1, $2, sqlc.arg(gone), sqlc.arg(gone))
on conflict (class) do update set swept_at = excluded.swept_at, gone = excluded.gone, total = retention_figure.total + excluded.gone;

-- name: InsertErasure :exec
insert into erasure (
  id, kind, merchant_id, user_id, people, label, reason, approval_id, requested_by, approved_by, status, place, at_merchant, at_row,
  blanked, waiting, kept, due_at, created_at, done_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
);

-- name: UpdateErasure :execrows
update erasure set
  people = sqlc.arg(people), status = sqlc.arg(status), place = sqlc.arg(place), at_merchant = sqlc.arg(at_merchant), at_row = sqlc.arg(at_row),
  blanked = sqlc.arg(blanked), waiting = sqlc.arg(waiting), kept = sqlc.arg(kept), due_at = sqlc.arg(due_at), done_at = sqlc.arg(done_at), version = sqlc.arg(version)
where id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: ErasureDue :many
select * from erasure where due_at > 0 and due_at <= $1 order by due_at limit 1;

-- name: Erasures :many
select * from erasure where (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before)) order by id desc limit sqlc.arg(most);

-- name: Erasure :one
select * from erasure where id = $1;

-- name: MerchantAfter :many
select m.id from merchant m where m.id > $1 order by m.id limit 1;

-- name: PaymentsWithBuyer :many
select p.id, p.status, p.order_name, p.amount, p.requested_at, p.buyer from payment p
where p.merchant_id = sqlc.arg(merchant_id) and p.id > sqlc.arg(after) order by p.id limit sqlc.arg(most);

-- name: BlankBuyer :execrows
update payment set buyer = '', buyer_name_index = '', buyer_phone_index = '', buyer_phone_last4 = ''
where payment.merchant_id = $1 and payment.id = $2 and payment.status not in ('READY', 'IN_PROGRESS', 'UNKNOWN') and not exists (
  select 1 from payment_request r where r.merchant_id = payment.merchant_id and r.payment_id = payment.id and r.open = true
);

-- name: BlankRequestPhone :exec
update payment_request set phone_index = '' where merchant_id = $1 and payment_id = $2 and open = false;

-- name: HasSignature :one
select count(*) from signature s where s.merchant_id = $1 and s.payment_id = $2;

-- name: KeysAfter :many
select i.operation, i.key, i.payment_id, i.status, i.body from idempotency i
where i.merchant_id = sqlc.arg(merchant_id) and (i.operation > sqlc.arg(operation) or i.operation = sqlc.arg(operation) and i.key > sqlc.arg(key))
order by i.operation, i.key limit sqlc.arg(most);

-- name: ReplaceFrozen :exec
update idempotency set body = sqlc.arg(body) where merchant_id = sqlc.arg(merchant_id) and operation = sqlc.arg(operation) and key = sqlc.arg(key);

-- name: MessagesAfter :many
select m.merchant_id, m.bucket, m.id, m.purpose, m.mail, m.recipient, m.status, m.due_at, m.created_at from message m
where m.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and m.id > sqlc.arg(after) order by m.id limit sqlc.arg(most);

-- name: BlankRecipient :execrows
update message set recipient = '' where bucket = $1 and id = $2 and merchant_id = $3 and due_at = 0;

-- name: ReceiptsAfter :many
select r.id, r.kind, r.identifier, r.amount, r.status, r.balance_amount, r.due_at, r.created_at from cash_receipt r
where r.merchant_id = sqlc.arg(merchant_id) and r.id > sqlc.arg(after) order by r.id limit sqlc.arg(most);

-- name: BlankIdentifier :execrows
update cash_receipt set identifier = '', masked = '' where merchant_id = $1 and id = $2 and due_at = 0;

-- name: DeliveriesAfter :many
select d.id, d.type, d.payload, d.status, d.created_at from webhook_delivery d
where d.merchant_id = sqlc.arg(merchant_id) and d.id > sqlc.arg(after) order by d.id limit sqlc.arg(most);

-- name: DropDelivery :execrows
delete from webhook_delivery where merchant_id = $1 and id = $2 and status <> 'PENDING';

-- name: DropDeliveryAttempts :exec
delete from webhook_attempt where webhook_attempt.merchant_id = $1 and webhook_attempt.delivery_id = $2;

-- What still waits is decided without the names; it comes too late for who is gone.
-- name: BlankApprovals :exec
update approval set payload = case when status = 'PENDING' then payload else '' end, changes = '[]'
where merchant_id = sqlc.arg(merchant_id) and (subject = sqlc.arg(subject) or id = sqlc.arg(id));

-- name: BlankUser :execrows
update app_user set name = '', login_id = sqlc.arg(login_id), status = 'DISABLED', password_hash = '', totp_secret = '', totp_step = 0, pending_since = 0, version = version + 1
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id);

-- name: BlankConsents :exec
update consent set address = '' where merchant_id = $1 and user_id = $2;

-- name: BlankStaffLabels :exec
update sales_total set label = '' where merchant_id = $1 and dimension = 'STAFF' and value = $2;

-- name: MailsOfUser :many
select m.id, m.address, m.status, m.created_at from user_mail m where m.merchant_id = $1 and m.user_id = $2 order by m.id;

-- name: RegistrationsOfUser :many
select r.id, r.people, r.status, r.created_at from registration r where r.merchant_id = $1 and r.user_id = $2 order by r.id;

-- name: OnboardingOfUser :many
select o.id, o.people, o.created_at from onboarding o where o.merchant_id = $1 and o.user_id = $2;

-- name: UserRow :one
select * from app_user where merchant_id = $1 and id = $2;

-- name: AllConsentsOf :many
select * from consent where merchant_id = $1 and user_id = $2 order by id limit 1000;
