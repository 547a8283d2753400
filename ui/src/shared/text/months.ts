/** The month so many after another, both YYYY-MM. */
export function monthAfter(month: string, by: number): string {
  const [year = 0, of = 1] = month.split('-').map(Number);
  const at = new Date(Date.UTC(year, of - 1 + by, 1));
  return at.toISOString().slice(0, 7);
}

/** Months in a row as first and last: 2~6; others one by one. */
export function monthsText(months: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < months.length; ) {
    let last = i;
    while (months[last + 1] === (months[last] ?? 0) + 1) last += 1;
    parts.push(last - i >= 2 ? `${months[i]}~${months[last]}` : months.slice(i, last + 1).join(', '));
    i = last + 1;
  }
  return parts.join(', ');
}

/** Days of a span as people write them: the year only where it changes within. */
export function spanDays(from: string, until: string): [string, string] {
  const cut = from.slice(0, 4) === until.slice(0, 4) ? 5 : 0;
  return [from.slice(cut).replaceAll('-', '.'), until.slice(cut).replaceAll('-', '.')];
}
