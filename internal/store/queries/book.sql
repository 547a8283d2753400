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

-- name: DropLease :exec
delete from lease where name = $1 and owner = $2;

-- name: Lease :one
select * from lease where name = $1;
