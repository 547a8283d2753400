-- What merchants ask the customer centre.

-- name: InsertTicket :exec
insert into ticket (
  merchant_id, id, user_id, kind, status, subject, payment_id, messages, unread, created_at, changed_at, version, assignee
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
);

-- name: UpdateTicket :execrows
update ticket set
  status = sqlc.arg(status), messages = sqlc.arg(messages), unread = sqlc.arg(unread), changed_at = sqlc.arg(changed_at), version = sqlc.arg(version),
  assignee = sqlc.arg(assignee)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: Ticket :one
select * from ticket where merchant_id = $1 and id = $2;

-- Of a merchant, or of one of its people.
-- name: TicketsOf :many
select * from ticket
where merchant_id = sqlc.arg(merchant_id) and (cast(sqlc.arg(user_id) as text) = '' or user_id = sqlc.arg(user_id))
  and (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before))
order by id desc limit sqlc.arg(most);

-- name: CountUnreadTickets :one
select count(*) from ticket
where merchant_id = sqlc.arg(merchant_id) and (cast(sqlc.arg(user_id) as text) = '' or user_id = sqlc.arg(user_id)) and unread = true;

-- name: CountOpenTickets :one
select count(*) from ticket where merchant_id = $1 and status <> 'CLOSED';

-- Of all merchants, for the operator.
-- name: Tickets :many
select * from ticket
where (cast(sqlc.arg(status) as text) = '' or status = sqlc.arg(status)) and (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before))
order by id desc limit sqlc.arg(most);

-- name: InsertTicketMessage :exec
insert into ticket_message (merchant_id, ticket_id, number, operator, author, body, created_at) values ($1, $2, $3, $4, $5, $6, $7);

-- name: TicketMessages :many
select * from ticket_message where merchant_id = $1 and ticket_id = $2 order by number;
