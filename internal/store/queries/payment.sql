-- The payment, its parts and its idempotency rows.

-- name: InsertPayment :execrows
insert into payment (
  merchant_id, id, method, channel, status, acquire_status, order_id, order_live, order_name,
  amount, supplied, vat, tax_free, service_fee, balance_amount, balance_supplied, balance_vat,
  balance_tax_free, balance_service_fee, rounding, items, installment_months, interest_free, buyer,
  buyer_name_index, buyer_phone_index, buyer_phone_last4, card_bin, card_last4, card_type,
  card_entry, issuer_code, issuer_name, acquirer_code, acquirer_name, approval_number, failure_code,
  failure_message, staff_id, terminal_id, attempt_id, requested_at, approved_at, signature_missing,
  link_generation, version, cash_received
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
  $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
  $41, $42, $43, $44, $45, $46, $47
)
on conflict do nothing;

-- What may change after the first moment; the version guards it.
-- name: UpdatePayment :execrows
update payment set
  status = $3, acquire_status = $4, order_live = $5, balance_amount = $6, balance_supplied = $7,
  balance_vat = $8, balance_tax_free = $9, balance_service_fee = $10, installment_months = $11,
  interest_free = $12, card_bin = $13, card_last4 = $14, card_type = $15, card_entry = $16,
  issuer_code = $17, issuer_name = $18, acquirer_code = $19, acquirer_name = $20,
  approval_number = $21, failure_code = $22, failure_message = $23, staff_id = $24,
  terminal_id = $25, attempt_id = $26, approved_at = $27, signature_missing = $28,
  link_generation = $29, version = $30
where merchant_id = $1 and id = $2 and version = $30 - 1;

-- A request's payment is taken by the first who finds it waiting.
-- name: ClaimPayment :execrows
update payment set
  status = $3, acquire_status = $4, order_live = $5, balance_amount = $6, balance_supplied = $7,
  balance_vat = $8, balance_tax_free = $9, balance_service_fee = $10, installment_months = $11,
  interest_free = $12, card_bin = $13, card_last4 = $14, card_type = $15, card_entry = $16,
  issuer_code = $17, issuer_name = $18, acquirer_code = $19, acquirer_name = $20,
  approval_number = $21, failure_code = $22, failure_message = $23, staff_id = $24,
  terminal_id = $25, attempt_id = $26, approved_at = $27, signature_missing = $28,
  link_generation = $29, version = $30
where merchant_id = $1 and id = $2 and version = $30 - 1 and status = 'READY';

-- name: Payment :one
select * from payment where merchant_id = $1 and id = $2;

-- name: PaymentByLiveOrder :one
select * from payment where merchant_id = $1 and order_id = $2 and order_live = true;

-- name: PaymentByPastOrder :one
select * from payment where merchant_id = $1 and order_id = $2 and order_live = false order by id desc limit 1;

-- A buyer does not know the merchant's id: the index is asked once for each merchant.
-- SQLite takes a cross join in the order in which it stands.
-- name: PaymentByApproval :one
select p.* from merchant m cross join payment p
where p.merchant_id = m.id and p.approval_number = sqlc.arg(approval_number) and p.approval_number <> ''
  and p.buyer_phone_index = sqlc.arg(buyer_phone_index) and p.buyer_phone_index <> '' and p.amount = sqlc.arg(amount)
  and p.status in ('DONE', 'PARTIAL_CANCELED', 'CANCELED')
order by p.approved_at desc limit 1;

-- name: PaymentVersion :one
select version from payment where merchant_id = $1 and id = $2;

-- name: InsertSignature :execrows
insert into signature (
  merchant_id, payment_id, strokes
) values (
  $1, $2, $3
)
on conflict do nothing;

-- name: Signature :one
select strokes from signature where merchant_id = $1 and payment_id = $2;

-- name: InsertIdempotency :execrows
insert into idempotency (
  merchant_id, operation, key, hash, hash_key, payment_id, cancel_id, trace_id, status, body,
  created_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
)
on conflict do nothing;

-- name: Idempotency :one
select * from idempotency where merchant_id = $1 and operation = $2 and key = $3;

-- name: DropIdempotency :exec
delete from idempotency where merchant_id = $1 and operation = $2 and key = $3;

-- name: FreezeIdempotency :exec
update idempotency set status = $4, body = $5
where merchant_id = $1 and operation = $2 and key = $3 and status = 0;

-- name: InsertCancel :exec
insert into cancel (
  merchant_id, id, payment_id, kind, status, amount, supplied, vat, tax_free, service_fee, reason,
  requested_at, canceled_at, cancel_number, attempt_id, staff_id, failure_code, failure_message
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
);

-- name: UpdateCancel :execrows
update cancel set
  kind = $3, status = $4, canceled_at = $5, cancel_number = $6, attempt_id = $7,
  failure_code = $8, failure_message = $9
where merchant_id = $1 and id = $2 and status = sqlc.arg(was);

-- name: CancelsOfPayment :many
select * from cancel where merchant_id = $1 and payment_id = $2 order by id;
