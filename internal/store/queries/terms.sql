-- Terms by version, and who agreed to them.

-- name: InsertTerms :execrows
insert into terms (
  kind, version, title, required, body, changes, effective_from, sample, published_at, published_by
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
)
on conflict do nothing;

-- name: AllTerms :many
select * from terms order by kind, version;

-- name: InsertConsent :exec
insert into consent (
  merchant_id, id, user_id, kind, version, agreed, at, address
) values (
  $1, $2, $3, $4, $5, $6, $7, $8
);

-- name: ConsentsOf :many
select * from consent
where consent.merchant_id = $1 and consent.user_id = $2 and consent.id = (
  select max(c.id) from consent as c
  where c.merchant_id = consent.merchant_id and c.user_id = consent.user_id and c.kind = consent.kind
)
order by consent.kind;

-- Of all merchants' people who may log in, those whose newest answer to a kind agrees to a
-- version or a later one.
-- name: TermsReach :one
select
  (select count(*) from app_user u where u.merchant_id <> '' and u.status = 'ACTIVE') as people,
  (select count(*) from app_user u
   where u.merchant_id <> '' and u.status = 'ACTIVE' and exists (
     select 1 from consent c
     where c.merchant_id = u.merchant_id and c.user_id = u.id and c.kind = sqlc.arg(kind) and c.version >= sqlc.arg(version) and c.agreed = true
       and not exists (
         select 1 from consent l
         where l.merchant_id = c.merchant_id and l.user_id = c.user_id and l.kind = c.kind and l.id > c.id
       )
   )) as agreed;
