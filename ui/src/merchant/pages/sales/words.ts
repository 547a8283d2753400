import { locale } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { dayParts } from '../../../shared/text/day';
import type { SalesLine } from '../../../shared/api/sales';
import { isPresent, type Span } from './period';

/** A day as people say it. */
export function dayName(day: string): string {
  const { month, date, weekday } = dayParts(day);
  return salesWords().day(month, date, weekday);
}

/** A span as people say it. */
export function spanName(span: Span, from: string, to: string): string {
  const m = salesWords();
  const { year, month } = dayParts(from);
  if (span === 'MONTH') return m.month(year, month);
  return span === 'DAY' ? dayName(from) : m.range(dayName(from), dayName(to));
}

/** What the large amount is called. */
export function netName(span: Span, day: string, today: string, name: string): string {
  const m = salesWords();
  if (!isPresent(span, day, today)) return m.netOf(name);
  return { DAY: m.nets.day, WEEK: m.nets.week, MONTH: m.nets.month }[span];
}

/** A value of a report as people know it. */
export function lineName(by: 'METHOD' | 'PRODUCT' | 'STAFF' | 'ISSUER', { value, label }: SalesLine): string {
  const m = salesWords();
  switch (by) {
    case 'METHOD':
      return m.methods[value] ?? value;
    case 'PRODUCT':
      return m.special[value] ?? label ?? value;
    case 'STAFF':
      return label ?? (value === '' ? m.nobody : value.startsWith('key_') ? m.system : value);
    case 'ISSUER':
      return label ?? (value || m.unknownIssuer);
  }
}

/** A point of the course: an hour, or a day. */
export function pointName(value: string): string {
  return value.length === 2 ? salesWords().hour(Number(value)) : dayName(value);
}

/** The same, short enough to stand beneath a bar. */
export function pointMark(value: string): string {
  const m = salesWords();
  if (value.length === 2) return String(Number(value));
  const { month, date } = dayParts(value);
  return locale.value === 'en' || date === 1 ? m.dayShort(month, date) : String(date);
}
