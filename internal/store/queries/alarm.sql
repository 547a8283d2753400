-- Alarms of the installation.

-- One alarm stands for each code and subject: whoever meets its cause again only counts.
-- name: RaiseAlarm :many
insert into alarm (
  id, code, subject, severity, message, raised_at, seen_at, times, cleared_at, acknowledged_at, acknowledged_by, note,
  told_raised, told_cleared, tell_at, tries, version
) values (
  sqlc.arg(id), sqlc.arg(code), sqlc.arg(subject), sqlc.arg(severity), sqlc.arg(message), sqlc.arg(now_at), sqlc.arg(now_at), 1, 0, 0, '', '',
  0, 0, sqlc.arg(now_at), 0, 1
)
on conflict (code, subject) where cleared_at = 0 do update set seen_at = excluded.seen_at, times = alarm.times + 1
returning id, times;

-- name: ClearAlarm :many
update alarm set cleared_at = sqlc.arg(now_at), tell_at = sqlc.arg(now_at), tries = 0, version = version + 1
where code = sqlc.arg(code) and subject = sqlc.arg(subject) and cleared_at = 0 and seen_at <= sqlc.arg(since)
returning id;

-- name: AcknowledgeAlarm :many
update alarm set acknowledged_at = sqlc.arg(now_at), acknowledged_by = sqlc.arg(actor), note = sqlc.arg(note),
  cleared_at = case when cast(sqlc.arg(clears) as boolean) = true and cleared_at = 0 then sqlc.arg(now_at) else cleared_at end, version = version + 1
where id = sqlc.arg(id) and acknowledged_at = 0
returning *;

-- name: Alarm :one
select * from alarm where id = $1;

-- name: OpenAlarms :many
select * from alarm where cleared_at = 0 order by raised_at desc limit $1;

-- name: AlarmsToTell :many
select * from alarm where tell_at > 0 and tell_at <= sqlc.arg(now_at) order by tell_at limit sqlc.arg(most);

-- name: ToldAlarm :exec
update alarm set told_raised = $2, told_cleared = $3, tell_at = $4, tries = $5, version = version + 1 where id = $1 and version = $6;
