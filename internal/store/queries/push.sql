-- Devices that want to be told.

-- name: PutPush :one
insert into push_subscription (
  merchant_id, id, user_id, session_id, endpoint_hash, device, created_at, seen_at, fails
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, 0
)
on conflict (endpoint_hash) do update set
  id = case
    when push_subscription.merchant_id = excluded.merchant_id and push_subscription.user_id = excluded.user_id then push_subscription.id
    else excluded.id
  end,
  created_at = case
    when push_subscription.merchant_id = excluded.merchant_id and push_subscription.user_id = excluded.user_id then push_subscription.created_at
    else excluded.created_at
  end,
  merchant_id = excluded.merchant_id, user_id = excluded.user_id, session_id = excluded.session_id,
  device = excluded.device, seen_at = excluded.seen_at, fails = 0
returning id;

-- name: KeepPush :exec
delete from push_subscription
where push_subscription.merchant_id = sqlc.arg(merchant_id) and push_subscription.user_id = sqlc.arg(user_id)
  and push_subscription.id not in (
  select p.id from push_subscription as p
  where p.merchant_id = sqlc.arg(merchant_id) and p.user_id = sqlc.arg(user_id)
  order by p.seen_at desc, p.id desc limit sqlc.arg(most)
);

-- name: DeletePush :execrows
delete from push_subscription where merchant_id = $1 and user_id = $2 and id = $3;

-- name: DropPush :exec
delete from push_subscription where merchant_id = $1 and id = $2;

-- name: HasPush :one
select count(*) from push_subscription where merchant_id = $1 and user_id = $2 and id = $3;

-- The session stands in the question, too: what was subscribed while its session ended
-- is told nothing.
-- name: PushesOf :many
select push_subscription.* from push_subscription
join session on session.merchant_id = push_subscription.merchant_id and session.user_id = push_subscription.user_id
  and session.id = push_subscription.session_id
where push_subscription.merchant_id = sqlc.arg(merchant_id) and session.expires_at > sqlc.arg(now_at)
order by push_subscription.seen_at desc, push_subscription.id desc limit sqlc.arg(most);

-- name: PushesOfUser :many
select session_id, id from push_subscription where merchant_id = $1 and user_id = $2 order by seen_at, id;

-- name: PushFailed :many
update push_subscription set fails = fails + 1 where merchant_id = $1 and id = $2 returning fails;

-- name: PushWorked :exec
update push_subscription set fails = 0 where merchant_id = $1 and id = $2;

-- name: DropPushOfSession :exec
delete from push_subscription
where (merchant_id, user_id, session_id) in (
  select s.merchant_id, s.user_id, s.id from session as s where s.token_hash = $1
);

-- name: DropPushOfEnded :exec
delete from push_subscription
where push_subscription.merchant_id = $1 and push_subscription.user_id = $2 and not exists (
  select 1 from session
  where session.merchant_id = push_subscription.merchant_id and session.user_id = push_subscription.user_id
    and session.id = push_subscription.session_id
);
