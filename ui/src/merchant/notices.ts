import { payments } from '../shared/api/api';
import type { Payment } from '../shared/api/types';
import { toast } from '../shared/design/toast';
import { amountText, t } from '../shared/i18n/i18n';
import { BASE, navigate, place } from '../shared/router/router';
import { onChange, type Change } from '../shared/state/live';
import { alarm, celebrate } from './feel';
import { note, watching } from './news';
import { ownSettings } from './own';

/** A buyer pays it from elsewhere: the seller is told wherever they are. */
const isRemote = (channel: string | undefined): boolean => channel === 'SMS' || channel === 'ARS';

/** What of a request is told; nothing else of those is worth a word. */
const REMOTE = ['payment.approved', 'payment.declined', 'payment.expired'];
const ANY = ['payment.approved', 'payment.canceled', 'payment.reversed', 'payment.declined', 'payment.expired'];

/** What a change is worth saying, in words. */
function words(type: string, payment: Payment): string | undefined {
  const m = t().notices;
  const won = amountText(payment.amount);
  const last = payment.cancels?.findLast((cancel) => cancel.status === 'DONE');
  switch (type) {
    case 'payment.approved':
      return m.approved(won, payment.orderName);
    case 'payment.canceled':
      return last && m.canceled(amountText(last.amount), payment.orderName);
    case 'payment.reversed':
      return m.reversed(won, payment.orderName);
    case 'payment.declined':
      // At the counter the screen said so; a buyer elsewhere may need a word.
      return isRemote(payment.channel) ? m.declined(won, payment.orderName) : undefined;
    case 'payment.expired':
      return m.expired(won, payment.orderName);
    default:
      return undefined;
  }
}

/** Whether the screen itself tells: it shows the payment, or this device is at work on one of its own. */
function told(change: Change, channel: string | undefined): boolean {
  const { path } = place.value;
  if (path.includes(change.paymentId) || watching.value === change.paymentId) return true;
  return path.startsWith('/pay/') && !isRemote(channel);
}

/** Where what happened is shown: a request that can still be paid on its own screen. */
function addressOf({ type, paymentId, requestId }: Change): string {
  return type === 'payment.declined' ? `/requests/${encodeURIComponent(requestId ?? paymentId)}` : `/payments/${encodeURIComponent(paymentId)}`;
}

function tell(change: Change, payment: Payment): void {
  const text = told(change, payment.channel) ? undefined : words(change.type, payment);
  if (!text) return;
  const look = (): void => void navigate(addressOf(change));
  if (!isRemote(payment.channel) || !REMOTE.includes(change.type)) toast(text);
  else {
    note(payment.id);
    toast(text, { text: t().notices.look, run: look });
    if (change.type !== 'payment.approved') alarm();
  }
  if (change.type === 'payment.approved') celebrate();
}

/**
 * Says what happened to a payment elsewhere: paid or declined by a buyer, on another
 * device, or when an unknown outcome was settled. Silent when the shop's settings say
 * so. Gives what ends it.
 */
export function followNotices(hear: typeof onChange = onChange, read: (id: string) => Promise<Payment> = payments.get): () => void {
  return hear((change) => {
    if (!change || !ANY.includes(change.type) || !ownSettings.value?.notify) return;
    if (told(change, change.channel)) return;
    // No answer: the lists are read again anyway.
    read(change.paymentId).then((payment) => tell(change, payment), () => undefined);
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
