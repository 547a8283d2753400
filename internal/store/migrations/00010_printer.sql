-- +goose Up
-- Printers that the server reaches or that ask it for work, what is printed, and how
-- often each slip was: the first is the original. No document is kept: it is made anew
-- when it is due.

create table printer (
  merchant_id text not null,
  id          text not null,
  name        text not null,
  transport   text not null,
  address     text not null, -- host:port of a NETWORK printer
  width       bigint not null, -- columns
  mode        text not null,
  hangul      text not null,
  drawer      boolean not null,
  token_hash  text not null, -- of the address that a CLOUD_PRNT printer asks (rulings 11)
  generation  bigint not null,
  seen_at     bigint not null,
  error_code  text not null, -- what went wrong last; empty when the last thing went well
  created_at  bigint not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (transport in ('NETWORK', 'CLOUD_PRNT')),
  check (width in (32, 42, 48)),
  check (mode in ('CP949', 'RASTER', 'STAR_LINE')),
  check (hangul in ('FULL', 'KS_X_1001'))
);
create unique index printer_token on printer (token_hash) where token_hash <> '';

create table print (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  kind        text not null,
  subject     text not null, -- payment or cash receipt; empty on a test page
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
  check (kind in ('PAYMENT', 'CASH_RECEIPT', 'TEST')),
  check (status in ('HANDED', 'QUEUED', 'PRINTED', 'FAILED', 'UNKNOWN')),
  check (number >= 1)
);
create unique index print_key on print (merchant_id, request_key) where request_key <> '';
create index print_due on print (bucket, due_at) where due_at > 0;
create index print_queue on print (merchant_id, printer_id, id) where status = 'QUEUED';
create index print_age on print (merchant_id, created_at);

create table print_count (
  merchant_id text not null,
  slip        text not null,
  standing    bigint not null, -- prints of it that did not fail
  primary key (merchant_id, slip),
  check (standing >= 0)
);
