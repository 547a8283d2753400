-- +goose Up
-- Which operator looks after a ticket.

alter table ticket add column assignee text not null default ''; -- user id; empty: nobody yet
