import { grouped } from '../money/money';

/** Names of days, from Sunday. */
export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An amount with its unit. */
export const won = (amount: number): string => `${grouped(amount)} won`;
/** A count with its noun. */
export const many = (n: number, one: string): string => `${grouped(n)} ${one}${n === 1 ? '' : 's'}`;
/** A day of the year. */
export const date = (month: number, day: number): string => `${MONTHS[month - 1]} ${day}`;
