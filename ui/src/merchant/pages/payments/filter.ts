import type { Channel, PaymentQuery, PaymentStatus } from '../../../shared/api/types';
import { daysBefore } from '../../../shared/text/day';

export type Period = 'today' | 'yesterday' | 'week' | 'month' | 'quarter' | 'custom';

export const PERIODS: readonly Period[] = ['today', 'yesterday', 'week', 'month', 'quarter', 'custom'];
export const CHANNELS: readonly Channel[] = ['CARD', 'SMS', 'ARS', 'CASH'];
export const STATUSES: readonly PaymentStatus[] = ['DONE', 'PARTIAL_CANCELED', 'CANCELED', 'UNKNOWN', 'ABORTED'];

/** The conditions that are typed, under the names the API has for them. */
export const DETAILS = ['minAmount', 'maxAmount', 'approvalNumber', 'cardLast4', 'buyerName', 'buyerPhoneLast4'] as const;
export type Detail = (typeof DETAILS)[number];

/** What the history is asked for; all of it stands in the address, so that it survives reload and back. */
export interface Filter {
  period: Period;
  /** Days of a custom period, both included. */
  from: string;
  to: string;
  channel: Channel | '';
  status: PaymentStatus | '';
  q: string;
  details: Partial<Record<Detail, string>>;
  /** The history opened to choose a payment to cancel. */
  forCancel: boolean;
}

export const PLAIN: Filter = { period: 'week', from: '', to: '', channel: '', status: '', q: '', details: {}, forCancel: false };

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | '' {
  return allowed.find((each) => each === value) ?? '';
}

/** The filter an address asks for; what it does not know is left out. */
export function readFilter(query: URLSearchParams): Filter {
  const day = (name: string): string => (isDay(query.get(name) ?? '') ? (query.get(name) ?? '') : '');
  const details: Filter['details'] = {};
  for (const name of DETAILS) {
    const value = query.get(name);
    if (value) details[name] = value;
  }
  return {
    period: oneOf(query.get('period'), PERIODS) || PLAIN.period,
    from: day('from'),
    to: day('to'),
    channel: oneOf(query.get('channel'), CHANNELS),
    status: oneOf(query.get('status'), STATUSES),
    q: query.get('q') ?? '',
    details,
    forCancel: query.get('for') === 'cancel',
  };
}

/** The address of a filter, without what is as usual. */
export function writeFilter(filter: Filter): string {
  const query = new URLSearchParams();
  if (filter.forCancel) query.set('for', 'cancel');
  if (filter.period !== PLAIN.period) query.set('period', filter.period);
  if (filter.period === 'custom') {
    if (filter.from) query.set('from', filter.from);
    if (filter.to) query.set('to', filter.to);
  }
  if (filter.channel) query.set('channel', filter.channel);
  if (filter.status) query.set('status', filter.status);
  if (filter.q) query.set('q', filter.q);
  for (const name of DETAILS) {
    const value = filter.details[name];
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `/payments?${text}` : '/payments';
}

/** First and last day of a period, both included; an open end of a custom one is left out. */
export function daysOf(filter: Filter, today: string): { from?: string; to?: string } {
  switch (filter.period) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: daysBefore(today, 1), to: daysBefore(today, 1) };
    case 'week':
      return { from: daysBefore(today, 6), to: today };
    case 'month':
      return { from: daysBefore(today, 30), to: today };
    case 'quarter':
      return { from: daysBefore(today, 91), to: today };
    case 'custom':
      return { ...(filter.from ? { from: filter.from } : {}), ...(filter.to ? { to: filter.to } : {}) };
  }
}

/** The filter as the API asks it. */
export function apiQuery(filter: Filter, today: string): PaymentQuery {
  const { minAmount, maxAmount, ...texts } = filter.details;
  const cancelable: PaymentStatus[] = ['DONE', 'PARTIAL_CANCELED'];
  const status = filter.status ? [filter.status] : filter.forCancel ? cancelable : [];
  return {
    ...daysOf(filter, today),
    ...(filter.channel ? { channel: [filter.channel] } : {}),
    ...(status.length > 0 ? { status } : {}),
    ...(filter.q ? { q: filter.q } : {}),
    ...(minAmount ? { minAmount: Number(minAmount) } : {}),
    ...(maxAmount ? { maxAmount: Number(maxAmount) } : {}),
    ...texts,
  };
}

/** Whether anything but the period narrows the list. */
export function isNarrow(filter: Filter): boolean {
  return filter.channel !== '' || filter.status !== '' || filter.q !== '' || Object.keys(filter.details).length > 0;
}
