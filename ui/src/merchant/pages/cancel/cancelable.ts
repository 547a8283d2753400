import type { Payment } from '../../../shared/api/types';

/** Why nothing of a payment can be cancelled now. */
export type Obstacle = 'notPaid' | 'checking' | 'notApproved' | 'canceling' | 'allCanceled';

/** What stands in the way of cancelling, or null when something can be cancelled. */
export function obstacleOf(payment: Payment): Obstacle | null {
  switch (payment.status) {
    case 'READY':
      return 'notPaid';
    case 'IN_PROGRESS':
    case 'UNKNOWN':
      return 'checking';
    case 'ABORTED':
    case 'EXPIRED':
      return 'notApproved';
    case 'CANCELED':
      return 'allCanceled';
    case 'DONE':
    case 'PARTIAL_CANCELED':
      if (payment.balanceAmount > 0) return null;
      return (payment.cancels ?? []).some((cancel) => cancel.status === 'IN_PROGRESS' || cancel.status === 'UNKNOWN') ? 'canceling' : 'allCanceled';
  }
}

/** Whether something of the payment can be cancelled now. */
export function isCancelable(payment: Payment): boolean {
  return obstacleOf(payment) === null;
}

/** Whether a cancel of the amount would be a void: the whole payment, before the day's capture. */
export function isVoid(payment: Payment, amount: number): boolean {
  return payment.acquireStatus === 'READY' && amount === payment.amount;
}

/** The tax-free part that is neither cancelled nor being cancelled. */
export function taxFreeLeft(payment: Payment): number {
  return (payment.cancels ?? []).reduce((left, cancel) => (cancel.status === 'FAILED' ? left : left - cancel.taxFreeAmount), payment.taxFreeAmount);
}

/**
 * The least and the most tax-free won a part of so much may hold: no more than is left of
 * it, and no less than what the rest cannot take.
 */
export function taxFreeRange(payment: Payment, part: number): { least: number; most: number } {
  const left = taxFreeLeft(payment);
  return { least: Math.max(0, part - (payment.balanceAmount - left)), most: Math.min(part, left) };
}
