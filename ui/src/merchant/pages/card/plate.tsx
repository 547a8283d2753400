import type { ComponentChildren, JSX } from 'preact';
import type { RefObject } from 'preact';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import type { Masked } from '../../../shared/devices/reader';
import { t } from '../../../shared/i18n/i18n';
import { groupMasked } from '../../../shared/text/digits';
import './plate.css';

interface PlateProps {
  masked: Masked;
  /** Null: the reader hides it. */
  chip: boolean | null;
  heading?: RefObject<HTMLHeadingElement | null>;
  children?: ComponentChildren;
}

/** A card that was read, as far as it may be seen. */
export function Plate({ masked: { first6, last4, name }, chip, heading, children }: PlateProps): JSX.Element {
  const m = t().reader;
  return (
    <div class="plate">
      <div class="plate-head">
        <h2 ref={heading} tabIndex={-1}>
          <Icon name="check" size={20} />
          {m.read}
        </h2>
        {chip && <Badge tone="warn" icon="alert">{m.chip}</Badge>}
      </div>
      <p class="plate-number">{groupMasked(`${first6.padEnd(6, '*')}******${last4.padEnd(4, '*')}`)}</p>
      <div class="plate-foot">
        <span>{name}</span>
        {children}
      </div>
    </div>
  );
}
