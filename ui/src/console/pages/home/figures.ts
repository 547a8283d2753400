import { c } from '../../../shared/i18n/console/console';
import { koreanDay, dayParts } from '../../../shared/text/day';
import type { Volume, VolumeFigures } from '../../api';

/** Approved of approved and declined, 0 to 1; null where nothing was decided. */
export function rateOf({ approved, declined }: Pick<VolumeFigures, 'approved' | 'declined'>): number | null {
  const decided = approved + declined;
  return decided === 0 ? null : approved / decided;
}

/** A rate in percent with one place; never rounded up to all of them. */
export function rateText(figures: Pick<VolumeFigures, 'approved' | 'declined'>): string {
  const rate = rateOf(figures);
  if (rate === null) return c().volume.noRate;
  const tenths = rate < 1 ? Math.min(999, Math.round(rate * 1000)) : 1000;
  return c().volume.percent((tenths / 10).toFixed(1));
}

/** The hour or the day that a slice is of. */
export function sliceName(at: string, hourly: boolean): string {
  const instant = new Date(at);
  if (hourly) return c().volume.hourOf((instant.getUTCHours() + 9) % 24);
  const { month, date } = dayParts(koreanDay(instant));
  return c().volume.dayOf(month, date);
}

/** Short enough to stand beneath a bar. */
export function sliceMark(at: string, hourly: boolean): string {
  const instant = new Date(at);
  if (hourly) return String((instant.getUTCHours() + 9) % 24);
  const { month, date } = dayParts(koreanDay(instant));
  return `${month}/${date}`;
}

/** Whether anything happened. */
export const isQuiet = ({ total }: Volume): boolean => total.sold + total.declined + total.unsent + total.open === 0;
