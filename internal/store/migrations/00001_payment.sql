-- +goose Up
-- The payment core. One text for PostgreSQL and SQLite (ARCHITECTURE.md, SQL).
-- merchant_id stands first in every key, so that the schema shards by merchant, but
-- where rows of all merchants are written side by side: there the key begins with the
-- merchant's bucket, then time (an id).
-- Times are microseconds since 1970 UTC (0 = none), amounts are won.
--
-- What costs a payment most is how many different pages it touches. Attempts,
-- postings, events and audit rows are many and are read soon or never, so they stand
-- by bucket and time: a batch writes them side by side. On SQLite, which does not
-- shard, the bucket is always 0.
--
-- A comment that begins with an engine's name and a colon holds what only that
-- engine is given: SQLite keeps thin rows in the tree of their key, which saves a
-- tree per insert; PostgreSQL leaves room on the page for the update that follows.

create table terminal (
  merchant_id text not null,
  id          text not null, -- TID
  mid         text not null, -- merchant number at the acquirer
  acquirer    text not null, -- adapter's name
  primary key (merchant_id, id)
);

-- Trace numbers given out so far, per terminal.
create table stan (
  merchant_id text not null,
  terminal_id text not null,
  next        bigint not null,
  primary key (merchant_id, terminal_id)
) /*sqlite: without rowid*/;

create table payment (
  merchant_id         text not null,
  id                  text not null,
  method              text not null,
  channel             text not null,
  status              text not null,
  acquire_status      text not null,
  order_id            text not null,
  order_live          boolean not null,
  order_name          text not null,
  amount              bigint not null,
  supplied            bigint not null,
  vat                 bigint not null,
  tax_free            bigint not null,
  service_fee         bigint not null,
  balance_amount      bigint not null,
  balance_supplied    bigint not null,
  balance_vat         bigint not null,
  balance_tax_free    bigint not null,
  balance_service_fee bigint not null,
  rounding            text not null,
  items               text not null, -- JSON, empty when none
  installment_months  bigint not null,
  interest_free       boolean not null,
  buyer               text not null, -- AEAD ciphertext of name, phone, e-mail; empty when none
  buyer_name_index    text not null, -- keyed hash
  buyer_phone_index   text not null, -- keyed hash
  buyer_phone_last4   text not null,
  card_bin            text not null,
  card_last4          text not null,
  card_type           text not null,
  card_entry          text not null,
  issuer_code         text not null,
  issuer_name         text not null,
  acquirer_code       text not null,
  acquirer_name       text not null,
  approval_number     text not null,
  failure_code        text not null,
  failure_message     text not null,
  staff_id            text not null,
  terminal_id         text not null,
  attempt_id          text not null,
  requested_at        bigint not null,
  approved_at         bigint not null,
  signature_missing   boolean not null,
  link_generation     bigint not null,
  version             bigint not null,
  primary key (merchant_id, id),
  check (amount between 1 and 9999999999),
  check (amount = supplied + vat + tax_free + service_fee),
  check (balance_amount = balance_supplied + balance_vat + balance_tax_free + balance_service_fee),
  check (balance_amount between 0 and amount),
  check (balance_supplied >= 0 and balance_vat >= 0 and balance_tax_free >= 0 and balance_service_fee >= 0),
  check (status in ('READY', 'IN_PROGRESS', 'UNKNOWN', 'DONE', 'PARTIAL_CANCELED', 'CANCELED', 'ABORTED', 'EXPIRED'))
) /*postgres: with (fillfactor = 80)*/;
create unique index payment_order_live on payment (merchant_id, order_id) where order_live = true;
create index payment_order_past on payment (merchant_id, order_id, id) where order_live = false;
create index payment_approval on payment (merchant_id, approval_number) where approval_number <> '';

create table signature (
  merchant_id text not null,
  payment_id  text not null,
  strokes     text not null, -- JSON
  primary key (merchant_id, payment_id)
);

