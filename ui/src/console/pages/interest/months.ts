const LEAST = 2;
const MOST = 12;

/** Months as an operator types them, 2,3,6 or 2~6, rising; nothing when they cannot be read or do not fit. */
export function draftMonths(text: string): number[] {
  const found = new Set<number>();
  for (const part of text.replace(/\s|개월/g, '').replace(/[-–∼]/g, '~').split(',')) {
    const span = /^(\d{1,2})(?:~(\d{1,2}))?$/.exec(part);
    if (!span) return [];
    const first = Number(span[1]);
    const last = Number(span[2] ?? span[1]);
    if (first < LEAST || last > MOST || first > last) return [];
    for (let month = first; month <= last; month++) found.add(month);
  }
  return [...found].sort((a, b) => a - b);
}
