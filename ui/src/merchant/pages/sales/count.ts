import type { Pieces } from '../../../shared/api/sales';

/** The notes and coins that circulate, in won, largest first. */
export const DENOMINATIONS = [50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10] as const;

export type Denomination = (typeof DENOMINATIONS)[number];

/** How many pieces of each lie in the drawer. */
export type Count = Readonly<Partial<Record<Denomination, number>>>;

/** The server takes so many of one kind. */
export const MOST_PIECES = 100_000;

/** A count with so many pieces of one kind; numbers out of range are brought into it. */
export function withPieces(count: Count, of: Denomination, pieces: number): Count {
  return { ...count, [of]: Math.min(MOST_PIECES, Math.max(0, Math.floor(pieces) || 0)) };
}

/** What a count comes to, in won. */
export const worth = (count: Count): number => DENOMINATIONS.reduce((sum, value) => sum + value * (count[value] ?? 0), 0);

/** A count as the server takes it. */
export const piecesOf = (count: Count): Pieces[] => DENOMINATIONS.flatMap((value) => (count[value] ? [{ value, pieces: count[value] }] : []));

/** What is in the drawer beyond the float and what the books expect; below zero is what is missing. */
export const differenceOf = (count: Count, float: number, expected: number): number => worth(count) - float - expected;
