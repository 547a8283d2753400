-- +goose Up
-- The operators' desk: rules against risk and what they found, and alarms of the
-- installation.

-- Cash receipts over all merchants that may need somebody.
create index cash_receipt_open on cash_receipt (id) where status in ('REQUESTED', 'UNKNOWN', 'ISSUED', 'REJECTED');

create table risk_rule (
  id             text not null,
  merchant_id    text not null, -- empty: of every merchant
  name           text not null,
  kind           text not null,
  action         text not null,
  enabled        boolean not null,
  most_amount    bigint not null, -- won; 0: no such limit
  most_count     bigint not null, -- 0: no such limit
  window_seconds bigint not null,
  from_minute    bigint not null, -- of the day in Seoul
  until_minute   bigint not null,
  created_at     bigint not null,
  created_by     text not null,
  updated_at     bigint not null,
  version        bigint not null,
  primary key (id),
  check (kind in ('PAYMENT_AMOUNT', 'CARD_VELOCITY', 'MERCHANT_VELOCITY', 'CARD_DECLINES', 'NIGHT')),
  check (action in ('REFUSE', 'REVIEW')),
  check (most_amount >= 0 and most_count >= 0 and window_seconds >= 0)
);

-- What is never taken. A card is its keyed hash, a phone its blind index (rulings 12).
create table risk_block (
  id         text not null,
  kind       text not null,
  value      text not null,
  label      text not null, -- masked, for people
  reason     text not null,
  created_at bigint not null,
  created_by text not null,
  primary key (id),
  check (kind in ('CARD', 'BIN', 'PHONE'))
);
create unique index risk_block_value on risk_block (kind, value);

-- What was used of a limit, in slices of its window.
create table risk_count (
  subject text not null, -- rule, and keyed hash of the card or id of the merchant
  slice   bigint not null, -- when it begins
  used    bigint not null,
  amount  bigint not null,
  until   bigint not null, -- from then on it counts for nothing
  primary key (subject, slice)
) /*sqlite: without rowid*/;
create index risk_count_until on risk_count (until);

-- Cards of payments by their keyed hash, while a rule or block asks for it: so that the card
-- of a payment can be blocked.
create table risk_card (
  merchant_id text not null,
  payment_id  text not null,
  card        text not null,
  at          bigint not null,
  primary key (merchant_id, payment_id)
) /*sqlite: without rowid*/;
create index risk_card_at on risk_card (at);

-- Payments that a rule refused, or marked to be looked at.
create table risk_review (
  merchant_id text not null,
  id          text not null,
  bucket      bigint not null,
  action      text not null,
  rule_id     text not null, -- empty: a block
  block_id    text not null,
  name        text not null, -- of the rule as it was
  payment_id  text not null, -- of a refused one: the id it would have had
  attempt_id  text not null,
  amount      bigint not null,
  channel     text not null,
  card_bin    text not null,
  card_last4  text not null,
  at          bigint not null,
  reviewed_at bigint not null,
  reviewed_by text not null,
  note        text not null,
  primary key (bucket, id, merchant_id)
) /*sqlite: without rowid*/;

create table alarm (
  id              text not null,
  code            text not null,
  subject         text not null, -- what it is about; empty: the installation
  severity        text not null,
  message         text not null,
  raised_at       bigint not null,
  seen_at         bigint not null, -- when its cause was last met
  times           bigint not null,
  cleared_at      bigint not null,
  acknowledged_at bigint not null,
  acknowledged_by text not null,
  note            text not null,
  told_raised     bigint not null,
  told_cleared    bigint not null,
  tell_at         bigint not null, -- when telling is tried next; 0: nothing to tell
  tries           bigint not null,
  version         bigint not null,
  primary key (id),
  check (severity in ('WARNING', 'CRITICAL'))
);
create unique index alarm_open on alarm (code, subject) where cleared_at = 0;
create index alarm_tell on alarm (tell_at) where tell_at > 0;
