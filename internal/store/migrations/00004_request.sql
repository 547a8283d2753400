-- +goose Up
-- Requests for payment, what the installation tells people, and who may send from
-- which number. The words of a message are made when it is delivered, so that no link
-- and no name stands here; the recipient is ciphertext (rulings 11, 12).

create table payment_request (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  kind        text not null,
  payment_id  text not null,
  generation  bigint not null,
  token_hash  text not null, -- empty: no link
  code        text not null, -- ARS; empty: none
  phone_index text not null, -- keyed hash of the buyer's number
  call_until  bigint not null, -- ARS: somebody is on the line until then; 0: nobody
  call_step   text not null,
  message_id  text not null,
  open        boolean not null, -- nobody has written down yet that its payment ended
  expires_at  bigint not null,
  due_at      bigint not null, -- when to look whether it has ended
  opened_at   bigint not null,
  created_at  bigint not null,
  staff_id    text not null,
  version     bigint not null,
  primary key (merchant_id, id),
  check (kind in ('SMS', 'ARS'))
);
create unique index payment_request_payment on payment_request (merchant_id, payment_id);
create unique index payment_request_token on payment_request (token_hash) where token_hash <> '';
create unique index payment_request_code on payment_request (code) where open = true and code <> '';
create index payment_request_phone on payment_request (phone_index) where open = true and kind = 'ARS';
create index payment_request_due on payment_request (bucket, due_at) where open = true;

create table message (
  merchant_id text not null,
  bucket      bigint not null,
  id          text not null,
  purpose     text not null,
  mail        boolean not null,
  request_id  text not null,
  payment_id  text not null,
  cancel_id   text not null,
  thread      text not null, -- messages of one thread leave in their order
  generation  bigint not null,
  recipient   text not null, -- AEAD ciphertext
  kind        text not null,
  sender      text not null,
  gateway     text not null,
  status      text not null,
  tries       bigint not null,
  asks        bigint not null,
  due_at      bigint not null, -- 0: nothing to do
  reference   text not null,
  code        text not null,
  reason      text not null,
  created_at  bigint not null,
  accepted_at bigint not null,
  settled_at  bigint not null,
  lease_owner text not null,
  lease_until bigint not null,
  version     bigint not null,
  primary key (bucket, id, merchant_id),
  check (status in ('QUEUED', 'ACCEPTED', 'DELIVERED', 'UNDELIVERED', 'REJECTED', 'DROPPED'))
);
create index message_due on message (bucket, due_at) where due_at > 0;
create index message_thread on message (bucket, thread, id);

-- Numbers from which a merchant's texts go out, once their ownership is proven.
create table sender (
  merchant_id text not null,
  number      text not null,
  status      text not null,
  created_at  bigint not null,
  verified_at bigint not null,
  verified_by text not null,
  primary key (merchant_id, number),
  check (status in ('UNVERIFIED', 'VERIFIED'))
);

-- How much of a limit is used up in a window of time.
create table quota (
  subject   text not null,
  starts_at bigint not null,
  used      bigint not null,
  until     bigint not null,
  primary key (subject, starts_at)
) /*sqlite: without rowid*/;
create index quota_until on quota (until);
