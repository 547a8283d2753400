-- Messages to acquirers and the jobs of those without a final outcome.

-- name: InsertAttempt :exec
insert into attempt (
  merchant_id, bucket, id, payment_id, cancel_id, kind, status, original_id, terminal_id, stan,
  transmitted_at, amount, code, message, approval_number, rrn, sends, late, settled_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19
);

-- name: UpdateAttempt :execrows
update attempt set
  status = $3, code = $4, message = $5, approval_number = $6, rrn = $7, sends = $8, settled_at = $9
where bucket = sqlc.arg(bucket) and id = $2 and merchant_id = $1 and status = sqlc.arg(was);

-- name: DecideAttempt :execrows
update attempt set
  status = $3, code = $4, message = $5, approval_number = $6, rrn = $7, sends = $8, settled_at = $9
where bucket = sqlc.arg(bucket) and id = $2 and merchant_id = $1 and status in ('SENDING', 'UNKNOWN');

-- name: LateAnswer :execrows
update attempt set late = $1 where bucket = $2 and id = $3 and merchant_id = $4;

-- name: Attempt :one
select * from attempt where bucket = $1 and id = $2 and merchant_id = $3;

-- name: AttemptsOfPayment :many
select * from attempt where bucket = $1 and payment_id = $2 and merchant_id = $3 order by id;

-- name: InsertUnsettled :exec
insert into unsettled (
  merchant_id, attempt_id, payment_id, cancel_id, bucket, phase, due_at, tries, since, operation,
  key, lease_owner, lease_until
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
);

-- name: UpdateUnsettled :execrows
update unsettled set phase = $3, due_at = $4, tries = $5, lease_owner = '', lease_until = 0
where merchant_id = $1 and attempt_id = $2 and lease_owner = $6;

-- name: DeleteUnsettled :execrows
delete from unsettled where merchant_id = $1 and attempt_id = $2 and lease_owner = $3;

-- name: SettleUnsettled :exec
delete from unsettled where merchant_id = $1 and attempt_id = $2;

-- name: ReplaceUnsettled :exec
insert into unsettled (
  merchant_id, attempt_id, payment_id, cancel_id, bucket, phase, due_at, tries, since, operation,
  key, lease_owner, lease_until
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
)
on conflict (merchant_id, attempt_id) do update set
  payment_id = excluded.payment_id, cancel_id = excluded.cancel_id, phase = excluded.phase,
  due_at = excluded.due_at, tries = excluded.tries, operation = excluded.operation,
  key = excluded.key, lease_owner = excluded.lease_owner, lease_until = excluded.lease_until;

-- name: ClaimUnsettled :many
update unsettled set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until)
where merchant_id = sqlc.arg(merchant_id) and attempt_id = sqlc.arg(attempt_id)
  and (lease_until <= sqlc.arg(now_at) or lease_owner = sqlc.arg(owner))
returning *;

-- name: Unsettled :one
select * from unsettled where merchant_id = $1 and attempt_id = $2;

-- name: UnsettledOfMerchant :many
select * from unsettled where merchant_id = $1 order by since, attempt_id limit $2;

-- name: UnsettledOfAll :many
select * from unsettled order by since, attempt_id limit $1;

-- name: UnsettledDue :many
select attempt_id from unsettled
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  and due_at <= sqlc.arg(now_at) and lease_until <= sqlc.arg(now_at)
limit 1;

-- The condition stands twice: without the outer one PostgreSQL would lease a row
-- that another worker took between the subquery and the update.
-- name: LeaseUnsettled :many
update unsettled set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until)
where (merchant_id, attempt_id) in (
    select d.merchant_id, d.attempt_id from unsettled d
    where d.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and d.due_at <= sqlc.arg(now_at) and d.lease_until <= sqlc.arg(now_at)
    order by d.due_at limit sqlc.arg(most)
  )
  and unsettled.due_at <= sqlc.arg(now_at) and unsettled.lease_until <= sqlc.arg(now_at)
returning *;

-- name: TakeSTANs :one
insert into stan (merchant_id, terminal_id, next) values ($1, $2, $3)
on conflict (merchant_id, terminal_id) do update set next = stan.next + excluded.next
returning next;
