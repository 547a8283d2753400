import { many } from '../en-words';
import { grouped } from '../../money/money';
import type { ConsoleMessages } from './ko';

/** The audit. */
export const audit: ConsoleMessages['audit'] = {
  columns: { at: 'Time', action: 'Act', actor: 'By', subject: 'On', merchant: 'Merchant' },
  record: 'Record',
  detail: 'Details',
  check: 'Check the chain',
  checkText: 'Checks from the beginning that the records hang together and none was changed or removed.',
  checked: 'The chain was checked',
  chainWhole: (n) => `All ${many(n, 'record')} are intact.`,
  chainBroken: (n) => `Records were changed or removed in ${many(n, 'place')}. Keep everything and tell whoever is responsible for security.`,
  chainRange: (from, to, head) => `From ${grouped(from)} to ${grouped(to)}; the last is ${grouped(head)}`,
  export: 'Take as a file',
  exportText: 'The records that meet the conditions, as CSV. That you took them is recorded too.',
  exporting: 'The file is being made',
  emptyTitle: 'No such record',
};
