-- Notices and who read them.

-- name: InsertNotice :exec
insert into notice (
  merchant_id, id, roles, title, body, important, from_at, until_at, told, withdrawn_at, author, created_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
);

-- name: UpdateNotice :execrows
update notice set
  merchant_id = sqlc.arg(merchant_id), roles = sqlc.arg(roles), title = sqlc.arg(title), body = sqlc.arg(body), important = sqlc.arg(important),
  from_at = sqlc.arg(from_at), until_at = sqlc.arg(until_at), told = sqlc.arg(told), withdrawn_at = sqlc.arg(withdrawn_at), version = sqlc.arg(version)
where id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: Notice :one
select * from notice where id = $1;

-- Who it is for are the users who may log in now; those of them who read it.
-- name: NoticeFigures :one
select
  (select count(*) from app_user u
   where u.merchant_id <> '' and u.status = 'ACTIVE' and (n.merchant_id = '' or u.merchant_id = n.merchant_id) and (n.roles = '' or u.role = n.roles)) as audience,
  (select count(*) from notice_read r join app_user u on u.merchant_id = r.merchant_id and u.id = r.user_id
   where r.notice_id = n.id and u.status = 'ACTIVE' and (n.merchant_id = '' or u.merchant_id = n.merchant_id) and (n.roles = '' or u.role = n.roles)) as readers
from notice n where n.id = $1;

-- name: Notices :many
select * from notice where (cast(sqlc.arg(before) as text) = '' or id < sqlc.arg(before)) order by id desc limit sqlc.arg(most);

-- A merchant's own and those for all, as one of its people sees them, the one that began
-- last first.
-- name: NoticesOf :many
select n.*, cast(coalesce(r.read_at, 0) as bigint) as read_at
from notice n
left join notice_read r on r.merchant_id = sqlc.arg(merchant_id) and r.user_id = sqlc.arg(user_id) and r.notice_id = n.id
where (n.merchant_id = '' or n.merchant_id = sqlc.arg(merchant_id)) and (n.roles = '' or n.roles = sqlc.arg(role))
  and n.withdrawn_at = 0 and n.from_at <= sqlc.arg(now_at) and (n.until_at = 0 or n.until_at > sqlc.arg(now_at))
  and (n.from_at < sqlc.arg(before_at) or n.from_at = sqlc.arg(before_at) and n.id < sqlc.arg(before))
order by n.from_at desc, n.id desc limit sqlc.arg(most);

-- name: CountUnreadNotices :one
select count(*) from notice n
where (n.merchant_id = '' or n.merchant_id = sqlc.arg(merchant_id)) and (n.roles = '' or n.roles = sqlc.arg(role))
  and n.withdrawn_at = 0 and n.from_at <= sqlc.arg(now_at) and (n.until_at = 0 or n.until_at > sqlc.arg(now_at))
  and not exists (
    select 1 from notice_read r where r.merchant_id = sqlc.arg(merchant_id) and r.user_id = sqlc.arg(user_id) and r.notice_id = n.id
  );

-- name: MarkNoticeRead :execrows
insert into notice_read (merchant_id, user_id, notice_id, read_at) values ($1, $2, $3, $4) on conflict do nothing;

-- name: NoticesDue :many
select * from notice where told = false and withdrawn_at = 0 and from_at <= $1 order by from_at limit $2;
