import { brand, type Brand } from '../../../shared/api/office';

const STORE = 'innopay.brand';
const MINUTES_OF_DAY = 24 * 60;
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
export type Weekday = (typeof DAYS)[number];
/** The order in which days are listed. */
export const WEEK: readonly Weekday[] = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

type Hours = NonNullable<Brand['hours']>[number];

/** What the installation said of itself last: it is public, and the phone is wanted most without a network. */
export function keptBrand(): Brand | undefined {
  try {
    return (JSON.parse(localStorage.getItem(STORE) ?? 'null') as Brand | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What the installation says of itself now. */
export async function readBrand(signal?: AbortSignal): Promise<Brand> {
  const found = await brand(signal);
  try {
    localStorage.setItem(STORE, JSON.stringify(found));
  } catch {
    // Without storage the phone is known while the app is open.
  }
  return found;
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Whether somebody answers at an instant, by the clock in Seoul. */
export function answersAt(hours: readonly Hours[], instant: Date): boolean {
  const seoul = new Date(instant.getTime() + 9 * 3_600_000);
  const day = DAYS[seoul.getUTCDay()] ?? 'SUN';
  const minute = (seoul.getUTCHours() * 60 + seoul.getUTCMinutes()) % MINUTES_OF_DAY;
  return hours.some((h) => (h.days ?? []).includes(day) && minute >= minutesOf(h.from) && minute < minutesOf(h.until));
}

/** Days in a row as first and last; others one by one. */
export function daysTogether(days: readonly string[], name: (day: Weekday) => string, to: string): string {
  const places = WEEK.map((day, at) => (days.includes(day) ? at : -1)).filter((at) => at >= 0);
  const parts: string[] = [];
  for (let i = 0; i < places.length; ) {
    let last = i;
    while (places[last + 1] === (places[last] ?? 0) + 1) last += 1;
    const [from, until] = [WEEK[places[i] ?? 0] ?? 'MON', WEEK[places[last] ?? 0] ?? 'MON'];
    parts.push(last - i >= 2 ? `${name(from)}${to}${name(until)}` : places.slice(i, last + 1).map((at) => name(WEEK[at] ?? 'MON')).join('·'));
    i = last + 1;
  }
  return parts.join('·');
}
