-- Passkeys, challenges, recovery codes, known devices and people's mail.

-- name: PasskeysOf :many
select * from passkey where merchant_id = $1 and user_id = $2 order by id limit 100;

-- name: PasskeyByCredential :one
select * from passkey where credential_id = $1;

-- name: InsertPasskey :execrows
insert into passkey (
  merchant_id, id, user_id, credential_id, credential, name, sign_count, blocked, created_at, used_at
) values (
  $1, $2, $3, $4, $5, $6, $7, false, $8, 0
)
on conflict do nothing;

-- name: RenamePasskey :execrows
update passkey set name = sqlc.arg(name)
where merchant_id = sqlc.arg(merchant_id) and user_id = sqlc.arg(user_id) and id = sqlc.arg(id);

-- name: DeletePasskey :execrows
delete from passkey where merchant_id = $1 and user_id = $2 and id = $3;

-- name: UsePasskey :execrows
update passkey set sign_count = sqlc.arg(sign_count), credential = sqlc.arg(credential), used_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and sign_count = sqlc.arg(was) and blocked = false;

-- name: BlockPasskey :execrows
update passkey set blocked = true where merchant_id = $1 and id = $2 and blocked = false;

-- name: Challenge :one
select * from challenge where token_hash = $1;

-- name: InsertChallenge :exec
insert into challenge (
  token_hash, kind, merchant_id, user_id, session_id, data, created_at, expires_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8
);

-- name: TakeChallenge :execrows
delete from challenge where token_hash = sqlc.arg(token_hash) and kind = sqlc.arg(kind) and expires_at > sqlc.arg(now_at);

-- name: SweepChallenges :exec
delete from challenge
where token_hash in (
  select c.token_hash from challenge as c where c.expires_at <= sqlc.arg(now_at) order by c.expires_at limit sqlc.arg(most)
) and expires_at <= sqlc.arg(now_at);

-- name: SetUserTOTP :execrows
update app_user set totp_secret = sqlc.arg(secret),
  totp_step = case when cast(sqlc.arg(step) as bigint) > totp_step then cast(sqlc.arg(step) as bigint) else totp_step end,
  version = version + 1
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version);

-- name: UseTOTPStep :execrows
update app_user set totp_step = sqlc.arg(step)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and version = sqlc.arg(version) and totp_step < sqlc.arg(step);

-- name: RecoveryCodesLeft :one
select count(*) from recovery_code where merchant_id = $1 and user_id = $2 and used_at = 0;

-- name: DeleteRecoveryCodes :exec
delete from recovery_code where merchant_id = $1 and user_id = $2;

-- name: InsertRecoveryCode :exec
insert into recovery_code (merchant_id, user_id, hash, created_at, used_at) values ($1, $2, $3, $4, 0);

-- name: UseRecoveryCode :execrows
update recovery_code set used_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and user_id = sqlc.arg(user_id) and hash = sqlc.arg(hash) and used_at = 0;

-- name: KnownDevice :one
select * from known_device where merchant_id = $1 and user_id = $2 and token_hash = $3;

-- name: KnownDeviceByID :one
select * from known_device where merchant_id = $1 and user_id = $2 and id = $3;

-- name: DeviceSeen :one
select count(*) from (select 1 as one from known_device where token_hash = $1 limit 1) as seen;

-- name: PutKnownDevice :exec
insert into known_device (merchant_id, user_id, id, token_hash, name, created_at, seen_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, user_id, token_hash) do update set name = excluded.name, seen_at = excluded.seen_at;

-- name: DropOldDevices :exec
delete from known_device
where known_device.merchant_id = sqlc.arg(merchant_id) and known_device.user_id = sqlc.arg(user_id) and known_device.token_hash not in (
  select d.token_hash from known_device as d
  where d.merchant_id = sqlc.arg(merchant_id) and d.user_id = sqlc.arg(user_id)
  order by d.seen_at desc, d.id desc limit sqlc.arg(keep)
);

-- name: MailOf :one
select * from user_mail where merchant_id = $1 and user_id = $2 and status = $3 order by id desc limit 1;

-- name: MailByID :one
select * from user_mail where merchant_id = $1 and id = $2;

-- name: InsertMail :exec
insert into user_mail (
  merchant_id, id, user_id, address, address_index, status, created_at, expires_at, verified_at
) values (
  $1, $2, $3, $4, $5, 'PENDING', $6, $7, 0
);

-- name: VerifyMail :execrows
update user_mail set status = 'VERIFIED', verified_at = sqlc.arg(at)
where merchant_id = sqlc.arg(merchant_id) and id = sqlc.arg(id) and status = 'PENDING' and expires_at > sqlc.arg(at);

-- name: ReplaceMail :execrows
update user_mail set status = 'REPLACED'
where merchant_id = $1 and user_id = $2 and status = 'VERIFIED';

-- name: DropPendingMail :exec
delete from user_mail where merchant_id = $1 and user_id = $2 and status = 'PENDING';

-- name: DropReplacedMail :exec
delete from user_mail where merchant_id = $1 and user_id = $2 and status = 'REPLACED' and verified_at < $3;

-- name: LinkByID :one
select * from activation where merchant_id = $1 and id = $2;
