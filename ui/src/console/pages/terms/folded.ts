import type { TermsLine } from '../../api-office';

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
