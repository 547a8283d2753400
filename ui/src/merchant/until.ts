import { koreanDay, timeOfDay } from '../shared/text/day';

/** Until when something holds, as day and time. */
export function untilText(instant: string): string {
  const at = new Date(instant);
  return `${koreanDay(at)} ${timeOfDay(at)}`;
}
