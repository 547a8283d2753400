-- +goose Up
-- Card readers: what an operator allows a merchant, and the counter of every encrypting
-- reader.

alter table merchant add column forbid_plain_reader boolean not null default false;
alter table merchant add column chip_first text not null default 'ASK' check (chip_first in ('ASK', 'REFUSE'));

-- The last key serial number that a payment was taken with, of each reader: a swipe with
-- that one or an earlier one is a copy. The reader's number is its own over all merchants,
-- so that what was recorded at one shop cannot be played at another; who used it last
-- stands beside it and is no key.
create table reader_counter (
  device      text not null, -- key serial number without its counter, hex digits
  counter     bigint not null,
  merchant_id text not null,
  payment_id  text not null,
  used_at     bigint not null,
  primary key (device),
  check (counter >= 1)
) /*sqlite: without rowid*/ /*postgres: with (fillfactor = 80)*/;
