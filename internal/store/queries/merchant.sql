-- Merchants with their terminals, settings and rules of installments.

-- name: MerchantVersion :one
select version from merchant where id = $1;

-- name: Merchant :one
select * from merchant where id = $1;

-- name: MerchantsAfter :many
select * from merchant where id > $1 order by id limit $2;

-- name: InsertMerchant :execrows
insert into merchant (
  id, name, business_number, owner_name, address, phone, tax_type, rounding, auth_level, min_card_amount, mcc,
  status, created_at, version, forbid_plain_reader, chip_first, reviewed
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
)
on conflict do nothing;

-- name: UpdateMerchant :execrows
update merchant set
  name = sqlc.arg(name), business_number = sqlc.arg(business_number), owner_name = sqlc.arg(owner_name),
  address = sqlc.arg(address), phone = sqlc.arg(phone), tax_type = sqlc.arg(tax_type),
  rounding = sqlc.arg(rounding), auth_level = sqlc.arg(auth_level), min_card_amount = sqlc.arg(min_card_amount),
  mcc = sqlc.arg(mcc), status = sqlc.arg(status), forbid_plain_reader = sqlc.arg(forbid_plain_reader),
  chip_first = sqlc.arg(chip_first), reviewed = sqlc.arg(reviewed), version = sqlc.arg(version)
where id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: BumpMerchant :execrows
update merchant set version = version + 1 where id = $1;

-- name: Terminals :many
select * from terminal where merchant_id = $1 order by id;

-- name: InsertTerminal :execrows
insert into terminal (merchant_id, id, mid, acquirer) values ($1, $2, $3, $4)
on conflict do nothing;

-- name: MerchantSettings :one
select * from merchant_settings where merchant_id = $1;

-- name: InsertMerchantSettings :execrows
insert into merchant_settings (merchant_id, body, buyer, version) values ($1, $2, $3, $4)
on conflict do nothing;

-- name: UpdateMerchantSettings :execrows
update merchant_settings set body = sqlc.arg(body), buyer = sqlc.arg(buyer), version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and version = sqlc.arg(version) - 1;

-- name: InstallmentMinimums :many
select * from installment_minimum where merchant_id = '' or merchant_id = $1
order by merchant_id, acquirer, issuer_code;

-- name: PutInstallmentMinimum :exec
insert into installment_minimum (merchant_id, acquirer, issuer_code, minimum) values ($1, $2, $3, $4)
on conflict (merchant_id, acquirer, issuer_code) do update set minimum = excluded.minimum;

-- name: InterestFreeEvents :many
select * from interest_free where merchant_id = '' or merchant_id = $1
order by merchant_id, id;

-- name: InsertInterestFree :execrows
insert into interest_free (
  merchant_id, id, issuer_code, months, min_amount, from_day, until_day
) values (
  $1, $2, $3, $4, $5, $6, $7
)
on conflict do nothing;

-- name: DeleteInterestFree :execrows
delete from interest_free where merchant_id = $1 and id = $2;
