-- Products and their categories.

-- name: Product :one
select * from product where merchant_id = $1 and id = $2;

-- name: Products :many
select * from product
where merchant_id = sqlc.arg(merchant_id)
  and (sort > sqlc.arg(after_sort) or (sort = sqlc.arg(after_sort) and id > sqlc.arg(after_id)))
  and (cast(sqlc.arg(category_id) as text) = '' or category_id = sqlc.arg(category_id))
  and (cast(sqlc.arg(barcode) as text) = '' or barcode = sqlc.arg(barcode))
  and (cast(sqlc.arg(favourites) as boolean) = false or favourite = true)
  and (cast(sqlc.arg(pattern) as text) = '' or lower(name) like lower(sqlc.arg(pattern)) escape '!' or barcode = sqlc.arg(whole))
order by sort, id
limit sqlc.arg(most);

-- name: CountProducts :one
select cast(count(*) as bigint) from product where merchant_id = $1;

-- name: LastProductSort :one
select cast(coalesce(max(sort), -1) as bigint) from product where merchant_id = $1;

-- name: InsertProduct :execrows
insert into product (
  merchant_id, id, category_id, name, price, tax, barcode, sold_out, favourite, sort, stock, created_at, picture, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
)
on conflict do nothing;

-- name: UpdateProduct :execrows
update product set
  category_id = sqlc.arg(category_id), name = sqlc.arg(name), price = sqlc.arg(price), tax = sqlc.arg(tax),
  barcode = sqlc.arg(barcode), sold_out = sqlc.arg(sold_out), favourite = sqlc.arg(favourite),
  sort = sqlc.arg(sort), stock = sqlc.arg(stock), picture = sqlc.arg(picture), version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: DeleteProduct :execrows
delete from product where merchant_id = $1 and id = $2 and version = $3;

-- name: PutProductPicture :exec
insert into product_picture (merchant_id, product_id, large, small) values ($1, $2, $3, $4)
on conflict (merchant_id, product_id) do update set large = excluded.large, small = excluded.small;

-- name: DeleteProductPicture :exec
delete from product_picture where merchant_id = $1 and product_id = $2;

-- name: LargeProductPicture :one
select large from product_picture where merchant_id = $1 and product_id = $2;

-- name: SmallProductPicture :one
select small from product_picture where merchant_id = $1 and product_id = $2;

-- name: StockMove :one
select * from stock_move where merchant_id = $1 and payment_id = $2;

-- name: InsertStockMove :execrows
insert into stock_move (merchant_id, payment_id, lines, returned, created_at) values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- name: ReturnStockMove :execrows
update stock_move set returned = true where merchant_id = $1 and payment_id = $2 and returned = false;

-- name: Category :one
select * from category where merchant_id = $1 and id = $2;

-- name: Categories :many
select * from category where merchant_id = $1 order by sort, id;

-- name: InsertCategory :execrows
insert into category (merchant_id, id, name, sort, version) values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- name: UpdateCategory :execrows
update category set name = sqlc.arg(name), sort = sqlc.arg(sort), version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: DeleteCategory :execrows
delete from category where merchant_id = $1 and id = $2 and version = $3;

-- name: LeaveCategory :exec
update product set category_id = '', version = version + 1 where merchant_id = $1 and category_id = $2;
