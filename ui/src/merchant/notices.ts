import { payments } from '../shared/api/api';
import type { Payment } from '../shared/api/types';
import { toast } from '../shared/design/toast';
import { amountText, t } from '../shared/i18n/i18n';
import { BASE, navigate, place } from '../shared/router/router';
import { onChange, type Change } from '../shared/state/live';
import { celebrate } from './feel';
import { ownSettings } from './own';

/** What a change is worth saying, in words. */
function words(type: string, payment: Payment): string | undefined {
  const m = t().notices;
  const last = payment.cancels?.findLast((cancel) => cancel.status === 'DONE');
  switch (type) {
    case 'payment.approved':
      return m.approved(amountText(payment.amount), payment.orderName);
    case 'payment.canceled':
      return last && m.canceled(amountText(last.amount), payment.orderName);
    case 'payment.reversed':
      return m.reversed(amountText(payment.amount), payment.orderName);
    default:
      return undefined;
  }
}

/** Whether this device is at work on a payment, or looks at the one that changed: then the screen itself tells. */
const told = (change: Change): boolean => place.value.path.startsWith('/pay/') || place.value.path.includes(change.paymentId);

/**
 * Says what happened to a payment elsewhere: on another device, or when an unknown
 * outcome was settled. Silent when the shop's settings say so. Gives what ends it.
 */
export function followNotices(hear: typeof onChange = onChange, read: (id: string) => Promise<Payment> = payments.get): () => void {
  return hear((change) => {
    if (!change || !ownSettings.value?.notify || told(change)) return;
    // No answer: the lists are read again anyway.
    read(change.paymentId).then((payment) => {
      const text = told(change) ? undefined : words(change.type, payment);
      if (!text) return;
      toast(text);
      if (change.type === 'payment.approved') celebrate();
    }, () => undefined);
  });
}

/** What the service worker says when a notice is pressed while the app is open. */
interface Press {
  type: 'innopay.open';
  path: string;
}

const isPress = (data: unknown): data is Press => (data as Partial<Press> | null)?.type === 'innopay.open' && typeof (data as Press).path === 'string';

/**
 * Opens what a pressed notice is about. A payment that is being typed is not taken away
 * from under the fingers: then the press has to be meant. Gives what ends it.
 */
export function followPresses(worker: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined = navigator.serviceWorker): () => void {
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (!isPress(data) || !data.path.startsWith(`${BASE}/`)) return;
    const to = data.path.slice(BASE.length);
    const m = t().push;
    if (!place.value.path.startsWith('/pay/')) navigate(to);
    else toast(m.typing, { text: m.show, run: () => navigate(to) });
  };
  worker?.addEventListener('message', hear as EventListener);
  return () => worker?.removeEventListener('message', hear as EventListener);
}
