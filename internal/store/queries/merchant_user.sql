-- Users, sessions, API keys, activation links and what guards passwords.

-- name: UsersOf :many
select * from app_user where merchant_id = $1 order by id;

-- name: UserByID :one
select sqlc.embed(app_user), cast(coalesce(merchant.status, 'ACTIVE') as text) as merchant_status
from app_user left join merchant on merchant.id = app_user.merchant_id
where app_user.merchant_id = $1 and app_user.id = $2;

-- name: UserByLogin :one
select sqlc.embed(app_user), cast(coalesce(merchant.status, 'ACTIVE') as text) as merchant_status
from app_user left join merchant on merchant.id = app_user.merchant_id
where app_user.login_id = $1;

-- name: InsertUser :execrows
insert into app_user (
  merchant_id, id, login_id, name, role, status, password_hash, totp_secret, totp_step, created_at, last_login, version,
  may_discount, may_cancel, cancel_limit, may_edit_products, rights_version, may_view_sales
) values (
  $1, $2, $3, $4, $5, $6, '', '', 0, $7, 0, $8, $9, $10, $11, $12, $13, $14
)
on conflict do nothing;

-- name: UpdateUser :execrows
update app_user set name = sqlc.arg(name), role = sqlc.arg(role), status = sqlc.arg(status), version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- Somebody who registered is stored as invited with a password, and waits.
-- name: InsertPendingUser :execrows
insert into app_user (
  merchant_id, id, login_id, name, role, status, password_hash, totp_secret, totp_step, created_at, last_login, version,
  may_discount, may_cancel, cancel_limit, may_edit_products, rights_version, pending_since
) values (
  sqlc.arg(merchant_id), sqlc.arg(id), sqlc.arg(login_id), sqlc.arg(name), 'STAFF', 'INVITED', sqlc.arg(password_hash), '', 0, sqlc.arg(at), 0, 1,
  false, false, 0, false, 1, sqlc.arg(at)
)
on conflict do nothing;

-- name: ApproveUser :execrows
update app_user set
  status = 'ACTIVE', pending_since = 0, version = version + 1, may_discount = sqlc.arg(may_discount), may_cancel = sqlc.arg(may_cancel),
  cancel_limit = sqlc.arg(cancel_limit), may_edit_products = sqlc.arg(may_edit_products), rights_version = rights_version + 1
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and status = 'INVITED' and pending_since > 0;

-- name: DeletePendingUser :execrows
delete from app_user where merchant_id = $1 and id = $2 and status = 'INVITED' and pending_since > 0;

-- name: SetUserRights :execrows
update app_user set
  may_discount = sqlc.arg(may_discount), may_cancel = sqlc.arg(may_cancel), cancel_limit = sqlc.arg(cancel_limit),
  may_edit_products = sqlc.arg(may_edit_products), may_view_sales = sqlc.arg(may_view_sales), rights_version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and role = 'STAFF' and rights_version = sqlc.arg(version) - 1;

-- name: SetUserPassword :execrows
update app_user set
  password_hash = sqlc.arg(password_hash),
  totp_secret = case when cast(sqlc.arg(totp_secret) as text) = '' then totp_secret else cast(sqlc.arg(totp_secret) as text) end,
  status = case when status = 'INVITED' and pending_since = 0 then 'ACTIVE' else status end,
  version = version + 1
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version);

-- name: ConfirmLogin :execrows
update app_user set
  last_login = sqlc.arg(at),
  totp_step = case when sqlc.arg(step) > totp_step then sqlc.arg(step) else totp_step end
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version)
  and status = 'ACTIVE' and (sqlc.arg(step) = 0 or totp_step < sqlc.arg(step));

-- name: SessionByHash :one
select sqlc.embed(session), sqlc.embed(app_user), cast(coalesce(merchant.status, 'ACTIVE') as text) as merchant_status
from session
join app_user on app_user.merchant_id = session.merchant_id and app_user.id = session.user_id
left join merchant on merchant.id = session.merchant_id
where session.token_hash = $1;

