package store

import (
	"slices"

	"innopay/clock"
	"innopay/internal/payment"
)

// rule is one invariant as a query that finds what breaks it: one row, one fault,
// its only column the subject.
type rule struct {
	code    string
	message string
	text    string
	args    func(v *verifier) []any
	alive   bool // holds only while an instance runs
}

// allBuckets lets a row be found by its id alone where the bucket is not at hand.
const allBuckets = "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15"

const (
	everApproved = "('DONE', 'PARTIAL_CANCELED', 'CANCELED')"
	liveCancels  = "('IN_PROGRESS', 'UNKNOWN', 'DONE')"
)

// canceled is the sum of a part of the payment's cancels in the given states.
func canceled(part, states string) string {
	return "coalesce((select sum(c." + part + ") from cancel c where c.merchant_id = p.merchant_id" +
		" and c.payment_id = p.id and c.status in " + states + "), 0)"
}

func graceArgs(v *verifier) []any { return []any{clock.Micros(v.now.Add(-v.o.Grace))} }

// rules are checked in this order.
var rules = slices.Concat(paymentRules, requestRules, cashRules)

var paymentRules = []rule{
	{code: "APPROVED_ATTEMPT", message: "승인된 거래에 승인 전문이 없거나 금액이 달라요.", text: `
select p.id from payment p
left join attempt a on a.bucket in (` + allBuckets + `) and a.id = p.attempt_id and a.merchant_id = p.merchant_id
where p.method = 'CARD' and p.status in ` + everApproved + `
  and (a.id is null or a.payment_id <> p.id or a.kind <> 'AUTHORIZE' or a.status <> 'APPROVED' or a.amount <> p.amount
    or a.approval_number = '')`},
	{code: "APPROVED_TWICE", message: "승인된 전문이 거래의 승인이 아니에요. 이중 승인일 수 있어요.", text: `
select a.id from attempt a
left join payment p on p.merchant_id = a.merchant_id and p.id = a.payment_id
where a.kind = 'AUTHORIZE' and a.status = 'APPROVED'
  and (p.id is null or p.attempt_id <> a.id or p.status not in ` + everApproved + `)`},
	{code: "BALANCE", message: "남은 금액이 거래 금액에서 취소 금액을 뺀 값과 달라요.", text: `
select p.id from payment p
where p.status not in ('ABORTED', 'EXPIRED') and (
  p.balance_amount <> p.amount - ` + canceled("amount", liveCancels) + `
  or p.balance_supplied <> p.supplied - ` + canceled("supplied", liveCancels) + `
  or p.balance_vat <> p.vat - ` + canceled("vat", liveCancels) + `
  or p.balance_tax_free <> p.tax_free - ` + canceled("tax_free", liveCancels) + `
  or p.balance_service_fee <> p.service_fee - ` + canceled("service_fee", liveCancels) + `)`},
	{code: "CANCEL_SUM", message: "취소 금액의 합이 거래 상태와 맞지 않아요.", text: `
select p.id from payment p
where p.status <> case
    when p.status not in ` + everApproved + ` and ` + canceled("amount", "('DONE')") + ` = 0 then p.status
    when ` + canceled("amount", "('DONE')") + ` = 0 then 'DONE'
    when ` + canceled("amount", "('DONE')") + ` < p.amount then 'PARTIAL_CANCELED'
    when ` + canceled("amount", "('DONE')") + ` = p.amount then 'CANCELED'
    else '' end`},
	{code: "CANCEL_PAYMENT", message: "취소에 거래가 없거나, 끝난 취소에 전문이 없어요.", text: `
select c.id from cancel c
left join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id
left join attempt a on a.bucket in (` + allBuckets + `) and a.id = c.attempt_id and a.merchant_id = c.merchant_id
where p.id is null or c.status = 'DONE' and p.method = 'CARD'
  and (a.id is null or a.cancel_id <> c.id or a.status <> 'APPROVED' or a.amount <> c.amount)`},
	{code: "ORDER_LIVE", message: "주문번호를 쥐고 있는지의 표시가 거래 상태와 달라요.", text: `
select p.id from payment p where p.order_live <> (p.status not in ('ABORTED', 'EXPIRED'))`},
	{code: "ORDER_TWICE", message: "살아 있는 거래 둘 이상이 같은 주문번호를 써요.", text: `
select min(p.id) from payment p where p.order_live = true group by p.merchant_id, p.order_id having count(*) > 1`},
	{code: "LEDGER_ENTRY", message: "분개의 합이 0이 아니에요.", text: `
select b.entry_id from posting b group by b.bucket, b.entry_id, b.merchant_id having sum(b.amount) <> 0 or count(*) < 2`},
	{code: "LEDGER_DAY", message: "가맹점의 하루 분개 합이 0이 아니에요.", text: `
select b.merchant_id || ' ' || b.day from posting b group by b.merchant_id, b.day having sum(b.amount) <> 0`},
	{code: "SALES_TOTAL", message: "지난 날의 매출 합계가 분개와 달라요.", text: `
select r.merchant_id || ' ' || b.day from sales_rolled r
join posting b on b.merchant_id = r.merchant_id and b.account = 'SALES' and b.day <= r.through
left join sales_total s on s.merchant_id = r.merchant_id and s.dimension = 'DAY' and s.day = b.day and s.value = ''
group by r.merchant_id, b.day, s.sold, s.canceled
having s.sold is null or s.sold - s.canceled <> -sum(b.amount)`},
	{code: "LEDGER_APPROVAL", message: "승인된 거래에 승인 분개가 없거나 금액이 달라요.", text: `
select p.id from payment p
left join posting b on b.bucket in (` + allBuckets + `) and b.entry_id = p.attempt_id and b.merchant_id = p.merchant_id
  and b.account = 'ACQUIRER_RECEIVABLE'
where p.method = 'CARD' and p.status in ` + everApproved + `
  and (b.entry_id is null or b.event <> 'APPROVAL' or b.amount <> p.amount or b.payment_id <> p.id)`},
	{code: "LEDGER_CANCEL", message: "끝난 취소에 취소 분개가 없거나 금액이 달라요.", text: `
select c.id from cancel c
join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id
left join posting b on b.bucket in (` + allBuckets + `) and b.entry_id = c.id and b.merchant_id = c.merchant_id
  and b.account = 'ACQUIRER_RECEIVABLE'
where p.method = 'CARD' and c.status = 'DONE'
  and (b.entry_id is null or b.event <> 'CANCEL' or b.amount <> -c.amount or b.payment_id <> c.payment_id)`},
	{code: "LEDGER_STRAY", message: "돈이 움직이지 않은 거래에 분개가 있어요.", text: `
select b.entry_id from posting b
left join payment p on p.merchant_id = b.merchant_id and p.id = b.payment_id
left join cancel c on c.merchant_id = b.merchant_id and c.id = b.entry_id
where b.account <> 'SALES' and (p.id is null
  or b.event = 'APPROVAL' and (p.status not in ` + everApproved + ` or p.attempt_id <> b.entry_id)
  or b.event = 'CANCEL' and (c.id is null or c.status <> 'DONE'))`},
	{code: "UNSETTLED_MISSING", message: "결과를 모르는 전문에 처리할 작업이 없어요.", text: `
select a.id from attempt a
left join unsettled u on u.merchant_id = a.merchant_id and u.attempt_id = a.id
left join unsettled o on o.merchant_id = a.merchant_id and o.attempt_id = a.original_id
left join attempt oa on oa.bucket = a.bucket and oa.id = a.original_id and oa.merchant_id = a.merchant_id
where a.kind in ('AUTHORIZE', 'VOID', 'REFUND') and a.status in ('SENDING', 'UNKNOWN') and u.attempt_id is null
  and not (a.kind <> 'AUTHORIZE' and a.cancel_id = '' and (o.attempt_id is not null or oa.status not in ('SENDING', 'UNKNOWN')))`},
	{code: "UNSETTLED_STRAY", message: "처리할 작업의 전문이 없거나 이미 끝났어요.", text: `
select u.attempt_id from unsettled u
left join attempt a on a.bucket in (` + allBuckets + `) and a.id = u.attempt_id and a.merchant_id = u.merchant_id
where a.id is null or a.status not in ('SENDING', 'UNKNOWN') or a.payment_id <> u.payment_id`},
	{code: "UNSETTLED_OVERDUE", message: "처리할 작업이 기한을 넘겼는데 아무도 맡지 않았어요.", alive: true, args: graceArgs, text: `
select u.attempt_id from unsettled u where u.due_at < $1 and u.lease_until < $1`},
	{code: "PAYMENT_STUCK", message: "진행 중이거나 확인 중인 거래에 처리할 작업이 없어요.", text: `
select p.id from payment p
left join unsettled u on u.merchant_id = p.merchant_id and u.attempt_id = p.attempt_id
where p.method = 'CARD' and p.status in ('IN_PROGRESS', 'UNKNOWN') and u.attempt_id is null`},
	{code: "CANCEL_STUCK", message: "진행 중이거나 확인 중인 취소에 처리할 작업이 없어요.", text: `
select c.id from cancel c
left join unsettled u on u.merchant_id = c.merchant_id and u.attempt_id = c.attempt_id
join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id
where p.method = 'CARD' and c.status in ('IN_PROGRESS', 'UNKNOWN') and u.attempt_id is null`},
	{code: "KEY_PAYMENT", message: "멱등키가 가리키는 거래나 취소가 없어요.", text: `
select k.payment_id from idempotency k
left join payment p on p.merchant_id = k.merchant_id and p.id = k.payment_id
left join cash_receipt r on r.merchant_id = k.merchant_id and r.id = k.payment_id and k.operation = 'cashreceipt.issue'
left join cancel c on c.merchant_id = k.merchant_id and c.id = k.cancel_id
where p.id is null and r.id is null or k.cancel_id <> '' and c.id is null`},
	{code: "PAYMENT_KEY", message: "거래를 만든 멱등키가 없어요.", text: `
select p.id from payment p
left join (select distinct i.merchant_id, i.payment_id, i.operation from idempotency i where i.operation in ('payment.create', 'payment.ask')) k
  on k.merchant_id = p.merchant_id and k.payment_id = p.id and k.operation = case when p.channel in ('CARD', 'CASH') then 'payment.create' else 'payment.ask' end
where p.channel in ('CARD', 'CASH', 'SMS', 'ARS') and p.requested_at > $1 and k.payment_id is null`,
		args: func(v *verifier) []any { return []any{clock.Micros(v.now.Add(-payment.KeysKept))} }},
	{code: "KEY_FROZEN", message: "끝나지 않은 거래나 취소의 응답이 굳어 있어요.", text: `
select k.payment_id from idempotency k
join payment p on p.merchant_id = k.merchant_id and p.id = k.payment_id
left join cancel c on c.merchant_id = k.merchant_id and c.id = k.cancel_id
where k.status <> 0 and (k.status = 202
  or k.operation = 'payment.create' and p.status in ('IN_PROGRESS', 'UNKNOWN') and p.channel = 'CARD'
  or k.operation = 'payment.cancel' and c.status in ('IN_PROGRESS', 'UNKNOWN'))`},
	{code: "EVENT_ORDER", message: "알림이 순서를 건너뛰어 전달되었어요.", text: `
select min(case when e.delivered = 0 then e.id end) from outbox e
group by e.bucket, e.merchant_id, e.subject
having max(case when e.delivered > 0 then e.version else 0 end)
  > min(case when e.delivered = 0 then e.version else 9223372036854775807 end)`},
	{code: "EVENT_VERSION", message: "알림의 버전이 거래보다 앞서요.", text: `
select e.id from outbox e
join payment p on p.merchant_id = e.merchant_id and p.id = e.subject
where e.version > p.version`},
	{code: "AUDIT_UNSEALED", message: "봉인되지 않은 감사 기록이 오래 남아 있어요.", alive: true, text: `
select a.id from audit a where a.sealed = false and a.at < $1 and a.bucket in (` + allBuckets + `)`,
		args: func(v *verifier) []any { return []any{clock.Micros(v.now.Add(-sealLag))} }},
	{code: "AUDIT_SEAL_MISSING", message: "봉인 표시가 있는 감사 기록에 봉인이 없어요.", text: `
select a.id from audit a
left join audit_seal s on s.merchant_id = a.merchant_id and s.audit_id = a.id
where a.sealed = true and s.audit_id is null`},
}
