import { many } from '../en-words';
import { grouped } from '../../money/money';
import type { ConsoleMessages } from './ko';

/** Health and alarms. */
export const home: ConsoleMessages['home'] = {
  statuses: { OK: 'All is well', WARN: 'Something to look at', FAIL: 'Something is wrong' },
  short: { OK: 'OK', WARN: 'Look', FAIL: 'Wrong' },
  seen: 'Seen at',
  waiting: (n) => `${many(n, 'payment')} past every automatic deadline.`,
  toDesk: 'Settle',
  alarms: (n) => (n > 0 ? many(n, 'alarm') : 'Alarms'),
  noAlarms: 'No alarm stands.',
  severities: { WARNING: 'Warning', CRITICAL: 'Critical' },
  times: (n) => `${grouped(n)}×`,
  acknowledge: 'Acknowledge',
  acknowledged: 'Acknowledged',
  acknowledgedNow: 'Acknowledged',
  areas: {
    WORKER: 'Workers',
    QUEUE: 'Queues',
    ADAPTER: 'Connections',
    TRUNK: 'Telephone line',
    DATABASE: 'Database',
    BACKUP: 'Backups',
    KEY: 'Encryption keys',
    CERTIFICATE: 'Certificates',
    AUDIT: 'Audit',
  },
  values: { depth: 'waiting', age: 'age', failures: 'failures', size: 'size', free: 'free', left: 'left' },
};
