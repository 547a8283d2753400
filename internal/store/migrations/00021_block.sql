-- +goose Up
-- A block may end by itself.
alter table risk_block add column until_at bigint not null default 0; -- 0: it stays until it is lifted
