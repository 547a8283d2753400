-- Counters of encrypting card readers.

-- name: ReaderCounter :one
select * from reader_counter where device = $1;

-- A counter only rises: no row is written for a swipe that was seen.
-- name: AdvanceReader :execrows
insert into reader_counter (device, counter, merchant_id, payment_id, used_at) values ($1, $2, $3, $4, $5)
on conflict (device) do update set
  counter = excluded.counter, merchant_id = excluded.merchant_id, payment_id = excluded.payment_id, used_at = excluded.used_at
where reader_counter.counter < excluded.counter;
