-- What is written beside every change: ledger, events, audit; and named leases.

-- name: InsertPosting :exec
insert into posting (merchant_id, bucket, entry_id, account, payment_id, event, day, amount, at) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9
);

-- name: InsertEvent :exec
insert into outbox (
  merchant_id, id, bucket, type, subject, version, payload, created_at, delivered
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9
);

-- name: InsertAudit :exec
insert into audit (
  merchant_id, id, bucket, at, actor, action, subject, detail, sealed
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9
);

-- name: AuditStands :one
select count(*) from audit where bucket = $1 and id = $2 and merchant_id = $3;

-- name: TakeLease :execrows
insert into lease (name, owner, until) values (sqlc.arg(name), sqlc.arg(owner), sqlc.arg(until))
on conflict (name) do update set owner = excluded.owner, until = excluded.until
where lease.until <= sqlc.arg(now_at) or lease.owner = excluded.owner;

-- name: DropLeases :execrows
delete from lease where owner = $1;

-- name: Lease :one
select * from lease where name = $1;

-- name: NextWaitingBucket :many
select bucket from outbox where delivered = 0 and bucket > $1 order by bucket limit 1;

-- name: WaitingEvents :many
select * from outbox
where delivered = 0 and bucket = sqlc.arg(bucket)
  and (subject > sqlc.arg(subject) or (subject = sqlc.arg(subject) and version > sqlc.arg(version)))
order by subject, version limit sqlc.arg(most);

-- name: EventsAfter :many
select * from outbox where bucket = $1 and id > $2 order by id limit $3;

-- name: EventsOf :many
select * from outbox where bucket = $1 and id > $2 and merchant_id = $3 order by id limit $4;

-- The condition stands twice, as in LeaseUnsettled.
-- name: PurgeEvents :execrows
delete from outbox
where (bucket, id) in (
    select o.bucket, o.id from outbox o
    where o.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and o.delivered > 0 and o.delivered < sqlc.arg(before)
    limit sqlc.arg(most)
  )
  and outbox.delivered > 0 and outbox.delivered < sqlc.arg(before);

-- name: UnsealedAudit :many
select * from audit where bucket = $1 and sealed = false order by id limit $2;

-- name: SealHead :many
select * from audit_seal order by seq desc limit 1;
