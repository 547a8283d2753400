import type { ComponentChildren, JSX } from 'preact';
import { ApiFailure } from '../../../shared/api/failure';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { FailureNotice } from '../../../shared/design/states';
import type { ReadCard, ReaderPolicy } from '../../../shared/devices/reader';
import { amountText, t } from '../../../shared/i18n/i18n';
import type { ChipPolicy, Reason } from './reason';
import { CardRead } from './read';
import { Slot } from './slot';
import './swipe.css';

export interface SwipeProps {
  policy: ReaderPolicy;
  chipFirst: ChipPolicy;
  swiped: ReadCard | null;
  /** How often in a row a card could not be read. */
  misses: number;
  /** The card was kept too long and is gone. */
  forgotten: boolean;
  /** The last card came from a reader that is not allowed here. */
  refused: boolean;
  onAgain: () => void;
  /** Goes on by keying the card in. */
  onKeys: () => void;
  reason: Reason;
  /** Those that fit the card. */
  reasons: readonly Exclude<Reason['kind'], ''>[];
  /** The reason is complete. */
  ready: boolean;
  /** The typed reason holds a number. */
  numbered: boolean;
  onReason: (reason: Reason) => void;
  won: number;
  failure: unknown;
  signed: boolean;
  onNext: () => void;
  options: ComponentChildren;
}

/** What the server says of the swipe itself, beside what it says of the whole. */
function said(failure: unknown): string {
  if (!(failure instanceof ApiFailure)) return '';
  return ['/card/ksn', '/card/format', '/card/track2', '/card/fallbackReason'].map((pointer) => failure.fieldMessage(pointer)).find(Boolean) ?? '';
}

/** The card by a reader: wait, read, say why not the chip, pay. */
export function Swipe(props: SwipeProps): JSX.Element {
  const { swiped, won, ready, signed, onNext, options, failure } = props;
  const m = t().pay;
  return (
    <form class="stack key-in" autocomplete="off" onSubmit={(event) => (event.preventDefault(), ready && onNext())}>
      {swiped ? <CardRead {...props} swiped={swiped} /> : <Slot {...props} />}
      {options}
      <FailureNotice failure={failure} extra={said(failure)} />
      <div class="cta">
        <p class="safe">
          <Icon name="lock" size={16} />
          {m.safe}
        </p>
        {swiped && (
          <Button kind="primary" type="submit" disabled={!ready}>
            {!ready ? t().reader.chooseReason : signed ? m.toSign : m.submit(amountText(won))}
          </Button>
        )}
      </div>
    </form>
  );
}
