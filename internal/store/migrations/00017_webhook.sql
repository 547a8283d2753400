-- +goose Up
-- API keys with scopes that can be changed for new ones, and webhooks: where a shop's own
-- systems want to be told, what is to be told, and how each try went (ADR 0026).

alter table api_key add column scopes text not null default 'all'; -- words with blanks between them
alter table api_key add column used_at bigint not null default 0; -- to the minute
alter table api_key add column old_hash text not null default ''; -- of the secret before the last rotation
alter table api_key add column old_until bigint not null default 0; -- it works until then
create unique index api_key_old_hash on api_key (old_hash) where old_hash <> '';

create table webhook (
  merchant_id   text not null,
  id            text not null,
  url           text not null,
  events        text not null, -- words with blanks between them
  description   text not null,
  active        boolean not null,
  disabled_for  text not null, -- why the server turned it off; empty: it did not
  secret        text not null, -- AEAD ciphertext
  old_secret    text not null, -- likewise, of the secret before the last rotation
  old_until     bigint not null, -- it signs besides until then
  failing_since bigint not null, -- first failure since the last success
  created_at    bigint not null,
  version       bigint not null,
  primary key (merchant_id, id),
  check (disabled_for in ('', 'GONE', 'FAILING'))
);

create table webhook_delivery (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  webhook_id  text not null,
  event_id    text not null,
  type        text not null,
  subject     text not null, -- what happened to it; its deliveries go one after another
  position    bigint not null, -- among those of its subject, rising
  payload     text not null, -- AEAD ciphertext: it may name a buyer
  status      text not null,
  tries       bigint not null, -- of this round: a resend begins a new one
  attempts    bigint not null, -- all of them
  due_at      bigint not null, -- 0: nothing to do
  created_at  bigint not null,
  settled_at  bigint not null,
  lease_owner text not null,
  lease_until bigint not null,
  row_version bigint not null,
  primary key (merchant_id, id),
  check (status in ('PENDING', 'DELIVERED', 'FAILED')),
  check (tries >= 0 and attempts >= 0)
);
create unique index webhook_delivery_event on webhook_delivery (merchant_id, webhook_id, event_id);
create index webhook_delivery_due on webhook_delivery (bucket, due_at) where due_at > 0;
create index webhook_delivery_queue on webhook_delivery (merchant_id, webhook_id, subject, position, id) where status = 'PENDING';
create index webhook_delivery_list on webhook_delivery (merchant_id, webhook_id, id);
create index webhook_delivery_age on webhook_delivery (merchant_id, created_at);

create table webhook_attempt (
  merchant_id text not null,
  delivery_id text not null,
  number      bigint not null,
  at          bigint not null,
  took        bigint not null, -- microseconds
  status      bigint not null, -- of HTTP; 0: no answer
  failure     text not null,
  answer      text not null, -- AEAD ciphertext of its beginning; empty when there is none
  primary key (merchant_id, delivery_id, number)
);
