-- +goose Up
-- Cash receipts have links of their own, which are sent by message and revoked.

alter table cash_receipt add column link_generation bigint not null default 0;
alter table message add column receipt_id text not null default '';
