-- +goose Up
-- Sales, close of day. One text for PostgreSQL and SQLite (00001_payment.sql).

-- What a merchant sold on a day, as the ledger has it: a day's entries are found here,
-- days that are over are read from sales_total.
create index posting_sales on posting (merchant_id, day) where account = 'SALES';

-- The sales of days that are over, added up once by each thing a report groups by. The
-- ledger only grows and a posting bears the day on which it was made, so what stands
-- here never changes.
create table sales_total (
  merchant_id          text not null,
  dimension            text not null, -- DAY, METHOD, HOUR, PRODUCT, STAFF, ISSUER, FEE
  day                  text not null,
  value                text not null, -- by dimension: '', CARD, 09, product's id or name, user's id, issuer's code
  label                text not null, -- for people, as it was last called on the day
  sold_count           bigint not null,
  sold                 bigint not null,
  sold_supplied        bigint not null,
  sold_vat             bigint not null,
  sold_tax_free        bigint not null,
  sold_service_fee     bigint not null,
  canceled_count       bigint not null,
  canceled             bigint not null,
  canceled_supplied    bigint not null,
  canceled_vat         bigint not null,
  canceled_tax_free    bigint not null,
  canceled_service_fee bigint not null,
  quantity             bigint not null, -- of products, less what was taken back
  primary key (merchant_id, dimension, day, value),
  check (dimension in ('DAY', 'METHOD', 'HOUR', 'PRODUCT', 'STAFF', 'ISSUER', 'FEE'))
) /*sqlite: without rowid*/;

-- The last day whose totals stand in sales_total; of every day up to it.
create table sales_rolled (
  merchant_id text not null,
  through     text not null,
  primary key (merchant_id)
) /*sqlite: without rowid*/;

-- 일마감: a day as it was when somebody closed it. Figures never change; a day that was
-- opened again is closed under the next version.
create table closing (
  merchant_id   text not null,
  day           text not null,
  version       bigint not null,
  figures       text not null, -- JSON: totals and methods at that moment
  counted       text not null, -- JSON: pieces by denomination
  float_cash    bigint not null, -- change that lay in the drawer in the morning
  expected_cash bigint not null, -- cash sales less cash refunds, from the ledger; may be negative
  counted_cash  bigint not null,
  difference    bigint not null,
  note          text not null,
  request_key   text not null,
  closed_by     text not null,
  closed_at     bigint not null,
  reopened_by   text not null,
  reopened_at   bigint not null, -- 0: it stands
  reason        text not null,
  primary key (merchant_id, day, version),
  check (version >= 1 and float_cash >= 0 and counted_cash >= 0),
  check (difference = counted_cash - float_cash - expected_cash)
);
create unique index closing_key on closing (merchant_id, request_key);
create unique index closing_stands on closing (merchant_id, day) where reopened_at = 0;

-- Staff see their own sales of today; with this right all of them, and close the day.
alter table app_user add column may_view_sales boolean not null default false;

-- Closings are printed too. A condition of a table cannot be changed on both engines, so
-- the table is made anew.
drop index print_key;
drop index print_due;
drop index print_queue;
drop index print_age;
alter table print rename to print_before;
create table print (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  kind        text not null,
  subject     text not null, -- payment, cash receipt, or day and version of a closing; empty on a test page
  cancel_id   text not null, -- the slip of this cancel; empty: of the whole
  printer_id  text not null, -- empty: handed to the app
  width       bigint not null,
  mode        text not null,
  hangul      text not null,
  english     boolean not null,
  drawer      boolean not null,
  number      bigint not null, -- of its slip; more than 1 is a copy
  status      text not null,
  code        text not null, -- why it failed, or is not known
  request_key text not null, -- kind and idempotency key; empty on a test page
  actor       text not null,
  created_at  bigint not null,
  sent_at     bigint not null, -- from then on something may be on paper
  settled_at  bigint not null,
  due_at      bigint not null, -- 0: nothing to do
  tries       bigint not null,
  lease_owner text not null,
  lease_until bigint not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (kind in ('PAYMENT', 'CASH_RECEIPT', 'TEST', 'CLOSING')),
  check (status in ('HANDED', 'QUEUED', 'PRINTED', 'FAILED', 'UNKNOWN')),
  check (number >= 1)
);
insert into print select * from print_before;
drop table print_before;
create unique index print_key on print (merchant_id, request_key) where request_key <> '';
create index print_due on print (bucket, due_at) where due_at > 0;
create index print_queue on print (merchant_id, printer_id, id) where status = 'QUEUED';
create index print_age on print (merchant_id, created_at);
