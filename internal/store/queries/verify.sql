-- What verify asks about one row; its rules are in verify_rule.go.

-- name: VerifyAttempt :one
select * from attempt
where bucket in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) and id = $1 and merchant_id = $2;

-- name: VerifyOpen :one
select count(*) from unsettled where merchant_id = $1 and payment_id = $2;

-- name: VerifyCancel :one
select * from cancel where merchant_id = $1 and id = $2;
