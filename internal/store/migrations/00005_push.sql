-- +goose Up
-- Devices that want to be told. The address of one is a secret, and there is one row for
-- each address, whoever logs in on the device (rulings 12).

create table push_subscription (
  merchant_id   text not null,
  id            text not null,
  user_id       text not null,
  session_id    text not null,
  endpoint_hash text not null, -- blind index
  device        text not null, -- AEAD ciphertext of endpoint and keys
  created_at    bigint not null,
  seen_at       bigint not null,
  fails         bigint not null, -- in a row
  primary key (merchant_id, id),
  check (fails >= 0)
);
create unique index push_subscription_endpoint on push_subscription (endpoint_hash);
create index push_subscription_session on push_subscription (merchant_id, user_id, session_id);
