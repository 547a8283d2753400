package store

import (
	"time"

	"innopay/clock"
	"innopay/internal/payrequest"
)

// leaseLongest is more than any worker asks for.
const leaseLongest = time.Hour

// requestRules are about payments that wait for their buyer, and what is told of them.
var requestRules = []rule{
	{code: "REQUEST_MISSING", message: "구매자에게 요청한 거래에 결제 요청이 없거나 방식이 달라요.", text: `
select p.id from payment p
left join payment_request r on r.merchant_id = p.merchant_id and r.payment_id = p.id
where p.channel in ('SMS', 'ARS') and (r.id is null or r.kind <> p.channel)`},
	{code: "REQUEST_STRAY", message: "결제 요청에 거래가 없어요.", text: `
select r.id from payment_request r
left join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
where p.id is null or p.channel not in ('SMS', 'ARS')`},
	{code: "READY_BUSY", message: "구매자를 기다리는 거래에 처리할 작업이 남아 있거나, 요청한 거래가 아니에요.", text: `
select p.id from payment p
where p.status = 'READY' and (p.channel not in ('SMS', 'ARS')
  or exists (select 1 from unsettled u where u.merchant_id = p.merchant_id and u.payment_id = p.id))`},
	{code: "READY_OVERDUE", message: "기한이 지난 결제 요청이 끝나지 않았어요.", alive: true, args: graceArgs, text: `
select r.id from payment_request r
join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
where p.status = 'READY' and r.expires_at < $1`},
	{code: "REQUEST_OPEN", message: "거래가 끝난 결제 요청이 아직 열려 있어요.", alive: true, args: graceArgs, text: `
select r.id from payment_request r
join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
left join attempt a on a.bucket in (` + allBuckets + `) and a.id = p.attempt_id and a.merchant_id = p.merchant_id
where r.open = true and p.status not in ('READY', 'IN_PROGRESS', 'UNKNOWN') and coalesce(a.settled_at, 0) < $1`},
	{code: "REQUEST_CLOSED", message: "구매자를 기다리는 거래의 결제 요청이 닫혀 있어요.", text: `
select r.id from payment_request r
join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
where r.open = false and p.status in ('READY', 'IN_PROGRESS', 'UNKNOWN')`},
	{code: "REQUEST_TRIES", message: "결제 시도가 정해진 횟수를 넘었어요.", text: `
select p.id from payment p
join attempt a on a.bucket in (` + allBuckets + `) and a.payment_id = p.id and a.merchant_id = p.merchant_id
where p.channel in ('SMS', 'ARS') and a.kind = 'AUTHORIZE' and a.status <> 'NOT_SENT'
group by p.merchant_id, p.id, p.status
having count(*) > $1 or count(*) = $1 and p.status = 'READY'`,
		args: func(*verifier) []any { return []any{payrequest.MaxTries} }},
	{code: "REQUEST_MESSAGE", message: "결제 요청을 알리는 문자가 없거나 다른 링크의 것이에요.", text: `
select r.id from payment_request r
left join message m on m.bucket = r.bucket and m.id = r.message_id and m.merchant_id = r.merchant_id
where m.id is null or m.request_id <> r.id or m.purpose <> 'REQUEST' or m.generation <> r.generation`},
	{code: "MESSAGE_PAID", message: "결제된 요청의 완료 문자가 만들어지지 않았어요.", alive: true, args: graceArgs, text: `
select p.id from payment p
left join message m on m.bucket in (` + allBuckets + `) and m.thread = p.id and m.merchant_id = p.merchant_id and m.purpose = 'PAID'
where p.channel in ('SMS', 'ARS') and p.status in ` + everApproved + ` and p.approved_at < $1 and m.id is null`},
	{code: "MESSAGE_OVERDUE", message: "보낼 문자가 기한을 넘겼는데 아무도 맡지 않았어요.", alive: true, args: graceArgs, text: `
select m.id from message m
where m.bucket in (` + allBuckets + `) and m.due_at > 0 and m.due_at < $1 and m.lease_until < $1
  and not exists (
    select 1 from message o
    where m.purpose not in ('RECEIPT', 'RECEIPT_EN') and o.bucket = m.bucket and o.thread = m.thread and o.merchant_id = m.merchant_id and o.id < m.id and o.status = 'QUEUED'
  )`},
	{code: "MESSAGE_STATE", message: "문자의 상태와 기한, 맡은 작업이 서로 맞지 않아요.", text: `
select m.id from message m
where (m.lease_owner = '') <> (m.lease_until = 0) or m.lease_until > $1
  or m.status = 'QUEUED' and m.due_at = 0
  or m.status not in ('QUEUED', 'ACCEPTED') and (m.due_at > 0 or m.lease_until > 0 or m.settled_at = 0)
  or m.status in ('QUEUED', 'ACCEPTED') and m.settled_at > 0
  or m.status = 'ACCEPTED' and m.accepted_at = 0`,
		args: func(v *verifier) []any { return []any{clock.Micros(v.now.Add(leaseLongest))} }},
}
