-- +goose Up
-- Getting in: terms by version and who agreed to them, invites of a shop, people on
-- their way in, and activations that an operator had sent by mail. Codes and tokens
-- follow from the installation's keys: what stands here is their hash, or ciphertext
-- where somebody must be shown it again (rulings 11, 12).

create table terms (
  kind           text not null,
  version        bigint not null,
  title          text not null,
  required       boolean not null,
  body           text not null, -- plain text; headings begin with #
  changes        text not null, -- what is new in it, in words
  effective_from text not null, -- Korean day
  sample         boolean not null,
  published_at   bigint not null,
  published_by   text not null,
  primary key (kind, version),
  check (kind in ('SERVICE', 'PRIVACY', 'FINANCE', 'MARKETING')),
  check (version >= 1)
);

-- What was said to a version; the newest row of a kind holds. Rows are only added.
create table consent (
  merchant_id text not null,
  id          text not null,
  user_id     text not null,
  kind        text not null,
  version     bigint not null,
  agreed      boolean not null,
  at          bigint not null,
  address     text not null, -- AEAD ciphertext of the client's address
  primary key (merchant_id, id)
);
create index consent_user on consent (merchant_id, user_id, kind, id);

-- The code by which people name a shop when they register.
create table merchant_code (
  merchant_id text not null,
  code        text not null,
  primary key (merchant_id)
);
create unique index merchant_code_code on merchant_code (code);

create table invite (
  merchant_id text not null,
  id          text not null,
  code_index  text not null, -- keyed hash
  code        text not null, -- AEAD ciphertext
  uses        bigint not null,
  used        bigint not null,
  created_by  text not null,
  created_at  bigint not null,
  expires_at  bigint not null,
  revoked_at  bigint not null,
  primary key (merchant_id, id),
  check (uses >= 1 and used >= 0 and used <= uses)
);
create unique index invite_code on invite (merchant_id, code_index);

-- One person on the way in. people is emptied when it has ended.
create table registration (
  merchant_id   text not null,
  id            text not null,
  invite_id     text not null,
  token_hash    text not null,
  status        text not null,
  people        text not null, -- AEAD ciphertext of name and number
  generation    bigint not null, -- of the code last sent; 0: none
  code_hash     text not null,
  code_until    bigint not null,
  code_tries    bigint not null, -- wrong ones at the code last sent
  sent_at       bigint not null,
  verified_at   bigint not null,
  user_id       text not null,
  created_at    bigint not null,
  expires_at    bigint not null,
  version       bigint not null,
  primary key (merchant_id, id),
  check (status in ('OPEN', 'PENDING', 'APPROVED', 'REFUSED', 'EXPIRED'))
);
create unique index registration_token on registration (token_hash);
create index registration_user on registration (merchant_id, user_id) where user_id <> '';
create index registration_due on registration (expires_at) where status in ('OPEN', 'PENDING');

-- Somebody who registered and waits to be let in; 0: nobody such.
alter table app_user add column pending_since bigint not null default 0;

-- The way in of somebody whom an operator gave an id: a link of days in a mail, and a
-- code that is asked for when it is opened.
create table onboarding (
  merchant_id text not null, -- empty: an operator
  user_id     text not null,
  id          text not null,
  people      text not null, -- AEAD ciphertext of address and number
  generation  bigint not null,
  token_hash  text not null,
  code_count  bigint not null, -- how many codes were sent
  code_hash   text not null,
  code_until  bigint not null,
  code_tries  bigint not null,
  sent_at     bigint not null, -- the code last sent
  mailed_at   bigint not null,
  opened_at   bigint not null,
  used_at     bigint not null,
  created_by  text not null,
  created_at  bigint not null,
  expires_at  bigint not null,
  version     bigint not null,
  primary key (merchant_id, user_id)
);
create unique index onboarding_token on onboarding (token_hash);
