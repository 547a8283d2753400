-- Printers and what they print.

-- name: InsertPrinter :exec
insert into printer (
  merchant_id, id, name, transport, address, width, mode, hangul, drawer, token_hash, generation, seen_at, error_code, created_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
);

-- name: UpdatePrinter :execrows
update printer set
  name = $3, transport = $4, address = $5, width = $6, mode = $7, hangul = $8, drawer = $9, token_hash = $10, generation = $11,
  seen_at = $12, error_code = $13, version = $14
where merchant_id = $1 and id = $2 and version = $14 - 1;

-- name: DeletePrinter :execrows
delete from printer where merchant_id = $1 and id = $2;

-- name: CountPrinters :one
select count(*) from printer where merchant_id = $1;

-- name: Printer :one
select * from printer where merchant_id = $1 and id = $2;

-- name: Printers :many
select * from printer where merchant_id = $1 order by id limit $2;

-- name: PrinterByToken :one
select * from printer where token_hash = $1 and token_hash <> '';

-- name: MarkPrinter :exec
update printer set seen_at = case when sqlc.arg(seen_at) > printer.seen_at then sqlc.arg(seen_at) else printer.seen_at end, error_code = sqlc.arg(code)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id);

-- name: InsertPrint :execrows
insert into print (
  merchant_id, id, bucket, kind, subject, cancel_id, printer_id, width, mode, hangul, english, drawer, number, status, code,
  request_key, actor, created_at, sent_at, settled_at, due_at, tries, lease_owner, lease_until, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25
)
on conflict do nothing;

-- name: UpdatePrint :execrows
update print set
  status = $3, code = $4, sent_at = $5, settled_at = $6, due_at = $7, tries = $8, lease_owner = '', lease_until = 0, version = $9
where merchant_id = $1 and id = $2 and version = $9 - 1;

-- name: Print :one
select * from print where merchant_id = $1 and id = $2;

-- name: PrintByKey :one
select * from print where merchant_id = $1 and request_key = $2 and request_key <> '';

-- What waits for one printer, oldest first.
-- name: PrintQueue :many
select * from print where merchant_id = $1 and printer_id = $2 and status = 'QUEUED' order by id limit $3;

-- name: CountQueue :one
select count(*) from print where merchant_id = $1 and printer_id = $2 and status = 'QUEUED';

-- name: CountSlip :one
insert into print_count (merchant_id, slip, standing) values (sqlc.arg(merchant_id), sqlc.arg(slip), 1)
on conflict (merchant_id, slip) do update set standing = print_count.standing + 1
returning standing;

-- name: UncountSlip :execrows
update print_count set standing = standing - 1 where merchant_id = $1 and slip = $2 and standing > 0;

-- name: PrintsDue :many
select id from print
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  and due_at > 0 and due_at <= sqlc.arg(now_at) and lease_until <= sqlc.arg(now_at)
limit 1;

-- The condition stands twice, as in LeaseUnsettled. A printer prints in the order in
-- which it was asked.
-- name: LeasePrints :many
update print set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until)
where (merchant_id, id) in (
    select p.merchant_id, p.id from print p
    where p.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and p.due_at > 0 and p.due_at <= sqlc.arg(now_at) and p.lease_until <= sqlc.arg(now_at)
      and not exists (
        select 1 from print o
        where o.merchant_id = p.merchant_id and o.printer_id = p.printer_id and o.status = 'QUEUED' and o.id < p.id
      )
    order by p.due_at limit sqlc.arg(most)
  )
  and print.due_at > 0 and print.due_at <= sqlc.arg(now_at) and print.lease_until <= sqlc.arg(now_at)
returning *;

-- name: ReleasePrints :execrows
update print set lease_owner = '', lease_until = 0
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and due_at > 0 and lease_owner = sqlc.arg(owner);
