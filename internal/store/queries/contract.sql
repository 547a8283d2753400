-- Contracts and their history.

-- name: ContractOn :one
select * from contract where merchant_id = $1 and effective_day <= $2 order by version desc limit 1;

-- name: Contracts :many
select * from contract where merchant_id = $1 order by version desc limit 200;

-- name: InsertContract :execrows
insert into contract (
  merchant_id, version, effective_day, from_day, until_day, fees, fee_vat, limit_payment, limit_day, limit_month,
  max_months, cycle, account, actor, created_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
)
on conflict do nothing;

-- name: LimitGate :one
select version from limit_gate where merchant_id = $1;

-- name: LimitSum :one
select cast(coalesce(sum(payment.balance_amount), 0) as bigint) as total
from limit_use join payment on payment.merchant_id = limit_use.merchant_id and payment.id = limit_use.payment_id
where limit_use.merchant_id = sqlc.arg(merchant_id) and limit_use.day >= sqlc.arg(from_day) and limit_use.day <= sqlc.arg(until_day)
  and payment.attempt_id = limit_use.attempt_id and payment.status in ('IN_PROGRESS', 'UNKNOWN', 'DONE', 'PARTIAL_CANCELED');

-- name: OpenLimitGate :execrows
insert into limit_gate (merchant_id, version) values ($1, $2) on conflict do nothing;

-- name: PassLimitGate :execrows
update limit_gate set version = sqlc.arg(version) where merchant_id = sqlc.arg(merchant_id) and version = sqlc.arg(version) - 1;

-- name: InsertLimitUse :exec
insert into limit_use (merchant_id, day, attempt_id, payment_id) values ($1, $2, $3, $4);
