-- Rules against risk, and what is blocked, counted and found.

-- name: RiskRules :many
select * from risk_rule order by id;

-- name: RiskRule :one
select * from risk_rule where id = $1;

-- name: RiskBlockKinds :many
select distinct kind from risk_block where until_at = 0 or until_at > sqlc.arg(now_at);

-- name: InsertRiskRule :execrows
insert into risk_rule (
  id, merchant_id, name, kind, action, enabled, most_amount, most_count, window_seconds, from_minute, until_minute,
  created_at, created_by, updated_at, version
)
select
  cast(sqlc.arg(id) as text), cast(sqlc.arg(merchant_id) as text), cast(sqlc.arg(name) as text), cast(sqlc.arg(kind) as text), cast(sqlc.arg(action) as text),
  cast(sqlc.arg(enabled) as boolean), cast(sqlc.arg(most_amount) as bigint), cast(sqlc.arg(most_count) as bigint), cast(sqlc.arg(window_seconds) as bigint),
  cast(sqlc.arg(from_minute) as bigint), cast(sqlc.arg(until_minute) as bigint), cast(sqlc.arg(created_at) as bigint), cast(sqlc.arg(created_by) as text),
  cast(sqlc.arg(updated_at) as bigint), cast(sqlc.arg(version) as bigint)
where (select count(*) from risk_rule) < cast(sqlc.arg(most) as bigint);

-- name: UpdateRiskRule :execrows
update risk_rule set
  merchant_id = $2, name = $3, kind = $4, action = $5, enabled = $6, most_amount = $7, most_count = $8, window_seconds = $9,
  from_minute = $10, until_minute = $11, updated_at = $12, version = $13
where id = $1 and version = $13 - 1;

-- name: DeleteRiskRule :execrows
delete from risk_rule where id = sqlc.arg(id) and version = cast(sqlc.arg(version) as bigint) - 1;

-- name: InsertRiskBlock :execrows
insert into risk_block (id, kind, value, label, reason, created_at, created_by, until_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing;

-- A block that has ended makes way for a new one of the same.
-- name: ForgetRiskBlock :exec
delete from risk_block where kind = sqlc.arg(kind) and value = sqlc.arg(value) and until_at > 0 and until_at <= sqlc.arg(now_at);

-- name: DeleteRiskBlock :execrows
delete from risk_block where id = $1;

-- name: UseRisk :exec
insert into risk_count (subject, slice, used, amount, until) values ($1, $2, $3, $4, $5)
on conflict (subject, slice) do update set used = risk_count.used + excluded.used, amount = risk_count.amount + excluded.amount;

-- name: RiskUsed :one
select cast(coalesce(sum(used), 0) as bigint) as used, cast(coalesce(sum(amount), 0) as bigint) as amount from risk_count where subject = $1 and slice >= $2;

-- name: KeepRiskCard :exec
insert into risk_card (merchant_id, payment_id, card, at) values ($1, $2, $3, $4)
on conflict (merchant_id, payment_id) do update set card = excluded.card, at = excluded.at;

-- name: RiskCard :many
select card from risk_card where merchant_id = $1 and payment_id = $2;

-- name: InsertRiskReview :exec
insert into risk_review (
  merchant_id, id, bucket, action, rule_id, block_id, name, payment_id, attempt_id, amount, channel, card_bin, card_last4, at,
  reviewed_at, reviewed_by, note
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: ReviewRisk :execrows
update risk_review set reviewed_at = $4, reviewed_by = $5, note = $6 where bucket = $1 and id = $2 and merchant_id = $3;

-- name: PurgeRiskCounts :execrows
delete from risk_count where (subject, slice) in (select c.subject, c.slice from risk_count c where c.until < sqlc.arg(before) limit sqlc.arg(most));

-- name: PurgeRiskCards :execrows
delete from risk_card where (merchant_id, payment_id) in (select c.merchant_id, c.payment_id from risk_card c where c.at < sqlc.arg(before) limit sqlc.arg(most));
