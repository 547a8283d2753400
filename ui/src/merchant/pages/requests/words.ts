import { t } from '../../../shared/i18n/i18n';
import type { Messages } from '../../../shared/i18n/ko';
import type { Way } from '../../ways';

/** The sentences of a request: most are the same however it is paid. */
export function wordsOf(way: Way): Messages['request'] {
  const m = t().request;
  return way === 'ARS' ? { ...m, ...m.byPhone } : m;
}
