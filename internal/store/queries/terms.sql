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
