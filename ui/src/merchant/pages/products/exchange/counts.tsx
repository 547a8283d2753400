import type { JSX } from 'preact';
import type { ImportReport } from '../../../../shared/api/types';
import { Notice } from '../../../../shared/design/parts';
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

/** Says before a file is taken that it sets stocks: one made before the day's sales would take them back. */
export function Restocked({ report: { restocked = 0 } }: { report: ImportReport }): JSX.Element | null {
  if (restocked === 0) return null;
  return (
    <Notice tone="warn" icon="alert">
      {t().exchange.restocked(restocked)}
    </Notice>
  );
}
