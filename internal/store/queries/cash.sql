-- Cash receipts and their cancels.

-- name: InsertCashReceipt :exec
insert into cash_receipt (
  merchant_id, id, bucket, payment_id, order_id, order_name, kind, identifier, masked, amount, supplied, vat, tax_free, service_fee,
  balance_amount, balance_supplied, balance_vat, balance_tax_free, balance_service_fee, rounding, status, number, day, deal_at,
  attempt, sends, sent_at, office, code, message, staff_id, created_at, issued_at, judged_at, due_at, lease_owner, lease_until, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,
  $29, $30, $31, $32, $33, $34, $35, $36, $37, $38
);

-- name: UpdateCashReceipt :execrows
update cash_receipt set
  kind = $3, identifier = $4, masked = $5, balance_amount = $6, balance_supplied = $7, balance_vat = $8, balance_tax_free = $9,
  balance_service_fee = $10, status = $11, number = $12, day = $13, attempt = $14, sends = $15, sent_at = $16, office = $17,
  code = $18, message = $19, issued_at = $20, judged_at = $21, due_at = $22, lease_owner = '', lease_until = 0, version = $23
where merchant_id = $1 and id = $2 and version = $23 - 1;

-- Not the worker's to write: the version stays, so that a revoked link disturbs no issue under way.
-- name: RevokeCashReceipt :execrows
update cash_receipt set link_generation = link_generation + 1 where merchant_id = $1 and id = $2;

-- name: CashReceipt :one
select * from cash_receipt where merchant_id = $1 and id = $2;

-- The one that stands comes first: ids of one moment say nothing about the order.
-- name: CashReceiptOfPayment :many
select * from cash_receipt where merchant_id = $1 and payment_id = $2 and payment_id <> ''
order by case when status = 'CANCELED' then 1 else 0 end, id desc limit 1;

-- name: CashReceiptRef :many
select id, status from cash_receipt where merchant_id = $1 and payment_id = $2 and payment_id <> ''
order by case when status = 'CANCELED' then 1 else 0 end, id desc limit 1;

-- name: CashReceipts :many
select * from cash_receipt where merchant_id = sqlc.arg(merchant_id) and (sqlc.arg(before) = '' or id < sqlc.arg(before))
  and (cast(sqlc.arg(whole) as text) = '' or lower(order_name) like lower(sqlc.arg(pattern)) escape '\' or order_id = sqlc.arg(whole)
    or number = sqlc.arg(whole) or (length(cast(sqlc.arg(whole) as text)) = 4 and kind <> 'SELF_ISSUED' and masked like cast(sqlc.arg(ending) as text) escape '\'))
order by id desc limit sqlc.arg(most);

-- name: CashReceiptsDue :many
select id from cash_receipt
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  and due_at > 0 and due_at <= sqlc.arg(now_at) and lease_until <= sqlc.arg(now_at)
limit 1;

-- The condition stands twice, as in LeaseUnsettled.
-- name: LeaseCashReceipts :many
update cash_receipt set lease_owner = sqlc.arg(owner), lease_until = sqlc.arg(until)
where (merchant_id, id) in (
    select r.merchant_id, r.id from cash_receipt r
    where r.bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      and r.due_at > 0 and r.due_at <= sqlc.arg(now_at) and r.lease_until <= sqlc.arg(now_at)
    order by r.due_at limit sqlc.arg(most)
  )
  and cash_receipt.due_at > 0 and cash_receipt.due_at <= sqlc.arg(now_at) and cash_receipt.lease_until <= sqlc.arg(now_at)
returning *;

-- name: InsertReceiptCancel :execrows
insert into cash_receipt_cancel (
  merchant_id, id, receipt_id, reason_code, amount, supplied, vat, tax_free, service_fee, status, number, day, sends, sent_at,
  code, message, created_at, issued_at, version, staff_id
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
)
on conflict do nothing;

-- name: UpdateReceiptCancel :execrows
update cash_receipt_cancel set
  status = $3, number = $4, day = $5, sends = $6, sent_at = $7, code = $8, message = $9, issued_at = $10, version = $11
where merchant_id = $1 and id = $2 and version = $11 - 1;

-- name: ReceiptCancels :many
select * from cash_receipt_cancel where merchant_id = $1 and receipt_id = $2 order by id;

-- An operator's wish: the version stays, for nothing of the receipt changes.
-- name: HastenCashReceipt :execrows
update cash_receipt set due_at = sqlc.arg(now_at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and due_at > 0 and lease_until <= sqlc.arg(now_at);

-- name: ReleaseCashReceipts :execrows
update cash_receipt set lease_owner = '', lease_until = 0
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and due_at > 0 and lease_owner = sqlc.arg(owner);
