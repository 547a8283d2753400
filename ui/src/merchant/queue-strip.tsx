import type { JSX } from 'preact';
import { Icon } from '../shared/design/icons';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';
import { cashQueue } from './queue-store';

/** Says on every screen that cash sales wait on this device, or could not be sent. */
export function QueueStrip(): JSX.Element | null {
  const m = t().cash;
  const sales = cashQueue.sales.value;
  const refused = sales.filter(({ refusal }) => refusal).length;
  if (sales.length === 0) return null;
  return (
    <a class="offline-bar" href={href('/payments')}>
      <Icon name={refused > 0 ? 'alert' : 'clock'} size={16} />
      {refused > 0 ? m.stripRefused(refused) : m.strip(sales.length)}
    </a>
  );
}
