import type { Payment } from '../../../shared/api/types';

/** Whether something of the payment can be cancelled now. */
export function isCancelable(payment: Payment): boolean {
  return (payment.status === 'DONE' || payment.status === 'PARTIAL_CANCELED') && payment.balanceAmount > 0;
}

/** Whether a cancel of the amount would be a void: the whole payment, before the day's capture. */
export function isVoid(payment: Payment, amount: number): boolean {
  return payment.acquireStatus === 'READY' && amount === payment.amount;
}
