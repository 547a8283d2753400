import type { JSX } from 'preact';
import { OPEN, requests } from '../../../shared/api/requests';
import { Icon } from '../../../shared/design/icons';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { useLoad } from '../../../shared/state/load';

/** The way to the requests that wait to be paid; nothing while none does. */
export function OpenRequests(): JSX.Element | null {
  const m = t().request;
  const load = useLoad((signal) => requests.list(OPEN, undefined, 1, signal), 'open');
  useFollow(load.reload);
  // Without an answer the list below still has them as 요청 중.
  if (!load.data || load.data.rows.length === 0) return null;
  return (
    <a class="option" href={href('/requests')}>
      <Icon name="message" size={20} />
      <span class="option-name">{m.waiting}</span>
      <span class="option-value">{m.toList}</span>
      <Icon name="next" size={18} />
    </a>
  );
}
