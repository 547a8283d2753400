-- +goose Up
-- Signing in: passkeys, what is asked of a browser once, recovery codes, devices people
-- used before, and the mail by which they are reached. As with sessions, what is found
-- before its user is known has an index of its own over all merchants.

create table passkey (
  merchant_id   text not null,
  id            text not null,
  user_id       text not null,
  credential_id text not null, -- base64url, the authenticator's
  credential    text not null, -- JSON: public key and flags
  name          text not null,
  sign_count    bigint not null, -- the authenticator's, at its last use
  blocked       boolean not null, -- the count went back: there may be a copy
  created_at    bigint not null,
  used_at       bigint not null,
  primary key (merchant_id, id)
);
create unique index passkey_credential on passkey (credential_id);
create index passkey_user on passkey (merchant_id, user_id, id);

-- Each is answered once. Bound to the user and session that asked, where somebody was
-- logged in.
create table challenge (
  token_hash  text not null,
  kind        text not null,
  merchant_id text not null,
  user_id     text not null,
  session_id  text not null,
  data        text not null, -- JSON of the ceremony; of TOTP the secret as AEAD ciphertext
  created_at  bigint not null,
  expires_at  bigint not null,
  primary key (token_hash),
  check (kind in ('LOGIN', 'PASSKEY', 'TOTP'))
);
create index challenge_expires on challenge (expires_at);

create table recovery_code (
  merchant_id text not null,
  user_id     text not null,
  hash        text not null, -- keyed
  created_at  bigint not null,
  used_at     bigint not null,
  primary key (merchant_id, user_id, hash)
);

create table known_device (
  merchant_id text not null,
  user_id     text not null,
  id          text not null,
  token_hash  text not null,
  name        text not null,
  created_at  bigint not null,
  seen_at     bigint not null,
  primary key (merchant_id, user_id, token_hash)
);
create index known_device_token on known_device (token_hash);

create table user_mail (
  merchant_id   text not null,
  id            text not null,
  user_id       text not null,
  address       text not null, -- AEAD ciphertext
  address_index text not null, -- keyed hash
  status        text not null,
  created_at    bigint not null,
  expires_at    bigint not null, -- of the code that proves it
  verified_at   bigint not null,
  primary key (merchant_id, id),
  check (status in ('PENDING', 'VERIFIED', 'REPLACED'))
);
create index user_mail_user on user_mail (merchant_id, user_id, status);
create index user_mail_address on user_mail (address_index) where status = 'VERIFIED';

-- What a message tells of, where that is no payment: a device, a link, a mail to be proven.
alter table message add column subject text not null default '';
