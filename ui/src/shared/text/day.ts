const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Seoul is nine hours ahead of UTC all year. */
const SEOUL = 9 * HOUR;

/** Fields of an instant as a clock in Seoul shows them, wherever the device is. */
function seoul(instant: Date): Date {
  return new Date(instant.getTime() + SEOUL);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The Korean business day of an instant: YYYY-MM-DD. */
export function koreanDay(instant: Date): string {
  return seoul(instant).toISOString().slice(0, 10);
}

/** The day so many days before (negative: after) another. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10);
}

/** HH:MM in Seoul. */
export function timeOfDay(instant: Date): string {
  const local = seoul(instant);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

/** YYYY-MM-DD HH:MM:SS in Seoul, as a slip prints it. */
export function slipTime(instant: Date): string {
  return seoul(instant).toISOString().slice(0, 19).replace('T', ' ');
}

/** Month, day and weekday (0 is Sunday) of a YYYY-MM-DD. */
export function dayParts(day: string): { year: number; month: number; date: number; weekday: number } {
  const at = new Date(`${day}T00:00:00Z`);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate(), weekday: at.getUTCDay() };
}

/** How long ago, in the unit people would say: null when more than an hour or in another day. */
export function minutesAgo(instant: Date, now: Date): number | null {
  const minutes = Math.floor((now.getTime() - instant.getTime()) / 60_000);
  return minutes >= 0 && minutes < 60 ? minutes : null;
}

/** A span of time in whole days, hours, minutes and seconds; nothing left is 0 of each. */
export function spanParts(ms: number): [days: number, hours: number, minutes: number, seconds: number] {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
}

/** An instant as a field for day and time takes it, by the clock in Seoul; nothing for none. */
export const localTime = (instant: string | undefined): string => (instant ? seoul(new Date(instant)).toISOString().slice(0, 16) : '');

/** The instant that such a field names; nothing while it is empty. */
export const instantOf = (local: string): string => (local === '' ? '' : `${local.slice(0, 16)}:00+09:00`);
