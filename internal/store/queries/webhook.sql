-- Where shops want to be told, what they are told, and how it went.

-- name: InsertWebhook :exec
insert into webhook (
  merchant_id, id, url, events, description, active, disabled_for, secret, old_secret, old_until, failing_since, created_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
);

-- name: UpdateWebhook :execrows
update webhook set
  url = $3, events = $4, description = $5, active = $6, disabled_for = $7, secret = $8, old_secret = $9, old_until = $10,
  failing_since = $11, version = $12
where merchant_id = $1 and id = $2 and version = $12 - 1;

-- name: DeleteWebhook :execrows
delete from webhook where merchant_id = $1 and id = $2;

-- name: CountWebhooks :one
select count(*) from webhook where merchant_id = $1;

-- name: Webhook :one
select * from webhook where merchant_id = $1 and id = $2;

-- name: Webhooks :many
select * from webhook where merchant_id = $1 order by id;

-- name: InsertDelivery :exec
insert into webhook_delivery (
  merchant_id, id, bucket, webhook_id, event_id, type, subject, position, payload, status, tries, attempts, due_at, created_at,
  settled_at, lease_owner, lease_until, row_version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', 0, $16
)
on conflict do nothing;

-- name: UpdateDelivery :execrows
update webhook_delivery set
  status = $3, tries = $4, attempts = $5, due_at = $6, settled_at = $7, lease_owner = '', lease_until = 0, row_version = $8
where merchant_id = $1 and id = $2 and row_version = $8 - 1;

-- name: Delivery :one
select * from webhook_delivery where merchant_id = $1 and webhook_id = $2 and id = $3;

-- name: Deliveries :many
select * from webhook_delivery
where merchant_id = sqlc.arg(merchant_id) and webhook_id = sqlc.arg(webhook_id) and id < sqlc.arg(before)
order by id desc limit sqlc.arg(most);

-- name: InsertWebhookAttempt :exec
insert into webhook_attempt (
  merchant_id, delivery_id, number, at, took, status, failure, answer
) values (
  $1, $2, $3, $4, $5, $6, $7, $8
);

-- name: WebhookAttempts :many
select * from webhook_attempt where merchant_id = $1 and delivery_id = $2 order by number;

-- name: DeleteAttemptsOfWebhook :exec
delete from webhook_attempt where webhook_attempt.merchant_id = sqlc.arg(merchant_id) and webhook_attempt.delivery_id in (
  select d.id from webhook_delivery d where d.merchant_id = sqlc.arg(merchant_id) and d.webhook_id = sqlc.arg(webhook_id)
);

-- name: DeleteDeliveriesOfWebhook :exec
delete from webhook_delivery where merchant_id = $1 and webhook_id = $2;

-- name: DeliveriesDue :many
select id from webhook_delivery
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  and due_at > 0 and due_at <= sqlc.arg(now_at) and lease_until <= sqlc.arg(now_at)
limit 1;

-- The condition stands twice, as in LeaseUnsettled. What a webhook is told of one subject
-- goes in order: the oldest that waits, however long it waits.
-- name: LeaseDeliveries :many
update webhook_delivery set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until), row_version = webhook_delivery.row_version + 1
where (merchant_id, id) in (
    select p.merchant_id, p.id from webhook_delivery p
    where p.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and p.due_at > 0 and p.due_at <= sqlc.arg(now_at) and p.lease_until <= sqlc.arg(now_at)
      and not exists (
        select 1 from webhook_delivery o
        where o.merchant_id = p.merchant_id and o.webhook_id = p.webhook_id and o.subject = p.subject and o.status = 'PENDING'
          and (o.position < p.position or (o.position = p.position and o.id < p.id))
      )
    order by p.due_at limit sqlc.arg(most)
  )
  and webhook_delivery.due_at > 0 and webhook_delivery.due_at <= sqlc.arg(now_at) and webhook_delivery.lease_until <= sqlc.arg(now_at)
returning *;

-- name: ReleaseDeliveries :execrows
update webhook_delivery set lease_owner = '', lease_until = 0
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and due_at > 0 and lease_owner = sqlc.arg(owner);
