-- What operators ask over all merchants, and conditions of their acts.

-- name: FindMerchants :many
select * from merchant
where (cast(sqlc.arg(before) as text) = '' or merchant.id < sqlc.arg(before))
  and (cast(sqlc.arg(standing) as text) = ''
    or cast(sqlc.arg(standing) as text) = 'REVIEW' and reviewed = false
    or reviewed = true and status = cast(sqlc.arg(standing) as text))
  and (cast(sqlc.arg(words) as text) = '' or lower(name) like cast(sqlc.arg(words) as text) escape '!' or merchant.id = cast(sqlc.arg(exact) as text)
    or business_number like cast(sqlc.arg(numbers) as text) escape '!'
    or exists (select 1 from terminal where terminal.merchant_id = merchant.id and terminal.id = cast(sqlc.arg(exact) as text)))
order by merchant.id desc limit sqlc.arg(most);

-- name: DeleteTerminal :exec
delete from terminal where merchant_id = $1 and id = $2;

-- name: TakenWithTerminal :many
select id from payment
where merchant_id = $1 and terminal_id = $2 and status in ('IN_PROGRESS', 'UNKNOWN', 'DONE', 'PARTIAL_CANCELED')
limit 1;

-- name: UnsettledTerminals :many
select payment.terminal_id from unsettled
join payment on payment.merchant_id = unsettled.merchant_id and payment.id = unsettled.payment_id
where unsettled.merchant_id = $1
limit 10000;

-- name: AnyPayment :many
select id from payment where merchant_id = $1 limit 1;

-- name: EndSessionsOfMerchant :exec
delete from session where merchant_id = $1;

-- name: RevokeAllLinks :exec
update activation set used_at = sqlc.arg(at) where merchant_id = sqlc.arg(merchant_id) and used_at = 0;

-- name: RevokeAllKeys :exec
update api_key set revoked_at = sqlc.arg(at) where merchant_id = sqlc.arg(merchant_id) and revoked_at = 0;

-- name: HoldOperators :exec
update app_user set last_login = last_login where merchant_id = '';
