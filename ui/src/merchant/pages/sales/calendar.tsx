import type { JSX } from 'preact';
import type { Settlement, SettlementList } from '../../../shared/api/sales';
import { locale } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { grouped } from '../../../shared/money/money';
import { dayParts, daysBefore } from '../../../shared/text/day';
import { lastOfMonth } from './period';
import { dayName } from './words';

/** An amount short enough for a day of a calendar: 12만, 1.2만, 3천. */
export function shortWon(won: number): string {
  if (locale.value === 'en') return Math.abs(won) >= 1000 ? `${grouped(Math.round(won / 1000))}k` : grouped(won);
  const size = Math.abs(won);
  if (size >= 100_000) return `${grouped(Math.round(won / 10_000))}만`;
  if (size >= 10_000) return `${(Math.round(won / 1000) / 10).toFixed(1).replace('.0', '')}만`;
  return size >= 1000 ? `${Math.round(won / 1000)}천` : grouped(won);
}

interface CalendarProps {
  list: SettlementList;
  from: string;
  today: string;
  onDay: (of: Settlement) => void;
}

/** A month: what arrives on which day, and when banks are closed. */
export function Calendar({ list, from, today, onDay }: CalendarProps): JSX.Element {
  const m = salesWords();
  const last = dayParts(lastOfMonth(from)).date;
  const { year, month, weekday } = dayParts(from);
  const days = Array.from({ length: last }, (_, i) => daysBefore(from, -i));
  const cells: (string | null)[] = [...Array.from({ length: weekday }, () => null), ...days];
  while (cells.length % 7 !== 0) cells.push(null);
  const weeks = Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(7 * i, 7 * i + 7));
  const paid = new Map(list.settlements.map((each) => [each.day, each]));
  const holidays = new Map(list.holidays.map(({ day, name }) => [day, name]));
  return (
    <div class="month-frame">
      <table class="month">
        <caption class="unseen">{m.calendar(m.month(year, month))}</caption>
        <thead>
          <tr>
            {m.weekdays.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, row) => (
            <tr key={row}>
              {week.map((day, column) => (
                <td key={column} class={day === today ? 'is-today' : undefined}>
                  {day && <Cell day={day} of={paid.get(day)} holiday={holidays.get(day)} closed={column === 0 || column === 6 || holidays.has(day)} onDay={onDay} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  day: string;
  of: Settlement | undefined;
  holiday: string | undefined;
  closed: boolean;
  onDay: (of: Settlement) => void;
}

function Cell({ day, of, holiday, closed, onDay }: CellProps): JSX.Element {
  const { date } = dayParts(day);
  if (of) {
    return (
      <button type="button" class="month-pay" aria-label={`${dayName(day)} ${grouped(of.netAmount)}`} onClick={() => onDay(of)}>
        <span class="month-date">{date}</span>
        <span class="month-won">{shortWon(of.netAmount)}</span>
      </button>
    );
  }
  return (
    <span class={closed ? 'month-day is-closed' : 'month-day'} title={holiday}>
      <span class="month-date">{date}</span>
      {holiday && <span class="month-holiday">{holiday}</span>}
    </span>
  );
}
