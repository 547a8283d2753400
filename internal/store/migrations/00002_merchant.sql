-- +goose Up
-- Merchants and people. Rows that are found before their merchant is known (a login
-- id, the hash of a session, key or link, a count of tries) have an index of their
-- own over all merchants. Operators have the empty merchant_id.

create table merchant (
  id              text not null,
  name            text not null,
  business_number text not null,
  owner_name      text not null,
  address         text not null,
  phone           text not null,
  tax_type        text not null,
  rounding        text not null,
  auth_level      text not null,
  min_card_amount bigint not null,
  mcc             text not null,
  status          text not null,
  created_at      bigint not null,
  version         bigint not null,
  primary key (id),
  check (status in ('ACTIVE', 'SUSPENDED', 'CLOSED'))
);

-- The acquirer tells terminals apart by their number alone.
create unique index terminal_tid on terminal (acquirer, id);

create table merchant_settings (
  merchant_id text not null,
  body        text not null, -- JSON without the fixed buyer
  buyer       text not null, -- AEAD ciphertext of the fixed buyer; empty when none
  version     bigint not null,
  primary key (merchant_id)
);

create table app_user (
  merchant_id   text not null,
  id            text not null,
  login_id      text not null, -- normalised
  name          text not null,
  role          text not null,
  status        text not null,
  password_hash text not null, -- argon2id, PHC form; empty while invited
  totp_secret   text not null, -- AEAD ciphertext; empty when none
  totp_step     bigint not null,
  created_at    bigint not null,
  last_login    bigint not null,
  version       bigint not null,
  primary key (merchant_id, id),
  check (role in ('OWNER', 'STAFF', 'OPERATOR')),
  check ((role = 'OPERATOR') = (merchant_id = '')),
  check (status in ('INVITED', 'ACTIVE', 'DISABLED'))
);
create unique index app_user_login on app_user (login_id);

create table session (
  token_hash  text not null,
  merchant_id text not null,
  id          text not null,
  user_id     text not null,
  device      text not null,
  created_at  bigint not null,
  seen_at     bigint not null,
  expires_at  bigint not null,
  primary key (token_hash)
);
create index session_of_user on session (merchant_id, user_id, id);

create table api_key (
  merchant_id text not null,
  id          text not null,
  name        text not null,
  hint        text not null,
  hash        text not null,
  live        boolean not null,
  created_at  bigint not null,
  revoked_at  bigint not null,
  primary key (merchant_id, id)
);
create unique index api_key_hash on api_key (hash);

create table activation (
  merchant_id text not null,
  id          text not null,
  kind        text not null,
  user_id     text not null,
  generation  bigint not null,
  token_hash  text not null,
  created_at  bigint not null,
  expires_at  bigint not null,
  used_at     bigint not null, -- also set when a newer link replaced it
  primary key (merchant_id, id),
  check (kind in ('PASSWORD', 'CANCEL_PASSWORD'))
);
create unique index activation_token on activation (token_hash);
create index activation_user on activation (merchant_id, kind, user_id);

create table cancel_password (
  merchant_id text not null,
  hash        text not null, -- argon2id, PHC form
  set_at      bigint not null,
  primary key (merchant_id)
);

-- Tries at passwords. The subject is a keyed hash of the login id, or the merchant.
create table guard (
  subject      text not null,
  fails        bigint not null,
  pending      bigint not null,
  failed_at    bigint not null,
  touched_at   bigint not null,
  locked_until bigint not null,
  version      bigint not null,
  primary key (subject),
  check (fails >= 0 and pending >= 0)
);
create index guard_touched on guard (touched_at);

-- Rules of installments; the empty merchant_id holds for all merchants.
create table installment_minimum (
  merchant_id text not null,
  acquirer    text not null, -- adapter's name; empty: any
  issuer_code text not null, -- empty: any
  minimum     bigint not null,
  primary key (merchant_id, acquirer, issuer_code),
  check (minimum >= 1)
);

create table interest_free (
  merchant_id text not null,
  id          text not null,
  issuer_code text not null,
  months      text not null, -- rising, separated by commas
  min_amount  bigint not null,
  from_day    text not null,
  until_day   text not null,
  primary key (merchant_id, id),
  check (from_day <= until_day)
);
