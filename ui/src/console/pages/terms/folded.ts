import type { TermsLine } from '../../api-office';

/** A changed line that keeps less of its letters than this reads better as one that went and one that came. */
const LEAST_KEPT = 0.4;

const lettersOf = (line: TermsLine, ...ops: string[]): string => (line.words ?? []).filter(({ op }) => ops.includes(op)).map(({ text }) => text).join('');

/** A comparison in which lines that have little in common are not woven into each other. */
export function parted(lines: readonly TermsLine[]): TermsLine[] {
  return lines.flatMap((line): TermsLine[] => {
    if (line.op !== 'CHANGED') return [line];
    const before = lettersOf(line, 'SAME', 'REMOVED');
    const after = lettersOf(line, 'SAME', 'ADDED');
    const kept = lettersOf(line, 'SAME').replace(/\s/g, '').length;
    if (kept >= LEAST_KEPT * Math.min(before.replace(/\s/g, '').length, after.replace(/\s/g, '').length)) return [line];
    return [
      { op: 'REMOVED', text: before },
      { op: 'ADDED', text: after },
    ];
  });
}

/** So many lines that are the same stand around what changed. */
const AROUND = 2;

/** A line to be shown, or how many lines that are the same are left out here. */
export type Shown = { line: TermsLine } | { skipped: number };

/** A comparison without the stretches in which nothing changes. */
export function folded(lines: readonly TermsLine[]): Shown[] {
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ op }) => op !== 'SAME'));
  const out: Shown[] = [];
  for (const [at, line] of lines.entries()) {
    const last = out.at(-1);
    if (near[at]) out.push({ line });
    else if (last && 'skipped' in last) last.skipped += 1;
    else out.push({ skipped: 1 });
  }
  return out;
}

/** How many lines are of a kind. */
export const count = (lines: readonly TermsLine[], op: TermsLine['op']): number => lines.filter((line) => line.op === op).length;
