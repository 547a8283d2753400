import { signal } from '@preact/signals';
import { payments } from '../../../shared/api/api';
import type { Payment, PaymentQuery, Summary } from '../../../shared/api/types';
import { koreanDay } from '../../../shared/text/day';
import { wasPaid } from '../../words';

const PAGE = 30;
/** The most rows the API gives at once. */
const MOST = 200;
/** A row is about so high, in CSS pixels. */
const ROW = 64;

interface State {
  rows: readonly Payment[];
  sums: Summary | null;
  next: string | undefined;
  loading: boolean;
  failure: unknown;
}

const EMPTY: State = { rows: [], sums: null, next: undefined, loading: true, failure: undefined };

/**
 * The rows of one filter, page after page. Outlives the screen, so that coming back
 * from a payment finds the list as it was; a fresh visit asks anew.
 */
class PaymentList {
  readonly state = signal<State>(EMPTY);
  #key = '';
  #query: PaymentQuery = {};
  #first = PAGE;
  #abort = new AbortController();

  /**
   * Shows the list of a query; keep leaves rows already there when the query is the same.
   * scroll is how far down a page returned to was: rows down to there are fetched at once.
   */
  open(query: PaymentQuery, keep: boolean, scroll = 0): void {
    const key = JSON.stringify(query);
    if (keep && key === this.#key && this.state.value.failure === undefined && !this.state.value.loading) {
      void this.#refresh();
      return;
    }
    this.#abort.abort();
    this.#abort = new AbortController();
    const same = key === this.#key;
    this.#key = key;
    this.#query = query;
    this.#first = keep ? Math.min(MOST, PAGE + Math.ceil(scroll / ROW)) : PAGE;
    this.state.value = same ? { ...this.state.value, loading: true, failure: undefined } : EMPTY;
    void this.#start();
  }

  /** Asks again from the top after a failure. */
  retry(): void {
    this.open(this.#query, false);
  }

  /** Fetches the next page, if there is one and none is on its way. */
  async more(): Promise<void> {
    const { next, loading } = this.state.value;
    if (!next || loading) return;
    const { signal: abort } = this.#abort;
    this.state.value = { ...this.state.value, loading: true, failure: undefined };
    try {
      const page = await payments.list(this.#query, next, PAGE, abort);
      const known = new Set(this.state.value.rows.map((row) => row.id));
      const rows = [...this.state.value.rows, ...page.rows.filter((row) => !known.has(row.id))];
      this.state.value = { ...this.state.value, rows, next: page.next, loading: false };
    } catch (failure) {
      if (!abort.aborted) this.state.value = { ...this.state.value, loading: false, failure };
    }
  }

  async #start(): Promise<void> {
    const { signal: abort } = this.#abort;
    try {
      const [page, sums] = await Promise.all([payments.list(this.#query, undefined, this.#first, abort), payments.summary(this.#query, abort)]);
      if (!abort.aborted) this.state.value = { rows: page.rows, sums, next: page.next, loading: false, failure: undefined };
    } catch (failure) {
      if (!abort.aborted) this.state.value = { ...this.state.value, loading: false, failure };
    }
  }

  /** Brings the newest rows and the sums up to date under a list that stays where it is. */
  async #refresh(): Promise<void> {
    const { signal: abort } = this.#abort;
    try {
      const [page, sums] = await Promise.all([payments.list(this.#query, undefined, PAGE, abort), payments.summary(this.#query, abort)]);
      if (abort.aborted) return;
      const fresh = new Set(page.rows.map((row) => row.id));
      const older = this.state.value.rows.filter((row) => !fresh.has(row.id));
      this.state.value = { ...this.state.value, rows: [...page.rows, ...(page.next ? older : [])], sums };
    } catch {
      // The list as it was is still true enough; a pull to reload asks again.
    }
  }
}

/** The list of the history, and that of what may be cancelled. */
export const history = new PaymentList();
export const cancels = new PaymentList();
export type { PaymentList };

/** What a payment brought in the end: nothing while it is not approved, less what was cancelled. */
export function netOf(payment: Payment): number {
  if (!wasPaid(payment.status)) return 0;
  return (payment.cancels ?? []).reduce((left, cancel) => (cancel.status === 'DONE' ? left - cancel.amount : left), payment.amount);
}

export interface Day {
  day: string;
  rows: Payment[];
  /** The sum of what its payments brought; null while rows of the day are missing. */
  net: number | null;
}

/** Rows by Korean day, newest first, as the server sorts them. more: the list goes on below. */
export function byDay(rows: readonly Payment[], more: boolean): Day[] {
  const days: Day[] = [];
  for (const row of rows) {
    const day = koreanDay(new Date(row.requestedAt));
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row], net: null });
  }
  for (const [i, each] of days.entries()) {
    if (more && i === days.length - 1) continue;
    each.net = each.rows.reduce((sum, row) => sum + netOf(row), 0);
  }
  return days;
}
