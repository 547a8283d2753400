import type { ComponentChildren, ComponentType, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { chosenReader, reader } from '../../../shared/devices/reader';
import { Button, Chips, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Badge, Notice } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { groupMasked } from '../../../shared/text/digits';
import { Battery, ReaderModels, ReaderSheet } from '../../reader';
import { amount } from './draft';
import { holdsNumber, readyReason, type Reason } from './reason';
import type { Swiped } from './request';
import './swipe.css';

interface SwipeProps {
  simulated: boolean;
  swiped: Swiped | null;
  /** How often in a row a card could not be read. */
  misses: number;
  /** The card was kept too long and is gone. */
  forgotten: boolean;
  onAgain: () => void;
  reason: Reason;
  onReason: (reason: Reason) => void;
  failure: unknown;
  signed: boolean;
  onNext: () => void;
  options: ComponentChildren;
}

/** The card by a reader: wait, read, say why not the chip, pay. */
export function Swipe(props: SwipeProps): JSX.Element {
  const { swiped, reason, onReason, signed, onNext, options, failure } = props;
  const m = t().pay;
  const ready = swiped !== null && readyReason(reason, swiped.chip) !== '';
  return (
    <form class="stack key-in" autocomplete="off" onSubmit={(event) => (event.preventDefault(), ready && onNext())}>
      {swiped ? <CardRead swiped={swiped} reason={reason} onReason={onReason} onAgain={props.onAgain} /> : <Slot {...props} />}
      {options}
      <FailureNotice failure={failure} />
      <div class="cta">
        <p class="safe">
          <Icon name="lock" size={16} />
          {m.safe}
        </p>
        {swiped && (
          <Button kind="primary" type="submit" disabled={!ready}>
            {!ready ? t().reader.chooseReason : signed ? m.toSign : m.submit(amountText(amount.value))}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Before a card is read: which reader, how full its battery is, and what to do. */
function Slot({ simulated, misses, forgotten }: SwipeProps): JSX.Element {
  const m = t().reader;
  const [choosing, setChoosing] = useState(false);
  const kind = chosenReader.value;
  const driver = reader.value;
  if (!kind) {
    return (
      <section class="slot">
        <SlotPicture still />
        <h2>{m.choose}</h2>
        <p>{m.chooseHint}</p>
        <ReaderModels simulated={simulated} onChosen={() => undefined} />
      </section>
    );
  }
  const state = driver?.state.value ?? 'connecting';
  return (
    <section class="slot">
      <div class="slot-head">
        <button type="button" class="chip" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
          {m.models[kind]}
          <Icon name="next" size={16} />
        </button>
        {driver && <Battery driver={driver} />}
      </div>
      <SlotPicture still={state !== 'ready'} />
      <div role="status" class="slot-words">
        {state === 'failed' ? <h2>{m.notConnected}</h2> : <h2>{state === 'ready' ? m.swipe : m.connecting}</h2>}
        <p>{m.swipeHint}</p>
      </div>
      {misses > 0 && (
        <Notice tone="bad" icon="alert">
          <p>{m.unreadable(misses)}</p>
          {misses >= 3 ? m.unreadableMany : m.unreadableHint}
        </Notice>
      )}
      {forgotten && misses === 0 && (
        <Notice tone="warn" icon="clock">
          <p>{m.forgotten}</p>
        </Notice>
      )}
      {kind === 'simulated' && <Simulator />}
      <ReaderSheet simulated={simulated} open={choosing} onClose={() => setChoosing(false)} />
    </section>
  );
}

/** Fetched only where it is wanted: a real shop never is. */
function Simulator(): JSX.Element | null {
  const [Loaded, setLoaded] = useState<ComponentType | null>(null);
  useEffect(() => {
    void import('./simulate').then((module) => setLoaded(() => module.SimulatedSwipe));
  }, []);
  return Loaded && <Loaded />;
}

/** A card on its way through a reader. */
function SlotPicture({ still }: { still: boolean }): JSX.Element {
  return (
    <svg class={still ? 'slot-picture is-still' : 'slot-picture'} viewBox="0 0 200 132" fill="none" aria-hidden="true" focusable="false">
      <g class="slot-card">
        <rect x="46" y="8" width="108" height="70" rx="9" />
        <path class="slot-stripe" d="M46 60h108" />
        <path class="slot-mark" d="M60 26h20M60 38h34" />
      </g>
      <rect class="slot-body" x="14" y="68" width="172" height="56" rx="14" />
      <path class="slot-line" d="M14 82h172" />
      <circle class="slot-light" cx="166" cy="104" r="5" />
    </svg>
  );
}

/** The card that was read, masked, and the question why its chip was not used. */
function CardRead({ swiped, reason, onReason, onAgain }: Pick<SwipeProps, 'reason' | 'onReason' | 'onAgain'> & { swiped: Swiped }): JSX.Element {
  const m = t().reader;
  const heading = useRef<HTMLHeadingElement>(null);
  const { first6, last4, name } = swiped.masked;
  useEffect(() => heading.current?.focus({ preventScroll: true }), [swiped]);
  const kinds = (['unread', 'none', 'other'] as const).filter((kind) => !(kind === 'none' && swiped.chip));
  return (
    <section class="stack">
      <div class="plate">
        <div class="plate-head">
          <h2 ref={heading} tabIndex={-1}>
            <Icon name="check" size={20} />
            {m.read}
          </h2>
          {swiped.chip && <Badge tone="warn" icon="alert">{m.chip}</Badge>}
        </div>
        <p class="plate-number">{groupMasked(`${first6}******${last4}`)}</p>
        <div class="plate-foot">
          <span>{name}</span>
          <button type="button" class="chip" onClick={onAgain}>
            {m.again}
          </button>
        </div>
      </div>
      {swiped.chip && (
        <Notice tone="warn" icon="alert">
          <p>{m.chipFirst}</p>
        </Notice>
      )}
      <div class="field">
        <span class="field-label">{m.reason}</span>
        <Chips
          wrap
          label={m.reason}
          options={kinds.map((kind) => ({ value: kind, text: m.reasons[kind] }))}
          value={reason.kind as 'unread'}
          onChange={(kind) => onReason({ ...reason, kind })}
        />
      </div>
      {reason.kind === 'other' && (
        <Field label={m.reasonText} hint={m.reasonHint} bad={holdsNumber(reason.text) ? m.reasonDigits : ''} value={reason.text} onInput={(text) => onReason({ ...reason, text })} maxLength={100} autoFocus />
      )}
    </section>
  );
}
