-- +goose Up
-- How long records are kept, and people's data that is erased (ADR 0030).

-- How far the personal fields of a table's rows have been blanked, by id: what lies before
-- is not looked at again. The empty merchant_id is of tables that are read over all merchants.
create table retention_cursor (
  merchant_id text not null,
  class       text not null,
  upto        text not null,
  primary key (merchant_id, class)
) /*sqlite: without rowid*/;

-- What sweeping came to, by class.
create table retention_figure (
  class    text not null,
  swept_at bigint not null, -- the end of the last whole sweep
  gone     bigint not null, -- rows in the sweep that ended then, or is under way
  total    bigint not null, -- rows ever
  primary key (class)
) /*sqlite: without rowid*/;

-- Data of a person that is to be erased. people is emptied when it is done.
create table erasure (
  id           text not null,
  kind         text not null,
  merchant_id  text not null, -- of a user; empty: a buyer, at all merchants
  user_id      text not null, -- of a user
  people       text not null, -- AEAD ciphertext of a buyer's number and address
  label        text not null, -- masked, for people
  reason       text not null,
  approval_id  text not null,
  requested_by text not null,
  approved_by  text not null,
  status       text not null,
  place        bigint not null, -- how far it has come: which table,
  at_merchant  text not null,   -- which merchant,
  at_row       text not null,   -- which row
  blanked      bigint not null, -- rows
  waiting      bigint not null, -- rows of this round that something under way still needs
  kept         text not null,   -- JSON: what the law obliges to keep, how many rows and until when
  due_at       bigint not null, -- 0: nothing to do
  created_at   bigint not null,
  done_at      bigint not null,
  version      bigint not null,
  primary key (id),
  check (kind in ('BUYER', 'USER')),
  check (status in ('RUNNING', 'DONE'))
);
create index erasure_due on erasure (due_at) where due_at > 0;
