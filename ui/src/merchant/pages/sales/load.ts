import { sales, type Days, type SalesReport } from '../../../shared/api/sales';
import { session } from '../../../shared/state/session';
import { SALES } from '../../../shared/state/kept';
import type { Span } from './period';

/** Everything that one view of sales shows. */
export interface View {
  /** By hour of a day, by day of a longer time. */
  course: SalesReport;
  /** By hour, of longer times. */
  hours?: SalesReport;
  methods: SalesReport;
  products: SalesReport;
  staff?: SalesReport;
  issuers: SalesReport;
}

/** A view as this device kept it, without names of people. */
export interface KeptView {
  merchantId: string;
  span: Span;
  days: Days;
  at: string;
  view: View;
}

export async function loadView(span: Span, days: Days, signal: AbortSignal): Promise<View> {
  const [course, methods, products, staff, issuers, hours] = await Promise.all([
    sales.report(days, span === 'DAY' ? 'HOUR' : 'DAY', signal),
    sales.report(days, 'METHOD', signal),
    sales.report(days, 'PRODUCT', signal),
    sales.report(days, 'STAFF', signal),
    sales.report(days, 'ISSUER', signal),
    span === 'DAY' ? undefined : sales.report(days, 'HOUR', signal),
  ]);
  const view = { course, methods, products, staff, issuers, ...(hours ? { hours } : {}) };
  keep(span, days, view);
  return view;
}

/** Keeps the last view for times without a network, until log-out. */
function keep(span: Span, days: Days, { staff: _, ...view }: View): void {
  const merchantId = session.peek()?.merchantId;
  if (!merchantId) return;
  try {
    localStorage.setItem(SALES, JSON.stringify({ merchantId, span, days, at: new Date().toISOString(), view } satisfies KeptView));
  } catch {
    // Without storage there is nothing to show offline.
  }
}

/** The view that was kept of these days, or null. */
export function keptView(span: Span, days: Days): KeptView | null {
  try {
    const kept = JSON.parse(localStorage.getItem(SALES) ?? 'null') as KeptView | null;
    const same = kept?.merchantId === session.peek()?.merchantId && kept?.span === span && kept.days.from === days.from && kept.days.to === days.to;
    return kept && same ? kept : null;
  } catch {
    return null;
  }
}
