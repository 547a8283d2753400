-- Sales and close of day.

-- name: SalesRolled :one
select through from sales_rolled where merchant_id = $1;

-- name: FirstSale :one
select cast(coalesce(min(day), '') as text) from posting where merchant_id = $1 and account = 'SALES' and day > $2;

-- Every entry of the days, with what a report groups by. Few columns: the payment's row
-- is wide.
-- name: SalesMoves :many
select b.day, b.at, b.event, b.amount as posted, p.channel, p.issuer_code, p.issuer_name, p.card_type, p.staff_id, p.items,
  p.amount, p.supplied, p.vat, p.tax_free, p.service_fee,
  cast(coalesce(c.amount, 0) as bigint) as c_amount, cast(coalesce(c.supplied, 0) as bigint) as c_supplied,
  cast(coalesce(c.vat, 0) as bigint) as c_vat, cast(coalesce(c.tax_free, 0) as bigint) as c_tax_free,
  cast(coalesce(c.service_fee, 0) as bigint) as c_service_fee
from posting b
join payment p on p.merchant_id = b.merchant_id and p.id = b.payment_id
left join cancel c on c.merchant_id = b.merchant_id and c.id = b.entry_id and b.event = 'CANCEL'
where b.merchant_id = sqlc.arg(merchant_id) and b.account = 'SALES' and b.day >= sqlc.arg(first) and b.day <= sqlc.arg(last);

-- name: SalesTotals :many
select value, cast(max(label) as text) as label, cast(sum(sold_count) as bigint) as sold_count, cast(sum(sold) as bigint) as sold,
  cast(sum(sold_supplied) as bigint) as sold_supplied, cast(sum(sold_vat) as bigint) as sold_vat,
  cast(sum(sold_tax_free) as bigint) as sold_tax_free, cast(sum(sold_service_fee) as bigint) as sold_service_fee,
  cast(sum(canceled_count) as bigint) as canceled_count, cast(sum(canceled) as bigint) as canceled,
  cast(sum(canceled_supplied) as bigint) as canceled_supplied, cast(sum(canceled_vat) as bigint) as canceled_vat,
  cast(sum(canceled_tax_free) as bigint) as canceled_tax_free, cast(sum(canceled_service_fee) as bigint) as canceled_service_fee,
  cast(sum(quantity) as bigint) as quantity
from sales_total
where merchant_id = sqlc.arg(merchant_id) and dimension = sqlc.arg(dimension) and day >= sqlc.arg(first) and day <= sqlc.arg(last)
group by value;

-- name: SalesTotalsByDay :many
select * from sales_total
where merchant_id = sqlc.arg(merchant_id) and dimension = sqlc.arg(dimension) and day >= sqlc.arg(first) and day <= sqlc.arg(last)
order by day, value;

-- name: InsertSalesTotal :exec
insert into sales_total (
  merchant_id, dimension, day, value, label, sold_count, sold, sold_supplied, sold_vat, sold_tax_free, sold_service_fee,
  canceled_count, canceled, canceled_supplied, canceled_vat, canceled_tax_free, canceled_service_fee, quantity
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
);

-- name: InsertSalesRolled :execrows
insert into sales_rolled (merchant_id, through) values ($1, $2) on conflict do nothing;

-- name: UpdateSalesRolled :execrows
update sales_rolled set through = sqlc.arg(through) where merchant_id = sqlc.arg(merchant_id) and through = sqlc.arg(was);

-- name: InsertClosing :execrows
insert into closing (
  merchant_id, day, version, figures, counted, float_cash, expected_cash, counted_cash, difference, note, request_key, closed_by, closed_at,
  reopened_by, reopened_at, reason
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 0, ''
)
on conflict do nothing;

-- name: ReopenClosing :execrows
update closing set reopened_by = sqlc.arg(actor), reopened_at = sqlc.arg(at), reason = sqlc.arg(reason)
where merchant_id = sqlc.arg(merchant_id) and day = sqlc.arg(day) and version = sqlc.arg(version) and reopened_at = 0;

-- name: ClosingByKey :one
select * from closing where merchant_id = $1 and request_key = $2;

-- name: ClosingsOfDay :many
select * from closing where merchant_id = $1 and day = $2 order by version desc limit 100;

-- name: Closings :many
select * from closing
where merchant_id = sqlc.arg(merchant_id) and day >= sqlc.arg(first) and day <= sqlc.arg(last)
order by day desc, version desc limit sqlc.arg(most);
