import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SalesLine } from '../../../shared/api/sales';
import { Button } from '../../../shared/design/controls';
import { Amount } from '../../../shared/design/parts';
import { salesWords } from '../../../shared/i18n/sales-words';
import { lineName } from './words';

/** So many lines are shown at once. */
const FEW = 5;

interface SharesProps {
  title: string;
  by: 'METHOD' | 'PRODUCT' | 'STAFF' | 'ISSUER';
  lines: readonly SalesLine[];
}

/** A list of what brought how much, with a bar for its part of the whole. */
export function Shares({ title, by, lines }: SharesProps): JSX.Element | null {
  const m = salesWords();
  const [all, setAll] = useState(false);
  if (lines.length === 0) return null;
  const whole = Math.max(1, lines.reduce((sum, { netAmount }) => sum + Math.max(0, netAmount), 0));
  const shown = all ? lines : lines.slice(0, FEW);
  return (
    <section class="sales-block">
      <h2>{title}</h2>
      <ul class="shares">
        {shown.map((line) => {
          const percent = Math.max(0, Math.round((100 * line.netAmount) / whole));
          return (
            <li key={line.value} class="share">
              <span class="share-name">{lineName(by, line)}</span>
              <Amount won={line.netAmount} size="s" />
              <span class="share-note">
                {by === 'PRODUCT' && line.quantity ? m.pieces(line.quantity) : m.count(line.count)}
                {line.canceledCount > 0 && by !== 'PRODUCT' && <span class="share-back"> · {m.canceled(line.canceledCount, line.canceledAmount)}</span>}
              </span>
              <span class="share-part">{percent}%</span>
              <svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="share-track" width="100" height="6" />
                <rect class="share-fill" width={percent} height="6" />
              </svg>
            </li>
          );
        })}
      </ul>
      {lines.length > FEW && (
        <Button kind="text" onPress={() => setAll(!all)}>
          {all ? m.showFew : m.showAll(lines.length)}
        </Button>
      )}
    </section>
  );
}
