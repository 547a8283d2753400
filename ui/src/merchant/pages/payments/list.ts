import { signal } from '@preact/signals';
import { payments } from '../../../shared/api/api';
import type { Payment, PaymentQuery, Summary } from '../../../shared/api/types';
import { koreanDay } from '../../../shared/text/day';

const PAGE = 30;

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
  #abort = new AbortController();

  /** Shows the list of a query; keep leaves rows already there when the query is the same. */
  open(query: PaymentQuery, keep: boolean): void {
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
    this.state.value = same ? { ...this.state.value, loading: true, failure: undefined } : EMPTY;
    void this.#first();
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

  async #first(): Promise<void> {
    const { signal: abort } = this.#abort;
    try {
      const [page, sums] = await Promise.all([payments.list(this.#query, undefined, PAGE, abort), payments.summary(this.#query, abort)]);
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

export const history = new PaymentList();

/** Rows by Korean day, newest first, as the server sorts them. */
export function byDay(rows: readonly Payment[]): { day: string; rows: Payment[] }[] {
  const days: { day: string; rows: Payment[] }[] = [];
  for (const row of rows) {
    const day = koreanDay(new Date(row.requestedAt));
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}
