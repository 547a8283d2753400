-- +goose Up
-- Merchants under contract, what two operators decide together, and what counts towards
-- the limits of a contract.

-- false: REVIEW. Its status is SUSPENDED then, so that whoever knows only the status takes
-- no money of a merchant that nobody has looked at.
alter table merchant add column reviewed boolean not null default true;

-- Versions of a merchant's contract; a row is never changed. On a day the highest version
-- holds whose effective_day has come.
create table contract (
  merchant_id   text not null,
  version       bigint not null,
  effective_day text not null,
  from_day      text not null,
  until_day     text not null, -- last day of the contract; empty: no end
  fees          text not null, -- JSON
  fee_vat       boolean not null,
  limit_payment bigint not null, -- won; 0: none
  limit_day     bigint not null,
  limit_month   bigint not null,
  max_months    bigint not null, -- of installments; 0: lump sums only
  cycle         bigint not null, -- business days from the sale to the settlement
  account       text not null, -- AEAD ciphertext of bank, number and holder; empty: none yet
  actor         text not null,
  created_at    bigint not null,
  primary key (merchant_id, version),
  check (version >= 1 and limit_payment >= 0 and limit_day >= 0 and limit_month >= 0),
  check (max_months between 0 and 12 and cycle between 0 and 60)
);

-- What one operator asks for and another decides. The empty merchant_id is the
-- installation.
create table approval (
  merchant_id  text not null,
  id           text not null,
  kind         text not null,
  subject      text not null,
  payload      text not null, -- AEAD ciphertext of what will be applied
  changes      text not null, -- JSON for people: field, before, after; secrets masked
  reason       text not null,
  status       text not null,
  requested_by text not null,
  requested_at bigint not null,
  expires_at   bigint not null,
  decided_by   text not null,
  decided_at   bigint not null,
  decision     text not null, -- why it was refused
  primary key (merchant_id, id),
  check (status in ('PENDING', 'APPLIED', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'STALE'))
);
create unique index approval_id on approval (id);
create unique index approval_pending on approval (merchant_id, kind, subject) where status = 'PENDING';

-- Attempts that count towards a limit of their day or month, of merchants that have one.
create table limit_use (
  merchant_id text not null,
  day         text not null,
  attempt_id  text not null,
  payment_id  text not null,
  primary key (merchant_id, day, attempt_id)
) /*sqlite: without rowid*/;

-- Rises with every attempt that counts: of two that looked at the same sums one is told
-- to look again.
create table limit_gate (
  merchant_id text not null,
  version     bigint not null,
  primary key (merchant_id)
) /*sqlite: without rowid*/ /*postgres: with (fillfactor = 80)*/;
