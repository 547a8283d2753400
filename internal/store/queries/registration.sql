-- Getting in: codes of shops, invites, people on the way, and ids that were given out.

-- name: ShopCode :one
select code from merchant_code where merchant_id = $1;

-- name: ShopByCode :one
select merchant_id from merchant_code where code = $1;

-- name: InsertShopCode :execrows
insert into merchant_code (merchant_id, code) values ($1, $2)
on conflict do nothing;

-- name: InvitesOf :many
select * from invite where merchant_id = $1 order by id desc limit $2;

-- name: InviteByIndex :one
select * from invite where merchant_id = $1 and code_index = $2;

-- name: InsertInvite :exec
insert into invite (
  merchant_id, id, code_index, code, uses, used, created_by, created_at, expires_at, revoked_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
);

-- name: UseInvite :execrows
update invite set used = used + 1
where merchant_id = $1 and id = $2 and revoked_at = 0 and used < uses;

-- name: RevokeInvite :execrows
update invite set revoked_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and revoked_at = 0;

-- name: RegistrationByToken :one
select * from registration where token_hash = $1;

-- name: RegistrationByID :one
select * from registration where merchant_id = $1 and id = $2;

-- name: WaitingRegistrations :many
select * from registration where merchant_id = $1 and user_id <> '' and status = 'PENDING' order by id;

-- name: WaitingRegistration :one
select * from registration where merchant_id = $1 and user_id = $2 and user_id <> '' and status = 'PENDING';

-- name: InsertRegistration :exec
insert into registration (
  merchant_id, id, invite_id, token_hash, status, people, generation, code_hash, code_until, code_tries, sent_at,
  verified_at, user_id, created_at, expires_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
);

-- name: UpdateRegistration :execrows
update registration set
  status = sqlc.arg(status), people = sqlc.arg(people), generation = sqlc.arg(generation), code_hash = sqlc.arg(code_hash),
  code_until = sqlc.arg(code_until), code_tries = sqlc.arg(code_tries), sent_at = sqlc.arg(sent_at), verified_at = sqlc.arg(verified_at),
  user_id = sqlc.arg(user_id), expires_at = sqlc.arg(expires_at), version = sqlc.arg(version)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) - 1;

-- name: OverdueRegistrations :many
select * from registration where status in ('OPEN', 'PENDING') and expires_at <= $1 order by expires_at limit $2;

-- name: PurgeRegistrations :execrows
delete from registration
where id in (
  select r.id from registration as r
  where r.status in ('APPROVED', 'REFUSED', 'EXPIRED') and r.created_at < sqlc.arg(before) order by r.created_at limit sqlc.arg(most)
) and status in ('APPROVED', 'REFUSED', 'EXPIRED');

-- name: PurgeInvites :execrows
delete from invite where id in (
  select i.id from invite as i where i.expires_at < sqlc.arg(before) order by i.expires_at limit sqlc.arg(most)
);

-- name: OnboardingOf :one
select * from onboarding where merchant_id = $1 and user_id = $2;

-- name: OnboardingByToken :one
select * from onboarding where token_hash = $1;

-- name: OnboardingByID :one
select * from onboarding where merchant_id = $1 and id = $2;

-- name: OnboardingsOf :many
select * from onboarding where merchant_id = $1 order by id desc;

-- name: InsertOnboarding :execrows
insert into onboarding (
  merchant_id, user_id, id, people, generation, token_hash, code_count, code_hash, code_until, code_tries, sent_at,
  mailed_at, opened_at, used_at, created_by, created_at, expires_at, version
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
)
on conflict do nothing;

-- name: UpdateOnboarding :execrows
update onboarding set
  people = $3, generation = $4, token_hash = $5, code_count = $6, code_hash = $7, code_until = $8, code_tries = $9,
  sent_at = $10, mailed_at = $11, opened_at = $12, used_at = $13, expires_at = $14, version = $15
where merchant_id = $1 and user_id = $2 and version = $15 - 1;
