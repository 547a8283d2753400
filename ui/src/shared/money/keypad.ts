import { MAX_AMOUNT } from './money';

/** One press on the amount keypad. */
export type KeypadPress = { kind: 'digit'; digits: string } | { kind: 'add'; won: number } | { kind: 'erase' } | { kind: 'clear' };

/** The amount after a press; a press that would pass the largest amount changes nothing. */
export function press(amount: number, key: KeypadPress): number {
  switch (key.kind) {
    case 'digit': {
      const next = Number(`${amount}${key.digits}`);
      return next > MAX_AMOUNT ? amount : next;
    }
    case 'add': {
      const next = amount + key.won;
      return next > MAX_AMOUNT ? amount : next;
    }
    case 'erase':
      return Math.floor(amount / 10);
    case 'clear':
      return 0;
  }
}

/** Amounts added up one by one: those that stand, and the one being typed. */
export interface Sum {
  lines: readonly number[];
  now: number;
}

/** A press where amounts are added up: next begins another one, drop takes one away. */
export type SumPress = KeypadPress | { kind: 'next' } | { kind: 'drop'; index: number };

export const EMPTY_SUM: Sum = { lines: [], now: 0 };

/** The most amounts in one sum. */
export const MAX_LINES = 30;

export function totalOf({ lines, now }: Sum): number {
  return lines.reduce((total, line) => total + line, now);
}

/** The sum after a press; the same sum when the press changes nothing. */
export function pressSum(sum: Sum, key: SumPress): Sum {
  switch (key.kind) {
    case 'next':
      return sum.now === 0 || sum.lines.length >= MAX_LINES ? sum : { lines: [...sum.lines, sum.now], now: 0 };
    case 'drop':
      return key.index in sum.lines ? { ...sum, lines: sum.lines.filter((_, index) => index !== key.index) } : sum;
    case 'clear':
      return totalOf(sum) === 0 ? sum : EMPTY_SUM;
    case 'erase': {
      const last = sum.lines.at(-1);
      // With nothing typed yet the last amount is taken back to be changed.
      if (sum.now === 0) return last === undefined ? sum : { lines: sum.lines.slice(0, -1), now: last };
      return { ...sum, now: press(sum.now, key) };
    }
    case 'digit':
    case 'add': {
      const next = { ...sum, now: press(sum.now, key) };
      return next.now === sum.now || totalOf(next) > MAX_AMOUNT ? sum : next;
    }
  }
}
