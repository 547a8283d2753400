-- What the installation tells people.

-- name: InsertMessage :execrows
insert into message (
  merchant_id, bucket, id, purpose, mail, request_id, payment_id, cancel_id, thread, generation,
  recipient, kind, sender, gateway, status, tries, asks, due_at, reference, code, reason,
  created_at, accepted_at, settled_at, lease_owner, lease_until, version, receipt_id, subject
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
  $22, $23, $24, $25, $26, $27, $28, $29
)
on conflict do nothing;

-- name: UpdateMessage :execrows
update message set
  kind = $4, sender = $5, gateway = $6, status = $7, tries = $8, asks = $9, due_at = $10,
  reference = $11, code = $12, reason = $13, accepted_at = $14, settled_at = $15,
  lease_owner = '', lease_until = 0, version = $16
where bucket = $1 and id = $2 and merchant_id = $3 and version = $16 - 1;

-- name: HoldMessage :execrows
update message set lease_owner = '' where bucket = sqlc.arg(bucket) and id = sqlc.arg(id) and merchant_id = sqlc.arg(merchant_id)
  and version = sqlc.arg(version) - 1 and lease_until <= sqlc.arg(now_at);

-- name: Message :one
select * from message where bucket = $1 and id = $2 and merchant_id = $3;

-- name: MessagesOfThread :many
select * from message where bucket = $1 and thread = $2 and merchant_id = $3 order by id limit $4;

-- name: DropMessages :exec
update message set status = 'DROPPED', due_at = 0, settled_at = sqlc.arg(at), version = version + 1, lease_owner = '', lease_until = 0
where bucket = sqlc.arg(bucket) and thread = sqlc.arg(thread) and merchant_id = sqlc.arg(merchant_id)
  and purpose = sqlc.arg(purpose) and status = 'QUEUED';

-- name: MessagesDue :many
select id from message
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  and due_at > 0 and due_at <= sqlc.arg(now_at) and lease_until <= sqlc.arg(now_at)
limit 1;

-- The condition stands twice, as in LeaseUnsettled. A message waits for those of its
-- thread that have not left yet, but for receipts that somebody asked for.
-- name: LeaseMessages :many
update message set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until)
where (bucket, id) in (
    select m.bucket, m.id from message m
    where m.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and m.due_at > 0 and m.due_at <= sqlc.arg(now_at) and m.lease_until <= sqlc.arg(now_at)
      and not exists (
        select 1 from message o
        where m.purpose not in ('RECEIPT', 'RECEIPT_EN') and o.bucket = m.bucket and o.thread = m.thread and o.merchant_id = m.merchant_id and o.id < m.id and o.status = 'QUEUED'
      )
    order by m.due_at limit sqlc.arg(most)
  )
  and message.due_at > 0 and message.due_at <= sqlc.arg(now_at) and message.lease_until <= sqlc.arg(now_at)
returning *;

-- name: UseQuota :execrows
insert into quota (subject, starts_at, used, until) values (sqlc.arg(subject), sqlc.arg(starts_at), 1, sqlc.arg(until))
on conflict (subject, starts_at) do update set used = quota.used + 1
where quota.used < sqlc.arg(most);

-- name: PurgeQuota :exec
delete from quota where until < $1;

-- name: PutSender :exec
insert into sender (merchant_id, number, status, created_at, verified_at, verified_by) values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id, number) do update set
  status = excluded.status, verified_at = excluded.verified_at, verified_by = excluded.verified_by;

-- name: DeleteSender :execrows
delete from sender where merchant_id = $1 and number = $2;

-- name: Senders :many
select * from sender where merchant_id = $1 order by created_at, number;

-- name: ReleaseMessages :execrows
update message set lease_owner = '', lease_until = 0
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and due_at > 0 and lease_owner = sqlc.arg(owner);
