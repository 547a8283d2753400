import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { chosenReader, chooseReader, isPlain, reader, type CardReader } from '../../../shared/devices/reader';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Notice } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { later } from '../../later';
import { Battery, batteryTone, ReaderModels, ReaderSheet } from '../../reader';
import { Problem, reconnect, reconnectWords } from '../../reader-problem';
import type { SwipeProps } from './swipe';

/** Fetched only where it is wanted: a real shop never is. */
const Simulator = later(async () => (await import('./simulate')).SimulatedSwipe);

/** Misses in a row after which another way is the better one. */
const MANY = 3;

/** Before a card is read: which reader, whether it is there, and what to do. */
export function Slot({ policy, misses, forgotten, refused, onKeys }: SwipeProps): JSX.Element {
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
        {refused && <Refused onKeys={onKeys} />}
        <ReaderModels policy={policy} onChosen={() => undefined} />
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
        {/* A full one is in the top bar: here is what asks for attention. */}
        {driver && state === 'ready' && batteryTone(driver.battery.value) !== 'ok' && <Battery driver={driver} />}
      </div>
      <SlotPicture still={state !== 'ready'} />
      <div role="status" class="slot-words">
        <h2>{state === 'ready' ? m.swipe : state === 'connecting' ? m.connecting : m.notConnected}</h2>
        {state === 'ready' && <p>{m.swipeHint}</p>}
      </div>
      {driver && (state === 'off' || state === 'failed') && <NotThere driver={driver} onKeys={onKeys} />}
      {refused && <Refused onKeys={onKeys} />}
      {misses > 0 && <Missed misses={misses} onKeys={onKeys} />}
      {forgotten && misses === 0 && (
        <Notice tone="warn" icon="clock">
          <p>{m.forgotten}</p>
        </Notice>
      )}
      {isPlain(kind) && misses === 0 && (
        <Notice tone="plain" icon="alert">
          {m.plain}
        </Notice>
      )}
      {kind === 'simulated' && <Simulator formats={policy.formats} plainTrack={policy.plainTrack} />}
      <ReaderSheet policy={policy} open={choosing} onClose={() => setChoosing(false)} />
    </section>
  );
}

/** The reader is not connected: why, the way back to it, and the way without it. */
function NotThere({ driver, onKeys }: { driver: CardReader; onKeys: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <>
      <Problem driver={driver} />
      <div class="button-row">
        <Button kind="tint" onPress={() => reconnect(driver)}>
          {reconnectWords(driver)}
        </Button>
        <Button onPress={onKeys}>{m.toKeys}</Button>
      </div>
      {driver.problem.value === 'lost' && (
        <Button kind="text" onPress={() => void chooseReader(chosenReader.value)}>
          {m.otherDevice}
        </Button>
      )}
    </>
  );
}

/** A card could not be read: once more, and after some tries another way. */
function Missed({ misses, onKeys }: { misses: number; onKeys: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <>
      <Notice tone="bad" icon="alert">
        <p>{m.unreadable(misses)}</p>
        {misses >= MANY ? m.unreadableMany : m.unreadableHint}
      </Notice>
      {misses >= MANY && (
        <Button kind="tint" onPress={onKeys}>
          {m.toKeys}
        </Button>
      )}
    </>
  );
}

/** The operator lets no reader send card numbers as they are. */
function Refused({ onKeys }: { onKeys: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <>
      <Notice tone="bad" icon="lock">
        <p>{m.refused}</p>
        {m.refusedHint}
      </Notice>
      <Button kind="tint" onPress={onKeys}>
        {m.toKeys}
      </Button>
    </>
  );
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
