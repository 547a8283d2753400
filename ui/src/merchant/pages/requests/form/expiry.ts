/** How long a request can be paid: a usual span, or an end of the seller's own. */
export type ExpiryKind = 'm10' | 'h1' | 'h24' | 'd3' | 'own';

const MINUTE = 60_000;
const SPANS: Record<Exclude<ExpiryKind, 'own'>, number> = { m10: 10 * MINUTE, h1: 60 * MINUTE, h24: 24 * 60 * MINUTE, d3: 72 * 60 * MINUTE };
/** The server takes an end from one minute to 30 days from now. */
const LEAST = MINUTE;
const MOST = 30 * 24 * 60 * MINUTE;

export const EXPIRIES: readonly ExpiryKind[] = ['m10', 'h1', 'h24', 'd3', 'own'];

/** own: what a date-and-time field holds, YYYY-MM-DDTHH:MM, as a clock in Seoul shows it. */
export interface Expiry {
  kind: ExpiryKind;
  own: string;
}

/** When a request sent now could no longer be paid; null while the own end is not one. */
export function endOf({ kind, own }: Expiry, now: Date): Date | null {
  if (kind !== 'own') return new Date(now.getTime() + SPANS[kind]);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(own)) return null;
  const end = new Date(`${own}:00+09:00`);
  return Number.isNaN(end.getTime()) ? null : end;
}

export type ExpiryFault = 'missing' | 'soon' | 'far';

/** What is wrong with the end, if anything. */
export function expiryFault(expiry: Expiry, now: Date): ExpiryFault | null {
  const end = endOf(expiry, now);
  if (!end) return 'missing';
  if (expiry.kind !== 'own') return null;
  const span = end.getTime() - now.getTime();
  return span < LEAST ? 'soon' : span > MOST ? 'far' : null;
}
