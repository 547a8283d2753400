-- +goose Up
-- Notices of the operator with who read them, and what merchants ask the customer
-- centre. What people wrote in a ticket may name persons, so it is ciphertext (rulings 12).

create table notice (
  merchant_id  text not null, -- whom it is for; empty: all
  id           text not null,
  roles        text not null, -- OWNER or STAFF; empty: both
  title        text not null,
  body         text not null,
  important    boolean not null,
  from_at      bigint not null,
  until_at     bigint not null, -- 0: no end
  told         boolean not null, -- devices heard of it
  withdrawn_at bigint not null,
  author       text not null,
  created_at   bigint not null,
  version      bigint not null,
  primary key (merchant_id, id),
  check (roles in ('', 'OWNER', 'STAFF')),
  check (until_at = 0 or until_at > from_at)
);
create unique index notice_id on notice (id);
create index notice_due on notice (told, from_at) where told = false;

create table notice_read (
  merchant_id text not null,
  user_id     text not null,
  notice_id   text not null,
  read_at     bigint not null,
  primary key (merchant_id, user_id, notice_id)
);
create index notice_read_notice on notice_read (notice_id);

create table ticket (
  merchant_id text not null,
  id          text not null,
  user_id     text not null, -- who asks
  kind        text not null,
  status      text not null,
  subject     text not null, -- AEAD ciphertext
  payment_id  text not null, -- of a problem with a payment
  messages    bigint not null,
  unread      boolean not null, -- answered since the asker looked
  created_at  bigint not null,
  changed_at  bigint not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (kind in ('QUESTION', 'MERCHANT_CHANGE', 'PAYMENT')),
  check (status in ('OPEN', 'ANSWERED', 'CLOSED')),
  check (messages >= 1)
);
create unique index ticket_id on ticket (id);
create index ticket_status on ticket (status, id);
create index ticket_user on ticket (merchant_id, user_id, id);

create table ticket_message (
  merchant_id text not null,
  ticket_id   text not null,
  number      bigint not null, -- from 1
  operator    boolean not null, -- who wrote it: the operator or the merchant
  author      text not null,
  body        text not null, -- AEAD ciphertext of the text and the wished fields
  created_at  bigint not null,
  primary key (merchant_id, ticket_id, number)
);
