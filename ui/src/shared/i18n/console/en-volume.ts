import { many } from '../en-words';
import { grouped } from '../../money/money';
import type { ConsoleMessages } from './ko';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What was sold and approved in the last days. */
export const volume: ConsoleMessages['volume'] = {
  title: 'Volume',
  spanLabel: 'Span',
  spans: { '1': 'Today', '7': 'Last 7 days', '30': 'Last 30 days' },
  sold: 'Sold',
  soldCount: 'Sales',
  rate: 'Approval rate',
  rateHint: (approved, declined) => `${grouped(approved)} approved · ${grouped(declined)} declined`,
  noRate: '–',
  canceled: 'Canceled',
  open: 'Unknown',
  openNone: 'All are settled',
  toDesk: 'To the desk',
  unsent: 'Not sent',
  count: (n) => many(n, 'payment'),
  percent: (text) => `${text}%`,
  chart: (span) => `Sold amounts and approval rate, ${span}. The table holds the same.`,
  table: (span) => `Payments, ${span}`,
  hour: 'Hour',
  day: 'Day',
  hourOf: (hour) => `${String(hour).padStart(2, '0')}:00`,
  dayOf: (month, date) => `${date} ${MONTHS[month - 1]}`,
  byChannel: 'By method',
  byAcquirer: 'By acquirer',
  channel: 'Method',
  acquirer: 'Acquirer',
  notWhole: (day) => `There were too many payments: added up from ${day} on.`,
  empty: 'No payments in this span.',
  legend: { amount: 'Sold', rate: 'Approval rate' },
};
