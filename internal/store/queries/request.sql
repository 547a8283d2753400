-- Requests for payment.

-- name: InsertRequest :exec
insert into payment_request (
  merchant_id, id, bucket, kind, payment_id, generation, token_hash, code, phone_index,
  call_until, call_step, message_id, open, expires_at, due_at, opened_at, created_at, staff_id, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19
);

-- name: UpdateRequest :execrows
update payment_request set
  generation = $3, token_hash = $4, code = $5, message_id = $6, open = $7, due_at = $8, version = $9,
  phone_index = $10
where merchant_id = $1 and id = $2 and version = $9 - 1;

-- Who is on the line is telemetry of the call: it changes nothing else.
-- name: CalledRequest :exec
update payment_request set call_until = $3, call_step = $4 where merchant_id = $1 and id = $2;

-- name: OpenedRequest :execrows
update payment_request set opened_at = $3 where merchant_id = $1 and id = $2 and opened_at = 0;

-- name: Request :one
select * from payment_request where merchant_id = $1 and id = $2;

-- The second condition lets the index be used, which holds no empty hash.
-- name: RequestByToken :one
select * from payment_request where token_hash = $1 and token_hash <> '';

-- name: RequestByPayment :one
select * from payment_request where merchant_id = $1 and payment_id = $2;

-- name: RequestByCode :one
select * from payment_request where code = $1 and code <> '' and open = true;

-- name: RequestsByPhone :many
select * from payment_request where phone_index = $1 and open = true and kind = 'ARS' order by created_at desc limit $2;

-- name: DueRequests :many
select * from payment_request
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and open = true and due_at <= $1
order by due_at limit $2;

-- name: UpdateBuyer :execrows
update payment set
  buyer = $3, buyer_name_index = $4, buyer_phone_index = $5, buyer_phone_last4 = $6, version = $7
where merchant_id = $1 and id = $2 and version = $7 - 1 and status = 'READY';
