import type { JSX } from 'preact';
import type { SalesLine, SalesSum } from '../../../shared/api/sales';
import { Amount, Facts } from '../../../shared/design/parts';
import { salesWords } from '../../../shared/i18n/sales-words';
import { lineName } from './words';

/** What a day came to, by the ways of paying. */
export function Figures({ total, methods }: { total: SalesSum; methods: readonly SalesLine[] }): JSX.Element {
  const m = salesWords();
  return (
    <>
      <p class="figures-sums">
        {m.sold(total.count, total.amount)}
        {total.canceledCount > 0 && <span class="sales-back"> · {m.canceled(total.canceledCount, total.canceledAmount)}</span>}
      </p>
      <Facts rows={methods.map((line) => [lineName('METHOD', line), <Amount won={line.netAmount} size="s" />] as const)} />
    </>
  );
}
