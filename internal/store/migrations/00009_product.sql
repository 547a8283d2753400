-- +goose Up
-- Pictures of products, what sales took from the stock, and what staff may do.

alter table product add column picture bigint not null default 0; -- product's version when it came; 0: none

-- Apart from the products, so that lists do not read them.
create table product_picture (
  merchant_id text not null,
  product_id  text not null,
  large       bytea not null, -- JPEG
  small       bytea not null, -- JPEG
  primary key (merchant_id, product_id)
);

-- One row for each payment that took something from counted stocks.
create table stock_move (
  merchant_id text not null,
  payment_id  text not null,
  lines       text not null, -- JSON
  returned    boolean not null,
  created_at  bigint not null,
  primary key (merchant_id, payment_id)
);

alter table app_user add column may_discount boolean not null default true;
alter table app_user add column may_cancel boolean not null default true;
alter table app_user add column cancel_limit bigint not null default 0; -- won of one payment; 0: none
alter table app_user add column may_edit_products boolean not null default false;
alter table app_user add column rights_version bigint not null default 1; -- of the four before it
