import type { Days } from '../../../shared/api/sales';
import { dayParts, daysBefore } from '../../../shared/text/day';

/** How long a time is looked at. */
export type Span = 'DAY' | 'WEEK' | 'MONTH';

export const SPANS: readonly Span[] = ['DAY', 'WEEK', 'MONTH'];

const two = (n: number): string => String(n).padStart(2, '0');

/** The first day of a day's month. */
export const firstOfMonth = (day: string): string => `${day.slice(0, 8)}01`;

/** The first day of the month so many months later; earlier with less than nothing. */
export function monthAfter(day: string, by: number): string {
  const { year, month } = dayParts(day);
  const at = year * 12 + month - 1 + by;
  return `${Math.floor(at / 12)}-${two((at % 12) + 1)}-01`;
}

/** The last day of a day's month. */
export const lastOfMonth = (day: string): string => daysBefore(monthAfter(day, 1), 1);

function first(span: Span, day: string): string {
  if (span === 'DAY') return day;
  return span === 'MONTH' ? firstOfMonth(day) : daysBefore(day, (dayParts(day).weekday + 6) % 7);
}

function last(span: Span, day: string): string {
  if (span === 'DAY') return day;
  return span === 'MONTH' ? lastOfMonth(day) : daysBefore(first('WEEK', day), -6);
}

/** The days of a span that a day lies in, up to today: what is to come has no sales. */
export function daysOf(span: Span, day: string, today: string): Days {
  const to = last(span, day);
  return { from: first(span, day), to: to > today ? today : to };
}

/** Whether a span reaches up to today. */
export const isPresent = (span: Span, day: string, today: string): boolean => last(span, day) >= today;

/** A day in the span after (or before) that of a day; never one to come. */
export function stepped(span: Span, day: string, by: 1 | -1, today: string): string {
  const next = span === 'MONTH' ? monthAfter(day, by) : daysBefore(first(span, day), span === 'WEEK' ? -7 * by : -by);
  return next > today ? today : next;
}

/** A day as it stands in an address, or today. */
export function readDay(text: string | null, today: string): string {
  const day = text ?? '';
  const real = /^20\d\d-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && daysBefore(day, 0) === day;
  return real && day <= today ? day : today;
}

/** A span as it stands in an address, or a day. */
export const readSpan = (text: string | null): Span => SPANS.find((span) => span === text) ?? 'DAY';

/** How much more or less than before, in percent; null when there was nothing to compare with. */
export function changeOf(now: number, before: number): number | null {
  return before > 0 ? Math.round((100 * (now - before)) / before) : null;
}
