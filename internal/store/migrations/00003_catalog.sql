-- +goose Up
-- What merchants sell.

create table category (
  merchant_id text not null,
  id          text not null,
  name        text not null,
  sort        bigint not null,
  version     bigint not null,
  primary key (merchant_id, id)
);
create unique index category_name on category (merchant_id, name);

create table product (
  merchant_id text not null,
  id          text not null,
  category_id text not null, -- empty: none
  name        text not null,
  price       bigint not null,
  tax         text not null,
  barcode     text not null, -- empty: none
  sold_out    boolean not null,
  favourite   boolean not null,
  sort        bigint not null,
  stock       bigint not null, -- -1: not counted
  created_at  bigint not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (price between 1 and 9999999999),
  check (tax in ('TAXABLE', 'TAX_FREE'))
);
create index product_sort on product (merchant_id, sort, id);
create unique index product_barcode on product (merchant_id, barcode) where barcode <> '';
