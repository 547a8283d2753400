-- +goose Up
-- Cash sales, and cash receipts (현금영수증), which are objects of their own: issued now,
-- judged by the tax service a day or two later. Who they are for is ciphertext (rulings
-- 12, 14).

alter table payment add column cash_received bigint not null default 0;

create table cash_receipt (
  merchant_id    text not null,
  id             text not null,
  bucket         bigint not null,
  payment_id     text not null, -- empty: of a sale made elsewhere
  order_id       text not null,
  order_name     text not null,
  kind           text not null,
  identifier     text not null, -- AEAD ciphertext
  masked         text not null,
  amount         bigint not null,
  supplied       bigint not null,
  vat            bigint not null,
  tax_free       bigint not null,
  service_fee    bigint not null,
  balance_amount      bigint not null,
  balance_supplied    bigint not null,
  balance_vat         bigint not null,
  balance_tax_free    bigint not null,
  balance_service_fee bigint not null,
  rounding       text not null,
  status         text not null,
  number         text not null,
  day            text not null,
  deal_at        bigint not null,
  attempt        bigint not null, -- of the identifier: a corrected one is another receipt of the office
  sends          bigint not null,
  sent_at        bigint not null,
  office         text not null,
  code           text not null,
  message        text not null,
  staff_id       text not null,
  created_at     bigint not null,
  issued_at      bigint not null,
  judged_at      bigint not null,
  due_at         bigint not null, -- 0: nothing to do
  lease_owner    text not null,
  lease_until    bigint not null,
  version        bigint not null,
  primary key (merchant_id, id),
  check (amount >= 1 and amount = supplied + vat + tax_free + service_fee),
  check (balance_amount between 0 and amount),
  check (status in ('REQUESTED', 'ISSUED', 'CONFIRMED', 'REJECTED', 'CANCELED', 'UNKNOWN'))
);
create index cash_receipt_payment on cash_receipt (merchant_id, payment_id) where payment_id <> '';
create index cash_receipt_due on cash_receipt (bucket, due_at) where due_at > 0;

create table cash_receipt_cancel (
  merchant_id text not null,
  id          text not null,
  receipt_id  text not null,
  reason_code bigint not null,
  amount      bigint not null,
  supplied    bigint not null,
  vat         bigint not null,
  tax_free    bigint not null,
  service_fee bigint not null,
  status      text not null,
  number      text not null,
  day         text not null,
  sends       bigint not null,
  sent_at     bigint not null,
  code        text not null,
  message     text not null,
  created_at  bigint not null,
  issued_at   bigint not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (amount >= 1 and amount = supplied + vat + tax_free + service_fee),
  check (reason_code in (1, 2, 3)),
  check (status in ('REQUESTED', 'ISSUED', 'REFUSED', 'DROPPED', 'UNKNOWN'))
);
create index cash_receipt_cancel_receipt on cash_receipt_cancel (merchant_id, receipt_id, id);
