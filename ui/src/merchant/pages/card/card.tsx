import type { ComponentChildren, JSX } from 'preact';
import { Segments } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { reader } from '../../../shared/devices/reader';
import { BatteryMark } from '../../reader';
import { amount } from './draft';
import { saleName } from './sale';

/** How the card comes in. */
export type Way = 'reader' | 'keys';

/** Second step: the card, by a reader or keyed in. */
export function CardStep({ way, onWay, children }: { way: Way; onWay: (way: Way) => void; children: ComponentChildren }): JSX.Element {
  const m = t().pay;
  const driver = way === 'reader' ? reader.value : null;
  return (
    <Page title={m.title} up="/pay/card" right={driver && <BatteryMark driver={driver} />}>
      <div class="hero hero-small">
        <Amount won={amount.value} size="l" />
        <span class="hero-words">{saleName()}</span>
      </div>
      <Segments
        label={m.tabs}
        options={[
          { value: 'reader', text: m.tabReader },
          { value: 'keys', text: m.tabKeys },
        ]}
        value={way}
        onChange={onWay}
      />
      {children}
    </Page>
  );
}
