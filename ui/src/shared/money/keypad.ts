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
