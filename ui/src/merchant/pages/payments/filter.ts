import type { Channel, PaymentQuery, PaymentStatus } from '../../../shared/api/types';
import { daysBefore } from '../../../shared/text/day';

export type Period = 'today' | 'yesterday' | 'week' | 'month' | 'quarter' | 'custom';

export const PERIODS: readonly Period[] = ['today', 'yesterday', 'week', 'month', 'quarter', 'custom'];
/** The kinds an address may ask for, whether or not this installation takes them now. */
const CHANNELS: readonly Channel[] = ['CARD', 'ARS', 'SMS', 'CASH'];
/** The states a payment of those kinds can be in; UNKNOWN stands for all that is being settled. */
export const STATUSES: readonly PaymentStatus[] = ['READY', 'DONE', 'PARTIAL_CANCELED', 'CANCELED', 'UNKNOWN', 'ABORTED', 'EXPIRED'];

/** The conditions of 상세, under the names the API has for them. */
export const DETAILS = ['minAmount', 'maxAmount', 'orderName', 'orderId', 'approvalNumber', 'cardLast4', 'issuerCode', 'installmentMonths', 'buyerName', 'buyerPhoneLast4', 'staffId'] as const;
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
}

export const PLAIN: Filter = { period: 'week', from: '', to: '', channel: '', status: '', q: '', details: {} };

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** What each condition must look like to be asked; the server refuses anything else. */
const FORMS: Record<Detail, RegExp> = {
  minAmount: /^[1-9]\d{0,9}$/,
  maxAmount: /^[1-9]\d{0,9}$/,
  orderName: /^.{1,100}$/,
  orderId: /^.{1,64}$/,
  approvalNumber: /^.{1,20}$/,
  cardLast4: /^\d{4}$/,
  issuerCode: /^\w{2}$/,
  installmentMonths: /^(0|[2-9]|1[0-2])$/,
  buyerName: /^.{1,100}$/,
  buyerPhoneLast4: /^\d{4}$/,
  staffId: /^(usr|key)_\w{1,60}$/,
};

/** The conditions that are whole; half a card number or a blank asks for nothing. */
export function wholeDetails(typed: Filter['details']): Filter['details'] {
  const details: Filter['details'] = {};
  for (const name of DETAILS) {
    const text = (typed[name] ?? '').trim();
    if (FORMS[name].test(text)) details[name] = text;
  }
  return details;
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | '' {
  return allowed.find((each) => each === value) ?? '';
}

/** The filter an address asks for; what it does not know is left out. */
export function readFilter(query: URLSearchParams): Filter {
  const day = (name: string): string => (isDay(query.get(name) ?? '') ? (query.get(name) ?? '') : '');
  return {
    period: oneOf(query.get('period'), PERIODS) || PLAIN.period,
    from: day('from'),
    to: day('to'),
    channel: oneOf(query.get('channel'), CHANNELS),
    status: oneOf(query.get('status'), STATUSES),
    q: (query.get('q') ?? '').slice(0, 100),
    details: wholeDetails(Object.fromEntries(DETAILS.map((name) => [name, query.get(name) ?? '']))),
  };
}

/** The address of a filter on a screen, without what is as usual. */
export function writeFilter(filter: Filter, screen = '/payments'): string {
  const query = new URLSearchParams();
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
  return text ? `${screen}?${text}` : screen;
}

/** The history of one day: where a payment can be seen among the others. */
export function dayAddress(day: string): string {
  return writeFilter({ ...PLAIN, period: 'custom', from: day, to: day });
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
    case 'custom': {
      // Days typed the wrong way round are meant the other way.
      const [from, to] = filter.from && filter.to && filter.from > filter.to ? [filter.to, filter.from] : [filter.from, filter.to];
      return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
    }
  }
}

/** The filter as the API asks it. */
export function apiQuery(filter: Filter, today: string): PaymentQuery {
  const { minAmount, maxAmount, ...texts } = filter.details;
  return {
    ...daysOf(filter, today),
    ...(filter.channel ? { channel: [filter.channel] } : {}),
    // A cancel whose outcome is open is being settled as well, and its payment is not UNKNOWN.
    ...(filter.status === 'UNKNOWN' ? { unsettled: true } : filter.status ? { status: [filter.status] } : {}),
    ...(filter.q ? { q: filter.q } : {}),
    ...(minAmount ? { minAmount: Number(minAmount) } : {}),
    ...(maxAmount ? { maxAmount: Number(maxAmount) } : {}),
    ...texts,
  };
}

/** Whether anything but the period and the kind narrows the list. */
export function isNarrow(filter: Filter): boolean {
  return filter.status !== '' || filter.q !== '' || Object.keys(filter.details).length > 0;
}
