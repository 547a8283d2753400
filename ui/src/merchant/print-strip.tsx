import type { JSX } from 'preact';
import { Icon } from '../shared/design/icons';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';
import { printNews } from './printing';

/** Says on every screen that a receipt whose screen was left was not printed. */
export function PrintStrip(): JSX.Element | null {
  const m = t().print;
  const printing = printNews.value;
  const subject = printing?.subject;
  if (!subject || subject.kind === 'test') return null;
  const id = encodeURIComponent(subject.id);
  const to = subject.kind === 'cashReceipt' ? `/cash-receipts/${id}` : subject.cancelId ? `/payments/${id}/cancels/${encodeURIComponent(subject.cancelId)}` : `/payments/${id}`;
  return (
    <a class="offline-bar" href={href(to)}>
      <Icon name="printer" size={16} />
      <span role="alert">{printing.phase.value.kind === 'unsure' ? m.unsureNews : m.failedNews}</span>
    </a>
  );
}