create table attempt (
  merchant_id     text not null,
  bucket          bigint not null,
  id              text not null,
  payment_id      text not null,
  cancel_id       text not null,
  kind            text not null,
  status          text not null,
  original_id     text not null,
  terminal_id     text not null,
  stan            bigint not null,
  transmitted_at  bigint not null,
  amount          bigint not null,
  code            text not null,
  message         text not null,
  approval_number text not null,
  rrn             text not null,
  sends           bigint not null,
  late            text not null,
  settled_at      bigint not null,
  primary key (bucket, id, merchant_id),
  check (stan between 1 and 999999)
) /*sqlite: without rowid*/ /*postgres: with (fillfactor = 80)*/;
create index attempt_payment on attempt (bucket, payment_id, id, merchant_id);

create table cancel (
  merchant_id     text not null,
  id              text not null,
  payment_id      text not null,
  kind            text not null,
  status          text not null,
  amount          bigint not null,
  supplied        bigint not null,
  vat             bigint not null,
  tax_free        bigint not null,
  service_fee     bigint not null,
  reason          text not null,
  requested_at    bigint not null,
  canceled_at     bigint not null,
  cancel_number   text not null,
  attempt_id      text not null,
  staff_id        text not null,
  failure_code    text not null,
  failure_message text not null,
  primary key (merchant_id, id),
  check (amount >= 1 and amount = supplied + vat + tax_free + service_fee)
);
create index cancel_payment on cancel (merchant_id, payment_id, id);
create index cancel_day on cancel (merchant_id, canceled_at);

create table unsettled (
  merchant_id text not null,
  attempt_id  text not null,
  payment_id  text not null,
  cancel_id   text not null,
  bucket      bigint not null,
  phase       text not null,
  due_at      bigint not null,
  tries       bigint not null,
  since       bigint not null,
  operation   text not null,
  key         text not null,
  lease_owner text not null,
  lease_until bigint not null,
  primary key (merchant_id, attempt_id)
) /*sqlite: without rowid*/;
create index unsettled_due on unsettled (bucket, due_at);

create table idempotency (
  merchant_id text not null,
  operation   text not null,
  key         text not null,
  hash        text not null,
  hash_key    text not null,
  payment_id  text not null,
  cancel_id   text not null,
  trace_id    text not null,
  status      bigint not null, -- HTTP status of the frozen answer, 0 while not final
  body        text not null,
  created_at  bigint not null,
  primary key (merchant_id, operation, key)
) /*postgres: with (fillfactor = 80)*/;

create table posting (
  merchant_id text not null,
  bucket      bigint not null,
  entry_id    text not null,
  account     text not null,
  payment_id  text not null,
  event       text not null,
  day         text not null,
  amount      bigint not null,
  at          bigint not null,
  primary key (bucket, entry_id, account, merchant_id)
) /*sqlite: without rowid*/;

create table outbox (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  type        text not null,
  subject     text not null,
  version     bigint not null,
  payload     text not null,
  created_at  bigint not null,
  delivered   bigint not null, -- when every subscriber had it, 0 before
  primary key (bucket, id, merchant_id)
) /*sqlite: without rowid*/ /*postgres: with (fillfactor = 80)*/;
create index outbox_waiting on outbox (bucket, subject, version) where delivered = 0;
create index outbox_delivered on outbox (bucket, delivered) where delivered > 0;

create table audit (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  at          bigint not null,
  actor       text not null,
  action      text not null,
  subject     text not null,
  detail      text not null,
  sealed      boolean not null,
  primary key (bucket, id, merchant_id)
) /*sqlite: without rowid*/ /*postgres: with (fillfactor = 80)*/;
create index audit_unsealed on audit (bucket, id) where sealed = false;

create table audit_seal (
  seq         bigint not null,
  merchant_id text not null,
  audit_id    text not null,
  hash        text not null, -- of the row's canonical bytes and the hash before
  sealed_at   bigint not null,
  primary key (seq)
) /*sqlite: without rowid*/;
create unique index audit_seal_row on audit_seal (merchant_id, audit_id);

-- Named leases of work that only one instance does at a time.
create table lease (
  name  text not null,
  owner text not null,
  until bigint not null,
  primary key (name)
) /*sqlite: without rowid*/;
