import { useEffect, useState } from 'preact/hooks';
import { payments } from '../shared/api/api';
import type { Payment } from '../shared/api/types';
import { onChange } from '../shared/state/live';
import { pollUntil } from '../shared/state/poll';

/** Whether something about the payment is still open: itself, or one of its cancels. */
export function isOpen(payment: Payment): boolean {
  if (payment.status === 'UNKNOWN' || payment.status === 'IN_PROGRESS') return true;
  return (payment.cancels ?? []).some((cancel) => cancel.status === 'UNKNOWN' || cancel.status === 'IN_PROGRESS');
}

/** The payment, asked for again when it changes, and from time to time, until nothing about it is open. */
export function useSettled(payment: Payment | undefined): Payment | undefined {
  const [newer, setNewer] = useState<Payment | undefined>();
  useEffect(() => {
    setNewer(undefined);
    if (!payment || !isOpen(payment)) return;
    const abort = new AbortController();
    const ask = async (): Promise<Payment | undefined> => {
      const now = await payments.get(payment.id, abort.signal);
      return isOpen(now) ? undefined : now;
    };
    const settle = (settled: Payment | undefined): void => {
      if (!settled || abort.signal.aborted) return;
      abort.abort();
      setNewer(settled);
    };
    void pollUntil(ask, abort.signal).then(settle);
    const deaf = onChange((change) => {
      if (change && change.paymentId !== payment.id) return;
      ask().then(settle, () => undefined); // the next ask comes by itself
    });
    return () => {
      deaf();
      abort.abort();
    };
  }, [payment]);
  return newer ?? payment;
}