-- name: SessionsOf :many
select * from session where merchant_id = $1 and user_id = $2 order by id desc limit 100;

-- name: InsertSession :exec
insert into session (
  token_hash, merchant_id, id, user_id, device, created_at, seen_at, expires_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8
);

-- name: TouchSession :exec
update session set seen_at = sqlc.arg(at) where token_hash = sqlc.arg(token_hash) and seen_at < sqlc.arg(at);

-- name: DeleteSession :exec
delete from session where token_hash = $1;

-- name: DeleteSessionByID :execrows
delete from session where merchant_id = $1 and user_id = $2 and id = $3;

-- name: DeleteSessionsOf :exec
delete from session where merchant_id = $1 and user_id = $2 and token_hash <> $3;

-- name: DeleteEndedSessionsOf :exec
delete from session where merchant_id = $1 and user_id = $2 and expires_at <= $3;

-- name: KeyByHash :one
select sqlc.embed(api_key), merchant.status as merchant_status
from api_key join merchant on merchant.id = api_key.merchant_id
where api_key.hash = $1 or (api_key.old_hash = $1 and api_key.old_hash <> '');

-- name: KeysOf :many
select * from api_key where merchant_id = $1 order by id;

-- name: InsertKey :execrows
insert into api_key (
  merchant_id, id, name, hint, hash, live, created_at, revoked_at, scopes, used_at, old_hash, old_until
) values (
  $1, $2, $3, $4, $5, $6, $7, 0, $8, 0, '', 0
)
on conflict do nothing;

-- name: RevokeKey :execrows
update api_key set revoked_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and revoked_at = 0;

-- name: RotateKey :execrows
update api_key set old_hash = api_key.hash, old_until = sqlc.arg(old_until), hash = sqlc.arg(hash), hint = sqlc.arg(hint)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and api_key.hash = sqlc.arg(present) and revoked_at = 0;

-- name: TouchKey :exec
update api_key set used_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and used_at < sqlc.arg(at);

-- name: LinkByToken :one
select * from activation where token_hash = $1;

-- name: InsertLink :exec
insert into activation (
  merchant_id, id, kind, user_id, generation, token_hash, created_at, expires_at, used_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, 0
);

-- name: UseLink :execrows
update activation set used_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and used_at = 0 and expires_at > sqlc.arg(at);

-- name: LastLinkGeneration :one
select cast(coalesce(max(generation), 0) as bigint) as generation from activation
where merchant_id = $1 and kind = $2 and user_id = $3;

-- name: RevokeLinks :exec
update activation set used_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and kind = sqlc.arg(kind) and user_id = sqlc.arg(user_id) and used_at = 0;

-- name: CancelPassword :one
select hash from cancel_password where merchant_id = $1;

-- name: PutCancelPassword :exec
insert into cancel_password (merchant_id, hash, set_at) values ($1, $2, $3)
on conflict (merchant_id) do update set hash = excluded.hash, set_at = excluded.set_at;

-- name: Guard :one
select * from guard where subject = $1;

-- name: InsertGuard :execrows
insert into guard (
  subject, fails, pending, failed_at, touched_at, locked_until, version
) values (
  $1, $2, $3, $4, $5, $6, $7
)
on conflict do nothing;

-- name: UpdateGuard :execrows
update guard set
  fails = sqlc.arg(fails), pending = sqlc.arg(pending), failed_at = sqlc.arg(failed_at),
  touched_at = sqlc.arg(touched_at), locked_until = sqlc.arg(locked_until), version = sqlc.arg(version)
where subject = sqlc.arg(subject) and version = sqlc.arg(version) - 1;

-- name: DeleteGuard :execrows
delete from guard where subject = $1 and version = $2;

-- name: DropGuard :exec
delete from guard where subject = $1;

-- name: SweepGuards :exec
delete from guard
where subject in (
  select g.subject from guard as g
  where g.touched_at < sqlc.arg(before) and g.locked_until <= sqlc.arg(now_at)
  order by g.touched_at limit sqlc.arg(most)
) and touched_at < sqlc.arg(before) and locked_until <= sqlc.arg(now_at);
