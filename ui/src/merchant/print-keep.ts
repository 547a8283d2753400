import { PRINTS } from '../shared/state/kept';
import { session } from '../shared/state/session';
import type { Slip } from './printing';

/** A print that was handed to this device and is not known to be on paper: enough to send the same one again, or to take it back. */
export interface KeptPrint {
  merchantId: string;
  subject: Slip;
  /** Of the press; the same one gives the same print. */
  key: string;
  /** What it was asked for with. */
  body: string;
  /** Id of the print. */
  handed: string;
  /** Bytes are on their way: something may be on paper. */
  sending: boolean;
  at: number;
}

/** After so long nobody comes back for it, in milliseconds. */
const LIFE = 24 * 60 * 60 * 1000;
const MOST = 20;

function read(): KeptPrint[] {
  try {
    const rows: unknown = JSON.parse(localStorage.getItem(PRINTS) ?? '[]');
    return Array.isArray(rows) ? (rows as KeptPrint[]).filter((row) => typeof row?.key === 'string' && Date.now() - row.at < LIFE) : [];
  } catch {
    return [];
  }
}

function write(rows: readonly KeptPrint[]): void {
  try {
    if (rows.length > 0) localStorage.setItem(PRINTS, JSON.stringify(rows.slice(-MOST)));
    else localStorage.removeItem(PRINTS);
  } catch {
    // Without storage a reload forgets it, as it did before.
  }
}

const nameOf = ({ kind, id, ...rest }: Slip): string => JSON.stringify([kind, id, 'cancelId' in rest ? rest.cancelId : 'version' in rest ? rest.version : undefined]);

/** The prints of this merchant that are kept, oldest first. */
export function keptPrints(): KeptPrint[] {
  const merchantId = session.peek()?.merchantId ?? '';
  return read().filter((row) => row.merchantId === merchantId);
}

/** The kept print of a slip. */
export const keptPrint = (subject: Slip): KeptPrint | undefined => keptPrints().find((row) => nameOf(row.subject) === nameOf(subject));

/** Keeps the print of a slip, in place of the one before. */
export function keepPrint(subject: Slip, print: Pick<KeptPrint, 'key' | 'body' | 'handed' | 'sending'>): void {
  const merchantId = session.peek()?.merchantId ?? '';
  write([...read().filter((row) => row.merchantId !== merchantId || nameOf(row.subject) !== nameOf(subject)), { merchantId, subject, ...print, at: Date.now() }]);
}

/** Forgets the print of a slip. */
export function forgetPrint(subject: Slip): void {
  const merchantId = session.peek()?.merchantId ?? '';
  const rows = read();
  const left = rows.filter((row) => row.merchantId !== merchantId || nameOf(row.subject) !== nameOf(subject));
  if (left.length < rows.length) write(left);
}
