/** A list with one of its members at another place; the same list when nothing moves. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const member = list[from];
  if (member === undefined || from === to || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, member);
}

/**
 * The order of everything after a part of it was put into another order: the members of
 * the part take the places that the part had, the others keep theirs.
 */
export function within(all: readonly string[], part: readonly string[]): readonly string[] {
  const inPart = new Set(part);
  let next = 0;
  return all.map((id) => (inPart.has(id) ? (part[next++] ?? id) : id));
}

/** The members that stand elsewhere than before, in their new order: together they hold the same places. */
export function displaced(before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((id, at) => before[at] !== id);
}

/** Rows as they lie below each other while one of them is dragged, in pixels. */
export interface Row {
  top: number;
  height: number;
}

/** Where a dragged row would be put: before the first row whose middle its own middle has not passed. */
export function placeOf(rows: readonly Row[], from: number, by: number): number {
  const own = rows[from];
  if (!own) return from;
  const middle = own.top + own.height / 2 + by;
  let to = from;
  while (to + 1 < rows.length && middle > rows[to + 1]!.top + rows[to + 1]!.height / 2) to += 1;
  while (to > 0 && middle < rows[to - 1]!.top + rows[to - 1]!.height / 2) to -= 1;
  return to;
}

/** How far a row makes room for the dragged one on its way, in pixels. */
export function shiftOf(rows: readonly Row[], from: number, to: number, at: number): number {
  const height = (rows[from]?.height ?? 0) + gapOf(rows);
  if (at > from && at <= to) return -height;
  return at < from && at >= to ? height : 0;
}

const gapOf = (rows: readonly Row[]): number => (rows.length > 1 ? Math.max(0, rows[1]!.top - rows[0]!.top - rows[0]!.height) : 0);
