-- +goose Up
-- Who took a cash receipt back, so that the limit of a person's cancels holds for receipts as
-- it does for payments. Empty: the cancel of its sale did.

alter table cash_receipt_cancel add column staff_id text not null default '';
