package store

import "innopay/clock"

// taken is the sum of a part of the receipt's cancels that left its balance: all but
// those that the office refused.
func taken(part string) string {
	return "coalesce((select sum(c." + part + ") from cash_receipt_cancel c where c.merchant_id = r.merchant_id" +
		" and c.receipt_id = r.id and c.status <> 'REFUSED'), 0)"
}

// openReceiptCancel holds where a cancel of the receipt is still to be issued.
const openReceiptCancel = `exists (select 1 from cash_receipt_cancel c
  where c.merchant_id = r.merchant_id and c.receipt_id = r.id and c.status in ('REQUESTED', 'UNKNOWN'))`

// cashRules are about sales for cash and their receipts.
var cashRules = []rule{
	{code: "CASH_STATE", message: "현금 거래의 상태나 받은 돈이 맞지 않거나, 전문이 있어요.", text: `
select p.id from payment p
where p.method = 'CASH' and (p.status not in ` + everApproved + ` or p.channel <> 'CASH' or p.cash_received < p.amount or p.attempt_id <> ''
    or exists (select 1 from attempt a where a.bucket in (` + allBuckets + `) and a.merchant_id = p.merchant_id and a.payment_id = p.id)
    or exists (select 1 from cancel c where c.merchant_id = p.merchant_id and c.payment_id = p.id and c.status <> 'DONE'))
  or p.method <> 'CASH' and (p.cash_received <> 0 or p.channel = 'CASH')`},
	{code: "CASH_TAKINGS", message: "현금 거래에 매출 분개가 없거나 금액이 달라요.", text: `
select p.id from payment p
left join posting b on b.bucket in (` + allBuckets + `) and b.entry_id = p.id and b.merchant_id = p.merchant_id and b.account = 'CASH'
where p.method = 'CASH' and (b.entry_id is null or b.event <> 'TAKINGS' or b.amount <> p.amount or b.payment_id <> p.id)`},
	{code: "CASH_CANCEL", message: "현금 취소에 취소 분개가 없거나 금액이 달라요.", text: `
select c.id from cancel c
join payment p on p.merchant_id = c.merchant_id and p.id = c.payment_id
left join posting b on b.bucket in (` + allBuckets + `) and b.entry_id = c.id and b.merchant_id = c.merchant_id and b.account = 'CASH'
where p.method = 'CASH' and (b.entry_id is null or b.event <> 'CANCEL' or b.amount <> -c.amount or b.payment_id <> c.payment_id)`},
	{code: "CASH_STRAY", message: "현금 분개가 현금 거래의 것이 아니에요.", text: `
select b.entry_id from posting b
left join payment p on p.merchant_id = b.merchant_id and p.id = b.payment_id
where b.account = 'CASH' and (p.id is null or p.method <> 'CASH' or b.event = 'TAKINGS' and b.entry_id <> p.id)
  or b.account = 'ACQUIRER_RECEIVABLE' and p.method = 'CASH'`},
	{code: "RECEIPT_PAYMENT", message: "현금영수증의 거래가 없거나 현금 거래가 아니에요.", text: `
select r.id from cash_receipt r
left join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
where r.payment_id <> '' and (p.id is null or p.method <> 'CASH' or r.amount > p.amount)`},
	{code: "RECEIPT_TWICE", message: "거래 하나에 살아 있는 현금영수증이 둘 이상이에요.", text: `
select min(r.id) from cash_receipt r
where r.payment_id <> '' and r.status <> 'CANCELED'
group by r.merchant_id, r.payment_id having count(*) > 1`},
	{code: "RECEIPT_BALANCE", message: "현금영수증의 남은 금액이 취소 금액을 뺀 값과 달라요.", text: `
select r.id from cash_receipt r
where r.balance_amount <> r.balance_supplied + r.balance_vat + r.balance_tax_free + r.balance_service_fee
  or r.balance_supplied < 0 or r.balance_vat < 0 or r.balance_tax_free < 0 or r.balance_service_fee < 0
  or r.status = 'CANCELED' and r.balance_amount <> 0
  or r.status <> 'CANCELED' and (r.balance_amount <> r.amount - ` + taken("amount") + `
    or r.balance_supplied <> r.supplied - ` + taken("supplied") + `
    or r.balance_vat <> r.vat - ` + taken("vat") + `
    or r.balance_tax_free <> r.tax_free - ` + taken("tax_free") + `
    or r.balance_service_fee <> r.service_fee - ` + taken("service_fee") + `)`},
	{code: "RECEIPT_CANCEL", message: "현금영수증 취소에 현금영수증이 없거나, 번호나 보낸 횟수가 상태와 맞지 않아요.", text: `
select c.id from cash_receipt_cancel c
left join cash_receipt r on r.merchant_id = c.merchant_id and r.id = c.receipt_id
where r.id is null
  or c.status = 'ISSUED' and (c.number = '' or c.issued_at = 0 or c.sends = 0 or r.number = '')
  or c.status <> 'ISSUED' and c.number <> ''
  or c.status = 'REQUESTED' and c.sends <> 0
  or c.status = 'UNKNOWN' and c.sends = 0`},
	{code: "RECEIPT_STATE", message: "현금영수증의 상태와 번호, 기한, 맡은 작업이 서로 맞지 않아요.", text: `
select r.id from cash_receipt r
where (r.lease_owner = '') <> (r.lease_until = 0) or r.lease_until > $1
  or r.status in ('REQUESTED', 'UNKNOWN', 'ISSUED') and r.due_at = 0
  or r.status in ('CONFIRMED', 'REJECTED', 'CANCELED') and (r.due_at > 0) <> ` + openReceiptCancel + `
  or r.status in ('ISSUED', 'CONFIRMED') and (r.number = '' or r.issued_at = 0 or r.sends = 0)
  or r.status in ('REQUESTED', 'UNKNOWN') and r.number <> ''
  or r.status = 'REQUESTED' and r.sends <> 0
  or r.status = 'UNKNOWN' and (r.sends = 0 or r.sent_at = 0)
  or r.status = 'CANCELED' and ` + openReceiptCancel,
		args: func(v *verifier) []any { return []any{clock.Micros(v.now.Add(leaseLongest))} }},
	{code: "RECEIPT_OVERDUE", message: "처리할 현금영수증이 기한을 넘겼는데 아무도 맡지 않았어요.", alive: true, args: graceArgs, text: `
select r.id from cash_receipt r
where r.bucket in (` + allBuckets + `) and r.due_at > 0 and r.due_at < $1 and r.lease_until < $1`},
	{code: "RECEIPT_EXCEEDS", message: "현금영수증이 거래에서 남은 금액보다 커요. 취소가 따라가지 못했어요.", alive: true, args: graceArgs, text: `
select r.id from cash_receipt r
join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id
where r.status <> 'CANCELED' and r.balance_amount > p.balance_amount
  and (select max(c.canceled_at) from cancel c where c.merchant_id = p.merchant_id and c.payment_id = p.id) < $1`},
}
