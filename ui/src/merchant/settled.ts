import { useEffect, useState } from 'preact/hooks';
import { payments } from '../shared/api/api';
import type { Payment } from '../shared/api/types';
import { pollUntil } from '../shared/state/poll';

/** Whether something about the payment is still open: itself, or one of its cancels. */
export function isOpen(payment: Payment): boolean {
  if (payment.status === 'UNKNOWN' || payment.status === 'IN_PROGRESS') return true;
  return (payment.cancels ?? []).some((cancel) => cancel.status === 'UNKNOWN' || cancel.status === 'IN_PROGRESS');
}

/** The payment, asked for again until nothing about it is open. */
export function useSettled(payment: Payment | undefined): Payment | undefined {
  const [newer, setNewer] = useState<Payment | undefined>();
  useEffect(() => {
    setNewer(undefined);
    if (!payment || !isOpen(payment)) return;
    const abort = new AbortController();
    void pollUntil(async () => {
      const now = await payments.get(payment.id, abort.signal);
      return isOpen(now) ? undefined : now;
    }, abort.signal).then((settled) => settled && setNewer(settled));
    return () => abort.abort();
  }, [payment]);
  return newer ?? payment;
}
