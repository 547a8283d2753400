-- What two operators decide together.

-- name: InsertApproval :execrows
insert into approval (
  merchant_id, id, kind, subject, payload, changes, reason, status, requested_by, requested_at, expires_at, decided_by, decided_at, decision
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
)
on conflict do nothing;

-- name: Approval :one
select * from approval where id = $1;

-- name: PendingApproval :one
select * from approval where merchant_id = $1 and kind = $2 and subject = $3 and status = 'PENDING';

-- name: DecideApproval :execrows
update approval set
  status = sqlc.arg(status), decided_by = sqlc.arg(decided_by), decided_at = sqlc.arg(decided_at), decision = sqlc.arg(decision)
where id = sqlc.arg(id) and status = 'PENDING';

-- name: Approvals :many
select * from approval
where (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before))
  and (cast(sqlc.arg(status) as text) = '' or status = sqlc.arg(status) and (status <> 'PENDING' or expires_at > sqlc.arg(now_at))
    or cast(sqlc.arg(status) as text) = 'EXPIRED' and status = 'PENDING' and expires_at <= sqlc.arg(now_at))
  and (cast(sqlc.arg(merchant_id) as text) = '' or merchant_id = sqlc.arg(merchant_id))
order by id desc limit sqlc.arg(most);
