import type { JSX } from 'preact';
import type { ImportReport } from '../../../../shared/api/types';
import { t } from '../../../../shared/i18n/i18n';
import { grouped } from '../../../../shared/money/money';

/** How many products a file brings, changes and leaves alone, and how much of it is wrong. */
export function Counts({ report }: { report: ImportReport }): JSX.Element {
  const m = t().exchange;
  const counts = [
    { name: m.created, count: report.created, tone: 'ok' },
    { name: m.updated, count: report.updated, tone: 'accent' },
    { name: m.unchanged, count: report.unchanged, tone: 'plain' },
    ...(report.errorCount > 0 ? [{ name: m.wrong, count: report.errorCount, tone: 'bad' }] : []),
  ];
  return (
    <dl class="counts">
      {counts.map(({ name, count, tone }) => (
        <div key={name} class={`count tone-${tone}`}>
          <dt>{name}</dt>
          <dd>{grouped(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
